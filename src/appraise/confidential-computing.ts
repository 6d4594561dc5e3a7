// Whether an appraisal shows that a GPU ran in confidential-computing mode.
import type { Check } from '../result/check.js'
import type { DeviceCheckId } from './checks.js'

/**
 * No field of a report states the mode; NVIDIA makes its driver manifests for it, so that only their values show it.
 *
 * - `shown`: every manifest counts (verified, unrevoked, bound to this device) and every value of them matched. A Protected
 *   PCIe GPU shows it too; `mode` tells which.
 * - `contradicted`: half or more of the driver manifest's values differ. The GPU did not run what the manifest describes:
 *   another mode, or other software under that driver version. Which of the two, evidence does not say.
 * - `not-shown`: anything else, such as no manifest, a waived check, or few values that differ.
 */
export type ConfidentialComputing = 'shown' | 'not-shown' | 'contradicted'

const needed: readonly DeviceCheckId[] = [
  'debug-state',
  'driver-manifest',
  'driver-manifest-revocation',
  'driver-manifest-binding',
  'firmware-manifest',
  'firmware-manifest-revocation',
  'firmware-manifest-binding',
  'manifest-conflict',
  'driver-measurements',
  'firmware-measurements',
  'security-versions',
]

/** What the checks of one GPU show; a waived check shows nothing. */
export function confidentialComputingOf(checks: readonly Check<DeviceCheckId>[]): ConfidentialComputing {
  const failures = checks.flatMap((check) => check.failures)
  if (failures.some(({ code }) => code === 'rim/other-configuration')) return 'contradicted'
  const satisfied = (id: DeviceCheckId): boolean =>
    checks.some((check) => check.id === id && (check.outcome === 'pass' || check.outcome === 'not-applicable'))
  return needed.every(satisfied) ? 'shown' : 'not-shown'
}
