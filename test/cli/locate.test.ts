// `locate`: the answer with its assumptions, for people and for programs; nothing trusted is taken from the bundle.
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LocationCase } from '../../fixtures/location.js'
import { world } from '../../fixtures/plan.js'
import { nvidiaTrustAnchors } from '../../src/anchors/nvidia.js'
import { type Collateral, emptyCollateral } from '../../src/appraise/collateral.js'
import { strictPolicy } from '../../src/appraise/policy.js'
import { parseHex } from '../../src/bytes/hex.js'
import { type LocateRequest, locate } from '../../src/cli/locate.js'
import { readMachineFacts, readTerritories } from '../../src/cli/location-options.js'
import { createTerminal } from '../../src/cli/terminal.js'
import { exitCodes, UsageError } from '../../src/cli/usage.js'
import { parseLocationPolicy } from '../../src/location/policy-json.js'
import { parseEvidence } from '../../src/nvidia/evidence.js'
import { AttestationError } from '../../src/result/error.js'
import type { StatusOptions } from '../../src/testing/index.js'
import { parseJwkSet } from '../../src/token/jwks.js'
import { createVerifier } from '../../src/verifier.js'
import { parseCertificates } from '../../src/x509/certificate.js'
import { parseOcspResponse } from '../../src/x509/ocsp.js'
import { trustAnchorFromCertificate } from '../../src/x509/trust-anchor.js'

const fixtures = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'fixtures')
const territories = readTerritories([])

function read(path: string): Uint8Array {
  return new Uint8Array(readFileSync(join(fixtures, path)))
}

function load(name: string): LocationCase {
  return JSON.parse(readFileSync(join(fixtures, 'location', name, 'case.json'), 'utf8'))
}

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gpu-attestation-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

function sha256(...parts: readonly (Uint8Array | string)[]): Uint8Array {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return new Uint8Array(hash.digest())
}

/** What a quote over one device covers: its challenge, then the set of one report. */
function facts(path: string, machine: NonNullable<LocationCase['machine']>, bootId: string): object {
  const [device] = parseEvidence(read(path))
  if (device === undefined) throw new Error('no device')
  const set = sha256('gpuloc/gpus/v1\0', sha256(device.report.raw))
  const reportDataHex = Buffer.concat([device.report.request.nonce, set]).toString('hex')
  return { reportDataHex, agentMeasurement: machine.agentMeasurement, migratable: machine.migratable, bootId }
}

function request(name: string, encoding: 'json' | 'cbor', change: Partial<LocateRequest> = {}): LocateRequest {
  const fixture = load(name)
  const files = fixture.encodings[encoding]
  if (files.second === null || fixture.machine === null) throw new Error('case without second bracket or machine')
  const [anchor] = parseCertificates(new TextDecoder().decode(read(fixture.deviceTrustAnchor)), 'anchor')
  if (anchor === undefined) throw new Error('no anchor')
  const machineFile = join(folder, 'machine.json')
  const [before, after] = fixture.machine.bootIds
  const machine = {
    first: facts(files.first, fixture.machine, before),
    second: facts(files.second, fixture.machine, after),
  }
  writeFileSync(machineFile, JSON.stringify(machine))
  return {
    bundle: read(files.bundle),
    directory: read(files.directory),
    directoryKeys: parseJwkSet(read(fixture.directoryKeys)),
    directoryIssuer: fixture.directoryIssuer,
    policy: parseLocationPolicy(JSON.stringify(fixture.policy)),
    audience: fixture.audience,
    first: {
      nonce: parseHex(fixture.nonceHex, 'nonceHex'),
      nonceIssuedAt: new Date(fixture.nonceIssuedAt),
      evidence: parseEvidence(read(files.first)),
    },
    second: {
      nonce: parseHex(fixture.secondNonceHex, 'secondNonceHex'),
      nonceIssuedAt: new Date(fixture.secondNonceIssuedAt),
      evidence: parseEvidence(read(files.second)),
    },
    machine: readMachineFacts(machineFile),
    verifier: createVerifier({
      trustAnchors: { device: [trustAnchorFromCertificate(anchor)], manifest: nvidiaTrustAnchors.manifest },
      policy: strictPolicy,
    }),
    territories,
    now: new Date(fixture.now),
    json: false,
    ...change,
  }
}

