// Generates XML documents: namespaces, attribute order, kinds of quotes, special characters, references.
import fc from 'fast-check'

const name = fc.constantFrom('a', 'b', 'B', '_x', 'a-b', 'a.b', 'a1', 'Z')
const prefix = fc.constantFrom('', 'p', 'q', 'r')
// No ampersand: libxml2 writes it unescaped into namespace names, which is not even well-formed.
const uri = fc.constantFrom('urn:1', 'urn:2', 'urn:B', 'http://x/?a=1;b=2#c', 'urn:a:%20')
const special = fc.constantFrom(
  '<',
  '>',
  '&',
  '"',
  "'",
  '\t',
  '\n',
  '\r',
  '\r\n',
  ' ',
  ']]',
  '\u00e9',
  '\u{1F600}',
  '\u0085',
  '\u2028',
)
const content = fc
  .array(fc.oneof(special, fc.constantFrom('a', '1', 'text')), { maxLength: 6 })
  .map((parts) => parts.join(''))

export interface Model {
  readonly prefix: string
  readonly name: string
  readonly declarations: readonly (readonly [string, string])[]
  readonly attributes: readonly (readonly [string, string, string])[]
  readonly children: readonly (Model | string)[]
  readonly spelling: number
}

export const model: fc.Arbitrary<Model> = fc.letrec<{ element: Model }>((tie) => ({
  element: fc.record({
    prefix,
    name,
    declarations: fc.uniqueArray(fc.tuple(prefix, uri), { maxLength: 3, selector: ([p]) => p }),
    attributes: fc.uniqueArray(fc.tuple(prefix, name, content), { maxLength: 4, selector: ([, n]) => n }),
    children: fc.array(fc.oneof({ maxDepth: 4, depthSize: 'small' }, content, tie('element')), { maxLength: 4 }),
    spelling: fc.nat({ max: 255 }),
  }),
})).element

// Spells a character literally or as a reference, as `spelling` has it; what must be escaped always is.
function spell(text: string, spelling: number, quote: string): string {
  return [...text]
    .map((character, index) => {
      const code = character.codePointAt(0) ?? 0
      const literal = character !== '<' && character !== '&' && character !== '>' && character !== quote
      if (literal && ((spelling >> (index % 4)) & 1) === 0) return character
      return (spelling & 16) === 0 ? `&#${code};` : `&#x${code.toString(16)};`
    })
    .join('')
}

/** `element` as a document; `last` goes before the closing tag. */
export function render(element: Model, scope: ReadonlySet<string>, last = ''): string {
  const declared = new Set([...scope, ...element.declarations.map(([p]) => p)])
  const qualified = (p: string, local: string): string => (p === '' || !declared.has(p) ? local : `${p}:${local}`)
  const quote = (element.spelling & 32) === 0 ? '"' : "'"
  const space = (element.spelling & 64) === 0 ? ' ' : '\n\t '
  const pairs = [
    ...element.declarations.map(([p, value]) => [p === '' ? 'xmlns' : `xmlns:${p}`, value] as const),
    ...element.attributes.map(([p, local, value]) => [qualified(p, local), value] as const),
  ]
  const ordered = (element.spelling & 128) === 0 ? pairs : pairs.toReversed()
  const attributes = ordered.map(
    ([key, value]) => `${space}${key}=${quote}${spell(value, element.spelling, quote)}${quote}`,
  )
  const tag = qualified(element.prefix, element.name)
  const inner = element.children.map((child) =>
    typeof child === 'string' ? spell(child, element.spelling, '') : render(child, declared),
  )
  const body = inner.join('') + last
  return body === '' && (element.spelling & 1) === 1
    ? `<${tag}${attributes.join('')}/>`
    : `<${tag}${attributes.join('')}>${body}</${tag}${space}>`
}

export const documents: fc.Arbitrary<string> = model.map((root) => render(root, new Set()))
