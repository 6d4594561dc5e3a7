// Applies RFC 5280 section 6.1 to a candidate path, anchor to leaf: everything but signatures and revocation.
import { algorithmFitsKey, signatureAlgorithmFromX509 } from '../crypto/algorithm.js'
import type { PublicKey, SignatureAlgorithm } from '../crypto/provider.js'
import { joinPath } from '../encoding/der.js'
import { type AttestationError, verifyError } from '../result/error.js'
import type { NonEmptyArray } from '../result/result.js'
import type { Certificate } from './certificate.js'
import { extensionOid, type KeyUsage } from './extension.js'
import { sameName } from './name.js'
import { type NameConstraints, type NameFault, nameFault } from './name-constraints.js'
import type { TrustAnchor } from './trust-anchor.js'

export interface PathRules {
  readonly now: Date
  readonly allowedAlgorithms: readonly SignatureAlgorithm[]
  /** Uses the leaf must assert. */
  readonly requiredKeyUsage: readonly KeyUsage[]
  /** OID of the purpose the leaf must name. */
  readonly requiredExtendedKeyUsage: string | undefined
}

/** One signature of the path that remains to be checked. */
export interface PendingSignature {
  readonly certificate: Certificate
  readonly algorithm: SignatureAlgorithm
  readonly key: PublicKey
  readonly issuerSpki: Uint8Array
}

/** What the certificates above impose on the ones below. */
interface State {
  key: PublicKey
  spki: Uint8Array
  /** How many more certificates that are not self-issued may issue. */
  remaining: number
  readonly nameConstraints: NameConstraints[]
}

/** Extensions that may be critical because they are evaluated here. */
const evaluated: readonly string[] = [
  extensionOid.basicConstraints,
  extensionOid.keyUsage,
  extensionOid.extKeyUsage,
  extensionOid.subjectAltName,
  extensionOid.nameConstraints,
  extensionOid.certificatePolicies,
]

const anyExtendedKeyUsage = '2.5.29.37.0'
/** CPS pointer and user notice: texts for people, evaluated by being there. */
const textQualifiers: readonly string[] = ['1.3.6.1.5.5.7.2.1', '1.3.6.1.5.5.7.2.2']

/**
 * Checks validity, algorithms, critical extensions, CA flags, path lengths, usages and names of `certificates` (leaf
 * first) under `anchor`. Returns the signatures left to check, in the same order.
 * @throws AttestationError of the first rule broken, seen from the anchor
 */
export function applyPathRules(
  certificates: NonEmptyArray<Certificate>,
  anchor: TrustAnchor,
  rules: PathRules,
): readonly PendingSignature[] {
  const state: State = {
    key: anchor.publicKey,
    spki: anchor.spki,
    remaining: anchor.pathLength ?? Number.POSITIVE_INFINITY,
    nameConstraints: anchor.nameConstraints === undefined ? [] : [anchor.nameConstraints],
  }
  const [leaf, ...issuers] = certificates
  const pending: PendingSignature[] = []
  for (const issuer of issuers.reverse()) {
    pending.unshift(checkCommon(issuer, state, rules, !isSelfIssued(issuer)))
    checkIssuer(issuer, state, rules)
  }
  pending.unshift(checkCommon(leaf, state, rules, true))
  checkLeaf(leaf, rules)
  return pending
}

function isSelfIssued({ subject, issuer }: Certificate): boolean {
  return sameName(subject, issuer)
}

// Section 6.1.3.
function checkCommon(certificate: Certificate, state: State, rules: PathRules, named: boolean): PendingSignature {
  checkValidity(certificate, rules.now)
  const algorithm = checkAlgorithm(certificate, state.key, rules.allowedAlgorithms)
  checkExtensions(certificate)
  // Self-issued issuers are exempt (section 6.1.3 b), or no CA could roll its key over under a constraint.
  const { subject, known } = certificate
  const names = { subject, subjectAltName: known.subjectAltName ?? [] }
  const fault = named ? nameFault(names, state.nameConstraints) : undefined
  if (fault !== undefined) throw nameError(certificate.at, fault)
  return { certificate, algorithm, key: state.key, issuerSpki: state.spki }
}

const nameCodes = {
  'not-permitted': 'certificate/name-not-permitted',
  excluded: 'certificate/name-excluded',
  unsupported: 'certificate/name-form-unsupported',
} as const

function nameError(at: string, fault: NameFault): AttestationError {
  return fault.reason === 'too-many'
    ? verifyError('certificate/work-limit', at, { limit: fault.limit })
    : verifyError(nameCodes[fault.reason], at, { kind: fault.kind })
}

function checkValidity({ notBefore, notAfter, at }: Certificate, time: Date): void {
  const now = time.toISOString()
  if (time < notBefore)
    throw verifyError('certificate/not-yet-valid', joinPath(at, 'tbs.validity.notBefore'), {
      notBefore: notBefore.toISOString(),
      now,
    })
  if (time > notAfter)
    throw verifyError('certificate/expired', joinPath(at, 'tbs.validity.notAfter'), {
      notAfter: notAfter.toISOString(),
      now,
    })
}

