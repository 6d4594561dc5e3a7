// Chooses the one key a token must verify under, among keys the caller trusts; nothing in the token adds a key.
import { type Bytes, equalBytes } from '../bytes/bytes.js'
import { algorithmFitsKey } from '../crypto/algorithm.js'
import type { PublicKey, SignatureAlgorithm } from '../crypto/provider.js'
import { verifyError } from '../result/error.js'
import { requireVerified, type Verified } from '../result/proof.js'
import type { CertificatePath } from '../x509/path.js'

/** One key of a set. */
export interface VerificationKey {
  readonly publicKey: PublicKey
  /** Key id; the text of a JWK as UTF-8. */
  readonly kid?: Bytes
  /** Set when the key says it serves one algorithm only. */
  readonly algorithm?: SignatureAlgorithm
  /** `x5c` of a JWK (DER, leaf first): hints for whoever collects anchors, never a reason to trust the key. */
  readonly certificates: readonly Bytes[]
}

/** Keys the caller trusts for the tokens at hand; see `parseJwkSet`. */
export interface KeySet {
  readonly keys: readonly VerificationKey[]
}

/** Where keys may come from: a set, or the leaf of a certificate path that was verified to the caller's anchors. */
export type TokenKeys = KeySet | Verified<CertificatePath>

export interface KeyRequest {
  readonly kid: Bytes | undefined
  readonly algorithm: SignatureAlgorithm
  readonly now: Date
  /** Prefix of `at`. */
  readonly at: string
}

/**
 * Exactly one key must match: by `kid` when the token has one, else by fitting the algorithm. From a certificate path it
 * is the leaf's key, while the path is valid; a `kid` cannot contradict it.
 * @throws AttestationError `token/key-not-found`, `token/key-ambiguous`, `token/key-mismatch`, `token/key-expired`,
 * `token/key-not-yet-valid`
 */
export function selectKey(source: TokenKeys, request: KeyRequest): VerificationKey {
  if (!('keys' in source)) return leafKey(source, request)
  const { kid, algorithm, at } = request
  const { keys } = source
  let named = 0
  const fitting: VerificationKey[] = []
  for (const key of keys) {
    if (kid !== undefined && !(key.kid && equalBytes(key.kid, kid))) continue
    named++
    if (fits(key, algorithm)) fitting.push(key)
  }
  const [key] = fitting
  if (fitting.length > 1) throw verifyError('token/key-ambiguous', at, { matches: fitting.length })
  if (key !== undefined) return key
  if (kid !== undefined && named > 0) throw verifyError('token/key-mismatch', at, { algorithm })
  throw verifyError('token/key-not-found', at, { keys: keys.length, algorithm })
}

function fits(key: VerificationKey, algorithm: SignatureAlgorithm): boolean {
  return algorithmFitsKey(algorithm, key.publicKey) && (key.algorithm === undefined || key.algorithm === algorithm)
}

function leafKey(path: Verified<CertificatePath>, { algorithm, now, at }: KeyRequest): VerificationKey {
  requireVerified(path, 'keys')
  const { publicKey } = path.leaf.subjectPublicKeyInfo
  if (publicKey === undefined || !algorithmFitsKey(algorithm, publicKey))
    throw verifyError('token/key-mismatch', at, { algorithm })
  // Every comparison with an invalid date is false: it would switch the checks off.
  if (Number.isNaN(now.getTime())) throw new TypeError('now must be a valid date')
  if (now > path.notAfter)
    throw verifyError('token/key-expired', at, { notAfter: path.notAfter.toISOString(), now: now.toISOString() })
  const early = path.certificates.find((certificate) => now < certificate.notBefore)
  if (early !== undefined)
    throw verifyError('token/key-not-yet-valid', at, {
      notBefore: early.notBefore.toISOString(),
      now: now.toISOString(),
    })
  return { publicKey, certificates: path.certificates.map((certificate) => certificate.raw) }
}
