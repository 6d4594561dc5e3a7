import { afterEach, describe, expect, it } from 'vitest'
import { encodeUtf8 } from '../../src/bytes/text.js'
import {
  type CollateralCache,
  type CollectedCollateral,
  type CollectOptions,
  collectCollateral,
  createCollateralCache,
} from '../../src/collateral/index.js'
import { parseEvidence } from '../../src/nvidia/evidence.js'
import { sdkEvidenceJson } from '../../src/testing/index.js'
import { type Known, never, optionsFor, type Route, routeOf, type Service, startService } from './service.js'
import {
  deviceChain,
  driver,
  evidence,
  firmware,
  knownOf,
  manifestChain,
  now,
  statusCount,
  unhurried,
  world,
} from './world.js'

const services: Service[] = []
afterEach(async () => {
  for (const service of services.splice(0)) await service.close()
})

async function serve(route: Route): Promise<Service> {
  const service = await startService(route)
  services.push(service)
  return service
}

const minutes = (count: number): Date => new Date(now.getTime() + count * 60_000)

async function setUp(known: Known = knownOf(), cache: CollateralCache = createCollateralCache()) {
  const service = await serve(routeOf(known))
  const collect = (at = now, overrides: Partial<CollectOptions> = {}, of = evidence): Promise<CollectedCollateral> =>
    collectCollateral(of, optionsFor(service.origin, at, { cache, ...overrides }))
  const asked = (): { readonly manifests: number; readonly statuses: number } => ({
    manifests: service.requests.filter(({ method }) => method === 'GET').length,
    statuses: service.requests.filter(({ method }) => method === 'POST').length,
  })
  return { service, cache, collect, asked }
}

describe('a cache', () => {
  it('spares every request while documents are good', async () => {
    const { collect, asked, cache } = await setUp()
    const first = await collect()
    expect(asked()).toEqual({ manifests: 2, statuses: statusCount })
    expect(cache.size()).toBe(2 + statusCount)
    const second = await collect(minutes(30))
    expect(asked()).toEqual({ manifests: 2, statuses: statusCount })
    expect(second.problems).toEqual([])
    // The very objects, so that verification knows them again; and the time they were really obtained.
    second.ocspResponses.forEach((response, index) => {
      expect(response).toBe(first.ocspResponses[index])
    })
    for (const { obtainedAt } of second.origins.manifests) expect(obtainedAt).toEqual(now)
  })

  it('asks for everything again after an hour, whatever the documents say of themselves', async () => {
    // Nothing is verified here: a forged response that says "for years" would keep the genuine one out for years.
    const { collect, asked } = await setUp(knownOf({ nextUpdate: new Date('9998-01-01T00:00:00Z') }))
    await collect()
    await collect(minutes(59))
    expect(asked()).toEqual({ manifests: 2, statuses: statusCount })
    await collect(minutes(60))
    expect(asked()).toEqual({ manifests: 4, statuses: 2 * statusCount })
  })

  it('asks for statuses again at their nextUpdate', async () => {
    const { collect, asked } = await setUp(knownOf({ nextUpdate: minutes(10) }))
    await collect()
    await collect(minutes(9))
    expect(asked().statuses).toBe(statusCount)
    await collect(minutes(10))
    expect(asked()).toEqual({ manifests: 2, statuses: 2 * statusCount })
  })

  it('keeps a status without nextUpdate for an hour from its beginning', async () => {
    const { collect, asked } = await setUp(knownOf({ nextUpdate: null, thisUpdate: minutes(-30) }))
    await collect()
    await collect(minutes(29))
    expect(asked().statuses).toBe(statusCount)
    await collect(minutes(30))
    expect(asked().statuses).toBe(2 * statusCount)
  })

  it('keeps no manifest beyond its signer', async () => {
    const ends = minutes(10)
    const short = world.driverManifest(world.hopper(), { chain: { signer: { notAfter: ends } } })
    const known = knownOf({}, [deviceChain.slice(1), short.chain.certificates, firmware.chain.certificates])
    const { collect, asked } = await setUp({
      ...known,
      manifests: new Map([...known.manifests, [short.id, short.bytes]]),
    })
    await collect()
    await collect(minutes(9))
    expect(asked().manifests).toBe(2)
    await collect(ends)
    expect(asked().manifests).toBe(3)
  })

  it('keeps nothing that is stale, missing or from the future', async () => {
    const stale = await setUp(knownOf({ thisUpdate: minutes(-3000), nextUpdate: minutes(-1) }))
    expect((await stale.collect()).problems.length).toBe(statusCount)
    expect(stale.cache.size()).toBe(2)
    const future = await setUp(knownOf({ thisUpdate: minutes(10) }))
    expect((await future.collect()).problems.length).toBe(statusCount)
    expect(future.cache.size()).toBe(2)
    const missing = await setUp({ manifests: new Map(), statuses: new Map() })
    await missing.collect()
    expect(missing.cache.size()).toBe(0)
  })

  it('gives nothing to a clock set back', async () => {
    const { collect, asked } = await setUp()
    await collect()
    await collect(minutes(-1))
    expect(asked()).toEqual({ manifests: 4, statuses: 2 * statusCount })
  })

  it('tells questions apart', async () => {
    const { collect, asked } = await setUp()
    await collect()
    await collect(now, { ocspNonce: 'required' })
    expect(asked()).toEqual({ manifests: 2, statuses: 2 * statusCount })
  })

  it('forgets when told to', async () => {
    const { collect, asked, cache } = await setUp()
    await collect()
    cache.clear()
    expect(cache.size()).toBe(0)
    await collect()
    expect(asked().manifests).toBe(4)
  })

  it('stays within its bounds', async () => {
    const few = await setUp(knownOf(), createCollateralCache({ maxEntries: 3 }))
    await few.collect()
    expect(few.cache.size()).toBe(3)
    const small = await setUp(knownOf(), createCollateralCache({ maxBytes: 4000 }))
    await small.collect()
    expect(small.cache.size()).toBeLessThan(statusCount)
    for (const bounds of [{ maxEntries: 0 }, { maxBytes: 0.5 }])
      expect(() => createCollateralCache(bounds)).toThrow(TypeError)
  })

  it('must be one', async () => {
    const { collect } = await setUp()
    await expect(collect(now, { cache: { size: () => 0, clear: () => undefined } })).rejects.toThrow(TypeError)
  })
})

