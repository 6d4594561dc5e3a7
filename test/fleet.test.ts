// The stream of judgements: order, bounded work, back-pressure, errors and closing.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mapConcurrently } from '../src/fleet.js'

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

async function ticks(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await tick()
}

async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const out: T[] = []
  for await (const item of stream) out.push(item)
  return out
}

/** A source that counts what is taken from it and whether it was closed. */
function source(length: number) {
  const seen = { pulled: 0, closed: 0 }
  function* items(): Generator<number> {
    try {
      for (let i = 0; i < length; i++) {
        seen.pulled++
        yield i
      }
    } finally {
      seen.closed++
    }
  }
  return { seen, items: items() }
}

describe('mapConcurrently', () => {
  it('yields in order whatever the duration of the work, within the bound', async () => {
    const runs = fc.asyncProperty(
      fc.array(fc.nat(4), { maxLength: 30 }),
      fc.integer({ min: 1, max: 5 }),
      fc.boolean(),
      async (durations, concurrency, asynchronous) => {
        let running = 0
        let most = 0
        const work = async (index: number): Promise<number> => {
          most = Math.max(most, ++running)
          await ticks(durations[index] ?? 0)
          running--
          return index * 10
        }
        async function* later(): AsyncGenerator<number> {
          for (const index of durations.keys()) {
            await ticks((durations[index] ?? 0) % 2)
            yield index
          }
        }
        const items = asynchronous ? later() : durations.keys()
        expect(await collect(mapConcurrently(items, work, concurrency))).toEqual(durations.map((_, i) => i * 10))
        expect(most).toBeLessThanOrEqual(concurrency)
      },
    )
    await fc.assert(runs, { numRuns: 60 })
  })

  it('uses the whole bound', async () => {
    let running = 0
    let most = 0
    const work = async (): Promise<void> => {
      most = Math.max(most, ++running)
      await ticks(5)
      running--
    }
    await collect(mapConcurrently(source(40).items, work, 7))
    expect(most).toBe(7)
  })

  it('pulls no more than the bound ahead of a slow consumer', async () => {
    const { seen, items } = source(100)
    const stream = mapConcurrently(items, async (item) => item, 4)
    expect(seen.pulled).toBe(0)
    for (let taken = 1; taken <= 10; taken++) {
      expect((await stream.next()).value).toBe(taken - 1)
      await ticks(10)
      expect(seen.pulled).toBeLessThanOrEqual(taken + 4)
    }
    await stream.return()
    expect(seen.closed).toBe(1)
  })

  it('yields a result without waiting for an item that is not there yet', async () => {
    const asked: number[] = []
    let answer: ((value: number) => void) | undefined
    async function* dialogue(): AsyncGenerator<number> {
      for (let i = 0; i < 3; i++) {
        asked.push(i)
        // The next item exists only once the consumer has seen the result of the one before.
        yield i === 0 ? 0 : await new Promise<number>((resolve) => (answer = resolve))
      }
    }
    const results: number[] = []
    for await (const result of mapConcurrently(dialogue(), async (item) => item, 8)) {
      results.push(result)
      await tick()
      answer?.(result + 1)
    }
    expect(results).toEqual([0, 1, 2])
    expect(asked).toEqual([0, 1, 2])
  })

  it('ends with the error of the work, after the results before it, and closes the source', async () => {
    const { seen, items } = source(50)
    const results: number[] = []
    let finished = 0
    const stream = mapConcurrently(
      items,
      async (item) => {
        await ticks(item === 3 ? 0 : 4)
        finished++
        if (item === 3) throw new RangeError('three')
        return item
      },
      5,
    )
    const run = async (): Promise<void> => {
      for await (const result of stream) results.push(result)
    }
    await expect(run()).rejects.toThrow(RangeError)
    expect(results).toEqual([0, 1, 2])
    expect(seen.closed).toBe(1)
    // Nothing is left running behind the caller's back.
    expect(finished).toBe(seen.pulled)
  })

  it('ends with the error of the source, after the results before it', async () => {
    async function* broken(): AsyncGenerator<number> {
      yield 1
      yield 2
      throw new RangeError('source')
    }
    const slow = async (item: number): Promise<number> => {
      await ticks(3)
      return item
    }
    const results: number[] = []
    const run = async (): Promise<void> => {
      for await (const result of mapConcurrently(broken(), slow)) results.push(result)
    }
    await expect(run()).rejects.toThrow(RangeError)
    expect(results).toEqual([1, 2])
  })

  it('closes the source when the consumer stops early, and awaits the work under way', async () => {
    const { seen, items } = source(1000)
    let running = 0
    const work = async (item: number): Promise<number> => {
      running++
      await ticks(3)
      running--
      return item
    }
    for await (const result of mapConcurrently(items, work, 6)) if (result === 2) break
    expect({ ...seen, running }).toEqual({ pulled: seen.pulled, closed: 1, running: 0 })
    expect(seen.pulled).toBeLessThanOrEqual(9)
  })

  it('stops early even if the source never gives another item', async () => {
    async function* stuck(): AsyncGenerator<number> {
      yield 1
      await new Promise(() => undefined)
    }
    for await (const result of mapConcurrently(stuck(), async (item) => item)) {
      expect(result).toBe(1)
      break
    }
  })

  it('yields nothing for an empty source', async () => {
    expect(await collect(mapConcurrently([], async () => 1))).toEqual([])
  })

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses a concurrency of %s', async (concurrency) => {
    await expect(collect(mapConcurrently([1], async (item) => item, concurrency))).rejects.toThrow(TypeError)
  })
})
