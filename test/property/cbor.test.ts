// The CBOR reader against arbitrary input, and against two other implementations.
import { cdeDecodeOptions, cdeEncodeOptions, decode as decodeCbor2, encode as encodeCbor2, Tag } from 'cbor2'
import { decode as decodeCborg } from 'cborg'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CborValue, isCborArray, isCborMap, isCborTag, parseCbor } from '../../src/encoding/cbor.js'
import { encodeCbor } from '../../src/encoding/cbor-encode.js'
import { AttestationError } from '../../src/result/error.js'

const key = fc.oneof(
  fc.integer(),
  fc.bigInt(-(2n ** 64n), 2n ** 64n - 1n).filter((n) => !Number.isSafeInteger(Number(n))),
  fc.string({ maxLength: 8, unit: 'grapheme' }),
)
// A float with an integral value reads as that integer, so only the others survive a round trip of bytes.
const float = fc.double().filter((n) => !Number.isInteger(n) || Math.abs(n) > 2 ** 53)
const { value } = fc.letrec<{ value: CborValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.oneof(key, float, fc.boolean(), fc.constant(null), fc.uint8Array({ maxLength: 12 })),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.array(fc.tuple(key, tie('value')), { maxLength: 5 }).map((entries) => new Map(entries)),
    fc.record({ tag: fc.integer({ min: 1000, max: 2 ** 31 }), value: tie('value') }, { noNullPrototype: true }),
  ),
}))

function toCbor2(item: CborValue): unknown {
  if (isCborArray(item)) return item.map(toCbor2)
  if (isCborMap(item)) return new Map([...item].map(([k, v]) => [k, toCbor2(v)]))
  if (isCborTag(item)) return new Tag(item.tag, toCbor2(item.value))
  return item
}

function fromCbor2(item: unknown): unknown {
  if (item instanceof Tag) return { tag: item.tag, value: fromCbor2(item.contents) }
  if (item instanceof Map) return new Map([...item].map(([k, v]) => [k, fromCbor2(v)]))
  return Array.isArray(item) ? item.map(fromCbor2) : item
}

/** The value, or undefined when the reader refuses the bytes; anything but an AttestationError fails the test. */
function accepted(bytes: Uint8Array): CborValue | undefined {
  try {
    return parseCbor(bytes, '')
  } catch (error) {
    expect(error).toBeInstanceOf(AttestationError)
    return undefined
  }
}

describe('parseCbor', () => {
  it('reads what cbor2 writes deterministically', () => {
    fc.assert(
      fc.property(value, (item) => {
        const bytes = encodeCbor2(toCbor2(item), cdeEncodeOptions)
        expect(parseCbor(bytes, '')).toStrictEqual(item)
      }),
      { numRuns: 500 },
    )
  })

  it('and encodeCbor writes the same bytes', () => {
    fc.assert(
      fc.property(value, (item) => {
        const bytes = encodeCbor2(toCbor2(item), cdeEncodeOptions)
        expect(encodeCbor(item)).toStrictEqual(Uint8Array.from(bytes))
      }),
      { numRuns: 500 },
    )
  })

  it('throws nothing but AttestationError on arbitrary bytes, and accepts only what cbor2 reads alike', () => {
    const heads = fc.constantFrom(
      0x00,
      0x18,
      0x19,
      0x20,
      0x41,
      0x61,
      0x81,
      0x82,
      0xa1,
      0xa2,
      0xc1,
      0xd2,
      0xf5,
      0xf9,
      0xfb,
    )
    const bytes = fc.array(fc.oneof(heads, fc.nat(255)), { maxLength: 24 }).map((items) => Uint8Array.from(items))
    fc.assert(
      fc.property(bytes, (input) => {
        const item = accepted(input)
        if (item === undefined) return
        const options = { ...cdeDecodeOptions, ignoreGlobalTags: true, preferMap: true, collapseBigInts: true }
        expect(fromCbor2(decodeCbor2(input, options))).toStrictEqual(item)
      }),
      { numRuns: 5000 },
    )
  })

  it('accepts only what strict cborg accepts, with the same value', () => {
    const untagged = fc.oneof(
      value.map((item) => encodeCbor(item)),
      fc.uint8Array({ maxLength: 16 }),
    )
    fc.assert(
      fc.property(untagged, (input) => {
        const item = accepted(input)
        if (item === undefined || input.some((byte) => byte >> 5 === 6)) return
        const other: unknown = decodeCborg(input, {
          strict: true,
          allowIndefinite: false,
          useMaps: true,
          rejectDuplicateMapKeys: true,
          allowNaN: true,
        })
        expect(other).toStrictEqual(item)
      }),
      { numRuns: 1000 },
    )
  })

  it('refuses or reads alike after one byte has changed', () => {
    fc.assert(
      fc.property(value, fc.nat(), fc.nat(255), (item, position, byte) => {
        const bytes = encodeCbor(item)
        bytes[position % bytes.length] = byte
        const changed = accepted(bytes)
        // Whatever is accepted has one encoding only, but for floats with the value of an integer.
        if (changed !== undefined && !bytes.some((b) => b >= 0xf9 && b <= 0xfb))
          expect(encodeCbor(changed)).toStrictEqual(bytes)
      }),
      { numRuns: 1000 },
    )
  })
})
