// Judges one verified GPU or switch against reference values and policy. Sync, pure; returns, never throws on evidence.
import { encodeHex } from '../bytes/hex.js'
import type { VerifiedGpuReport, VerifiedSwitchReport } from '../nvidia/verify.js'
import type { Check, Ledger } from '../result/check.js'
import { openLedger } from '../result/check.js'
import { appraiseFailure, type Failure } from '../result/failure.js'
import { requireVerified, type Verified } from '../result/proof.js'
import type { AttestationResult } from '../result/result.js'
import type { ReferenceManifest } from '../rim/reference-manifest.js'
import { type DeviceCheckId, deviceCheckIds } from './checks.js'
import { confidentialComputingOf } from './confidential-computing.js'
import type { DeviceClaims, ManifestClaims } from './device-claims.js'
import { compareWithManifests, type ManifestOutcome } from './device-manifests.js'
import {
  checkDebugState,
  checkFamily,
  checkListed,
  checkMinimumVersions,
  checkMode,
  checkSwitchLock,
} from './device-state.js'
import { record } from './judgement.js'
import { type AppraisalPolicy, effectiveWaivers } from './policy.js'
import { compareClaims } from './required-claims.js'
import { judgeRevocation } from './revocation.js'
import { tierOf, trustworthinessVector } from './tier.js'
import { exportVendorClaims, exportVendorOverallClaims, requiredClaimsVersion } from './vendor-claims.js'

/** Proof that a GPU or switch answered the nonce; nothing in it was compared with a manifest. */
export type VerifiedReport = Verified<VerifiedGpuReport> | Verified<VerifiedSwitchReport>

/** What `appraiseDevice` is given: proofs made by verify functions, and the policy to judge them by. */
export interface DeviceAppraisal {
  readonly report: VerifiedReport
  /** Any number; the ones of the wrong kind are not looked at. */
  readonly manifests: readonly Verified<ReferenceManifest>[]
  /** Why other manifests that were offered could not be verified. */
  readonly rejectedManifests?: readonly Failure[]
  readonly policy: AppraisalPolicy
  /**
   * Labels of the container that contradicted the evidence, found by the caller, who saw the container. Left out where there
   * was none; the check then does not apply, and the claims do not say that a label agrees.
   */
  readonly labelFailures?: readonly Failure[]
}

/** The judgement of one device; `claims` exists only when `authentic` is true. */
export type DeviceResult = AttestationResult<DeviceClaims, DeviceCheckId>

/**
 * Appraises one device: revocation, family, mode, debug state, manifests and every measurement, under `policy`.
 * Signature, chain, nonce and firmware binding are not repeated: `report` is the proof of them.
 * Does not look at other devices; see `appraiseNode` for what a group must show.
 * @throws TypeError if a proof is not the value a verify function returned
 */
export function appraiseDevice(input: DeviceAppraisal): DeviceResult {
  const { report, policy } = input
  requireVerified(report, 'report')
  for (const manifest of input.manifests) requireVerified(manifest, 'manifests')
  const ledger = openDeviceLedger(policy)
  recordVerified(ledger, input.labelFailures)
  const { path } = report
  const deviceRevocation = judgeRevocation(
    path,
    'issuers-only',
    policy.deviceRevocation,
    path.validatedAt,
    'certificates',
  )
  record(ledger, 'device-revocation', deviceRevocation)
  checkFamily(ledger, report, policy)
  checkListed(ledger, report, policy)
  checkDebugState(ledger, report)
  checkMode(ledger, report, policy)
  checkSwitchLock(ledger, report)
  checkMinimumVersions(ledger, report, policy)
  const manifests = compareWithManifests(
    ledger,
    report,
    { verified: input.manifests, rejected: input.rejectedManifests ?? [] },
    policy,
  )
  checkRequiredClaims(ledger, report, manifests, policy)
  const checks = ledger.close()
  return judge(checks, describe(report, manifests, checks, policy))
}

/** Opens the ledger of one device; a check nobody records is reported as not done. */
export function openDeviceLedger(policy: AppraisalPolicy): Ledger<DeviceCheckId> {
  return openLedger(deviceCheckIds, effectiveWaivers(policy), (check) =>
    appraiseFailure('check/not-done', check, { check }),
  )
}

