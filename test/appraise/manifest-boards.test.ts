// VBIOS manifests of several boards in one collateral: issues supersede one another only under one tag id.
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import {
  type ManifestOverrides,
  type SyntheticDevice,
  type SyntheticManifest,
  withEntry,
} from '../../src/testing/index.js'
import { codes, collateralFor, judge, outcome, world } from './scene.js'

const hopper = world.hopper()
const driver = world.driverManifest(hopper)
const firmware = world.firmwareManifest(hopper)
const other = world.bytes('another value', 48)

const withManifests = (device: SyntheticDevice, manifests: readonly SyntheticManifest[]) =>
  judge({ device, collateral: collateralFor(device, manifests) })

/** A signer of the manifests whose certificate begins `days` after the usual one. */
const laterSigner = (days: number): ManifestOverrides => ({
  chain: { signer: { notBefore: new Date(Date.parse('2025-01-01T00:00:00Z') + days * 86_400_000) } },
})
const wrongValue: ManifestOverrides = { entries: withEntry(21, { alternatives: [other] }) }

describe('of VBIOS manifests for several boards', () => {
  // A VBIOS manifest states product and version; which board it is for shows in its tag id alone.
  const board: ManifestOverrides = { root: { tagId: 'b0'.repeat(48) } }
  const changed: ManifestOverrides = { entries: withEntry(9, { alternatives: [other] }) }
  const otherBoard = world.firmwareManifest(hopper, { ...board, ...changed, ...laterSigner(100) })
  const withFirmware = (...manifests: readonly SyntheticManifest[]) => withManifests(hopper, [driver, ...manifests])

  it('a later one for another board does not supersede the one whose values were measured', async () => {
    for (const order of [
      [firmware, otherBoard],
      [otherBoard, firmware],
    ]) {
      const result = await withFirmware(...order)
      expect(codes(result)).toEqual([])
      expect(result.claims?.firmwareManifest?.sha256).toBe(createHash('sha256').update(firmware.bytes).digest('hex'))
    }
    const device = world.hopper({ measurements: { 9: other } })
    const both = await withManifests(device, [driver, firmware, otherBoard])
    expect([both.verdict, both.claims?.firmwareManifest?.tagId]).toEqual(['pass', 'b0'.repeat(48)])
  })

  it('an older issue does not pass beside a later one of the same tag id, whatever other boards have', async () => {
    const reissued = world.firmwareManifest(hopper, { ...changed, ...laterSigner(50) })
    for (const order of [
      [firmware, reissued, otherBoard],
      [otherBoard, reissued, firmware],
    ])
      expect(codes(await withFirmware(...order))).toEqual(['rim/measurement-mismatch'])
  })

  it('where none has the values measured, the one that differs least is shown, in any order', async () => {
    const far = world.firmwareManifest(hopper, {
      ...laterSigner(200),
      root: { tagId: 'b1'.repeat(48) },
      entries: (entries) => withEntry(11, { alternatives: [other] })(withEntry(9, { alternatives: [other] })(entries)),
    })
    for (const order of [
      [far, otherBoard],
      [otherBoard, far],
    ]) {
      const result = await withFirmware(...order)
      expect(result.failures).toMatchObject([{ code: 'rim/measurement-mismatch', details: { index: 9 } }])
      expect(result.claims?.firmwareManifest?.tagId).toBe('b0'.repeat(48))
    }
  })

  it('of two that have the values, the later one is named, in any order', async () => {
    const equal = world.firmwareManifest(hopper, { ...board, ...laterSigner(10) })
    for (const order of [
      [firmware, equal],
      [equal, firmware],
    ]) {
      const result = await withFirmware(...order)
      expect([result.verdict, result.claims?.firmwareManifest?.tagId]).toEqual(['pass', 'b0'.repeat(48)])
    }
  })

  it('an ambiguous board vouches for nothing, and hides no other that fits', async () => {
    const twin = world.firmwareManifest(hopper, { root: { version: '1.1' } })
    const ambiguous = await withFirmware(firmware, twin, otherBoard)
    expect(outcome(ambiguous, 'firmware-manifest').failures).toMatchObject([
      { code: 'manifest/ambiguous', details: { kind: 'vbios', count: 2 } },
    ])
    const sound = world.firmwareManifest(hopper, board)
    expect((await withFirmware(firmware, twin, sound)).verdict).toBe('pass')
  })

  it('a driver has no board: of its manifests the latest counts under any tag id', async () => {
    const later = world.driverManifest(hopper, { ...board, ...wrongValue, ...laterSigner(100) })
    for (const order of [
      [driver, later, firmware],
      [later, driver, firmware],
    ])
      expect(codes(await withManifests(hopper, order))).toEqual(['rim/measurement-mismatch'])
  })

  it('a switch has no board either', async () => {
    const ls10 = world.ls10()
    const later = world.firmwareManifest(ls10, { ...board, ...changed, ...laterSigner(100) })
    expect(codes(await withManifests(ls10, [world.firmwareManifest(ls10), later]))).toEqual([
      'rim/measurement-mismatch',
    ])
  })
})
