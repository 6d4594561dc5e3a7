// Which manifest counts for a device, and what its values decide.
import { describe, expect, it } from 'vitest'
import { appraiseDevice } from '../../src/appraise/device.js'
import { strictPolicy } from '../../src/appraise/policy.js'
import { revocationInput } from '../../src/appraise/revocation-input.js'
import { verifyReferenceManifest } from '../../src/rim/verify.js'
import {
  type DeviceOptions,
  flipBits,
  type ManifestEntry,
  type ManifestOverrides,
  opaqueFields,
  type SyntheticDevice,
  type SyntheticManifest,
  withAlternative,
  withEntry,
  withMinimumSvn,
} from '../../src/testing/index.js'
import {
  codes,
  collateralFor,
  evidenceOf,
  judge,
  now,
  outcome,
  trustAnchors,
  unsatisfied,
  verifierOf,
  world,
} from './scene.js'

const hopper = world.hopper()
const driver = world.driverManifest(hopper)
const firmware = world.firmwareManifest(hopper)
const other = world.bytes('another value', 48)

const withManifests = (device: SyntheticDevice, manifests: readonly SyntheticManifest[]) =>
  judge({ device, collateral: collateralFor(device, manifests) })

/** A signer of the driver manifests whose certificate begins `days` after the usual one. */
const laterSigner = (days: number): ManifestOverrides => ({
  chain: { signer: { notBefore: new Date(Date.parse('2025-01-01T00:00:00Z') + days * 86_400_000) } },
})
const wrongValue: ManifestOverrides = { entries: withEntry(21, { alternatives: [other] }) }

describe('of several issues', () => {
  it('the one whose signer began last counts, in any order', async () => {
    const newer = world.driverManifest(hopper, laterSigner(100))
    const olderWrong = world.driverManifest(hopper, wrongValue)
    const newerWrong = world.driverManifest(hopper, { ...wrongValue, ...laterSigner(100) })
    for (const order of [
      [olderWrong, newer, firmware],
      [newer, firmware, olderWrong],
    ]) {
      const result = await withManifests(hopper, order)
      expect(codes(result)).toEqual([])
      expect(result.claims?.driverManifest?.signerNotBefore).toEqual(new Date('2025-04-11T00:00:00Z'))
    }
    for (const order of [
      [driver, newerWrong, firmware],
      [newerWrong, firmware, driver],
    ])
      expect(codes(await withManifests(hopper, order))).toEqual(['rim/measurement-mismatch'])
  })

  it('none counts if two that differ began at the same instant', async () => {
    const twin = world.driverManifest(hopper, { root: { version: '1.1' } })
    const result = await withManifests(hopper, [driver, twin, firmware])
    expect(codes(result)[0]).toBe('manifest/ambiguous')
    expect(outcome(result, 'driver-manifest').failures).toMatchObject([{ details: { kind: 'driver', count: 2 } }])
    expect(unsatisfied(result)).toContain('driver-measurements')
  })

  it('the same one twice is one', async () => {
    expect((await withManifests(hopper, [driver, firmware, driver, firmware])).verdict).toBe('pass')
  })

  it('a newer one for another version does not count', async () => {
    const foreign = world.driverManifest(hopper, { colloquialVersion: '600.1', ...laterSigner(50) })
    expect((await withManifests(hopper, [foreign, driver, firmware])).verdict).toBe('pass')
  })
})

