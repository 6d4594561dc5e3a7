// The PKI of reference manifests: root, product authority, issuing authority and a signer that lives two years.
import {
  type CertificateOverrides,
  type CertificateSpec,
  deriveSerialNumber,
  issueCertificate,
  type SyntheticCertificate,
} from './certificate.js'
import { syntheticOcspUrl } from './device-pki.js'
import {
  authorityInfoAccess,
  authorityKeyIdentifier,
  basicConstraints,
  crlDistributionPoints,
  keyUsage,
  subjectKeyIdentifier,
} from './extension.js'
import { deriveKey, type SyntheticKey } from './key.js'
import type { SyntheticName } from './name.js'

/** Changes to single certificates of one manifest chain. */
export interface ManifestChainOverrides {
  readonly signer?: CertificateOverrides
  readonly issuing?: CertificateOverrides
  readonly authority?: CertificateOverrides
  readonly root?: CertificateOverrides
}

export interface ManifestChain {
  readonly signer: SyntheticCertificate
  readonly issuing: SyntheticCertificate
  readonly authority: SyntheticCertificate
  readonly root: SyntheticCertificate
  /** Signer first, root last. */
  readonly certificates: readonly SyntheticCertificate[]
}

export interface SyntheticManifestPki {
  readonly root: SyntheticCertificate
  /** `signer` distinguishes signers below the same issuing authority. */
  readonly issueChain: (product: string, signer: string, overrides?: ManifestChainOverrides) => ManifestChain
}

const organization = 'gpu-attestation testing'

interface Level {
  readonly label: string
  readonly subject: SyntheticName
  readonly notBefore: string
  readonly notAfter: string
  readonly kind: 'root' | 'authority' | 'issuing' | 'signer'
}

function certificateSpec(seed: string, level: Level, key: SyntheticKey, issuer: SyntheticKey): CertificateSpec {
  const isSigner = level.kind === 'signer'
  return {
    subject: level.subject,
    key,
    serialNumber: deriveSerialNumber(seed, level.label),
    notBefore: new Date(level.notBefore),
    notAfter: new Date(level.notAfter),
    extensions: [
      isSigner
        ? basicConstraints({ ca: false })
        : basicConstraints({ ca: true, ...(level.kind === 'issuing' ? { pathLength: 0 } : {}) }),
      isSigner ? keyUsage(['digitalSignature']) : keyUsage(['keyCertSign', 'cRLSign']),
      ...(level.kind === 'authority' ? [crlDistributionPoints('http://crl.gpu-attestation.example/l1-manifest')] : []),
      ...(level.kind === 'root' ? [] : [authorityInfoAccess(syntheticOcspUrl)]),
      subjectKeyIdentifier(key),
      authorityKeyIdentifier(issuer),
    ],
  }
}

const rootLevel: Level = {
  label: 'manifest root',
  subject: [
    ['C', 'US'],
    ['O', organization],
    ['CN', 'Synthetic Manifest Signing Root CA'],
  ],
  notBefore: '2023-03-16T15:37:34Z',
  notAfter: '2053-03-08T15:37:34Z',
  kind: 'root',
}

function lowerLevels(product: string, signer: string): readonly [authority: Level, issuing: Level, signer: Level] {
  const name = (commonName: string): SyntheticName => [
    ['CN', commonName],
    ['O', organization],
    ['C', 'US'],
  ]
  return [
    {
      label: `manifest authority/${product}`,
      subject: name(`Synthetic Reference Value ${product} CA`),
      notBefore: '2023-05-11T00:00:00Z',
      notAfter: '2033-05-11T23:59:59Z',
      kind: 'authority',
    },
    {
      label: `manifest issuing/${product}`,
      subject: name(`Synthetic Reference Value L3 ${product} 001`),
      notBefore: '2023-10-31T00:00:00Z',
      notAfter: '2027-04-30T23:59:59Z',
      kind: 'issuing',
    },
    {
      label: `manifest signer/${product}/${signer}`,
      subject: [
        ['C', 'US'],
        ['ST', 'CA'],
        ['L', 'Santa Clara'],
        ['O', organization],
        ['CN', 'Synthetic RIM L4 Signer'],
      ],
      notBefore: '2025-01-01T00:00:00Z',
      notAfter: '2027-01-01T00:00:00Z',
      kind: 'signer',
    },
  ]
}

/** The authorities that sign manifests, from a seed. */
export function createManifestPki(seed: string): SyntheticManifestPki {
  const issue = (
    level: Level,
    issuer: SyntheticCertificate | undefined,
    overrides: CertificateOverrides = {},
  ): SyntheticCertificate => {
    const key = overrides.key ?? deriveKey(seed, level.label)
    return issueCertificate(certificateSpec(seed, level, key, issuer?.key ?? key), issuer, overrides)
  }
  const issueChain = (product: string, name: string, overrides: ManifestChainOverrides = {}): ManifestChain => {
    const [authorityLevel, issuingLevel, signerLevel] = lowerLevels(product, name)
    const root = issue(rootLevel, undefined, overrides.root)
    const authority = issue(authorityLevel, root, overrides.authority)
    const issuing = issue(issuingLevel, authority, overrides.issuing)
    const signer = issue(signerLevel, issuing, overrides.signer)
    return { signer, issuing, authority, root, certificates: [signer, issuing, authority, root] }
  }
  return { root: issue(rootLevel, undefined), issueChain }
}
