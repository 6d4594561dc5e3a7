// Remembers which parsed objects carry a valid signature of which key, so that a service checks shared documents once.
import { equalBytes } from '../bytes/bytes.js'
import type { CryptoProvider, PublicKey, SignatureAlgorithm } from '../crypto/provider.js'

/** "This object's signature is valid under this key": true for ever, whatever the time and whoever asks. */
interface Fact {
  readonly algorithm: SignatureAlgorithm
  readonly key: PublicKey
  readonly valid: Promise<boolean>
}

// Weak on both sides: facts live as long as the document they are about, and never pass from one provider to another.
const facts: WeakMap<CryptoProvider, WeakMap<object, Fact>> = /* @__PURE__ */ new WeakMap()

/**
 * Answers from memory, or runs `check` and remembers it if true; simultaneous calls for one fact share one check. Only
 * frozen objects are remembered, since their signed bytes cannot be exchanged for others. Whose key it is, validity and
 * content are not part of the fact: they are decided anew on every use.
 */
export function rememberSignature(
  signed: object,
  algorithm: SignatureAlgorithm,
  key: PublicKey,
  crypto: CryptoProvider,
  check: () => Promise<boolean>,
): Promise<boolean> {
  if (!Object.isFrozen(signed)) return check()
  const known = factsOf(crypto)
  const fact = known.get(signed)
  if (fact !== undefined && fact.algorithm === algorithm && sameKey(fact.key, key)) return fact.valid
  const valid = check()
  const made: Fact = { algorithm, key, valid }
  // A second key for one object is a wrong guess or a cross-signature; either way the first to be valid stays.
  if (fact !== undefined) return valid
  known.set(signed, made)
  const forget = (): void => {
    if (known.get(signed) === made) known.delete(signed)
  }
  valid.then((answer) => answer || forget(), forget)
  return valid
}

function factsOf(crypto: CryptoProvider): WeakMap<object, Fact> {
  const known = facts.get(crypto) ?? new WeakMap<object, Fact>()
  facts.set(crypto, known)
  return known
}

function sameKey(a: PublicKey, b: PublicKey): boolean {
  if (a === b) return true
  if (a.kind === 'rsa')
    return b.kind === 'rsa' && equalBytes(a.modulus, b.modulus) && equalBytes(a.exponent, b.exponent)
  if (b.kind === 'rsa' || a.kind !== b.kind || !equalBytes(a.point, b.point)) return false
  return a.kind !== 'ec' || b.kind !== 'ec' || a.curve === b.curve
}
