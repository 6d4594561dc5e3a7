// Which revocation lists certificates name, and one of them from where it is published.
import type { Certificate } from '../x509/certificate.js'
import { parseCrl } from '../x509/crl.js'
import type { DocumentName, Obtained } from './document.js'
import { type HttpClient, parseUrl } from './http.js'
import { malformed } from './malformed.js'
import type { Settings } from './options.js'
import { windowProblem } from './status.js'

/** The reader takes no more than this. */
const maxListBytes = 4_194_304

/** How long a list may be handed out, unless it ends before: lists are issued for a month and replaced when needed. */
const keepMs = 3_600_000

/**
 * The first address of a complete list in each certificate, each once. Certificates name plain HTTP addresses, as lists
 * are signed; where only HTTPS to that host is allowed, that is used instead.
 */
export function listNames(certificates: readonly Certificate[], settings: Settings): readonly DocumentName[] {
  const urls = new Set<string>()
  for (const { known } of certificates) {
    const points = known.crlDistributionPoints ?? []
    const names = points.flatMap(({ partial, fullName }) => (partial ? [] : fullName))
    const [first] = names.flatMap((name) => (name.kind === 'uri' && /^https?:/i.test(name.text) ? [name.text] : []))
    if (first !== undefined) urls.add(allowedForm(first, settings.allowedOrigins))
  }
  return [...urls].map((url) => ({ at: `crls[${url}]`, document: `revocation list ${url}`, url }))
}

function allowedForm(url: string, allowed: ReadonlySet<string>): string {
  const parsed = parseUrl(url)
  if (parsed?.protocol !== 'http:' || allowed.has(parsed.origin)) return url
  return allowed.has(`https://${parsed.host}`) ? url.replace(/^http:/i, 'https:') : url
}

/** @throws AttestationError `collect/*` */
export function fetchList(name: DocumentName, client: HttpClient, settings: Settings): Promise<Obtained> {
  const headers = { accept: 'application/pkix-crl' }
  return client.request({ ...name, method: 'GET', headers, maxBytes: maxListBytes }, async (body) => {
    const list = readList(body, name)
    const obtainedAt = settings.now()
    const problem = windowProblem(list, obtainedAt, name)
    const until = Math.min(obtainedAt.getTime() + keepMs, list.nextUpdate?.getTime() ?? Number.POSITIVE_INFINITY)
    return {
      document: { kind: 'crl', list, origin: { obtainedAt, source: name.url } },
      size: body.length,
      until: new Date(until),
      ...(problem === undefined ? {} : { problem }),
    }
  })
}

function readList(body: Uint8Array, name: DocumentName): ReturnType<typeof parseCrl> {
  try {
    return parseCrl(body, `collateral.${name.at}`)
  } catch (error) {
    throw malformed(error, name)
  }
}
