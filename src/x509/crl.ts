// Turns a DER certificate revocation list (RFC 5280 section 5) into its fields; keeps the received bytes that are signed.

import { type Bytes, copyBytes, equalBytes } from '../bytes/bytes.js'
import { encodeHex } from '../bytes/hex.js'
import { requireSize } from '../bytes/size.js'
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
  readBoolean,
  readInside,
  readUnsigned,
  readWhole,
} from '../encoding/der.js'
import { readValidityTime } from '../encoding/der-time.js'
import { parseError } from '../result/error.js'
import { markParsed } from '../result/parsed.js'
import { type AlgorithmIdentifier, readAlgorithm, readExtensionList, readSerialNumber } from './certificate.js'
import type { Extension } from './extension.js'
import { readGeneralNames } from './general-name.js'
import { type DistinguishedName, readName } from './name.js'
import { type RevocationReason, readRevocationReason } from './revocation-reason.js'

export interface RevokedEntry {
  readonly revokedAt: Date
  readonly reason: RevocationReason | undefined
}

/** Which certificates of its issuer a list covers (issuingDistributionPoint, RFC 5280 section 5.2.5). */
export interface CrlScope {
  readonly covers: 'all' | 'end-entities' | 'authorities'
  /** Where the list is published, if it says so: it then covers only certificates that name one of these places. */
  readonly distributionPoint: readonly string[] | undefined
}

/** A complete, direct list as read: well-formed, nothing verified. */
export interface CertificateRevocationList {
  /** Where the list stood in the input; prefixes the `at` of later failures. */
  readonly at: string
  readonly raw: Bytes
  /** The signed bytes, tag included. */
  readonly tbs: Bytes
  readonly issuer: DistinguishedName
  readonly thisUpdate: Date
  readonly nextUpdate: Date | undefined
  readonly scope: CrlScope
  /** Revoked certificates by serial number: lowercase hex of the INTEGER's content octets. */
  readonly entries: ReadonlyMap<string, RevokedEntry>
  readonly signatureAlgorithm: AlgorithmIdentifier
  readonly signature: Bytes
}

/** Lists of a certification authority for devices or firmware hold tens of entries; this leaves room for a very bad year. */
const maxCrlBytes = 4_194_304
/** Bounds the parsed list: measured at half a second and 50 MB. */
const maxEntries = 65_536

const oids = {
  issuerAltName: '2.5.29.18',
  crlNumber: '2.5.29.20',
  reasonCode: '2.5.29.21',
  invalidityDate: '2.5.29.24',
  deltaCrlIndicator: '2.5.29.27',
  issuingDistributionPoint: '2.5.29.28',
  certificateIssuer: '2.5.29.29',
  authorityKeyIdentifier: '2.5.29.35',
} as const

/** Extensions that change nothing about who is revoked: they may be there, critical or not. */
const harmless: readonly string[] = [oids.issuerAltName, oids.crlNumber, oids.authorityKeyIdentifier]

/**
 * Reads one version 2 CRL of at most 4 MiB and 65536 entries. Checks form only: no signature, time or issuer. Refuses what
 * cannot settle a status alone: delta lists, indirect lists, lists for some reasons or for attribute certificates, unknown
 * critical extensions, two entries for one serial number. Copies `der` first.
 * @throws AttestationError `crl/*` of stage parse, `revocation/reason`, `certificate/*`, `name/*`, the DER codes, `bytes/too-large`, `bytes/trailing`
 */
export function parseCrl(der: Bytes, at = ''): CertificateRevocationList {
  requireSize(der, maxCrlBytes, at)
  const cursor = openDer(copyBytes(der), at, maxCrlBytes)
  const outer = enterDer(cursor, derTag.sequence, '')
  endDer(cursor)
  const start = outer.position
  const inner = enterDer(outer, derTag.sequence, 'tbs')
  const tbs = outer.bytes.subarray(start, outer.position)
  const { innerAlgorithm, ...fields } = readTbs(inner)
  const signatureAlgorithm = readAlgorithm(outer, 'signatureAlgorithm')
  // Section 5.1.1.2, as in certificates: the algorithm used must be the one that is signed.
  if (!equalBytes(signatureAlgorithm.raw, innerAlgorithm.raw))
    throw parseError('crl/signature-algorithm-mismatch', joinPath(at, 'signatureAlgorithm'), {
      signed: innerAlgorithm.oid,
      outer: signatureAlgorithm.oid,
    })
  const signature = readBits(outer, 'signature')
  endDer(outer)
  return markParsed({ at, raw: cursor.bytes, tbs, ...fields, signatureAlgorithm, signature })
}

type TbsFields = Pick<CertificateRevocationList, 'issuer' | 'thisUpdate' | 'nextUpdate' | 'scope' | 'entries'> & {
  readonly innerAlgorithm: AlgorithmIdentifier
}

