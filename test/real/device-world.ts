// The trust anchor and the clock for real device chains.

import { verifyDevicePath } from '../../src/nvidia/device-path.js'
import type { Evidence } from '../../src/nvidia/evidence.js'
import type { Verified } from '../../src/result/proof.js'
import type { NonEmptyArray } from '../../src/result/result.js'
import { type Certificate, parseCertificates } from '../../src/x509/certificate.js'
import type { CertificatePath } from '../../src/x509/path.js'
import { type TrustAnchor, trustAnchorFromCertificate } from '../../src/x509/trust-anchor.js'
import { readRealText } from '../real-data.js'

export function deviceAnchor(): TrustAnchor {
  const [root] = parseCertificates(readRealText('evidence/device_root.pem'))
  if (root === undefined) throw new Error('no root')
  return trustAnchorFromCertificate(root)
}

export const now: Date = new Date('2026-11-23T00:00:00Z')

export function verifyPath(certificates: NonEmptyArray<Certificate>): Promise<Verified<CertificatePath>> {
  return verifyDevicePath({
    certificates,
    trustAnchors: [deviceAnchor()],
    now,
    revocation: { kind: 'unchecked', reason: 'the test is about signatures' },
  })
}

export function pathOf(evidence: Evidence): Promise<Verified<CertificatePath>> {
  return verifyPath(evidence.certificates)
}
