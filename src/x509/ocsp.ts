// Turns a DER OCSP response (RFC 6960 section 4.2) into its fields; keeps the received bytes that are signed.

import { type Bytes, copyBytes } from '../bytes/bytes.js'
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
  readInside,
  readOctets,
  readOid,
  readUnsigned,
  readWhole,
  takeContent,
} from '../encoding/der.js'
import { readGeneralizedTime } from '../encoding/der-time.js'
import { parseError } from '../result/error.js'
import { markParsed } from '../result/parsed.js'
import {
  type AlgorithmIdentifier,
  type Certificate,
  readAlgorithm,
  readCertificate,
  readExtensionList,
} from './certificate.js'
import type { Extension } from './extension.js'
import { type DistinguishedName, readName } from './name.js'
import { type OcspCertId, readCertId } from './ocsp-cert-id.js'
import type { CertificateStatus } from './revocation-evidence.js'
import { readRevocationReason } from './revocation-reason.js'

/** What a responder says when it gives no answer; unsigned, and never evidence of anything. */
export type OcspErrorStatus =
  | 'malformed-request'
  | 'internal-error'
  | 'try-later'
  | 'signature-required'
  | 'unauthorized'

export type OcspResponderId =
  | { readonly kind: 'name'; readonly name: DistinguishedName }
  /** SHA-1 of the responder's key, the octets of the BIT STRING. */
  | { readonly kind: 'key'; readonly keyHash: Bytes }

export interface OcspSingleResponse {
  readonly at: string
  readonly certId: OcspCertId
  readonly said: CertificateStatus
  readonly thisUpdate: Date
  readonly nextUpdate: Date | undefined
}

export interface OcspAnswer {
  readonly kind: 'answer'
  /** Where the response stood in the input; prefixes the `at` of later failures. */
  readonly at: string
  readonly raw: Bytes
  /** The signed bytes, tag included. */
  readonly tbs: Bytes
  readonly responderId: OcspResponderId
  readonly producedAt: Date
  readonly responses: readonly OcspSingleResponse[]
  /** Content of the Nonce octet string; undefined if there is none. */
  readonly nonce: Bytes | undefined
  readonly signatureAlgorithm: AlgorithmIdentifier
  readonly signature: Bytes
  /** Certificates that came along. They prove nothing until the issuer's key has signed them. */
  readonly certificates: readonly Certificate[]
}

/** An OCSP response as read: well-formed, nothing verified. */
export type OcspResponse =
  | OcspAnswer
  | { readonly kind: 'error'; readonly at: string; readonly raw: Bytes; readonly status: OcspErrorStatus }

/** Recorded responses are about 1 KB; a certificate chain and a few more answers fit many times over. */
const maxResponseBytes = 65_536
/** A collector asks about one certificate at a time; some responders answer for a whole path. */
const maxSingleResponses = 32
/** One responder certificate is the rule; verification looks at each. */
const maxCertificates = 8

const basicResponseOid = '1.3.6.1.5.5.7.48.1.1'
const nonceOid = '1.3.6.1.5.5.7.48.1.2'

const errorStatuses: readonly (OcspErrorStatus | undefined)[] = [
  undefined,
  'malformed-request',
  'internal-error',
  'try-later',
  undefined,
  'signature-required',
  'unauthorized',
]

/**
 * Reads one OCSP response. Checks form only: no signature, time, responder or certificate. A responder that gives no
 * answer (`tryLater` and the like) yields `kind: 'error'`, which no later step takes for an answer. Copies `der` first.
 * @throws AttestationError `ocsp/*` of stage parse, `revocation/reason`, `certificate/*`, `name/*`, the DER codes, `bytes/too-large`, `bytes/trailing`
 */
export function parseOcspResponse(der: Bytes, at = ''): OcspResponse {
  requireSize(der, maxResponseBytes, at)
  const cursor = openDer(copyBytes(der), at, maxResponseBytes)
  const outer = enterDer(cursor, derTag.sequence, '')
  endDer(cursor)
  const raw = cursor.bytes
  const code = readUnsigned(outer, 'responseStatus', derTag.enumerated)
  if (code !== 0) {
    const status = errorStatuses[code]
    if (status === undefined) throw parseError('ocsp/status', joinPath(at, 'responseStatus'), { value: code })
    endDer(outer)
    return markParsed({ kind: 'error', at, raw, status })
  }
  const explicit = enterDer(outer, contextTag(0, 'constructed'), 'responseBytes')
  endDer(outer)
  const responseBytes = enterWhole(explicit)
  const type = readOid(responseBytes, 'responseType')
  if (type !== basicResponseOid) throw parseError('ocsp/response-type', responseBytes.path, { oid: type })
  const basic = enterDer(responseBytes, derTag.octetString, 'response')
  endDer(responseBytes)
  const answer = readBasicResponse(enterWhole(basic))
  return markParsed({ kind: 'answer', at, raw, ...answer })
}

// The one SEQUENCE that fills `cursor`.
function enterWhole(cursor: DerCursor): DerCursor {
  const inner = enterDer(cursor, derTag.sequence, '')
  endDer(cursor)
  return inner
}

type Fields = Omit<OcspAnswer, 'kind' | 'at' | 'raw'>

