// Verifies what a certificate revocation list says about one certificate (RFC 5280 section 6.3).
import { encodeHex } from '../bytes/hex.js'
import { joinPath } from '../encoding/der.js'
import { verifyError } from '../result/error.js'
import type { Certificate } from './certificate.js'
import type { CertificateRevocationList } from './crl.js'
import { sameName } from './name.js'
import {
  type EvidenceContext,
  isFinal,
  type RevocationIssuer,
  type StatusEvidence,
  signatureFault,
  windowFault,
} from './revocation-evidence.js'

const windowCodes = { 'not-yet-valid': 'crl/not-yet-valid', stale: 'crl/stale', 'too-old': 'crl/too-old' } as const

/**
 * The status of `certificate` by `list`, or undefined if the list is another issuer's. Checks in this order: the issuer's
 * right to sign lists, the signature, the time window, and, unless the certificate is on the list, its scope.
 * @throws AttestationError `crl/*` of stage verify
 */
export async function checkCrl(
  list: CertificateRevocationList,
  certificate: Certificate,
  issuer: RevocationIssuer,
  context: EvidenceContext,
): Promise<StatusEvidence | undefined> {
  if (!sameName(list.issuer, issuer.name)) return undefined
  // RFC 5280 section 4.2.1.3: an issuer that signs lists says so. A trust anchor is a bare key, trusted for all its acts.
  if (issuer.keyUsage?.includes('cRLSign') === false) throw verifyError('crl/issuer-key-usage', list.at, {})
  const fault = await signatureFault(list, issuer.publicKey, context)
  if (fault === 'algorithm')
    throw verifyError('crl/signature-algorithm', joinPath(list.at, 'signatureAlgorithm'), {
      oid: list.signatureAlgorithm.oid,
    })
  if (fault !== undefined) throw verifyError('crl/signature-invalid', joinPath(list.at, 'signature'), {})
  const { thisUpdate, nextUpdate } = list
  const serialNumber = encodeHex(certificate.serialNumber)
  const entry = list.entries.get(serialNumber)
  const revoked = entry && ({ status: 'revoked', ...entry } as const)
  const window = windowFault(thisUpdate, nextUpdate, context)
  if (window !== undefined && (window === 'not-yet-valid' || revoked === undefined || !isFinal(revoked)))
    throw verifyError(windowCodes[window], list.at, { thisUpdate, nextUpdate, now: context.now })
  if (revoked !== undefined) return { source: 'crl', said: revoked, thisUpdate, nextUpdate }
  if (!isInScope(list, certificate)) throw verifyError('crl/wrong-scope', list.at, { serialNumber })
  return { source: 'crl', said: { status: 'good' }, thisUpdate, nextUpdate }
}

function isInScope({ scope }: CertificateRevocationList, certificate: Certificate): boolean {
  const { basicConstraints, crlDistributionPoints = [] } = certificate.known
  const kind = basicConstraints?.ca === true ? 'authorities' : 'end-entities'
  if (scope.covers !== 'all' && scope.covers !== kind) return false
  const { distributionPoint } = scope
  return (
    distributionPoint === undefined ||
    crlDistributionPoints.some(
      ({ partial, fullName }) =>
        !partial && fullName.some((name) => name.kind === 'uri' && distributionPoint.includes(name.text)),
    )
  )
}
