// Location bundles: what is refused, what is only left out, and that a proof is demanded of everything.
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { appraiseLocation } from '../../src/appraise/location.js'
import { encodeUtf8 } from '../../src/bytes/text.js'
import { verifyLandmarkDirectory } from '../../src/location/directory.js'
import { estimateLocation } from '../../src/location/estimate.js'
import type { LocationEvidence } from '../../src/location/evidence.js'
import { markVerified, type Verified } from '../../src/result/proof.js'
import type { SyntheticDevice } from '../../src/testing/device.js'
import { createLocationScenario, type LocationScenarioOptions, plausibleRttNs } from '../../src/testing/location.js'
import { landmarkPlaces } from '../../src/testing/location-landmarks.js'
import { jwkSetJson, publicJwk } from '../../src/testing/token.js'
import { parseJwkSet } from '../../src/token/jwks.js'
import {
  agentMeasurement,
  type InputEdits,
  judge,
  policy,
  refusal,
  soundMachine,
  territories,
  verifiedDevices,
  verifyScenario,
  verifyUnconfined,
  world,
} from './scenario.js'

const verify = (options: LocationScenarioOptions = {}, edits: InputEdits = {}): Promise<Verified<LocationEvidence>> =>
  verifyScenario(createLocationScenario(world, options), edits)

const encodings = ['json', 'cbor'] as const
const edited = (index: number, claims: Record<string, never> | object): LocationScenarioOptions => ({
  measurement: (i) => (i === index ? { claims: { ...claims } } : undefined),
})
const rejections = ({ rejected }: LocationEvidence): readonly string[] => rejected.map(({ failure }) => failure.code)

describe('a sound bundle', () => {
  it.each(encodings)('becomes evidence of every measurement (%s)', async (encoding) => {
    const scenario = createLocationScenario(world, { encoding, machineEvidence: Uint8Array.of(1, 2, 3) })
    const evidence = await verifyScenario(scenario)
    expect(evidence.measurements.map(({ landmark }) => landmark)).toEqual(scenario.landmarks.map(({ id }) => id))
    expect(evidence.rejected).toEqual([])
    expect(evidence.devices).toEqual([
      {
        ueid: scenario.devices[0]?.ueid,
        digest: createHash('sha256')
          .update(scenario.devices[0]?.report ?? '')
          .digest('hex'),
      },
    ])
    expect(evidence.bracket).toBe('both')
    expect(evidence.confidentialVm).toEqual({ agentMeasurement, migratable: false, bootId: 'boot-1' })
  })

  it.each(['P-256', 'P-384', 'Ed25519'] as const)('may be signed by a %s session key', async (curve) => {
    for (const encoding of encodings) {
      const sessionKey = world.key('session', curve)
      const evidence = await verify({ encoding, sessionKey, measurement: () => ({ audit: true }) })
      expect(evidence.measurements).toHaveLength(5)
    }
  })

  it.each(encodings)('may carry measurements in the other encoding (%s)', async (encoding) => {
    const other = encoding === 'json' ? 'cbor' : 'json'
    const { measurements } = await verify({
      encoding,
      measurement: (index) => (index < 2 ? { encoding: other } : undefined),
    })
    expect(measurements).toHaveLength(5)
  })

  it('passes every piece of evidence to the verifier of the machine, with what it must cover', async () => {
    const scenario = createLocationScenario(world, { machineEvidence: Uint8Array.of(7, 7) })
    const seen: unknown[] = []
    await verifyScenario(scenario, {
      confidentialVm: async (request) => {
        seen.push([request.bracket, request.expectedReportData.slice(0, 32), request.evidence?.value])
        if (request.bracket === 'first') expect(request.expectedReportData.slice(32)).toEqual(scenario.deviceSet)
        return soundMachine()(request)
      },
    })
    expect(seen).toEqual([
      ['first', scenario.challenge, Uint8Array.of(7, 7)],
      ['second', scenario.secondChallenge, undefined],
    ])
  })

  it('lists landmarks the agent says it could not reach', async () => {
    const { unreachable } = await verify({ bundle: { fail: [['landmark-x', 'timeout', 3]] } })
    expect(unreachable).toEqual([{ landmark: 'landmark-x', reason: 'timeout', tries: 3 }])
  })

  it('commits to all devices: leaving one out changes what the measurements are about', async () => {
    const scenario = createLocationScenario(world, { devices: ['device-0', 'device-1'] })
    expect((await verifyScenario(scenario)).measurements).toHaveLength(5)
    const [first] = await verifiedDevices(scenario.devices)
    const edits = {
      first: { nonce: scenario.nonce, nonceIssuedAt: scenario.nonceIssuedAt, devices: [first] },
    } as const
    const second = { ...(await second0(scenario)) }
    const evidence = await verifyScenario(scenario, { ...edits, second })
    expect(rejections(evidence)).toEqual(Array(5).fill('location/binding-mismatch'))
  })
})

