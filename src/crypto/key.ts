// Turns a SubjectPublicKeyInfo (RFC 5480, RFC 8410, RFC 3279) into a public key of a supported kind that is safe to use.
import type { Bytes } from '../bytes/bytes.js'
import { encodeHex } from '../bytes/hex.js'
import { pointFault } from './curve.js'
import { readIntegerPair } from './integer-pair.js'
import type { EcCurve, PublicKey } from './provider.js'

/** Why no key was made: the kind is not supported, or the key has a form that must not be used. */
export type UnsupportedKeyReason =
  | 'algorithm'
  | 'parameters'
  | 'curve'
  | 'point-form'
  | 'point-length'
  | 'point-range'
  | 'point-off-curve'
  | 'point-small-order'
  | 'rsa-encoding'
  | 'rsa-modulus'
  | 'rsa-exponent'

export interface UnsupportedKey {
  readonly kind: 'unsupported'
  readonly reason: UnsupportedKeyReason
}

/** The parts of a SubjectPublicKeyInfo, as received. */
export interface SpkiParts {
  /** Dotted form. */
  readonly algorithmOid: string
  /** The parameters element whole (DER), undefined when absent. */
  readonly parameters: Bytes | undefined
  /** Octets of the BIT STRING, without the octet that counts unused bits. */
  readonly keyBits: Bytes
}

const unsupported = (reason: UnsupportedKeyReason): UnsupportedKey => ({ kind: 'unsupported', reason })

/** DER of the named curve OIDs (RFC 5480 section 2.1.1.1). */
const namedCurves: Readonly<Record<string, EcCurve>> = {
  '06082a8648ce3d030107': 'P-256',
  '06052b81040022': 'P-384',
  '06052b81040023': 'P-521',
}

/**
 * Makes a key after checking its form. Never throws: a certificate may carry a key of a kind nobody asks for, so the
 * answer `kind: 'unsupported'` says why instead, and such a key cannot be used. Accepted:
 * - id-ecPublicKey with a named curve P-256, P-384 or P-521, uncompressed, coordinates below p, on the curve;
 * - Ed25519 without parameters, see {@link ed25519PublicKey};
 * - rsaEncryption with NULL parameters, see {@link rsaPublicKey}. Keys under id-RSASSA-PSS are not supported.
 */
export function publicKeyFromSpki({ algorithmOid, parameters, keyBits }: SpkiParts): PublicKey | UnsupportedKey {
  const parametersHex = parameters === undefined ? '' : encodeHex(parameters)
  switch (algorithmOid) {
    case '1.2.840.10045.2.1': {
      const curve = Object.hasOwn(namedCurves, parametersHex) ? namedCurves[parametersHex] : undefined
      return curve === undefined ? unsupported('curve') : ecPublicKey(curve, keyBits)
    }
    case '1.3.101.112':
      return parameters === undefined ? ed25519PublicKey(keyBits) : unsupported('parameters')
    case '1.2.840.113549.1.1.1': {
      if (parametersHex !== '0500') return unsupported('parameters')
      const pair = readIntegerPair(keyBits)
      return pair === undefined ? unsupported('rsa-encoding') : rsaPublicKey(pair.first, pair.second)
    }
    default:
      return unsupported('algorithm')
  }
}

/** An EC key from its uncompressed point (0x04, x, y), checked to lie on the curve. */
export function ecPublicKey(curve: EcCurve, point: Bytes): PublicKey | UnsupportedKey {
  const fault = pointFault(curve, point)
  return fault === undefined ? { kind: 'ec', curve, point } : unsupported(fault)
}

const ed25519Prime = 0x7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffedn

/** y of the points whose order divides 8: a key among them "signs" messages nobody signed. */
const smallOrderY: readonly bigint[] = [
  0n,
  1n,
  ed25519Prime - 1n,
  0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n,
  0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n,
]

/**
 * An Ed25519 key (RFC 8032) from its 32 octets: y below p, not of small order. That y belongs to a point is left to the
 * provider, which decodes it anyway and answers false.
 */
export function ed25519PublicKey(point: Bytes): PublicKey | UnsupportedKey {
  if (point.length !== 32) return unsupported('point-length')
  // Little-endian; the top bit is the sign of x.
  const y = BigInt(`0x${encodeHex(Uint8Array.from(point).reverse())}`) & ((1n << 255n) - 1n)
  if (y >= ed25519Prime) return unsupported('point-range')
  return smallOrderY.includes(y) ? unsupported('point-small-order') : { kind: 'ed25519', point }
}

const minModulusBits = 2048
/** Bounds the cost of one verification. */
const maxModulusBits = 8192

/**
 * An RSA key from big-endian numbers without leading zeros: an odd modulus of 2048 to 8192 bits and an odd exponent from
 * 65537 (FIPS 186-5 section A.1.1; smaller ones have a history of forged signatures) below 2^64 (WebCrypto takes no larger).
 */
export function rsaPublicKey(modulus: Bytes, exponent: Bytes): PublicKey | UnsupportedKey {
  const top = modulus[0] ?? 0
  const bits = 8 * modulus.length - Math.clz32(top) + 24
  if (top === 0 || bits < minModulusBits || bits > maxModulusBits || isEven(modulus)) return unsupported('rsa-modulus')
  if ((exponent[0] ?? 0) === 0 || exponent.length > 8 || isEven(exponent)) return unsupported('rsa-exponent')
  if (BigInt(`0x${encodeHex(exponent)}`) < 65537n) return unsupported('rsa-exponent')
  return { kind: 'rsa', modulus, exponent }
}

const isEven = (number: Bytes): boolean => ((number.at(-1) ?? 0) & 1) === 0
