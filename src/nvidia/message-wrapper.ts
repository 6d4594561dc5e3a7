// A conceptual message wrapper (RATS CMW, in the vendor's pre-release profile) to the reports and certificates in it.

import { parseBase64Url } from '../bytes/base64.js'
import type { Bytes } from '../bytes/bytes.js'
import { requireSize } from '../bytes/size.js'
import { type JsonObject, type JsonValue, jsonArray, jsonObject, jsonString, memberPath } from '../encoding/json.js'
import { parseError } from '../result/error.js'
import type { NonEmptyArray } from '../result/result.js'
import type { Certificate } from '../x509/certificate.js'
import { boundNonce, maxItemBytes, parseCertificateBytes } from './certificate-list.js'

const typeMember = '__cmwc_t'
const wrapperType = 'tag:nvidia.com,2026:verifier-input/profiles/base/pre-1.0.0'
const itemType = 'tag:nvidia.com,2026:evidence-item/v1'
/** Members of the wrapper that are no evidence items. */
const otherMembers: readonly string[] = [typeMember, 'nonce', 'appraisal-settings']
const mediaTypes = {
  nonce: 'application/octet-stream',
  evidence: 'application/vnd.nvidia.spdm-measurement-transcript',
  certificate: 'application/vnd.nvidia.pem-cert-chain',
} as const

export interface WrappedItem {
  readonly report: Bytes
  readonly certificates: NonEmptyArray<Certificate>
  readonly nonce: Bytes | undefined
}

export function isMessageWrapper(json: JsonObject): boolean {
  return json.has(typeMember)
}

/** The items by label. @throws AttestationError `evidence/profile`, `json/*` */
export function wrappedItems(wrapper: JsonObject): readonly (readonly [string, JsonValue])[] {
  requireType(wrapper, wrapperType, '')
  return [...wrapper].filter(([label]) => !otherMembers.includes(label))
}

/**
 * Decodes one item; a nonce of the wrapper counts where the item has none.
 * @throws AttestationError `evidence/profile`, `evidence/media-type`, `json/*`, `encoding/base64`, and those of
 * `parseCertificateBytes`
 */
export function readWrappedItem(label: string, value: JsonValue, wrapper: JsonObject): WrappedItem {
  const at = memberPath('', label)
  const item = jsonObject(value, at)
  requireType(item, itemType, at)
  const chain = readLeaf(item, 'certificate', at)
  return {
    report: readLeaf(item, 'evidence', at),
    certificates: parseCertificateBytes(chain, `${at}.certificate`),
    nonce: item.has('nonce')
      ? readLeaf(item, 'nonce', at)
      : wrapper.has('nonce')
        ? readLeaf(wrapper, 'nonce', '')
        : undefined,
  }
}

function requireType(json: JsonObject, expected: string, at: string): void {
  const path = memberPath(at, typeMember)
  const actual = jsonString(json.get(typeMember), path)
  if (actual !== expected) throw parseError('evidence/profile', path, { expected, actual: actual.slice(0, 128) })
}

/** `[media type, base64url]`. */
function readLeaf(json: JsonObject, name: keyof typeof mediaTypes, at: string): Bytes {
  const path = memberPath(at, name)
  const [mediaType, text, ...rest] = jsonArray(json.get(name), path)
  const actual = jsonString(mediaType, `${path}[0]`)
  if (actual !== mediaTypes[name] || rest.length > 0)
    throw parseError('evidence/media-type', path, { expected: mediaTypes[name], actual: actual.slice(0, 128) })
  const encoded = jsonString(text, `${path}[1]`)
  requireSize(encoded, maxItemBytes, path)
  return parseBase64Url(name === 'nonce' ? boundNonce(encoded, path) : encoded, path)
}
