// Location claims of issuers: JWT and CWT, bound to the attested device, and what an appraisal makes of them.
import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { appraiseLocation, type LocationResult } from '../../src/appraise/location.js'
import { encodeUtf8 } from '../../src/bytes/text.js'
import type { LocationAssertion } from '../../src/location/assertion.js'
import type { AttestedDevice } from '../../src/location/attested-device.js'
import { parseBundleBinding } from '../../src/location/binding.js'
import type { LocationPolicy } from '../../src/location/policy.js'
import { type LocationClaimInput, verifyLocationClaim } from '../../src/location/verify-claim.js'
import type { Verified } from '../../src/result/proof.js'
import {
  type ClaimEdits,
  claim,
  type DualClaim,
  type DualValue,
  editClaims,
  signClaims,
  type TokenOptions,
} from '../../src/testing/dual-claims.js'
import { createLocationScenario } from '../../src/testing/location.js'
import { confirmationThumbprint } from '../../src/testing/location-keys.js'
import { jwkSetJson, publicJwk } from '../../src/testing/token.js'
import { parseJwkSet } from '../../src/token/jwks.js'
import { policy, refusal, territories, verifiedDevice, verifiedDevices, verifyScenario, world } from './scenario.js'

const issuer = 'https://sites.example'
const audience = 'https://verifier.example'
const key = world.key('site registry', 'P-256')
const scenario = createLocationScenario(world)
const [device] = scenario.devices
if (device === undefined) throw new Error('no device')
const { ueid } = device
const now = new Date(world.now.getTime() + 60_000)
const issuedAt = Math.floor(now.getTime() / 1000) - 30
const nonce = world.bytes('claim nonce', 32)
const digest = new Uint8Array(createHash('sha256').update(device.report).digest())
const input: { device: Verified<AttestedDevice> | undefined } = { device: undefined }

beforeAll(async () => {
  input.device = await verifiedDevice(device)
})

/** Members of a geographic result. */
function jurisdiction(country: string, ...more: readonly DualClaim[]): { readonly members: readonly DualClaim[] } {
  return { members: [claim('grc.jurisdiction-country', 0, country), ...more] }
}

function position(latitude: number, longitude: number, accuracy?: number): { readonly members: readonly DualClaim[] } {
  return {
    members: [
      claim('latitude', 1, latitude),
      claim('longitude', 2, longitude),
      ...(accuracy === undefined ? [] : [claim('accuracy', 4, accuracy)]),
    ],
  }
}

const sound: readonly DualClaim[] = [
  claim('iss', 1, issuer),
  claim('aud', 3, audience),
  claim('iat', 6, issuedAt),
  claim('exp', 4, issuedAt + 600),
  claim('eat_nonce', 10, nonce),
  claim('evidence_digest', -77052, digest),
  claim('ear.geographic-result-claims', -77050, jurisdiction('NL')),
]

const encodings = ['json', 'cbor'] as const

function token(
  encoding: 'json' | 'cbor',
  edits: ClaimEdits = {},
  options: TokenOptions = {},
  signer = key,
): string | Uint8Array {
  // New claims need their CBOR keys.
  const added: readonly DualClaim[] = [
    claim('ueid', 256, ''),
    claim('dmtf_device', -77051, ''),
    claim('cnf', 8, ''),
    claim('location', 264, ''),
    claim('submods', 266, ''),
  ].filter(({ name }) => edits[name] !== undefined)
  return signClaims(editClaims([...sound, ...added], edits), signer, encoding, { type: 'application/eat', ...options })
}

async function verify(
  signed: string | Uint8Array,
  edits: Partial<LocationClaimInput> = {},
): Promise<Verified<LocationAssertion>> {
  if (input.device === undefined) throw new Error('not ready')
  return verifyLocationClaim(signed, {
    issuers: [{ issuer, keys: parseJwkSet(encodeUtf8(jwkSetJson([publicJwk(key)]))) }],
    audience,
    nonce,
    device: input.device,
    now,
    maxAgeSeconds: 300,
    ...edits,
  })
}

