// Reads and checks the one XML-DSig profile reference manifests use: enveloped, Canonical XML 1.1, SHA-384, ECDSA P-384.
import { parseBase64 } from '../bytes/base64.js'
import { type Bytes, equalBytes } from '../bytes/bytes.js'
import { encodeHex } from '../bytes/hex.js'
import type { CryptoProvider } from '../crypto/provider.js'
import { canonicalizeXml } from '../encoding/c14n.js'
import type { XmlElement } from '../encoding/xml.js'
import { parseError, verifyError } from '../result/error.js'
import { markVerified, requireVerified, type Verified } from '../result/proof.js'
import type { CertificatePath } from '../x509/path.js'
import { childElements, excerpt, isNamed, type Located, onlyAttributes, requiredAttribute, textOf } from './element.js'

const signatureNamespace = 'http://www.w3.org/2000/09/xmldsig#'
const c14n11 = 'http://www.w3.org/2006/12/xml-c14n11'
const envelopedSignature = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature'
const ecdsaSha384 = 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384'
const sha384 = 'http://www.w3.org/2001/04/xmldsig-more#sha384'
/** Genuine manifests carry 4 certificates, the trust anchor's own included. */
export const maxManifestCertificates: number = 8

/** A document in the profile, nothing in it proven yet. */
export interface SignedXml {
  /** The root without its Signature: what the digest covers, and the only tree to read values from. */
  readonly content: XmlElement
  /** Canonical SignedInfo, the bytes under the signature. */
  readonly signedInfo: Bytes
  /** SHA-384 of the canonical `content`, as SignedInfo states it. */
  readonly digest: Bytes
  /** r and s, 48 bytes each. */
  readonly signature: Bytes
  /** DER, in the order of KeyInfo: a hint for building the path, never a source of trust. */
  readonly certificates: readonly CarriedCertificate[]
}

export interface CarriedCertificate {
  readonly der: Bytes
  readonly at: string
}

/** Content whose digest and signature were verified with the key of a verified path. */
export interface SignedContent {
  readonly root: XmlElement
}

/**
 * Finds the signature of `root` and refuses everything that is not the profile. Checks form only, no cryptography.
 * @throws AttestationError `manifest/signature-*`, `manifest/reference-*`, `manifest/key-info` and others of the parse stage
 */
export function parseSignedXml(root: XmlElement): SignedXml {
  const rootAt = root.localName
  const signature = findSignature(root, rootAt)
  onlyAttributes(signature, () => false)
  const children = childElements(signature)
  const signedInfo = childAt(signature, children, 0, 'SignedInfo')
  const signatureValue = childAt(signature, children, 1, 'SignatureValue')
  const keyInfo = childAt(signature, children, 2, 'KeyInfo')
  endChildren(children, 3)
  const digest = readSignedInfo(signedInfo)
  return {
    content: { ...root, children: root.children.filter((child) => child !== signature.element) },
    signedInfo: canonicalizeXml(signedInfo.element, [root, signature.element]),
    digest,
    signature: readBase64(signatureValue, 96, 'manifest/signature-value'),
    certificates: readKeyInfo(keyInfo),
  }
}

/**
 * Checks SignedInfo's signature with the key of the path's leaf, then the digest over the content. Does not check that
 * the path fits the certificates of KeyInfo; the caller built it.
 * @throws AttestationError `manifest/signer-key`, `manifest/signature-invalid`, `manifest/digest-mismatch`
 */
export async function verifySignedXml(
  signed: SignedXml,
  path: Verified<CertificatePath>,
  crypto: CryptoProvider,
): Promise<Verified<SignedContent>> {
  requireVerified(path, 'path')
  const at = `${signed.content.localName}.Signature`
  const key = path.leaf.subjectPublicKeyInfo.publicKey
  if (key?.kind !== 'ec' || key.curve !== 'P-384')
    throw verifyError('manifest/signer-key', `${at}.KeyInfo`, {
      found: key?.kind === 'ec' ? key.curve : (key?.kind ?? 'unknown'),
    })
  const [valid, actual] = await Promise.all([
    crypto.verify({ algorithm: 'ecdsa-p384-sha384', key, signature: signed.signature, data: signed.signedInfo }),
    crypto.digest('sha384', canonicalizeXml(signed.content)),
  ])
  if (valid !== true) throw verifyError('manifest/signature-invalid', `${at}.SignatureValue`, {})
  if (!equalBytes(actual, signed.digest))
    throw verifyError('manifest/digest-mismatch', `${at}.SignedInfo.Reference.DigestValue`, {
      expected: encodeHex(signed.digest),
      actual: encodeHex(actual),
    })
  return markVerified({ root: signed.content })
}

// Exactly one element of the signature namespace's Signature in the whole document, and it is the root's last child.
function findSignature(root: XmlElement, at: string): Located {
  const found = countSignatures(root)
  if (found === 0) throw parseError('manifest/signature-missing', at, {})
  if (found > 1) throw parseError('manifest/signature-duplicate', at, { found })
  const last = root.children.findLast((child) => typeof child !== 'string')
  if (last === undefined || typeof last === 'string' || !isNamed(last, signatureNamespace, 'Signature'))
    throw parseError('manifest/signature-position', at, {})
  return { element: last, at: `${at}.Signature` }
}

