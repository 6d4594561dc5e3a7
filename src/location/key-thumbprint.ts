// A public key to its thumbprints: JWK (RFC 7638) and COSE Key (RFC 9679), both SHA-256.
import { encodeBase64Url } from '../bytes/base64.js'
import type { Bytes } from '../bytes/bytes.js'
import { encodeUtf8 } from '../bytes/text.js'
import type { CryptoProvider, PublicKey, SignatureAlgorithm } from '../crypto/provider.js'
import type { CborValue } from '../encoding/cbor.js'
import { encodeCbor } from '../encoding/cbor-encode.js'
import { verifyError } from '../result/error.js'

/** Kinds of key the profile uses, for landmarks and sessions alike. */
export interface ProfileKey {
  readonly publicKey: PublicKey
  /** The only algorithm the key is used with. */
  readonly algorithm: SignatureAlgorithm
  /** RFC 7638, 32 bytes. */
  readonly jwkThumbprint: Bytes
  /** RFC 9679, 32 bytes. */
  readonly coseThumbprint: Bytes
}

/**
 * Computes who a key is from the key itself: identifiers a message states are only ever compared with this.
 * @throws AttestationError `location/key-kind`
 */
export async function profileKey(publicKey: PublicKey, crypto: CryptoProvider, at: string): Promise<ProfileKey> {
  const { algorithm, jwk, cose } = requiredMembers(publicKey, at)
  const [jwkThumbprint, coseThumbprint] = await Promise.all([
    crypto.digest('sha256', encodeUtf8(JSON.stringify(jwk))),
    crypto.digest('sha256', encodeCbor(cose)),
  ])
  return Object.freeze({ publicKey, algorithm, jwkThumbprint, coseThumbprint })
}

interface RequiredMembers {
  readonly algorithm: SignatureAlgorithm
  /** In lexicographic order (RFC 7638 section 3.3). */
  readonly jwk: object
  readonly cose: ReadonlyMap<number, CborValue>
}

function requiredMembers(key: PublicKey, at: string): RequiredMembers {
  if (key.kind === 'ed25519')
    return {
      algorithm: 'ed25519',
      jwk: { crv: 'Ed25519', kty: 'OKP', x: encodeBase64Url(key.point) },
      cose: new Map<number, CborValue>([
        [1, 1],
        [-1, 6],
        [-2, key.point],
      ]),
    }
  if (key.kind === 'rsa' || key.curve === 'P-521')
    throw verifyError('location/key-kind', at, { kind: key.kind === 'rsa' ? 'RSA' : key.curve })
  const half = (key.point.length - 1) / 2
  const x = key.point.subarray(1, 1 + half)
  const y = key.point.subarray(1 + half)
  return {
    algorithm: key.curve === 'P-256' ? 'ecdsa-p256-sha256' : 'ecdsa-p384-sha384',
    jwk: { crv: key.curve, kty: 'EC', x: encodeBase64Url(x), y: encodeBase64Url(y) },
    cose: new Map<number, CborValue>([
      [1, 2],
      [-1, key.curve === 'P-256' ? 1 : 2],
      [-2, x],
      [-3, y],
    ]),
  }
}

/** `sub` of a measurement, in both encodings. */
export function thumbprintUri(key: ProfileKey): string {
  return `urn:ietf:params:oauth:jwk-thumbprint:sha-256:${encodeBase64Url(key.jwkThumbprint)}`
}