describe('a manifest that cannot be verified', () => {
  const spoilt: readonly (readonly [string, SyntheticManifest, string])[] = [
    [
      'changed after signing',
      world.driverManifest(hopper, { xml: (xml) => xml.replace('"r1"', '"r2"') }),
      'manifest/digest-mismatch',
    ],
    [
      'not signed by the certified key',
      world.driverManifest(hopper, { signature: { key: world.key('stranger') } }),
      'manifest/signature-invalid',
    ],
    [
      'signed by an expired certificate',
      world.driverManifest(hopper, { chain: { signer: { notAfter: new Date(now.getTime() - 1000) } } }),
      'certificate/expired',
    ],
    [
      'signed under another root',
      world.driverManifest(hopper, { chain: { root: { key: world.key('root') } } }),
      'certificate/wrong-anchor-key',
    ],
    ['no XML', { ...driver, bytes: flipBits(driver.bytes, 0) }, 'xml/syntax'],
  ]

  it.each(spoilt)('%s: is refused for its cause, named by position', async (_, manifest, code) => {
    const result = await withManifests(hopper, [firmware, manifest])
    expect(result.verdict).toBe('fail')
    expect(result.failures[0]).toMatchObject({ code })
    expect(result.failures[0]?.at).toMatch(/^manifests\[1\]/)
    expect(outcome(result, 'driver-manifest').outcome).toBe('fail')
  })

  it('does not stand in the way of a good one', async () => {
    const manifests = [...spoilt.map(([, manifest]) => manifest), driver, firmware]
    expect((await withManifests(hopper, manifests)).verdict).toBe('pass')
  })
})

describe('a manifest of another time', () => {
  const evidence = evidenceOf(hopper)
  const collateral = collateralFor(hopper)
  const late = new Date('2027-02-01T00:00:00Z')
  const expired = new Date('2027-01-01T00:00:01Z')
  const verifyManifest = (bytes: Uint8Array, at: Date) =>
    verifyReferenceManifest(bytes, {
      trustAnchors: trustAnchors.manifest,
      now: at,
      revocation: revocationInput(collateral, strictPolicy.manifestRevocation, 'whole-path'),
    })

  it('does not count once a certificate has expired at the time of the report', async () => {
    const report = await verifierOf().authenticate(evidence, { nonce: hopper.nonce, now: late, collateral })
    const manifests = await Promise.all([driver, firmware].map(({ bytes }) => verifyManifest(bytes, now)))
    const result = appraiseDevice({ report, manifests, policy: strictPolicy })
    expect(outcome(result, 'driver-manifest')).toMatchObject({
      outcome: 'fail',
      failures: [{ code: 'manifest/outside-validity', at: 'manifests.driver.certificates' }],
    })
    expect(outcome(result, 'firmware-manifest').outcome).toBe('fail')
    expect(unsatisfied(result)).toContain('driver-manifest-revocation')
  })

  it('counts until the second the first certificate expires', async () => {
    const manifests = await Promise.all([driver, firmware].map(({ bytes }) => verifyManifest(bytes, now)))
    const judged = async (at: Date) => {
      const report = await verifierOf().authenticate(evidence, { nonce: hopper.nonce, now: at, collateral })
      return outcome(appraiseDevice({ report, manifests, policy: strictPolicy }), 'driver-manifest').outcome
    }
    expect(await judged(new Date(expired.getTime() - 1000))).toBe('pass')
    expect(await judged(expired)).toBe('fail')
    expect(await judged(new Date('2024-12-31T23:59:59Z'))).toBe('fail')
  })

  it('has statuses judged at the time of the report, not at its own', async () => {
    const dayLater = new Date(now.getTime() + 86_400_000)
    const report = await verifierOf().authenticate(evidence, { nonce: hopper.nonce, now: dayLater, collateral })
    const manifests = await Promise.all([driver, firmware].map(({ bytes }) => verifyManifest(bytes, now)))
    const result = appraiseDevice({ report, manifests, policy: strictPolicy })
    expect(unsatisfied(result)).toEqual([
      'device-revocation',
      'driver-manifest-revocation',
      'firmware-manifest-revocation',
    ])
    expect(outcome(result, 'driver-manifest-revocation').failures).toMatchObject([
      { code: 'revocation/not-shown', details: { status: 'good' } },
      { code: 'revocation/not-shown', details: { status: 'good' } },
      { code: 'revocation/not-shown', details: { status: 'good' } },
    ])
  })
})

