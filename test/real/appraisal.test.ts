// Complete real vectors through the verifier: genuine report, chain, manifests and recorded OCSP responses.
import { describe, expect, it } from 'vitest'
import type { Waiver } from '../../src/appraise/policy.js'
import { codes, outcome, unsatisfied } from '../appraise/scene.js'
import { hasRealData } from '../real-data.js'
import {
  collateral,
  deviceStatusTime,
  evidence,
  manifestStatusTime,
  nonce,
  recordedStatuses,
  verifier,
  withoutDeviceStatuses,
  withoutManifestStatuses,
} from './appraisal-scene.js'

const hopper550 = 'nvtrust-sample-hopper-550'
const manifests550 = ['NV_GPU_DRIVER_GH100_550.90.07.xml', 'NV_GPU_VBIOS_1010_0200_882_96009F0001.xml']
const hopper545 = 'gonvtrust-hopper-545'
const manifests545 = ['Driver_RIM_test_no_gpu.swidtag', '1010_0200_882_96005E0001_test_no_gpu.swidtag']

describe.skipIf(!hasRealData)('an H100 under driver 550.90.07', () => {
  const judge = (now: Date, waivers: readonly Waiver[], files = manifests550, statuses = recordedStatuses()) =>
    verifier({ waivers }).appraise(evidence(hopper550), {
      nonce: nonce(hopper550),
      now,
      collateral: collateral(files, statuses),
    })

  it.each([
    ['device', deviceStatusTime, withoutManifestStatuses],
    ['manifest', manifestStatusTime, [withoutDeviceStatuses]],
  ] as const)('passes while the %s statuses hold, the others being waived', async (_, now, waivers) => {
    const result = await judge(now, waivers)
    expect(codes(result)).toEqual([])
    expect(result).toMatchObject({ verdict: 'pass', tier: 'warning' })
    expect(result.checks.filter((check) => check.outcome === 'waived').map(({ id }) => id)).toEqual(
      waivers.map(({ check }) => check),
    )
    expect(result.claims).toMatchObject({
      ueid: '478176379286082186618948445787393647364802107249',
      product: 'GH100',
      driverVersion: '550.90.07',
      firmwareVersion: '96.00.9F.00.01',
      firmwareBinding: 'match',
      // 21 and 12 active indices, of which 35 does not count on a device whose decoder is disabled.
      measurementsMatched: 32,
      // A manifest that may have been withdrawn, or a device that may be revoked, shows nothing, even where it is waived.
      confidentialComputing: 'not-shown',
      driverManifest: { signerNotAfter: new Date('2026-06-01T02:08:29Z') },
    })
  })

  it('does not pass without the waivers: no instant satisfies both sets of statuses', async () => {
    expect(unsatisfied(await judge(deviceStatusTime, []))).toEqual([
      'driver-manifest-revocation',
      'firmware-manifest-revocation',
    ])
    expect(unsatisfied(await judge(manifestStatusTime, []))).toEqual(['device-revocation'])
  })

  // The ends of the windows, from the responses themselves.
  it.each([
    ['2025-08-22T06:47:06Z', withoutManifestStatuses, []],
    ['2025-08-22T06:47:08Z', withoutManifestStatuses, ['ocsp/stale', 'ocsp/stale', 'ocsp/stale']],
    ['2025-08-21T06:47:08Z', withoutManifestStatuses, []],
    [
      '2025-08-21T06:47:06Z',
      withoutManifestStatuses,
      ['ocsp/not-yet-valid', 'ocsp/not-yet-valid', 'ocsp/not-yet-valid'],
    ],
  ] as const)('at %s', async (time, waivers, expected) => {
    const result = await judge(new Date(time), waivers)
    expect(outcome(result, 'device-revocation').failures.map(({ code }) => code)).toEqual(expected)
    expect(result.verdict).toBe(expected.length === 0 ? 'pass' : 'fail')
  })

  it.each([
    ['2025-10-25T11:32:20Z', 'pass', undefined],
    ['2025-10-25T11:32:22Z', 'fail', 'ocsp/stale'],
    ['2025-10-24T11:32:22Z', 'pass', undefined],
    ['2025-10-24T11:32:20Z', 'fail', 'ocsp/not-yet-valid'],
  ] as const)('at %s, the device’s statuses being waived: %s', async (time, verdict, code) => {
    const result = await judge(new Date(time), [withoutDeviceStatuses])
    expect([result.verdict, result.failures[0]?.code]).toEqual([verdict, code])
  })

  const all = [withoutDeviceStatuses, ...withoutManifestStatuses]
  it.each([
    ['2026-02-22T23:17:58Z', []],
    ['2026-02-22T23:17:59Z', ['firmware-manifest', 'firmware-measurements', 'manifest-conflict']],
    ['2026-06-01T02:08:30Z', ['driver-manifest', 'firmware-manifest', 'manifest-conflict']],
    ['2024-05-31T23:59:59Z', ['driver-manifest']],
  ] as const)('at %s, all statuses being waived', async (time, hit) => {
    const result = await judge(new Date(time), all)
    expect(result.verdict).toBe(hit.length === 0 ? 'pass' : 'fail')
    for (const id of hit) expect(unsatisfied(result)).toContain(id)
    if (hit.length > 0)
      expect(result.failures[0]?.code).toBe(time < '2025' ? 'certificate/not-yet-valid' : 'certificate/expired')
  })

  it('needs each manifest and each status', async () => {
    for (const file of manifests550)
      expect(codes(await judge(manifestStatusTime, all, [file]))[0]).toBe('manifest/missing')
    const statuses = recordedStatuses()
    for (let i = 0; i < statuses.length; i++) {
      const isDevice = i < 3
      const waivers = isDevice ? withoutManifestStatuses : [withoutDeviceStatuses]
      const result = await judge(
        isDevice ? deviceStatusTime : manifestStatusTime,
        waivers,
        manifests550,
        statuses.filter((_, other) => other !== i),
      )
      expect([i, result.failures[0]?.code]).toEqual([i, 'revocation/no-evidence'])
    }
  })

  it('does not pass with the manifests of another driver, or under another nonce', async () => {
    const foreign = ['NV_GPU_DRIVER_GH100_550.144.03.xml', manifests550[1] ?? '']
    expect(codes(await judge(manifestStatusTime, all, foreign))[0]).toBe('manifest/version-mismatch')
    const other = { nonce: nonce(hopper545), now: manifestStatusTime, collateral: collateral(manifests550) }
    const result = await verifier({ waivers: all }).appraise(evidence(hopper550), other)
    expect([result.authentic, codes(result)]).toEqual([false, ['evidence/nonce-mismatch']])
  })

  it('is the one device a list names', async () => {
    const judged = async (devices: readonly string[]) =>
      codes(
        await verifier({ waivers: all, devices }).appraise(evidence(hopper550), {
          nonce: nonce(hopper550),
          now: manifestStatusTime,
          collateral: collateral(manifests550),
        }),
      )
    expect(await judged(['478176379286082186618948445787393647364802107249'])).toEqual([])
    expect(await judged(['478176379286082186618948445787393647364802107248'])).toEqual(['device/not-listed'])
  })
})

