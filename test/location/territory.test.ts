import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { intersectDiscs } from '../../src/location/geometry/intersection.js'
import type { Disc, Region } from '../../src/location/geometry/region.js'
import { angle, earthRadiusMeters, fromDegrees } from '../../src/location/geometry/vector.js'
import { type TerritorySet, territorySet } from '../../src/location/territory.js'
import { insideLines } from '../../src/location/territory-interior.js'
import { boundaryLine } from '../../src/location/territory-line.js'
import { areaCap, type TerritoryArea, type TerritoryMap } from '../../src/location/territory-map.js'
import { AttestationError } from '../../src/result/error.js'

type Corner = readonly [longitude: number, latitude: number]

function line(...corners: readonly Corner[]) {
  return boundaryLine(Float64Array.from(corners.flatMap(([longitude, latitude]) => fromDegrees(latitude, longitude))))
}

/**
 * Two squares of 10° with the shared border at 0° E, an enclave in the western one, an island that is a single point, and
 * a claim of AA and BB laid over the eastern end of BB.
 *
 *   AA: 10° W to 0°, 0° to 10° N, without CC: 6° W to 4° W, 4° N to 6° N        BB: 0° to 10° E        DD: a point
 */
const lines = [
  line([0, 0], [0, 10]),
  line([0, 10], [-10, 10], [-10, 0], [0, 0]),
  line([0, 10], [10, 10], [10, 0], [0, 0]),
  line([-6, 4], [-4, 4], [-4, 6], [-6, 6], [-6, 4]),
  line([30, 5]),
  line([8, -1], [11, -1], [11, 11], [8, 11], [8, -1]),
]
const areas: readonly TerritoryArea[] = [
  { codes: ['AA'], kind: 'land', lines: [0, 1, 3] },
  { codes: ['BB'], kind: 'land', lines: [0, 2] },
  { codes: ['CC'], kind: 'land', lines: [3] },
  { codes: ['DD'], kind: 'land', lines: [4] },
  { codes: ['AA', 'BB'], kind: 'claim', name: 'East End', lines: [5] },
]
const map: TerritoryMap = { name: 'test', errorMeters: 1000, lines, areas, withoutLand: [], dividesLand: true }
const world = territorySet([map])

function disc(latitude: number, longitude: number, km: number, group = 'a'): Disc {
  return { center: fromDegrees(latitude, longitude), radiusMeters: km * 1000, group }
}

function region(...discs: readonly Disc[]): Region {
  return intersectDiscs({ discs, faultTolerance: 0 })
}

function codeOf(action: () => unknown): readonly [string, string] {
  try {
    action()
  } catch (error) {
    if (error instanceof AttestationError) return [error.code, error.at]
    throw error
  }
  throw new Error('nothing thrown')
}

describe('possible', () => {
  test.each([
    ['well inside a territory', disc(2, -2, 50), ['AA']],
    ['inside an enclave', disc(5, -5, 50), ['CC']],
    ['around an enclave', disc(5, -5, 300), ['AA', 'CC']],
    ['across a border', disc(5, 0.1, 50), ['AA', 'BB']],
    ['around everything', disc(5, 0, 6000), ['AA', 'BB', 'CC', 'DD']],
    ['around an island of one point', disc(5.2, 30.1, 40), ['DD']],
    ['short of that island by more than the error', disc(5, 30.5, 54), []],
    ['short of it by less than the error', disc(5, 30.5, 54.7), ['DD']],
    ['at sea', disc(-20, 100, 500), []],
    ['under a claim', disc(5, 9.5, 20), ['AA', 'BB']],
    ['at sea under a claim', disc(-0.5, 9.5, 5), ['AA', 'BB']],
    ['on the other side of the globe', disc(-5, -175, 2000), []],
  ])('%s', (_, place, codes) => {
    expect(world.possible(region(place))).toEqual(codes)
  })

  test('uses every disc, not only one', () => {
    const first = disc(5, -9, 1100)
    const second = disc(5, -25, 1800, 'b')
    expect(world.possible(region(first))).toContain('BB')
    expect(world.possible(region(first, second))).toEqual(['AA'])
  })

  test('a ring-shaped region meets what crosses the ring, not what lies in its hole', () => {
    // The complement of a disc around the enclave, within a larger disc: both circles bound the region.
    const antipodal = { center: fromDegrees(-5, 175), radiusMeters: Math.PI * earthRadiusMeters - 200_000, group: 'b' }
    expect(world.possible(region(disc(5, -5, 300), antipodal))).toEqual(['AA'])
  })

  test('names the disputed areas behind the codes', () => {
    expect(world.areas(region(disc(5, 9.5, 20))).map((area) => area.name)).toContain('East End')
  })

  test('an empty region and the whole globe rule nothing out and prove nothing', () => {
    const empty = region(disc(0, 0, 10), disc(0, 90, 10, 'b'))
    const everywhere = region(disc(0, 0, 30_000))
    expect(empty.kind).toBe('empty')
    expect(everywhere.kind).toBe('everywhere')
    for (const unknown of [empty, everywhere]) {
      expect(world.possible(unknown)).toEqual(['AA', 'BB', 'CC', 'DD'])
      expect(world.inside(unknown, ['AA', 'BB', 'CC', 'DD'], 'ignored')).toBe('undecided')
      expect(world.outside(unknown, ['AA'])).toBe('undecided')
      expect(world.sea(unknown)).toBe('possible')
    }
  })
})

