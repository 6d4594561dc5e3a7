// Turns a DER certificate (RFC 5280 section 4.1) into its fields; keeps the received bytes that are signed.

import { type Bytes, copyBytes, equalBytes } from '../bytes/bytes.js'
import { requireSize } from '../bytes/size.js'
import { publicKeyFromSpki } from '../crypto/key.js'
import type { PublicKey } from '../crypto/provider.js'
import {
  contextTag,
  type DerCursor,
  derTag,
  endDer,
  enterDer,
  joinPath,
  openDer,
  peekTag,
  readBits,
  readFlag,
  readInside,
  readInteger,
  readOctets,
  readOid,
  readUnsigned,
  takeAny,
} from '../encoding/der.js'
import { readValidityTime } from '../encoding/der-time.js'
import { parsePem } from '../encoding/pem.js'
import { parseError } from '../result/error.js'
import { markParsed } from '../result/parsed.js'
import { type Extension, type KnownExtensions, readKnownExtension } from './extension.js'
import { type DistinguishedName, readName } from './name.js'

export interface AlgorithmIdentifier {
  readonly oid: string
  /** The parameters element whole (DER), undefined when absent. */
  readonly parameters: Bytes | undefined
  readonly raw: Bytes
}

export interface SubjectPublicKeyInfo {
  /** The whole element: what trust anchors are pinned by. */
  readonly raw: Bytes
  readonly algorithm: AlgorithmIdentifier
  /** Octets of the BIT STRING. */
  readonly keyBits: Bytes
  /** Checked for form; undefined if the key is of a kind or form that is not supported. */
  readonly publicKey: PublicKey | undefined
}

/** A certificate as read: well-formed, nothing verified. Views share one private copy of the input. */
export interface Certificate {
  /** Where the certificate stood in the input; prefixes the `at` of later failures. */
  readonly at: string
  readonly raw: Bytes
  /** The signed bytes, tag included. */
  readonly tbs: Bytes
  readonly version: 1 | 3
  /** Content octets: positive, at most 20 (and a leading zero). */
  readonly serialNumber: Bytes
  readonly signatureAlgorithm: AlgorithmIdentifier
  readonly signature: Bytes
  readonly issuer: DistinguishedName
  readonly subject: DistinguishedName
  readonly notBefore: Date
  readonly notAfter: Date
  readonly subjectPublicKeyInfo: SubjectPublicKeyInfo
  /** Every extension, in order, known or not. */
  readonly extensions: readonly Extension[]
  readonly known: KnownExtensions
}

/** Device certificates are below 1.3 KB, the largest in public use below 8 KB. */
const maxCertificateBytes = 16_384

/** Genuine certificates have at most a dozen. */
const maxExtensions = 32

/**
 * Reads one DER certificate, version 1 or 3. Checks form only: no signature, time or issuer. Copies `der` first.
 * Refuses what RFC 5280 forbids: an inner signature algorithm that differs from the outer one, repeated extensions,
 * serial numbers that are not positive or longer than 20 octets, an empty issuer, unique identifiers.
 * @throws AttestationError `certificate/*` and `name/*` of stage parse, the DER codes, `bytes/too-large`, `bytes/trailing`
 */
export function parseCertificate(der: Bytes, at = ''): Certificate {
  requireSize(der, maxCertificateBytes, at)
  const cursor = openDer(copyBytes(der), at, maxCertificateBytes)
  const certificate = readCertificate(cursor, '')
  endDer(cursor)
  return certificate
}

/**
 * Reads every CERTIFICATE block of a PEM text, in order; element n is at `at[n]`.
 * @throws AttestationError `pem/*`, `certificate/pem-label` for a block of another kind, and the codes of {@link parseCertificate}
 */
export function parseCertificates(pem: string, at = ''): readonly Certificate[] {
  return parsePem(pem, at).map(({ label, bytes }, i) => {
    if (label !== 'CERTIFICATE') throw parseError('certificate/pem-label', `${at}[${i}]`, { label })
    return parseCertificate(bytes, `${at}[${i}]`)
  })
}

/**
 * Reads a certificate inside a larger structure, as in OCSP responses; the result views the cursor's bytes.
 * @throws AttestationError the codes of {@link parseCertificate}
 */
export function readCertificate(cursor: DerCursor, field: string): Certificate {
  const start = cursor.position
  const outer = enterDer(cursor, derTag.sequence, field)
  const raw = outer.bytes.subarray(start, outer.end)
  requireSize(raw, maxCertificateBytes, outer.path)
  const tbsStart = outer.position
  const inner = enterDer(outer, derTag.sequence, 'tbs')
  const tbs = outer.bytes.subarray(tbsStart, inner.end)
  const fields = readTbs(inner)
  const signatureAlgorithm = readAlgorithm(outer, 'signatureAlgorithm')
  // Section 4.1.1.2. The inner one is signed, the outer one is used: they must be one and the same.
  if (!equalBytes(signatureAlgorithm.raw, fields.innerAlgorithm.raw))
    throw parseError('certificate/signature-algorithm-mismatch', joinPath(outer.path, 'signatureAlgorithm'), {
      signed: fields.innerAlgorithm.oid,
      outer: signatureAlgorithm.oid,
    })
  const signature = readBits(outer, 'signature')
  endDer(outer)
  const { innerAlgorithm: _, ...rest } = fields
  return markParsed({ at: outer.path, raw, tbs, signatureAlgorithm, signature, ...rest })
}

