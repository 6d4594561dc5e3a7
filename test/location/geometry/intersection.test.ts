import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { intersectDiscs } from '../../../src/location/geometry/intersection.js'
import type { Disc, Region } from '../../../src/location/geometry/region.js'
import { angle, earthRadiusMeters, fromDegrees, negate, type Vector3 } from '../../../src/location/geometry/vector.js'
import { AttestationError } from '../../../src/result/error.js'
import { anyPoint, evenly, honestScene, latticeInCap, latticePoints, operatorsAgainst } from './scene.js'

const sphereArea = 4 * Math.PI * earthRadiusMeters ** 2
const tolerance = fc.integer({ min: 0, max: 3 })
const lattice = latticePoints(700)

/** Where a wrong boundary would show: corners, and points pushed a little off them. */
function probes(region: Region): readonly Vector3[] {
  return [...region.vertices, ...region.caps.map((cap) => cap.center), ...lattice]
}

function disc(latitude: number, longitude: number, radiusKm: number, group = `${latitude},${longitude}`): Disc {
  return { center: fromDegrees(latitude, longitude), radiusMeters: radiusKm * 1000, group }
}

function refusal(run: () => unknown): { readonly code: string; readonly at: string } {
  try {
    run()
  } catch (error) {
    if (error instanceof AttestationError) return { code: error.code, at: error.at }
    throw error
  }
  throw new Error('accepted')
}

describe('what a region is', () => {
  it('contains exactly the points that at most f operators speak against', () => {
    fc.assert(
      fc.property(honestScene(24), tolerance, ({ discs }, faultTolerance) => {
        const region = intersectDiscs({ discs, faultTolerance })
        for (const point of lattice) {
          if (operatorsAgainst(discs, point) <= faultTolerance) expect(region.contains(point)).toBe(true)
          else if (operatorsAgainst(discs, point, 0.03) > faultTolerance) expect(region.contains(point)).toBe(false)
        }
      }),
      { numRuns: 100 },
    )
  })

  it('never loses the truth when at most f operators lie, however they lie', () => {
    const lies = fc.array(fc.record({ center: anyPoint, radiusMeters: evenly(0, 2e7) }), {
      maxLength: 12,
    })
    fc.assert(
      fc.property(honestScene(24), lies, tolerance, ({ truth, discs }, forged, faultTolerance) => {
        const lying = forged.map((lie, i) => ({ ...lie, group: `liar ${i % Math.max(faultTolerance, 1)}` }))
        const region = intersectDiscs({ discs: faultTolerance === 0 ? discs : [...discs, ...lying], faultTolerance })
        expect(region.kind).not.toBe('empty')
        expect(region.contains(truth)).toBe(true)
        if (region.kind === 'empty') return
        expect(angle(region.enclosingCap.center, truth)).toBeLessThanOrEqual(region.enclosingCap.radiusRad)
      }),
      { numRuns: 400 },
    )
  })

  it('does not shrink when delay is added, discs are dropped or the tolerance is raised', () => {
    const change = fc.record({
      grow: fc.array(evenly(0, 3e6), { minLength: 24, maxLength: 24 }),
      keep: fc.array(fc.boolean(), { minLength: 24, maxLength: 24 }),
      raise: fc.integer({ min: 0, max: 2 }),
    })
    fc.assert(
      fc.property(honestScene(24), tolerance, change, ({ discs }, faultTolerance, { grow, keep, raise }) => {
        const before = intersectDiscs({ discs, faultTolerance })
        const after = intersectDiscs({
          discs: discs
            .map((one, i) => ({ ...one, radiusMeters: one.radiusMeters + (grow[i] ?? 0) }))
            .filter((_, i) => keep[i]),
          faultTolerance: faultTolerance + raise,
        })
        for (const point of probes(before)) if (before.contains(point)) expect(after.contains(point)).toBe(true)
        // Rounding grows with the rank of a disc: some micrometres along a boundary of some thousand kilometres.
        if (before.kind !== 'empty') expect(after.areaSquareMeters).toBeGreaterThan(before.areaSquareMeters - 5_000)
      }),
      { numRuns: 200 },
    )
  })

  it('does not depend on the order of the discs', () => {
    fc.assert(
      fc.property(honestScene(16), tolerance, ({ discs }, faultTolerance) => {
        const one = intersectDiscs({ discs, faultTolerance })
        const other = intersectDiscs({ discs: [...discs].reverse(), faultTolerance })
        expect(other.vertices).toEqual(one.vertices)
        expect(other.areaSquareMeters).toBe(one.areaSquareMeters)
      }),
      { numRuns: 100 },
    )
  })
})