describe('binding', () => {
  const gb20x = world.gb20x()
  const gb20xWith = (product: string, options: DeviceOptions = {}) => {
    const device = world.gb20x(options)
    return withManifests(device, [
      world.driverManifest(device, { product }),
      world.firmwareManifest(device, { product }),
    ])
  }
  const chip = (name: string): DeviceOptions => ({ opaque: { [opaqueFields.chipInfo]: Buffer.from(name) } })

  it('takes the name of the certificates or, where they stand for several chips, that of the report', async () => {
    expect((await gb20xWith('GB202')).verdict).toBe('pass')
    expect((await gb20xWith('GB203', chip('GB203'))).verdict).toBe('pass')
    expect(codes(await gb20xWith('GB203'))).toContain('manifest/product-mismatch')
  })

  it('does not let a report choose a chip its certificates exclude', async () => {
    expect(gb20x.product).toBe('GB20X')
    for (const name of ['GH100', 'GB100', 'GB2020', 'GB20'])
      expect(codes(await gb20xWith(name, chip(name)))).toContain('manifest/product-mismatch')
  })

  it.each([
    ['driver', '599.1'],
    ['driver', '599.100'],
    ['firmware', '96.00.F0.00.02'],
    ['firmware', '96.00.f0.00.01'],
  ] as const)('wants the %s version to the letter: not %s', async (kind, colloquialVersion) => {
    const manifests =
      kind === 'driver'
        ? [world.driverManifest(hopper, { colloquialVersion }), firmware]
        : [driver, world.firmwareManifest(hopper, { colloquialVersion })]
    expect(codes(await withManifests(hopper, manifests))[0]).toBe('manifest/version-mismatch')
  })

  it('does not compare a switch with the firmware of a GPU, nor a GPU with that of a switch', async () => {
    const ls10 = world.ls10()
    const asGpu = world.firmwareManifest(ls10, { meta: { edition: 'GPU' } })
    expect(codes(await withManifests(ls10, [asGpu]))).toContain('manifest/missing')
    const asSwitch = world.firmwareManifest(hopper, { meta: { edition: 'SWITCH' } })
    expect(codes(await withManifests(hopper, [driver, asSwitch]))).toContain('manifest/missing')
  })

  it('fails where the report states no version', async () => {
    const device = world.hopper({ opaque: { [opaqueFields.driverVersion]: null }, certifiedFwid: hopper.fwid })
    const result = await withManifests(device, [driver, firmware])
    expect(outcome(result, 'driver-manifest-binding').failures[0]?.code).toBe('manifest/version-mismatch')
  })
})

