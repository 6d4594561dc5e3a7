// Turns the content octets of a DER OBJECT IDENTIFIER into dotted text (ITU-T X.690 section 8.19).
import type { Bytes } from '../bytes/bytes.js'
import { parseError } from '../result/error.js'

/** The longest object identifiers in use (UUID arcs, vendor trees) stay below 40 octets. */
const maxOidBytes = 64

/** Arcs below this still hold seven more bits exactly. */
const exactArcLimit = 2 ** 46

/**
 * Decodes the octets of `bytes` from `start` to `end`, all unless told otherwise; `field` is the name under `path`, joined
 * only when something is wrong.
 * @throws AttestationError `der/oid`
 */
export function decodeOid(bytes: Bytes, path: string, field: string, start = 0, end: number = bytes.length): string {
  if (start >= end) throw refuse('empty', path, field)
  if (end - start > maxOidBytes) throw refuse('too-long', path, field)
  if (((bytes[end - 1] ?? 0) & 0x80) !== 0) throw refuse('unfinished', path, field)
  let text = ''
  let arc = 0
  let large: bigint | undefined
  let fresh = true
  for (let i = start; i < end; i++) {
    const octet = bytes[i] ?? 0
    if (fresh && octet === 0x80) throw refuse('non-minimal', path, field)
    if (large === undefined && arc >= exactArcLimit) large = BigInt(arc)
    if (large === undefined) arc = arc * 128 + (octet & 0x7f)
    else large = large * 128n + BigInt(octet & 0x7f)
    fresh = octet < 0x80
    if (!fresh) continue
    text += text === '' ? firstArcs(arc, large) : `.${large ?? arc}`
    arc = 0
    large = undefined
  }
  return text
}

// The first two arcs share one number: 40 * first + second, where first is at most 2.
function firstArcs(arc: number, large: bigint | undefined): string {
  if (large !== undefined) return `2.${large - 80n}`
  return arc < 80 ? `${arc < 40 ? 0 : 1}.${arc % 40}` : `2.${arc - 80}`
}

function refuse(
  reason: 'empty' | 'too-long' | 'unfinished' | 'non-minimal',
  path: string,
  field: string,
): ReturnType<typeof parseError> {
  return parseError('der/oid', path === '' ? field : field === '' ? path : `${path}.${field}`, { reason })
}
