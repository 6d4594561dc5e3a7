import { afterEach, describe, expect, it } from 'vitest'
import { encodeUtf8 } from '../../src/bytes/text.js'
import {
  type CollectedCollateral,
  type CollectOptions,
  collectCollateral,
  encodeCollateral,
  parseCollateral,
} from '../../src/collateral/index.js'
import { parseEvidence } from '../../src/nvidia/evidence.js'
import { createSyntheticWorld, sdkEvidenceJson } from '../../src/testing/index.js'
import { parseCertificate } from '../../src/x509/certificate.js'
import { parseOcspResponse } from '../../src/x509/ocsp.js'
import { trustAnchorFromCertificate } from '../../src/x509/trust-anchor.js'
import {
  type Answer,
  envelope,
  type Known,
  optionsFor,
  type Route,
  routeOf,
  type Service,
  startService,
} from './service.js'
import {
  brom,
  createWorldVerifier,
  device,
  deviceChain,
  driver,
  evidence,
  firmware,
  hex,
  identity,
  knownOf,
  leaf,
  manifestChain,
  now,
  provisioner,
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
const serialOf = (der: Uint8Array): string => hex(parseCertificate(der).serialNumber)
const isDriver = (path: string): boolean => path === `/v1/rim/${driver.id}`

/** Everything served, but `answer` for the driver manifest. */
function withDriver(answer: (earlier: number) => Answer, known: Known = knownOf()): Route {
  const usual = routeOf(known)
  return (request) => (isDriver(request.path) ? answer(request.earlier) : usual(request))
}

/** Everything served, but `status` for the first device issuer. */
const bromSerial = serialOf(brom.der)
const bromAt = `ocspResponses[${bromSerial}]`
function withStatus(status: Uint8Array): Route {
  const known = knownOf()
  return routeOf({
    ...known,
    statuses: new Map([[bromSerial, status], ...[...known.statuses].filter(([one]) => one !== bromSerial)]),
  })
}

describe('a collection', () => {
  it('holds all an appraisal needs, also after a round trip through a file', async () => {
    const { collected, service } = await collectFrom(routeOf(knownOf()))
    expect(codes(collected)).toEqual([])
    expect(collected.origins.manifests.map(({ id }) => id).sort()).toEqual([driver.id, firmware.id].sort())
    expect(collected.manifests.map(hex).sort()).toEqual([driver.bytes, firmware.bytes].map(hex).sort())
    const asked = new Set(
      [...deviceChain.slice(1, -1), ...manifestChain.slice(0, -1), ...firmware.chain.certificates.slice(0, -1)].map(
        ({ der }) => serialOf(der),
      ),
    )
    expect(collected.ocspResponses.length).toBe(asked.size)
    // One request per document: nothing twice.
    expect(service.requests.length).toBe(asked.size + 2)
    const bundle = parseCollateral(encodeUtf8(encodeCollateral(collected)))
    const verifier = createWorldVerifier()
    for (const collateral of [collected, bundle]) {
      const result = await verifier.appraise(evidence[0] ?? never(), { nonce: device.nonce, now, collateral })
      expect(result.failures).toEqual([])
      expect(result.verdict).toBe('pass')
    }
  })

  it('asks in the hash chosen', async () => {
    for (const [ocspHash, oid] of [
      ['sha1', '06052b0e03021a'],
      ['sha256', '0609608648016503040201'],
      ['sha384', '0609608648016503040202'],
    ] as const) {
      const { collected, service } = await collectFrom(routeOf(knownOf({ hash: ocspHash })), { ocspHash })
      expect(codes(collected)).toEqual([])
      const posts = service.requests.filter(({ method }) => method === 'POST')
      expect(posts.length).toBe(collected.ocspResponses.length)
      for (const { body } of posts) expect(body.toString('hex')).toContain(oid)
    }
  })

  it('never asks about a leaf', async () => {
    const { service } = await collectFrom(routeOf(knownOf()))
    const serial = serialOf(leaf.der)
    expect(service.requests.filter(({ body }) => body.toString('hex').includes(serial))).toEqual([])
  })

  it('asks once for what devices share', async () => {
    const devices = [device, world.hopper({ device: 'second' }), world.hopper({ device: 'third' })]
    const known = knownOf({}, [
      ...devices.map(({ chain }) => chain.certificates.slice(1)),
      manifestChain,
      firmware.chain.certificates,
    ])
    const { collected, service } = await collectFrom(
      routeOf(known),
      {},
      parseEvidence(encodeUtf8(sdkEvidenceJson(devices))),
    )
    expect(codes(collected)).toEqual([])
    const asked = service.requests.map(({ path, body }) => `${path} ${body.toString('hex')}`)
    expect(asked.length).toBe(new Set(asked).size)
    expect(collected.manifests.length).toBe(2)
  })

  it('names in problems what the report does not', async () => {
    const { collected } = await collectFrom(
      routeOf(knownOf()),
      {},
      parseEvidence(encodeUtf8(sdkEvidenceJson([world.fsp()]))),
    )
    expect(codes(collected).filter(([code]) => code === 'collect/no-manifest-id')).toEqual([
      ['collect/no-manifest-id', 'items[0].report'],
      ['collect/no-manifest-id', 'items[0].report'],
    ])
  })

  it('lets no report write the path of a request', async () => {
    // The reader of reports refuses these too; evidence may be put together by others.
    for (const driverVersion of ['550/../../x', '550?a=b', '550#', '550%2e', '5 50', '', 'x'.repeat(200)]) {
      const odd = evidence.map((one) =>
        one.kind === 'gpu' ? { ...one, report: { ...one.report, driverVersion } } : one,
      )
      const { collected, service } = await collectFrom(routeOf(knownOf()), {}, odd)
      const paths = service.requests.filter(({ method }) => method === 'GET').map(({ path }) => path)
      expect(paths).toContain(`/v1/rim/${firmware.id}`)
      expect(paths.filter((path) => !/^\/v1\/rim\/NV_GPU_[A-Z0-9_.]+$/.test(path))).toEqual([])
      if (driverVersion !== '') expect(codes(collected)).toEqual([['collect/manifest-id', 'items[0].report']])
    }
  })

  it('needs an issuer for every question, from the chain or the anchors', async () => {
    const chain = deviceChain.slice(0, -1)
    const [item] = evidence
    if (item === undefined) return never()
    const certificates = [
      parseCertificate(chain[0]?.der ?? never()),
      ...chain.slice(1).map(({ der }) => parseCertificate(der)),
    ] as const
    const short = [{ ...item, certificates: [...certificates] as [(typeof certificates)[0]] }]
    const top = serialOf(identity.der)
    const without = await collectFrom(routeOf(knownOf()), {}, short)
    expect(codes(without.collected)).toEqual([['collect/no-issuer', `ocspResponses[${top}]`]])
    const trustAnchors = [trustAnchorFromCertificate(parseCertificate(world.trustAnchors.device.der))]
    const anchored = await collectFrom(routeOf(knownOf()), { trustAnchors }, short)
    expect(codes(anchored.collected)).toEqual([])
  })

  it('asks in the name of the issuer whose key is meant', async () => {
    const [item] = evidence
    if (item === undefined) return never()
    // Same name, other key, and first in line.
    const stranger = parseCertificate(createSyntheticWorld({ seed: 'stranger' }).hopper().chain.provisioner.der)
    const [first, second, ...rest] = item.certificates
    if (second === undefined) return never()
    const { collected } = await collectFrom(routeOf(knownOf()), {}, [
      { ...item, certificates: [first, second, stranger, ...rest] },
    ])
    expect(codes(collected)).toEqual([['collect/not-found', `ocspResponses[${hex(stranger.serialNumber)}]`]])
  })

  it('tells how far it is', async () => {
    const seen: number[][] = []
    const onProgress = ({ done, total }: { readonly done: number; readonly total: number }): void =>
      void seen.push([done, total])
    const { service } = await collectFrom(routeOf(knownOf()), { onProgress })
    const all = service.requests.length
    expect(seen.at(-1)).toEqual([all, all])
    expect(seen.map(([done]) => done)).toEqual(Array.from({ length: all }, (_, index) => index + 1))
  })
})

describe('manifests', () => {
  const at = `manifests[${driver.id}]`
  const cases: readonly (readonly [string, Answer])[] = [
    ['collect/not-found', { status: 404, body: '{"message":"RIM_NOT_FOUND"}' }],
    ['collect/not-found', { status: 410 }],
    ['collect/forbidden', { status: 401 }],
    ['collect/forbidden', { status: 403 }],
    ['collect/unexpected-status', { status: 418 }],
    ['collect/unexpected-status', { status: 204 }],
    ['collect/wrong-id', { body: envelope(firmware.id, firmware.bytes) }],
    ['collect/digest-mismatch', { body: envelope(driver.id, driver.bytes, { sha256: '00'.repeat(32) }) }],
    ['collect/malformed', { body: envelope(driver.id, driver.bytes).slice(0, -9) }],
    ['collect/malformed', { body: envelope(driver.id, encodeUtf8('<not-signed/>')) }],
    ['collect/malformed', { body: envelope(driver.id, driver.bytes, { rim_format: 'CORIM' }) }],
    ['collect/malformed', { body: '' }],
    ['collect/too-large', { body: new Uint8Array(3 * 1024 * 1024 + 1).fill(0x20) }],
  ]
  it.each(cases)('%s leaves the others (%#)', async (code, answer) => {
    const { collected, service } = await collectFrom(withDriver(() => answer))
    expect(codes(collected)).toEqual([[code, at]])
    expect(collected.origins.manifests.map(({ id }) => id)).toEqual([firmware.id])
    // None of these gets better by asking again.
    expect(service.requests.filter(({ path }) => isDriver(path)).length).toBe(1)
  })

  it('are refused where the cause is known, with the cause', async () => {
    const { collected } = await collectFrom(withDriver(() => ({ body: envelope(driver.id, encodeUtf8('<a/>')) })))
    expect(collected.problems[0]?.details).toMatchObject({ cause: 'manifest/signature-missing', causeAt: 'a' })
  })

  it('come with a token only from the services', async () => {
    const { service } = await collectFrom(routeOf(knownOf()), { bearerToken: 'abc.DEF-123' })
    expect(service.requests.map(({ headers }) => headers.authorization)).toEqual(
      service.requests.map(() => 'Bearer abc.DEF-123'),
    )
    const without = await collectFrom(routeOf(knownOf()))
    expect(without.service.requests.filter(({ headers }) => 'authorization' in headers)).toEqual([])
  })
})

describe('addresses of services', () => {
  it('are noted as they are asked', async () => {
    const known = routeOf(knownOf())
    const asked = new Set<string>()
    const collected = await collectCollateral(evidence, {
      ...optionsFor('https://service.example', now),
      manifestUrl: 'https://SERVICE.example/ä b/',
      ocspUrl: 'https://service.example:443/ö',
      fetch: async (url, { method, headers, body }) => {
        asked.add(url)
        const path = url
          .replace('https://service.example', '')
          .replace('/%C3%A4%20b', '/v1/rim')
          .replace('/%C3%B6', '/ocsp')
        const answer = known({ method, headers, path, body: Buffer.from(body ?? ''), earlier: 0 })
        return new Response(typeof answer?.body === 'string' ? answer.body : new Uint8Array(answer?.body ?? []))
      },
    })
    expect(codes(collected)).toEqual([])
    const { manifests, ocspResponses } = parseCollateral(encodeUtf8(encodeCollateral(collected))).origins
    expect(new Set([...manifests, ...ocspResponses].map(({ source }) => source))).toEqual(asked)
  })
})

describe('statuses', () => {
  const statement = (options: Parameters<typeof world.ocspResponse>[2] = {}): Uint8Array =>
    world.ocspResponse(brom, provisioner, options)

  it('are refused about another certificate', async () => {
    const other = world.ocspResponse(provisioner, identity)
    const { collected } = await collectFrom(withStatus(other))
    expect(codes(collected)).toEqual([['collect/wrong-certificate', bromAt]])
  })

  it('are refused if they cannot be read', async () => {
    const { collected } = await collectFrom(withStatus(statement().slice(0, -1)))
    expect(codes(collected)).toEqual([['collect/malformed', bromAt]])
  })

  it('are refused beyond the size of any response', async () => {
    const { collected } = await collectFrom(withStatus(new Uint8Array(65_537)))
    expect(codes(collected)).toEqual([['collect/too-large', bromAt]])
  })

  it.each([
    [1, 'collect/responder-refused', 1],
    [2, 'collect/responder-busy', 3],
    [3, 'collect/responder-busy', 3],
    [5, 'collect/responder-refused', 1],
    [6, 'collect/responder-refused', 1],
  ])('without an answer (status %d): %s after %d attempts', async (responseStatus, code, attempts) => {
    const { collected, service } = await collectFrom(withStatus(statement({ responseStatus })))
    expect(codes(collected)).toEqual([[code, bromAt]])
    expect(service.requests.filter(({ body }) => body.toString('hex').includes(bromSerial)).length).toBe(attempts)
  })

  it('that are out of date are kept and named', async () => {
    const day = 86_400_000
    const past = statement({ thisUpdate: new Date(now.getTime() - 2 * day), nextUpdate: new Date(now.getTime() - day) })
    const future = statement({ thisUpdate: new Date(now.getTime() + day) })
    for (const [der, code] of [
      [past, 'collect/stale'],
      [future, 'collect/not-yet-valid'],
    ] as const) {
      const { collected } = await collectFrom(withStatus(der))
      expect(codes(collected)).toEqual([[code, bromAt]])
      expect(collected.ocspResponses.map(({ raw }) => hex(raw))).toContain(hex(der))
    }
  })

  it('carry the nonce that was sent', async () => {
    const { collected } = await collectFrom(routeOf(knownOf()), { ocspNonce: 'required' })
    expect(codes(collected)).toEqual([])
    for (const { nonce } of collected.origins.ocspResponses) expect(nonce).toEqual(new Uint8Array(32).fill(7))
  })

  it('are refused with another nonce or none', async () => {
    const other = await collectFrom(withStatus(statement({ nonce: new Uint8Array(32).fill(8) })), {
      ocspNonce: 'required',
    })
    expect(codes(other.collected)).toEqual([['collect/nonce-mismatch', bromAt]])
    const none = await collectFrom(withStatus(statement()), { ocspNonce: 'required' })
    expect(codes(none.collected)).toEqual([['collect/nonce-missing', bromAt]])
    for (const { collected } of [other, none])
      expect(collected.ocspResponses.map(({ raw }) => hex(raw))).not.toContain(hex(statement()))
  })

  it('are as they came', async () => {
    const { collected } = await collectFrom(routeOf(knownOf()))
    for (const response of collected.ocspResponses) expect(parseOcspResponse(response.raw).kind).toBe('answer')
  })
})

function never(): never {
  throw new Error('cannot happen')
}
