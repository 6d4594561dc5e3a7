// The CBOR reader: RFC 8949 Appendix A values, and every deviation from deterministic encoding refused by its own code.
import { describe, expect, it } from 'vitest'
import { encodeHex, parseHex } from '../../src/bytes/hex.js'
import { type CborValue, MAX_CBOR_BYTES, MAX_CBOR_DEPTH, parseCbor } from '../../src/encoding/cbor.js'
import { encodeCbor } from '../../src/encoding/cbor-encode.js'
import { refusal } from '../token/failure.js'

const read = (hex: string): CborValue => parseCbor(parseHex(hex, 'test'), 'token')

// RFC 8949 Appendix A, the rows that are deterministic and of a type the reader has.
const appendixA: readonly (readonly [string, CborValue])[] = [
  ['00', 0],
  ['17', 23],
  ['1818', 24],
  ['1864', 100],
  ['1903e8', 1000],
  ['1a000f4240', 1_000_000],
  ['1b000000e8d4a51000', 1_000_000_000_000],
  ['1bffffffffffffffff', 18_446_744_073_709_551_615n],
  ['3bffffffffffffffff', -18_446_744_073_709_551_616n],
  ['20', -1],
  ['29', -10],
  ['3863', -100],
  ['3903e7', -1000],
  ['f98000', -0],
  ['fb3ff199999999999a', 1.1],
  ['f93e00', 1.5],
  ['fb7e37e43c8800759c', 1.0e300],
  ['f90001', 2 ** -24],
  ['f90400', 0.00006103515625],
  ['fbc010666666666666', -4.1],
  ['f97c00', Number.POSITIVE_INFINITY],
  ['f97e00', Number.NaN],
  ['f9fc00', Number.NEGATIVE_INFINITY],
  ['f4', false],
  ['f5', true],
  ['f6', null],
  ['c11a514b67b0', { tag: 1, value: 1_363_896_240 }],
  ['c1fb41d452d9ec200000', { tag: 1, value: 1_363_896_240.5 }],
  ['40', new Uint8Array()],
  ['4401020304', Uint8Array.of(1, 2, 3, 4)],
  ['60', ''],
  ['6161', 'a'],
  ['6449455446', 'IETF'],
  ['62225c', '"\\'],
  ['62c3bc', 'ü'],
  ['63e6b0b4', '水'],
  ['64f0908591', '\u{10151}'],
  ['80', []],
  ['8301820203820405', [1, [2, 3], [4, 5]]],
  ['98190102030405060708090a0b0c0d0e0f101112131415161718181819', Array.from({ length: 25 }, (_, i) => i + 1)],
  ['a0', new Map()],
  [
    'a201020304',
    new Map([
      [1, 2],
      [3, 4],
    ]),
  ],
  [
    'a26161016162820203',
    new Map<string, CborValue>([
      ['a', 1],
      ['b', [2, 3]],
    ]),
  ],
  ['826161a161626163', ['a', new Map([['b', 'c']])]],
]

