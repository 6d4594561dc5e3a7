// Turns CBOR values into bytes in the core deterministic encoding (RFC 8949 section 4.2.1).
import { type Bytes, concatBytes } from '../bytes/bytes.js'
import { encodeUtf8 } from '../bytes/text.js'
import { type CborKey, type CborMap, type CborValue, isCborArray, isCborMap } from './cbor.js'
import { binary16Bits, fitsBinary16 } from './cbor-float.js'

/**
 * Encodes one value: shortest heads and floats, definite lengths, map keys in ascending order of their encoded bytes.
 * A `number` with an integral value in the safe range is written as an integer.
 */
export function encodeCbor(value: CborValue): Uint8Array<ArrayBuffer> {
  if (typeof value === 'number') return encodeNumber(value)
  if (typeof value === 'bigint') return value < 0n ? encodeCborHead(1, -1n - value) : encodeCborHead(0, value)
  if (typeof value === 'string') return encodeText(value)
  if (typeof value === 'boolean') return Uint8Array.of(value ? 0xf5 : 0xf4)
  if (value === null) return Uint8Array.of(0xf6)
  if (value instanceof Uint8Array) return concatBytes(encodeCborHead(2, value.length), value)
  if (isCborArray(value)) return concatBytes(encodeCborHead(4, value.length), ...value.map(encodeCbor))
  if (isCborMap(value)) return encodeMap(value)
  return concatBytes(encodeCborHead(6, value.tag), encodeCbor(value.value))
}

function encodeText(text: string): Uint8Array<ArrayBuffer> {
  const bytes = encodeUtf8(text)
  return concatBytes(encodeCborHead(3, bytes.length), bytes)
}

function encodeMap(map: CborMap): Uint8Array<ArrayBuffer> {
  const entries = [...map].map(([key, value]) => ({ key: encodeKey(key), value: encodeCbor(value) }))
  entries.sort((a, b) => compare(a.key, b.key))
  return concatBytes(encodeCborHead(5, map.size), ...entries.flatMap((entry) => [entry.key, entry.value]))
}

function encodeKey(key: CborKey): Uint8Array<ArrayBuffer> {
  if (typeof key === 'number' && !Number.isSafeInteger(key)) throw new TypeError('a map key must be an integer or text')
  return encodeCbor(key)
}

function compare(a: Bytes, b: Bytes): number {
  // A key is never a prefix of another: the head states the length.
  const different = a.findIndex((byte, i) => byte !== b[i])
  return (a[different] ?? 0) - (b[different] ?? 0)
}

/** The head of an item (RFC 8949 section 3): major type and argument, in as few octets as hold it. */
export function encodeCborHead(major: number, argument: number | bigint): Uint8Array<ArrayBuffer> {
  if (argument < 24) return Uint8Array.of((major << 5) | Number(argument))
  const power = argument < 256 ? 0 : argument < 65_536 ? 1 : argument < 4_294_967_296 ? 2 : 3
  const out = new Uint8Array(1 + 2 ** power)
  out[0] = (major << 5) | (24 + power)
  if (power === 3) new DataView(out.buffer).setBigUint64(1, uint64(argument))
  // An octet array keeps the low eight bits of what it is given.
  else for (let i = 2 ** power, rest = Number(argument); i > 0; i--, rest >>>= 8) out[i] = rest
  return out
}

function uint64(argument: number | bigint): bigint {
  const value = BigInt(argument)
  if (value >= 1n << 64n) throw new TypeError('an integer must fit 64 bits')
  return value
}

function encodeNumber(value: number): Uint8Array<ArrayBuffer> {
  if (Number.isSafeInteger(value) && !Object.is(value, -0))
    return value < 0 ? encodeCborHead(1, -1 - value) : encodeCborHead(0, value)
  const single = Object.is(Math.fround(value), value)
  const width = !single ? 8 : fitsBinary16(value) ? 2 : 4
  const out = new Uint8Array(1 + width)
  const view = new DataView(out.buffer)
  out[0] = width === 2 ? 0xf9 : width === 4 ? 0xfa : 0xfb
  if (width === 2) view.setUint16(1, binary16Bits(value))
  else if (width === 4) view.setFloat32(1, value)
  else view.setFloat64(1, value)
  return out
}
