// Verification of test manifests against the signer that made them.
import type { Verified } from '../../src/result/proof.js'
import type { ReferenceManifest } from '../../src/rim/reference-manifest.js'
import { type ReferenceManifestInput, verifyReferenceManifest } from '../../src/rim/verify.js'
import { parseCertificate } from '../../src/x509/certificate.js'
import { trustAnchorFromCertificate } from '../../src/x509/trust-anchor.js'
import { failureOfAsync, type Refusal } from './failure.js'
import { now, type Signer } from './pki.js'

export function inputFor(signer: Signer): ReferenceManifestInput {
  return {
    trustAnchors: [trustAnchorFromCertificate(parseCertificate(signer.root.certificate))],
    now,
    revocation: { kind: 'unchecked', reason: 'the test hierarchy has no revocation service' },
  }
}

export function verify(xml: Uint8Array, signer: Signer): Promise<Verified<ReferenceManifest>> {
  return verifyReferenceManifest(xml, inputFor(signer))
}

export function refusal(xml: Uint8Array, signer: Signer): Promise<Refusal> {
  return failureOfAsync(() => verify(xml, signer))
}
