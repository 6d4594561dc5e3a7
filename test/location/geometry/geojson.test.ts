import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type MultiPolygon, regionToGeoJson } from '../../../src/location/geometry/geojson.js'
import { intersectDiscs } from '../../../src/location/geometry/intersection.js'
import type { Disc } from '../../../src/location/geometry/region.js'
import { earthRadiusMeters, fromDegrees, toDegrees, type Vector3 } from '../../../src/location/geometry/vector.js'
import { honestScene, latticePoints } from './scene.js'

type Ring = readonly (readonly [number, number])[]

function signedArea(ring: Ring): number {
  return ring.slice(1).reduce((sum, [x, y], i) => {
    const [px, py] = ring[i] ?? [0, 0]
    return sum + (px * y - x * py) / 2
  }, 0)
}

/** Planar even-odd rule over every ring: what any GeoJSON reader does. */
function drawn(shape: MultiPolygon, point: Vector3): boolean {
  const { longitudeDeg: x, latitudeDeg: y } = toDegrees(point)
  let inside = false
  for (const ring of shape.coordinates.flat())
    for (const [i, [bx, by]] of ring.entries()) {
      const [ax, ay] = ring[i - 1] ?? [bx, by]
      if (ay > y !== by > y && x < ax + ((y - ay) * (bx - ax)) / (by - ay)) inside = !inside
    }
  return inside
}

function wellFormed(shape: MultiPolygon): void {
  for (const [outer, ...holes] of shape.coordinates) {
    if (outer === undefined) throw new Error('polygon without ring')
    expect(signedArea(outer)).toBeGreaterThan(0)
    for (const hole of holes) expect(signedArea(hole)).toBeLessThan(0)
    for (const ring of [outer, ...holes]) {
      expect(ring.length).toBeGreaterThanOrEqual(4)
      expect(ring[ring.length - 1]).toEqual(ring[0])
      for (const [i, [longitude, latitude]] of ring.entries()) {
        expect(Math.abs(longitude)).toBeLessThanOrEqual(180)
        expect(Math.abs(latitude)).toBeLessThanOrEqual(90)
        const [before, beforeLatitude] = ring[i - 1] ?? [longitude, latitude]
        // Only an edge along a pole may run across the map; none may jump the antimeridian.
        if (Math.abs(longitude - before) > 180) expect([latitude, beforeLatitude].map(Math.abs)).toEqual([90, 90])
      }
    }
  }
}

function shapeOf(discs: readonly Disc[], faultTolerance = 0): MultiPolygon {
  return regionToGeoJson(intersectDiscs({ discs, faultTolerance }))
}

function disc(latitude: number, longitude: number, radiusKm: number): Disc {
  return { center: fromDegrees(latitude, longitude), radiusMeters: radiusKm * 1000, group: `${latitude},${longitude}` }
}

const lattice = latticePoints(1_500)

describe('GeoJSON', () => {
  it('draws the region: a planar reader agrees with the exact test nearly everywhere', () => {
    fc.assert(
      fc.property(honestScene(16), fc.integer({ min: 0, max: 2 }), ({ discs }, faultTolerance) => {
        const region = intersectDiscs({ discs, faultTolerance })
        const shape = regionToGeoJson(region)
        wellFormed(shape)
        const wrong = lattice.filter((point) => drawn(shape, point) !== region.contains(point))
        // Corners cut by the steps: a strip of 1/25,000 of a radius along the boundary.
        expect(wrong.length).toBeLessThanOrEqual(2)
      }),
      { numRuns: 50 },
    )
  })

  it.each([
    ['north pole', 90, 0, 1_000, 1],
    ['south pole', -90, 0, 1_000, 1],
    ['over the north pole', 80, 100, 3_000, 1],
    ['over the south pole', -85, -179, 2_000, 1],
    ['across the antimeridian', 0, 179, 1_000, 2],
    ['across the antimeridian, from the west', 40, -179.5, 500, 2],
    ['nowhere special', 40, 20, 500, 1],
  ])('%s', (_, latitude, longitude, km, polygons) => {
    const shape = shapeOf([disc(latitude, longitude, km)])
    wellFormed(shape)
    expect(shape.coordinates).toHaveLength(polygons)
    expect(drawn(shape, fromDegrees(latitude === 90 ? 89.9 : latitude === -90 ? -89.9 : latitude, longitude))).toBe(
      true,
    )
  })

  it('touches a pole, passes through it, and holds both', () => {
    const quarter = (earthRadiusMeters * Math.PI) / 2000
    for (const one of [
      disc(60, 33, quarter / 3),
      disc(0, 0, quarter),
      disc(0, 90, quarter),
      disc(0, 20, quarter * 1.4),
    ]) {
      const shape = shapeOf([one])
      const region = intersectDiscs({ discs: [one], faultTolerance: 0 })
      wellFormed(shape)
      expect(lattice.filter((point) => drawn(shape, point) !== region.contains(point)).length).toBeLessThanOrEqual(2)
    }
  })

  it('puts a hole into the whole map', () => {
    const shape = shapeOf([disc(10, 10, 19_000)])
    wellFormed(shape)
    expect(shape.coordinates.map((polygon) => polygon.length)).toEqual([2])
    expect(drawn(shape, fromDegrees(-10, -170))).toBe(false)
    expect(drawn(shape, fromDegrees(10, 10))).toBe(true)
  })

  it('is the whole map, or nothing', () => {
    expect(shapeOf([])).toEqual({
      type: 'MultiPolygon',
      coordinates: [
        [
          [
            [-180, -90],
            [180, -90],
            [180, 90],
            [-180, 90],
            [-180, -90],
          ],
        ],
      ],
    })
    expect(shapeOf([disc(0, 0, 1), disc(50, 50, 1)])).toEqual({ type: 'MultiPolygon', coordinates: [] })
  })

  it('steps along circles by at most a degree', () => {
    const [[ring]] = shapeOf([disc(0, 0, 2_000)]).coordinates as readonly (readonly [Ring])[] as readonly [
      readonly [Ring],
    ]
    expect(ring.length).toBe(361)
  })
})
