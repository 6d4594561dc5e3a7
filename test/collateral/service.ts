// A local HTTP server that plays the vendor's services: each test says what it answers.
import { createHash } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import type { CollectOptions } from '../../src/collateral/index.js'

export interface ServedRequest {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  /** How many requests for the same path and body came before. */
  readonly earlier: number
}

export interface Answer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array | string
  readonly delayMs?: number
  /** Sends nothing before. */
  readonly heldUntil?: Promise<unknown>
  /** Announces the whole body, sends this many bytes of it and hangs up. */
  readonly cutAfter?: number
  /** Sends the head, then nothing. */
  readonly stallsBody?: boolean
}

export type Route = (request: ServedRequest) => Answer | undefined

export interface Service {
  readonly origin: string
  readonly requests: readonly ServedRequest[]
  readonly close: () => Promise<void>
}

export async function startService(route: Route): Promise<Service> {
  const requests: ServedRequest[] = []
  const server = createServer((incoming, outgoing) => {
    const parts: Buffer[] = []
    incoming.on('data', (part: Buffer) => parts.push(part))
    incoming.on('end', async () => {
      const body = Buffer.concat(parts)
      const path = incoming.url ?? ''
      const earlier = requests.filter((one) => one.path === path && one.body.equals(body)).length
      const request = { method: incoming.method ?? '', path, headers: incoming.headers, body, earlier }
      requests.push(request)
      const answer = route(request) ?? { status: 404, body: '{"message":"NOT_FOUND"}' }
      if (answer.delayMs !== undefined) await delay(answer.delayMs)
      await answer.heldUntil
      const bytes = Buffer.from(answer.body ?? '')
      outgoing.writeHead(answer.status ?? 200, { 'content-length': bytes.length, ...answer.headers })
      if (answer.stallsBody === true) outgoing.flushHeaders()
      else if (answer.cutAfter === undefined) outgoing.end(bytes)
      else outgoing.write(bytes.subarray(0, answer.cutAfter), () => incoming.socket.destroy())
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** For what is held and not released. */
export const never: Promise<never> = new Promise(() => undefined)

export function envelope(id: string, xml: Uint8Array, overrides: Readonly<Record<string, unknown>> = {}): string {
  const sha256 = createHash('sha256').update(xml).digest('hex')
  return JSON.stringify({ id, rim: Buffer.from(xml).toString('base64'), sha256, request_id: 'r', ...overrides })
}

export interface Known {
  readonly manifests: ReadonlyMap<string, Uint8Array>
  /** Responses by serial number, lowercase hex; a function is given the request. */
  readonly statuses: ReadonlyMap<string, Uint8Array | ((request: ServedRequest) => Uint8Array)>
  readonly crls?: ReadonlyMap<string, Uint8Array>
}

/** What the services answer that know this much. */
export function routeOf({ manifests, statuses, crls }: Known): Route {
  return (request) => {
    const { method, path, headers, body } = request
    if (method === 'POST' && path === '/ocsp' && headers['content-type'] === 'application/ocsp-request') {
      // The serial number is the last element of the CertID: an INTEGER, tag and length before its octets.
      for (const [serial, status] of statuses) {
        const integer = `02${(serial.length / 2).toString(16).padStart(2, '0')}${serial}`
        if (!body.toString('hex').includes(integer)) continue
        return { body: typeof status === 'function' ? status(request) : status }
      }
      return undefined
    }
    const id = /^\/v1\/rim\/(.+)$/.exec(path)?.[1] ?? ''
    const xml = manifests.get(id)
    if (method === 'GET' && xml !== undefined) return { body: envelope(id, xml) }
    const list = crls?.get(path)
    return method === 'GET' && list !== undefined ? { body: list } : undefined
  }
}

/** The nonce in an OCSP request, found by its object identifier. */
export function requestNonce(body: Buffer): Uint8Array | undefined {
  const oid = Buffer.from('06092b0601050507300102', 'hex')
  const start = body.indexOf(oid)
  // OCTET STRING around OCTET STRING, both short.
  return start < 0 ? undefined : new Uint8Array(body.subarray(start + oid.length + 4))
}

/** Options for one local server: generous limits, real network, real pauses (short ones). */
export function optionsFor(origin: string, now: Date, overrides: Partial<CollectOptions> = {}): CollectOptions {
  return {
    fetch: (url, request) => fetch(url, request),
    now: () => now,
    random: (length) => new Uint8Array(length).fill(7),
    sleep: (ms, signal) => delay(ms, undefined, { signal }),
    manifestUrl: `${origin}/v1/rim`,
    ocspUrl: `${origin}/ocsp`,
    allowedOrigins: [origin],
    ...overrides,
    limits: { attemptMs: 5000, totalMs: 20_000, attempts: 3, backoffMs: 2, ...overrides.limits },
  }
}
