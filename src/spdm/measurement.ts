// A measurement record to measurement blocks, DSP0274 1.1 section 10.11.1.
import type { Bytes } from '../bytes/bytes.js'
import { parseError } from '../result/error.js'

const dmtfSpecification = 0x01
const blockHeader = 4
const valueHeader = 3
const rawForm = 0x80

/**
 * One measurement.
 *
 * | offset | size | field | rule |
 * |---:|---:|---|---|
 * | 0 | 1 | index | 1 to 254, once per record |
 * | 1 | 1 | specification | 0x01 DMTF |
 * | 2 | 2 | size | of what follows |
 * | 4 | 1 | value type | bit 7: raw, else digest; bits 6 to 0: what is measured |
 * | 5 | 2 | value size | size - 3 |
 * | 7 | | value | |
 */
export interface MeasurementBlock {
  /** As the device counts: the first block is 1. */
  readonly index: number
  readonly specification: 'dmtf'
  /** DMTF value type without bit 7: 0 immutable ROM, 1 mutable firmware, 2 hardware and 3 firmware configuration. */
  readonly valueType: number
  /** Whether `value` is a digest of what was measured or the measured bytes themselves. */
  readonly form: 'digest' | 'raw'
  readonly value: Bytes
}

/**
 * Parses exactly `count` blocks that fill `record`. Values are views of `record`.
 * @throws AttestationError `spdm/block-count`, `spdm/measurement-index`, `spdm/measurement-duplicate`,
 * `spdm/measurement-specification`, `spdm/measurement-size`, `bytes/truncated`
 */
export function parseMeasurements(record: Bytes, count: number, path: string): readonly MeasurementBlock[] {
  const blocks: MeasurementBlock[] = []
  const seen = new Uint8Array(256)
  let offset = 0
  // Plain indexing instead of a Reader: this loop is most of the time a report takes to parse.
  for (let i = 0; i < count; i++) {
    const bodySize = (record[offset + 2] ?? 0) + (record[offset + 3] ?? 0) * 256
    const end = offset + blockHeader + bodySize
    if (end > record.length || offset + blockHeader > record.length)
      throw parseError('bytes/truncated', `${path}[${i}]`, {
        needed: end - offset,
        available: record.length - offset,
      })
    const index = record[offset] ?? 0
    if (index === 0 || index === 0xff) throw parseError('spdm/measurement-index', `${path}[${i}].index`, { index })
    if (seen[index] === 1) throw parseError('spdm/measurement-duplicate', `${path}[${i}].index`, { index })
    seen[index] = 1
    const specification = record[offset + 1] ?? 0
    if (specification !== dmtfSpecification)
      throw parseError('spdm/measurement-specification', `${path}[${i}].specification`, { actual: specification })
    const valueSize = (record[offset + 5] ?? 0) + (record[offset + 6] ?? 0) * 256
    if (bodySize !== valueHeader + valueSize)
      throw parseError('spdm/measurement-size', `${path}[${i}]`, { bodySize, valueSize })
    const valueType = record[offset + 4] ?? 0
    blocks.push(
      Object.freeze({
        index,
        specification: 'dmtf',
        valueType: valueType & ~rawForm,
        form: valueType >= rawForm ? 'raw' : 'digest',
        value: record.subarray(offset + blockHeader + valueHeader, end),
      } as const),
    )
    offset = end
  }
  if (offset !== record.length)
    throw parseError('spdm/block-count', path, { announced: count, spareBytes: record.length - offset })
  return Object.freeze(blocks)
}
