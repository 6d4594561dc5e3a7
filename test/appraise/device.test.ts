// Every check of a device: what makes it unsatisfied, that this alone refuses the device, and what a waiver does and does not.
import { describe, expect, it } from 'vitest'
import { type DeviceCheckId, deviceCheckIds, type WaivableCheckId } from '../../src/appraise/checks.js'
import { strictPolicy } from '../../src/appraise/policy.js'
import {
  diceTcbInfo,
  extensionOids,
  opaqueFields,
  withEntry,
  withExtension,
  withMinimumSvn,
  withoutExtension,
} from '../../src/testing/index.js'
import {
  codes,
  collateralFor,
  gpuOnly,
  judge,
  manifestsOf,
  now,
  outcome,
  policyWith,
  type Scene,
  unsatisfied,
  world,
} from './scene.js'

const hopper = world.hopper()
const ls10 = world.ls10()
const hopperCollateral = collateralFor(hopper)
const [driver, firmware] = manifestsOf(hopper)
if (driver === undefined || firmware === undefined) throw new Error('a GPU has two manifests')

const noDriver: readonly DeviceCheckId[] = [
  'driver-manifest',
  'driver-manifest-revocation',
  'driver-manifest-binding',
  'manifest-conflict',
  'driver-measurements',
  'security-versions',
]
const noFirmware: readonly DeviceCheckId[] = [
  'firmware-manifest',
  'firmware-manifest-revocation',
  'firmware-manifest-binding',
  'manifest-conflict',
  'firmware-measurements',
  'security-versions',
]

describe('a sound device', () => {
  const sound: readonly (readonly [name: string, scene: Scene, unused: readonly DeviceCheckId[]])[] = [
    [
      'hopper',
      { device: hopper },
      ['device-listed', 'debug-state', 'switch-lock', 'security-versions', 'minimum-versions', 'required-claims'],
    ],
    [
      'blackwell',
      { device: world.blackwell() },
      ['device-listed', 'switch-lock', 'security-versions', 'minimum-versions', 'required-claims'],
    ],
    [
      'gb20x',
      { device: world.gb20x() },
      ['device-listed', 'switch-lock', 'security-versions', 'minimum-versions', 'required-claims'],
    ],
    [
      'ls10',
      { device: ls10 },
      ['device-listed', 'debug-state', 'mode', ...gpuOnly, 'security-versions', 'minimum-versions', 'required-claims'],
    ],
  ]

  it.each(sound)('%s passes every check that applies to it under the strict policy', async (_, scene, unused) => {
    const result = await judge(scene)
    expect(codes(result)).toEqual([])
    expect(result).toMatchObject({ verdict: 'pass', authentic: true, tier: 'affirming' })
    expect(result.checks.map(({ id }) => id)).toEqual(deviceCheckIds)
    const applied = new Set(deviceCheckIds.filter((id) => !unused.includes(id)))
    for (const check of result.checks) {
      expect([check.id, check.outcome]).toEqual([check.id, applied.has(check.id) ? 'pass' : 'not-applicable'])
      expect(check.reason === undefined).toBe(check.outcome === 'pass')
    }
  })

  it('with versioned opaque data passes with a security version at the minimum', async () => {
    const device = world.versionedHopper()
    const manifests = [
      world.driverManifest(device, { entries: withMinimumSvn(opaqueFields.fspUcodeSvn, 2, true) }),
      world.firmwareManifest(device),
    ]
    const result = await judge({ device, collateral: collateralFor(device, manifests) })
    expect(codes(result)).toEqual([])
    expect(outcome(result, 'security-versions').outcome).toBe('pass')
    expect(result.claims?.vendorClaims['x-nvidia-attester-claims']).toEqual({ OpaqueData_37: 2 })
  })

  it('is described by what its certificates and its report say', async () => {
    const { claims } = await judge({ device: hopper })
    expect(claims).toMatchObject({
      kind: 'gpu',
      ueid: hopper.ueid,
      family: 'hopper',
      product: 'GH100',
      hwmodel: 'GH100 A01 GSP BROM',
      pdi: Buffer.from(hopper.pdi).toString('hex'),
      nonce: Buffer.from(hopper.nonce).toString('hex'),
      driverVersion: hopper.driverVersion,
      firmwareVersion: hopper.vbiosVersion,
      mode: 'spt',
      firmwareBinding: 'match',
      driverManifest: { product: 'GH100', version: hopper.driverVersion },
      firmwareManifest: { product: 'GH100', version: hopper.vbiosVersion },
      measurementsMatched: hopper.references.driver.size + hopper.references.firmware.size,
      policyId: strictPolicy.id,
      appraisedAt: now,
    })
  })

  it.each([['rubin', world.device('rubin')] as const, ['fsp', world.fsp()] as const])(
    '%s, for which no manifests of this form exist, never passes',
    async (_, device) => {
      const result = await judge({ device, collateral: { ...hopperCollateral } })
      expect(result.verdict).toBe('fail')
      expect(unsatisfied(result)).toContain('driver-measurements')
    },
  )
})

