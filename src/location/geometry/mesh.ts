// Round trips between landmarks to the landmarks that cannot stand where they are said to.
import { parseError } from '../../result/error.js'
import { discRadiusMeters, maxUncertaintyMeters, requireQuantity, type SignalSpeed } from './radius.js'
import { angle, earthRadiusMeters, type Vector3 } from './vector.js'

/** A landmark as the mesh check needs it. */
export interface MeshLandmark {
  readonly position: Vector3
  readonly positionUncertaintyMeters: number
  readonly clockErrorPpm: number
}

/** A round trip between two landmarks, in nanoseconds. */
export interface MeshRoundTrip {
  /** Index of the landmark that measured. */
  readonly from: number
  /** Index of the landmark that answered. */
  readonly to: number
  readonly rttNs: number
}

/** A round trip too fast for the distance between the two stated positions. */
export interface MeshViolation {
  readonly from: number
  readonly to: number
  readonly distanceMeters: number
  /** The largest distance the round trip allows, uncertainties of both positions included. */
  readonly boundMeters: number
}

/** What a mesh check found. */
export interface MeshFinding {
  /** Landmarks not to be used, ascending. */
  readonly inconsistent: readonly number[]
  readonly violations: readonly MeshViolation[]
}

/** Bounds the work; 1024 landmarks measure each other in 1,047,552 directed pairs. */
export const maxMeshPairs = 1_100_000

/**
 * Finds landmarks whose stated positions contradict the round trips between them: d(i, j) must not exceed
 * `v · rtt / 2 · slack + u_i + u_j`. Of every violated pair at least one is wrong; the landmarks in the most violated
 * pairs are set aside first, all of them at a tie, until no violated pair is left. The outcome does not depend on the order
 * of the input.
 *
 * Sound whatever it sets aside: dropping a landmark's discs only enlarges a region. Liars can frame an honest landmark,
 * which costs precision, never truth. A wrong position that no round trip contradicts is NOT found.
 * @throws AttestationError `location/too-many-pairs`, `location/landmark-index`, `location/round-trip-time`, `location/quantity`
 */
export function checkMesh(input: {
  readonly landmarks: readonly MeshLandmark[]
  readonly roundTrips: readonly MeshRoundTrip[]
  readonly speed: SignalSpeed
}): MeshFinding {
  const { landmarks, roundTrips, speed } = input
  if (roundTrips.length > maxMeshPairs)
    throw parseError('location/too-many-pairs', 'roundTrips', { limit: maxMeshPairs, actual: roundTrips.length })
  for (const [index, { positionUncertaintyMeters }] of landmarks.entries())
    requireQuantity(positionUncertaintyMeters, maxUncertaintyMeters, `landmarks[${index}].positionUncertaintyMeters`)
  const violations = roundTrips
    .map((trip, index) => examine(landmarks, trip, speed, `roundTrips[${index}]`))
    .filter((pair) => pair.distanceMeters > pair.boundMeters)
    .sort((a, b) => a.from - b.from || a.to - b.to || a.boundMeters - b.boundMeters)
  return { inconsistent: setAside(violations, landmarks.length), violations }
}

function examine(
  landmarks: readonly MeshLandmark[],
  { from, to, rttNs }: MeshRoundTrip,
  speed: SignalSpeed,
  at: string,
): MeshViolation {
  const a = landmarkAt(landmarks, from, `${at}.from`)
  const b = landmarkAt(landmarks, to, `${at}.to`)
  const boundMeters = discRadiusMeters({
    rttNs,
    speed,
    // The limit is half way round the globe: beyond it no distance can be too large anyway.
    positionUncertaintyMeters: Math.min(
      a.positionUncertaintyMeters + b.positionUncertaintyMeters,
      maxUncertaintyMeters,
    ),
    clockErrorPpm: a.clockErrorPpm,
    at,
  })
  return { from, to, distanceMeters: angle(a.position, b.position) * earthRadiusMeters, boundMeters }
}

function landmarkAt(landmarks: readonly MeshLandmark[], index: number, at: string): MeshLandmark {
  const landmark = landmarks[index]
  if (landmark === undefined) throw parseError('location/landmark-index', at, { index, landmarks: landmarks.length })
  return landmark
}

function setAside(violations: readonly MeshViolation[], landmarks: number): readonly number[] {
  const opponents = Array.from({ length: landmarks }, () => new Set<number>())
  for (const { from, to } of violations) {
    opponents[from]?.add(to)
    opponents[to]?.add(from)
  }
  const inconsistent: number[] = []
  for (;;) {
    const most = opponents.reduce((max, set) => Math.max(max, set.size), 0)
    if (most === 0) return inconsistent.sort((a, b) => a - b)
    const worst = [...opponents.keys()].filter((index) => opponents[index]?.size === most)
    for (const index of worst) {
      inconsistent.push(index)
      for (const other of opponents[index] ?? []) opponents[other]?.delete(index)
    }
    for (const index of worst) opponents[index]?.clear()
  }
}
