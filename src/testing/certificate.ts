// Specifications into X.509 certificates (RFC 5280 section 4.1), every part of which a test may replace.
import type { Bytes } from '../bytes/bytes.js'
import { bitString, contextConstructed, integer, integerOctets, sequence, time } from './der.js'
import { type ExtensionEdit, encodeExtension, type SyntheticExtension } from './extension.js'
import { deriveBytes, type SyntheticKey } from './key.js'
import type { ByteMutation } from './mutation.js'
import { encodeName, type SyntheticName } from './name.js'
import { encodePem } from './pem.js'

/** A date, encoded as RFC 5280 wants it, or the whole Time in DER. */
export type SyntheticTime = Date | Bytes

export interface CertificateSpec {
  readonly subject: SyntheticName
  readonly key: SyntheticKey
  /** Content octets of the INTEGER. */
  readonly serialNumber: Bytes
  readonly notBefore: SyntheticTime
  readonly notAfter: SyntheticTime
  readonly extensions: readonly SyntheticExtension[]
}

/** What a test may change about one certificate; everything left out stays as it would be. */
export interface CertificateOverrides {
  readonly subject?: SyntheticName
  readonly issuer?: SyntheticName
  /** The subject's key. */
  readonly key?: SyntheticKey
  /** The key that signs, in place of the issuer's. */
  readonly signer?: SyntheticKey
  readonly serialNumber?: Bytes
  readonly notBefore?: SyntheticTime
  readonly notAfter?: SyntheticTime
  /** 3 is encoded as 2; version 1 has no field, and extensions only if there are any left. */
  readonly version?: 1 | 2 | 3
  readonly extensions?: ExtensionEdit
  /** AlgorithmIdentifier inside the signed part, DER. */
  readonly tbsAlgorithm?: Bytes
  /** AlgorithmIdentifier outside the signed part, DER. */
  readonly algorithm?: Bytes
  readonly subjectPublicKeyInfo?: Bytes
  /** Applied to the TBSCertificate before it is signed. */
  readonly tbs?: ByteMutation
  /** Applied to the content of the signature BIT STRING. */
  readonly signature?: ByteMutation
  /** Applied to the finished certificate. */
  readonly der?: ByteMutation
}

/** A certificate with its key. */
export interface SyntheticCertificate {
  readonly der: Bytes
  readonly pem: string
  /** The signed part. */
  readonly tbs: Bytes
  /** Name of the subject, DER. */
  readonly subject: Bytes
  /** Content octets of the serial number. */
  readonly serialNumber: Bytes
  /** The key certified, and the one that signs for this certificate. */
  readonly key: SyntheticKey
}

function encodeTime(value: SyntheticTime): Bytes {
  return value instanceof Date ? time(value) : value
}

function encodeExtensions(extensions: readonly SyntheticExtension[]): readonly Bytes[] {
  return extensions.length === 0 ? [] : [contextConstructed(3, sequence(...extensions.map(encodeExtension)))]
}

function identity(bytes: Bytes): Bytes {
  return bytes
}

/** Issues a certificate; without an `issuer` it signs itself. */
export function issueCertificate(
  spec: CertificateSpec,
  issuer?: Pick<SyntheticCertificate, 'subject' | 'key'>,
  overrides: CertificateOverrides = {},
): SyntheticCertificate {
  const key = overrides.key ?? spec.key
  const signer = overrides.signer ?? issuer?.key ?? key
  const subject = encodeName(overrides.subject ?? spec.subject)
  const issuerName = overrides.issuer === undefined ? (issuer?.subject ?? subject) : encodeName(overrides.issuer)
  const serialNumber = overrides.serialNumber ?? spec.serialNumber
  const version = overrides.version ?? 3
  const extensions = overrides.extensions?.(spec.extensions) ?? spec.extensions
  const built = sequence(
    ...(version === 1 ? [] : [contextConstructed(0, integer(version - 1))]),
    integerOctets(serialNumber),
    overrides.tbsAlgorithm ?? signer.algorithm,
    issuerName,
    sequence(encodeTime(overrides.notBefore ?? spec.notBefore), encodeTime(overrides.notAfter ?? spec.notAfter)),
    subject,
    overrides.subjectPublicKeyInfo ?? key.spki,
    ...encodeExtensions(extensions),
  )
  const tbs = (overrides.tbs ?? identity)(built)
  const signature = (overrides.signature ?? identity)(signer.signDer(tbs))
  const der = (overrides.der ?? identity)(sequence(tbs, overrides.algorithm ?? signer.algorithm, bitString(signature)))
  return { der, pem: encodePem(der), tbs, subject, serialNumber, key }
}

/** Sixteen octets that are a positive INTEGER without padding. */
export function deriveSerialNumber(seed: string, label: string): Bytes {
  const octets = deriveBytes(seed, `serial/${label}`, 16)
  octets[0] = ((octets[0] ?? 0) & 0x3f) | 0x40
  return octets
}