describe('parseCbor', () => {
  it.each(appendixA)('reads %s', (hex, value) => {
    expect(read(hex)).toStrictEqual(value)
  })

  it.each(appendixA)('%s is what encodeCbor writes', (hex, value) => {
    expect(encodeHex(encodeCbor(value))).toBe(hex)
  })

  it.each([
    ['integer in two bytes that fits one', '1817', 'cbor/integer-form', 'token'],
    ['integer in three bytes that fits two', '1900ff', 'cbor/integer-form', 'token'],
    ['integer in five bytes that fits three', '1a0000ffff', 'cbor/integer-form', 'token'],
    ['integer in nine bytes that fits five', '1b00000000ffffffff', 'cbor/integer-form', 'token'],
    ['length longer than needed', '5801ff', 'cbor/integer-form', 'token'],
    ['tag longer than needed', 'd81200', 'cbor/integer-form', 'token'],
    ['binary64 that fits binary32', 'fb47efffffe0000000', 'cbor/float-form', 'token'],
    ['binary64 that fits binary16', 'fb3ff8000000000000', 'cbor/float-form', 'token'],
    ['binary32 that fits binary16', 'fa3fc00000', 'cbor/float-form', 'token'],
    ['binary32 that fits a subnormal binary16', 'fa33800000', 'cbor/float-form', 'token'],
    ['binary32 infinity', 'fa7f800000', 'cbor/float-form', 'token'],
    ['not-a-number with a payload', 'f97e01', 'cbor/float-form', 'token'],
    ['binary32 not-a-number', 'fa7fc00000', 'cbor/float-form', 'token'],
    ['indefinite array', '9f01ff', 'cbor/indefinite', 'token'],
    ['indefinite byte string', '5f4101ff', 'cbor/indefinite', 'token'],
    ['break outside', 'ff', 'cbor/indefinite', 'token'],
    ['reserved additional information', '1c', 'cbor/reserved', 'token'],
    ['undefined', 'f7', 'cbor/simple', 'token'],
    ['simple value', 'f0', 'cbor/simple', 'token'],
    ['two-byte simple value', 'f8ff', 'cbor/simple', 'token'],
    ['keys out of order', 'a202000100', 'cbor/key-order', 'token'],
    ['negative key before a positive one', 'a220000100', 'cbor/key-order', 'token'],
    ['text key before an integer', 'a2616100190100f6', 'cbor/key-order', 'token'],
    ['key twice', 'a201000100', 'cbor/duplicate-key', 'token'],
    ['byte string key', 'a1410100', 'cbor/key-type', 'token'],
    ['float key', 'a1f93c0000', 'cbor/key-type', 'token'],
    ['array key', 'a18000', 'cbor/key-type', 'token'],
    ['true as key', 'a1f500', 'cbor/key-type', 'token'],
    ['invalid UTF-8', '61ff', 'encoding/utf8', 'token'],
    ['surrogate in UTF-8', '63eda080', 'encoding/utf8', 'token'],
    ['overlong UTF-8', '62c080', 'encoding/utf8', 'token'],
    ['two items', '0000', 'bytes/trailing', 'token'],
    ['nothing', '', 'bytes/truncated', 'token'],
    ['head cut short', '19ff', 'bytes/truncated', 'token'],
    ['byte string cut short', '4201', 'bytes/truncated', 'token'],
    ['array of 2^64 - 1 items', '9bffffffffffffffff00', 'bytes/truncated', 'token'],
    ['byte string of 2^63 bytes', '5b800000000000000000', 'bytes/truncated', 'token'],
    ['map of 2^64 - 1 entries', 'bbffffffffffffffff', 'bytes/truncated', 'token'],
    ['fault inside', 'a10182001817', 'cbor/integer-form', 'token.1[1]'],
    ['fault inside a named member', 'a1616182001817', 'cbor/integer-form', 'token.a[1]'],
  ])('refuses %s', async (_, hex, code, at) => {
    expect(await refusal(() => read(hex))).toEqual({ code, at })
  })

  it('nests to the limit and not beyond', async () => {
    expect(read(`${'81'.repeat(MAX_CBOR_DEPTH)}00`)).toBeInstanceOf(Array)
    const deeper = await refusal(() => read(`${'81'.repeat(MAX_CBOR_DEPTH + 1)}00`))
    expect(deeper.code).toBe('cbor/depth')
  })

  it('answers at once to a million levels of tags', async () => {
    const tags = new Uint8Array(1_000_000).fill(0xc1)
    expect((await refusal(() => parseCbor(tags, ''))).code).toBe('cbor/depth')
  })

  it('refuses input beyond the limit before reading it', async () => {
    const found = await refusal(() => parseCbor(new Uint8Array(MAX_CBOR_BYTES + 1), ''))
    expect(found).toEqual({ code: 'bytes/too-large', at: '' })
  })

  it('keeps the integers around the safe range exact', () => {
    expect(read('1b001fffffffffffff')).toBe(Number.MAX_SAFE_INTEGER)
    expect(read('1b0020000000000000')).toBe(9_007_199_254_740_992n)
    expect(read('3b001ffffffffffffe')).toBe(Number.MIN_SAFE_INTEGER)
    expect(read('3b001fffffffffffff')).toBe(-9_007_199_254_740_992n)
  })
})

describe('encodeCbor', () => {
  it('sorts keys by their encoded bytes', () => {
    const map = new Map<number | string, CborValue>([
      ['b', 0],
      ['aa', 1],
      [-1, 2],
      [256, 3],
      [10, 4],
    ])
    expect(encodeHex(encodeCbor(map))).toBe('a50a04190100032002616200626161' + '01')
  })

  it('refuses what CBOR integers cannot hold', () => {
    expect(() => encodeCbor(2n ** 64n)).toThrow(TypeError)
    expect(() => encodeCbor(new Map([[0.5, 1]]))).toThrow(TypeError)
  })
})
