// Checks of what a device says about itself: family, list, debug flags, mode, lock, versions.
import type { Ledger } from '../result/check.js'
import { appraiseFailure } from '../result/failure.js'
import type { DeviceCheckId } from './checks.js'
import type { VerifiedReport } from './device.js'
import type { AppraisalPolicy } from './policy.js'
import { compareVersions } from './versions.js'

type DeviceLedger = Ledger<DeviceCheckId>

export function checkFamily(ledger: DeviceLedger, report: VerifiedReport, policy: AppraisalPolicy): void {
  const { family, product } = report.identity
  // A policy may name the family (`hopper`) or, more narrowly, the chip (`GH100`).
  if (policy.families === 'any' || policy.families.includes(family) || policy.families.includes(product))
    ledger.pass('device-family')
  else
    ledger.fail(
      'device-family',
      appraiseFailure('device/family-not-allowed', 'certificates[1].subject', { family, allowed: policy.families }),
    )
}

export function checkListed(ledger: DeviceLedger, report: VerifiedReport, policy: AppraisalPolicy): void {
  const { ueid } = report.identity
  if (policy.devices === 'any') ledger.notApplicable('device-listed', 'the policy lists no devices')
  else if (policy.devices.includes(ueid)) ledger.pass('device-listed')
  else ledger.fail('device-listed', appraiseFailure('device/not-listed', 'certificates[0].serialNumber', { ueid }))
}

// Every production Blackwell sets these two: the first names the state before its tenant configures it, the second is the
// width of the field. Any other flag, known or not, speaks of a device that is not in ordinary operation.
const ordinaryFlags: readonly string[] = ['not-configured', 'fixed-width']

/** Certificates in the TcbInfo form carry operational flags; the older form carries none, so there is nothing to check. */
export function checkDebugState(ledger: DeviceLedger, report: VerifiedReport): void {
  const flags = report.identity.operationalFlags
  if (flags === undefined) ledger.notApplicable('debug-state', 'certificates of this family carry no operational flags')
  else if (flags.every((flag) => ordinaryFlags.includes(flag))) ledger.pass('debug-state')
  else ledger.fail('debug-state', appraiseFailure('device/debug-certificate', 'certificates[0].extensions', { flags }))
}

export function checkMode(ledger: DeviceLedger, report: VerifiedReport, policy: AppraisalPolicy): void {
  if (report.kind === 'switch') {
    ledger.notApplicable('mode', 'switches state no mode')
    return
  }
  const { mode, protectedPcie } = report
  const at = 'response.opaqueData'
  if (mode === undefined) {
    const unstated = appraiseFailure('device/mode-unstated', at, {})
    if (policy.unstatedMode === 'accept') ledger.accept('mode', unstated, "the policy says unstatedMode: 'accept'")
    else ledger.indeterminate('mode', unstated)
    return
  }
  // Both fields speak of Protected PCIe; one saying yes and the other no is no honest device.
  if (protectedPcie !== undefined && (protectedPcie === 'on') !== (mode === 'ppcie')) {
    ledger.fail('mode', appraiseFailure('device/mode-contradiction', at, { featureFlag: mode, protectedPcie }))
  } else if (policy.modes.includes(mode)) ledger.pass('mode')
  else ledger.fail('mode', appraiseFailure('device/mode-not-allowed', at, { mode, allowed: policy.modes }))
}

export function checkSwitchLock(ledger: DeviceLedger, report: VerifiedReport): void {
  if (report.kind === 'gpu') ledger.notApplicable('switch-lock', 'only switches can be locked')
  else if (report.locked === true) ledger.pass('switch-lock')
  else if (report.locked === false)
    ledger.fail('switch-lock', appraiseFailure('device/unlocked', 'response.opaqueData', {}))
  else
    ledger.indeterminate(
      'switch-lock',
      appraiseFailure('check/not-done', 'response.opaqueData', { check: 'switch-lock' }),
    )
}

export function checkMinimumVersions(ledger: DeviceLedger, report: VerifiedReport, policy: AppraisalPolicy): void {
  const minimum = policy.minimumDriverVersion
  if (report.kind === 'switch') ledger.notApplicable('minimum-versions', 'switches have no driver')
  else if (minimum === 'none') ledger.notApplicable('minimum-versions', 'the policy sets no minimum')
  else {
    const actual = report.driverVersion ?? ''
    const order = compareVersions(actual, minimum)
    // A version that cannot be ordered is not shown to be new enough.
    if (order !== undefined && order >= 0) ledger.pass('minimum-versions')
    else
      ledger.fail(
        'minimum-versions',
        appraiseFailure('device/version-too-old', 'response.opaqueData', { actual, minimum }),
      )
  }
}
