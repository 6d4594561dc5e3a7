// Real manifests against the real reports that name them: exactly the recorded indices differ.
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { type ComparableManifest, compareMeasurements, countDifferences } from '../../src/appraise/measurements.js'
import type { Waiver } from '../../src/appraise/policy.js'
import { parseHex } from '../../src/bytes/hex.js'
import type { Failure } from '../../src/result/failure.js'
import type { ReferenceMeasurement } from '../../src/rim/reference-manifest.js'
import { codes, outcome } from '../appraise/scene.js'
import { hasRealData, readRealJson, readRealText } from '../real-data.js'
import {
  collateral,
  evidence,
  nonce,
  verifier,
  withoutDeviceStatuses,
  withoutManifestStatuses,
} from './appraisal-scene.js'

interface RecordedMatch {
  readonly evidence: string
  readonly compared: number
  readonly skippedIndices: readonly number[]
  readonly mismatchIndices: readonly number[]
}

interface RecordedManifest {
  readonly file: string
  readonly kind: 'driver' | 'vbios' | 'switch-bios'
  readonly xmlSignature: string
  readonly chain: string
  readonly verifyTime: string
  readonly activeIndices: readonly number[]
  readonly matches: readonly RecordedMatch[]
}

const isRecorded = (value: unknown): value is readonly RecordedManifest[] => Array.isArray(value)

function recorded(): readonly RecordedManifest[] {
  if (!hasRealData) return []
  const index = readRealJson('rims/index.json')
  if (!isRecorded(index)) throw new Error('rims/index.json is not a list')
  return index
}

const pairs = recorded().flatMap((manifest) =>
  manifest.matches.map((match) => [`${manifest.file} and ${match.evidence}`, manifest, match] as const),
)
const genuine = pairs.filter(([, { xmlSignature, chain }]) => xmlSignature === 'valid' && chain === 'valid')
const spoilt = pairs.filter((pair) => !genuine.includes(pair))

/** Evidence of which half or more of the driver values differ from the recorded manifest: 15 of 21 and 15 of 20. */
const otherConfiguration: ReadonlySet<string> = new Set(['sdk-sample-hopper-535', 'sdk-sample-hopper-570-expired-rim'])
const mismatch = 'rim/measurement-mismatch'

const tagIdOf = (file: string): string | undefined => /\btagId="([0-9a-f]{96})"/.exec(readRealText(`rims/${file}`))?.[1]

const sourceOf = ({ kind }: RecordedManifest): 'driver' | 'firmware' => (kind === 'driver' ? 'driver' : 'firmware')
const indicesOf = (failures: readonly Failure[]): readonly unknown[] =>
  failures.map((failure) => ('index' in failure.details ? failure.details.index : failure.code))

const waivers: readonly Waiver[] = [withoutDeviceStatuses, ...withoutManifestStatuses]

/**
 * The records of a manifest by a pattern of their text: a spoilt manifest is never read by the library, but the comparison
 * can be shown on what it says all the same.
 */
function recordsOf(file: string): readonly ReferenceMeasurement[] {
  const resources = readRealText(`rims/${file}`).match(/<[a-z0-9]*:?Resource [^>]*>/g) ?? []
  return resources.flatMap((resource): ReferenceMeasurement[] => {
    const index = /\bindex="(\d+)"/.exec(resource)?.[1]
    const size = /\bsize="(\d+)"/.exec(resource)?.[1]
    const [first, ...rest] = [...resource.matchAll(/:Hash\d+="([0-9a-f]+)"/g)].map((hash) =>
      parseHex(hash[1] ?? '', 'hash'),
    )
    if (!/\bactive="True"/.test(resource) || first === undefined) return []
    return [{ index: Number(index), name: '', sizeBytes: Number(size), alternatives: [first, ...rest] }]
  })
}

describe.skipIf(!hasRealData)('genuine manifests', () => {
  it('are in eight of the twelve recorded pairs', () => {
    expect([genuine.length, spoilt.length]).toEqual([8, 4])
  })

  it.each(genuine)('%s', async (_, manifest, match) => {
    const result = await verifier({ waivers }).appraise(evidence(match.evidence), {
      nonce: nonce(match.evidence),
      now: new Date(manifest.verifyTime),
      collateral: collateral([manifest.file]),
    })
    const source = sourceOf(manifest)
    expect(result.authentic).toBe(true)
    expect(outcome(result, `${source}-manifest`).outcome).toBe('pass')
    expect(outcome(result, `${source}-manifest-binding`).outcome).toBe('pass')
    const measurements = outcome(result, `${source}-measurements`)
    expect(indicesOf(measurements.failures)).toEqual(match.mismatchIndices)
    expect(measurements.outcome).toBe(match.mismatchIndices.length === 0 ? 'pass' : 'fail')
    expect(result.claims?.measurementsMatched).toBe(match.compared - match.mismatchIndices.length)
  })

  it('a switch passes with its own alone', async () => {
    const [, manifest] = genuine.find(([, { kind }]) => kind === 'switch-bios') ?? []
    if (manifest === undefined) throw new Error('no manifest of a switch')
    const result = await verifier({ waivers }).appraise(evidence('sdk-switch'), {
      nonce: nonce('sdk-switch'),
      now: new Date(manifest.verifyTime),
      collateral: collateral([manifest.file]),
    })
    expect([result.verdict, result.claims?.measurementsMatched]).toEqual(['pass', 31])
  })

  it('of two issues of one id the later one counts', async () => {
    const files = [
      'NV_GPU_VBIOS_1010_0200_882_96005E0001_measurement_mismatch.xml',
      '1010_0200_882_96005E0001_test_no_gpu.swidtag',
    ]
    for (const order of [files, files.toReversed()]) {
      const result = await verifier({ waivers }).appraise(evidence('gonvtrust-hopper-545'), {
        nonce: nonce('gonvtrust-hopper-545'),
        now: new Date('2024-06-01T00:00:00Z'),
        collateral: collateral(order),
      })
      // The later issue is the one these measurements differ from.
      expect(indicesOf(outcome(result, 'firmware-measurements').failures)).toEqual([1, 2, 3, 9])
      expect(result.claims?.firmwareManifest?.signerNotBefore).toEqual(new Date('2023-12-13T23:58:03Z'))
    }
  })
})

