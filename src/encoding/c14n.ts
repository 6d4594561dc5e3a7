// Turns an element tree into its canonical bytes, per Canonical XML 1.1 (inclusive, without comments).
import { encodeUtf8 } from '../bytes/text.js'
import type { XmlElement } from './xml.js'

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
  const output: string[] = []
  write(element, inherited, new Map(), output)
  return encodeUtf8(output.join(''))
}

function write(
  element: XmlElement,
  declared: Iterable<readonly [string, string]>,
  rendered: ReadonlyMap<string, string>,
  output: string[],
): void {
  const name = element.prefix === '' ? element.localName : `${element.prefix}:${element.localName}`
  // A declaration is written where it differs from what the nearest written ancestor has in scope.
  const fresh = [...declared].filter(([prefix, uri]) => (rendered.get(prefix) ?? '') !== uri)
  output.push('<', name)
  fresh.sort(([a], [b]) => compareCodePoints(a, b))
  for (const [prefix, uri] of fresh)
    output.push(prefix === '' ? ' xmlns' : ` xmlns:${prefix}`, '="', escapeValue(uri), '"')
  const attributes = [...element.attributes].sort(
    (a, b) => compareCodePoints(a.namespace, b.namespace) || compareCodePoints(a.localName, b.localName),
  )
  for (const { prefix, localName, value } of attributes)
    output.push(prefix === '' ? ` ${localName}` : ` ${prefix}:${localName}`, '="', escapeValue(value), '"')
  output.push('>')
  const scope = fresh.length === 0 ? rendered : new Map([...rendered, ...fresh])
  for (const child of element.children) {
    if (typeof child === 'string') output.push(escapeText(child))
    else
      write(
        child,
        child.declarations.map(({ prefix, uri }) => [prefix, uri] as const),
        scope,
        output,
      )
  }
  output.push('</', name, '>')
}

// JavaScript compares UTF-16 units, which puts U+10000 and above before U+E000 to U+FFFF; the specification does not.
function compareCodePoints(a: string, b: string): number {
  if (a === b) return 0
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const left = a.charCodeAt(i)
    const right = b.charCodeAt(i)
    if (left === right) continue
    if (left < 0xd800 || right < 0xd800) return left - right
    const isSurrogate = (unit: number): number => (unit < 0xe000 ? 1 : 0)
    return isSurrogate(left) - isSurrogate(right) || left - right
  }
  return a.length - b.length
}
