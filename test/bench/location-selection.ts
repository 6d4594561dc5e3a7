// Which landmarks to measure with: at random, in two phases, or as the library's selection says.
import type { LandmarkSelector } from '../../src/location/geometry/landmark-selection.js'
import type { Region } from '../../src/location/geometry/region.js'
import { dot, type Vector3 } from '../../src/location/geometry/vector.js'

export type Selection = 'random' | 'two-phase' | 'selected' | 'nearest' | 'all'

export interface Landmarks {
  readonly positions: readonly Vector3[]
  readonly pool: readonly number[]
  readonly rttNs: (landmark: number) => number
  readonly selector: LandmarkSelector
  /** The region the landmarks measured so far leave. */
  readonly region: (chosen: readonly number[]) => Region
}

export function selectLandmarks(
  selection: Selection,
  n: number,
  from: Landmarks,
  random: () => number,
): readonly number[] {
  switch (selection) {
    case 'all':
      return from.pool
    case 'nearest':
      return [...from.pool].sort((a, b) => from.rttNs(a) - from.rttNs(b)).slice(0, n)
    case 'random':
      return shuffled(from.pool, random).slice(0, n)
    case 'two-phase':
      return twoPhase(n, from, random)
    case 'selected':
      return selected(n, from)
    default:
      selection satisfies never
      throw new TypeError('selection')
  }
}

/** A third of the landmarks far apart, then those nearest to the middle of the region these leave. */
function twoPhase(n: number, from: Landmarks, random: () => number): readonly number[] {
  const chosen = farApart(from, Math.ceil(n / 3), random)
  const middle = middleOf(from, chosen)
  const rest = from.pool.filter((landmark) => !chosen.includes(landmark))
  rest.sort((a, b) => closeness(from, b, middle) - closeness(from, a, middle))
  return [...chosen, ...rest.slice(0, n - chosen.length)]
}

/** What the library's selection would ask: five far apart, then a few at a time. */
function selected(n: number, from: Landmarks): readonly number[] {
  const steps = 8
  const measured: { readonly landmark: number; readonly rttNs: number }[] = []
  const ask = (count: number): void => {
    const next = from.selector.next({ candidates: from.pool, measured, count })
    measured.push(...next.map((landmark) => ({ landmark, rttNs: from.rttNs(landmark) })))
  }
  ask(Math.min(5, n))
  for (let step = 0; step < steps; step++) ask(Math.ceil((n - measured.length) / (steps - step)))
  return measured.map(({ landmark }) => landmark)
}

function middleOf(from: Landmarks, chosen: readonly number[]): Vector3 {
  const region = from.region(chosen)
  if (region.kind === 'bounded') return region.enclosingCap.center
  const nearest = [...chosen].sort((a, b) => from.rttNs(a) - from.rttNs(b))[0]
  return from.positions[nearest ?? 0] ?? [0, 0, 1]
}

function closeness(from: Landmarks, landmark: number, to: Vector3): number {
  const position = from.positions[landmark]
  return position === undefined ? -2 : dot(position, to)
}

function farApart(from: Landmarks, count: number, random: () => number): number[] {
  const chosen = shuffled(from.pool, random).slice(0, 1)
  while (chosen.length < Math.min(count, from.pool.length)) {
    let best: number | undefined
    let least = 2
    for (const landmark of from.pool) {
      const nearest = Math.max(...chosen.map((other) => closeness(from, landmark, from.positions[other] ?? [0, 0, 1])))
      if (nearest < least && !chosen.includes(landmark)) {
        least = nearest
        best = landmark
      }
    }
    if (best === undefined) break
    chosen.push(best)
  }
  return chosen
}

export function shuffled(items: readonly number[], random: () => number): readonly number[] {
  return items
    .map((item) => ({ item, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item)
}

/** A small generator (mulberry32): the same landmarks on every machine. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
