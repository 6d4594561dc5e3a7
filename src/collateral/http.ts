// One document from one address: allowed hosts only, bounded in size, time and attempts, with pauses that grow.
import type { Bytes } from '../bytes/bytes.js'
import { AttestationError, collectError } from '../result/error.js'
import type { FailureCode } from '../result/failure.js'
import { createGate, type Deadline, onAbort, pause, startDeadline, untilFired } from './deadline.js'
import type { DocumentName } from './document.js'
import type { FetchResponse, Settings } from './options.js'

export interface HttpRequest extends DocumentName {
  readonly method: 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Uint8Array<ArrayBuffer>
  readonly maxBytes: number
}

export type RunCause = 'deadline' | 'aborted'

export interface HttpClient {
  /**
   * Asks until there is an answer that `read` accepts, or no hope. A failure of `read` counts like one of the server:
   * transient ones are tried again.
   * @throws AttestationError `collect/*`
   */
  readonly request: <T>(request: HttpRequest, read: (body: Bytes, attempt: number) => Promise<T>) => Promise<T>
}

/** Worth another attempt: the next may go better. */
const transient: readonly FailureCode[] = [
  'collect/network',
  'collect/timeout',
  'collect/rate-limited',
  'collect/server-error',
  'collect/responder-busy',
]

const maxBackoffMs = 30_000

export function createHttpClient(settings: Settings, deadline: Deadline<RunCause>): HttpClient {
  const { limits, now } = settings
  const gate = createGate(limits.concurrency)
  const started = now().getTime()
  return {
    request: async (request, read) => {
      requireAllowed(request, settings.allowedOrigins)
      for (let attempt = 1; ; attempt++) {
        try {
          return await gate(async () => read(await attemptOnce(request, attempt, settings, deadline), attempt))
        } catch (error) {
          if (!(error instanceof AttestationError) || !transient.includes(error.code)) throw error
          const pauseMs = Math.max(retryAfterMs(error), backoffMs(attempt, settings))
          const leftMs = limits.totalMs - (now().getTime() - started)
          if (attempt >= limits.attempts || pauseMs > leftMs) throw error
          // When time runs out during the pause, the failure that caused it says more than that it did.
          if (!(await pause(deadline, pauseMs, settings.sleep))) throw error
        }
      }
    },
  }
}

function requireAllowed({ url, at, document }: DocumentName, allowed: ReadonlySet<string>): void {
  const parsed = parseUrl(url)
  if (parsed === undefined || parsed.username !== '' || parsed.password !== '')
    throw collectError('collect/url', at, { document, url })
  const { origin } = parsed
  if (!allowed.has(origin)) throw collectError('collect/host-not-allowed', at, { document, url, origin })
}

export function parseUrl(url: string): URL | undefined {
  return URL.canParse(url) ? new URL(url) : undefined
}

async function attemptOnce(
  request: HttpRequest,
  attempts: number,
  settings: Settings,
  run: Deadline<RunCause>,
): Promise<Bytes> {
  const { at, document, url } = request
  const { attemptMs, totalMs } = settings.limits
  const ended = (): AttestationError =>
    run.cause() === 'aborted'
      ? collectError('collect/aborted', at, { document, url })
      : collectError('collect/deadline', at, { document, url, limitMs: totalMs })
  if (run.cause() !== undefined) throw ended()
  const attempt = startDeadline<'attempt' | 'run'>(
    { ms: attemptMs, cause: 'attempt' },
    { onFire: run.onFire, cause: 'run' },
    settings.sleep,
  )
  try {
    const outcome = await untilFired(attempt, (signal) => exchange(request, attempts, settings, signal)).catch(
      (error: unknown) => {
        if (error instanceof AttestationError) throw error
        // A fetch that was told to stop says so in its own words; ours name the cause.
        if (attempt.cause() !== undefined) return undefined
        throw collectError('collect/network', at, { document, url, attempts, reason: reasonOf(error) }, error)
      },
    )
    if (outcome !== undefined) return outcome.value
    if (attempt.cause() === 'attempt')
      throw collectError('collect/timeout', at, { document, url, attempts, limitMs: attemptMs })
    throw ended()
  } finally {
    attempt.close()
  }
}

