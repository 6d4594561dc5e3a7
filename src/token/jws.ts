// Turns a compact JWS (RFC 7515) into a verified payload, under the rules of RFC 8725.

import { parseBase64Url } from '../bytes/base64.js'
import { type Bytes, copyBytes } from '../bytes/bytes.js'
import { requireSize } from '../bytes/size.js'
import { encodeUtf8 } from '../bytes/text.js'
import type { CryptoProvider } from '../crypto/provider.js'
import { type JsonLimits, type JsonObject, jsonObject, jsonString, memberPath, parseJson } from '../encoding/json.js'
import { parseError, verifyError } from '../result/error.js'
import { markVerified, type Verified } from '../result/proof.js'
import type { NonEmptyArray } from '../result/result.js'
import { type JoseAlgorithm, tokenSignatureAlgorithm } from './algorithm.js'
import { isJwsSignatureValid } from './jws-signature.js'
import { selectKey, type TokenKeys, type VerificationKey } from './key-set.js'
import { isTypeExpected, type TypeExpectation } from './type.js'

/** Characters of one token: a bundle with the evidence of 128 devices, twice base64, is below this. */
export const MAX_TOKEN_LENGTH = 4_194_304

/** A header is a few hundred bytes, some kilobytes with `x5c`. */
const headerLimits: JsonLimits = { maxBytes: 65_536, maxDepth: 6, maxValues: 1000 }

/** What a JWS says before anything is checked. The payload is not here: it is read after the signature. */
export interface JwsEnvelope {
  readonly algorithm: string
  readonly kid: string | undefined
  /** `typ`. */
  readonly type: string | undefined
  /** Every header parameter; `jwk`, `jku`, `x5c` and `x5u` are hints and never decide which key is trusted. */
  readonly header: JsonObject
}

/** A verified JWS. */
export interface Jws extends JwsEnvelope {
  readonly payload: Bytes
  /** The key of the caller's set the signature was made with. */
  readonly key: VerificationKey
}

/** How to verify a JWS. */
export interface JwsVerification {
  readonly keys: TokenKeys
  readonly algorithms: NonEmptyArray<JoseAlgorithm>
  readonly typ: TypeExpectation
  /** Only a certificate path has a validity to check here; claims are checked by `verifyJwt`. */
  readonly now: Date
  /** Left out, `jose` checks the signature with the runtime's WebCrypto. */
  readonly crypto?: CryptoProvider
  /** Prefix of `at` in failures; the empty string when left out. */
  readonly at?: string
}

interface Parts extends JwsEnvelope {
  /** The token in memory that nobody changes. */
  readonly octets: Bytes
  /** What the signature is over: header and payload as they are encoded, with the dot between them. */
  readonly signed: Bytes
  readonly encodedPayload: Bytes
  readonly signature: Bytes
}

/**
 * Reads the header of a compact JWS. Checks nothing but form.
 * @throws AttestationError `jws/form`, `json/*`, `encoding/base64`, `encoding/utf8`, `bytes/too-large`
 */
export function parseJws(token: Bytes | string, at = ''): JwsEnvelope {
  const { algorithm, header, kid, type } = readParts(token, at)
  return { algorithm, header, kid, type }
}

/**
 * Verifies a compact JWS under exactly one key of the caller's. Refuses algorithms outside `algorithms` (`none` and the
 * HMAC family cannot even be listed), any `crit`, a `typ` other than asked for, and encodings that are not canonical.
 * Does not look into the payload.
 * @throws AttestationError as {@link parseJws}, and `token/algorithm-not-allowed`, `token/type-mismatch`,
 * `token/critical-header`, `token/key-not-found`, `token/key-ambiguous`, `token/key-mismatch`, `token/key-expired`,
 * `token/key-not-yet-valid`, `token/signature-invalid`
 */
