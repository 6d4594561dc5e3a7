// Turns the bytes of an XML document into its characters, and references into the characters they stand for (XML 1.0).
import type { Bytes } from '../bytes/bytes.js'
import { parseUtf8 } from '../bytes/text.js'
import { parseError } from '../result/error.js'

const predefined: ReadonlyMap<string, string> = /* @__PURE__ */ new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
])

// XML 1.0 production 2. UTF-8 decoding has refused lone surrogates already, so pairs may pass as their halves.
const forbidden: RegExp = /[^\t\n\r -\ufffd]/
const declaration: RegExp =
  /^<\?xml[ \t\n]+version[ \t\n]*=[ \t\n]*(["'])1\.0\1(?:[ \t\n]+encoding[ \t\n]*=[ \t\n]*(["'])([A-Za-z][\w.-]*)\2)?(?:[ \t\n]+standalone[ \t\n]*=[ \t\n]*(["'])(?:yes|no)\4)?[ \t\n]*\?>/
// Longest useful reference: `#x0010FFFF` and `#0001114111` have 10 characters.
const reference: RegExp = /&([^;&]{0,16};)?/g

/**
 * Decodes a document to characters with line ends normalised; `start` is the place after the XML declaration.
 * @throws AttestationError `encoding/utf8`, `xml/encoding`, `xml/character`, `xml/declaration`
 */
export function decodeXmlText(bytes: Bytes, at: string): { readonly text: string; readonly start: number } {
  const [first, second, third] = bytes
  if (first === 0xef && second === 0xbb && third === 0xbf)
    throw parseError('xml/encoding', at, { found: 'byte-order-mark' })
  const wide = (first === 0xfe && second === 0xff) || (first === 0xff && second === 0xfe)
  if (wide || first === 0 || second === 0) throw parseError('xml/encoding', at, { found: 'utf-16' })
  const received = parseUtf8(bytes, at)
  const bad = forbidden.exec(received)
  if (bad !== null) throw parseError('xml/character', at, { offset: bad.index, codePoint: bad[0].charCodeAt(0) })
  const text = received.includes('\r') ? received.replace(/\r\n?/g, '\n') : received
  if (!/^<\?xml[ \t\n?]/.test(text)) return { text, start: 0 }
  const found = declaration.exec(text)
  if (found === null) throw parseError('xml/declaration', at, {})
  const encoding = (found[3] ?? 'utf-8').toLowerCase()
  if (encoding !== 'utf-8') throw parseError('xml/encoding', at, { found: encoding.slice(0, 32) })
  return { text, start: found[0].length }
}

/**
 * Expands predefined entities and character references. `path` and `context` name the place, lazily: it is only needed
 * to refuse.
 * @throws AttestationError `xml/entity`, `xml/character`, `xml/syntax`
 */
export function expandReferences<Context extends { readonly position: number }>(
  raw: string,
  path: (context: Context) => string,
  context: Context,
): string {
  if (!raw.includes('&')) return raw
  return raw.replace(reference, (_, body: string | undefined) => {
    const offset = context.position
    if (body === undefined) throw parseError('xml/syntax', path(context), { offset, expected: 'reference' })
    const name = body.slice(0, -1)
    const digits = /^#(?:x([0-9A-Fa-f]{1,8})|([0-9]{1,10}))$/.exec(name)
    if (digits !== null) {
      const codePoint = digits[1] === undefined ? Number(digits[2]) : Number.parseInt(digits[1], 16)
      if (!isCharacter(codePoint)) throw parseError('xml/character', path(context), { offset, codePoint })
      return String.fromCodePoint(codePoint)
    }
    const character = predefined.get(name)
    if (character === undefined) throw parseError('xml/entity', path(context), { offset, name })
    return character
  })
}

function isCharacter(codePoint: number): boolean {
  if (codePoint < 0x20) return codePoint === 9 || codePoint === 10 || codePoint === 13
  return (
    codePoint <= 0xd7ff ||
    (codePoint >= 0xe000 && codePoint <= 0xfffd) ||
    (codePoint >= 0x10000 && codePoint <= 0x10ffff)
  )
}