function readTbs(tbs: DerCursor): TbsFields {
  // Version 1 has no extensions, hence no way to say that the list is partial; nobody issues it any more.
  const version = peekTag(tbs) === derTag.integer ? readUnsigned(tbs, 'version') + 1 : 1
  if (version !== 2) throw parseError('crl/version', joinPath(tbs.path, 'version'), { version })
  const innerAlgorithm = readAlgorithm(tbs, 'signature')
  const issuer = readName(tbs, 'issuer')
  const thisUpdate = readValidityTime(tbs, 'thisUpdate')
  const next = peekTag(tbs)
  const nextUpdate =
    next === derTag.utcTime || next === derTag.generalizedTime ? readValidityTime(tbs, 'nextUpdate') : undefined
  if (nextUpdate !== undefined && nextUpdate <= thisUpdate)
    throw parseError('crl/time-order', tbs.path, { thisUpdate, nextUpdate })
  const entries =
    peekTag(tbs) === derTag.sequence ? readEntries(enterDer(tbs, derTag.sequence, 'revokedCertificates')) : new Map()
  const scope = readScope(tbs)
  endDer(tbs)
  return { innerAlgorithm, issuer, thisUpdate, nextUpdate, scope, entries }
}

function readEntries(list: DerCursor): ReadonlyMap<string, RevokedEntry> {
  // Section 5.1.2.6: absent, not empty, when nothing is revoked.
  if (peekTag(list) === undefined) throw parseError('der/empty-list', list.path, {})
  const entries = new Map<string, RevokedEntry>()
  while (peekTag(list) !== undefined) {
    if (entries.size >= maxEntries) throw parseError('crl/too-many-entries', list.path, { limit: maxEntries })
    const entry = enterDer(list, derTag.sequence, `[${entries.size}]`)
    const serialNumber = encodeHex(readSerialNumber(entry, 'userCertificate'))
    const revokedAt = readValidityTime(entry, 'revocationDate')
    const reason = peekTag(entry) === undefined ? undefined : readEntryReason(entry)
    endDer(entry)
    if (entries.has(serialNumber)) throw parseError('crl/duplicate-entry', entry.path, { serialNumber })
    entries.set(serialNumber, { revokedAt, reason })
  }
  return entries
}

function readEntryReason(entry: DerCursor): RevocationReason | undefined {
  let reason: RevocationReason | undefined
  for (const { oid, critical, value, at } of readExtensionList(
    enterDer(entry, derTag.sequence, 'crlEntryExtensions'),
  )) {
    if (oid === oids.reasonCode) {
      reason = readWhole(value, at, (cursor) => readRevocationReason(cursor, ''))
    } else if (oid === oids.certificateIssuer || (critical && oid !== oids.invalidityDate))
      // certificateIssuer hands this entry and those after it to another issuer, whatever its criticality says.
      throw parseError('crl/critical-entry-extension', at, { oid })
  }
  return reason
}

function readScope(tbs: DerCursor): CrlScope {
  let scope: CrlScope = { covers: 'all', distributionPoint: undefined }
  const tag = contextTag(0, 'constructed')
  if (peekTag(tbs) !== tag) return scope
  const list = readInside(tbs, tag, '', (explicit) => enterDer(explicit, derTag.sequence, 'crlExtensions'))
  for (const extension of readExtensionList(list)) {
    const { oid, at } = extension
    if (oid === oids.deltaCrlIndicator) throw parseError('crl/delta', at, {})
    if (oid === oids.issuingDistributionPoint) scope = readIssuingDistributionPoint(extension)
    else if (extension.critical && !harmless.includes(oid)) throw parseError('crl/critical-extension', at, { oid })
  }
  return scope
}

function readIssuingDistributionPoint({ value, at }: Extension): CrlScope {
  const sequence = readWhole(value, at, (cursor) => enterDer(cursor, derTag.sequence, ''))
  let distributionPoint: readonly string[] | undefined
  if (peekTag(sequence) === contextTag(0, 'constructed')) {
    const tag = contextTag(0, 'constructed')
    const names = readInside(sequence, tag, 'distributionPoint', (choice) => readGeneralNames(choice, 'fullName', tag))
    distributionPoint = names.flatMap((name) => (name.kind === 'uri' ? [name.text] : []))
  }
  // Each BOOLEAN is false by default, so one that is there must say true (X.690 section 11.5).
  const flag = (number: number, field: string): boolean => {
    const tag = contextTag(number, 'primitive')
    if (peekTag(sequence) !== tag) return false
    if (!readBoolean(sequence, field, tag)) throw parseError('der/default', joinPath(sequence.path, field), {})
    return true
  }
  const endEntities = flag(1, 'onlyContainsUserCerts')
  const authorities = flag(2, 'onlyContainsCACerts')
  if (peekTag(sequence) === contextTag(3, 'primitive')) throw parseError('crl/some-reasons', sequence.path, {})
  if (flag(4, 'indirectCRL')) throw parseError('crl/indirect', sequence.path, {})
  if (flag(5, 'onlyContainsAttributeCerts')) throw parseError('crl/attribute-certificates', sequence.path, {})
  endDer(sequence)
  if (endEntities && authorities) throw parseError('crl/scope', sequence.path, {})
  return { covers: endEntities ? 'end-entities' : authorities ? 'authorities' : 'all', distributionPoint }
}