interface Scenario {
  readonly name: string
  readonly scene: Scene
  /** Exactly the checks that are not satisfied. */
  readonly hit: readonly DeviceCheckId[]
  /** Code of the first failure. */
  readonly code: string
  readonly outcome?: 'fail' | 'indeterminate'
}

const blackwell = world.blackwell()
const debugBlackwell = world.blackwell({
  chain: {
    leaf: {
      extensions: withExtension(
        diceTcbInfo({ fwid: blackwell.fwid, model: 'GB100 A01 GSP', version: '01', flags: 0x91000001 }),
      ),
    },
  },
})
const versioned = world.versionedHopper()
const field = (id: number, value: Uint8Array | null) => ({ opaque: { [id]: value } })
const one = (value: number): Uint8Array => Uint8Array.of(value)
const svn = (minimum: number) => withMinimumSvn(opaqueFields.fspUcodeSvn, minimum)

const scenarios: readonly Scenario[] = [
  {
    name: 'label of another architecture',
    scene: { device: hopper, labels: { arch: 'BLACKWELL' } },
    hit: ['declared-label'],
    code: 'evidence/architecture-mismatch',
  },
  {
    name: 'label with another nonce',
    scene: { device: hopper, labels: { nonce: '00'.repeat(32) } },
    hit: ['declared-label'],
    code: 'evidence/declared-nonce-mismatch',
  },
  {
    name: 'no status of an issuer',
    scene: {
      device: hopper,
      collateral: { ...hopperCollateral, ocspResponses: hopperCollateral.ocspResponses.slice(1) },
    },
    hit: ['device-revocation'],
    code: 'revocation/no-evidence',
    outcome: 'indeterminate',
  },
  {
    name: 'a family the policy does not name',
    scene: { device: hopper, policy: policyWith({ families: ['blackwell', 'GB100'] }) },
    hit: ['device-family'],
    code: 'device/family-not-allowed',
  },
  {
    name: 'a policy that names no family',
    scene: { device: hopper, policy: policyWith({ families: [] }) },
    hit: ['device-family'],
    code: 'device/family-not-allowed',
  },
  {
    name: 'a device that is not on the list',
    scene: { device: hopper, policy: policyWith({ devices: [`${hopper.ueid}0`, hopper.ueid.slice(1)] }) },
    hit: ['device-listed'],
    code: 'device/not-listed',
  },
  {
    name: 'a certificate with the debug flag',
    scene: { device: debugBlackwell },
    hit: ['debug-state'],
    code: 'device/debug-certificate',
  },
  {
    name: 'a mode the policy does not name',
    scene: { device: hopper, policy: policyWith({ modes: ['mpt', 'ppcie'] }) },
    hit: ['mode'],
    code: 'device/mode-not-allowed',
  },
  {
    name: 'no mode',
    scene: {
      device: world.hopper({ opaque: { [opaqueFields.featureFlag]: null, [opaqueFields.protectedPcieStatus]: null } }),
    },
    hit: ['mode'],
    code: 'device/mode-unstated',
    outcome: 'indeterminate',
  },
  {
    name: 'Protected PCIe by one field and not by the other',
    scene: { device: world.hopper(field(opaqueFields.protectedPcieStatus, one(0xaa))) },
    hit: ['mode'],
    code: 'device/mode-contradiction',
  },
  {
    name: 'the same contradiction the other way round',
    scene: { device: world.hopper({ mode: 'ppcie', ...field(opaqueFields.protectedPcieStatus, one(0x55)) }) },
    hit: ['mode'],
    code: 'device/mode-contradiction',
  },
  {
    name: 'an unlocked switch',
    scene: { device: world.ls10(field(opaqueFields.switchLockStatus, Uint8Array.of(0, 0))) },
    hit: ['switch-lock'],
    code: 'device/unlocked',
  },
  {
    name: 'a switch that does not say whether it is locked',
    scene: { device: world.ls10(field(opaqueFields.switchLockStatus, null)) },
    hit: ['switch-lock'],
    code: 'check/not-done',
    outcome: 'indeterminate',
  },
  {
    name: 'no driver manifest',
    scene: { device: hopper, collateral: collateralFor(hopper, [firmware]) },
    hit: noDriver,
    code: 'manifest/missing',
    outcome: 'indeterminate',
  },
  {
    name: 'no firmware manifest',
    scene: { device: hopper, collateral: collateralFor(hopper, [driver]) },
    hit: noFirmware,
    code: 'manifest/missing',
    outcome: 'indeterminate',
  },
  {
    name: 'a driver manifest of another version',
    scene: {
      device: hopper,
      collateral: collateralFor(hopper, [world.driverManifest(hopper, { colloquialVersion: '599.11' }), firmware]),
    },
    hit: noDriver.slice(2),
    code: 'manifest/version-mismatch',
  },
  {
    name: 'a firmware manifest of another product',
    scene: {
      device: hopper,
      collateral: collateralFor(hopper, [driver, world.firmwareManifest(hopper, { product: 'GB100' })]),
    },
    hit: noFirmware.slice(2),
    code: 'manifest/product-mismatch',
  },
  {
    name: 'both manifests naming one index',
    scene: {
      device: hopper,
      collateral: collateralFor(hopper, [
        driver,
        world.firmwareManifest(hopper, {
          entries: withEntry(7, { active: true, alternatives: [hopper.references.driver.get(7) ?? one(0)] }),
        }),
      ]),
    },
    hit: ['manifest-conflict'],
    code: 'manifest/index-conflict',
  },
  {
    name: 'both manifests naming one opaque field',
    scene: {
      device: versioned,
      collateral: collateralFor(versioned, [
        world.driverManifest(versioned, { entries: svn(1) }),
        world.firmwareManifest(versioned, { entries: svn(1) }),
      ]),
    },
    hit: ['manifest-conflict'],
    code: 'manifest/record-conflict',
  },
  {
    name: 'a driver measurement that differs',
    scene: { device: world.hopper({ measurements: { 21: world.bytes('other', 48) } }) },
    hit: ['driver-measurements'],
    code: 'rim/measurement-mismatch',
  },
  {
    name: 'a firmware measurement that differs',
    scene: { device: world.hopper({ measurements: { 12: world.bytes('other', 48) } }) },
    hit: ['firmware-measurements'],
    code: 'rim/measurement-mismatch',
  },
  {
    name: 'a measurement that is shorter',
    scene: { device: world.hopper({ measurements: { 40: world.bytes('other', 32) } }) },
    hit: ['driver-measurements'],
    code: 'rim/measurement-size',
  },
  {
    name: 'a measurement that is not there',
    scene: { device: world.hopper({ blocks: (blocks) => blocks.filter(({ index }) => index !== 23) }) },
    hit: ['driver-measurements'],
    code: 'rim/measurement-missing',
  },
  {
    name: 'a switch measurement that differs',
    scene: { device: world.ls10({ measurements: { 30: world.bytes('other', 48) } }) },
    hit: ['firmware-measurements'],
    code: 'rim/measurement-mismatch',
  },
  {
    name: 'no word about the video decoder',
    scene: { device: world.hopper(field(opaqueFields.nvdec0Status, null)) },
    hit: ['driver-measurements', 'firmware-measurements'],
    code: 'rim/nvdec-status-missing',
  },
  {
    name: 'a security version below the minimum',
    scene: {
      device: versioned,
      collateral: collateralFor(versioned, [
        world.driverManifest(versioned, { entries: svn(3) }),
        world.firmwareManifest(versioned),
      ]),
    },
    hit: ['security-versions'],
    code: 'rim/security-version-too-low',
  },
  {
    name: 'a security version the layout cannot state',
    scene: {
      device: hopper,
      collateral: collateralFor(hopper, [world.driverManifest(hopper, { entries: svn(0) }), firmware]),
    },
    hit: ['security-versions'],
    code: 'rim/security-version-missing',
  },
  {
    name: 'a driver below the minimum',
    scene: { device: hopper, policy: policyWith({ minimumDriverVersion: '599.10.1' }) },
    hit: ['minimum-versions'],
    code: 'device/version-too-old',
  },
  {
    name: 'a claim that differs',
    scene: { device: hopper, policy: policyWith({ requiredClaims: { hwmodel: 'GH100 A02 GSP BROM' } }) },
    hit: ['required-claims'],
    code: 'claims/policy-mismatch',
  },
  {
    name: 'an overall claim that differs',
    scene: { device: hopper, policy: policyWith({ requiredOverallClaims: { iss: 'someone' } }) },
    hit: ['required-claims'],
    code: 'claims/policy-mismatch',
  },
]

