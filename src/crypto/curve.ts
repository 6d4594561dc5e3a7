// The NIST prime curves (SP 800-186): their parameters, and the checks a public point must pass.
import type { Bytes } from '../bytes/bytes.js'
import type { EcCurve } from './provider.js'

interface CurveParameters {
  /** Octets of a coordinate, and of r and s. */
  readonly size: number
  readonly prime: bigint
  readonly order: bigint
  readonly b: bigint
}

const curves: Readonly<Record<EcCurve, CurveParameters>> = {
  'P-256': {
    size: 32,
    prime: 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn,
    order: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
    b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
  },
  'P-384': {
    size: 48,
    prime: 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffffn,
    order: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
    b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
  },
  'P-521': {
    size: 66,
    prime:
      0x1ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffn,
    order:
      0x1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
    b: 0x51953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00n,
  },
}

/** Octets of one coordinate, and of each of r and s. */
export function coordinateSize(curve: EcCurve): number {
  return curves[curve].size
}

// Eight octets at a time: by way of hex text, this would be most of the time a key takes to check.
function toNumber(bytes: Bytes): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  let value = 0n
  let offset = bytes.length % 8
  for (let i = 0; i < offset; i++) value = (value << 8n) | BigInt(view.getUint8(i))
  for (; offset < bytes.length; offset += 8) value = (value << 64n) | view.getBigUint64(offset)
  return value
}

/** What is wrong with an uncompressed point (SEC 1 section 2.3.3), or undefined if it lies on the curve. */
export function pointFault(
  curve: EcCurve,
  point: Bytes,
): 'point-form' | 'point-length' | 'point-range' | 'point-off-curve' | undefined {
  const { size, prime, b } = curves[curve]
  // A single zero octet is the point at infinity, 02 and 03 start a compressed point: both differ in the first octet.
  if (point[0] !== 4) return 'point-form'
  if (point.length !== 1 + 2 * size) return 'point-length'
  const x = toNumber(point.subarray(1, 1 + size))
  const y = toNumber(point.subarray(1 + size))
  if (x >= prime || y >= prime) return 'point-range'
  return (y * y - (x * x * x - 3n * x + b)) % prime === 0n ? undefined : 'point-off-curve'
}

/** True if `signature` is r and s of the curve's width, each from 1 to n - 1. */
export function isSignatureInRange(curve: EcCurve, signature: Bytes): boolean {
  const { size, order } = curves[curve]
  if (signature.length !== 2 * size) return false
  const r = toNumber(signature.subarray(0, size))
  const s = toNumber(signature.subarray(size))
  return r > 0n && r < order && s > 0n && s < order
}
