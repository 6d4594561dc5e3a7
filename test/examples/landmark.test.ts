// The reference landmark and agent over real UDP on the loopback interface, and what the verifier makes of it.
import { randomBytes } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  appraiseCampaign,
  type CampaignRecord,
  runCampaign,
  sites,
  verifyCampaign,
} from '../../docs/examples/landmark/campaign.js'
import { createIdentity, type Identity, signJws } from '../../docs/examples/landmark/identity.js'
import { startLandmark } from '../../docs/examples/landmark/landmark.js'
import { base64url, kinds } from '../../docs/examples/landmark/protocol.js'
import { fromDegrees } from '../../src/location/geometry/vector.js'
import { loadTerritories } from '../../src/territories/index.js'

const territories = loadTerritories()
const quick = { rounds: 8, spacingMs: 5 } as const

function payloadOf(jws: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString('utf8'))
}

function withPayload(jws: string, change: (claims: Record<string, unknown>) => object): string {
  const [header, , signature] = jws.split('.')
  return `${header}.${base64url(new TextEncoder().encode(JSON.stringify(change(payloadOf(jws)))))}.${signature}`
}

function isMessage(data: Uint8Array, domain: string): boolean {
  return Buffer.from(data.subarray(0, domain.length)).toString('latin1') === domain
}

/** A session key whose holder treats some messages specially. */
function misbehaving(domain: string, sign: (data: Uint8Array, honest: Identity) => Uint8Array): Identity {
  const honest = createIdentity()
  return { ...honest, sign: (data) => (isMessage(data, domain) ? sign(data, honest) : honest.sign(data)) }
}

describe('an honest campaign', () => {
  const identity = createIdentity()
  let record: CampaignRecord
  beforeAll(async () => {
    record = await runCampaign({ ...quick, identity })
  })

  it('is accepted, and proves what the round trips allow', async () => {
    const evidence = await verifyCampaign(record)
    expect(evidence.rejected).toEqual([])
    expect(evidence.unreachable).toEqual([])
    expect(evidence.measurements.map(({ operator }) => operator)).toEqual(sites.map(({ operator }) => operator))
    for (const { received, sent, rttMinNs } of evidence.measurements) {
      expect(sent).toBe(quick.rounds)
      expect(received).toBeGreaterThan(0)
      expect(received).toBeLessThanOrEqual(sent)
      expect(rttMinNs).toBeGreaterThan(1000)
    }
    const result = appraiseCampaign(evidence, territories)
    expect(result.failures).toEqual([])
    expect(result.verdict).toBe('pass')
    expect(result.claims?.predicates).toContainEqual({
      kind: 'outside',
      set: ['AU', 'NZ'],
      result: 'proved',
      basis: 'vacuum',
    })
    const region = result.claims?.bounds?.vacuum.region
    for (const { latitude, longitude } of sites) expect(region?.contains(fromDegrees(latitude, longitude))).toBe(true)
    expect(region?.contains(fromDegrees(-25, 135))).toBe(false)
    expect(result.claims?.assurance).toMatchObject({ name: 'device-and-timing', relay: 'not-excluded' })
  })

  it('is refused when any byte of the bundle changes', async () => {
    const changed = withPayload(record.bundle, (claims) => ({ ...claims, iat: Number(claims['iat']) + 1 }))
    await expect(verifyCampaign({ ...record, bundle: changed })).rejects.toMatchObject({
      code: 'token/signature-invalid',
    })
  })

  it('is refused under another key than the devices signed', async () => {
    const stolen = signJws(createIdentity(), 'application/gpuloc-bundle+jwt', payloadOf(record.bundle), 'no-kid')
    await expect(verifyCampaign({ ...record, bundle: stolen })).rejects.toMatchObject({
      code: 'token/signature-invalid',
    })
  })

  it('is refused for another nonce, and with reports that answer another challenge', async () => {
    const nonce = new Uint8Array(32)
    await expect(verifyCampaign({ ...record, nonce })).rejects.toMatchObject({ code: 'location/replay' })
    const swapped = { ...record, devices: record.secondDevices }
    await expect(verifyCampaign(swapped)).rejects.toMatchObject({ at: expect.stringContaining('nonce') })
    const reused = { ...record, secondNonce: record.nonce, secondDevices: record.devices }
    await expect(verifyCampaign(reused)).rejects.toMatchObject({ code: 'location/nonce-reuse' })
  })

  it('loses a measurement whose round trips the agent makes shorter, and with it the quorum', async () => {
    const claims = payloadOf(record.bundle)
    const tokens: unknown = claims['meas']
    if (!Array.isArray(tokens)) throw new Error('no measurements')
    const [first, ...rest]: readonly string[] = tokens
    const shorter = withPayload(first ?? '', (measured) => ({ ...measured, rtt_min: 1, rtt: [1], recv: 1 }))
    const bundle = signJws(identity, 'application/gpuloc-bundle+jwt', { ...claims, meas: [shorter, ...rest] }, 'no-kid')
    const evidence = await verifyCampaign({ ...record, bundle })
    expect(evidence.measurements).toHaveLength(2)
    expect(evidence.rejected).toMatchObject([{ index: 0, failure: { code: 'token/signature-invalid' } }])
    const result = appraiseCampaign(evidence, territories)
    expect(result.verdict).toBe('fail')
    expect(result.failures.map(({ code }) => code)).toContain('location/quorum')
  })

  it('gains nothing from measurements of another campaign, or the same one twice', async () => {
    const other = await runCampaign(quick)
    const claims = payloadOf(record.bundle)
    const spliced = { ...claims, meas: payloadOf(other.bundle)['meas'] }
    const evidence = await verifyCampaign({
      ...record,
      bundle: signJws(identity, 'application/gpuloc-bundle+jwt', spliced, 'no-kid'),
    })
    expect(evidence.measurements).toEqual([])
    const tokens: unknown = claims['meas']
    if (!Array.isArray(tokens)) throw new Error('no measurements')
    const doubled = { ...claims, meas: [...tokens, tokens[0]] }
    const twice = await verifyCampaign({
      ...record,
      bundle: signJws(identity, 'application/gpuloc-bundle+jwt', doubled, 'no-kid'),
    })
    expect(twice.measurements).toHaveLength(3)
    expect(twice.rejected).toMatchObject([{ index: 3, failure: { code: 'location/replay' } }])
  })
})

