// Whose revocation status to ask for, and one status from the OCSP responder.
import { type Bytes, copyBytes, equalBytes } from '../bytes/bytes.js'
import { encodeHex } from '../bytes/hex.js'
import { collectError } from '../result/error.js'
import type { CollectFailure } from '../result/failure.js'
import type { Certificate } from '../x509/certificate.js'
import { describeName, sameName } from '../x509/name.js'
import { type OcspAnswer, type OcspErrorStatus, type OcspSingleResponse, parseOcspResponse } from '../x509/ocsp.js'
import { encodeOcspRequest } from '../x509/ocsp-request.js'
import { findOcspAnswer } from '../x509/ocsp-verify.js'
import { revocationIssuer } from '../x509/revocation-evidence.js'
import type { TrustAnchor } from '../x509/trust-anchor.js'
import { type DocumentName, keepMs, type Obtained } from './document.js'
import type { HttpClient } from './http.js'
import { malformed } from './malformed.js'
import type { Settings } from './options.js'

/** A certificate and who is asked about it. */
export interface StatusQuery extends DocumentName {
  readonly certificate: Certificate
  readonly issuer: Certificate | TrustAnchor
  /** Equal for equal questions. */
  readonly key: string
}

/** Recorded responses have about 1 KB; the reader takes no more than this. */
const maxResponseBytes = 65_536

/** RFC 9654 recommends 32 octets. */
const nonceLength = 32

/**
 * A question for each of `certificates` (leaf first) that names another as its issuer; `skip` leaves out that many from
 * the leaf on. Issuers are found by name and key identifier alone, and asked about wrongly at worst.
 */
export function statusQueries(
  certificates: readonly Certificate[],
  skip: number,
  settings: Settings,
): { readonly queries: readonly StatusQuery[]; readonly problems: readonly CollectFailure[] } {
  const queries: StatusQuery[] = []
  const problems: CollectFailure[] = []
  for (const certificate of certificates.slice(skip)) {
    if (sameName(certificate.subject, certificate.issuer)) continue
    const issuer = findIssuer(certificate, certificates, settings.trustAnchors)
    const name = statusName(certificate, settings)
    if (issuer !== undefined) {
      queries.push({ ...name, certificate, issuer, key: queryKey(certificate, issuer, settings) })
      continue
    }
    const details = { document: name.document, issuer: describeName(certificate.issuer) }
    const { at } = name
    problems.push({ stage: 'collect', code: 'collect/no-issuer', at, details })
  }
  return { queries, problems }
}

function statusName({ serialNumber, subject }: Certificate, { ocspUrl }: Settings): DocumentName {
  return {
    at: `ocspResponses[${encodeHex(serialNumber)}]`,
    document: `status of ${describeName(subject)}`,
    url: ocspUrl,
  }
}

function findIssuer(
  { issuer, known }: Certificate,
  candidates: readonly Certificate[],
  anchors: readonly TrustAnchor[],
): Certificate | TrustAnchor | undefined {
  const named = candidates.filter(({ subject }) => sameName(subject, issuer))
  const keyIdentifier = known.authorityKeyIdentifier?.keyIdentifier
  const meant = named.find(({ known: { subjectKeyIdentifier } }) =>
    keyIdentifier === undefined || subjectKeyIdentifier === undefined
      ? false
      : equalBytes(keyIdentifier, subjectKeyIdentifier),
  )
  return meant ?? named[0] ?? anchors.find(({ name }) => sameName(name, issuer))
}

function queryKey(certificate: Certificate, issuer: Certificate | TrustAnchor, settings: Settings): string {
  const { name, keyBits } = revocationIssuer(issuer)
  const { ocspUrl, ocspHash, ocspNonce } = settings
  const parts = [name.raw, keyBits, certificate.serialNumber].map(encodeHex)
  return ['ocsp', ocspUrl, ocspHash, ocspNonce, ...parts].join(' ')
}

