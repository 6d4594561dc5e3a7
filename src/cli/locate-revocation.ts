// `locate --collateral`: whether the issuers of the devices are revoked. A location result never looks at that.
import type { Collateral } from '../appraise/collateral.js'
import type { VerifiedReport } from '../appraise/device.js'
import { strictPolicy } from '../appraise/policy.js'
import { judgeRevocation } from '../appraise/revocation.js'
import type { Check } from '../result/check.js'

/** What is known of the revocation of the devices; with failures unless they are shown not to be revoked. */
export type RevocationCheck = Check<'device-revocation'>

/** A device of one bracket, and its place in the evidence. */
export interface AuthenticDevice {
  readonly at: string
  readonly report: VerifiedReport
}

/** One check over all devices, as strict as `verify` is without a policy; not applicable without collateral. */
export function checkDeviceRevocation(
  devices: readonly AuthenticDevice[],
  collateral: Collateral | undefined,
): RevocationCheck {
  const id = 'device-revocation'
  if (collateral === undefined)
    return { id, outcome: 'not-applicable', reason: 'no --collateral was given', failures: [] }
  const judged = devices.map(({ at, report: { path } }) =>
    judgeRevocation(path, 'issuers-only', strictPolicy.deviceRevocation, path.validatedAt, `${at}.certificates`),
  )
  const failures = judged.flatMap((one) => one.failures)
  const failed = judged.some(({ outcome }) => outcome === 'fail')
  return { id, outcome: failed ? 'fail' : failures.length > 0 ? 'indeterminate' : 'pass', failures }
}
