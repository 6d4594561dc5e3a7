import { generateKeyPairSync } from 'node:crypto'
import { ed25519 } from '@noble/curves/ed25519.js'
import { p256, p384, p521 } from '@noble/curves/nist.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeHex, parseHex } from '../../src/bytes/hex.js'
import { ecPublicKey, ed25519PublicKey, publicKeyFromSpki, rsaPublicKey } from '../../src/crypto/key.js'
import { splitSpki } from './spki.js'

const curves = [
  ['P-256', p256, 32],
  ['P-384', p384, 48],
  ['P-521', p521, 66],
] as const

const reason = (key: { readonly kind: string; readonly reason?: string }): string | undefined =>
  key.kind === 'unsupported' ? key.reason : key.kind

function withByte(bytes: Uint8Array, index: number, change: (byte: number) => number): Uint8Array {
  const copy = bytes.slice()
  copy.set([change(copy.at(index) ?? 0)], index < 0 ? copy.length + index : index)
  return copy
}

describe('ecPublicKey', () => {
  for (const [curve, implementation, size] of curves) {
    const base = implementation.Point.BASE.toBytes(false)

    it(`${curve}: accepts the points another implementation computes`, () => {
      fc.assert(
        fc.property(fc.bigInt({ min: 1n, max: implementation.Point.Fn.ORDER - 1n }), (scalar) => {
          const point = implementation.Point.BASE.multiply(scalar).toBytes(false)
          expect(ecPublicKey(curve, point)).toEqual({ kind: 'ec', curve, point })
        }),
        { numRuns: 20 },
      )
    })

    it(`${curve}: refuses a point with any one bit flipped`, () => {
      fc.assert(
        fc.property(fc.integer({ min: 8, max: base.length * 8 - 1 }), (bit) => {
          const point = withByte(base, bit >> 3, (byte) => byte ^ (0x80 >> (bit & 7)))
          expect(['point-off-curve', 'point-range']).toContain(reason(ecPublicKey(curve, point)))
        }),
        { numRuns: 60 },
      )
    })

    it(`${curve}: refuses infinity, compressed and hybrid points`, () => {
      for (const point of [
        new Uint8Array(1),
        new Uint8Array(0),
        implementation.Point.BASE.toBytes(true),
        withByte(base, 0, () => 6),
      ])
        expect(reason(ecPublicKey(curve, point))).toBe('point-form')
    })

    it(`${curve}: refuses another length`, () => {
      expect(reason(ecPublicKey(curve, base.subarray(0, -1)))).toBe('point-length')
      expect(reason(ecPublicKey(curve, Uint8Array.of(...base, 0)))).toBe('point-length')
    })

    it(`${curve}: refuses a coordinate of p or more, even if congruent to a point`, () => {
      const prime = implementation.Point.Fp.ORDER
      // x = 0 lies on all three curves; x = p is the same point in another spelling.
      const zero = implementation.Point.fromBytes(Uint8Array.of(2, ...new Uint8Array(size))).toBytes(false)
      expect(reason(ecPublicKey(curve, zero))).toBe('ec')
      const point = zero.slice()
      point.set(parseHex(prime.toString(16).padStart(2 * size, '0'), ''), 1)
      expect(reason(ecPublicKey(curve, point))).toBe('point-range')
    })
  }

  it('refuses a point of one curve under the name of another', () => {
    expect(reason(ecPublicKey('P-256', p384.Point.BASE.toBytes(false)))).toBe('point-length')
  })
})

describe('ed25519PublicKey', () => {
  it('accepts the keys another implementation makes', () => {
    const point = ed25519.getPublicKey(new Uint8Array(32).fill(7))
    expect(ed25519PublicKey(point)).toEqual({ kind: 'ed25519', point })
  })

  it('refuses every point of small order, in either sign', () => {
    // The order 8 subgroup, computed by another implementation from a point of order 8.
    const torsion = ed25519.Point.fromHex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a')
    expect(torsion.isSmallOrder()).toBe(true)
    const points = new Set<string>()
    let point = ed25519.Point.ZERO
    for (let i = 0; i < 8; i++) {
      points.add(point.toHex())
      point = point.add(torsion)
    }
    expect(points.size).toBe(8)
    for (const hex of points) expect(reason(ed25519PublicKey(parseHex(hex, '')))).toBe('point-small-order')
  })

  it('refuses y of p or more and other lengths', () => {
    expect(reason(ed25519PublicKey(new Uint8Array(32).fill(0xff)))).toBe('point-range')
    expect(reason(ed25519PublicKey(parseHex(`ed${'ff'.repeat(30)}7f`, '')))).toBe('point-range')
    expect(reason(ed25519PublicKey(new Uint8Array(31).fill(9)))).toBe('point-length')
  })
})

