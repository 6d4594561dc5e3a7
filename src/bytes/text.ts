// Text out of untrusted bytes.
import { parseError } from '../result/error.js'
import type { Bytes } from './bytes.js'

// Made once each: neither keeps anything between calls, and making one costs more than reading a short text.
const encoder: TextEncoder = /* @__PURE__ */ new TextEncoder()
const decoder: TextDecoder = /* @__PURE__ */ new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Decodes UTF-8, refusing invalid sequences; a byte order mark is kept as a character, not dropped.
 * @throws AttestationError `encoding/utf8`
 */
export function parseUtf8(bytes: Bytes, at: string): string {
  try {
    return decoder.decode(bytes)
  } catch (cause) {
    throw parseError('encoding/utf8', at, {}, cause)
  }
}

/**
 * Decodes printable ASCII (0x20 to 0x7e).
 * @throws AttestationError `encoding/ascii`
 */
export function parseAscii(bytes: Bytes, at: string): string {
  let text = ''
  for (let i = 0; i < bytes.length; i++) {
    const code = bytes[i] ?? 0
    if (code < 0x20 || code > 0x7e) throw parseError('encoding/ascii', at, { offset: i })
    text += String.fromCharCode(code)
  }
  return text
}

/** UTF-8 bytes of `text`. */
export function encodeUtf8(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text)
}
