// Tells what a parser made from look-alikes, so that a field can never say other than the bytes it was read from.

// Holds the objects themselves: copies, casts and what came from another process are not in the set.
const parsed: WeakSet<object> = /* @__PURE__ */ new WeakSet<object>()

/** For parsers only: freezes what was read and remembers that it was read. */
export function markParsed<T extends object>(value: T): Readonly<T> {
  parsed.add(value)
  return Object.freeze(value)
}

/** `value` if a parser made it; otherwise what `parse` reads from its bytes, whatever its other fields say. */
export function asParsed<T extends { readonly raw: Uint8Array; readonly at?: string }>(
  value: T,
  parse: (bytes: Uint8Array, at?: string) => T,
): T {
  return parsed.has(value) ? value : parse(value.raw, value.at)
}

/** Whether a parser made `value`. */
export function isParsed(value: object): boolean {
  return parsed.has(value)
}