describe('the boundary', () => {
  it('has its corners on the circles, in the region, and closes', () => {
    fc.assert(
      fc.property(honestScene(24), tolerance, ({ discs }, faultTolerance) => {
        const region = intersectDiscs({ discs, faultTolerance })
        for (const vertex of region.vertices) expect(region.contains(vertex)).toBe(true)
        for (const [index, arc] of region.arcs.entries()) {
          const cap = region.caps[arc.cap]
          if (cap === undefined) throw new Error('arc without cap')
          expect(angle(cap.center, arc.start)).toBeCloseTo(cap.radiusRad, 9)
          expect(angle(cap.center, arc.end)).toBeCloseTo(cap.radiusRad, 9)
          const following = region.arcs[index + 1]
          const next =
            following?.loop === arc.loop ? following : region.arcs.find((candidate) => candidate.loop === arc.loop)
          expect(angle(next?.start ?? negate(arc.end), arc.end)).toBeLessThan(1e-7)
        }
      }),
      { numRuns: 200 },
    )
  })

  it('encloses the area that counting finds, holes and several components included', () => {
    const dense = latticePoints(40_000)
    fc.assert(
      fc.property(honestScene(20), tolerance, ({ discs }, faultTolerance) => {
        const region = intersectDiscs({ discs, faultTolerance })
        const counted = dense.filter((point) => operatorsAgainst(discs, point) <= faultTolerance).length
        expect(Math.abs(region.areaSquareMeters / sphereArea - counted / dense.length)).toBeLessThan(0.004)
      }),
      { numRuns: 60 },
    )
  })

  it('keeps small regions within 1 % of the exact intersection', () => {
    const near = fc.record({ center: anyPoint, km: evenly(200, 3000) })
    const shares = fc.array(evenly(0, 0.9), { minLength: 2, maxLength: 12 })
    fc.assert(
      fc.property(near, shares, fc.integer({ min: 0, max: 2 }), ({ center, km }, offsets, faultTolerance) => {
        const radiusRad = (km * 1000) / earthRadiusMeters
        const { points } = latticeInCap(center, radiusRad, 500)
        const discs = offsets.map((share, i) => {
          const at = points[Math.floor(share * 499)] ?? center
          return { center: at, radiusMeters: km * 1000, group: `${i}` }
        })
        const region = intersectDiscs({ discs, faultTolerance })
        if (region.kind !== 'bounded') return
        const { center: middle, radiusRad: reach } = region.enclosingCap
        const fine = latticeInCap(middle, reach, 50_000)
        const counted = fine.points.filter((point) => operatorsAgainst(discs, point) <= faultTolerance).length
        const exact = counted * fine.areaEach
        // Counting itself is good to about the square root of the points cut by the boundary.
        if (counted < 15_000) return
        expect(region.areaSquareMeters).toBeLessThan(exact * 1.01)
        expect(region.areaSquareMeters).toBeGreaterThan(exact * 0.99)
      }),
      { numRuns: 60 },
    )
  })
})

