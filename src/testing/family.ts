// What distinguishes the device families on the wire: names, certificate shape, report shape.

export type SyntheticFamily = 'hopper' | 'blackwell' | 'gb20x' | 'rubin' | 'ls10' | 'blackwell-fsp'

export interface FamilyProfile {
  /** `arch` in the evidence container. */
  readonly arch: 'HOPPER' | 'BLACKWELL' | 'RUBIN' | 'LS10'
  /** Product in certificate names and in the device information of the leaf. */
  readonly product: string
  /** The engine that answers: names the leaf and the BROM certificate. */
  readonly engine: 'GSP' | 'FSP'
  readonly identity: string
  readonly provisioner: string
  /** First byte of the BROM serial number, before the eight bytes of the PDI. */
  readonly pdiPrefix: number
  readonly dice: 'composite-device-id' | 'tcb-info'
  readonly notBefore: Date
  /** Whether the BROM certificate names an OCSP responder. */
  readonly bromNamesResponder: boolean
  readonly blocks: number
  readonly driverVersion: string
  readonly vbiosVersion: string
}

const olderDevices = new Date('2020-10-17T00:00:00Z')
const newerDevices = new Date('2023-06-20T00:00:00Z')

const blackwell: FamilyProfile = {
  arch: 'BLACKWELL',
  product: 'GB100',
  engine: 'GSP',
  identity: 'GB100 Identity',
  provisioner: 'GB100 Provisioner ICA 00000',
  pdiPrefix: 0x41,
  dice: 'tcb-info',
  notBefore: newerDevices,
  bromNamesResponder: true,
  blocks: 64,
  driverVersion: '599.20',
  vbiosVersion: '97.00.F0.00.01',
}

export const familyProfiles: Readonly<Record<SyntheticFamily, FamilyProfile>> = {
  hopper: {
    arch: 'HOPPER',
    product: 'GH100',
    engine: 'GSP',
    identity: 'GH100 Identity',
    provisioner: 'GH100 Provisioner ICA 1',
    pdiPrefix: 0x41,
    dice: 'composite-device-id',
    notBefore: olderDevices,
    bromNamesResponder: false,
    blocks: 64,
    driverVersion: '599.10',
    vbiosVersion: '96.00.F0.00.01',
  },
  blackwell,
  gb20x: {
    ...blackwell,
    product: 'GB20X',
    identity: 'GB20X Identity',
    provisioner: 'GB20X Provisioner ICA 00000',
    driverVersion: '599.30',
    vbiosVersion: '98.02.F0.00.01',
  },
  rubin: {
    ...blackwell,
    arch: 'RUBIN',
    product: 'GR100',
    identity: 'GR1XX Identity',
    provisioner: 'GR100 Provisioner ICA 00000',
    driverVersion: '629.10',
    vbiosVersion: '99.00.F0.00.01',
  },
  ls10: {
    arch: 'LS10',
    product: 'LS_10',
    engine: 'FSP',
    // Switches hang under the identity of the GPU generation they were built with.
    identity: 'GH100 Identity',
    provisioner: 'LS_10 Provisioner ICA 1',
    pdiPrefix: 0x50,
    dice: 'composite-device-id',
    notBefore: olderDevices,
    bromNamesResponder: false,
    blocks: 31,
    driverVersion: '',
    vbiosVersion: '96.10.F0.00.01',
  },
  'blackwell-fsp': {
    ...blackwell,
    engine: 'FSP',
    pdiPrefix: 0x40,
    blocks: 52,
  },
}
