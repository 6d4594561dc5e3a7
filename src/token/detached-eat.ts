// Turns a detached EAT bundle (RFC 9711 section 5), JSON or CBOR (tag 602), into verified claims of every part.
//
//   [ main token, { + label => claims set } ]    the main token's submods carry the digest of each claims set
import { parseBase64Url } from '../bytes/base64.js'
import { type Bytes, copyBytes, equalBytes } from '../bytes/bytes.js'
import { encodeUtf8 } from '../bytes/text.js'
import { webCryptoProvider } from '../crypto/webcrypto.js'
import { isCborArray, isCborTag, parseCbor } from '../encoding/cbor.js'
import { type JsonLimits, memberPath, parseJson } from '../encoding/json.js'
import { parseError, verifyError } from '../result/error.js'
import { markVerified, type Verified } from '../result/proof.js'
import { type ClaimField, claimBytes, claimEntries, claimItems, claimMap, claimText } from './claim-field.js'
import { type Eat, type EatVerification, eatOptionsAtCall, verifyEat } from './eat.js'
import { type EatClaims, readEatClaims } from './eat-claims.js'
import { MAX_TOKEN_LENGTH } from './jws.js'

const bundleLimits: JsonLimits = { maxBytes: MAX_TOKEN_LENGTH, maxDepth: 4, maxValues: 4096 }
const claimLimits: JsonLimits = { maxBytes: MAX_TOKEN_LENGTH, maxDepth: 32, maxValues: 100_000 }

/** A verified detached EAT bundle. */
export interface DetachedEat {
  readonly main: Verified<Eat>
  /** The claims set of each digest submodule of the main token, by label. */
  readonly detached: ReadonlyMap<string, EatClaims>
}

interface Bundle {
  readonly mainToken: Bytes | string
  readonly encoding: 'json' | 'cbor'
  /** The exact bytes each digest covers. */
  readonly detached: ReadonlyMap<string, Bytes>
}

/**
 * Verifies a detached EAT bundle: the main token as `verifyEat` does, then each claims set against its digest. The
 * labels of the digests and of the claims sets must be the same. `at` is `main` and `detached.<label>`.
 * @throws AttestationError as `verifyEat`, and `eat/bundle-form`, `eat/digest-mismatch`, `eat/detached-missing`,
 * `eat/detached-unbound`
 */
export async function verifyDetachedEat(bytes: Bytes, given: EatVerification): Promise<Verified<DetachedEat>> {
  const input = eatOptionsAtCall(given)
  const at = input.at ?? ''
  const { mainToken, encoding, detached } = readBundle(copyBytes(bytes), at)
  const main = await verifyEat(mainToken, { ...input, at: memberPath(at, 'main') })
  const { digest } = input.crypto ?? webCryptoProvider
  const bound = new Set<string>()
  for (const [label, submodule] of main.claims.submods) {
    if (submodule.kind !== 'digest') continue
    const path = memberPath(memberPath(at, 'detached'), label)
    const content = detached.get(label)
    if (content === undefined) throw verifyError('eat/detached-missing', path, {})
    if (!equalBytes(await digest(submodule.hash, content), submodule.digest))
      throw verifyError('eat/digest-mismatch', path, {})
    bound.add(label)
  }
  const claims = new Map<string, EatClaims>()
  for (const [label, content] of detached) {
    const path = memberPath(memberPath(at, 'detached'), label)
    if (!bound.has(label)) throw verifyError('eat/detached-unbound', path, {})
    claims.set(label, readClaims(content, encoding, path))
  }
  return markVerified<DetachedEat>({ main, detached: claims })
}

function readBundle(bytes: Bytes, at: string): Bundle {
  const cbor = (bytes[0] ?? 0) >= 0xc0
  const [token, sets] = claimItems(cbor ? readTagged(bytes, at) : readJson(bytes, at), 2, 2)
  if (token === undefined || sets === undefined) throw parseError('eat/bundle-form', at, { expected: 'two parts' })
  const detached = new Map(claimEntries(sets).map(([label, field]) => [label, claimBytes(field, 1, bytes.length)]))
  return { mainToken: readMainToken(token), encoding: cbor ? 'cbor' : 'json', detached }
}

function readJson(bytes: Bytes, at: string): ClaimField {
  return { encoding: 'json', value: parseJson(bytes, at, bundleLimits), at }
}

function readTagged(bytes: Bytes, at: string): ClaimField {
  const value = parseCbor(bytes, at)
  if (isCborTag(value) && value.tag === 602 && isCborArray(value.value))
    return { encoding: 'cbor', value: value.value, at }
  throw parseError('eat/bundle-form', at, { expected: 'an array under tag 602' })
}

// A nested token: in CBOR bytes, or text that holds the JSON form; in JSON a selector and the token.
function readMainToken(field: ClaimField): Bytes | string {
  const { value, at } = field
  if (field.encoding === 'cbor' && value instanceof Uint8Array) return value
  const nested = field.encoding === 'cbor' ? readJson(encodeUtf8(claimText(field)), at) : field
  const [selector, token] = claimItems(nested, 2, 2)
  if (token !== undefined && selector?.value === 'JWT') return claimText(token)
  if (token !== undefined && selector?.value === 'CBOR') return parseBase64Url(claimText(token), token.at)
  throw parseError('eat/bundle-form', at, { expected: 'a JWT or a CBOR token' })
}

function readClaims(content: Bytes, encoding: 'json' | 'cbor', at: string): EatClaims {
  const field: ClaimField =
    encoding === 'json'
      ? { encoding, value: parseJson(content, at, claimLimits), at }
      : { encoding, value: parseCbor(content, at), at }
  return readEatClaims(claimMap(field), at)
}
