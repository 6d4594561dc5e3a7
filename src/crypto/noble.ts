// A provider in plain JavaScript (@noble/curves, @noble/hashes), for runtimes whose WebCrypto is absent or slow.
import { ed25519 } from '@noble/curves/ed25519.js'
import { p256, p384, p521 } from '@noble/curves/nist.js'
import { sha1 } from '@noble/hashes/legacy.js'
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js'
import { algorithmFitsKey, signatureScheme } from './algorithm.js'
import { ecPublicKey, ed25519PublicKey } from './key.js'
import type { CryptoProvider, PublicKey, SignatureCheck } from './provider.js'

const hashes = { sha1, sha256, sha384, sha512 } as const
const curves = { 'P-256': p256, 'P-384': p384, 'P-521': p521 } as const

function isUsable(key: PublicKey): boolean {
  if (key.kind === 'ec') return ecPublicKey(key.curve, key.point).kind === 'ec'
  return key.kind === 'ed25519' && ed25519PublicKey(key.point).kind === 'ed25519'
}

async function verify({ algorithm, key, signature, data }: SignatureCheck): Promise<boolean> {
  try {
    const scheme = signatureScheme(algorithm)
    if (!algorithmFitsKey(algorithm, key) || !isUsable(key)) return false
    // Each curve hashes with the hash the closed list pairs it with. High-s signatures are valid: real certificates,
    // reports and tokens have them, and nothing here relies on a signature being unique.
    if (scheme.kind === 'ec' && key.kind === 'ec')
      return curves[scheme.curve].verify(signature, data, key.point, { lowS: false, format: 'compact' })
    // RFC 8032 as is, without the looser encodings of ZIP 215.
    if (key.kind === 'ed25519') return ed25519.verify(signature, data, key.point, { zip215: false })
    return false
  } catch {
    return false
  }
}

/**
 * Slower than WebCrypto (about 250 P-384 checks a second) and without RSA: an RSA signature is always invalid here. Gives
 * the verdicts of `webCryptoProvider` on everything else, except that an Ed25519 signature its own key holder bent by a
 * point of small order counts as valid here and not in most runtimes (RFC 8032 section 5.1.7 allows both).
 */
export const nobleCryptoProvider: CryptoProvider = {
  name: 'noble',
  digest: async (hash, data) => hashes[hash](data),
  verify,
}
