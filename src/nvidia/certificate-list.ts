// The certificate chain of an evidence container, in any of its encodings, to certificates leaf first.

import { parseBase64 } from '../bytes/base64.js'
import type { Bytes } from '../bytes/bytes.js'
import { requireSize } from '../bytes/size.js'
import { parseUtf8 } from '../bytes/text.js'
import { derTag, openDer, peekTag, takeElement } from '../encoding/der.js'
import { parsePem } from '../encoding/pem.js'
import { parseError } from '../result/error.js'
import type { NonEmptyArray } from '../result/result.js'
import { type Certificate, parseCertificate } from '../x509/certificate.js'
import { sameName } from '../x509/name.js'

/** Largest part of one item, the bound the vendor's fleet service sets. */
export const maxItemBytes: number = 4 * 1024 * 1024
/** Three times a device chain. */
const maxCertificates = 16

/** Characters of a nonce: a device signs 32 bytes, 64 in hex. */
const maxNonceText = 256

/** A nonce that a container states once is decoded for each item: its length must not multiply. @throws AttestationError `bytes/too-large` */
export function boundNonce(text: string, at: string): string {
  requireSize(text, maxNonceText, at)
  return text
}

const pemStart = '-----BEGIN '

/** Offset of the first PEM block in bytes that may start with something else; -1 if there is none. */
export function findPem(bytes: Bytes): number {
  // One character for each octet, whatever it is.
  return new TextDecoder('latin1').decode(bytes).indexOf(pemStart)
}

/**
 * Decodes a chain from one text or, where each certificate stands alone, from several: PEM text, base64 of PEM text (the
 * SDK's double encoding), or base64 of DER, one certificate after the other.
 * @throws AttestationError `bytes/too-large`, `evidence/*`, `encoding/base64`, `pem/*`, and those of `parseCertificate`
 */
export function parseCertificateTexts(texts: readonly string[], at: string): NonEmptyArray<Certificate> {
  const [only, ...more] = texts
  if (only !== undefined && more.length === 0) return parseChain(splitText(only, at), at)
  if (texts.length > maxCertificates) throw parseError('evidence/too-many-certificates', at, { limit: maxCertificates })
  return parseChain(
    texts.flatMap((text, i) => splitText(text, `${at}[${i}]`)),
    at,
  )
}

/** Decodes PEM text or concatenated DER. @throws AttestationError as {@link parseCertificateTexts} */
export function parseCertificateBytes(bytes: Bytes, at: string): NonEmptyArray<Certificate> {
  return parseChain(splitBytes(bytes, at), at)
}

function splitText(text: string, at: string): readonly Bytes[] {
  requireSize(text, maxItemBytes, at)
  return /^\s*-----BEGIN /.test(text) ? splitPem(text, at) : splitBytes(parseBase64(text, at), at)
}

function splitBytes(bytes: Bytes, at: string): readonly Bytes[] {
  requireSize(bytes, maxItemBytes, at)
  if (bytes[0] === derTag.sequence) return splitDer(bytes, at)
  if (findPem(bytes) < 0) throw parseError('evidence/certificate-format', at, {})
  return splitPem(parseUtf8(bytes, at), at)
}

function splitDer(bytes: Bytes, at: string): readonly Bytes[] {
  const cursor = openDer(bytes, at, bytes.length)
  const elements: Bytes[] = []
  while (peekTag(cursor) !== undefined && elements.length <= maxCertificates)
    elements.push(takeElement(cursor, derTag.sequence, `[${elements.length}]`))
  return elements
}

function splitPem(text: string, at: string): readonly Bytes[] {
  return parsePem(text, at).map(({ label, bytes }, i) => {
    if (label !== 'CERTIFICATE') throw parseError('certificate/pem-label', `${at}[${i}]`, { label })
    return bytes
  })
}

function parseChain(ders: readonly Bytes[], at: string): NonEmptyArray<Certificate> {
  if (ders.length > maxCertificates) throw parseError('evidence/too-many-certificates', at, { limit: maxCertificates })
  const [first, ...others] = ders.map((der, i) => parseCertificate(der, `${at}[${i}]`))
  if (first === undefined) throw parseError('evidence/no-certificates', at, {})
  return leafFirst([first, ...others])
}

function isOrdered(certificates: readonly Certificate[]): boolean {
  return certificates.every((one, i) => {
    const next = certificates[i + 1]
    return next === undefined || sameName(one.issuer, next.subject)
  })
}

/** Some tools write the root first. Any other order is kept, for verification to refuse. */
function leafFirst(certificates: NonEmptyArray<Certificate>): NonEmptyArray<Certificate> {
  const [first, ...others] = [...certificates].reverse()
  if (first === undefined || isOrdered(certificates) || !isOrdered([first, ...others])) return certificates
  return [first, ...others]
}
