// The checks an appraisal of an attestation service's token consists of, and which of them a policy may waive.
import { type AppraisalPolicy, effectiveWaivers } from './policy.js'

/**
 * Checks of a token, in the order in which they are shown. The first ones are done here; one that begins with `stated-`
 * is about what the issuer says of the check that a device appraisal has under the rest of the name.
 */
export const tokenCheckIds = [
  'token-signature',
  'token-nonce',
  'overall-result',
  'refusals',
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
  'stated-measurements',
  'stated-security-versions',
  'stated-minimum-versions',
  'stated-required-claims',
  'revocation-freshness',
  'warning',
  'other-checks',
] as const

/** One of {@link tokenCheckIds}. */
export type TokenCheckId = (typeof tokenCheckIds)[number]

/** Without these there is nothing to appraise. */
export const unwaivableTokenChecks = [
  'token-signature',
  'token-nonce',
  'refusals',
  'stated-certificate-path',
  'stated-report-signature',
] as const

/** Checks of a token that can be waived. */
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
  for (const id of tokenCheckIds) {
    const reason = id.startsWith('stated-') ? ofPolicy.get(id.slice('stated-'.length)) : undefined
    if (reason !== undefined) reasons.set(id, reason)
  }
  const fixed: readonly string[] = unwaivableTokenChecks
  for (const { check, reason } of waivers)
    if (!fixed.includes(check) && reason.trim() !== '') reasons.set(check, reason)
  return reasons
}
