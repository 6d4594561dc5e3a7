// Decides what revocation evidence says about each certificate of a path, under one explicit policy.
import type { Bytes } from '../bytes/bytes.js'
import { encodeHex } from '../bytes/hex.js'
import type { CryptoProvider, SignatureAlgorithm } from '../crypto/provider.js'
import { AttestationError, verifyError } from '../result/error.js'
import type { Failure } from '../result/failure.js'
import { asParsed } from '../result/parsed.js'
import type { Certificate } from './certificate.js'
import { type CertificateRevocationList, parseCrl } from './crl.js'
import { checkCrl } from './crl-verify.js'
import { type OcspResponse, parseOcspResponse } from './ocsp.js'
import { checkOcspAnswer, findOcspAnswer } from './ocsp-verify.js'
import {
  defaultRevocationAlgorithms,
  type EvidenceContext,
  type RevocationIssuer,
  revocationIssuer,
  type StatusEvidence,
} from './revocation-evidence.js'
import type { TrustAnchor } from './trust-anchor.js'

/** What revocation data must show about a path. */
export interface RevocationPolicy {
  /**
   * Which certificates of the path need a status; the trust anchor never does. NVIDIA publishes none for device leaves.
   * Evidence that a certificate is revoked counts even where none is needed.
   */
  readonly scope: 'whole-path' | 'issuers-only'
  /** What a missing, stale or `unknown` status means. */
  readonly whenUnknown: 'fail' | 'accept'
  /** Whether a certificate on hold (reason certificateHold) may still count. */
  readonly certificateHold: 'fail' | 'accept'
  /** Greatest age of a response or list that states no nextUpdate. */
  readonly maxAgeSeconds: number
  /** `throw` refuses the path; `record` keeps the statuses for the appraisal to judge. */
  readonly onFailure: 'throw' | 'record'
}

/** How to treat revocation. There is no default: not checking has to be said, with a reason. */
export type RevocationInput =
  | { readonly kind: 'unchecked'; readonly reason: string }
  | {
      readonly kind: 'checked'
      readonly policy: RevocationPolicy
      readonly ocspResponses: readonly OcspResponse[]
      readonly crls: readonly CertificateRevocationList[]
      /** The nonce sent with the OCSP requests; when given, a response with another nonce, or none, is refused. */
      readonly ocspNonce?: Uint8Array
    }

/** What is known about one certificate at the time of verification. */
export interface RevocationStatus {
  /**
   * `good` means "not on the list of revoked certificates of its issuer", nothing more. It is no proof that the issuer ever
   * issued the certificate: NVIDIA's responder answers `good` for serial numbers of device certificates that do not exist.
   */
  readonly status: 'good' | 'revoked' | 'unknown' | 'not-checked' | 'not-required'
  readonly source: 'ocsp' | 'crl' | 'none'
  /** Why it was revoked (RFC 5280 section 5.3.1), or why it was not checked. */
  readonly reason?: string
  readonly revokedAt?: Date
  readonly thisUpdate?: Date
  readonly nextUpdate?: Date
  /** Whether this status satisfies the policy; never true for `not-checked`. */
  readonly acceptable: boolean
  /** Why not, or why the evidence offered was not used; most telling first. Never empty when not acceptable, unless `not-checked`. */
  readonly failures: readonly Failure[]
}

type CheckedInput = Extract<RevocationInput, { readonly kind: 'checked' }>

/**
 * One status per certificate, in the order given. For each, every response and list about it is verified with the key of
 * the next certificate (the trust anchor's for the last). Any valid `revoked` wins, and a final one over a hold; otherwise
 * the freshest answer, `unknown` over `good` of the same time; otherwise `unknown`. Does not throw on bad evidence: the
 * statuses say what was wrong with it; refusing the path (`onFailure`) is the caller's part. Not checked: whether an OCSP
 * responder's own certificate is revoked.
 */
export async function assessRevocation(input: {
  /** Leaf first; every signature in it already verified. */
  readonly certificates: readonly Certificate[]
  readonly trustAnchor: TrustAnchor
  readonly revocation: RevocationInput
  readonly now: Date
  readonly crypto: CryptoProvider
  /** Algorithms that responses, responder certificates and lists may be signed with. ECDSA P-384 with SHA-384 unless told otherwise. */
  readonly allowedAlgorithms?: readonly SignatureAlgorithm[]
}): Promise<readonly RevocationStatus[]> {
  const { certificates, trustAnchor, revocation, now, crypto } = input
  if (revocation.kind === 'unchecked') {
    const { reason } = revocation
    return certificates.map(() => ({ status: 'not-checked', source: 'none', reason, acceptable: false, failures: [] }))
  }
  const { policy } = revocation
  const { allowedAlgorithms = defaultRevocationAlgorithms } = input
  const context: EvidenceContext = { now, maxAgeSeconds: policy.maxAgeSeconds, allowedAlgorithms, crypto }
  return Promise.all(
    certificates.map(async (certificate, i) => {
      const issuer = revocationIssuer(certificates[i + 1] ?? trustAnchor)
      const gathered = await gatherEvidence(certificate, issuer, revocation, context)
      const isRequired = policy.scope !== 'issuers-only' || i > 0
      return judge(certificate, gathered, isRequired, revocation)
    }),
  )
}

/**
 * Documents about one certificate that may be bad, and responses without an answer that are reported. What is valid is
 * remembered, however often it is there; what is forged costs a signature check for every certificate of every path.
 */
const maxFaults = 64

interface Gathered {
  readonly evidence: readonly StatusEvidence[]
  /** What was wrong with evidence about this certificate. */
  readonly faults: readonly Failure[]
  /** Responses without an answer, which may or may not have been meant for it. */
  readonly refusals: readonly Failure[]
}