function checkAlgorithm(
  { signatureAlgorithm: { oid, parameters }, at }: Certificate,
  key: PublicKey,
  allowed: readonly SignatureAlgorithm[],
): SignatureAlgorithm {
  const algorithm = signatureAlgorithmFromX509(oid, parameters)
  if (algorithm === undefined || !algorithmFitsKey(algorithm, key))
    throw verifyError('certificate/signature-algorithm', joinPath(at, 'signatureAlgorithm'), { oid })
  if (!allowed.includes(algorithm))
    throw verifyError('certificate/algorithm-not-allowed', joinPath(at, 'signatureAlgorithm'), { algorithm })
  return algorithm
}

function checkExtensions({ extensions, known }: Certificate): void {
  for (const { oid, critical, at } of extensions) {
    // Without policy processing, a path with an explicit policy requirement cannot be shown to meet it, critical or not;
    // mappings and inhibitAnyPolicy bear on nothing else, so they matter only when critical.
    if (oid === extensionOid.policyConstraints) throw verifyError('certificate/policy-constraints', at, {})
    if (critical && !evaluated.includes(oid)) throw verifyError('certificate/critical-extension', at, { oid })
    if (!critical || oid !== extensionOid.certificatePolicies) continue
    const foreign = known.certificatePolicies?.flatMap(({ qualifiers }) => qualifiers)
    const qualifier = foreign?.find((one) => !textQualifiers.includes(one))
    if (qualifier !== undefined) throw verifyError('certificate/critical-extension', at, { oid: qualifier })
  }
}

// Section 6.1.4: prepare for the certificate below.
function checkIssuer(certificate: Certificate, state: State, rules: PathRules): void {
  const { known, at, subjectPublicKeyInfo } = certificate
  const { basicConstraints, extKeyUsage, nameConstraints } = known
  if (basicConstraints?.ca !== true) throw verifyError('certificate/not-a-ca', at, {})
  requireKeyUsage(certificate, ['keyCertSign'])
  if (!isSelfIssued(certificate)) {
    if (state.remaining <= 0) throw verifyError('certificate/path-length', at, {})
    state.remaining--
  }
  state.remaining = Math.min(state.remaining, basicConstraints.pathLength ?? Number.POSITIVE_INFINITY)
  const purpose = rules.requiredExtendedKeyUsage
  // Usual practice, stricter than RFC 5280: purposes named by an issuer bound those of the certificates below it.
  if (purpose !== undefined && extKeyUsage !== undefined)
    if (!extKeyUsage.includes(purpose) && !extKeyUsage.includes(anyExtendedKeyUsage))
      throw verifyError('certificate/extended-key-usage', at, { needed: purpose })
  if (nameConstraints !== undefined) state.nameConstraints.push(nameConstraints)
  state.key = requireKey(certificate)
  state.spki = subjectPublicKeyInfo.raw
}

function requireKey({ subjectPublicKeyInfo: { publicKey, algorithm }, at }: Certificate): PublicKey {
  if (publicKey === undefined)
    throw verifyError('certificate/unsupported-key', joinPath(at, 'tbs.subjectPublicKeyInfo'), { oid: algorithm.oid })
  return publicKey
}

// An absent extension asserts no use: what is asked for has to be there.
function requireKeyUsage({ known, at }: Certificate, usages: readonly KeyUsage[]): void {
  const missing = usages.find((usage) => known.keyUsage?.includes(usage) !== true)
  if (missing !== undefined) throw verifyError('certificate/key-usage', at, { needed: missing })
}

function checkLeaf(leaf: Certificate, rules: PathRules): void {
  const { known, at, extensions } = leaf
  // A CA certificate in the leaf's place means the leaf was left out.
  if (known.basicConstraints?.ca === true) throw verifyError('certificate/leaf-is-ca', at, {})
  requireKey(leaf)
  requireKeyUsage(leaf, rules.requiredKeyUsage)
  const needed = rules.requiredExtendedKeyUsage
  if (needed !== undefined) {
    // anyExtendedKeyUsage does not count (RFC 5280 section 4.2.1.12 leaves that to the application).
    if (known.extKeyUsage?.includes(needed) !== true)
      throw verifyError('certificate/extended-key-usage', at, { needed })
  } else {
    const insisted = extensions.find(({ oid, critical }) => critical && oid === extensionOid.extKeyUsage)
    // Critical means: for these purposes only. Nobody said that ours is one of them.
    if (insisted !== undefined && known.extKeyUsage?.includes(anyExtendedKeyUsage) !== true)
      throw verifyError('certificate/purpose-unstated', insisted.at, {})
  }
}
