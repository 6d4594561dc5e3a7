// Base64 (RFC 4648 sections 4 and 5), strict: exact padding, no white space, no spare bits.
import { parseError } from '../result/error.js'
import type { Bytes } from './bytes.js'
import { encodeUtf8 } from './text.js'

const standard = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const urlSafe = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

function decodeTable(alphabet: string): Int8Array {
  const table = new Int8Array(256).fill(-1)
  for (let i = 0; i < 64; i++) table[alphabet.charCodeAt(i)] = i
  return table
}

const standardTable: Int8Array = /* @__PURE__ */ decodeTable(standard)
const urlTable: Int8Array = /* @__PURE__ */ decodeTable(urlSafe)

// Reads octets, because that is faster than reading characters; one outside ASCII is in no table.
function decode(text: Bytes, length: number, table: Int8Array, at: string): Uint8Array<ArrayBuffer> {
  const spare = length % 4
  const out = new Uint8Array(Math.floor((length * 3) / 4))
  // Six bits; what is outside the alphabet is negative, and makes the group it is in so.
  const sextet = (i: number): number => table[text[i] ?? 0] ?? -1
  const whole = length - spare
  let position = 0
  let group = 0
  // A typed array keeps the low eight bits of what it is given, and drops what is past its end.
  for (let i = 0; i < whole && group >= 0; i += 4) {
    group = (sextet(i) << 18) | (sextet(i + 1) << 12) | (sextet(i + 2) << 6) | sextet(i + 3)
    out[position++] = group >> 16
    out[position++] = group >> 8
    out[position++] = group
  }
  let unused = 0
  if (spare > 1 && group >= 0) {
    group = (sextet(whole) << 18) | (sextet(whole + 1) << 12) | (spare > 2 ? sextet(whole + 2) << 6 : 0)
    out[position++] = group >> 16
    out[position++] = group >> 8
    unused = group & (spare > 2 ? 0xff : 0xffff)
  }
  const reason = spare === 1 ? 'length' : group < 0 ? 'alphabet' : unused !== 0 ? 'non-canonical' : undefined
  if (reason === undefined) return out
  throw parseError('encoding/base64', at, { reason })
}

/**
 * Decodes padded standard base64.
 * @throws AttestationError `encoding/base64`
 */
export function parseBase64(text: string, at: string): Uint8Array<ArrayBuffer> {
  if (text.length % 4 !== 0) throw parseError('encoding/base64', at, { reason: 'length' })
  return decode(encodeUtf8(text), text.replace(/==?$/, '').length, standardTable, at)
}

/**
 * Decodes unpadded base64url, the form of JOSE; from octets, the text in ASCII.
 * @throws AttestationError `encoding/base64`
 */
export function parseBase64Url(text: Bytes | string, at: string): Uint8Array<ArrayBuffer> {
  const octets = typeof text === 'string' ? encodeUtf8(text) : text
  return decode(octets, octets.length, urlTable, at)
}

/** Padded standard base64. */
export function encodeBase64(bytes: Bytes): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}

/** Unpadded base64url. */
export function encodeBase64Url(bytes: Bytes): string {
  return encodeBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}
