// Accepted measurements into discs and a region, at one signal speed: what physics allows, under stated assumptions.
import { AttestationError } from '../result/error.js'
import { appraiseFailure, type Failure } from '../result/failure.js'
import { azimuthGapDegrees } from './azimuth.js'
import type { LandmarkDirectory } from './directory.js'
import type { LandmarkMeasurement, LocationEvidence } from './evidence.js'
import { faultClasses } from './fault-class.js'
import { intersectDiscs } from './geometry/intersection.js'
import { checkMesh } from './geometry/mesh.js'
import { discRadiusMeters, type SignalSpeed } from './geometry/radius.js'
import type { Region } from './geometry/region.js'
import type { LocationPolicy } from './policy.js'

/** One measurement as the geometry used it, or why it did not. */
export type DiscUse = Pick<LandmarkMeasurement, 'landmark' | 'operator' | 'rttMinNs' | 'responder'> & {
  readonly latitudeDegrees: number
  readonly longitudeDegrees: number
} & (
    | { readonly used: true; readonly radiusMeters: number }
    | { readonly used: false; readonly failure: Failure | undefined; readonly reason: string }
  )

/** The discs and the region of one signal speed. */
export interface LocationBounds {
  readonly speed: SignalSpeed
  readonly discs: readonly DiscUse[]
  /** Operators with at least one disc in use. */
  readonly operators: readonly string[]
  /** How many of them may be wrong independently of one another, by the policy's fault class. */
  readonly independentOperators: number
  /** Networks with at least one disc in use, ascending; a landmark whose directory entry names none adds none. */
  readonly autonomousSystems: readonly number[]
  /** See `azimuthGapDegrees`; from the centre of the enclosing cap. Undefined unless the region is bounded. */
  readonly azimuthGapDegrees: number | undefined
  readonly region: Region
}

type BoundsPolicy = Pick<
  LocationPolicy,
  | 'faultTolerance'
  | 'faultClass'
  | 'maxAgeSeconds'
  | 'requireGpuInLoop'
  | 'endorsedMinProcessingNs'
  | 'endorsedMinGpuProcessingNs'
  | 'growthMetersPerSecond'
>

/**
 * Draws a disc around the landmark of each measurement and intersects them. Leaves out what is too old, comes from a
 * landmark whose position the mesh contradicts, or answers another question than the policy's; each only enlarges the
 * region. `subject` says whether rounds by the session key and by the GPU speak of one place.
 */
export function locationBounds(
  evidence: LocationEvidence,
  policy: BoundsPolicy,
  speed: SignalSpeed,
  subject: 'one-place' | 'session-key-only',
): LocationBounds {
  const { landmarks } = evidence.directory
  const misplaced = misplacedLandmarks(evidence.directory, speed)
  const classes = faultClasses(landmarks, policy.faultClass)
  const uses = evidence.measurements.map((measurement) => {
    const excluded =
      exclusion(measurement, evidence, policy, subject) ??
      misplacement(measurement, misplaced) ??
      unclassified(measurement, classes)
    return drawDisc(measurement, evidence, policy, speed, excluded)
  })
  const counted = uses.flatMap((use, index) => {
    const measurement = evidence.measurements[index]
    const landmark = landmarks[measurement?.landmarkIndex ?? -1]
    const group = classes[measurement?.landmarkIndex ?? -1]
    if (!use.used || measurement === undefined || landmark === undefined || group === undefined) return []
    const { positionUncertaintyMeters } = measurement
    return [
      {
        disc: { center: landmark.position, radiusMeters: use.radiusMeters, group },
        landmark,
        positionUncertaintyMeters,
      },
    ]
  })
  const region = intersectDiscs({ discs: counted.map(({ disc }) => disc), faultTolerance: policy.faultTolerance })
  return {
    speed,
    discs: uses,
    operators: [...new Set(counted.map(({ landmark }) => landmark.operator))].sort(),
    independentOperators: new Set(counted.map(({ disc }) => disc.group)).size,
    autonomousSystems: [...new Set(counted.flatMap(({ landmark }) => landmark.autonomousSystem ?? []))].sort(
      (a, b) => a - b,
    ),
    azimuthGapDegrees:
      region.kind === 'bounded'
        ? azimuthGapDegrees(
            region.enclosingCap.center,
            counted.map(({ disc, positionUncertaintyMeters }) => ({
              position: disc.center,
              positionUncertaintyMeters,
            })),
          )
        : undefined,
    region,
  }
}

