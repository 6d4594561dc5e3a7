// Judges the revocation statuses a verified path carries by the appraisal policy; what verification recorded decides nothing here.
import { appraiseFailure, type Failure } from '../result/failure.js'
import { commonName } from '../x509/name.js'
import type { CertificatePath } from '../x509/path.js'
import type { RevocationStatus } from '../x509/revocation.js'
import type { RevocationRequirement } from './policy.js'

/** Device leaves have no status at NVIDIA, manifest signers do. */
export type RevocationScope = 'whole-path' | 'issuers-only'

export interface RevocationJudgement {
  readonly outcome: 'pass' | 'fail' | 'indeterminate'
  readonly failures: readonly Failure[]
  /** Subjects of certificates on hold that the policy lets pass. */
  readonly onHold: readonly string[]
}

/**
 * Every certificate in scope must be shown `good` at `now`, but for what `requirement` says about unknown and on-hold
 * ones; one shown to be revoked counts wherever it stands.
 */
export function judgeRevocation(
  path: CertificatePath,
  scope: RevocationScope,
  requirement: RevocationRequirement,
  now: Date,
  at: string,
): RevocationJudgement {
  const revoked: Failure[] = []
  const unknown: Failure[] = []
  const onHold: string[] = []
  path.certificates.forEach((certificate, index) => {
    const found = path.revocation[index]
    if (index === 0 && scope === 'issuers-only' && found?.status !== 'revoked') return
    const subject = commonName(certificate.subject) ?? ''
    const decision = decide(found, requirement, now)
    if (decision === 'accept') return
    if (decision === 'hold') {
      onHold.push(subject)
      return
    }
    // The cause found during verification (stale, revoked, wrong responder) tells more than that nothing was shown.
    const causes = found?.failures ?? []
    const status = found?.status ?? 'not-checked'
    const failures =
      causes.length > 0 ? causes : [appraiseFailure('revocation/not-shown', `${at}[${index}]`, { status, subject })]
    if (decision === 'revoked') revoked.push(...failures)
    else unknown.push(...failures)
  })
  const outcome = revoked.length > 0 ? 'fail' : unknown.length > 0 ? 'indeterminate' : 'pass'
  return { outcome, failures: [...revoked, ...unknown], onHold }
}

function decide(
  found: RevocationStatus | undefined,
  requirement: RevocationRequirement,
  now: Date,
): 'accept' | 'hold' | 'revoked' | 'unknown' {
  if (found?.status === 'good' && isFresh(found, requirement, now)) return 'accept'
  if (found?.status === 'revoked') return isHold(found) && requirement.certificateHold === 'accept' ? 'hold' : 'revoked'
  return requirement.whenUnknown === 'accept' ? 'accept' : 'unknown'
}

// By the cause, not the reason: a certificate nobody issued is "revoked" with the reason of a hold too.
function isHold(found: RevocationStatus): boolean {
  return found.failures.some((failure) => failure.code === 'revocation/on-hold')
}

// Verification enforced the window at its own instant, which may be another one.
function isFresh(found: RevocationStatus, requirement: RevocationRequirement, now: Date): boolean {
  const { thisUpdate, nextUpdate } = found
  if (thisUpdate === undefined || !(thisUpdate <= now)) return false
  if (nextUpdate !== undefined) return now < nextUpdate
  return now.getTime() - thisUpdate.getTime() <= requirement.maxAgeSeconds * 1000
}
