// NVIDIA's own sample tokens: two detached bundles of its attestation service, and the claims it publishes as samples.
import { describe, expect, it } from 'vitest'
import { parseHex } from '../../src/bytes/hex.js'
import { encodeUtf8 } from '../../src/bytes/text.js'
import { nobleCryptoProvider } from '../../src/crypto/noble.js'
import { isJsonObject, type JsonObject, type JsonValue, jsonObject, parseJson } from '../../src/encoding/json.js'
import { type NrasResult, type NrasVerification, verifyNrasToken } from '../../src/nvidia/nras.js'
import { readDeviceClaims } from '../../src/nvidia/nras-claims.js'
import { parseJwkSet } from '../../src/token/jwks.js'
import { parseJws } from '../../src/token/jws.js'
import { hasRealData, readReal, readRealJson, readRealText } from '../real-data.js'
import { refusal } from '../token/failure.js'

interface Sample {
  readonly id: string
  readonly file: string
  readonly decoded: string
  readonly jwks: string
  readonly verifyTime: number
  readonly tokens: readonly {
    readonly label: string
    readonly kid: string
    readonly iss: string
    readonly exp: number
    readonly iat: number
  }[]
  readonly overall: { readonly ver: string; readonly result: boolean; readonly eat_nonce: string }
  readonly devices: readonly { readonly label: string; readonly ueid: string; readonly measres: string }[]
}

const samples = hasRealData ? (readRealJson('tokens/nras/index.json') as readonly Sample[]) : []

function plain(value: JsonValue): unknown {
  if (isJsonObject(value)) return Object.fromEntries([...value].map(([name, item]) => [name, plain(item)]))
  return Array.isArray(value) ? value.map(plain) : value
}

function settings(sample: Sample, seconds: number): NrasVerification {
  return {
    keys: parseJwkSet(readReal(`tokens/${sample.jwks}`)),
    issuer: sample.tokens[0]?.iss ?? '',
    nonce: parseHex(sample.overall.eat_nonce, ''),
    now: new Date(seconds * 1000),
    leewaySeconds: 0,
  }
}

const verify = (sample: Sample, changed: Partial<NrasVerification> = {}): Promise<NrasResult> =>
  verifyNrasToken(readReal(`tokens/${sample.file}`), { ...settings(sample, sample.verifyTime), ...changed })

describe.skipIf(!hasRealData)('bundles of the attestation service', () => {
  it('are there, one of production and one of staging', () => {
    expect(samples.map(({ id }) => id)).toEqual(['hopperClaimsv3', 'switch'])
  })

  describe.each(samples)('$id', (sample) => {
    it('verifies inside its validity, with the claims NVIDIA decoded', async () => {
      const result = await verify(sample)
      expect(result).toMatchObject({
        outcome: 'pass',
        overallResult: sample.overall.result,
        version: sample.overall.ver,
        devices: sample.devices.map(({ label, ueid, measres }) => ({
          kind: 'claims',
          label,
          claims: { ueid, measres },
        })),
      })
      const decoded = readRealJson(`tokens/${sample.decoded}`) as Readonly<Record<string, unknown>>
      for (const device of result.devices)
        expect(device.kind === 'claims' && plain(device.claims.original)).toEqual(decoded[device.label])
    })

    it('verifies with the noble provider', async () => {
      expect((await verify(sample, { crypto: nobleCryptoProvider })).outcome).toBe('pass')
    })

    it('is refused outside its validity', async () => {
      const { iat = 0, exp = 0 } = sample.tokens[0] ?? {}
      expect(await refusal(() => verify(sample, { now: new Date(exp * 1000) }))).toEqual({
        code: 'token/expired',
        at: 'overall.payload.exp',
      })
      expect(await refusal(() => verify(sample, { now: new Date((iat - 1) * 1000) }))).toEqual({
        code: 'token/not-yet-valid',
        at: 'overall.payload.nbf',
      })
      expect((await verify(sample, { now: new Date(exp * 1000 - 1) })).outcome).toBe('pass')
    })

    it('is refused for another issuer, nonce or key set', async () => {
      const other = samples.find(({ id }) => id !== sample.id)
      const issuer = other?.tokens[0]?.iss ?? ''
      expect((await refusal(() => verify(sample, { issuer }))).code).toBe('token/issuer-mismatch')
      expect((await refusal(() => verify(sample, { nonce: new Uint8Array(32) }))).code).toBe('eat/nonce-mismatch')
      expect((await refusal(() => verify(sample, { keys: { keys: [] } }))).code).toBe('token/key-not-found')
    })

    it('is refused with a signature of the other bundle, and with any part of the other bundle', async () => {
      const [mine, other] = [sample, samples.find(({ id }) => id !== sample.id) ?? sample].map(
        ({ file }) =>
          JSON.parse(readRealText(`tokens/${file}`)) as readonly [
            readonly [string, string],
            Readonly<Record<string, string>>,
          ],
      )
      if (mine === undefined || other === undefined) throw new Error('no sample')
      const run = (value: unknown): Promise<{ readonly code: string; readonly at: string }> =>
        refusal(() => verifyNrasToken(encodeUtf8(JSON.stringify(value)), settings(sample, sample.verifyTime)))
      const [label = ''] = Object.keys(mine[1])
      const [header, payload] = mine[0][1].split('.')
      const grafted = `${header}.${payload}.${other[0][1].split('.')[2]}`
      expect(await run([['JWT', grafted], mine[1]])).toEqual({
        code: 'token/signature-invalid',
        at: 'overall.signature',
      })
      expect(await run([mine[0], other[1]])).toEqual({ code: 'eat/detached-missing', at: `devices.${label}` })
      const [foreign] = Object.values(other[1])
      expect(await run([mine[0], { [label]: foreign }])).toEqual({
        code: 'eat/digest-mismatch',
        at: `devices.${label}`,
      })
    })

    it('declares no type and brings no key', () => {
      const [[, overall]] = JSON.parse(readRealText(`tokens/${sample.file}`)) as readonly [readonly [string, string]]
      const { type, header, algorithm } = parseJws(overall)
      expect({ type, algorithm, header: [...header.keys()].toSorted() }).toEqual({
        type: undefined,
        algorithm: 'ES384',
        header: ['alg', 'kid'],
      })
    })
  })
})

describe.skipIf(!hasRealData)('published device claims', () => {
  const claims = (file: string): JsonObject => jsonObject(parseJson(readReal(`tokens/claims/${file}`), ''), '')

  it.each([
    ['gpu/detached_claims_local.json', 'GPU-0', '2.0'],
    ['gpu/detached_claims_remote.json', 'GPU-0', '2.0'],
    ['gpu/detached_granular_claims_local.json', 'GPU-0', '3.0'],
    ['gpu/detached_granular_claims_remote.json', 'GPU-0', '3.0'],
    ['switch/detached_claims_local.json', 'SWITCH-0', '2.0'],
    ['switch/detached_claims_remote.json', 'SWITCH-0', '2.0'],
    ['switch/detached_granular_claims_local.json', 'SWITCH-0', '3.0'],
    ['switch/detached_granular_claims_remote.json', 'SWITCH-0', '3.0'],
  ] as const)('%s is complete', (file, label, version) => {
    const { measres, missingChecks, certificateChains } = readDeviceClaims(claims(file), label, version, '')
    expect({ measres, missingChecks }).toEqual({ measres: 'success', missingChecks: [] })
    expect(certificateChains.size).toBe(version === '2.0' ? 0 : label === 'GPU-0' ? 3 : 2)
  })
})
