// The signature algorithms of tokens: JOSE names and COSE numbers to one closed table (RFC 7518, 8037, 9053, 8812, 9864).
import type { SignatureAlgorithm } from '../crypto/provider.js'

/** Algorithms a JWS may name. `EdDSA` is the older name of `Ed25519` and means that curve only. */
export type JoseAlgorithm =
  | 'ES256'
  | 'ES384'
  | 'ES512'
  | 'Ed25519'
  | 'EdDSA'
  | 'RS256'
  | 'RS384'
  | 'RS512'
  | 'PS256'
  | 'PS384'
  | 'PS512'

/** Algorithms a COSE message may name. The `ESP` names of RFC 9864 fix the curve; here the `ES` names do so too. */
export type CoseAlgorithm = JoseAlgorithm | 'ESP256' | 'ESP384' | 'ESP512'

interface Row {
  readonly cose: number
  readonly signature: SignatureAlgorithm
}

const table: Readonly<Record<CoseAlgorithm, Row>> = {
  ES256: { cose: -7, signature: 'ecdsa-p256-sha256' },
  ESP256: { cose: -9, signature: 'ecdsa-p256-sha256' },
  ES384: { cose: -35, signature: 'ecdsa-p384-sha384' },
  ESP384: { cose: -51, signature: 'ecdsa-p384-sha384' },
  ES512: { cose: -36, signature: 'ecdsa-p521-sha512' },
  ESP512: { cose: -52, signature: 'ecdsa-p521-sha512' },
  EdDSA: { cose: -8, signature: 'ed25519' },
  Ed25519: { cose: -19, signature: 'ed25519' },
  RS256: { cose: -257, signature: 'rsa-pkcs1-sha256' },
  RS384: { cose: -258, signature: 'rsa-pkcs1-sha384' },
  RS512: { cose: -259, signature: 'rsa-pkcs1-sha512' },
  PS256: { cose: -37, signature: 'rsa-pss-sha256' },
  PS384: { cose: -38, signature: 'rsa-pss-sha384' },
  PS512: { cose: -39, signature: 'rsa-pss-sha512' },
}

export function tokenSignatureAlgorithm(algorithm: CoseAlgorithm): SignatureAlgorithm {
  return table[algorithm].signature
}

/** The number of an algorithm in the IANA registry "COSE Algorithms". */
export function coseAlgorithmId(algorithm: CoseAlgorithm): number {
  return table[algorithm].cose
}

/** What a JWK's `alg` member stands for; undefined for a name outside the table. */
export function signatureAlgorithmNamed(name: string): SignatureAlgorithm | undefined {
  return Object.entries(table).find(([known]) => known === name)?.[1].signature
}

/** What `alg` (3) of a COSE_Key stands for; undefined for a number outside the table. */
export function signatureAlgorithmNumbered(id: number): SignatureAlgorithm | undefined {
  return Object.values(table).find((row) => row.cose === id)?.signature
}
