// Whole machines: the Protected PCIe node of eight GPUs and four switches, and the multi-GPU passthrough node.
import type { Bytes } from '../bytes/bytes.js'
import type { DeviceOptions, SyntheticDevice } from './device.js'
import type { SyntheticDevicePki } from './device-pki.js'
import type { SyntheticFamily } from './family.js'
import { deriveBytes } from './key.js'

export interface NodeOptions {
  /** Distinguishes nodes; their devices share nothing. */
  readonly node?: string
  /** One challenge nonce for all devices. */
  readonly nonce?: Bytes
  /** Further choices for the GPU at a position. */
  readonly gpu?: (position: number) => DeviceOptions
  /** Further choices for the switch at a position. */
  readonly nvswitch?: (position: number) => DeviceOptions
}

/** Devices that name each other as one machine. */
export interface SyntheticNode {
  readonly nonce: Bytes
  readonly gpus: readonly SyntheticDevice[]
  readonly switches: readonly SyntheticDevice[]
  readonly devices: readonly SyntheticDevice[]
}

type MakeDevice = (family: SyntheticFamily, options: DeviceOptions) => SyntheticDevice

function labels(node: string, kind: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, position) => `${node}/${kind}-${position}`)
}

/** Eight Hopper GPUs and four LS10 switches that name each other in their reports. */
export function createPpcieNode(
  seed: string,
  pki: SyntheticDevicePki,
  make: MakeDevice,
  options: NodeOptions = {},
): SyntheticNode {
  const node = options.node ?? 'node-0'
  const nonce = options.nonce ?? deriveBytes(seed, `nonce/${node}`, 32)
  const gpuLabels = labels(node, 'gpu', 8)
  const switchLabels = labels(node, 'switch', 4)
  const gpuPdis = gpuLabels.map((label) => pki.devicePdi('hopper', label))
  const switchPdis = switchLabels.map((label) => pki.devicePdi('ls10', label))
  const gpus = gpuLabels.map((device, position) =>
    make('hopper', { device, nonce, mode: 'ppcie', switchPdis, ...options.gpu?.(position) }),
  )
  const switches = switchLabels.map((device, position) =>
    make('ls10', { device, nonce, gpuPdis, switchPosition: position, ...options.nvswitch?.(position) }),
  )
  return { nonce, gpus, switches, devices: [...gpus, ...switches] }
}

/** Eight Blackwell GPUs in multi-GPU passthrough: no switches, no topology fields. */
export function createMptNode(seed: string, make: MakeDevice, options: NodeOptions = {}): SyntheticNode {
  const node = options.node ?? 'node-0'
  const nonce = options.nonce ?? deriveBytes(seed, `nonce/${node}`, 32)
  const gpus = labels(node, 'gpu', 8).map((device, position) =>
    make('blackwell', { device, nonce, mode: 'mpt', ...options.gpu?.(position) }),
  )
  return { nonce, gpus, switches: [], devices: gpus }
}
