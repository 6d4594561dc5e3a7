// Device families: the capability table is consistent, and names are read exactly.
import { describe, expect, it } from 'vitest'
import { familyCapabilities as exported } from '../../src/index.js'
import {
  familyCapabilities,
  labelFits,
  parseDeviceName,
  pdiPrefix,
  unattestableLabels,
} from '../../src/nvidia/architecture.js'
import { createSyntheticWorld } from '../../src/testing/world.js'
import { parseCertificate } from '../../src/x509/certificate.js'

const world = createSyntheticWorld({ seed: 'architecture' })

function nameOf(commonName: string) {
  const device = world.hopper({ chain: { leaf: { subject: [['CN', commonName]] } } })
  return parseDeviceName(parseCertificate(device.chain.leaf.der))
}

describe('parseDeviceName', () => {
  it.each([
    ['GH100 A01 GSP FMC LF', 'hopper', 'GH100', 'gsp', 'leaf'],
    ['GB100 A01 FSP BROM', 'blackwell', 'GB100', 'fsp', 'brom'],
    ['GB110 A02 GSP FMC LF', 'blackwell', 'GB110', 'gsp', 'leaf'],
    ['GB20X A01 GSP BROM', 'blackwell', 'GB20X', 'gsp', 'brom'],
    ['GR100 A01 GSP FMC LF', 'rubin', 'GR100', 'gsp', 'leaf'],
    ['LS_10 A01 FSP FMC LF', 'ls10', 'LS_10', 'fsp', 'leaf'],
  ])('reads %s', (commonName, family, product, responder, role) => {
    expect(nameOf(commonName)).toMatchObject({ family, product, responder, role })
  })

  it.each([
    'GH100 A01 GSP FMC LF ',
    'xGH100 A01 GSP FMC LF',
    'GH100 A1 GSP FMC LF',
    'gh100 A01 GSP FMC LF',
    'GH100 A01 GSP FMC',
    'GA100 A01 GSP FMC LF',
    'NVIDIA GH100 Identity',
  ])('refuses %j', (commonName) => {
    expect(nameOf(commonName)).toBeUndefined()
  })
})

describe('familyCapabilities', () => {
  it('is the table the library decides by, and nobody can write to any part of it', () => {
    expect(exported).toBe(familyCapabilities)
    const parts = [exported, ...Object.values(exported), ...Object.values(exported).flatMap(Object.values)]
    expect(parts.filter((part) => !Object.isFrozen(part))).toEqual([])
    expect(Reflect.set(exported.hopper, 'fwid', 'never')).toBe(false)
    expect(Reflect.set(exported.hopper.products, 1, 'GX999')).toBe(false)
    expect(familyCapabilities.hopper).toMatchObject({ fwid: 'since-driver-550', products: ['GH100'] })
  })

  it('gives every product and label to one family', () => {
    const products = Object.values(familyCapabilities).flatMap((family) => family.products)
    expect(new Set(products).size).toBe(products.length)
    const labels = Object.values(familyCapabilities).map(({ label }) => label)
    expect(new Set(labels).size).toBe(labels.length)
    expect(labels.filter((label) => unattestableLabels.includes(label))).toEqual([])
  })

  it('matches container labels in any case, and no others', () => {
    expect(['HOPPER', 'Hopper', 'hopper'].map((label) => labelFits(label, 'hopper'))).toEqual([true, true, true])
    expect(['BLACKWELL', 'HOPPER ', '', 'AMPERE'].map((label) => labelFits(label, 'hopper'))).toEqual([
      false,
      false,
      false,
      false,
    ])
  })

  it('knows the prefixes that distinguish the identifiers of GPUs, their FSPs and switches', () => {
    expect([pdiPrefix('gpu', 'gsp'), pdiPrefix('gpu', 'fsp'), pdiPrefix('switch', 'fsp')]).toEqual([0x41, 0x40, 0x50])
  })
})