interface Exclusion {
  readonly reason: string
  readonly failure: Failure | undefined
}

function exclusion(
  measurement: LandmarkMeasurement,
  { verifiedAt }: LocationEvidence,
  { maxAgeSeconds, requireGpuInLoop }: BoundsPolicy,
  subject: 'one-place' | 'session-key-only',
): Exclusion | undefined {
  const { responder, landmark } = measurement
  if (requireGpuInLoop && responder !== 'gpu')
    return { reason: 'the policy counts only rounds the GPU answered', failure: undefined }
  if (!requireGpuInLoop && subject === 'session-key-only' && responder === 'gpu')
    return { reason: 'nothing shows that session key and GPU are in one place', failure: undefined }
  const ageSeconds = ageOf(measurement, verifiedAt)
  if (ageSeconds <= maxAgeSeconds) return undefined
  return {
    reason: 'too old',
    failure: appraiseFailure('location/too-old', 'measurements', { landmark, ageSeconds, maxAgeSeconds }),
  }
}

/** From the first round on, by the landmark's clock at its most unfavourable. */
function ageOf({ window, clockErrorMs }: LandmarkMeasurement, verifiedAt: Date): number {
  return Math.max(0, verifiedAt.getTime() / 1000 - window[0]) + clockErrorMs / 1000
}

function misplacedLandmarks({ landmarks, mesh }: LandmarkDirectory, speed: SignalSpeed): ReadonlySet<number> {
  if (mesh.length === 0) return new Set()
  return new Set(checkMesh({ landmarks, roundTrips: mesh, speed }).inconsistent)
}

function misplacement(
  { landmark, landmarkIndex }: LandmarkMeasurement,
  misplaced: ReadonlySet<number>,
): Exclusion | undefined {
  if (!misplaced.has(landmarkIndex)) return undefined
  return {
    reason: 'position contradicted by other landmarks',
    failure: appraiseFailure('location/landmark-position-inconsistent', 'directory.mesh', { landmark }),
  }
}

function unclassified(
  { landmark, landmarkIndex }: LandmarkMeasurement,
  classes: readonly (string | undefined)[],
): Exclusion | undefined {
  if (classes[landmarkIndex] !== undefined) return undefined
  return {
    reason: 'the directory names no network for the landmark',
    failure: appraiseFailure('location/autonomous-system-unknown', `directory.landmarks[${landmarkIndex}]`, {
      landmark,
    }),
  }
}

function drawDisc(
  measurement: LandmarkMeasurement,
  { directory, verifiedAt }: LocationEvidence,
  policy: BoundsPolicy,
  speed: SignalSpeed,
  excluded: Exclusion | undefined,
): DiscUse {
  const { landmark, landmarkIndex, operator, rttMinNs, responder, positionUncertaintyMeters } = measurement
  const place = directory.landmarks[landmarkIndex]
  if (place === undefined) throw new TypeError('a measurement names a landmark that is not in its directory')
  const { latitudeDegrees, longitudeDegrees, clockErrorPpm } = place
  const use = { landmark, operator, rttMinNs, responder, latitudeDegrees, longitudeDegrees }
  if (excluded !== undefined) return { ...use, used: false, ...excluded }
  try {
    const radiusMeters = discRadiusMeters({
      rttNs: rttMinNs,
      speed,
      positionUncertaintyMeters,
      clockErrorPpm,
      endorsedMinProcessingNs: responder === 'gpu' ? policy.endorsedMinGpuProcessingNs : policy.endorsedMinProcessingNs,
      ageSeconds: policy.growthMetersPerSecond === 0 ? 0 : ageOf(measurement, verifiedAt),
      growthMetersPerSecond: policy.growthMetersPerSecond,
      at: 'measurements',
    })
    return { ...use, used: true, radiusMeters }
  } catch (error) {
    if (!(error instanceof AttestationError)) throw error
    return { ...use, used: false, reason: 'no disc follows from it', failure: error.failure }
  }
}
