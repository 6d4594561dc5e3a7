// Reads GeneralName and GeneralNames (RFC 5280 section 4.2.1.6), all nine kinds.
import type { Bytes } from '../bytes/bytes.js'
import { parseAscii } from '../bytes/text.js'
import {
  contextTag,
  type DerCursor,
  derTag,
  enterDer,
  joinPath,
  peekTag,
  readInside,
  readOid,
  takeAny,
  takeContent,
  takeElement,
} from '../encoding/der.js'
import { parseError } from '../result/error.js'
import { type DistinguishedName, readName } from './name.js'

export type GeneralName =
  /** `value` is the DER of the value inside its explicit tag. */
  | { readonly kind: 'other-name'; readonly oid: string; readonly value: Bytes }
  | { readonly kind: 'email'; readonly text: string }
  | { readonly kind: 'dns'; readonly text: string }
  | { readonly kind: 'uri'; readonly text: string }
  | { readonly kind: 'directory'; readonly name: DistinguishedName }
  /** 4 or 16 octets; in name constraints 8 or 32, the second half being the mask. */
  | { readonly kind: 'ip'; readonly octets: Bytes }
  | { readonly kind: 'registered-id'; readonly oid: string }
  /** Forms nobody uses, kept whole. */
  | { readonly kind: 'x400' | 'edi-party'; readonly raw: Bytes }

export type GeneralNameKind = GeneralName['kind']

/**
 * Reads one GeneralName.
 * @throws AttestationError `certificate/general-name`, `encoding/ascii` and the DER codes
 */
export function readGeneralName(cursor: DerCursor, field: string): GeneralName {
  const tag = peekTag(cursor)
  switch (tag) {
    case undefined:
      throw parseError('der/missing', joinPath(cursor.path, field), { expected: 0x80 })
    case contextTag(0, 'constructed'):
      return readInside(cursor, tag, field, readOtherName)
    case contextTag(1, 'primitive'):
      return { kind: 'email', text: readAscii(cursor, tag, field) }
    case contextTag(2, 'primitive'):
      return { kind: 'dns', text: readAscii(cursor, tag, field) }
    case contextTag(3, 'constructed'):
      return { kind: 'x400', raw: takeElement(cursor, tag, field) }
    case contextTag(4, 'constructed'):
      return { kind: 'directory', name: readInside(cursor, tag, field, (explicit) => readName(explicit, '')) }
    case contextTag(5, 'constructed'):
      return { kind: 'edi-party', raw: takeElement(cursor, tag, field) }
    case contextTag(6, 'primitive'):
      return { kind: 'uri', text: readAscii(cursor, tag, field) }
    case contextTag(7, 'primitive'):
      return { kind: 'ip', octets: takeContent(cursor, tag, field) }
    case contextTag(8, 'primitive'):
      return { kind: 'registered-id', oid: readOid(cursor, field, tag) }
    default:
      throw parseError('certificate/general-name', joinPath(cursor.path, field), { tag })
  }
}

function readOtherName(body: DerCursor): GeneralName {
  const oid = readOid(body, 'type')
  const value = readInside(body, contextTag(0, 'constructed'), 'value', (explicit) => takeAny(explicit, ''))
  return { kind: 'other-name', oid, value }
}

function readAscii(cursor: DerCursor, tag: number, field: string): string {
  return parseAscii(takeContent(cursor, tag, field), joinPath(cursor.path, field))
}

/**
 * Reads GeneralNames: at least one; `tag` other than SEQUENCE where the schema tags it implicitly.
 * @throws AttestationError `der/empty-list` and the codes of {@link readGeneralName}
 */
export function readGeneralNames(
  cursor: DerCursor,
  field: string,
  tag: number = derTag.sequence,
): readonly GeneralName[] {
  return readList(enterDer(cursor, tag, field), readGeneralName)
}

/** As many as the largest certificate has room for; without it, a list inside a CRL of 4 MiB could have two million. */
const maxListItems = 8192

/**
 * Reads elements until the end of `list`; at least one, at most {@link maxListItems}.
 * @throws AttestationError `der/empty-list`, `der/too-many`
 */
export function readList<T>(list: DerCursor, read: (cursor: DerCursor, field: string) => T): readonly T[] {
  const items: T[] = []
  while (peekTag(list) !== undefined) {
    if (items.length >= maxListItems) throw parseError('der/too-many', list.path, { limit: maxListItems })
    items.push(read(list, `[${items.length}]`))
  }
  if (items.length === 0) throw parseError('der/empty-list', list.path, {})
  return Object.freeze(items)
}
