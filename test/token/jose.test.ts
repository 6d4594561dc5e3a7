// `jose` is loaded with the first signature; what does not load is an error of its own, and is asked for again.
import { afterEach, expect, it, vi } from 'vitest'
import { jwksBytes, signer, signJws } from './signing.js'

const jose = '../../src/token/jose.js'

afterEach(() => {
  vi.doUnmock(jose)
  vi.resetModules()
})

it('reports that it cannot be loaded, and not that the signature is bad; the next call loads it', async () => {
  const failed = new Error('the file did not arrive')
  let arrives = false
  vi.resetModules()
  const { compactVerify } = await vi.importActual<typeof import('../../src/token/jose.js')>(jose)
  vi.doMock(jose, () => {
    if (!arrives) throw failed
    return { compactVerify }
  })
  const { verifyJws } = await import('../../src/token/jws.js')
  const { parseJwkSet } = await import('../../src/token/jwks.js')
  const key = signer('P-256', 'k1')
  const token = signJws({ header: { alg: 'ES256', kid: 'k1' }, payload: {}, signer: key, algorithm: 'ES256' })
  const keys = parseJwkSet(jwksBytes(key))
  const now = new Date('2026-05-01T00:00:00Z')
  const verify = (): Promise<unknown> => verifyJws(token, { keys, algorithms: ['ES256'], typ: [null], now })
  const error: unknown = await verify().catch((thrown: unknown) => thrown)
  expect(error).toHaveProperty('cause', failed)
  expect(error).not.toHaveProperty('code', 'token/signature-invalid')
  arrives = true
  await expect(verify()).resolves.toMatchObject({ algorithm: 'ES256' })
})
