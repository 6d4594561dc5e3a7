import { afterEach, describe, expect, it } from 'vitest'
import { encodeUtf8 } from '../../src/bytes/text.js'
import {
  type CollectedCollateral,
  type CollectOptions,
  collectCollateral,
  encodeCollateral,
  parseCollateral,
} from '../../src/collateral/index.js'
import { optionsFor, type Route, routeOf, type Service, startService } from './service.js'
import { evidence, hex, knownOf, now, world } from './world.js'

const services: Service[] = []
afterEach(async () => {
  for (const service of services.splice(0)) await service.close()
})

async function serve(route: Route): Promise<Service> {
  const service = await startService(route)
  services.push(service)
  return service
}

async function collectFrom(
  route: Route,
  overrides: Partial<CollectOptions> = {},
  of = evidence,
): Promise<{ readonly collected: CollectedCollateral; readonly service: Service }> {
  const service = await serve(route)
  return { collected: await collectCollateral(of, optionsFor(service.origin, now, overrides)), service }
}

const codes = ({ problems }: CollectedCollateral): readonly (readonly [string, string])[] =>
  problems.map(({ code, at }) => [code, at])

describe('revocation lists', () => {
  const url = 'http://crl.gpu-attestation.example/crl/l1-root.crl'

  it('are not fetched unless asked for', async () => {
    const { collected } = await collectFrom(routeOf(knownOf()))
    expect(collected.crls).toEqual([])
  })

  it('are not fetched from addresses with credentials or none at all', async () => {
    const [item] = evidence
    if (item === undefined) return never()
    const [first, second, ...rest] = item.certificates
    if (second === undefined) return never()
    for (const text of ['https://user:word@crl.example/x', 'https://']) {
      const fullName = [{ kind: 'uri', text }] as const
      const known = { ...second.known, crlDistributionPoints: [{ fullName, partial: false }] }
      const { collected, service } = await collectFrom(routeOf(knownOf()), { crls: 'distribution-points' }, [
        { ...item, certificates: [first, { ...second, known }, ...rest] },
      ])
      expect(codes(collected)).toContainEqual(['collect/url', `crls[${text}]`])
      expect(service.requests.filter(({ path }) => !/^\/(ocsp|v1)/.test(path))).toEqual([])
    }
  })

  /** Evidence whose certificates name these addresses, one each. */
  function naming(texts: readonly string[]): typeof evidence {
    const [item] = evidence
    const [first, second] = item?.certificates ?? []
    if (item === undefined || first === undefined || second === undefined) return never()
    const others = texts.map((text) => {
      const crlDistributionPoints = [{ fullName: [{ kind: 'uri', text }] as const, partial: false }]
      return { ...second, known: { ...second.known, crlDistributionPoints } }
    })
    return [{ ...item, certificates: [first, ...others] }]
  }

  /** All lists are there. */
  const serving: Route = (request) =>
    request.path.startsWith('/list') ? { body: world.crl(world.pki.root) } : routeOf(knownOf())(request)

  async function collectNamed(paths: readonly string[]) {
    const service = await serve(serving)
    const urls = paths.map((path) => service.origin + path)
    const options = optionsFor(service.origin, now, { crls: 'distribution-points' })
    const collected = await collectCollateral(naming(urls), options)
    return { collected, origin: service.origin, requests: service.requests }
  }

  it('are named by the address as it is asked for, whatever the certificate writes', async () => {
    const { collected, origin } = await collectNamed(['/list?a b', '/list/ü"<>', '/x/../list'])
    const sources = collected.origins.crls.map(({ source }) => source)
    expect(sources).toEqual([`${origin}/list?a%20b`, `${origin}/list/%C3%BC%22%3C%3E`, `${origin}/list`])
    const bundle = parseCollateral(encodeUtf8(encodeCollateral(collected)))
    expect(bundle.origins.crls.map(({ source }) => source)).toEqual(sources)
  })

  it('are asked for once, however the address is written', async () => {
    const { collected, requests } = await collectNamed(['/list', '/x/../list', '/./list', '/list#part'])
    expect(collected.crls.length).toBe(1)
    expect(requests.filter(({ path }) => path === '/list').length).toBe(1)
  })

  it('are not asked for at an address longer than any', async () => {
    const { collected, requests } = await collectNamed([`/list/${'a'.repeat(2048)}`])
    const [problem] = collected.problems.filter(({ code }) => code === 'collect/url')
    expect(problem?.at).toMatch(/^crls\[http:.{1,300}\]$/)
    expect(JSON.stringify(problem).length).toBeLessThan(2000)
    expect(requests.filter(({ path }) => path.startsWith('/list'))).toEqual([])
  })

  it('beyond the number that a bundle holds are named as missing', async () => {
    const { collected } = await collectNamed(Array.from({ length: 65 }, (_, index) => `/list/${index}`))
    expect(codes(collected).filter(([code]) => code === 'collateral/too-many')).toEqual([
      ['collateral/too-many', 'crls'],
    ])
    const problem = collected.problems.find(({ code }) => code === 'collateral/too-many')
    expect(problem?.details).toEqual({ limit: 64, actual: 65 })
    expect(parseCollateral(encodeUtf8(encodeCollateral(collected))).crls.length).toBe(64)
  })

  it('are fetched from allowed origins only', async () => {
    const { collected } = await collectFrom(routeOf(knownOf()), { crls: 'distribution-points' })
    const refused = codes(collected).filter(([code]) => code === 'collect/host-not-allowed')
    expect(refused).toContainEqual(['collect/host-not-allowed', `crls[${url}]`])
    expect(collected.problems.length).toBe(refused.length)
  })

  it('are fetched over HTTPS where only that is allowed, without the token', async () => {
    const list = world.crl(world.pki.root)
    const asked: string[] = []
    const service = await serve(routeOf(knownOf()))
    const options = optionsFor(service.origin, now)
    const collected = await collectCollateral(evidence, {
      ...options,
      crls: 'distribution-points',
      bearerToken: 'secret',
      allowedOrigins: [service.origin, 'https://crl.gpu-attestation.example'],
      fetch: (address, request) => {
        if (!address.includes('crl.')) return options.fetch(address, request)
        asked.push(address)
        expect(request.headers).not.toHaveProperty('authorization')
        return Promise.resolve(new Response(address.includes('l1-root') ? new Uint8Array(list) : 'no list'))
      },
    })
    expect(asked).toContain(url.replace('http:', 'https:'))
    expect(asked.every((address) => address.startsWith('https:'))).toBe(true)
    expect(collected.crls.map(({ raw }) => hex(raw))).toEqual([hex(list)])
    expect(new Set(codes(collected).map(([code]) => code))).toEqual(new Set(['collect/malformed']))
  })
})

function never(): never {
  throw new Error('cannot happen')
}
