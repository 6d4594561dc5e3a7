// Remembers, within bounds, which certificates carry a valid signature of which key, so that a fleet checks each once.
import { type Bytes, equalBytes } from '../bytes/bytes.js'
import { encodeHex } from '../bytes/hex.js'
import type { PublicKey } from '../crypto/provider.js'

/**
 * Facts of the form "these certificate bytes are signed by this key". They do not age: validity, constraints, trust
 * anchors and revocation are decided anew on every use, and never kept here. Share one cache only among calls that use
 * the same crypto provider.
 */
export interface PathCache {
  /** Answers from memory, or runs `check` and remembers it if true. Simultaneous calls for one fact share one check. */
  readonly signatureIsValid: (certificate: Bytes, issuerSpki: Bytes, check: () => Promise<boolean>) => Promise<boolean>
  /** The first key object seen for `spki`; providers keep their imported form with the object. */
  readonly sharedKey: (spki: Bytes, key: PublicKey) => PublicKey
  /** Signature facts held. */
  readonly size: () => number
}

/** About 1.2 KB each: the issuers of every GPU generation, and the last thousand devices seen. */
const defaultEntries = 1024

/**
 * Makes an empty cache that forgets the least recently used entries beyond `maxEntries`.
 * @throws TypeError if `maxEntries` is not a positive integer
 */
export function createPathCache(options: { readonly maxEntries?: number } = {}): PathCache {
  const maxEntries = options.maxEntries ?? defaultEntries
  if (!(Number.isSafeInteger(maxEntries) && maxEntries > 0))
    throw new TypeError('maxEntries must be a positive integer')
  const facts = createRecent<Fact>(maxEntries)
  const keys = createRecent<SharedKey>(maxEntries)
  return {
    size: facts.size,
    signatureIsValid: (certificate, issuerSpki, check) => {
      const index = tail(certificate)
      const known = facts.get(index)
      if (known !== undefined)
        return equalBytes(known.certificate, certificate) && equalBytes(known.issuerSpki, issuerSpki)
          ? known.valid
          : check()
      const valid = check()
      const fact: Fact = { certificate, issuerSpki, valid }
      facts.set(index, fact)
      // Only what turned out valid stays: neither a refusal nor a failure of the provider is remembered.
      valid.then(
        (answer) => answer || facts.forget(index, fact),
        () => facts.forget(index, fact),
      )
      return valid
    },
    sharedKey: (spki, key) => {
      const index = tail(spki)
      const known = keys.get(index)
      if (known !== undefined) return equalBytes(known.spki, spki) ? known.key : key
      keys.set(index, { spki, key })
      return key
    },
  }
}

interface Fact {
  readonly certificate: Bytes
  readonly issuerSpki: Bytes
  readonly valid: Promise<boolean>
}

interface SharedKey {
  readonly spki: Bytes
  readonly key: PublicKey
}

// The end of a certificate is its signature, that of an SPKI its key: good indexes, but no more. Whoever asks compares all
// the bytes before using what is found.
function tail(bytes: Bytes): string {
  return encodeHex(bytes.subarray(-24))
}

interface Recent<T> {
  readonly get: (index: string) => T | undefined
  readonly set: (index: string, value: T) => void
  readonly forget: (index: string, value: T) => void
  readonly size: () => number
}

// A Map iterates in the order of insertion: putting an entry back on use makes the first one the least recently used.
function createRecent<T>(maxEntries: number): Recent<T> {
  const entries = new Map<string, T>()
  return {
    size: () => entries.size,
    get: (index) => {
      const value = entries.get(index)
      if (value === undefined) return undefined
      entries.delete(index)
      entries.set(index, value)
      return value
    },
    set: (index, value) => {
      entries.set(index, value)
      const [oldest] = entries.keys()
      if (entries.size > maxEntries && oldest !== undefined) entries.delete(oldest)
    },
    forget: (index, value) => {
      if (entries.get(index) === value) entries.delete(index)
    },
  }
}
