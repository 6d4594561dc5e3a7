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
  let buffer = 0
  let bits = 0
  let position = 0
  for (let i = 0; i < length; i++) {
    const value = table[text.charCodeAt(i)] ?? -1
    if (value < 0) throw parseError('encoding/base64', at, { reason: 'alphabet' })
    buffer = ((buffer << 6) | value) & 0xffff
    bits += 6
    if (bits >= 8) {
      bits -= 8
      out[position++] = (buffer >> bits) & 0xff
    }
  }
  if (bits > 0 && (buffer & ((1 << bits) - 1)) !== 0)
    throw parseError('encoding/base64', at, { reason: 'non-canonical' })
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

function encode(bytes: Bytes, alphabet: string): string {
  let text = ''
  for (let i = 0; i < bytes.length; i += 3) {
    const group = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0)
    const count = Math.min(3, bytes.length - i) + 1
    for (let j = 0; j < count; j++) text += alphabet.charAt((group >> (18 - 6 * j)) & 63)
  }
  return text
}

/** Padded standard base64. */
export function encodeBase64(bytes: Bytes): string {
  const text = encode(bytes, standard)
  return text + '='.repeat((4 - (text.length % 4)) % 4)
}

/** Unpadded base64url. */
export function encodeBase64Url(bytes: Bytes): string {
  return encode(bytes, urlSafe)
}