describe('verifyLocationClaim', () => {
  it.each(encodings)("returns the issuer's assertion, typed (%s)", async (encoding) => {
    const claims = jurisdiction(
      'NL',
      claim('grc.jurisdiction-subdivision', 2, 'NL-NH'),
      claim('grc.basis', 13, { members: [claim('class', 0, 2)] }),
    )
    const assertion = await verify(
      token(encoding, { 'ear.geographic-result-claims': claims, location: position(52.3, 4.95, 500) }),
    )
    expect(assertion).toMatchObject({
      kind: 'assertion',
      issuer,
      basis: 'endorsement',
      accuracyMeters: 500,
      issuedAt,
      expiresAt: issuedAt + 600,
      boundBy: ['evidence-digest'],
      waived: [],
      device: { ueid },
      location: { latitudeDegrees: 52.3, longitudeDegrees: 4.95 },
      geographic: { country: 'NL', subdivision: 'NL-NH', city: undefined },
    })
  })

  it.each(encodings)('reads the result from the submodule an attestation result has it in (%s)', async (encoding) => {
    const submodule = { members: [claim('ear.geographic-result-claims', -77050, jurisdiction('DE'))] }
    const signed = token(encoding, {
      'ear.geographic-result-claims': undefined,
      submods: { members: [claim('location', 'location', submodule)] },
    })
    expect((await verify(signed)).geographic?.country).toBe('DE')
  })

  it.each<[string, DualValue, DualValue, boolean]>([
    ['affirming', 'affirming', 2, true],
    ['contraindicated', 'contraindicated', 96, false],
    ['warning', 'warning', 32, false],
    ['none', 'none', 0, false],
    ['neither a tier nor a number', true, 'affirmed', false],
  ])('takes the submodule for what its signer calls it: %s', async (_, text, tier, affirms) => {
    for (const name of ['ear.status', 'ear_status'])
      for (const encoding of encodings) {
        const status = claim(name, 1000, { json: text, cbor: tier })
        const result = claim('ear.geographic-result-claims', -77050, jurisdiction('DE'))
        const signed = token(encoding, {
          'ear.geographic-result-claims': undefined,
          submods: { members: [claim('location', 'location', { members: [status, result] })] },
        })
        if (affirms) expect((await verify(signed)).geographic?.country).toBe('DE')
        else
          expect(await refusal(() => verify(signed))).toEqual({
            code: 'location/result-not-affirming',
            at: `payload.submods.location.${encoding === 'json' ? name : '1000'}`,
          })
      }
  })

  it.each(encodings)('binds by ueid, certificate name and session key (%s)', async (encoding) => {
    const serial = BigInt(ueid).toString(16)
    const bytes = Uint8Array.from(Buffer.from(serial.padStart(serial.length + (serial.length % 2), '0'), 'hex'))
    const named = await verify(
      token(encoding, {
        evidence_digest: undefined,
        ueid: encoding === 'json' ? ueid : bytes,
        dmtf_device: dmtfName(),
        cnf: confirmationThumbprint(world.key('session', 'P-256')),
      }),
      { binding: await parseBundleBinding(scenario.bundle) },
    )
    expect(named.boundBy).toEqual(['ueid', 'dmtf-device', 'session-key'])
    const typed = token(encoding, { evidence_digest: undefined, ueid: Uint8Array.of(1, ...bytes) })
    expect((await verify(typed)).boundBy).toEqual(['ueid'])
  })

  it.each<[string, string, ClaimEdits]>([
    ['location/device-mismatch', 'payload.evidence_digest', { evidence_digest: new Uint8Array(32) }],
    ['location/device-mismatch', 'payload.ueid', { ueid: { json: '123456789', cbor: new Uint8Array(16) } }],
    ['location/device-mismatch', 'payload.dmtf_device', { dmtf_device: 'NVIDIA:GH100:0' }],
    ['location/device-mismatch', 'payload.cnf', { cnf: confirmationThumbprint(world.key('session', 'P-256')) }],
    ['location/unbound', 'payload', { evidence_digest: undefined }],
    ['location/no-location', 'payload', { 'ear.geographic-result-claims': undefined }],
    ['location/issuer-unknown', 'payload.iss', { iss: 'https://other.example' }],
    ['location/issuer-unknown', 'payload.iss', { iss: undefined }],
    ['token/audience-mismatch', 'payload.aud', { aud: 'https://other.example' }],
    ['token/claim-missing', 'payload', { exp: undefined }],
    ['token/claim-missing', 'payload', { iat: undefined }],
    ['token/too-old', 'payload.iat', { iat: issuedAt - 600 }],
    ['token/expired', 'payload.exp', { exp: issuedAt - 60 }],
    ['eat/nonce-missing', 'payload.eat_nonce', { eat_nonce: undefined }],
    ['eat/nonce-mismatch', 'payload.eat_nonce', { eat_nonce: world.bytes('other', 32) }],
    ['token/claim-type', 'payload.eat_nonce', { eat_nonce: new Uint8Array(4) }],
    ['token/claim-type', 'payload.location.latitude', { location: position(91, 0) }],
    ['token/claim-type', 'payload.ear.geographic-result-claims', { 'ear.geographic-result-claims': { members: [] } }],
    [
      'token/claim-type',
      'payload.ear.geographic-result-claims.grc.jurisdiction-country',
      { 'ear.geographic-result-claims': jurisdiction('nl') },
    ],
    [
      'token/claim-type',
      'payload.ear.geographic-result-claims.grc.basis.class',
      {
        'ear.geographic-result-claims': jurisdiction('NL', claim('grc.basis', 13, { members: [claim('class', 0, 0)] })),
      },
    ],
  ])('refuses with %s at %s', async (code, at, edits) => {
    for (const encoding of encodings) expect(await refusal(() => verify(token(encoding, edits)))).toEqual({ code, at })
  })

  it.each<[string, TokenOptions]>([
    ['token/type-mismatch', { type: 'application/gpuloc-meas' }],
    [
      'token/critical-header',
      {
        header: {
          json: { crit: ['x'], x: 1 },
          cbor: new Map<number, unknown>([
            [2, [-99]],
            [-99, 1],
          ]),
        },
      },
    ],
    ['token/signature-invalid', { signature: (bytes) => Uint8Array.from(bytes).fill(1) }],
  ])('refuses with %s', async (code, options) => {
    for (const encoding of encodings)
      expect((await refusal(() => verify(token(encoding, {}, options)))).code).toBe(code)
  })

  it('refuses a key of somebody else under the name of the issuer', async () => {
    const stranger = world.key('stranger', 'P-256')
    for (const encoding of encodings)
      expect((await refusal(() => verify(token(encoding, {}, {}, stranger)))).code).toBe('token/signature-invalid')
  })

  it('does without a binding or a nonce only by name and reason', async () => {
    const unbound = token('json', { evidence_digest: undefined })
    const reason = 'the registry knows no digests'
    const assertion = await verify(unbound, { waivers: [{ check: 'device-binding', reason }] })
    expect(assertion.waived).toEqual([{ check: 'device-binding', reason }])
    await expect(verify(unbound, { waivers: [{ check: 'device-binding', reason: ' ' }] })).rejects.toThrow(TypeError)
    await expect(verify(token('json'), { nonce: null })).rejects.toThrow(TypeError)
    const dated = await verify(token('json'), { nonce: null, waivers: [{ check: 'nonce', reason: 'a daily record' }] })
    expect(dated.waived).toEqual([{ check: 'nonce', reason: 'a daily record' }])
    const needless = await verify(token('json'), { waivers: [{ check: 'device-binding', reason }] })
    expect(needless.waived).toEqual([])
  })

  it('demands a proof of the device', async () => {
    if (input.device === undefined) throw new Error('not ready')
    await expect(verify(token('json'), { device: { ...input.device } })).rejects.toThrow(TypeError)
  })
})

