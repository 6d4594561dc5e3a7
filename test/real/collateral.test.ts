// Real manifests and OCSP responses, served as the vendor's services serve them: collecting changes no verdict.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { nvidiaTrustAnchors } from '../../src/anchors/nvidia.js'
import type { Collateral } from '../../src/appraise/collateral.js'
import { type AppraisalPolicy, strictPolicy } from '../../src/appraise/policy.js'
import { encodeHex, parseHex } from '../../src/bytes/hex.js'
import { encodeUtf8 } from '../../src/bytes/text.js'
import {
  type CollectOptions,
  collectCollateral,
  encodeCollateral,
  parseCollateral,
} from '../../src/collateral/index.js'
import type { CryptoProvider } from '../../src/crypto/provider.js'
import { webCryptoProvider } from '../../src/crypto/webcrypto.js'
import { type Evidence, evidenceFromParts } from '../../src/nvidia/evidence.js'
import { createVerifier } from '../../src/verifier.js'
import { parseOcspResponse } from '../../src/x509/ocsp.js'
import {
  type Answer,
  envelope,
  optionsFor,
  type Route,
  routeOf,
  type Service,
  startService,
} from '../collateral/service.js'
import { hasRealData, readReal, readRealJson } from '../real-data.js'
import { chainPem, entry, reportBytes } from './evidence-index.js'

const driverId = 'NV_GPU_DRIVER_GH100_550.90.07'
const firmwareId = 'NV_GPU_VBIOS_1010_0200_882_96009F0001'
const deviceClock = new Date('2025-08-21T07:00:00Z')
const manifestClock = new Date('2025-10-24T12:00:00Z')

interface Status {
  readonly file: string
  readonly subjectSerialHex: string
}

