// Bounds in time, on an injected sleep: work that does not end is abandoned, whether or not it listens.

type Sleep = (ms: number, signal: AbortSignal) => Promise<unknown>

/** Fires once, for one of several causes. */
export interface Deadline<Cause extends string> {
  /** Why it fired; undefined as long as it has not. */
  readonly cause: () => Cause | undefined
  /** Calls `listener` when it fires, at once if it has; returns how to stop that. */
  readonly onFire: (listener: () => void) => () => void
  /** Lets go of timers and listeners; it does not fire any more. */
  readonly close: () => void
}

/** Fires with `cause` after `ms`, or with the outer cause when `outer` says so. */
export function startDeadline<Cause extends string>(
  bound: { readonly ms: number; readonly cause: Cause },
  outer: { readonly onFire: Deadline<string>['onFire']; readonly cause: Cause } | undefined,
  sleep: Sleep,
): Deadline<Cause> {
  const listeners = new Set<() => void>()
  const timer = new AbortController()
  let fired: Cause | undefined
  const fire = (cause: Cause): void => {
    if (fired !== undefined || timer.signal.aborted) return
    fired = cause
    for (const listener of [...listeners]) listener()
    listeners.clear()
  }
  const leave = outer?.onFire(() => fire(outer.cause))
  if (fired === undefined)
    sleep(bound.ms, timer.signal).then(
      () => fire(bound.cause),
      () => undefined,
    )
  return {
    cause: () => fired,
    onFire: (listener) => {
      if (fired !== undefined) listener()
      else listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    close: () => {
      timer.abort()
      leave?.()
    },
  }
}

/** A caller's signal in the form of {@link Deadline.onFire}. */
export function onAbort(signal: AbortSignal): Deadline<string>['onFire'] {
  return (listener) => {
    if (signal.aborted) listener()
    else signal.addEventListener('abort', listener, { once: true })
    return () => signal.removeEventListener('abort', listener)
  }
}

/**
 * The outcome of `work`, or `undefined` as soon as `deadline` fires; what the work does after that is ignored. Its signal
 * is aborted then.
 */
export async function untilFired<T>(
  deadline: Deadline<string>,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<{ readonly value: T } | undefined> {
  const controller = new AbortController()
  let leave: (() => void) | undefined
  const fired = new Promise<undefined>((resolve) => {
    leave = deadline.onFire(() => {
      resolve(undefined)
      controller.abort()
    })
  })
  try {
    return await Promise.race([fired, work(controller.signal).then((value) => ({ value }))])
  } finally {
    leave?.()
  }
}

/** Waits `ms`; false if the deadline fires before. */
export async function pause(deadline: Deadline<string>, ms: number, sleep: Sleep): Promise<boolean> {
  // Told to stop, a sleep may reject; that says nothing that the deadline does not.
  await untilFired(deadline, (signal) => sleep(ms, signal).catch(() => undefined))
  return deadline.cause() === undefined
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
