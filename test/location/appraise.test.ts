// Appraisal of locations: what passes, what only warns, and everything a verdict has to carry.
import { describe, expect, it } from 'vitest'
import { appraiseLocation, type LocationResult } from '../../src/appraise/location.js'
import { locationCheckIds } from '../../src/location/checks.js'
import { fromDegrees } from '../../src/location/geometry/vector.js'
import type { LocationPolicy } from '../../src/location/policy.js'
import { createLocationScenario, type LocationScenarioOptions, plausibleRttNs } from '../../src/testing/location.js'
import { landmarkPlaces } from '../../src/testing/location-landmarks.js'
import { judge, policy, soundMachine, territories, verifyScenario, verifyUnconfined, world } from './scenario.js'

const outcome = ({ checks }: LocationResult, id: string): string | undefined =>
  checks.find((check) => check.id === id)?.outcome
const codes = ({ failures }: LocationResult): readonly string[] => failures.map(({ code }) => code)
const predicate = ({ claims }: LocationResult, kind: string, basis: string): string | undefined =>
  claims?.predicates.find((one) => one.kind === kind && one.basis === basis)?.result

describe('a sound location', () => {
  it('passes with every check listed once and every assumption stated', async () => {
    const { evidence, result } = await judge()
    expect(result.verdict).toBe('pass')
    expect(result.tier).toBe('affirming')
    expect(result.checks.map(({ id }) => id)).toEqual([...locationCheckIds])
    const { claims } = result
    expect(claims?.subject).toBe('device')
    expect(claims?.assurance).toMatchObject({
      name: 'attested-key-timing',
      level: 5,
      relay: 'excluded-under-assumptions',
    })
    expect(claims?.assumptions).toMatchObject({
      speed: 'fibre',
      metersPerSecond: (2 / 3) * 299_792_458,
      faultTolerance: 1,
      minOperators: 3,
      measurements: 5,
      operators: ['operator-a', 'operator-b', 'operator-c', 'operator-d', 'operator-e'],
      faultClass: 'operator',
      independentOperators: 5,
      autonomousSystems: [],
      ellipsoidSlack: 1.0057,
      endorsedMinProcessingNs: 0,
      maps: territories.maps,
      directory: { issuer: evidence.directory.issuer },
    })
    const start = world.now.getTime() / 1000
    expect(claims?.window).toEqual({ earliest: start + 10, latest: start + 12, maxAgeSeconds: 900, bracketed: true })
  })

  it('shows both speeds side by side, the physical bound around the other', async () => {
    const { result } = await judge()
    const bounds = result.claims?.bounds
    expect(bounds?.vacuum.areaKm2).toBeGreaterThan(bounds?.fibre.areaKm2 ?? 0)
    for (const code of bounds?.fibre.possible ?? []) expect(bounds?.vacuum.possible).toContain(code)
    expect(bounds?.vacuum.discs.map(({ used }) => used)).toEqual(Array(5).fill(true))
    expect(bounds?.vacuum.region.kind).toBe('bounded')
  })

  it('is never downgraded to the faster answer: undecided at vacuum speed is undecided', async () => {
    const asked = { inside: ['NL'], sea: 'ignored' } as const
    const fibre = (await judge({}, {}, asked)).result
    const vacuum = (await judge({}, {}, { ...asked, speed: 'vacuum' })).result
    expect(predicate(fibre, 'inside', 'fibre')).toBe('proved')
    expect(predicate(fibre, 'inside', 'vacuum')).toBe('undecided')
    expect(fibre.verdict).toBe('pass')
    expect(codes(vacuum)).toEqual(['location/inside-undecided'])
    expect(vacuum.tier).toBe('warning')
  })
})

