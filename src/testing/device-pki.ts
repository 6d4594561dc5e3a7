// The device PKI: root, identity, provisioner, BROM and leaf certificates in the shape of NVIDIA's, under synthetic names.
import { type Bytes, concatBytes } from '../bytes/bytes.js'
import { encodeHex } from '../bytes/hex.js'
import {
  type CertificateOverrides,
  type CertificateSpec,
  deriveSerialNumber,
  issueCertificate,
  type SyntheticCertificate,
} from './certificate.js'
import {
  authorityInfoAccess,
  authorityKeyIdentifier,
  basicConstraints,
  compositeDeviceId,
  crlDistributionPoints,
  diceTcbInfo,
  dmtfDeviceName,
  keyIdentifier,
  keyUsage,
  type SyntheticExtension,
  subjectKeyIdentifier,
} from './extension.js'
import { type FamilyProfile, familyProfiles, type SyntheticFamily } from './family.js'
import { deriveBytes, deriveKey, type SyntheticKey } from './key.js'
import type { SyntheticName } from './name.js'

/** Changes to single certificates of one device chain. */
export interface DeviceChainOverrides {
  readonly leaf?: CertificateOverrides
  readonly brom?: CertificateOverrides
  readonly provisioner?: CertificateOverrides
  readonly identity?: CertificateOverrides
  readonly root?: CertificateOverrides
}

export interface DeviceChainRequest {
  readonly family: SyntheticFamily
  /** Distinguishes devices: each has its own leaf and BROM keys, PDI and serial number. */
  readonly device: string
  /** Digest of the firmware, certified in the leaf. */
  readonly fwid: Bytes
  readonly overrides?: DeviceChainOverrides
}

export interface DeviceChain {
  readonly leaf: SyntheticCertificate
  readonly brom: SyntheticCertificate
  readonly provisioner: SyntheticCertificate
  readonly identity: SyntheticCertificate
  readonly root: SyntheticCertificate
  /** Leaf first, root last. */
  readonly certificates: readonly SyntheticCertificate[]
  readonly pem: string
  /** Eight bytes, as in the BROM subject. */
  readonly pdi: Bytes
}

export interface SyntheticDevicePki {
  /** The only trust anchor. */
  readonly root: SyntheticCertificate
  readonly issueChain: (request: DeviceChainRequest) => DeviceChain
  /** PDI of a device, known before its chain is issued. */
  readonly devicePdi: (family: SyntheticFamily, device: string) => Bytes
}

export const syntheticOcspUrl = 'http://ocsp.gpu-attestation.example'
const crlUrl = 'http://crl.gpu-attestation.example/crl'
const organization = 'gpu-attestation testing'
/** The end of time of RFC 5280 section 4.1.2.5: "no well-defined expiration date". */
const endOfTime = new Date('9999-12-31T23:59:59Z')
const certificateSigning: readonly SyntheticExtension[] = [
  basicConstraints({ ca: true }),
  keyUsage(['keyCertSign', 'cRLSign']),
]

type Template = (key: SyntheticKey) => CertificateSpec

/** Leaf serial numbers repeat the key identifier, made positive. */
function leafSerialNumber(key: SyntheticKey): Bytes {
  const octets = Uint8Array.from(keyIdentifier(key))
  octets[0] = ((octets[0] ?? 0) & 0x3f) | 0x40
  return octets
}

function deviceName(commonName: string, serialNumber: Bytes): SyntheticName {
  return [
    ['serialNumber', encodeHex(serialNumber).toUpperCase()],
    ['C', 'US'],
    ['O', organization],
    ['CN', commonName],
  ]
}

function rootTemplate(seed: string): Template {
  return (key) => ({
    subject: [
      ['CN', 'Synthetic Device Identity CA'],
      ['O', organization],
    ],
    key,
    serialNumber: deriveSerialNumber(seed, 'device root'),
    notBefore: new Date('2021-11-05T00:00:00Z'),
    notAfter: endOfTime,
    extensions: [...certificateSigning, subjectKeyIdentifier(key), authorityKeyIdentifier(key)],
  })
}

function authorityTemplate(
  seed: string,
  authority: { readonly name: string; readonly notBefore: Date; readonly crl: string; readonly country: boolean },
  issuer: SyntheticCertificate,
): Template {
  return (key) => ({
    subject: [
      ['CN', `Synthetic ${authority.name}`],
      ['O', organization],
      ...(authority.country ? ([['C', 'US']] as const) : []),
    ],
    key,
    serialNumber: deriveSerialNumber(seed, authority.name),
    notBefore: authority.notBefore,
    notAfter: endOfTime,
    extensions: [
      ...certificateSigning,
      crlDistributionPoints(`${crlUrl}/${authority.crl}.crl`),
      authorityInfoAccess(syntheticOcspUrl),
      subjectKeyIdentifier(key),
      authorityKeyIdentifier(issuer.key),
    ],
  })
}

