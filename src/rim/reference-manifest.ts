// What a reference manifest says: the reference values of one version of a driver, VBIOS or switch BIOS.
import type { Bytes } from '../bytes/bytes.js'
import type { Verified } from '../result/proof.js'
import type { NonEmptyArray } from '../result/result.js'
import type { CertificatePath } from '../x509/path.js'

/** Which firmware or software the values describe. */
export type ManifestKind = 'driver' | 'vbios' | 'switch-bios'

/** The values one measurement may have; only records the manifest marks active. */
export interface ReferenceMeasurement {
  /** 0 to 63; compared with measurement block `index` + 1. */
  readonly index: number
  readonly name: string
  readonly sizeBytes: number
  /** Any one of them matches. All-zero values are genuine. */
  readonly alternatives: NonEmptyArray<Bytes>
}

/** The least security version number a field of the report's opaque data may have. */
export interface ReferenceSvn {
  /** Type of the opaque data field (the record's index minus 4096). */
  readonly fieldId: number
  readonly name: string
  readonly minSvn: number
  /** Whether the vendor wants the value shown in the result. */
  readonly includeInResult: boolean
}

/** What a manifest says, before who said it. */
export interface ReferenceValues {
  readonly kind: ManifestKind
  readonly tagId: string
  readonly name: string
  readonly version: string
  readonly tagVersion: string
  /** Version of the driver, VBIOS or switch BIOS described; must equal the one reported. */
  readonly colloquialVersion: string
  /** Chip family, e.g. `GH100`; must fit the device reported. */
  readonly product: string
  readonly edition: string
  readonly payloadType: string
  /** Ascending by index; never empty, each index once. */
  readonly measurements: readonly ReferenceMeasurement[]
  /** Ascending by field. */
  readonly svnRecords: readonly ReferenceSvn[]
}

/** Reference values together with who signed them. */
export interface ReferenceManifest extends ReferenceValues {
  readonly signer: ManifestSigner
  /** From the signer to the trust anchor the caller gave. */
  readonly path: Verified<CertificatePath>
  /** SHA-256 of the document as received, in lowercase hex: what the RIM service states as `sha256`. */
  readonly sha256: string
  /** SHA-384 of the signed content, in lowercase hex: the same for documents that differ only outside what is signed. */
  readonly contentDigest: string
}

/** Who signed a manifest, and when that certificate is valid. */
export interface ManifestSigner {
  /** Subject of the signer certificate, a line for people. */
  readonly subject: string
  /** Serial number of the signer certificate, in lowercase hex without the sign octet. */
  readonly serial: string
  readonly notBefore: Date
  readonly notAfter: Date
}