async function second0(
  scenario: ReturnType<typeof createLocationScenario>,
): Promise<NonNullable<InputEdits['second']>> {
  const [first] = await verifiedDevices(scenario.secondDevices)
  return { nonce: scenario.secondNonce, nonceIssuedAt: scenario.secondNonceIssuedAt, devices: [first] }
}

describe('a bundle is refused', () => {
  const scenario = createLocationScenario(world)
  it.each<[string, string, LocationScenarioOptions, InputEdits]>([
    ['location/replay', 'bind.eat_nonce', { binding: { eat_nonce: world.bytes('x', 32) } }, {}],
    ['token/audience-mismatch', 'bind.aud', {}, { audience: 'https://somebody.else.example' }],
    ['location/key-kind', 'payload.bind.cnf', { sessionKey: world.key('session', 'P-521') }, {}],
    ['token/claim-missing', 'payload.bind', { binding: { campaign: undefined } }, {}],
    ['eat/profile-mismatch', 'payload.bind.eat_profile', { binding: { eat_profile: 'tag:other' } }, {}],
    ['eat/profile-mismatch', 'payload.eat_profile', { bundle: { eat_profile: 'tag:other' } }, {}],
    ['location/directory-mismatch', 'bind.dir', { binding: { dir: world.bytes('dir', 32) } }, {}],
    ['location/replay', 'payload.eat_nonce', { bundle: { eat_nonce: world.bytes('x', 32) } }, {}],
    ['token/too-old', 'payload.iat', { bundle: { iat: 1_700_000_000 } }, {}],
    ['token/claim-missing', 'payload', { bundle: { bind: undefined } }, {}],
    ['token/type-mismatch', 'header.typ', { bundleToken: { type: 'application/gpuloc-dir' } }, {}],
    ['location/binding-mismatch', 'second.devices[0].request.nonce', { secondDeviceNonce: scenario.challenge }, {}],
    ['location/nonce-reuse', 'first.nonce', {}, { isNonceFresh: async () => false }],
    [
      'location/nonce-reuse',
      'second.nonce',
      {},
      { isNonceFresh: (nonce) => Buffer.compare(nonce, scenario.secondNonce) !== 0 },
    ],
    [
      'location/confidential-vm-refused',
      'first.confidentialVm',
      {},
      { confidentialVm: () => Promise.reject(new Error('no such quote')) },
    ],
    ['location/directory-expired', 'directory', {}, { now: new Date(world.now.getTime() + 8 * 86_400_000) }],
  ])('%s at %s', async (code, at, options, edits) => {
    for (const encoding of encodings)
      expect(await refusal(() => verify({ ...options, encoding }, edits)).then(({ code }) => code)).toBe(code)
    expect(await refusal(() => verify(options, edits))).toEqual({ code, at })
  })

  it('if a device is given twice', async () => {
    const [device] = await verifiedDevices(scenario.devices)
    const first = { nonce: scenario.nonce, nonceIssuedAt: scenario.nonceIssuedAt, devices: [device, device] } as const
    expect(await refusal(() => verifyScenario(scenario, { first }))).toEqual({
      code: 'location/duplicate-device',
      at: 'first.devices[1]',
    })
  })

  it('if both brackets use one nonce', async () => {
    const devices = await verifiedDevices(scenario.devices)
    const second = { nonce: scenario.nonce, nonceIssuedAt: scenario.secondNonceIssuedAt, devices }
    expect(await refusal(() => verifyScenario(scenario, { second }))).toEqual({
      code: 'location/nonce-reuse',
      at: 'second.nonce',
    })
  })

  it('if another agent image answers the second bracket', async () => {
    const confidentialVm: InputEdits['confidentialVm'] = async (request) => ({
      ...(await soundMachine()(request)),
      agentMeasurement: request.bracket,
    })
    expect(await refusal(() => verify({}, { confidentialVm }))).toEqual({
      code: 'location/bracket-mismatch',
      at: 'second',
    })
  })

  it.each([
    ['the directory', 'directory'],
    ['a device', 'first'],
  ])('with a TypeError if %s is a copy of a proof', async (_, field) => {
    const sound = await verifyScenario(scenario)
    const devices = await verifiedDevices(scenario.devices)
    const copy: InputEdits = {
      first: { nonce: scenario.nonce, nonceIssuedAt: scenario.nonceIssuedAt, devices: [{ ...devices[0] }] },
    }
    const other: InputEdits = { directory: { ...sound.directory } }
    await expect(verifyScenario(scenario, field === 'first' ? copy : other)).rejects.toThrow(TypeError)
  })

  it('with a TypeError if the clock is broken', async () => {
    await expect(
      verifyScenario(scenario, {
        first: {
          nonce: scenario.nonce,
          nonceIssuedAt: new Date(Number.NaN),
          devices: await verifiedDevices(scenario.devices),
        },
      }),
    ).rejects.toThrow(TypeError)
  })
})

