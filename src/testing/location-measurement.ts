// Rounds between a landmark and an agent into a signed measurement, sound or with one fault.
import { type Bytes, concatBytes } from '../bytes/bytes.js'
import {
  type ClaimEdits,
  claim,
  type DualClaim,
  dualMap,
  editClaims,
  signClaims,
  type TokenEncoding,
  type TokenOptions,
} from './dual-claims.js'
import { deriveBytes, type SyntheticKey } from './key.js'
import {
  bigEndian,
  confirmationThumbprint,
  domainBytes,
  hash,
  jwkThumbprint,
  thumbprintSubject,
} from './location-keys.js'
import { locationProfileUri, positionClaim, type SyntheticLandmark } from './location-landmarks.js'

/** What a fault may change in one measurement; everything after it follows from the changed value. */
export interface MeasurementFaults {
  /** Samples, nanoseconds, in place of the sound ones. */
  readonly rttNs?: readonly number[]
  /** The agent's own shortest round trip; none if left out. */
  readonly agentRttMinNs?: number
  /** Session key that answers. */
  readonly sessionKey?: SyntheticKey
  /** Signs the rounds in place of the session key. */
  readonly roundKey?: SyntheticKey
  /** Signs the transcript in place of the session key. */
  readonly transcriptKey?: SyntheticKey
  readonly evidence?: Bytes
  readonly verifierNonce?: Bytes
  readonly agentNonce?: Bytes
  readonly landmarkNonce?: Bytes
  readonly challenge?: (round: number) => Bytes
  /** Seconds since 1970. */
  readonly window?: readonly [number, number]
  /** Show every round. */
  readonly audit?: boolean
  /** A GPU answers: the digest of its report on a challenge. */
  readonly gpu?: (challenge: Bytes) => Bytes
  readonly claims?: ClaimEdits
  readonly token?: TokenOptions
  /** Signs the measurement in place of the landmark. */
  readonly key?: SyntheticKey
  readonly encoding?: TokenEncoding
}

export interface MeasurementRequest {
  readonly seed: string
  readonly landmark: SyntheticLandmark
  readonly sessionKey: SyntheticKey
  /** e, over binding, device reports and machine evidence. */
  readonly evidence: Bytes
  readonly verifierNonce: Bytes
  readonly audience: string
  readonly rttNs: readonly number[]
  readonly window: readonly [number, number]
  readonly encoding: TokenEncoding
}

interface Session {
  readonly sid: Bytes
  readonly agentNonce: Bytes
  readonly landmarkNonce: Bytes
}

interface Transcript {
  readonly rounds: readonly (readonly [number, Bytes, Bytes])[]
  readonly digest: Bytes
}

function openSession({ seed, landmark }: MeasurementRequest, evidence: Bytes, faults: MeasurementFaults): Session {
  const agentNonce = faults.agentNonce ?? deriveBytes(seed, `agent nonce/${landmark.name}`, 16)
  const landmarkNonce = faults.landmarkNonce ?? deriveBytes(seed, `landmark nonce/${landmark.name}`, 16)
  const parts = [evidence, jwkThumbprint(landmark.key), agentNonce, landmarkNonce]
  return { sid: hash(domainBytes('gpuloc/sid/v1', ...parts)).slice(0, 16), agentNonce, landmarkNonce }
}

function playRounds(
  { seed, landmark }: MeasurementRequest,
  sid: Bytes,
  count: number,
  key: SyntheticKey,
  faults: MeasurementFaults,
): Transcript {
  const rounds: (readonly [number, Bytes, Bytes])[] = []
  let previous: Bytes = new Uint8Array(32)
  for (let round = 1; round <= count; round++) {
    const challenge = faults.challenge?.(round) ?? deriveBytes(seed, `challenge/${landmark.name}/${round}`, 32)
    const index = bigEndian(round, 4)
    const answer =
      faults.gpu === undefined
        ? key.sign(domainBytes('gpuloc/round/v1', sid, index, challenge, previous))
        : faults.gpu(hash(domainBytes('gpuloc/gpuround/v1', sid, index, challenge)))
    rounds.push([round, challenge, answer])
    previous = hash(domainBytes('gpuloc/chain/v1', previous, index, challenge, answer))
  }
  return { rounds, digest: previous }
}

/** What a landmark signs after its rounds. */
export function createMeasurement(request: MeasurementRequest, faults: MeasurementFaults = {}): string | Bytes {
  const { landmark, encoding } = request
  const key = faults.sessionKey ?? request.sessionKey
  const evidence = faults.evidence ?? request.evidence
  const session = openSession(request, evidence, faults)
  const rttNs = faults.rttNs ?? request.rttNs
  const transcript = playRounds(request, session.sid, rttNs.length, faults.roundKey ?? key, faults)
  const sent = rttNs.length + 1
  const agentRtt = faults.agentRttMinNs ?? 0
  const consent = [bigEndian(sent, 4), bigEndian(rttNs.length, 4), bigEndian(agentRtt, 8)]
  const signed = domainBytes('gpuloc/xscript/v1', session.sid, transcript.digest, ...consent)
  const window = faults.window ?? request.window
  const claims: readonly DualClaim[] = [
    ...registeredClaims(request, faults, key, window[1]),
    claim('eat_nonce', 10, [faults.verifierNonce ?? request.verifierNonce, session.agentNonce]),
    claim('ev', -77001, evidence),
    claim('sid', -77002, session.sid),
    claim('n_l', -77003, session.landmarkNonce),
    claim('window', -77004, window),
    claim('rtt_min', -77005, Math.min(...rttNs)),
    claim('rtt', -77006, rttNs),
    claim('sent', -77007, sent),
    claim('recv', -77008, rttNs.length),
    claim('ts_src', -77009, 'kernel'),
    claim('responder', -77012, faults.gpu === undefined ? 'session-key' : 'gpu'),
    claim('xscript', -77015, transcript.digest),
    claim('xsig', -77016, (faults.transcriptKey ?? key).sign(signed)),
    claim('clk', -77018, dualMap(claim('src', 1, 'nts'), claim('err_ms', 2, 20))),
    ...(agentRtt === 0 ? [] : [claim('agent_rtt_min', -77019, agentRtt)]),
    ...(faults.audit === true || faults.gpu !== undefined ? [claim('rounds', -77017, transcript.rounds)] : []),
  ]
  return signClaims(editClaims(claims, faults.claims), faults.key ?? landmark.key, faults.encoding ?? encoding, {
    type: 'application/gpuloc-meas',
    kid: jwkThumbprint(landmark.key),
    ...faults.token,
  })
}

function registeredClaims(
  { landmark, audience }: MeasurementRequest,
  { agentNonce = new Uint8Array(0) }: MeasurementFaults,
  key: SyntheticKey,
  issuedAt: number,
): readonly DualClaim[] {
  const id = concatBytes(jwkThumbprint(landmark.key).subarray(0, 8), agentNonce.subarray(0, 8))
  return [
    claim('eat_profile', 265, locationProfileUri),
    claim('iss', 1, `https://${landmark.name.toLowerCase()}.gpu-attestation.example`),
    claim('sub', 2, thumbprintSubject(key)),
    claim('aud', 3, audience),
    claim('iat', 6, issuedAt),
    claim('exp', 4, issuedAt + 3600),
    claim('jti', 7, id),
    claim('cnf', 8, confirmationThumbprint(key)),
    claim('location', 264, positionClaim(landmark)),
    claim('pos_unc', -77021, landmark.positionUncertaintyMeters),
  ]
}
