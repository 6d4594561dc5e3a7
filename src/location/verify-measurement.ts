// One measurement token into an accepted measurement: by a listed landmark, of this session key, for this evidence, now.
import { type Bytes, equalBytes } from '../bytes/bytes.js'
import { encodeHex } from '../bytes/hex.js'
import type { CryptoProvider } from '../crypto/provider.js'
import { verifyError } from '../result/error.js'
import type { Verified } from '../result/proof.js'
import type { AttestedDevice } from './attested-device.js'
import type { LocationBinding } from './binding.js'
import type { Confirmation } from './claim-reading.js'
import { verifyDeviceRounds } from './device-rounds.js'
import { findLandmark, type Landmark, type LandmarkDirectory } from './directory.js'
import { peekKeyId, type SignedToken, tokenEncoding } from './envelope.js'
import type { LandmarkMeasurement, Responder } from './evidence.js'
import { angle, earthRadiusMeters, fromDegrees } from './geometry/vector.js'
import { thumbprintUri } from './key-thumbprint.js'
import { type MeasurementClaims, readMeasurement } from './measurement.js'
import { type ProfileToken, requiredTime, verifyProfileToken } from './profile-token.js'
import { landmarkNonceLength, sessionId, verifyRounds, verifyTranscriptConsent } from './transcript.js'

export interface MeasurementContext {
  readonly directory: LandmarkDirectory
  readonly binding: LocationBinding
  /** e, what every measurement must name. */
  readonly evidence: Bytes
  readonly nonceIssuedAt: Date
  /** When the nonce of the second bracket was issued, if there is one. */
  readonly closedAt: Date | undefined
  readonly now: Date
  readonly leewaySeconds: number
  /** By how much the agent's own round trip may exceed the landmark's. */
  readonly agentRttSlackNs: number
  readonly deviceRounds: readonly Verified<AttestedDevice>[]
  readonly deviceIds: ReadonlySet<string>
  readonly crypto: CryptoProvider
}

/** A measurement, and what must be unique among those of a bundle. */
export interface VerifiedMeasurement {
  readonly measurement: LandmarkMeasurement
  readonly session: Bytes
  readonly landmarkNonce: Bytes
}

/** The landmark a token's header names, and the key id it names it by. */
export interface NamedLandmark {
  readonly landmark: Landmark
  readonly kid: Bytes
}

/**
 * Looks up the landmark that a token's header names.
 * @throws AttestationError `token/claim-missing`, `location/unknown-landmark` and those of the token's form
 */
export function namedLandmark(token: SignedToken, directory: LandmarkDirectory, at: string): NamedLandmark {
  const kid = peekKeyId(token, at)
  if (kid === undefined) throw verifyError('token/claim-missing', at, { claim: 'kid' })
  const landmark = findLandmark(directory, kid, tokenEncoding(token))
  if (landmark === undefined)
    throw verifyError('location/unknown-landmark', `${at}.header.kid`, { landmarks: directory.landmarks.length })
  return { landmark, kid }
}

/** @throws AttestationError with the code of the first check that fails */
export async function verifyMeasurement(
  token: SignedToken,
  named: NamedLandmark,
  context: MeasurementContext,
  at: string,
): Promise<VerifiedMeasurement> {
  const { directory, binding, crypto } = context
  const { landmark } = named
  const verified = await verifyToken(token, named, context, at)
  const claims = readMeasurement(verified.set, verified.at)
  await verifyBinding(claims, verified, landmark, context)
  verifySamples(claims, context, verified.at)
  const positionUncertaintyMeters = verifyPosition(claims, landmark, verified.at)
  verifyWindow(claims, context, verified.at)
  const responder = readResponder(claims, verified.at)
  await verifyTranscriptConsent(claims, binding.sessionKey, crypto, verified.at)
  if (claims.rounds !== undefined) await verifyRounds(claims.rounds, claims, binding.sessionKey, crypto, verified.at)
  const answeredBy = responder === 'gpu' ? await verifyDeviceRounds(claims, context, verified.at) : []
  return {
    session: claims.session,
    landmarkNonce: claims.landmarkNonce,
    measurement: Object.freeze({
      landmark: landmark.id,
      landmarkIndex: directory.landmarks.indexOf(landmark),
      operator: landmark.operator,
      tokenId: claims.tokenId,
      rttMinNs: claims.rttMinNs,
      sent: claims.sent,
      received: claims.received,
      responder,
      answeredBy,
      positionUncertaintyMeters,
      window: claims.window,
      clockErrorMs: claims.clock.errorMs,
      timestampSource: claims.timestampSource,
      medium: claims.medium,
      audited: claims.rounds !== undefined,
    }),
  }
}

