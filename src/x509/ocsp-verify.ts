// Verifies what an OCSP response says about one certificate (RFC 6960 section 3.2).
import { type Bytes, equalBytes } from '../bytes/bytes.js'
import { encodeHex } from '../bytes/hex.js'
import type { CryptoProvider, SignatureAlgorithm } from '../crypto/provider.js'
import { webCryptoProvider } from '../crypto/webcrypto.js'
import { joinPath } from '../encoding/der.js'
import { verifyError } from '../result/error.js'
import { markVerified, type Verified } from '../result/proof.js'
import type { Certificate } from './certificate.js'
import type { OcspAnswer, OcspResponse, OcspSingleResponse } from './ocsp.js'
import { matchesCertId } from './ocsp-cert-id.js'
import { authorizedResponder, requireCurrentResponder } from './ocsp-responder.js'
import {
  defaultRevocationAlgorithms,
  type EvidenceContext,
  isFinal,
  type RevocationIssuer,
  revocationIssuer,
  type StatusEvidence,
  signatureFault,
  windowFault,
} from './revocation-evidence.js'
import type { TrustAnchor } from './trust-anchor.js'

const errorCodes = {
  'malformed-request': 'ocsp/status-malformed-request',
  'internal-error': 'ocsp/status-internal-error',
  'try-later': 'ocsp/status-try-later',
  'signature-required': 'ocsp/status-signature-required',
  unauthorized: 'ocsp/status-unauthorized',
} as const

const windowCodes = { 'not-yet-valid': 'ocsp/not-yet-valid', stale: 'ocsp/stale', 'too-old': 'ocsp/too-old' } as const

/**
 * Verifies `response` about `certificate`: the CertID recomputed from the issuer, the responder's authority, the signature,
 * the nonce if one was sent, and the time window, in this order. The status itself, `revoked` included, is returned, not judged.
 *
 * `issuer` must come from a verified path (or be the trust anchor): its key decides everything here. The responder
 * certificate's own revocation is not checked. `good` means "not on the responder's list of revoked certificates", not
 * "exists": NVIDIA answers `good` for serial numbers of device certificates it never issued.
 * @throws AttestationError `ocsp/*` of stage verify
 */
export async function verifyOcspResponse(
  response: OcspResponse,
  input: {
    readonly certificate: Certificate
    readonly issuer: Certificate | TrustAnchor
    readonly now: Date
    /** Greatest age of an answer without nextUpdate. */
    readonly maxAgeSeconds: number
    /** The nonce sent; when given, the answer must carry the same. */
    readonly nonce?: Bytes
    /** ECDSA P-384 with SHA-384 unless told otherwise. */
    readonly allowedAlgorithms?: readonly SignatureAlgorithm[]
    readonly crypto?: CryptoProvider
  },
): Promise<Verified<StatusEvidence>> {
  const { certificate, issuer, now, maxAgeSeconds, nonce } = input
  const { allowedAlgorithms = defaultRevocationAlgorithms, crypto = webCryptoProvider } = input
  const context: EvidenceContext = { now, maxAgeSeconds, allowedAlgorithms, crypto }
  const found = await findOcspAnswer(response, certificate, revocationIssuer(issuer), crypto)
  if (found === undefined)
    throw verifyError('ocsp/wrong-certificate', response.at, { serialNumber: encodeHex(certificate.serialNumber) })
  return markVerified(await checkOcspAnswer(found, revocationIssuer(issuer), nonce, context))
}

export interface FoundAnswer {
  readonly answer: OcspAnswer
  readonly single: OcspSingleResponse
}

/**
 * The part of `response` that is about `certificate`; undefined if there is none.
 * @throws AttestationError `ocsp/status-*` for a response without an answer, `ocsp/ambiguous`
 */
export async function findOcspAnswer(
  response: OcspResponse,
  certificate: Certificate,
  issuer: RevocationIssuer,
  crypto: CryptoProvider,
): Promise<FoundAnswer | undefined> {
  if (response.kind === 'error') throw verifyError(errorCodes[response.status], response.at, {})
  const matching: OcspSingleResponse[] = []
  // By serial number first, without waiting: most answers are about other certificates.
  for (const single of response.responses)
    if (
      equalBytes(single.certId.serialNumber, certificate.serialNumber) &&
      (await matchesCertId(single.certId, certificate.serialNumber, issuer, crypto))
    )
      matching.push(single)
  const [single, second] = matching
  // Two answers about one certificate, maybe under different hashes: which of them counts is not for us to guess.
  if (second !== undefined)
    throw verifyError('ocsp/ambiguous', second.at, { serialNumber: encodeHex(certificate.serialNumber) })
  return single === undefined ? undefined : { answer: response, single }
}

/** @throws AttestationError `ocsp/*` of stage verify, except those of {@link findOcspAnswer} */
export async function checkOcspAnswer(
  { answer, single }: FoundAnswer,
  issuer: RevocationIssuer,
  nonce: Bytes | undefined,
  context: EvidenceContext,
): Promise<StatusEvidence> {
  const responder = await authorizedResponder(answer, issuer, context)
  const fault = await signatureFault(answer, responder.publicKey, context)
  if (fault === 'algorithm')
    throw verifyError('ocsp/signature-algorithm', joinPath(answer.at, 'responseBytes.response.signatureAlgorithm'), {
      oid: answer.signatureAlgorithm.oid,
    })
  if (fault !== undefined)
    throw verifyError('ocsp/signature-invalid', joinPath(answer.at, 'responseBytes.response.signature'), {})
  // Only now are nonce and times known to be the responder's.
  if (nonce !== undefined) requireNonce(answer, nonce)
  const { now } = context
  const { thisUpdate, nextUpdate, said } = single
  const window = windowFault(thisUpdate, nextUpdate, context)
  const outdated = window === 'stale' || window === 'too-old'
  if (window !== undefined && !(outdated && isFinal(said)))
    throw verifyError(windowCodes[window], single.at, { thisUpdate, nextUpdate, now })
  if (answer.producedAt > now)
    throw verifyError('ocsp/produced-in-future', joinPath(answer.at, 'responseBytes.response.tbs.producedAt'), {
      producedAt: answer.producedAt,
      now,
    })
  // An outdated answer was given by a responder of its time.
  if (!outdated) requireCurrentResponder(responder, now)
  return { source: 'ocsp', said, thisUpdate, nextUpdate }
}

function requireNonce(answer: OcspAnswer, expected: Bytes): void {
  if (answer.nonce === undefined) throw verifyError('ocsp/nonce-missing', answer.at, {})
  if (!equalBytes(answer.nonce, expected))
    throw verifyError('ocsp/nonce-mismatch', answer.at, {
      expected: encodeHex(expected),
      actual: encodeHex(answer.nonce),
    })
}
