import { describe, expect, it } from 'vitest'
import { parseHex } from '../../src/bytes/hex.js'
import { decodeOid } from '../../src/encoding/oid.js'
import { refusal } from './refusal.js'

const decode = (hex: string): string => decodeOid(parseHex(hex, ''), 'p', 'f')

describe('decodeOid', () => {
  // Encodings from X.690 section 8.19.5, RFC 5480, RFC 5758 and `openssl asn1parse -genstr OID:...`.
  it.each([
    ['550403', '2.5.4.3'],
    ['883703', '2.999.3'],
    ['2a8648ce3d0201', '1.2.840.10045.2.1'],
    ['2a8648ce3d040303', '1.2.840.10045.4.3.3'],
    ['67810505040101', '2.23.133.5.4.1.1'],
    ['2b0601040183 1c8212 01'.replaceAll(' ', ''), '1.3.6.1.4.1.412.274.1'],
    ['00', '0.0'],
    ['27', '0.39'],
    ['28', '1.0'],
    ['4f', '1.39'],
    ['50', '2.0'],
    ['8f7f', '2.1967'],
  ])('reads %s as %s', (hex, dotted) => {
    expect(decode(hex)).toBe(dotted)
  })

  it('reads the 128-bit arc of a UUID exactly', () => {
    // X.667: 2.25 and the UUID as one number, here 2^128 - 1.
    expect(decode(`6983${'ff'.repeat(17)}7f`)).toBe('2.25.340282366920938463463374607431768211455')
  })

  it('reads a large second arc below 2', () => {
    const arcOctets = 'ff'.repeat(9)
    const first = (1n << 70n) - 1n
    expect(decode(`${arcOctets}7f`)).toBe(`2.${first - 80n}`)
  })

  it.each([
    ['', 'empty'],
    ['2a86', 'unfinished'],
    ['80', 'unfinished'],
    ['2a8001', 'non-minimal'],
    ['8001', 'non-minimal'],
    ['2a'.repeat(65), 'too-long'],
  ])('refuses %s as %s', (hex, reason) => {
    expect(refusal(() => decode(hex))).toMatchObject({ code: 'der/oid', at: 'p.f', details: { reason } })
  })

  it('accepts the longest length it reads', () => {
    expect(decode('2a'.repeat(64)).split('.').length).toBe(65)
  })
})
