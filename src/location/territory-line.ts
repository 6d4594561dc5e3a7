// Boundary lines of territories: great-circle polylines on the unit sphere, with a small cap around every run of edges.
import type { Cap } from './geometry/cap.js'
import type { Vector3 } from './geometry/vector.js'

/** Points joined by the shorter great-circle arcs, each shorter than a quarter of the globe. */
export interface BoundaryLine {
  /** x, y, z of every point, one after another. A single point is a piece of land smaller than the map's error. */
  readonly points: Float64Array
  /** x, y, z and radius in radians of a cap around each run of {@link edgesPerRun} edges. */
  readonly runs: readonly number[]
  /** Contains the whole line. */
  readonly cap: Cap
}

/** Edges under one cap: few enough that a cap is small, many enough that most edges are never looked at. */
export const edgesPerRun = 16

/** Caps grow by this (6 mm), far above the rounding of the sums behind them. */
const roundingRad = 1e-9

/** Puts caps around a line of `points` (x, y, z each). The array is kept, not copied. */
export function boundaryLine(points: Float64Array): BoundaryLine {
  const last = points.length / 3 - 1
  const count = Math.max(1, Math.ceil(last / edgesPerRun))
  const runs: number[] = []
  const caps: Cap[] = []
  for (let run = 0; run < count; run++) {
    const from = run * edgesPerRun
    const cap = capAround(points, from, Math.min(last, from + edgesPerRun))
    caps.push(cap)
    runs.push(cap.center[0], cap.center[1], cap.center[2], cap.radiusRad)
  }
  const only = count === 1 ? caps[0] : undefined
  return { points, runs, cap: only ?? enclosingCapOf(caps) }
}

/** The point with index `index`. */
export function linePoint(points: Float64Array, index: number): Vector3 {
  return [points[3 * index] ?? 0, points[3 * index + 1] ?? 0, points[3 * index + 2] ?? 0]
}

/** A cap below a hemisphere is convex, so one that contains the points contains the edges; otherwise the globe. */
function capAround(points: Float64Array, first: number, last: number): Cap {
  let x = 0
  let y = 0
  let z = 0
  for (let i = 3 * first; i <= 3 * last; i += 3) {
    x += points[i] ?? 0
    y += points[i + 1] ?? 0
    z += points[i + 2] ?? 0
  }
  const length = Math.sqrt(x * x + y * y + z * z)
  if (length < 1e-6) return { center: [0, 0, 1], radiusRad: Math.PI }
  const center: Vector3 = [x / length, y / length, z / length]
  let squared = 0
  for (let i = 3 * first; i <= 3 * last; i += 3) {
    const dx = (points[i] ?? 0) - center[0]
    const dy = (points[i + 1] ?? 0) - center[1]
    const dz = (points[i + 2] ?? 0) - center[2]
    squared = Math.max(squared, dx * dx + dy * dy + dz * dz)
  }
  const radiusRad = 2 * Math.asin(Math.min(1, Math.sqrt(squared) / 2)) + roundingRad
  return radiusRad < Math.PI / 2 ? { center, radiusRad } : { center, radiusRad: Math.PI }
}

/** A cap around all the `caps`, or the globe if that would reach a hemisphere. */
export function enclosingCapOf(caps: readonly Cap[]): Cap {
  let x = 0
  let y = 0
  let z = 0
  for (const { center } of caps) {
    x += center[0]
    y += center[1]
    z += center[2]
  }
  const length = Math.hypot(x, y, z)
  if (length < 1e-6) return { center: [0, 0, 1], radiusRad: Math.PI }
  const center: Vector3 = [x / length, y / length, z / length]
  let radiusRad = 0
  for (const cap of caps) {
    const dx = cap.center[0] - center[0]
    const dy = cap.center[1] - center[1]
    const dz = cap.center[2] - center[2]
    const chord = Math.sqrt(dx * dx + dy * dy + dz * dz)
    radiusRad = Math.max(radiusRad, 2 * Math.asin(Math.min(1, chord / 2)) + cap.radiusRad + roundingRad)
  }
  return radiusRad < Math.PI / 2 ? { center, radiusRad } : { center, radiusRad: Math.PI }
}
