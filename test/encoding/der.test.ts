import { describe, expect, it } from 'vitest'
import { parseHex } from '../../src/bytes/hex.js'
import {
  contextTag,
  type DerCursor,
  derTag,
  endDer,
  enterDer,
  openDer,
  peekTag,
  readBits,
  readBoolean,
  readFlag,
  readInteger,
  readNamedBits,
  readNull,
  readOctets,
  readOid,
  readUnsigned,
  takeAny,
  takeContent,
  takeElement,
} from '../../src/encoding/der.js'
import { readGeneralizedTime, readValidityTime } from '../../src/encoding/der-time.js'
import { refusal } from './refusal.js'

function open(hex: string): DerCursor {
  return openDer(parseHex(hex.replaceAll(' ', ''), ''), 'x', 1 << 20)
}

/** Reads one whole input with `read` and refuses leftovers. */
function one<T>(hex: string, read: (cursor: DerCursor) => T): T {
  const cursor = open(hex)
  const value = read(cursor)
  endDer(cursor)
  return value
}

function text(ascii: string, tag: number): string {
  const bytes = Buffer.from(ascii, 'latin1')
  return Buffer.from([tag, bytes.length, ...bytes]).toString('hex')
}

describe('element headers', () => {
  it('yields views of the input, not copies', () => {
    const input = parseHex('3003020107', '')
    const element = takeElement(openDer(input, '', 100), derTag.sequence, '')
    expect(element.buffer).toBe(input.buffer)
    expect(element).toEqual(input)
  })

  it('reads lengths of every minimal form', () => {
    for (const length of [0, 1, 127, 128, 255, 256, 65_535, 65_536]) {
      const long = length < 128 ? '' : length.toString(16)
      const padded = long.padStart(long.length + (long.length % 2), '0')
      const header =
        length < 128
          ? length.toString(16).padStart(2, '0')
          : (0x80 + padded.length / 2).toString(16).padStart(2, '0') + padded
      expect(one(`04${header}${'ab'.repeat(length)}`, (c) => readOctets(c, 'f')).length).toBe(length)
    }
  })

  it.each<[name: string, hex: string, code: string, details?: object]>([
    ['no input', '', 'der/missing', { expected: 4 }],
    ['another type', '0200', 'der/tag', { expected: 4, actual: 2 }],
    ['constructed form of a primitive type', '2400', 'der/tag', { expected: 4, actual: 0x24 }],
    ['a tag without length', '04', 'bytes/truncated', { needed: 2, available: 1 }],
    ['indefinite length', '048000000000', 'der/length', { reason: 'indefinite' }],
    ['long form below 128', '04817f', 'der/length', { reason: 'non-minimal' }],
    ['two octets below 256', '048200ff', 'der/length', { reason: 'non-minimal' }],
    ['three octets below 65536', '048300ffff', 'der/length', { reason: 'non-minimal' }],
    ['leading zero octet', '04840000ffff', 'der/length', { reason: 'non-minimal' }],
    ['five length octets', '04850100000000', 'der/length', { reason: 'too-long' }],
    ['the reserved length FF', '04ff00', 'der/length', { reason: 'too-long' }],
    ['a length beyond the input', '0405aabb', 'bytes/truncated', { needed: 7, available: 4 }],
    ['a long length beyond the input', '0484ffffffff00', 'bytes/truncated', { needed: 4_294_967_301, available: 7 }],
    ['length octets cut off', '048201', 'bytes/truncated'],
  ])('refuses %s', (_, hex, code, details) => {
    const found = refusal(() => one(hex, (c) => readOctets(c, 'f')))
    expect(found).toMatchObject({ code, stage: 'parse', at: 'x.f' })
    if (details !== undefined) expect(found.details).toEqual(details)
  })

  it('does not let an element reach beyond the one that holds it', () => {
    const found = refusal(() => one('3003 0405aa 00000000', (c) => readOctets(enterDer(c, derTag.sequence, 's'), 'f')))
    expect(found).toMatchObject({ code: 'bytes/truncated', at: 'x.s.f', details: { needed: 7, available: 3 } })
  })

  it('refuses what follows the last field', () => {
    expect(refusal(() => one('0500 00', (c) => readNull(c, 'f')))).toMatchObject({
      code: 'bytes/trailing',
      at: 'x',
      details: { extra: 1 },
    })
    const inner = refusal(() =>
      one('3004 0500 0500', (c) => {
        const sequence = enterDer(c, derTag.sequence, 's')
        readNull(sequence, 'f')
        endDer(sequence)
      }),
    )
    expect(inner).toMatchObject({ code: 'bytes/trailing', at: 'x.s', details: { extra: 2 } })
  })

  it('bounds the size of the input', () => {
    expect(refusal(() => openDer(new Uint8Array(11), 'x', 10))).toMatchObject({
      code: 'bytes/too-large',
      details: { limit: 10, actual: 11 },
    })
    expect(openDer(new Uint8Array(10), 'x', 10).end).toBe(10)
  })

  it('bounds the depth a schema can be led to', () => {
    let hex = ''
    for (let i = 0; i < 30; i++) hex = `30${(hex.length / 2).toString(16).padStart(2, '0')}${hex}`
    const found = refusal(() => {
      let cursor = open(hex)
      while (peekTag(cursor) !== undefined) cursor = enterDer(cursor, derTag.sequence, '')
    })
    expect(found).toMatchObject({ code: 'der/too-deep', details: { limit: 24 } })
  })

  it('takes any element but one with a long tag', () => {
    expect(one('a303020101', (c) => takeAny(c, 'f')).length).toBe(5)
    expect(refusal(() => one('1f8101 00', (c) => takeAny(c, 'f')))).toMatchObject({
      code: 'der/high-tag',
      at: 'x.f',
      details: { actual: 0x1f },
    })
    expect(refusal(() => one('', (c) => takeAny(c, 'f'))).code).toBe('der/missing')
  })

  it('peeks without moving', () => {
    const cursor = open('8101aa')
    expect(peekTag(cursor)).toBe(contextTag(1, 'primitive'))
    expect(takeContent(cursor, contextTag(1, 'primitive'), '')).toEqual(Uint8Array.of(0xaa))
    expect(peekTag(cursor)).toBeUndefined()
  })

  it('names elements of a list without a dot', () => {
    const found = refusal(() => one('3000', (c) => readNull(enterDer(c, derTag.sequence, '[3]'), 'f')))
    expect(found.at).toBe('x[3].f')
  })
})

