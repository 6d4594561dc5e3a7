// P-384 keys that sign with the runtime, some ten times faster than the synthetic world's own, whose signatures never
// vary. Only for figures that need very many devices.
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import type { SyntheticKey } from '../../src/testing/index.js'

/** Uncompressed point: 0x04, x, y. */
const pointLength = 97
const coordinateLength = 48

/** A fresh key. `like` is a P-384 key of the world: it lends the names of its algorithms. */
export function nativeKey(like: SyntheticKey): SyntheticKey {
  return signingNatively(like, generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey)
}

/** The same key with another way to sign. */
export function nativeTwin(key: SyntheticKey): SyntheticKey {
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url')
  const x = text(key.publicKey.subarray(1, 1 + coordinateLength))
  const y = text(key.publicKey.subarray(1 + coordinateLength))
  const jwk = { kty: 'EC', crv: 'P-384', d: text(key.secretKey), x, y }
  return signingNatively(key, createPrivateKey({ key: jwk, format: 'jwk' }))
}

function signingNatively({ curve, algorithm, spki: like }: SyntheticKey, key: KeyObject): SyntheticKey {
  const spki = Uint8Array.from(createPublicKey(key).export({ type: 'spki', format: 'der' }))
  if (spki.length !== like.length) throw new Error('another form of SubjectPublicKeyInfo')
  const signAs = (dsaEncoding: 'ieee-p1363' | 'der', data: Uint8Array): Uint8Array =>
    Uint8Array.from(sign('sha384', data, { key, dsaEncoding }))
  return {
    curve,
    secretKey: new Uint8Array(0),
    publicKey: spki.slice(-pointLength),
    spki,
    algorithm,
    sign: (data) => signAs('ieee-p1363', data),
    signDer: (data) => signAs('der', data),
  }
}