async function verifyToken(
  token: SignedToken,
  { landmark, kid }: NamedLandmark,
  { binding, now, leewaySeconds, nonceIssuedAt, crypto }: MeasurementContext,
  at: string,
): Promise<ProfileToken> {
  if (landmark.status === 'revoked') throw verifyError('location/landmark-revoked', at, { landmark: landmark.id })
  const { publicKey, algorithm } = landmark.key
  const key = { publicKey, algorithm, certificates: [], kid }
  const verified = await verifyProfileToken(token, {
    message: 'meas',
    keys: { keys: [key] },
    issuer: null,
    audience: binding.audience,
    now,
    leewaySeconds,
    expiry: 'required',
    crypto,
    at,
  })
  const issuedAt = requiredTime(verified.registered.issuedAt, 'iat', verified.at)
  const { notBefore, notAfter } = landmark
  // A key that fell into other hands after its time can date tokens back, but not to before the nonce in them.
  const latest = Math.max(issuedAt, Math.floor(nonceIssuedAt.getTime() / 1000))
  if (issuedAt < notBefore || latest > notAfter)
    throw verifyError('location/landmark-not-valid', at, {
      landmark: landmark.id,
      notBefore,
      notAfter,
      issuedAt: latest,
    })
  return verified
}

async function verifyBinding(
  claims: MeasurementClaims,
  { registered, at }: ProfileToken,
  landmark: Landmark,
  { binding, evidence, crypto }: MeasurementContext,
): Promise<void> {
  const [verifierNonce, agentNonce, extra] = claims.nonces
  if (verifierNonce === undefined || !equalBytes(verifierNonce, binding.nonce))
    throw verifyError('location/replay', `${at}.eat_nonce`, { what: 'nonce' })
  if (agentNonce?.length !== 16 || extra !== undefined)
    throw verifyError('location/weak-challenge', `${at}.eat_nonce`, { reason: 'length' })
  if (!equalBytes(claims.evidence, evidence))
    throw verifyError('location/binding-mismatch', `${at}.ev`, {
      expected: encodeHex(evidence),
      actual: encodeHex(claims.evidence),
    })
  if (!confirms(claims.confirmation, binding)) throw verifyError('location/key-not-bound', `${at}.cnf`, {})
  if (registered.subject !== thumbprintUri(binding.sessionKey))
    throw verifyError('location/key-not-bound', `${at}.sub`, {})
  const { landmarkNonce } = claims
  if (landmarkNonce.length !== landmarkNonceLength)
    throw verifyError('location/weak-challenge', `${at}.n_l`, { reason: 'length' })
  const session = await sessionId({ evidence, landmark: landmark.key, agentNonce, landmarkNonce }, crypto)
  if (!equalBytes(session, claims.session)) throw verifyError('location/session-mismatch', `${at}.sid`, {})
}

function confirms(confirmation: Confirmation, { sessionKey }: LocationBinding): boolean {
  switch (confirmation.kind) {
    case 'jwk-thumbprint':
      return equalBytes(confirmation.thumbprint, sessionKey.jwkThumbprint)
    case 'cose-thumbprint':
      return equalBytes(confirmation.thumbprint, sessionKey.coseThumbprint)
    case 'key':
      return samePublicKey(confirmation.key.publicKey, sessionKey.publicKey)
    default:
      return confirmation satisfies never
  }
}