describe('questions', () => {
  it.each<[string, Partial<LocationPolicy>]>([
    ['location/inside-refuted', { inside: ['JP'] }],
    ['location/inside-undecided', { inside: ['NL'], sea: 'ignored', speed: 'vacuum' }],
    ['location/outside-undecided', { outside: ['DE'], speed: 'vacuum' }],
    ['location/outside-refuted', { outside: ['NL', 'DE', 'BE', 'FR', 'GB', 'LU'], speed: 'fibre', faultTolerance: 0 }],
    ['location/region-too-large', { maxRegionKm2: 10 }],
    ['location/unknown-territory', { inside: ['UK'] }],
    ['location/no-territory', { outside: [] }],
    ['location/quorum', { minOperators: 6 }],
    ['location/quorum', { faultTolerance: 3, minOperators: 3 }],
    ['location/landmark-missing', { requiredLandmarks: ['landmark-x'] }],
    ['location/agent-not-allowed', { agentMeasurements: [] }],
    ['location/too-old', { maxAgeSeconds: 1 }],
  ])('%s', async (code, asked) => {
    // Only a region that lies on land can prove that the device is on it.
    const { result } = await judge(code === 'location/outside-refuted' ? inland : {}, {}, asked)
    expect(result.verdict).toBe('fail')
    expect(codes(result)).toContain(code)
  })

  it('must be asked', async () => {
    const { result } = await judge()
    expect(result.verdict).toBe('pass')
    const scenario = createLocationScenario(world)
    const { outside: _, ...silent } = policy
    const nothing = appraiseLocation({ evidence: await verifyScenario(scenario), territories, policy: silent })
    expect(codes(nothing)).toEqual(['location/no-question'])
  })

  it('about a landmark the agent could not reach are answered by its record of that', async () => {
    const { result } = await judge(
      { bundle: { fail: [['landmark-x', 'timeout', 3]] } },
      {},
      { requiredLandmarks: ['landmark-x'] },
    )
    expect(outcome(result, 'landmarks')).toBe('pass')
  })

  it('about a claimed country are refuted or left open, never answered yes', async () => {
    const claimed = (country: string) => ({
      bundle: { claim: { members: [{ name: 'grc.jurisdiction-country', key: 0, value: country }] } },
    })
    const open = (await judge(claimed('NL'))).result
    expect(outcome(open, 'claimed-country')).toBe('not-applicable')
    expect(open.claims?.predicates.filter(({ kind }) => kind === 'refuted').map(({ result }) => result)).toEqual([
      'undecided',
      'undecided',
    ])
    const refuted = (await judge(claimed('JP'))).result
    expect(codes(refuted)).toEqual(['location/claim-refuted'])
    expect(refuted.claims?.claimed?.asserted.country).toBe('JP')
    expect(codes((await judge(claimed('QQ'))).result)).toEqual(['location/unknown-territory'])
  })
})

/** Landmarks of the synthetic scene in networks by their place in the list. */
const networks = (asn: (index: number) => number | undefined): LocationScenarioOptions => ({
  directory: {
    entry: (index) => {
      const number = asn(index)
      return number === undefined ? undefined : { asn: number }
    },
  },
})