async function gatherEvidence(
  certificate: Certificate,
  issuer: RevocationIssuer,
  { ocspResponses, crls, ocspNonce }: CheckedInput,
  context: EvidenceContext,
): Promise<Gathered> {
  const evidence: StatusEvidence[] = []
  const faults: Failure[] = []
  const refusals: Failure[] = []
  const attempt = async (check: Promise<StatusEvidence | undefined>, failures: Failure[]): Promise<void> => {
    try {
      const found = await check
      if (found !== undefined) evidence.push(found)
    } catch (error) {
      if (!(error instanceof AttestationError)) throw error
      failures.push(error.failure)
    }
  }
  for (const given of ocspResponses) {
    if (given.kind === 'error' && refusals.length >= maxFaults) continue
    const response = asParsed(given, parseOcspResponse)
    await attempt(
      ocspStatus(response, certificate, issuer, ocspNonce, context),
      response.kind === 'error' ? refusals : faults,
    )
    if (faults.length > maxFaults) return tooMany(certificate, evidence, refusals)
  }
  for (const list of crls) {
    await attempt(checkCrl(asParsed(list, parseCrl), certificate, issuer, context), faults)
    if (faults.length > maxFaults) return tooMany(certificate, evidence, refusals)
  }
  return { evidence, faults, refusals }
}

/** What a flood leaves: that the certificate is revoked, if that was shown, and otherwise nothing. */
function tooMany(
  { at, serialNumber }: Certificate,
  evidence: readonly StatusEvidence[],
  refusals: readonly Failure[],
): Gathered {
  const details = { serialNumber: encodeHex(serialNumber), limit: maxFaults }
  return {
    evidence: evidence.filter(({ said }) => said.status === 'revoked'),
    faults: [verifyError('revocation/work-limit', at, details).failure],
    refusals,
  }
}

/** Whether there was so much to look at that not all of it was. */
export function isFlooded(failures: readonly Failure[]): boolean {
  return failures.some(({ code }) => code === 'revocation/work-limit')
}

async function ocspStatus(
  response: OcspResponse,
  certificate: Certificate,
  issuer: RevocationIssuer,
  nonce: Bytes | undefined,
  context: EvidenceContext,
): Promise<StatusEvidence | undefined> {
  const found = await findOcspAnswer(response, certificate, issuer, context.crypto)
  return found && checkOcspAnswer(found, issuer, nonce, context)
}

// Lower counts more.
function rank({ said }: StatusEvidence): number {
  return said.status === 'revoked' ? (isHold(said) ? 1 : 0) : 2
}

// RFC 6960 section 2.2: a responder may call a certificate that was never issued revoked, on hold since 1970.
const neverIssued = 0

function isHold(said: StatusEvidence['said']): boolean {
  return said.status === 'revoked' && said.reason === 'certificateHold' && said.revokedAt.getTime() !== neverIssued
}

function strongest(evidence: readonly StatusEvidence[]): StatusEvidence | undefined {
  const [first] = [...evidence].sort(
    (a, b) =>
      rank(a) - rank(b) ||
      b.thisUpdate.getTime() - a.thisUpdate.getTime() ||
      Number(a.said.status === 'good') - Number(b.said.status === 'good'),
  )
  return first
}

function judge(
  certificate: Certificate,
  { evidence, faults, refusals }: Gathered,
  isRequired: boolean,
  { policy, ocspResponses, crls }: CheckedInput,
): RevocationStatus {
  const best = strongest(evidence)
  // Enough documents to hide another behind: nothing is accepted that the hidden one could refute.
  const flooded = isFlooded(faults)
  if (!isRequired && !flooded && best?.said.status !== 'revoked')
    return { status: 'not-required', source: 'none', acceptable: true, failures: [] }
  const acceptsUnknown = policy.whenUnknown === 'accept' && !flooded
  if (best === undefined) {
    const none = verifyError('revocation/no-evidence', certificate.at, {
      serialNumber: encodeHex(certificate.serialNumber),
      ocspResponses: ocspResponses.length,
      crls: crls.length,
    }).failure
    // Nothing about this certificate: a responder that gave no answer is the likelier cause than a forgotten request.
    const failures = faults.length > 0 ? [...faults, ...refusals] : [...refusals, none]
    return { status: 'unknown', source: 'none', acceptable: acceptsUnknown, failures }
  }
  const { said, source, thisUpdate, nextUpdate } = best
  // Dates of its own: whoever changes one must not change what the document says the next time.
  const origin = {
    source,
    thisUpdate: new Date(thisUpdate),
    ...(nextUpdate === undefined ? {} : { nextUpdate: new Date(nextUpdate) }),
  }
  if (said.status === 'good') return { status: 'good', ...origin, acceptable: true, failures: [] }
  const serialNumber = encodeHex(certificate.serialNumber)
  if (said.status === 'unknown') {
    const { failure } = verifyError('revocation/unknown', certificate.at, { serialNumber, source })
    return { status: 'unknown', ...origin, acceptable: acceptsUnknown, failures: [failure, ...faults] }
  }
  const { reason } = said
  const revokedAt = new Date(said.revokedAt)
  const details = { serialNumber, source, revokedAt, reason }
  const hold = isHold(said)
  const code = hold
    ? 'revocation/on-hold'
    : reason === 'certificateHold'
      ? 'revocation/never-issued'
      : 'revocation/revoked'
  const { failure } = verifyError(code, certificate.at, details)
  return {
    status: 'revoked',
    ...origin,
    ...(reason === undefined ? {} : { reason }),
    revokedAt,
    acceptable: hold && policy.certificateHold === 'accept' && !flooded,
    failures: flooded ? [failure, ...faults] : [failure],
  }
}