function samePublicKey(a: { readonly kind: string; readonly point?: Bytes }, b: typeof a): boolean {
  return a.kind === b.kind && a.point !== undefined && b.point !== undefined && equalBytes(a.point, b.point)
}

function verifySamples(claims: MeasurementClaims, { agentRttSlackNs }: MeasurementContext, at: string): void {
  const { rttNs, rttMinNs, sent, received, rounds, agentRttMinNs } = claims
  const least = Math.min(...rttNs)
  if (least !== rttMinNs)
    throw verifyError('location/sample-mismatch', `${at}.rtt_min`, { stated: rttMinNs, actual: least })
  if (received !== rttNs.length)
    throw verifyError('location/sample-mismatch', `${at}.recv`, { stated: received, actual: rttNs.length })
  if (received > sent) throw verifyError('location/sample-mismatch', `${at}.sent`, { stated: sent, actual: received })
  if (rounds !== undefined && rounds.length !== received)
    throw verifyError('location/sample-mismatch', `${at}.rounds`, { stated: received, actual: rounds.length })
  // Both ends time the same path: a landmark far below what the agent saw has made its number up.
  if (agentRttMinNs > rttMinNs + agentRttSlackNs)
    throw verifyError('location/landmark-outlier', `${at}.rtt_min`, { rttMinNs, agentRttMinNs })
}

/** The directory's position counts; the token may only widen it. */
function verifyPosition(
  { location, positionUncertaintyMeters: own }: MeasurementClaims,
  landmark: Landmark,
  at: string,
): number {
  const listed = landmark.positionUncertaintyMeters
  const stated = fromDegrees(location.latitudeDegrees, location.longitudeDegrees, `${at}.location`)
  const distanceMeters = angle(stated, landmark.position) * earthRadiusMeters
  // A centimetre for the rounding of degrees.
  if (distanceMeters > listed + 0.01)
    throw verifyError('location/landmark-moved', `${at}.location`, { distanceMeters, allowedMeters: listed })
  if (own !== undefined && own < listed)
    throw verifyError('location/landmark-moved', `${at}.pos_unc`, { distanceMeters: own, allowedMeters: listed })
  return own ?? listed
}

/** Widest error of a landmark's wall clock with which a window still says something. */
const maxClockErrorMs = 60_000

function verifyWindow(claims: MeasurementClaims, context: MeasurementContext, at: string): void {
  const { window, clock } = claims
  const { nonceIssuedAt, closedAt, now, leewaySeconds } = context
  if (clock.source === 'none' || clock.errorMs > maxClockErrorMs)
    throw verifyError('location/clock', `${at}.clk`, { source: clock.source, errorMs: clock.errorMs })
  const slack = leewaySeconds + clock.errorMs / 1000
  const [first, last] = window
  if (last > now.getTime() / 1000 + slack)
    throw verifyError('location/clock', `${at}.window`, { source: clock.source, errorMs: clock.errorMs })
  const issued = nonceIssuedAt.getTime() / 1000
  if (first < issued - slack) throw verifyError('location/stale', `${at}.window`, { first, nonceIssuedAt: issued })
  // The window's seconds are whole: its last round may have ended almost a second after `last`.
  const closed = closedAt === undefined ? undefined : closedAt.getTime() / 1000
  if (closed !== undefined && last + 1 + clock.errorMs / 1000 > closed)
    throw verifyError('location/outside-bracket', `${at}.window`, { last, closedAt: closed })
}

/** Echoes, connection set-ups and the like can be answered by anybody on the way: only these two need a secret. */
function readResponder({ responder }: MeasurementClaims, at: string): Responder {
  if (responder === 'session-key' || responder === 'gpu') return responder
  throw verifyError('location/unauthenticated-sample', `${at}.responder`, { responder: responder.slice(0, 64) })
}
