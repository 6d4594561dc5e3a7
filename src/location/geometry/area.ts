// The boundary of a region to its area, by the theorem of Gauss and Bonnet.
import type { BoundaryArc } from './boundary.js'
import type { Cap } from './cap.js'
import { cross, dot, norm, normalise, type Vector3 } from './vector.js'

const fullSphere: number = 4 * Math.PI

/** Areas this close to nothing or to everything (some 40 km²) are the same number modulo the whole sphere. */
const ambiguous = 1e-6

/**
 * Area on the unit sphere, to an absolute error near 1e-14 (half a square metre on Earth). Each loop alone encloses
 * 2 pi minus its total turning on its left; adding loops counts the whole sphere once too often per hole, so the sum is
 * right modulo 4 pi. `holdsSomewhere` decides between nothing and everything; the caller cuts what it overstates.
 */
export function boundaryArea(
  arcs: readonly BoundaryArc[],
  caps: readonly Cap[],
  holdsSomewhere: () => boolean,
): number {
  let area = 0
  let start = 0
  while (start < arcs.length) {
    const loop = arcs[start]?.loop
    let end = start
    while (end < arcs.length && arcs[end]?.loop === loop) end++
    area += loopArea(arcs.slice(start, end), caps)
    start = end
  }
  const rest = ((area % fullSphere) + fullSphere) % fullSphere
  if (rest > ambiguous && rest < fullSphere - ambiguous) return rest
  if (holdsSomewhere()) return rest < ambiguous ? fullSphere : rest
  return rest < ambiguous ? rest : 0
}

function loopArea(loop: readonly BoundaryArc[], caps: readonly Cap[]): number {
  let turning = 0
  for (const [index, arc] of loop.entries()) {
    const cap = caps[arc.cap]
    const next = loop[(index + 1) % loop.length]
    const nextCap = next === undefined ? undefined : caps[next.cap]
    if (cap === undefined || next === undefined || nextCap === undefined) continue
    if (arc.sweepRad === 2 * Math.PI) return fullSphere * Math.sin(cap.radiusRad / 2) ** 2
    // A circle of angular radius r has geodesic curvature cot r and length sin r per radian swept.
    turning += Math.cos(cap.radiusRad) * arc.sweepRad
    turning += cornerTurn(tangent(cap, arc.end), tangent(nextCap, next.start)) * (arc.endsConvex ? 1 : -1)
  }
  return 2 * Math.PI - turning
}

/** Direction of travel, counter-clockwise about the cap. */
function tangent(cap: Cap, point: Vector3): Vector3 {
  return normalise(cross(cap.center, point))
}

function cornerTurn(incoming: Vector3, outgoing: Vector3): number {
  return Math.atan2(norm(cross(incoming, outgoing)), dot(incoming, outgoing))
}
