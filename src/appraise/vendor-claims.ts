// Turns the ledger of one device into the vendor's claims.

import { encodeHex } from '../bytes/hex.js'
import {
  type ChainFacts,
  encodeGpuClaims,
  encodeSwitchClaims,
  type GpuClaimsVersion,
  type ManifestFacts,
  type MismatchRecord,
  type OpaqueMismatchRecord,
  type SwitchClaimsVersion,
  type VendorClaims,
} from '../nvidia/claims.js'
import type { Check } from '../result/check.js'
import type { ReferenceManifest } from '../rim/reference-manifest.js'
import type { CertificatePath } from '../x509/path.js'
import type { DeviceCheckId } from './checks.js'
import type { VerifiedReport } from './device.js'
import type { ManifestOutcome } from './device-manifests.js'
import type { AppraisalPolicy, RevocationRequirement } from './policy.js'
import { isFresh } from './revocation.js'

type Checks = readonly Check<DeviceCheckId>[]

/** NVIDIA's policies 2.0 and 3.0 use flat claims, 4.0 the nested ones of version 3.0; own policies may use either. */
export function requiredClaimsVersion(policy: AppraisalPolicy): '2.0' | '3.0' {
  const flat = Object.keys(policy.requiredClaims).some((name) => /-(cert-chain|cert)-validated$/.test(name))
  return flat || policy.requiredOverallClaims['x-nvidia-ver'] === '2.0' ? '2.0' : '3.0'
}

export function exportVendorOverallClaims(checks: Checks, version: '2.0' | '3.0'): VendorClaims {
  const passed = checks.every((check) => check.outcome !== 'fail' && check.outcome !== 'indeterminate')
  return { 'x-nvidia-overall-att-result': passed, 'x-nvidia-ver': version, sub: 'NVIDIA-PLATFORM-ATTESTATION' }
}

export function exportVendorClaims(
  report: VerifiedReport,
  manifests: ManifestOutcome,
  checks: Checks,
  version: GpuClaimsVersion | SwitchClaimsVersion,
  policy: AppraisalPolicy,
): VendorClaims {
  const passed = (id: DeviceCheckId): boolean => checks.some((check) => check.id === id && check.outcome === 'pass')
  const { deviceRevocation, manifestRevocation } = policy
  const now = report.path.validatedAt
  const common = {
    nonceHex: encodeHex(report.request.nonce),
    hwmodel: report.identity.hwmodel,
    ueid: report.identity.ueid,
    architectureMatches: passed('declared-label'),
    reportChain: chainFacts(report.path, 1, deviceRevocation, now),
    fwidMatches: true,
    measurementsMatch: measurementsMatch(manifests),
    mismatches: mismatchRecords(report, manifests),
    warning: manifests.onHold.length === 0 ? null : `certificate on hold: ${manifests.onHold.join(', ')}`,
    firmwareManifest: manifestFacts(manifests.firmware, passed('firmware-manifest-binding'), manifestRevocation, now),
  }
  if (report.kind === 'switch') {
    const facts = {
      ...common,
      biosVersion: report.biosVersion ?? '',
      devicePdi: report.devicePdi,
      gpuPdis: report.gpuPdis,
    }
    return encodeSwitchClaims(facts, version === '2.0' ? '2.0' : '3.0')
  }
  const facts = {
    ...common,
    driverVersion: report.driverVersion ?? '',
    vbiosVersion: report.vbiosVersion ?? '',
    switchPdis: report.switchPdis,
    driverManifest: manifestFacts(manifests.driver, passed('driver-manifest-binding'), manifestRevocation, now),
    noIndexConflict: passed('manifest-conflict'),
    opaqueMismatches: opaqueMismatches(report, manifests),
    attesterClaims: attesterClaims(report, manifests),
  }
  return encodeGpuClaims(facts, version)
}

function measurementsMatch({
  complete,
  matched,
  measurementFailures,
  conflicts,
}: ManifestOutcome): boolean | undefined {
  if (measurementFailures.length > 0) return false
  return complete && matched > 0 ? conflicts.length === 0 : undefined
}

