// Turns an Entity Attestation Token (RFC 9711) in JWT or CWT form into verified, typed claims.
import { encodeBase64Url } from '../bytes/base64.js'
import { type Bytes, copyBytes, equalBytes } from '../bytes/bytes.js'
import { encodeUtf8 } from '../bytes/text.js'
import { memberPath } from '../encoding/json.js'
import { verifyError } from '../result/error.js'
import { markVerified, type Verified } from '../result/proof.js'
import type { NonEmptyArray } from '../result/result.js'
import type { JoseAlgorithm } from './algorithm.js'
import { type ClaimExpectations, optionsAtCall } from './claims.js'
import { type Cwt, verifyCwt } from './cwt.js'
import { type EatClaims, type EatNonce, readEatClaims } from './eat-claims.js'
import { type Jwt, type JwtVerification, verifyJwt } from './jwt.js'

/** What the caller demands of an EAT beyond signature and registered claims. */
export interface EatExpectations {
  /**
   * Must be among the token's nonces. Bytes stand for themselves in CBOR and for their base64url text in JSON; text
   * stands for itself in JSON and for its UTF-8 in CBOR. Null accepts a token whose freshness is shown otherwise.
   */
  readonly nonce: EatNonce | null
  /** Exact `eat_profile`: a URI, or an object identifier in dotted form. Null accepts any or none. */
  readonly profile: string | null
}

/** How to verify an EAT. */
export type EatVerification = ClaimExpectations &
  EatExpectations &
  Pick<JwtVerification, 'keys' | 'typ' | 'crypto' | 'at'> & { readonly algorithms: NonEmptyArray<JoseAlgorithm> }

/** A verified EAT, in either encoding. */
export type Eat =
  | { readonly encoding: 'json'; readonly token: Verified<Jwt>; readonly claims: EatClaims }
  | { readonly encoding: 'cbor'; readonly token: Verified<Cwt>; readonly claims: EatClaims }

/**
 * Verifies an EAT: JWT as text or as bytes that start with ASCII, CWT as bytes that start with a CBOR tag. Submodules
 * with a signature of their own are returned as they came, not verified; digests of detached claims are checked by
 * `verifyDetachedEat`. A matching nonce shows that the token is fresh, not that what it claims is true.
 * @throws AttestationError as `verifyJwt` or `verifyCwt`, and `eat/nonce-missing`, `eat/nonce-mismatch`,
 * `eat/profile-mismatch`, `eat/nesting`, `eat/submodule-form`, `eat/digest-algorithm`, `token/claim-type`
 */
export async function verifyEat(token: Bytes | string, given: EatVerification): Promise<Verified<Eat>> {
  const input = eatOptionsAtCall(given)
  const at = memberPath(input.at ?? '', 'payload')
  // Major type 6 is a tag; no byte of ASCII text is that high.
  if (typeof token !== 'string' && (token[0] ?? 0) >= 0xc0) {
    const cwt = await verifyCwt(token, input)
    const claims = readEatClaims({ encoding: 'cbor', claims: cwt.claims }, at)
    verifyExpectations(claims, input, at)
    return markVerified<Eat>({ encoding: 'cbor', token: cwt, claims })
  }
  const jwt = await verifyJwt(token, input)
  const claims = readEatClaims({ encoding: 'json', claims: jwt.claims }, at)
  verifyExpectations(claims, input, at)
  return markVerified<Eat>({ encoding: 'json', token: jwt, claims })
}

/** As {@link optionsAtCall}: a buffer used for the next nonce must not answer this one either. */
export function eatOptionsAtCall(given: EatVerification): EatVerification {
  const { nonce } = given
  return { ...optionsAtCall(given), nonce: nonce instanceof Uint8Array ? copyBytes(nonce) : nonce }
}

function verifyExpectations(claims: EatClaims, { nonce, profile }: EatExpectations, at: string): void {
  if (profile !== null && (claims.profile === undefined || claims.profile !== profile))
    throw verifyError('eat/profile-mismatch', memberPath(at, 'eat_profile'), {
      profile: claims.profile ?? null,
      expected: profile,
    })
  if (nonce === null) return
  const path = memberPath(at, 'eat_nonce')
  if (claims.nonces.length === 0) throw verifyError('eat/nonce-missing', path, {})
  if (!claims.nonces.some((stated) => isSameNonce(stated, nonce))) throw verifyError('eat/nonce-mismatch', path, {})
}

function isSameNonce(stated: EatNonce, expected: EatNonce): boolean {
  if (typeof stated === 'string')
    return stated === (typeof expected === 'string' ? expected : encodeBase64Url(expected))
  return equalBytes(stated, typeof expected === 'string' ? encodeUtf8(expected) : expected)
}