// `TypeError: fetch failed` hides what happened one level down.
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message
}

async function exchange(
  request: HttpRequest,
  attempts: number,
  { fetch, bearer, now }: Settings,
  signal: AbortSignal,
): Promise<Bytes> {
  const { url, method, body, maxBytes } = request
  const headers = { ...request.headers }
  if (bearer?.origins.has(new URL(url).origin) === true) headers['authorization'] = `Bearer ${bearer.token}`
  const fixed = { method, headers, redirect: 'manual', signal } as const
  const response = await fetch(url, body === undefined ? fixed : { ...fixed, body })
  if (response.status !== 200) {
    // The body of a refusal is not read: nothing in it would be believed.
    if (response.body !== null) letGo(response.body)
    throw refusal(request, attempts, response, now())
  }
  return readBody(response, maxBytes, request, signal)
}

function refusal(
  { at, document, url }: DocumentName,
  attempts: number,
  { status, headers }: FetchResponse,
  now: Date,
): AttestationError {
  const missing = { document, url }
  // Browsers hide the status of a redirection that they were told not to follow.
  if (status === 0 || (status >= 300 && status < 400)) {
    const location = headers.get('location')?.slice(0, 256)
    return collectError('collect/redirect', at, { ...missing, status, location })
  }
  if (status === 404 || status === 410) return collectError('collect/not-found', at, { ...missing, status })
  if (status === 401 || status === 403) return collectError('collect/forbidden', at, { ...missing, status })
  if (status === 429) {
    const retryAfterSeconds = parseRetryAfter(headers.get('retry-after'), now)
    return collectError('collect/rate-limited', at, { ...missing, attempts, retryAfterSeconds })
  }
  if (status >= 500) return collectError('collect/server-error', at, { ...missing, attempts, status })
  return collectError('collect/unexpected-status', at, { ...missing, status })
}

/** RFC 9110 section 10.2.3: seconds, or an instant. */
export function parseRetryAfter(text: string | null, now: Date): number | undefined {
  if (text === null) return undefined
  if (/^[0-9]{1,9}$/.test(text)) return Number(text)
  const instant = new Date(text).getTime()
  return Number.isNaN(instant) ? undefined : Math.max(0, Math.ceil((instant - now.getTime()) / 1000))
}

function retryAfterMs({ failure }: AttestationError): number {
  return failure.code === 'collect/rate-limited' ? (failure.details.retryAfterSeconds ?? 0) * 1000 : 0
}

// Between half and all of a doubling pause, so that collectors that failed together do not come back together.
function backoffMs(attempt: number, { limits, random }: Settings): number {
  const [high = 0, low = 0] = random(2)
  const full = Math.min(maxBackoffMs, limits.backoffMs * 2 ** (attempt - 1))
  return Math.round((full / 2) * (1 + (high * 256 + low) / 65_536))
}

/** Nothing is read once `signal` is aborted; a fetch need not listen to it, so the body is let go of here. */
async function readBody(
  { body }: FetchResponse,
  limit: number,
  { at, document, url }: DocumentName,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  if (body === null) return new Uint8Array(0)
  const reader = body.getReader()
  const leave = onAbort(signal)(() => letGo(reader))
  try {
    signal.throwIfAborted()
    const parts: Bytes[] = []
    let size = 0
    for (;;) {
      const { done, value } = await reader.read()
      // A body that was let go of ends like a complete one.
      signal.throwIfAborted()
      if (done) return join(parts, size)
      size += value.length
      if (size > limit) {
        letGo(reader)
        throw collectError('collect/too-large', at, { document, url, limit })
      }
      parts.push(value)
    }
  } finally {
    leave()
  }
}

/** Ends a body. Nobody waits for that, and a failure of it, thrown or rejected, changes nothing. */
function letGo(body: { readonly cancel: () => Promise<void> }): void {
  new Promise((resolve) => resolve(body.cancel())).catch(() => undefined)
}

// Not `concatBytes`: a server decides how many parts there are, and a call has only so many arguments.
function join(parts: readonly Bytes[], size: number): Uint8Array<ArrayBuffer> {
  const body = new Uint8Array(size)
  let offset = 0
  for (const part of parts) {
    body.set(part, offset)
    offset += part.length
  }
  return body
}
