// Device families: what each can prove, as data, and which one a certificate names.
import type { Certificate } from '../x509/certificate.js'
import { commonName } from '../x509/name.js'
import type { GpuMode } from './gpu-report.js'

/** What a device is. */
export type DeviceKind = 'gpu' | 'switch'
/** The processor that answers: the GPU system processor, or the one that starts the device. */
export type Responder = 'gsp' | 'fsp'
/** Device generation, from the certificate chain. */
export type Family = 'hopper' | 'blackwell' | 'rubin' | 'ls10'
/** Chip as certificates name it. GB20X stands for several chips; field 35 of a report says which. */
export type Product = 'GH100' | 'GB100' | 'GB110' | 'GB20X' | 'GR100' | 'LS_10'

/** What one family can prove. */
export interface FamilyCapability {
  readonly kind: DeviceKind
  /** `arch` of evidence containers. */
  readonly label: string
  readonly products: readonly Product[]
  readonly responders: readonly Responder[]
  /** `swid`: reference manifests this library reads; `corim-only`: none, so that measurements stay unappraised. */
  readonly manifests: 'swid' | 'corim-only'
  /** Whether a GSP report repeats the FWID of its certificate; an FSP report never has to. */
  readonly fwid: 'always' | 'since-driver-550' | 'never'
  readonly modes: readonly GpuMode[]
}

/** For use inside this package, which hands it out frozen: see `family-capabilities.ts`. */
export const familyCapabilities: Readonly<Record<Family, FamilyCapability>> = {
  hopper: {
    kind: 'gpu',
    label: 'HOPPER',
    products: ['GH100'],
    responders: ['gsp'],
    manifests: 'swid',
    fwid: 'since-driver-550',
    modes: ['spt', 'ppcie'],
  },
  blackwell: {
    kind: 'gpu',
    label: 'BLACKWELL',
    products: ['GB100', 'GB110', 'GB20X'],
    responders: ['gsp', 'fsp'],
    manifests: 'swid',
    fwid: 'always',
    modes: ['spt', 'mpt'],
  },
  rubin: {
    kind: 'gpu',
    label: 'RUBIN',
    products: ['GR100'],
    responders: ['gsp'],
    manifests: 'corim-only',
    fwid: 'always',
    modes: ['spt', 'mpt'],
  },
  ls10: {
    kind: 'switch',
    label: 'LS10',
    products: ['LS_10'],
    responders: ['fsp'],
    manifests: 'swid',
    fwid: 'never',
    modes: [],
  },
}

const families: readonly Family[] = ['hopper', 'blackwell', 'rubin', 'ls10']

/** Labels of devices that sign no report at all: a container that names one holds evidence of something else. */
export const unattestableLabels: readonly string[] = ['VOLTA', 'TURING', 'AMPERE', 'ADA', 'SV10', 'LR10']

/** First byte of the serial number in a BROM certificate's subject; the PDI follows. */
export function pdiPrefix(kind: DeviceKind, responder: Responder): number {
  return kind === 'switch' ? 0x50 : responder === 'gsp' ? 0x41 : 0x40
}

/** What the common name of a leaf or BROM certificate says. */
export interface DeviceName {
  readonly family: Family
  readonly product: Product
  /** Chip revision, e.g. `A01`. */
  readonly revision: string
  readonly responder: Responder
  readonly role: 'leaf' | 'brom'
}

const deviceName = /^([0-9A-Z_]+) ([A-Z][0-9]{2}) (GSP|FSP) (FMC LF|BROM)$/

/** Reads `GH100 A01 GSP FMC LF` and the like; undefined for any other name or unknown chip. Proves nothing by itself. */
export function parseDeviceName(certificate: Certificate): DeviceName | undefined {
  const [, chip, revision = '', responder, role] = deviceName.exec(commonName(certificate.subject) ?? '') ?? []
  for (const family of families) {
    const product = familyCapabilities[family].products.find((candidate) => candidate === chip)
    if (product !== undefined)
      return {
        family,
        product,
        revision,
        responder: responder === 'GSP' ? 'gsp' : 'fsp',
        role: role === 'BROM' ? 'brom' : 'leaf',
      }
  }
  return undefined
}

/** Whether a container's `arch` label (any case) fits a family. */
export function labelFits(label: string, family: Family): boolean {
  const expected = familyCapabilities[family].label
  // The length first: a container may state one long label for all its items.
  return label.length === expected.length && label.toUpperCase() === expected
}
