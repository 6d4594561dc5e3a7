// Bytes to a GET_MEASUREMENTS request, DSP0274 1.1 section 10.11.
import type { Bytes } from '../bytes/bytes.js'
import type { Reader } from '../bytes/reader.js'
import { parseError } from '../result/error.js'

/** Version byte of SPDM 1.1, major and minor in one nibble each. */
export const spdmVersion = 0x11
/** Length of the nonces of SPDM: the challenge of the requester and the one of the responder. */
export const nonceLength = 32
/** Total length of the request. */
export const requestLength = 37

const getMeasurements = 0xe0
const signatureRequested = 0x01
const allMeasurements = 0xff

/**
 * What the requester asked.
 *
 * | offset | size | field | rule |
 * |---:|---:|---|---|
 * | 0 | 1 | version | 0x11 |
 * | 1 | 1 | code | 0xE0 GET_MEASUREMENTS |
 * | 2 | 1 | param1 | bit 0: signature requested, must be set; the rest is reserved |
 * | 3 | 1 | param2 | 0xFF: all measurement blocks |
 * | 4 | 32 | challenge nonce | |
 * | 36 | 1 | slot | low nibble: certificate slot; the rest is reserved |
 */
export interface GetMeasurementsRequest {
  /** The challenge: the nonce a relying party compares with its own. */
  readonly nonce: Bytes
  /** Certificate slot whose key is to sign. */
  readonly slot: number
}

/** Reads version and code, which open every SPDM message. */
export function readMessageCode(reader: Reader, expected: number, path: string): void {
  const version = reader.u8('version')
  if (version !== spdmVersion)
    throw parseError('spdm/version', `${path}.version`, { expected: spdmVersion, actual: version })
  const code = reader.u8('code')
  if (code !== expected) throw parseError('spdm/message-code', `${path}.code`, { expected, actual: code })
}

/** Refuses bits that SPDM 1.1 reserves; a responder that sets them speaks another protocol version. */
export function requireZero(bits: number, at: string): void {
  if (bits !== 0) throw parseError('spdm/reserved', at, { value: bits })
}

/**
 * Reads the request that opens a transcript; the bytes after it are left to the caller.
 * @throws AttestationError `spdm/version`, `spdm/message-code`, `spdm/unsigned`, `spdm/partial-measurements`,
 * `spdm/reserved`, `bytes/truncated`
 */
export function readRequest(reader: Reader, path: string): GetMeasurementsRequest {
  readMessageCode(reader, getMeasurements, path)
  const attributes = reader.u8('param1')
  if ((attributes & signatureRequested) === 0) throw parseError('spdm/unsigned', `${path}.param1`, {})
  requireZero(attributes & ~signatureRequested, `${path}.param1`)
  const operation = reader.u8('param2')
  if (operation !== allMeasurements) throw parseError('spdm/partial-measurements', `${path}.param2`, { operation })
  const nonce = reader.take(nonceLength, 'nonce')
  const slot = reader.u8('slot')
  requireZero(slot & 0xf0, `${path}.slot`)
  return Object.freeze({ nonce, slot })
}
