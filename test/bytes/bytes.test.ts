// Bytes, hex and text.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concatBytes, copyBytes, equalBytes } from '../../src/bytes/bytes.js'
import { encodeHex, parseHex } from '../../src/bytes/hex.js'
import { encodeUtf8, parseAscii, parseUtf8 } from '../../src/bytes/text.js'
import { thrown } from '../nvidia/thrown.js'

const bytes = fc.uint8Array({ maxLength: 64 })

describe('bytes', () => {
  it('copies are equal and independent', () => {
    const buffer = Buffer.from([1, 2, 3, 4]).subarray(1, 3)
    const copy = copyBytes(buffer)
    expect(copy).toEqual(Uint8Array.of(2, 3))
    buffer[0] = 9
    expect(copy).toEqual(Uint8Array.of(2, 3))
  })

  it('are equal if every byte and the length is', () => {
    fc.assert(
      fc.property(bytes, bytes, fc.nat(63), (a, b, position) => {
        expect(equalBytes(a, Buffer.from(a))).toBe(true)
        expect(equalBytes(a, b)).toBe(Buffer.compare(a, b) === 0)
        if (position < a.length) {
          const changed = a.slice()
          changed[position] = (changed[position] ?? 0) ^ 0x80
          expect(equalBytes(a, changed)).toBe(false)
          expect(equalBytes(a, a.subarray(0, position))).toBe(false)
        }
      }),
    )
  })

  it('join in order', () => {
    fc.assert(
      fc.property(fc.array(bytes, { maxLength: 5 }), (parts) => {
        expect(concatBytes(...parts)).toEqual(new Uint8Array(Buffer.concat(parts)))
      }),
    )
  })
})

describe('hex', () => {
  it('agrees with the platform, and takes either case', () => {
    fc.assert(
      fc.property(bytes, (value) => {
        const text = Buffer.from(value).toString('hex')
        expect(encodeHex(value)).toBe(text)
        expect(parseHex(text, '')).toEqual(value)
        expect(parseHex(text.toUpperCase(), '')).toEqual(value)
      }),
    )
  })

  it.each(['0', '0x00', '0g', 'g0', ' 00', '00 ', '@0', '`0', '/0', ':0', '0\u0000', '\u0130\u0131', '００'])(
    'refuses %j',
    (text) => {
      expect(thrown(() => parseHex(text, 'here'))).toEqual({ code: 'encoding/hex', at: 'here' })
    },
  )

  it('takes the digits of either case and no other character', () => {
    for (let code = 0; code < 0x10000; code++) {
      const character = String.fromCharCode(code)
      const taken = thrown(() => parseHex(`0${character}`, '')).code === 'none'
      if (taken !== /[0-9A-Fa-f]/.test(character)) expect.fail(`hex: ${code}`)
    }
  })
})

describe('text', () => {
  it('goes to UTF-8 and back, a byte order mark included', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), (text) => {
        expect(encodeUtf8(text)).toEqual(new Uint8Array(Buffer.from(text)))
        expect(parseUtf8(encodeUtf8(text), '')).toBe(text)
      }),
    )
    expect(parseUtf8(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61), '')).toBe('\ufeffa')
  })

  it.each([[[0x80]], [[0xc0, 0x80]], [[0xed, 0xa0, 0x80]], [[0xf5, 0x80, 0x80, 0x80]], [[0xe2, 0x82]]])(
    'refuses %j as UTF-8',
    (octets) => {
      expect(thrown(() => parseUtf8(Uint8Array.from(octets), 'here'))).toEqual({ code: 'encoding/utf8', at: 'here' })
    },
  )

  it('keeps nothing of a text it refused', () => {
    // The first two octets of a euro sign, then its last.
    expect(thrown(() => parseUtf8(Uint8Array.of(0xe2, 0x82), '')).code).toBe('encoding/utf8')
    expect(thrown(() => parseUtf8(Uint8Array.of(0xac), '')).code).toBe('encoding/utf8')
    expect(parseUtf8(Uint8Array.of(0x61), '')).toBe('a')
  })

  it('reads printable ASCII, and no other byte', () => {
    for (let value = 0; value < 256; value++) {
      const read = () => parseAscii(Uint8Array.of(0x41, value), 'here')
      if (value >= 0x20 && value <= 0x7e) expect(read()).toBe(`A${String.fromCharCode(value)}`)
      else expect(thrown(read)).toEqual({ code: 'encoding/ascii', at: 'here' })
    }
  })
})
