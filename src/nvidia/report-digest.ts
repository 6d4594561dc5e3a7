// What names a report in results: the digest of its bytes.
import { sha256 } from '@noble/hashes/sha2.js'
import type { Bytes } from '../bytes/bytes.js'

/**
 * SHA-256 of a report as received: `evidenceDigest` in results, `evidence_digest` in location claims. Computed at once and
 * only where it is asked for: by WebCrypto, every verification would wait for a second thread.
 */
export function reportDigest({ raw }: { readonly raw: Bytes }): Bytes {
  return sha256(raw)
}
