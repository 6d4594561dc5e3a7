// Reads a signed token before its signature is checked: only to learn which key must check it. Nothing here is a fact.
import { parseBase64Url } from '../bytes/base64.js'
import { type Bytes, copyBytes } from '../bytes/bytes.js'
import { encodeUtf8, parseUtf8 } from '../bytes/text.js'
import { isCborArray, isCborMap, isCborTag, parseCbor } from '../encoding/cbor.js'
import { type JsonLimits, jsonObject, memberPath, parseJson } from '../encoding/json.js'
import { parseError } from '../result/error.js'
import type { ClaimsSet } from '../token/claim-field.js'
import { parseCoseSign1 } from '../token/cose.js'
import { MAX_TOKEN_LENGTH, parseJws } from '../token/jws.js'

/** Room for a bundle of some hundred measurements with all their rounds. */
const peekLimits: JsonLimits = { maxBytes: MAX_TOKEN_LENGTH, maxDepth: 32, maxValues: 100_000 }

/** A signed message as it travels: a compact JWS, as text or bytes, or a COSE_Sign1. */
export type SignedToken = Bytes | string

export function tokenEncoding(token: SignedToken): 'json' | 'cbor' {
  // Major type 6 is a tag; no byte of ASCII text is that high.
  return typeof token !== 'string' && (token[0] ?? 0) >= 0xc0 ? 'cbor' : 'json'
}

/** The bytes a digest of the token is over. */
export function tokenBytes(token: SignedToken): Bytes {
  return typeof token === 'string' ? encodeUtf8(token) : copyBytes(token)
}

// A CWT may stand in tag 61; deterministic encoding leaves one way to write it.
function withoutCwtTag(token: Bytes): Bytes {
  return token[0] === 0xd8 && token[1] === 61 ? token.subarray(2) : token
}

/**
 * Key id in the header, as bytes; text as UTF-8.
 * @throws AttestationError as `parseJws` and `parseCoseSign1`
 */
export function peekKeyId(token: SignedToken, at: string): Bytes | undefined {
  if (typeof token !== 'string' && tokenEncoding(token) === 'cbor') return parseCoseSign1(withoutCwtTag(token), at).kid
  const { kid } = parseJws(token, at)
  return kid === undefined ? undefined : encodeUtf8(kid)
}

/**
 * Claims nobody has vouched for yet.
 * @throws AttestationError as `parseJws` and `parseCoseSign1`, and `json/*`, `cbor/*`, `token/claim-type`
 */
export function peekClaims(token: SignedToken, at: string): ClaimsSet {
  const path = memberPath(at, 'payload')
  if (typeof token !== 'string' && tokenEncoding(token) === 'cbor') {
    const bare = withoutCwtTag(token)
    parseCoseSign1(bare, at)
    const message = parseCbor(copyBytes(bare), at)
    const payload = isCborTag(message) && isCborArray(message.value) ? message.value[2] : undefined
    const claims = payload instanceof Uint8Array ? parseCbor(payload, path) : undefined
    if (!isCborMap(claims)) throw parseError('token/claim-type', path, { expected: 'a map of claims' })
    return { encoding: 'cbor', claims }
  }
  parseJws(token, at)
  const text = typeof token === 'string' ? token : parseUtf8(token, at)
  const payload = parseBase64Url(text.split('.', 3)[1] ?? '', path)
  return { encoding: 'json', claims: jsonObject(parseJson(payload, path, peekLimits), path) }
}
