// Decides what revocation evidence says about each certificate of a path, under one explicit policy.
import type { CryptoProvider } from '../crypto/provider.js'
import type { Failure } from '../result/failure.js'
import type { Certificate } from './certificate.js'
import type { CertificateRevocationList } from './crl.js'
import type { OcspResponse } from './ocsp.js'
import type { TrustAnchor } from './trust-anchor.js'

export interface RevocationPolicy {
  /** Which certificates of the path need a status; the trust anchor never does. NVIDIA publishes none for device leaves. */
  readonly scope: 'whole-path' | 'issuers-only'
  /** What a missing, stale or `unknown` status means. */
  readonly whenUnknown: 'fail' | 'accept'
  /** Whether a certificate on hold (reason certificateHold) may still count. */
  readonly certificateHold: 'fail' | 'accept'
  /** Greatest age of a response or list that states no nextUpdate. */
  readonly maxAgeSeconds: number
  /** `throw` refuses the path; `record` keeps the statuses for the appraisal to judge. */
  readonly onFailure: 'throw' | 'record'
}

/** How to treat revocation. There is no default: not checking has to be said, with a reason. */
export type RevocationInput =
  | { readonly kind: 'unchecked'; readonly reason: string }
  | {
      readonly kind: 'checked'
      readonly policy: RevocationPolicy
      readonly ocspResponses: readonly OcspResponse[]
      readonly crls: readonly CertificateRevocationList[]
      /** The nonce sent with the OCSP requests; when given, a response with another nonce is refused. */
      readonly ocspNonce?: Uint8Array
    }

/** What is known about one certificate at the time of verification. */
export interface RevocationStatus {
  readonly status: 'good' | 'revoked' | 'unknown' | 'not-checked' | 'not-required'
  readonly source: 'ocsp' | 'crl' | 'none'
  readonly reason?: string
  readonly revokedAt?: Date
  readonly thisUpdate?: Date
  readonly nextUpdate?: Date
  /** Whether this status satisfies the policy. */
  readonly acceptable: boolean
  /** Why not, or why the evidence offered was not used; most telling first. */
  readonly failures: readonly Failure[]
}

export declare function assessRevocation(input: {
  /** Leaf first; every signature in it already verified. */
  readonly certificates: readonly Certificate[]
  readonly trustAnchor: TrustAnchor
  readonly revocation: RevocationInput
  readonly now: Date
  readonly crypto: CryptoProvider
}): Promise<readonly RevocationStatus[]>
