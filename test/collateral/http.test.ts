import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { type CollectedCollateral, type CollectOptions, collectCollateral } from '../../src/collateral/index.js'
import { type Answer, envelope, never, optionsFor, type Route, routeOf, type Service, startService } from './service.js'
import { driver, evidence, knownOf, now, othersCount, unhurried } from './world.js'

const services: Service[] = []
afterEach(async () => {
  for (const service of services.splice(0)) await service.close()
})

const at = `manifests[${driver.id}]`
const good: Answer = { body: envelope(driver.id, driver.bytes) }

async function serve(route: Route): Promise<Service> {
  const service = await startService(route)
  services.push(service)
  return service
}

/** Serves everything, but `answer` for the driver manifest; returns what was collected and how often that was asked for. */
async function collectDriver(
  answer: (earlier: number) => Answer,
  overrides: Partial<CollectOptions> = {},
  options = (origin: string): CollectOptions => optionsFor(origin, now, overrides),
) {
  const usual = routeOf(knownOf())
  const service = await serve((request) =>
    request.path.endsWith(driver.id) ? answer(request.earlier) : usual(request),
  )
  const collected = await collectCollateral(evidence, options(service.origin))
  return { collected, asked: service.requests.filter(({ path }) => path.endsWith(driver.id)).length, service }
}

const codes = ({ problems }: CollectedCollateral): readonly (readonly [string, string])[] =>
  problems.map(({ code, at: place }) => [code, place])
const hasDriver = ({ origins }: CollectedCollateral): boolean => origins.manifests.some(({ id }) => id === driver.id)

describe('transient failures', () => {
  it.each([500, 502, 503, 504])('%d and then 200 is a success', async (status) => {
    const { collected, asked } = await collectDriver((earlier) => (earlier === 0 ? { status } : good))
    expect(codes(collected)).toEqual([])
    expect(hasDriver(collected)).toBe(true)
    expect(asked).toBe(2)
  })

  it('that stay are named after the last attempt', async () => {
    const { collected, asked } = await collectDriver(() => ({ status: 503 }))
    expect(codes(collected)).toEqual([['collect/server-error', at]])
    expect(collected.problems[0]?.details).toMatchObject({ status: 503, attempts: 3 })
    expect(asked).toBe(3)
    expect(collected.manifests.length).toBe(1)
  })

  it('of the connection are tried again', async () => {
    const cut = { ...good, cutAfter: 500 }
    const healed = await collectDriver((earlier) => (earlier === 0 ? cut : good))
    expect(codes(healed.collected)).toEqual([])
    const broken = await collectDriver(() => cut)
    expect(codes(broken.collected)).toEqual([['collect/network', at]])
    expect(broken.asked).toBe(3)
  })

  it('of a server that is not there name the reason', async () => {
    const service = await startService(() => undefined)
    await service.close()
    const collected = await collectCollateral(evidence, optionsFor(service.origin, now))
    expect(new Set(collected.problems.map(({ code }) => code))).toEqual(new Set(['collect/network']))
    expect(collected.manifests).toEqual([])
    expect(JSON.stringify(collected.problems[0]?.details)).toContain('ECONNREFUSED')
  })
})

describe('pauses', () => {
  /** Pauses taken, in milliseconds; the time limits run on the real clock. */
  async function pausesOf(answer: (earlier: number) => Answer, random: number, limits: CollectOptions['limits'] = {}) {
    const pauses: number[] = []
    const service = await serve((request) =>
      request.path.endsWith(driver.id) ? answer(request.earlier) : { status: 404 },
    )
    const options = optionsFor(service.origin, now)
    const collected = await collectCollateral(evidence, {
      ...options,
      random: (length) => new Uint8Array(length).fill(random),
      limits: { ...options.limits, ...limits },
      sleep: (ms, signal) => {
        if (ms === 5000 || ms === (limits.totalMs ?? 20_000)) return options.sleep(ms, signal)
        pauses.push(ms)
        return Promise.resolve()
      },
    })
    return { pauses, codes: codes(collected).filter(([, place]) => place === at) }
  }

  it('double, between half and all of the full length', async () => {
    const limits = { attempts: 5, backoffMs: 100 }
    expect((await pausesOf(() => ({ status: 500 }), 0, limits)).pauses).toEqual([50, 100, 200, 400])
    expect((await pausesOf(() => ({ status: 500 }), 255, limits)).pauses).toEqual([100, 200, 400, 800])
  })

  it('never exceed half a minute by themselves', async () => {
    const { pauses } = await pausesOf(() => ({ status: 500 }), 255, {
      attempts: 12,
      backoffMs: 8000,
      totalMs: 20_000_000,
    })
    expect(Math.max(...pauses)).toBe(30_000)
  })

  it('are as long as the service asks', async () => {
    const limited = (headers: Readonly<Record<string, string>>) => (earlier: number) =>
      earlier === 0 ? { status: 429, headers } : good
    expect(await pausesOf(limited({ 'retry-after': '7' }), 0)).toEqual({ pauses: [7000], codes: [] })
    const later = new Date(now.getTime() + 9000).toUTCString()
    expect(await pausesOf(limited({ 'retry-after': later }), 0)).toEqual({ pauses: [9000], codes: [] })
    // Nothing to go by: an ordinary pause.
    for (const value of ['soon', '-1', '0'])
      expect(await pausesOf(limited({ 'retry-after': value }), 0)).toEqual({ pauses: [1], codes: [] })
  })

  it('longer than the time left are not begun', async () => {
    const answer = (): Answer => ({ status: 429, headers: { 'retry-after': '21' } })
    expect(await pausesOf(answer, 0)).toEqual({ pauses: [], codes: [['collect/rate-limited', at]] })
  })
})

