// Reads DER (ITU-T X.690 section 10) by schema: a bounded cursor over untrusted bytes that yields views, never a tree.

import type { Bytes } from '../bytes/bytes.js'
import { requireSize } from '../bytes/size.js'
import { parseError } from '../result/error.js'
import { decodeOid } from './oid.js'

/** Identifier octets of the universal types read here, as they stand in DER. */
export const derTag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  printableString: 0x13,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const

/** Identifier octet of context tag `[number]`. */
export function contextTag(number: number, form: 'primitive' | 'constructed'): number {
  return (form === 'constructed' ? 0xa0 : 0x80) | number
}

/** A position inside one constructed value. Only the functions of this file move it. */
export interface DerCursor {
  readonly bytes: Bytes
  position: number
  readonly end: number
  /** Path of the value in the input; prefixes the `at` of every error. */
  readonly path: string
  readonly depth: number
}

/** A certificate nests 9 deep, an OCSP response 12; a schema that recurses must not follow the input further. */
const maxDepth = 24

/** Joins a path and a field; an index such as `[3]` needs no dot. */
export function joinPath(path: string, field: string): string {
  return path === '' ? field : field === '' ? path : field.charCodeAt(0) === 0x5b ? path + field : `${path}.${field}`
}

/**
 * Opens `bytes` for reading. `limit` bounds the size of the whole input.
 * @throws AttestationError `bytes/too-large`
 */
export function openDer(bytes: Bytes, path: string, limit: number): DerCursor {
  requireSize(bytes, limit, path)
  return { bytes, position: 0, end: bytes.length, path, depth: 0 }
}

/** Identifier octet of the next element, or `undefined` at the end: how OPTIONAL, CHOICE and SEQUENCE OF are decided. */
export function peekTag(cursor: DerCursor): number | undefined {
  return cursor.position < cursor.end ? cursor.bytes[cursor.position] : undefined
}

/** Refuses elements after the last one the schema knows. */
export function endDer(cursor: DerCursor): void {
  if (cursor.position !== cursor.end)
    throw parseError('bytes/trailing', cursor.path, { extra: cursor.end - cursor.position })
}

// Moves to the first content octet and returns the content length.
function readHeader(cursor: DerCursor, tag: number, field: string): number {
  const { bytes, position, end } = cursor
  if (position >= end) throw parseError('der/missing', joinPath(cursor.path, field), { expected: tag })
  const actual = bytes[position] ?? 0
  if (actual !== tag) throw parseError('der/tag', joinPath(cursor.path, field), { expected: tag, actual })
  let start = position + 2
  let length = start <= end ? (bytes[position + 1] ?? 0) : 0
  if (length > 0x7f) {
    const count = length & 0x7f
    if (count === 0) throw parseError('der/length', joinPath(cursor.path, field), { reason: 'indefinite' })
    if (count > 4) throw parseError('der/length', joinPath(cursor.path, field), { reason: 'too-long' })
    length = 0
    for (let i = 0; i < count && start + i < end; i++) length = length * 256 + (bytes[start + i] ?? 0)
    if (start + count <= end && length < (count === 1 ? 0x80 : 256 ** (count - 1)))
      throw parseError('der/length', joinPath(cursor.path, field), { reason: 'non-minimal' })
    start += count
  }
  if (start + length > end)
    throw parseError('bytes/truncated', joinPath(cursor.path, field), {
      needed: start + length - position,
      available: end - position,
    })
  cursor.position = start
  return length
}

/**
 * Enters a constructed element: returns a cursor over its content and moves `cursor` behind it. Call {@link endDer} on
 * the result once the schema is exhausted.
 * @throws AttestationError `der/missing`, `der/tag`, `der/length`, `der/too-deep`, `bytes/truncated`
 */
export function enterDer(cursor: DerCursor, tag: number, field: string): DerCursor {
  const length = readHeader(cursor, tag, field)
  const position = cursor.position
  const path = joinPath(cursor.path, field)
  if (cursor.depth >= maxDepth) throw parseError('der/too-deep', path, { limit: maxDepth })
  cursor.position += length
  return { bytes: cursor.bytes, position, end: position + length, path, depth: cursor.depth + 1 }
}

/**
 * Reads a constructed element with `read`, which has to read all of it.
 * @throws AttestationError as {@link enterDer} and {@link endDer}
 */
export function readInside<T>(cursor: DerCursor, tag: number, field: string, read: (content: DerCursor) => T): T {
  const content = enterDer(cursor, tag, field)
  const value = read(content)
  endDer(content)
  return value
}

/** Reads `bytes`, whose size is bounded already, with `read`, which has to read all of them. */
export function readWhole<T>(bytes: Bytes, path: string, read: (cursor: DerCursor) => T): T {
  const cursor = openDer(bytes, path, bytes.length)
  const value = read(cursor)
  endDer(cursor)
  return value
}

/**
 * Takes one element whole (tag, length, content), whatever is in it.
 * @throws AttestationError `der/missing`, `der/tag`, `der/length`, `bytes/truncated`
 */
export function takeElement(cursor: DerCursor, tag: number, field: string): Bytes {
  const start = cursor.position
  const length = readHeader(cursor, tag, field)
  cursor.position += length
  return cursor.bytes.subarray(start, cursor.position)
}

/**
 * Takes the next element whole, of any type with a one-octet identifier (DER ANY).
 * @throws AttestationError `der/missing`, `der/high-tag`, `der/length`, `bytes/truncated`
 */