describe('inside and outside', () => {
  test.each([
    // place, codes, inside with the sea ignored, with the sea counted, outside
    ['well inside', disc(2, -2, 50), ['AA'], 'proved', 'proved', 'refuted'],
    ['well inside another', disc(2, -2, 50), ['BB'], 'refuted', 'refuted', 'proved'],
    ['around an enclave', disc(5, -5, 300), ['AA'], 'undecided', 'undecided', 'undecided'],
    ['enclave and its surroundings', disc(5, -5, 300), ['AA', 'CC'], 'proved', 'proved', 'refuted'],
    ['across the border of both', disc(5, 0.1, 50), ['AA', 'BB'], 'proved', 'proved', 'refuted'],
    ['across the border of one', disc(5, 0.1, 50), ['AA'], 'undecided', 'undecided', 'undecided'],
    ['on a coast', disc(0.2, -2, 50), ['AA'], 'proved', 'undecided', 'undecided'],
    ['at sea', disc(-20, 100, 500), ['AA'], 'refuted', 'refuted', 'proved'],
    ['under a claim, one claimant', disc(5, 9, 20), ['BB'], 'undecided', 'undecided', 'undecided'],
    ['under a claim, the other claimant', disc(5, 9, 20), ['AA'], 'undecided', 'undecided', 'undecided'],
    ['under a claim, both', disc(5, 9, 20), ['AA', 'BB'], 'proved', 'proved', 'refuted'],
    ['island of one point', disc(5, 30, 40), ['DD'], 'proved', 'undecided', 'undecided'],
  ] as const)('%s', (_, place, codes, ignored, counted, outside) => {
    const where = region(place)
    expect(world.inside(where, codes, 'ignored')).toBe(ignored)
    expect(world.inside(where, codes, 'counted')).toBe(counted)
    expect(world.outside(where, codes)).toBe(outside)
  })

  test('a coast closer than the error counts as reached', () => {
    // The southern shore is the equator.
    const reach = (meters: number) =>
      region({ ...disc(1, -2, 0), radiusMeters: earthRadiusMeters * (Math.PI / 180) - meters })
    expect(world.inside(reach(1100), ['AA'], 'counted')).toBe('proved')
    expect(world.inside(reach(900), ['AA'], 'counted')).toBe('undecided')
  })

  test('a code without land is never proved either way', () => {
    const set = territorySet([{ ...map, withoutLand: ['ZZ'] }])
    const where = region(disc(2, -2, 50))
    expect(set.possible(where)).toEqual(['AA', 'ZZ'])
    expect(set.outside(where, ['ZZ'])).toBe('undecided')
    expect(set.outside(where, ['BB'])).toBe('proved')
    expect(set.inside(where, ['AA'], 'ignored')).toBe('undecided')
    expect(set.inside(where, ['AA', 'ZZ'], 'ignored')).toBe('proved')
    expect(set.inside(where, ['ZZ'], 'ignored')).toBe('undecided')
  })

  test('a caller’s area is proved by being within it, and excludes nothing else', () => {
    const park = line([-3, 1], [-1, 1], [-1, 3], [-3, 3], [-3, 1])
    const own = { codes: ['park'], kind: 'land' as const, lines: [0] }
    const drawn = { name: 'park', errorMeters: 0, lines: [park], areas: [own], withoutLand: [], dividesLand: false }
    const set = territorySet([map, drawn])
    const where = region(disc(2, -2, 50))
    expect(set.possible(where)).toEqual(['AA', 'park'])
    expect(set.inside(where, ['park'], 'counted')).toBe('proved')
    expect(set.inside(where, ['park'], 'ignored')).toBe('proved')
    expect(set.inside(where, ['AA'], 'counted')).toBe('proved')
    expect(set.inside(region(disc(2, -2, 120)), ['park'], 'ignored')).toBe('undecided')
    expect(set.outside(region(disc(5, -5, 50)), ['park'])).toBe('proved')
    expect(set.maps.map((entry) => entry.name)).toEqual(['test', 'park'])
  })

  test('unknown codes and empty lists are refused', () => {
    const where = region(disc(2, -2, 50))
    expect(codeOf(() => world.outside(where, ['AA', 'UK']))).toEqual(['location/unknown-territory', 'codes[1]'])
    expect(codeOf(() => world.inside(where, ['aa'], 'ignored'))).toEqual(['location/unknown-territory', 'codes[0]'])
    expect(codeOf(() => world.outside(where, []))).toEqual(['location/no-territory', 'codes'])
    expect(codeOf(() => world.inside(where, [], 'ignored'))).toEqual(['location/no-territory', 'codes'])
  })
})

