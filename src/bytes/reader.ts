// A bounded cursor over untrusted bytes. Everything read is a view; every read is checked.
import { parseError } from '../result/error.js'
import type { Bytes } from './bytes.js'

export interface Reader {
  /** Offset of the next byte. */
  readonly offset: () => number
  readonly remaining: () => number
  /** Next `length` bytes as a view. */
  readonly take: (length: number, field: string) => Bytes
  readonly u8: (field: string) => number
  readonly u16le: (field: string) => number
  readonly u24le: (field: string) => number
}

/**
 * Reads `bytes` from the start; `path` prefixes the `at` of every error.
 * @throws AttestationError `bytes/truncated`
 */
export function createReader(bytes: Bytes, path: string): Reader {
  let position = 0
  const at = (field: string): string => (path === '' ? field : field === '' ? path : `${path}.${field}`)
  const advance = (length: number, field: string): number => {
    const available = bytes.length - position
    if (!(length >= 0 && length <= available))
      throw parseError('bytes/truncated', at(field), { needed: length, available })
    const start = position
    position += length
    return start
  }
  const take = (length: number, field: string): Bytes => {
    const start = advance(length, field)
    return bytes.subarray(start, start + length)
  }
  // Read in place: a view per integer would cost more than the rest of the parse.
  const little = (length: number, field: string): number => {
    const start = advance(length, field)
    let value = 0
    for (let i = start + length - 1; i >= start; i--) value = value * 256 + (bytes[i] ?? 0)
    return value
  }
  return {
    offset: () => position,
    remaining: () => bytes.length - position,
    take,
    u8: (field) => little(1, field),
    u16le: (field) => little(2, field),
    u24le: (field) => little(3, field),
  }
}
