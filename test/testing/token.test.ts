// Tokens of the synthetic world, verified by jose.
import { createHash } from 'node:crypto'
import { compactVerify, createLocalJWKSet, importJWK, type JWK, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { createSyntheticWorld, flipBits, publicJwk, type SyntheticCurve, signJwt } from '../../src/testing/index.js'

const world = createSyntheticWorld({ seed: 'token' })
const gpu = world.hopper()

const joseNames = { 'P-256': 'ES256', 'P-384': 'ES384', 'P-521': 'ES512', Ed25519: 'EdDSA' } as const

describe.each(['P-256', 'P-384', 'P-521', 'Ed25519'] as readonly SyntheticCurve[])('JWT under %s', (curve) => {
  it('is what jose accepts', async () => {
    const key = world.key('signer', curve)
    const jwk: JWK = { kty: 'EC', ...publicJwk(key) }
    const token = signJwt({ a: 1 }, key, { kid: 'k' })
    const { payload } = await compactVerify(token, await importJWK(jwk, joseNames[curve]))
    expect(JSON.parse(Buffer.from(payload).toString())).toEqual({ a: 1 })
  })
})

describe('detached EAT bundle', () => {
  const bundle = world.tokenBundle([gpu, world.ls10()])
  const keys = createLocalJWKSet(JSON.parse(bundle.jwks))

  it('holds an overall token and one per device, all signed by the key of the set', async () => {
    const [[kind, overall], devices] = JSON.parse(bundle.json)
    expect(kind).toBe('JWT')
    expect(Object.keys(devices)).toEqual(['GPU-0', 'SWITCH-0'])
    for (const token of [overall, ...Object.values(devices)]) {
      const { payload, protectedHeader } = await jwtVerify(String(token), keys, {
        currentDate: world.now,
        issuer: bundle.issuer,
      })
      expect(protectedHeader.alg).toBe('ES384')
      expect(payload['eat_nonce']).toBe(Buffer.from(gpu.nonce).toString('hex'))
    }
  })

  it('states the digest of every device token', async () => {
    const { payload } = await jwtVerify(bundle.overall, keys, { currentDate: world.now })
    const digests = Object.fromEntries(
      Object.entries(bundle.devices).map(([label, token]) => [
        label,
        ['DIGEST', ['SHA-256', createHash('sha256').update(token).digest('hex')]],
      ]),
    )
    expect(payload['submods']).toEqual(digests)
  })

  it('takes changes to claims, digests and signatures', async () => {
    const changed = world.tokenBundle([gpu], {
      overallResult: false,
      device: () => ({ measres: 'fail' }),
      digest: () => '00',
      deviceToken: { signature: (bytes) => flipBits(bytes, 0) },
    })
    const { payload } = await jwtVerify(changed.overall, keys, { currentDate: world.now })
    expect(payload['x-nvidia-overall-att-result']).toBe(false)
    expect(payload['submods']).toEqual({ 'GPU-0': ['DIGEST', ['SHA-256', '00']] })
    await expect(jwtVerify(changed.devices['GPU-0'] ?? '', keys, { currentDate: world.now })).rejects.toThrow()
    const failed = world.tokenBundle([gpu], { deviceError: () => ({ 'x-nvidia-error-details': { code: 4010 } }) })
    const { payload: error } = await jwtVerify(failed.devices['GPU-0'] ?? '', keys, { currentDate: world.now })
    expect(error['eat_nonce']).toBeUndefined()
    expect(error['x-nvidia-error-details']).toEqual({ code: 4010 })
  })
})
