// Compares what a device measured with what its manifests allow. Sync, pure; NVIDIA's rules, nvidia documentation "measurements".
import { type Bytes, equalBytes } from '../bytes/bytes.js'
import { encodeHex } from '../bytes/hex.js'
import { type AppraiseFailure, appraiseFailure } from '../result/failure.js'
import type { ReferenceManifest, ReferenceMeasurement } from '../rim/reference-manifest.js'
import type { MeasurementBlock } from '../spdm/measurement.js'

/** Report blocks count from 1, manifests from 0. */
const indexShift = 1
/** The measurement of the video decoder firmware; it says nothing when the decoder is disabled. */
const nvdecIndex = 35

export type ManifestSource = 'driver' | 'firmware'

/** What a comparison needs of a manifest. */
export type ComparableManifest = Pick<ReferenceManifest, 'kind' | 'measurements' | 'signer'>

export interface MeasurementComparison {
  readonly source: ManifestSource
  /** How many indices were compared; skipped and inactive ones do not count. */
  readonly compared: number
  readonly failures: readonly AppraiseFailure[]
}

interface Comparison {
  readonly reference: ReferenceMeasurement
  readonly value: Bytes | undefined
  readonly matches: boolean
}

function compareEach(
  blocks: readonly MeasurementBlock[],
  manifest: ComparableManifest,
  nvdecDisabled: boolean,
): readonly Comparison[] {
  const measured = new Map(blocks.map((block) => [block.index - indexShift, block.value]))
  return manifest.measurements
    .filter(({ index }) => !(nvdecDisabled && index === nvdecIndex))
    .map((reference) => {
      const value = measured.get(reference.index)
      const matches =
        value?.length === reference.sizeBytes &&
        reference.alternatives.some((alternative) => equalBytes(alternative, value))
      return { reference, value, matches }
    })
}

/** At how many indices of `manifest` the report lacks a value it allows. */
export function countDifferences(
  blocks: readonly MeasurementBlock[],
  manifest: ComparableManifest,
  nvdecDisabled: boolean,
): number {
  return compareEach(blocks, manifest, nvdecDisabled).filter(({ matches }) => !matches).length
}

/**
 * Compares every active index of `manifest` with the report. An index the report measures and no manifest names is
 * not looked at (that is NVIDIA's rule, and a documented limit); an index the manifest names and the report lacks fails.
 *
 * Issues of one manifest differ in few values. Where half or more of a driver manifest's values differ, every mismatch is
 * named `rim/other-configuration`: NVIDIA makes these manifests for confidential-computing mode, and no field of a report
 * states that mode. It is a name for a failure, never a reason to pass, and cannot tell a GPU outside the mode from one
 * that runs other software: drivers of other versions differ in 5 to 16 of 20 values.
 *
 * Checks that could make sense but do not exist: the extend counters (MSRSCNT) are never part of a reference, and whether
 * a value is a digest or raw is not stated by manifests.
 */
export function compareMeasurements(
  blocks: readonly MeasurementBlock[],
  manifest: ComparableManifest,
  source: ManifestSource,
  nvdecDisabled: boolean,
): MeasurementComparison {
  const comparisons = compareEach(blocks, manifest, nvdecDisabled)
  const compared = comparisons.length
  const differing = comparisons.filter(({ matches }) => !matches).length
  const mostDiffer = differing * 2 >= compared
  const failures = comparisons.flatMap(({ reference, value, matches }): AppraiseFailure[] => {
    const { index, sizeBytes, alternatives } = reference
    const at = `measurements[${index}]`
    if (value === undefined) return [appraiseFailure('rim/measurement-missing', at, { index, source })]
    if (value.length !== sizeBytes) {
      const sizes = { expectedBytes: sizeBytes, actualBytes: value.length }
      return [appraiseFailure('rim/measurement-size', at, { index, ...sizes })]
    }
    if (matches) return []
    const mismatch = {
      index,
      source,
      actual: encodeHex(value),
      alternatives: alternatives.map(encodeHex),
      signedBy: manifest.signer.subject,
      signerNotBefore: manifest.signer.notBefore.toISOString(),
    }
    return source === 'driver' && mostDiffer
      ? [appraiseFailure('rim/other-configuration', at, { ...mismatch, differing, compared })]
      : [appraiseFailure('rim/measurement-mismatch', at, { ...mismatch, newerIssuePossible: !mostDiffer })]
  })
  // A manifest without a single comparison would vouch for any device.
  if (compared === 0)
    failures.push(appraiseFailure('manifest/no-active-measurements', `manifests.${manifest.kind}`, { kind: source }))
  return { source, compared, failures }
}

/** Indices and records that two manifests of one device both claim: then neither can be believed for them. */
export function findManifestConflicts(
  driver: ReferenceManifest,
  firmware: ReferenceManifest,
): readonly AppraiseFailure[] {
  const claimed = new Set(driver.measurements.map((entry) => entry.index))
  const indices = firmware.measurements
    .filter((entry) => claimed.has(entry.index))
    .map((entry) => appraiseFailure('manifest/index-conflict', `measurements[${entry.index}]`, { index: entry.index }))
  const records = firmware.svnRecords
    .filter((record) =>
      driver.svnRecords.some((other) => other.fieldId === record.fieldId || other.name === record.name),
    )
    .map((record) =>
      appraiseFailure('manifest/record-conflict', `opaque[${record.fieldId}]`, {
        fieldId: record.fieldId,
        name: record.name,
      }),
    )
  return [...indices, ...records]
}
