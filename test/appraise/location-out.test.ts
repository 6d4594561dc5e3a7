// Location results as EAR, in both encodings: what readers find, and that only a proved answer ever affirms.
import { createHash, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cdeDecodeOptions, decode } from 'cbor2'
import { jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { appraiseLocation, type LocationResult } from '../../src/appraise/location.js'
import type { LocationClaims, SpeedClaims } from '../../src/appraise/location-claims.js'
import { locationResultAppraisal } from '../../src/appraise/location-out.js'
import { encodeUtf8 } from '../../src/bytes/text.js'
import { isJsonObject } from '../../src/encoding/json.js'
import { intersectDiscs } from '../../src/location/geometry/intersection.js'
import type { LocationPolicy } from '../../src/location/policy.js'
import { verifyLocationClaim } from '../../src/location/verify-claim.js'
import { claim, signClaims } from '../../src/testing/dual-claims.js'
import { createLocationScenario, plausibleRttNs } from '../../src/testing/location.js'
import { landmarkPlaces } from '../../src/testing/location-landmarks.js'
import { jwkSetJson, publicJwk } from '../../src/testing/token.js'
import { type EatVerification, verifyEat } from '../../src/token/eat.js'
import type { TokenSigner } from '../../src/token/issue.js'
import { parseJwkSet } from '../../src/token/jwks.js'
import { issueEarCwt, issueEarJwt, type ResultOut } from '../../src/token/result-out.js'
import {
  judge,
  policy,
  soundMachine,
  territories,
  verifiedDevice,
  verifyUnconfined,
  world,
} from '../location/scenario.js'
import { jwksBytes, signer } from '../token/signing.js'
import { schemaFaults } from './schema-reader.js'

const key = signer('P-384', 'result-key')
const own: TokenSigner = {
  algorithm: 'ES384',
  kid: key.kid,
  sign: async (data) => new Uint8Array(sign('sha384', data, { key: key.privateKey, dsaEncoding: 'ieee-p1363' })),
}
const issuer = 'https://verifier.example'
const evidenceDigest = new Uint8Array(32).fill(7)
const nonce = new Uint8Array(16).fill(9)
const issuedAt = new Date('2026-05-01T00:00:00Z')
const verification: EatVerification = {
  keys: parseJwkSet(jwksBytes(key)),
  algorithms: ['ES384'],
  typ: ['application/eat+jwt', 'application/eat+cwt'],
  issuer,
  audience: null,
  now: issuedAt,
  leewaySeconds: 0,
  expiry: 'required',
  nonce,
  profile: 'tag:ietf.org,2026:rats/ear#03',
}

function out(result: LocationResult): ResultOut {
  return {
    issuer,
    verifier: { developer: 'https://example.com', build: '1' },
    issuedAt,
    expiresAt: new Date('2026-05-01T01:00:00Z'),
    nonce,
    appraisals: [locationResultAppraisal(result, { evidenceDigest })],
  }
}

type Members = Readonly<Record<string, unknown>>
function membersOf(value: unknown): Members {
  if (typeof value !== 'object' || value === null) throw new Error('not an object')
  return Object.fromEntries(value instanceof Map ? value : Object.entries(value))
}

/** The submodule as `jose` reads it. */
async function overJwt(result: LocationResult): Promise<Members> {
  const options = { algorithms: ['ES384'], typ: 'eat+jwt', issuer, currentDate: issuedAt }
  const { payload } = await jwtVerify(await issueEarJwt(out(result), own), key.publicKey, options)
  return membersOf(membersOf(payload['submods'])['location'])
}

/** The same out of a CWT, by this library's own verifier and cbor2. */
async function overCwt(result: LocationResult): Promise<Members> {
  const { token, encoding } = await verifyEat(await issueEarCwt(out(result), own), verification)
  if (encoding !== 'cbor' || !('cose' in token)) throw new Error('no CWT')
  const claims: unknown = decode(token.cose.payload, { ...cdeDecodeOptions, preferMap: true })
  return membersOf(membersOf(membersOf(claims)[266])['location'])
}

/** CBOR values as JSON would have them. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64url')
  if (Array.isArray(value)) return value.map(plain)
  if (value instanceof Map) return Object.fromEntries([...value].map(([name, entry]) => [name, plain(entry)]))
  return value
}

/** Close to Utrecht: round trips so short that the region lies on land. */
const landmarkAt0 = { latitude: 0, longitude: 0 }
const utrecht = { latitude: 52.09, longitude: 5.12 }
const inland = {
  truth: utrecht,
  measurement: (index: number) =>
    index < 3 ? { rttNs: [plausibleRttNs(utrecht, landmarkPlaces[index] ?? landmarkAt0) - 60_000] } : undefined,
}
const claiming = (country: string) => ({
  bundle: { claim: { members: [{ name: 'grc.jurisdiction-country', key: 0, value: country }] } },
})
const inNl = { inside: ['NL'], sea: 'ignored' } as const
const onLand = { inside: ['NL'], sea: 'counted', faultTolerance: 0 } as const

describe('a location result as EAR', () => {
  it('says to jose what was proved, about whom, and what it rests on', async () => {
    const { result, evidence } = await judge({}, {}, inNl)
    const { 'result.claims': claims, 'result.checks': checks, ...rest } = await overJwt(result)
    expect(rest).toEqual({
      ear_status: 'affirming',
      ear_appraisal_policy_ids: ['test'],
      'result.evidence-sha256': Buffer.from(evidenceDigest).toString('base64url'),
    })
    expect(checks).toContainEqual({ id: 'inside', outcome: 'pass' })
    const start = world.now.getTime() / 1000
    expect(claims).toMatchObject({
      eat_profile: 'tag:gpu-attestation.example,2026:gpu-location#1',
      'loc.devices': evidence.devices,
      'loc.subject': 'device',
      'loc.assurance': { name: 'attested-key-timing', level: 5, relay: 'excluded-under-assumptions' },
      'loc.predicates': [
        { kind: 'inside', set: ['NL'], result: 'undecided', basis: 'vacuum' },
        { kind: 'outside', set: ['RU', 'CN', 'US'], result: 'proved', basis: 'vacuum' },
        { kind: 'inside', set: ['NL'], result: 'proved', basis: 'fibre' },
        { kind: 'outside', set: ['RU', 'CN', 'US'], result: 'proved', basis: 'fibre' },
      ],
      'loc.assumptions': {
        speed: 'fibre',
        fault_tolerance: 1,
        min_operators: 3,
        measurements: 5,
        operators: ['operator-a', 'operator-b', 'operator-c', 'operator-d', 'operator-e'],
        directory: { issuer: evidence.directory.issuer },
      },
      'loc.window': { earliest: start + 10, latest: start + 12, max_age_s: 900, bracketed: true },
      'loc.failures': [],
      'loc.rejected': [],
    })
    const bounds = membersOf(membersOf(claims)['loc.bounds'])
    expect(bounds['fibre']).toMatchObject({ region: 'bounded', sea: 'possible', disputed: [] })
    expect(membersOf(bounds['fibre'])['discs']).toHaveLength(5)
  })

  it('leaves out nothing of what the answers rest on', async () => {
    const { claims } = (await judge()).result
    if (claims?.assumptions === undefined || claims.bounds === undefined) throw new Error('no measurements')
    const written = await claimsOf((await judge()).result)
    expect(Object.keys(membersOf(written['loc.assumptions']))).toHaveLength(Object.keys(claims.assumptions).length)
    // The speed is the name of the member.
    const fibre = membersOf(membersOf(written['loc.bounds'])['fibre'])
    expect(Object.keys(fibre)).toHaveLength(Object.keys(claims.bounds.fibre).length - 1)
    const counted = Object.values(claims).filter((value) => value !== undefined).length
    // The policy is named outside, failures and profile are added.
    expect(Object.keys(written)).toHaveLength(counted - 1 + 2)
  })

  it.each([
    ['sound', {}, {}],
    ['claimed and refuted', claiming('JP'), {}],
    ['partly rejected', { measurement: (index: number) => (index === 0 ? { claims: { rtt_min: 1 } } : undefined) }, {}],
  ] as const)('says the same in CBOR: %s', async (_, options, asked) => {
    const { result } = await judge(options, {}, asked)
    const cwt = await overCwt(result)
    const { ear_status: _status, ...jwt } = await overJwt(result)
    expect(cwt['1000']).toBe({ affirming: 2, warning: 32, contraindicated: 96, none: 0 }[result.tier])
    expect(plain(cwt['1003'])).toEqual(jwt['ear_appraisal_policy_ids'])
    expect(plain(cwt['-77060'])).toEqual(jwt['result.evidence-sha256'])
    expect(plain(cwt['-77061'])).toEqual(jwt['result.checks'])
    expect(plain(cwt['-77062'])).toEqual(jwt['result.claims'])
  })

  it('is read back by verifyEat as a submodule', async () => {
    const { result } = await judge()
    const { claims } = await verifyEat(await issueEarJwt(out(result), own), verification)
    const submodule = claims.submods.get('location')
    if (submodule?.kind !== 'claims' || submodule.claims.set.encoding !== 'json') throw new Error('no claims')
    const body = submodule.claims.set.claims.get('result.claims')
    expect(isJsonObject(body) && body.get('loc.subject')).toBe('device')
  })

  it('takes a label and refuses what is no result or no digest', async () => {
    const { result } = await judge()
    expect(locationResultAppraisal(result, { evidenceDigest, label: 'rack-7' }).label).toBe('rack-7')
    expect(() => locationResultAppraisal(result, { evidenceDigest: new Uint8Array(20) })).toThrow(TypeError)
    const [failure] = (await judge({}, {}, { inside: ['JP'] })).result.failures
    if (failure === undefined) throw new Error('no failure')
    const bare: LocationResult = { verdict: 'fail', authentic: false, failures: [failure], checks: [], tier: 'none' }
    expect(() => locationResultAppraisal(bare, { evidenceDigest })).toThrow(TypeError)
  })
})

describe('ear_status', () => {
  it.each<[string, string, Parameters<typeof judge>]>([
    ['affirming', 'everything asked is proved', [{}, {}, inNl]],
    ['warning', 'inside is undecided', [{}, {}, { ...inNl, speed: 'vacuum' }]],
    ['warning', 'outside is undecided', [{}, {}, { outside: ['DE'], speed: 'vacuum' }]],
    ['warning', 'a check was waived', [{}, { isNonceFresh: { waivedBecause: 'a manual run' } }, inNl]],
    ['warning', 'a territory is unknown', [{}, {}, { inside: ['UK'] }]],
    ['contraindicated', 'inside is refuted', [{}, {}, { inside: ['JP'] }]],
    ['contraindicated', 'outside is refuted', [inland, {}, { outside: ['NL', 'BE', 'DE'], faultTolerance: 0 }]],
    ['contraindicated', 'the claimed country is refuted', [claiming('JP'), {}, inNl]],
    ['contraindicated', 'operators are too few', [{}, {}, { ...inNl, minOperators: 6 }]],
    ['contraindicated', 'no place fits', [{ measurement: (i) => (i >= 2 ? { rttNs: [100_000] } : undefined) }]],
    ['contraindicated', 'the agent is not listed', [{}, {}, { ...inNl, agentMeasurements: [] }]],
    [
      'contraindicated',
      'the machine may move',
      [{}, { confidentialVm: async (asked) => ({ ...(await soundMachine()(asked)), migratable: true }) }, inNl],
    ],
  ])('is %s where %s', async (status, _, scenario) => {
    const { result } = await judge(...scenario)
    expect((await overJwt(result))['ear_status']).toBe(status)
    expect(result.verdict === 'pass' || status !== 'affirming').toBe(true)
  })

  it('warns where nothing confines the key, waived or not, and speaks of the key only', async () => {
    const evidence = await verifyUnconfined(createLocationScenario(world))
    const waivers = [{ check: 'key-confinement', reason: 'a trial' }] as const
    for (const asked of [policy, { ...policy, waivers }] satisfies readonly LocationPolicy[]) {
      const submodule = await overJwt(appraiseLocation({ evidence, territories, policy: asked }))
      expect(submodule['ear_status']).toBe('warning')
      expect(submodule['result.claims']).toMatchObject({
        'loc.subject': 'session-key',
        'loc.assurance': { name: 'device-and-timing', relay: 'not-excluded' },
      })
    }
  })

  it('does not affirm what contradicts itself', async () => {
    const failed = (await judge({}, {}, { inside: ['JP'] })).result
    const passed = (await judge()).result
    for (const checks of [failed.checks, passed.checks])
      expect((await overJwt({ ...failed, tier: 'affirming', checks }))['ear_status']).toBe('contraindicated')
    const checks = passed.checks.map((check) =>
      check.id === 'outside' ? ({ ...check, outcome: 'indeterminate' } as const) : check,
    )
    expect((await overJwt({ ...passed, checks }))['ear_status']).toBe('warning')
    expect((await overJwt({ ...passed, checks: [] }))['ear_status']).toBe('none')
  })
})

/** An issuer's claim and no measurement. */
async function onTheWordOf(country: string): Promise<LocationResult> {
  const sites = 'https://sites.example'
  const registry = world.key('site registry', 'P-256')
  const [synthetic] = createLocationScenario(world).devices
  if (synthetic === undefined) throw new Error('no device')
  const seconds = Math.floor(world.now.getTime() / 1000)
  const claims = [
    claim('iss', 1, sites),
    claim('iat', 6, seconds),
    claim('exp', 4, seconds + 600),
    claim('eat_nonce', 10, nonce),
    claim('evidence_digest', -77052, new Uint8Array(createHash('sha256').update(synthetic.report).digest())),
    claim('ear.geographic-result-claims', -77050, { members: [claim('grc.jurisdiction-country', 0, country)] }),
  ]
  const assertion = await verifyLocationClaim(signClaims(claims, registry, 'json', { type: 'application/eat' }), {
    issuers: [{ issuer: sites, keys: parseJwkSet(encodeUtf8(jwkSetJson([publicJwk(registry)]))) }],
    audience: null,
    nonce,
    device: await verifiedDevice(synthetic),
    now: world.now,
    maxAgeSeconds: 300,
  })
  const { outside: _, ...asked } = policy
  return appraiseLocation({ assertion, territories, policy: { ...asked, inside: ['NL'], acceptedIssuers: [sites] } })
}

const geographic = 'ear.geographic-result-claims'
const claimsOf = async (result: LocationResult): Promise<Members> => membersOf((await overJwt(result))['result.claims'])

describe("the draft's geographic result", () => {
  it('names the country if all of the region is its land', async () => {
    const { result } = await judge(inland, {}, onLand)
    expect(result.verdict).toBe('pass')
    expect((await claimsOf(result))[geographic]).toEqual({ 'grc.jurisdiction-country': 'NL' })
  })

  it('is absent where water was set aside, several are possible, or the claim is all there is', async () => {
    for (const { result } of [await judge({}, {}, inNl), await judge(), await judge(claiming('NL'))]) {
      expect(result.verdict).toBe('pass')
      expect(await claimsOf(result)).not.toHaveProperty([geographic])
    }
  })

  it('is absent where the result does not affirm, or a relay is not excluded', async () => {
    const refuted = (await judge(inland, {}, { ...onLand, inside: ['JP'] })).result
    const waived = (await judge(inland, { isNonceFresh: { waivedBecause: 'a manual run' } }, onLand)).result
    const evidence = await verifyUnconfined(createLocationScenario(world, inland))
    const waivers = [{ check: 'key-confinement', reason: 'a trial' }] as const
    const unconfined = appraiseLocation({ evidence, territories, policy: { ...policy, ...onLand, waivers } })
    expect([refuted.verdict, waived.verdict, unconfined.verdict]).toEqual(['fail', 'pass', 'pass'])
    for (const result of [refuted, waived, { ...unconfined, tier: 'affirming' } as const])
      expect(await claimsOf(result)).not.toHaveProperty([geographic])
  })

  it('needs every one of its conditions', async () => {
    const { result } = await judge(inland, {}, onLand)
    if (result.verdict !== 'pass' || result.claims.bounds === undefined) throw new Error('no bounds')
    const { claims } = result
    const { vacuum, fibre } = result.claims.bounds
    const namesNl = async (change: Partial<LocationClaims>): Promise<boolean> =>
      geographic in (await claimsOf({ ...result, claims: { ...claims, ...change } }))
    expect(await namesNl({})).toBe(true)
    expect(await namesNl({ bounds: { vacuum: { ...vacuum, possible: ['DE', 'NL'] }, fibre } })).toBe(true)
    expect(await namesNl({ assurance: { ...claims.assurance, relay: 'not-excluded' } })).toBe(false)
    const everywhere = intersectDiscs({ discs: [], faultTolerance: 0 })
    for (const change of [
      { possible: ['DE', 'NL'] },
      { possible: [] },
      { possible: ['campus'] },
      { sea: 'possible' },
      { disputed: [{ name: 'an island', claimants: ['NL', 'DE'] }] },
      { region: everywhere },
    ] satisfies readonly Partial<SpeedClaims>[])
      expect(await namesNl({ bounds: { vacuum, fibre: { ...fibre, ...change } } })).toBe(false)
  })

  it('is not what an issuer says', async () => {
    const result = await onTheWordOf('NL')
    expect(result.verdict).toBe('pass')
    const claims = await claimsOf(result)
    expect(claims).not.toHaveProperty([geographic])
    expect(claims['loc.assurance']).toMatchObject({ name: 'record', relay: 'not-excluded' })
    expect(claims['loc.assertion']).toMatchObject({
      issuer: 'https://sites.example',
      jurisdiction: { country: 'NL' },
      bound_by: ['evidence-digest'],
    })
    expect(claims['loc.predicates']).toEqual([{ kind: 'inside', set: ['NL'], result: 'proved', basis: 'assertion' }])
  })
})

const folder = resolve(dirname(fileURLToPath(import.meta.url)), '../../docs')
const schema: Members = JSON.parse(readFileSync(join(folder, 'location-profile/result.schema.json'), 'utf8'))

/** Every member name a schema gives. */
function namesOf(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([word, rule]) => [
    ...(word === 'properties' ? Object.keys(membersOf(rule)) : []),
    ...namesOf(rule),
  ])
}