describe('demands for diversity', () => {
  it('count different networks, and a landmark without one for none', async () => {
    const two = networks((index) => [64500, 64501, 64500, undefined, undefined][index])
    const enough = (await judge(two, {}, { minAutonomousSystems: 2 })).result
    expect(enough.verdict).toBe('pass')
    expect(enough.claims?.assumptions?.autonomousSystems).toEqual([64500, 64501])
    const few = (await judge(two, {}, { minAutonomousSystems: 3 })).result
    expect(few.failures).toMatchObject([
      {
        code: 'location/autonomous-systems',
        at: 'measurements',
        details: { autonomousSystems: [64500, 64501], minimum: 3 },
      },
    ])
    expect(outcome(few, 'quorum')).toBe('fail')
    expect(codes((await judge({}, {}, { minAutonomousSystems: 1 })).result)).toEqual(['location/autonomous-systems'])
  })

  it('count networks of measurements that count only, and say why the others do not', async () => {
    const late = (index: number) => (index === 0 ? { window: [oldSecond, oldSecond + 1] as const } : undefined)
    const { result } = await judge(
      { ...networks((index) => 64500 + index), measurement: late },
      {},
      { minAutonomousSystems: 5 },
    )
    expect(result.claims?.assumptions?.autonomousSystems).toEqual([64501, 64502, 64503, 64504])
    expect(codes(result)).toEqual(['location/autonomous-systems', 'location/stale'])
  })

  it('look for landmarks on all sides of the region', async () => {
    const gap = (await judge()).result.claims?.assumptions?.azimuthGapDegrees ?? 0
    // Nobody stands between Frankfurt in the south-east and Amsterdam in the north.
    expect(gap).toBeGreaterThan(120)
    expect(gap).toBeLessThan(180)
    const { result } = await judge({}, {}, { maxAzimuthGapDegrees: 120 })
    expect(result.failures).toMatchObject([
      { code: 'location/azimuth-gap', at: 'measurements', details: { gapDegrees: gap, maximumDegrees: 120 } },
    ])
    expect((await judge({}, {}, { maxAzimuthGapDegrees: 180 })).result.verdict).toBe('pass')
  })

  it('are not met where nothing is ruled out, and say nothing of a region without any place', async () => {
    const all = { faultTolerance: 5, minOperators: 6, maxAzimuthGapDegrees: 359 }
    const everywhere = (await judge({}, {}, all)).result
    expect(everywhere.claims?.bounds?.fibre.region.kind).toBe('everywhere')
    expect(codes(everywhere)).toContain('location/azimuth-gap')
    const nowhere = (
      await judge({ measurement: (i) => (i >= 2 ? { rttNs: [100_000] } : undefined) }, {}, { maxAzimuthGapDegrees: 1 })
    ).result
    expect(codes(nowhere)).toContain('location/inconsistent-measurements')
    expect(codes(nowhere)).not.toContain('location/azimuth-gap')
  })

  it('are not waived', async () => {
    const waivers = [{ check: 'quorum', reason: 'one network is enough' }] as const
    expect(codes((await judge({}, {}, { minAutonomousSystems: 1, waivers })).result)).toEqual([
      'location/autonomous-systems',
    ])
  })

  it('take the faults of one network for one, whatever operators it claims to be', async () => {
    const byNetwork = { faultClass: 'autonomous-system' } as const
    const two = networks((index) => 64500 + Math.min(index, 3))
    const { result } = await judge(two, {}, { ...byNetwork, minOperators: 4 })
    expect(result.verdict).toBe('pass')
    expect(result.claims?.assumptions).toMatchObject({ independentOperators: 4, faultClass: 'autonomous-system' })
    expect(result.claims?.assumptions?.operators).toHaveLength(5)
    expect(codes((await judge(two, {}, { ...byNetwork, minOperators: 5 })).result)).toEqual(['location/quorum'])
    const one = networks(() => 64500)
    expect((await judge(one, {}, byNetwork)).result.failures).toMatchObject([
      { code: 'location/quorum', details: { operators: 1, minimum: 3, faultTolerance: 1 } },
      { code: 'location/outside-undecided' },
    ])
  })

  it('tolerate two operators of one network that lie together, which would be two faults otherwise', async () => {
    const lie = (index: number) => (index >= 3 ? { rttNs: [300_000] } : undefined)
    const scene = { ...networks((index) => 64500 + Math.min(index, 3)), measurement: lie }
    expect(codes((await judge(scene)).result)).toContain('location/inconsistent-measurements')
    const { result } = await judge(scene, {}, { faultClass: 'autonomous-system' })
    expect(result.verdict).toBe('pass')
    expect(result.claims?.bounds?.fibre.region.contains(fromDegrees(52.3, 4.95))).toBe(true)
  })

  it('leave out landmarks of unknown network where faults are counted by network', async () => {
    const { result, evidence } = await judge(
      networks((index) => (index === 2 ? undefined : 64500 + index)),
      {},
      { faultClass: 'autonomous-system', minOperators: 5 },
    )
    expect(result.failures).toMatchObject([
      { code: 'location/quorum' },
      {
        code: 'location/autonomous-system-unknown',
        at: 'directory.landmarks[2]',
        details: { landmark: evidence.measurements[2]?.landmark },
      },
    ])
  })
})

/** Before the nonce was issued. */
const oldSecond = Math.floor(world.now.getTime() / 1000) - 600