describe('BOOLEAN', () => {
  it('reads 00 and FF', () => {
    expect(one('010100', (c) => readBoolean(c, 'f'))).toBe(false)
    expect(one('0101ff', (c) => readBoolean(c, 'f'))).toBe(true)
  })

  it.each(['010101', '01017f', '0100', '0102ffff'])('refuses %s', (hex) => {
    expect(refusal(() => one(hex, (c) => readBoolean(c, 'f')))).toMatchObject({ code: 'der/boolean', at: 'x.f' })
  })

  it('refuses a default that is spelt out', () => {
    expect(one('0101ff', (c) => readFlag(c, 'f'))).toBe(true)
    expect(one('', (c) => readFlag(c, 'f'))).toBe(false)
    expect(refusal(() => one('010100', (c) => readFlag(c, 'f')))).toMatchObject({ code: 'der/default', at: 'x.f' })
  })
})

describe('INTEGER', () => {
  it('keeps minimal two’s complement octets', () => {
    for (const content of ['00', '7f', '80', 'ff', '0080', 'ff7f', '0102030405060708090a'])
      expect(
        one(`02${(content.length / 2).toString(16).padStart(2, '0')}${content}`, (c) => readInteger(c, 'f')),
      ).toEqual(parseHex(content, ''))
  })

  it.each([
    ['0200', 'empty'],
    ['02020001', 'non-minimal'],
    ['0202007f', 'non-minimal'],
    ['0202ff80', 'non-minimal'],
    ['0202ffff', 'non-minimal'],
  ])('refuses %s as %s', (hex, reason) => {
    expect(refusal(() => one(hex, (c) => readInteger(c, 'f')))).toMatchObject({
      code: 'der/integer',
      at: 'x.f',
      details: { reason },
    })
  })

  it('reads small numbers', () => {
    expect(one('020100', (c) => readUnsigned(c, 'f'))).toBe(0)
    expect(one('02020080', (c) => readUnsigned(c, 'f'))).toBe(128)
    expect(one('02047fffffff', (c) => readUnsigned(c, 'f'))).toBe(2 ** 31 - 1)
    expect(one('0a0106', (c) => readUnsigned(c, 'f', derTag.enumerated))).toBe(6)
  })

  it.each([
    ['0201ff', 'negative'],
    ['020480000000', 'negative'],
    ['02050080000000', 'too-large'],
  ])('refuses %s as a small number: %s', (hex, reason) => {
    expect(refusal(() => one(hex, (c) => readUnsigned(c, 'f')))).toMatchObject({
      code: 'der/integer',
      details: { reason },
    })
  })
})

