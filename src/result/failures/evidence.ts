// Failures of attestation evidence: SPDM messages, opaque data, containers, and what binds a report to its device.
import type { FailureGuide, None } from './table.js'

interface OpaqueField {
  /** Number of the opaque data field. */
  readonly id: number
}

export interface EvidenceFailures {
  readonly parse: {
    readonly 'spdm/version': { readonly expected: number; readonly actual: number }
    readonly 'spdm/message-code': { readonly expected: number; readonly actual: number }
    readonly 'spdm/unsigned': None
    readonly 'spdm/reserved': { readonly value: number }
    readonly 'spdm/partial-measurements': { readonly operation: number }
    readonly 'spdm/slot-mismatch': { readonly requested: number; readonly answered: number }
    readonly 'spdm/no-measurements': None
    readonly 'spdm/block-count': { readonly announced: number; readonly spareBytes: number }
    readonly 'spdm/measurement-index': { readonly index: number }
    readonly 'spdm/measurement-duplicate': { readonly index: number }
    readonly 'spdm/measurement-specification': { readonly actual: number }
    readonly 'spdm/measurement-size': { readonly bodySize: number; readonly valueSize: number }
    readonly 'opaque/profile': { readonly profile: number }
    readonly 'opaque/version': { readonly supported: number; readonly actual: number }
    readonly 'opaque/padding': { readonly value: number }
    readonly 'opaque/legacy-version': { readonly supported: number; readonly actual: number }
    readonly 'opaque/duplicate-field': OpaqueField
    readonly 'opaque/field-length': OpaqueField & { readonly expected: string; readonly actual: number }
    readonly 'opaque/field-value': OpaqueField & { readonly value: string }
    readonly 'opaque/field-value-type': OpaqueField & { readonly expected: number; readonly actual: number }
    readonly 'opaque/field-text': OpaqueField & { readonly text: string }
    readonly 'opaque/field-padding': OpaqueField
  }
  readonly verify: None
  readonly appraise: None
  readonly collect: None
}

export const evidenceGuide: FailureGuide<EvidenceFailures> = {
  parse: {
    'spdm/version': {
      meaning: 'The message is not of SPDM version 1.1.',
      action: 'fix-input',
      next: 'Check that the bytes are a GPU or switch attestation report from its first byte on.',
    },
    'spdm/message-code': {
      meaning: 'The message is not the request or response that belongs in this place.',
      action: 'fix-input',
      next: 'Pass the GET_MEASUREMENTS request directly followed by the MEASUREMENTS response.',
    },
    'spdm/unsigned': {
      meaning: 'The request asked for measurements without a signature.',
      action: 'collect-again',
      next: 'Collect the report again with a signature requested.',
    },
    'spdm/reserved': {
      meaning: 'Bits that SPDM 1.1 reserves are set.',
      action: 'fix-input',
      next: 'Export the report again; if this repeats, the device speaks a protocol version this library does not read.',
    },
    'spdm/partial-measurements': {
      meaning: 'The request asked for one measurement, not for all of them.',
      action: 'collect-again',
      next: 'Collect the report again for all measurement blocks.',
    },
    'spdm/slot-mismatch': {
      meaning: 'The device answered with another certificate slot than the one asked for.',
      action: 'collect-again',
      next: 'Collect the report again; request and response do not belong together.',
    },
    'spdm/no-measurements': {
      meaning: 'The response announces no measurement at all.',
      action: 'collect-again',
      next: 'Collect the report again; if this repeats, update the driver.',
    },
    'spdm/block-count': {
      meaning: 'The measurement record continues after the number of blocks it announces.',
      action: 'fix-input',
      next: 'Export the report again; it was damaged.',
    },
    'spdm/measurement-index': {
      meaning: 'A measurement block has an index that SPDM reserves.',
      action: 'fix-input',
      next: 'Export the report again; it was damaged.',
    },
    'spdm/measurement-duplicate': {
      meaning: 'Two measurement blocks have the same index, so one of them would go unchecked.',
      action: 'stop',
      next: 'Do not trust the report; find out who assembled it.',
    },
    'spdm/measurement-specification': {
      meaning: 'A measurement block is not of the DMTF form.',
      action: 'fix-input',
      next: 'Export the report again; it was damaged.',
    },
    'spdm/measurement-size': {
      meaning: 'A measurement value does not fill its block exactly.',
      action: 'fix-input',
      next: 'Export the report again; it was damaged.',
    },
    'opaque/profile': {
      meaning: 'The opaque data follows a profile this library does not know.',
      action: 'fix-input',
      next: 'Update this library; the driver is newer than it.',
    },
    'opaque/version': {
      meaning: 'The opaque data has a major version this library does not know.',
      action: 'fix-input',
      next: 'Update this library; the driver is newer than it.',
    },
    'opaque/padding': {
      meaning: 'The padding in the header of the opaque data is not zero.',
      action: 'fix-input',
      next: 'Export the report again; if this repeats, update this library.',
    },
    'opaque/legacy-version': {
      meaning: 'Field 34 of opaque data without a header states a version this library does not know.',
      action: 'fix-input',
      next: 'Update this library; the driver is newer than it.',
    },
    'opaque/duplicate-field': {
      meaning: 'An opaque data field appears twice, so that readers could disagree on its value.',
      action: 'stop',
      next: 'Do not trust the report; find out who assembled it.',
    },
    'opaque/field-length': {
      meaning: 'An opaque data field does not have the length its meaning asks for.',
      action: 'fix-input',
      next: 'Check that a GPU report is read as one and a switch report as one; else export it again.',
    },
    'opaque/field-value': {
      meaning: 'An opaque data field holds a value that has no known meaning.',
      action: 'fix-input',
      next: 'Update this library if the driver is newer than it; else export the report again.',
    },
    'opaque/field-value-type': {
      meaning: 'An opaque data field is marked as another kind of value than its number stands for.',
      action: 'fix-input',
      next: 'Update this library if the driver is newer than it; else export the report again.',
    },
    'opaque/field-text': {
      meaning: 'A version or product name in the opaque data has a character that no such name contains.',
      action: 'fix-input',
      next: 'Export the report again; it was damaged.',
    },
    'opaque/field-padding': {
      meaning: 'A text in the opaque data continues after its terminating zero byte.',
      action: 'fix-input',
      next: 'Export the report again; it was damaged.',
    },
  },
  verify: {},
  appraise: {},
  collect: {},
}
