import fc from 'fast-check'
import geodesic from 'geographiclib-geodesic'
import { describe, expect, it } from 'vitest'
import { intersectDiscs } from '../../src/location/geometry/intersection.js'
import { discRadiusMeters, speedOfLightMetersPerSecond } from '../../src/location/geometry/radius.js'
import type { Region } from '../../src/location/geometry/region.js'
import { fromDegrees } from '../../src/location/geometry/vector.js'
import { type LandmarkPlanInput, type PlannedLandmark, planLandmarks } from '../../src/location/planner.js'
import { territorySet } from '../../src/location/territory.js'
import { AttestationError } from '../../src/result/error.js'
import { capTerritory, loadTerritories } from '../../src/territories/index.js'

const world = loadTerritories()

/** A round land of 200 km around 50°N 10°E, alone on its map. */
const round = territorySet([capTerritory({ code: 'round', latitudeDeg: 50, longitudeDeg: 10, radiusMeters: 200_000 })])
const middle = { latitudeDeg: 50, longitudeDeg: 10 }
const inRound = { kind: 'inside', codes: ['round'], sea: 'counted' } as const

function landmark(name: string, latitudeDeg: number, longitudeDeg: number, more = {}): PlannedLandmark {
  return { name, operator: name, latitudeDeg, longitudeDeg, positionUncertaintyMeters: 0, clockErrorPpm: 0, ...more }
}

const around: readonly PlannedLandmark[] = [
  landmark('north', 50.9, 10),
  landmark('east', 50, 11.4),
  landmark('south', 49.1, 10.2),
  landmark('west', 50.1, 8.5),
  landmark('far', 40, -74),
]

function plan(input: Partial<LandmarkPlanInput>) {
  return planLandmarks({
    territories: round,
    predicate: inRound,
    landmarks: around,
    speed: 'vacuum',
    faultTolerance: 0,
    sites: [middle],
    ...input,
  })
}

/** What a verifier would draw from these round trips. */
function draw(
  landmarks: readonly PlannedLandmark[],
  rtts: readonly number[],
  speed: 'vacuum' | 'fibre',
  faultTolerance: number,
): Region {
  const discs = landmarks.map(({ latitudeDeg, longitudeDeg, operator, ...bounds }, index) => ({
    center: fromDegrees(latitudeDeg, longitudeDeg),
    group: operator,
    radiusMeters: discRadiusMeters({ ...bounds, rttNs: rtts[index] ?? 0, speed }),
  }))
  return intersectDiscs({ discs, faultTolerance })
}