describe('NULL, OCTET STRING, BIT STRING', () => {
  it('refuses a NULL with content', () => {
    expect(one('0500', (c) => readNull(c, 'f'))).toBeUndefined()
    expect(refusal(() => one('050100', (c) => readNull(c, 'f')))).toMatchObject({ code: 'der/null', at: 'x.f' })
  })

  it('reads implicit tags', () => {
    expect(one('8002abcd', (c) => readOctets(c, 'f', contextTag(0, 'primitive')))).toEqual(Uint8Array.of(0xab, 0xcd))
  })

  it('reads bit strings of whole octets only', () => {
    expect(one('030300abcd', (c) => readBits(c, 'f'))).toEqual(Uint8Array.of(0xab, 0xcd))
    expect(one('030100', (c) => readBits(c, 'f'))).toEqual(new Uint8Array())
    expect(refusal(() => one('03020780', (c) => readBits(c, 'f'))).details).toEqual({ reason: 'unused-bits' })
    expect(refusal(() => one('0300', (c) => readBits(c, 'f')))).toMatchObject({
      code: 'der/bit-string',
      details: { reason: 'empty' },
    })
  })

  it('reads named bits, bit 0 first', () => {
    expect(one('03020780', (c) => readNamedBits(c, 'f'))).toBe(1)
    expect(one('03020106', (c) => readNamedBits(c, 'f'))).toBe((1 << 5) | (1 << 6))
    expect(one('0303070080', (c) => readNamedBits(c, 'f'))).toBe(1 << 8)
    expect(one('030200ff', (c) => readNamedBits(c, 'f'))).toBe(0xff)
    expect(one('030100', (c) => readNamedBits(c, 'f'))).toBe(0)
  })

  it.each([
    ['0300', 'empty'],
    ['03020880', 'unused-bits'],
    ['030101', 'unused-bits'],
    ['030206c0', undefined],
    ['03020680', 'non-minimal'],
    ['03020780', undefined],
    ['030207c0', 'non-minimal'],
    ['03020000', 'non-minimal'],
    ['0303008000', 'non-minimal'],
    ['030400800001', 'too-long'],
  ])('judges named bits %s: %s', (hex, reason) => {
    const found = refusal(() => one(hex, (c) => readNamedBits(c, 'f')))
    expect(found).toMatchObject(
      reason === undefined ? { code: 'nothing thrown' } : { code: 'der/bit-string', at: 'x.f', details: { reason } },
    )
  })
})

describe('OBJECT IDENTIFIER', () => {
  it('reads through the cursor', () => {
    expect(one('06052b81040022', (c) => readOid(c, 'f'))).toBe('1.3.132.0.34')
    expect(refusal(() => one('0600', (c) => readOid(c, 'f')))).toMatchObject({
      code: 'der/oid',
      at: 'x.f',
      details: { reason: 'empty' },
    })
  })
})

describe('times', () => {
  const utc = (value: string): Date => one(text(value, derTag.utcTime), (c) => readValidityTime(c, 'f'))
  const general = (value: string): Date => one(text(value, derTag.generalizedTime), (c) => readValidityTime(c, 'f'))

  it('reads UTCTime with the century of RFC 5280', () => {
    expect(utc('491231235959Z').toISOString()).toBe('2049-12-31T23:59:59.000Z')
    expect(utc('500101000000Z').toISOString()).toBe('1950-01-01T00:00:00.000Z')
    expect(utc('000229120000Z').toISOString()).toBe('2000-02-29T12:00:00.000Z')
  })

  it('reads GeneralizedTime up to the end of the year 9999', () => {
    expect(general('99991231235959Z').toISOString()).toBe('9999-12-31T23:59:59.000Z')
    expect(general('20500101000000Z').toISOString()).toBe('2050-01-01T00:00:00.000Z')
    expect(general('19000228000000Z').toISOString()).toBe('1900-02-28T00:00:00.000Z')
  })

  it('reads GeneralizedTime before 2050, as genuine device certificates have it', () => {
    expect(general('20201017000000Z').toISOString()).toBe('2020-10-17T00:00:00.000Z')
  })

  it.each([
    ['without seconds', '2010170000Z'],
    ['with an offset', '201017000000+0000'],
    ['without Z', '201017000000'],
    ['with a fraction', '20101700000.5Z'],
    ['with letters', '2010170000o0Z'],
    ['in lower case', '201017000000z'],
  ])('refuses UTCTime %s', (_, value) => {
    expect(refusal(() => utc(value))).toMatchObject({ code: 'der/time', at: 'x.f', details: { reason: 'form' } })
  })

  it.each([
    ['with two digits of year', '201017000000Z'],
    ['with a fraction', '20201017000000.5Z'],
    ['in local time', '20201017000000'],
    ['with an offset', '20201017000000+0000'],
  ])('refuses GeneralizedTime %s', (_, value) => {
    expect(refusal(() => general(value))).toMatchObject({ code: 'der/time', details: { reason: 'form' } })
  })

  it.each([
    '20200001000000Z',
    '20201301000000Z',
    '20200100000000Z',
    '20200132000000Z',
    '20210229000000Z',
    '21000229000000Z',
    '20200431000000Z',
    '20200101240000Z',
    '20200101006000Z',
    '20200101000060Z',
    '00500101000000Z',
  ])('refuses %s, which is no date', (value) => {
    expect(refusal(() => general(value))).toMatchObject({ code: 'der/time', details: { reason: 'range' } })
  })

  it('reads GeneralizedTime alone where the schema has no choice', () => {
    expect(refusal(() => one(text('201017000000Z', derTag.utcTime), (c) => readGeneralizedTime(c, 'f'))).code).toBe(
      'der/tag',
    )
  })
})
