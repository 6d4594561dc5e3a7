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
 * @throws TypeError for what is no date, or if `exp` would not be later than `iat`
 */
export function timeClaims(issuedAt: Date, expiresAt: Date): { readonly iat: number; readonly exp: number } {
  const iat = Math.floor(issuedAt.getTime() / 1000)
  const exp = Math.floor(expiresAt.getTime() / 1000)
  // Also false where one of them is no number.
  if (!(iat < exp)) throw new TypeError('issuedAt and expiresAt must be dates, a whole second or more apart')
  return { iat, exp }
}

/** JSON would write `null` for any other number. @throws TypeError */
export function requireFinite(value: number): void {
  if (!Number.isFinite(value)) throw new TypeError(`a claim must be a finite number, not ${value}`)
}

function finite(_: string, value: unknown): unknown {
  if (typeof value === 'number') requireFinite(value)
  return value
}

/**
 * A compact JWS over the JSON text of `claims`.
 * @throws TypeError if the signer returns a signature of another length, or for a number that is not finite
 */
export async function issueJwt(claims: object, typ: string | null, signer: TokenSigner): Promise<string> {
  const header = { alg: signer.algorithm, kid: signer.kid, ...(typ === null ? {} : { typ }) }
  const part = (value: object): string => encodeBase64Url(encodeUtf8(JSON.stringify(value, finite)))
  const input = `${part(header)}.${part(claims)}`
  return `${input}.${encodeBase64Url(await sign(signer, encodeUtf8(input)))}`
}

/**
 * A CWT under tags 61 and 18, deterministically encoded.
 * @throws TypeError if the signer returns a signature of another length
 */
export async function issueCwt(
  claims: ReadonlyMap<CborKey, CborValue>,
  typ: string,
  signer: TokenSigner,
): Promise<Bytes> {
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
