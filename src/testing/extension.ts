// X.509 extensions as builders: RFC 5280 section 4.2, and the DICE and DMTF ones of device certificates.
import { sha1 } from '@noble/hashes/legacy.js'
import type { Bytes } from '../bytes/bytes.js'
import { encodeUtf8 } from '../bytes/text.js'
import {
  bitString,
  boolean,
  contextConstructed,
  contextPrimitive,
  ia5String,
  integer,
  namedBits,
  nullValue,
  objectIdentifier,
  octetString,
  sequence,
  utf8String,
} from './der.js'
import type { SyntheticKey } from './key.js'

export interface SyntheticExtension {
  readonly oid: string
  readonly critical: boolean
  /** Content of the extnValue OCTET STRING. */
  readonly value: Bytes
}

/** Turns the extensions a certificate would have into those it gets. */
export type ExtensionEdit = (extensions: readonly SyntheticExtension[]) => readonly SyntheticExtension[]

export const extensionOids = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  crlNumber: '2.5.29.20',
  crlReason: '2.5.29.21',
  deltaCrlIndicator: '2.5.29.27',
  issuingDistributionPoint: '2.5.29.28',
  nameConstraints: '2.5.29.30',
  crlDistributionPoints: '2.5.29.31',
  certificatePolicies: '2.5.29.32',
  authorityKeyIdentifier: '2.5.29.35',
  policyConstraints: '2.5.29.36',
  extendedKeyUsage: '2.5.29.37',
  authorityInfoAccess: '1.3.6.1.5.5.7.1.1',
  ocspNoCheck: '1.3.6.1.5.5.7.48.1.5',
  ocspNonce: '1.3.6.1.5.5.7.48.1.2',
  compositeDeviceId: '2.23.133.5.4.1',
  diceTcbInfo: '2.23.133.5.4.1.1',
} as const

const sha384Oid = '2.16.840.1.101.3.4.2.2'

function make(oid: string, critical: boolean, value: Bytes): SyntheticExtension {
  return { oid, critical, value }
}

/** Removes every extension with this OID. */
export function withoutExtension(oid: string): ExtensionEdit {
  return (extensions) => extensions.filter((extension) => extension.oid !== oid)
}

/** Puts `extension` in the place of the one with its OID, or at the end. */
export function withExtension(extension: SyntheticExtension): ExtensionEdit {
  return (extensions) =>
    extensions.some(({ oid }) => oid === extension.oid)
      ? extensions.map((present) => (present.oid === extension.oid ? extension : present))
      : [...extensions, extension]
}

/** Key identifier of RFC 5280 section 4.2.1.2 (1): SHA-1 of the key bits. */
export function keyIdentifier(key: SyntheticKey): Bytes {
  return sha1(key.publicKey)
}

/** subjectKeyIdentifier (RFC 5280 section 4.2.1.2). */
export function subjectKeyIdentifier(key: SyntheticKey): SyntheticExtension {
  return make(extensionOids.subjectKeyIdentifier, false, octetString(keyIdentifier(key)))
}

/** authorityKeyIdentifier (RFC 5280 section 4.2.1.1). */
export function authorityKeyIdentifier(key: SyntheticKey): SyntheticExtension {
  return make(extensionOids.authorityKeyIdentifier, false, sequence(contextPrimitive(0, keyIdentifier(key))))
}

/** basicConstraints (RFC 5280 section 4.2.1.9). */
export function basicConstraints(
  options: { readonly ca: boolean; readonly pathLength?: number },
  critical = true,
): SyntheticExtension {
  const { ca, pathLength } = options
  const parts = [...(ca ? [boolean(true)] : []), ...(pathLength === undefined ? [] : [integer(pathLength)])]
  return make(extensionOids.basicConstraints, critical, sequence(...parts))
}

const keyUsageBits = {
  digitalSignature: 0,
  nonRepudiation: 1,
  keyEncipherment: 2,
  dataEncipherment: 3,
  keyAgreement: 4,
  keyCertSign: 5,
  cRLSign: 6,
} as const

export type SyntheticKeyUsage = keyof typeof keyUsageBits

/** keyUsage (RFC 5280 section 4.2.1.3). */
export function keyUsage(usages: readonly SyntheticKeyUsage[], critical = true): SyntheticExtension {
  return make(extensionOids.keyUsage, critical, namedBits(usages.map((usage) => keyUsageBits[usage])))
}

/** extKeyUsage (RFC 5280 section 4.2.1.12). */
export function extendedKeyUsage(purposes: readonly string[], critical = true): SyntheticExtension {
  return make(extensionOids.extendedKeyUsage, critical, sequence(...purposes.map((oid) => objectIdentifier(oid))))
}

