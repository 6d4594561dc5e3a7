// Distance between the boundary of a region and the boundary lines of territories: does any line come within a limit?
import type { Region } from './geometry/region.js'
import { cross, type Vector3 } from './geometry/vector.js'
import { type BoundaryLine, edgesPerRun, linePoint } from './territory-line.js'

/** True if some point of the region's boundary may be within `limitRad` of (x, y, z); never false when one is. */
export type BoundaryTest = (x: number, y: number, z: number, limitRad: number) => boolean

/** Added to every limit (0.6 m): above the rounding of acos near 0 and pi, and of the region's own boundary. */
const roundingRad = 1e-7

/** An edge this short (1.3 m) that still cannot be told apart from the boundary counts as touching it. */
const shortestRad = 2e-7

interface BoundaryPiece {
  readonly center: Vector3
  readonly radiusRad: number
  /** Normals of the planes through the circle's centre and the ends; the arc runs from `first` counter-clockwise to `last`. */
  readonly first: Vector3
  readonly last: Vector3
  readonly start: Vector3
  readonly end: Vector3
  readonly sweep: 'below-half' | 'above-half' | 'whole'
}

/** Prepares the boundary of `region` for distance tests. */
export function boundaryTest(region: Region): BoundaryTest {
  const pieces = region.arcs.flatMap((arc): readonly BoundaryPiece[] => {
    const cap = region.caps[arc.cap]
    if (cap === undefined) throw new TypeError('an arc of the region names a cap it does not have')
    const { start, end, sweepRad } = arc
    const sweep = sweepRad >= 2 * Math.PI ? 'whole' : sweepRad <= Math.PI ? 'below-half' : 'above-half'
    const { center, radiusRad } = cap
    return [{ center, radiusRad, first: cross(center, start), last: cross(center, end), start, end, sweep }]
  })
  return (x, y, z, limitRad) => {
    for (const piece of pieces) if (pieceWithin(piece, x, y, z, limitRad + roundingRad)) return true
    return false
  }
}

function pieceWithin(piece: BoundaryPiece, x: number, y: number, z: number, limitRad: number): boolean {
  const { center, radiusRad, first, last } = piece
  const toCenter = Math.acos(Math.max(-1, Math.min(1, x * center[0] + y * center[1] + z * center[2])))
  if (Math.abs(toCenter - radiusRad) > limitRad) return false
  if (piece.sweep === 'whole') return true
  const afterStart = first[0] * x + first[1] * y + first[2] * z >= 0
  const beforeEnd = last[0] * x + last[1] * y + last[2] * z <= 0
  // Opposite the arc the nearest point of the circle is not on it: then an end is nearest.
  if (piece.sweep === 'below-half' ? afterStart && beforeEnd : afterStart || beforeEnd) return true
  return pointWithin(piece.start, x, y, z, limitRad) || pointWithin(piece.end, x, y, z, limitRad)
}

function pointWithin(point: Vector3, x: number, y: number, z: number, limitRad: number): boolean {
  const dx = point[0] - x
  const dy = point[1] - y
  const dz = point[2] - z
  return 2 * Math.asin(Math.min(1, Math.sqrt(dx * dx + dy * dy + dz * dz) / 2)) <= limitRad
}

/** True if `line` may come within `limitRad` of the region's boundary; false only if all of it stays farther away. */
export function lineTouches(near: BoundaryTest, line: BoundaryLine, limitRad: number): boolean {
  const { points, runs, cap } = line
  const { center, radiusRad } = cap
  if (!near(center[0], center[1], center[2], radiusRad + limitRad)) return false
  const last = points.length / 3 - 1
  if (last === 0) return near(...linePoint(points, 0), limitRad)
  for (let run = 0; 4 * run < runs.length; run++) {
    const reach = (runs[4 * run + 3] ?? 0) + limitRad
    if (!near(runs[4 * run] ?? 0, runs[4 * run + 1] ?? 0, runs[4 * run + 2] ?? 0, reach)) continue
    const from = run * edgesPerRun
    const to = Math.min(last, from + edgesPerRun)
    for (let i = from; i < to; i++)
      if (edgeTouches(near, linePoint(points, i), linePoint(points, i + 1), limitRad)) return true
  }
  return false
}

/** Halves the edge until each piece is either clearly near, clearly far or too short to matter. */
function edgeTouches(near: BoundaryTest, a: Vector3, b: Vector3, limitRad: number): boolean {
  const x = a[0] + b[0]
  const y = a[1] + b[1]
  const z = a[2] + b[2]
  const length = Math.sqrt(x * x + y * y + z * z)
  const middle: Vector3 = [x / length, y / length, z / length]
  if (near(middle[0], middle[1], middle[2], limitRad)) return true
  const half = Math.asin(Math.min(1, Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]) / 2))
  if (!near(middle[0], middle[1], middle[2], half + limitRad)) return false
  if (half < shortestRad) return true
  return edgeTouches(near, a, middle, limitRad) || edgeTouches(near, middle, b, limitRad)
}
