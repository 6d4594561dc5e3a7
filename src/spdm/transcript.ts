// Bytes to a measurement transcript: request, response and signature as one message, DSP0274 1.1 section 10.11.2.
import type { Bytes } from '../bytes/bytes.js'
import { createReader } from '../bytes/reader.js'
import { type GetMeasurementsRequest, readRequest, requestLength } from './request.js'
import { type MeasurementsResponse, readResponse } from './response.js'

/**
 * A GET_MEASUREMENTS request directly followed by the MEASUREMENTS response. SPDM 1.1 signs both as they stand,
 * without a context string.
 *
 * | offset | size | field |
 * |---:|---:|---|
 * | 0 | 37 | request |
 * | 37 | 42+L+O | response |
 * | 79+L+O | n | signature, raw r and s |
 */
export interface MeasurementTranscript {
  readonly request: GetMeasurementsRequest
  readonly response: MeasurementsResponse
  /** Everything received, trailing bytes included. */
  readonly raw: Bytes
  /** The byte range the signature covers, found by parsing. */
  readonly signed: Bytes
  readonly signature: Bytes
  /** Bytes after the signature. Nothing protects them; verification refuses them unless told otherwise. */
  readonly trailing: Bytes
}

/**
 * Parses a transcript. All fields are views of `bytes`, which must not change any more. Checks no signature.
 * @param signatureLength size of the signature of the negotiated algorithm, 96 for ECDSA P-384
 * @param at path of the transcript in a larger input; prefixes the `at` of every error
 * @throws AttestationError `bytes/truncated` and those of the request and the response
 */
export function parseTranscript(bytes: Bytes, signatureLength: number, at = ''): MeasurementTranscript {
  const [requestPath, responsePath] = [reportPath(at, 'request'), reportPath(at, 'response')]
  const request = readRequest(createReader(bytes.subarray(0, requestLength), requestPath), requestPath)
  const reader = createReader(bytes.subarray(requestLength), responsePath)
  const response = readResponse(reader, request.slot, responsePath)
  const signedLength = requestLength + reader.offset()
  const signature = reader.take(signatureLength, 'signature')
  return Object.freeze({
    request,
    response,
    raw: bytes,
    signed: bytes.subarray(0, signedLength),
    signature,
    trailing: reader.take(reader.remaining(), 'trailing'),
  })
}

/** Path of a field of a report that stands at `at`. */
export function reportPath(at: string, field: string): string {
  return at === '' ? field : `${at}.${field}`
}
