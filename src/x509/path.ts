// Verifies a certificate path at a given time (RFC 5280 section 6): from a leaf to a trust anchor the caller chose.
import { copyBytes, equalBytes } from '../bytes/bytes.js'
import { ecdsaSignatureFromDer } from '../crypto/ecdsa.js'
import type { CryptoProvider, PublicKey, SignatureAlgorithm } from '../crypto/provider.js'
import { webCryptoProvider } from '../crypto/webcrypto.js'
import { joinPath } from '../encoding/der.js'
import { AttestationError, verifyError } from '../result/error.js'
import { asParsed } from '../result/parsed.js'
import { markVerified, type Verified } from '../result/proof.js'
import type { NonEmptyArray } from '../result/result.js'
import { type Certificate, parseCertificate } from './certificate.js'
import type { KeyUsage } from './extension.js'
import { describeName, sameName } from './name.js'
import type { PathCache } from './path-cache.js'
import { type CandidatePath, candidatePaths } from './path-candidate.js'
import { applyPathRules, type PathRules, type PendingSignature } from './path-rules.js'
import { assessRevocation, type RevocationInput, type RevocationStatus } from './revocation.js'
import type { TrustAnchor } from './trust-anchor.js'

/** A path whose every certificate was checked. */
export interface CertificatePath {
  readonly leaf: Certificate
  /** Leaf first, without the trust anchor's own certificate. */
  readonly certificates: NonEmptyArray<Certificate>
  readonly trustAnchor: TrustAnchor
  /** The `now` of the verification. */
  readonly validatedAt: Date
  /** When the first certificate of the path expires. */
  readonly notAfter: Date
  /** What is known about each certificate, index-aligned with `certificates`. */
  readonly revocation: readonly RevocationStatus[]
}

/** How to verify a certificate path. */
export interface CertificatePathInput {
  readonly leaf: Certificate
  /** In any order. All must belong to the path; the trust anchor's own certificate may be among them. */
  readonly intermediates: readonly Certificate[]
  readonly trustAnchors: NonEmptyArray<TrustAnchor>
  readonly now: Date
  readonly revocation: RevocationInput
  /** Default: WebCrypto. */
  readonly crypto?: CryptoProvider
  /** Algorithms a certificate may be signed with. Default: `ecdsa-p384-sha384` only. */
  readonly allowedAlgorithms?: NonEmptyArray<SignatureAlgorithm>
  /** Uses the leaf must assert; an absent extension asserts none. Default: `digitalSignature`. */
  readonly requiredKeyUsage?: readonly KeyUsage[]
  /** OID of a purpose the leaf must name, and which issuers that name purposes must name too. Default: none. */
  readonly requiredExtendedKeyUsage?: string
  /** Most certificates that may be given, the leaf and the anchor's own included. Default: 8. */
  readonly maxDepth?: number
  /** Spares the issuers' signature checks when many devices share issuers; see {@link PathCache}. */
  readonly cache?: PathCache
}

/** NVIDIA's device chains have 5 certificates, its manifest chains 4. */
const defaultMaxDepth = 8

/** More checks than any candidates of a genuine set need. */
const maxSignatureChecks = 32

/**
 * Verifies that `leaf` leads to one of `trustAnchors`: signatures, validity at `now`, names, key identifiers, CA flags,
 * path lengths, usages, name constraints, critical extensions, algorithms. Names must be equal byte for byte. Revocation
 * is decided as `revocation` says; its statuses come with the result, and `record` leaves judging them to the caller.
 * Refuses duplicate certificates and any that the path does not use. Does not evaluate certificate policies (a path that
 * constrains them is refused) and does not bind the leaf to a device or a host name.
 *
 * When several paths are possible, the first that verifies counts; if none does, the failure of the one that got furthest.
 * @throws AttestationError `certificate/*` of stage verify, and with `onFailure: 'throw'` the revocation codes
 * @throws TypeError if there is no trust anchor or `now` is not a date
 */
export async function verifyCertificatePath(input: CertificatePathInput): Promise<Verified<CertificatePath>> {
  const { trustAnchors, crypto = webCryptoProvider } = input
  const revocation = copyRevocation(input.revocation)
  const leaf = asParsed(input.leaf, parseCertificate)
  const intermediates = input.intermediates.map((one) => asParsed(one, parseCertificate))
  const now = requireDate(input.now)
  // The type says so too; but an empty set passed from plain JavaScript must not become "trust anything".
  if (!(trustAnchors.length > 0)) throw new TypeError('trustAnchors must name at least one trust anchor')
  checkGiven([leaf, ...intermediates], input.maxDepth ?? defaultMaxDepth)
  const rules: PathRules = {
    now,
    allowedAlgorithms: [...(input.allowedAlgorithms ?? ['ecdsa-p384-sha384'])],
    requiredKeyUsage: input.requiredKeyUsage ?? ['digitalSignature'],
    requiredExtendedKeyUsage: input.requiredExtendedKeyUsage,
  }
  const { certificates, trustAnchor } = await firstVerified(
    candidatePaths(leaf, intermediates, trustAnchors),
    rules,
    crypto,
    input.cache,
  )
  const { allowedAlgorithms } = rules
  const statuses = await assessRevocation({ certificates, trustAnchor, revocation, now, crypto, allowedAlgorithms })
  if (revocation.kind === 'checked' && revocation.policy.onFailure !== 'record') throwUnacceptable(statuses)
  return markVerified({
    leaf,
    certificates: Object.freeze(certificates),
    trustAnchor,
    validatedAt: now,
    notAfter: new Date(Math.min(...certificates.map(({ notAfter }) => notAfter.getTime()))),
    revocation: Object.freeze(statuses),
  })
}

