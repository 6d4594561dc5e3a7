// Landmarks around the centre of a region into the widest sector that none of them stands in.

import { ellipsoidSlack } from './geometry/radius.js'
import { angle, dot, earthRadiusMeters, negate, tangentFrame, type Vector3 } from './geometry/vector.js'

interface Place {
  readonly position: Vector3
  readonly positionUncertaintyMeters: number
}

/** Nearer than this to the centre, a bearing would be rounding error. */
const leastDistanceMeters = 1

/**
 * The largest angle, in degrees, between neighbouring bearings from `center` to the places: 360 with fewer than two
 * different bearings. Bearings are directions of great circles in the plane that touches the globe at `center`, so that
 * the poles and the antimeridian are places like any other.
 *
 * A place that may be at `center` itself, or at the point opposite, by its position uncertainty, has no bearing and counts
 * for nothing.
 */
export function azimuthGapDegrees(center: Vector3, places: readonly Place[]): number {
  const { first, second } = tangentFrame(center)
  const bearings = places
    .filter((place) => hasBearing(center, place))
    .map(({ position }) => Math.atan2(dot(position, second), dot(position, first)))
    .sort((a, b) => a - b)
  const [start] = bearings
  if (start === undefined) return 360
  const gaps = bearings.map((bearing, index) => (bearings[index + 1] ?? start + 2 * Math.PI) - bearing)
  return Math.min(360, (Math.max(...gaps) * 180) / Math.PI)
}

function hasBearing(center: Vector3, { position, positionUncertaintyMeters }: Place): boolean {
  const leastRad = ((positionUncertaintyMeters + leastDistanceMeters) * ellipsoidSlack) / earthRadiusMeters
  return angle(center, position) > leastRad && angle(negate(center), position) > leastRad
}
