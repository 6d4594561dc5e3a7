// Round trips so far to the landmarks worth asking next. Chooses what to measure; decides nothing.
import { parseError } from '../../result/error.js'
import { type MeshRoundTrip, maxMeshPairs } from './mesh.js'
import { requireRtt, speedOfLightMetersPerSecond } from './radius.js'
import { angle, dot, earthRadiusMeters, type Vector3 } from './vector.js'

/** Round trips typically make the great circle at 0.4 c; stands in for a pair of landmarks that never measured each other. */
const typicalMetersPerNs: number = 0.4 * speedOfLightMetersPerSecond * 1e-9

/** Below some milliseconds the last mile decides, not the distance: differences there count for little. */
const nearNs = 2_000_000

/** Bounds the work of a choice, which grows with landmarks times measurements. */
const maxLandmarks = 1024

export interface LandmarkMeasurement {
  readonly landmark: number
  readonly rttNs: number
}

/** Chooses which landmarks to measure next. */
export interface LandmarkSelector {
  /**
   * Up to `count` of the candidates, the most promising first; none that is measured already. Before the first
   * measurement: landmarks far from one another. Then: those near the landmark whose own round trips look most like the
   * device's. Ask for about five at first and then a few at a time; some twenty in all find nearly the region that
   * hundreds would.
   */
  next(input: {
    readonly candidates: readonly number[]
    readonly measured: readonly LandmarkMeasurement[]
    readonly count: number
  }): readonly number[]
}

/**
 * Prepares the choice from the round trips between landmarks, such as those of the mesh check. A device that adds delay can
 * mislead the plan, and thereby only enlarge the region that it is trying to shrink.
 * @throws AttestationError `location/too-many-landmarks`, `location/too-many-pairs`, `location/landmark-index`,
 *   `location/round-trip-time`
 */
export function landmarkSelector(input: {
  readonly positions: readonly Vector3[]
  readonly roundTrips: readonly MeshRoundTrip[]
}): LandmarkSelector {
  const positions = [...input.positions]
  if (positions.length > maxLandmarks)
    throw parseError('location/too-many-landmarks', 'positions', { limit: maxLandmarks, actual: positions.length })
  const between = expectedTimes(positions, input.roundTrips)
  return {
    next: ({ candidates, measured, count }) => {
      const asked = new Set(measured.map(({ landmark }) => landmark))
      for (const [index, { landmark, rttNs }] of measured.entries()) {
        requireLandmark(positions, landmark, `measured[${index}].landmark`)
        requireRtt(rttNs, `measured[${index}].rttNs`)
      }
      for (const [index, landmark] of candidates.entries()) requireLandmark(positions, landmark, `candidates[${index}]`)
      const open = [...new Set(candidates)].filter((landmark) => !asked.has(landmark)).sort((a, b) => a - b)
      if (measured.length === 0) return farApart(positions, open, count)
      const alike = mostAlike(between, [...new Set([...asked, ...open])], measured)
      const cost = (landmark: number): number =>
        between(landmark, alike) + typicalNs(positions[landmark], positions[alike])
      return open
        .map((landmark) => ({ landmark, cost: cost(landmark) }))
        .sort((a, b) => a.cost - b.cost || a.landmark - b.landmark)
        .slice(0, Math.max(0, count))
        .map(({ landmark }) => landmark)
    },
  }
}

type ExpectedTime = (from: number, to: number) => number

/** The lower of both directions where measured, else what the distance makes typical. */
function expectedTimes(positions: readonly Vector3[], roundTrips: readonly MeshRoundTrip[]): ExpectedTime {
  if (roundTrips.length > maxMeshPairs)
    throw parseError('location/too-many-pairs', 'roundTrips', { limit: maxMeshPairs, actual: roundTrips.length })
  const known = new Map<number, number>()
  const key = (a: number, b: number): number => Math.min(a, b) * positions.length + Math.max(a, b)
  for (const [index, { from, to, rttNs }] of roundTrips.entries()) {
    const at = `roundTrips[${index}]`
    requireLandmark(positions, from, `${at}.from`)
    requireLandmark(positions, to, `${at}.to`)
    requireRtt(rttNs, `${at}.rttNs`)
    known.set(key(from, to), Math.min(rttNs, known.get(key(from, to)) ?? rttNs))
  }
  return (from, to) => (from === to ? 0 : (known.get(key(from, to)) ?? typicalNs(positions[from], positions[to])))
}

function typicalNs(a: Vector3 | undefined, b: Vector3 | undefined): number {
  return a === undefined || b === undefined ? 0 : (2 * angle(a, b) * earthRadiusMeters) / typicalMetersPerNs
}

/** The landmark that, in the device's place, would best explain the times: ratios count, short times count most. */
function mostAlike(
  between: ExpectedTime,
  landmarks: readonly number[],
  measured: readonly LandmarkMeasurement[],
): number {
  let best = landmarks[0] ?? 0
  let least = Number.POSITIVE_INFINITY
  for (const candidate of landmarks) {
    let misfit = 0
    for (const { landmark, rttNs } of measured)
      misfit += Math.log((rttNs + nearNs) / (between(landmark, candidate) + nearNs)) ** 2 / (rttNs + nearNs)
    if (misfit < least) {
      least = misfit
      best = candidate
    }
  }
  return best
}

/** Each next landmark is the one farthest from all before it. */
function farApart(positions: readonly Vector3[], open: readonly number[], count: number): readonly number[] {
  const chosen = open.slice(0, Math.min(1, Math.max(0, count)))
  // Cosine of the angle to the nearest landmark chosen: the smallest is farthest away.
  const nearest = new Map(open.map((landmark) => [landmark, -2]))
  while (chosen.length < Math.min(count, open.length)) {
    const last = positions[chosen[chosen.length - 1] ?? 0]
    let next: number | undefined
    for (const landmark of open) {
      const position = positions[landmark]
      if (last === undefined || position === undefined) continue
      const closest = Math.max(nearest.get(landmark) ?? -2, dot(position, last))
      nearest.set(landmark, closest)
      if (!chosen.includes(landmark) && (next === undefined || closest < (nearest.get(next) ?? 2))) next = landmark
    }
    if (next === undefined) break
    chosen.push(next)
  }
  return chosen
}

function requireLandmark(positions: readonly Vector3[], index: number, at: string): void {
  if (positions[index] === undefined)
    throw parseError('location/landmark-index', at, { index, landmarks: positions.length })
}
