// Timing for the benchmark: medians of several rounds, so that one interrupted round does not decide a ratio.

/** Calls per second of `work`, `inFlight` at a time; the median of five rounds of at least `roundMs`. */
export async function rate(work: () => Promise<unknown>, inFlight = 1, roundMs = 400): Promise<number> {
  const rounds: number[] = []
  for (let round = 0; round < 6; round++) {
    let done = 0
    const start = performance.now()
    const worker = async (): Promise<void> => {
      while (performance.now() - start < roundMs) {
        await work()
        done++
      }
    }
    await Promise.all(Array.from({ length: inFlight }, worker))
    rounds.push((done * 1000) / (performance.now() - start))
  }
  // The first round warms up.
  return median(rounds.slice(1))
}

/** Microseconds per call of synchronous work. */
export function microseconds(work: () => unknown, calls = 2000): number {
  const rounds: number[] = []
  for (let round = 0; round < 6; round++) {
    const start = performance.now()
    for (let i = 0; i < calls; i++) work()
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
  readonly target: number
  /** Whether the target is an upper or a lower bound. */
  readonly bound: 'at most' | 'at least'
  readonly unit: string
}

export function printRows(rows: readonly Row[]): void {
  for (const { what, value, target, bound, unit } of rows) {
    const met = bound === 'at most' ? value <= target : value >= target
    console.log(
      `${met ? 'met   ' : 'MISSED'}  ${what.padEnd(72)} ${value.toFixed(2).padStart(9)} ${unit.padEnd(5)} (${bound} ${target})`,
    )
  }
}
