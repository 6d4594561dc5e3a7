// Lets a signature be computed while something it does not depend on is still being decided.
import type { CryptoProvider, SignatureCheck } from './provider.js'

/**
 * Starts `check` now and returns a provider that answers this very check, the same objects throughout, with what was
 * started, and everything else as `crypto` does. What the answer means is still for whoever asks: a valid signature under
 * a key that turns out not to be trusted is worth nothing.
 */
export function startCheck(crypto: CryptoProvider, check: SignatureCheck): CryptoProvider {
  const answer = crypto.verify(check)
  // If nobody asks, because something else failed first, a rejection must not count as unhandled.
  answer.catch(() => undefined)
  return {
    name: crypto.name,
    digest: (hash, data) => crypto.digest(hash, data),
    verify: (asked) => (isSame(asked, check) ? answer : crypto.verify(asked)),
  }
}

function isSame(a: SignatureCheck, b: SignatureCheck): boolean {
  return a.key === b.key && a.data === b.data && a.signature === b.signature && a.algorithm === b.algorithm
}