function readBasicResponse(basic: DerCursor): Fields {
  const start = basic.position
  const data = enterDer(basic, derTag.sequence, 'tbs')
  const tbs = basic.bytes.subarray(start, basic.position)
  const fields = readResponseData(data)
  const signatureAlgorithm = readAlgorithm(basic, 'signatureAlgorithm')
  const signature = readBits(basic, 'signature')
  const certificates: Certificate[] = []
  if (peekTag(basic) !== undefined) {
    const list = enterWhole(enterDer(basic, contextTag(0, 'constructed'), 'certs'))
    while (peekTag(list) !== undefined) {
      if (certificates.length >= maxCertificates)
        throw parseError('ocsp/too-many-certificates', list.path, { limit: maxCertificates })
      certificates.push(readCertificate(list, `[${certificates.length}]`))
    }
  }
  endDer(basic)
  return { tbs, ...fields, signatureAlgorithm, signature, certificates: Object.freeze(certificates) }
}

function readResponseData(data: DerCursor): Pick<Fields, 'responderId' | 'producedAt' | 'responses' | 'nonce'> {
  // v1 is the default and the only version: DER leaves it out, so a version field is either a default spelt out or unknown.
  if (peekTag(data) === contextTag(0, 'constructed'))
    throw parseError('ocsp/version', joinPath(data.path, 'version'), {})
  const responderId = readResponderId(data)
  const producedAt = readGeneralizedTime(data, 'producedAt')
  const list = enterDer(data, derTag.sequence, 'responses')
  const responses: OcspSingleResponse[] = []
  while (peekTag(list) !== undefined) {
    if (responses.length >= maxSingleResponses)
      throw parseError('ocsp/too-many-responses', list.path, { limit: maxSingleResponses })
    responses.push(readSingleResponse(list, `[${responses.length}]`, producedAt))
  }
  let nonce: Bytes | undefined
  for (const extension of readOptionalExtensions(data, 'responseExtensions')) {
    if (extension.oid === nonceOid) {
      nonce = readWhole(extension.value, extension.at, (inner) => readOctets(inner, ''))
    } else refuseCritical(extension)
  }
  endDer(data)
  return { responderId, producedAt, responses: Object.freeze(responses), nonce }
}

function readResponderId(data: DerCursor): OcspResponderId {
  const nameTag = contextTag(1, 'constructed')
  if (peekTag(data) === nameTag) {
    const name = readInside(data, nameTag, 'responderID', (explicit) => readName(explicit, ''))
    return Object.freeze({ kind: 'name', name })
  }
  const keyTag = contextTag(2, 'constructed')
  const keyHash = readInside(data, keyTag, 'responderID', (explicit) => readOctets(explicit, ''))
  return Object.freeze({ kind: 'key', keyHash })
}

function readSingleResponse(list: DerCursor, field: string, producedAt: Date): OcspSingleResponse {
  const single = enterDer(list, derTag.sequence, field)
  const certId = readCertId(single, 'certID')
  const said = readStatus(single)
  const thisUpdate = readGeneralizedTime(single, 'thisUpdate')
  const nextTag = contextTag(0, 'constructed')
  const nextUpdate =
    peekTag(single) === nextTag
      ? readInside(single, nextTag, 'nextUpdate', (explicit) => readGeneralizedTime(explicit, ''))
      : undefined
  // Section 4.2.2.1: status known (thisUpdate), then signed (producedAt); the window must not be empty.
  if (thisUpdate > producedAt || (nextUpdate !== undefined && nextUpdate <= thisUpdate))
    throw parseError('ocsp/time-order', single.path, { producedAt, thisUpdate, nextUpdate })
  for (const extension of readOptionalExtensions(single, 'singleExtensions')) refuseCritical(extension)
  endDer(single)
  return { at: single.path, certId, said, thisUpdate, nextUpdate }
}

function readStatus(single: DerCursor): CertificateStatus {
  const revokedTag = contextTag(1, 'constructed')
  const tag = peekTag(single)
  if (tag === revokedTag) return readInside(single, revokedTag, 'certStatus', readRevoked)
  const unknownTag = contextTag(2, 'primitive')
  const isUnknown = tag === unknownTag
  const content = takeContent(single, isUnknown ? unknownTag : contextTag(0, 'primitive'), 'certStatus')
  if (content.length !== 0) throw parseError('der/null', joinPath(single.path, 'certStatus'), {})
  return isUnknown ? { status: 'unknown' } : { status: 'good' }
}

function readRevoked(revoked: DerCursor): CertificateStatus {
  const revokedAt = readGeneralizedTime(revoked, 'revocationTime')
  const tag = contextTag(0, 'constructed')
  const reason =
    peekTag(revoked) === undefined
      ? undefined
      : readInside(revoked, tag, 'revocationReason', (explicit) => readRevocationReason(explicit, ''))
  return { status: 'revoked', revokedAt, reason }
}

function readOptionalExtensions(cursor: DerCursor, field: string): readonly Extension[] {
  const tag = contextTag(1, 'constructed')
  return peekTag(cursor) === tag ? readExtensionList(enterWhole(enterDer(cursor, tag, field))) : []
}

function refuseCritical({ critical, oid, at }: Extension): void {
  if (critical) throw parseError('ocsp/critical-extension', at, { oid })
}
