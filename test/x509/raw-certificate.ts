// Puts a certificate together element by element, so that a test can spoil exactly one. The signature is not valid.
import { ascii, der, type ExtensionSpec, oid } from './issuer.js'

/** Parts of TBSCertificate and of what surrounds it, each a DER element; an absent part is left out. */
export interface Parts {
  version?: Uint8Array
  serialNumber?: Uint8Array
  signature?: Uint8Array
  issuer?: Uint8Array
  validity?: Uint8Array
  subject?: Uint8Array
  subjectPublicKeyInfo?: Uint8Array
  issuerUniqueId?: Uint8Array
  extensions?: Uint8Array
  signatureAlgorithm?: Uint8Array
  signatureValue?: Uint8Array
}

export const attribute = (type: string, tag: number, text: Uint8Array): Uint8Array =>
  der(0x30, oid(type), der(tag, text))
export const commonName = (text: string, tag = 0x0c): Uint8Array =>
  der(0x30, der(0x31, attribute('2.5.4.3', tag, new Uint8Array(Buffer.from(text)))))
export const utcTime = (text: string): Uint8Array => der(0x17, ascii(text))
export const generalizedTime = (text: string): Uint8Array => der(0x18, ascii(text))
export const ecdsaWithSha384: Uint8Array = der(0x30, oid('1.2.840.10045.4.3.3'))
/** The base point of P-384 (FIPS 186): a point on the curve that needs no key generation. */
export const basePoint: string =
  '04aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7' +
  '3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f'
export const p384Key = (point: string = basePoint): Uint8Array =>
  der(0x30, der(0x30, oid('1.2.840.10045.2.1'), oid('1.3.132.0.34')), der(3, '00', point))

export function extensionDer({ oid: type, critical, value }: ExtensionSpec): Uint8Array {
  return der(0x30, oid(type), critical ? '0101ff' : '', der(4, value))
}

export const extensionsDer = (...extensions: readonly ExtensionSpec[]): Uint8Array =>
  der(0xa3, der(0x30, ...extensions.map(extensionDer)))

const defaults: Parts = {
  version: der(0xa0, '020102'),
  serialNumber: der(2, '11'),
  signature: ecdsaWithSha384,
  issuer: commonName('issuer'),
  validity: der(0x30, utcTime('260101000000Z'), utcTime('270101000000Z')),
  subject: commonName('subject'),
  subjectPublicKeyInfo: p384Key(),
  signatureAlgorithm: ecdsaWithSha384,
  signatureValue: der(3, '00', '3006020101020101'),
}

/** The certificate with `changes` in place of the parts of those names; `undefined` leaves a part out. */
export function rawCertificate(changes: { readonly [K in keyof Parts]: Parts[K] | undefined } = {}): Uint8Array {
  const parts: { readonly [K in keyof Parts]: Parts[K] | undefined } = { ...defaults, ...changes }
  const some = (part: Uint8Array | undefined): Uint8Array | string => part ?? ''
  const tbs = der(
    0x30,
    some(parts.version),
    some(parts.serialNumber),
    some(parts.signature),
    some(parts.issuer),
    some(parts.validity),
    some(parts.subject),
    some(parts.subjectPublicKeyInfo),
    some(parts.issuerUniqueId),
    some(parts.extensions),
  )
  return der(0x30, tbs, some(parts.signatureAlgorithm), some(parts.signatureValue))
}

export const withExtensions = (...extensions: readonly ExtensionSpec[]): Uint8Array =>
  rawCertificate({ extensions: extensionsDer(...extensions) })
