import { constants, createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { publicKeyFromSpki } from '../../src/crypto/key.js'
import { nobleCryptoProvider } from '../../src/crypto/noble.js'
import type { PublicKey, SignatureAlgorithm } from '../../src/crypto/provider.js'
import { webCryptoProvider } from '../../src/crypto/webcrypto.js'
import { splitSpki } from './spki.js'

const data = new TextEncoder().encode('attestation')

interface Case {
  readonly algorithm: SignatureAlgorithm
  readonly key: PublicKey
  readonly signature: Uint8Array
}

function publicKey(key: KeyObject): PublicKey {
  const read = publicKeyFromSpki(splitSpki(key.export({ type: 'spki', format: 'der' })))
  if (read.kind === 'unsupported') throw new Error(read.reason)
  return read
}

function ecCase(algorithm: SignatureAlgorithm, namedCurve: string, hash: string): Case {
  const pair = generateKeyPairSync('ec', { namedCurve })
  const signature = sign(hash, data, { key: pair.privateKey, dsaEncoding: 'ieee-p1363' })
  return { algorithm, key: publicKey(pair.publicKey), signature }
}

const edwards = generateKeyPairSync('ed25519')
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })

const supportedByBoth: readonly Case[] = [
  ecCase('ecdsa-p256-sha256', 'P-256', 'sha256'),
  ecCase('ecdsa-p384-sha384', 'P-384', 'sha384'),
  ecCase('ecdsa-p521-sha512', 'P-521', 'sha512'),
  { algorithm: 'ed25519', key: publicKey(edwards.publicKey), signature: sign(null, data, edwards.privateKey) },
]

const rsaCases: readonly Case[] = (['256', '384', '512'] as const).flatMap((bits): Case[] => [
  {
    algorithm: `rsa-pkcs1-sha${bits}`,
    key: publicKey(rsa.publicKey),
    signature: sign(`sha${bits}`, data, rsa.privateKey),
  },
  {
    algorithm: `rsa-pss-sha${bits}`,
    key: publicKey(rsa.publicKey),
    signature: sign(`sha${bits}`, data, {
      key: rsa.privateKey,
      padding: constants.RSA_PKCS1_PSS_PADDING,
      saltLength: Number(bits) / 8,
    }),
  },
])

const flip = (bytes: Uint8Array, index: number): Uint8Array => bytes.map((byte, i) => (i === index ? byte ^ 1 : byte))

afterEach(() => {
  vi.unstubAllGlobals()
})

