// Attribute lists into X.501 names (RFC 5280 section 4.1.2.4).
import type { Bytes } from '../bytes/bytes.js'
import { objectIdentifier, printableString, sequence, set, utf8String } from './der.js'

const attributeOids = {
  CN: '2.5.4.3',
  serialNumber: '2.5.4.5',
  C: '2.5.4.6',
  L: '2.5.4.7',
  ST: '2.5.4.8',
  O: '2.5.4.10',
  OU: '2.5.4.11',
} as const

export type NameAttribute = keyof typeof attributeOids

/** Attributes in their order of encoding, or a whole Name in DER. */
export type SyntheticName = readonly (readonly [attribute: NameAttribute, value: string])[] | Bytes

/** DER of a name; country and serial number are PrintableString, the rest UTF8String, as in device certificates. */
export function encodeName(name: SyntheticName): Bytes {
  if (name instanceof Uint8Array) return name
  const relativeNames = name.map(([attribute, value]) => {
    const printable = attribute === 'C' || attribute === 'serialNumber'
    return set(
      sequence(objectIdentifier(attributeOids[attribute]), printable ? printableString(value) : utf8String(value)),
    )
  })
  return sequence(...relativeNames)
}
