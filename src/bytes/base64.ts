// Base64 (RFC 4648 sections 4 and 5), strict: exact padding, no white space, no spare bits.
import { parseError } from '../result/error.js'
import type { Bytes } from './bytes.js'

const standard = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const urlSafe = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

function decodeTable(alphabet: string): Int8Array {
  const table = new Int8Array(128).fill(-1)
  for (let i = 0; i < 64; i++) table[alphabet.charCodeAt(i)] = i
  return table
}

const standardTable: Int8Array = /* @__PURE__ */ decodeTable(standard)
const urlTable: Int8Array = /* @__PURE__ */ decodeTable(urlSafe)

function decode(text: string, length: number, table: Int8Array, at: string): Uint8Array<ArrayBuffer> {
  const spare = length % 4
  if (spare === 1) throw parseError('encoding/base64', at, { reason: 'length' })
  const out = new Uint8Array(Math.floor((length * 3) / 4))
  // Six bits; a character outside the alphabet is negative, and makes the group it is in so.
  const sextet = (i: number): number => (i < length ? (table[text.charCodeAt(i)] ?? -1) : 0)
  let position = 0
  for (let i = 0; i < length; i += 4) {
    const group = (sextet(i) << 18) | (sextet(i + 1) << 12) | (sextet(i + 2) << 6) | sextet(i + 3)
    if (group < 0) throw parseError('encoding/base64', at, { reason: 'alphabet' })
    // A typed array keeps the low eight bits, and drops what is past its end.
    out[position++] = group >> 16
    out[position++] = group >> 8
    out[position++] = group
    if (i + 4 > length && (group & (spare === 2 ? 0xffff : 0xff)) !== 0)
      throw parseError('encoding/base64', at, { reason: 'non-canonical' })
  }
  return out
}

/**
 * Decodes padded standard base64.
 * @throws AttestationError `encoding/base64`
 */
export function parseBase64(text: string, at: string): Uint8Array<ArrayBuffer> {
  if (text.length % 4 !== 0) throw parseError('encoding/base64', at, { reason: 'length' })
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  return decode(text, text.length - padding, standardTable, at)
}

/**
 * Decodes unpadded base64url, the form of JOSE.
 * @throws AttestationError `encoding/base64`
 */
export function parseBase64Url(text: string, at: string): Uint8Array<ArrayBuffer> {
  if (text.endsWith('=')) throw parseError('encoding/base64', at, { reason: 'padding' })
  return decode(text, text.length, urlTable, at)
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