function failureOf(run: () => unknown): readonly [string, string] {
  try {
    run()
  } catch (error) {
    if (error instanceof AttestationError) return [error.failure.code, error.failure.at]
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('the delay one landmark may show', () => {
  const halfWayNs = (meters: number, speed: number): number => (2e9 * meters) / speed

  it('is the way to the border and back', () => {
    const [center, off] = plan({ landmarks: [landmark('center', 50, 10), landmark('off', 50.5, 10)] }).landmarks
    expect(center?.alone?.requiredRadiusMeters).toBeLessThan(200_000)
    expect(center?.alone?.requiredRadiusMeters).toBeGreaterThan(197_000)
    expect(center?.alone?.maxRttNs).toBeLessThan(halfWayNs(200_000, speedOfLightMetersPerSecond))
    expect(center?.alone?.maxRttNs).toBeGreaterThan(halfWayNs(194_000, speedOfLightMetersPerSecond))
    // Half a degree of latitude is 55.6 km.
    expect(off?.alone?.requiredRadiusMeters).toBeLessThan(144_500)
    expect(off?.alone?.requiredRadiusMeters).toBeGreaterThan(141_000)
  })

  it('is half as long again in fibre, and shorter by the uncertainties', () => {
    const alone = (input: Partial<LandmarkPlanInput>): number => plan(input).landmarks[0]?.alone?.maxRttNs ?? 0
    const vacuum = alone({ landmarks: [landmark('center', 50, 10)] })
    const fibre = alone({ landmarks: [landmark('center', 50, 10)], speed: 'fibre' })
    const unsure = alone({ landmarks: [landmark('center', 50, 10, { positionUncertaintyMeters: 50_000 })] })
    expect(fibre / vacuum).toBeCloseTo(1.5, 1)
    expect(unsure / vacuum).toBeCloseTo(0.75, 1)
  })

  it('reaches as far as the territory to be outside of', () => {
    const outside = { kind: 'outside', codes: ['round'] } as const
    const away = landmark('away', 50, 17)
    const { distance } = inverse(50, 10, 50, 17)
    const [only] = plan({
      predicate: outside,
      landmarks: [away],
      sites: [{ latitudeDeg: 50, longitudeDeg: 16.9 }],
    }).landmarks
    expect(only?.alone?.requiredRadiusMeters).toBeLessThan(distance - 200_000)
    expect(only?.alone?.requiredRadiusMeters).toBeGreaterThan(distance - 205_000)
  })

  it('does not exist where no device at the site could be as fast', () => {
    const edge = { latitudeDeg: 51.7, longitudeDeg: 10 }
    const [lone] = plan({ landmarks: [landmark('edge', 50, 10)], sites: [edge] }).landmarks
    expect(lone?.alone?.maxRttNs).toBeGreaterThan(0)
    const [none] = plan({ landmarks: [landmark('abroad', 50, 14)], sites: [edge] }).landmarks
    expect(none).toEqual({ name: 'abroad', operator: 'abroad' })
  })
})

describe('the delays a site allows', () => {
  it.each(['vacuum', 'fibre'] as const)('prove the predicate at %s, and barely', (speed) => {
    for (const faultTolerance of [0, 1]) {
      const [site] = plan({ speed, faultTolerance }).sites
      const longest = site?.landmarks.map(({ maxRttNs }) => maxRttNs ?? 0) ?? []
      expect(round.inside(draw(around, longest, speed, faultTolerance), ['round'], 'counted')).toBe('proved')
      const longer = longest.map((rttNs) => rttNs + 60_000)
      expect(round.inside(draw(around, longer, speed, faultTolerance), ['round'], 'counted')).toBe('undecided')
    }
  })

  it('hold for any shorter delays too', () => {
    const [site] = plan({ faultTolerance: 1 }).sites
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 5, maxLength: 5 }), (shares) => {
        const rtts = (site?.landmarks ?? []).map(({ minRttNs, maxRttNs = 0 }, index) =>
          Math.floor(minRttNs + (maxRttNs - minRttNs) * (shares[index] ?? 0)),
        )
        const region = draw(around, rtts, 'vacuum', 1)
        expect(region.contains(fromDegrees(50, 10))).toBe(true)
        expect(round.inside(region, ['round'], 'counted')).toBe('proved')
      }),
      { numRuns: 50 },
    )
  })

  it('start at the geodesic, never below', () => {
    const [site] = plan({}).sites
    for (const [index, { latitudeDeg, longitudeDeg }] of around.entries()) {
      const { distance } = inverse(50, 10, latitudeDeg, longitudeDeg)
      const shortest = (2e9 * distance) / speedOfLightMetersPerSecond
      expect(site?.landmarks[index]?.minRttNs).toBeGreaterThanOrEqual(shortest)
      expect(site?.landmarks[index]?.minRttNs).toBeLessThan(shortest * 1.01 + 1)
    }
  })

  it('shrink with every fault to be tolerated', () => {
    const overheads = [0, 1, 2, 3].map((faultTolerance) => plan({ faultTolerance }).sites[0]?.maxOverheadNs ?? 0)
    expect(overheads).toEqual([...overheads].sort((a, b) => b - a))
    expect(overheads[0]).toBeGreaterThan(overheads[1] ?? 0)
    const [site] = plan({}).sites
    const most = site?.maxFaultTolerance ?? -1
    expect(plan({ faultTolerance: most }).sites[0]?.reachable).toBe(true)
    expect(plan({ faultTolerance: most + 1 }).sites[0]?.reachable).toBe(false)
  })

  it('are unheard of where all operators might be wrong', () => {
    const same = [...around, landmark('near', 50.1, 10)].map((one) => ({ ...one, operator: 'one for all' }))
    const result = plan({ landmarks: same, faultTolerance: 1 })
    expect(result.operators).toEqual({ present: 1, needed: 2 })
    expect(result.sites[0]).toMatchObject({ reachable: false, maxFaultTolerance: 0, operatorsProvingAlone: 1 })
    expect(result.sites[0]?.landmarks.every((at) => at.maxRttNs === undefined)).toBe(true)
  })

  it('name the landmarks that shape the region', () => {
    const [site] = plan({}).sites
    expect(site?.landmarks.map((at) => at.shapesRegion)).toEqual([true, true, true, true, false])
  })
})

describe('one more landmark', () => {
  it('makes a verdict reachable that lacked an operator', () => {
    const lone = [landmark('center', 50, 10)]
    const result = plan({ landmarks: lone, faultTolerance: 1, candidates: [{ latitudeDeg: 50.1, longitudeDeg: 10 }] })
    expect(result.reachableSites).toBe(0)
    expect(result.candidates[0]).toMatchObject({ latitudeDeg: 50.1, reachableSites: 1 })
    expect(result.candidates[0]?.maxOverheadNs[0]).toBeGreaterThan(0)
  })

  it('never allows less, and stands best where the others leave a gap', () => {
    const three = around.slice(0, 3)
    const result = plan({ landmarks: three })
    const before = result.sites[0]?.maxOverheadNs ?? 0
    expect(result.candidates).toHaveLength(24)
    for (const candidate of result.candidates) expect(candidate.maxOverheadNs[0]).toBeGreaterThanOrEqual(before)
    const totals = result.candidates.map((candidate) => candidate.maxOverheadNs[0] ?? 0)
    expect(totals).toEqual([...totals].sort((a, b) => b - a))
    const [named] = plan({ landmarks: three, candidates: [middle, { latitudeDeg: 10, longitudeDeg: 100 }] }).candidates
    expect(named).toMatchObject(middle)
  })

  it('is of another operator, whatever the others are called', () => {
    for (const operator of ['candidate', '', 'operator candidate']) {
      const lone = [landmark('center', 50, 10, { operator })]
      expect(plan({ landmarks: lone, faultTolerance: 1, candidates: [middle] }).candidates[0]?.reachableSites).toBe(1)
    }
  })
})

