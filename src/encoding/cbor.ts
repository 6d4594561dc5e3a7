// Turns bytes into CBOR values, accepting only the core deterministic encoding (RFC 8949 section 4.2.1).

import type { Bytes } from '../bytes/bytes.js'
import { requireSize } from '../bytes/size.js'
import { parseUtf8 } from '../bytes/text.js'
import { parseError } from '../result/error.js'
import { fitsBinary16 } from './cbor-float.js'
import { memberPath } from './json.js'

/** Integers outside the safe range of `number` are bigints. Map keys are integers or text, as in COSE, CWT and EAT. */
export type CborKey = number | bigint | string
/** A CBOR map by key; keys are integers or text. */
export type CborMap = ReadonlyMap<CborKey, CborValue>
export interface CborTag {
  readonly tag: number | bigint
  readonly value: CborValue
}
/** Byte strings are views into the input. A float with an integral value reads as the same `number` as that integer. */
export type CborValue = number | bigint | string | boolean | null | Bytes | readonly CborValue[] | CborMap | CborTag

/** Containers and tags that may enclose a value; genuine tokens stay below 12, and the reader recurses once per level. */
export const MAX_CBOR_DEPTH = 32
/** Bytes of one encoded item: a bundle with the evidence of 128 devices, about 14 kB each, is below 2 MB. */
export const MAX_CBOR_BYTES = 4_194_304

/** Items of all kinds, which bounds the memory a small message can unfold to: an empty map is one byte there and 200 here. */
export const MAX_CBOR_VALUES = 200_000

interface Cursor {
  readonly bytes: Bytes
  readonly at: string
  position: number
  values: number
}

interface Head {
  readonly major: number
  readonly info: number
  /** Argument of the head; for floats the raw bits are read by the caller from `start + 1`. */
  readonly argument: number | bigint
  readonly start: number
}

/**
 * Reads exactly one item. Refuses indefinite lengths, longer heads or floats than needed, maps whose keys are not
 * strictly ascending in their encoded bytes, and simple values other than false, true and null. Tags are returned, not
 * interpreted. Does not copy: pass memory that nobody will change.
 * @throws AttestationError `cbor/*`, `encoding/utf8`, `bytes/truncated`, `bytes/trailing`, `bytes/too-large`
 */
export function parseCbor(bytes: Bytes, at: string): CborValue {
  requireSize(bytes, MAX_CBOR_BYTES, at)
  const cursor: Cursor = { bytes, at, position: 0, values: 0 }
  const value = readItem(cursor, at, 0)
  if (cursor.position !== bytes.length)
    throw parseError('bytes/trailing', at, { extra: bytes.length - cursor.position })
  return value
}

export function isCborMap(value: CborValue | undefined): value is CborMap {
  return value instanceof Map
}

export function isCborArray(value: CborValue | undefined): value is readonly CborValue[] {
  return Array.isArray(value)
}

export function isCborTag(value: CborValue | undefined): value is CborTag {
  return typeof value === 'object' && value !== null && 'tag' in value
}

function readItem(cursor: Cursor, at: string, depth: number): CborValue {
  if (depth > MAX_CBOR_DEPTH) throw parseError('cbor/depth', at, { limit: MAX_CBOR_DEPTH })
  if (++cursor.values > MAX_CBOR_VALUES) throw parseError('cbor/values', at, { limit: MAX_CBOR_VALUES })
  const head = readHead(cursor, at)
  switch (head.major) {
    case 0:
      return head.argument
    case 1:
      return negative(head.argument)
    case 2:
      return take(cursor, head.argument, at)
    case 3:
      return parseUtf8(take(cursor, head.argument, at), at)
    case 4:
      return readArray(cursor, head, at, depth)
    case 5:
      return readMap(cursor, head, at, depth)
    case 6:
      return { tag: head.argument, value: readItem(cursor, at, depth + 1) }
    default:
      return readSimple(cursor, head, at)
  }
}

function readHead(cursor: Cursor, at: string): Head {
  const start = cursor.position
  advance(cursor, 1, at)
  const initial = cursor.bytes[start] ?? 0
  const major = initial >> 5
  const info = initial & 31
  if (info < 24) return { major, info, argument: info, start }
  if (info === 31) throw parseError('cbor/indefinite', at, { offset: start })
  if (info > 27) throw parseError('cbor/reserved', at, { offset: start, initialByte: initial })
  const length = 1 << (info - 24)
  advance(cursor, length, at)
  const argument = readArgument(cursor.bytes, start + 1, length)
  // Floats use the same head with their own rule for the shortest form.
  const least = length === 1 ? 24 : 2 ** (length * 4)
  if (major !== 7 && argument < least) throw parseError('cbor/integer-form', at, { offset: start })
  return { major, info, argument, start }
}

