// Verifies one signed message of the location profile: JWS or COSE_Sign1, explicit type, profile, registered claims.
import type { CryptoProvider } from '../crypto/provider.js'
import { memberPath } from '../encoding/json.js'
import { verifyError } from '../result/error.js'
import type { CoseAlgorithm, JoseAlgorithm } from '../token/algorithm.js'
import { type ClaimField, type ClaimsSet, claimField, claimText, claimTypeError } from '../token/claim-field.js'
import type { ClaimExpectations, RegisteredClaims } from '../token/claims.js'
import { verifyCwt } from '../token/cwt.js'
import { verifyJwt } from '../token/jwt.js'
import type { TokenKeys } from '../token/key-set.js'
import { type ClaimName, locationProfile, messageType, type ProfileMessage, registeredClaims } from './claim-names.js'
import { type SignedToken, tokenEncoding } from './envelope.js'

/** Signatures the profile allows. `EdDSA` means Ed25519. */
const joseAlgorithms = ['ES256', 'ES384', 'Ed25519', 'EdDSA'] as const satisfies readonly JoseAlgorithm[]
const coseAlgorithms = [...joseAlgorithms, 'ESP256', 'ESP384'] as const satisfies readonly CoseAlgorithm[]

export interface ProfileTokenInput extends ClaimExpectations {
  readonly keys: TokenKeys
  readonly message: ProfileMessage
  readonly at: string
  readonly crypto: CryptoProvider
}

/** Claims of a message whose signature, type, profile and registered claims were checked. */
export interface ProfileToken {
  readonly set: ClaimsSet
  readonly registered: RegisteredClaims
  /** Prefix of `at` for its claims. */
  readonly at: string
}

/**
 * The type is checked before the claims: a token made for one purpose never serves another.
 * @throws AttestationError as `verifyJwt` and `verifyCwt`, and `eat/profile-mismatch`
 */
export async function verifyProfileToken(token: SignedToken, input: ProfileTokenInput): Promise<ProfileToken> {
  const { message, ...verification } = input
  const at = memberPath(input.at, 'payload')
  const verified = await verifySignedClaims(token, message, verification)
  const profile = claimOf(verified.set, registeredClaims.profile, at)
  const stated = profile === undefined ? null : claimText(profile)
  if (stated !== locationProfile)
    throw verifyError('eat/profile-mismatch', memberPath(at, 'eat_profile'), {
      profile: stated,
      expected: locationProfile,
    })
  return { ...verified, at }
}

async function verifySignedClaims(
  token: SignedToken,
  message: ProfileMessage,
  verification: Omit<ProfileTokenInput, 'message'>,
): Promise<Omit<ProfileToken, 'at'>> {
  if (typeof token !== 'string' && tokenEncoding(token) === 'cbor') {
    const typ = [messageType(message, 'cbor')] as const
    const cwt = await verifyCwt(token, { ...verification, typ, algorithms: coseAlgorithms })
    return { set: { encoding: 'cbor', claims: cwt.claims }, registered: cwt.registered }
  }
  const typ = [messageType(message, 'json')] as const
  const jwt = await verifyJwt(token, { ...verification, typ, algorithms: joseAlgorithms })
  return { set: { encoding: 'json', claims: jwt.claims }, registered: jwt.registered }
}

/** The claim, if present. */
export function claimOf(set: ClaimsSet, { name, key }: ClaimName, at: string): ClaimField | undefined {
  return claimField(set, name, key, at)
}

/**
 * A claim that must be present.
 * @throws AttestationError `token/claim-missing`
 */
export function requiredClaim(set: ClaimsSet, claim: ClaimName, at: string): ClaimField {
  const field = claimOf(set, claim, at)
  if (field === undefined) throw verifyError('token/claim-missing', at, { claim: claim.name })
  return field
}

/**
 * A whole number between two limits, both included.
 * @throws AttestationError `token/claim-type`
 */
export function claimInRange(field: ClaimField, minimum: number, maximum: number): number {
  const { value } = field
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= minimum && value <= maximum) return value
  throw claimTypeError(field, `a whole number from ${minimum} to ${maximum}`)
}

/** @throws AttestationError `token/claim-missing` */
export function requiredTime(value: number | undefined, claim: 'iat' | 'exp', at: string): number {
  if (value === undefined) throw verifyError('token/claim-missing', at, { claim })
  return value
}
