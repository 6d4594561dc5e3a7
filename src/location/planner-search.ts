// Discs to the longest delays at which a predicate is still proved, by halving an interval of whole nanoseconds.
import { intersectDiscs } from './geometry/intersection.js'
import { discRadiusMeters, type SignalSpeed, signalSpeed } from './geometry/radius.js'
import type { Disc, Region } from './geometry/region.js'
import { angle, earthRadiusMeters, type Vector3 } from './geometry/vector.js'
import type { SeaRule, TerritorySet } from './territory.js'

/** What is to be proved: in one of `codes`, or in none of them. See `TerritorySet`. */
export type PlannedPredicate =
  | { readonly kind: 'inside'; readonly codes: readonly string[]; readonly sea: SeaRule }
  | { readonly kind: 'outside'; readonly codes: readonly string[] }

/** The question a plan answers, the same for every landmark and site. */
export interface Question {
  readonly territories: TerritorySet
  readonly predicate: PlannedPredicate
  readonly speed: SignalSpeed
  readonly faultTolerance: number
}

/** A landmark as geometry. */
export interface Post {
  readonly position: Vector3
  readonly operator: string
  readonly positionUncertaintyMeters: number
  readonly clockErrorPpm: number
}

/** A landmark with the shortest round trip that is physically possible to the site under discussion. */
export interface ReachingPost {
  readonly post: Post
  readonly minRttNs: number
}

/**
 * WGS 84 distances are at most this much longer than those on the sphere: no radius of curvature exceeds
 * a² / b = 6399593.6 m, and 6399593.6 / 6371008.8 = 1.00449.
 */
const ellipsoidExcess = 1.0045

/** Longer than any signal takes half way round the globe and back at the fibre bound: discs that rule nothing out. */
const longestOverheadNs = 210_000_000

/** Answers are given to 100 ns (15 m) or 1/128, whichever is more; a finer answer would promise more than any clock keeps. */
const resolutionNs = 100
const resolutionShare = 1 / 128

/** Round trip of a signal that takes the shortest way at exactly the speed assumed, rounded up. */
export function shortestRttNs(from: Vector3, to: Vector3, speed: SignalSpeed): number {
  const meters = angle(from, to) * earthRadiusMeters * ellipsoidExcess
  return Math.max(1, Math.ceil((2e9 * meters) / signalSpeed(speed)))
}

/** The region when each post shows its shortest round trip and `overheadNs` on top. */
export function regionAtOverhead(
  question: Question,
  reaching: readonly ReachingPost[],
  overheadNs: number,
  faultTolerance: number,
): Region {
  const { speed } = question
  const discs = reaching.map(({ post, minRttNs }) => discOf(post, minRttNs + overheadNs, speed))
  return intersectDiscs({ discs, faultTolerance })
}

function discOf(post: Post, rttNs: number, speed: SignalSpeed): Disc {
  const { positionUncertaintyMeters, clockErrorPpm } = post
  const radiusMeters = discRadiusMeters({ rttNs, positionUncertaintyMeters, clockErrorPpm, speed })
  return { center: post.position, radiusMeters, group: post.operator }
}

export function proves({ territories, predicate }: Question, region: Region): boolean {
  const answer =
    predicate.kind === 'inside'
      ? territories.inside(region, predicate.codes, predicate.sea)
      : territories.outside(region, predicate.codes)
  return answer === 'proved'
}

/**
 * The longest overhead, common to all posts, at which the predicate is still proved; undefined if it is not even at
 * `fromNs`. The figure returned has itself been tried, so it is never too long; a longer overhead only enlarges the region.
 */
export function longestOverhead(
  question: Question,
  reaching: readonly ReachingPost[],
  fromNs: number,
): number | undefined {
  const { faultTolerance } = question
  return longestProved(fromNs, (overheadNs) =>
    proves(question, regionAtOverhead(question, reaching, overheadNs, faultTolerance)),
  )
}

/**
 * The longest round trip to this post that proves the predicate whatever any other landmark shows; undefined if it is
 * shorter than `fromNs`.
 */
export function longestRttAlone(question: Question, post: Post, fromNs: number): number | undefined {
  return longestProved(fromNs, (rttNs) =>
    proves(question, intersectDiscs({ discs: [discOf(post, rttNs, question.speed)], faultTolerance: 0 })),
  )
}

function longestProved(fromNs: number, proved: (ns: number) => boolean): number | undefined {
  if (!proved(fromNs)) return undefined
  let low = fromNs
  let high = Math.max(longestOverheadNs, fromNs + 1)
  while (high - low > Math.max(resolutionNs, low * resolutionShare)) {
    // The interval spans six powers of ten, so halve its logarithm while it is wide.
    const middle = high > 64 * (low + resolutionNs) ? Math.sqrt((low + resolutionNs) * high) : (low + high) / 2
    const whole = Math.floor(middle)
    if (proved(whole)) low = whole
    else high = whole
  }
  return low
}
