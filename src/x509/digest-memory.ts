// Remembers whether given bytes hash to what a parsed identifier states, so that shared documents are not hashed for every device.
import { type Bytes, copyBytes, equalBytes } from '../bytes/bytes.js'
import type { CryptoProvider } from '../crypto/provider.js'

/** Whether these bytes hash to what the identifier states: a fact without a date, compared by all bytes on every use. */
interface Fact {
  readonly preimages: readonly Bytes[]
  /** The promise: certificates assessed side by side ask about one response at once. */
  readonly matches: Promise<boolean>
}

const facts: WeakMap<CryptoProvider, WeakMap<object, readonly Fact[]>> = /* @__PURE__ */ new WeakMap()

/** An identifier is compared with the issuer and its responder; more candidates are not worth keeping. */
const keptPerIdentifier = 4

/** Answers from memory, or runs `check` and remembers its answer. Only frozen identifiers are remembered. */
export function rememberPreimages(
  identifier: object,
  preimages: readonly Bytes[],
  crypto: CryptoProvider,
  check: () => Promise<boolean>,
): Promise<boolean> {
  const known = facts.get(crypto) ?? new WeakMap<object, readonly Fact[]>()
  facts.set(crypto, known)
  const earlier = known.get(identifier) ?? []
  const fact = earlier.find((one) => sameBytes(one.preimages, preimages))
  if (fact !== undefined) return fact.matches
  const matches = check()
  if (Object.isFrozen(identifier)) {
    known.set(identifier, [...earlier, { preimages: preimages.map(copyBytes), matches }].slice(-keptPerIdentifier))
    // A failure to compute is no fact.
    matches.catch(() => known.delete(identifier))
  }
  return matches
}

function sameBytes(a: readonly Bytes[], b: readonly Bytes[]): boolean {
  return a.length === b.length && a.every((bytes, i) => equalBytes(bytes, b[i] ?? new Uint8Array()))
}
