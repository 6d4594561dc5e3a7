// Canonical XML 1.1 on documents whose canonical form is written out by hand from the specification's rules.
import { describe, expect, test } from 'vitest'
import { canonicalizeXml } from '../../src/encoding/c14n.js'
import { parseXml, type XmlElement } from '../../src/encoding/xml.js'

const parse = (text: string): XmlElement => parseXml(new TextEncoder().encode(text), '')
const text = (bytes: Uint8Array): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
const canonical = (document: string): string => text(canonicalizeXml(parse(document)))

describe('a whole document', () => {
  test.each<[string, string, string]>([
    ['empty elements become pairs of tags', '<a/>', '<a></a>'],
    ['white space outside the root goes, inside it stays', '\n<a> <b /> </a >\n', '<a> <b></b> </a>'],
    ['the declaration goes', '<?xml version="1.0" encoding="UTF-8"?><a/>', '<a></a>'],
    ['spaces in tags and kinds of quotes', '<a  x = \'1\'\n\ty="2" ></a\n>', '<a x="1" y="2"></a>'],
    ['a double quote in a value', "<a x='\"'/>", '<a x="&quot;"></a>'],
    [
      'character references and escapes in values',
      `<a x="&#9;&#10;&#13;&lt;&gt;&amp;&apos;" y="1\t2\n3\r\n4"/>`,
      `<a x="&#x9;&#xA;&#xD;&lt;>&amp;'" y="1 2 3 4"></a>`,
    ],
    ['escapes in text', `<a>&lt;&gt;&amp;&quot;&apos;&#9;&#10;&#13;\r\n</a>`, `<a>&lt;&gt;&amp;"'\t\n&#xD;\n</a>`],
    ['characters beyond ASCII stand for themselves', '<a x="&#xe9;">&#x1F600;\u20ac</a>', '<a x="é">\u{1F600}€</a>'],
    [
      'attributes by local name where none has a namespace',
      '<a b="" a="" B="" _="" a1=""/>',
      '<a B="" _="" a="" a1="" b=""></a>',
    ],
    [
      'attributes by namespace name, then local name; declarations first, by prefix, default first',
      '<a p:x="4" q:b="2" q:a="1" y="0" xmlns:q="urn:1" xmlns:p="urn:2" xmlns="urn:3"/>',
      '<a xmlns="urn:3" xmlns:p="urn:2" xmlns:q="urn:1" y="0" q:a="1" q:b="2" p:x="4"></a>',
    ],
    [
      'upper case before lower case, whatever the locale',
      '<a xmlns:p="urn:b" xmlns:q="urn:C" xmlns:Z="urn:z" p:x="2" q:x="1"/>',
      '<a xmlns:Z="urn:z" xmlns:p="urn:b" xmlns:q="urn:C" q:x="1" p:x="2"></a>',
    ],
    [
      'declarations that repeat what is in scope go, unused ones stay',
      '<a xmlns:p="urn:1" xmlns="urn:2"><b xmlns:p="urn:1" xmlns="urn:2" xmlns:q="urn:1"/></a>',
      '<a xmlns="urn:2" xmlns:p="urn:1"><b xmlns:q="urn:1"></b></a>',
    ],
    [
      'a prefix bound anew and back',
      '<a xmlns:p="urn:1"><b xmlns:p="urn:2"><c xmlns:p="urn:1"/></b><d xmlns:p="urn:1"/></a>',
      '<a xmlns:p="urn:1"><b xmlns:p="urn:2"><c xmlns:p="urn:1"></c></b><d></d></a>',
    ],
    [
      'an empty default namespace is written only where it switches one off',
      '<a xmlns=""><b xmlns="urn:1"><c xmlns=""><d xmlns=""/></c></b></a>',
      '<a><b xmlns="urn:1"><c xmlns=""><d></d></c></b></a>',
    ],
    ['names of namespaces are escaped like values', '<a xmlns:p="urn:a?b&amp;c"/>', '<a xmlns:p="urn:a?b&amp;c"></a>'],
  ])('%s', (_, document, expected) => {
    expect(canonical(document)).toBe(expected)
    // The canonical form of a canonical form is itself.
    expect(canonical(expected)).toBe(expected)
  })
})

describe('a subtree', () => {
  // Section 2.3: at the apex of a subset every namespace in scope is written, wherever it was declared.
  const document =
    '<r xmlns="urn:d" xmlns:z="urn:z" xmlns:a="urn:a"><s xmlns:a="urn:b" xmlns:e="urn:e"><i x="1"><z:j xmlns:a="urn:b"/></i></s></r>'
  const root = parse(document)
  const child = (element: XmlElement): XmlElement => {
    const [first] = element.children
    if (first === undefined || typeof first === 'string') throw new Error('no child')
    return first
  }

  test('inherits what its ancestors declare, innermost first', () => {
    const s = child(root)
    expect(text(canonicalizeXml(child(s), [root, s]))).toBe(
      '<i xmlns="urn:d" xmlns:a="urn:b" xmlns:e="urn:e" xmlns:z="urn:z" x="1"><z:j></z:j></i>',
    )
  })

  test('does not write a default namespace that an ancestor switched off', () => {
    const outer = parse('<r xmlns="urn:d"><s xmlns=""><i/></s></r>')
    const s = child(outer)
    expect(text(canonicalizeXml(child(s), [outer, s]))).toBe('<i></i>')
  })
})
