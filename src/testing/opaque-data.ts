// Opaque data fields into the legacy and the versioned ("NVDAOD") layout of NVIDIA reports.
import { type Bytes, concatBytes } from '../bytes/bytes.js'
import { encodeUtf8 } from '../bytes/text.js'
import { littleEndian } from './spdm-report.js'

/** Field ids by name; the switch reuses 22 to 26 with meanings of its own. */
export const opaqueFields = {
  driverVersion: 3,
  gpuInfo: 4,
  vbiosVersion: 6,
  nvdec0Status: 11,
  measurementCount: 12,
  cprInfo: 13,
  boardId: 14,
  chipSku: 15,
  chipSkuMod: 16,
  project: 17,
  projectSku: 18,
  projectSkuMod: 19,
  fwid: 20,
  protectedPcieStatus: 21,
  switchPdis: 22,
  sysEnableStatus: 33,
  opaqueDataVersion: 34,
  chipInfo: 35,
  featureFlag: 36,
  fspUcodeSvn: 37,
  /** On a switch. */
  devicePdi: 22,
  disabledPorts: 23,
  switchPosition: 24,
  switchLockStatus: 25,
  switchGpuPdis: 26,
} as const

/** One field of the opaque data; the length is computed unless a test wants it wrong. */
export interface SyntheticOpaqueField {
  readonly id: number
  readonly value: Bytes
  /** Only the versioned layout carries it. */
  readonly valueType?: number
  readonly length?: number
}

/** Fields by id; null takes the field away. A field not there before is added at the end. */
export type OpaqueOverrides = Readonly<Record<number, Bytes | null>>

/** The legacy layout: type, length, value. */
export function encodeLegacyOpaque(fields: readonly SyntheticOpaqueField[]): Bytes {
  return concatBytes(
    ...fields.flatMap(({ id, value, length }) => [littleEndian(id, 2), littleEndian(length ?? value.length, 2), value]),
  )
}

export interface VersionedOpaqueHeader {
  readonly magic?: string
  readonly profile?: number
  readonly version?: readonly [major: number, minor: number, patch: number]
  readonly padding?: number
}

/** The versioned layout: "NVDAOD", profile, version, then type, value type, length, value. */
export function encodeVersionedOpaque(
  fields: readonly SyntheticOpaqueField[],
  header: VersionedOpaqueHeader = {},
): Bytes {
  return concatBytes(
    encodeUtf8(header.magic ?? 'NVDAOD'),
    littleEndian(header.profile ?? 0, 2),
    Uint8Array.from(header.version ?? [2, 0, 0]),
    Uint8Array.of(header.padding ?? 0),
    ...fields.flatMap(({ id, value, valueType, length }) => [
      littleEndian(id, 2),
      littleEndian(valueType ?? versionedValueType(id), 2),
      littleEndian(length ?? value.length, 2),
      value,
    ]),
  )
}

function versionedValueType(id: number): number {
  switch (id) {
    case opaqueFields.fwid:
      return 0x01
    case opaqueFields.cprInfo:
      return 0x83
    case opaqueFields.measurementCount:
      return 0x84
    case opaqueFields.protectedPcieStatus:
    case opaqueFields.featureFlag:
      return 0x85
    case opaqueFields.driverVersion:
    case opaqueFields.vbiosVersion:
    case opaqueFields.opaqueDataVersion:
      return 0x86
    case opaqueFields.fspUcodeSvn:
      return 0x87
    default:
      return 0x82
  }
}

export function overrideOpaque(
  fields: readonly SyntheticOpaqueField[],
  overrides: OpaqueOverrides,
): readonly SyntheticOpaqueField[] {
  const changed = fields.flatMap((field) => {
    const value = overrides[field.id]
    return value === null ? [] : value === undefined ? [field] : [{ ...field, value }]
  })
  const present = new Set(fields.map(({ id }) => id))
  const added = Object.entries(overrides).flatMap(([key, value]) =>
    value === null || present.has(Number(key)) ? [] : [{ id: Number(key), value }],
  )
  return [...changed, ...added]
}

/** ASCII with zero bytes up to `length`, at least one. */
export function paddedAscii(text: string, length: number = text.length + 1): Bytes {
  const bytes = new Uint8Array(length)
  bytes.set(encodeUtf8(text))
  return bytes
}

/** `96.00.D9.00.0F` in the eight bytes of a GPU report: 00 d9 00 96 0f 00 00 00. */
export function gpuVbiosVersion(version: string): Bytes {
  const [b3 = 0, b2 = 0, b1 = 0, b0 = 0, b4 = 0] = version.split('.').map((part) => Number.parseInt(part, 16))
  return Uint8Array.of(b0, b1, b2, b3, b4, 0, 0, 0)
}
