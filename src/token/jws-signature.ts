// Checks the signature of a compact JWS (RFC 7515 section 5.2) with `jose`, or with the caller's own cryptography.

import type { compactVerify } from 'jose/jws/compact/verify'
import type { importJWK } from 'jose/key/import'
import { encodeBase64Url } from '../bytes/base64.js'
import type { Bytes } from '../bytes/bytes.js'
import { encodeUtf8 } from '../bytes/text.js'
import type { CryptoProvider, PublicKey } from '../crypto/provider.js'
import { type JoseAlgorithm, tokenSignatureAlgorithm } from './algorithm.js'

interface Jose {
  readonly compactVerify: typeof compactVerify
  readonly importJWK: typeof importJWK
}

const loaded: Map<'jose', Promise<Jose>> = /* @__PURE__ */ new Map()

// `jose` is twenty files, a third of what importing this library would cost, and whoever verifies evidence never needs it.
function loadJose(): Promise<Jose> {
  const pending = loaded.get('jose') ?? importJose()
  loaded.set('jose', pending)
  return pending
}

async function importJose(): Promise<Jose> {
  const [{ compactVerify }, { importJWK }] = await Promise.all([
    import('jose/jws/compact/verify'),
    import('jose/key/import'),
  ])
  return { compactVerify, importJWK }
}

type ImportedKeys = Map<JoseAlgorithm, ReturnType<typeof importJWK>>

// Importing costs about as much as a verification, and the tokens of a bundle share a key. The promise is kept, not the
// key, so that tokens checked side by side wait for one import.
const imported: WeakMap<PublicKey, ImportedKeys> = /* @__PURE__ */ new WeakMap<PublicKey, ImportedKeys>()

export interface JwsSignatureCheck {
  /** The whole token as received. */
  readonly token: string
  readonly signature: Bytes
  readonly algorithm: JoseAlgorithm
  readonly key: PublicKey
  readonly crypto: CryptoProvider | undefined
}

/** True only for a valid signature; any error inside is false. */
export async function isJwsSignatureValid(check: JwsSignatureCheck): Promise<boolean> {
  const { token, signature, algorithm, key, crypto } = check
  if (crypto !== undefined) {
    const data = encodeUtf8(token.slice(0, token.lastIndexOf('.')))
    return crypto.verify({ algorithm: tokenSignatureAlgorithm(algorithm), key, signature, data })
  }
  // Outside the `try`: a module that cannot be loaded is no verdict on a signature.
  const jose = await loadJose()
  try {
    await jose.compactVerify(token, await importedKey(jose, key, algorithm), { algorithms: [algorithm] })
    return true
  } catch {
    return false
  }
}

function importedKey(jose: Jose, key: PublicKey, algorithm: JoseAlgorithm): ReturnType<typeof importJWK> {
  const keys: ImportedKeys = imported.get(key) ?? new Map()
  imported.set(key, keys)
  const pending = keys.get(algorithm) ?? jose.importJWK(jwkOf(key), algorithm, { extractable: false })
  keys.set(algorithm, pending)
  return pending
}

function jwkOf(key: PublicKey): Parameters<typeof importJWK>[0] {
  switch (key.kind) {
    case 'ec': {
      const half = (key.point.length - 1) / 2
      const x = encodeBase64Url(key.point.subarray(1, 1 + half))
      return { kty: 'EC', crv: key.curve, x, y: encodeBase64Url(key.point.subarray(1 + half)) }
    }
    case 'ed25519':
      return { kty: 'OKP', crv: 'Ed25519', x: encodeBase64Url(key.point) }
    case 'rsa':
      return { kty: 'RSA', n: encodeBase64Url(key.modulus), e: encodeBase64Url(key.exponent) }
    default:
      return key satisfies never
  }
}