export async function verifyJws(token: Bytes | string, input: JwsVerification): Promise<Verified<Jws>> {
  const at = input.at ?? ''
  const parts = readParts(token, at)
  const algorithm = allowedAlgorithm(parts, input, at)
  verifyHeader(parts, input, at)
  const key = selectKey(input.keys, {
    kid: parts.kid === undefined ? undefined : encodeUtf8(parts.kid),
    algorithm: tokenSignatureAlgorithm(algorithm),
    now: input.now,
    at: memberPath(at, 'header.kid'),
  })
  const { crypto } = input
  const { octets, signed, signature } = parts
  // As text where it came as text: `jose` takes no other.
  const whole = typeof token === 'string' ? token : octets
  const answer = isJwsSignatureValid({ token: whole, signed, signature, algorithm, key: key.publicKey, crypto })
  // Decoded while the runtime checks the signature on another thread; nobody asks for it before the answer.
  const payload = decodePayload(parts, at)
  payload.catch(() => undefined)
  if ((await answer) !== true) throw verifyError('token/signature-invalid', memberPath(at, 'signature'), { algorithm })
  const { header, kid, type } = parts
  return markVerified<Jws>({ algorithm, header, kid, type, payload: await payload, key })
}

// Asynchronous so that an unreadable payload is an answer to be asked for, and says nothing before the signature does.
async function decodePayload({ encodedPayload }: Parts, at: string): Promise<Bytes> {
  return parseBase64Url(encodedPayload, memberPath(at, 'payload'))
}

const dot = 0x2e

function readParts(token: Bytes | string, at: string): Parts {
  requireSize(token, MAX_TOKEN_LENGTH, at)
  const octets = typeof token === 'string' ? encodeUtf8(token) : copyBytes(token)
  // In text a dot is found far quicker; in ASCII it is in the same place.
  const nextDot = (from: number): number =>
    typeof token === 'string' && token.length === octets.length ? token.indexOf('.', from) : octets.indexOf(dot, from)
  const first = nextDot(0)
  const second = nextDot(first + 1)
  if (second < 0 || nextDot(second + 1) >= 0) throw parseError('jws/form', at, { parts: countDots(octets) + 1 })
  const headerPath = memberPath(at, 'header')
  const headerBytes = parseBase64Url(octets.subarray(0, first), headerPath)
  const header = jsonObject(parseJson(headerBytes, headerPath, headerLimits), headerPath)
  return {
    octets,
    signed: octets.subarray(0, second),
    encodedPayload: octets.subarray(first + 1, second),
    header,
    signature: parseBase64Url(octets.subarray(second + 1), memberPath(at, 'signature')),
    algorithm: jsonString(header.get('alg'), memberPath(headerPath, 'alg')),
    kid: optionalString(header, 'kid', headerPath),
    type: optionalString(header, 'typ', headerPath),
  }
}

function countDots(octets: Bytes): number {
  let dots = 0
  for (let i = 0; i < octets.length; i++) if (octets[i] === dot) dots++
  return dots
}

function optionalString(header: JsonObject, name: string, at: string): string | undefined {
  const value = header.get(name)
  return value === undefined ? undefined : jsonString(value, memberPath(at, name))
}

function allowedAlgorithm(parts: Parts, { algorithms }: JwsVerification, at: string): JoseAlgorithm {
  const algorithm = algorithms.find((allowed) => allowed === parts.algorithm)
  if (algorithm !== undefined) return algorithm
  throw verifyError('token/algorithm-not-allowed', memberPath(at, 'header.alg'), {
    algorithm: parts.algorithm,
    allowed: algorithms,
  })
}

function verifyHeader({ header, type }: Parts, { typ }: JwsVerification, at: string): void {
  // No extension is understood here, so naming one as critical is reason enough; `b64` counts even where the sender
  // forgot to name it (RFC 7797 section 6).
  for (const name of ['crit', 'b64'])
    if (header.has(name)) throw verifyError('token/critical-header', memberPath(at, `header.${name}`), {})
  if (!isTypeExpected(type, typ))
    throw verifyError('token/type-mismatch', memberPath(at, 'header.typ'), { type: type ?? null, expected: typ })
}
