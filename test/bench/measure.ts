// Timing for the benchmark. Ratios come from turns of a few calls each, taken alternately: a machine that slows down or
// speeds up in between then does so for both.

/** Time of one call of `work` in times of one call of `unit`: the median over many short turns, each beside one of the other. */
export async function timeRatio(
  work: () => Promise<unknown>,
  unit: () => Promise<unknown>,
  seconds = 4,
): Promise<number> {
  const ratios: number[] = []
  const turn = async (call: () => Promise<unknown>, calls: number): Promise<number> => {
    const start = performance.now()
    for (let i = 0; i < calls; i++) await call()
    return (performance.now() - start) / calls
  }
  // Warms both up, and says how many calls make turns of equal length.
  const [workMs, unitMs] = [await turn(work, 30), await turn(unit, 300)]
  const turnMs = Math.max(4, workMs, unitMs)
  const [workCalls, unitCalls] = [workMs, unitMs].map((ms) => Math.max(1, Math.round(turnMs / ms)))
  const end = performance.now() + seconds * 1000
  while (performance.now() < end) {
    const unitTime = await turn(unit, unitCalls ?? 1)
    ratios.push((await turn(work, workCalls ?? 1)) / unitTime)
  }
  return median(ratios)
}

/** Calls per second of `work`, `inFlight` at a time. */
export async function rate(work: () => Promise<unknown>, inFlight: number, ms = 1500): Promise<number> {
  let done = 0
  const start = performance.now()
  const worker = async (): Promise<void> => {
    while (performance.now() - start < ms) {
      await work()
      done++
    }
  }
  await Promise.all(Array.from({ length: inFlight }, worker))
  return (done * 1000) / (performance.now() - start)
}

/** Microseconds per call of synchronous work; the median of nine rounds after one that warms up. */
export function microseconds(work: () => unknown, calls = 2000): number {
  const rounds: number[] = []
  for (let round = 0; round < 10; round++) {
    const start = performance.now()
    for (let i = 0; i < calls; i++) work()
    rounds.push(((performance.now() - start) * 1000) / calls)
  }
  return median(rounds.slice(1))
}

/** The same for work that awaits, one call at a time. */
export async function asyncMicroseconds(work: () => Promise<unknown>, calls = 200): Promise<number> {
  const rounds: number[] = []
  for (let round = 0; round < 10; round++) {
    const start = performance.now()
    for (let i = 0; i < calls; i++) await work()
    rounds.push(((performance.now() - start) * 1000) / calls)
  }
  return median(rounds.slice(1))
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

export interface Row {
  readonly what: string
  readonly value: number
  /** Without one the row is there to be known, and nothing is asked of it. */
  readonly target?: number
  /** Whether the target is an upper or a lower bound. */
  readonly bound?: 'at most' | 'at least'
  readonly unit: string
}

export function printRows(rows: readonly Row[]): void {
  for (const { what, value, target, bound, unit } of rows) {
    const figure = `${what.padEnd(72)} ${value.toFixed(2).padStart(9)} ${unit.padEnd(5)}`
    if (target === undefined) console.log(`        ${figure}`)
    else {
      const met = bound === 'at most' ? value <= target : value >= target
      console.log(`${met ? 'met   ' : 'MISSED'}  ${figure} (${bound} ${target})`)
    }
  }
}
