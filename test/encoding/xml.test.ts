// The XML reader: what it accepts, with its values, and one refusal per code.
import { describe, expect, test } from 'vitest'
import {
  maxXmlAttributes,
  maxXmlBytes,
  maxXmlDepth,
  maxXmlElements,
  maxXmlNameLength,
  maxXmlNamespaceDeclarations,
  parseXml,
  type XmlElement,
} from '../../src/encoding/xml.js'
import { failureOf, type Refusal } from '../rim/failure.js'

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
const parse = (text: string): XmlElement => parseXml(utf8(text), '')

const refused = (text: string): Refusal => failureOf(() => parse(text))

describe('accepted', () => {
  test('elements, namespaces, attributes and text', () => {
    const root = parse('<a xmlns="urn:d" xmlns:p="urn:p"><p:b p:x="1" x="2"/>t<c xmlns=""/></a>')
    expect([root.localName, root.namespace, root.prefix]).toEqual(['a', 'urn:d', ''])
    const [b, text, c] = root.children
    expect(b).toMatchObject({
      localName: 'b',
      prefix: 'p',
      namespace: 'urn:p',
      attributes: [
        { localName: 'x', namespace: 'urn:p', value: '1' },
        { localName: 'x', namespace: '', value: '2' },
      ],
    })
    expect(text).toBe('t')
    expect(c).toMatchObject({ localName: 'c', namespace: '' })
  })

  test('a prefix redeclared inside, and back outside', () => {
    const root = parse('<a xmlns:p="urn:1"><p:b xmlns:p="urn:2"><p:c/></p:b><p:d/></a>')
    const [b, d] = root.children
    expect(b).toMatchObject({ namespace: 'urn:2', children: [{ namespace: 'urn:2' }] })
    expect(d).toMatchObject({ namespace: 'urn:1' })
  })

  test('attribute values are normalised, references kept', () => {
    const value = (text: string): string | undefined => parse(`<a x="${text}"/>`).attributes[0]?.value
    expect(value('a\tb\nc\r\nd\re')).toBe('a b c d e')
    expect(value('&#9;&#xA;&#13;&lt;&gt;&amp;&quot;&apos;&#x1F600;')).toBe('\t\n\r<>&"\'\u{1F600}')
    expect(parse("<a x='\"'/>").attributes[0]?.value).toBe('"')
    expect(value('  two  ')).toBe('  two  ')
  })

  test('line ends of text are normalised, references kept', () => {
    expect(parse('<a>1\r\n2\r3\n4&#xD;5</a>').children).toEqual(['1\n2\n3\n4\r5'])
  })

  test('declarations', () => {
    for (const declaration of [
      '<?xml version="1.0"?>',
      "<?xml version='1.0' encoding='utf-8'?>\n",
      '<?xml version = "1.0" encoding="UTF-8" standalone="yes" ?>\r\n',
    ])
      expect(parse(`${declaration}<a/>`).localName).toBe('a')
  })

  test('white space around the root', () => {
    expect(parse('\n\t <a />').localName).toBe('a')
    expect(parse('<a ></a >\n\n').children).toEqual([])
  })
})