/** `from` is the first certificate whose status the vendor asks for: devices' leaves have none, unless revoked. */
function chainFacts(path: CertificatePath, from: number, requirement: RevocationRequirement, now: Date): ChainFacts {
  const statuses = path.revocation.slice(from)
  const bad = path.revocation.find((status) => status.status === 'revoked')
  // A manifest may have been verified at another instant than the one the device is judged at.
  const good = statuses.every((status) => status.status === 'good' && isFresh(status, requirement, now))
  const valid = path.certificates.every(({ notBefore }) => notBefore <= now)
  return {
    notAfter: path.notAfter,
    status: bad !== undefined ? 'revoked' : now > path.notAfter ? 'expired' : valid ? 'valid' : 'invalid',
    ocspStatus: bad !== undefined ? 'revoked' : good ? 'good' : 'unknown',
    revocationReason: bad?.reason ?? null,
    ocspResponseValid: good,
  }
}

function manifestFacts(
  manifest: ReferenceManifest | undefined,
  versionMatches: boolean,
  requirement: RevocationRequirement,
  now: Date,
): ManifestFacts | undefined {
  if (manifest === undefined) return undefined
  return {
    chain: chainFacts(manifest.path, 0, requirement, now),
    versionMatches,
    measurementsAvailable: manifest.measurements.length > 0,
  }
}

function mismatchRecords(report: VerifiedReport, manifests: ManifestOutcome): readonly MismatchRecord[] {
  const measured = new Map(report.measurements.map((block) => [block.index - 1, block.value]))
  return manifests.measurementFailures.flatMap((failure) => {
    if (!('index' in failure.details)) return []
    const { index } = failure.details
    const inDriver = manifests.driver?.measurements.find((entry) => entry.index === index)
    const reference = inDriver ?? manifests.firmware?.measurements.find((entry) => entry.index === index)
    const value = measured.get(index)
    return [
      {
        index,
        goldenSize: reference?.sizeBytes ?? 0,
        goldenValue: reference === undefined ? '' : encodeHex(reference.alternatives[0]),
        runtimeSize: value?.length ?? 0,
        runtimeValue: value === undefined ? 'NA' : encodeHex(value),
        measurementSource: inDriver === undefined ? 'Firmware' : 'Driver',
      },
    ]
  })
}

function opaqueMismatches(report: VerifiedReport, manifests: ManifestOutcome): readonly OpaqueMismatchRecord[] {
  const records = [...(manifests.driver?.svnRecords ?? []), ...(manifests.firmware?.svnRecords ?? [])]
  return manifests.securityVersionFailures.flatMap((failure) => {
    const record = records.find((candidate) => failure.at === `opaque[${candidate.fieldId}]`)
    if (record === undefined) return []
    const mismatch = {
      id: record.fieldId,
      name: record.name,
      goldenType: 'MIN_SVN',
      goldenValue: record.minSvn,
    } as const
    const runtimeValue = securityVersion(report, record.fieldId)
    return [runtimeValue === undefined ? mismatch : { ...mismatch, runtimeType: 'SVN', runtimeValue }]
  })
}

function attesterClaims(report: VerifiedReport, manifests: ManifestOutcome): { readonly [name: string]: number } {
  const records = [...(manifests.driver?.svnRecords ?? []), ...(manifests.firmware?.svnRecords ?? [])]
  const shown = records.flatMap((record): [string, number][] => {
    const value = record.includeInResult ? securityVersion(report, record.fieldId) : undefined
    return value === undefined ? [] : [[record.name, value]]
  })
  return Object.fromEntries(shown)
}

function securityVersion(report: VerifiedReport, fieldId: number): number | undefined {
  const field = report.opaque.fields.find((candidate) => candidate.id === fieldId)
  const [low, high] = field?.value ?? []
  return field?.value.length === 2 && low !== undefined && high !== undefined ? low + high * 256 : undefined
}
