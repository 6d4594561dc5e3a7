// Writes the outcome of an appraisal in NVIDIA's claim names (GPU 2.0, 3.0, 4.0; switch 2.0, 3.0), for existing policies.

/** Status of one certificate chain, as the claims word it. */
export interface ChainFacts {
  /** Earliest end of validity in the chain. */
  readonly notAfter: Date
  readonly status: 'valid' | 'expired' | 'invalid' | 'revoked'
  readonly ocspStatus: 'good' | 'revoked' | 'unknown'
  readonly revocationReason: string | null
  readonly ocspResponseValid: boolean
}

/** One reference manifest; `undefined` where none was verified. */
export interface ManifestFacts {
  readonly chain: ChainFacts
  readonly versionMatches: boolean
  readonly measurementsAvailable: boolean
}

export interface MismatchRecord {
  readonly index: number
  readonly goldenSize: number
  readonly goldenValue: string
  readonly runtimeSize: number
  readonly runtimeValue: string
  readonly measurementSource: 'Driver' | 'Firmware'
}

export interface OpaqueMismatchRecord {
  readonly id: number
  readonly name: string
  readonly goldenType: 'MIN_SVN'
  readonly goldenValue: number
  readonly runtimeType?: string
  readonly runtimeValue?: number
}

interface DeviceFacts {
  readonly nonceHex: string
  readonly hwmodel: string
  readonly ueid: string
  readonly architectureMatches: boolean
  readonly reportChain: ChainFacts
  readonly fwidMatches: boolean
  /** Undefined when no manifest could be compared. */
  readonly measurementsMatch: boolean | undefined
  readonly mismatches: readonly MismatchRecord[]
  /** A certificate on hold that the policy accepts, in words. */
  readonly warning: string | null
}

/** What the claims about a GPU are made from. */
export interface GpuFacts extends DeviceFacts {
  readonly driverVersion: string
  readonly vbiosVersion: string
  readonly switchPdis: readonly string[] | undefined
  readonly driverManifest: ManifestFacts | undefined
  readonly firmwareManifest: ManifestFacts | undefined
  readonly noIndexConflict: boolean
  readonly opaqueMismatches: readonly OpaqueMismatchRecord[]
  readonly attesterClaims: { readonly [name: string]: number }
}

/** What the claims about a switch are made from. */
export interface SwitchFacts extends DeviceFacts {
  readonly biosVersion: string
  readonly devicePdi: string | undefined
  readonly gpuPdis: readonly string[] | undefined
  readonly firmwareManifest: ManifestFacts | undefined
}

/** Versions of NVIDIA's claims about a GPU. */
export type GpuClaimsVersion = '2.0' | '3.0' | '4.0'
/** Versions of NVIDIA's claims about a switch. */
export type SwitchClaimsVersion = '2.0' | '3.0'

/** A JSON object in the vendor's names; values are JSON values. */
export type VendorClaims = { readonly [name: string]: unknown }

// IANA enterprise number of NVIDIA, which the vendor uses as OEM id.
const oemId = '5703'

function seconds(date: Date): string {
  return date.toISOString().replace(/\.\d{3}Z$/, 'Z')
}

// Without `x-nvidia-cert-ocsp-nonce-matches`: responses here are shared and bounded by time, no nonce is compared. The
// vendor's service leaves it out as well, and its readers take an absent one for true.
function chainClaims(chain: ChainFacts): VendorClaims {
  return {
    'x-nvidia-cert-expiration-date': seconds(chain.notAfter),
    'x-nvidia-cert-status': chain.status,
    'x-nvidia-cert-ocsp-status': chain.ocspStatus,
    'x-nvidia-cert-revocation-reason': chain.revocationReason,
    'x-nvidia-cert-ocsp-response-valid': chain.ocspResponseValid,
  }
}

function manifestClaims(prefix: string, manifest: ManifestFacts | undefined): VendorClaims {
  const found = manifest !== undefined
  return {
    [`${prefix}-fetched`]: found,
    [`${prefix}-schema-validated`]: found,
    [`${prefix}-signature-verified`]: found,
    [`${prefix}-version-match`]: manifest?.versionMatches ?? false,
    [`${prefix}-measurements-available`]: manifest?.measurementsAvailable ?? false,
    ...(manifest === undefined ? {} : { [`${prefix}-cert-chain`]: chainClaims(manifest.chain) }),
  }
}

/** The flat form of version 2.0: chains are one boolean each. */
function flatManifestClaims(prefix: string, manifest: ManifestFacts | undefined): VendorClaims {
  const found = manifest !== undefined
  return {
    [`${prefix}-fetched`]: found,
    [`${prefix}-schema-validated`]: found,
    [`${prefix}-signature-verified`]: found,
    [`${prefix}-cert-validated`]: manifest !== undefined && chainHolds(manifest.chain),
    [`${prefix}-measurements-available`]: manifest?.measurementsAvailable ?? false,
  }
}

function chainHolds(chain: ChainFacts): boolean {
  return chain.status === 'valid' && chain.ocspStatus === 'good'
}

