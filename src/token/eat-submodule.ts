// Reads the `submods` claim (RFC 9711 section 4.2.18): claims sets, digests of detached ones, nested tokens.
import { parseBase64Url } from '../bytes/base64.js'
import type { Bytes } from '../bytes/bytes.js'
import { encodeUtf8 } from '../bytes/text.js'
import type { HashAlgorithm } from '../crypto/provider.js'
import { type JsonLimits, parseJson } from '../encoding/json.js'
import { parseError } from '../result/error.js'
import {
  type ClaimField,
  type ClaimsSet,
  type ClaimValue,
  claimBytes,
  claimEntries,
  claimItems,
  claimMap,
  claimText,
  claimTypeError,
} from './claim-field.js'
import { MAX_TOKEN_LENGTH } from './jws.js'

/** Submodules inside submodules; platform, board, device and core are four. */
export const MAX_SUBMODULE_DEPTH = 8
/** Submodules of one claims set; the largest system has 72 GPUs and 18 switches per rack, eight racks. */
export const MAX_SUBMODULES = 1024

const nestedLimits: JsonLimits = { maxBytes: MAX_TOKEN_LENGTH, maxDepth: 4, maxValues: 2048 }

export type Submodule<Claims> =
  /** Claims made and signed by the surrounding token. */
  | { readonly kind: 'claims'; readonly claims: Claims }
  /** Commits to a claims set that travels elsewhere, see `verifyDetachedEat`. */
  | { readonly kind: 'digest'; readonly hash: HashAlgorithm; readonly digest: Bytes }
  /** A token with a signature of its own, which nothing has verified yet: pass it to `verifyEat`. */
  | { readonly kind: 'nested'; readonly format: 'jwt'; readonly token: string }
  | { readonly kind: 'nested'; readonly format: 'cbor'; readonly token: Bytes }
  /** A detached bundle inside a token; kept as encoded. */
  | { readonly kind: 'nested'; readonly format: 'json-bundle'; readonly bundle: ClaimValue }

const digestNames: ReadonlyMap<unknown, HashAlgorithm> = /* @__PURE__ */ new Map<unknown, HashAlgorithm>([
  ['SHA-256', 'sha256'],
  ['SHA-384', 'sha384'],
  ['SHA-512', 'sha512'],
  // IANA registry "COSE Algorithms".
  [-16, 'sha256'],
  [-43, 'sha384'],
  [-44, 'sha512'],
])

const digestLength: Readonly<Record<HashAlgorithm, number>> = { sha1: 20, sha256: 32, sha384: 48, sha512: 64 }

/** Reads the claims set of a submodule; `depth` counts the submodules around it. */
export type ReadClaims<Claims> = (set: ClaimsSet, at: string, depth: number) => Claims

/** @throws AttestationError `eat/nesting`, `eat/submodule-form`, `token/claim-type` and whatever the claims inside throw */
export function readSubmodules<Claims>(
  field: ClaimField,
  depth: number,
  read: ReadClaims<Claims>,
): ReadonlyMap<string, Submodule<Claims>> {
  if (depth >= MAX_SUBMODULE_DEPTH) throw parseError('eat/nesting', field.at, { limit: MAX_SUBMODULE_DEPTH })
  const entries = claimEntries(field)
  if (entries.length > MAX_SUBMODULES) throw claimTypeError(field, `${MAX_SUBMODULES} submodules or fewer`)
  return new Map(entries.map(([name, item]) => [name, readSubmodule(item, depth + 1, read)]))
}

function readSubmodule<Claims>(field: ClaimField, depth: number, read: ReadClaims<Claims>): Submodule<Claims> {
  const { value, at } = field
  if (value instanceof Map) return { kind: 'claims', claims: read(claimMap(field), at, depth) }
  if (field.encoding === 'json') return readJsonSelector(field)
  if (value instanceof Uint8Array) return { kind: 'nested', format: 'cbor', token: value }
  // Text inside CBOR is a JSON array as it would stand in a JSON token (section 4.2.18.3).
  if (typeof value === 'string')
    return readJsonSelector({ encoding: 'json', value: parseJson(encodeUtf8(value), at, nestedLimits), at })
  return readDigest(field)
}

function readJsonSelector(field: ClaimField): Submodule<never> {
  const [selector, content] = claimItems(field, 2, 2)
  if (selector === undefined || content === undefined) throw parseError('eat/submodule-form', field.at, {})
  switch (selector.value) {
    case 'JWT':
      return { kind: 'nested', format: 'jwt', token: claimText(content) }
    case 'CBOR':
      return { kind: 'nested', format: 'cbor', token: parseBase64Url(claimText(content), content.at) }
    case 'BUNDLE':
      return { kind: 'nested', format: 'json-bundle', bundle: content.value }
    case 'DIGEST':
      return readDigest(content)
    default:
      throw parseError('eat/submodule-form', field.at, {})
  }
}

function readDigest(field: ClaimField): Submodule<never> {
  const [algorithm, digest] = claimItems(field, 2, 2)
  const named = typeof algorithm?.value === (field.encoding === 'json' ? 'string' : 'number')
  const hash = named ? digestNames.get(algorithm?.value) : undefined
  if (digest === undefined || hash === undefined) throw parseError('eat/digest-algorithm', field.at, {})
  return { kind: 'digest', hash, digest: claimBytes(digest, digestLength[hash], digestLength[hash]) }
}
