// A seed and a label into keys, bytes and deterministic signatures: the only source of keys in the synthetic world.
import { ed25519 } from '@noble/curves/ed25519.js'
import { p256, p384, p521 } from '@noble/curves/nist.js'
import { hkdf } from '@noble/hashes/hkdf.js'
import { sha512 } from '@noble/hashes/sha2.js'
import { type Bytes, copyBytes } from '../bytes/bytes.js'
import { encodeUtf8 } from '../bytes/text.js'
import { bitString, objectIdentifier, sequence } from './der.js'

export type SyntheticCurve = 'P-256' | 'P-384' | 'P-521' | 'Ed25519'

/** A key pair whose signatures never vary: RFC 6979 for ECDSA, RFC 8032 for Ed25519. */
export interface SyntheticKey {
  readonly curve: SyntheticCurve
  /** Worthless outside tests: anyone can derive it from the seed. */
  readonly secretKey: Bytes
  /** Uncompressed point (0x04, x, y), or the 32 bytes of an Ed25519 key. */
  readonly publicKey: Bytes
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Bytes
  /** AlgorithmIdentifier of the signatures this key makes, DER. */
  readonly algorithm: Bytes
  /** Hashes with the hash that belongs to the curve, then signs: r and s of fixed width, or the Ed25519 signature. */
  readonly sign: (data: Bytes) => Bytes
  /** The same signature as X.509 carries it: ECDSA-Sig-Value in DER. */
  readonly signDer: (data: Bytes) => Bytes
}

const ecPublicKey = '1.2.840.10045.2.1'

interface EcdsaSuite {
  readonly curve: typeof p256
  readonly curveOid: string
  readonly signatureOid: string
}

const suites: Readonly<Record<Exclude<SyntheticCurve, 'Ed25519'>, EcdsaSuite>> = {
  'P-256': { curve: p256, curveOid: '1.2.840.10045.3.1.7', signatureOid: '1.2.840.10045.4.3.2' },
  'P-384': { curve: p384, curveOid: '1.3.132.0.34', signatureOid: '1.2.840.10045.4.3.3' },
  'P-521': { curve: p521, curveOid: '1.3.132.0.35', signatureOid: '1.2.840.10045.4.3.4' },
}

/** `length` bytes that depend on nothing but `seed` and `label` (HKDF with SHA-512). */
export function deriveBytes(seed: string, label: string, length: number): Uint8Array<ArrayBuffer> {
  return copyBytes(hkdf(sha512, encodeUtf8(seed), encodeUtf8('gpu-attestation testing'), encodeUtf8(label), length))
}

function bigEndian(bytes: Bytes): bigint {
  let value = 0n
  for (const byte of bytes) value = value * 256n + BigInt(byte)
  return value
}

function bigEndianBytes(value: bigint, length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length)
  let rest = value
  for (let i = length - 1; i >= 0; i--) {
    bytes[i] = Number(rest & 255n)
    rest >>= 8n
  }
  return bytes
}

function ed25519Key(secretKey: Bytes): SyntheticKey {
  const publicKey = copyBytes(ed25519.getPublicKey(secretKey))
  const algorithm = sequence(objectIdentifier('1.3.101.112'))
  const sign = (data: Bytes): Bytes => copyBytes(ed25519.sign(data, secretKey))
  return {
    curve: 'Ed25519',
    secretKey,
    publicKey,
    spki: sequence(algorithm, bitString(publicKey)),
    algorithm,
    sign,
    signDer: sign,
  }
}

/** The key of `label` in the world of `seed`. */
export function deriveKey(seed: string, label: string, curveName: SyntheticCurve = 'P-384'): SyntheticKey {
  // 16 bytes more than the widest order: the bias of the reduction stays below 2^-128.
  const material = deriveBytes(seed, `key/${curveName}/${label}`, 82)
  if (curveName === 'Ed25519') return ed25519Key(material.slice(0, 32))
  const { curve, curveOid, signatureOid } = suites[curveName]
  const field = curve.Point.Fn
  const secretKey = bigEndianBytes((bigEndian(material) % (field.ORDER - 1n)) + 1n, field.BYTES)
  const publicKey = copyBytes(curve.getPublicKey(secretKey, false))
  const options = { lowS: false, prehash: true } as const
  return {
    curve: curveName,
    secretKey,
    publicKey,
    spki: sequence(sequence(objectIdentifier(ecPublicKey), objectIdentifier(curveOid)), bitString(publicKey)),
    algorithm: sequence(objectIdentifier(signatureOid)),
    sign: (data) => copyBytes(curve.sign(data, secretKey, { ...options, format: 'compact' })),
    signDer: (data) => copyBytes(curve.sign(data, secretKey, { ...options, format: 'der' })),
  }
}