function dmtfName(): string {
  if (input.device === undefined) throw new Error('not ready')
  const { vendor, product, serial } = input.device.identity.deviceInfo
  return `${vendor}:${product}:${serial}`
}

const accepting: LocationPolicy = { ...policy, inside: ['NL'], outside: ['RU', 'CN', 'US'], acceptedIssuers: [issuer] }
const codes = ({ failures }: LocationResult): readonly string[] => failures.map(({ code }) => code)

async function appraiseClaim(edits: ClaimEdits, asked: Partial<LocationPolicy> = {}): Promise<LocationResult> {
  const assertion = await verify(token('json', edits))
  return appraiseLocation({ assertion, territories, policy: { ...accepting, ...asked } })
}

describe('an assertion in an appraisal', () => {
  it('is enough where the policy accepts its issuer, and is called a record', async () => {
    const result = await appraiseClaim({})
    expect(result.verdict).toBe('pass')
    expect(result.claims).toMatchObject({
      assurance: { name: 'record', level: 1, relay: 'not-excluded' },
      bounds: undefined,
    })
    expect(result.claims?.predicates).toEqual([
      { kind: 'inside', set: ['NL'], result: 'proved', basis: 'assertion' },
      { kind: 'outside', set: ['RU', 'CN', 'US'], result: 'proved', basis: 'assertion' },
    ])
  })

  it.each<[string, ClaimEdits, Partial<LocationPolicy>]>([
    ['location/issuer-not-accepted', {}, { acceptedIssuers: [] }],
    ['location/no-measurements', {}, { acceptedIssuers: [] }],
    ['location/no-measurements', {}, { maxRegionKm2: 1000 }],
    ['location/asserted-elsewhere', { 'ear.geographic-result-claims': jurisdiction('JP') }, {}],
    ['location/asserted-elsewhere', { 'ear.geographic-result-claims': jurisdiction('US') }, { inside: ['US', 'NL'] }],
    // Hong Kong answers to the code of China as well: its own code does not put it outside.
    ['location/outside-undecided', { 'ear.geographic-result-claims': jurisdiction('HK') }, { inside: ['HK'] }],
    ['location/assertion-contradiction', { location: position(35.7, 139.7, 1000) }, {}],
  ])('fails with %s', async (code, edits, asked) => {
    const result = await appraiseClaim(edits, asked)
    expect(result.verdict).toBe('fail')
    expect(codes(result)).toContain(code)
  })

  it('may rest on coordinates and their accuracy', async () => {
    const only = { 'ear.geographic-result-claims': undefined, location: position(52.09, 5.12, 2000) }
    expect((await appraiseClaim(only)).verdict).toBe('pass')
    const wide = { ...only, location: position(52.09, 5.12, 400_000) }
    expect(codes(await appraiseClaim(wide))).toEqual(['location/inside-undecided'])
  })

  it('warns where its binding was waived', async () => {
    const waivers = [{ check: 'device-binding', reason: 'the registry knows no digests' }] as const
    const assertion = await verify(token('json', { evidence_digest: undefined }), { waivers })
    const result = appraiseLocation({ assertion, territories, policy: accepting })
    expect(result.verdict).toBe('pass')
    expect(result.tier).toBe('warning')
    expect(result.checks.find(({ id }) => id === 'device-binding')).toMatchObject({
      outcome: 'waived',
      failures: [{ code: 'location/assertion-unbound' }],
    })
  })

  it('is refuted by measurements that exclude its place, even far from being asked about', async () => {
    const evidence = await verifyScenario(scenario)
    for (const edits of [
      { 'ear.geographic-result-claims': jurisdiction('JP') },
      { 'ear.geographic-result-claims': undefined, location: position(35.7, 139.7, 1000) },
    ]) {
      const assertion = await verify(token('json', edits))
      const result = appraiseLocation({
        evidence,
        assertion,
        territories,
        policy: { ...policy, acceptedIssuers: [issuer] },
      })
      expect(codes(result)).toContain('location/assertion-refuted')
    }
  })

  it('fills in what measurements leave undecided, and lowers the assurance to a record', async () => {
    const evidence = await verifyScenario(scenario)
    const assertion = await verify(token('json'))
    const vacuum = { ...accepting, speed: 'vacuum' } as const
    const alone = appraiseLocation({ evidence, territories, policy: vacuum })
    expect(codes(alone)).toEqual(['location/inside-undecided'])
    const both = appraiseLocation({ evidence, assertion, territories, policy: vacuum })
    expect(both.verdict).toBe('pass')
    expect(both.claims?.assurance.name).toBe('record')
  })

  it('must be about the device that was measured', async () => {
    const other = createLocationScenario(world, { devices: ['device-7'] })
    const evidence = await verifyScenario(other)
    const assertion = await verify(token('json'))
    const result = appraiseLocation({ evidence, assertion, territories, policy: accepting })
    expect(codes(result)).toContain('location/assertion-of-another-device')
  })

  it('says nothing of the devices it does not name', async () => {
    const pair = createLocationScenario(world, { devices: ['device-0', 'device-1'] })
    const evidence = await verifyScenario(pair)
    const [named] = await verifiedDevices(pair.devices)
    const assertion = await verify(token('json', { evidence_digest: undefined, ueid: pair.devices[0]?.ueid }), {
      device: named,
    })
    const result = appraiseLocation({ evidence, assertion, territories, policy: { ...accepting, speed: 'vacuum' } })
    expect(codes(result)).toEqual(['location/assertion-of-another-device', 'location/inside-undecided'])
  })

  it('must still hold when the evidence is verified', async () => {
    const evidence = await verifyScenario(scenario)
    const verifiedAt = evidence.verifiedAt.getTime() / 1000
    const at = async (exp: number): Promise<readonly string[]> => {
      const signed = token('json', { iat: verifiedAt - 120, exp })
      const assertion = await verify(signed, { now: new Date((verifiedAt - 90) * 1000) })
      return codes(appraiseLocation({ evidence, assertion, territories, policy: { ...accepting, speed: 'vacuum' } }))
    }
    expect(await at(verifiedAt)).toEqual(['location/assertion-expired', 'location/inside-undecided'])
    expect(await at(verifiedAt + 1)).toEqual([])
  })
})
