// Hexadecimal text.
import { parseError } from '../result/error.js'
import type { Bytes } from './bytes.js'

const digits = '0123456789abcdef'

// Negative for what is no digit.
function nibble(character: string): number {
  return digits.indexOf(character.toLowerCase())
}

/**
 * Decodes hex digits of either case; no prefix, no separators.
 * @throws AttestationError `encoding/hex`
 */
export function parseHex(text: string, at: string): Uint8Array<ArrayBuffer> {
  if (text.length % 2 !== 0) throw parseError('encoding/hex', at, { reason: 'odd-length' })
  const out = new Uint8Array(text.length / 2)
  for (let i = 0; i < out.length; i++) {
    const high = nibble(text.charAt(2 * i))
    const low = nibble(text.charAt(2 * i + 1))
    if (high < 0 || low < 0) throw parseError('encoding/hex', at, { reason: 'not-hex' })
    out[i] = high * 16 + low
  }
  return out
}

/** Lowercase hex of `bytes`. */
export function encodeHex(bytes: Bytes): string {
  let text = ''
  for (const byte of bytes) text += digits.charAt(byte >> 4) + digits.charAt(byte & 15)
  return text
}
