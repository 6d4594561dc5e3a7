// The closed table of signature algorithms: what each asks of its key, and how X.509 writes it (RFC 5758, 8410, 4055).
import type { Bytes } from '../bytes/bytes.js'
import { encodeHex } from '../bytes/hex.js'
import type { EcCurve, HashAlgorithm, PublicKey, SignatureAlgorithm } from './provider.js'

/** Scheme, key and hash of one algorithm. */
export type SignatureScheme =
  | { readonly kind: 'ec'; readonly curve: EcCurve; readonly hash: HashAlgorithm }
  | { readonly kind: 'ed25519' }
  | { readonly kind: 'rsa'; readonly padding: 'pkcs1' | 'pss'; readonly hash: RsaHash }

type RsaHash = 'sha256' | 'sha384' | 'sha512'

const schemes: Readonly<Record<SignatureAlgorithm, SignatureScheme>> = {
  'ecdsa-p256-sha256': { kind: 'ec', curve: 'P-256', hash: 'sha256' },
  'ecdsa-p384-sha384': { kind: 'ec', curve: 'P-384', hash: 'sha384' },
  'ecdsa-p521-sha512': { kind: 'ec', curve: 'P-521', hash: 'sha512' },
  ed25519: { kind: 'ed25519' },
  'rsa-pkcs1-sha256': { kind: 'rsa', padding: 'pkcs1', hash: 'sha256' },
  'rsa-pkcs1-sha384': { kind: 'rsa', padding: 'pkcs1', hash: 'sha384' },
  'rsa-pkcs1-sha512': { kind: 'rsa', padding: 'pkcs1', hash: 'sha512' },
  'rsa-pss-sha256': { kind: 'rsa', padding: 'pss', hash: 'sha256' },
  'rsa-pss-sha384': { kind: 'rsa', padding: 'pss', hash: 'sha384' },
  'rsa-pss-sha512': { kind: 'rsa', padding: 'pss', hash: 'sha512' },
}

export function signatureScheme(algorithm: SignatureAlgorithm): SignatureScheme {
  return schemes[algorithm]
}

/** Octets of a digest. */
export const hashSize: Readonly<Record<HashAlgorithm, number>> = { sha1: 20, sha256: 32, sha384: 48, sha512: 64 }

/** True if `key` is of the kind, and on the curve, that `algorithm` is defined for. */
export function algorithmFitsKey(algorithm: SignatureAlgorithm, key: PublicKey): boolean {
  const scheme = schemes[algorithm]
  return scheme.kind === 'ec' ? key.kind === 'ec' && key.curve === scheme.curve : key.kind === scheme.kind
}

/** OID to algorithm and the only parameters (DER, hex; empty when absent) it may come with. */
const x509Algorithms: Readonly<Record<string, readonly [SignatureAlgorithm, string]>> = {
  '1.2.840.10045.4.3.2': ['ecdsa-p256-sha256', ''],
  '1.2.840.10045.4.3.3': ['ecdsa-p384-sha384', ''],
  '1.2.840.10045.4.3.4': ['ecdsa-p521-sha512', ''],
  '1.3.101.112': ['ed25519', ''],
  '1.2.840.113549.1.1.11': ['rsa-pkcs1-sha256', '0500'],
  '1.2.840.113549.1.1.12': ['rsa-pkcs1-sha384', '0500'],
  '1.2.840.113549.1.1.13': ['rsa-pkcs1-sha512', '0500'],
}

const pssHashes: readonly (readonly ['rsa-pss-sha256' | 'rsa-pss-sha384' | 'rsa-pss-sha512', string, string])[] = [
  ['rsa-pss-sha256', '01', '20'],
  ['rsa-pss-sha384', '02', '30'],
  ['rsa-pss-sha512', '03', '40'],
]

// RSASSA-PSS-params with one hash throughout and a salt of its length; the hash identifier's NULL is there in both places
// or in neither (RFC 4055 section 2.1 wants both forms accepted).
function pssAlgorithm(parameters: string): SignatureAlgorithm | undefined {
  return pssHashes.find(([, hash, salt]) => {
    const oid = `06096086480165030402${hash}`
    return (
      parameters === `3034a00f300d${oid}0500a11c301a06092a864886f70d010108300d${oid}0500a2030201${salt}` ||
      parameters === `3030a00d300b${oid}a11a301806092a864886f70d010108300b${oid}a2030201${salt}`
    )
  })?.[0]
}

/**
 * The algorithm an X.509 AlgorithmIdentifier names, or undefined when it is not in the table or its parameters are not
 * exactly the ones allowed. `ecdsa-with-SHA384` means P-384 here: other curves with that hash are not supported.
 */
export function signatureAlgorithmFromX509(oid: string, parameters: Bytes | undefined): SignatureAlgorithm | undefined {
  const hex = parameters === undefined ? '' : encodeHex(parameters)
  if (oid === '1.2.840.113549.1.1.10') return pssAlgorithm(hex)
  const known = Object.hasOwn(x509Algorithms, oid) ? x509Algorithms[oid] : undefined
  return known?.[1] === hex ? known[0] : undefined
}
