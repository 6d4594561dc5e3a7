// Domain-separated hashes and messages of the profile: ASCII domain, a zero byte, then the parts in order.
import { type Bytes, concatBytes } from '../bytes/bytes.js'
import { encodeUtf8 } from '../bytes/text.js'
import type { CryptoProvider } from '../crypto/provider.js'
import type { domains } from './claim-names.js'

export type Domain = (typeof domains)[keyof typeof domains]

/** Every part but the last must have a fixed length, so that two lists of parts never make the same bytes. */
export function domainMessage(domain: Domain, ...parts: readonly Bytes[]): Uint8Array<ArrayBuffer> {
  return concatBytes(encodeUtf8(domain), Uint8Array.of(0), ...parts)
}

/** SHA-256 of {@link domainMessage}. */
export function domainDigest(crypto: CryptoProvider, domain: Domain, ...parts: readonly Bytes[]): Promise<Bytes> {
  return crypto.digest('sha256', domainMessage(domain, ...parts))
}

/** Big-endian, 4 bytes. */
export function uint32(value: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(4)
  new DataView(out.buffer).setUint32(0, value)
  return out
}

/** Big-endian, 8 bytes. */
export function uint64(value: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(8)
  new DataView(out.buffer).setBigUint64(0, BigInt(value))
  return out
}
