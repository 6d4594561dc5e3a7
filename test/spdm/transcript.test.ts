// Measurement transcripts: every field at its offset, every rule of SPDM 1.1 with the code that names its breach.
import { describe, expect, it } from 'vitest'
import { concatBytes } from '../../src/bytes/bytes.js'
import { parseTranscript } from '../../src/spdm/transcript.js'
import {
  encodeTranscript,
  type ReportOverrides,
  type ReportParts,
  type SyntheticBlock,
} from '../../src/testing/spdm-report.js'
import { thrown } from '../nvidia/thrown.js'

const signature = new Uint8Array(96).fill(0x51)
const parts: ReportParts = {
  nonce: Uint8Array.from({ length: 32 }, (_, i) => i),
  responderNonce: Uint8Array.from({ length: 32 }, (_, i) => 0xe0 + (i % 32)),
  blocks: [
    { index: 1, value: new Uint8Array(48).fill(0xa1) },
    { index: 7, value: Uint8Array.of(9, 8, 7), valueType: 0x82 },
    { index: 254, value: new Uint8Array(0), valueType: 0 },
  ],
  opaque: Uint8Array.of(1, 2, 3, 4, 5),
}

function encode(overrides: ReportOverrides = {}, changed: Partial<ReportParts> = {}): Uint8Array {
  return concatBytes(encodeTranscript({ ...parts, ...changed }, overrides), signature)
}

function refusal(overrides: ReportOverrides, changed: Partial<ReportParts> = {}): unknown {
  return thrown(() => parseTranscript(encode(overrides, changed), 96))
}

function withBlock(block: Partial<SyntheticBlock>): Partial<ReportParts> {
  return { blocks: [parts.blocks[0] ?? { index: 1, value: signature }, { index: 2, value: signature, ...block }] }
}

describe('parseTranscript', () => {
  it('finds every field at the offset the tables give', () => {
    const bytes = encode()
    const transcript = parseTranscript(bytes, 96)
    const recordLength = 7 + 48 + 7 + 3 + 7
    expect(transcript.request).toEqual({ nonce: bytes.subarray(4, 36), slot: 0 })
    expect(transcript.response.slot).toBe(0)
    expect(transcript.response.responderNonce).toEqual(bytes.subarray(45 + recordLength, 77 + recordLength))
    expect(transcript.response.opaqueData).toEqual(parts.opaque)
    expect(transcript.signed).toEqual(bytes.subarray(0, 79 + recordLength + 5))
    expect(transcript.signature).toEqual(signature)
    expect(transcript.trailing.length).toBe(0)
    expect(transcript.raw).toBe(bytes)
  })

  it('types the measurement blocks', () => {
    const bytes = encode()
    const { measurements } = parseTranscript(bytes, 96).response
    expect(measurements.map(({ value, ...block }) => ({ ...block, size: value.length }))).toEqual([
      { index: 1, specification: 'dmtf', valueType: 1, form: 'digest', size: 48 },
      { index: 7, specification: 'dmtf', valueType: 2, form: 'raw', size: 3 },
      { index: 254, specification: 'dmtf', valueType: 0, form: 'digest', size: 0 },
    ])
    expect(measurements[1]?.value).toEqual(Uint8Array.of(9, 8, 7))
  })

  it('makes views of the input, not copies', () => {
    const bytes = encode()
    const transcript = parseTranscript(bytes, 96)
    expect(transcript.response.measurements[0]?.value.buffer).toBe(bytes.buffer)
    expect(transcript.signature.buffer).toBe(bytes.buffer)
  })

  it('accepts another slot if both messages name it', () => {
    expect(parseTranscript(encode({ slot: 3, responseParam2: 3 }), 96).request.slot).toBe(3)
  })

  it('keeps bytes after the signature apart from it', () => {
    const transcript = parseTranscript(concatBytes(encode(), Uint8Array.of(0, 1)), 96)
    expect(transcript.trailing).toEqual(Uint8Array.of(0, 1))
    expect(transcript.signature).toEqual(signature)
  })

  it.each<[string, ReportOverrides, string, string]>([
    ['request version', { requestVersion: 0x12 }, 'spdm/version', 'request.version'],
    ['request code', { requestCode: 0xe1 }, 'spdm/message-code', 'request.code'],
    ['no signature requested', { requestParam1: 0 }, 'spdm/unsigned', 'request.param1'],
    ['reserved attribute', { requestParam1: 3 }, 'spdm/reserved', 'request.param1'],
    ['one measurement only', { requestParam2: 5 }, 'spdm/partial-measurements', 'request.param2'],
    ['reserved slot bits', { slot: 0x10 }, 'spdm/reserved', 'request.slot'],
    ['response version', { responseVersion: 0x10 }, 'spdm/version', 'response.version'],
    ['response code', { responseCode: 0x7f }, 'spdm/message-code', 'response.code'],
    ['response param1', { responseParam1: 1 }, 'spdm/reserved', 'response.param1'],
    ['response param2', { responseParam2: 0x20 }, 'spdm/reserved', 'response.param2'],
    ['another slot', { responseParam2: 1 }, 'spdm/slot-mismatch', 'response.param2'],
    ['no blocks', { blockCount: 0 }, 'spdm/no-measurements', 'response.numberOfBlocks'],
    ['too few blocks announced', { blockCount: 2 }, 'spdm/block-count', 'response.measurements'],
    ['too many blocks announced', { blockCount: 4 }, 'bytes/truncated', 'response.measurements[3]'],
    ['record past the end', { recordLength: 0xffffff }, 'bytes/truncated', 'response.measurements'],
    ['opaque data past the end', { opaqueLength: 0xffff }, 'bytes/truncated', 'response.opaqueData'],
  ])('refuses: %s', (_, overrides, code, at) => {
    expect(refusal(overrides)).toEqual({ code, at })
  })

  it.each<[string, Partial<SyntheticBlock>, string, string]>([
    ['index 0', { index: 0 }, 'spdm/measurement-index', 'response.measurements[1].index'],
    ['index 255', { index: 255 }, 'spdm/measurement-index', 'response.measurements[1].index'],
    ['an index twice', { index: 1 }, 'spdm/measurement-duplicate', 'response.measurements[1].index'],
    ['specification', { specification: 2 }, 'spdm/measurement-specification', 'response.measurements[1].specification'],
    ['value shorter than its block', { valueSize: 95 }, 'spdm/measurement-size', 'response.measurements[1]'],
    ['value longer than its block', { valueSize: 97 }, 'spdm/measurement-size', 'response.measurements[1]'],
    ['block past the record', { measurementSize: 100 }, 'bytes/truncated', 'response.measurements[1]'],
    ['block without a value header', { measurementSize: 2 }, 'spdm/measurement-size', 'response.measurements[1]'],
  ])('refuses in a block: %s', (_, block, code, at) => {
    expect(refusal({}, withBlock(block))).toEqual({ code, at })
  })

  it('prefixes every path with the place of the transcript', () => {
    const at = (overrides: ReportOverrides): string =>
      thrown(() => parseTranscript(encode(overrides), 96, 'items[3].evidence')).at
    expect(at({ requestVersion: 1 })).toBe('items[3].evidence.request.version')
    expect(at({ blockCount: 4 })).toBe('items[3].evidence.response.measurements[3]')
  })

  it('refuses every truncation', () => {
    const bytes = encode()
    for (let length = 0; length < bytes.length; length++)
      expect(thrown(() => parseTranscript(bytes.subarray(0, length), 96)).code).toBe('bytes/truncated')
  })
})