describe('limits in time', () => {
  const collectSlowly = (answer: (earlier: number) => Answer, overrides: Partial<CollectOptions>) =>
    collectDriver(answer, overrides, (origin) => unhurried(origin, overrides))

  it.each<[string, Answer]>([
    ['no answer', { ...good, heldUntil: never }],
    ['no body', { ...good, stallsBody: true }],
  ])('end an attempt: %s', async (_, answer) => {
    const { collected, asked } = await collectSlowly(() => answer, { limits: { attemptMs: 150, attempts: 2 } })
    expect(codes(collected)).toEqual([['collect/timeout', at]])
    expect(collected.problems[0]?.details).toMatchObject({ attempts: 2, limitMs: 150 })
    expect(asked).toBe(2)
    expect(collected.manifests.length).toBe(1)
  })

  it('end an attempt of a fetch that does not listen', async () => {
    const service = await serve(routeOf(knownOf()))
    const options = unhurried(service.origin, { limits: { attemptMs: 150, attempts: 1 } })
    const collected = await collectCollateral(evidence, {
      ...options,
      fetch: (url, request) => (url.endsWith(driver.id) ? never : options.fetch(url, request)),
    })
    expect(codes(collected)).toEqual([['collect/timeout', at]])
  })

  it('end the whole and keep what is there', async () => {
    const { collected } = await collectSlowly(() => ({ ...good, heldUntil: never }), { limits: { totalMs: 400 } })
    expect(codes(collected)).toEqual([['collect/deadline', at]])
    expect(collected.manifests.length).toBe(1)
  })

  it('leave the better reason during a pause', async () => {
    const limits = { totalMs: 500, backoffMs: 900, attempts: 9 }
    const { collected } = await collectSlowly(() => ({ status: 500 }), { limits })
    expect(codes(collected)).toEqual([['collect/server-error', at]])
  })

  it('are the caller’s too', async () => {
    const controller = new AbortController()
    const onProgress = ({ done }: { readonly done: number }): void => {
      if (done >= othersCount) controller.abort()
    }
    const { collected } = await collectDriver(() => ({ ...good, heldUntil: never }), {
      signal: controller.signal,
      onProgress,
    })
    expect(codes(collected)).toEqual([['collect/aborted', at]])
    const before = await collectDriver(() => good, { signal: AbortSignal.abort() })
    expect(new Set(before.collected.problems.map(({ code }) => code))).toEqual(new Set(['collect/aborted']))
    expect(before.service.requests).toEqual([])
  })

  /** Answers nothing about the driver but a body that goes on for ever, to a fetch that does not listen. */
  async function drip(
    overrides: Partial<CollectOptions>,
    late = false,
    cancelled = async (): Promise<void> => undefined,
  ) {
    const service = await serve(routeOf(knownOf()))
    const options = unhurried(service.origin, overrides)
    let pulls = 0
    let cancels = 0
    const body = (): ReadableStream<Uint8Array> =>
      new ReadableStream({
        pull: async (controller) => {
          pulls++
          await delay(5)
          controller.enqueue(new Uint8Array(1))
        },
        cancel: () => {
          cancels++
          return cancelled()
        },
      })
    let answered: () => void = () => undefined
    const answer = new Promise<void>((resolve) => {
      answered = resolve
    })
    const collected = await collectCollateral(evidence, {
      ...options,
      fetch: async (url, request) => {
        if (!url.endsWith(driver.id)) return options.fetch(url, request)
        if (late) await answer
        return { status: 200, headers: new Headers(), body: body() }
      },
    })
    answered()
    // What was under way may end; then nothing more may be read.
    await delay(30)
    const after = pulls
    await delay(60)
    return { collected, pulls: [after, pulls] as const, cancels }
  }

  it('end the reading of a body', async () => {
    const { collected, pulls, cancels } = await drip({ limits: { attemptMs: 50, attempts: 2 } })
    expect(codes(collected)).toEqual([['collect/timeout', at]])
    expect(pulls[0]).toBeGreaterThan(0)
    expect(pulls[1]).toBe(pulls[0])
    expect(cancels).toBe(2)
  })

  it('end the reading of a body when the whole ends', async () => {
    const { collected, pulls, cancels } = await drip({ limits: { totalMs: 50 } })
    expect(codes(collected)).toEqual([['collect/deadline', at]])
    expect(pulls[1]).toBe(pulls[0])
    expect(cancels).toBe(1)
  })

  it('let go of a body that comes after the end', async () => {
    const { collected, cancels } = await drip({ limits: { totalMs: 50 } }, true)
    expect(codes(collected)).toEqual([['collect/deadline', at]])
    expect(cancels).toBe(1)
  })

  it.each([false, true])('do not suffer from a body that cannot be let go of (late: %s)', async (late) => {
    const rejections: unknown[] = []
    const note = (reason: unknown): void => void rejections.push(reason)
    process.on('unhandledRejection', note)
    try {
      const { collected, cancels } = await drip({ limits: { totalMs: 50 } }, late, () =>
        Promise.reject(new Error('no')),
      )
      expect(codes(collected)).toEqual([['collect/deadline', at]])
      expect(cancels).toBe(1)
    } finally {
      process.off('unhandledRejection', note)
    }
    expect(rejections).toEqual([])
  })

  it('bound how many requests are under way', async () => {
    const usual = routeOf(knownOf())
    let underWay = 0
    let most = 0
    const service = await serve((request) => ({ ...usual(request), delayMs: 10 }))
    const options = optionsFor(service.origin, now, { limits: { concurrency: 2 } })
    const collected = await collectCollateral(evidence, {
      ...options,
      fetch: async (url, request) => {
        most = Math.max(most, ++underWay)
        try {
          return await options.fetch(url, request)
        } finally {
          underWay--
        }
      },
    })
    expect(codes(collected)).toEqual([])
    expect(most).toBe(2)
  })
})

