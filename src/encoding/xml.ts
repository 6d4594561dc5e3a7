// Turns UTF-8 bytes into an element tree, per a closed subset of XML 1.0 (fifth edition) and Namespaces in XML 1.0.

import type { Bytes } from '../bytes/bytes.js'
import { requireSize } from '../bytes/size.js'
import { parseError } from '../result/error.js'
import { decodeXmlText, expandReferences } from './xml-text.js'

// Genuine manifests have 19 to 26 KB, 6 levels, about 90 elements, 600 attributes and 6 namespace declarations.
// The limits leave room for growth and keep the worst case of parsing and canonicalisation in the milliseconds.
export const maxXmlBytes: number = 1 << 20
export const maxXmlDepth: number = 16
export const maxXmlElements: number = 2048
export const maxXmlAttributes: number = 16_384
export const maxXmlNamespaceDeclarations: number = 64
/** Prefix and local name each; the longest genuine one has 24. Names end up in the place of a failure. */
export const maxXmlNameLength: number = 64

export interface XmlAttribute {
  readonly prefix: string
  readonly localName: string
  /** Empty for an attribute without prefix: default namespaces do not apply to attributes. */
  readonly namespace: string
  /** Normalised as XML 1.0 section 3.3.3 asks; references expanded. */
  readonly value: string
}

export interface XmlNamespaceDeclaration {
  /** Empty for the default namespace. */
  readonly prefix: string
  /** Empty where the default namespace is switched off. */
  readonly uri: string
}

export interface XmlElement {
  readonly prefix: string
  readonly localName: string
  readonly namespace: string
  readonly attributes: readonly XmlAttribute[]
  readonly declarations: readonly XmlNamespaceDeclaration[]
  /** Elements and runs of character data; two strings are never neighbours. */
  readonly children: readonly (XmlElement | string)[]
}

/** Declarations in scope, innermost first. */
interface Scope {
  readonly prefix: string
  readonly uri: string
  readonly outer: Scope | undefined
}

interface OpenElement {
  readonly qualifiedName: string
  readonly children: (XmlElement | string)[]
  readonly scope: Scope | undefined
}

interface State {
  readonly text: string
  readonly at: string
  readonly open: OpenElement[]
  position: number
  elements: number
  attributes: number
  declarations: number
}

interface RawAttribute {
  readonly prefix: string
  readonly localName: string
  readonly value: string
}

// Names are ASCII: every name of the formats read is, and look-alike names never get in.
const openPattern: RegExp = /<(?:([A-Za-z_][\w.-]*):)?([A-Za-z_][\w.-]*)/y
const attributePattern: RegExp =
  /[ \t\n]+(?:([A-Za-z_][\w.-]*):)?([A-Za-z_][\w.-]*)[ \t\n]*=[ \t\n]*(?:"([^"<]*)"|'([^'<]*)')/y
const endPattern: RegExp = /[ \t\n]*(\/?)>/y
const closePattern: RegExp = /<\/((?:[A-Za-z_][\w.-]*:)?[A-Za-z_][\w.-]*)[ \t\n]*>/y
const spacePattern: RegExp = /[ \t\n]*/y

/**
 * Reads one XML document. Comments, processing instructions, CDATA sections, document types, entities other than the
 * five predefined ones, `xml:` attributes, names outside ASCII and namespace names that are no absolute URI are refused,
 * each by its code.
 * @throws AttestationError `bytes/too-large`, `encoding/utf8`, `xml/*`
 */
export function parseXml(bytes: Bytes, at: string): XmlElement {
  requireSize(bytes, maxXmlBytes, at)
  const { text, start } = decodeXmlText(bytes, at)
  const state: State = { text, at, open: [], position: start, elements: 0, attributes: 0, declarations: 0 }
  match(state, spacePattern)
  const root = readOpenTag(state)
  while (state.open.length > 0) {
    readCharacters(state)
    if (text.startsWith('</', state.position)) readCloseTag(state)
    else readOpenTag(state)
  }
  match(state, spacePattern)
  if (state.position < text.length) {
    refuseMarkup(state)
    throw syntaxError(state, 'end of document')
  }
  return root
}

