// Opaque data in both layouts: detection, version bounds, field lists.
import { describe, expect, it } from 'vitest'
import { parseOpaqueData } from '../../src/nvidia/opaque-data.js'
import {
  encodeLegacyOpaque,
  encodeVersionedOpaque,
  type SyntheticOpaqueField,
  type VersionedOpaqueHeader,
} from '../../src/testing/opaque-data.js'
import { thrown } from './thrown.js'

const fields: readonly SyntheticOpaqueField[] = [
  { id: 3, value: Uint8Array.of(0x35, 0) },
  { id: 999, value: Uint8Array.of(1, 2, 3), valueType: 0x82 },
]

describe('parseOpaqueData', () => {
  it('reads the legacy layout and keeps unknown fields', () => {
    const data = parseOpaqueData(encodeLegacyOpaque(fields), 'opaque')
    expect(data).toMatchObject({ layout: 'legacy', version: 0, headerVersion: undefined })
    expect(data.fields).toEqual([
      { id: 3, valueType: undefined, value: Uint8Array.of(0x35, 0) },
      { id: 999, valueType: undefined, value: Uint8Array.of(1, 2, 3) },
    ])
  })

  it('reads the versioned layout with its value types', () => {
    const data = parseOpaqueData(encodeVersionedOpaque(fields, { version: [1, 200, 7] }), 'opaque')
    expect(data).toMatchObject({ layout: 'versioned', version: 1, headerVersion: '1.200.7' })
    expect(data.fields[1]).toEqual({ id: 999, valueType: 0x82, value: Uint8Array.of(1, 2, 3) })
  })

  it('takes empty data for none', () => {
    expect(parseOpaqueData(new Uint8Array(0), 'opaque')).toMatchObject({ layout: 'none', version: 0, fields: [] })
  })

  it('takes a blob shorter than the header for the legacy layout, whatever it starts with', () => {
    // "NV" would be field 0x564e, "DA" its length.
    const short = encodeVersionedOpaque([]).subarray(0, 11)
    expect(thrown(() => parseOpaqueData(short, 'opaque')).code).toBe('bytes/truncated')
  })

  it('takes the version of the legacy layout from field 34', () => {
    const versionOf = (...value: number[]): unknown =>
      parseOpaqueData(encodeLegacyOpaque([{ id: 34, value: Uint8Array.from(value) }]), 'opaque').version
    expect([versionOf(1, 0), versionOf(2), versionOf(0, 0, 0, 0, 0, 0, 0, 0)]).toEqual([1, 2, 0])
  })

  it('ignores field 34 next to a header', () => {
    const data = parseOpaqueData(encodeVersionedOpaque([{ id: 34, value: Uint8Array.of(0, 2) }]), 'opaque')
    expect(data.version).toBe(2)
  })

  it.each<[string, VersionedOpaqueHeader, string, string]>([
    ['profile', { profile: 1 }, 'opaque/profile', 'opaque.profile'],
    ['major version 3', { version: [3, 0, 0] }, 'opaque/version', 'opaque.major'],
    ['padding', { padding: 1 }, 'opaque/padding', 'opaque.padding'],
  ])('refuses in the header: %s', (_, header, code, at) => {
    expect(thrown(() => parseOpaqueData(encodeVersionedOpaque(fields, header), 'opaque'))).toEqual({ code, at })
  })

  it.each<[string, readonly SyntheticOpaqueField[], string, string]>([
    ['a field twice', [...fields, ...fields], 'opaque/duplicate-field', 'opaque.fields[2]'],
    ['version 3 in field 34', [{ id: 34, value: Uint8Array.of(3, 0) }], 'opaque/legacy-version', 'opaque.fields[0]'],
    [
      'version 2^56 in field 34',
      [{ id: 34, value: Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 1) }],
      'opaque/legacy-version',
      'opaque.fields[0]',
    ],
    ['empty field 34', [{ id: 34, value: new Uint8Array(0) }], 'opaque/field-length', 'opaque.fields[0]'],
    ['field 34 of 9 bytes', [{ id: 34, value: new Uint8Array(9) }], 'opaque/field-length', 'opaque.fields[0]'],
    ['a field past the end', [{ id: 3, value: Uint8Array.of(1), length: 2 }], 'bytes/truncated', 'opaque.fields[0]'],
  ])('refuses in the legacy layout: %s', (_, list, code, at) => {
    expect(thrown(() => parseOpaqueData(encodeLegacyOpaque(list), 'opaque'))).toEqual({ code, at })
  })

  it('refuses a field twice in the versioned layout', () => {
    const bytes = encodeVersionedOpaque([...fields, ...fields])
    expect(thrown(() => parseOpaqueData(bytes, 'opaque'))).toEqual({
      code: 'opaque/duplicate-field',
      at: 'opaque.fields[2]',
    })
  })

  it('refuses a stray byte after the last field', () => {
    const bytes = Uint8Array.of(...encodeLegacyOpaque(fields), 0)
    expect(thrown(() => parseOpaqueData(bytes, 'opaque'))).toEqual({ code: 'bytes/truncated', at: 'opaque.fields[2]' })
  })
})
