// Verdicts on certificates into OCSP responses (RFC 6960) and certificate revocation lists (RFC 5280 section 5).
import { sha1 } from '@noble/hashes/legacy.js'
import { sha256, sha384 } from '@noble/hashes/sha2.js'
import { type Bytes, concatBytes } from '../bytes/bytes.js'
import { encodeHex } from '../bytes/hex.js'
import {
  type CertificateOverrides,
  deriveSerialNumber,
  issueCertificate,
  type SyntheticCertificate,
} from './certificate.js'
import {
  bitString,
  contextConstructed,
  contextPrimitive,
  enumerated,
  generalizedTime,
  integer,
  integerOctets,
  nullValue,
  objectIdentifier,
  octetString,
  sequence,
  time,
} from './der.js'
import {
  authorityKeyIdentifier,
  basicConstraints,
  encodeExtension,
  extendedKeyUsage,
  extensionOids,
  keyIdentifier,
  keyUsage,
  ocspNoCheck,
  type SyntheticExtension,
  subjectKeyIdentifier,
} from './extension.js'
import { deriveKey, type SyntheticKey } from './key.js'
import type { ByteMutation } from './mutation.js'

export const revocationReasons = {
  unspecified: 0,
  keyCompromise: 1,
  cACompromise: 2,
  affiliationChanged: 3,
  superseded: 4,
  cessationOfOperation: 5,
  certificateHold: 6,
  removeFromCRL: 8,
  privilegeWithdrawn: 9,
  aACompromise: 10,
} as const

export type SyntheticReason = keyof typeof revocationReasons

export type OcspStatus = 'good' | 'unknown' | { readonly revokedAt: Date; readonly reason?: SyntheticReason }

type CertIdHash = 'sha1' | 'sha256' | 'sha384'

const hashes: Readonly<Record<CertIdHash, { readonly oid: string; readonly digest: (data: Bytes) => Bytes }>> = {
  sha1: { oid: '1.3.14.3.2.26', digest: sha1 },
  sha256: { oid: '2.16.840.1.101.3.4.2.1', digest: sha256 },
  sha384: { oid: '2.16.840.1.101.3.4.2.2', digest: sha384 },
}

/** What a response says about one certificate. */
export interface OcspStatement {
  readonly subject: Pick<SyntheticCertificate, 'serialNumber'>
  readonly issuer: SyntheticCertificate
  readonly status?: OcspStatus
  /** Hash of the CertID; SHA-384 if left out. */
  readonly hash?: CertIdHash
  readonly thisUpdate: Date
  /** Null leaves it out; a day after `thisUpdate` if not given. */
  readonly nextUpdate?: Date | null
}

export interface OcspOptions {
  readonly producedAt?: Date
  readonly nonce?: Bytes
  /** Extensions of the response besides the nonce. */
  readonly extensions?: readonly SyntheticExtension[]
  /** `delegated`: a responder certificate of the issuer; `issuer`: the issuer's own key. */
  readonly responder?: 'delegated' | 'issuer'
  readonly responderId?: 'key' | 'name'
  /** Where the responder certificate says that it needs no status itself; `purpose` is how device responders do it. */
  readonly noCheck?: 'purpose' | 'extension' | 'absent'
  readonly responderCertificate?: CertificateOverrides
  /** Certificates shown with the response, DER. */
  readonly certificates?: (certificates: readonly Bytes[]) => readonly Bytes[]
  /** Signs in place of the responder's key. */
  readonly key?: SyntheticKey
  /** Anything but 0 (successful) makes a response without content. */
  readonly responseStatus?: number
  /** Applied to the signed part before it is signed. */
  readonly tbs?: ByteMutation
  readonly signature?: ByteMutation
  readonly der?: ByteMutation
}

const dayMs = 86_400_000

function certificateId(statement: OcspStatement): Bytes {
  const { oid, digest } = hashes[statement.hash ?? 'sha384']
  return sequence(
    sequence(objectIdentifier(oid), nullValue()),
    octetString(digest(statement.issuer.subject)),
    octetString(digest(statement.issuer.key.publicKey)),
    integerOctets(statement.subject.serialNumber),
  )
}

function encodeStatus(status: OcspStatus): Bytes {
  if (status === 'good') return contextPrimitive(0, new Uint8Array())
  if (status === 'unknown') return contextPrimitive(2, new Uint8Array())
  const reason =
    status.reason === undefined ? [] : [contextConstructed(0, enumerated(revocationReasons[status.reason]))]
  return contextConstructed(1, generalizedTime(status.revokedAt), ...reason)
}

function singleResponse(statement: OcspStatement): Bytes {
  const { thisUpdate, nextUpdate = new Date(thisUpdate.getTime() + dayMs) } = statement
  return sequence(
    certificateId(statement),
    encodeStatus(statement.status ?? 'good'),
    generalizedTime(thisUpdate),
    ...(nextUpdate === null ? [] : [contextConstructed(0, generalizedTime(nextUpdate))]),
  )
}

