// The offline bundle: collateral together with where and when each document was obtained.
import type { Collateral } from '../appraise/collateral.js'
import type { Bytes } from '../bytes/bytes.js'
import type { Certificate } from '../x509/certificate.js'

/** Where a document came from. Unsigned, informational, and never part of a verdict. */
export interface DocumentOrigin {
  /** When it was obtained, by the collector's clock. */
  readonly obtainedAt: Date
  /** Address it was fetched from; undefined if it was not fetched. */
  readonly source: string | undefined
}

/** Where a manifest came from. */
export interface ManifestOrigin extends DocumentOrigin {
  /** Identifier it was asked for by; what the manifest is for, it says itself. */
  readonly id: string
}

/** Where an OCSP response came from. */
export interface OcspOrigin extends DocumentOrigin {
  /** The nonce that was sent with the request; undefined if none was. */
  readonly nonce: Bytes | undefined
}

/** Collateral that can be written to a file and read back. Untrusted like any other: verification looks at every document. */
export interface CollateralBundle extends Collateral {
  readonly createdAt: Date
  /** Further certificates to keep with the rest, such as issuers that a chain left out. Verification does not use them. */
  readonly certificates: readonly Certificate[]
  /** Index-aligned with the arrays of documents. */
  readonly origins: {
    readonly manifests: readonly ManifestOrigin[]
    readonly ocspResponses: readonly OcspOrigin[]
    readonly crls: readonly DocumentOrigin[]
    readonly certificates: readonly DocumentOrigin[]
  }
}

/** Identifiers NVIDIA publishes have 27 to 45 characters. */
export const maxManifestIdLength = 128

/** They become part of an address: no character beyond the alphabet of those published can be let in. */
export function isManifestId(id: string): boolean {
  return id.length <= maxManifestIdLength && /^[A-Za-z0-9_.-]+$/.test(id) && !/^\.+$/.test(id)
}

/** Whether a bundle may name this address as a source: a web address in the letters that one is sent in, not too long. */
export function isSource(url: string): boolean {
  return /^https?:\/\/[!-~]{1,2048}$/.test(url)
}

export const bundleFormat = 'gpu-attestation/collateral'
export const bundleVersion = 1

// 128 devices need a status each for their own certificate and share the rest; a whole fleet has a few driver and
// firmware versions. 64 MiB hold the greatest number of genuine documents many times over.
export const maxDocuments = { manifests: 256, ocspResponses: 2048, crls: 64, certificates: 256 } as const
export const maxBundleBytes: number = 64 * 1024 * 1024

/** Of the text that a document is written as. */
export function base64Length({ length }: Bytes): number {
  return Math.ceil(length / 3) * 4
}
