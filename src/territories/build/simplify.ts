// A detailed line to a coarse one, with the proof that it stays close.
//
// Why closeness is enough. A stretch of the detailed line from a to b, closed by the coarse edge from a' to b' and the
// two short hops a a' and b b', is a loop. If every point of the loop is within e of the coarse edge, a point that the
// loop encloses is within e of that edge too. Replacing all stretches changes the even-odd side only of points enclosed
// by an odd number of loops. So: a point on different sides of the two boundaries is within e of the coarse boundary,
// and e is the `errorMeters` of the map. Crossing or collapsed coarse rings do no harm.
import {
  cross,
  dot,
  earthRadiusMeters,
  fromDegrees,
  norm,
  scale,
  type Vector3,
} from '../../location/geometry/vector.js'
import type { LonLat } from './topology.js'

/** Coordinates are stored in 1/200 degree: at most 0.4 km of rounding, and one byte per step of up to 35 km. */
export const stepsPerDegree = 200

/**
 * The source joins its points by straight lines in longitude and latitude. Over spans l and p (in rad) such a line leaves
 * the great circle by at most (l² sin φ cos φ + 2 l p sin φ) R / 8, to leading order: below 85 m for l² + p² <= (0.51°)²,
 * and nothing along a meridian. The bands around edges are convex to within 1 m.
 */
export const planarSlackMeters = 100

/** Longest edge, along a meridian excepted, for which {@link planarSlackMeters} holds. */
const longestEdgeDeg = 0.51

/** A point in 1/200 degree: longitude in [-36000, 36000), latitude in [-18000, 18000]. */
export type GridPoint = readonly [longitude: number, latitude: number]

export interface CoarseLine {
  readonly points: readonly GridPoint[]
  /** Largest distance of a detailed point from the coarse edge that replaces its stretch. */
  readonly deviationMeters: number
}

export function gridPoint([longitudeDeg, latitudeDeg]: LonLat): GridPoint {
  const half = 180 * stepsPerDegree
  const longitude = Math.round(longitudeDeg * stepsPerDegree)
  return [longitude >= half ? longitude - 2 * half : longitude, Math.round(latitudeDeg * stepsPerDegree)]
}

export function gridVector([longitude, latitude]: GridPoint): Vector3 {
  return fromDegrees(latitude / stepsPerDegree, longitude / stepsPerDegree)
}

/** Coarsens `line` so that no point of it is farther than `limitMeters` from the edge that replaces its stretch. */
export function simplifyLine(line: readonly LonLat[], limitMeters: number): CoarseLine {
  const detailed = line.map(([longitude, latitude]) => fromDegrees(latitude, longitude))
  const first = detailed[0]
  const last = detailed[detailed.length - 1]
  if (first === undefined || last === undefined) throw new TypeError('empty line')
  for (let i = 1; i < line.length; i++) requireShort(line[i - 1], line[i])
  if (distanceMeters(first, last) > 1) return cutStretch(line, detailed, 0, line.length - 1, limitMeters)

  const single = collapse(line, detailed, limitMeters)
  if (single !== undefined) return single
  // A closed line: cut it where it is farthest from its start, or one edge would replace all of it.
  let farthest = 0
  for (const [i, point] of detailed.entries())
    if (distanceMeters(point, first) > distanceMeters(detailed[farthest] ?? first, first)) farthest = i
  const out = cutStretch(line, detailed, 0, farthest, limitMeters)
  const back = cutStretch(line, detailed, farthest, line.length - 1, limitMeters)
  return {
    points: [...out.points, ...back.points.slice(1)],
    deviationMeters: Math.max(out.deviationMeters, back.deviationMeters),
  }
}

function requireShort(a: LonLat | undefined, b: LonLat | undefined): void {
  if (a === undefined || b === undefined) return
  const across = Math.abs(a[0] - b[0])
  const longitude = Math.min(across, 360 - across)
  if (longitude > 0 && Math.hypot(longitude, a[1] - b[1]) > longestEdgeDeg)
    throw new TypeError(`edge too long at ${a.join(' ')}`)
}

