// A family and a few choices into one device: its certificates, its signed report, and what manifests say about it.
import type { Bytes } from '../bytes/bytes.js'
import { gpuOpaque, switchOpaque } from './device-opaque.js'
import type { DeviceChain, DeviceChainOverrides, SyntheticDevicePki } from './device-pki.js'
import { type FamilyProfile, familyProfiles, type SyntheticFamily } from './family.js'
import { type FirmwareReferences, firmwareId, firmwareReferences, fspBlocks, measurementBlocks } from './firmware.js'
import { deriveBytes, type SyntheticKey } from './key.js'
import {
  encodeLegacyOpaque,
  encodeVersionedOpaque,
  type OpaqueOverrides,
  overrideOpaque,
  type SyntheticOpaqueField,
  type VersionedOpaqueHeader,
} from './opaque-data.js'
import { encodeReport, type ReportOverrides, type SyntheticBlock } from './spdm-report.js'

export type SyntheticMode = 'spt' | 'mpt' | 'ppcie'

/** Everything about a device that a test may choose; whatever is left out is as on a sound device. */
export interface DeviceOptions {
  /** Distinguishes devices of one world; `device-0` if left out. */
  readonly device?: string
  /** Challenge nonce, 32 bytes. */
  readonly nonce?: Bytes
  readonly responderNonce?: Bytes
  readonly driverVersion?: string
  readonly vbiosVersion?: string
  readonly mode?: SyntheticMode
  readonly nvdec0?: 'enabled' | 'disabled'
  /** `versioned` is the NVDAOD layout of newer drivers. */
  readonly opaqueLayout?: 'legacy' | 'versioned'
  /** Measured values by reference index (block index less one); manifests keep stating the sound ones. */
  readonly measurements?: Readonly<Record<number, Bytes>>
  /** Applied to the blocks last: reorder, drop, duplicate, spoil. */
  readonly blocks?: (blocks: readonly SyntheticBlock[]) => readonly SyntheticBlock[]
  readonly opaque?: OpaqueOverrides
  /** Applied to the fields last. */
  readonly opaqueFields?: (fields: readonly SyntheticOpaqueField[]) => readonly SyntheticOpaqueField[]
  /** The opaque data as a whole. */
  readonly opaqueBytes?: Bytes
  readonly opaqueHeader?: VersionedOpaqueHeader
  /** Firmware digest certified in the leaf; the report states the sound one. */
  readonly certifiedFwid?: Bytes
  readonly chain?: DeviceChainOverrides
  /** Signs the report in place of the leaf key. */
  readonly reportKey?: SyntheticKey
  readonly report?: ReportOverrides
  /** On a GPU: PDIs of the switches its links lead to. */
  readonly switchPdis?: readonly Bytes[]
  /** On a switch: PDIs of the eight GPUs. */
  readonly gpuPdis?: readonly Bytes[]
  readonly switchPosition?: number
}

/** A device with its report, chain and keys. */
export interface SyntheticDevice {
  readonly family: SyntheticFamily
  readonly arch: FamilyProfile['arch']
  /** Product as manifests name it. */
  readonly product: string
  readonly nonce: Bytes
  readonly report: Bytes
  readonly blocks: readonly SyntheticBlock[]
  readonly opaque: readonly SyntheticOpaqueField[]
  readonly chain: DeviceChain
  readonly chainPem: string
  readonly leafKey: SyntheticKey
  readonly pdi: Bytes
  /** Decimal serial number of the leaf. */
  readonly ueid: string
  readonly fwid: Bytes
  readonly driverVersion: string
  readonly vbiosVersion: string
  /** Id of the driver manifest; switches and FSP responders have none. */
  readonly driverManifestId: string | undefined
  readonly firmwareManifestId: string | undefined
  readonly references: FirmwareReferences
}

const boards = {
  project: 'G999',
  projectSku: '0200',
  chipSku: '885',
} as const
const chips: Readonly<Record<SyntheticFamily, string | undefined>> = {
  hopper: undefined,
  blackwell: 'GB100',
  gb20x: 'GB202',
  rubin: 'GR100',
  ls10: undefined,
  'blackwell-fsp': 'GB100',
}

function decimal(bytes: Bytes): string {
  let value = 0n
  for (const byte of bytes) value = value * 256n + BigInt(byte)
  return value.toString()
}

interface ManifestIds {
  readonly driver: string | undefined
  readonly firmware: string | undefined
}