describe.skipIf(!hasRealData)('spoilt manifests', () => {
  it.each(spoilt)('%s: is refused', async (_, manifest, match) => {
    const result = await verifier({ waivers }).appraise(evidence(match.evidence), {
      nonce: nonce(match.evidence),
      now: new Date(manifest.verifyTime),
      collateral: collateral([manifest.file]),
    })
    const check = outcome(result, `${sourceOf(manifest)}-manifest`)
    expect(check).toMatchObject({
      outcome: 'fail',
      failures: [{ code: 'manifest/digest-mismatch' }, { code: 'manifest/missing' }],
    })
    expect(outcome(result, `${sourceOf(manifest)}-measurements`).outcome).toBe('indeterminate')
  })

  it.each(pairs)('%s: what it says differs where it should', (_, manifest, match) => {
    const { report } = evidence(match.evidence)
    const measurements = recordsOf(manifest.file)
    expect(measurements.map(({ index }) => index)).toEqual(manifest.activeIndices)
    const disabled = report.kind === 'gpu' && report.nvdec0 === 'disabled'
    expect(disabled && manifest.activeIndices.includes(35)).toBe(match.skippedIndices.includes(35))
    const signer = { subject: '', serial: '', notBefore: new Date(0), notAfter: new Date(0) }
    const stated: ComparableManifest = {
      measurements,
      signer,
      kind: manifest.kind,
    }
    const { compared, failures } = compareMeasurements(report.measurements, stated, sourceOf(manifest), disabled)
    expect(indicesOf(failures)).toEqual(match.mismatchIndices)
    expect(compared).toBe(match.compared)
    expect(countDifferences(report.measurements, stated, disabled)).toBe(match.mismatchIndices.length)
    const named = manifest.kind === 'driver' && otherConfiguration.has(match.evidence)
    expect(codes({ failures })).toEqual(match.mismatchIndices.map(() => (named ? 'rim/other-configuration' : mismatch)))
  })
})

/** Driver manifests of this pack by driver version, their values unchanged by whoever spoilt other copies. */
const driverManifests: Readonly<Record<string, string>> = {
  '545.00': 'Driver_RIM_test_no_gpu.swidtag',
  '550.90.07': 'NV_GPU_DRIVER_GH100_550.90.07.xml',
  '550.144.03': 'NV_GPU_DRIVER_GH100_550.144.03.xml',
}

// No report of this pack was made outside confidential-computing mode. What it does show is the other way to differ in most
// values: a driver of another version, in all three modes. Hence the code names no mode, and the share is no proof of one.
describe.skipIf(!hasRealData)('values of another driver than the one that runs', () => {
  it.each([
    // [report, driver of the manifest, indices that differ of 20 compared]
    ['nvtrust-sample-hopper-550', '550.90.07', 0],
    ['gonvtrust-hopper-545', '545.00', 0],
    ['nvtrust-sample-hopper-550', '550.144.03', 5],
    ['sdk-sample-hopper-535', '545.00', 10],
    ['sdk-hopper-cert-hold', '550.90.07', 11],
    ['sdk-hopper-590', '550.90.07', 12],
    ['google-ppcie-gpu-0', '550.90.07', 13],
    ['gonvtrust-hopper-545', '550.90.07', 14],
    ['nvtrust-sample-hopper-550', '545.00', 15],
    ['google-ppcie-gpu-0', '545.00', 16],
  ] as const)('%s and %s: %i of 20', (id, version, differing) => {
    const { report } = evidence(id)
    const stated: ComparableManifest = {
      kind: 'driver',
      measurements: recordsOf(driverManifests[version] ?? ''),
      signer: { subject: '', serial: '', notBefore: new Date(0), notAfter: new Date(0) },
    }
    const { compared, failures } = compareMeasurements(report.measurements, stated, 'driver', true)
    expect([compared, failures.length]).toEqual([20, differing])
    expect(new Set(codes({ failures }))).toEqual(
      new Set(differing === 0 ? [] : [differing < 10 ? 'rim/measurement-mismatch' : 'rim/other-configuration']),
    )
  })
})

describe.skipIf(!hasRealData)('tag ids', () => {
  it('of driver manifests are the digest of chip and version: one for all issues', () => {
    for (const [version, file] of Object.entries(driverManifests))
      expect(tagIdOf(file)).toBe(createHash('sha384').update(`GH100_${version}`).digest('hex'))
  })

  it.each([
    ['1010_0200_882_96005E0001_test_no_gpu.swidtag', 'NV_GPU_VBIOS_1010_0200_882_96005E0001_measurement_mismatch.xml'],
    [
      'switchVBIOSRim_NV_SWITCH_BIOS_5612_0002_890_9610550001.xml',
      'NV_SWITCH_BIOS_5612_0002_890_9610550001_invalid_signature.xml',
    ],
  ])('of two issues of one id are the same: %s and %s', (one, other) => {
    expect(tagIdOf(one)).toBe(tagIdOf(other))
    expect(tagIdOf(one)).not.toBe(tagIdOf('NV_GPU_VBIOS_1010_0200_882_96009F0001.xml'))
  })
})