function countSignatures(element: XmlElement): number {
  let count = isNamed(element, signatureNamespace, 'Signature') ? 1 : 0
  for (const child of element.children) if (typeof child !== 'string') count += countSignatures(child)
  return count
}

function readSignedInfo(signedInfo: Located): Bytes {
  onlyAttributes(signedInfo, () => false)
  const children = childElements(signedInfo)
  const references = children.filter(({ element }) => isNamed(element, signatureNamespace, 'Reference')).length
  if (references !== 1) throw parseError('manifest/reference-count', signedInfo.at, { found: references })
  const canonicalization = childAt(signedInfo, children, 0, 'CanonicalizationMethod')
  requireAlgorithm(canonicalization, c14n11, 'manifest/canonicalization-method')
  requireAlgorithm(childAt(signedInfo, children, 1, 'SignatureMethod'), ecdsaSha384, 'manifest/signature-method')
  const reference = childAt(signedInfo, children, 2, 'Reference')
  endChildren(children, 3)
  return readReference(reference)
}

function readReference(reference: Located): Bytes {
  onlyAttributes(reference, (name, namespace) => name === 'URI' && namespace === '')
  const uri = requiredAttribute(reference, 'URI')
  if (uri !== '') throw parseError('manifest/reference-uri', `${reference.at}.URI`, { found: excerpt(uri) })
  const children = childElements(reference)
  const transforms = childAt(reference, children, 0, 'Transforms')
  onlyAttributes(transforms, () => false)
  const steps = childElements(transforms)
  for (const step of steps) if (!isNamed(step.element, signatureNamespace, 'Transform')) throw unexpected(step)
  const algorithms = steps.map((step) => requiredAttribute(step, 'Algorithm'))
  if (algorithms.length !== 2 || algorithms[0] !== envelopedSignature || algorithms[1] !== c14n11)
    throw parseError('manifest/transforms', transforms.at, { found: excerpt(algorithms.join(' ')) })
  for (const step of steps) requireBare(step)
  requireAlgorithm(childAt(reference, children, 1, 'DigestMethod'), sha384, 'manifest/digest-method')
  const value = childAt(reference, children, 2, 'DigestValue')
  endChildren(children, 3)
  return readBase64(value, 48, 'manifest/digest-value')
}

// Parameters (an XPath, an HMAC length, an inclusive prefix list) are child elements; the profile has none.
function requireBare(located: Located): void {
  onlyAttributes(located, (name, namespace) => name === 'Algorithm' && namespace === '')
  endChildren(childElements(located), 0)
}

function requireAlgorithm(
  located: Located,
  expected: string,
  code: 'manifest/canonicalization-method' | 'manifest/signature-method' | 'manifest/digest-method',
): void {
  const found = requiredAttribute(located, 'Algorithm')
  if (found !== expected) throw parseError(code, `${located.at}.Algorithm`, { found: excerpt(found) })
  requireBare(located)
}

function readKeyInfo(keyInfo: Located): readonly CarriedCertificate[] {
  onlyAttributes(keyInfo, () => false)
  const children = childElements(keyInfo)
  for (const { element, at } of children)
    if (!isNamed(element, signatureNamespace, 'X509Data'))
      throw parseError('manifest/key-info', at, { found: element.localName })
  const data = childAt(keyInfo, children, 0, 'X509Data')
  endChildren(children, 1)
  onlyAttributes(data, () => false)
  const certificates = childElements(data).map((certificate) => {
    if (!isNamed(certificate.element, signatureNamespace, 'X509Certificate'))
      throw parseError('manifest/key-info', certificate.at, { found: certificate.element.localName })
    onlyAttributes(certificate, () => false)
    return { der: parseBase64(withoutSpace(textOf(certificate)), certificate.at), at: certificate.at }
  })
  if (certificates.length === 0 || certificates.length > maxManifestCertificates)
    throw parseError('manifest/certificate-count', data.at, {
      found: certificates.length,
      max: maxManifestCertificates,
    })
  return certificates
}

// The profile's elements come in one order; anything else in their place is refused by name.
function childAt(parent: Located, children: readonly Located[], index: number, localName: string): Located {
  const child = children[index]
  if (child === undefined) throw parseError('manifest/element-missing', `${parent.at}.${localName}`, {})
  if (!isNamed(child.element, signatureNamespace, localName)) throw unexpected(child)
  return child
}

function endChildren(children: readonly Located[], count: number): void {
  const extra = children[count]
  if (extra !== undefined) throw unexpected(extra)
}

function unexpected({ element, at }: Located): Error {
  // An Object is where a signature carries other content than the document it sits in.
  return isNamed(element, signatureNamespace, 'Object')
    ? parseError('manifest/signature-object', at, {})
    : parseError('manifest/element-unexpected', at, { element: element.localName })
}

function readBase64(
  located: Located,
  length: number,
  code: 'manifest/signature-value' | 'manifest/digest-value',
): Bytes {
  onlyAttributes(located, () => false)
  const bytes = parseBase64(withoutSpace(textOf(located)), located.at)
  if (bytes.length !== length) throw parseError(code, located.at, { expected: length, actual: bytes.length })
  return bytes
}

const withoutSpace = (text: string): string => text.replace(/[ \t\n\r]+/g, '')
