// A check begun early answers exactly the question it was begun for.
import { describe, expect, it } from 'vitest'
import type { CryptoProvider, PublicKey, SignatureCheck } from '../../src/crypto/provider.js'
import { startCheck } from '../../src/crypto/started-check.js'
import { webCryptoProvider } from '../../src/crypto/webcrypto.js'
import { createSyntheticWorld } from '../../src/testing/index.js'
import { parseCertificate } from '../../src/x509/certificate.js'

function keyOf(der: Uint8Array): PublicKey {
  const { publicKey } = parseCertificate(der).subjectPublicKeyInfo
  if (publicKey === undefined) throw new Error('no key')
  return publicKey
}

const world = createSyntheticWorld({ seed: 'started check' })
const key = keyOf(world.trustAnchors.device.der)
const otherKey = keyOf(world.trustAnchors.manifest.der)
const check: SignatureCheck = {
  algorithm: 'ecdsa-p384-sha384',
  key,
  signature: new Uint8Array(96).fill(1),
  data: new Uint8Array([1, 2, 3]),
}

/** Answers `valid` to the first question and `false` to all later ones, and keeps what it was asked. */
function provider(valid: Promise<boolean>): { readonly crypto: CryptoProvider; readonly asked: SignatureCheck[] } {
  const asked: SignatureCheck[] = []
  const verify = (one: SignatureCheck): Promise<boolean> => {
    asked.push(one)
    return asked.length === 1 ? valid : Promise.resolve(false)
  }
  return { crypto: { name: 'listed', digest: webCryptoProvider.digest, verify }, asked }
}

describe('startCheck', () => {
  it('begins at once and does not ask twice', async () => {
    const { crypto, asked } = provider(Promise.resolve(true))
    const started = startCheck(crypto, check)
    expect(asked).toEqual([check])
    expect(await started.verify({ ...check })).toBe(true)
    expect(asked).toHaveLength(1)
  })

  it.each<readonly [string, Partial<SignatureCheck>]>([
    ['another key', { key: otherKey }],
    ['other data', { data: check.data.slice() }],
    ['another signature', { signature: check.signature.slice() }],
    ['another algorithm', { algorithm: 'ecdsa-p256-sha256' }],
  ])('asks the provider about %s', async (_, change) => {
    const { crypto, asked } = provider(Promise.resolve(true))
    const question = { ...check, ...change }
    expect(await startCheck(crypto, check).verify(question)).toBe(false)
    expect(asked[1]).toBe(question)
  })

  it('passes a rejection on to whoever asks, and to nobody if nobody does', async () => {
    const { crypto } = provider(Promise.reject(new RangeError('broken')))
    await expect(startCheck(crypto, check).verify(check)).rejects.toThrow(RangeError)
    startCheck(provider(Promise.reject(new RangeError('unheard'))).crypto, check)
    // An unhandled rejection would fail the run.
    await new Promise((resolve) => setTimeout(resolve, 5))
  })

  it('digests as the provider does', async () => {
    const started = startCheck(provider(Promise.resolve(true)).crypto, check)
    expect(await started.digest('sha256', check.data)).toEqual(await webCryptoProvider.digest('sha256', check.data))
  })
})