const waivable = (id: DeviceCheckId): id is Exclude<WaivableCheckId, 'members'> & DeviceCheckId =>
  !['certificate-path', 'nonce', 'report-signature', 'firmware-binding'].includes(id)

describe('an unsatisfied check', () => {
  it.each(scenarios.map((scenario) => [scenario.name, scenario] as const))(
    '%s',
    async (_, { scene, hit, code, outcome: expected = 'fail' }) => {
      const result = await judge(scene)
      expect(result.verdict).toBe('fail')
      expect(result.authentic).toBe(true)
      expect(unsatisfied(result)).toEqual(hit)
      expect(result.failures[0]?.code).toBe(code)
      expect(outcome(result, hit[0] ?? '').outcome).toBe(expected)
      expect(result.tier).toBe(expected === 'fail' ? 'contraindicated' : 'warning')

      const policy = scene.policy ?? strictPolicy
      const waivers = hit.filter(waivable).map((check) => ({ check, reason: `because of ${check}` }))
      const waived = await judge({ ...scene, policy: policyWith({ ...policy, waivers }) })
      expect(waived).toMatchObject({ verdict: 'pass', tier: 'warning', failures: [] })
      for (const id of hit) {
        const check = outcome(waived, id)
        expect(check).toMatchObject({ outcome: 'waived', reason: `because of ${id}` })
        expect(check.failures).toEqual(outcome(result, id).failures)
      }
      // One waiver less is one reason to refuse.
      for (const left of hit) {
        const some = waivers.filter(({ check }) => check !== left)
        const refused = await judge({ ...scene, policy: policyWith({ ...policy, waivers: some }) })
        expect([refused.verdict, unsatisfied(refused)]).toEqual(['fail', [left]])
      }
    },
  )

  it('is reached for every check that a verified report does not already prove', () => {
    const reached = new Set(scenarios.flatMap(({ hit }) => hit))
    const missing = deviceCheckIds.filter((id) => !reached.has(id))
    // Manifest revocation has a file of its own.
    expect(missing).toEqual(['certificate-path', 'nonce', 'report-signature', 'firmware-binding'])
  })

  it('is not affected by waivers of all others', async () => {
    for (const { scene, hit } of scenarios.filter(({ hit: ids }) => ids.length === 1)) {
      const waivers = deviceCheckIds
        .filter((id) => !hit.includes(id))
        .filter(waivable)
        .map((check) => ({ check, reason: 'test' }))
      const result = await judge({ ...scene, policy: policyWith({ ...scene.policy, waivers }) })
      expect([result.verdict, unsatisfied(result)]).toEqual(['fail', hit])
      // A waiver does not touch a check that is satisfied.
      expect(result.checks.filter((check) => check.outcome === 'waived')).toEqual([])
    }
  })
})

