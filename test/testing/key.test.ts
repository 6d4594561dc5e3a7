// Keys and signatures of the synthetic world, against the Web Cryptography and Node implementations.
import { createPublicKey, verify } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { deriveBytes, deriveKey, type SyntheticCurve } from '../../src/testing/index.js'

const curves: readonly (readonly [SyntheticCurve, string | null, number])[] = [
  ['P-256', 'sha256', 64],
  ['P-384', 'sha384', 96],
  ['P-521', 'sha512', 132],
  ['Ed25519', null, 64],
]
const data = new TextEncoder().encode('signed data')

describe.each(curves)('%s', (curve, hash, length) => {
  const key = deriveKey('seed', 'label', curve)
  const publicKey = createPublicKey({ key: Buffer.from(key.spki), format: 'der', type: 'spki' })

  it('signs what Node verifies, raw and in DER', () => {
    const raw = key.sign(data)
    expect(raw.length).toBe(length)
    expect(verify(hash, data, { key: publicKey, dsaEncoding: 'ieee-p1363' }, raw)).toBe(true)
    expect(verify(hash, data, { key: publicKey, dsaEncoding: 'der' }, key.signDer(data))).toBe(true)
    expect(verify(hash, Buffer.from('other data'), { key: publicKey, dsaEncoding: 'ieee-p1363' }, raw)).toBe(false)
  })

  it('signs the same way every time', () => {
    const again = deriveKey('seed', 'label', curve)
    expect(again.publicKey).toEqual(key.publicKey)
    expect(again.sign(data)).toEqual(key.sign(data))
  })

  it('depends on seed and label', () => {
    expect(deriveKey('seed', 'other', curve).publicKey).not.toEqual(key.publicKey)
    expect(deriveKey('other', 'label', curve).publicKey).not.toEqual(key.publicKey)
  })
})

describe('ECDSA nonces', () => {
  // RFC 6979 appendix A.2.6: the key and signature of "sample" under SHA-384, s not lowered.
  it('follow RFC 6979', async () => {
    const { p384 } = await import('@noble/curves/nist.js')
    const secret = Buffer.from(
      '6b9d3dad2e1b8c1c05b19875b6659f4de23c3b667bf297ba9aa47740787137d896d5724e4c70a825f872c9ea60d2edf5',
      'hex',
    )
    const signature = p384.sign(new TextEncoder().encode('sample'), secret, { lowS: false, prehash: true })
    expect(Buffer.from(signature).toString('hex')).toBe(
      '94edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c81a648152e44acf96e36dd1e80fabe46' +
        '99ef4aeb15f178cea1fe40db2603138f130e740a19624526203b6351d0a3a94fa329c145786e679e7b82c71a38628ac8',
    )
  })
})

describe('deriveBytes', () => {
  it('gives the length asked for, and different bytes for different labels', () => {
    expect(deriveBytes('seed', 'a', 1000).length).toBe(1000)
    expect(deriveBytes('seed', 'a', 32)).toEqual(deriveBytes('seed', 'a', 32))
    expect(deriveBytes('seed', 'a', 32)).not.toEqual(deriveBytes('seed', 'b', 32))
  })
})
