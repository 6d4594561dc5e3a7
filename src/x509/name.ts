// Turns a DER Name (RFC 5280 section 4.1.2.4) into its attributes; the received bytes stay the identity of the name.
import { type Bytes, equalBytes } from '../bytes/bytes.js'
import { parseUtf8 } from '../bytes/text.js'
import {
  type DerCursor,
  derTag,
  endDer,
  enterDer,
  joinPath,
  openDer,
  passElement,
  peekTag,
  readOid,
  readWhole,
  takeElement,
} from '../encoding/der.js'
import { parseError } from '../result/error.js'

export interface NameAttribute {
  readonly oid: string
  readonly value: string
}

export interface DistinguishedName {
  /** The whole Name element. Two names are the same only if these bytes are: no case folding, no re-encoding. */
  readonly raw: Bytes
  /** In the order of the encoding, multi-valued RDNs flattened. */
  readonly attributes: readonly NameAttribute[]
}

export const nameOid = {
  commonName: '2.5.4.3',
  serialNumber: '2.5.4.5',
  emailAddress: '1.2.840.113549.1.9.1',
} as const

const labels: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.5': 'serialNumber',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
}

/** Control characters, separators of lines, and what turns the direction of writing. */
const unsafe = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u

/** Genuine names have at most ten. */
const maxAttributes = 64

/**
 * Reads a Name. Values must be UTF8String, PrintableString or IA5String; TeletexString, BMPString and UniversalString,
 * which RFC 5280 retires, are refused. Control characters are refused, so that a name can be shown safely.
 * @throws AttestationError `name/string-type`, `name/control-character`, `der/empty-list`, `der/too-many`, `der/set-order` and the other DER codes
 */
export function readName(cursor: DerCursor, field: string): DistinguishedName {
  const start = cursor.position
  const sequence = enterDer(cursor, derTag.sequence, field)
  const attributes: NameAttribute[] = []
  while (peekTag(sequence) !== undefined) readRelativeName(sequence, attributes)
  return { raw: cursor.bytes.subarray(start, cursor.position), attributes: Object.freeze(attributes) }
}

/** Reads a Name that stands alone. */
export function parseName(der: Bytes, at: string): DistinguishedName {
  return readWhole(der, at, (cursor) => readName(cursor, ''))
}

function readRelativeName(sequence: DerCursor, attributes: NameAttribute[]): void {
  const set = enterDer(sequence, derTag.set, `[${attributes.length}]`)
  let previous: Bytes | undefined
  do {
    if (attributes.length >= maxAttributes) throw parseError('der/too-many', set.path, { limit: maxAttributes })
    const start = set.position
    const pair = enterDer(set, derTag.sequence, '')
    const oid = readOid(pair, 'type')
    attributes.push({ oid, value: readText(pair, 'value') })
    endDer(pair)
    // A set with one element, the normal case, needs no comparison.
    if (previous === undefined && set.position === set.end) return
    const element = set.bytes.subarray(start, set.position)
    if (previous !== undefined && compareBytes(previous, element) >= 0) throw parseError('der/set-order', set.path, {})
    previous = element
  } while (peekTag(set) !== undefined)
}

// X.690 section 11.6: ascending as octet strings, the shorter padded with zeros.
function compareBytes(a: Bytes, b: Bytes): number {
  for (let i = 0; i < a.length || i < b.length; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

function readText(cursor: DerCursor, field: string): string {
  const tag = peekTag(cursor) ?? derTag.utf8String
  if (tag !== derTag.utf8String && tag !== derTag.printableString && tag !== derTag.ia5String)
    throw parseError('name/string-type', joinPath(cursor.path, field), { tag })
  const { bytes } = cursor
  const start = passElement(cursor, tag, field)
  let text = ''
  let ascii = true
  for (let i = start; i < cursor.position; i++) {
    const octet = bytes[i] ?? 0
    if (octet > 0x7f) ascii = false
    text += String.fromCharCode(octet)
  }
  if (!ascii && tag !== derTag.utf8String) throw parseError('name/string-type', joinPath(cursor.path, field), { tag })
  if (!ascii) text = parseUtf8(bytes.subarray(start, cursor.position), joinPath(cursor.path, field))
  if (unsafe.test(text)) throw parseError('name/control-character', joinPath(cursor.path, field), {})
  return text
}

/** True if both names have the same encoding. Stricter than RFC 5280 section 7.1: a case or string type may not differ. */
export function sameName(a: DistinguishedName, b: DistinguishedName): boolean {
  return equalBytes(a.raw, b.raw)
}

/** The one value of attribute `oid`; undefined if the name has none or several. */
export function attribute(name: DistinguishedName, oid: string): string | undefined {
  const found = name.attributes.filter((candidate) => candidate.oid === oid)
  return found.length === 1 ? found[0]?.value : undefined
}

/** The common name; undefined if there is none or more than one. */
export function commonName(name: DistinguishedName): string | undefined {
  return attribute(name, nameOid.commonName)
}

/** A line for people, in the order of the encoding: `CN=NVIDIA Device Identity CA, O=NVIDIA`. Not for comparison. */
export function describeName(name: DistinguishedName): string {
  return name.attributes.map(({ oid, value }) => `${labels[oid] ?? oid}=${value}`).join(', ')
}

/** The RDNs of a name as raw elements: what directory name constraints compare. */
export function relativeNames(name: DistinguishedName): readonly Bytes[] {
  const sequence = enterDer(openDer(name.raw, '', name.raw.length), derTag.sequence, '')
  const parts: Bytes[] = []
  while (peekTag(sequence) !== undefined) parts.push(takeElement(sequence, derTag.set, ''))
  return parts
}