for (const provider of [webCryptoProvider, nobleCryptoProvider]) {
  const cases = provider === webCryptoProvider ? [...supportedByBoth, ...rsaCases] : supportedByBoth
  describe(`${provider.name} provider`, () => {
    it.each(cases)('$algorithm: valid, and invalid after one change', async ({ algorithm, key, signature }) => {
      const check = { algorithm, key, signature, data }
      expect(await provider.verify(check)).toBe(true)
      expect(await provider.verify({ ...check, data: flip(data, 3) })).toBe(false)
      expect(await provider.verify({ ...check, data: data.subarray(1) })).toBe(false)
      for (const index of [0, signature.length >> 1, signature.length - 1])
        expect(await provider.verify({ ...check, signature: flip(signature, index) })).toBe(false)
      expect(await provider.verify({ ...check, signature: signature.subarray(1) })).toBe(false)
      expect(await provider.verify({ ...check, signature: Uint8Array.of(0, ...signature) })).toBe(false)
      expect(await provider.verify({ ...check, signature: new Uint8Array(0) })).toBe(false)
      expect(await provider.verify({ ...check, signature: new Uint8Array(signature.length) })).toBe(false)
    })

    it('never verifies under another algorithm or key', async () => {
      const all = [...supportedByBoth, ...rsaCases]
      for (const { signature, key, algorithm } of all)
        for (const other of all) {
          if (other.algorithm === algorithm) continue
          expect(await provider.verify({ algorithm: other.algorithm, key, signature, data })).toBe(false)
          if (other.key.kind !== 'rsa')
            expect(await provider.verify({ algorithm, key: other.key, signature, data })).toBe(false)
        }
    })

    it('reads signature and data in shared memory', async () => {
      const shared = (bytes: Uint8Array): Uint8Array => {
        const view = new Uint8Array(new SharedArrayBuffer(bytes.length + 2), 1, bytes.length)
        view.set(bytes)
        return view
      }
      for (const { algorithm, key, signature } of supportedByBoth) {
        expect(await provider.verify({ algorithm, key, signature: shared(signature), data: shared(data) })).toBe(true)
        expect(
          await provider.verify({ algorithm, key, signature: shared(signature), data: shared(flip(data, 0)) }),
        ).toBe(false)
      }
      expect(Buffer.from(await provider.digest('sha256', shared(data))).toString('hex')).toBe(
        createHash('sha256').update(data).digest('hex'),
      )
    })

    it('refuses a key object written by hand with a point off the curve or of small order', async () => {
      const [, p384Case] = supportedByBoth
      if (p384Case?.key.kind !== 'ec') throw new Error('no P-384 case')
      const key: PublicKey = { ...p384Case.key, point: flip(p384Case.key.point, 20) }
      expect(await provider.verify({ algorithm: 'ecdsa-p384-sha384', key, signature: p384Case.signature, data })).toBe(
        false,
      )
      // With the identity as key, R = identity and s = 0 satisfies the equation for every message.
      const identity = Uint8Array.of(1, ...new Uint8Array(31))
      const signature = Uint8Array.of(...identity, ...new Uint8Array(32))
      const weak: PublicKey = { kind: 'ed25519', point: identity }
      expect(await provider.verify({ algorithm: 'ed25519', key: weak, signature, data })).toBe(false)
    })

    it.each(['sha1', 'sha256', 'sha384', 'sha512'] as const)('digest %s', async (hash) => {
      for (const length of [0, 1, 55, 111, 1000]) {
        const input = new Uint8Array(length).fill(0x61)
        expect(Buffer.from(await provider.digest(hash, input)).toString('hex')).toBe(
          createHash(hash).update(input).digest('hex'),
        )
      }
    })
  })
}

describe('noble provider', () => {
  it.each(rsaCases)('has no $algorithm: false', async ({ algorithm, key, signature }) => {
    expect(await nobleCryptoProvider.verify({ algorithm, key, signature, data })).toBe(false)
  })
})

describe('webcrypto provider without WebCrypto', () => {
  it('answers false, not an error, and works again once there is one', async () => {
    for (const { algorithm, key, signature } of supportedByBoth) {
      const fresh = { ...key }
      vi.stubGlobal('crypto', undefined)
      expect(await webCryptoProvider.verify({ algorithm, key: fresh, signature, data })).toBe(false)
      vi.unstubAllGlobals()
      expect(await webCryptoProvider.verify({ algorithm, key: fresh, signature, data })).toBe(true)
    }
  })

  it('asks the runtime nothing about signatures out of range or keys of another kind', async () => {
    const asked = vi.spyOn(globalThis.crypto.subtle, 'verify')
    const { algorithm, key, signature } = ecCase('ecdsa-p384-sha384', 'P-384', 'sha384')
    const zeroR = signature.map((byte, i) => (i < 48 ? 0 : byte))
    const hugeS = signature.map((byte, i) => (i < 48 ? byte : 0xff))
    for (const bad of [zeroR, hugeS, signature.subarray(1)])
      expect(await webCryptoProvider.verify({ algorithm, key, signature: bad, data })).toBe(false)
    expect(await webCryptoProvider.verify({ algorithm: 'rsa-pkcs1-sha384', key, signature, data })).toBe(false)
    expect(await webCryptoProvider.verify({ algorithm: 'ed25519', key, signature: signature.subarray(32), data })).toBe(
      false,
    )
    expect(asked).not.toHaveBeenCalled()
    expect(await webCryptoProvider.verify({ algorithm, key, signature, data })).toBe(true)
    expect(asked).toHaveBeenCalledTimes(1)
    asked.mockRestore()
  })

  it('imports each key once', async () => {
    const imports = vi.spyOn(globalThis.crypto.subtle, 'importKey')
    const { algorithm, signature, key } = ecCase('ecdsa-p384-sha384', 'P-384', 'sha384')
    for (let i = 0; i < 3; i++) expect(await webCryptoProvider.verify({ algorithm, key, signature, data })).toBe(true)
    expect(imports).toHaveBeenCalledTimes(1)
    imports.mockRestore()
  })
})
