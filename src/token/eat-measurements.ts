// Reads the `manifests`, `measurements` and `measres` claims (RFC 9711 sections 4.2.15 to 4.2.17).
import type { Bytes } from '../bytes/bytes.js'
import {
  type ClaimField,
  type ClaimValue,
  claimBytes,
  claimChoice,
  claimInteger,
  claimItems,
  claimText,
  claimTypeError,
} from './claim-field.js'

/** A manifest or measurement in a format of its own, not interpreted here. */
export interface ContentItem {
  /** Number of the IANA registry "CoAP Content-Formats", for instance 258 CoSWID. */
  readonly contentFormat: number
  readonly content: ClaimValue
}

const outcomes = ['success', 'fail', 'not-run', 'absent'] as const

export type MeasurementOutcome = (typeof outcomes)[number]

/** What one measurement system found, item by item. */
export interface MeasurementResults {
  readonly system: string
  readonly results: readonly { readonly id: string | Bytes; readonly outcome: MeasurementOutcome }[]
}

/** Bounds the list; a device reports some tens of items. */
const MAX_ITEMS = 4096

/** @throws AttestationError `token/claim-type` */
export function readContentItems(field: ClaimField): readonly ContentItem[] {
  return claimItems(field, 1, MAX_ITEMS).map((item) => {
    const [format, content] = claimItems(item, 2, 2)
    if (format === undefined || content === undefined) throw claimTypeError(item, 'format and content')
    return { contentFormat: claimInteger(format, 0), content: content.value }
  })
}

/** @throws AttestationError `token/claim-type` */
export function readMeasurementResults(field: ClaimField): readonly MeasurementResults[] {
  return claimItems(field, 1, MAX_ITEMS).map((group) => {
    const [system, results] = claimItems(group, 2, 2)
    if (system === undefined || results === undefined) throw claimTypeError(group, 'system and results')
    return { system: claimText(system), results: claimItems(results, 1, MAX_ITEMS).map(readResult) }
  })
}

function readResult(field: ClaimField): MeasurementResults['results'][number] {
  const [id, outcome] = claimItems(field, 2, 2)
  if (id === undefined || outcome === undefined) throw claimTypeError(field, 'id and result')
  const bytes = id.value instanceof Uint8Array
  return { id: bytes ? claimBytes(id, 0, 1024) : claimText(id), outcome: claimChoice(outcome, outcomes, 1) }
}