describe('a measurement is left out', () => {
  const key = world.key('stranger', 'P-256')
  it.each<[string, string, LocationScenarioOptions]>([
    ['token/claim-missing', 'payload.meas[1].payload', edited(1, { ev: undefined })],
    ['token/signature-invalid', 'payload.meas[1].signature', { measurement: (i) => (i === 1 ? { key } : undefined) }],
    ['token/claim-type', 'payload.meas[1].payload.rtt', edited(1, { rtt: [] })],
    ['location/round-trip-time', 'payload.meas[1].payload.rtt[0]', edited(1, { rtt: [0] })],
    ['location/key-not-bound', 'payload.meas[1].payload.sub', edited(1, { sub: 'somebody' })],
    [
      'location/weak-challenge',
      'payload.meas[1].payload.n_l',
      { measurement: (i) => (i === 1 ? { landmarkNonce: new Uint8Array(8) } : undefined) },
    ],
    [
      'location/weak-challenge',
      'payload.meas[1].payload.eat_nonce',
      { measurement: (i) => (i === 1 ? { agentNonce: new Uint8Array(8) } : undefined) },
    ],
    ['location/sample-mismatch', 'payload.meas[1].payload.sent', edited(1, { sent: 3 })],
    ['location/landmark-moved', 'payload.meas[1].payload.pos_unc', edited(1, { pos_unc: 99 })],
    [
      'location/clock',
      'payload.meas[1].payload.window',
      {
        measurement: (i) =>
          i === 1
            ? {
                window: [world.now.getTime() / 1000 + 10, world.now.getTime() / 1000 + 120],
                claims: { iat: world.now.getTime() / 1000 + 12 },
              }
            : undefined,
      },
    ],
    ['token/expired', 'payload.meas[1].payload.exp', edited(1, { exp: world.now.getTime() / 1000 - 300 })],
    ['token/audience-mismatch', 'payload.meas[1].payload.aud', edited(1, { aud: 'https://somebody.else.example' })],
    ['location/unauthenticated-sample', 'payload.meas[1].payload.rounds', edited(1, { responder: 'gpu' })],
    ['location/session-mismatch', 'payload.meas[1].payload.sid', edited(1, { sid: new Uint8Array(16) })],
    [
      'location/sample-mismatch',
      'payload.meas[1].payload.rounds',
      {
        measurement: (i) =>
          i === 1 ? { audit: true, claims: { rounds: [[1, new Uint8Array(32), new Uint8Array(64)]] } } : undefined,
      },
    ],
  ])('%s at %s', async (code, at, options) => {
    for (const encoding of encodings) {
      const { rejected, measurements } = await verify({ ...options, encoding })
      expect(rejected.map(({ index, failure }) => [index, failure.code, failure.at])).toEqual([[1, code, at]])
      expect(measurements).toHaveLength(4)
    }
  })

  it('if its rounds are not in order, or the chain over them is another', async () => {
    const one = (
      change: (
        rounds: readonly (readonly [number, Uint8Array, Uint8Array])[],
      ) => readonly (readonly [number, Uint8Array, Uint8Array])[],
    ): LocationScenarioOptions => ({
      measurement: (index) => (index === 0 ? { audit: true, claims: { rounds: change(auditedRounds()) } } : undefined),
    })
    expect(rejections(await verify(one((rounds) => [...rounds].reverse())))).toEqual(['location/challenge-mismatch'])
    expect(
      rejections(
        await verify({
          measurement: (i) => (i === 0 ? { audit: true, claims: { xscript: new Uint8Array(32) } } : undefined),
        }),
      ),
    ).toEqual(['location/transcript-signature'])
  })

  it('if its landmark is revoked, not valid yet, or unknown to the directory', async () => {
    const entry = (edits: Record<string, string | number>): LocationScenarioOptions => ({
      directory: { entry: (index) => (index === 2 ? edits : undefined) },
    })
    expect(rejections(await verify(entry({ status: 'revoked' })))).toEqual(['location/landmark-revoked'])
    const later = world.now.getTime() / 1000 + 86_400
    expect(rejections(await verify(entry({ nbf: later })))).toEqual(['location/landmark-not-valid'])
    // Dated back to when the landmark was listed, but in answer to a nonce from later.
    const ended = world.now.getTime() / 1000 - 10
    const backdated = await verify({ ...entry({ exp: ended }), ...edited(2, { iat: ended - 5 }) })
    expect(rejections(backdated)).toEqual(['location/landmark-not-valid'])
    const kid = world.bytes('nobody', 32)
    const options: LocationScenarioOptions = { measurement: (i) => (i === 2 ? { token: { kid } } : undefined) }
    expect(rejections(await verify(options))).toEqual(['location/unknown-landmark'])
  })

  it('if it is there twice, and the first counts', async () => {
    const { measurements, rejected } = await verify({ measurements: (tokens) => [...tokens, ...tokens.slice(0, 1)] })
    expect(measurements).toHaveLength(5)
    expect(rejected.map(({ index, failure }) => [index, failure.code])).toEqual([[5, 'location/replay']])
  })

  it('without any effect on the others: the region only grows', async () => {
    const sound = await judge()
    const less = await judge({ measurement: (i) => (i === 0 ? { claims: { ev: new Uint8Array(32) } } : undefined) })
    const area = ({ result }: typeof sound): number => result.claims?.bounds?.vacuum.areaKm2 ?? 0
    expect(area(less)).toBeGreaterThan(area(sound))
  })
})