describe('the enclosing cap', () => {
  it('contains every point of the region', () => {
    fc.assert(
      fc.property(honestScene(24), tolerance, ({ discs }, faultTolerance) => {
        const region = intersectDiscs({ discs, faultTolerance })
        if (region.kind === 'empty') return
        const { center, radiusRad } = region.enclosingCap
        for (const point of [...lattice, ...region.vertices])
          if (operatorsAgainst(discs, point) <= faultTolerance)
            expect(angle(center, point)).toBeLessThanOrEqual(radiusRad)
      }),
      { numRuns: 200 },
    )
  })

  it('is the cap itself when the region is one cap, and no larger than the lens needs when it is two', () => {
    for (const km of [1, 500, 9_000, 15_000]) {
      const region = intersectDiscs({ discs: [disc(48, 11, km)], faultTolerance: 0 })
      if (region.kind !== 'bounded') throw new Error(region.kind)
      expect(region.enclosingCap.radiusRad * earthRadiusMeters).toBeCloseTo(km * 1000, 0)
    }
    // Two circles of radius 60 degrees, 60 degrees apart: the lens is widest between its corners, whose distance from the
    // middle m obeys cos 60 = cos 30 cos m.
    const lens = intersectDiscs({
      discs: [disc(0, -30, (earthRadiusMeters * Math.PI) / 3000), disc(0, 30, (earthRadiusMeters * Math.PI) / 3000)],
      faultTolerance: 0,
    })
    if (lens.kind !== 'bounded') throw new Error(lens.kind)
    expect(lens.enclosingCap.radiusRad).toBeCloseTo(Math.acos(0.5 / Math.cos(Math.PI / 6)), 4)
    expect(angle(lens.enclosingCap.center, fromDegrees(0, 0))).toBeLessThan(0.01)
  })
})

