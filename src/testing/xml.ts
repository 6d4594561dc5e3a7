// A small element tree into XML text, either canonical (C14N 1.1) or the way published manifests look.

export interface SyntheticElement {
  readonly name: string
  /** Declarations made here; the empty prefix is the default namespace. */
  readonly namespaces?: readonly (readonly [prefix: string, uri: string])[]
  readonly attributes?: readonly (readonly [name: string, value: string])[]
  readonly children?: readonly (SyntheticElement | string)[]
}

/**
 * `canonical`: declarations and attributes sorted, every element with an end tag.
 * `published`: attributes in the order given, empty elements closed at once. Both mean the same document.
 */
export type XmlForm = 'canonical' | 'published'

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\r', '&#xD;')
}

function escapeAttribute(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\t', '&#x9;')
    .replaceAll('\n', '&#xA;')
    .replaceAll('\r', '&#xD;')
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Sort key of C14N: namespace URI first, then local name; attributes without a prefix have no namespace. */
function attributeKey(name: string, scope: ReadonlyMap<string, string>): string {
  const colon = name.indexOf(':')
  return colon < 0 ? `\0${name}` : `${scope.get(name.slice(0, colon)) ?? ''}\0${name.slice(colon + 1)}`
}

/** Text of an element; `scope` holds the namespaces declared around it. */
export function renderXml(
  element: SyntheticElement,
  form: XmlForm,
  scope: ReadonlyMap<string, string> = new Map(),
): string {
  const canonical = form === 'canonical'
  const declared = element.namespaces ?? []
  const inner = new Map([...scope, ...declared])
  const namespaces = canonical ? [...declared].sort(([a], [b]) => compare(a, b)) : declared
  const given = element.attributes ?? []
  const attributes = canonical
    ? [...given].sort(([a], [b]) => compare(attributeKey(a, inner), attributeKey(b, inner)))
    : given
  const head = [
    ...namespaces.map(([prefix, uri]) => ` xmlns${prefix === '' ? '' : `:${prefix}`}="${escapeAttribute(uri)}"`),
    ...attributes.map(([name, value]) => ` ${name}="${escapeAttribute(value)}"`),
  ].join('')
  const children = element.children ?? []
  if (children.length === 0 && !canonical) return `<${element.name}${head}/>`
  const content = children.map((child) =>
    typeof child === 'string' ? escapeText(child) : renderXml(child, form, inner),
  )
  return `<${element.name}${head}>${content.join('')}</${element.name}>`
}