function auditedRounds(): readonly (readonly [number, Uint8Array, Uint8Array])[] {
  return [1, 2, 3, 4, 5].map((round) => [round, world.bytes(`round ${round}`, 32), new Uint8Array(64)] as const)
}

describe('rounds the GPU answers itself', () => {
  function gpuScenario(rttNs: number): {
    readonly options: LocationScenarioOptions
    readonly answers: readonly SyntheticDevice[]
  } {
    const answers: SyntheticDevice[] = []
    const gpu = (nonce: Uint8Array): Uint8Array => {
      const device = world.hopper({ nonce })
      answers.push(device)
      return new Uint8Array(createHash('sha256').update(device.report).digest())
    }
    const measurement: LocationScenarioOptions['measurement'] = (index) => ({
      gpu,
      rttNs: [
        plausibleRttNs({ latitude: 52.3, longitude: 4.95 }, landmarkPlaces[index] ?? { latitude: 0, longitude: 0 }) +
          rttNs,
      ],
    })
    return { options: { measurement }, answers }
  }

  it('need no trust in the session key, and bound the device', async () => {
    const { options, answers } = gpuScenario(1_000_000)
    const scenario = createLocationScenario(world, options)
    const deviceRounds = await verifiedDevices(answers)
    const evidence = await verifyUnconfined(scenario, { deviceRounds })
    expect(evidence.measurements.map(({ responder, answeredBy }) => [responder, answeredBy])).toEqual(
      Array(5).fill(['gpu', [scenario.devices[0]?.ueid]]),
    )
    const result = appraiseLocation({ evidence, territories, policy: { ...policy, requireGpuInLoop: true } })
    expect(result.verdict).toBe('pass')
    expect(result.claims?.assurance).toMatchObject({ name: 'device-timing', level: 6 })
    expect(result.claims?.subject).toBe('device')
  })

  it('are left out without the reports behind them', async () => {
    const { options } = gpuScenario(1_000_000)
    expect(rejections(await verify(options))).toEqual(Array(5).fill('location/unauthenticated-sample'))
  })

  it('are demanded by a policy that counts nothing else', async () => {
    const { result } = await judge({}, {}, { requireGpuInLoop: true })
    expect(result.failures.map(({ code }) => code)).toContain('location/gpu-in-loop-missing')
  })
})

