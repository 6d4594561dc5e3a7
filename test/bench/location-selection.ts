// Which landmarks to measure with: at random, in two phases, or a few at a time towards the region found so far.
import type { Region } from '../../src/location/geometry/region.js'
import { dot, type Vector3 } from '../../src/location/geometry/vector.js'

export type Selection = 'random' | 'two-phase' | 'stepwise' | 'nearest' | 'all'

export interface Landmarks {
  readonly positions: readonly Vector3[]
  readonly pool: readonly number[]
  readonly rttNs: (landmark: number) => number
  /** Known round trip between two landmarks. */
  readonly meshNs: (from: number, to: number) => number | undefined
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
      return towardsRegion(n, Math.ceil(n / 3), 1, from, random)
    case 'stepwise':
      return towardsBest(n, Math.min(5, n), 8, from, random)
    default:
      selection satisfies never
      throw new TypeError('selection')
  }
}

/** Some landmarks far apart, then in each step those nearest to the middle of the region found so far. */
function towardsRegion(
  n: number,
  first: number,
  steps: number,
  from: Landmarks,
  random: () => number,
): readonly number[] {
  const chosen = farApart(from, first, random)
  for (let step = 0; step < steps; step++) {
    const middle = middleOf(from, chosen)
    const rest = from.pool.filter((landmark) => !chosen.includes(landmark))
    rest.sort((a, b) => closeness(from, b, middle) - closeness(from, a, middle))
    chosen.push(...rest.slice(0, Math.ceil((n - chosen.length) / (steps - step))))
  }
  return chosen
}

/** Typical share of the speed of light that a round trip makes of the great circle, and the distance at which that breaks down. */
const typicalMetersPerNs = 0.4 * 0.299792458
const nearMeters = 100_000

/** As above, but towards the place whose distances to the landmarks fit the round trips best at typical speeds: a guess, good for choosing. */
function towardsBest(
  n: number,
  first: number,
  steps: number,
  from: Landmarks,
  random: () => number,
): readonly number[] {
  const chosen = farApart(from, first, random)
  for (let step = 0; step < steps; step++) {
    const rest = from.pool.filter((landmark) => !chosen.includes(landmark))
    const mode = process.env['MODE'] ?? 'near'
    const g = mode.includes('fit') ? bestFitMesh(from, chosen) : bestFit(from, chosen)
    const gp = from.positions[g] ?? [0, 0, 1]
    const lowest = [...chosen].sort((a, b) => from.rttNs(a) - from.rttNs(b))[0] ?? 0
    const key = (c: number): number => {
      const geo = (Math.acos(Math.min(1, closeness(from, c, gp))) * 6371008.8 * 2) / typicalMetersPerNs
      const mesh = c === g ? 0 : (from.meshNs(c, g) ?? geo)
      const low = c === lowest ? 0 : (from.meshNs(c, lowest) ?? geo)
      return mode.includes('low') ? Math.min(low, mesh) : mode.includes('rank') ? mesh : mode.includes('mix') ? mesh + geo : geo
    }
    rest.sort((a, b) => key(a) - key(b))
    chosen.push(...rest.slice(0, Math.ceil((n - chosen.length) / (steps - step))))
  }
  return chosen
}

function bestFitMesh(from: Landmarks, chosen: readonly number[]): number {
  let best = 0
  let least = Number.POSITIVE_INFINITY
  const eps = Number(process.env['EPS'] ?? 2) * 1e6
  for (const candidate of from.pool) {
    let misfit = 0
    for (const landmark of chosen) {
      const meters = Math.acos(Math.min(1, closeness(from, landmark, from.positions[candidate] ?? [0, 0, 1]))) * 6371008.8
      const known = candidate === landmark ? 0 : (from.meshNs(landmark, candidate) ?? (2 * meters) / typicalMetersPerNs)
      const t = from.rttNs(landmark)
      misfit += Math.log((t + eps) / (known + eps)) ** 2 / (t + eps)
    }
    if (misfit < least) {
      least = misfit
      best = candidate
    }
  }
  return best
}

function bestFit(from: Landmarks, chosen: readonly number[]): number {
  let best = 0
  let least = Number.POSITIVE_INFINITY
  for (const candidate of from.pool) {
    let misfit = 0
    for (const landmark of chosen) {
      const meters =
        Math.acos(Math.min(1, closeness(from, landmark, from.positions[candidate] ?? [0, 0, 1]))) * 6371008.8
      const typical = (from.rttNs(landmark) / 2) * typicalMetersPerNs
      misfit += Math.log((meters + nearMeters) / (typical + nearMeters)) ** 2 / (typical + nearMeters)
    }
    if (misfit < least) {
      least = misfit
      best = candidate
    }
  }
  return best
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
