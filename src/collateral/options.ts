// What a collector is given: the outside world as functions, addresses, and limits; and what it takes where nothing is said.
import type { Bytes } from '../bytes/bytes.js'
import type { CryptoProvider } from '../crypto/provider.js'
import { webCryptoProvider } from '../crypto/webcrypto.js'
import type { TrustAnchor } from '../x509/trust-anchor.js'
import { isSource, maxManifestIdLength } from './bundle.js'
import type { CollateralCache } from './cache.js'

/** The part of the Fetch standard that is used; `globalThis.fetch` is one. */
export type Fetch = (
  url: string,
  request: {
    readonly method: 'GET' | 'POST'
    readonly headers: Record<string, string>
    readonly body?: Uint8Array<ArrayBuffer>
    readonly redirect: 'manual'
    readonly signal: AbortSignal
  },
) => Promise<FetchResponse>

/** The part of a Fetch `Response` that is used. */
export interface FetchResponse {
  readonly status: number
  readonly headers: { readonly get: (name: string) => string | null }
  readonly body: ReadableStream<Uint8Array> | null
}

/** The world outside: nothing of it is taken from the environment. */
export interface CollectWorld {
  readonly fetch: Fetch
  readonly now: () => Date
  /** Unpredictable bytes, for OCSP nonces and to spread retries. */
  readonly random: (length: number) => Bytes
  /** Settles after `ms`; may settle in either way as soon as `signal` is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<unknown>
}

/** Bounds of one collection; times in milliseconds. */
export interface CollectLimits {
  /** For one request, from its start to the last byte of the answer. Default 10 000. */
  readonly attemptMs?: number
  /** For everything. Default 60 000. */
  readonly totalMs?: number
  /** How often one document is asked for. Default 4. */
  readonly attempts?: number
  /** First pause before a document is asked for again; it doubles each time, up to 30 s. Default 250. */
  readonly backoffMs?: number
  /** Requests under way at once. Default 8. */
  readonly concurrency?: number
}

/** How to collect: the world outside, addresses, limits. */
export interface CollectOptions extends CollectWorld {
  /** Default `https://rim.attestation.nvidia.com/v1/rim`. */
  readonly manifestUrl?: string
  /** Default `https://ocsp.ndis.nvidia.com`; addresses in certificates are not used. */
  readonly ocspUrl?: string
  /** Origins that may be connected to. Default: those of NVIDIA's services, over HTTPS. */
  readonly allowedOrigins?: readonly string[]
  /** Sent to the origins of `manifestUrl` and `ocspUrl`, and nowhere else. */
  readonly bearerToken?: string
  /** Hash of the certificate identifiers in OCSP requests. Default `sha384`. */
  readonly ocspHash?: 'sha1' | 'sha256' | 'sha384'
  /**
   * `required` sends a fresh random nonce with each request and refuses an answer without it. Default `none`: answers
   * can be shared and cached, and are bounded by their own dates.
   */
  readonly ocspNonce?: 'none' | 'required'
  /** Whether to fetch the revocation lists that certificates name. Default `none`. */
  readonly crls?: 'none' | 'distribution-points'
  /** Issuers of certificates whose chain leaves the last one out. Trusts nothing: they only name whom to ask about. */
  readonly trustAnchors?: readonly TrustAnchor[]
  readonly limits?: CollectLimits
  /** Keeps documents between collections. */
  readonly cache?: CollateralCache
  /** Stops the collection; what is missing by then is a problem. */
  readonly signal?: AbortSignal
  readonly crypto?: CryptoProvider
  /** Called when a document is obtained or given up; `total` grows as manifests name further certificates. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void
}

/** Options with every gap filled and every setting checked. */
export interface Settings extends CollectWorld {
  readonly manifestUrl: string
  readonly ocspUrl: string
  readonly allowedOrigins: ReadonlySet<string>
  readonly bearer: { readonly token: string; readonly origins: ReadonlySet<string> } | undefined
  readonly ocspHash: 'sha1' | 'sha256' | 'sha384'
  readonly ocspNonce: 'none' | 'required'
  readonly crls: 'none' | 'distribution-points'
  readonly trustAnchors: readonly TrustAnchor[]
  readonly limits: Required<CollectLimits>
  readonly crypto: CryptoProvider
}

const vendorOrigins = [
  'https://rim.attestation.nvidia.com',
  'https://ocsp.ndis.nvidia.com',
  'https://crl.ndis.nvidia.com',
]

const defaultLimits: Required<CollectLimits> = {
  attemptMs: 10_000,
  totalMs: 60_000,
  attempts: 4,
  backoffMs: 250,
  concurrency: 8,
}

/** @throws TypeError for an address, origin, token or limit that cannot be meant */
export function settle(options: CollectOptions): Settings {
  const { manifestUrl = 'https://rim.attestation.nvidia.com/v1/rim', ocspUrl = 'https://ocsp.ndis.nvidia.com' } =
    options
  const { bearerToken } = options
  const [manifests, statuses] = [webAddress(manifestUrl), webAddress(ocspUrl)]
  const manifestBase = manifests.href.replace(/\/+$/, '')
  for (const longest of [`${manifestBase}/${'-'.repeat(maxManifestIdLength)}`, statuses.href])
    if (!isSource(longest)) throw new TypeError('an address is longer than a bundle can note')
  // RFC 6750 section 2.1; a line break would smuggle in a header.
  if (bearerToken !== undefined && !/^[A-Za-z0-9._~+/-]+=*$/.test(bearerToken))
    throw new TypeError('bearerToken has characters that no token has')
  const limits = { ...defaultLimits, ...options.limits }
  for (const [name, value] of Object.entries(limits))
    if (!(Number.isSafeInteger(value) && value > 0)) throw new TypeError(`limits.${name} must be a positive integer`)
  return {
    fetch: options.fetch,
    now: options.now,
    random: options.random,
    sleep: options.sleep,
    manifestUrl: manifestBase,
    ocspUrl: statuses.href,
    allowedOrigins: new Set((options.allowedOrigins ?? vendorOrigins).map(requireOrigin)),
    bearer:
      bearerToken === undefined
        ? undefined
        : { token: bearerToken, origins: new Set([manifests.origin, statuses.origin]) },
    ocspHash: options.ocspHash ?? 'sha384',
    ocspNonce: options.ocspNonce ?? 'none',
    crls: options.crls ?? 'none',
    trustAnchors: options.trustAnchors ?? [],
    limits,
    crypto: options.crypto ?? webCryptoProvider,
  }
}

function requireOrigin(text: string): string {
  if (webAddress(text).origin !== text) throw new TypeError(`an allowed origin has scheme, host and port only: ${text}`)
  return text
}

/** Its `href` is the form that is asked and noted. */
function webAddress(text: string): URL {
  const url = new URL(text)
  if (!(url.protocol === 'https:' || url.protocol === 'http:')) throw new TypeError(`not a web address: ${text}`)
  // Not `search`, which an empty query leaves empty: paths are appended.
  if (url.username + url.password !== '' || /[?#]/.test(url.href))
    throw new TypeError('an address must not carry credentials, a query or a fragment')
  return url
}