describe('an agent that does not play by the rules', () => {
  it('only makes its region larger by answering late', async () => {
    const late = misbehaving('gpuloc/round/v1', (data, honest) => {
      const until = process.hrtime.bigint() + 4_000_000n
      while (process.hrtime.bigint() < until);
      return honest.sign(data)
    })
    const evidence = await verifyCampaign(await runCampaign({ rounds: 4, spacingMs: 20, identity: late }))
    for (const { rttMinNs } of evidence.measurements) expect(rttMinNs).toBeGreaterThan(4_000_000)
    const [nearest] = appraiseCampaign(evidence, territories).claims?.bounds?.vacuum.discs ?? []
    expect(nearest).toMatchObject({ used: true })
    if (nearest?.used === true) expect(nearest.radiusMeters).toBeGreaterThan(599_000)
  })

  it.each([
    ['a helper that answers rounds without the key', 'gpuloc/round/v1'],
    ['an agent that does not agree with the transcript', 'gpuloc/xscript/v1'],
  ])('%s gets no measurement', async (_, domain) => {
    const helper = createIdentity()
    const identity = misbehaving(domain, (data) => helper.sign(data))
    const evidence = await verifyCampaign(await runCampaign({ ...quick, identity, timeoutMs: 250 }))
    expect(evidence.measurements).toEqual([])
    expect(evidence.unreachable).toHaveLength(sites.length)
    expect(appraiseCampaign(evidence, territories).verdict).toBe('fail')
  })
})

describe('a landmark', () => {
  it('survives anything sent to it, and answers with less than it was sent', async () => {
    const identity = createIdentity()
    const place = { name: 'alone', latitude: 52, longitude: 5, positionUncertaintyMeters: 50 }
    const landmark = await startLandmark({ identity, ...place, ...quick, now: () => new Date('2026-01-15T12:00:00Z') })
    const socket = createSocket('udp4')
    try {
      const say = (...parts: readonly Uint8Array[]): void =>
        socket.send(Buffer.concat(parts), landmark.port, '127.0.0.1')
      const text = (value: string): Uint8Array => new TextEncoder().encode(value)
      const agent = createIdentity()
      const claims = {
        kid: base64url(identity.thumbprint),
        jwk: agent.jwk,
        ev: base64url(randomBytes(32)),
        n_v: base64url(randomBytes(32)),
        n_a: base64url(randomBytes(16)),
        aud: 'https://verifier.example',
      }
      const hello = Uint8Array.of(kinds.hello)
      for (const length of [0, 1, 16, 17, 60, 1200])
        for (const kind of Object.values(kinds)) say(Uint8Array.of(kind), randomBytes(length))
      for (const wrong of [
        { jwk: { ...agent.jwk, x: 'AA' } },
        { jwk: { ...agent.jwk, x: '_'.repeat(43) } },
        { jwk: createIdentity().jwk },
        { ev: 'AA' },
        { n_v: 7 },
        { aud: null },
        { kid: 'somebody else' },
      ])
        say(hello, text(signJws(agent, 'gpuloc-hello', { ...claims, ...wrong })))
      say(hello, text('..'), text('e30.e30.e30'))
      const signed = text(signJws(agent, 'gpuloc-hello', claims))
      const answers: Buffer[] = []
      const answered = new Promise<void>((resolve) => {
        socket.on('message', (datagram) => {
          answers.push(datagram)
          if (datagram[0] === kinds.challenge) resolve()
        })
      })
      say(hello, signed)
      await answered
      const [open, challenge] = answers
      expect(open?.[0]).toBe(kinds.open)
      expect(open?.length).toBeLessThan(signed.length)
      expect(challenge).toHaveLength(85)
    } finally {
      socket.close()
      await landmark.close()
    }
  })
})
