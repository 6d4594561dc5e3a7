// The cursor reads exactly what is there, once, in order, and never past the end.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concatBytes } from '../../src/bytes/bytes.js'
import { createReader, type Reader } from '../../src/bytes/reader.js'
import { AttestationError } from '../../src/result/error.js'

const widths = { u8: 1, u16le: 2, u24le: 3 } as const
const step = fc.oneof(
  fc.record({ kind: fc.constantFrom('u8', 'u16le', 'u24le') }),
  fc.record({ kind: fc.constant('take'), length: fc.oneof(fc.nat(40), fc.integer(), fc.constant(Number.NaN)) }),
)
type Step = { readonly kind: 'u8' | 'u16le' | 'u24le' } | { readonly kind: 'take'; readonly length: number }

function run(reader: Reader, one: Step): Uint8Array {
  if (one.kind === 'take') return reader.take(one.length, 'field')
  let value = reader[one.kind]('field')
  return Uint8Array.from({ length: widths[one.kind] }, () => {
    const byte = value % 256
    value = Math.floor(value / 256)
    return byte
  })
}

describe('createReader', () => {
  it('returns the input piece by piece', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.array(step, { maxLength: 40 }), (bytes, steps) => {
        const reader = createReader(bytes, 'p')
        const pieces: Uint8Array[] = []
        for (const one of steps) {
          const before = reader.offset()
          const length = one.kind === 'take' ? one.length : widths[one.kind]
          const fits = length >= 0 && length <= bytes.length - before
          try {
            const piece = run(reader, one)
            expect(fits).toBe(true)
            pieces.push(piece)
          } catch (error) {
            if (!(error instanceof AttestationError)) throw error
            expect([fits, error.code, error.at]).toEqual([false, 'bytes/truncated', 'p.field'])
            expect(reader.offset()).toBe(before)
          }
          expect(reader.offset() + reader.remaining()).toBe(bytes.length)
        }
        expect(concatBytes(...pieces)).toEqual(bytes.subarray(0, reader.offset()))
      }),
      { numRuns: 300 },
    )
  })
})
