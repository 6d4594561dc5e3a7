// Bytes to a MEASUREMENTS response without its signature, DSP0274 1.1 section 10.11.1.
import type { Bytes } from '../bytes/bytes.js'
import type { Reader } from '../bytes/reader.js'
import { parseError } from '../result/error.js'
import { type MeasurementBlock, parseMeasurements } from './measurement.js'
import { nonceLength, readMessageCode, requireZero } from './request.js'

const measurementsCode = 0x60

/**
 * What the responder answered. L is the record length, O the opaque length.
 *
 * | offset | size | field | rule |
 * |---:|---:|---|---|
 * | 0 | 1 | version | 0x11 |
 * | 1 | 1 | code | 0x60 MEASUREMENTS |
 * | 2 | 1 | param1 | reserved |
 * | 3 | 1 | param2 | low nibble: the slot that was asked for; the rest is reserved |
 * | 4 | 1 | number of blocks | not 0 |
 * | 5 | 3 | L | |
 * | 8 | L | measurement record | |
 * | 8+L | 32 | responder nonce | random of the device, not the challenge |
 * | 40+L | 2 | O | 0 if there is no opaque data |
 * | 42+L | O | opaque data | meaning belongs to the vendor |
 */
export interface MeasurementsResponse {
  readonly slot: number
  readonly measurements: readonly MeasurementBlock[]
  /** Random bytes of the device, for its own protection. Never the value to compare with a challenge. */
  readonly responderNonce: Bytes
  readonly opaqueData: Bytes
}

/**
 * Reads the response up to its signature; `requestedSlot` is the slot of the request it answers.
 * @throws AttestationError `spdm/version`, `spdm/message-code`, `spdm/reserved`, `spdm/slot-mismatch`,
 * `spdm/no-measurements`, and those of {@link parseMeasurements}
 */
export function readResponse(reader: Reader, requestedSlot: number, path: string): MeasurementsResponse {
  readMessageCode(reader, measurementsCode, path)
  requireZero(reader.u8('param1'), `${path}.param1`)
  const slot = reader.u8('param2')
  requireZero(slot & 0xf0, `${path}.param2`)
  if (slot !== requestedSlot)
    throw parseError('spdm/slot-mismatch', `${path}.param2`, { requested: requestedSlot, answered: slot })
  const count = reader.u8('numberOfBlocks')
  if (count === 0) throw parseError('spdm/no-measurements', `${path}.numberOfBlocks`, {})
  const record = reader.take(reader.u24le('measurementRecordLength'), 'measurements')
  const measurements = parseMeasurements(record, count, `${path}.measurements`)
  const responderNonce = reader.take(nonceLength, 'nonce')
  const opaqueData = reader.take(reader.u16le('opaqueLength'), 'opaqueData')
  return Object.freeze({ slot, measurements, responderNonce, opaqueData })
}