describe.skipIf(!hasRealData)('collecting for a real device', () => {
  const services: Service[] = []
  let evidence: Evidence
  let nonce: Uint8Array
  let route: Route
  let files: Collateral

  beforeAll(() => {
    const item = entry('nvtrust-sample-hopper-550')
    evidence = evidenceFromParts({ report: reportBytes(item), certificates: chainPem(item) ?? '' })
    nonce = parseHex(item.challengeNonceHex, '')
    const manifests = new Map([driverId, firmwareId].map((id) => [id, readReal(`rims/${id}.xml`)]))
    const index = readRealJson('ocsp/index.json') as readonly Status[]
    const statuses = index.map(({ file, subjectSerialHex }) => {
      // DER writes a zero octet before a first bit that is set.
      const serial =
        Number.parseInt(subjectSerialHex.slice(0, 2), 16) >= 0x80 ? `00${subjectSerialHex}` : subjectSerialHex
      return [serial, readReal(`ocsp/${file}`)] as const
    })
    route = routeOf({ manifests, statuses: new Map(statuses) })
    files = {
      manifests: [...manifests.values()],
      ocspResponses: statuses.map(([, der]) => parseOcspResponse(der)),
      crls: [],
    }
  })
  afterAll(async () => {
    for (const service of services) await service.close()
  })

  async function collect(now: Date, answers: Route = route, overrides: Partial<CollectOptions> = {}) {
    const service = await startService(answers)
    services.push(service)
    return { collected: await collectCollateral([evidence], optionsFor(service.origin, now, overrides)), service }
  }

  const judge = (collateral: Collateral, now: Date, policy: AppraisalPolicy = strictPolicy, crypto?: CryptoProvider) =>
    createVerifier({ trustAnchors: nvidiaTrustAnchors, policy, ...(crypto === undefined ? {} : { crypto }) }).appraise(
      evidence,
      { nonce, now, collateral },
    )

  // The two sets of statuses were recorded two months apart: at either time the other set is not in force.
  const atManifestClock: AppraisalPolicy = {
    ...strictPolicy,
    id: 'device statuses waived',
    waivers: [{ check: 'device-revocation', reason: 'recorded two months earlier' }],
  }
  const summary = (result: Awaited<ReturnType<typeof judge>>) => ({
    verdict: result.verdict,
    checks: result.checks.map(({ id, outcome, failures }) => [id, outcome, failures.map(({ code }) => code).sort()]),
  })

  it('asks for two manifests and seven statuses', async () => {
    const { collected, service } = await collect(manifestClock)
    expect(collected.origins.manifests.map(({ id }) => id)).toEqual([driverId, firmwareId])
    expect(collected.ocspResponses.length).toBe(7)
    expect(service.requests.length).toBe(9)
    expect(collected.problems.map(({ code }) => code)).toEqual(['collect/stale', 'collect/stale', 'collect/stale'])
    const early = await collect(deviceClock)
    expect(early.collected.problems.map(({ code }) => code)).toEqual(Array(4).fill('collect/not-yet-valid'))
  })

  it('sends the CertID of the recorded responses', async () => {
    const { service } = await collect(manifestClock)
    const asked = service.requests.flatMap(({ method, body }) => (method === 'POST' ? [body.toString('hex')] : []))
    for (const response of files.ocspResponses) {
      const { certId } = response.kind === 'answer' ? (response.responses[0] ?? never()) : never()
      const parts = [certId.issuerNameHash, certId.issuerKeyHash, certId.serialNumber].map(encodeHex)
      expect(asked.filter((request) => parts.every((part) => request.includes(part))).length).toBe(1)
    }
  })

  it('leads to a pass, over a file too, with the statuses of the other time waived', async () => {
    const { collected } = await collect(manifestClock)
    for (const collateral of [files, collected, parseCollateral(encodeUtf8(encodeCollateral(collected)))]) {
      const result = await judge(collateral, manifestClock, atManifestClock)
      expect(result.failures).toEqual([])
      expect(result.verdict).toBe('pass')
    }
  })

  it.each([
    ['device clock', deviceClock],
    ['manifest clock', manifestClock],
    ['years later', new Date('2027-06-01T00:00:00Z')],
  ])('leads to the verdict of the files at the %s', async (_, now) => {
    const { collected } = await collect(now)
    const expected = summary(await judge(files, now))
    expect(expected.verdict).toBe('fail')
    expect(summary(await judge(collected, now))).toEqual(expected)
    expect(summary(await judge(parseCollateral(encodeUtf8(encodeCollateral(collected))), now))).toEqual(expected)
  })

  it('finds nothing when the service says nothing, and nothing passes by that', async () => {
    const { collected } = await collect(manifestClock, () => undefined)
    expect(new Set(collected.problems.map(({ code }) => code))).toEqual(new Set(['collect/not-found']))
    const result = await judge(collected, manifestClock, atManifestClock)
    expect(result.verdict).toBe('fail')
    expect(result.authentic).toBe(true)
  })

  describe('from a service that misbehaves for the driver manifest', () => {
    const at = `manifests[${driverId}]`
    const spoilt = (answer: (earlier: number) => Answer): Route => {
      return (request) => (request.path.endsWith(driverId) ? answer(request.earlier) : route(request))
    }
    const real = (): string => envelope(driverId, readReal(`rims/${driverId}.xml`))
    const cases: readonly (readonly [string, string | undefined, (earlier: number) => Answer])[] = [
      ['slow', 'collect/timeout', () => ({ body: real(), delayMs: 3000 })],
      ['cut off', 'collect/network', () => ({ body: real(), cutAfter: 1000 })],
      ['truncated', 'collect/malformed', () => ({ body: real().slice(0, -20) })],
      ['oversized', 'collect/too-large', () => ({ body: real() + ' '.repeat(4 * 1024 * 1024) })],
      ['wrong id', 'collect/wrong-id', () => ({ body: envelope(firmwareId, readReal(`rims/${firmwareId}.xml`)) })],
      ['unknown id', 'collect/not-found', () => ({ status: 404 })],
      ['overloaded', 'collect/rate-limited', () => ({ status: 429, headers: { 'retry-after': '3600' } })],
      [
        'overloaded for a second',
        undefined,
        (n) => (n === 0 ? { status: 429, headers: { 'retry-after': '1' } } : { body: real() }),
      ],
      ['broken once', undefined, (n) => (n === 0 ? { status: 500 } : { body: real() })],
      ['broken', 'collect/server-error', () => ({ status: 500 })],
      ['elsewhere', 'collect/redirect', () => ({ status: 302, headers: { location: 'https://example.test/' } })],
    ]
    it.each(cases)('%s: %s', async (_, code, answer) => {
      const { collected } = await collect(manifestClock, spoilt(answer), { limits: { attemptMs: 600, attempts: 2 } })
      const problems = collected.problems.filter((problem) => problem.code !== 'collect/stale')
      expect(problems.map((problem) => [problem.code, problem.at])).toEqual(code === undefined ? [] : [[code, at]])
      const result = await judge(collected, manifestClock, atManifestClock)
      expect(result.verdict).toBe(code === undefined ? 'pass' : 'fail')
    })
  })

  it('pays three signatures for the device the second time', async () => {
    const { collected } = await collect(manifestClock)
    let checks = 0
    const crypto: CryptoProvider = {
      ...webCryptoProvider,
      verify: (check) => {
        checks++
        return webCryptoProvider.verify(check)
      },
    }
    const verifier = createVerifier({ trustAnchors: nvidiaTrustAnchors, policy: atManifestClock, crypto })
    const appraise = () => verifier.appraise(evidence, { nonce, now: manifestClock, collateral: collected })
    expect((await appraise()).verdict).toBe('pass')
    checks = 0
    expect((await appraise()).verdict).toBe('pass')
    // Report and leaf; the BROM certificate, known from the first time, would be the third for a new device.
    expect(checks).toBe(2)
  })
})

function never(): never {
  throw new Error('cannot happen')
}
