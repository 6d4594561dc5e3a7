// Real evidence, manifests and recorded statuses, joined for an appraisal under NVIDIA's own anchors.
import { nvidiaTrustAnchors } from '../../src/anchors/nvidia.js'
import type { Collateral } from '../../src/appraise/collateral.js'
import { type AppraisalPolicy, strictPolicy, type Waiver } from '../../src/appraise/policy.js'
import { parseHex } from '../../src/bytes/hex.js'
import { type Evidence, evidenceFromParts } from '../../src/nvidia/evidence.js'
import { createVerifier, type Verifier } from '../../src/verifier.js'
import { type OcspResponse, parseOcspResponse } from '../../src/x509/ocsp.js'
import { readReal } from '../real-data.js'
import { chainPem, entry, reportBytes } from './evidence-index.js'

/** Recorded one day each, and not the same day: no clock satisfies both sets. */
export const deviceStatusTime: Date = new Date('2025-08-21T07:00:00Z')
export const manifestStatusTime: Date = new Date('2025-10-24T12:00:00Z')

export function evidence(id: string): Evidence {
  const item = entry(id)
  return evidenceFromParts({ report: reportBytes(item), certificates: chainPem(item) ?? '' })
}

export function nonce(id: string): Uint8Array {
  return parseHex(entry(id).challengeNonceHex, 'nonce')
}

export function manifest(file: string): Uint8Array {
  return readReal(`rims/${file}`)
}

const statusFiles = [
  'gpu_certificate_l2',
  'gpu_certificate_l3',
  'gpu_certificate_l4',
  'gpu_driver_rim_l3',
  'gpu_driver_rim_l4',
  'gpu_rim_l2',
  'gpu_vbios_l4',
]

export function recordedStatuses(): readonly OcspResponse[] {
  return statusFiles.map((file) => parseOcspResponse(readReal(`ocsp/${file}.der`), file))
}

export function collateral(files: readonly string[], ocspResponses: readonly OcspResponse[] = []): Collateral {
  return { manifests: files.map(manifest), ocspResponses, crls: [] }
}

export function verifier(policy: Partial<AppraisalPolicy> = {}): Verifier {
  return createVerifier({
    trustAnchors: nvidiaTrustAnchors,
    policy: { ...strictPolicy, id: 'test/real', ...policy },
  })
}

export const withoutDeviceStatuses: Waiver = {
  check: 'device-revocation',
  reason: 'the statuses of the device chain were recorded on another day',
}
export const withoutManifestStatuses: readonly Waiver[] = [
  {
    check: 'driver-manifest-revocation',
    reason: 'the statuses of the driver manifest’s chain were recorded on another day, or not at all',
  },
  {
    check: 'firmware-manifest-revocation',
    reason: 'the statuses of the firmware manifest’s chain were recorded on another day, or not at all',
  },
]