// A verified report cannot exist unless these held.
function recordVerified(ledger: Ledger<DeviceCheckId>, labelFailures: readonly Failure[] | undefined): void {
  ledger.pass('certificate-path')
  ledger.pass('nonce')
  ledger.pass('report-signature')
  ledger.pass('firmware-binding')
  if (labelFailures === undefined) ledger.notApplicable('declared-label', 'no container was compared')
  else if (labelFailures.length === 0) ledger.pass('declared-label')
  for (const failure of labelFailures ?? []) ledger.fail('declared-label', failure)
}

function checkRequiredClaims(
  ledger: Ledger<DeviceCheckId>,
  report: VerifiedReport,
  manifests: ManifestOutcome,
  policy: AppraisalPolicy,
): void {
  const detached = Object.keys(policy.requiredClaims).length
  const overall = Object.keys(policy.requiredOverallClaims).length
  if (detached + overall === 0) {
    ledger.notApplicable('required-claims', 'the policy demands no claims')
    return
  }
  const version = requiredClaimsVersion(policy)
  const soFar = ledger.close().filter((check) => check.id !== 'required-claims')
  const claims = exportVendorClaims(report, manifests, soFar, version, policy)
  const failures = [
    ...compareClaims(policy.requiredClaims, claims, 'claims'),
    ...compareClaims(policy.requiredOverallClaims, exportVendorOverallClaims(soFar, version), 'overallClaims'),
  ]
  record(ledger, 'required-claims', { outcome: failures.length === 0 ? 'pass' : 'fail', failures })
}

function describe(
  report: VerifiedReport,
  manifests: ManifestOutcome,
  checks: readonly Check<DeviceCheckId>[],
  policy: AppraisalPolicy,
): DeviceClaims {
  const { identity } = report
  return Object.freeze({
    kind: report.kind,
    ueid: identity.ueid,
    family: identity.family,
    product: identity.product,
    hwmodel: identity.hwmodel,
    serialNumber: identity.deviceInfo.serial,
    pdi: identity.pdi,
    nonce: encodeHex(report.request.nonce),
    evidenceDigest: report.reportDigest,
    driverVersion: report.kind === 'gpu' ? report.driverVersion : undefined,
    firmwareVersion: report.kind === 'gpu' ? report.vbiosVersion : report.biosVersion,
    mode: report.kind === 'gpu' ? report.mode : undefined,
    confidentialComputing: report.kind === 'gpu' ? confidentialComputingOf(checks) : undefined,
    firmwareBinding: report.fwidBinding,
    driverManifest: describeManifest(manifests.driver),
    firmwareManifest: describeManifest(manifests.firmware),
    measurementsMatched: manifests.matched,
    trustworthiness: trustworthinessVector(checks),
    policyId: policy.id,
    appraisedAt: copyDate(report.path.validatedAt),
    vendorClaims: exportVendorClaims(report, manifests, checks, report.kind === 'gpu' ? '4.0' : '3.0', policy),
  })
}

function describeManifest(manifest: ReferenceManifest | undefined): ManifestClaims | undefined {
  if (manifest === undefined) return undefined
  return {
    tagId: manifest.tagId,
    version: manifest.colloquialVersion,
    product: manifest.product,
    signedBy: manifest.signer.subject,
    signerNotBefore: copyDate(manifest.signer.notBefore),
    signerNotAfter: copyDate(manifest.signer.notAfter),
    sha256: manifest.sha256,
  }
}

// Dates can be written to; those of a verified value must not be reachable from a result.
function copyDate(date: Date): Date {
  return new Date(date.getTime())
}

function judge(checks: readonly Check<DeviceCheckId>[], claims: DeviceClaims): DeviceResult {
  const tier = tierOf(checks)
  const [first, ...rest] = collectFailures(checks)
  const result: DeviceResult =
    first === undefined
      ? { verdict: 'pass', authentic: true, claims, failures: [], checks, tier }
      : { verdict: 'fail', authentic: true, claims, failures: [first, ...rest], checks, tier }
  return Object.freeze(result)
}

/** Failures that count, contradictions before what could not be done: the first is the one to show. */
export function collectFailures(checks: readonly Check[]): readonly Failure[] {
  const of = (outcome: Check['outcome']): readonly Failure[] =>
    checks.filter((check) => check.outcome === outcome).flatMap((check) => check.failures)
  return [...of('fail'), ...of('indeterminate')]
}
