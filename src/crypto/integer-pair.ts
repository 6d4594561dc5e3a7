// Reads DER `SEQUENCE { INTEGER, INTEGER }` with both positive: an ECDSA signature (RFC 3279) or an RSA key (RFC 8017).
import type { Bytes } from '../bytes/bytes.js'

export interface IntegerPair {
  /** Big-endian without leading zeros, never zero. */
  readonly first: Bytes
  readonly second: Bytes
}

// Content of the element at `start` with `tag`, or undefined if it is not minimal DER inside `bytes`.
function content(bytes: Bytes, start: number, tag: number): Bytes | undefined {
  if (bytes[start] !== tag) return undefined
  let length = bytes[start + 1] ?? 0
  let begin = start + 2
  if (length > 0x7f) {
    // The largest pair read here is an 8192 bit modulus: lengths of one or two octets are enough.
    const count = length & 0x7f
    if (count !== 1 && count !== 2) return undefined
    length = bytes[begin] ?? 0
    if (count === 2) length = length * 256 + (bytes[begin + 1] ?? 0)
    if (length < (count === 1 ? 0x80 : 0x100)) return undefined
    begin += count
  }
  return begin + length <= bytes.length ? bytes.subarray(begin, begin + length) : undefined
}

// Octets of a positive minimal INTEGER without its sign octet.
function positive(integer: Bytes | undefined): Bytes | undefined {
  const first = integer?.[0]
  if (integer === undefined || first === undefined || first > 0x7f) return undefined
  if (first > 0) return integer
  return (integer[1] ?? 0) > 0x7f ? integer.subarray(1) : undefined
}

/** Both integers as views, or undefined for anything but the one DER encoding of two positive integers. */
export function readIntegerPair(der: Bytes): IntegerPair | undefined {
  const body = content(der, 0, 0x30)
  if (body === undefined || body.byteOffset + body.length !== der.byteOffset + der.length) return undefined
  const one = content(body, 0, 0x02)
  if (one === undefined) return undefined
  const next = one.byteOffset + one.length - body.byteOffset
  const two = content(body, next, 0x02)
  if (two === undefined || two.byteOffset + two.length !== body.byteOffset + body.length) return undefined
  const first = positive(one)
  const second = positive(two)
  return first === undefined || second === undefined ? undefined : { first, second }
}
