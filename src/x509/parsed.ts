// Tells what a parser made from look-alikes, so that a field can never say other than the signed bytes it was read from.
import type { Bytes } from '../bytes/bytes.js'

// Holds the objects themselves: copies, casts and what came from another process are not in the set.
const parsed: WeakSet<object> = /* @__PURE__ */ new WeakSet<object>()

/** For parsers only: freezes what was read and remembers that it was read. */
export function markParsed<T extends object>(value: T): Readonly<T> {
  parsed.add(value)
  return Object.freeze(value)
}

/** `value` if a parser made it; otherwise what `parse` reads from its bytes, whatever its other fields say. */
export function asParsed<T extends { readonly raw: Bytes; readonly at: string }>(
  value: T,
  parse: (der: Bytes, at: string) => T,
): T {
  return parsed.has(value) ? value : parse(value.raw, value.at)
}