function match(state: State, pattern: RegExp): RegExpExecArray | undefined {
  pattern.lastIndex = state.position
  const found = pattern.exec(state.text)
  if (found === null) return undefined
  state.position = pattern.lastIndex
  return found
}

function pathOf(state: State): string {
  const names = state.open.map((element) => element.qualifiedName)
  return [state.at, ...names].filter((part) => part !== '').join('.')
}

function syntaxError(state: State, expected: string): Error {
  return parseError('xml/syntax', pathOf(state), { offset: state.position, expected })
}

function bound(
  state: State,
  what: 'depth' | 'elements' | 'attributes' | 'namespaces' | 'name-length',
  count: number,
  max: number,
): void {
  if (count > max) throw parseError('xml/limit', pathOf(state), { what, max })
}

function boundName(state: State, prefix: string, localName: string): void {
  bound(state, 'name-length', Math.max(prefix.length, localName.length), maxXmlNameLength)
}

// Everything that starts with `<!` or `<?` is outside the subset; each kind has its own code.
function refuseMarkup(state: State): void {
  const { text, position } = state
  const details = { offset: position }
  if (text.startsWith('<?', position)) throw parseError('xml/processing-instruction', pathOf(state), details)
  if (text.startsWith('<!--', position)) throw parseError('xml/comment', pathOf(state), details)
  if (text.startsWith('<![CDATA[', position)) throw parseError('xml/cdata', pathOf(state), details)
  if (text.startsWith('<!DOCTYPE', position)) throw parseError('xml/doctype', pathOf(state), details)
}

function readCharacters(state: State): void {
  const { text, position, open } = state
  const end = text.indexOf('<', position)
  if (end === position) return
  const raw = text.slice(position, end < 0 ? undefined : end)
  if (raw.includes(']]>')) throw syntaxError(state, 'no "]]>" in character data')
  open.at(-1)?.children.push(expandReferences(raw, pathOf, state))
  if (end < 0) {
    state.position = text.length
    throw syntaxError(state, 'closing tag')
  }
  state.position = end
}

function readCloseTag(state: State): void {
  const found = match(state, closePattern)
  if (found === undefined) throw syntaxError(state, 'closing tag')
  const opened = state.open.at(-1)?.qualifiedName ?? ''
  const closed = (found[1] ?? '').slice(0, 2 * maxXmlNameLength + 2)
  if (closed !== opened) throw parseError('xml/tag-mismatch', pathOf(state), { opened, closed })
  state.open.pop()
}

function readOpenTag(state: State): XmlElement {
  refuseMarkup(state)
  const found = match(state, openPattern)
  if (found === undefined) throw syntaxError(state, 'element')
  const prefix = found[1] ?? ''
  const localName = found[2] ?? ''
  const parent = state.open.at(-1)
  boundName(state, prefix, localName)
  // Pushed before its attributes are read, so that errors in them name this element.
  const children: (XmlElement | string)[] = []
  const qualifiedName = prefix === '' ? localName : `${prefix}:${localName}`
  state.open.push({ qualifiedName, children, scope: undefined })
  bound(state, 'depth', state.open.length, maxXmlDepth)
  bound(state, 'elements', ++state.elements, maxXmlElements)

  const raw = readAttributes(state)
  const end = match(state, endPattern)
  if (end === undefined) throw syntaxError(state, 'attribute or end of tag')
  const { declarations, scope } = declareNamespaces(state, raw, parent?.scope)
  const element: XmlElement = {
    prefix,
    localName,
    namespace: resolve(state, prefix, scope),
    attributes: resolveAttributes(state, raw, scope),
    declarations,
    children,
  }
  state.open.pop()
  if (end[1] === '') state.open.push({ qualifiedName, children, scope })
  parent?.children.push(element)
  return element
}