describe('collections at the same time', () => {
  it('share their requests', async () => {
    const { collect, asked } = await setUp()
    const all = await Promise.all([collect(), collect(), collect()])
    expect(asked()).toEqual({ manifests: 2, statuses: statusCount })
    for (const one of all)
      expect([one.manifests.length, one.ocspResponses.length, one.problems.length]).toEqual([2, statusCount, 0])
  })

  it('do not share their limits', async () => {
    const usual = routeOf(knownOf())
    const service = await serve((request) => ({
      ...usual(request),
      ...(request.path.endsWith(driver.id) && request.earlier === 0 ? { heldUntil: never } : {}),
    }))
    const cache = createCollateralCache()
    const at = `manifests[${driver.id}]`
    const hasty = collectCollateral(evidence, unhurried(service.origin, { cache, limits: { totalMs: 300 } }))
    const patient = collectCollateral(evidence, optionsFor(service.origin, now, { cache }))
    // The first gives up; the second asks for itself.
    expect((await hasty).problems.map((problem) => [problem.code, problem.at])).toEqual([['collect/deadline', at]])
    expect((await patient).problems).toEqual([])
    expect(service.requests.filter(({ path }) => path.endsWith(driver.id)).length).toBe(2)
  })

  it('give up on a request that another goes on with', async () => {
    const usual = routeOf(knownOf())
    let release: () => void = () => undefined
    const heldUntil = new Promise<void>((resolve) => {
      release = resolve
    })
    const service = await serve((request) => ({
      ...usual(request),
      ...(request.path.endsWith(driver.id) ? { heldUntil } : {}),
    }))
    const cache = createCollateralCache()
    const limits = { attemptMs: 50_000, totalMs: 55_000 }
    const patient = collectCollateral(evidence, optionsFor(service.origin, now, { cache, limits }))
    const hasty = collectCollateral(evidence, unhurried(service.origin, { cache, limits: { totalMs: 300 } }))
    expect((await hasty).problems.map(({ code }) => code)).toEqual(['collect/deadline'])
    release()
    expect((await patient).problems).toEqual([])
    expect(service.requests.filter(({ path }) => path.endsWith(driver.id)).length).toBe(1)
  })

  it('of a new device ask only for what is its own', async () => {
    const second = world.hopper({ device: 'second' })
    const { collect, asked } = await setUp(
      knownOf({}, [
        deviceChain.slice(1),
        second.chain.certificates.slice(1),
        manifestChain,
        firmware.chain.certificates,
      ]),
    )
    await collect()
    const { problems } = await collect(now, {}, parseEvidence(encodeUtf8(sdkEvidenceJson([second]))))
    expect(problems).toEqual([])
    expect(asked()).toEqual({ manifests: 2, statuses: statusCount + 1 })
  })
})
