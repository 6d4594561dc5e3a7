// Keys as location messages carry them: JWK, COSE_Key, and the thumbprints of both.
import { sha256 } from '@noble/hashes/sha2.js'
import { encodeBase64Url } from '../bytes/base64.js'
import { type Bytes, concatBytes, copyBytes } from '../bytes/bytes.js'
import { encodeUtf8 } from '../bytes/text.js'
import { cborBytes, claim, type DualClaim, type DualValue, dualMap } from './dual-claims.js'
import type { SyntheticKey } from './key.js'

/** `domain`, a zero byte and the parts: what is hashed or signed for one purpose only. */
export function domainBytes(domain: string, ...parts: readonly Bytes[]): Uint8Array<ArrayBuffer> {
  return concatBytes(encodeUtf8(domain), Uint8Array.of(0), ...parts)
}

export function hash(bytes: Bytes): Uint8Array<ArrayBuffer> {
  return copyBytes(sha256(bytes))
}

export function bigEndian(value: number, length: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(length)
  let rest = value
  for (let i = length - 1; i >= 0; i--) {
    out[i] = rest % 256
    rest = Math.floor(rest / 256)
  }
  return out
}

function coordinates({ publicKey }: SyntheticKey): readonly [Bytes, Bytes] {
  const half = (publicKey.length - 1) / 2
  return [publicKey.subarray(1, 1 + half), publicKey.subarray(1 + half)]
}

const coseCurves = { 'P-256': 1, 'P-384': 2, 'P-521': 3 } as const

/** Members of a public key, by JWK name and COSE key. */
function keyClaims(key: SyntheticKey): readonly DualClaim[] {
  if (key.curve === 'Ed25519')
    return [
      claim('kty', 1, { json: 'OKP', cbor: 1 }),
      claim('crv', -1, { json: 'Ed25519', cbor: 6 }),
      claim('x', -2, key.publicKey),
    ]
  const [x, y] = coordinates(key)
  return [
    claim('kty', 1, { json: 'EC', cbor: 2 }),
    claim('crv', -1, { json: key.curve, cbor: coseCurves[key.curve] }),
    claim('x', -2, x),
    claim('y', -3, y),
  ]
}

/** `cnf` with the whole key. */
export function confirmationKey(key: SyntheticKey): DualValue {
  return dualMap(claim('jwk', 1, { members: keyClaims(key) }))
}

/** RFC 7638. */
export function jwkThumbprint(key: SyntheticKey): Uint8Array<ArrayBuffer> {
  if (key.curve === 'Ed25519')
    return hash(encodeUtf8(`{"crv":"Ed25519","kty":"OKP","x":"${encodeBase64Url(key.publicKey)}"}`))
  const [x, y] = coordinates(key)
  const text = `{"crv":"${key.curve}","kty":"EC","x":"${encodeBase64Url(x)}","y":"${encodeBase64Url(y)}"}`
  return hash(encodeUtf8(text))
}

/** `cnf` with a thumbprint: `jkt` in JSON, `ckt` (RFC 9679) in CBOR. */
export function confirmationThumbprint(key: SyntheticKey): DualValue {
  return dualMap(claim('jkt', 5, { json: jwkThumbprint(key), cbor: hash(cborBytes(keyClaims(key))) }))
}

export function thumbprintSubject(key: SyntheticKey): string {
  return `urn:ietf:params:oauth:jwk-thumbprint:sha-256:${encodeBase64Url(jwkThumbprint(key))}`
}
