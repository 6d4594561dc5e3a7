// The nonce of a location claim: which of the token's `eat_nonce` values must be the one asked for (RFC 9711 section 4.1).
import { encodeBase64Url } from '../bytes/base64.js'
import { equalBytes } from '../bytes/bytes.js'
import { encodeUtf8 } from '../bytes/text.js'
import { verifyError } from '../result/error.js'
import {
  type ClaimField,
  type ClaimsSet,
  claimBytes,
  claimItems,
  claimText,
  claimTypeError,
} from '../token/claim-field.js'
import { registeredClaims } from './claim-names.js'
import { claimOf } from './profile-token.js'

/** @throws AttestationError `eat/nonce-missing`, `eat/nonce-mismatch`, `token/claim-type` */
export function verifyClaimNonce(set: ClaimsSet, nonce: Uint8Array | string | null, at: string): void {
  if (nonce === null) return
  const field = claimOf(set, registeredClaims.nonce, at)
  if (field === undefined) throw verifyError('eat/nonce-missing', `${at}.eat_nonce`, {})
  const stated = Array.isArray(field.value) ? claimItems(field, 2, 64) : [field]
  if (!stated.some((item) => isNonce(item, nonce))) throw verifyError('eat/nonce-mismatch', `${at}.eat_nonce`, {})
}

function isNonce(field: ClaimField, nonce: Uint8Array | string): boolean {
  if (field.encoding === 'cbor')
    return equalBytes(claimBytes(field, 8, 64), typeof nonce === 'string' ? encodeUtf8(nonce) : nonce)
  const text = claimText(field)
  if (text.length < 8 || text.length > 88) throw claimTypeError(field, '8 to 88 characters')
  return text === (typeof nonce === 'string' ? nonce : encodeBase64Url(nonce))
}