describe('evidence that is not authentic', () => {
  const stranger = world.key('stranger')
  const cases: readonly (readonly [string, Scene, DeviceCheckId, string])[] = [
    ['another nonce', { device: hopper, nonce: world.bytes('another nonce', 32) }, 'nonce', 'evidence/nonce-mismatch'],
    [
      'a nonce of another length',
      { device: hopper, nonce: hopper.nonce.subarray(1) },
      'nonce',
      'evidence/nonce-length',
    ],
    ['signed by a stranger', { device: world.hopper({ reportKey: stranger }) }, 'report-signature', 'spdm/signature'],
    [
      'a byte after the signature',
      { device: world.hopper({ report: { report: (report) => Uint8Array.from([...report, 0]) } }) },
      'report-signature',
      'evidence/trailing-bytes',
    ],
    [
      'another firmware than certified',
      { device: world.hopper({ certifiedFwid: world.bytes('fwid', 48) }) },
      'firmware-binding',
      'evidence/fwid-mismatch',
    ],
    [
      'no firmware digest where one must be',
      { device: world.hopper(field(opaqueFields.fwid, null)) },
      'firmware-binding',
      'evidence/fwid-missing',
    ],
    [
      'no firmware digest in the certificate',
      { device: world.hopper({ chain: { leaf: { extensions: withoutExtension(extensionOids.compositeDeviceId) } } }) },
      'firmware-binding',
      'device/no-fwid',
    ],
    [
      'a certificate signed by a stranger',
      { device: world.hopper({ chain: { brom: { signer: stranger } } }) },
      'certificate-path',
      'certificate/signature',
    ],
  ]

  it.each(cases)('%s', async (_, scene, id, code) => {
    const result = await judge(scene)
    expect(result).toMatchObject({ verdict: 'fail', authentic: false, tier: 'contraindicated' })
    expect('claims' in result).toBe(false)
    expect(codes(result)).toEqual([code])
    expect(outcome(result, id)).toMatchObject({ outcome: 'fail', failures: [{ code }] })
    for (const check of result.checks) if (check.id !== id) expect(check.outcome).toBe('indeterminate')
  })

  it.each(cases)('%s, all that can be named being waived', async (_, scene, id, code) => {
    // As a policy built in plain JavaScript would have it: the types and parsePolicy refuse the four.
    const waivers: unknown = deviceCheckIds.map((check) => ({ check, reason: 'test' }))
    const policy = policyWith({ waivers: waivers as typeof strictPolicy.waivers })
    const result = await judge({ ...scene, policy })
    expect(result).toMatchObject({ verdict: 'fail', authentic: false })
    expect(codes(result)).toEqual([code])
    expect(outcome(result, id).outcome).toBe('fail')
  })
})

