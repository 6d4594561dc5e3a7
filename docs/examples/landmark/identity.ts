// Ed25519 keys and the JWS they sign.
import { generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto'
import { base64url, sha256 } from './protocol.js'

export interface PublicJwk {
  readonly kty: 'OKP'
  readonly crv: 'Ed25519'
  readonly x: string
}

export interface Identity {
  readonly jwk: PublicJwk
  /** RFC 7638, SHA-256. */
  readonly thumbprint: Uint8Array
  readonly publicBytes: Uint8Array
  readonly sign: (data: Uint8Array) => Uint8Array
}

export function createIdentity(): Identity {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const { x } = publicKey.export({ format: 'jwk' })
  if (x === undefined) throw new Error('the key has no public part')
  const jwk = { kty: 'OKP', crv: 'Ed25519', x } as const
  return {
    jwk,
    thumbprint: thumbprintOf(jwk),
    publicBytes: new Uint8Array(Buffer.from(x, 'base64url')),
    sign: (data) => new Uint8Array(sign(null, data, privateKey)),
  }
}

export function thumbprintOf({ crv, kty, x }: PublicJwk): Uint8Array {
  return sha256(new TextEncoder().encode(`{"crv":"${crv}","kty":"${kty}","x":"${x}"}`))
}

/** A compact JWS over JSON claims. `kid` names the key where the reader has a list of keys to choose from. */
export function signJws(identity: Identity, typ: string, claims: object, kid: 'kid' | 'no-kid' = 'kid'): string {
  const header = { alg: 'Ed25519', typ, ...(kid === 'kid' ? { kid: base64url(identity.thumbprint) } : {}) }
  const signed = `${encodeJson(header)}.${encodeJson(claims)}`
  return `${signed}.${base64url(identity.sign(new TextEncoder().encode(signed)))}`
}

function encodeJson(value: object): string {
  return base64url(new TextEncoder().encode(JSON.stringify(value)))
}

/** The claims of a JWS of this type under this key; undefined if anything is wrong with it. */
export function openJws(jws: string, typ: string, key: KeyObject): Readonly<Record<string, unknown>> | undefined {
  const [header = '', payload = '', signature = '', ...rest] = jws.split('.')
  const data = new TextEncoder().encode(`${header}.${payload}`)
  if (rest.length > 0 || !verify(null, data, key, Buffer.from(signature, 'base64url'))) return undefined
  const head = decodeJson(header)
  return head?.['alg'] === 'Ed25519' && head['typ'] === typ ? decodeJson(payload) : undefined
}

/** Claims nobody vouches for yet, to find the key that must. */
export function peekJws(jws: string): Readonly<Record<string, unknown>> | undefined {
  return decodeJson(jws.split('.')[1] ?? '')
}

function decodeJson(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
    return typeof value === 'object' && value !== null ? { ...value } : undefined
  } catch {
    return undefined
  }
}

/** The JWK of a message, if it is one this example knows. */
export function readJwk(value: unknown): PublicJwk | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { kty, crv, x }: Readonly<Record<string, unknown>> = { ...value }
  return kty === 'OKP' && crv === 'Ed25519' && typeof x === 'string' && /^[A-Za-z0-9_-]{43}$/.test(x)
    ? { kty, crv, x }
    : undefined
}

/** Bytes of a base64url claim of exactly this length. */
export function readBytes(value: unknown, length: number): Uint8Array | undefined {
  if (typeof value !== 'string' || !/^[A-Za-z0-9_-]*$/.test(value)) return undefined
  const bytes = new Uint8Array(Buffer.from(value, 'base64url'))
  return bytes.length === length ? bytes : undefined
}
