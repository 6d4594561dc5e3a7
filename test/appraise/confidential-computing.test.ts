// What the share of differing driver values is called, and what the claim about confidential computing says.
import { describe, expect, it } from 'vitest'
import {
  type DeviceOptions,
  type ManifestOverrides,
  type SyntheticDevice,
  type SyntheticManifest,
  withEntry,
} from '../../src/testing/index.js'
import { codes, collateralFor, judge, outcome, policyWith, unsatisfied, world } from './scene.js'

const hopper = world.hopper()
const driver = world.driverManifest(hopper)
const firmware = world.firmwareManifest(hopper)
const other = world.bytes('another value', 48)

const withManifests = (device: SyntheticDevice, manifests: readonly SyntheticManifest[]) =>
  judge({ device, collateral: collateralFor(device, manifests) })
const wrongValue: ManifestOverrides = { entries: withEntry(21, { alternatives: [other] }) }

describe('where half or more of the values differ', () => {
  const indices = [...hopper.references.driver.keys()]
  /** A device of which the first `count` driver values are others; `except` is left out of them. */
  const differingIn = (count: number, options: DeviceOptions = {}, except?: number) =>
    world.hopper({
      ...options,
      measurements: Object.fromEntries(
        indices
          .filter((index) => index !== except)
          .slice(0, count)
          .map((index) => [index, other]),
      ),
    })
  const judged = (device: SyntheticDevice) => withManifests(device, [driver, firmware])

  it.each([
    [1, 'rim/measurement-mismatch', 'not-shown'],
    [10, 'rim/measurement-mismatch', 'not-shown'],
    [11, 'rim/other-configuration', 'contradicted'],
    [21, 'rim/other-configuration', 'contradicted'],
  ] as const)('of the driver, %i of 21: every index fails as %s', async (count, code, confidentialComputing) => {
    const result = await judged(differingIn(count))
    expect(result.verdict).toBe('fail')
    expect(result.failures.map((failure) => [failure.code, failure.at])).toEqual(
      indices.slice(0, count).map((index) => [code, `measurements[${index}]`]),
    )
    expect(result.checks.filter(({ id }) => id === 'driver-measurements')).toMatchObject([{ outcome: 'fail' }])
    expect(unsatisfied(result)).toEqual(['driver-measurements'])
    expect(result.claims).toMatchObject({ confidentialComputing, measurementsMatched: 33 - count })
    expect(result.claims?.vendorClaims['x-nvidia-mismatch-measurement-records']).toHaveLength(count)
    if (code === 'rim/other-configuration')
      expect(result.failures[0]?.details).toMatchObject({ source: 'driver', differing: count, compared: 21 })
  })

  it('the decoder counts for the share only while it is enabled', async () => {
    // Ten of twenty compared, and ten of twenty-one.
    const disabled = await judged(differingIn(10, { nvdec0: 'disabled' }, 35))
    expect(new Set(codes(disabled))).toEqual(new Set(['rim/other-configuration']))
    const enabled = await judged(differingIn(10, { nvdec0: 'enabled' }, 35))
    expect(new Set(codes(enabled))).toEqual(new Set(['rim/measurement-mismatch']))
  })

  it('a value of another length, or one that is not there, keeps its name and counts', async () => {
    const short = world.bytes('short', 32)
    const cut = world.hopper({
      measurements: { ...Object.fromEntries(indices.slice(0, 10).map((index) => [index, other])), 40: short },
    })
    expect(codes(await judged(cut))).toEqual([
      ...Array<string>(10).fill('rim/other-configuration'),
      'rim/measurement-size',
    ])
    const gone = world.hopper({
      measurements: Object.fromEntries(indices.slice(0, 10).map((index) => [index, other])),
      blocks: (blocks) => blocks.filter(({ index }) => index !== 41),
    })
    expect(codes(await judged(gone))).toEqual([
      ...Array<string>(10).fill('rim/other-configuration'),
      'rim/measurement-missing',
    ])
  })

  it('of the firmware it is a mismatch like any other, which no newer issue explains', async () => {
    const firmwareIndices = [...hopper.references.firmware.keys()]
    for (const [count, newerIssuePossible] of [
      [5, true],
      [6, false],
    ] as const) {
      const values = Object.fromEntries(firmwareIndices.slice(0, count).map((index) => [index, other]))
      const result = await judged(world.hopper({ measurements: values }))
      expect(result.failures).toMatchObject(
        firmwareIndices
          .slice(0, count)
          .map((index) => ({ code: 'rim/measurement-mismatch', details: { index, newerIssuePossible } })),
      )
      expect(result.claims?.confidentialComputing).toBe('not-shown')
    }
  })

  it('a waiver lets the device pass under its own name, and shows nothing', async () => {
    const waivers = [{ check: 'driver-measurements', reason: 'an inventory of GPUs outside the mode' }] as const
    const device = differingIn(21)
    const result = await judge({
      device,
      collateral: collateralFor(device, [driver, firmware]),
      policy: policyWith({ waivers }),
    })
    expect([result.verdict, result.tier]).toEqual(['pass', 'warning'])
    expect(outcome(result, 'driver-measurements')).toMatchObject({ outcome: 'waived' })
    expect(outcome(result, 'driver-measurements').failures).toHaveLength(21)
    expect(result.claims?.confidentialComputing).toBe('contradicted')
  })
})

describe('confidential computing', () => {
  it('is shown where every manifest counts and every value matched', async () => {
    for (const device of [hopper, world.blackwell(), world.gb20x(), world.versionedHopper()])
      expect((await judge({ device })).claims?.confidentialComputing).toBe('shown')
  })

  it('is no question for a switch', async () => {
    const result = await judge({ device: world.ls10() })
    expect([result.verdict, result.claims?.confidentialComputing]).toEqual(['pass', undefined])
  })

  const waivable = [
    'driver-manifest',
    'driver-manifest-revocation',
    'driver-manifest-binding',
    'firmware-manifest',
    'firmware-manifest-revocation',
    'firmware-manifest-binding',
    'manifest-conflict',
    'driver-measurements',
    'firmware-measurements',
    'security-versions',
    'device-revocation',
  ] as const
  const revoked = { status: { revokedAt: new Date('2025-12-01T00:00:00Z') } }
  it.each([
    ['without the driver manifest', [firmware], {}],
    ['without the firmware manifest', [driver], {}],
    [
      'with the manifest of another driver',
      [world.driverManifest(hopper, { colloquialVersion: '599.1' }), firmware],
      {},
    ],
    ['with one driver value that differs', [world.driverManifest(hopper, wrongValue), firmware], {}],
    ['with revoked certificates', [driver, firmware], revoked],
  ] as const)('is not shown %s, not even where every failing check is waived', async (_, manifests, status) => {
    const collateral = collateralFor(hopper, manifests, status)
    const result = await judge({ device: hopper, collateral })
    expect([result.verdict, result.claims?.confidentialComputing]).toEqual(['fail', 'not-shown'])
    const reason = 'to see what the claim says'
    const waivers = waivable.filter((check) => unsatisfied(result).includes(check)).map((check) => ({ check, reason }))
    const waived = await judge({ device: hopper, collateral, policy: policyWith({ waivers }) })
    expect([waived.verdict, waived.claims?.confidentialComputing]).toEqual(['pass', 'not-shown'])
  })
})
