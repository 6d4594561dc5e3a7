// A firmware version into the values its measurements have: what devices report and manifests state.
import type { Bytes } from '../bytes/bytes.js'
import type { SyntheticFamily } from './family.js'
import { deriveBytes } from './key.js'
import type { SyntheticBlock } from './spdm-report.js'

/** Values by reference index: the index of a manifest entry, one less than that of the measurement block. */
export type ReferenceValues = ReadonlyMap<number, Bytes>

/** What the manifests of one driver and one VBIOS (or switch BIOS) version state. */
export interface FirmwareReferences {
  readonly driver: ReferenceValues
  readonly firmware: ReferenceValues
}

/** Index of the one measurement that does not count while NVDEC0 is disabled. */
export const nvdecIndex = 35

function range(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i)
}

const driverIndices: Readonly<Record<SyntheticFamily, readonly number[]>> = {
  hopper: [7, ...range(21, 40)],
  blackwell: [7, ...range(21, 40)],
  gb20x: [7, ...range(21, 40), 52],
  rubin: [7, ...range(21, 40)],
  ls10: [],
  'blackwell-fsp': [],
}

const gpuFirmware = [...range(0, 6), ...range(8, 12)]
const newerGpuFirmware = [...range(0, 6), ...range(8, 13), ...range(15, 20)]
const firmwareIndices: Readonly<Record<SyntheticFamily, readonly number[]>> = {
  hopper: gpuFirmware,
  blackwell: newerGpuFirmware,
  gb20x: newerGpuFirmware,
  rubin: newerGpuFirmware,
  ls10: range(0, 30),
  'blackwell-fsp': [],
}

/** Genuine devices report zero here, and genuine manifests say so. */
const zeroIndices = new Set([0, 8, 10, 12, 23, 24, 28])

export interface FirmwareVersions {
  readonly driverVersion: string
  readonly vbiosVersion: string
}

function valuesOf(seed: string, label: string, indices: readonly number[]): ReferenceValues {
  return new Map(
    indices.map((index) => [
      index,
      zeroIndices.has(index) ? new Uint8Array(48) : deriveBytes(seed, `measurement/${label}/${index}`, 48),
    ]),
  )
}

export function firmwareReferences(
  seed: string,
  family: SyntheticFamily,
  versions: FirmwareVersions,
): FirmwareReferences {
  return {
    driver: valuesOf(seed, `${family}/driver/${versions.driverVersion}`, driverIndices[family]),
    firmware: valuesOf(seed, `${family}/vbios/${versions.vbiosVersion}`, firmwareIndices[family]),
  }
}

/** The firmware digest that leaf certificate and report share. */
export function firmwareId(seed: string, family: SyntheticFamily, vbiosVersion: string): Bytes {
  return deriveBytes(seed, `fwid/${family}/${vbiosVersion}`, 48)
}

/** Blocks of a GSP or LS10 report; indices no manifest knows vary from device to device. */
export function measurementBlocks(
  seed: string,
  count: number,
  references: FirmwareReferences,
  device: { readonly label: string; readonly nvdecDisabled: boolean },
  overrides: Readonly<Record<number, Bytes>>,
): readonly SyntheticBlock[] {
  return range(0, count - 1).map((index) => {
    const own = `${device.label}/${index}`
    // Differs from the manifest, so that a verifier which forgets to skip the index notices.
    const skipped = index === nvdecIndex && device.nvdecDisabled
    const reference = skipped ? undefined : (references.driver.get(index) ?? references.firmware.get(index))
    const value = overrides[index] ?? reference ?? deriveBytes(seed, `measurement/device/${own}`, 48)
    return { index: index + 1, value }
  })
}

/** Value type and size of every block of the FSP responder, in order. */
const fspShape: readonly (readonly [valueType: number, size: number, count: number])[] = [
  [0x83, 4, 1],
  [0x82, 1, 1],
  [0x02, 48, 1],
  [0x01, 48, 3],
  [0x03, 48, 1],
  [0x01, 48, 3],
  [0x03, 48, 2],
  [0x02, 48, 5],
  [0x82, 1, 8],
  [0x82, 8, 1],
  [0x01, 48, 8],
  [0x83, 1, 9],
  [0x83, 16, 1],
  [0x81, 1, 2],
  [0x03, 48, 3],
  [0x83, 108, 1],
  [0x81, 1, 1],
  [0x81, 73, 1],
]

/** Offset, inside the last block, of the tag before the SKU. */
const skuOffset = 40

/** Blocks of the FSP responder: mixed value types, the PDI in block 26, the SKU after its tag in block 52. */
export function fspBlocks(
  seed: string,
  device: { readonly label: string; readonly pdi: Bytes; readonly sku: number },
  overrides: Readonly<Record<number, Bytes>>,
): readonly SyntheticBlock[] {
  const shapes = fspShape.flatMap(([valueType, size, count]) =>
    Array.from({ length: count }, () => ({ valueType, size })),
  )
  return shapes.map(({ valueType, size }, position) => {
    const index = position + 1
    const value = deriveBytes(seed, `measurement/fsp/${device.label}/${index}`, size)
    if (index === 52) {
      value.set([0x41, 0x50, 0x53, 0x4b, 0x55, device.sku & 0xff, device.sku >> 8], skuOffset)
    }
    return { index, valueType, value: overrides[position] ?? (index === 26 ? device.pdi : value) }
  })
}