describe('properties', () => {
  // Hundredths of integers: fc.double favours numbers next to zero, where little happens.
  const between = (min: number, max: number): fc.Arbitrary<number> =>
    fc.integer({ min: min * 100, max: max * 100 }).map((value) => value / 100)
  const place = fc.record({ latitude: between(-15, 25), longitude: between(-25, 40), km: between(1, 2500) })
  const local = fc.record({ latitude: between(-1, 11), longitude: between(-11, 11), km: between(50, 500) })
  const discs = fc.array(fc.oneof(place, local), { minLength: 1, maxLength: 5 })
  const asDiscs = (places: readonly { latitude: number; longitude: number; km: number }[], factor = 1) =>
    places.map(({ latitude, longitude, km }, index) => disc(latitude, longitude, km * factor, `g${index}`))

  /** Membership from the definition of the squares, an oracle without polygons; undefined too near to an edge. */
  function codesAt(longitude: number, latitude: number): readonly string[] | undefined {
    // Great-circle edges bulge at most 0.04° beyond the parallels.
    const near = (value: number, edge: number): boolean => Math.abs(value - edge) < 0.05
    const fromEnclave = Math.max(Math.abs(longitude + 5), Math.abs(latitude - 5))
    if (near(latitude, 0) || near(latitude, 10) || near(fromEnclave, 1)) return undefined
    if ([-10, 0, 10].some((edge) => near(longitude, edge))) return undefined
    if (fromEnclave < 1) return ['CC']
    if (latitude < 0 || latitude > 10 || Math.abs(longitude) > 10) return []
    return longitude < 0 ? ['AA'] : ['BB']
  }

  const samples = Array.from({ length: 4000 }, (_, index) => {
    const longitude = -10.5 + 21 * ((index * 0.7548776662466927) % 1)
    const latitude = -0.5 + 11 * ((index * 0.5698402909980532) % 1)
    const codes = codesAt(longitude, latitude)
    return codes === undefined ? [] : [{ point: fromDegrees(latitude, longitude), codes }]
  }).flat()

  test.each([0, 1])('no sampled point of the region contradicts an answer (%i faults)', (faultTolerance) => {
    let seaExcluded = 0
    fc.assert(
      fc.property(discs, (places) => {
        const where = intersectDiscs({ discs: asDiscs(places), faultTolerance })
        if (where.kind === 'empty') return
        const possible = world.possible(where)
        const points = samples.filter(({ point }) => where.contains(point))
        for (const { codes } of points) expect(possible).toEqual(expect.arrayContaining([...codes]))
        if (world.sea(where) !== 'excluded') return
        seaExcluded++
        for (const { codes } of points) expect(codes).not.toEqual([])
      }),
      { numRuns: 200, seed: 11 },
    )
    expect(seaExcluded).toBeGreaterThan(0)
  })

  test('the enclave is possible only within reach of the disc', () => {
    const enclave = samples.filter(({ codes }) => codes.includes('CC'))
    const spacingMeters = 60_000
    fc.assert(
      fc.property(place, ({ latitude, longitude, km }) => {
        const center = fromDegrees(latitude, longitude)
        const nearestMeters = Math.min(...enclave.map(({ point }) => angle(point, center))) * earthRadiusMeters
        const possible = world.possible(region(disc(latitude, longitude, km))).includes('CC')
        if (possible) expect(nearestMeters).toBeLessThan(km * 1000 + spacingMeters)
        else expect(nearestMeters).toBeGreaterThan(km * 1000)
      }),
      { numRuns: 200, seed: 12 },
    )
  })

  test('a larger region never rules out more, and never proves more', () => {
    const proved = (set: TerritorySet, where: Region): number =>
      [['AA'], ['BB'], ['CC'], ['AA', 'CC'], ['AA', 'BB', 'CC']].filter(
        (codes) => set.inside(where, codes, 'counted') === 'proved',
      ).length
    fc.assert(
      fc.property(discs, between(1, 1.5), (places, factor) => {
        const small = region(...asDiscs(places))
        if (small.kind === 'empty') return
        const large = region(...asDiscs(places, factor))
        expect(world.possible(large)).toEqual(expect.arrayContaining([...world.possible(small)]))
        expect(proved(world, large)).toBeLessThanOrEqual(proved(world, small))
      }),
      { numRuns: 200, seed: 13 },
    )
  })
})

