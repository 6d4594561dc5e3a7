// The byte type of the library and its defensive copy.

/** Any byte array; a Node `Buffer` is one. Never mutated, and copied once where it enters. */
export type Bytes = Uint8Array

/** Copies caller-owned memory, so that later writes to it cannot change what was checked. */
export function copyBytes(bytes: Bytes): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(bytes.length)
  copy.set(bytes)
  return copy
}

/**
 * As {@link copyBytes}, for an argument of which a plain JavaScript caller may have passed anything: the elements of a wider
 * array would be cut to octets, and compare equal to what they are not.
 * @throws TypeError for anything but a `Uint8Array`, of whatever realm
 */
export function copyArgument(bytes: Bytes, parameter: string): Uint8Array<ArrayBuffer> {
  if (bytes?.[Symbol.toStringTag] !== 'Uint8Array') throw new TypeError(`${parameter} must be bytes`)
  return copyBytes(bytes)
}

/** True if both hold the same bytes. Not constant-time: nothing compared in a verifier is secret. */
export function equalBytes(a: Bytes, b: Bytes): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

export function concatBytes(...parts: readonly Bytes[]): Uint8Array<ArrayBuffer> {
  let length = 0
  for (const part of parts) length += part.length
  const out = new Uint8Array(length)
  let offset = 0
  for (const part of parts) {
    out.set(part, offset)
    offset += part.length
  }
  return out
}