/** Close to Utrecht: round trips so short that the region lies on land. */
const inland = {
  truth: { latitude: 52.09, longitude: 5.12 },
  measurement: (index: number) =>
    index < 3
      ? { rttNs: [plausibleRttNs({ latitude: 52.09, longitude: 5.12 }, landmarkPlaces[index] ?? landmarkAt0) - 60_000] }
      : undefined,
}
const landmarkAt0 = { latitude: 0, longitude: 0 }

describe('assumptions that are not met', () => {
  it('leave the key where it may be: relay not excluded, the subject is the key', async () => {
    const evidence = await verifyUnconfined(createLocationScenario(world))
    const result = appraiseLocation({ evidence, territories, policy })
    expect(codes(result)).toContain('location/relay-not-excluded')
    expect(result.claims).toMatchObject({
      subject: 'session-key',
      assurance: { name: 'device-and-timing', level: 4, relay: 'not-excluded' },
    })
  })

  it('can be waived by name and reason, and then warn', async () => {
    const { result } = await judge({}, { isNonceFresh: { waivedBecause: 'a single, manual run' } })
    expect(result.verdict).toBe('pass')
    expect(result.tier).toBe('warning')
    expect(result.checks.find(({ id }) => id === 'nonce')).toMatchObject({
      outcome: 'waived',
      reason: 'a single, manual run',
      failures: [{ code: 'location/nonce-unchecked' }],
    })
  })

  it('count a waiver only with a reason, and never for the question itself', async () => {
    const asked = {
      inside: ['JP'],
      maxAgeSeconds: 1,
      waivers: [
        { check: 'inside', reason: 'we know better' },
        { check: 'quorum', reason: 'we know better' },
        { check: 'agent', reason: ' ' },
      ],
      agentMeasurements: [],
    } as const
    const { result } = await judge({}, {}, asked)
    expect([outcome(result, 'inside'), outcome(result, 'quorum'), outcome(result, 'agent')]).toEqual([
      'indeterminate',
      'fail',
      'fail',
    ])
  })

  it('include a machine that may move', async () => {
    const { result } = await judge(
      {},
      { confidentialVm: async (request) => ({ ...(await soundMachine()(request)), migratable: true }) },
    )
    expect(codes(result)).toContain('location/migratable')
    expect(result.claims?.subject).toBe('session-key')
  })

  it('make an empty region name the landmarks that conflict', async () => {
    const { evidence, result } = await judge({ measurement: (i) => (i >= 2 ? { rttNs: [100_000] } : undefined) })
    const [failure] = result.failures
    expect(failure?.code).toBe('location/inconsistent-measurements')
    const ids = evidence.measurements.map(({ landmark }) => landmark)
    const named = failure?.code === 'location/inconsistent-measurements' ? failure.details.conflicts.flat() : []
    expect(named.length).toBeGreaterThan(1)
    for (const id of named) expect(ids).toContain(id)
    expect(result.claims?.predicates.map(({ result: answer, basis }) => `${answer} ${basis}`)).toContain(
      'undecided fibre',
    )
  })

  it('let an endorsed minimum shrink discs, and refuse one longer than the round trip', async () => {
    const area = async (endorsedMinProcessingNs: number): Promise<LocationResult> =>
      (await judge({}, {}, { endorsedMinProcessingNs })).result
    const none = await area(0)
    const some = await area(50_000)
    expect(some.claims?.bounds?.fibre.areaKm2).toBeLessThan(none.claims?.bounds?.fibre.areaKm2 ?? 0)
    const absurd = await area(1_000_000_000)
    expect(codes(absurd)).toContain('location/processing-time')
    expect(codes(absurd)).toContain('location/quorum')
  })

  it('let discs grow with age where the policy says how fast a machine may travel', async () => {
    const still = (await judge()).result
    const moving = (await judge({}, {}, { growthMetersPerSecond: 250 })).result
    expect(moving.claims?.bounds?.vacuum.areaKm2).toBeGreaterThan(still.claims?.bounds?.vacuum.areaKm2 ?? 0)
  })

  it('are proofs: copies are refused', async () => {
    const evidence = await verifyScenario(createLocationScenario(world))
    expect(() => appraiseLocation({ evidence: { ...evidence }, territories, policy })).toThrow(TypeError)
    expect(() => appraiseLocation({ territories, policy })).toThrow(TypeError)
  })
})
