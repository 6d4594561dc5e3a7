// JWK sets and COSE keys: what is read, left out and refused.
import { describe, expect, it } from 'vitest'
import { encodeUtf8 } from '../../src/bytes/text.js'
import { type CborMap, type CborValue, isCborMap, parseCbor } from '../../src/encoding/cbor.js'
import { parseCoseKey } from '../../src/token/cose-key.js'
import { parseJwkSet } from '../../src/token/jwks.js'
import { refusal } from './failure.js'
import { encodeTestCbor, jwksBytes, signer } from './signing.js'

const p384 = signer('P-384', 'first')
const p256 = signer('P-256', 'second')
const rsa = signer('RSA', 'third')
const ed = signer('Ed25519', 'fourth')

const set = (...keys: readonly object[]): Uint8Array => encodeUtf8(JSON.stringify({ keys }))
const decoded = (text: unknown): Uint8Array => Uint8Array.from(Buffer.from(String(text), 'base64url'))
const { x, y } = p384.jwk

describe('parseJwkSet', () => {
  it('reads EC, OKP and RSA keys', () => {
    const { keys } = parseJwkSet(jwksBytes(p384, p256, rsa, ed))
    expect(keys.map(({ publicKey }) => publicKey.kind)).toEqual(['ec', 'ec', 'rsa', 'ed25519'])
    expect(keys.map(({ kid }) => new TextDecoder().decode(kid))).toEqual(['first', 'second', 'third', 'fourth'])
    expect(keys[0]?.publicKey).toMatchObject({ curve: 'P-384', point: Uint8Array.of(4, ...decoded(x), ...decoded(y)) })
  })

  it('keeps the certificates beside a key as they are', () => {
    const [key] = parseJwkSet(set({ ...p384.jwk, x5c: ['AQID', 'BAUG'] })).keys
    expect(key?.certificates).toEqual([Uint8Array.of(1, 2, 3), Uint8Array.of(4, 5, 6)])
  })

  it.each([
    ['encryption keys', { ...p384.jwk, use: 'enc' }],
    ['keys for signing only', { ...p384.jwk, key_ops: ['sign'] }],
    ['keys for another algorithm', { ...p384.jwk, alg: 'ECDH-ES' }],
    ['unknown key types', { kty: 'AKP', alg: 'ML-DSA-44', pub: 'AAAA' }],
    ['unknown curves', { kty: 'EC', crv: 'secp256k1', x: 'AA', y: 'AA' }],
    ['key agreement keys', { kty: 'OKP', crv: 'X25519', x: 'AA' }],
  ])('leaves out %s', (_, jwk) => {
    expect(parseJwkSet(set(jwk, p256.jwk)).keys).toHaveLength(1)
  })

  it.each([
    ['a private key', { ...p384.privateKey.export({ format: 'jwk' }) }, 'jwk/private', 'jwks.keys[0].d'],
    ['a symmetric key', { kty: 'oct', k: 'c2VjcmV0' }, 'jwk/private', 'jwks.keys[0].k'],
    ['a point off the curve', { ...p384.jwk, y: x }, 'jwk/invalid', 'jwks.keys[0]'],
    ['a point of another curve', { ...p256.jwk, crv: 'P-384' }, 'jwk/invalid', 'jwks.keys[0]'],
    [
      'coordinates of unequal length',
      { kty: 'EC', crv: 'P-384', x: `AAAA${String(x)}`, y: String(y).slice(4) },
      'jwk/invalid',
      'jwks.keys[0]',
    ],
    [
      'an Ed25519 key of small order',
      { kty: 'OKP', crv: 'Ed25519', x: Buffer.alloc(32).toString('base64url') },
      'jwk/invalid',
      'jwks.keys[0]',
    ],
    [
      'a small RSA key',
      { kty: 'RSA', n: Buffer.alloc(128, 255).toString('base64url'), e: 'AQAB' },
      'jwk/invalid',
      'jwks.keys[0]',
    ],
    ['RSA with exponent 3', { ...rsa.jwk, e: 'Aw' }, 'jwk/invalid', 'jwks.keys[0]'],
    ['a coordinate that is no text', { ...p384.jwk, x: 5 }, 'json/type', 'jwks.keys[0].x'],
    ['a missing coordinate', { kty: 'EC', crv: 'P-384', x }, 'json/missing', 'jwks.keys[0].y'],
    ['a kid that is no text', { ...p384.jwk, kid: 1 }, 'json/type', 'jwks.keys[0].kid'],
    ['padding', { ...p384.jwk, x: `${String(x)}=` }, 'encoding/base64', 'jwks.keys[0].x'],
    ['a key without type', {}, 'json/missing', 'jwks.keys[0].kty'],
  ])('refuses %s', async (_, jwk, code, at) => {
    expect(await refusal(() => parseJwkSet(set(jwk)))).toEqual({ code, at })
  })

  it('refuses a document with a name twice, and one that is too large', async () => {
    expect((await refusal(() => parseJwkSet(encodeUtf8('{"keys":[],"keys":[]}')))).code).toBe('json/duplicate-name')
    expect((await refusal(() => parseJwkSet(new Uint8Array(2_000_000)))).code).toBe('bytes/too-large')
  })
})

