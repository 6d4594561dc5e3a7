// Compares security version numbers in the opaque data with the minima that manifests demand (records from index 0x1000).

import type { OpaqueData } from '../nvidia/opaque-data.js'
import { type AppraiseFailure, appraiseFailure } from '../result/failure.js'
import type { ReferenceManifest } from '../rim/reference-manifest.js'

/** Value type of a security version number in the versioned opaque layout. */
const svnValueType = 0x87
const svnBytes = 2

/** A field that is missing, of another type or of another length does not show the version: it fails. */
export function compareSecurityVersions(
  opaque: OpaqueData,
  manifests: readonly ReferenceManifest[],
): readonly AppraiseFailure[] {
  return manifests.flatMap((manifest) =>
    manifest.svnRecords.flatMap((record): AppraiseFailure[] => {
      const at = `opaque[${record.fieldId}]`
      const field = opaque.fields.find((candidate) => candidate.id === record.fieldId)
      const [low, high] = field?.value ?? []
      if (
        field?.valueType !== svnValueType ||
        field.value.length !== svnBytes ||
        low === undefined ||
        high === undefined
      ) {
        return [appraiseFailure('rim/security-version-missing', at, { name: record.name, fieldId: record.fieldId })]
      }
      const actual = low + high * 256
      if (actual >= record.minSvn) return []
      return [
        appraiseFailure('rim/security-version-too-low', at, { name: record.name, minimum: record.minSvn, actual }),
      ]
    }),
  )
}