function bromTemplate(profile: FamilyProfile, pdi: Bytes, issuer: SyntheticCertificate): Template {
  const serialNumber = concatBytes(Uint8Array.of(profile.pdiPrefix), pdi)
  return (key) => ({
    subject: deviceName(`${profile.product} A01 ${profile.engine} BROM`, serialNumber),
    key,
    serialNumber,
    notBefore: profile.notBefore,
    notAfter: endOfTime,
    extensions: [
      basicConstraints({ ca: true }),
      keyUsage(['keyCertSign']),
      ...(profile.bromNamesResponder ? [authorityInfoAccess(syntheticOcspUrl)] : []),
      subjectKeyIdentifier(key),
      authorityKeyIdentifier(issuer.key),
    ],
  })
}

function leafTemplate(
  profile: FamilyProfile,
  device: { readonly fwid: Bytes; readonly serial: string },
  issuer: SyntheticCertificate,
): Template {
  const model = `${profile.product} A01 ${profile.engine}`
  return (key) => ({
    subject: deviceName(`${model} FMC LF`, leafSerialNumber(key)),
    key,
    serialNumber: leafSerialNumber(key),
    notBefore: profile.notBefore,
    notAfter: endOfTime,
    extensions: [
      keyUsage(['digitalSignature']),
      subjectKeyIdentifier(key),
      authorityKeyIdentifier(issuer.key),
      dmtfDeviceName(`NVIDIA:${profile.product}:${device.serial}`),
      profile.dice === 'tcb-info'
        ? diceTcbInfo({ fwid: device.fwid, model, version: '01' })
        : compositeDeviceId(issuer.key, device.fwid),
    ],
  })
}

/** Makes a certificate of a label; its key comes from the seed unless overridden. */
type Issue = (
  label: string,
  template: Template,
  issuer?: SyntheticCertificate,
  overrides?: CertificateOverrides,
) => SyntheticCertificate

function issuing(seed: string): Issue {
  return (label, template, issuer, overrides = {}) =>
    issueCertificate(template(overrides.key ?? deriveKey(seed, label)), issuer, overrides)
}

/** Issuers nobody overrides are made once: a node of twelve devices shares three of them. */
function remembering(issue: Issue): Issue {
  const made = new Map<string, SyntheticCertificate>()
  return (label, template, issuer, overrides) => {
    if (overrides !== undefined) return issue(label, template, issuer, overrides)
    const entry =
      issuer === undefined ? label : `${label}/${encodeHex(concatBytes(issuer.key.publicKey, issuer.subject))}`
    const known = made.get(entry)
    if (known !== undefined) return known
    const certificate = issue(label, template, issuer)
    made.set(entry, certificate)
    return certificate
  }
}

function derivePdi(seed: string, family: SyntheticFamily, device: string): Bytes {
  return deriveBytes(seed, `pdi/${family}/${device}`, 8)
}

function issueDeviceChain(seed: string, issueShared: Issue, request: DeviceChainRequest): DeviceChain {
  const { family, device, fwid, overrides = {} } = request
  const profile = familyProfiles[family]
  const label = `${family}/${device}`
  const pdi = derivePdi(seed, family, device)
  const serial = encodeHex(deriveBytes(seed, `device serial/${label}`, 8)).toUpperCase()
  const root = issueShared('device root', rootTemplate(seed), undefined, overrides.root)
  const identityTemplate = authorityTemplate(
    seed,
    { name: profile.identity, notBefore: new Date('2022-01-12T00:00:00Z'), crl: 'l1-root', country: false },
    root,
  )
  const identity = issueShared(profile.identity, identityTemplate, root, overrides.identity)
  const crl = `l2-${profile.identity.slice(0, 5).toLowerCase()}`
  const provisionerTemplate = authorityTemplate(
    seed,
    { name: profile.provisioner, notBefore: new Date('2022-03-01T00:00:00Z'), crl, country: true },
    identity,
  )
  const provisioner = issueShared(profile.provisioner, provisionerTemplate, identity, overrides.provisioner)
  const issue = issuing(seed)
  const brom = issue(`brom/${label}`, bromTemplate(profile, pdi, provisioner), provisioner, overrides.brom)
  const leaf = issue(`leaf/${label}`, leafTemplate(profile, { fwid, serial }, brom), brom, overrides.leaf)
  const certificates = [leaf, brom, provisioner, identity, root]
  const pem = certificates.map((certificate) => certificate.pem).join('')
  return { leaf, brom, provisioner, identity, root, certificates, pem, pdi }
}

/** A device PKI; equal seeds make equal bytes, different seeds make foreign roots of the same name. */
export function createSyntheticPki(seed: string): SyntheticDevicePki {
  const issueShared = remembering(issuing(seed))
  return {
    root: issueShared('device root', rootTemplate(seed)),
    issueChain: (request) => issueDeviceChain(seed, issueShared, request),
    devicePdi: (family, device) => derivePdi(seed, family, device),
  }
}
