// Checks of a device against its reference manifests: presence, revocation, binding, conflicts, measurements, security versions.

import type { Ledger } from '../result/check.js'
import { type AppraiseFailure, appraiseFailure, type Failure } from '../result/failure.js'
import type { Verified } from '../result/proof.js'
import type { ReferenceManifest } from '../rim/reference-manifest.js'
import type { DeviceCheckId } from './checks.js'
import type { VerifiedReport } from './device.js'
import { record } from './judgement.js'
import { driverManifestExpectation, firmwareManifestExpectation } from './manifest-expectation.js'
import { checkBinding, checkValidity, chooseManifest, type ManifestExpectation } from './manifests.js'
import { compareMeasurements, countDifferences, findManifestConflicts, type ManifestSource } from './measurements.js'
import type { AppraisalPolicy } from './policy.js'
import { judgeRevocation } from './revocation.js'
import { compareSecurityVersions } from './security-versions.js'

type DeviceLedger = Ledger<DeviceCheckId>

export interface ManifestOutcome {
  readonly driver: Verified<ReferenceManifest> | undefined
  readonly firmware: Verified<ReferenceManifest> | undefined
  /** Whether every manifest the device calls for was compared with it. */
  readonly complete: boolean
  /** Measurements compared and equal. */
  readonly matched: number
  readonly measurementFailures: readonly AppraiseFailure[]
  readonly securityVersionFailures: readonly AppraiseFailure[]
  readonly conflicts: readonly AppraiseFailure[]
  /** Subjects of signers on hold that the policy lets pass. */
  readonly onHold: readonly string[]
}

export interface OfferedManifests {
  readonly verified: readonly Verified<ReferenceManifest>[]
  /** Why others could not be verified; their kind is unknown, since nothing in them can be believed. */
  readonly rejected: readonly Failure[]
}

/** Records every check that needs a manifest. Measurements are compared only with a manifest that is bound to the device. */
export function compareWithManifests(
  ledger: DeviceLedger,
  report: VerifiedReport,
  manifests: OfferedManifests,
  policy: AppraisalPolicy,
): ManifestOutcome {
  // The instant of the appraisal is that of the report; a manifest may have been verified at another one.
  const nvdec = nvdecState(report)
  const differences = (manifest: ReferenceManifest): number =>
    countDifferences(report.measurements, manifest, nvdec === 'disabled')
  const context = { policy, now: report.path.validatedAt, differences }
  const driver =
    report.kind === 'gpu'
      ? takeManifest(ledger, 'driver', driverManifestExpectation(report), manifests, context)
      : skipDriver(ledger)
  const firmware = takeManifest(ledger, 'firmware', firmwareManifestExpectation(report), manifests, context)
  const conflicts = checkConflicts(ledger, report, driver.bound, firmware.bound)
  const compared = [
    ...(report.kind === 'gpu' ? [compareWith(ledger, report, 'driver', driver.bound, nvdec)] : []),
    compareWith(ledger, report, 'firmware', firmware.bound, nvdec),
  ]
  return {
    driver: driver.manifest,
    firmware: firmware.manifest,
    complete: compared.every((entry) => entry.done),
    matched: compared.reduce((sum, entry) => sum + entry.matched, 0),
    measurementFailures: compared.flatMap((entry) => entry.failures),
    securityVersionFailures: checkSecurityVersions(ledger, report, [driver.bound, firmware.bound]),
    conflicts,
    onHold: [...driver.onHold, ...firmware.onHold],
  }
}

interface Taken {
  readonly manifest: Verified<ReferenceManifest> | undefined
  /** The manifest again, if it is for this product and version. */
  readonly bound: Verified<ReferenceManifest> | undefined
  readonly onHold: readonly string[]
}

interface TakeContext {
  readonly policy: AppraisalPolicy
  readonly now: Date
  readonly differences: (manifest: ReferenceManifest) => number
}

