// Turns an element tree into its canonical bytes, per Canonical XML 1.1 (inclusive, without comments).
import { encodeUtf8 } from '../bytes/text.js'
import type { XmlElement, XmlNamespaceDeclaration } from './xml.js'

const textEscapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#xD;' }
const attributeEscapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '"': '&quot;',
  '\t': '&#x9;',
  '\n': '&#xA;',
  '\r': '&#xD;',
}

const escapeText = (text: string): string => text.replace(/[&<>\r]/g, (found) => textEscapes[found] ?? found)
const escapeValue = (text: string): string => text.replace(/[&<"\t\n\r]/g, (found) => attributeEscapes[found] ?? found)

/**
 * Canonical form of `element` and everything in it, in the namespace context its `ancestors` (outermost first) give it:
 * the whole document when there are none, otherwise a document subset (section 2.1 and 2.3). The attributes of the `xml`
 * prefix, whose inheritance is what 1.1 changed from 1.0, never get past the reader.
 */
export function canonicalizeXml(element: XmlElement, ancestors: readonly XmlElement[] = []): Uint8Array<ArrayBuffer> {
  const inherited = new Map<string, string>()
  for (const { declarations } of [...ancestors, element])
    for (const { prefix, uri } of declarations) inherited.set(prefix, uri)
  return encodeUtf8(write(element, [...inherited], new Map()))
}

type Declaration = readonly [prefix: string, uri: string]

function write(element: XmlElement, declared: readonly Declaration[], rendered: ReadonlyMap<string, string>): string {
  const name = element.prefix === '' ? element.localName : `${element.prefix}:${element.localName}`
  // A declaration is written where it differs from what the nearest written ancestor has in scope.
  const fresh = ordered(
    declared.filter(([prefix, uri]) => (rendered.get(prefix) ?? '') !== uri),
    ([a], [b]) => compare(a, b),
  )
  let output = `<${name}`
  for (const [prefix, uri] of fresh) output += ` ${prefix === '' ? 'xmlns' : `xmlns:${prefix}`}="${escapeValue(uri)}"`
  const attributes = ordered(
    element.attributes,
    (a, b) => compare(a.namespace, b.namespace) || compare(a.localName, b.localName),
  )
  for (const { prefix, localName, value } of attributes)
    output += ` ${prefix === '' ? localName : `${prefix}:${localName}`}="${escapeValue(value)}"`
  output += '>'
  const scope = fresh.length === 0 ? rendered : new Map([...rendered, ...fresh])
  for (const child of element.children)
    output += typeof child === 'string' ? escapeText(child) : write(child, child.declarations.map(toPair), scope)
  return `${output}</${name}>`
}

// Most elements have one attribute at most, and nothing to order.
function ordered<T>(items: readonly T[], order: (a: T, b: T) => number): readonly T[] {
  return items.length < 2 ? items : [...items].sort(order)
}

const toPair = ({ prefix, uri }: XmlNamespaceDeclaration): Declaration => [prefix, uri]

// The order of code points: the reader lets only ASCII into names and namespace names.
function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1
}