// Before anything is awaited: what is put into the caller's lists meanwhile is for the next call.
function copyRevocation(input: RevocationInput): RevocationInput {
  if (input.kind === 'unchecked') return { ...input }
  const { policy, ocspResponses, crls, ocspNonce } = input
  const copy = { ...input, policy: { ...policy }, ocspResponses: [...ocspResponses], crls: [...crls] }
  return ocspNonce === undefined ? copy : { ...copy, ocspNonce: copyBytes(ocspNonce) }
}

function throwUnacceptable(statuses: readonly RevocationStatus[]): void {
  const unacceptable = statuses.filter(({ acceptable }) => !acceptable)
  // That one is revoked says more than that nothing is known about another.
  const refused = unacceptable.find(({ status }) => status === 'revoked') ?? unacceptable[0]
  const [failure] = refused?.failures ?? []
  if (failure !== undefined) throw new AttestationError(failure)
  if (refused !== undefined) throw new TypeError('a status that is not acceptable must say why')
}

function requireDate(now: Date): Date {
  if (!(now instanceof Date) || Number.isNaN(now.getTime())) throw new TypeError('now must be a valid Date')
  return new Date(now.getTime())
}

function checkGiven(given: readonly Certificate[], limit: number): void {
  // Not the other way round: NaN must not mean that there is no limit.
  if (!(given.length <= limit))
    throw verifyError('certificate/too-many', given[0]?.at ?? '', { limit, actual: given.length })
  given.forEach((certificate, i) => {
    if (given.slice(0, i).some((earlier) => equalBytes(earlier.raw, certificate.raw)))
      throw verifyError('certificate/duplicate', certificate.at, {})
  })
}

// Tries candidates until one verifies; keeps the failure that came last in the order of checks.
async function firstVerified(
  candidates: readonly CandidatePath[],
  rules: PathRules,
  crypto: CryptoProvider,
  cache: PathCache | undefined,
): Promise<CandidatePath> {
  let checksLeft = maxSignatureChecks
  let furthest: { readonly stage: number; readonly error: AttestationError } | undefined
  for (const candidate of candidates) {
    let stage = 0
    try {
      requireAllUsed(candidate)
      stage = 1
      const pending = applyPathRules(candidate.certificates, candidate.trustAnchor, rules)
      stage = 2
      checksLeft -= pending.length
      if (checksLeft < 0)
        throw verifyError('certificate/work-limit', candidate.certificates[0].at, { limit: maxSignatureChecks })
      await checkSignatures(pending, candidate.trustAnchor, crypto, cache)
      return candidate
    } catch (error) {
      if (!(error instanceof AttestationError)) throw error
      if (furthest === undefined || stage > furthest.stage) furthest = { stage, error }
      if (error.code === 'certificate/work-limit') throw error
    }
  }
  throw furthest?.error ?? new TypeError('no candidate path')
}

function requireAllUsed({ unused, trustAnchor }: CandidatePath): void {
  const impostor = unused.find(({ subject }) => sameName(subject, trustAnchor.name))
  if (impostor !== undefined) throw wrongAnchorKey(impostor)
  const [surplus] = unused
  if (surplus !== undefined)
    throw verifyError('certificate/surplus', surplus.at, { subject: describeName(surplus.subject) })
}

function wrongAnchorKey({ at, subject }: Certificate): AttestationError {
  return verifyError('certificate/wrong-anchor-key', joinPath(at, 'tbs.subjectPublicKeyInfo'), {
    name: describeName(subject),
  })
}

async function checkSignatures(
  pending: readonly PendingSignature[],
  anchor: TrustAnchor,
  crypto: CryptoProvider,
  cache: PathCache | undefined,
): Promise<void> {
  // All at once: the provider works on them in parallel, and none is of use without the others.
  const answers = await Promise.all(
    pending.map((one, i) => {
      // A leaf and its issuer's key are seen once; keeping them would push the shared issuers out.
      if (i === 0 || cache === undefined) return checkSignature(one, one.key, crypto)
      const key = cache.sharedKey(one.issuerSpki, one.key)
      return cache.signatureIsValid(one.certificate.raw, one.issuerSpki, () => checkSignature(one, key, crypto))
    }),
  )
  const bad = answers.lastIndexOf(false)
  const certificate = pending[bad]?.certificate
  if (certificate === undefined) return
  const top = bad === pending.length - 1
  // Self-signed, with the anchor's name, but not by the anchor: an impostor rather than a damaged certificate.
  if (top && sameName(certificate.subject, anchor.name)) throw wrongAnchorKey(certificate)
  throw verifyError('certificate/signature', joinPath(certificate.at, 'signature'), {
    signer: top ? 'trust-anchor' : 'certificate',
    issuer: describeName(certificate.issuer),
  })
}

async function checkSignature(
  { certificate: { signature: encoded, tbs: data }, algorithm }: PendingSignature,
  key: PublicKey,
  crypto: CryptoProvider,
): Promise<boolean> {
  const signature = key.kind === 'ec' ? ecdsaSignatureFromDer(encoded, key.curve) : encoded
  // Nothing but true is a yes, whatever a provider of the caller's answers.
  return signature !== undefined && (await crypto.verify({ algorithm, key, signature, data })) === true
}
