// What an authentic device is known to be: the typed claims of an appraisal.
import type { VendorClaims } from '../nvidia/claims.js'
import type { ConfidentialComputing } from './confidential-computing.js'
import type { DeviceMode } from './policy.js'
import type { TrustworthinessVector } from './tier.js'

/** The manifest a device was compared with, by issue: who signed it and when that signer's certificate is valid. */
export interface ManifestClaims {
  readonly tagId: string
  readonly version: string
  readonly product: string
  readonly signedBy: string
  readonly signerNotBefore: Date
  readonly signerNotAfter: Date
  /** SHA-256 of the manifest, lowercase hex. */
  readonly sha256: string
}

/** What an authentic device is known to be. A failed verdict has claims too: read them together with the checks. */
export interface DeviceClaims {
  readonly kind: 'gpu' | 'switch'
  /** Decimal serial number of the device certificate; the identity to keep in lists. */
  readonly ueid: string
  /** Family from the certificate chain, e.g. `hopper`. */
  readonly family: string
  /** Chip as the certificates name it, e.g. `GH100`. */
  readonly product: string
  readonly hwmodel: string
  /** Serial number in the certificate's DMTF name. */
  readonly serialNumber: string
  /** Identifier that links GPUs and switches, from the certificate; lowercase hex. */
  readonly pdi: string
  /** The nonce the device signed, lowercase hex. */
  readonly nonce: string
  /** SHA-256 of the report as received, lowercase hex. */
  readonly evidenceDigest: string
  readonly driverVersion: string | undefined
  /** VBIOS of a GPU, BIOS of a switch. */
  readonly firmwareVersion: string | undefined
  readonly mode: DeviceMode | undefined
  /** Undefined for a switch, which has no such mode. */
  readonly confidentialComputing: ConfidentialComputing | undefined
  /** `absent` only where the family or driver legitimately states none. */
  readonly firmwareBinding: 'match' | 'absent'
  readonly driverManifest: ManifestClaims | undefined
  readonly firmwareManifest: ManifestClaims | undefined
  /** How many measurements were compared and equal. */
  readonly measurementsMatched: number
  /** AR4SI trustworthiness vector. */
  readonly trustworthiness: TrustworthinessVector
  /** Policy that was applied. */
  readonly policyId: string
  /** The instant judged at. */
  readonly appraisedAt: Date
  /** The same outcome in NVIDIA's claim names: GPU 4.0, switch 3.0. */
  readonly vendorClaims: VendorClaims
}
