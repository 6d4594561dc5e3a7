// The PEM reader against arbitrary and mutated text.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type PemBlock, parsePem } from '../../src/encoding/pem.js'
import { AttestationError } from '../../src/result/error.js'

function accepted(text: string): readonly PemBlock[] | undefined {
  try {
    return parsePem(text, 'pem')
  } catch (error) {
    if (error instanceof AttestationError) return undefined
    throw error
  }
}

const label = fc.stringMatching(/^[A-Z0-9]([A-Z0-9 ]{0,10}[A-Z0-9])?$/)
const blocks = fc.array(fc.tuple(label, fc.uint8Array({ maxLength: 200 })), { minLength: 1, maxLength: 5 })
const write = (parts: readonly (readonly [string, Uint8Array])[], width: number, newline: string): string =>
  parts
    .map(([name, bytes]) => {
      const base64 = Buffer.from(bytes).toString('base64')
      const lines = base64.match(new RegExp(`.{1,${width}}`, 'g')) ?? []
      return [`-----BEGIN ${name}-----`, ...lines, `-----END ${name}-----`, ''].join(newline)
    })
    .join('')

describe('parsePem', () => {
  it('reads back whatever was written, at any line length', () => {
    fc.assert(
      fc.property(blocks, fc.integer({ min: 1, max: 80 }), fc.constantFrom('\n', '\r\n'), (parts, width, newline) => {
        expect(parsePem(write(parts, width, newline), '')).toEqual(
          parts.map(([name, bytes]) => ({ label: name, bytes })),
        )
      }),
      { numRuns: 300 },
    )
  })

  it('refuses arbitrary text with an AttestationError', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200, unit: 'binary' }), (text) => {
        expect(accepted(text)).toBeUndefined()
      }),
      { numRuns: 1000 },
    )
  })

  it('reads or refuses spoilt text, and never makes up a block', () => {
    fc.assert(
      fc.property(blocks, fc.nat(), fc.string({ maxLength: 1 }), (parts, where, character) => {
        const text = write(parts, 64, '\n')
        const at = where % text.length
        const found = accepted(text.slice(0, at) + character + text.slice(at + 1))
        if (found !== undefined) expect(found.length).toBeLessThanOrEqual(parts.length)
      }),
      { numRuns: 1000 },
    )
  })
})
