// A signed landmark directory into landmarks: whose key, where, how exactly known, by whom operated, until when.
import { encodeBase64Url } from '../bytes/base64.js'
import { type Bytes, copyBytes } from '../bytes/bytes.js'
import type { CryptoProvider } from '../crypto/provider.js'
import { webCryptoProvider } from '../crypto/webcrypto.js'
import { parseError, verifyError } from '../result/error.js'
import { markVerified, type Verified } from '../result/proof.js'
import { type ClaimField, type ClaimsSet, claimInteger, claimItems, claimMap } from '../token/claim-field.js'
import { readNumericDate } from '../token/claims.js'
import { readLocation } from '../token/eat-location.js'
import type { TokenKeys } from '../token/key-set.js'
import { type ClaimName, profileClaims, registeredClaims } from './claim-names.js'
import { claimCountry, claimName, claimShortText, claimTokenId, readConfirmation } from './claim-reading.js'
import { type SignedToken, tokenBytes } from './envelope.js'
import { maxUncertaintyMeters } from './geometry/radius.js'
import { fromDegrees, type Vector3 } from './geometry/vector.js'
import { type ProfileKey, profileKey } from './key-thumbprint.js'
import { claimInRange, claimOf, requiredClaim, requiredTime, verifyProfileToken } from './profile-token.js'

/** How the position of a landmark is known (draft-richardson-rats-geographic-results). */
export type PositionBasis = 'evidence' | 'endorsement' | 'attestation-result'
const positionBases = ['evidence', 'endorsement', 'attestation-result'] as const

/** One entry of a landmark directory: what its authority says. */
export interface Landmark {
  /** JWK thumbprint of its key, base64url. */
  readonly id: string
  readonly key: ProfileKey
  readonly latitudeDegrees: number
  readonly longitudeDegrees: number
  readonly position: Vector3
  /** Hard bound, not the 95 % figure `accuracy` is. */
  readonly positionUncertaintyMeters: number
  /** Faults are counted per operator. */
  readonly operator: string
  readonly autonomousSystem: number | undefined
  readonly country: string | undefined
  readonly status: 'active' | 'revoked'
  /** Seconds since 1970. */
  readonly notBefore: number
  readonly notAfter: number
  readonly clockErrorPpm: number
  readonly positionBasis: PositionBasis
}

/** A round trip between two landmarks, by their places in the directory. */
export interface MeshEntry {
  readonly from: number
  readonly to: number
  readonly rttNs: number
  readonly measuredAt: number
}

/** A landmark directory as its authority signed it; times are seconds since 1970. */
export interface LandmarkDirectory {
  /** SHA-256 of the token as received: what a binding commits to. */
  readonly digest: Bytes
  readonly id: string
  readonly issuer: string
  readonly issuedAt: number
  readonly expiresAt: number
  readonly landmarks: readonly Landmark[]
  /** Empty if the directory carries none; then nothing checks the landmarks' positions. */
  readonly mesh: readonly MeshEntry[]
}

/** How to verify a landmark directory. */
export interface LandmarkDirectoryInput {
  /** Keys of the directory authority. */
  readonly keys: TokenKeys
  /** Exact `iss`. */
  readonly issuer: string
  readonly now: Date
  /** Default 60. */
  readonly leewaySeconds?: number
  readonly crypto?: CryptoProvider
}

/** More than any measurement network of today has within reach of one device. */
const maxLandmarks = 4096
const maxMeshEntries = 16_384
/** RFC 6793; and zero names no network (RFC 7607), so that it cannot stand for an unknown one. */
const maxAsn = 4_294_967_295

/**
 * Verifies a landmark directory: signature by the authority, type, profile, issuer, validity, and the form of every
 * entry. Does NOT find out where landmarks are: it tells what the authority answers for. See `checkMesh` for the round
 * trips between them.
 * @throws AttestationError as `verifyJwt` and `verifyCwt`, and `eat/profile-mismatch`, `token/claim-type`,
 * `token/claim-missing`, `location/duplicate-landmark`, `location/key-kind`, `location/landmark-index`
 */
