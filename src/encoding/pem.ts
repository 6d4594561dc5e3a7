// Turns PEM text into labelled DER blocks (RFC 7468, strict form; white space between and after lines is tolerated).

import { parseBase64 } from '../bytes/base64.js'
import type { Bytes } from '../bytes/bytes.js'
import { requireSize } from '../bytes/size.js'
import { parseError } from '../result/error.js'

export interface PemBlock {
  /** The words after BEGIN, e.g. `CERTIFICATE`. */
  readonly label: string
  readonly bytes: Bytes
}

/** A device path has 5 certificates of about 1.3 KB of text, a fleet's bundle of roots a few dozen. */
const maxPemChars = 1 << 20
const maxPemBlocks = 128

const begin = /^-----BEGIN ([A-Z0-9](?:[A-Z0-9 -]{0,62}[A-Z0-9])?)-----$/

/**
 * Splits `text` into its blocks, in order; at least one. Text outside blocks is refused, as is anything inside that is
 * not base64 (RFC 1421 headers, a block within a block). Does not look into the blocks.
 * @throws AttestationError `pem/no-block`, `pem/outside`, `pem/unfinished`, `pem/label`, `pem/too-many`, `encoding/base64`, `bytes/too-large`
 */
export function parsePem(text: string, at: string): readonly PemBlock[] {
  requireSize(text, maxPemChars, at)
  const blocks: PemBlock[] = []
  let label: string | undefined
  let base64: string[] = []
  for (const raw of text.split('\n')) {
    const line = trimLine(raw)
    const path = `${at}[${blocks.length}]`
    if (label === undefined) {
      if (line === '') continue
      label = begin.exec(line)?.[1]
      if (label === undefined) throw parseError('pem/outside', path, {})
      if (blocks.length >= maxPemBlocks) throw parseError('pem/too-many', at, { limit: maxPemBlocks })
    } else if (line.startsWith('-')) {
      if (line !== `-----END ${label}-----`) throw parseError('pem/label', path, { expected: label })
      blocks.push({ label, bytes: parseBase64(base64.join(''), path) })
      label = undefined
      base64 = []
    } else {
      base64.push(line)
    }
  }
  if (label !== undefined) throw parseError('pem/unfinished', `${at}[${blocks.length}]`, { label })
  if (blocks.length === 0) throw parseError('pem/no-block', at, {})
  return blocks
}

// A loop, since /\s+$/ takes quadratic time on long runs of blanks.
function trimLine(line: string): string {
  let end = line.length
  while (end > 0 && ' \t\r'.includes(line.charAt(end - 1))) end--
  return line.slice(0, end)
}
