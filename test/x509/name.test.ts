import { describe, expect, it } from 'vitest'
import {
  attribute,
  commonName,
  type DistinguishedName,
  describeName,
  parseName,
  sameName,
} from '../../src/x509/name.js'
import { refusal } from '../encoding/refusal.js'
import { ascii, der, oid } from './issuer.js'
import { attribute as pair } from './raw-certificate.js'

const utf8 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text))
const rdn = (...pairs: readonly Uint8Array[]): Uint8Array => der(0x31, ...pairs)
const parse = (...rdns: readonly Uint8Array[]): DistinguishedName => parseName(der(0x30, ...rdns), 'n')
const cn = '2.5.4.3'
const o = '2.5.4.10'

describe('parseName', () => {
  it('reads the three string types, in order', () => {
    const name = parse(
      rdn(pair('2.5.4.6', 0x13, ascii('US'))),
      rdn(pair(o, 0x0c, utf8('Société ☃ 𝄞'))),
      rdn(pair('0.9.2342.19200300.100.1.25', 0x16, ascii('example'))),
    )
    expect(name.attributes).toEqual([
      { oid: '2.5.4.6', value: 'US' },
      { oid: o, value: 'Société ☃ 𝄞' },
      { oid: '0.9.2342.19200300.100.1.25', value: 'example' },
    ])
  })

  it('keeps the received bytes', () => {
    const bytes = der(0x30, rdn(pair(cn, 0x13, ascii('x'))))
    expect(parseName(bytes, '').raw).toEqual(bytes)
  })

  it('reads an RDN of several attributes', () => {
    const name = parse(rdn(pair(cn, 0x13, ascii('a')), pair(o, 0x13, ascii('b'))))
    expect(name.attributes.map(({ value }) => value)).toEqual(['a', 'b'])
  })

  it.each<[name: string, rdns: Uint8Array, code: string, at: string]>([
    ['a TeletexString', rdn(pair(cn, 0x14, ascii('x'))), 'name/string-type', 'n[0].value'],
    ['a BMPString', rdn(pair(cn, 0x1e, ascii('\0x'))), 'name/string-type', 'n[0].value'],
    ['a UniversalString', rdn(pair(cn, 0x1c, ascii('\0\0\0x'))), 'name/string-type', 'n[0].value'],
    ['a PrintableString beyond ASCII', rdn(pair(cn, 0x13, ascii('\xe9'))), 'name/string-type', 'n[0].value'],
    ['an IA5String beyond ASCII', rdn(pair(cn, 0x16, ascii('\xe9'))), 'name/string-type', 'n[0].value'],
    ['invalid UTF-8', rdn(pair(cn, 0x0c, ascii('\xe9'))), 'encoding/utf8', 'n[0].value'],
    ['a NUL', rdn(pair(cn, 0x0c, ascii('a\0b'))), 'name/control-character', 'n[0].value'],
    ['a line feed', rdn(pair(cn, 0x13, ascii('a\nb'))), 'name/control-character', 'n[0].value'],
    ['a DEL', rdn(pair(cn, 0x16, ascii('\x7f'))), 'name/control-character', 'n[0].value'],
    ['a C1 control', rdn(pair(cn, 0x0c, utf8('a\u009bb'))), 'name/control-character', 'n[0].value'],
    ['a line separator', rdn(pair(cn, 0x0c, utf8('a\u2028b'))), 'name/control-character', 'n[0].value'],
    ['a paragraph separator', rdn(pair(cn, 0x0c, utf8('a\u2029b'))), 'name/control-character', 'n[0].value'],
    ['a turn of the writing direction', rdn(pair(cn, 0x0c, utf8('a\u202eb'))), 'name/control-character', 'n[0].value'],
    ['an empty RDN', rdn(), 'der/missing', 'n[0]'],
    ['an attribute without value', rdn(der(0x30, oid(cn))), 'der/missing', 'n[0].value'],
    ['an attribute with two values', rdn(der(0x30, oid(cn), der(0x0c), der(0x0c))), 'bytes/trailing', 'n[0]'],
    ['attributes out of order', rdn(pair(o, 0x13, ascii('b')), pair(cn, 0x13, ascii('a'))), 'der/set-order', 'n[0]'],
    ['an attribute twice', rdn(pair(cn, 0x13, ascii('a')), pair(cn, 0x13, ascii('a'))), 'der/set-order', 'n[0]'],
    ['a sequence for a set', der(0x30, pair(cn, 0x13, ascii('a'))), 'der/tag', 'n[0]'],
  ])('refuses %s', (_, rdns, code, at) => {
    expect(refusal(() => parse(rdns))).toMatchObject({ code, stage: 'parse', at })
  })

  it('refuses what follows the name', () => {
    expect(refusal(() => parseName(Uint8Array.of(0x30, 0, 0), 'n')).code).toBe('bytes/trailing')
  })
})

describe('a name', () => {
  const name = parse(rdn(pair(cn, 0x0c, utf8('GH100'))), rdn(pair(o, 0x13, ascii('X'))), rdn(pair(o, 0x13, ascii('Y'))))

  it('answers for attributes that stand there once', () => {
    expect(commonName(name)).toBe('GH100')
    expect(attribute(name, o)).toBeUndefined()
    expect(attribute(name, '2.5.4.6')).toBeUndefined()
  })

  it('is shown in the order of the encoding', () => {
    expect(describeName(name)).toBe('CN=GH100, O=X, O=Y')
    expect(describeName(parse(rdn(pair('1.2.3', 0x13, ascii('z')))))).toBe('1.2.3=z')
  })

  it('is the same only byte for byte', () => {
    const other = (tag: number, text: string): DistinguishedName => parse(rdn(pair(cn, tag, ascii(text))))
    expect(sameName(other(0x13, 'a'), other(0x13, 'a'))).toBe(true)
    expect(sameName(other(0x13, 'a'), other(0x0c, 'a'))).toBe(false)
    expect(sameName(other(0x13, 'a'), other(0x13, 'A'))).toBe(false)
    expect(sameName(other(0x13, 'a'), other(0x13, 'ab'))).toBe(false)
  })
})