async function run(one: LocateRequest): Promise<{ readonly code: number; readonly out: string }> {
  let out = ''
  const terminal = createTerminal({ write: (text: string) => (out += text) }, { write: () => undefined }, {})
  return { code: await locate(terminal, one), out }
}

describe('locate', () => {
  it.each(['json', 'cbor'] as const)('answers a sound bundle in %s with everything it assumes', async (encoding) => {
    const { code, out } = await run(request('sound', encoding))
    expect(code).toBe(exitCodes.pass)
    expect(out).toMatch(/^PASS {2}tier: /)
    for (const part of [
      /outside RU, CN, US +proved/,
      /assurance +attested-key-timing \(level 5 of 6\)/,
      /speed assumed +fibre: 2\/3 of light/,
      /faults tolerated +1 of 5 independent operators: operator-a, operator-b, operator-c, operator-d, operator-e/,
      /not ruled out +.*NL/,
      /natural-earth/,
      /overlaps a territory is not evidence/,
      /The bound is on the session key/,
      /key-confinement/,
      /nonce +the command line keeps no list/,
    ])
      expect(out).toMatch(part)
  })

  it('says that nothing holds the key where no machine evidence does', async () => {
    const { machine: _machine, ...without } = request('sound', 'json')
    const { code, out } = await run(without)
    expect(code).toBe(exitCodes.appraise)
    expect(out).toMatch(/^FAIL/)
    expect(out).toContain('device-and-timing (level 4 of 6)')
    expect(out).toContain('the session key, which may be elsewhere')
    expect(out).toContain('a helper near the landmarks could hold it')
  })

  it('prints what programs need, the region as GeoJSON', async () => {
    const { code, out } = await run(request('sound', 'json', { json: true }))
    expect(code).toBe(exitCodes.pass)
    const result = JSON.parse(out)
    expect(result.verdict).toBe('pass')
    expect(result.challenge).toMatch(/^[0-9a-f]{64}$/)
    expect(result.claims.bounds.fibre.region).toMatchObject({ kind: 'bounded', geoJson: { type: 'MultiPolygon' } })
    const [longitude, latitude] = result.claims.bounds.fibre.region.geoJson.coordinates[0][0][0]
    expect(Math.abs(latitude - 52.3)).toBeLessThan(3)
    expect(Math.abs(longitude - 4.95)).toBeLessThan(4)
    expect(result.claims.assumptions).toMatchObject({ speed: 'fibre', faultTolerance: 1 })
  })

  it('draws what it answers', async () => {
    const svg = join(folder, 'place.svg')
    const { out } = await run(request('sound', 'json', { svg }))
    const picture = readFileSync(svg, 'utf8')
    expect(picture).toMatch(/^<svg /)
    expect(picture).toContain('Outside RU, CN, US: proved')
    expect(picture).toContain('Where the device can be')
    expect(out).toContain(svg)
    await expect(run(request('sound', 'json', { svg: join(folder, 'absent', 'place.svg') }))).rejects.toThrow(
      UsageError,
    )
  })

  it('draws and explains an empty region', async () => {
    const svg = join(folder, 'empty.svg')
    const { code, out } = await run(request('key-in-several-places', 'json', { svg }))
    expect(code).toBe(exitCodes.appraise)
    expect(out).toContain('FAIL')
    expect(readFileSync(svg, 'utf8')).toMatch(/^<svg /)
  })

  it.each([
    ['location/replay', { first: { nonce: new Uint8Array(32) } }],
    ['token/audience-mismatch', { audience: 'https://somebody.else.example' }],
    ['token/issuer-mismatch', { directoryIssuer: 'https://somebody.else.example' }],
    ['token/key-not-found', { directoryKeys: { keys: [] } }],
    ['location/gpu-cpu-not-bound', { machine: 'other' }],
  ] as const)('refuses with %s what does not match the caller', async (code, change) => {
    const sound = request('sound', 'json')
    const { machine } = sound
    if (machine === undefined) throw new Error('no machine')
    const { first, machine: other, ...rest } = { first: undefined, machine: undefined, ...change }
    const changed: LocateRequest = {
      ...sound,
      ...rest,
      ...(first === undefined ? {} : { first: { ...sound.first, ...first } }),
      ...(other === undefined
        ? {}
        : { machine: { ...machine, first: { ...machine.first, reportData: new Uint8Array(64) } } }),
    }
    await expect(run(changed)).rejects.toMatchObject({ code })
  })

  it('refuses evidence on another challenge, and machine facts for one bracket only', async () => {
    const sound = request('sound', 'json')
    if (sound.second === undefined || sound.machine === undefined) throw new Error('incomplete')
    const swapped = { ...sound, first: { ...sound.first, evidence: sound.second.evidence } }
    await expect(run(swapped)).rejects.toBeInstanceOf(AttestationError)
    await expect(run(swapped)).rejects.toMatchObject({ at: expect.stringContaining('nonce') })
    const { second: _second, ...firstOnly } = sound.machine
    await expect(run({ ...sound, machine: firstOnly })).rejects.toMatchObject({
      code: 'location/confidential-vm-refused',
      at: 'second.confidentialVm',
    })
    await expect(run({ ...sound, first: { ...sound.first, evidence: [] } })).rejects.toThrow(UsageError)
  })

  it('takes a token that an editor ended with a line break', async () => {
    const sound = request('sound', 'json')
    const broken = new Uint8Array([...sound.bundle, 10])
    expect((await run({ ...sound, bundle: broken })).code).toBe(exitCodes.pass)
  })
})

