// Reads the CBOR diagnostic notation the RFC examples are written in (RFC 8949 section 8), as far as they use it.
import { Tag } from 'cbor2'

export function parseDiagnostic(text: string): unknown {
  // Comments stand between slashes; none of the examples has a slash in its data.
  const source = text.replace(/\/[^/]*\//g, ' ')
  let position = 0

  const match = (pattern: RegExp): RegExpExecArray | undefined => {
    const sticky = new RegExp(`\\s*(?:${pattern.source})`, 'y')
    sticky.lastIndex = position
    const found = sticky.exec(source) ?? undefined
    position += found?.[0].length ?? 0
    return found
  }
  const need = (pattern: RegExp): RegExpExecArray => {
    const found = match(pattern)
    if (found === undefined) throw new Error(`${pattern} expected at: ${source.slice(position, position + 40)}`)
    return found
  }
  const list = (end: RegExp, read: () => void): void => {
    if (match(end) !== undefined) return
    do read()
    while (match(/,/) !== undefined)
    need(end)
  }

  const value = (): unknown => {
    const bytes = match(/h'([^']*)'/)
    if (bytes !== undefined) return Uint8Array.from(Buffer.from((bytes[1] ?? '').replace(/\s/g, ''), 'hex'))
    const string = match(/"(?:[^"\\]|\\.)*"/)
    if (string !== undefined) return JSON.parse(string[0])
    const word = match(/true|false|null/)
    if (word !== undefined) return JSON.parse(word[0])
    if (match(/\[/) !== undefined) {
      const items: unknown[] = []
      list(/\]/, () => items.push(value()))
      return items
    }
    if (match(/\{/) !== undefined) {
      const map = new Map<unknown, unknown>()
      list(/\}/, () => {
        const key = value()
        need(/:/)
        map.set(key, value())
      })
      return map
    }
    const number = Number(need(/-?\d+/)[0])
    if (match(/\(/) === undefined) return number
    const tagged = new Tag(number, value())
    need(/\)/)
    return tagged
  }

  const whole = value()
  if (source.slice(position).trim() !== '') throw new Error(`left over: ${source.slice(position, position + 40)}`)
  return whole
}
