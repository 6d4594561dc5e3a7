// Reads the SVG that pictures are made of: strictly, as a browser's XML parser would.

export interface Element {
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  readonly children: readonly Element[]
  readonly text: string
}

/** A strict reader for the XML written here: it throws on anything a browser's XML parser would refuse. */
export function readXml(source: string): Element {
  const token = /<(\/?)([a-zA-Z]+)((?:\s+[a-zA-Z:-]+="[^"<>]*")*)\s*(\/?)>|([^<>]+)/y
  const root = { name: '', attributes: new Map(), children: [] as Element[], text: '' }
  const stack = [root]
  while (token.lastIndex < source.length) {
    const at = token.lastIndex
    const match = token.exec(source)
    if (match === null) throw new Error(`not XML at ${at}: ${source.slice(at, at + 60)}`)
    const [, close, name = '', attributes = '', alone, text] = match
    const top = stack[stack.length - 1]
    if (top === undefined) throw new Error('more ends than starts')
    if (text !== undefined) top.text += decode(text)
    else if (close === '/') {
      if (stack.pop()?.name !== name) throw new Error(`</${name}> ends something else`)
    } else {
      const pairs = [...attributes.matchAll(/([a-zA-Z:-]+)="([^"]*)"/g)].map(
        ([, key = '', value = '']) => [key, decode(value)] as const,
      )
      const element = { name, attributes: new Map(pairs), children: [] as Element[], text: '' }
      if (element.attributes.size !== pairs.length) throw new Error(`an attribute of ${name} twice`)
      top.children.push(element)
      if (alone !== '/') stack.push(element)
    }
  }
  const [only] = root.children
  if (stack.length !== 1 || root.children.length !== 1 || only === undefined) throw new Error('not one element')
  return only
}

function decode(text: string): string {
  if (/&(?!(amp|lt|gt|quot|#39);)/.test(text)) throw new Error('an ampersand stands alone')
  if (/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(text)) throw new Error('a character XML forbids')
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
}

/** The element and all below it, with the presentation attributes they inherit. */
export function* elements(element: Element, inherited: ReadonlyMap<string, string> = new Map()): Iterable<Element> {
  const attributes = new Map([...inherited, ...element.attributes])
  yield { ...element, attributes }
  const passed = new Map(
    ['fill', 'stroke', 'font-size'].flatMap((key) =>
      attributes.has(key) ? [[key, attributes.get(key) ?? ''] as const] : [],
    ),
  )
  for (const child of element.children) yield* elements(child, passed)
}

/** Is the pixel inside the path's polygons, by the even-odd rule? */
export function inPath(d: string, x: number, y: number): boolean {
  let inside = false
  for (const ring of d.split('M').slice(1)) {
    const points = ring
      .replace('z', '')
      .split('L')
      .map((pair) => pair.split(' ').map(Number))
    for (const [index, [ax = 0, ay = 0]] of points.entries()) {
      const [bx = 0, by = 0] = points[index + 1] ?? points[0] ?? []
      if (ay > y !== by > y && x < ax + ((y - ay) * (bx - ax)) / (by - ay)) inside = !inside
    }
  }
  return inside
}
