// Which manifests a verified report calls for: kind, product, version and the vendor's id.

import { driverRimId, switchBiosRimId, vbiosRimId } from '../nvidia/rim-id.js'
import type { VerifiedGpuReport } from '../nvidia/verify.js'
import type { VerifiedReport } from './device.js'
import type { ManifestExpectation } from './manifests.js'

/** Shown where the report lacks a part of the id, so that no manifest can be named. */
const unknownId = '(the report does not state every part of the id)'

/** Names a manifest may use for the chip; certificates of GB20x stand for several, and only the report says which. */
function products(report: VerifiedGpuReport): readonly string[] {
  const { product } = report.identity
  if (product !== 'GB20X' && product !== 'GB110') return [product]
  return report.chipInfo === undefined ? [product] : [product, report.chipInfo.toUpperCase()]
}

export function driverManifestExpectation(report: VerifiedGpuReport): ManifestExpectation {
  return {
    kind: 'driver',
    products: products(report),
    version: report.driverVersion,
    id: driverRimId(report, report.identity.product) ?? unknownId,
  }
}

export function firmwareManifestExpectation(report: VerifiedReport): ManifestExpectation {
  if (report.kind === 'switch') {
    return {
      kind: 'switch-bios',
      products: ['LS10'],
      version: report.biosVersion,
      id: switchBiosRimId(report) ?? unknownId,
    }
  }
  return {
    kind: 'vbios',
    products: products(report),
    version: report.vbiosVersion,
    id: vbiosRimId(report) ?? unknownId,
  }
}
