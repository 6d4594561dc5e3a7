// No honest answer turns into a proof by delay, by leaving measurements out, by tolerating more, or by knowing less.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { appraiseLocation, type LocationResult } from '../../src/appraise/location.js'
import type { Landmark, LandmarkDirectory } from '../../src/location/directory.js'
import type { LandmarkMeasurement, LocationEvidence } from '../../src/location/evidence.js'
import { intersectDiscs } from '../../src/location/geometry/intersection.js'
import { fromDegrees } from '../../src/location/geometry/vector.js'
import { type LocationPolicy, strictLocationPolicy } from '../../src/location/policy.js'
import { markVerified, type Verified } from '../../src/result/proof.js'
import { distanceKm } from '../../src/testing/location.js'
import { evenly } from './geometry/scene.js'
import { territories } from './scenario.js'

interface Spec {
  readonly latitude: number
  readonly longitude: number
  readonly operator: string
  readonly autonomousSystem: number | undefined
  readonly extraNs: number
  readonly uncertaintyMeters: number
  readonly clockErrorPpm: number
  /** In the directory, but not in the bundle. */
  readonly leftOut?: boolean
}

interface Scene {
  readonly truth: { readonly latitude: number; readonly longitude: number }
  readonly specs: readonly Spec[]
}

const jitter = evenly(-3, 3)

/** Machines in and around Europe, landmarks within a few hundred kilometres, round trips that are honest and not much more. */
const anyScene: fc.Arbitrary<Scene> = fc
  .record({
    truth: fc.record({ latitude: evenly(40, 60), longitude: evenly(-8, 30) }),
    around: fc.array(
      fc.record({
        north: jitter,
        east: jitter,
        operator: fc.integer({ min: 0, max: 5 }),
        autonomousSystem: fc.constantFrom(undefined, 64500, 64501, 64502, 64503, 64504, 64505),
        extraNs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 2_000_000 })),
        uncertaintyMeters: fc.integer({ min: 0, max: 20_000 }),
        clockErrorPpm: fc.integer({ min: 0, max: 200 }),
      }),
      { minLength: 3, maxLength: 8 },
    ),
  })
  .map(({ truth, around }) => ({
    truth,
    specs: around.map(({ north, east, operator, ...rest }) => ({
      latitude: truth.latitude + north,
      longitude: truth.longitude + east,
      operator: `operator ${operator}`,
      ...rest,
    })),
  }))

/** As short as light in fibre can be, and `extraNs`. */
function evidenceOf({ truth, specs }: Scene): Verified<LocationEvidence> {
  const rtt = (spec: Spec): number => Math.ceil((distanceKm(truth, spec) * 2 * 1e9) / 199_861) + 1000 + spec.extraNs
  const landmarks = specs.map(
    (spec, index): Landmark => ({
      id: `landmark ${index}`,
      key: {
        publicKey: { kind: 'ed25519', point: new Uint8Array(32) },
        algorithm: 'ed25519',
        jwkThumbprint: new Uint8Array(32),
        coseThumbprint: new Uint8Array(32),
      },
      latitudeDegrees: spec.latitude,
      longitudeDegrees: spec.longitude,
      position: fromDegrees(spec.latitude, spec.longitude),
      positionUncertaintyMeters: spec.uncertaintyMeters,
      operator: spec.operator,
      autonomousSystem: spec.autonomousSystem,
      country: undefined,
      status: 'active',
      notBefore: 0,
      notAfter: 2_000_000_000,
      clockErrorPpm: spec.clockErrorPpm,
      positionBasis: 'endorsement',
    }),
  )
  const measured = specs.map(
    (spec, index): LandmarkMeasurement => ({
      landmark: `landmark ${index}`,
      landmarkIndex: index,
      operator: spec.operator,
      tokenId: String(index),
      rttMinNs: rtt(spec),
      sent: 1,
      received: 1,
      responder: 'session-key',
      answeredBy: [],
      positionUncertaintyMeters: spec.uncertaintyMeters,
      window: [1_768_000_000, 1_768_000_001],
      clockErrorMs: 0,
      timestampSource: 'kernel',
      medium: 'unknown',
      audited: false,
    }),
  )
  const measurements = measured.filter(({ landmarkIndex }) => specs[landmarkIndex]?.leftOut !== true)
  const directory = markVerified<LandmarkDirectory>({
    digest: new Uint8Array(32),
    id: 'directory',
    issuer: 'authority',
    issuedAt: 0,
    expiresAt: 2_000_000_000,
    landmarks,
    mesh: [],
  })
  return markVerified<LocationEvidence>({
    kind: 'measurements',
    devices: [{ ueid: '1', digest: '00' }],
    audience: 'verifier',
    sessionKey: 'key',
    directory,
    measurements,
    rejected: [],
    unreachable: [],
    nonceUse: { kind: 'fresh' },
    bracket: 'both',
    confidentialVm: { agentMeasurement: 'agent', migratable: false, bootId: 'boot' },
    claimed: undefined,
    verifiedAt: new Date(1_768_000_600_000),
  })
}

