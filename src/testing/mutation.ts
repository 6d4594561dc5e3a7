// Single, named alterations of bytes, for tests that expect a refusal.
import { type Bytes, concatBytes, copyBytes } from '../bytes/bytes.js'

export type ByteMutation = (bytes: Bytes) => Bytes

function position(bytes: Bytes, offset: number): number {
  const index = offset < 0 ? bytes.length + offset : offset
  if (!Number.isInteger(index) || index < 0 || index >= bytes.length)
    throw new RangeError(`no byte ${offset} in ${bytes.length} bytes`)
  return index
}

/** Inverts the bits of `mask` in one byte; a negative offset counts from the end. */
export function flipBits(bytes: Bytes, offset: number, mask = 0x01): Uint8Array<ArrayBuffer> {
  const index = position(bytes, offset)
  const copy = copyBytes(bytes)
  copy[index] = (copy[index] ?? 0) ^ mask
  return copy
}

/** Puts `replacement` over the bytes at `offset`; the length stays. */
export function replaceBytes(bytes: Bytes, offset: number, replacement: Bytes): Uint8Array<ArrayBuffer> {
  const index = position(bytes, offset)
  if (index + replacement.length > bytes.length) throw new RangeError('the replacement would run over the end')
  const copy = copyBytes(bytes)
  copy.set(replacement, index)
  return copy
}

/** Drops the last `count` bytes. */
export function truncateBytes(bytes: Bytes, count = 1): Uint8Array<ArrayBuffer> {
  if (count > bytes.length) throw new RangeError(`cannot drop ${count} of ${bytes.length} bytes`)
  return copyBytes(bytes.subarray(0, bytes.length - count))
}

/** Adds bytes at the end; one zero byte unless told otherwise. */
export function appendBytes(bytes: Bytes, extra: Bytes = new Uint8Array(1)): Uint8Array<ArrayBuffer> {
  return concatBytes(bytes, extra)
}

/** Inserts bytes before the byte at `offset`. */
export function insertBytes(bytes: Bytes, offset: number, extra: Bytes): Uint8Array<ArrayBuffer> {
  const index = position(bytes, offset)
  return concatBytes(bytes.subarray(0, index), extra, bytes.subarray(index))
}
