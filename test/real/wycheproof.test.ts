import { describe, expect, test } from 'vitest'
import { parseHex } from '../../src/bytes/hex.js'
import { ecdsaSignatureFromDer } from '../../src/crypto/ecdsa.js'
import { publicKeyFromSpki } from '../../src/crypto/key.js'
import { nobleCryptoProvider } from '../../src/crypto/noble.js'
import type { CryptoProvider } from '../../src/crypto/provider.js'
import { webCryptoProvider } from '../../src/crypto/webcrypto.js'
import { hasRealData, readRealJson } from '../real-data.js'

interface Vectors {
  readonly numberOfTests: number
  readonly testGroups: readonly {
    readonly publicKey: { readonly uncompressed: string }
    readonly tests: readonly {
      readonly tcId: number
      readonly comment: string
      readonly msg: string
      readonly sig: string
      readonly result: string
    }[]
  }[]
}

const files = [
  { file: 'ecdsa_secp384r1_sha384_test.json', form: 'der', valid: 194, invalid: 310 },
  { file: 'ecdsa_secp384r1_sha384_p1363_test.json', form: 'p1363', valid: 193, invalid: 87 },
] as const

async function verdicts(file: string, form: 'der' | 'p1363', provider: CryptoProvider): Promise<readonly string[]> {
  const vectors = readRealJson(`vectors/wycheproof/${file}`) as Vectors
  const lines: string[] = []
  for (const group of vectors.testGroups) {
    const key = publicKeyFromSpki({
      algorithmOid: '1.2.840.10045.2.1',
      parameters: parseHex('06052b81040022', ''),
      keyBits: parseHex(group.publicKey.uncompressed, ''),
    })
    if (key.kind === 'unsupported') throw new Error(`${file}: ${key.reason}`)
    for (const { tcId, msg, sig, result } of group.tests) {
      const bytes = parseHex(sig, '')
      const signature = form === 'der' ? ecdsaSignatureFromDer(bytes, 'P-384') : bytes
      const isValid =
        signature !== undefined &&
        (await provider.verify({ algorithm: 'ecdsa-p384-sha384', key, signature, data: parseHex(msg, '') }))
      lines.push(`${tcId} expected ${result} got ${isValid ? 'valid' : 'invalid'}`)
    }
  }
  expect(lines.length).toBe(vectors.numberOfTests)
  return lines
}

describe.skipIf(!hasRealData)('Wycheproof ECDSA P-384 SHA-384', () => {
  for (const provider of [webCryptoProvider, nobleCryptoProvider])
    for (const { file, form, valid, invalid } of files)
      test(`${provider.name}, ${form}: every verdict as published`, { timeout: 60_000 }, async () => {
        const lines = await verdicts(file, form, provider)
        const wrong = lines.filter((line) => !/expected (\w+) got \1$/.test(line))
        expect(wrong).toEqual([])
        expect(lines.filter((line) => line.includes('expected valid')).length).toBe(valid)
        expect(lines.filter((line) => line.includes('expected invalid')).length).toBe(invalid)
      })
})
