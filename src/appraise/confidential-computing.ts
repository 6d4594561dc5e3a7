// Whether an appraisal shows that a GPU ran in confidential-computing mode.
import type { Check } from '../result/check.js'
import { type DeviceCheckId, referenceValueChecks } from './checks.js'

/**
 * No field of a report states the mode; NVIDIA makes its driver manifests for it, so that only their values show it.
 *
 * - `shown`: the issuers of the device are not revoked, every manifest counts (verified, unrevoked, bound to this device)
 *   and every value of them matched. A Protected
 *   PCIe GPU shows it too; `mode` tells which.
 * - `contradicted`: half or more of the driver manifest's values differ. The GPU did not run what the manifest describes:
 *   another mode, or other software under that driver version. Which of the two, evidence does not say.
 * - `not-shown`: anything else, such as no manifest, a waived check, or few values that differ.
 */
export type ConfidentialComputing = 'shown' | 'not-shown' | 'contradicted'

const needed: readonly DeviceCheckId[] = ['device-revocation', 'debug-state', ...referenceValueChecks]

/** What the checks of one GPU show; a waived check shows nothing. */
export function confidentialComputingOf(checks: readonly Check<DeviceCheckId>[]): ConfidentialComputing {
  const failures = checks.flatMap((check) => check.failures)
  if (failures.some(({ code }) => code === 'rim/other-configuration')) return 'contradicted'
  // Two fields of the report that cannot both be true: nothing it says about itself shows anything.
  if (failures.some(({ code }) => code === 'device/mode-contradiction')) return 'not-shown'
  const satisfied = (id: DeviceCheckId): boolean =>
    checks.some((check) => check.id === id && (check.outcome === 'pass' || check.outcome === 'not-applicable'))
  return needed.every(satisfied) ? 'shown' : 'not-shown'
}
