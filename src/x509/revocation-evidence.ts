// What OCSP responses and CRLs have in common: the issuer they are judged by, their time window and their signature.
import type { Bytes } from '../bytes/bytes.js'
import { algorithmFitsKey, signatureAlgorithmFromX509 } from '../crypto/algorithm.js'
import { ecdsaSignatureFromDer } from '../crypto/ecdsa.js'
import type { CryptoProvider, PublicKey, SignatureAlgorithm } from '../crypto/provider.js'
import { openDer } from '../encoding/der.js'
import { type AlgorithmIdentifier, type Certificate, readSubjectPublicKeyInfo } from './certificate.js'
import type { KeyUsage } from './extension.js'
import type { DistinguishedName } from './name.js'
import type { RevocationReason } from './revocation-reason.js'
import { rememberSignature } from './signature-memory.js'
import type { TrustAnchor } from './trust-anchor.js'

/** What an issuer, or a responder in its name, says about one certificate. */
export type CertificateStatus =
  | { readonly status: 'good' }
  | { readonly status: 'unknown' }
  | { readonly status: 'revoked'; readonly revokedAt: Date; readonly reason: RevocationReason | undefined }

/** A status whose signature and time window were checked. */
export interface StatusEvidence {
  readonly source: 'ocsp' | 'crl'
  readonly said: CertificateStatus
  readonly thisUpdate: Date
  readonly nextUpdate: Date | undefined
}

/** The issuer of the certificate in question, out of its verified path: never out of the revocation evidence. */
export interface RevocationIssuer {
  readonly name: DistinguishedName
  readonly publicKey: PublicKey | undefined
  /** Octets of the key's BIT STRING. */
  readonly keyBits: Bytes
  /** `undefined` for a trust anchor, which is a name and a key without usages. */
  readonly keyUsage: readonly KeyUsage[] | undefined
}

export function revocationIssuer(issuer: Certificate | TrustAnchor): RevocationIssuer {
  if ('tbs' in issuer) {
    const { publicKey, keyBits } = issuer.subjectPublicKeyInfo
    return { name: issuer.subject, publicKey, keyBits, keyUsage: issuer.known.keyUsage ?? [] }
  }
  const { keyBits } = readSubjectPublicKeyInfo(openDer(issuer.spki, 'spki', issuer.spki.length), '')
  return { name: issuer.name, publicKey: issuer.publicKey, keyBits, keyUsage: undefined }
}

/** How evidence is checked; the same for every response and list of one assessment. */
export interface EvidenceContext {
  readonly now: Date
  /** Greatest age, from thisUpdate, where nextUpdate is absent. */
  readonly maxAgeSeconds: number
  readonly allowedAlgorithms: readonly SignatureAlgorithm[]
  readonly crypto: CryptoProvider
}

/** What NVIDIA signs everything with. */
export const defaultRevocationAlgorithms: readonly SignatureAlgorithm[] = ['ecdsa-p384-sha384']

/** Revoked for good: no later answer can take it back, so that it counts however old the answer is. */
export function isFinal(said: CertificateStatus): boolean {
  return said.status === 'revoked' && said.reason !== 'certificateHold'
}

/** Where `now` lies outside a window; no allowance is made for clocks that differ. Valid up to, not at, nextUpdate. */
export function windowFault(
  thisUpdate: Date,
  nextUpdate: Date | undefined,
  { now, maxAgeSeconds }: EvidenceContext,
): 'not-yet-valid' | 'stale' | 'too-old' | undefined {
  // Written so that an invalid `now`, which compares false with everything, is never inside.
  if (!(thisUpdate <= now)) return 'not-yet-valid'
  if (nextUpdate !== undefined) return now < nextUpdate ? undefined : 'stale'
  return now.getTime() - thisUpdate.getTime() <= maxAgeSeconds * 1000 ? undefined : 'too-old'
}

/**
 * Checks an X.509 style signature; `algorithm` means it is unknown or not allowed, `signature` everything else. A signature
 * once found valid under this key is not computed again for the same parsed object.
 */
export async function signatureFault(
  signed: { readonly signatureAlgorithm: AlgorithmIdentifier; readonly signature: Bytes; readonly tbs: Bytes },
  key: PublicKey | undefined,
  { allowedAlgorithms, crypto }: EvidenceContext,
): Promise<'algorithm' | 'signature' | undefined> {
  const { oid, parameters } = signed.signatureAlgorithm
  const algorithm = signatureAlgorithmFromX509(oid, parameters)
  if (algorithm === undefined || !allowedAlgorithms.includes(algorithm)) return 'algorithm'
  if (key === undefined || !algorithmFitsKey(algorithm, key)) return 'signature'
  const signature = key.kind === 'ec' ? ecdsaSignatureFromDer(signed.signature, key.curve) : signed.signature
  if (signature === undefined) return 'signature'
  const check = (): Promise<boolean> => crypto.verify({ algorithm, key, signature, data: signed.tbs })
  return (await rememberSignature(signed, algorithm, key, crypto, check)) === true ? undefined : 'signature'
}
