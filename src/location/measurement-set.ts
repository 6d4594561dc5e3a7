// The measurement tokens of a bundle into those that count and those left out, each with its reason.
import { encodeHex } from '../bytes/hex.js'
import { AttestationError, verifyError } from '../result/error.js'
import type { Landmark } from './directory.js'
import type { SignedToken } from './envelope.js'
import type { LandmarkMeasurement, RejectedMeasurement } from './evidence.js'
import {
  type MeasurementContext,
  namedLandmark,
  type VerifiedMeasurement,
  verifyMeasurement,
} from './verify-measurement.js'

export interface MeasurementOutcomes {
  readonly accepted: LandmarkMeasurement[]
  readonly rejected: RejectedMeasurement[]
}

/** Nothing that is wrong with one measurement fails the others: whoever can spoil one could as well have left it out. */
export async function verifyMeasurements(
  measurements: readonly SignedToken[],
  context: MeasurementContext,
): Promise<MeasurementOutcomes> {
  const outcomes = await Promise.all(measurements.map((token, index) => tryMeasurement(token, index, context)))
  const accepted: LandmarkMeasurement[] = []
  const rejected: RejectedMeasurement[] = []
  const seen = new Set<string>()
  for (const [index, outcome] of outcomes.entries()) {
    if ('failure' in outcome) {
      rejected.push(outcome)
      continue
    }
    const { measurement, session, landmarkNonce } = outcome
    // A landmark nonce used twice would let the second session be answered in advance.
    const marks = [
      `sid ${encodeHex(session)}`,
      `n_l ${encodeHex(landmarkNonce)}`,
      `jti ${measurement.landmark} ${measurement.tokenId}`,
    ]
    const repeated = marks.find((mark) => seen.has(mark))
    for (const mark of marks) seen.add(mark)
    if (repeated === undefined) accepted.push(measurement)
    else {
      const what = repeated.slice(0, 3)
      const { failure } = verifyError('location/replay', `payload.meas[${index}].payload.${what.trim()}`, {
        what: what.trim(),
      })
      rejected.push({ index, landmark: measurement.landmark, failure })
    }
  }
  return { accepted, rejected }
}

async function tryMeasurement(
  token: SignedToken,
  index: number,
  context: MeasurementContext,
): Promise<VerifiedMeasurement | RejectedMeasurement> {
  const at = `payload.meas[${index}]`
  let landmark: Landmark | undefined
  try {
    const named = namedLandmark(token, context.directory, at)
    landmark = named.landmark
    return await verifyMeasurement(token, named, context, at)
  } catch (error) {
    if (!(error instanceof AttestationError)) throw error
    return { index, landmark: landmark?.id, failure: error.failure }
  }
}