describe('a landmark directory is refused', () => {
  it.each<[string, string, LocationScenarioOptions['directory']]>([
    ['token/signature-invalid', 'signature', { key: world.key('impostor', 'P-384') }],
    ['token/issuer-mismatch', 'payload.iss', { claims: { iss: 'https://other.example' } }],
    ['token/expired', 'payload.exp', { lifetimeSeconds: 60 }],
    ['token/type-mismatch', 'header.typ', { token: { type: 'application/gpuloc-meas' } }],
    ['token/claim-type', 'payload.landmarks', { claims: { landmarks: [] } }],
    ['token/claim-type', 'payload.landmarks[1].pos_unc', { entry: (i) => (i === 1 ? { pos_unc: -5 } : undefined) }],
    ['token/claim-type', 'payload.landmarks[1].asn', { entry: (i) => (i === 1 ? { asn: 0 } : undefined) }],
    ['token/claim-type', 'payload.landmarks[1].asn', { entry: (i) => (i === 1 ? { asn: 2 ** 32 } : undefined) }],
    ['token/claim-missing', 'payload.landmarks[1]', { entry: (i) => (i === 1 ? { operator: undefined } : undefined) }],
    ['location/landmark-index', 'payload.mesh[0][1]', { mesh: [{ from: 0, to: 9, rttNs: 5 }] }],
  ])('%s at %s', async (code, at, directory) => {
    for (const encoding of encodings) {
      const scenario = createLocationScenario(world, { encoding, directory: { ...directory } })
      expect(await refusal(() => verifyScenario(scenario))).toEqual({ code, at })
    }
  })

  it('if it lists one key twice', async () => {
    const [place] = landmarkPlaces
    if (place === undefined) throw new Error('no place')
    const scenario = createLocationScenario(world, { places: [place, place] })
    expect(await refusal(() => verifyScenario(scenario))).toEqual({
      code: 'location/duplicate-landmark',
      at: 'payload.landmarks[1].cnf',
    })
  })

  it('never for what the mesh says: that is for the appraisal', async () => {
    const { directory, now } = createLocationScenario(world, { directory: { mesh: [{ from: 0, to: 1, rttNs: 1 }] } })
    const keys = parseJwkSet(encodeUtf8(jwkSetJson([publicJwk(directory.authority)])))
    const verified = await verifyLandmarkDirectory(directory.token, { keys, issuer: directory.issuer, now })
    expect(verified.mesh).toHaveLength(1)
  })
})

describe('an estimate', () => {
  it('needs round trips between landmarks, and is not a region that proves anything', async () => {
    expect(estimateLocation(await verify(), { factor: 1.1, faultTolerance: 0 })).toBeUndefined()
    const mesh = landmarkPlaces.flatMap((a, from) =>
      landmarkPlaces.flatMap((b, to) => (from === to ? [] : [{ from, to, rttNs: 2 * plausibleRttNs(a, b) }])),
    )
    const evidence = await verify({ directory: { mesh } })
    const estimate = estimateLocation(evidence, { factor: 1.1, faultTolerance: 0 })
    expect(estimate?.basis).toBe('calibrated')
    const { result } = await judge({ directory: { mesh } }, {}, { faultTolerance: 0 })
    const bound = result.claims?.bounds?.fibre.areaKm2 ?? 0
    expect((estimate?.estimate.areaSquareMeters ?? Number.POSITIVE_INFINITY) / 1e6).toBeLessThan(bound)
    expect(() => estimateLocation(markVerified({ ...evidence }), { factor: 1.1, faultTolerance: 0 })).not.toThrow()
  })
})