function responderCertificate(
  seed: string,
  issuer: SyntheticCertificate,
  noCheck: 'purpose' | 'extension' | 'absent',
  overrides: CertificateOverrides = {},
): SyntheticCertificate {
  const authority = encodeHex(keyIdentifier(issuer.key)).slice(0, 8)
  const key = overrides.key ?? deriveKey(seed, `responder/${authority}`)
  const purposes = ['1.3.6.1.5.5.7.3.9', ...(noCheck === 'purpose' ? [extensionOids.ocspNoCheck] : [])]
  return issueCertificate(
    {
      subject: [
        ['CN', `Synthetic OCSP Responder ${authority}`],
        ['O', 'gpu-attestation testing'],
        ['C', 'US'],
      ],
      key,
      serialNumber: deriveSerialNumber(seed, `responder/${authority}`),
      notBefore: new Date('2025-01-01T00:00:00Z'),
      notAfter: new Date('2028-01-01T00:00:00Z'),
      extensions: [
        basicConstraints({ ca: false }, false),
        keyUsage(['digitalSignature']),
        extendedKeyUsage(purposes),
        ...(noCheck === 'extension' ? [ocspNoCheck()] : []),
        subjectKeyIdentifier(key),
        authorityKeyIdentifier(issuer.key),
      ],
    },
    issuer,
    overrides,
  )
}

function extensionList(tag: number, extensions: readonly SyntheticExtension[]): readonly Bytes[] {
  return extensions.length === 0 ? [] : [contextConstructed(tag, sequence(...extensions.map(encodeExtension)))]
}

/** A signed OCSP response with one or more statements; the first one's issuer appoints the responder. */
export function createOcspResponse(
  seed: string,
  statements: readonly [OcspStatement, ...OcspStatement[]],
  options: OcspOptions = {},
): Bytes {
  const [first] = statements
  const status = enumerated(options.responseStatus ?? 0)
  if (options.responseStatus !== undefined && options.responseStatus !== 0)
    return options.der?.(sequence(status)) ?? sequence(status)
  const delegated = (options.responder ?? 'delegated') === 'delegated'
  const responder = delegated
    ? responderCertificate(seed, first.issuer, options.noCheck ?? 'purpose', options.responderCertificate)
    : first.issuer
  const nonce: readonly SyntheticExtension[] =
    options.nonce === undefined
      ? []
      : [{ oid: extensionOids.ocspNonce, critical: false, value: octetString(options.nonce) }]
  const built = sequence(
    options.responderId === 'name'
      ? contextConstructed(1, responder.subject)
      : contextConstructed(2, octetString(keyIdentifier(responder.key))),
    generalizedTime(options.producedAt ?? first.thisUpdate),
    sequence(...statements.map(singleResponse)),
    ...extensionList(1, [...nonce, ...(options.extensions ?? [])]),
  )
  const tbs = options.tbs?.(built) ?? built
  const key = options.key ?? responder.key
  const signed = key.signDer(tbs)
  const shown = delegated ? [responder.der] : []
  const certificates = options.certificates?.(shown) ?? shown
  const basic = sequence(
    tbs,
    key.algorithm,
    bitString(options.signature?.(signed) ?? signed),
    ...(certificates.length === 0 ? [] : [contextConstructed(0, sequence(...certificates))]),
  )
  const der = sequence(
    status,
    contextConstructed(0, sequence(objectIdentifier('1.3.6.1.5.5.7.48.1.1'), octetString(basic))),
  )
  return options.der?.(der) ?? der
}

export interface CrlEntry {
  readonly serialNumber: Bytes
  readonly revokedAt: Date
  readonly reason?: SyntheticReason
  readonly extensions?: readonly SyntheticExtension[]
}

export interface CrlOptions {
  readonly thisUpdate: Date
  /** Null leaves it out; thirty days after `thisUpdate` if not given. */
  readonly nextUpdate?: Date | null
  readonly revoked?: readonly CrlEntry[]
  readonly crlNumber?: number
  /** Extensions besides the key identifier and the number. */
  readonly extensions?: readonly SyntheticExtension[]
  /** Signs in place of the issuer's key. */
  readonly key?: SyntheticKey
  readonly tbs?: ByteMutation
  readonly signature?: ByteMutation
  readonly der?: ByteMutation
}

function crlEntry(entry: CrlEntry): Bytes {
  const reason: readonly SyntheticExtension[] =
    entry.reason === undefined
      ? []
      : [{ oid: extensionOids.crlReason, critical: false, value: enumerated(revocationReasons[entry.reason]) }]
  const extensions = [...reason, ...(entry.extensions ?? [])]
  return sequence(
    integerOctets(entry.serialNumber),
    time(entry.revokedAt),
    ...(extensions.length === 0 ? [] : [sequence(...extensions.map(encodeExtension))]),
  )
}

/** A signed list of what `issuer` has revoked. */
export function createCrl(issuer: SyntheticCertificate, options: CrlOptions): Bytes {
  const { thisUpdate, nextUpdate = new Date(thisUpdate.getTime() + 30 * dayMs), revoked = [] } = options
  const key = options.key ?? issuer.key
  const built = sequence(
    integer(1),
    key.algorithm,
    issuer.subject,
    time(thisUpdate),
    ...(nextUpdate === null ? [] : [time(nextUpdate)]),
    // An empty list is left out altogether (RFC 5280 section 5.1.2.6).
    ...(revoked.length === 0 ? [] : [sequence(...revoked.map(crlEntry))]),
    ...extensionList(0, [
      authorityKeyIdentifier(issuer.key),
      { oid: extensionOids.crlNumber, critical: false, value: integer(options.crlNumber ?? 1) },
      ...(options.extensions ?? []),
    ]),
  )
  const tbs = options.tbs?.(built) ?? built
  const signed = key.signDer(tbs)
  const der = concatBytes(sequence(tbs, key.algorithm, bitString(options.signature?.(signed) ?? signed)))
  return options.der?.(der) ?? der
}
