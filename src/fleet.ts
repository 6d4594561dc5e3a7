// Judges a stream of evidence with bounded concurrency and back-pressure; results come in the order of the items.

/** Enough to keep two or three signature threads of the runtime busy; more only costs memory. */
const defaultConcurrency = 16

/**
 * Applies `work` to each item, at most `concurrency` at a time. Pulls the next item only when a place is free, so an
 * endless source is fine. An error of `work` or of the source ends the stream; work under way is awaited first.
 */
export async function* mapConcurrently<T, R>(
  items: Iterable<T> | AsyncIterable<T>,
  work: (item: T) => Promise<R>,
  concurrency: number = defaultConcurrency,
): AsyncGenerator<R, void, undefined> {
  if (!Number.isSafeInteger(concurrency) || concurrency < 1)
    throw new TypeError('concurrency must be a positive integer')
  const source = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]()
  const queue: Promise<R>[] = []
  let exhausted = false
  try {
    while (!exhausted || queue.length > 0) {
      while (!exhausted && queue.length < concurrency) {
        const next = await source.next()
        if (next.done === true) exhausted = true
        else queue.push(settleLater(work(next.value)))
      }
      const first = queue.shift()
      if (first !== undefined) yield await first
    }
  } finally {
    await Promise.allSettled(queue)
    if (!exhausted) await source.return?.()
  }
}

// A rejection that is awaited later must not count as unhandled meanwhile.
function settleLater<R>(promise: Promise<R>): Promise<R> {
  promise.catch(() => undefined)
  return promise
}