function takeManifest(
  ledger: DeviceLedger,
  source: ManifestSource,
  expected: ManifestExpectation,
  manifests: OfferedManifests,
  { policy, now, differences }: TakeContext,
): Taken {
  const { manifest, failures } = chooseManifest(manifests.verified, expected, differences)
  if (manifest === undefined) {
    // A manifest that was offered and refused tells more than one that is missing.
    for (const failure of manifests.rejected) ledger.fail(`${source}-manifest`, failure)
    for (const failure of failures) ledger.indeterminate(`${source}-manifest`, failure)
    return { manifest, bound: undefined, onHold: [] }
  }
  ledger.pass(`${source}-manifest`)
  for (const failure of checkValidity(manifest, now)) ledger.fail(`${source}-manifest`, failure)
  const revocation = judgeRevocation(
    manifest.path,
    'whole-path',
    policy.manifestRevocation,
    now,
    `manifests.${expected.kind}.certificates`,
  )
  record(ledger, `${source}-manifest-revocation`, revocation)
  const unbound = checkBinding(manifest, expected)
  if (unbound.length === 0) ledger.pass(`${source}-manifest-binding`)
  for (const failure of unbound) ledger.fail(`${source}-manifest-binding`, failure)
  return { manifest, bound: unbound.length === 0 ? manifest : undefined, onHold: revocation.onHold }
}

function skipDriver(ledger: DeviceLedger): Taken {
  const reason = 'switches have no driver'
  for (const id of [
    'driver-manifest',
    'driver-manifest-revocation',
    'driver-manifest-binding',
    'driver-measurements',
    'manifest-conflict',
  ] as const) {
    ledger.notApplicable(id, reason)
  }
  return { manifest: undefined, bound: undefined, onHold: [] }
}

function checkConflicts(
  ledger: DeviceLedger,
  report: VerifiedReport,
  driver: ReferenceManifest | undefined,
  firmware: ReferenceManifest | undefined,
): readonly AppraiseFailure[] {
  if (report.kind === 'switch' || driver === undefined || firmware === undefined) return []
  const conflicts = findManifestConflicts(driver, firmware)
  if (conflicts.length === 0) ledger.pass('manifest-conflict')
  for (const conflict of conflicts) ledger.fail('manifest-conflict', conflict)
  return conflicts
}

/** Switches have no video decoder; a GPU that does not say whether its own is enabled cannot be compared. */
function nvdecState(report: VerifiedReport): 'enabled' | 'disabled' | 'unstated' {
  return report.kind === 'switch' ? 'enabled' : (report.nvdec0 ?? 'unstated')
}

function compareWith(
  ledger: DeviceLedger,
  report: VerifiedReport,
  source: ManifestSource,
  manifest: ReferenceManifest | undefined,
  nvdec: 'enabled' | 'disabled' | 'unstated',
): { readonly done: boolean; readonly matched: number; readonly failures: readonly AppraiseFailure[] } {
  const id = `${source}-measurements` as const
  if (manifest === undefined) return { done: false, matched: 0, failures: [] }
  if (nvdec === 'unstated') {
    const failure = appraiseFailure('rim/nvdec-status-missing', 'response.opaqueData', {})
    ledger.fail(id, failure)
    return { done: true, matched: 0, failures: [failure] }
  }
  const { compared, failures } = compareMeasurements(report.measurements, manifest, source, nvdec === 'disabled')
  if (failures.length === 0) ledger.pass(id)
  for (const failure of failures) ledger.fail(id, failure)
  return { done: true, matched: Math.max(0, compared - failures.length), failures }
}

function checkSecurityVersions(
  ledger: DeviceLedger,
  report: VerifiedReport,
  manifests: readonly (ReferenceManifest | undefined)[],
): readonly AppraiseFailure[] {
  const bound = manifests.filter((manifest) => manifest !== undefined)
  const wanted = report.kind === 'gpu' ? 2 : 1
  // Without every manifest it is not known which minima apply.
  if (bound.length < wanted) return []
  if (bound.every((manifest) => manifest.svnRecords.length === 0)) {
    ledger.notApplicable('security-versions', 'the manifests demand no security version')
    return []
  }
  const failures = compareSecurityVersions(report.opaque, bound)
  if (failures.length === 0) ledger.pass('security-versions')
  for (const failure of failures) ledger.fail('security-versions', failure)
  return failures
}