/** authorityInfoAccess (RFC 5280 section 4.2.2.1). */
export function authorityInfoAccess(ocspUrl: string): SyntheticExtension {
  const location = contextPrimitive(6, encodeUtf8(ocspUrl))
  const access = sequence(objectIdentifier('1.3.6.1.5.5.7.48.1'), location)
  return make(extensionOids.authorityInfoAccess, false, sequence(access))
}

/** cRLDistributionPoints (RFC 5280 section 4.2.1.13). */
export function crlDistributionPoints(url: string): SyntheticExtension {
  const fullName = contextConstructed(0, contextPrimitive(6, encodeUtf8(url)))
  return make(extensionOids.crlDistributionPoints, false, sequence(sequence(contextConstructed(0, fullName))))
}

/** The dNSName subtrees permitted and excluded. */
export function nameConstraints(permitted: readonly string[], excluded: readonly string[]): SyntheticExtension {
  const subtree = (name: string): Bytes => sequence(contextPrimitive(2, encodeUtf8(name)))
  const parts = [
    ...(permitted.length === 0 ? [] : [contextConstructed(0, ...permitted.map(subtree))]),
    ...(excluded.length === 0 ? [] : [contextConstructed(1, ...excluded.map(subtree))]),
  ]
  return make(extensionOids.nameConstraints, true, sequence(...parts))
}

/** otherName of DMTF device information, `<vendor>:<product>:<serial>` (DSP0274, OID 1.3.6.1.4.1.412.274.1). */
export function dmtfDeviceName(information: string): SyntheticExtension {
  const otherName = contextConstructed(
    0,
    objectIdentifier('1.3.6.1.4.1.412.274.1'),
    contextConstructed(0, utf8String(information)),
  )
  return make(extensionOids.subjectAltName, false, sequence(otherName))
}

/** dNSName alternative names. */
export function dnsNames(names: readonly string[]): SyntheticExtension {
  const encoded = names.map((name) => contextPrimitive(2, encodeUtf8(name)))
  return make(extensionOids.subjectAltName, false, sequence(...encoded))
}

/** id-pkix-ocsp-nocheck (RFC 6960 section 4.2.2.2.1). */
export function ocspNoCheck(): SyntheticExtension {
  return make(extensionOids.ocspNoCheck, false, nullValue())
}

/** An extension nobody knows. */
export function unknownExtension(critical: boolean): SyntheticExtension {
  return make('1.3.6.1.4.1.99999.1', critical, ia5String('synthetic'))
}

function fwidEntry(digest: Bytes): readonly Bytes[] {
  return [objectIdentifier(sha384Oid), octetString(digest)]
}

/** Firmware identity as Hopper and LS10 leaves carry it: version, key of the issuer, digest. */
export function compositeDeviceId(issuer: SyntheticKey, fwid: Bytes): SyntheticExtension {
  return make(extensionOids.compositeDeviceId, false, sequence(integer(1), issuer.spki, sequence(...fwidEntry(fwid))))
}

const genuineFlags = 0x80000001

/** Firmware identity as Blackwell and Rubin leaves carry it: DiceTcbInfo with two entries, the second all zero. */
export function diceTcbInfo(options: {
  readonly fwid: Bytes
  readonly model: string
  readonly version: string
  /** DICE operational flags, the first one in the highest bit. Genuine devices set notConfigured and fixedWidth. */
  readonly flags?: number
}): SyntheticExtension {
  const flags = options.flags ?? genuineFlags
  const text = (tag: number, value: string): Bytes => contextPrimitive(tag, encodeUtf8(value))
  const octets = (tag: number, ...content: number[]): Bytes => contextPrimitive(tag, Uint8Array.from(content))
  const fwids = [options.fwid, new Uint8Array(48)].map((digest) => sequence(...fwidEntry(digest)))
  return make(
    extensionOids.diceTcbInfo,
    false,
    sequence(
      text(0, 'NVIDIA'),
      text(1, options.model),
      text(2, options.version),
      octets(3, 1),
      octets(4, 0),
      octets(5, 0),
      contextConstructed(6, ...fwids),
      octets(7, 0, flags >>> 24, (flags >>> 16) & 0xff, (flags >>> 8) & 0xff, flags & 0xff),
      octets(8, 0xc0),
      octets(9, 0),
    ),
  )
}

/** DER of the extension itself; `critical` is left out when false, as DER demands of a default. */
export function encodeExtension(extension: SyntheticExtension): Bytes {
  const critical = extension.critical ? [boolean(true)] : []
  return sequence(objectIdentifier(extension.oid), ...critical, octetString(extension.value))
}

/** SubjectPublicKeyInfo for a raw point on a curve of the caller's choosing, e.g. one that is not on it. */
export function encodeEcSpki(curveOid: string, point: Bytes): Bytes {
  return sequence(sequence(objectIdentifier('1.2.840.10045.2.1'), objectIdentifier(curveOid)), bitString(point))
}
