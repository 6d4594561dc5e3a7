// Reads one claim in either encoding: JSON names, text and base64url, or CBOR keys, integers and byte strings (RFC 9711).
import { parseBase64Url } from '../bytes/base64.js'
import type { Bytes } from '../bytes/bytes.js'
import { type CborMap, type CborValue, isCborArray, isCborMap } from '../encoding/cbor.js'
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue, memberPath } from '../encoding/json.js'
import { parseError } from '../result/error.js'

/** A claims set in one of its two encodings. */
export type ClaimsSet =
  | { readonly encoding: 'json'; readonly claims: JsonObject }
  | { readonly encoding: 'cbor'; readonly claims: CborMap }

export type ClaimValue = JsonValue | CborValue

export type ClaimField =
  | { readonly encoding: 'json'; readonly value: JsonValue; readonly at: string }
  | { readonly encoding: 'cbor'; readonly value: CborValue; readonly at: string }

/** The claim with this JSON name and CBOR key, if present. */
export function claimField(set: ClaimsSet, name: string, key: number, at: string): ClaimField | undefined {
  const path = memberPath(at, name)
  if (set.encoding === 'json') {
    const value = set.claims.get(name)
    return value === undefined ? undefined : { encoding: 'json', value, at: path }
  }
  const value = set.claims.get(key)
  return value === undefined ? undefined : { encoding: 'cbor', value, at: path }
}

export function claimTypeError(field: ClaimField, expected: string): Error {
  return parseError('token/claim-type', field.at, { expected })
}

/** @throws AttestationError `token/claim-type` */
export function claimText(field: ClaimField): string {
  if (typeof field.value === 'string') return field.value
  throw claimTypeError(field, 'text')
}

/**
 * Base64url text in JSON, a byte string in CBOR.
 * @throws AttestationError `token/claim-type`, `encoding/base64`
 */
export function claimBytes(field: ClaimField, minimum: number, maximum: number): Bytes {
  const { encoding, value, at } = field
  const bytes = encoding === 'json' && typeof value === 'string' ? parseBase64Url(value, at) : value
  if (bytes instanceof Uint8Array && bytes.length >= minimum && bytes.length <= maximum) return bytes
  throw claimTypeError(field, minimum === maximum ? `${minimum} bytes` : `${minimum} to ${maximum} bytes`)
}

/** @throws AttestationError `token/claim-type` */
export function claimInteger(field: ClaimField, minimum: number): number {
  const { value } = field
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= minimum) return value
  throw claimTypeError(field, 'an integer')
}

/** @throws AttestationError `token/claim-type` */
export function claimBoolean(field: ClaimField): boolean {
  if (typeof field.value === 'boolean') return field.value
  throw claimTypeError(field, 'true or false')
}

/**
 * One of `names`; in CBOR its number, counted from `first`.
 * @throws AttestationError `token/claim-type`
 */
export function claimChoice<T extends string>(field: ClaimField, names: readonly T[], first: number): T {
  const { encoding, value } = field
  const name =
    encoding === 'json' ? names.find((known) => known === value) : names.find((_, index) => index + first === value)
  if (name !== undefined) return name
  throw claimTypeError(field, `one of ${names.join(', ')}`)
}

/** @throws AttestationError `token/claim-type` */
export function claimItems(field: ClaimField, minimum: number, maximum: number): readonly ClaimField[] {
  const { at } = field
  const items: readonly ClaimField[] | undefined =
    field.encoding === 'json'
      ? isJsonArray(field.value)
        ? field.value.map((value, index) => ({ encoding: 'json', value, at: `${at}[${index}]` }))
        : undefined
      : isCborArray(field.value)
        ? field.value.map((value, index) => ({ encoding: 'cbor', value, at: `${at}[${index}]` }))
        : undefined
  if (items !== undefined && items.length >= minimum && items.length <= maximum) return items
  throw claimTypeError(field, minimum === maximum ? `${minimum} items` : `${minimum} to ${maximum} items`)
}

/** @throws AttestationError `token/claim-type` */
export function claimMap(field: ClaimField): ClaimsSet {
  if (field.encoding === 'json' && isJsonObject(field.value)) return { encoding: 'json', claims: field.value }
  if (field.encoding === 'cbor' && isCborMap(field.value)) return { encoding: 'cbor', claims: field.value }
  throw claimTypeError(field, 'a map')
}

/**
 * Entries of a map whose names are text in both encodings; at least one.
 * @throws AttestationError `token/claim-type`
 */
export function claimEntries(field: ClaimField): readonly (readonly [string, ClaimField])[] {
  const map = claimMap(field)
  const entries: (readonly [string, ClaimField])[] = []
  if (map.encoding === 'json')
    for (const [name, value] of map.claims)
      entries.push([name, { encoding: 'json', value, at: memberPath(field.at, name) }])
  else
    for (const [name, value] of map.claims) {
      if (typeof name !== 'string') throw claimTypeError(field, 'a map with text keys')
      entries.push([name, { encoding: 'cbor', value, at: memberPath(field.at, name) }])
    }
  if (entries.length === 0) throw claimTypeError(field, 'a map with entries')
  return entries
}
