// The rounds between landmark and agent: what each answer signs, how rounds chain, what the agent signs at the end.
import type { Bytes } from '../bytes/bytes.js'
import { equalBytes } from '../bytes/bytes.js'
import type { CryptoProvider } from '../crypto/provider.js'
import { verifyError } from '../result/error.js'
import { domains } from './claim-names.js'
import { domainDigest, domainMessage, uint32, uint64 } from './digest.js'
import type { ProfileKey } from './key-thumbprint.js'
import type { MeasurementClaims, MeasurementRound } from './measurement.js'

/** Shorter challenges could be guessed and answered early. */
const challengeLength = 32
export const landmarkNonceLength = 16

/** What ties a session to evidence, landmark and both nonces: an honest agent answers in no other session. */
export async function sessionId(
  input: {
    readonly evidence: Bytes
    readonly landmark: ProfileKey
    readonly agentNonce: Bytes
    readonly landmarkNonce: Bytes
  },
  crypto: CryptoProvider,
): Promise<Bytes> {
  const { evidence, landmark, agentNonce, landmarkNonce } = input
  const parts = [evidence, landmark.jwkThumbprint, agentNonce, landmarkNonce]
  return (await domainDigest(crypto, domains.session, ...parts)).subarray(0, 16)
}

/**
 * The agent's consent to a measurement: counts, its own shortest round trip, and the chain over all rounds. Without it a
 * landmark alone could make up a measurement.
 * @throws AttestationError `location/transcript-signature`
 */
export async function verifyTranscriptConsent(
  claims: MeasurementClaims,
  key: ProfileKey,
  crypto: CryptoProvider,
  at: string,
): Promise<void> {
  const { session, transcript, sent, received, agentRttMinNs } = claims
  const data = domainMessage(
    domains.transcript,
    session,
    transcript,
    uint32(sent),
    uint32(received),
    uint64(agentRttMinNs),
  )
  const valid = await crypto.verify({
    algorithm: key.algorithm,
    key: key.publicKey,
    signature: claims.transcriptSignature,
    data,
  })
  if (valid !== true) throw verifyError('location/transcript-signature', `${at}.xsig`, {})
}

/**
 * Recomputes the chain over the rounds of audit mode, and checks every signature in it.
 * @throws AttestationError `location/weak-challenge`, `location/challenge-mismatch`
 */
export async function verifyRounds(
  rounds: readonly MeasurementRound[],
  claims: MeasurementClaims,
  key: ProfileKey,
  crypto: CryptoProvider,
  at: string,
): Promise<void> {
  requireStrongChallenges(rounds)
  const signed = claims.responder === 'session-key'
  let previous: Bytes = new Uint8Array(32)
  const checks: Promise<boolean>[] = []
  for (const { index, challenge, answer } of rounds) {
    if (signed) {
      const data = domainMessage(domains.round, claims.session, uint32(index), challenge, previous)
      const check = crypto.verify({ algorithm: key.algorithm, key: key.publicKey, signature: answer, data })
      // Awaited with all the others; until then a rejection must not count as unhandled.
      check.catch(() => undefined)
      checks.push(check)
    }
    previous = await domainDigest(crypto, domains.chain, previous, uint32(index), challenge, answer)
  }
  const failed = (await Promise.all(checks)).findIndex((valid) => valid !== true)
  if (failed >= 0) throw verifyError('location/challenge-mismatch', rounds[failed]?.at ?? at, { what: 'signature' })
  if (!equalBytes(previous, claims.transcript))
    throw verifyError('location/challenge-mismatch', `${at}.xscript`, { what: 'chain' })
}

function requireStrongChallenges(rounds: readonly MeasurementRound[]): void {
  const seen: Bytes[] = []
  let last = 0
  for (const { index, challenge, at } of rounds) {
    if (challenge.length !== challengeLength) throw verifyError('location/weak-challenge', at, { reason: 'length' })
    if (seen.some((other) => equalBytes(other, challenge)))
      throw verifyError('location/weak-challenge', at, { reason: 'repeated' })
    if (index <= last) throw verifyError('location/challenge-mismatch', at, { what: 'order' })
    last = index
    seen.push(challenge)
  }
}

/** The challenge a device must sign to answer a round itself. */
export function deviceRoundChallenge(session: Bytes, round: MeasurementRound, crypto: CryptoProvider): Promise<Bytes> {
  return domainDigest(crypto, domains.deviceRound, session, uint32(round.index), round.challenge)
}
