// Generated measurements around a known true position, and the definition of a region written out as slow, plain counting.
import fc from 'fast-check'
import type { Disc } from '../../../src/location/geometry/region.js'
import { angle, earthRadiusMeters, fromDegrees, type Vector3 } from '../../../src/location/geometry/vector.js'

/** Evenly spread between two limits; fast-check's own doubles crowd around zero, which is used too, for the awkward cases. */
export function evenly(min: number, max: number): fc.Arbitrary<number> {
  return fc.integer({ min: 0, max: 1_000_000 }).map((n) => min + ((max - min) * n) / 1_000_000)
}

/** Anywhere on the sphere, the awkward places often. */
export const anyPoint: fc.Arbitrary<Vector3> = fc
  .oneof(
    { weight: 5, arbitrary: fc.tuple(evenly(-1, 1), evenly(-180, 180)) },
    {
      weight: 1,
      arbitrary: fc.tuple(fc.double({ min: -1, max: 1, noNaN: true }), fc.double({ min: -180, max: 180, noNaN: true })),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(fc.constantFrom(-1, 0, 1), fc.constantFrom(-180, -90, 0, 90, 179.999, 180)),
    },
  )
  .map(([sine, longitude]) => fromDegrees((Math.asin(sine) * 180) / Math.PI, longitude))

export interface Scene {
  readonly truth: Vector3
  readonly discs: readonly Disc[]
}

/** Honest discs: all contain the truth, some barely (0 m to spare), some by half the globe. */
export function honestScene(maxDiscs: number): fc.Arbitrary<Scene> {
  const spare = fc.oneof(fc.constant(0), evenly(0, 50_000), evenly(0, 8e6))
  const landmark = fc.record({ center: anyPoint, spare, operator: fc.integer({ min: 0, max: 9 }) })
  return fc
    .record({ truth: anyPoint, landmarks: fc.array(landmark, { minLength: 1, maxLength: maxDiscs }) })
    .map(({ truth, landmarks }) => ({
      truth,
      discs: landmarks.map(({ center, spare: meters, operator }) => ({
        center,
        radiusMeters: angle(center, truth) * earthRadiusMeters + meters,
        group: `operator ${operator}`,
      })),
    }))
}

/** Operators that have a disc without the point; `marginMeters` widens every disc. */
export function operatorsAgainst(discs: readonly Disc[], point: Vector3, marginMeters = 0): number {
  return new Set(
    discs
      .filter((disc) => angle(disc.center, point) * earthRadiusMeters > disc.radiusMeters + marginMeters)
      .map((disc) => disc.group),
  ).size
}

/** Evenly spread points (a Fibonacci lattice): the same number of points for the same area, anywhere. */
export function latticePoints(count: number): readonly Vector3[] {
  const turn = Math.PI * (3 - Math.sqrt(5))
  return Array.from({ length: count }, (_, i): Vector3 => {
    const z = 1 - (2 * i + 1) / count
    const across = Math.sqrt(1 - z * z)
    return [across * Math.cos(turn * i), across * Math.sin(turn * i), z]
  })
}

/** Lattice points of a small cap around a centre, `count` of them, and the area in square metres each stands for. */
export function latticeInCap(
  center: Vector3,
  radiusRad: number,
  count: number,
): { readonly points: readonly Vector3[]; readonly areaEach: number } {
  const height = 2 * Math.sin(radiusRad / 2) ** 2
  const turn = Math.PI * (3 - Math.sqrt(5))
  const [x, y, z] = center
  const flat = Math.abs(z) < 0.9 ? Math.hypot(x, y) : Math.hypot(y, z)
  const east: Vector3 = Math.abs(z) < 0.9 ? [-y / flat, x / flat, 0] : [0, -z / flat, y / flat]
  const north: Vector3 = [y * east[2] - z * east[1], z * east[0] - x * east[2], x * east[1] - y * east[0]]
  const points = Array.from({ length: count }, (_, i): Vector3 => {
    const drop = (height * (i + 0.5)) / count
    const across = Math.sqrt(drop * (2 - drop))
    const [e, n, up] = [across * Math.cos(turn * i), across * Math.sin(turn * i), 1 - drop]
    return [
      x * up + east[0] * e + north[0] * n,
      y * up + east[1] * e + north[1] * n,
      z * up + east[2] * e + north[2] * n,
    ]
  })
  return { points, areaEach: (2 * Math.PI * height * earthRadiusMeters ** 2) / count }
}
