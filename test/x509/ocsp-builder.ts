// Certificates, OCSP responses and revocation lists written by other implementations (asn1js, @peculiar/x509, node:crypto).
import 'reflect-metadata'
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import * as peculiar from '@peculiar/x509'
import * as asn1 from 'asn1js'
import { type Certificate, parseCertificate } from '../../src/x509/certificate.js'
import { type OcspResponse, parseOcspResponse } from '../../src/x509/ocsp.js'

export const now: Date = new Date('2025-06-01T12:00:00Z')
export const hour = 3_600_000
export const at = (offsetMs: number): Date => new Date(now.getTime() + offsetMs)

export interface Issued {
  readonly certificate: Certificate
  readonly privateKey: KeyObject
}

const webAlgorithm = { name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-384' }

async function importPair(pair: {
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
}): Promise<CryptoKeyPair> {
  const { subtle } = globalThis.crypto
  const spki = new Uint8Array(pair.publicKey.export({ type: 'spki', format: 'der' }))
  const pkcs8 = new Uint8Array(pair.privateKey.export({ type: 'pkcs8', format: 'der' }))
  return {
    publicKey: await subtle.importKey('spki', spki, webAlgorithm, true, ['verify']),
    privateKey: await subtle.importKey('pkcs8', pkcs8, webAlgorithm, true, ['sign']),
  }
}

let serial = 0x1000

export interface IssueOptions {
  readonly name: string
  readonly issuer?: Issued
  readonly ca?: boolean
  readonly keyUsages?: number
  readonly eku?: readonly string[]
  readonly notBefore?: Date
  readonly notAfter?: Date
  readonly serialNumber?: string
  readonly extensions?: readonly peculiar.Extension[]
  /** Signs in place of the issuer's key. */
  readonly signer?: KeyObject
}

/** A P-384 certificate; self-signed without `issuer`. */
export async function issue(options: IssueOptions): Promise<Issued> {
  const { name, issuer, ca = false, eku } = options
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-384' })
  const keys = await importPair(pair)
  const signer = options.signer ?? issuer?.privateKey ?? pair.privateKey
  const pkcs8 = new Uint8Array(signer.export({ type: 'pkcs8', format: 'der' }))
  const signingKey = await globalThis.crypto.subtle.importKey('pkcs8', pkcs8, webAlgorithm, true, ['sign'])
  const usages =
    options.keyUsages ??
    (ca ? peculiar.KeyUsageFlags.keyCertSign | peculiar.KeyUsageFlags.cRLSign : peculiar.KeyUsageFlags.digitalSignature)
  const made = await peculiar.X509CertificateGenerator.create({
    subject: `CN=${name}`,
    issuer: issuer === undefined ? `CN=${name}` : commonName(issuer.certificate),
    serialNumber: options.serialNumber ?? (serial++).toString(16),
    notBefore: options.notBefore ?? new Date('2025-01-01T00:00:00Z'),
    notAfter: options.notAfter ?? new Date('2027-01-01T00:00:00Z'),
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: webAlgorithm,
    extensions: [
      new peculiar.BasicConstraintsExtension(ca, undefined, true),
      ...(usages === 0 ? [] : [new peculiar.KeyUsagesExtension(usages, true)]),
      ...(eku === undefined ? [] : [new peculiar.ExtendedKeyUsageExtension([...eku], true)]),
      ...(options.extensions ?? []),
    ],
  })
  return { certificate: parseCertificate(new Uint8Array(made.rawData)), privateKey: pair.privateKey }
}

const commonName = (certificate: Certificate): string => `CN=${certificate.subject.attributes[0]?.value}`

// --- asn1js shorthand

export const sequence = (...value: asn1.BaseBlock[]): asn1.Sequence => new asn1.Sequence({ value })
export const oid = (value: string): asn1.ObjectIdentifier => new asn1.ObjectIdentifier({ value })
export const octets = (valueHex: Uint8Array): asn1.OctetString =>
  new asn1.OctetString({ valueHex: valueHex.slice().buffer })
export const explicit = (tagNumber: number, ...value: asn1.BaseBlock[]): asn1.Constructed =>
  new asn1.Constructed({ idBlock: { tagClass: 3, tagNumber }, value })
const implicit = (tagNumber: number, valueHex: Uint8Array = new Uint8Array(0)): asn1.Primitive =>
  new asn1.Primitive({ idBlock: { tagClass: 3, tagNumber }, valueHex: valueHex.slice().buffer })
export const read = (der: Uint8Array): asn1.BaseBlock => asn1.fromBER(der.slice().buffer).result
export const toDer = (block: asn1.BaseBlock): Uint8Array => new Uint8Array(block.toBER())

function generalizedTime(time: Date): asn1.BaseBlock {
  const text = time.toISOString().replace(/[-:T]|\.\d+/g, '')
  return new asn1.Primitive({
    idBlock: { tagClass: 1, tagNumber: 24 },
    valueHex: new TextEncoder().encode(text).slice().buffer,
  })
}

export function extension(id: string, value: Uint8Array, critical = false): asn1.Sequence {
  return sequence(oid(id), ...(critical ? [new asn1.Boolean({ value: true })] : []), octets(value))
}

const hashOids = {
  sha1: '1.3.14.3.2.26',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
  md5: '1.2.840.113549.2.5',
} as const

const digest = (hash: string, data: Uint8Array): Uint8Array => createHash(hash).update(data).digest()

export interface Statement {
  readonly subject: Certificate
  readonly issuer: Certificate
  readonly status?: 'good' | 'unknown' | { readonly revokedAt: Date; readonly reason?: number }
  readonly hash?: keyof typeof hashOids
  /** In place of NULL. */
  readonly hashParameters?: readonly asn1.BaseBlock[]
  readonly thisUpdate?: Date
  readonly nextUpdate?: Date | null
  readonly extensions?: readonly asn1.Sequence[]
}

function certId({ subject, issuer, hash = 'sha384', hashParameters = [new asn1.Null()] }: Statement): asn1.Sequence {
  return sequence(
    sequence(oid(hashOids[hash]), ...hashParameters),
    octets(digest(hash, issuer.subject.raw)),
    octets(digest(hash, issuer.subjectPublicKeyInfo.keyBits)),
    new asn1.Integer({ valueHex: subject.serialNumber.slice().buffer }),
  )
}

function certStatus(status: Statement['status'] = 'good'): asn1.BaseBlock {
  if (status === 'good') return implicit(0)
  if (status === 'unknown') return implicit(2)
  const reason = status.reason === undefined ? [] : [explicit(0, new asn1.Enumerated({ value: status.reason }))]
  return explicit(1, generalizedTime(status.revokedAt), ...reason)
}

function singleResponse(statement: Statement): asn1.Sequence {
  const { thisUpdate = at(-hour), nextUpdate = at(hour), extensions = [] } = statement
  return sequence(
    certId(statement),
    certStatus(statement.status),
    generalizedTime(thisUpdate),
    ...(nextUpdate === null ? [] : [explicit(0, generalizedTime(nextUpdate))]),
    ...(extensions.length === 0 ? [] : [explicit(1, sequence(...extensions))]),
  )
}

export interface OcspOptions {
  readonly statements: readonly Statement[]
  readonly responder: Issued
  readonly certificates?: readonly Certificate[]
  readonly byName?: boolean
  readonly producedAt?: Date
  readonly nonce?: Uint8Array
  readonly extensions?: readonly asn1.Sequence[]
  readonly version?: boolean
  readonly signatureOid?: string
  readonly hashName?: string
  readonly responseType?: string
}

/** A signed response, DER. */
export function ocspResponse(options: OcspOptions): Uint8Array {
  const { responder, statements, certificates = [responder.certificate], nonce } = options
  const extensions = [
    ...(nonce === undefined ? [] : [extension('1.3.6.1.5.5.7.48.1.2', toDer(octets(nonce)))]),
    ...(options.extensions ?? []),
  ]
  const tbs = sequence(
    ...(options.version === true ? [explicit(0, new asn1.Integer({ value: 0 }))] : []),
    options.byName === true
      ? explicit(1, read(responder.certificate.subject.raw))
      : explicit(2, octets(digest('sha1', responder.certificate.subjectPublicKeyInfo.keyBits))),
    generalizedTime(options.producedAt ?? at(-hour)),
    sequence(...statements.map(singleResponse)),
    ...(extensions.length === 0 ? [] : [explicit(1, sequence(...extensions))]),
  )
  const signature = sign(options.hashName ?? 'sha384', toDer(tbs), responder.privateKey)
  const basic = sequence(
    tbs,
    sequence(oid(options.signatureOid ?? '1.2.840.10045.4.3.3')),
    new asn1.BitString({ valueHex: new Uint8Array(signature).buffer }),
    ...(certificates.length === 0 ? [] : [explicit(0, sequence(...certificates.map(({ raw }) => read(raw))))]),
  )
  const bytes = sequence(oid(options.responseType ?? '1.3.6.1.5.5.7.48.1.1'), octets(toDer(basic)))
  return toDer(sequence(new asn1.Enumerated({ value: 0 }), explicit(0, bytes)))
}

/** A response without an answer. */
export function ocspError(status: number): Uint8Array {
  return toDer(sequence(new asn1.Enumerated({ value: status })))
}

export function parsed(options: OcspOptions, path = ''): OcspResponse {
  return parseOcspResponse(ocspResponse(options), path)
}

// --- revocation lists

export interface CrlOptions {
  readonly issuer: Issued
  readonly signer?: KeyObject
  readonly version?: number | null
  readonly thisUpdate?: Date
  readonly nextUpdate?: Date | null
  readonly entries?: readonly {
    readonly serialNumber: Uint8Array
    readonly revokedAt?: Date
    readonly extensions?: readonly asn1.Sequence[]
  }[]
  readonly extensions?: readonly asn1.Sequence[]
  readonly innerOid?: string
  readonly outerOid?: string
  readonly hashName?: string
}

function utcTime(time: Date): asn1.BaseBlock {
  const text = time
    .toISOString()
    .replace(/[-:T]|\.\d+/g, '')
    .slice(2)
  return new asn1.Primitive({
    idBlock: { tagClass: 1, tagNumber: 23 },
    valueHex: new TextEncoder().encode(text).slice().buffer,
  })
}

export const reasonCode = (reason: number): asn1.Sequence =>
  extension('2.5.29.21', toDer(new asn1.Enumerated({ value: reason })))

/** issuingDistributionPoint; `flags` are the context tags of BOOLEANs that are there. */
export function issuingDistributionPoint(options: {
  readonly uri?: string
  readonly flags?: readonly number[]
  readonly value?: number
  readonly reasons?: boolean
}): asn1.Sequence {
  const { uri, flags = [], value = 0xff, reasons = false } = options
  const name = uri === undefined ? [] : [explicit(0, explicit(0, implicit(6, new TextEncoder().encode(uri))))]
  const some = reasons ? [implicit(3, Uint8Array.of(6, 0x40))] : []
  const flagged = (from: number, to: number): asn1.BaseBlock[] =>
    flags.filter((flag) => flag >= from && flag <= to).map((flag) => implicit(flag, Uint8Array.of(value)))
  return extension('2.5.29.28', toDer(sequence(...name, ...flagged(1, 2), ...some, ...flagged(4, 5))), true)
}

/** A signed list, DER. */
export function revocationList(options: CrlOptions): Uint8Array {
  const { issuer, version = 1, thisUpdate = at(-hour), nextUpdate = at(hour), entries, extensions = [] } = options
  const innerOid = options.innerOid ?? '1.2.840.10045.4.3.3'
  const tbs = sequence(
    ...(version === null ? [] : [new asn1.Integer({ value: version })]),
    sequence(oid(innerOid)),
    read(issuer.certificate.subject.raw),
    utcTime(thisUpdate),
    ...(nextUpdate === null ? [] : [utcTime(nextUpdate)]),
    ...(entries === undefined
      ? []
      : [
          sequence(
            ...entries.map((entry) =>
              sequence(
                new asn1.Integer({ valueHex: entry.serialNumber.slice().buffer }),
                utcTime(entry.revokedAt ?? at(-2 * hour)),
                ...(entry.extensions === undefined ? [] : [sequence(...entry.extensions)]),
              ),
            ),
          ),
        ]),
    ...(extensions.length === 0 ? [] : [explicit(0, sequence(...extensions))]),
  )
  const signature = sign(options.hashName ?? 'sha384', toDer(tbs), options.signer ?? issuer.privateKey)
  return toDer(
    sequence(
      tbs,
      sequence(oid(options.outerOid ?? innerOid)),
      new asn1.BitString({ valueHex: new Uint8Array(signature).buffer }),
    ),
  )
}