describe('special places and sizes', () => {
  const capArea = (km: number): number =>
    4 * Math.PI * (earthRadiusMeters * Math.sin((km * 1000) / earthRadiusMeters / 2)) ** 2

  it.each([
    ['the north pole', 90, 0],
    ['the south pole', -90, 123],
    ['the antimeridian', 12, 180],
    ['the antimeridian, from the west', -40, -180],
    ['the equator', 0, 0],
  ])('a single disc at %s', (_, latitude, longitude) => {
    for (const km of [1, 700, 9_000, 12_000, 19_000]) {
      const region = intersectDiscs({ discs: [disc(latitude, longitude, km)], faultTolerance: 0 })
      expect(region.kind).toBe('bounded')
      expect(region.arcs).toHaveLength(1)
      expect(region.areaSquareMeters / capArea(km)).toBeCloseTo(1, 4)
      expect(region.contains(fromDegrees(latitude, longitude))).toBe(true)
      expect(region.contains(negate(fromDegrees(latitude, longitude)))).toBe(false)
    }
  })

  it('no disc, or discs that reach half way round, rule nothing out', () => {
    const whole = Math.PI * earthRadiusMeters
    for (const discs of [
      [],
      [
        { ...disc(10, 10, 1), radiusMeters: whole },
        { ...disc(-50, 70, 1), radiusMeters: 4e7 },
      ],
    ]) {
      const region = intersectDiscs({ discs, faultTolerance: 0 })
      expect(region.kind).toBe('everywhere')
      expect(region.areaSquareMeters).toBeCloseTo(sphereArea, -6)
    }
    const hole = intersectDiscs({ discs: [{ ...disc(10, 10, 1), radiusMeters: whole - 1000 }], faultTolerance: 0 })
    expect(hole.kind).toBe('bounded')
    expect(hole.contains(negate(fromDegrees(10, 10)))).toBe(false)
    expect(hole.areaSquareMeters).toBeGreaterThan(sphereArea * 0.999_999)
  })

  it('no more operators than are tolerated rule nothing out', () => {
    const discs = [disc(10, 10, 50, 'a'), disc(-10, 60, 50, 'a'), disc(50, 100, 50, 'b')]
    expect(intersectDiscs({ discs, faultTolerance: 2 }).kind).toBe('everywhere')
    expect(intersectDiscs({ discs, faultTolerance: 1 }).kind).toBe('bounded')
    expect(intersectDiscs({ discs, faultTolerance: 0 }).kind).toBe('empty')
  })

  it('a disc of radius 0 is a point', () => {
    const region = intersectDiscs({ discs: [disc(35, 139, 0), disc(35, 139, 10)], faultTolerance: 0 })
    expect(region.kind).toBe('bounded')
    expect(region.contains(fromDegrees(35, 139))).toBe(true)
    expect(region.contains(fromDegrees(35.000001, 139))).toBe(false)
    expect(region.areaSquareMeters).toBeLessThan(0.01)
  })

  it('identical and nested discs count as the smallest one', () => {
    const same = Array.from({ length: 20 }, (_, i) => disc(52, 5, 300, `operator ${i}`))
    const nested = intersectDiscs({
      discs: [...same, disc(52, 5, 300, 'operator 3'), disc(53, 6, 900)],
      faultTolerance: 0,
    })
    expect(nested.arcs).toHaveLength(1)
    expect(nested.areaSquareMeters / capArea(300)).toBeCloseTo(1, 6)
    for (const faultTolerance of [1, 2, 19]) {
      const tolerant = intersectDiscs({ discs: same, faultTolerance })
      expect(tolerant.areaSquareMeters / capArea(300)).toBeCloseTo(1, 6)
    }
  })

  it('discs that only touch meet in a point; a metre less and they do not', () => {
    const [a, b] = [fromDegrees(0, 0), fromDegrees(0, 40)]
    const half = (angle(a, b) / 2) * earthRadiusMeters
    const touching = (radiusMeters: number): Region =>
      intersectDiscs({
        discs: [
          { center: a, radiusMeters, group: 'a' },
          { center: b, radiusMeters, group: 'b' },
        ],
        faultTolerance: 0,
      })
    expect(touching(half).contains(fromDegrees(0, 20))).toBe(true)
    const apart = touching(half - 0.5)
    expect(apart).toMatchObject({ kind: 'empty', vertices: [], areaSquareMeters: 0 })
    if (apart.kind !== 'empty') throw new Error(apart.kind)
    expect(apart.conflicts).toHaveLength(1)
    expect([...(apart.conflicts[0]?.discs ?? [])].sort()).toEqual([0, 1])
    expect(apart.conflicts[0]?.gapMeters).toBeCloseTo(1, 1)
  })

  it('circles through one common point', () => {
    const truth = fromDegrees(47, 8)
    const centers = Array.from({ length: 24 }, (_, i) => fromDegrees(-60 + 5 * i, ((i * 97) % 360) - 180))
    const discs = centers.map((center, i) => ({
      center,
      radiusMeters: angle(center, truth) * earthRadiusMeters,
      group: `${i}`,
    }))
    for (const faultTolerance of [0, 1, 2, 5]) {
      const region = intersectDiscs({ discs, faultTolerance })
      expect(region.contains(truth)).toBe(true)
      expect(region.kind).toBe('bounded')
    }
  })

  it('antipodal landmarks leave a band, and their limits', () => {
    const quarter = (Math.PI / 2) * earthRadiusMeters
    const band = intersectDiscs({
      discs: [
        { center: fromDegrees(90, 0), radiusMeters: quarter * 1.1, group: 'n' },
        { center: fromDegrees(-90, 0), radiusMeters: quarter * 1.1, group: 's' },
      ],
      faultTolerance: 0,
    })
    expect(new Set(band.arcs.map((arc) => arc.loop)).size).toBe(2)
    expect(band.areaSquareMeters / sphereArea).toBeCloseTo(Math.sin((Math.PI / 2) * 0.1), 6)
    expect(band.contains(fromDegrees(0, 77))).toBe(true)
    expect(band.contains(fromDegrees(10, 77))).toBe(false)
  })

  it('two islands and a hole when one operator may be wrong', () => {
    const islands = intersectDiscs({ discs: [disc(40, 0, 500, 'a'), disc(-40, 90, 700, 'b')], faultTolerance: 1 })
    expect(new Set(islands.arcs.map((arc) => arc.loop)).size).toBe(2)
    expect(islands.areaSquareMeters).toBeCloseTo(capArea(500) + capArea(700), -6)
    // A ring of overlapping discs: every point of the ring has enough of them, the middle has none.
    const count = 12
    const ring = Array.from({ length: count }, (_, i) => disc(60, (360 / count) * i - 180, 1_700, `${i}`))
    const holed = intersectDiscs({ discs: ring, faultTolerance: count - 1 })
    expect(new Set(holed.arcs.map((arc) => arc.loop)).size).toBe(2)
    expect(holed.contains(fromDegrees(90, 0))).toBe(false)
    expect(holed.contains(fromDegrees(60, 17))).toBe(true)
  })

  it('an operator is as wrong as the worst of its discs, and counts once', () => {
    const discs = [
      disc(0, 0, 100, 'liar'),
      disc(0, 20, 100, 'liar'),
      disc(50, 10, 900, 'honest'),
      disc(52, 12, 900, 'other'),
    ]
    const region = intersectDiscs({ discs, faultTolerance: 1 })
    expect(region.contains(fromDegrees(51, 11))).toBe(true)
    expect(region.contains(fromDegrees(0, 0))).toBe(false)
  })

  it('names the discs an empty region is due to, and none that could be spared', () => {
    // Three discs on a triangle, every two meet, the three do not; the fourth has no part in it.
    const discs = [
      disc(80, 0, 2_000),
      disc(0, 0, 6_450),
      disc(40, 60, 4_000),
      disc(40, -60, 4_000),
      disc(60, -60, 4_000),
    ]
    const region = intersectDiscs({ discs, faultTolerance: 0 })
    if (region.kind === 'empty') {
      const conflict = region.conflicts[0]?.discs ?? []
      expect(intersectDiscs({ discs: conflict.map((i) => discs[i] ?? disc(0, 0, 0)), faultTolerance: 0 }).kind).toBe(
        'empty',
      )
    }
    fc.assert(
      fc.property(
        fc.array(fc.record({ center: anyPoint, radiusMeters: evenly(1e5, 1.2e7) }), {
          minLength: 3,
          maxLength: 14,
        }),
        fc.integer({ min: 0, max: 2 }),
        (bare, faultTolerance) => {
          const given = bare.map((one, i) => ({ ...one, group: `${i}` }))
          const result = intersectDiscs({ discs: given, faultTolerance })
          if (result.kind !== 'empty') return
          expect(result.conflicts.length).toBeGreaterThan(0)
          for (const { discs: named } of result.conflicts) {
            const only = (indexes: readonly number[]): Region =>
              intersectDiscs({ discs: given.filter((_, i) => indexes.includes(i)), faultTolerance })
            expect(only(named).kind).toBe('empty')
            for (const spared of named) expect(only(named.filter((i) => i !== spared)).kind).not.toBe('empty')
          }
        },
      ),
      { numRuns: 200 },
    )
  })
})

