// What names a report in results: the digest of its bytes.
import { sha256 } from '@noble/hashes/sha2.js'
import type { Bytes } from '../bytes/bytes.js'

// Several parts of one appraisal ask for it.
const digests: WeakMap<Bytes, Bytes> = /* @__PURE__ */ new WeakMap<Bytes, Bytes>()

/**
 * SHA-256 of a report as received: `evidenceDigest` in results, `evidence_digest` in location claims. Computed at once and
 * only where it is asked for: by WebCrypto, every verification would wait for a second thread.
 */
export function reportDigest({ raw }: { readonly raw: Bytes }): Bytes {
  const known = digests.get(raw)
  if (known !== undefined) return known
  const digest = sha256(raw)
  digests.set(raw, digest)
  return digest
}
