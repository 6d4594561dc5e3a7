// Turns a JWT (RFC 7519) in a compact JWS into verified claims.
import type { Bytes } from '../bytes/bytes.js'
import {
  isJsonArray,
  type JsonLimits,
  type JsonObject,
  type JsonValue,
  jsonObject,
  jsonString,
  memberPath,
  parseJson,
} from '../encoding/json.js'
import { markVerified, type Verified } from '../result/proof.js'
import {
  type ClaimExpectations,
  optionsAtCall,
  type RegisteredClaims,
  readNumericDate,
  verifyRegisteredClaims,
} from './claims.js'
import { type Jws, type JwsVerification, MAX_TOKEN_LENGTH, verifyJws } from './jws.js'

/** Depth and count leave room for eight submodules inside each other and for the claims of 128 devices. */
const claimLimits: JsonLimits = { maxBytes: MAX_TOKEN_LENGTH, maxDepth: 32, maxValues: 100_000 }

/** A verified JWT. */
export interface Jwt {
  readonly jws: Verified<Jws>
  readonly registered: RegisteredClaims
  /** Every claim as signed, registered ones included. */
  readonly claims: JsonObject
}

/** How to verify a JWT: its signature and its registered claims. */
export type JwtVerification = JwsVerification & ClaimExpectations

/**
 * Verifies signature and registered claims of a JWT; the claims are read from the signed bytes.
 * @throws AttestationError as `verifyJws` and `verifyRegisteredClaims`, and `token/claim-type`, `json/*`
 */
export async function verifyJwt(token: Bytes | string, given: JwtVerification): Promise<Verified<Jwt>> {
  const input = optionsAtCall(given)
  const jws = await verifyJws(token, input)
  const at = memberPath(input.at ?? '', 'payload')
  const claims = jsonObject(parseJson(jws.payload, at, claimLimits), at)
  const registered = readRegisteredClaims(claims, at)
  verifyRegisteredClaims(registered, input, at)
  return markVerified<Jwt>({ jws, registered, claims })
}

/** @throws AttestationError `token/claim-type`, `json/type` */
export function readRegisteredClaims(claims: JsonObject, at: string): RegisteredClaims {
  const text = (name: string): string | undefined => optionalString(claims.get(name), memberPath(at, name))
  const time = (name: string): number | undefined => readNumericDate(claims.get(name), memberPath(at, name))
  return Object.freeze({
    issuer: text('iss'),
    subject: text('sub'),
    audience: audience(claims.get('aud'), memberPath(at, 'aud')),
    expiresAt: time('exp'),
    notBefore: time('nbf'),
    issuedAt: time('iat'),
  })
}

function optionalString(value: JsonValue | undefined, at: string): string | undefined {
  return value === undefined ? undefined : jsonString(value, at)
}

function audience(value: JsonValue | undefined, at: string): readonly string[] | undefined {
  if (value === undefined) return undefined
  if (isJsonArray(value)) return value.map((item, i) => jsonString(item, `${at}[${i}]`))
  return [jsonString(value, at)]
}