describe('interior', () => {
  test('does not depend on the direction of a ring', () => {
    const ring: readonly Corner[] = [
      [20, 20],
      [30, 20],
      [30, 30],
      [20, 30],
      [20, 20],
    ]
    for (const corners of [ring, [...ring].reverse()]) {
      expect(insideLines([line(...corners)], fromDegrees(25, 25))).toBe(true)
      expect(insideLines([line(...corners)], fromDegrees(55.676, 12.568))).toBe(false)
      expect(insideLines([line(...corners)], fromDegrees(-25, -155))).toBe(false)
    }
  })

  test('crosses the antimeridian without painting the rest of the parallel', () => {
    const ring = line([179, -18], [-179, -18], [-179, -16], [179, -16], [179, -18])
    expect(insideLines([ring], fromDegrees(-17, 179.99))).toBe(true)
    expect(insideLines([ring], fromDegrees(-17, -179.5))).toBe(true)
    expect(insideLines([ring], fromDegrees(-17, 0))).toBe(false)
    expect(insideLines([ring], fromDegrees(-17, 178))).toBe(false)
  })

  test('a ring around the south pole contains it, and its area cap contains the pole', () => {
    const corners = Array.from({ length: 37 }, (_, index): Corner => [((index * 10 + 180) % 360) - 180, -70])
    const ring = line(...corners)
    expect(insideLines([ring], fromDegrees(-90, 0))).toBe(true)
    expect(insideLines([ring], fromDegrees(-80, 123))).toBe(true)
    expect(insideLines([ring], fromDegrees(-60, 123))).toBe(false)
    const cap = areaCap({ codes: ['QQ'], kind: 'land', lines: [0] }, [ring])
    expect(angle(cap.center, fromDegrees(-90, 0))).toBeLessThan(cap.radiusRad)
  })

  test('an area that reaches round the globe has the globe as its cap', () => {
    // A belt below 60° N all round: everything south of it is inside.
    const corners = Array.from({ length: 37 }, (_, index): Corner => [((index * 10 + 180) % 360) - 180, 60])
    const belt = { codes: ['QQ'], kind: 'land' as const, lines: [0] }
    const ring = line(...corners)
    expect(areaCap(belt, [ring]).radiusRad).toBe(Math.PI)
    const set = territorySet([{ ...map, lines: [ring], areas: [belt] }])
    expect(set.inside(region(disc(-60, 20, 500)), ['QQ'], 'counted')).toBe('proved')
    expect(set.outside(region(disc(80, 20, 500)), ['QQ'])).toBe('proved')
  })
})