interface TbsFields extends Omit<Certificate, 'at' | 'raw' | 'tbs' | 'signatureAlgorithm' | 'signature'> {
  readonly innerAlgorithm: AlgorithmIdentifier
}

function readTbs(tbs: DerCursor): TbsFields {
  const version = readVersion(tbs)
  const serialNumber = readSerialNumber(tbs, 'serialNumber')
  const innerAlgorithm = readAlgorithm(tbs, 'signature')
  const issuer = readName(tbs, 'issuer')
  if (issuer.attributes.length === 0) throw parseError('certificate/empty-issuer', joinPath(tbs.path, 'issuer'), {})
  const validity = enterDer(tbs, derTag.sequence, 'validity')
  const notBefore = readValidityTime(validity, 'notBefore')
  const notAfter = readValidityTime(validity, 'notAfter')
  endDer(validity)
  const subject = readName(tbs, 'subject')
  const subjectPublicKeyInfo = readSubjectPublicKeyInfo(tbs, 'subjectPublicKeyInfo')
  const next = peekTag(tbs)
  if (next === contextTag(1, 'primitive') || next === contextTag(2, 'primitive'))
    throw parseError('certificate/unique-identifier', tbs.path, {})
  const extensions = next === undefined ? [] : readExtensions(tbs, version)
  endDer(tbs)
  const known: { -readonly [K in keyof KnownExtensions]: KnownExtensions[K] } = {}
  for (const extension of extensions) readKnownExtension(extension, known)
  return {
    version,
    serialNumber,
    innerAlgorithm,
    issuer,
    subject,
    notBefore,
    notAfter,
    subjectPublicKeyInfo,
    extensions: Object.freeze(extensions),
    known: Object.freeze(known),
  }
}

function readVersion(tbs: DerCursor): 1 | 3 {
  const tag = contextTag(0, 'constructed')
  if (peekTag(tbs) !== tag) return 1
  const value = readInside(tbs, tag, 'version', (explicit) => readUnsigned(explicit, ''))
  // v1 spelt out is a default spelt out; v2 exists for unique identifiers only.
  if (value !== 2) throw parseError('certificate/version', joinPath(tbs.path, 'version'), { version: value + 1 })
  return 3
}

/**
 * CertificateSerialNumber as content octets.
 * @throws AttestationError `certificate/serial-number`
 */
export function readSerialNumber(cursor: DerCursor, field: string): Bytes {
  const serial = readInteger(cursor, field)
  const first = serial[0] ?? 0
  const reason =
    first > 0x7f || (first === 0 && serial.length === 1)
      ? 'not-positive'
      : serial.length > (first === 0 ? 21 : 20)
        ? 'too-long'
        : undefined
  if (reason !== undefined) throw parseError('certificate/serial-number', joinPath(cursor.path, field), { reason })
  return serial
}

/** Reads an AlgorithmIdentifier (section 4.1.1.2); its parameters are left to whoever knows the algorithm. */
export function readAlgorithm(cursor: DerCursor, field: string): AlgorithmIdentifier {
  const start = cursor.position
  const sequence = enterDer(cursor, derTag.sequence, field)
  const oid = readOid(sequence, 'algorithm')
  const parameters = peekTag(sequence) === undefined ? undefined : takeAny(sequence, 'parameters')
  endDer(sequence)
  return { oid, parameters, raw: cursor.bytes.subarray(start, cursor.position) }
}

/** Reads a SubjectPublicKeyInfo (section 4.1.2.7). */
export function readSubjectPublicKeyInfo(cursor: DerCursor, field: string): SubjectPublicKeyInfo {
  const start = cursor.position
  const sequence = enterDer(cursor, derTag.sequence, field)
  const algorithm = readAlgorithm(sequence, 'algorithm')
  const keyBits = readBits(sequence, 'subjectPublicKey')
  endDer(sequence)
  const key = publicKeyFromSpki({ algorithmOid: algorithm.oid, parameters: algorithm.parameters, keyBits })
  return Object.freeze({
    raw: cursor.bytes.subarray(start, cursor.position),
    algorithm,
    keyBits,
    publicKey: key.kind === 'unsupported' ? undefined : key,
  })
}

function readExtensions(tbs: DerCursor, version: 1 | 3): Extension[] {
  const explicit = enterDer(tbs, contextTag(3, 'constructed'), '')
  if (version !== 3) throw parseError('certificate/extensions-need-v3', explicit.path, {})
  const list = enterDer(explicit, derTag.sequence, 'extensions')
  endDer(explicit)
  return readExtensionList(list)
}

/**
 * Reads Extensions (section 4.1.2.9): at least one, each OID once. Also the form of OCSP and CRL extensions.
 * @throws AttestationError `certificate/duplicate-extension`, `certificate/too-many-extensions`, `der/empty-list`
 */
export function readExtensionList(list: DerCursor): Extension[] {
  const extensions: Extension[] = []
  do {
    if (extensions.length >= maxExtensions)
      throw parseError('certificate/too-many-extensions', list.path, { limit: maxExtensions })
    if (peekTag(list) === undefined) throw parseError('der/empty-list', list.path, {})
    const extension = enterDer(list, derTag.sequence, `[${extensions.length}]`)
    const oid = readOid(extension, 'extnID')
    const critical = readFlag(extension, 'critical')
    const value = readOctets(extension, 'extnValue')
    endDer(extension)
    if (extensions.some((other) => other.oid === oid))
      throw parseError('certificate/duplicate-extension', extension.path, { oid })
    extensions.push({ oid, critical, value, at: extension.path })
  } while (peekTag(list) !== undefined)
  return extensions
}
