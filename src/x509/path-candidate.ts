// Orders loose certificates into candidate paths from a leaf to a trust anchor, by names and key identifiers alone.
import { equalBytes } from '../bytes/bytes.js'
import { type AttestationError, verifyError } from '../result/error.js'
import type { NonEmptyArray } from '../result/result.js'
import type { Certificate } from './certificate.js'
import { describeName, sameName } from './name.js'
import { isAnchorCertificate, type TrustAnchor } from './trust-anchor.js'

/** An order in which every name fits; nothing verified. */
export interface CandidatePath {
  /** Leaf first, without the anchor's own certificate. */
  readonly certificates: NonEmptyArray<Certificate>
  readonly trustAnchor: TrustAnchor
  /** Certificates given that the path does not use. */
  readonly unused: readonly Certificate[]
}

/** A genuine set of certificates takes one step per certificate; sets that branch were made to keep the verifier busy. */
const maxSteps = 64

/**
 * Every candidate path from `leaf` over some of `intermediates`, in any order, to one of `trustAnchors`; at least one.
 * @throws AttestationError of the dead end that got furthest: `certificate/no-issuer`, `certificate/untrusted-root`,
 * `certificate/key-identifier`, `certificate/loop`; or `certificate/work-limit`
 */
export function candidatePaths(
  leaf: Certificate,
  intermediates: readonly Certificate[],
  trustAnchors: readonly TrustAnchor[],
): readonly CandidatePath[] {
  const found: CandidatePath[] = []
  let furthest: { readonly length: number; readonly error: AttestationError } | undefined
  let steps = 0
  // A certificate of an anchor adds nothing to the anchor itself.
  const usable = intermediates.filter((one) => !trustAnchors.some((anchor) => isAnchorCertificate(one, anchor)))
  const visit = (path: NonEmptyArray<Certificate>, current: Certificate): void => {
    if (++steps > maxSteps) throw verifyError('certificate/work-limit', leaf.at, { limit: maxSteps })
    const anchors = trustAnchors.filter(({ name }) => sameName(name, current.issuer))
    for (const trustAnchor of anchors)
      found.push({ certificates: path, trustAnchor, unused: unusedBy(path, trustAnchor, intermediates) })
    const issuers = usable.filter((one) => !path.includes(one) && mayHaveIssued(one, current))
    for (const issuer of issuers) visit([...path, issuer], issuer)
    if (anchors.length + issuers.length === 0 && path.length > (furthest?.length ?? 0))
      furthest = { length: path.length, error: deadEnd(path, current, usable) }
  }
  visit([leaf], leaf)
  if (found.length === 0 && furthest !== undefined) throw furthest.error
  return found
}

function unusedBy(
  path: readonly Certificate[],
  anchor: TrustAnchor,
  given: readonly Certificate[],
): readonly Certificate[] {
  return given.filter((one) => !path.includes(one) && !isAnchorCertificate(one, anchor))
}

function mayHaveIssued(issuer: Certificate, subject: Certificate): boolean {
  return sameName(issuer.subject, subject.issuer) && keyIdentifiersAgree(issuer, subject)
}

/** RFC 5280 section 4.2.1.1: what the subject says about its issuer's key and certificate, where both say something. */
function keyIdentifiersAgree(issuer: Certificate, subject: Certificate): boolean {
  const { keyIdentifier, serialNumber } = subject.known.authorityKeyIdentifier ?? {}
  const { subjectKeyIdentifier } = issuer.known
  if (keyIdentifier !== undefined && subjectKeyIdentifier !== undefined)
    if (!equalBytes(keyIdentifier, subjectKeyIdentifier)) return false
  return serialNumber === undefined || equalBytes(serialNumber, issuer.serialNumber)
}

function deadEnd(path: readonly Certificate[], current: Certificate, usable: readonly Certificate[]): AttestationError {
  const issuer = describeName(current.issuer)
  const named = usable.filter((one) => one !== current && sameName(one.subject, current.issuer))
  if (named.some((one) => !path.includes(one))) return verifyError('certificate/key-identifier', current.at, { issuer })
  if (named.length > 0) return verifyError('certificate/loop', current.at, { issuer })
  return sameName(current.subject, current.issuer)
    ? verifyError('certificate/untrusted-root', current.at, { name: issuer })
    : verifyError('certificate/no-issuer', current.at, { issuer })
}
