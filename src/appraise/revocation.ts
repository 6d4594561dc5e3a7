// Judges the revocation statuses a verified path carries by the appraisal policy; what verification recorded decides nothing here.
import { appraiseFailure, type Failure } from '../result/failure.js'
import { commonName } from '../x509/name.js'
import type { CertificatePath } from '../x509/path.js'
import { isFlooded, type RevocationStatus } from '../x509/revocation.js'
import type { Judgement } from './judgement.js'
import type { RevocationRequirement } from './policy.js'

/** Device leaves have no status at NVIDIA, manifest signers do. */
export type RevocationScope = 'whole-path' | 'issuers-only'

export interface RevocationJudgement extends Judgement {
  /** Subjects of certificates on hold that the policy lets pass. */
  readonly onHold: readonly string[]
}

/**
 * Every certificate in scope must be shown `good` at `now`, but for what `requirement` says about unknown and on-hold
 * ones, which leaves the check waived, not passed; one shown to be revoked counts wherever it stands.
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
  const accepted: Failure[] = []
  const words = new Set<string>()
  const onHold: string[] = []
  path.certificates.forEach((certificate, index) => {
    const found = path.revocation[index]
    const flooded = isFlooded(found?.failures ?? [])
    if (index === 0 && scope === 'issuers-only' && found?.status !== 'revoked' && !flooded) return
    const subject = commonName(certificate.subject) ?? ''
    const decision = decide(found, requirement, now)
    if (decision === 'good') return
    // The cause found during verification (stale, revoked, wrong responder) tells more than that nothing was shown.
    const causes = found?.failures ?? []
    const status = found?.status ?? 'not-checked'
    const failures =
      causes.length > 0 ? causes : [appraiseFailure('revocation/not-shown', `${at}[${index}]`, { status, subject })]
    if (decision === 'revoked') revoked.push(...failures)
    else if (decision === 'unknown') unknown.push(...failures)
    else {
      accepted.push(...failures)
      words.add(`the policy says ${decision}: 'accept'`)
      if (decision === 'certificateHold') onHold.push(subject)
    }
  })
  if (revoked.length + unknown.length > 0)
    return { outcome: revoked.length > 0 ? 'fail' : 'indeterminate', failures: [...revoked, ...unknown], onHold }
  return { outcome: accepted.length > 0 ? 'waived' : 'pass', failures: accepted, reason: [...words].join(', '), onHold }
}

function decide(
  found: RevocationStatus | undefined,
  requirement: RevocationRequirement,
  now: Date,
): 'good' | 'revoked' | 'unknown' | 'whenUnknown' | 'certificateHold' {
  if (found?.status === 'good' && isFresh(found, requirement, now)) return 'good'
  // What a flood hides might refute anything but that a certificate is revoked.
  const open = !isFlooded(found?.failures ?? [])
  if (found?.status === 'revoked')
    return open && isHold(found) && requirement.certificateHold === 'accept' ? 'certificateHold' : 'revoked'
  return open && requirement.whenUnknown === 'accept' ? 'whenUnknown' : 'unknown'
}

// By the cause, not the reason: a certificate nobody issued is "revoked" with the reason of a hold too.
function isHold(found: RevocationStatus): boolean {
  return found.failures.some((failure) => failure.code === 'revocation/on-hold')
}

/** Whether a good status still is one at `now`: verification enforced the window at its own instant, which may be another. */
export function isFresh(found: RevocationStatus, requirement: RevocationRequirement, now: Date): boolean {
  const { thisUpdate, nextUpdate } = found
  if (thisUpdate === undefined || !(thisUpdate <= now)) return false
  if (nextUpdate !== undefined) return now < nextUpdate
  return now.getTime() - thisUpdate.getTime() <= requirement.maxAgeSeconds * 1000
}
