// What the caller does around a call: reused buffers, providers that answer strangely, facts left out.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { appraiseLocation } from '../../src/appraise/location.js'
import { encodeUtf8 } from '../../src/bytes/text.js'
import type { CryptoProvider, SignatureCheck } from '../../src/crypto/provider.js'
import { webCryptoProvider } from '../../src/crypto/webcrypto.js'
import { verifyLandmarkDirectory } from '../../src/location/directory.js'
import type { LocationBundleInput } from '../../src/location/verify-bundle.js'
import { createLocationScenario, type LocationScenarioOptions } from '../../src/testing/location.js'
import { jwkSetJson, publicJwk } from '../../src/testing/token.js'
import { parseJwkSet } from '../../src/token/jwks.js'
import {
  policy,
  refusal,
  soundMachine,
  territories,
  verifiedDevices,
  verifyScenario,
  verifyUnconfined,
  world,
} from './scenario.js'

const scenario = createLocationScenario(world)

/** A provider that does something while a signature is being checked, or answers in its own way. */
function providing(verify: (check: SignatureCheck) => Promise<unknown>): CryptoProvider {
  return new Proxy(webCryptoProvider, {
    get: (target, name, receiver) => (name === 'verify' ? verify : Reflect.get(target, name, receiver)),
  })
}

describe('what the caller changes during a call', () => {
  it.each([1, 2])('does not change which nonce is asked for: presentation %i', async (round) => {
    const devices = await verifiedDevices(scenario.devices)
    const nonce = Uint8Array.from(scenario.nonce)
    const asked: string[] = []
    await verifyScenario(scenario, {
      crypto: providing((check) => {
        nonce.fill(round)
        return webCryptoProvider.verify(check)
      }),
      first: { nonce, nonceIssuedAt: scenario.nonceIssuedAt, devices },
      isNonceFresh: (bytes) => asked.push(Buffer.from(bytes).toString('hex')) > 0,
    })
    expect(asked[0]).toBe(Buffer.from(scenario.nonce).toString('hex'))
  })

  it('does not move the clock', async () => {
    const now = new Date(scenario.now)
    const late = new Date(scenario.now.getTime() + 30 * 86_400_000)
    const evidence = await verifyScenario(scenario, {
      now,
      crypto: providing((check) => {
        now.setTime(late.getTime())
        return webCryptoProvider.verify(check)
      }),
    })
    expect(evidence.verifiedAt).toEqual(scenario.now)
  })

  it.each(['json', 'cbor'] as const)('does not change which directory was verified (%s)', async (encoding) => {
    const { directory: signed, now } = createLocationScenario(world, { encoding })
    const keys = parseJwkSet(encodeUtf8(jwkSetJson([publicJwk(signed.authority)])))
    const buffer = typeof signed.token === 'string' ? encodeUtf8(signed.token) : Uint8Array.from(signed.token)
    const pending = verifyLandmarkDirectory(buffer, { keys, issuer: signed.issuer, now })
    buffer.fill(0)
    expect((await pending).digest).toEqual(signed.digest)
  })
})

describe('a crypto provider', () => {
  const unhandled: unknown[] = []
  const note = (reason: unknown): number => unhandled.push(reason)
  beforeEach(() => {
    unhandled.length = 0
    process.on('unhandledRejection', note)
  })
  afterEach(() => {
    process.off('unhandledRejection', note)
  })

  const isRound = ({ data }: SignatureCheck): boolean =>
    Buffer.from(data.subarray(0, 15)).toString() === 'gpuloc/round/v1'
  const foreignRounds: LocationScenarioOptions = {
    measurement: () => ({ audit: true, roundKey: world.key('somebody else', 'P-256') }),
  }

  it.each([
    ['false', false],
    ['0', 0],
    ['nothing', undefined],
    ['text', 'no'],
  ])('that answers %s for a signature has not verified it', async (_, answer) => {
    const crypto = providing(async (check) => {
      const valid = await webCryptoProvider.verify(check)
      return isRound(check) && !valid ? answer : valid
    })
    const { measurements, rejected } = await verifyScenario(createLocationScenario(world, foreignRounds), { crypto })
    expect(measurements).toEqual([])
    expect(new Set(rejected.map(({ failure }) => failure.code))).toEqual(new Set(['location/challenge-mismatch']))
  })

  it('that fails fails the call, once', async () => {
    const audited = createLocationScenario(world, { measurement: () => ({ audit: true }) })
    const crypto = providing((check) =>
      isRound(check) ? Promise.reject(new Error('device gone')) : webCryptoProvider.verify(check),
    )
    await expect(verifyScenario(audited, { crypto })).rejects.toThrow('device gone')
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(unhandled).toEqual([])
  })
})

describe('a caller in plain JavaScript', () => {
  it.each([
    ['no migratable', { migratable: undefined }],
    ['a number for it', { migratable: 0 }],
    ['no boot id', { bootId: undefined }],
    ['an empty one', { bootId: '' }],
    ['no measurement of the agent', { agentMeasurement: undefined }],
  ])('whose verifier of the machine gives %s has not verified it', async (_, facts) => {
    const lax: unknown = async (request: Parameters<ReturnType<typeof soundMachine>>[0]) => ({
      ...(await soundMachine()(request)),
      ...facts,
    })
    // As untyped code would: a hole in the facts.
    const edits: Partial<LocationBundleInput> = JSON.parse('{}')
    Object.assign(edits, { confidentialVm: lax })
    expect(await refusal(() => verifyScenario(scenario, edits))).toEqual({
      code: 'location/confidential-vm-refused',
      at: 'first.confidentialVm',
    })
  })

  it('learns that no devices are no evidence', async () => {
    const first: LocationBundleInput['first'] = { ...(await bracket()), ...JSON.parse('{"devices":[]}') }
    await expect(verifyScenario(scenario, { first })).rejects.toThrow(TypeError)
  })

  it.each([Number.NaN, -1, Number.POSITIVE_INFINITY])('cannot bound round trips by %s', async (agentRttSlackNs) => {
    await expect(verifyScenario(scenario, { agentRttSlackNs })).rejects.toThrow(TypeError)
  })

  it.each([0.5, -1, Number.NaN])('cannot tolerate %s faults', async (faultTolerance) => {
    const evidence = await verifyScenario(scenario)
    expect(() => appraiseLocation({ evidence, territories, policy: { ...policy, faultTolerance } })).toThrow(TypeError)
  })

  it('cannot use one nonce for both brackets, even where it keeps nonces itself', async () => {
    const devices = await verifiedDevices(scenario.devices)
    const second = { nonce: scenario.nonce, nonceIssuedAt: scenario.secondNonceIssuedAt, devices }
    const isNonceFresh = { waivedBecause: 'nonces are kept elsewhere' }
    expect(await refusal(() => verifyUnconfined(scenario, { second, isNonceFresh }))).toEqual({
      code: 'location/nonce-reuse',
      at: 'second.nonce',
    })
  })
})

async function bracket(): Promise<LocationBundleInput['first']> {
  const { nonce, nonceIssuedAt } = scenario
  return { nonce, nonceIssuedAt, devices: await verifiedDevices(scenario.devices) }
}
