// Rounds a GPU answered itself: each sample must be a verified report on that round's challenge, by a bound device.
import { equalBytes } from '../bytes/bytes.js'
import { verifyError } from '../result/error.js'
import { deviceDigest } from './attested-device.js'
import type { MeasurementClaims } from './measurement.js'
import { deviceRoundChallenge } from './transcript.js'
import type { MeasurementContext } from './verify-measurement.js'

/**
 * The landmark saw only the digest of a report; it cannot exist before the report, nor the report before the challenge.
 * Returns which devices answered.
 * @throws AttestationError `location/unauthenticated-sample`
 */
export async function verifyDeviceRounds(
  claims: MeasurementClaims,
  { deviceRounds, deviceIds, crypto }: MeasurementContext,
  at: string,
): Promise<readonly string[]> {
  const { rounds } = claims
  if (rounds === undefined) throw verifyError('location/unauthenticated-sample', `${at}.rounds`, { responder: 'gpu' })
  const answered = new Set<string>()
  for (const round of rounds) {
    const challenge = await deviceRoundChallenge(claims.session, round, crypto)
    const candidates = deviceRounds.filter(
      (device) => equalBytes(device.request.nonce, challenge) && deviceIds.has(device.identity.ueid),
    )
    const digests = await Promise.all(candidates.map((device) => deviceDigest(device, crypto)))
    const report = candidates[digests.findIndex((digest) => equalBytes(digest, round.answer))]
    if (report === undefined) throw verifyError('location/unauthenticated-sample', round.at, { responder: 'gpu' })
    answered.add(report.identity.ueid)
  }
  return [...answered]
}
