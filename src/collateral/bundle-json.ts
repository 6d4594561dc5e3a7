// Bundles to JSON text and back; the form is described in docs/collateral.md.
import { encodeBase64, parseBase64 } from '../bytes/base64.js'
import type { Bytes } from '../bytes/bytes.js'
import { encodeHex, parseHex } from '../bytes/hex.js'
import { encodeUtf8 } from '../bytes/text.js'
import {
  type JsonObject,
  jsonArray,
  jsonInteger,
  jsonObject,
  jsonString,
  memberPath,
  parseJson,
} from '../encoding/json.js'
import { maxXmlBytes } from '../encoding/xml.js'
import { parseError } from '../result/error.js'
import { parseCertificate } from '../x509/certificate.js'
import { parseCrl } from '../x509/crl.js'
import { parseOcspResponse } from '../x509/ocsp.js'
import {
  base64Length,
  bundleFormat,
  bundleVersion,
  type CollateralBundle,
  type DocumentOrigin,
  isManifestId,
  isSource,
  type ManifestOrigin,
  maxBundleBytes,
  maxDocuments,
  type OcspOrigin,
} from './bundle.js'

// The greatest number of documents has five values each, at most.
const limits = { maxBytes: maxBundleBytes, maxDepth: 4, maxValues: 16_384 }

const at = 'collateral'
const maxShown = 64

/**
 * Reads a bundle. Checks the form of the bundle and that OCSP responses, revocation lists and certificates can be read;
 * verifies nothing. Manifests stay bytes. Refuses unknown fields. A response in which the responder gives no answer is kept.
 * @throws AttestationError `collateral/*`, `json/*`, `encoding/*`, `bytes/too-large`, and those of the documents (`ocsp/*`,
 * `crl/*`, `certificate/*`, the DER codes), with `at` such as `collateral.ocspResponses[3].der`
 */
export function parseCollateral(bytes: Bytes): CollateralBundle {
  const root = jsonObject(parseJson(bytes, at, limits), at)
  // Before anything else is judged: a bundle of another version may have other fields.
  const format = jsonString(root.get('format'), `${at}.format`)
  if (format !== bundleFormat) throw parseError('collateral/format', `${at}.format`, { found: excerpt(format) })
  const version = jsonInteger(root.get('version'), `${at}.version`)
  if (version !== bundleVersion)
    throw parseError('collateral/version', `${at}.version`, { found: version, supported: bundleVersion })
  onlyFields(root, ['format', 'version', 'createdAt', 'manifests', 'ocspResponses', 'crls', 'certificates'], at)
  const createdAt = readTime(root, 'createdAt', at)
  const manifests = readList(root, 'manifests', readManifest)
  const ocspResponses = readList(root, 'ocspResponses', readOcspResponse)
  const crls = readList(root, 'crls', (item, path) => readDer(item, path, [], parseCrl))
  const certificates = readList(root, 'certificates', (item, path) => readDer(item, path, [], parseCertificate))
  return Object.freeze({
    createdAt,
    manifests: manifests.map(({ document }) => document),
    ocspResponses: ocspResponses.map(({ document }) => document),
    crls: crls.map(({ document }) => document),
    certificates: certificates.map(({ document }) => document),
    origins: {
      manifests: manifests.map(({ origin }) => origin),
      ocspResponses: ocspResponses.map(({ origin }) => origin),
      crls: crls.map(({ origin }) => origin),
      certificates: certificates.map(({ origin }) => origin),
    },
  })
}

interface Read<T, O extends DocumentOrigin = DocumentOrigin> {
  readonly document: T
  readonly origin: O
}

function readList<T>(
  root: JsonObject,
  name: keyof typeof maxDocuments,
  read: (item: JsonObject, path: string) => T,
): readonly T[] {
  const path = `${at}.${name}`
  const items = jsonArray(root.get(name), path)
  const limit = maxDocuments[name]
  if (items.length > limit) throw parseError('collateral/too-many', path, { limit, actual: items.length })
  return items.map((item, index) => read(jsonObject(item, `${path}[${index}]`), `${path}[${index}]`))
}

function readManifest(item: JsonObject, path: string): Read<Bytes, ManifestOrigin> {
  onlyFields(item, ['id', 'xml', 'obtainedAt', 'source'], path)
  const id = jsonString(item.get('id'), `${path}.id`)
  if (!isManifestId(id)) throw parseError('collateral/manifest-id', `${path}.id`, { found: excerpt(id) })
  const document = parseBase64(jsonString(item.get('xml'), `${path}.xml`), `${path}.xml`)
  if (document.length > maxXmlBytes)
    throw parseError('bytes/too-large', `${path}.xml`, { limit: maxXmlBytes, actual: document.length })
  return { document, origin: { id, ...readOrigin(item, path) } }
}

