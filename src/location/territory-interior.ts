// Point in territory: how often the meridian from a point up to the north pole crosses the boundary lines.
import type { Vector3 } from './geometry/vector.js'
import { type BoundaryLine, edgesPerRun } from './territory-line.js'

/**
 * True if `point` is inside the closed lines, by the even-odd rule with the north pole outside: the direction of a ring
 * plays no part, so an inverted ring cannot turn into nearly the whole globe. Decided by signs that both edges at a
 * corner compute alike; rounding matters only within 1e-12 rad of a line.
 */
export function insideLines(lines: Iterable<BoundaryLine>, point: Vector3): boolean {
  const meridian = meridianThrough(point)
  let inside = false
  for (const line of lines) {
    const { center, radiusRad } = line.cap
    if (mayCross(meridian, center[0], center[1], radiusRad) && oddCrossings(line, meridian)) inside = !inside
  }
  return inside
}

/** The half meridian through a point: its horizontal direction, and the point's own height above the equator plane. */
interface Meridian {
  readonly east: number
  readonly north: number
  readonly across: number
  readonly z: number
}

function meridianThrough(point: Vector3): Meridian {
  const across = Math.hypot(point[0], point[1])
  // At a pole every meridian will do.
  return across === 0
    ? { east: 1, north: 0, across, z: point[2] }
    : { east: point[0] / across, north: point[1] / across, across, z: point[2] }
}

function mayCross({ east, north }: Meridian, x: number, y: number, radiusRad: number): boolean {
  return radiusRad >= Math.PI / 2 || Math.abs(east * y - north * x) <= Math.sin(radiusRad)
}

function oddCrossings({ points, runs }: BoundaryLine, meridian: Meridian): boolean {
  let odd = false
  const edges = points.length / 3 - 1
  for (let run = 0; 4 * run < runs.length; run++) {
    if (!mayCross(meridian, runs[4 * run] ?? 0, runs[4 * run + 1] ?? 0, runs[4 * run + 3] ?? 0)) continue
    const from = run * edgesPerRun
    if (oddCrossingsOfRun(points, from, Math.min(edges, from + edgesPerRun), meridian)) odd = !odd
  }
  return odd
}

function oddCrossingsOfRun(points: Float64Array, from: number, to: number, meridian: Meridian): boolean {
  const { east, north, across, z } = meridian
  let odd = false
  let ax = points[3 * from] ?? 0
  let ay = points[3 * from + 1] ?? 0
  let az = points[3 * from + 2] ?? 0
  let aSide = east * ay - north * ax
  for (let i = from + 1; i <= to; i++) {
    const bx = points[3 * i] ?? 0
    const by = points[3 * i + 1] ?? 0
    const bz = points[3 * i + 2] ?? 0
    const bSide = east * by - north * bx
    if (aSide >= 0 !== bSide >= 0) {
      // The point of the edge in the meridian's plane is this positive combination of its ends.
      const aWeight = Math.abs(bSide)
      const bWeight = Math.abs(aSide)
      const along = east * (ax * aWeight + bx * bWeight) + north * (ay * aWeight + by * bWeight)
      if (along > 0 && (az * aWeight + bz * bWeight) * across > z * along) odd = !odd
    }
    ax = bx
    ay = by
    az = bz
    aSide = bSide
  }
  return odd
}
