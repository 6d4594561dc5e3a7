// Spherical caps: membership, and where the circles of two caps meet.
import { addScaled, angle, cross, negate, norm, normalise, scale, tangentFrame, type Vector3 } from './vector.js'

/** All points within `radiusRad` of `center`; larger than a hemisphere above pi / 2, the whole sphere from pi on. */
export interface Cap {
  readonly center: Vector3
  readonly radiusRad: number
}

/** A membership test for one cap, without trigonometry per point. Accurate for tiny and for nearly global caps alike. */
export function capTest(cap: Cap): (point: Vector3) => boolean {
  const { center, radiusRad } = cap
  if (radiusRad >= Math.PI) return () => true
  if (!(radiusRad >= 0)) return () => false
  // Compare squared chords, to the centre or to its antipode, whichever is nearer to the circle.
  if (radiusRad <= Math.PI / 2) {
    const limit = 4 * Math.sin(radiusRad / 2) ** 2
    return (point) => squaredChord(point, center) <= limit
  }
  const antipode = negate(center)
  const limit = 4 * Math.sin((Math.PI - radiusRad) / 2) ** 2
  return (point) => squaredChord(point, antipode) >= limit
}

/** True when `point` is in `cap`, its circle included. */
export function capContains(cap: Cap, point: Vector3): boolean {
  return capTest(cap)(point)
}

function squaredChord(a: Vector3, b: Vector3): number {
  const x = a[0] - b[0]
  const y = a[1] - b[1]
  const z = a[2] - b[2]
  return x * x + y * y + z * z
}

/**
 * How the circle of one cap lies to another cap. `crossing`: the part of the circle within `halfAngleRad` of the
 * direction towards the other centre (turning about the circle's own centre) is inside.
 */
export type CircleRelation =
  | { readonly kind: 'inside' }
  | { readonly kind: 'outside' }
  | { readonly kind: 'crossing'; readonly halfAngleRad: number }

const inside: CircleRelation = { kind: 'inside' }
const outside: CircleRelation = { kind: 'outside' }

/**
 * Relation of a circle of radius `circleRad` to a cap of radius `capRad`, their centres `distanceRad` apart. The four
 * limits are plain comparisons that read the same from both sides, so two caps never disagree about whether they cross.
 * Circles that touch do not: a crossing without length on either side of it would be the end of no arc. Discs are drawn
 * millimetres larger than they are, so that no place is lost.
 */
export function circleInCap(circleRad: number, capRad: number, distanceRad: number): CircleRelation {
  if (distanceRad + circleRad <= capRad) return inside
  if (distanceRad + (circleRad + capRad) >= 2 * Math.PI) return inside
  if (circleRad + capRad <= distanceRad) return outside
  if (distanceRad + capRad <= circleRad) return outside
  // Half-angle formula of the spherical triangle with sides circleRad, distanceRad, capRad: no cancellation.
  const over = Math.sin((circleRad + capRad - distanceRad) / 2) * Math.sin((distanceRad + capRad - circleRad) / 2)
  const under = Math.sin((circleRad + distanceRad + capRad) / 2) * Math.sin((circleRad + distanceRad - capRad) / 2)
  return { kind: 'crossing', halfAngleRad: 2 * Math.atan2(Math.sqrt(Math.max(over, 0)), Math.sqrt(Math.max(under, 0))) }
}

/** The point of a cap's circle that lies `turnRad` counter-clockwise (seen from outside) of the direction `towards`. */
export function pointOnCircle(cap: Cap, towards: Vector3, turnRad: number): Vector3 {
  const side = normalise(cross(cap.center, towards))
  // Towards the centre itself or its antipode there is no direction: any will do, all are alike.
  const left = norm(side) === 0 ? tangentFrame(cap.center).second : side
  const ahead = cross(left, cap.center)
  const along = addScaled(scale(ahead, Math.cos(turnRad)), left, Math.sin(turnRad))
  return normalise(addScaled(scale(cap.center, Math.cos(cap.radiusRad)), along, Math.sin(cap.radiusRad)))
}

/** Points where the circles of two caps cross: none or two. Circles that touch to the last bit, or coincide, give none. */
export function capIntersections(a: Cap, b: Cap): readonly Vector3[] {
  const relation = circleInCap(a.radiusRad, b.radiusRad, angle(a.center, b.center))
  if (relation.kind !== 'crossing') return []
  const turn = relation.halfAngleRad
  return [pointOnCircle(a, b.center, -turn), pointOnCircle(a, b.center, turn)]
}