const questions: fc.Arbitrary<Partial<LocationPolicy>> = fc.record({
  inside: fc.constantFrom(['DE', 'FR', 'NL', 'BE', 'LU', 'CH', 'AT', 'PL', 'CZ'], ['DE'], ['FR', 'ES']),
  outside: fc.constantFrom(['RU', 'BY'], ['DE'], ['CN', 'IR', 'KP']),
  sea: fc.constantFrom('ignored', 'counted'),
  speed: fc.constantFrom('fibre', 'vacuum'),
  faultTolerance: fc.integer({ min: 0, max: 1 }),
  minOperators: fc.constantFrom(2),
  faultClass: fc.constantFrom('operator', 'operator', 'autonomous-system'),
})

/** What the choice of landmarks may be held to, besides. */
const diversity: fc.Arbitrary<Partial<LocationPolicy>> = fc.record(
  { minAutonomousSystems: fc.integer({ min: 1, max: 4 }), maxAzimuthGapDegrees: fc.integer({ min: 90, max: 359 }) },
  { requiredKeys: [] },
)

/** To set the sea aside is to assume that the device stands on land: nothing is promised where that is false. */
function askable({ truth }: Scene, asked: Partial<LocationPolicy>): Partial<LocationPolicy> {
  const center = fromDegrees(truth.latitude, truth.longitude)
  const place = intersectDiscs({ discs: [{ center, radiusMeters: 0, group: 'truth' }], faultTolerance: 0 })
  return territories.areas(place).length > 0 ? asked : { ...asked, sea: 'counted' }
}

function appraise(scene: Scene, asked: Partial<LocationPolicy>): LocationResult {
  const policy = { ...strictLocationPolicy, agentMeasurements: ['agent'], ...asked }
  return appraiseLocation({ evidence: evidenceOf(scene), territories, policy })
}

const proofs = ({ claims }: LocationResult): readonly string[] =>
  (claims?.predicates ?? []).flatMap(({ kind, result, basis }) => (result === 'proved' ? [`${kind} ${basis}`] : []))

/** What an attacker, bad luck or caution may do to a scene. */
type Change = (scene: Scene, asked: Partial<LocationPolicy>) => readonly [Scene, Partial<LocationPolicy>]

const changes: fc.Arbitrary<readonly [string, Change]> = fc.oneof(
  fc
    .array(fc.integer({ min: 0, max: 8_000_000 }), { minLength: 8, maxLength: 8 })
    .map(
      (delays) =>
        [
          'delay',
          ({ truth, specs }, asked) => [
            { truth, specs: specs.map((spec, i) => ({ ...spec, extraNs: spec.extraNs + (delays[i] ?? 0) })) },
            asked,
          ],
        ] as const satisfies readonly [string, Change],
    ),
  fc
    .array(fc.boolean(), { minLength: 8, maxLength: 8 })
    .map(
      (kept) =>
        [
          'drop',
          ({ truth, specs }, asked) => [
            { truth, specs: specs.map((spec, i) => ({ ...spec, leftOut: kept[i] !== true })) },
            asked,
          ],
        ] as const satisfies readonly [string, Change],
    ),
  fc
    .integer({ min: 1, max: 3 })
    .map(
      (more) =>
        [
          'tolerance',
          (scene, asked) => [scene, { ...asked, faultTolerance: (asked.faultTolerance ?? 0) + more }],
        ] as const satisfies readonly [string, Change],
    ),
  fc
    .integer({ min: 0, max: 200_000 })
    .map(
      (meters) =>
        [
          'uncertainty',
          ({ truth, specs }, asked) => [
            { truth, specs: specs.map((spec) => ({ ...spec, uncertaintyMeters: spec.uncertaintyMeters + meters })) },
            asked,
          ],
        ] as const satisfies readonly [string, Change],
    ),
  fc
    .integer({ min: 0, max: 9_000 })
    .map(
      (ppm) =>
        [
          'clock',
          ({ truth, specs }, asked) => [
            { truth, specs: specs.map((spec) => ({ ...spec, clockErrorPpm: spec.clockErrorPpm + ppm })) },
            asked,
          ],
        ] as const satisfies readonly [string, Change],
    ),
  fc
    .integer({ min: 1, max: 900 })
    .map(
      (speed) =>
        ['growth', (scene, asked) => [scene, { ...asked, growthMetersPerSecond: speed }]] as const satisfies readonly [
          string,
          Change,
        ],
    ),
)

