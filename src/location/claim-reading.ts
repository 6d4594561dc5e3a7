// Claims that several messages of the location profile share: key confirmation, token ids, nonces, short texts.
import { encodeBase64Url } from '../bytes/base64.js'
import type { Bytes } from '../bytes/bytes.js'
import { parseError } from '../result/error.js'
import {
  type ClaimField,
  type ClaimsSet,
  claimBytes,
  claimField,
  claimItems,
  claimMap,
  claimText,
  claimTypeError,
} from '../token/claim-field.js'
import { parseCoseKey } from '../token/cose-key.js'
import { parseJwk } from '../token/jwks.js'
import type { VerificationKey } from '../token/key-set.js'

/** A `cnf` claim (RFC 7800, RFC 8747, RFC 9679): a key, or the thumbprint of one. */
export type Confirmation =
  | { readonly kind: 'key'; readonly key: VerificationKey }
  | { readonly kind: 'jwk-thumbprint' | 'cose-thumbprint'; readonly thumbprint: Bytes }

/**
 * Exactly one of `jwk` or `jkt` in JSON, of `COSE_Key` (1) or `ckt` (5) in CBOR.
 * @throws AttestationError `token/claim-type`, `jwk/*`, `cose-key/*`
 */
export function readConfirmation(field: ClaimField): Confirmation {
  const map = claimMap(field)
  if (map.claims.size !== 1) throw claimTypeError(field, 'one confirmation method')
  const thumbprint = claimField(map, 'jkt', 5, field.at)
  if (thumbprint !== undefined)
    return {
      kind: map.encoding === 'json' ? 'jwk-thumbprint' : 'cose-thumbprint',
      thumbprint: claimBytes(thumbprint, 32, 32),
    }
  return { kind: 'key', key: readKey(field, map) }
}

function readKey(field: ClaimField, map: ClaimsSet): VerificationKey {
  const member = claimField(map, 'jwk', 1, field.at)
  if (member === undefined) throw claimTypeError(field, 'a key or the thumbprint of one')
  const key = claimMap(member)
  if (key.encoding === 'cbor') return parseCoseKey(key.claims, member.at)
  const parsed = parseJwk(key.claims, member.at)
  if (parsed === undefined) throw claimTypeError(member, 'a key that can check signatures')
  return parsed
}

/** Long enough for a UUID or URL, short enough to keep a thousand of. */
const maxTextLength = 256

/** @throws AttestationError `token/claim-type` */
export function claimShortText(field: ClaimField): string {
  const text = claimText(field)
  if (text.length > 0 && text.length <= maxTextLength) return text
  throw claimTypeError(field, `1 to ${maxTextLength} characters`)
}

/** `jti` is text; `cti` is bytes, shown in base64url. */
export function claimTokenId(field: ClaimField): string {
  return field.encoding === 'json' ? claimShortText(field) : encodeBase64Url(claimBytes(field, 1, 64))
}

/**
 * Text of JSON is base64url here: the nonces of this profile are bytes.
 * @throws AttestationError `token/claim-type`, `encoding/base64`
 */
export function claimNonces(field: ClaimField): readonly Bytes[] {
  return Array.isArray(field.value)
    ? claimItems(field, 2, 8).map((item) => claimBytes(item, 8, 64))
    : [claimBytes(field, 8, 64)]
}

/**
 * Refuses names outside `names`, in either encoding written as text.
 * @throws AttestationError `token/claim-type`
 */
export function claimName<const T extends string>(field: ClaimField, names: readonly T[]): T {
  const found = names.find((name) => name === field.value)
  if (found !== undefined) return found
  throw claimTypeError(field, `one of ${names.join(', ')}`)
}

/** ISO 3166-1 alpha-2 in form; whether the code is assigned is for the territories to say. */
export function claimCountry(field: ClaimField): string {
  const text = claimText(field)
  if (/^[A-Z]{2}$/.test(text)) return text
  throw parseError('token/claim-type', field.at, { expected: 'two capital letters' })
}
