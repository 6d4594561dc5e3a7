// One set of claims into both encodings, and signed as JWS or COSE_Sign1: what a location message is in either world.
import { encode, rfc8949EncodeOptions } from 'cborg'
import { encodeBase64Url } from '../bytes/base64.js'
import { type Bytes, concatBytes, copyBytes } from '../bytes/bytes.js'
import { encodeUtf8 } from '../bytes/text.js'
import type { SyntheticCurve, SyntheticKey } from './key.js'
import type { ByteMutation } from './mutation.js'
import { signJws } from './token.js'

export type TokenEncoding = 'json' | 'cbor'

/** Bytes become base64url in JSON; a map has names in JSON and keys in CBOR. */
export type DualValue =
  | string
  | number
  | boolean
  | Bytes
  | readonly DualValue[]
  | { readonly members: readonly DualClaim[] }
  /** Where the encodings differ by more than names. */
  | { readonly json: DualValue; readonly cbor: DualValue }

export interface DualClaim {
  readonly name: string
  readonly key: number | string
  readonly value: DualValue
}

export function claim(name: string, key: number | string, value: DualValue): DualClaim {
  return { name, key, value }
}

export function dualMap(...claims: readonly DualClaim[]): DualValue {
  return { members: claims }
}

/** Keys of claims that sound messages do not have; a claim known to neither has its name for a key. */
const addedKeys: Readonly<Record<string, number>> = {
  nbf: 5,
  path: -77013,
  proc: -77014,
  claim: -77032,
  fail: -77031,
  asn: -77023,
}

/** Claims by JSON name: replaced, added, or taken away with undefined. */
export type ClaimEdits = Readonly<Record<string, DualValue | undefined>>

export function editClaims(claims: readonly DualClaim[], edits: ClaimEdits = {}): readonly DualClaim[] {
  const kept = claims.flatMap(({ name, key, value }) => {
    if (!Object.hasOwn(edits, name)) return [claim(name, key, value)]
    const edited = edits[name]
    return edited === undefined ? [] : [claim(name, key, edited)]
  })
  const known = new Set(claims.map(({ name }) => name))
  const added = Object.entries(edits).flatMap(([name, value]) =>
    known.has(name) || value === undefined ? [] : [claim(name, addedKeys[name] ?? name, value)],
  )
  return [...kept, ...added]
}

function toJson(value: DualValue): unknown {
  if (typeof value !== 'object') return value
  if (value instanceof Uint8Array) return encodeBase64Url(value)
  if ('members' in value) return Object.fromEntries(value.members.map((item) => [item.name, toJson(item.value)]))
  if ('json' in value) return toJson(value.json)
  return value.map(toJson)
}

function toCbor(value: DualValue): unknown {
  if (typeof value !== 'object' || value instanceof Uint8Array) return value
  if ('members' in value) return new Map(value.members.map((item) => [item.key, toCbor(item.value)]))
  if ('cbor' in value) return toCbor(value.cbor)
  return value.map(toCbor)
}

/** Deterministic CBOR. */
export function cborBytes(claims: readonly DualClaim[]): Uint8Array<ArrayBuffer> {
  return copyBytes(encode(toCbor({ members: claims }), rfc8949EncodeOptions))
}

export interface TokenOptions {
  /** Without the suffix of the encoding, e.g. `application/gpuloc-meas`. */
  readonly type?: string
  readonly kid?: Bytes
  readonly signature?: ByteMutation
  /** Parameters added to the protected header, in JSON or by number in COSE. */
  readonly header?: { readonly json: Readonly<Record<string, unknown>>; readonly cbor: ReadonlyMap<number, unknown> }
  /** Payload bytes in place of the claims. */
  readonly payload?: Bytes
}

const coseAlgorithms: Readonly<Record<SyntheticCurve, number>> = {
  'P-256': -7,
  'P-384': -35,
  'P-521': -36,
  Ed25519: -8,
}

/** A compact JWS, or a COSE_Sign1 in tags 61 and 18. */
export function signClaims(
  claims: readonly DualClaim[],
  key: SyntheticKey,
  encoding: TokenEncoding,
  options: TokenOptions = {},
): string | Uint8Array<ArrayBuffer> {
  const { type, kid, signature, header } = options
  if (encoding === 'json') {
    const payload = options.payload ?? encodeUtf8(JSON.stringify(toJson({ members: claims })))
    return signJws(payload, key, {
      header: { ...(type === undefined ? {} : { typ: `${type}+jwt` }), ...header?.json },
      ...(kid === undefined ? {} : { kid: encodeBase64Url(kid) }),
      ...(signature === undefined ? {} : { signature }),
    })
  }
  const parameters = new Map<number, unknown>([[1, coseAlgorithms[key.curve]]])
  if (kid !== undefined) parameters.set(4, kid)
  if (type !== undefined) parameters.set(16, `${type}+cwt`)
  for (const [label, value] of header?.cbor ?? []) parameters.set(label, value)
  return signCose(parameters, options.payload ?? cborBytes(claims), key, signature)
}

function signCose(
  parameters: ReadonlyMap<number, unknown>,
  payload: Bytes,
  key: SyntheticKey,
  mutate: ByteMutation = (bytes) => bytes,
): Uint8Array<ArrayBuffer> {
  const guarded = encode(parameters, rfc8949EncodeOptions)
  const signature = mutate(key.sign(encode(['Signature1', guarded, new Uint8Array(0), payload], rfc8949EncodeOptions)))
  const message = encode([guarded, new Map(), payload, signature], rfc8949EncodeOptions)
  return concatBytes(Uint8Array.of(0xd8, 61, 0xd2), message)
}
