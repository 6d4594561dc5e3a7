// Decides whose key may sign an OCSP answer (RFC 6960 section 4.2.2.2): the issuer's own, or that of a responder it appointed.
import { equalBytes } from '../bytes/bytes.js'
import { encodeHex } from '../bytes/hex.js'
import type { CryptoProvider, PublicKey } from '../crypto/provider.js'
import { verifyError } from '../result/error.js'
import type { Certificate } from './certificate.js'
import { rememberPreimages } from './digest-memory.js'
import { extensionOid } from './extension.js'
import { describeName, sameName } from './name.js'
import type { OcspAnswer } from './ocsp.js'
import { type EvidenceContext, type RevocationIssuer, signatureFault } from './revocation-evidence.js'

const ocspSigning = '1.3.6.1.5.5.7.3.9'

/** Extensions whose meaning for a responder is checked below, so that they may be critical. */
const understood: readonly string[] = [
  extensionOid.basicConstraints,
  extensionOid.keyUsage,
  extensionOid.extKeyUsage,
  extensionOid.ocspNoCheck,
]

export interface OcspResponder {
  readonly publicKey: PublicKey | undefined
  /** Undefined if the issuer itself signs. */
  readonly certificate: Certificate | undefined
}

/**
 * The responder the answer names, if the issuer itself or a certificate in the answer that the issuer's key signed, for
 * OCSP signing. Does not check that this certificate is valid at the time; see {@link requireCurrentResponder}. Nor does it
 * ask whether the responder is revoked: NVIDIA's device responders say they need no check in a place where the standard does
 * not look (inside the extended key usage), and lists of revoked responders are not published.
 * @throws AttestationError `ocsp/responder-*`
 */
export async function authorizedResponder(
  answer: OcspAnswer,
  issuer: RevocationIssuer,
  context: EvidenceContext,
): Promise<OcspResponder> {
  const isNamed = responderTest(answer, context.crypto)
  if (await isNamed(issuer)) return { publicKey: issuer.publicKey, certificate: undefined }
  const named: Certificate[] = []
  for (const certificate of answer.certificates) {
    const { publicKey, keyBits } = certificate.subjectPublicKeyInfo
    if (await isNamed({ name: certificate.subject, publicKey, keyBits, keyUsage: undefined })) named.push(certificate)
  }
  // A renewed responder keeps its name, maybe its key: prefer the certificate that is valid now.
  const certificate =
    named.find(({ notBefore, notAfter }) => notBefore <= context.now && context.now <= notAfter) ?? named[0]
  if (certificate === undefined) throw verifyError('ocsp/responder-not-found', answer.at, {})
  await requireAppointed(certificate, issuer, context)
  return { publicKey: certificate.subjectPublicKeyInfo.publicKey, certificate }
}

function responderTest(
  { responderId }: OcspAnswer,
  crypto: CryptoProvider,
): (candidate: RevocationIssuer) => Promise<boolean> {
  return async ({ name, keyBits }) =>
    responderId.kind === 'name'
      ? sameName(responderId.name, name)
      : rememberPreimages(responderId, [keyBits], crypto, async () =>
          equalBytes(responderId.keyHash, await crypto.digest('sha1', keyBits)),
        )
}

async function requireAppointed(
  certificate: Certificate,
  issuer: RevocationIssuer,
  context: EvidenceContext,
): Promise<void> {
  const { at, known, extensions } = certificate
  const responder = describeName(certificate.subject)
  if (!sameName(certificate.issuer, issuer.name))
    throw verifyError('ocsp/responder-wrong-issuer', at, {
      responder,
      expected: describeName(issuer.name),
      actual: describeName(certificate.issuer),
    })
  const fault = await signatureFault(certificate, issuer.publicKey, context)
  if (fault === 'algorithm')
    throw verifyError('ocsp/responder-signature-algorithm', at, { responder, oid: certificate.signatureAlgorithm.oid })
  if (fault !== undefined) throw verifyError('ocsp/responder-signature-invalid', at, { responder })
  // anyExtendedKeyUsage does not appoint: the issuer must have meant OCSP (section 4.2.2.2).
  if (known.extKeyUsage?.includes(ocspSigning) !== true)
    throw verifyError('ocsp/responder-not-authorised', at, { responder })
  if (known.keyUsage !== undefined && !known.keyUsage.includes('digitalSignature'))
    throw verifyError('ocsp/responder-key-usage', at, { responder })
  const unknown = extensions.find(({ critical, oid }) => critical && !understood.includes(oid))
  if (unknown !== undefined)
    throw verifyError('ocsp/responder-critical-extension', unknown.at, { responder, oid: unknown.oid })
}

/** @throws AttestationError `ocsp/responder-not-yet-valid`, `ocsp/responder-expired` */
export function requireCurrentResponder({ certificate }: OcspResponder, now: Date): void {
  if (certificate === undefined) return
  const { notBefore, notAfter, at, subject, serialNumber } = certificate
  const details = { responder: describeName(subject), serialNumber: encodeHex(serialNumber), notBefore, notAfter, now }
  if (!(notBefore <= now)) throw verifyError('ocsp/responder-not-yet-valid', at, details)
  if (!(now <= notAfter)) throw verifyError('ocsp/responder-expired', at, details)
}
