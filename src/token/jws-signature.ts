// Checks the signature of a compact JWS (RFC 7515 section 5.2) with `jose`, or with the caller's own cryptography.

import type { Bytes } from '../bytes/bytes.js'
import { algorithmFitsKey } from '../crypto/algorithm.js'
import type { CryptoProvider, PublicKey } from '../crypto/provider.js'
import { webCryptoKey } from '../crypto/webcrypto.js'
import { type JoseAlgorithm, tokenSignatureAlgorithm } from './algorithm.js'

type Jose = typeof import('./jose.js')

const loaded: Map<'jose', Promise<Jose>> = /* @__PURE__ */ new Map()

// `jose` is twenty files, a third of what importing this library would cost, and whoever verifies evidence never needs it.
function loadJose(): Promise<Jose> {
  const known = loaded.get('jose')
  if (known !== undefined) return known
  const pending = import('./jose.js')
  loaded.set('jose', pending)
  // A file that did not arrive may arrive the next time.
  pending.catch(() => loaded.delete('jose'))
  return pending
}

export interface JwsSignatureCheck {
  /** The whole token as received. */
  readonly token: Bytes | string
  /** What is signed of it. */
  readonly signed: Bytes
  readonly signature: Bytes
  readonly algorithm: JoseAlgorithm
  readonly key: PublicKey
  readonly crypto: CryptoProvider | undefined
}

/** True only for a valid signature; any error inside is false. */
export async function isJwsSignatureValid(check: JwsSignatureCheck): Promise<boolean> {
  const { token, signed, signature, algorithm, key, crypto } = check
  const signatureAlgorithm = tokenSignatureAlgorithm(algorithm)
  if (crypto !== undefined) return crypto.verify({ algorithm: signatureAlgorithm, key, signature, data: signed })
  // Outside the `try`: a module that cannot be loaded is no verdict on a signature.
  const jose = await loadJose()
  try {
    if (!algorithmFitsKey(signatureAlgorithm, key)) return false
    await jose.compactVerify(token, await webCryptoKey(key, signatureAlgorithm), { algorithms: [algorithm] })
    return true
  } catch {
    return false
  }
}