/** An island within the limit of one point becomes that point. */
function collapse(line: readonly LonLat[], detailed: readonly Vector3[], limitMeters: number): CoarseLine | undefined {
  const start = line[0] ?? [0, 0]
  // Longitudes relative to the first, so that an island on the antimeridian stays in one piece.
  const longitudes = line.map(([longitude]) => ((longitude - start[0] + 540) % 360) - 180)
  const latitudes = line.map(([, latitude]) => latitude)
  const middleLongitude = start[0] + (Math.min(...longitudes) + Math.max(...longitudes)) / 2
  const middleLatitude = (Math.min(...latitudes) + Math.max(...latitudes)) / 2
  const point = gridPoint([((middleLongitude + 540) % 360) - 180, middleLatitude])
  const center = gridVector(point)
  const deviationMeters = Math.max(...detailed.map((vertex) => distanceMeters(vertex, center)))
  return deviationMeters <= limitMeters ? { points: [point], deviationMeters } : undefined
}

/** Greedy: each edge skips as many points as the limit allows. */
function cutStretch(
  line: readonly LonLat[],
  detailed: readonly Vector3[],
  from: number,
  to: number,
  limitMeters: number,
): CoarseLine {
  const grid = line.map(gridPoint)
  const vectors = grid.map(gridVector)
  const kept: GridPoint[] = []
  let deviationMeters = 0
  let at = from
  while (at < to) {
    const [next, worst] = farthestReach(detailed, vectors, at, to, limitMeters)
    const point = grid[at]
    if (point !== undefined) kept.push(point)
    deviationMeters = Math.max(deviationMeters, worst)
    at = next
  }
  const end = grid[to]
  if (end !== undefined) kept.push(end)
  return { points: kept, deviationMeters }
}

/** How many points beyond a failed one are still tried: coasts wind back. */
const lookAhead = 24

function farthestReach(
  detailed: readonly Vector3[],
  vectors: readonly Vector3[],
  at: number,
  to: number,
  limitMeters: number,
): readonly [next: number, deviationMeters: number] {
  let best: readonly [number, number] = [at + 1, stretchDeviation(detailed, vectors, at, at + 1, limitMeters)]
  for (let end = at + 2; end <= Math.min(to, best[0] + lookAhead); end++) {
    const worst = stretchDeviation(detailed, vectors, at, end, limitMeters)
    if (worst <= limitMeters) best = [end, worst]
  }
  return best
}

/** Largest distance of the points `from` to `to` from the coarse edge; stops early once above the limit. */
function stretchDeviation(
  detailed: readonly Vector3[],
  vectors: readonly Vector3[],
  from: number,
  to: number,
  limitMeters: number,
): number {
  const a = vectors[from]
  const b = vectors[to]
  if (a === undefined || b === undefined) throw new TypeError('stretch beyond the line')
  const distance = edgeDistance(a, b)
  let worst = 0
  for (let i = to; i >= from && worst <= limitMeters; i--) {
    const point = detailed[i]
    if (point !== undefined) worst = Math.max(worst, distance(point))
  }
  return worst
}

/** Distance in metres from the great-circle edge between two points. */
export function edgeDistance(a: Vector3, b: Vector3): (point: Vector3) => number {
  const normal = cross(a, b)
  const length = norm(normal)
  if (length < 1e-12) return (point) => distanceMeters(point, a)
  const axis = scale(normal, 1 / length)
  const start = cross(axis, a)
  const end = cross(b, axis)
  return (point) =>
    dot(start, point) >= 0 && dot(end, point) >= 0
      ? Math.asin(Math.min(1, Math.abs(dot(axis, point)))) * earthRadiusMeters
      : Math.min(distanceMeters(point, a), distanceMeters(point, b))
}

function distanceMeters(a: Vector3, b: Vector3): number {
  const chord = Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])
  return 2 * Math.asin(Math.min(1, chord / 2)) * earthRadiusMeters
}
