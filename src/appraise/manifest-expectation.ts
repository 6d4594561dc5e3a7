// Which manifests a verified report calls for: kind, product, version and the vendor's id.

import type { Product } from '../nvidia/architecture.js'
import { driverRimId, switchBiosRimId, vbiosRimId } from '../nvidia/rim-id.js'
import type { VerifiedGpuReport } from '../nvidia/verify.js'
import type { VerifiedReport } from './device.js'
import type { ManifestExpectation } from './manifests.js'

/** Shown where the report lacks a part of the id, so that no manifest can be named. */
const unknownId = '(the report does not state every part of the id)'

/** Chips that certificates of a product stand for; only the report says which it is. */
const chipNames: { readonly [P in Product]?: RegExp } = { GB110: /^GB11[0-9]$/, GB20X: /^GB20[0-9]$/ }

/** Names a manifest may use for the chip: a report may choose among those its certificates leave open, and no others. */
function products({ identity: { product }, chipInfo = '' }: VerifiedGpuReport): readonly string[] {
  const chip = chipInfo.toUpperCase()
  return chipNames[product]?.test(chip) === true && chip !== product ? [product, chip] : [product]
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