export function takeAny(cursor: DerCursor, field: string): Bytes {
  const tag = peekTag(cursor)
  if (tag !== undefined && (tag & 0x1f) === 0x1f)
    throw parseError('der/high-tag', joinPath(cursor.path, field), { actual: tag })
  return takeElement(cursor, tag ?? 0, field)
}

/**
 * Passes one element and returns where its content starts; the content ends at the new position. For readers that look at
 * octets in place: making a view costs more than reading a short value.
 * @throws AttestationError `der/missing`, `der/tag`, `der/length`, `bytes/truncated`
 */
export function passElement(cursor: DerCursor, tag: number, field: string): number {
  const length = readHeader(cursor, tag, field)
  cursor.position += length
  return cursor.position - length
}

/**
 * Takes the content octets of one element.
 * @throws AttestationError `der/missing`, `der/tag`, `der/length`, `bytes/truncated`
 */
export function takeContent(cursor: DerCursor, tag: number, field: string): Bytes {
  const start = passElement(cursor, tag, field)
  return cursor.bytes.subarray(start, cursor.position)
}

/** OCTET STRING content, or that of an IMPLICIT tag. */
export function readOctets(cursor: DerCursor, field: string, tag: number = derTag.octetString): Bytes {
  return takeContent(cursor, tag, field)
}

/**
 * BOOLEAN: 00 or FF and nothing else.
 * @throws AttestationError `der/boolean`
 */
export function readBoolean(cursor: DerCursor, field: string, tag: number = derTag.boolean): boolean {
  const start = passElement(cursor, tag, field)
  const value = cursor.bytes[start]
  if (cursor.position - start !== 1 || (value !== 0 && value !== 0xff))
    throw parseError('der/boolean', joinPath(cursor.path, field), {})
  return value !== 0
}

/**
 * BOOLEAN DEFAULT FALSE: absent means false, and DER forbids spelling the default out (X.690 section 11.5).
 * @throws AttestationError `der/boolean`, `der/default`
 */
export function readFlag(cursor: DerCursor, field: string): boolean {
  if (peekTag(cursor) !== derTag.boolean) return false
  if (!readBoolean(cursor, field)) throw parseError('der/default', joinPath(cursor.path, field), {})
  return true
}

/**
 * INTEGER as its content octets: two's complement, minimal.
 * @throws AttestationError `der/integer`
 */
export function readInteger(cursor: DerCursor, field: string, tag: number = derTag.integer): Bytes {
  const content = takeContent(cursor, tag, field)
  const first = content[0]
  if (first === undefined) throw parseError('der/integer', joinPath(cursor.path, field), { reason: 'empty' })
  const sign = (content[1] ?? 0) & 0x80
  if (content.length > 1 && ((first === 0 && sign === 0) || (first === 0xff && sign !== 0)))
    throw parseError('der/integer', joinPath(cursor.path, field), { reason: 'non-minimal' })
  return content
}

/**
 * INTEGER (or ENUMERATED, by `tag`) from 0 to 2^31 - 1.
 * @throws AttestationError `der/integer`
 */
export function readUnsigned(cursor: DerCursor, field: string, tag: number = derTag.integer): number {
  const content = readInteger(cursor, field, tag)
  let value = 0
  if (((content[0] ?? 0) & 0x80) !== 0)
    throw parseError('der/integer', joinPath(cursor.path, field), { reason: 'negative' })
  if (content.length > 4) throw parseError('der/integer', joinPath(cursor.path, field), { reason: 'too-large' })
  for (const octet of content) value = value * 256 + octet
  return value
}

/** NULL. @throws AttestationError `der/null` */
export function readNull(cursor: DerCursor, field: string): void {
  if (takeContent(cursor, derTag.null, field).length !== 0)
    throw parseError('der/null', joinPath(cursor.path, field), {})
}

/**
 * OBJECT IDENTIFIER in dotted form.
 * @throws AttestationError `der/oid`
 */
export function readOid(cursor: DerCursor, field: string, tag: number = derTag.oid): string {
  const start = passElement(cursor, tag, field)
  return decodeOid(cursor.bytes, cursor.path, field, start, cursor.position)
}

/**
 * BIT STRING made of whole octets, as keys and signatures are.
 * @throws AttestationError `der/bit-string`
 */
export function readBits(cursor: DerCursor, field: string, tag: number = derTag.bitString): Bytes {
  const content = takeContent(cursor, tag, field)
  if (content[0] !== 0)
    throw parseError('der/bit-string', joinPath(cursor.path, field), {
      reason: content.length === 0 ? 'empty' : 'unused-bits',
    })
  return content.subarray(1)
}

/**
 * Named BIT STRING of at most 16 bits: bit n of the schema is `1 << n` of the result. Trailing zero bits must be left
 * off (X.690 section 11.2.2).
 * @throws AttestationError `der/bit-string`
 */
export function readNamedBits(cursor: DerCursor, field: string, tag: number = derTag.bitString): number {
  const content = takeContent(cursor, tag, field)
  const unused = content[0] ?? 8
  const last = content.length - 1
  const reason =
    last < 0
      ? 'empty'
      : last > 2
        ? 'too-long'
        : unused > 7 || (last === 0 && unused > 0)
          ? 'unused-bits'
          : last > 0 && ((content[last] ?? 0) & ((2 << unused) - 1)) !== 1 << unused
            ? 'non-minimal'
            : undefined
  if (reason !== undefined) throw parseError('der/bit-string', joinPath(cursor.path, field), { reason })
  let flags = 0
  for (let bit = 0; bit < last * 8; bit++)
    if (((content[1 + (bit >> 3)] ?? 0) & (0x80 >> (bit & 7))) !== 0) flags |= 1 << bit
  return flags
}