describe('refused input', () => {
  const at = (discs: readonly Disc[], faultTolerance = 0) => refusal(() => intersectDiscs({ discs, faultTolerance }))

  it.each([[Number.NaN], [Number.POSITIVE_INFINITY], [-1], [-1e-9], [1e10]])('a radius of %d', (radiusMeters) => {
    expect(at([disc(0, 0, 1), { ...disc(1, 1, 1), radiusMeters }])).toEqual({
      code: 'location/quantity',
      at: 'discs[1].radiusMeters',
    })
  })

  it.each([[-1], [0.5], [Number.NaN], [Number.POSITIVE_INFINITY], [5000]])('a tolerance of %d', (faultTolerance) => {
    expect(at([disc(0, 0, 1)], faultTolerance)).toEqual({ code: 'location/quantity', at: 'faultTolerance' })
  })

  it('more discs than the limit', () => {
    const many = Array.from({ length: 513 }, (_, i) => disc(0, i / 4, 1000))
    expect(at(many)).toEqual({ code: 'location/too-many-discs', at: 'discs' })
    expect(intersectDiscs({ discs: many.slice(1), faultTolerance: 0 }).kind).toBe('empty')
  })

  it('a centre that is not a point of the sphere is a mistake in the program', () => {
    for (const center of [
      [0, 0, 0],
      [1, 1, 0],
      [Number.NaN, 0, 1],
    ] as const)
      expect(() => at([{ center, radiusMeters: 1, group: 'a' }])).toThrow(TypeError)
  })
})

describe('cost', () => {
  it('512 discs that all cross stay within seconds, empty or not', () => {
    const truth = fromDegrees(10, 10)
    const discs = latticePoints(512).map((center, i) => ({
      center,
      radiusMeters: angle(center, truth) * earthRadiusMeters + (i % 7) * 1e5,
      group: `${i}`,
    }))
    const start = performance.now()
    for (const faultTolerance of [0, 2]) intersectDiscs({ discs, faultTolerance })
    const shrunk = discs.map((one) => ({ ...one, radiusMeters: one.radiusMeters * 0.9 }))
    for (const faultTolerance of [0, 30]) {
      const region = intersectDiscs({ discs: shrunk, faultTolerance })
      if (region.kind !== 'empty') throw new Error(region.kind)
      const named = region.conflicts.flatMap((conflict) => conflict.discs)
      expect(named.length).toBeGreaterThan(faultTolerance)
    }
    expect(performance.now() - start).toBeLessThan(20_000)
  })
})