function readAttributes(state: State): readonly RawAttribute[] {
  const attributes: RawAttribute[] = []
  for (let found = match(state, attributePattern); found !== undefined; found = match(state, attributePattern)) {
    bound(state, 'attributes', ++state.attributes, maxXmlAttributes)
    const prefix = found[1] ?? ''
    const localName = found[2] ?? ''
    boundName(state, prefix, localName)
    // Line ends and tabs in the text become spaces; those written as references stay (section 3.3.3).
    const literal = (found[3] ?? found[4] ?? '').replace(/[\t\n]/g, ' ')
    const value = expandReferences(literal, pathOf, state)
    attributes.push({ prefix, localName, value })
  }
  return attributes
}

const isDeclaration = ({ prefix, localName }: RawAttribute): boolean =>
  prefix === 'xmlns' || (prefix === '' && localName === 'xmlns')

function declareNamespaces(
  state: State,
  raw: readonly RawAttribute[],
  outer: Scope | undefined,
): { readonly declarations: readonly XmlNamespaceDeclaration[]; readonly scope: Scope | undefined } {
  const declarations: XmlNamespaceDeclaration[] = []
  let scope = outer
  for (const attribute of raw) {
    if (!isDeclaration(attribute)) continue
    bound(state, 'namespaces', ++state.declarations, maxXmlNamespaceDeclarations)
    const prefix = attribute.prefix === '' ? '' : attribute.localName
    const uri = attribute.value
    if (declarations.some((other) => other.prefix === prefix))
      throw parseError('xml/duplicate-attribute', pathOf(state), { name: prefix === '' ? 'xmlns' : `xmlns:${prefix}` })
    checkDeclaration(state, prefix, uri)
    declarations.push({ prefix, uri })
    scope = { prefix, uri, outer: scope }
  }
  return { declarations, scope }
}

function checkDeclaration(state: State, prefix: string, uri: string): void {
  const reason = faultOf(prefix, uri)
  if (reason !== undefined) throw parseError('xml/namespace', pathOf(state), { reason, prefix })
}

function faultOf(
  prefix: string,
  uri: string,
): 'reserved-prefix' | 'reserved-name' | 'empty-name' | 'relative-name' | 'not-a-uri' | undefined {
  if (prefix === 'xml' || prefix === 'xmlns') return 'reserved-prefix'
  if (uri === 'http://www.w3.org/XML/1998/namespace' || uri === 'http://www.w3.org/2000/xmlns/') return 'reserved-name'
  if (uri === '') return prefix === '' ? undefined : 'empty-name'
  // Canonical XML is not defined for relative namespace names.
  if (!/^[A-Za-z][A-Za-z0-9+.-]*:/.test(uri)) return 'relative-name'
  return /^[\w.~:/?#[\]@!$&'()*+,;=%-]*$/.test(uri) ? undefined : 'not-a-uri'
}

function resolve(state: State, prefix: string, scope: Scope | undefined): string {
  // xml:base, xml:lang, xml:space and xml:id change canonicalisation and meaning from outside; no format read here has them.
  if (prefix === 'xml' || prefix === 'xmlns')
    throw parseError('xml/namespace', pathOf(state), { reason: 'reserved-prefix', prefix })
  for (let entry = scope; entry !== undefined; entry = entry.outer) if (entry.prefix === prefix) return entry.uri
  if (prefix !== '') throw parseError('xml/undeclared-prefix', pathOf(state), { prefix })
  return ''
}

function resolveAttributes(
  state: State,
  raw: readonly RawAttribute[],
  scope: Scope | undefined,
): readonly XmlAttribute[] {
  const attributes: XmlAttribute[] = []
  const seen = new Set<string>()
  for (const attribute of raw) {
    if (isDeclaration(attribute)) continue
    const { prefix, localName, value } = attribute
    const namespace = prefix === '' ? '' : resolve(state, prefix, scope)
    const expanded = `${localName} ${namespace}`
    if (seen.has(expanded)) throw parseError('xml/duplicate-attribute', pathOf(state), { name: localName })
    seen.add(expanded)
    attributes.push({ prefix, localName, namespace, value })
  }
  return attributes
}