// A view would cost more than the octets it reads: it moves a small array out of the heap.
function readArgument(bytes: Bytes, offset: number, length: number): number | bigint {
  let argument = 0
  for (let i = 0; i < length; i++) argument = argument * 256 + (bytes[offset + i] ?? 0)
  // Rounding beyond the safe range cannot lead back into it.
  return Number.isSafeInteger(argument) ? argument : viewOf(bytes).getBigUint64(offset)
}

function viewOf(bytes: Bytes): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function negative(argument: number | bigint): number | bigint {
  if (typeof argument === 'number' && argument < Number.MAX_SAFE_INTEGER) return -1 - argument
  return -1n - BigInt(argument)
}

/** Past octets that must be there. */
function advance(cursor: Cursor, length: number | bigint, at: string): void {
  const available = cursor.bytes.length - cursor.position
  if (length > available) throw parseError('bytes/truncated', at, { needed: Number(length), available })
  cursor.position += Number(length)
}

function take(cursor: Cursor, length: number | bigint, at: string): Bytes {
  const start = cursor.position
  advance(cursor, length, at)
  return cursor.bytes.subarray(start, cursor.position)
}

function readArray(cursor: Cursor, head: Head, at: string, depth: number): readonly CborValue[] {
  const available = cursor.bytes.length - cursor.position
  // An item takes at least one byte: a count beyond that is refused before anything is allocated for it.
  if (head.argument > available) throw parseError('bytes/truncated', at, { needed: Number(head.argument), available })
  const items: CborValue[] = []
  for (let i = 0; i < head.argument; i++) items.push(readItem(cursor, `${at}[${i}]`, depth + 1))
  return items
}

function readMap(cursor: Cursor, head: Head, at: string, depth: number): CborMap {
  const entries = new Map<CborKey, CborValue>()
  let previous: Bytes | undefined
  for (let i = 0; i < head.argument; i++) {
    const start = cursor.position
    const key = readItem(cursor, at, depth + 1)
    if (typeof key !== 'number' && typeof key !== 'bigint' && typeof key !== 'string')
      throw parseError('cbor/key-type', at, { offset: start })
    // Major type 7: a float, which as a Map key would be confused with the integer of the same value.
    if ((cursor.bytes[start] ?? 0) >> 5 === 7) throw parseError('cbor/key-type', at, { offset: start })
    const encoded = cursor.bytes.subarray(start, cursor.position)
    const order = previous === undefined ? -1 : compareBytes(previous, encoded)
    if (order === 0) throw parseError('cbor/duplicate-key', at, { key: String(key) })
    if (order > 0) throw parseError('cbor/key-order', at, { key: String(key) })
    previous = encoded
    entries.set(key, readItem(cursor, memberPath(at, String(key)), depth + 1))
  }
  return entries
}

function compareBytes(a: Bytes, b: Bytes): number {
  const shared = Math.min(a.length, b.length)
  for (let i = 0; i < shared; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

function readSimple(cursor: Cursor, head: Head, at: string): CborValue {
  switch (head.info) {
    case 20:
      return false
    case 21:
      return true
    case 22:
      return null
    case 25:
    case 26:
    case 27:
      return readFloat(viewOf(cursor.bytes), head, at)
    default:
      throw parseError('cbor/simple', at, { offset: head.start })
  }
}

function readFloat(view: DataView, head: Head, at: string): number {
  const offset = head.start + 1
  if (head.info === 25) return binary16(view.getUint16(offset), head, at)
  const value = head.info === 26 ? view.getFloat32(offset) : view.getFloat64(offset)
  const shorter = head.info === 26 ? fitsBinary16(value) : Object.is(Math.fround(value), value)
  if (shorter) throw parseError('cbor/float-form', at, { offset: head.start })
  return value
}

function binary16(bits: number, head: Head, at: string): number {
  const exponent = (bits >> 10) & 31
  const fraction = bits & 1023
  const sign = bits >> 15 === 1 ? -1 : 1
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent < 31) return sign * (1024 + fraction) * 2 ** (exponent - 25)
  if (fraction === 0) return sign * Number.POSITIVE_INFINITY
  // There is one NaN: any other payload is a second encoding of the same value.
  if (bits !== 0x7e00) throw parseError('cbor/float-form', at, { offset: head.start })
  return Number.NaN
}