describe('an honest scene', () => {
  it('never gets a proof, or a pass, from a change that can only take knowledge away', () => {
    const reached = new Set<string>()
    fc.assert(
      fc.property(anyScene, questions, changes, (scene, question, [name, change]) => {
        const asked = askable(scene, question)
        const before = appraise(scene, asked)
        const after = appraise(...change(scene, asked))
        for (const proof of proofs(after)) expect(proofs(before)).toContain(proof)
        if (before.verdict === 'fail') expect(after.verdict).toBe('fail')
        if (proofs(before).length > proofs(after).length) reached.add(name)
      }),
      { numRuns: 250, seed: 11 },
    )
    // The changes bite: each took a proof away at least once (1 % of a clock rarely does).
    expect([...reached].filter((name) => name !== 'clock').sort()).toEqual([
      'delay',
      'drop',
      'growth',
      'tolerance',
      'uncertainty',
    ])
  })

  it('is answered the same under demands for diversity, which can only refuse', () => {
    const verdicts = new Set<string>()
    fc.assert(
      fc.property(anyScene, questions, diversity, (scene, asked, demands) => {
        const without = appraise(scene, asked)
        const under = appraise(scene, { ...asked, ...demands })
        expect(under.claims?.predicates).toEqual(without.claims?.predicates)
        expect(under.claims?.bounds?.fibre.areaKm2).toBe(without.claims?.bounds?.fibre.areaKm2)
        if (without.verdict === 'fail') expect(under.verdict).toBe('fail')
        verdicts.add(`${without.verdict} ${under.verdict}`)
      }),
      { numRuns: 160, seed: 13 },
    )
    expect([...verdicts].sort()).toEqual(['fail fail', 'pass fail', 'pass pass'])
  })

  it('is told less, never more, where the faults of a network count as one', () => {
    const lost = new Set<boolean>()
    fc.assert(
      fc.property(anyScene, questions, (scene, question) => {
        const asked = { ...askable(scene, question), faultClass: 'operator' } as const
        const operators = appraise(scene, asked)
        const networks = appraise(scene, { ...asked, faultClass: 'autonomous-system' })
        for (const proof of proofs(networks)) expect(proofs(operators)).toContain(proof)
        if (operators.verdict === 'fail') expect(networks.verdict).toBe('fail')
        lost.add(proofs(networks).length < proofs(operators).length)
      }),
      { numRuns: 120, seed: 14 },
    )
    expect(lost).toEqual(new Set([true, false]))
  })

  it('is never proved to be where it is not', () => {
    fc.assert(
      fc.property(anyScene, questions, (scene, asked) => {
        const { claims } = appraise(scene, asked)
        const here = fromDegrees(scene.truth.latitude, scene.truth.longitude)
        expect(claims?.bounds?.fibre.region.contains(here)).toBe(true)
        expect(claims?.bounds?.vacuum.region.contains(here)).toBe(true)
        for (const { kind, result, basis } of claims?.predicates ?? [])
          if (basis === 'fibre' && result === 'proved')
            // What is proved at two thirds of the speed of light may be undecided at all of it, but never refuted.
            expect(claims?.predicates.find((one) => one.kind === kind && one.basis === 'vacuum')?.result).not.toBe(
              'refuted',
            )
      }),
      { numRuns: 120, seed: 12 },
    )
  })
})