describe('rsaPublicKey', () => {
  const modulus = new Uint8Array(256).fill(0xc1)
  const exponent = Uint8Array.of(1, 0, 1)

  it('accepts 2048 to 8192 bits', () => {
    expect(rsaPublicKey(modulus, exponent)).toEqual({ kind: 'rsa', modulus, exponent })
    expect(reason(rsaPublicKey(new Uint8Array(1024).fill(0xc1), exponent))).toBe('rsa')
  })

  it('refuses a modulus that is short, long, even, zero or has leading zeros', () => {
    for (const bad of [
      modulus.subarray(1),
      withByte(modulus, 0, () => 0x7f),
      new Uint8Array(1025).fill(0xc1),
      withByte(modulus, -1, () => 0xc0),
      Uint8Array.of(0, ...modulus),
      new Uint8Array(0),
      new Uint8Array(256),
    ])
      expect(reason(rsaPublicKey(bad, exponent))).toBe('rsa-modulus')
  })

  it('refuses an exponent that is small, even, huge or has leading zeros', () => {
    for (const bad of [
      Uint8Array.of(3),
      Uint8Array.of(0xff, 0xff),
      Uint8Array.of(1, 0, 2),
      Uint8Array.of(0, 1, 0, 1),
      new Uint8Array(0),
      new Uint8Array(9).fill(1),
    ])
      expect(reason(rsaPublicKey(modulus, bad))).toBe('rsa-exponent')
  })
})

describe('publicKeyFromSpki', () => {
  const generated = {
    ec: ['P-256', 'P-384', 'P-521'].map((namedCurve) => generateKeyPairSync('ec', { namedCurve }).publicKey),
    ed25519: generateKeyPairSync('ed25519').publicKey,
    rsa: generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey,
  }
  const spki = (key: typeof generated.rsa): Uint8Array => key.export({ type: 'spki', format: 'der' })

  it('reads the keys another implementation writes', () => {
    for (const key of generated.ec) {
      const { crv, x, y } = key.export({ format: 'jwk' })
      const read = publicKeyFromSpki(splitSpki(spki(key)))
      expect(read).toMatchObject({ kind: 'ec', curve: crv })
      const point = Buffer.concat([Buffer.of(4), Buffer.from(x ?? '', 'base64url'), Buffer.from(y ?? '', 'base64url')])
      expect(read.kind === 'ec' && encodeHex(read.point)).toBe(point.toString('hex'))
    }
    const okp = publicKeyFromSpki(splitSpki(spki(generated.ed25519)))
    const { x } = generated.ed25519.export({ format: 'jwk' })
    expect(okp.kind === 'ed25519' && Buffer.from(okp.point).toString('base64url')).toBe(x)
    const rsa = publicKeyFromSpki(splitSpki(spki(generated.rsa)))
    const { n, e } = generated.rsa.export({ format: 'jwk' })
    expect(rsa.kind === 'rsa' && Buffer.from(rsa.modulus).toString('base64url')).toBe(n)
    expect(rsa.kind === 'rsa' && Buffer.from(rsa.exponent).toString('base64url')).toBe(e)
  })

  it('says why a key is of no use', () => {
    const rsa = splitSpki(spki(generated.rsa))
    const edwards = splitSpki(spki(generated.ed25519))
    const other = generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey
    expect(reason(publicKeyFromSpki(splitSpki(spki(other))))).toBe('curve')
    expect(reason(publicKeyFromSpki({ ...rsa, algorithmOid: '1.2.840.113549.1.1.10' }))).toBe('algorithm')
    expect(reason(publicKeyFromSpki({ ...rsa, algorithmOid: '1.2.840.10045.2.1' }))).toBe('curve')
    expect(reason(publicKeyFromSpki({ ...rsa, parameters: undefined }))).toBe('parameters')
    expect(reason(publicKeyFromSpki({ ...edwards, parameters: Uint8Array.of(5, 0) }))).toBe('parameters')
    expect(reason(publicKeyFromSpki({ ...rsa, keyBits: Uint8Array.of(...rsa.keyBits, 0) }))).toBe('rsa-encoding')
    expect(reason(publicKeyFromSpki({ ...rsa, keyBits: rsa.keyBits.subarray(0, -1) }))).toBe('rsa-encoding')
  })
})
