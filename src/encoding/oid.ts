// Turns the content octets of a DER OBJECT IDENTIFIER into dotted text (ITU-T X.690 section 8.19).
import type { Bytes } from '../bytes/bytes.js'
import { parseError } from '../result/error.js'

/** The longest object identifiers in use (UUID arcs, vendor trees) stay below 40 octets. */
const maxOidBytes = 64

/** Arcs below this still hold seven more bits exactly. */
const exactArcLimit = 2 ** 46

/**
 * Decodes `content`; `field` is the name under `path`, joined only when something is wrong.
 * @throws AttestationError `der/oid`
 */
export function decodeOid(content: Bytes, path: string, field: string): string {
  const last = content.length - 1
  if (last < 0) throw refuse('empty', path, field)
  if (last >= maxOidBytes) throw refuse('too-long', path, field)
  if (((content[last] ?? 0) & 0x80) !== 0) throw refuse('unfinished', path, field)
  let text = ''
  let arc = 0
  let large: bigint | undefined
  let fresh = true
  for (let i = 0; i <= last; i++) {
    const octet = content[i] ?? 0
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
  return parseError('der/oid', path === '' ? field : `${path}.${field}`, { reason })
}