function measurementClaims(facts: DeviceFacts, success: boolean): VendorClaims {
  const matched = facts.measurementsMatch === true
  return {
    measres: facts.measurementsMatch === undefined ? 'not-run' : success ? 'success' : 'fail',
    // The vendor sets these to null, not false, on mismatch; consumers rely on it.
    secboot: matched ? true : null,
    dbgstat: matched ? 'disabled' : null,
  }
}

function mismatchClaim(facts: DeviceFacts): VendorClaims {
  const pass = facts.measurementsMatch === true
  return { 'x-nvidia-mismatch-measurement-records': pass ? null : facts.mismatches }
}

/**
 * Claims of one GPU. `fwid-match` is true also where the report legitimately carries no FWID, as the vendor's tools do;
 * the typed claims keep the difference.
 */
export function encodeGpuClaims(facts: GpuFacts, version: GpuClaimsVersion): VendorClaims {
  const report = 'x-nvidia-gpu-attestation-report'
  const success = facts.measurementsMatch === true && (version !== '4.0' || facts.opaqueMismatches.length === 0)
  const common = {
    eat_nonce: facts.nonceHex,
    ...measurementClaims(facts, success),
    hwmodel: facts.hwmodel,
    ueid: facts.ueid,
    oemid: oemId,
    'x-nvidia-attestation-warning': facts.warning,
    'x-nvidia-gpu-arch-check': facts.architectureMatches,
    'x-nvidia-gpu-driver-version': facts.driverVersion,
    'x-nvidia-gpu-vbios-version': facts.vbiosVersion,
    [`${report}-parsed`]: true,
    [`${report}-nonce-match`]: true,
    [`${report}-signature-verified`]: true,
    'x-nvidia-gpu-vbios-index-no-conflict': facts.noIndexConflict,
  }
  if (version === '2.0') {
    return {
      ...common,
      [`${report}-cert-chain-validated`]: chainHolds(facts.reportChain),
      ...flatManifestClaims('x-nvidia-gpu-driver-rim', facts.driverManifest),
      ...flatManifestClaims('x-nvidia-gpu-vbios-rim', facts.firmwareManifest),
    }
  }
  return {
    ...common,
    'x-nvidia-device-type': 'gpu',
    'x-nvidia-gpu-claims-version': version,
    ...(facts.switchPdis === undefined
      ? {}
      : { 'x-nvidia-gpu-switch-pdis': facts.switchPdis.map((pdi) => pdi.toUpperCase()) }),
    ...mismatchClaim(facts),
    [`${report}-cert-chain`]: chainClaims(facts.reportChain),
    [`${report}-cert-chain-fwid-match`]: facts.fwidMatches,
    ...manifestClaims('x-nvidia-gpu-driver-rim', facts.driverManifest),
    ...manifestClaims('x-nvidia-gpu-vbios-rim', facts.firmwareManifest),
    ...(version === '4.0' ? opaqueClaims(facts) : {}),
  }
}

function opaqueClaims(facts: GpuFacts): VendorClaims {
  return {
    'x-nvidia-attester-claims': facts.attesterClaims,
    'x-nvidia-mismatch-opaque-data-records': facts.opaqueMismatches.length === 0 ? null : facts.opaqueMismatches,
  }
}

/** Claims of one switch; the version claim is named `x-nvidia-version` here, as the vendor does. */
export function encodeSwitchClaims(facts: SwitchFacts, version: SwitchClaimsVersion): VendorClaims {
  const report = 'x-nvidia-switch-attestation-report'
  const common = {
    eat_nonce: facts.nonceHex,
    ...measurementClaims(facts, facts.measurementsMatch === true),
    hwmodel: facts.hwmodel,
    ueid: facts.ueid,
    'x-nvidia-attestation-warning': facts.warning,
    'x-nvidia-switch-arch-check': facts.architectureMatches,
    'x-nvidia-switch-bios-version': facts.biosVersion,
    [`${report}-parsed`]: true,
    [`${report}-nonce-match`]: true,
    [`${report}-signature-verified`]: true,
  }
  if (version === '2.0') {
    const chain = { [`${report}-cert-chain-validated`]: chainHolds(facts.reportChain) }
    return { ...common, ...chain, ...flatManifestClaims('x-nvidia-switch-bios-rim', facts.firmwareManifest) }
  }
  return {
    ...common,
    'x-nvidia-device-type': 'nvswitch',
    'x-nvidia-version': version,
    ...mismatchClaim(facts),
    ...(facts.devicePdi === undefined ? {} : { 'x-nvidia-switch-pdi': facts.devicePdi.toUpperCase() }),
    ...(facts.gpuPdis === undefined
      ? {}
      : { 'x-nvidia-switch-gpu-pdis': facts.gpuPdis.map((pdi) => pdi.toUpperCase()) }),
    [`${report}-cert-chain`]: chainClaims(facts.reportChain),
    [`${report}-cert-chain-fwid-match`]: facts.fwidMatches,
    ...manifestClaims('x-nvidia-switch-bios-rim', facts.firmwareManifest),
  }
}
