// Signs tokens for tests with node:crypto and cbor2, sharing nothing with the code under test.
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { cdeEncodeOptions, encode, Tag } from 'cbor2'
import { encodeUtf8 } from '../../src/bytes/text.js'

export interface Signer {
  readonly kid: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  /** Public members of the JWK, kid included. */
  readonly jwk: Readonly<Record<string, unknown>>
}

type KeyKind = 'P-256' | 'P-384' | 'P-521' | 'Ed25519' | 'RSA'

export function signer(kind: KeyKind, kid: string): Signer {
  const { privateKey, publicKey } =
    kind === 'Ed25519'
      ? generateKeyPairSync('ed25519')
      : kind === 'RSA'
        ? generateKeyPairSync('rsa', { modulusLength: 2048 })
        : generateKeyPairSync('ec', { namedCurve: kind })
  return { kid, privateKey, publicKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid } }
}

export function jwksBytes(...signers: readonly Signer[]): Uint8Array {
  return encodeUtf8(JSON.stringify({ keys: signers.map(({ jwk }) => jwk) }))
}

const hashes: Readonly<Record<string, string | null>> = {
  ES256: 'sha256',
  ES384: 'sha384',
  ES512: 'sha512',
  Ed25519: null,
  EdDSA: null,
  RS256: 'sha256',
  PS256: 'sha256',
}

function rawSignature(algorithm: string, data: Uint8Array, key: KeyObject): Uint8Array {
  const hash = hashes[algorithm]
  if (hash === undefined) throw new Error(`no hash for ${algorithm}`)
  // 6 is RSA_PKCS1_PSS_PADDING.
  const pss = algorithm.startsWith('PS') ? { padding: 6, saltLength: 32 } : {}
  return new Uint8Array(sign(hash, data, { key, dsaEncoding: 'ieee-p1363', ...pss }))
}

const base64Url = (value: string | Uint8Array): string => Buffer.from(value).toString('base64url')
const jsonText = (value: object | string): string => (typeof value === 'string' ? value : JSON.stringify(value))

export interface JwsParts {
  /** Objects are written as JSON, texts as they are. */
  readonly header: object | string
  readonly payload: object | string
  readonly signer: Signer
  /** What the signature is really made with. */
  readonly algorithm: string
}

export function signJws({ header, payload, signer: { privateKey }, algorithm }: JwsParts): string {
  const input = `${base64Url(jsonText(header))}.${base64Url(jsonText(payload))}`
  return `${input}.${base64Url(rawSignature(algorithm, Buffer.from(input), privateKey))}`
}

export type CborKeyed = ReadonlyMap<number | string, unknown>

export interface CoseParts {
  readonly protectedHeader: CborKeyed
  readonly unprotectedHeader?: CborKeyed
  readonly payload: CborKeyed | Uint8Array
  readonly signer: Signer
  readonly algorithm: string
  readonly externalAad?: Uint8Array
  /** Tags around the message, outermost first; 18 when left out. */
  readonly tags?: readonly number[]
}

export function encodeTestCbor(value: unknown): Uint8Array {
  return Uint8Array.from(encode(value, cdeEncodeOptions))
}

/** A COSE_Sign1 as a value, for tests that change it before encoding. */
export function coseItems(parts: CoseParts): readonly [Uint8Array, CborKeyed, Uint8Array, Uint8Array] {
  const { protectedHeader, unprotectedHeader = new Map(), externalAad = new Uint8Array() } = parts
  const guarded = encodeTestCbor(protectedHeader)
  const payload = parts.payload instanceof Uint8Array ? parts.payload : encodeTestCbor(parts.payload)
  const input = encodeTestCbor(['Signature1', guarded, externalAad, payload])
  return [guarded, unprotectedHeader, payload, rawSignature(parts.algorithm, input, parts.signer.privateKey)]
}

export function signCose(parts: CoseParts): Uint8Array {
  const tagged = (parts.tags ?? [18])
    .toReversed()
    .reduce<unknown>((value, tag) => new Tag(tag, value), coseItems(parts))
  return encodeTestCbor(tagged)
}