describe('refused', () => {
  test.each<[string, string, string]>([
    ['xml/doctype', '', '<!DOCTYPE a><a/>'],
    ['xml/doctype', 'a', '<a><!DOCTYPE a></a>'],
    ['xml/comment', '', '<!-- c --><a/>'],
    ['xml/comment', 'a.b', '<a><b>1<!---->2</b></a>'],
    ['xml/comment', '', '<a/><!-- c -->'],
    ['xml/processing-instruction', '', '<?p?><a/>'],
    ['xml/processing-instruction', 'a', '<a>1<?p?>2</a>'],
    ['xml/processing-instruction', '', '<a/><?p?>'],
    ['xml/processing-instruction', '', ' <?xml version="1.0"?><a/>'],
    ['xml/processing-instruction', '', '<?xml-stylesheet href="x"?><a/>'],
    ['xml/cdata', 'a', '<a><![CDATA[1]]></a>'],
    ['xml/declaration', '', '<?xml version="1.1"?><a/>'],
    ['xml/declaration', '', '<?xml encoding="utf-8"?><a/>'],
    ['xml/declaration', '', '<?xml version="1.0" standalone="maybe"?><a/>'],
    ['xml/encoding', '', '<?xml version="1.0" encoding="utf-16"?><a/>'],
    ['xml/encoding', '', '<?xml version="1.0" encoding="ISO-8859-1"?><a/>'],
    ['xml/encoding', '', '\ufeff<a/>'],
    ['xml/entity', 'a', '<a>&e;</a>'],
    ['xml/entity', 'a', '<a x="&nbsp;"/>'],
    ['xml/entity', 'a', '<a>&LT;</a>'],
    ['xml/entity', 'a', '<a>&#x;</a>'],
    ['xml/syntax', 'a', '<a>&</a>'],
    ['xml/syntax', 'a', '<a>& amp and then much more;</a>'],
    ['xml/syntax', 'a', '<a x="&amp"/>'],
    ['xml/character', '', '<a>\u0001</a>'],
    ['xml/character', '', '<a>\u0000</a>'],
    ['xml/character', '', '<a>\uffff</a>'],
    ['xml/character', 'a', '<a>&#0;</a>'],
    ['xml/character', 'a', '<a>&#x1F;</a>'],
    ['xml/character', 'a', '<a>&#xD800;</a>'],
    ['xml/character', 'a', '<a>&#xFFFE;</a>'],
    ['xml/character', 'a', '<a>&#x110000;</a>'],
    ['xml/syntax', '', ''],
    ['xml/syntax', '', 'text'],
    ['xml/syntax', '', '<a/>text'],
    ['xml/syntax', '', '<a/><b/>'],
    ['xml/syntax', '', '</a>'],
    ['xml/syntax', 'a', '<a>'],
    ['xml/syntax', 'a', '<a>text'],
    ['xml/syntax', 'a', '<a'],
    ['xml/syntax', 'a', '<a/ >'],
    ['xml/syntax', 'a', '<a x/>'],
    ['xml/syntax', 'a', '<a x=1/>'],
    ['xml/syntax', 'a', '<a x="1"y="2"/>'],
    ['xml/syntax', 'a', '<a x="<"/>'],
    ['xml/syntax', 'a', '<a x="1/>'],
    ['xml/syntax', 'a', '<a>]]></a>'],
    ['xml/syntax', 'a', '<a></ a></a>'],
    ['xml/syntax', 'a', '<a><!ELEMENT a></a>'],
    ['xml/syntax', '', '< a/>'],
    ['xml/syntax', '', '<1/>'],
    ['xml/syntax', 'p:a', '<p:a:b xmlns:p="urn:p"/>'],
    ['xml/syntax', 'a', '<a p:q:x="" xmlns:p="urn:p"/>'],
    ['xml/syntax', 'a', '<a \u00e9="1"/>'],
    ['xml/syntax', '', '<\u00e9/>'],
    ['xml/tag-mismatch', 'a', '<a></b>'],
    ['xml/tag-mismatch', 'p:a', '<p:a xmlns:p="urn:p" xmlns:q="urn:p"></q:a>'],
    ['xml/tag-mismatch', 'a.b', '<a><b></a></b>'],
    ['xml/duplicate-attribute', 'a', '<a x="1" x="1"/>'],
    ['xml/duplicate-attribute', 'a', '<a xmlns:p="urn:1" xmlns:q="urn:1" p:x="1" q:x="1"/>'],
    ['xml/duplicate-attribute', 'a', '<a xmlns="urn:1" xmlns="urn:1"/>'],
    ['xml/duplicate-attribute', 'a', '<a xmlns:p="urn:1" xmlns:p="urn:2"/>'],
    ['xml/undeclared-prefix', 'p:a', '<p:a/>'],
    ['xml/undeclared-prefix', 'a', '<a p:x="1"/>'],
    ['xml/undeclared-prefix', 'a.p:c', '<a><b xmlns:p="urn:p"/><p:c/></a>'],
    ['xml/namespace', 'a', '<a xml:lang="en"/>'],
    ['xml/namespace', 'a', '<a xml:base="urn:b"/>'],
    ['xml/namespace', 'xml:a', '<xml:a/>'],
    ['xml/namespace', 'xmlns:a', '<xmlns:a/>'],
    ['xml/namespace', 'a', '<a xmlns:xml="http://www.w3.org/XML/1998/namespace"/>'],
    ['xml/namespace', 'a', '<a xmlns:p="http://www.w3.org/XML/1998/namespace"/>'],
    ['xml/namespace', 'a', '<a xmlns:xmlns="http://www.w3.org/2000/xmlns/"/>'],
    ['xml/namespace', 'a', '<a xmlns="http://www.w3.org/2000/xmlns/"/>'],
    ['xml/namespace', 'a', '<a xmlns:p=""/>'],
    ['xml/namespace', 'a', '<a xmlns:p="relative/name"/>'],
    ['xml/namespace', 'a', '<a xmlns="name"/>'],
    ['xml/namespace', 'a', '<a xmlns="urn:a b"/>'],
    ['xml/namespace', 'a', '<a xmlns="urn:\u00e9"/>'],
    ['xml/namespace', 'a', '<a xmlns=" urn:a"/>'],
  ])('%s at "%s": %s', (code, at, text) => {
    expect(refused(text)).toEqual({ code, at })
  })

  test('bytes that are not UTF-8', () => {
    expect(failureOf(() => parseXml(Uint8Array.of(0x3c, 0x61, 0xc3, 0x28), 'm'))).toEqual({
      code: 'encoding/utf8',
      at: 'm',
    })
    // An overlong '<' and a surrogate half, both ways to hide markup.
    expect(failureOf(() => parseXml(Uint8Array.of(0xc0, 0xbc), ''))).toMatchObject({ code: 'encoding/utf8' })
    expect(failureOf(() => parseXml(Uint8Array.of(0x3c, 0x61, 0x3e, 0xed, 0xa0, 0x80), ''))).toMatchObject({
      code: 'encoding/utf8',
    })
  })

  test.each<[string, readonly number[]]>([
    ['little-endian with mark', [0xff, 0xfe, 0x3c, 0, 0x61, 0, 0x2f, 0, 0x3e, 0]],
    ['big-endian with mark', [0xfe, 0xff, 0, 0x3c, 0, 0x61, 0, 0x2f, 0, 0x3e]],
    ['little-endian', [0x3c, 0, 0x61, 0, 0x2f, 0, 0x3e, 0]],
    ['big-endian', [0, 0x3c, 0, 0x61, 0, 0x2f, 0, 0x3e]],
  ])('UTF-16, %s', (_, bytes) => {
    expect(failureOf(() => parseXml(Uint8Array.from(bytes), ''))).toEqual({ code: 'xml/encoding', at: '' })
  })
})

