// Turns the RIM service's JSON answer to `GET /v1/rim/<id>` into the document it wraps.
import { parseBase64 } from '../bytes/base64.js'
import type { Bytes } from '../bytes/bytes.js'
import { parseHex } from '../bytes/hex.js'
import { jsonObject, jsonString, parseJson } from '../encoding/json.js'
import { maxXmlBytes } from '../encoding/xml.js'
import { parseError } from '../result/error.js'
import { excerpt } from './element.js'

/** A manifest as the service hands it out; nothing in it is signed but the manifest itself. */
export interface RimServiceResponse {
  readonly id: string
  /** The XML document; pass it to `verifyReferenceManifest`. */
  readonly manifest: Bytes
  /** SHA-256 of `manifest` as the service states it; pass it too, so that it is compared. */
  readonly sha256: Bytes
  /** When the service last changed the document, as it writes it; informational. */
  readonly lastUpdated: string | undefined
}

// Base64 is a third larger than the document; the other fields, one of them a second document, fit in the rest.
const limits = { maxBytes: 3 * maxXmlBytes, maxDepth: 8, maxValues: 256 }

/**
 * Reads the answer and checks that it is for `expectedId`. Does not compare the digest (that needs cryptography; see
 * `verifyReferenceManifest`) and does not verify the manifest.
 * @throws AttestationError `manifest/response-*`, `json/*`, `encoding/*`, `bytes/too-large`
 */
export function parseRimServiceResponse(bytes: Bytes, expectedId: string): RimServiceResponse {
  const response = jsonObject(parseJson(bytes, '', limits), '')
  const text = (name: string): string => jsonString(response.get(name), name)
  const optionalText = (name: string): string | undefined => (response.has(name) ? text(name) : undefined)
  const id = text('id')
  if (id !== expectedId)
    throw parseError('manifest/response-id', 'id', { expected: excerpt(expectedId), found: excerpt(id) })
  // The label only informs, and its spelling is not documented: the document itself decides, unless it is said to be CoRIM.
  const format = optionalText('rim_format') ?? ''
  if (/corim/i.test(format)) throw parseError('manifest/response-format', 'rim_format', { found: excerpt(format) })
  const sha256 = parseHex(text('sha256'), 'sha256')
  if (sha256.length !== 32) throw parseError('manifest/response-digest', 'sha256', { length: sha256.length })
  return { id, manifest: parseBase64(text('rim'), 'rim'), sha256, lastUpdated: optionalText('last_updated') }
}