describe('the documents', () => {
  it('fit what is written', async () => {
    const results = [
      (await judge({}, {}, inNl)).result,
      (await judge(inland, {}, onLand)).result,
      (await judge(claiming('JP'))).result,
      (await judge({ bundle: { fail: [['landmark-x', 'timeout', 3]] } })).result,
      (await judge({ measurement: (index) => (index >= 2 ? { rttNs: [100_000] } : undefined) })).result,
      (await judge({}, {}, { maxAgeSeconds: 1 })).result,
      (await judge({}, {}, { maxAgeSeconds: Number.POSITIVE_INFINITY })).result,
      (await judge({ truth: { latitude: 45, longitude: 34.1 } }, {}, { inside: ['UA'] })).result,
      await onTheWordOf('NL'),
    ]
    for (const result of results) expect(schemaFaults(schema, await claimsOf(result))).toEqual([])
    const [sound] = results
    if (sound === undefined) throw new Error('no result')
    const claims = await claimsOf(sound)
    expect(schemaFaults(schema, { ...claims, 'loc.subject': 'host' })).toEqual(['result.loc.subject: enum'])
    expect(schemaFaults(schema, { ...claims, 'loc.more': 1 })).toEqual(['result.loc.more: unknown'])
  })

  it('name the same members in CDDL, and the claims on the page', () => {
    const cddl = readFileSync(join(folder, 'location-profile/result.cddl'), 'utf8')
    const page = readFileSync(join(folder, 'location-profile.md'), 'utf8')
    const inCddl = new Set([...cddl.matchAll(/"([a-z0-9_.-]+)" \^?=>/g)].map(([, name]) => name))
    expect([...new Set(namesOf(schema))].sort()).toEqual([...inCddl].sort())
    for (const name of Object.keys(membersOf(schema['properties']))) expect(page).toContain(`\`${name}\``)
  })
})