describe('sites', () => {
  it('are spread over the territory if none are given', () => {
    const input = { territories: round, predicate: inRound, landmarks: around }
    const result = planLandmarks({ ...input, speed: 'vacuum', faultTolerance: 0 })
    expect(result.siteChoice).toBe('spread')
    expect(result.sites).toHaveLength(8)
    const distances = result.sites.map((site) => inverse(50, 10, site.latitudeDeg, site.longitudeDeg).distance)
    expect(Math.max(...distances)).toBeLessThan(200_000)
    expect(new Set(result.sites.map((site) => site.longitudeDeg > 10)).size).toBe(2)
    expect(new Set(result.sites.map((site) => site.latitudeDeg > 50)).size).toBe(2)
  })

  it('are none in a territory smaller than the error of its map, and none outside', () => {
    const rest = { landmarks: around, speed: 'fibre', faultTolerance: 1 } as const
    const small = planLandmarks({
      territories: world,
      predicate: { kind: 'inside', codes: ['MC'], sea: 'counted' },
      ...rest,
    })
    expect(small.sites).toEqual([])
    const outside = planLandmarks({ territories: world, predicate: { kind: 'outside', codes: ['US'] }, ...rest })
    expect(outside.sites).toEqual([])
    expect(outside.landmarks[0]?.alone?.requiredRadiusMeters).toBeGreaterThan(3_000_000)
    expect(outside.landmarks[4]?.alone).toBeUndefined()
  })

  it('say what no delay can rule out', () => {
    const berlin = { latitudeDeg: 52.52, longitudeDeg: 13.4 }
    const germany = { kind: 'inside', codes: ['DE'], sea: 'counted' } as const
    const [site] = plan({ territories: world, predicate: germany, sites: [berlin] }).sites
    expect(site?.atBest.possible).toContain('DE')
    expect(site?.atBest.possible).not.toContain('US')
    const [none] = plan({ territories: world, predicate: germany, sites: [berlin], landmarks: [] }).sites
    expect(none?.reachable).toBe(false)
    expect(none?.atBest.possible).toEqual(world.codes)
  })
})

describe('input', () => {
  const many = (count: number) => Array.from({ length: count }, () => middle)
  it.each([
    ['location/too-many-discs', 'landmarks', { landmarks: Array.from({ length: 512 }, () => landmark('x', 0, 0)) }],
    ['location/quantity', 'sites.length', { sites: many(17) }],
    ['location/quantity', 'candidates.length', { candidates: many(65) }],
    ['location/coordinate', 'sites[0].latitude', { sites: [{ latitudeDeg: 91, longitudeDeg: 0 }] }],
    ['location/coordinate', 'candidates[0].longitude', { candidates: [{ latitudeDeg: 0, longitudeDeg: 181 }] }],
    ['location/coordinate', 'landmarks[0].latitude', { landmarks: [landmark('x', Number.NaN, 0)] }],
    [
      'location/quantity',
      'landmarks[1].positionUncertaintyMeters',
      { landmarks: [landmark('x', 0, 0), landmark('y', 0, 0, { positionUncertaintyMeters: -1 })] },
    ],
    ['location/quantity', 'landmarks[0].clockErrorPpm', { landmarks: [landmark('x', 0, 0, { clockErrorPpm: 1e6 })] }],
    ['location/quantity', 'candidates[0].clockErrorPpm', { candidateClockErrorPpm: -1 }],
    ['location/quantity', 'faultTolerance', { faultTolerance: 0.5 }],
    ['location/unknown-territory', 'codes[0]', { predicate: { ...inRound, codes: ['square'] } }],
    ['location/no-territory', 'codes', { predicate: { kind: 'outside', codes: [] } }],
  ] as const)('fails with %s at %s', (code, at, input) => {
    expect(failureOf(() => plan(input))).toEqual([code, at])
  })
})

function inverse(latitude: number, longitude: number, toLatitude: number, toLongitude: number): { distance: number } {
  const { s12 } = geodesic.Geodesic.WGS84.Inverse(latitude, longitude, toLatitude, toLongitude)
  if (s12 === undefined) throw new Error('no distance')
  return { distance: s12 }
}
