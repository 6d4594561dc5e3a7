// A bounded cursor over untrusted bytes. Everything read is a view; every read is checked; `end()` refuses leftovers.
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
  readonly u32le: (field: string) => number
  /** Refuses bytes after the structure. */
  readonly end: () => void
}

/**
 * Reads `bytes` from the start; `path` prefixes the `at` of every error.
 * @throws AttestationError `bytes/truncated`, `bytes/trailing`
 */
export function createReader(bytes: Bytes, path: string): Reader {
  let position = 0
  const at = (field: string): string => (path === '' ? field : field === '' ? path : `${path}.${field}`)
  const take = (length: number, field: string): Bytes => {
    const available = bytes.length - position
    if (!(length >= 0 && length <= available))
      throw parseError('bytes/truncated', at(field), { needed: length, available })
    const view = bytes.subarray(position, position + length)
    position += length
    return view
  }
  const little = (length: number, field: string): number => {
    let value = 0
    let scale = 1
    for (const byte of take(length, field)) {
      value += byte * scale
      scale *= 256
    }
    return value
  }
  return {
    offset: () => position,
    remaining: () => bytes.length - position,
    take,
    u8: (field) => little(1, field),
    u16le: (field) => little(2, field),
    u24le: (field) => little(3, field),
    u32le: (field) => little(4, field),
    end: () => {
      if (position !== bytes.length) throw parseError('bytes/trailing', path, { extra: bytes.length - position })
    },
  }
}
