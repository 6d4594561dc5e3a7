// Turns the DER ECDSA signatures of certificates, CRLs and OCSP responses (RFC 3279 section 2.2.3) into r and s of fixed width.
import type { Bytes } from '../bytes/bytes.js'
import { coordinateSize } from './curve.js'
import { readIntegerPair } from './integer-pair.js'
import type { EcCurve } from './provider.js'

/**
 * r and s of `der`, each left-padded to the width of the curve, or undefined unless `der` is the one DER encoding of two
 * positive integers that fit that width. Whether they are below the order is for the provider to check.
 */
export function ecdsaSignatureFromDer(der: Bytes, curve: EcCurve): Uint8Array<ArrayBuffer> | undefined {
  const size = coordinateSize(curve)
  const pair = readIntegerPair(der)
  if (pair === undefined || pair.first.length > size || pair.second.length > size) return undefined
  const signature = new Uint8Array(2 * size)
  signature.set(pair.first, size - pair.first.length)
  signature.set(pair.second, 2 * size - pair.second.length)
  return signature
}
