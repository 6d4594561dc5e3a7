// What a collection obtains: one document of a kind, parsed as far as needed to know that it is what was asked for.
import type { Bytes } from '../bytes/bytes.js'
import type { CollectFailure } from '../result/failure.js'
import type { Certificate } from '../x509/certificate.js'
import type { CertificateRevocationList } from '../x509/crl.js'
import type { OcspResponse } from '../x509/ocsp.js'
import type { DocumentOrigin, ManifestOrigin, OcspOrigin } from './bundle.js'

export type CollectedDocument =
  | {
      readonly kind: 'manifest'
      readonly xml: Bytes
      /** As the manifest carries them; they say whose status to ask for next. */
      readonly certificates: readonly Certificate[]
      readonly origin: ManifestOrigin
    }
  | { readonly kind: 'ocsp'; readonly response: OcspResponse; readonly origin: OcspOrigin }
  | { readonly kind: 'crl'; readonly list: CertificateRevocationList; readonly origin: DocumentOrigin }

/**
 * How long a document may be handed out, unless it ends before: long for an outage and short for a change. Nothing is
 * verified when it is obtained, so that what it says of itself may only shorten this.
 */
export const keepMs = 3_600_000

/** A document and how long it may be handed out again. */
export interface Obtained {
  readonly document: CollectedDocument
  /** Size as received. */
  readonly size: number
  /** Exclusive; a document that is out of date from the start is never handed out again. */
  readonly until: Date
  /** What is doubtful about a document that is kept all the same. */
  readonly problem?: CollectFailure
}

/** Names a document in failures. */
export interface DocumentName {
  /** Path in the failure, e.g. `manifests[NV_GPU_DRIVER_GH100_550.90.07]`. */
  readonly at: string
  /** In words. */
  readonly document: string
  readonly url: string
}
