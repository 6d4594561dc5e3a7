// Turns a JWK Set (RFC 7517, RFC 7518, RFC 8037) into keys for signature checks.
import { parseBase64, parseBase64Url } from '../bytes/base64.js'
import { type Bytes, concatBytes } from '../bytes/bytes.js'
import { encodeUtf8 } from '../bytes/text.js'
import { ecPublicKey, ed25519PublicKey, rsaPublicKey, type UnsupportedKey } from '../crypto/key.js'
import type { EcCurve, PublicKey } from '../crypto/provider.js'
import {
  isJsonArray,
  type JsonLimits,
  type JsonObject,
  jsonArray,
  jsonObject,
  jsonString,
  memberPath,
  parseJson,
} from '../encoding/json.js'
import { parseError } from '../result/error.js'
import { signatureAlgorithmNamed } from './algorithm.js'
import type { KeySet, VerificationKey } from './key-set.js'

/** NVIDIA's set has about 36 keys with two certificates each, 150 kB; this leaves room for eight times that. */
const jwksLimits: JsonLimits = { maxBytes: 1_310_720, maxDepth: 6, maxValues: 10_000 }

const coordinateLength: Readonly<Record<EcCurve, number>> = { 'P-256': 32, 'P-384': 48, 'P-521': 66 }
const privateMembers: readonly string[] = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv']

/**
 * Reads a JWK Set document. Keys that cannot check a signature of this library are left out: other key types and curves,
 * `use` other than `sig`, `key_ops` without `verify`, `alg` outside the table. Whose keys they are is not checked: the
 * caller says so by passing them. Keep the set with the tokens if they must be verified again later; NVIDIA's service
 * publishes recent keys only (each lives two days).
 * @throws AttestationError `jwk/private`, `jwk/invalid`, `json/*`, `encoding/base64`, `bytes/too-large`
 */
export function parseJwkSet(bytes: Bytes, at = 'jwks'): KeySet {
  const set = jsonObject(parseJson(bytes, at, jwksLimits), at)
  const path = memberPath(at, 'keys')
  const keys: VerificationKey[] = []
  for (const [index, value] of jsonArray(set.get('keys'), path).entries()) {
    const itemPath = `${path}[${index}]`
    const key = parseJwk(jsonObject(value, itemPath), itemPath)
    if (key !== undefined) keys.push(key)
  }
  return Object.freeze({ keys: Object.freeze(keys) })
}

/**
 * Reads one public JWK, for instance out of a `cnf` claim; undefined if it cannot check a signature.
 * @throws AttestationError as {@link parseJwkSet}
 */
export function parseJwk(jwk: JsonObject, at: string): VerificationKey | undefined {
  const secret = privateMembers.find((name) => jwk.has(name))
  if (secret !== undefined) throw parseError('jwk/private', memberPath(at, secret), {})
  const kty = jsonString(jwk.get('kty'), memberPath(at, 'kty'))
  const algorithmName = optionalString(jwk, 'alg', at)
  const algorithm = algorithmName === undefined ? undefined : signatureAlgorithmNamed(algorithmName)
  if (!servesVerification(jwk, at) || (algorithmName !== undefined && algorithm === undefined)) return undefined
  const publicKey = readPublicKey(kty, jwk, at)
  if (publicKey === undefined) return undefined
  if (publicKey.kind === 'unsupported') throw parseError('jwk/invalid', at, { reason: publicKey.reason })
  const kid = optionalString(jwk, 'kid', at)
  return Object.freeze({
    publicKey,
    certificates: readCertificates(jwk, at),
    ...(kid === undefined ? {} : { kid: encodeUtf8(kid) }),
    ...(algorithm === undefined ? {} : { algorithm }),
  })
}

function servesVerification(jwk: JsonObject, at: string): boolean {
  const use = optionalString(jwk, 'use', at)
  const operations = jwk.get('key_ops')
  return (
    (use === undefined || use === 'sig') &&
    (operations === undefined || (isJsonArray(operations) && operations.includes('verify')))
  )
}

function readPublicKey(kty: string, jwk: JsonObject, at: string): PublicKey | UnsupportedKey | undefined {
  if (kty === 'RSA') return rsaPublicKey(readBytes(jwk, 'n', at), readBytes(jwk, 'e', at))
  if (kty !== 'EC' && kty !== 'OKP') return undefined
  const curve = jsonString(jwk.get('crv'), memberPath(at, 'crv'))
  if (kty === 'OKP') return curve === 'Ed25519' ? ed25519PublicKey(readBytes(jwk, 'x', at)) : undefined
  if (curve !== 'P-256' && curve !== 'P-384' && curve !== 'P-521') return undefined
  const x = readBytes(jwk, 'x', at)
  const y = readBytes(jwk, 'y', at)
  // Lengths one by one: a short x and a long y would make a point of the right total length.
  if (x.length !== coordinateLength[curve] || y.length !== coordinateLength[curve])
    return { kind: 'unsupported', reason: 'point-length' }
  return ecPublicKey(curve, concatBytes(Uint8Array.of(4), x, y))
}

function readCertificates(jwk: JsonObject, at: string): readonly Bytes[] {
  const value = jwk.get('x5c')
  if (value === undefined) return []
  const path = memberPath(at, 'x5c')
  return jsonArray(value, path).map((item, i) => parseBase64(jsonString(item, `${path}[${i}]`), `${path}[${i}]`))
}

function readBytes(jwk: JsonObject, name: string, at: string): Bytes {
  const path = memberPath(at, name)
  return parseBase64Url(jsonString(jwk.get(name), path), path)
}

function optionalString(jwk: JsonObject, name: string, at: string): string | undefined {
  const value = jwk.get(name)
  return value === undefined ? undefined : jsonString(value, memberPath(at, name))
}