describe('hosts', () => {
  it('elsewhere are not followed to', async () => {
    const foreign = await serve(() => good)
    for (const status of [301, 302, 303, 307, 308]) {
      const { collected } = await collectDriver(() => ({
        status,
        headers: { location: `${foreign.origin}/v1/rim/${driver.id}` },
      }))
      expect(codes(collected)).toEqual([['collect/redirect', at]])
      expect(collected.problems[0]?.details).toMatchObject({
        status,
        location: expect.stringContaining(foreign.origin),
      })
    }
    expect(foreign.requests).toEqual([])
  })

  it('that are not allowed are not asked', async () => {
    const service = await serve(routeOf(knownOf()))
    const { allowedOrigins: _, ...options } = optionsFor(service.origin, now)
    const collected = await collectCollateral(evidence, options)
    expect(new Set(collected.problems.map(({ code }) => code))).toEqual(new Set(['collect/host-not-allowed']))
    expect(service.requests).toEqual([])
  })

  it('are NVIDIA’s, over HTTPS, where nothing is said', async () => {
    const asked: { readonly url: string; readonly redirect: string }[] = []
    const base = optionsFor('http://127.0.0.1:1', now)
    const collected = await collectCollateral(evidence, {
      now: base.now,
      random: base.random,
      sleep: base.sleep,
      fetch: (url, { redirect }) => {
        asked.push({ url, redirect })
        return Promise.resolve(new Response(null, { status: 404 }))
      },
    })
    expect(new Set(collected.problems.map(({ code }) => code))).toEqual(new Set(['collect/not-found']))
    expect(new Set(asked.map(({ url }) => new URL(url).origin))).toEqual(
      new Set(['https://rim.attestation.nvidia.com', 'https://ocsp.ndis.nvidia.com']),
    )
    expect(asked.map(({ url }) => url)).toContain(`https://rim.attestation.nvidia.com/v1/rim/${driver.id}`)
    expect(new Set(asked.map(({ redirect }) => redirect))).toEqual(new Set(['manual']))
  })

  it('hidden behind an opaque redirection are not followed to', async () => {
    const base = optionsFor('http://127.0.0.1:1', now)
    const opaque = { status: 0, headers: new Headers(), body: null }
    const collected = await collectCollateral(evidence, { ...base, fetch: () => Promise.resolve(opaque) })
    expect(new Set(collected.problems.map(({ code }) => code))).toEqual(new Set(['collect/redirect']))
  })
})

describe('options that cannot be meant', () => {
  it.each<[string, Partial<CollectOptions>]>([
    ['an origin with a path', { allowedOrigins: ['https://example.test/x'] }],
    ['an origin with a slash', { allowedOrigins: ['https://example.test/'] }],
    ['another scheme', { manifestUrl: 'file:///etc/passwd' }],
    ['credentials', { ocspUrl: 'https://user:word@example.test' }],
    ['a query', { manifestUrl: 'https://example.test/?id=' }],
    ['an empty query', { manifestUrl: 'https://example.test/v1?' }],
    ['no address', { ocspUrl: 'example' }],
    ['a host that is none', { manifestUrl: 'https://a b/' }],
    ['an address longer than any', { ocspUrl: `https://example.test/${'a'.repeat(2048)}` }],
    ['a token with a line break', { bearerToken: 'a\r\nx-b: c' }],
    ['no attempt', { limits: { attempts: 0 } }],
    ['half a millisecond', { limits: { attemptMs: 0.5 } }],
  ])('%s', async (_, overrides) => {
    await expect(collectCollateral(evidence, optionsFor('http://127.0.0.1:1', now, overrides))).rejects.toThrow(
      TypeError,
    )
  })
})
