// Signs JWS and COSE_Sign1 with a key this library never sees: the caller's signer gets the bytes and returns a signature.
import { encodeBase64Url } from '../bytes/base64.js'
import { type Bytes, concatBytes } from '../bytes/bytes.js'
import { encodeUtf8 } from '../bytes/text.js'
import type { SignatureAlgorithm } from '../crypto/provider.js'
import type { CborKey, CborValue } from '../encoding/cbor.js'
import { encodeCbor } from '../encoding/cbor-encode.js'
import { coseAlgorithmId, type JoseAlgorithm, tokenSignatureAlgorithm } from './algorithm.js'

/** A signing key behind a function: a key store, an HSM, WebCrypto. */
export interface TokenSigner {
  readonly algorithm: JoseAlgorithm
  readonly kid: string
  /** Hashes and signs `data`; ECDSA signatures are r and s at fixed width, not DER. */
  readonly sign: (data: Bytes) => Promise<Bytes>
}

const signatureLength: Partial<Record<SignatureAlgorithm, number>> = {
  'ecdsa-p256-sha256': 64,
  'ecdsa-p384-sha384': 96,
  'ecdsa-p521-sha512': 132,
  ed25519: 64,
}

async function sign({ algorithm, sign: signBytes }: TokenSigner, data: Bytes): Promise<Bytes> {
  const signature = await signBytes(data)
  const length = signatureLength[tokenSignatureAlgorithm(algorithm)]
  // The usual mistake is DER, which no verifier of tokens takes.
  if (length !== undefined && signature.length !== length)
    throw new TypeError(`an ${algorithm} signature has ${length} bytes, the signer returned ${signature.length}`)
  return signature
}

/**
 * `iat` and `exp` as NumericDate, which counts whole seconds here (RFC 7519 section 2).
 * @throws TypeError for what is no date since 1970, or if `exp` would not be later than `iat`
 */
export function timeClaims(issuedAt: Date, expiresAt: Date): { readonly iat: number; readonly exp: number } {
  const iat = Math.floor(issuedAt.getTime() / 1000)
  const exp = Math.floor(expiresAt.getTime() / 1000)
  // Also false where one of them is no number.
  if (!(iat >= 0 && iat < exp))
    throw new TypeError('issuedAt and expiresAt must be dates since 1970, a whole second or more apart')
  return { iat, exp }
}

/** Fewer than the readers of this library take: what is issued must not be refused for its size. */
const maxValues = 65_536
const maxDepth = 24

/**
 * What every reader takes, and reads as what it is: whole surrogate pairs, finite numbers, integers that a double holds,
 * bounded depth and number of values. JSON would write `null` for other numbers, and half a pair is lost in UTF-8.
 */
function requireReadable(claims: unknown): void {
  let values = 0
  const text = (value: string): void => {
    if (/\p{Surrogate}/u.test(value)) throw new TypeError('a text in a token must not hold half a surrogate pair')
  }
  const visit = (value: unknown, depth: number): void => {
    if (++values > maxValues || depth > maxDepth)
      throw new TypeError(`a token has ${maxValues} values or fewer, nested ${maxDepth} deep or less`)
    if (typeof value === 'string') text(value)
    if (typeof value === 'number' && !(Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value)))
      throw new TypeError(`a number in a token must be finite, and an integer safe: ${value}`)
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return
    if (Array.isArray(value)) for (const item of value) visit(item, depth + 1)
    else
      for (const [name, member] of value instanceof Map ? value : Object.entries(value)) {
        if (typeof name === 'string') text(name)
        visit(member, depth + 1)
      }
  }
  visit(claims, 0)
}

/**
 * A compact JWS over the JSON text of `claims`.
 * @throws TypeError if the signer returns a signature of another length, or for what no reader takes: half a surrogate pair,
 * a number that is not finite, an integer beyond 2^53 - 1, more than 65536 values or a depth beyond 24
 */
export async function issueJwt(claims: object, typ: string | null, signer: TokenSigner): Promise<string> {
  const header = { alg: signer.algorithm, kid: signer.kid, ...(typ === null ? {} : { typ }) }
  const part = (value: object): string => {
    requireReadable(value)
    return encodeBase64Url(encodeUtf8(JSON.stringify(value)))
  }
  const input = `${part(header)}.${part(claims)}`
  return `${input}.${encodeBase64Url(await sign(signer, encodeUtf8(input)))}`
}

/**
 * A CWT under tags 61 and 18, deterministically encoded.
 * @throws TypeError as {@link issueJwt}
 */
export async function issueCwt(
  claims: ReadonlyMap<CborKey, CborValue>,
  typ: string,
  signer: TokenSigner,
): Promise<Bytes> {
  requireReadable(claims)
  const header = new Map<CborKey, CborValue>([
    [1, coseAlgorithmId(signer.algorithm)],
    [4, encodeUtf8(signer.kid)],
    [16, typ],
  ])
  const guarded = encodeCbor(header)
  const payload = encodeCbor(claims)
  const signature = await sign(signer, encodeCbor(['Signature1', guarded, new Uint8Array(0), payload]))
  const message = encodeCbor([guarded, new Map<CborKey, CborValue>(), payload, signature])
  return concatBytes(Uint8Array.of(0xd8, 61, 0xd2), message)
}