describe.skipIf(!hasRealData)('an H100 under driver 545.00', () => {
  const now = new Date('2024-06-01T00:00:00Z')
  const waivers = [withoutDeviceStatuses, ...withoutManifestStatuses]
  const judge = (at: Date, policy: Parameters<typeof verifier>[0]) =>
    verifier(policy).appraise(evidence(hopper545), {
      nonce: nonce(hopper545),
      now: at,
      collateral: collateral(manifests545),
    })

  it('passes where unstated modes are accepted', async () => {
    const result = await judge(now, { waivers, unstatedMode: 'accept' })
    expect(codes(result)).toEqual([])
    expect(result.verdict).toBe('pass')
    expect(result.claims).toMatchObject({ measurementsMatched: 32, firmwareBinding: 'absent', mode: undefined })
  })

  it('does not pass by the strict policy, which wants the mode', async () => {
    expect(codes(await judge(now, { waivers }))).toEqual(['device/mode-unstated'])
    expect(unsatisfied(await judge(now, { unstatedMode: 'accept' }))).toEqual([
      'device-revocation',
      'driver-manifest-revocation',
      'firmware-manifest-revocation',
    ])
  })

  // The signer of the firmware manifest goes first, four days before that of the driver's.
  it.each([
    ['2025-06-22T09:38:54Z', undefined],
    ['2025-06-22T09:38:55Z', 'certificate/expired'],
    ['2023-06-27T06:10:11Z', 'certificate/not-yet-valid'],
  ])('at %s: %s', async (time, code) => {
    const result = await judge(new Date(time), { waivers, unstatedMode: 'accept' })
    expect(result.failures[0]?.code).toBe(code)
  })
})
