// Base64, both alphabets, against the platform and against RFC 4648.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeBase64, encodeBase64Url, parseBase64, parseBase64Url } from '../../src/bytes/base64.js'
import { thrown } from '../nvidia/thrown.js'

const bytes = fc.uint8Array({ maxLength: 80 })

describe('base64', () => {
  // RFC 4648 section 10.
  it.each([
    ['', ''],
    ['f', 'Zg=='],
    ['fo', 'Zm8='],
    ['foo', 'Zm9v'],
    ['foob', 'Zm9vYg=='],
    ['fooba', 'Zm9vYmE='],
    ['foobar', 'Zm9vYmFy'],
  ])('%j is %j', (text, encoded) => {
    expect(encodeBase64(Buffer.from(text))).toBe(encoded)
    expect(Buffer.from(parseBase64(encoded, '')).toString()).toBe(text)
    expect(Buffer.from(parseBase64Url(encoded.replaceAll('=', ''), '')).toString()).toBe(text)
  })

  it('agrees with the platform', () => {
    fc.assert(
      fc.property(bytes, (value) => {
        const buffer = Buffer.from(value)
        expect(encodeBase64(value)).toBe(buffer.toString('base64'))
        expect(encodeBase64Url(value)).toBe(buffer.toString('base64url'))
        expect(parseBase64(buffer.toString('base64'), '')).toEqual(value)
        expect(parseBase64Url(buffer.toString('base64url'), '')).toEqual(value)
      }),
    )
  })

  it.each([
    ['Zg', 'not padded'],
    ['Zg=', 'half padded'],
    ['Zg===', 'padded too far'],
    ['=', 'padding alone'],
    ['====', 'padding for nothing'],
    ['Z===', 'three characters of padding'],
    ['Zh==', 'spare bits'],
    ['Zm9=', 'spare bits'],
    ['Zm9v\n', 'line end'],
    ['Zm 9', 'space'],
    ['Zm=v', 'padding inside'],
    ['Zm-_', 'URL alphabet'],
    ['Zm9é', 'beyond ASCII'],
    ['Zm9\u{1f600}', 'beyond the BMP'],
  ])('refuses %j: %s', (text) => {
    expect(thrown(() => parseBase64(text, 'here'))).toEqual({ code: 'encoding/base64', at: 'here' })
  })

  it.each(['Zg==', 'Z', 'Zh', 'Zm9', 'Zm+v', 'Zm/v', ' Zg', 'Zg\n', 'Zmé'])('refuses %j as base64url', (text) => {
    expect(thrown(() => parseBase64Url(text, 'here'))).toEqual({ code: 'encoding/base64', at: 'here' })
  })

  it('takes the 64 characters of its alphabet and no other', () => {
    for (let code = 0; code < 0x10000; code++) {
      const character = String.fromCharCode(code)
      const accepted = /[A-Za-z0-9]/.test(character)
      const standard = thrown(() => parseBase64(`AA${character}A`, '')).code === 'none'
      const url = thrown(() => parseBase64Url(`AA${character}A`, '')).code === 'none'
      if (standard !== (accepted || '+/'.includes(character))) expect.fail(`base64: ${code}`)
      if (url !== (accepted || '-_'.includes(character))) expect.fail(`base64url: ${code}`)
    }
  })

  it('has one encoding per value', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'AZaz09+/-_='), maxLength: 12 }), (text) => {
        const standard = thrown(() => parseBase64(text, '')).code === 'none'
        if (standard) expect(encodeBase64(parseBase64(text, ''))).toBe(text)
        const url = thrown(() => parseBase64Url(text, '')).code === 'none'
        if (url) expect(encodeBase64Url(parseBase64Url(text, ''))).toBe(text)
      }),
      { numRuns: 500 },
    )
  })
})
