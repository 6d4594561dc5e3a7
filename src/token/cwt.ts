// Turns a CWT (RFC 8392) in a COSE_Sign1 into verified claims.
import { type Bytes, copyBytes } from '../bytes/bytes.js'
import { type CborMap, type CborValue, isCborMap, isCborTag, parseCbor } from '../encoding/cbor.js'
import { memberPath } from '../encoding/json.js'
import { parseError } from '../result/error.js'
import { markVerified, type Verified } from '../result/proof.js'
import {
  type ClaimExpectations,
  optionsAtCall,
  type RegisteredClaims,
  readNumericDate,
  verifyRegisteredClaims,
} from './claims.js'
import { type CoseSign1, type CoseVerification, verifyCoseValue } from './cose.js'

/** A verified CWT. */
export interface Cwt {
  readonly cose: Verified<CoseSign1>
  readonly registered: RegisteredClaims
  /** Every claim as signed, by its key; registered ones included. */
  readonly claims: CborMap
}

/** How to verify a CWT: its signature and its registered claims. */
export type CwtVerification = CoseVerification & ClaimExpectations

/**
 * Verifies signature and registered claims of a CWT with tag 18, or tags 61 and 18; the claims are read from the signed
 * bytes and must be in deterministic encoding.
 * @throws AttestationError as `verifyCoseSign1` and `verifyRegisteredClaims`, and `token/claim-type`
 */
export async function verifyCwt(bytes: Bytes, given: CwtVerification): Promise<Verified<Cwt>> {
  const input = optionsAtCall(given)
  const at = input.at ?? ''
  const value = parseCbor(copyBytes(bytes), at)
  const cose = await verifyCoseValue(isCborTag(value) && value.tag === 61 ? value.value : value, input)
  const path = memberPath(at, 'payload')
  const claims = parseCbor(cose.payload, path)
  if (!isCborMap(claims)) throw parseError('token/claim-type', path, { expected: 'a map of claims' })
  const registered = readRegisteredCwtClaims(claims, path)
  verifyRegisteredClaims(registered, input, path)
  return markVerified<Cwt>({ cose, registered, claims })
}

/** @throws AttestationError `token/claim-type` */
export function readRegisteredCwtClaims(claims: CborMap, at: string): RegisteredClaims {
  return Object.freeze({
    issuer: optionalText(claims.get(1), memberPath(at, 'iss')),
    subject: optionalText(claims.get(2), memberPath(at, 'sub')),
    audience: audience(claims.get(3), memberPath(at, 'aud')),
    expiresAt: readNumericDate(claims.get(4), memberPath(at, 'exp')),
    notBefore: readNumericDate(claims.get(5), memberPath(at, 'nbf')),
    issuedAt: readNumericDate(claims.get(6), memberPath(at, 'iat')),
  })
}

function optionalText(value: CborValue | undefined, at: string): string | undefined {
  if (value === undefined || typeof value === 'string') return value
  throw parseError('token/claim-type', at, { expected: 'text' })
}

function audience(value: CborValue | undefined, at: string): readonly string[] | undefined {
  if (value === undefined) return undefined
  return (Array.isArray(value) ? value : [value]).map((item) => {
    if (typeof item === 'string') return item
    throw parseError('token/claim-type', at, { expected: 'text' })
  })
}