describe('parseCoseKey', () => {
  const map = (...entries: readonly (readonly [number, unknown])[]): CborMap => {
    const value: CborValue = parseCbor(encodeTestCbor(new Map(entries)), '')
    if (!isCborMap(value)) throw new Error('no map')
    return value
  }
  const ec: readonly (readonly [number, unknown])[] = [
    [1, 2],
    [-1, 2],
    [-2, decoded(x)],
    [-3, decoded(y)],
  ]

  it('reads EC2, OKP and RSA keys', () => {
    const key = parseCoseKey(map(...ec, [2, Uint8Array.of(7)], [3, -35], [4, [2]]), 'cnf')
    expect(key.publicKey).toEqual(parseJwkSet(jwksBytes(p384)).keys[0]?.publicKey)
    expect(key).toMatchObject({ kid: Uint8Array.of(7), algorithm: 'ecdsa-p384-sha384' })
    const okp = parseCoseKey(map([1, 1], [-1, 6], [-2, decoded(ed.jwk['x'])]), 'cnf')
    expect(okp.publicKey).toEqual(parseJwkSet(jwksBytes(ed)).keys[0]?.publicKey)
    const big = parseCoseKey(map([1, 3], [-1, decoded(rsa.jwk['n'])], [-2, decoded(rsa.jwk['e'])]), 'cnf')
    expect(big.publicKey).toEqual(parseJwkSet(jwksBytes(rsa)).keys[0]?.publicKey)
  })

  it.each([
    ['a private key', [...ec, [-4, decoded(x)] as const], 'cose-key/private', 'cnf'],
    ['a private RSA key', [[1, 3] as const, [-3, decoded(x)] as const], 'cose-key/private', 'cnf'],
    ['a point off the curve', [...ec.slice(0, 3), [-3, decoded(x)] as const], 'cose-key/invalid', 'cnf'],
    ['a compressed point', [...ec.slice(0, 3), [-3, true] as const], 'cose-key/invalid', 'cnf.-3'],
    ['an unknown curve', [[1, 2] as const, [-1, 8] as const], 'cose-key/invalid', 'cnf'],
    ['a symmetric key', [[1, 4] as const], 'cose-key/invalid', 'cnf'],
    ['a key for other operations', [...ec, [4, [1]] as const], 'cose-key/invalid', 'cnf.key_ops'],
    ['a key for another algorithm', [...ec, [3, -999] as const], 'cose-key/invalid', 'cnf.alg'],
    ['a kid that is text', [...ec, [2, 'kid'] as const], 'cose-key/invalid', 'cnf.kid'],
  ])('refuses %s', async (_, entries, code, at) => {
    expect(await refusal(() => parseCoseKey(map(...entries), 'cnf'))).toEqual({ code, at })
  })
})