export async function verifyLandmarkDirectory(
  token: SignedToken,
  input: LandmarkDirectoryInput,
): Promise<Verified<LandmarkDirectory>> {
  const { keys, issuer, now, leewaySeconds = 60, crypto = webCryptoProvider } = input
  // One copy, so that what is verified is what the digest names.
  const received = typeof token === 'string' ? token : copyBytes(token)
  const { set, registered, at } = await verifyProfileToken(received, {
    message: 'dir',
    keys,
    issuer,
    audience: null,
    now,
    leewaySeconds,
    expiry: 'required',
    crypto,
    at: '',
  })
  const items = claimItems(requiredClaim(set, profileClaims.landmarks, at), 1, maxLandmarks)
  const landmarks = await Promise.all(items.map((item) => readLandmark(item, crypto)))
  requireDistinct(landmarks, at)
  const mesh = claimOf(set, profileClaims.mesh, at)
  return markVerified<LandmarkDirectory>({
    digest: await crypto.digest('sha256', tokenBytes(received)),
    id: claimTokenId(requiredClaim(set, registeredClaims.tokenId, at)),
    issuer,
    issuedAt: requiredTime(registered.issuedAt, 'iat', at),
    expiresAt: requiredTime(registered.expiresAt, 'exp', at),
    landmarks: Object.freeze(landmarks),
    mesh: mesh === undefined ? [] : claimItems(mesh, 0, maxMeshEntries).map((item) => readMesh(item, landmarks.length)),
  })
}

async function readLandmark(field: ClaimField, crypto: CryptoProvider): Promise<Landmark> {
  const set = claimMap(field)
  const { at } = field
  const required = (claim: ClaimName): ClaimField => requiredClaim(set, claim, at)
  const optional = <T>(claim: ClaimName, read: (member: ClaimField) => T): T | undefined => {
    const member = claimOf(set, claim, at)
    return member === undefined ? undefined : read(member)
  }
  const confirmation = required(registeredClaims.confirmation)
  const stated = readConfirmation(confirmation)
  if (stated.kind !== 'key') throw parseError('token/claim-type', confirmation.at, { expected: 'a whole key' })
  const key = await profileKey(stated.key.publicKey, crypto, confirmation.at)
  const { latitudeDegrees, longitudeDegrees } = readLocation(required(registeredClaims.location))
  return Object.freeze({
    id: encodeBase64Url(key.jwkThumbprint),
    key,
    latitudeDegrees,
    longitudeDegrees,
    position: fromDegrees(latitudeDegrees, longitudeDegrees, at),
    positionUncertaintyMeters: claimInRange(required(profileClaims.positionUncertainty), 0, maxUncertaintyMeters),
    operator: claimShortText(required(profileClaims.operator)),
    autonomousSystem: optional(profileClaims.autonomousSystem, (member) => claimInRange(member, 1, maxAsn)),
    country: optional(profileClaims.country, claimCountry),
    status: claimName(required(profileClaims.status), ['active', 'revoked']),
    notBefore: requiredDate(set, registeredClaims.notBefore, at),
    notAfter: requiredDate(set, registeredClaims.expiresAt, at),
    clockErrorPpm: claimInRange(required(profileClaims.clockPpm), 0, 10_000),
    positionBasis: claimName(required(profileClaims.positionBasis), positionBases),
  })
}

function requiredDate(set: ClaimsSet, claim: ClaimName, at: string): number {
  const field = requiredClaim(set, claim, at)
  return readNumericDate(field.value, field.at) ?? 0
}

function requireDistinct(landmarks: readonly Landmark[], at: string): void {
  const seen = new Set<string>()
  for (const [index, { id }] of landmarks.entries()) {
    if (seen.has(id))
      throw verifyError('location/duplicate-landmark', `${at}.landmarks[${index}].cnf`, { landmark: id })
    seen.add(id)
  }
}

function readMesh(field: ClaimField, landmarks: number): MeshEntry {
  const [from, to, rtt, measuredAt] = claimItems(field, 4, 4)
  if (from === undefined || to === undefined || rtt === undefined || measuredAt === undefined)
    throw parseError('token/claim-type', field.at, { expected: '4 items' })
  const place = (member: ClaimField): number => {
    const index = claimInteger(member, 0)
    if (index >= landmarks) throw parseError('location/landmark-index', member.at, { index, landmarks })
    return index
  }
  return {
    from: place(from),
    to: place(to),
    rttNs: claimInRange(rtt, 1, 60_000_000_000),
    measuredAt: claimInteger(measuredAt, 0),
  }
}

/** The landmark whose key id a token states: base64url text in a JWS, 32 bytes in COSE. */
export function findLandmark(
  directory: LandmarkDirectory,
  kid: Bytes,
  encoding: 'json' | 'cbor',
): Landmark | undefined {
  const id = encoding === 'cbor' ? encodeBase64Url(kid) : new TextDecoder().decode(kid)
  return directory.landmarks.find((landmark) => landmark.id === id)
}
