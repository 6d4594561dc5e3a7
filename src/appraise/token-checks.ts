// The checks an appraisal of an attestation service's token consists of, and which of them a policy may waive.
import type { DeviceCheckId } from './checks.js'
import { type AppraisalPolicy, effectiveWaivers } from './policy.js'

/** About the token itself: done here. */
const ownCheckIds = ['token-signature', 'token-nonce', 'overall-result', 'refusals', 'warning', 'other-checks'] as const

/** What the issuer states about a check of {@link DeviceCheckId}; the check itself was the issuer's. */
const statedDeviceCheckIds = [
  'stated-certificate-path',
  'stated-report-signature',
  'stated-firmware-binding',
  'stated-declared-label',
  'stated-device-revocation',
  'stated-device-family',
  'stated-device-listed',
  'stated-debug-state',
  'stated-mode',
  'stated-switch-lock',
  'stated-driver-manifest',
  'stated-driver-manifest-revocation',
  'stated-driver-manifest-binding',
  'stated-firmware-manifest',
  'stated-firmware-manifest-revocation',
  'stated-firmware-manifest-binding',
  'stated-manifest-conflict',
  'stated-security-versions',
  'stated-minimum-versions',
  'stated-required-claims',
] as const satisfies readonly `stated-${DeviceCheckId}`[]

/** Stated for all measurements at once, or in no token at all. */
const statedOnlyCheckIds = ['stated-measurements', 'revocation-freshness'] as const

/** Checks of a token, in the order in which they are shown. */
export const tokenCheckIds = [...ownCheckIds, ...statedDeviceCheckIds, ...statedOnlyCheckIds] as const

export type TokenCheckId = (typeof tokenCheckIds)[number]

/** Without these there is nothing to appraise. */
export const unwaivableTokenChecks = [
  'token-signature',
  'token-nonce',
  'refusals',
  'stated-certificate-path',
  'stated-report-signature',
  'stated-firmware-binding',
] as const

export type WaivableTokenCheckId = Exclude<TokenCheckId, (typeof unwaivableTokenChecks)[number]>

/** Turns one unsatisfied check of a token into `waived`; the reason is shown in the result. */
export interface TokenWaiver {
  readonly check: WaivableTokenCheckId
  readonly reason: string
}

/**
 * Reasons by token check. A waiver of the policy counts for what a token states about the same check, because the policy
 * would accept the evidence itself; a waiver for tokens counts for tokens only. One without a reason, or for a check that
 * cannot be waived, has no effect.
 */
export function tokenWaivers(policy: AppraisalPolicy, waivers: readonly TokenWaiver[]): ReadonlyMap<string, string> {
  const ofPolicy = effectiveWaivers(policy)
  const reasons = new Map<string, string>()
  for (const id of statedDeviceCheckIds) {
    const reason = ofPolicy.get(id.slice('stated-'.length))
    if (reason !== undefined) reasons.set(id, reason)
  }
  const fixed: readonly string[] = unwaivableTokenChecks
  for (const { check, reason } of waivers)
    if (!fixed.includes(check) && reason.trim() !== '') reasons.set(check, reason)
  return reasons
}
