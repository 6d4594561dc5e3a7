// The boundary of a region to a cap that contains all of it, close to the smallest.

import { type Cap, pointOnCircle } from './cap.js'
import { membershipRad } from './discs.js'
import type { Arc } from './region.js'
import { addScaled, angle, cross, dot, norm, normalise, scale, type Vector3 } from './vector.js'

/** Each step halves at most; after 48 the centre moves by less than the rounding already granted. */
const maxSteps = 96

interface Farthest {
  readonly point: Vector3
  readonly distanceRad: number
}

/**
 * A cap that contains the region. The distance from a centre has no maximum inside a region other than the centre's
 * antipode, so the farthest point of the boundary, or the antipode, bounds it: sound for any centre; the search only makes
 * it small.
 */
export function enclosingCap(arcs: readonly Arc[], caps: readonly Cap[], contains: (point: Vector3) => boolean): Cap {
  const reach = (center: Vector3): Farthest => farthest(center, arcs, caps, contains)
  let [center, best] = bestStart(startCenters(arcs, caps), reach)
  let step = best.distanceRad / 2
  for (let i = 0; i < maxSteps && step > membershipRad; i++) {
    const moved = moveTowards(center, best.point, step)
    const next = reach(moved)
    if (next.distanceRad < best.distanceRad) {
      center = moved
      best = next
    } else step /= 2
  }
  return { center, radiusRad: Math.min(best.distanceRad + 2 * membershipRad, Math.PI) }
}

/** The smallest cap's centre (the answer, if that cap is the region) and the mean of the boundary, if it has a direction. */
function startCenters(arcs: readonly Arc[], caps: readonly Cap[]): readonly Vector3[] {
  let sum: Vector3 = [0, 0, 0]
  for (const arc of arcs) {
    const cap = caps[arc.cap]
    if (cap === undefined) continue
    sum = addScaled(addScaled(sum, arc.start, 1), pointOnCircle(cap, arc.start, arc.sweepRad / 2), 1)
  }
  const smallest = caps[0]?.center ?? [0, 0, 1]
  return norm(sum) > 1e-6 ? [smallest, normalise(sum)] : [smallest]
}

function bestStart(centers: readonly Vector3[], reach: (center: Vector3) => Farthest): readonly [Vector3, Farthest] {
  let found: readonly [Vector3, Farthest] | undefined
  for (const center of centers) {
    const next = reach(center)
    if (found === undefined || next.distanceRad < found[1].distanceRad) found = [center, next]
  }
  return found ?? [[0, 0, 1], { point: [0, 0, 1], distanceRad: Math.PI }]
}

function moveTowards(from: Vector3, to: Vector3, stepRad: number): Vector3 {
  const side = normalise(cross(cross(from, to), from))
  return normalise(addScaled(scale(from, Math.cos(stepRad)), side, Math.sin(stepRad)))
}

function farthest(
  center: Vector3,
  arcs: readonly Arc[],
  caps: readonly Cap[],
  contains: (point: Vector3) => boolean,
): Farthest {
  const antipode = scale(center, -1)
  let best: Farthest = { point: center, distanceRad: 0 }
  const consider = (point: Vector3): void => {
    const distanceRad = angle(center, point)
    if (distanceRad > best.distanceRad) best = { point, distanceRad }
  }
  for (const arc of arcs) {
    const cap = caps[arc.cap]
    if (cap === undefined) continue
    consider(arc.start)
    consider(arc.end)
    const top = pointOnCircle(cap, center, Math.PI)
    if (liesOnArc(cap, arc, top)) consider(top)
  }
  // Inside the region the antipode is as far as can be; the boundary point found still tells where to move.
  return contains(antipode) ? { point: best.point, distanceRad: Math.PI } : best
}

/** Errs towards true by far more than rounding: a point too many only makes the cap larger. */
function liesOnArc(cap: Cap, arc: Arc, point: Vector3): boolean {
  const ahead = normalise(addScaled(arc.start, cap.center, -dot(arc.start, cap.center)))
  const turn = Math.atan2(dot(point, cross(cap.center, ahead)), dot(point, ahead))
  const slack = 1e-6
  return (turn < -slack ? turn + 2 * Math.PI : turn) <= arc.sweepRad + slack
}
