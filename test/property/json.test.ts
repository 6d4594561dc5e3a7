// The JSON parser agrees with the platform's on everything it accepts, and refuses without ever failing otherwise.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeUtf8 } from '../../src/bytes/text.js'
import { type JsonValue, parseJson } from '../../src/encoding/json.js'
import { AttestationError } from '../../src/result/error.js'

/** Maps back to plain objects, in the manner of JSON.parse. */
function plain(value: JsonValue): unknown {
  if (value instanceof Map) return Object.fromEntries([...value].map(([name, member]) => [name, plain(member)]))
  return Array.isArray(value) ? value.map(plain) : value
}

function attempt(text: string): { readonly value: unknown } | { readonly code: string } {
  try {
    return { value: plain(parseJson(encodeUtf8(text), '')) }
  } catch (error) {
    if (!(error instanceof AttestationError)) throw error
    return { code: error.code }
  }
}

function platform(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return undefined
  }
}

const document = fc.json({ maxDepth: 6 })
/** Stricter than the platform on purpose. */
const stricter: readonly string[] = ['json/duplicate-name', 'json/surrogate', 'json/number']

function compare(text: string): void {
  const [own, theirs] = [attempt(text), platform(text)]
  if ('value' in own) expect(theirs).toEqual({ value: own.value })
  else if (theirs !== undefined) expect(stricter).toContain(own.code)
  else expect(own.code).toMatch(/^json\//)
}

describe('parseJson', () => {
  it('reads what JSON.stringify writes', () => {
    const values = fc.jsonValue({ maxDepth: 6 })
    fc.assert(
      fc.property(values, fc.constantFrom(undefined, 1, '\t'), (value, space) => {
        const text = JSON.stringify(value, null, space)
        const own = attempt(text)
        if ('value' in own) expect(own.value).toEqual(JSON.parse(text))
        else expect(stricter).toContain(own.code)
      }),
      { numRuns: 500 },
    )
  })

  it('agrees with the platform on spoilt documents', () => {
    const noise = fc.string({ unit: fc.constantFrom(...'{}[]",:\\u0019.eE+-tfn \n\t\u0001\u00e9/'), maxLength: 4 })
    fc.assert(
      fc.property(document, fc.nat(), fc.nat(3), noise, (text, position, cut, insert) => {
        const at = position % (text.length + 1)
        compare(text.slice(0, at) + insert + text.slice(at + cut))
      }),
      { numRuns: 1500 },
    )
  })

  it('agrees with the platform on arbitrary text of JSON characters', () => {
    const text = fc.string({ unit: fc.constantFrom(...'{}[]",:\\ud8c0-1.e+tfn "'), maxLength: 24 })
    fc.assert(fc.property(text, compare), { numRuns: 1500 })
  })

  it('refuses arbitrary bytes with its own error only', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        try {
          parseJson(bytes, '')
        } catch (error) {
          expect(error).toBeInstanceOf(AttestationError)
        }
      }),
      { numRuns: 1000 },
    )
  })
})