describe('policy demands', () => {
  it.each([
    ['families', { families: ['hopper'] }],
    ['families by chip', { families: ['GH100'] }],
    ['devices', { devices: ['1', hopper.ueid] }],
    ['modes', { modes: ['spt'] }],
    ['minimumDriverVersion', { minimumDriverVersion: '599.10' }],
    ['minimumDriverVersion, longer', { minimumDriverVersion: '599.9.99' }],
    ['requiredClaims', { requiredClaims: { measres: 'success', secboot: true } }],
    ['requiredOverallClaims', { requiredOverallClaims: { 'x-nvidia-overall-att-result': true } }],
  ] as const)('that are met pass: %s', async (_, change) => {
    expect((await judge({ device: hopper, policy: policyWith(change) })).verdict).toBe('pass')
  })

  it('accept an unstated mode only by name', async () => {
    const device = world.hopper({
      opaque: { [opaqueFields.featureFlag]: null, [opaqueFields.protectedPcieStatus]: null },
    })
    expect((await judge({ device, policy: policyWith({ unstatedMode: 'accept' }) })).verdict).toBe('pass')
    // Neither does that setting cover a mode that is stated.
    const stated = { unstatedMode: 'accept', modes: ['mpt'] } as const
    expect((await judge({ device: hopper, policy: policyWith(stated) })).verdict).toBe('fail')
  })

  it('cannot be met by a driver version that has no order', async () => {
    const device = world.hopper({ driverVersion: '599.10-beta' })
    const waivers = noDriver.filter(waivable).map((check) => ({ check, reason: 'test' }))
    const policy = policyWith({ waivers, minimumDriverVersion: '1' })
    const result = await judge({ device, policy, collateral: collateralFor(hopper, [firmware]) })
    expect(unsatisfied(result)).toEqual(['minimum-versions'])
  })

  it('are not met by a claim that is absent, of another type, or only inherited', async () => {
    for (const requiredClaims of [
      { absent: null },
      { secboot: 'true' },
      { constructor: { name: 'Object' } },
      { toString: {} },
      JSON.parse('{"__proto__": {"a": 1}}'),
      { measres: {} },
      { 'x-nvidia-gpu-driver-rim-cert-chain': 'valid' },
      { 'x-nvidia-gpu-driver-rim-cert-chain': { 'x-nvidia-cert-status': 'expired' } },
    ]) {
      const result = await judge({ device: hopper, policy: policyWith({ requiredClaims }) })
      expect([requiredClaims, codes(result)]).toEqual([requiredClaims, ['claims/policy-mismatch']])
    }
  })
})