describe('machine facts', () => {
  it.each([
    ['[]'],
    ['{}'],
    ['{"first": {"reportDataHex": "00", "agentMeasurement": "a", "bootId": "b"}}'],
    ['{"first": {"agentMeasurement": "a", "migratable": false, "bootId": "b"}}'],
  ])('%s are refused', (text) => {
    const file = join(folder, 'facts.json')
    writeFileSync(file, text)
    expect(() => readMachineFacts(file)).toThrow(UsageError)
  })
})

describe('revocation of the devices', () => {
  /** Statuses of the issuers of the device in the bundle. */
  function statuses(status: StatusOptions = {}): Collateral {
    const { chain } = world.hopper({ device: 'device-0' })
    const ocspResponses = world
      .deviceOcspResponses(chain, { thisUpdate: world.now, ...status })
      .map((der, index) => parseOcspResponse(der, `ocspResponses[${index}]`))
    return { ...emptyCollateral, ocspResponses }
  }

  it('is not judged without collateral, which the answer says', async () => {
    const { code, out } = await run(request('sound', 'json'))
    expect(code).toBe(exitCodes.pass)
    expect(out).toContain('Neither revocation nor firmware of the devices was judged')
  })

  it('is judged with collateral', async () => {
    const { code, out } = await run(request('sound', 'json', { collateral: statuses() }))
    expect(code).toBe(exitCodes.pass)
    expect(out).not.toContain('Neither revocation')
    expect(out).toContain('Firmware of the devices was not judged')
  })

  it.each<[string, Collateral | undefined, string]>([
    ['revoked', undefined, 'revocation/revoked'],
    ['not shown', emptyCollateral, 'revocation/no-evidence'],
  ])('%s ends without an answer', async (_, given, failure) => {
    const revokedAt = new Date('2026-01-10T00:00:00Z')
    const collateral = given ?? statuses({ status: { revokedAt, reason: 'keyCompromise' } })
    const { code, out } = await run(request('sound', 'json', { collateral }))
    expect(code).toBe(exitCodes.appraise)
    expect(out).toMatch(/^FAIL/)
    expect(out).toContain(failure)
    expect(out).not.toContain('proved')
    const json = await run(request('sound', 'json', { collateral, json: true }))
    expect(json.code).toBe(exitCodes.appraise)
    const result = JSON.parse(json.out)
    expect(result.verdict).toBe('fail')
    expect(result.failures[0].code).toBe(failure)
    expect(result.claims).toBeUndefined()
  })
})