function manifestIds(family: SyntheticFamily, driverVersion: string, vbiosVersion: string): ManifestIds {
  const compact = vbiosVersion.replaceAll('.', '').toUpperCase()
  switch (family) {
    case 'ls10':
      return { driver: undefined, firmware: `NV_SWITCH_BIOS_5612_0002_890_${compact}` }
    case 'blackwell-fsp':
      return { driver: undefined, firmware: undefined }
    case 'hopper':
    case 'blackwell':
    case 'gb20x':
    case 'rubin': {
      const driver =
        family === 'hopper'
          ? `NV_GPU_DRIVER_GH100_${driverVersion}`
          : `NV_GPU_CC_DRIVER_${chips[family]}_${driverVersion}`
      return {
        driver,
        firmware: `NV_GPU_VBIOS_${boards.project}_${boards.projectSku}_${boards.chipSku}_${compact}`,
      }
    }
    default:
      return family satisfies never
  }
}

interface Plan {
  readonly seed: string
  readonly family: SyntheticFamily
  readonly label: string
  readonly chain: DeviceChain
  readonly fwid: Bytes
  readonly driverVersion: string
  readonly vbiosVersion: string
  readonly references: FirmwareReferences
  readonly options: DeviceOptions
}

function planBlocks({ seed, family, label, chain, references, options }: Plan): readonly SyntheticBlock[] {
  const overrides = options.measurements ?? {}
  const sound =
    family === 'blackwell-fsp'
      ? fspBlocks(seed, { label, pdi: chain.pdi, sku: 0x065c }, overrides)
      : measurementBlocks(
          seed,
          familyProfiles[family].blocks,
          references,
          { label, nvdecDisabled: options.nvdec0 === 'disabled' },
          overrides,
        )
  return options.blocks?.(sound) ?? sound
}

function planOpaque(plan: Plan, pki: SyntheticDevicePki): readonly SyntheticOpaqueField[] {
  const { seed, family, label, options, chain, fwid, driverVersion, vbiosVersion } = plan
  if (family === 'blackwell-fsp') return overrideOpaque([], options.opaque ?? {})
  const sound =
    family === 'ls10'
      ? switchOpaque(seed, {
          label,
          vbiosVersion,
          pdi: chain.pdi,
          position: options.switchPosition ?? 0,
          gpuPdis: options.gpuPdis ?? Array.from({ length: 8 }, (_, i) => pki.devicePdi('hopper', `device-${i}`)),
        })
      : gpuOpaque(seed, {
          label,
          family,
          driverVersion,
          vbiosVersion,
          fwid,
          chip: chips[family],
          ...boards,
          mode: options.mode ?? 'spt',
          nvdec0: options.nvdec0 ?? 'enabled',
          versioned: options.opaqueLayout === 'versioned',
          switchPdis: options.switchPdis ?? [],
        })
  const changed = overrideOpaque(sound, options.opaque ?? {})
  return options.opaqueFields?.(changed) ?? changed
}

/** One device of the world of `seed`, certified by `pki`. */
export function createDevice(
  seed: string,
  pki: SyntheticDevicePki,
  family: SyntheticFamily,
  options: DeviceOptions = {},
): SyntheticDevice {
  const profile = familyProfiles[family]
  const name = options.device ?? 'device-0'
  const label = `${family}/${name}`
  const { driverVersion = profile.driverVersion, vbiosVersion = profile.vbiosVersion } = options
  const fwid = firmwareId(seed, family, vbiosVersion)
  const chain = pki.issueChain({
    family,
    device: name,
    fwid: options.certifiedFwid ?? fwid,
    ...(options.chain === undefined ? {} : { overrides: options.chain }),
  })
  const references = firmwareReferences(seed, family, { driverVersion, vbiosVersion })
  const plan = { seed, family, label, chain, fwid, driverVersion, vbiosVersion, references, options }
  const blocks = planBlocks(plan)
  const opaque = planOpaque(plan, pki)
  const layout =
    options.opaqueLayout === 'versioned'
      ? encodeVersionedOpaque(opaque, options.opaqueHeader)
      : encodeLegacyOpaque(opaque)
  const nonce = options.nonce ?? deriveBytes(seed, 'nonce', 32)
  const responderNonce = options.responderNonce ?? deriveBytes(seed, `responder nonce/${label}`, 32)
  const parts = { nonce, responderNonce, blocks, opaque: options.opaqueBytes ?? layout }
  const ids = manifestIds(family, driverVersion, vbiosVersion)
  return {
    family,
    arch: profile.arch,
    product: family === 'ls10' ? 'LS10' : profile.product,
    nonce,
    report: encodeReport(parts, options.reportKey ?? chain.leaf.key, options.report),
    blocks,
    opaque,
    chain,
    chainPem: chain.pem,
    leafKey: chain.leaf.key,
    pdi: chain.pdi,
    ueid: decimal(chain.leaf.serialNumber),
    fwid,
    driverVersion,
    vbiosVersion,
    driverManifestId: ids.driver,
    firmwareManifestId: ids.firmware,
    references,
  }
}
