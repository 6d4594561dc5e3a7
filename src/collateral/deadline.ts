// Bounds in time, on an injected sleep: work that does not end is abandoned, whether or not it listens.

/** A signal that fires once, and which cause fired it. */
export interface Deadline<Cause extends string> {
  readonly signal: AbortSignal
  readonly cause: () => Cause | undefined
  /** Lets go of timers and listeners. */
  readonly close: () => void
}

/** Fires with `cause` after `ms`, or with the outer signal's cause when that fires. */
export function startDeadline<Cause extends string>(
  bound: { readonly ms: number; readonly cause: Cause },
  outer: { readonly signal: AbortSignal; readonly cause: Cause } | undefined,
  sleep: (ms: number, signal: AbortSignal) => Promise<unknown>,
): Deadline<Cause> {
  const controller = new AbortController()
  const timer = new AbortController()
  let fired: Cause | undefined
  const fire = (cause: Cause): void => {
    if (fired !== undefined || timer.signal.aborted) return
    fired = cause
    controller.abort()
  }
  const onOuter = (): void => fire(outer?.cause ?? bound.cause)
  if (outer?.signal.aborted === true) onOuter()
  else {
    outer?.signal.addEventListener('abort', onOuter, { once: true })
    sleep(bound.ms, timer.signal).then(
      () => fire(bound.cause),
      () => undefined,
    )
  }
  return {
    signal: controller.signal,
    cause: () => fired,
    close: () => {
      timer.abort()
      outer?.signal.removeEventListener('abort', onOuter)
    },
  }
}

/** The outcome of `work`, or `undefined` as soon as `signal` fires; what the work does after that is ignored. */
export async function untilFired<T>(
  work: Promise<T>,
  signal: AbortSignal,
): Promise<{ readonly value: T } | undefined> {
  let listener: (() => void) | undefined
  const fired = new Promise<undefined>((resolve) => {
    listener = () => resolve(undefined)
    if (signal.aborted) listener()
    else signal.addEventListener('abort', listener, { once: true })
  })
  try {
    return await Promise.race([fired, work.then((value) => ({ value }))])
  } finally {
    if (listener !== undefined) signal.removeEventListener('abort', listener)
  }
}

/** Lets at most `limit` pieces of work run at once; the others wait their turn. */
export function createGate(limit: number): <T>(work: () => Promise<T>) => Promise<T> {
  let free = limit
  const waiting: (() => void)[] = []
  return async (work) => {
    if (free > 0) free--
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next === undefined) free++
      else next()
    }
  }
}