describe('limits', () => {
  const nested = (depth: number): string => '<a>'.repeat(depth) + '</a>'.repeat(depth)
  const siblings = (count: number): string => `<a>${'<b/>'.repeat(count - 1)}</a>`
  const attributes = (count: number): string => `<a ${Array.from({ length: count }, (_, i) => `a${i}=""`).join(' ')}/>`
  const declarations = (count: number): string =>
    `<a ${Array.from({ length: count }, (_, i) => `xmlns:a${i}="urn:a"`).join(' ')}/>`

  test.each<[string, (count: number) => string, number]>([
    ['depth', nested, maxXmlDepth],
    ['elements', siblings, maxXmlElements],
    ['attributes', attributes, maxXmlAttributes],
    ['namespaces', declarations, maxXmlNamespaceDeclarations],
    ['length of an element name', (count) => `<${'a'.repeat(count)}/>`, maxXmlNameLength],
    ['length of an attribute name', (count) => `<a ${'a'.repeat(count)}=""/>`, maxXmlNameLength],
    ['length of a prefix', (count) => `<a xmlns:${'a'.repeat(count)}="urn:a"/>`, maxXmlNameLength],
  ])('%s: the limit is the last count accepted', (_, document, max) => {
    expect(refused(document(max)).code).toBe('accepted')
    expect(refused(document(max + 1)).code).toBe('xml/limit')
  })

  test('size', () => {
    const document = (length: number): string => `<a>${' '.repeat(length - 7)}</a>`
    expect(refused(document(maxXmlBytes)).code).toBe('accepted')
    expect(refused(document(maxXmlBytes + 1)).code).toBe('bytes/too-large')
  })
})
