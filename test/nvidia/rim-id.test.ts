// Ids of reference manifests: by chip, with the documented fallbacks, and none where nothing is published.
import { describe, expect, it } from 'vitest'
import { parseGpuReport } from '../../src/nvidia/gpu-report.js'
import { driverRimId, switchBiosRimId, vbiosRimId } from '../../src/nvidia/rim-id.js'
import { parseSwitchReport } from '../../src/nvidia/switch-report.js'
import type { OpaqueOverrides } from '../../src/testing/opaque-data.js'
import { paddedAscii } from '../../src/testing/opaque-data.js'
import { createSyntheticWorld } from '../../src/testing/world.js'

const world = createSyntheticWorld({ seed: 'rim ids' })
const report = (opaque: OpaqueOverrides) => parseGpuReport(world.blackwell({ driverVersion: '575.32', opaque }).report)

describe('driverRimId', () => {
  it('names the chip of the certificates on Hopper, whatever the report adds', () => {
    expect(driverRimId(report({ 35: paddedAscii('GB100') }), 'GH100')).toBe('NV_GPU_DRIVER_GH100_575.32')
  })

  it('names the chip of field 35 on Blackwell', () => {
    const gb202 = report({ 35: paddedAscii('GB202') })
    expect(driverRimId(gb202, 'GB20X')).toBe('NV_GPU_CC_DRIVER_GB202_575.32')
    expect(driverRimId(report({ 35: paddedAscii('GB110') }), 'GB110')).toBe('NV_GPU_CC_DRIVER_GB110_575.32')
  })

  it('falls back to GB100 without field 35, for GB100 only', () => {
    const silent = report({ 35: null })
    expect(driverRimId(silent, 'GB100')).toBe('NV_GPU_CC_DRIVER_GB100_575.32')
    expect(driverRimId(silent, 'GB20X')).toBeUndefined()
    expect(driverRimId(silent, 'GB110')).toBeUndefined()
  })

  it('has none where no scheme is published or no driver stated', () => {
    expect(driverRimId(report({}), 'GR100')).toBeUndefined()
    expect(driverRimId(report({ 3: null }), 'GH100')).toBeUndefined()
  })
})

describe('vbiosRimId', () => {
  it('joins project, SKUs and version in upper case without dots', () => {
    const parts = { 17: paddedAscii('g525'), 18: paddedAscii('0220'), 15: paddedAscii('886', 9) }
    expect(vbiosRimId(report({ ...parts, 6: Uint8Array.of(0, 0xd9, 0, 0x97, 0x0f, 0, 0, 0) }))).toBe(
      'NV_GPU_VBIOS_G525_0220_886_9700D9000F',
    )
  })

  it.each([17, 18, 15, 6])('has none without field %i', (id) => {
    expect(vbiosRimId(report({ [id]: null }))).toBeUndefined()
  })
})

describe('switchBiosRimId', () => {
  it('is constant but for the version', () => {
    const { report: bytes } = world.ls10({ vbiosVersion: '96.10.6d.00.01' })
    expect(switchBiosRimId(parseSwitchReport(bytes))).toBe('NV_SWITCH_BIOS_5612_0002_890_96106D0001')
    expect(switchBiosRimId(parseSwitchReport(world.ls10({ opaque: { 6: null } }).report))).toBeUndefined()
  })
})
