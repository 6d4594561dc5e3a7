// Who may be wrong together: by operator, and by network with everything its operators run.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { faultClasses } from '../../src/location/fault-class.js'

type Entry = readonly [operator: string, autonomousSystem: number | undefined]

const classesOf = (entries: readonly Entry[], by: 'operator' | 'autonomous-system' = 'autonomous-system') =>
  faultClasses(
    entries.map(([operator, autonomousSystem]) => ({ operator, autonomousSystem })),
    by,
  )

/** Which entries share a class, as lists of places. */
function groups(entries: readonly Entry[]): readonly (readonly number[])[] {
  const found = new Map<string, number[]>()
  for (const [index, name] of classesOf(entries).entries())
    if (name !== undefined) found.set(name, [...(found.get(name) ?? []), index])
  return [...found.values()]
}

describe('faultClasses', () => {
  it('counts operators whatever their networks, unless asked otherwise', () => {
    const entries: readonly Entry[] = [
      ['a', 64500],
      ['b', 64500],
      ['a', undefined],
    ]
    expect(classesOf(entries, 'operator')).toEqual(['a', 'b', 'a'])
  })

  it('joins operators of one network, and networks of one operator', () => {
    const joined: readonly Entry[] = [
      ['a', 64500],
      ['b', 64500],
      ['b', 64501],
      ['c', 64501],
      ['d', 64502],
    ]
    expect(groups(joined)).toEqual([[0, 1, 2, 3], [4]])
  })

  it('does not take an operator named like a network for that network', () => {
    expect(
      groups([
        ['AS64501', 64500],
        ['operator AS64500', 64501],
      ]),
    ).toEqual([[0], [1]])
  })

  it('gives a landmark without a network no class', () => {
    expect(
      classesOf([
        ['a', undefined],
        ['a', 64500],
      ])[0],
    ).toBeUndefined()
  })

  it('agrees with a search for everything reachable over shared names', () => {
    const entry = fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), fc.integer({ min: 1, max: 6 }))
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 12 }), (entries) => {
        const names = classesOf(entries)
        for (const start of entries.keys()) {
          const reached = new Set([start])
          for (const from of reached)
            for (const [to, [operator, network]] of entries.entries())
              if (entries[from]?.[0] === operator || entries[from]?.[1] === network) reached.add(to)
          for (const to of entries.keys()) expect(names[to] === names[start]).toBe(reached.has(to))
        }
      }),
      { numRuns: 200, seed: 21 },
    )
  })

  it('walks a chain of 4096 landmarks quickly', () => {
    const chain = Array.from({ length: 4096 }, (_, index): Entry => [`operator ${index >> 1}`, (index + 1) >> 1])
    expect(groups(chain)).toHaveLength(1)
    expect(groups([...chain].reverse())).toHaveLength(1)
  })
})
