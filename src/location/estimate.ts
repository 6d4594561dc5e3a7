// Verified measurements into an ESTIMATE at the speeds the landmarks reach among themselves. For a map; never for a verdict.
import { requireVerified, type Verified } from '../result/proof.js'
import type { LocationEvidence } from './evidence.js'
import { type CalibratedDisc, calibrateSpeeds, estimateRegion, type RegionEstimate } from './geometry/calibrated.js'

/**
 * Where the holder of the session key probably is. Undefined if the directory has no round trips between landmarks to
 * calibrate with. The factor widens what was seen: 1.1 held for 99.6 % of targets on public data, 1.25 for all.
 * @throws TypeError if `evidence` is not the value a verify function returned
 */
export function estimateLocation(
  evidence: Verified<LocationEvidence>,
  options: { readonly factor: number; readonly faultTolerance: number },
): RegionEstimate | undefined {
  requireVerified(evidence, 'evidence')
  const { landmarks, mesh } = evidence.directory
  if (mesh.length === 0) return undefined
  const discs = evidence.measurements.flatMap((measurement): readonly CalibratedDisc[] => {
    const landmark = landmarks[measurement.landmarkIndex]
    if (landmark === undefined || measurement.responder !== 'session-key') return []
    return [
      {
        landmark: measurement.landmarkIndex,
        center: landmark.position,
        group: measurement.operator,
        rttNs: measurement.rttMinNs,
        positionUncertaintyMeters: measurement.positionUncertaintyMeters,
        clockErrorPpm: landmark.clockErrorPpm,
      },
    ]
  })
  const positions = landmarks.map((landmark) => landmark.position)
  const speeds = calibrateSpeeds({ positions, roundTrips: mesh, factor: options.factor })
  return estimateRegion({ discs, speeds, ...options })
}
