// Measurement blocks, nonces and opaque data into a signed SPDM 1.1 report (DSP0274 GET_MEASUREMENTS and MEASUREMENTS).
import { type Bytes, concatBytes } from '../bytes/bytes.js'
import type { SyntheticKey } from './key.js'
import type { ByteMutation } from './mutation.js'

/** One measurement block; sizes are computed unless a test wants them wrong. */
export interface SyntheticBlock {
  /** 1-based. */
  readonly index: number
  readonly value: Bytes
  /** DMTF measurement value type; 1 is the digest of mutable firmware. */
  readonly valueType?: number
  /** Measurement specification; 1 is DMTF. */
  readonly specification?: number
  readonly measurementSize?: number
  readonly valueSize?: number
}

/** Header fields and computed lengths of the report, replaceable one by one. */
export interface ReportOverrides {
  readonly requestVersion?: number
  readonly requestCode?: number
  readonly requestParam1?: number
  readonly requestParam2?: number
  readonly slot?: number
  readonly responseVersion?: number
  readonly responseCode?: number
  readonly responseParam1?: number
  readonly responseParam2?: number
  readonly blockCount?: number
  readonly recordLength?: number
  readonly opaqueLength?: number
  /** Applied to the transcript before it is signed: a genuine signature over something odd. */
  readonly transcript?: ByteMutation
  /** Applied to the 96 bytes of the signature. */
  readonly signature?: ByteMutation
  /** Applied to the finished report. */
  readonly report?: ByteMutation
}

export interface ReportParts {
  readonly nonce: Bytes
  readonly responderNonce: Bytes
  readonly blocks: readonly SyntheticBlock[]
  readonly opaque: Bytes
}

export function littleEndian(value: number, length: number): Bytes {
  const bytes = new Uint8Array(length)
  for (let i = 0; i < length; i++) bytes[i] = Math.floor(value / 256 ** i) & 0xff
  return bytes
}

function encodeBlock(block: SyntheticBlock): Bytes {
  const { index, value, valueType = 1, specification = 1 } = block
  return concatBytes(
    Uint8Array.of(index, specification),
    littleEndian(block.measurementSize ?? value.length + 3, 2),
    Uint8Array.of(valueType),
    littleEndian(block.valueSize ?? value.length, 2),
    value,
  )
}

/** The signed bytes: the request, then the response up to its signature. */
export function encodeTranscript(parts: ReportParts, overrides: ReportOverrides = {}): Bytes {
  const record = concatBytes(...parts.blocks.map(encodeBlock))
  return concatBytes(
    Uint8Array.of(
      overrides.requestVersion ?? 0x11,
      overrides.requestCode ?? 0xe0,
      overrides.requestParam1 ?? 0x01,
      overrides.requestParam2 ?? 0xff,
    ),
    parts.nonce,
    Uint8Array.of(
      overrides.slot ?? 0,
      overrides.responseVersion ?? 0x11,
      overrides.responseCode ?? 0x60,
      overrides.responseParam1 ?? 0,
      overrides.responseParam2 ?? 0,
      overrides.blockCount ?? parts.blocks.length,
    ),
    littleEndian(overrides.recordLength ?? record.length, 3),
    record,
    parts.responderNonce,
    littleEndian(overrides.opaqueLength ?? parts.opaque.length, 2),
    parts.opaque,
  )
}

/** The report: transcript and signature of `key`. */
export function encodeReport(parts: ReportParts, key: SyntheticKey, overrides: ReportOverrides = {}): Bytes {
  const encoded = encodeTranscript(parts, overrides)
  const transcript = overrides.transcript?.(encoded) ?? encoded
  const signed = key.sign(transcript)
  const report = concatBytes(transcript, overrides.signature?.(signed) ?? signed)
  return overrides.report?.(report) ?? report
}
