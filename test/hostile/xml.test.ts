// Documents made to cost time or memory: each is answered quickly, whatever the answer.
import { describe, expect, test } from 'vitest'
import { canonicalizeXml } from '../../src/encoding/c14n.js'
import {
  maxXmlAttributes,
  maxXmlBytes,
  maxXmlElements,
  maxXmlNamespaceDeclarations,
  parseXml,
} from '../../src/encoding/xml.js'
import { failureOf } from '../rim/failure.js'

/** Generous for a busy machine; a quadratic step on a mebibyte would take minutes. */
const bound = 2000

const filled = (start: string, unit: string, end = ''): string =>
  start + unit.repeat(Math.floor((maxXmlBytes - start.length - end.length) / unit.length)) + end

describe('bounded time', () => {
  test.each<[string, string, string]>([
    ['deep nesting', filled('', '<a>'), 'xml/limit'],
    ['many elements', filled('<a>', '<b/>', '</a>'), 'xml/limit'],
    ['many closing tags', filled('<a>', '</b>'), 'xml/tag-mismatch'],
    ['many open tags that never end', filled('', '<a '), 'xml/syntax'],
    ['many attributes', filled('<a', ' b=""', '/>'), 'xml/limit'],
    ['white space in a tag', filled('<a', ' ', '/>'), 'accepted'],
    ['white space before a missing attribute', filled('<a', ' ', '='), 'xml/syntax'],
    ['white space around an equals sign', filled('<a b', '\n', '?'), 'xml/syntax'],
    ['an attribute value without end', filled('<a b="', 'c'), 'xml/syntax'],
    ['a long name', filled('<', 'a', '/>'), 'xml/limit'],
    ['a long name in a closing tag', filled('<a></', 'a', '>'), 'xml/tag-mismatch'],
    ['a long name with a colon too many', filled('<a:', 'a', ':b/>'), 'xml/limit'],
    ['ampersands', filled('<a>', '&', '</a>'), 'xml/syntax'],
    ['references', filled('<a>', '&lt;', '</a>'), 'accepted'],
    ['long references', filled('<a>', '&aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', '</a>'), 'xml/syntax'],
    ['square brackets', filled('<a>', ']', '></a>'), 'xml/syntax'],
    ['carriage returns', filled('<a>', '\r', '</a>'), 'accepted'],
    ['question marks', filled('<?xml version="1.0"', '?'), 'xml/declaration'],
    ['white space in the declaration', filled('<?xml ', ' ', '?>'), 'xml/declaration'],
    ['left angle brackets', filled('', '<'), 'xml/syntax'],
    ['text', filled('<a>', 'text ', '</a>'), 'accepted'],
  ])('%s', (_, document, code) => {
    const bytes = new TextEncoder().encode(document)
    const start = performance.now()
    const failure = failureOf(() => canonicalizeXml(parseXml(bytes, '')))
    expect(performance.now() - start).toBeLessThan(bound)
    expect(failure.code).toBe(code)
  })

  test('every limit reached at once', () => {
    const prefixes = Array.from({ length: maxXmlNamespaceDeclarations }, (_, i) => `p${i}`)
    const declarations = prefixes.map((prefix) => ` xmlns:${prefix}="urn:${prefix}"`).join('')
    const perElement = Math.floor(maxXmlAttributes / maxXmlElements) - 1
    // The outermost prefix, which is found last.
    const attributes = Array.from({ length: perElement }, (_, i) => ` p0:a${i}="&amp;"`).join('')
    const document = `<a${declarations}>${`<p0:b${attributes}/>`.repeat(maxXmlElements - 1)}</a>`
    const start = performance.now()
    expect(canonicalizeXml(parseXml(new TextEncoder().encode(document), '')).length).toBeGreaterThan(document.length)
    expect(performance.now() - start).toBeLessThan(bound)
  })

  test('all attributes on one element', () => {
    const attributes = Array.from({ length: maxXmlAttributes }, (_, i) => ` a${maxXmlAttributes - i}=""`).join('')
    const start = performance.now()
    expect(parseXml(new TextEncoder().encode(`<a${attributes}/>`), '').attributes.length).toBe(maxXmlAttributes)
    expect(performance.now() - start).toBeLessThan(bound)
  })
})
