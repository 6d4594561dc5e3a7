// Keeps collected documents within bounds of number, size and time; requests for one document at one time are one request.
import type { Obtained } from './document.js'

/** What one collection may keep for the next. Holds documents as received: each is verified wherever it is used. */
export interface CollateralCache {
  /** Documents held. */
  readonly size: () => number
  /** Forgets everything, e.g. after an announcement that manifests were re-issued. */
  readonly clear: () => void
}

interface Shelf {
  readonly entries: Map<string, Obtained>
  readonly pending: Map<string, Promise<Obtained>>
  readonly put: (key: string, obtained: Obtained) => void
}

const shelves: WeakMap<CollateralCache, Shelf> = /* @__PURE__ */ new WeakMap()

// Manifests have about 26 KB, statuses about 1 KB each: enough for a fleet of a thousand nodes.
const defaultEntries = 4096
const defaultBytes = 64 * 1024 * 1024

/**
 * Makes an empty cache. Beyond its bounds it forgets what was used least recently.
 * @throws TypeError for a bound that is not a positive integer
 */
export function createCollateralCache(
  bounds: { readonly maxEntries?: number; readonly maxBytes?: number } = {},
): CollateralCache {
  const { maxEntries = defaultEntries, maxBytes = defaultBytes } = bounds
  for (const bound of [maxEntries, maxBytes])
    if (!(Number.isSafeInteger(bound) && bound > 0)) throw new TypeError('bounds must be positive integers')
  const entries = new Map<string, Obtained>()
  let held = 0
  const drop = (key: string): void => {
    held -= entries.get(key)?.size ?? 0
    entries.delete(key)
  }
  const put = (key: string, obtained: Obtained): void => {
    drop(key)
    entries.set(key, obtained)
    held += obtained.size
    // A Map iterates in the order of insertion, and use re-inserts: the first is the least recently used.
    for (const oldest of entries.keys()) {
      if (entries.size <= maxEntries && held <= maxBytes) break
      drop(oldest)
    }
  }
  const cache: CollateralCache = Object.freeze({
    size: () => entries.size,
    clear: () => {
      entries.clear()
      held = 0
    },
  })
  shelves.set(cache, { entries, pending: new Map(), put })
  return cache
}

export interface CacheRequest {
  readonly key: string
  readonly now: Date
  readonly obtain: () => Promise<Obtained>
  /** Whether a failure says nothing about the document, only about the one who asked: its deadline, its signal. */
  readonly isOwn: (error: unknown) => boolean
}

/**
 * From the cache, from a request already under way, or obtained anew and kept as long as its dates allow.
 * @throws TypeError if `cache` was not made by {@link createCollateralCache}
 */
export async function fromCache(cache: CollateralCache, { key, now, obtain, isOwn }: CacheRequest): Promise<Obtained> {
  const shelf = shelves.get(cache)
  if (shelf === undefined) throw new TypeError('cache must come from createCollateralCache')
  for (;;) {
    const known = shelf.entries.get(key)
    // A clock set back must not make a document usable before it was obtained.
    if (known !== undefined && known.document.origin.obtainedAt <= now && now < known.until) {
      shelf.put(key, known)
      return known
    }
    const pending = shelf.pending.get(key)
    if (pending === undefined) break
    try {
      return await pending
    } catch (error) {
      if (!isOwn(error)) throw error
    }
  }
  const made = obtain()
  shelf.pending.set(key, made)
  try {
    const obtained = await made
    if (obtained.problem === undefined && now < obtained.until) shelf.put(key, obtained)
    return obtained
  } finally {
    shelf.pending.delete(key)
  }
}
