// DER into PEM text (RFC 7468).
import { encodeBase64 } from '../bytes/base64.js'
import type { Bytes } from '../bytes/bytes.js'

/** Base64 with a line feed after every 64 characters, the last line included. */
export function wrapBase64(bytes: Bytes): string {
  return encodeBase64(bytes).replace(/.{1,64}/g, '$&\n')
}

/** PEM text of one document. */
export function encodePem(der: Bytes, label = 'CERTIFICATE'): string {
  return `-----BEGIN ${label}-----\n${wrapBase64(der)}-----END ${label}-----\n`
}
