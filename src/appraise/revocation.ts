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

/** Every certificate in scope must be shown `good`, but for what `requirement` says about unknown and on-hold ones. */
export function judgeRevocation(
  path: CertificatePath,
  scope: RevocationScope,
  requirement: RevocationRequirement,
  at: string,
): RevocationJudgement {
  const failures: Failure[] = []
  const onHold: string[] = []
  let outcome: RevocationJudgement['outcome'] = 'pass'
  path.certificates.forEach((certificate, index) => {
    if (index === 0 && scope === 'issuers-only') return
    const found = path.revocation[index]
    const subject = commonName(certificate.subject) ?? ''
    const decision = decide(found, requirement, path.validatedAt)
    if (decision === 'accept') return
    if (decision === 'hold') {
      onHold.push(subject)
      return
    }
    // The cause found during verification (stale, revoked, wrong responder) tells more than that nothing was shown.
    const causes = found?.failures ?? []
    const status = found?.status ?? 'not-checked'
    failures.push(...causes)
    if (causes.length === 0)
      failures.push(appraiseFailure('revocation/not-shown', `${at}[${index}]`, { status, subject }))
    outcome = decision === 'revoked' ? 'fail' : outcome === 'fail' ? 'fail' : 'indeterminate'
  })
  return { outcome, failures, onHold }
}

function decide(
  found: RevocationStatus | undefined,
  requirement: RevocationRequirement,
  now: Date,
): 'accept' | 'hold' | 'revoked' | 'unknown' {
  if (found?.status === 'good') return isFresh(found, requirement, now) ? 'accept' : 'unknown'
  if (found?.status === 'revoked') {
    return found.reason === 'certificateHold' && requirement.certificateHold === 'accept' ? 'hold' : 'revoked'
  }
  return requirement.whenUnknown === 'accept' ? 'accept' : 'unknown'
}

// Verification enforced the status's own window; a status without an end is bounded by the policy's age.
function isFresh(found: RevocationStatus, requirement: RevocationRequirement, now: Date): boolean {
  if (found.nextUpdate !== undefined) return now.getTime() < found.nextUpdate.getTime()
  if (found.thisUpdate === undefined) return false
  return now.getTime() - found.thisUpdate.getTime() <= requirement.maxAgeSeconds * 1000
}
