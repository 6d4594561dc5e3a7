// The cryptography the verifier needs, behind one interface: digests and signature checks, nothing else.
import type { Bytes } from '../bytes/bytes.js'

/** SHA-1 only names issuers and keys (OCSP, key identifiers); it never carries a signature. */
export type HashAlgorithm = 'sha1' | 'sha256' | 'sha384' | 'sha512'
export type EcCurve = 'P-256' | 'P-384' | 'P-521'

/** A public key already checked for form (length, range, on the curve); see `key.ts`. */
export type PublicKey =
  /** `point` is uncompressed: 0x04, x, y. */
  | { readonly kind: 'ec'; readonly curve: EcCurve; readonly point: Bytes }
  | { readonly kind: 'ed25519'; readonly point: Bytes }
  /** Big-endian without leading zeros. */
  | { readonly kind: 'rsa'; readonly modulus: Bytes; readonly exponent: Bytes }

/** Closed list: scheme, key size and hash belong together, so that nothing is ever verified with a mix of them. */
export type SignatureAlgorithm =
  | 'ecdsa-p256-sha256'
  | 'ecdsa-p384-sha384'
  | 'ecdsa-p521-sha512'
  | 'ed25519'
  | 'rsa-pkcs1-sha256'
  | 'rsa-pkcs1-sha384'
  | 'rsa-pkcs1-sha512'
  | 'rsa-pss-sha256'
  | 'rsa-pss-sha384'
  | 'rsa-pss-sha512'

/** One signature check: everything that decides it. */
export interface SignatureCheck {
  readonly algorithm: SignatureAlgorithm
  readonly key: PublicKey
  /** ECDSA: r and s, fixed width, big-endian (IEEE P1363). DER signatures are converted by `ecdsa.ts` first. */
  readonly signature: Bytes
  /** The received byte range, never a re-encoding. */
  readonly data: Bytes
}

/**
 * Injected cryptography. `verify` answers true only for a valid signature; a key that does not fit the algorithm, a
 * malformed signature and any internal error are all false. High-s ECDSA signatures are valid: real certificates have them.
 */
export interface CryptoProvider {
  readonly name: string
  readonly digest: (hash: HashAlgorithm, data: Bytes) => Promise<Bytes>
  readonly verify: (check: SignatureCheck) => Promise<boolean>
}
