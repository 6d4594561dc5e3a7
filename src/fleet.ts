// Judges a stream of evidence with bounded concurrency and back-pressure; results come in the order of the items.

/** Enough to keep two or three signature threads of the runtime busy; more only costs memory. */
const defaultConcurrency = 16

/**
 * Applies `work` to each item, at most `concurrency` at a time, and yields the results in the order of the items, each as
 * soon as it and those before it are there. Pulls the next item only when a place is free, so an endless or slow source is
 * fine. An error of `work` or of the source ends the stream at its place; work under way is awaited first.
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
  let pull: Promise<() => void> | undefined
  let open = true
  const pullNext = async (): Promise<() => void> => {
    try {
      const next = await source.next()
      if (next.done !== true) return () => queue.push(settleLater(work(next.value)))
    } catch (error) {
      queue.push(settleLater(Promise.reject(error)))
    }
    open = false
    return () => undefined
  }
  try {
    while (open || queue.length > 0) {
      if (open && queue.length < concurrency) pull ??= pullNext()
      const [first] = queue
      // A result that is ready must not wait for a source that is not.
      const waiting = [...(pull === undefined ? [] : [pull]), ...(first === undefined ? [] : [settled(first)])]
      const start = await Promise.race(waiting)
      if (start !== undefined) {
        pull = undefined
        start()
      } else if (first !== undefined) {
        queue.shift()
        yield await first
      }
    }
  } finally {
    await Promise.allSettled(queue)
    const closed = open ? source.return?.() : undefined
    // A source that is asked for an item closes after giving it, which may be never.
    if (pull === undefined) await closed
    else Promise.resolve(closed).catch(() => undefined)
  }
}

function settled(promise: Promise<unknown>): Promise<undefined> {
  return promise.then(
    () => undefined,
    () => undefined,
  )
}

// A rejection that is awaited later must not count as unhandled meanwhile.
function settleLater<R>(promise: Promise<R>): Promise<R> {
  promise.catch(() => undefined)
  return promise
}
