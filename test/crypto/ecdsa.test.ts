import { p384 } from '@noble/curves/nist.js'
import * as asn1 from 'asn1js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeHex, parseHex } from '../../src/bytes/hex.js'
import { coordinateSize, isSignatureInRange } from '../../src/crypto/curve.js'
import { ecdsaSignatureFromDer } from '../../src/crypto/ecdsa.js'

const convert = (hex: string): string | undefined => {
  const signature = ecdsaSignatureFromDer(parseHex(hex, ''), 'P-256')
  return signature && encodeHex(signature)
}

describe('ecdsaSignatureFromDer', () => {
  it('agrees with another encoder on every pair of positive integers', () => {
    const number = fc.bigInt({ min: 1n, max: (1n << 384n) - 1n })
    fc.assert(
      fc.property(number, number, (r, s) => {
        const der = new asn1.Sequence({ value: [asn1.Integer.fromBigInt(r), asn1.Integer.fromBigInt(s)] }).toBER()
        const fixed = r.toString(16).padStart(96, '0') + s.toString(16).padStart(96, '0')
        const signature = ecdsaSignatureFromDer(new Uint8Array(der), 'P-384')
        expect(signature && encodeHex(signature)).toBe(fixed)
      }),
      { numRuns: 200 },
    )
  })

  it('reads a view in the middle of a larger buffer', () => {
    const bytes = parseHex('ffff3006020101020102ffff', '')
    const signature = ecdsaSignatureFromDer(bytes.subarray(2, 10), 'P-256')
    expect(signature && encodeHex(signature)).toBe(`${'00'.repeat(31)}01${'00'.repeat(31)}02`)
  })

  it.each([
    ['empty', ''],
    ['not a SEQUENCE', '3106020101020102'],
    ['truncated', '30060201010201'],
    ['trailing byte outside', '300602010102010200'],
    ['trailing byte inside', '300702010102010200'],
    ['a third integer', '3009020101020102020103'],
    ['one integer', '3003020101'],
    ['zero r', '3006020100020102'],
    ['zero s', '3006020101020100'],
    ['negative r', '3006020180020102'],
    ['negative s', '30060201010201ff'],
    ['padded r', '300702020001020102'],
    ['empty r', '30050200020102'],
    ['long form length', '308106020101020102'],
    ['two-octet long form length', '30820006020101020102'],
    ['indefinite length', '30800201010201020000'],
    ['long form inside', '3007028101010201' + '02'],
    ['r wider than the curve', `3026${'0221'}${'01'.repeat(33)}020102`],
  ])('refuses %s', (_, hex) => {
    expect(convert(hex)).toBeUndefined()
  })

  it('accepts the neighbour of each refused form', () => {
    expect(convert('3006020101020102')).toBe(`${'00'.repeat(31)}01${'00'.repeat(31)}02`)
    expect(convert('300702020080020102')).toBe(`${'00'.repeat(31)}80${'00'.repeat(31)}02`)
    expect(convert(`3025${'0220'}${'01'.repeat(32)}020102`)).toBe(`${'01'.repeat(32)}${'00'.repeat(31)}02`)
  })
})

describe('isSignatureInRange', () => {
  const order = p384.Point.Fn.ORDER
  const pair = (r: bigint, s: bigint): Uint8Array =>
    parseHex(r.toString(16).padStart(96, '0') + s.toString(16).padStart(96, '0'), '')

  it('takes 1 to n - 1', () => {
    expect(isSignatureInRange('P-384', pair(1n, order - 1n))).toBe(true)
    expect(isSignatureInRange('P-384', pair(order - 1n, 1n))).toBe(true)
    for (const bad of [pair(0n, 1n), pair(1n, 0n), pair(order, 1n), pair(1n, order)])
      expect(isSignatureInRange('P-384', bad)).toBe(false)
  })

  it('takes the width of the curve only', () => {
    for (const curve of ['P-256', 'P-384', 'P-521'] as const) {
      const size = coordinateSize(curve)
      const one = new Uint8Array(2 * size)
      one.set([1], size - 1)
      one.set([1], 2 * size - 1)
      expect(isSignatureInRange(curve, one)).toBe(true)
      expect(isSignatureInRange(curve, one.subarray(1))).toBe(false)
      expect(isSignatureInRange(curve, Uint8Array.of(0, ...one))).toBe(false)
    }
  })
})
