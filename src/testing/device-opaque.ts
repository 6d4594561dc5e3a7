// The opaque data fields of sound GPUs and switches, in the order devices send them.
import { type Bytes, concatBytes } from '../bytes/bytes.js'
import { encodeUtf8 } from '../bytes/text.js'
import type { SyntheticFamily } from './family.js'
import { deriveBytes } from './key.js'
import { gpuVbiosVersion, opaqueFields, paddedAscii, type SyntheticOpaqueField } from './opaque-data.js'
import { littleEndian } from './spdm-report.js'

export interface GpuOpaqueInput {
  readonly label: string
  readonly family: Exclude<SyntheticFamily, 'ls10' | 'blackwell-fsp'>
  readonly driverVersion: string
  readonly vbiosVersion: string
  readonly fwid: Bytes
  readonly chip: string | undefined
  readonly project: string
  readonly projectSku: string
  readonly chipSku: string
  readonly mode: 'spt' | 'mpt' | 'ppcie'
  readonly nvdec0: 'enabled' | 'disabled'
  readonly versioned: boolean
  readonly switchPdis: readonly Bytes[]
}

const gpuInfo = {
  hopper: [0x80, 0x01, 0, 0, 0, 0, 0, 0],
  blackwell: [0xa0, 0x01, 0, 0, 0, 0, 0, 0],
  gb20x: [0xb0, 0x01, 0, 0, 0x02, 0, 0, 0],
  rubin: [0xc0, 0x01, 0, 0, 0, 0, 0, 0],
} as const
const featureFlag = { spt: 0, mpt: 1, ppcie: 2 } as const
const linkCount = 18

function counters(seed: string, label: string, count: number): Bytes {
  const small = deriveBytes(seed, `extend counters/${label}`, count)
  return concatBytes(...Array.from(small, (byte) => littleEndian(byte & 7, 4)))
}

/** Eighteen links, each naming its switch with the bytes reversed. */
function linkPdis(switchPdis: readonly Bytes[]): Bytes {
  return concatBytes(
    ...Array.from({ length: linkCount }, (_, link) =>
      Uint8Array.from(switchPdis[link % switchPdis.length] ?? new Uint8Array(8)).reverse(),
    ),
  )
}

export function gpuOpaque(seed: string, gpu: GpuOpaqueInput): readonly SyntheticOpaqueField[] {
  const field = (id: number, value: Bytes): SyntheticOpaqueField => ({ id, value })
  const isHopper = gpu.family === 'hopper'
  const protectedPcie = [
    field(opaqueFields.protectedPcieStatus, Uint8Array.of(gpu.mode === 'ppcie' ? 0xaa : 0x55)),
    ...(gpu.mode === 'ppcie' ? [field(opaqueFields.switchPdis, linkPdis(gpu.switchPdis))] : []),
  ]
  return [
    field(opaqueFields.vbiosVersion, gpuVbiosVersion(gpu.vbiosVersion)),
    field(opaqueFields.boardId, littleEndian(0x0437, 4)),
    field(opaqueFields.chipSku, paddedAscii(gpu.chipSku, 9)),
    field(opaqueFields.chipSkuMod, paddedAscii('0', 5)),
    field(opaqueFields.project, paddedAscii(gpu.project)),
    field(opaqueFields.projectSku, paddedAscii(gpu.projectSku)),
    field(opaqueFields.projectSkuMod, new Uint8Array(2)),
    field(opaqueFields.driverVersion, paddedAscii(gpu.driverVersion)),
    field(opaqueFields.gpuInfo, Uint8Array.from(gpuInfo[gpu.family])),
    field(opaqueFields.measurementCount, counters(seed, gpu.label, 64)),
    field(opaqueFields.cprInfo, Uint8Array.of(0, isHopper ? 0xc0 : 0, isHopper ? 1 : 4, 0)),
    field(opaqueFields.nvdec0Status, Uint8Array.of(gpu.nvdec0 === 'enabled' ? 0xaa : 0x55)),
    ...(gpu.versioned ? [field(opaqueFields.fspUcodeSvn, littleEndian(2, 2))] : []),
    field(opaqueFields.fwid, gpu.fwid),
    ...(isHopper ? protectedPcie : [field(opaqueFields.sysEnableStatus, Uint8Array.of(7, 7))]),
    // Next to the versioned header this field is a leftover that verifiers have to ignore: 512 if read.
    field(opaqueFields.opaqueDataVersion, gpu.versioned ? Uint8Array.of(0, 2) : littleEndian(1, 2)),
    ...(gpu.chip === undefined ? [] : [field(opaqueFields.chipInfo, paddedAscii(gpu.chip))]),
    field(opaqueFields.featureFlag, littleEndian(featureFlag[gpu.mode], 2)),
  ]
}

export interface SwitchOpaqueInput {
  readonly label: string
  readonly vbiosVersion: string
  readonly pdi: Bytes
  readonly position: number
  readonly gpuPdis: readonly Bytes[]
}

/** GPU slot behind each group of four ports; the groups between are switched off. */
const connectedGroups = new Map([
  [0, [0, 0, 1, 1]],
  [4, [2, 2, 3, 3]],
  [8, [4, 4, 5, 5]],
  [9, [6, 6, 7, 7]],
])
/** Ports of groups 2, 3 and 5 to 7. */
const disabledGroups = 0x00ec

function portMap(): Bytes {
  return Uint8Array.from({ length: 64 }, (_, port) => connectedGroups.get(port >> 2)?.[port & 3] ?? 0xff)
}

export function switchOpaque(seed: string, device: SwitchOpaqueInput): readonly SyntheticOpaqueField[] {
  return [
    { id: opaqueFields.vbiosVersion, value: encodeUtf8(device.vbiosVersion) },
    { id: opaqueFields.devicePdi, value: device.pdi },
    { id: opaqueFields.measurementCount, value: counters(seed, device.label, 26) },
    { id: opaqueFields.switchGpuPdis, value: concatBytes(...device.gpuPdis, portMap()) },
    { id: opaqueFields.disabledPorts, value: littleEndian(disabledGroups, 2) },
    { id: opaqueFields.switchPosition, value: littleEndian(device.position, 2) },
    { id: opaqueFields.switchLockStatus, value: littleEndian(1, 2) },
  ]
}
