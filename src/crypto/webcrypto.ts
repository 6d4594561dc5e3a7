// The default provider: signature checks and digests by the WebCrypto of the runtime.

import { encodeBase64Url } from '../bytes/base64.js'
import { type Bytes, copyBytes } from '../bytes/bytes.js'
import { algorithmFitsKey, hashSize, type SignatureScheme, signatureScheme } from './algorithm.js'
import { isSignatureInRange } from './curve.js'
import { ecPublicKey, ed25519PublicKey, rsaPublicKey } from './key.js'
import type { CryptoProvider, HashAlgorithm, PublicKey, SignatureAlgorithm, SignatureCheck } from './provider.js'

type ImportedKeys = Map<SignatureAlgorithm, CryptoKey | Promise<CryptoKey>>

// Importing costs about as much as a verification. Keyed by the object: a key lives as long as its certificate.
const imported: WeakMap<PublicKey, ImportedKeys> = /* @__PURE__ */ new WeakMap<PublicKey, ImportedKeys>()

/** `SHA-384` for `sha384`. */
const hashName = (hash: HashAlgorithm): string => hash.replace('sha', 'SHA-')

// WebCrypto refuses shared memory, which could change between check and use.
function unshared(bytes: Bytes): Uint8Array<ArrayBuffer> {
  const { buffer, byteOffset, length } = bytes
  return buffer instanceof ArrayBuffer ? new Uint8Array(buffer, byteOffset, length) : copyBytes(bytes)
}

// For importing keys and for checking signatures: each reads the members it knows.
function webCryptoAlgorithm(
  scheme: SignatureScheme,
): (EcKeyImportParams & EcdsaParams) | (RsaHashedImportParams & RsaPssParams) | { readonly name: string } {
  switch (scheme.kind) {
    case 'ec':
      return { name: 'ECDSA', namedCurve: scheme.curve, hash: hashName(scheme.hash) }
    case 'ed25519':
      return { name: 'Ed25519' }
    case 'rsa':
      return {
        name: scheme.padding === 'pss' ? 'RSA-PSS' : 'RSASSA-PKCS1-v1_5',
        hash: hashName(scheme.hash),
        saltLength: hashSize[scheme.hash],
      }
    default:
      return scheme satisfies never
  }
}

// Keys are checked where they are made; checked again here, once per import, because runtimes differ in what they import
// (some take points off the curve) and a key object can be written by hand.
async function importKey(key: PublicKey, scheme: SignatureScheme): Promise<CryptoKey> {
  const { subtle } = globalThis.crypto
  const algorithm = webCryptoAlgorithm(scheme)
  const checked =
    key.kind === 'ec'
      ? ecPublicKey(key.curve, key.point)
      : key.kind === 'ed25519'
        ? ed25519PublicKey(key.point)
        : rsaPublicKey(key.modulus, key.exponent)
  if (checked.kind === 'unsupported') throw new TypeError(`public key: ${checked.reason}`)
  if (checked.kind !== 'rsa') return subtle.importKey('raw', unshared(checked.point), algorithm, false, ['verify'])
  const jwk = { kty: 'RSA', n: encodeBase64Url(checked.modulus), e: encodeBase64Url(checked.exponent) }
  return subtle.importKey('jwk', jwk, algorithm, false, ['verify'])
}

/**
 * A key as WebCrypto has it, for a library that takes no other. The imported key itself once it is there, so that a known
 * key's check reaches the runtime before anything else runs. The key must fit the algorithm.
 */
export function webCryptoKey(key: PublicKey, algorithm: SignatureAlgorithm): CryptoKey | Promise<CryptoKey> {
  const keys: ImportedKeys = imported.get(key) ?? new Map()
  const known = keys.get(algorithm)
  if (known !== undefined) return known
  const pending = importKey(key, signatureScheme(algorithm))
  imported.set(key, keys.set(algorithm, pending))
  pending.then(
    (cryptoKey) => keys.set(algorithm, cryptoKey),
    // A failed import is not kept: WebCrypto may be there the next time.
    () => imported.delete(key),
  )
  return pending
}

async function verify({ algorithm, key, signature, data }: SignatureCheck): Promise<boolean> {
  try {
    if (!algorithmFitsKey(algorithm, key)) return false
    const scheme = signatureScheme(algorithm)
    if (scheme.kind === 'ec' && !isSignatureInRange(scheme.curve, signature)) return false
    const known = webCryptoKey(key, algorithm)
    const cryptoKey = known instanceof Promise ? await known : known
    const { subtle } = globalThis.crypto
    return await subtle.verify(webCryptoAlgorithm(scheme), cryptoKey, unshared(signature), unshared(data))
  } catch {
    return false
  }
}

async function digest(hash: HashAlgorithm, data: Bytes): Promise<Bytes> {
  return new Uint8Array(await globalThis.crypto.subtle.digest(hashName(hash), unshared(data)))
}

/**
 * The provider used wherever `crypto` is left out. Looks `globalThis.crypto.subtle` up on each call. Where the runtime
 * has no WebCrypto, or not the algorithm asked for (Ed25519 in older runtimes), every signature is invalid: pass
 * `nobleCryptoProvider` as `crypto` there. `digest` rejects with the runtime's error when there is no WebCrypto.
 */
export const webCryptoProvider: CryptoProvider = { name: 'webcrypto', digest, verify }