describe('measurements', () => {
  const deviceWith = (index: number, value = other) => world.hopper({ measurements: { [index]: value } })
  const edit = (change: (entries: readonly ManifestEntry[]) => readonly ManifestEntry[]) => [
    world.driverManifest(hopper, { entries: change }),
    firmware,
  ]

  it('each index of a manifest counts', async () => {
    const indices = [...hopper.references.driver.keys(), ...hopper.references.firmware.keys()]
    const changed = Object.fromEntries(Array.from({ length: 64 }, (_, index) => [index, other]))
    const result = await withManifests(world.hopper({ measurements: changed }), [driver, firmware])
    expect(codes(result)).toEqual([
      ...Array<string>(hopper.references.driver.size).fill('rim/other-configuration'),
      ...Array<string>(hopper.references.firmware.size).fill('rim/measurement-mismatch'),
    ])
    const actual = Buffer.from(other).toString('hex')
    expect(result.failures.map(({ details }) => details)).toMatchObject(indices.map((index) => ({ index, actual })))
    expect(result.claims?.measurementsMatched).toBe(0)
  })

  it.each([0, 7, 12, 21, 40])('one index is enough: %i', async (index) => {
    const result = await withManifests(deviceWith(index), [driver, firmware])
    expect(result.failures).toMatchObject([{ code: 'rim/measurement-mismatch', details: { index } }])
    const source = hopper.references.driver.has(index) ? 'driver' : 'firmware'
    expect(unsatisfied(result)).toEqual([`${source}-measurements`])
    expect(result.claims?.measurementsMatched).toBe(32)
  })

  it('any alternative will do', async () => {
    const manifests = edit(withAlternative(21, other))
    expect((await withManifests(hopper, manifests)).verdict).toBe('pass')
    expect((await withManifests(deviceWith(21), manifests)).verdict).toBe('pass')
    const third = await withManifests(deviceWith(21, world.bytes('third', 48)), manifests)
    expect(third.failures[0]).toMatchObject({ details: { alternatives: { length: 2 } } })
  })

  it('zeros are a value like any other', async () => {
    expect((await withManifests(deviceWith(21, new Uint8Array(48)), [driver, firmware])).verdict).toBe('fail')
    expect((await withManifests(deviceWith(23), [driver, firmware])).verdict).toBe('fail')
  })

  it('inactive entries and indices nobody names do not count', async () => {
    expect((await withManifests(deviceWith(60), [driver, firmware])).verdict).toBe('pass')
    const manifests = edit(withEntry(21, { active: false }))
    const result = await withManifests(deviceWith(21), manifests)
    expect([result.verdict, result.claims?.measurementsMatched]).toEqual(['pass', 32])
  })

  it('the video decoder counts while it is enabled, and nothing else hangs on it', async () => {
    const disabled = world.hopper({ nvdec0: 'disabled' })
    const result = await withManifests(disabled, [driver, firmware])
    expect([result.verdict, result.claims?.measurementsMatched]).toEqual(['pass', 32])
    const enabled = await withManifests(deviceWith(35), [driver, firmware])
    expect(enabled.failures).toMatchObject([{ details: { index: 35 } }])
    for (const index of [34, 36]) {
      const device = world.hopper({ nvdec0: 'disabled', measurements: { [index]: other } })
      expect((await withManifests(device, [driver, firmware])).failures).toMatchObject([{ details: { index } }])
    }
  })

  it('a manifest of which nothing could be compared vouches for nothing', async () => {
    const onlyDecoder = edit((entries) => entries.map((entry) => ({ ...entry, active: entry.index === 35 })))
    const result = await withManifests(world.hopper({ nvdec0: 'disabled' }), onlyDecoder)
    expect(codes(result)).toEqual(['manifest/no-active-measurements'])
    expect(result.failures[0]?.at).toBe('manifests.driver')
    expect(result.claims?.vendorClaims['measres']).toBe('fail')
  })
})

describe('security versions', () => {
  const device = world.versionedHopper()
  const { fspUcodeSvn } = opaqueFields
  const judged = (of: SyntheticDevice, fieldId: number, minimum: number) =>
    withManifests(of, [
      world.driverManifest(device, { entries: withMinimumSvn(fieldId, minimum) }),
      world.firmwareManifest(device),
    ])

  it.each([
    [0, []],
    [2, []],
    [3, ['rim/security-version-too-low']],
    [0xffff, ['rim/security-version-too-low']],
  ])('at least %i', async (minimum, expected) => {
    expect(codes(await judged(device, fspUcodeSvn, minimum))).toEqual(expected)
  })

  it('reads two bytes, least significant first', async () => {
    const large = world.versionedHopper({ opaque: { [fspUcodeSvn]: Uint8Array.of(0x00, 0x01) } })
    expect(codes(await judged(large, fspUcodeSvn, 0x100))).toEqual([])
    expect(codes(await judged(large, fspUcodeSvn, 0x101))).toEqual(['rim/security-version-too-low'])
  })

  it.each([
    ['absent', 60],
    ['of another type', opaqueFields.boardId],
    ['of another length and type', opaqueFields.nvdec0Status],
  ])('a field that is %s shows none', async (_, fieldId) => {
    expect(codes(await judged(device, fieldId, 0))).toEqual(['rim/security-version-missing'])
  })

  it('is demanded of switches too', async () => {
    const ls10 = world.ls10()
    const manifest = world.firmwareManifest(ls10, { entries: withMinimumSvn(fspUcodeSvn, 1) })
    expect(codes(await withManifests(ls10, [manifest]))).toEqual(['rim/security-version-missing'])
  })
})
