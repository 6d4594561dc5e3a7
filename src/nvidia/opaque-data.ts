// Opaque data of a MEASUREMENTS response to numbered fields: NVIDIA's legacy and versioned ("NVDAOD") layouts.
import type { Bytes } from '../bytes/bytes.js'
import { encodeHex } from '../bytes/hex.js'
import { createReader } from '../bytes/reader.js'
import { parseAscii } from '../bytes/text.js'
import { parseError } from '../result/error.js'

/** Highest version read, of both layouts; a higher one may change the meaning of fields. */
const supportedVersion = 2
const magic = 'NVDAOD'
const headerLength = 12
/** OPAQUE_DATA_VERSION, the version of data without a header. */
const legacyVersionField = 34

/** One field of the opaque data; `value` as received. */
export interface OpaqueField {
  readonly id: number
  /** DMTF measurement value type; only the versioned layout has it. */
  readonly valueType: number | undefined
  readonly value: Bytes
}

/**
 * Legacy layout: repeated `id u16, length u16, value`. Versioned layout: the header below, then repeated
 * `id u16, value type u16, length u16, value`. All integers little-endian.
 *
 * | offset | size | field | rule |
 * |---:|---:|---|---|
 * | 0 | 6 | magic | ASCII `NVDAOD`; at least 12 bytes must be there |
 * | 6 | 2 | profile | 0 |
 * | 8 | 1 | major version | at most 2 |
 * | 9 | 1 | minor version | |
 * | 10 | 1 | patch version | |
 * | 11 | 1 | padding | 0 |
 */
export interface OpaqueData {
  readonly layout: 'none' | 'legacy' | 'versioned'
  /** Major version of the header, else field 34, else 0. */
  readonly version: number
  /** `major.minor.patch`; only the versioned layout has it. */
  readonly headerVersion: string | undefined
  /** In the order of the message; each id once. */
  readonly fields: readonly OpaqueField[]
}

function isVersioned(bytes: Bytes): boolean {
  if (bytes.length < headerLength) return false
  for (let i = 0; i < magic.length; i++) if (bytes[i] !== magic.charCodeAt(i)) return false
  return true
}

/** Length of the value at most 8: its meaning is one little-endian integer. */
function legacyVersion(fields: readonly OpaqueField[], path: string): number {
  const index = fields.findIndex((field) => field.id === legacyVersionField)
  const field = fields[index]
  if (field === undefined) return 0
  const actual = littleEndian(field, 1, 8, `${path}[${index}]`)
  if (actual > supportedVersion)
    throw parseError('opaque/legacy-version', `${path}[${index}]`, { supported: supportedVersion, actual })
  return actual
}

/**
 * Parses either layout; unknown fields are kept. Values are views of `bytes`.
 * @throws AttestationError `opaque/profile`, `opaque/version`, `opaque/padding`, `opaque/legacy-version`,
 * `opaque/duplicate-field`, `opaque/field-length`, `bytes/truncated`
 */
export function parseOpaqueData(bytes: Bytes, path: string): OpaqueData {
  const reader = createReader(bytes, path)
  const versioned = isVersioned(bytes)
  let version = 0
  let headerVersion: string | undefined
  if (versioned) {
    reader.take(magic.length, 'magic')
    const profile = reader.u16le('profile')
    if (profile !== 0) throw parseError('opaque/profile', `${path}.profile`, { profile })
    version = reader.u8('major')
    if (version > supportedVersion)
      throw parseError('opaque/version', `${path}.major`, { supported: supportedVersion, actual: version })
    headerVersion = `${version}.${reader.u8('minor')}.${reader.u8('patch')}`
    const padding = reader.u8('padding')
    if (padding !== 0) throw parseError('opaque/padding', `${path}.padding`, { value: padding })
  }
  const fields: OpaqueField[] = []
  const seen = new Set<number>()
  while (reader.remaining() > 0) {
    const at = `fields[${fields.length}]`
    const id = reader.u16le(at)
    if (seen.has(id)) throw parseError('opaque/duplicate-field', `${path}.${at}`, { id })
    seen.add(id)
    const valueType = versioned ? reader.u16le(at) : undefined
    fields.push(Object.freeze({ id, valueType, value: reader.take(reader.u16le(at), at) }))
  }
  if (!versioned) version = legacyVersion(fields, `${path}.fields`)
  const layout = bytes.length === 0 ? 'none' : versioned ? 'versioned' : 'legacy'
  return Object.freeze({ layout, version, headerVersion, fields: Object.freeze(fields) })
}

/** Fields looked up by id; what nobody asked for stays in {@link FieldReader.rest}. */
export interface FieldReader {
  readonly take: <T>(id: number, decode: (field: OpaqueField, at: string) => T) => T | undefined
  readonly rest: () => readonly OpaqueField[]
}

export function createFieldReader(data: OpaqueData, path: string): FieldReader {
  const positions = new Map(data.fields.map((field, position) => [field.id, position] as const))
  return {
    take: (id, decode) => {
      const position = positions.get(id)
      const field = position === undefined ? undefined : data.fields[position]
      if (field === undefined) return undefined
      positions.delete(id)
      return decode(field, `${path}.fields[${position}]`)
    },
    rest: () => Object.freeze(data.fields.filter((field) => positions.has(field.id))),
  }
}

/** The value, if it has one of the lengths. */
export function exactly(field: OpaqueField, length: number, at: string): Bytes {
  if (field.value.length !== length)
    throw parseError('opaque/field-length', at, {
      id: field.id,
      expected: String(length),
      actual: field.value.length,
    })
  return field.value
}

export function littleEndian(field: OpaqueField, least: number, most: number, at: string): number {
  const { id, value } = field
  if (value.length < least || value.length > most)
    throw parseError('opaque/field-length', at, { id, expected: `${least} to ${most}`, actual: value.length })
  return value.reduceRight((sum, byte) => sum * 256 + byte, 0)
}

/** Unsigned 32-bit little-endian integers that fill the value. */
export function counters(field: OpaqueField, at: string): readonly number[] {
  const { id, value } = field
  if (value.length % 4 !== 0)
    throw parseError('opaque/field-length', at, { id, expected: 'a multiple of 4', actual: value.length })
  const view = new DataView(value.buffer, value.byteOffset, value.length)
  return Object.freeze(Array.from({ length: value.length / 4 }, (_, i) => view.getUint32(4 * i, true)))
}

/** ASCII up to the first zero byte; only zero bytes may follow. */
export function text(field: OpaqueField, at: string): string {
  const { id, value } = field
  const zero = value.indexOf(0)
  if (zero < 0) return parseAscii(value, at)
  if (value.subarray(zero).some((byte) => byte !== 0)) throw parseError('opaque/field-padding', at, { id })
  return parseAscii(value.subarray(0, zero), at)
}

/** Text that becomes part of a reference manifest's id, and so of a file name or an address. */
export function identifier(field: OpaqueField, at: string): string {
  const name = text(field, at)
  if (!/^[0-9A-Za-z](?:[0-9A-Za-z_-]|\.(?!\.))*$/.test(name))
    throw parseError('opaque/field-text', at, { id: field.id, text: name })
  return name
}

/** Refuses a value without a known meaning: it must never pass for a known one. */
export function unknownValue(field: OpaqueField, at: string): Error {
  return parseError('opaque/field-value', at, { id: field.id, value: encodeHex(field.value) })
}
