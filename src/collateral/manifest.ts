// Which manifests a report asks for, and one of them from the RIM service.
import { type Bytes, equalBytes } from '../bytes/bytes.js'
import { encodeHex } from '../bytes/hex.js'
import { maxXmlBytes, parseXml } from '../encoding/xml.js'
import { type Product, parseDeviceName } from '../nvidia/architecture.js'
import type { Evidence } from '../nvidia/evidence.js'
import { driverRimId, switchBiosRimId, vbiosRimId } from '../nvidia/rim-id.js'
import { AttestationError, collectError } from '../result/error.js'
import type { Failure } from '../result/failure.js'
import { parseRimServiceResponse } from '../rim/service-response.js'
import { parseSignedXml } from '../rim/xml-signature.js'
import { type Certificate, parseCertificate } from '../x509/certificate.js'
import { isManifestId } from './bundle.js'
import { type DocumentName, keepMs, type Obtained } from './document.js'
import type { HttpClient } from './http.js'
import { malformed } from './malformed.js'
import type { Settings } from './options.js'

/** The envelope holds the document in base64, maybe a second one, and little else. */
const maxResponseBytes = 3 * maxXmlBytes

/**
 * The identifiers of the manifests for `evidence`, each once, in order. The reports are not verified yet: what they say
 * is a hint for what to fetch, no more.
 */
export function manifestIds(evidence: readonly Evidence[]): {
  readonly ids: readonly string[]
  readonly problems: readonly Failure[]
} {
  const ids = new Set<string>()
  const problems: Failure[] = []
  for (const { report, certificates, at } of evidence) {
    const place = at === '' ? 'report' : `${at}.report`
    const product = certificates.map(parseDeviceName).find((name) => name !== undefined)?.product
    const wanted =
      report.kind === 'gpu'
        ? ([
            ['driver', product && driverRimId(report, product)],
            ['firmware', vbiosRimId(report)],
          ] as const)
        : ([['firmware', switchBiosRimId(report)]] as const)
    for (const [kind, id] of wanted) {
      if (id === undefined) problems.push(noId(kind, product, place))
      else if (isManifestId(id)) ids.add(id)
      else problems.push(collectError('collect/manifest-id', place, { found: id.slice(0, 128) }).failure)
    }
  }
  return { ids: [...ids], problems }
}

function noId(kind: 'driver' | 'firmware', product: Product | undefined, at: string): Failure {
  return collectError('collect/no-manifest-id', at, { kind, product: product ?? 'unknown' }).failure
}

export function manifestName(id: string, { manifestUrl }: Settings): DocumentName {
  // The alphabet of an id needs no escapes.
  return { at: `manifests[${id}]`, document: `manifest ${id}`, url: `${manifestUrl}/${id}` }
}

/** @throws AttestationError `collect/*` */
export function fetchManifest(
  id: string,
  name: DocumentName,
  client: HttpClient,
  settings: Settings,
): Promise<Obtained> {
  const headers = { accept: 'application/json' }
  return client.request({ ...name, method: 'GET', headers, maxBytes: maxResponseBytes }, async (body) => {
    const xml = await openEnvelope(body, id, name, settings)
    const certificates = readCertificates(xml, name)
    const obtainedAt = settings.now()
    const until = Math.min(obtainedAt.getTime() + keepMs, ...certificates.map(({ notAfter }) => notAfter.getTime()))
    return {
      document: { kind: 'manifest', xml, certificates, origin: { id, obtainedAt, source: name.url } },
      size: body.length,
      until: new Date(until),
    }
  })
}

async function openEnvelope(body: Bytes, id: string, name: DocumentName, { crypto }: Settings): Promise<Bytes> {
  const { at, document, url } = name
  try {
    const { manifest, sha256 } = parseRimServiceResponse(body, id)
    const actual = await crypto.digest('sha256', manifest)
    if (!equalBytes(actual, sha256))
      throw collectError('collect/digest-mismatch', at, {
        document,
        url,
        expected: encodeHex(sha256),
        actual: encodeHex(actual),
      })
    return manifest
  } catch (error) {
    if (error instanceof AttestationError && error.failure.code === 'manifest/response-id')
      throw collectError('collect/wrong-id', at, { document, url, ...error.failure.details }, error)
    throw malformed(error, name)
  }
}

function readCertificates(xml: Bytes, name: DocumentName): readonly Certificate[] {
  try {
    return parseSignedXml(parseXml(xml, '')).certificates.map(({ der, at }) => parseCertificate(der, at))
  } catch (error) {
    throw malformed(error, name)
  }
}