/** @throws AttestationError `collect/*` */
export function fetchStatus(query: StatusQuery, client: HttpClient, settings: Settings): Promise<Obtained> {
  const { crypto, ocspNonce, ocspHash, random } = settings
  const { certificate, issuer } = query
  // One nonce for all attempts: none of them was answered.
  const nonce = ocspNonce === 'required' ? copyBytes(random(nonceLength)) : undefined
  if (nonce !== undefined && nonce.length !== nonceLength)
    throw new TypeError('random must return as many bytes as it is asked for')
  const request = { certificate, issuer, hash: ocspHash, crypto }
  return encodeOcspRequest(nonce === undefined ? request : { ...request, nonce }).then((der) =>
    client.request(
      {
        at: query.at,
        document: query.document,
        url: query.url,
        method: 'POST',
        headers: { 'content-type': 'application/ocsp-request', accept: 'application/ocsp-response' },
        body: copyBytes(der),
        maxBytes: maxResponseBytes,
      },
      (body, attempt) => readStatus(body, attempt, query, nonce, settings),
    ),
  )
}

async function readStatus(
  body: Bytes,
  attempts: number,
  query: StatusQuery,
  nonce: Bytes | undefined,
  settings: Settings,
): Promise<Obtained> {
  const { at, document, url, certificate, issuer } = query
  const missing = { document, url }
  const response = readResponse(body, query)
  if (response.kind === 'error') throw refusal(response.status, attempts, query)
  const found = await findOcspAnswer(response, certificate, revocationIssuer(issuer), settings.crypto).catch(
    (error: unknown) => {
      throw malformed(error, query)
    },
  )
  if (found === undefined)
    throw collectError('collect/wrong-certificate', at, {
      ...missing,
      serialNumber: encodeHex(certificate.serialNumber),
    })
  if (nonce !== undefined) requireNonce(response, nonce, query)
  const obtainedAt = settings.now()
  const { thisUpdate, nextUpdate } = found.single
  const problem = windowProblem(found.single, obtainedAt, query)
  return {
    document: { kind: 'ocsp', response, origin: { nonce, obtainedAt, source: url } },
    size: body.length,
    until: new Date(Math.min(obtainedAt.getTime() + keepMs, nextUpdate?.getTime() ?? thisUpdate.getTime() + keepMs)),
    ...(problem === undefined ? {} : { problem }),
  }
}

function readResponse(body: Bytes, name: DocumentName): ReturnType<typeof parseOcspResponse> {
  try {
    return parseOcspResponse(body, `collateral.${name.at}`)
  } catch (error) {
    throw malformed(error, name)
  }
}

function refusal(status: OcspErrorStatus, attempts: number, { at, document, url }: DocumentName): Error {
  return status === 'try-later' || status === 'internal-error'
    ? collectError('collect/responder-busy', at, { document, url, attempts, status })
    : collectError('collect/responder-refused', at, { document, url, status })
}

function requireNonce(answer: OcspAnswer, expected: Bytes, { at, document, url }: DocumentName): void {
  if (answer.nonce === undefined) throw collectError('collect/nonce-missing', at, { document, url })
  if (!equalBytes(answer.nonce, expected))
    throw collectError('collect/nonce-mismatch', at, {
      document,
      url,
      expected: encodeHex(expected),
      actual: encodeHex(answer.nonce),
    })
}

/** What is wrong with a window at `now`; the document is kept, for whoever appraises another time. */
export function windowProblem(
  { thisUpdate, nextUpdate }: Pick<OcspSingleResponse, 'thisUpdate' | 'nextUpdate'>,
  now: Date,
  { at, document, url }: DocumentName,
): CollectFailure | undefined {
  const missing = { document, url, now }
  if (now < thisUpdate)
    return { stage: 'collect', code: 'collect/not-yet-valid', at, details: { ...missing, thisUpdate } }
  if (nextUpdate !== undefined && now >= nextUpdate)
    return { stage: 'collect', code: 'collect/stale', at, details: { ...missing, nextUpdate } }
  return undefined
}
