// Positions as unit vectors from the Earth's centre: everything here is exact on the sphere, no latitude/longitude planes.
import { parseError } from '../../result/error.js'

/** A point of the unit sphere: x towards 0°N 0°E, y towards 0°N 90°E, z towards the north pole. */
export type Vector3 = readonly [number, number, number]

/** Radius of the sphere all distances are drawn on: the mean radius (2a + b) / 3 of WGS 84. */
export const earthRadiusMeters = 6371008.8

const radiansPerDegree: number = Math.PI / 180

/**
 * The point at a latitude and longitude in decimal degrees (WGS 84, geodetic latitude read as spherical; the slack in
 * radius.ts covers the difference).
 * @throws AttestationError `location/coordinate` unless -90 <= latitude <= 90 and -180 <= longitude <= 180
 */
export function fromDegrees(latitudeDeg: number, longitudeDeg: number, at = ''): Vector3 {
  requireCoordinate('latitude', latitudeDeg, 90, at)
  requireCoordinate('longitude', longitudeDeg, 180, at)
  // A pole is one point whatever its longitude; cos(90°) alone would leave a residue of 6e-17.
  if (Math.abs(latitudeDeg) === 90) return [0, 0, Math.sign(latitudeDeg)]
  const latitude = latitudeDeg * radiansPerDegree
  const longitude = longitudeDeg * radiansPerDegree
  const across = Math.cos(latitude)
  return [across * Math.cos(longitude), across * Math.sin(longitude), Math.sin(latitude)]
}

function requireCoordinate(field: 'latitude' | 'longitude', value: number, limit: number, at: string): void {
  if (typeof value !== 'number' || !(Math.abs(value) <= limit))
    throw parseError('location/coordinate', at === '' ? field : `${at}.${field}`, { value, limit })
}

/** Latitude and longitude of a point, in decimal degrees; the longitude is in (-180, 180]. */
export function toDegrees(point: Vector3): { readonly latitudeDeg: number; readonly longitudeDeg: number } {
  const [x, y, z] = point
  const longitudeDeg = Math.atan2(y, x) / radiansPerDegree
  return {
    latitudeDeg: Math.atan2(z, Math.hypot(x, y)) / radiansPerDegree,
    longitudeDeg: longitudeDeg === -180 ? 180 : longitudeDeg,
  }
}

export function dot(a: Vector3, b: Vector3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

export function cross(a: Vector3, b: Vector3): Vector3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

export function scale(a: Vector3, factor: number): Vector3 {
  return [a[0] * factor, a[1] * factor, a[2] * factor]
}

/** `a + b * factor` */
export function addScaled(a: Vector3, b: Vector3, factor: number): Vector3 {
  return [a[0] + b[0] * factor, a[1] + b[1] * factor, a[2] + b[2] * factor]
}

export function negate(a: Vector3): Vector3 {
  return [-a[0], -a[1], -a[2]]
}

export function norm(a: Vector3): number {
  return Math.sqrt(a[0] * a[0] + a[1] * a[1] + a[2] * a[2])
}

/** `a` scaled to length one; the zero vector has no direction and comes back as it is. */
export function normalise(a: Vector3): Vector3 {
  const length = norm(a)
  return length === 0 ? a : scale(a, 1 / length)
}

/** Angle between two vectors in radians, accurate from 0 to pi (acos of the dot product is not, at both ends). */
export function angle(a: Vector3, b: Vector3): number {
  return Math.atan2(norm(cross(a, b)), dot(a, b))
}

/** The unit vectors that make, with `axis`, a right-handed frame: seen from outside, `first` turns counter-clockwise into `second`. */
export function tangentFrame(axis: Vector3): { readonly first: Vector3; readonly second: Vector3 } {
  const [x, y, z] = axis
  // Start from the coordinate axis farthest from `axis`, so that the cross product is well conditioned.
  const smallest = Math.min(Math.abs(x), Math.abs(y), Math.abs(z))
  const helper: Vector3 = smallest === Math.abs(x) ? [1, 0, 0] : smallest === Math.abs(y) ? [0, 1, 0] : [0, 0, 1]
  const first = normalise(cross(helper, axis))
  return { first, second: cross(axis, first) }
}

/** `point` turned about `axis` by `turnRad`, counter-clockwise seen from outside. */
export function rotate(point: Vector3, axis: Vector3, turnRad: number): Vector3 {
  const cosine = Math.cos(turnRad)
  const along = addScaled(scale(point, cosine), cross(axis, point), Math.sin(turnRad))
  return normalise(addScaled(along, axis, dot(axis, point) * (1 - cosine)))
}