function readOcspResponse(item: JsonObject, path: string): Read<ReturnType<typeof parseOcspResponse>, OcspOrigin> {
  const { document, origin } = readDer(item, path, ['nonce'], parseOcspResponse)
  const nonceAt = `${path}.nonce`
  const nonce = item.has('nonce') ? parseHex(jsonString(item.get('nonce'), nonceAt), nonceAt) : undefined
  if (nonce !== undefined && (nonce.length < 1 || nonce.length > 128))
    throw parseError('collateral/nonce', nonceAt, { length: nonce.length })
  return { document, origin: { nonce, ...origin } }
}

function readDer<T>(
  item: JsonObject,
  path: string,
  further: readonly string[],
  parse: (der: Bytes, at: string) => T,
): Read<T> {
  onlyFields(item, ['der', 'obtainedAt', 'source', ...further], path)
  const derAt = `${path}.der`
  const document = parse(parseBase64(jsonString(item.get('der'), derAt), derAt), derAt)
  return { document, origin: readOrigin(item, path) }
}

function readOrigin(item: JsonObject, path: string): DocumentOrigin {
  const obtainedAt = readTime(item, 'obtainedAt', path)
  const sourceAt = `${path}.source`
  const source = item.has('source') ? jsonString(item.get('source'), sourceAt) : undefined
  if (source !== undefined && !isSource(source))
    throw parseError('collateral/source', sourceAt, { found: excerpt(source) })
  return { obtainedAt, source }
}

function readTime(item: JsonObject, name: string, path: string): Date {
  const text = jsonString(item.get(name), `${path}.${name}`)
  const time = new Date(text)
  // One spelling only, and no day that the calendar does not have.
  if (Number.isNaN(time.getTime()) || time.toISOString() !== text)
    throw parseError('collateral/time', `${path}.${name}`, { found: excerpt(text) })
  return time
}

function onlyFields(object: JsonObject, known: readonly string[], path: string): void {
  for (const name of object.keys())
    if (!known.includes(name))
      throw parseError('collateral/unknown-field', memberPath(path, name), { name: excerpt(name) })
}

function excerpt(text: string): string {
  return text.length > maxShown ? `${text.slice(0, maxShown)}...` : text
}

/**
 * Writes a bundle as JSON text that {@link parseCollateral} reads back to the same documents, in the same order. Equal
 * bundles make equal text. What a collection could not obtain is not part of a bundle.
 * @throws TypeError if an array of `origins` is not as long as the documents it is about, and for anything that
 * {@link parseCollateral} would refuse, which is tried: too many or too large documents, notes of another form
 */
export function encodeCollateral(bundle: CollateralBundle): string {
  try {
    const text = writeBundle(bundle)
    parseCollateral(encodeUtf8(text))
    return text
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'unknown reason'
    throw new TypeError(`not a bundle that can be read back: ${reason}`, { cause })
  }
}

function writeBundle(bundle: CollateralBundle): string {
  const { createdAt, manifests, ocspResponses, crls, certificates, origins } = bundle
  const list = <D, O extends DocumentOrigin>(
    documents: readonly D[],
    about: readonly O[],
    fields: (document: D, origin: O) => object,
  ): readonly object[] => {
    if (documents.length !== about.length) throw new TypeError('every document needs its origin')
    return about.map((origin, index) => {
      const document = documents[index]
      if (document === undefined) throw new TypeError('a document is missing')
      const { obtainedAt, source } = origin
      return {
        ...fields(document, origin),
        obtainedAt: obtainedAt.toISOString(),
        ...(source === undefined ? {} : { source }),
      }
    })
  }
  const all = [...manifests, ...[...ocspResponses, ...crls, ...certificates].map(({ raw }) => raw)]
  // Before the text is made, which would be larger than any engine's strings at worst.
  if (all.reduce((sum, one) => sum + base64Length(one), 0) > maxBundleBytes)
    throw new TypeError(`the documents are larger than a bundle of ${maxBundleBytes} bytes`)
  const der = ({ raw }: { readonly raw: Bytes }): object => ({ der: encodeBase64(raw) })
  const text = {
    format: bundleFormat,
    version: bundleVersion,
    createdAt: createdAt.toISOString(),
    manifests: list(manifests, origins.manifests, (xml, { id }) => ({ id, xml: encodeBase64(xml) })),
    ocspResponses: list(ocspResponses, origins.ocspResponses, (response, { nonce }) => ({
      ...der(response),
      ...(nonce === undefined ? {} : { nonce: encodeHex(nonce) }),
    })),
    crls: list(crls, origins.crls, der),
    certificates: list(certificates, origins.certificates, der),
  }
  return `${JSON.stringify(text, null, 2)}\n`
}
