// Compares what a device measured with what its manifests allow. Sync, pure; NVIDIA's rules, nvidia documentation "measurements".
import { equalBytes } from '../bytes/bytes.js'
import { encodeHex } from '../bytes/hex.js'
import { type AppraiseFailure, appraiseFailure } from '../result/failure.js'
import type { ReferenceManifest } from '../rim/reference-manifest.js'
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

/**
 * Compares every active index of `manifest` with the report. An index the report measures and no manifest names is
 * not looked at (that is NVIDIA's rule, and a documented limit); an index the manifest names and the report lacks fails.
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
  const measured = new Map(blocks.map((block) => [block.index - indexShift, block.value]))
  const failures: AppraiseFailure[] = []
  const differing = manifest.measurements.filter(({ index, alternatives }) => {
    const value = measured.get(index)
    return value === undefined || !alternatives.some((alternative) => equalBytes(alternative, value))
  }).length
  // Re-issued manifests differ in few values; where most differ, the device runs something else or in another mode.
  const newerIssuePossible = differing * 2 < manifest.measurements.length
  let compared = 0
  for (const reference of manifest.measurements) {
    if (nvdecDisabled && reference.index === nvdecIndex) continue
    compared++
    const at = `measurements[${reference.index}]`
    const value = measured.get(reference.index)
    if (value === undefined) {
      failures.push(appraiseFailure('rim/measurement-missing', at, { index: reference.index, source }))
    } else if (value.length !== reference.sizeBytes) {
      const sizes = { expectedBytes: reference.sizeBytes, actualBytes: value.length }
      failures.push(appraiseFailure('rim/measurement-size', at, { index: reference.index, ...sizes }))
    } else if (!reference.alternatives.some((alternative) => equalBytes(alternative, value))) {
      failures.push(
        appraiseFailure('rim/measurement-mismatch', at, {
          index: reference.index,
          source,
          actual: encodeHex(value),
          alternatives: reference.alternatives.map(encodeHex),
          signedBy: manifest.signer.subject,
          signerNotBefore: manifest.signer.notBefore.toISOString(),
          newerIssuePossible,
        }),
      )
    }
  }
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
