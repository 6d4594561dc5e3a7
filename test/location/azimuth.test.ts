// The widest sector without a landmark: known layouts, poles, antimeridian, and places that have no bearing.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { azimuthGapDegrees } from '../../src/location/azimuth.js'
import { earthRadiusMeters, fromDegrees, rotate, type Vector3 } from '../../src/location/geometry/vector.js'

type Degrees = readonly [latitude: number, longitude: number]

const gap = (center: Degrees, places: readonly Degrees[], positionUncertaintyMeters = 0): number =>
  azimuthGapDegrees(
    fromDegrees(...center),
    places.map((place) => ({ position: fromDegrees(...place), positionUncertaintyMeters })),
  )

describe('azimuthGapDegrees', () => {
  it.each<[string, number, Degrees, readonly Degrees[]]>([
    ['nobody', 360, [0, 0], []],
    ['one landmark', 360, [0, 0], [[0, 1]]],
    [
      'two in one direction',
      360,
      [0, 0],
      [
        [0, 1],
        [0, 2],
      ],
    ],
    [
      'two opposite',
      180,
      [0, 0],
      [
        [0, 1],
        [0, -1],
      ],
    ],
    [
      'four corners of the compass',
      90,
      [0, 0],
      [
        [1, 0],
        [0, 1],
        [-1, 0],
        [0, -1],
      ],
    ],
    [
      'one quarter missing',
      180,
      [0, 0],
      [
        [1, 0],
        [0, 1],
        [-1, 0],
      ],
    ],
    [
      'across the antimeridian',
      180,
      [0, 180],
      [
        [0, 179],
        [0, -179],
      ],
    ],
    [
      'around the north pole',
      120,
      [90, 0],
      [
        [80, 0],
        [70, 120],
        [85, -120],
      ],
    ],
    [
      'around the south pole, a degree apart',
      359,
      [-90, 77],
      [
        [-80, 20],
        [-70, 21],
      ],
    ],
  ])('%s', (_, expected, center, places) => {
    expect(gap(center, places)).toBeCloseTo(expected, 6)
  })

  it('counts for nothing a landmark at the centre, opposite it, or as near as it may be misplaced', () => {
    const sides: readonly Degrees[] = [
      [0, 1],
      [0, -1],
    ]
    expect(gap([0, 0], [...sides, [0, 0]])).toBeCloseTo(180, 6)
    expect(gap([0, 0], [...sides, [0, 180]])).toBeCloseTo(180, 6)
    // 0.5 degrees of latitude are 55.6 km.
    expect(gap([0, 0], [...sides, [0.5, 0]], 50_000)).toBeCloseTo(180, 6)
    expect(gap([0, 0], [...sides, [0.5, 0], [-0.5, 0]], 50_000)).toBeCloseTo(90, 6)
    expect(gap([0, 0], [...sides, [0.5, 0], [-0.5, 0]], 60_000)).toBeCloseTo(180, 6)
  })

  it('does not depend on where on the globe, nor on order or distance', () => {
    const bearing = fc.integer({ min: 0, max: 359 })
    fc.assert(
      fc.property(
        fc.array(bearing, { minLength: 1, maxLength: 8 }),
        fc.record({ latitude: fc.integer({ min: -90, max: 90 }), longitude: fc.integer({ min: -180, max: 180 }) }),
        fc.array(fc.integer({ min: 1, max: 19_000 }), { minLength: 8, maxLength: 8 }),
        (bearings, { latitude, longitude }, distancesKm) => {
          const center = fromDegrees(latitude, longitude)
          // Any direction will do as the first: the others are counted from it.
          const axis: Vector3 = latitude === 90 || latitude === -90 ? [1, 0, 0] : northOf(center)
          const places = bearings.map((degrees, index) => ({
            position: rotate(
              rotate(center, axis, ((distancesKm[index] ?? 1) * 1000) / earthRadiusMeters),
              center,
              (degrees * Math.PI) / 180,
            ),
            positionUncertaintyMeters: 0,
          }))
          const sorted = [...new Set(bearings)].sort((a, b) => a - b)
          const expected = Math.max(...sorted.map((one, i) => (sorted[i + 1] ?? (sorted[0] ?? 0) + 360) - one))
          expect(azimuthGapDegrees(center, places)).toBeCloseTo(expected, 4)
        },
      ),
      { numRuns: 200, seed: 22 },
    )
  })
})

/** A unit vector across `center`, in the plane of its meridian. */
function northOf([x, y, z]: Vector3): Vector3 {
  const across = Math.hypot(x, y)
  return [(-z * x) / across, (-z * y) / across, across]
}
