// Which revocation lists certificates name, and one of them from where it is published.
import { collectError } from '../result/error.js'
import type { Failure } from '../result/failure.js'
import type { Certificate } from '../x509/certificate.js'
import { parseCrl } from '../x509/crl.js'
import { isSource } from './bundle.js'
import { type DocumentName, keepMs, type Obtained } from './document.js'
import { type HttpClient, parseUrl } from './http.js'
import { malformed } from './malformed.js'
import type { Settings } from './options.js'
import { windowProblem } from './status.js'

/** The reader takes no more than this. */
const maxListBytes = 4_194_304

/** Of an address that is not asked, in a failure. */
const maxShown = 256

/**
 * The first address of a complete list in each certificate, in the one form that is asked and noted, each once.
 * Certificates name plain HTTP addresses, as lists are signed; where only HTTPS to that host is allowed, that is used
 * instead.
 */
export function listNames(
  certificates: readonly Certificate[],
  { allowedOrigins }: Settings,
): { readonly names: readonly DocumentName[]; readonly problems: readonly Failure[] } {
  const urls = new Set<string>()
  const problems: Failure[] = []
  for (const { known } of certificates) {
    const points = known.crlDistributionPoints ?? []
    const names = points.flatMap(({ partial, fullName }) => (partial ? [] : fullName))
    const [first] = names.flatMap((name) => (name.kind === 'uri' && /^https?:/i.test(name.text) ? [name.text] : []))
    if (first === undefined) continue
    const url = requestUrl(first, allowedOrigins) ?? first
    if (isSource(url)) urls.add(url)
    else {
      const { at, ...details } = listName(url.length > maxShown ? `${url.slice(0, maxShown)}...` : url)
      problems.push(collectError('collect/url', at, details).failure)
    }
  }
  return { names: [...urls].map(listName), problems }
}

function listName(url: string): DocumentName {
  return { at: `crls[${url}]`, document: `revocation list ${url}`, url }
}

function requestUrl(text: string, allowed: ReadonlySet<string>): string | undefined {
  const url = parseUrl(text)
  if (url === undefined) return undefined
  // Never sent: addresses that differ in it alone are one.
  url.hash = ''
  const secure = new URL(url)
  secure.protocol = 'https:'
  return (!allowed.has(url.origin) && allowed.has(secure.origin) ? secure : url).href
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
