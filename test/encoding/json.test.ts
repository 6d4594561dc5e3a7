// JSON: one reading or none.
import { describe, expect, it } from 'vitest'
import { encodeUtf8 } from '../../src/bytes/text.js'
import {
  isJsonArray,
  isJsonObject,
  type JsonLimits,
  type JsonValue,
  jsonArray,
  jsonInteger,
  jsonLimits,
  jsonObject,
  jsonString,
  memberPath,
  parseJson,
} from '../../src/encoding/json.js'
import { thrown } from '../nvidia/thrown.js'

function parse(text: string, limits?: Partial<JsonLimits>): JsonValue {
  return parseJson(encodeUtf8(text), 'root', { ...jsonLimits, ...limits })
}

describe('parseJson', () => {
  it.each<[string, JsonValue]>([
    ['null', null],
    [' true\n', true],
    ['\t\rfalse', false],
    ['0', 0],
    ['-12.5e-1', -1.25],
    ['1E3', 1000],
    ['9007199254740991', 9007199254740991],
    ['""', ''],
    ['"a\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9"', 'a"\\/\b\f\n\r\té'],
    ['"\\ud83d\\ude00"', '😀'],
    ['"😀\u007f\u2028"', '😀\u007f\u2028'],
    ['[]', []],
    ['[ ]', []],
    ['[1 , [ 2 ]]', [1, [2]]],
    ['{}', new Map()],
    [
      '{ "a" : 1 , " a" : { "b" : [ ] } }',
      new Map<string, JsonValue>([
        ['a', 1],
        [' a', new Map([['b', []]])],
      ]),
    ],
  ])('reads %s', (text, value) => {
    expect(parse(text)).toEqual(value)
  })

  it('gives member names no power', () => {
    const value = parse('{"__proto__":{"polluted":1},"constructor":2,"toString":3}')
    expect(isJsonObject(value) && [...value.keys()]).toEqual(['__proto__', 'constructor', 'toString'])
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
  })

  it.each([
    '',
    ' ',
    '01',
    '+1',
    '.5',
    '1.',
    '1e',
    '-',
    'NaN',
    'Infinity',
    'nul',
    'True',
    '"',
    '"\\',
    '"\\x"',
    '"\\u12"',
    '"\t"',
    '"\u0000"',
    "'a'",
    '[',
    '[1',
    '[1,',
    '[1,]',
    '[,1]',
    '[1 2]',
    '{',
    '{"a"',
    '{"a":',
    '{"a":1',
    '{"a":1,',
    '{"a":1,}',
    '{a:1}',
    '{"a" 1}',
    '{1:2}',
    '1 2',
    '[]]',
    '/**/1',
    '\ufeff1',
    '\u00a01',
  ])('refuses %j as no JSON', (text) => {
    expect(thrown(() => parse(text)).code).toBe('json/syntax')
  })

  it.each([
    ['a name twice', '{"a":{"b":1,"b":1}}', 'json/duplicate-name', 'root.a'],
    ['a name twice, once escaped', '{"b":1,"\\u0062":2}', 'json/duplicate-name', 'root'],
    ['a high half', '["\\ud800"]', 'json/surrogate', 'root[0]'],
    ['a low half', '["\\udc00x"]', 'json/surrogate', 'root[0]'],
    ['halves in the wrong order', '["\\udc00\\ud800"]', 'json/surrogate', 'root[0]'],
    ['an inexact integer', '[1,{"n":9007199254740992}]', 'json/number', 'root[1].n'],
    ['an inexact negative integer', '-9007199254740993', 'json/number', 'root'],
    ['an overflow', '1e400', 'json/number', 'root'],
  ])('refuses %s', (_, text, code, at) => {
    expect(thrown(() => parse(text))).toEqual({ code, at })
  })

  it('refuses bytes that are no UTF-8', () => {
    expect(thrown(() => parseJson(Uint8Array.of(0x22, 0xff, 0x22), 'root'))).toEqual({
      code: 'encoding/utf8',
      at: 'root',
    })
  })

  it('holds its limits exactly', () => {
    const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)
    expect(thrown(() => parse(nested(4), { maxDepth: 3 })).code).toBe('none')
    expect(thrown(() => parse(nested(5), { maxDepth: 3 }))).toEqual({ code: 'json/depth', at: 'root[0][0][0][0]' })
    expect(thrown(() => parse('[1,2]', { maxValues: 3 })).code).toBe('none')
    expect(thrown(() => parse('[1,2,3]', { maxValues: 3 }))).toEqual({ code: 'json/values', at: 'root[2]' })
    expect(thrown(() => parse('12', { maxBytes: 2 })).code).toBe('none')
    expect(thrown(() => parse('123', { maxBytes: 2 }))).toEqual({ code: 'bytes/too-large', at: 'root' })
  })

  it('survives strings and nesting as long as the size limit allows', () => {
    const length = jsonLimits.maxBytes - 2
    expect(parse(`"${'a'.repeat(length)}"`)).toHaveLength(length)
    expect(thrown(() => parse('['.repeat(jsonLimits.maxBytes))).code).toBe('json/depth')
  })

  it('cuts long names in paths', () => {
    expect(memberPath('a', 'n'.repeat(65))).toBe(`a.${'n'.repeat(64)}...`)
    expect(memberPath('', 'n')).toBe('n')
  })
})

describe('narrowing', () => {
  it('passes what has the type', () => {
    const map = new Map<string, JsonValue>()
    expect(jsonObject(map, '')).toBe(map)
    expect(jsonArray([1], '')).toEqual([1])
    expect(jsonString('a', '')).toBe('a')
    expect(jsonInteger(3, '')).toBe(3)
    expect([isJsonArray([]), isJsonArray('[]'), isJsonObject(map), isJsonObject([])]).toEqual([
      true,
      false,
      true,
      false,
    ])
  })

  it.each<[string, () => unknown]>([
    ['an array for an object', () => jsonObject([], 'x')],
    ['an object for an array', () => jsonArray(new Map(), 'x')],
    ['null for a string', () => jsonString(null, 'x')],
    ['a fraction for an integer', () => jsonInteger(1.5, 'x')],
  ])('refuses %s', (_, run) => {
    expect(thrown(run)).toEqual({ code: 'json/type', at: 'x' })
  })

  it('says when nothing is there', () => {
    expect(thrown(() => jsonString(undefined, 'x'))).toEqual({ code: 'json/missing', at: 'x' })
  })
})
