// One more landmark, somewhere: what it would add at each site.
import { pointOnCircle } from './geometry/cap.js'
import { discRadiusMeters } from './geometry/radius.js'
import { earthRadiusMeters, fromDegrees, toDegrees } from './geometry/vector.js'
import {
  longestOverhead,
  longestRttAlone,
  type Post,
  type Question,
  type ReachingPost,
  shortestRttNs,
} from './planner-search.js'
import type { Place } from './planner-sites.js'

/** The delay a landmark may show at most to prove the predicate whatever all others show, and the disc it then draws. */
export interface LoneProof {
  readonly maxRttNs: number
  readonly requiredRadiusMeters: number
}

/** A place for one more landmark, and what it would add. */
export interface PlannedCandidate extends Place {
  /** As for the landmarks there are: with f faults tolerated it takes f + 1 operators at such a place. */
  readonly alone?: LoneProof
  /** Sites at which the predicate can be proved once an operator of its own adds this landmark. */
  readonly reachableSites: number
  /**
   * Per site, in the order of the plan: at least this overhead is allowed once the landmark is added; undefined where the
   * predicate still cannot be proved.
   */
  readonly maxOverheadNs: readonly (number | undefined)[]
}

/** A site with what the landmarks there are can do for it. */
export interface SiteReach {
  readonly place: Place
  readonly reaching: readonly ReachingPost[]
  readonly maxOverheadNs: number | undefined
}

/** Bounds the work per candidate. Leaving far landmarks out can only understate what a candidate adds. */
const nearestConsidered = 40

const ringRadiiMeters = [30_000, 100_000, 300_000] as const
const bearings = 8

/** Where a landmark is tried if the caller names no place: rings around a single site, else the sites themselves. */
export function defaultCandidates(sites: readonly Place[]): readonly Place[] {
  const [only] = sites
  if (only === undefined || sites.length > 1) return sites
  const center = fromDegrees(only.latitudeDeg, only.longitudeDeg)
  return ringRadiiMeters.flatMap((meters) =>
    Array.from({ length: bearings }, (_, i): Place => {
      const turnRad = (2 * Math.PI * i) / bearings
      return toDegrees(pointOnCircle({ center, radiusRad: meters / earthRadiusMeters }, [0, 0, 1], turnRad))
    }),
  )
}

/** Best first: by sites reached, then by the overhead allowed in total, then in the order given. */
export function rankCandidates(
  question: Question,
  sites: readonly SiteReach[],
  posts: readonly { readonly place: Place; readonly post: Post }[],
): readonly PlannedCandidate[] {
  const near = sites.map((site) => ({
    ...site,
    reaching: [...site.reaching].sort((a, b) => a.minRttNs - b.minRttNs).slice(0, nearestConsidered),
  }))
  const total = (candidate: PlannedCandidate): number =>
    candidate.maxOverheadNs.reduce<number>((sum, overheadNs) => sum + (overheadNs ?? 0), 0)
  return posts
    .map(({ place, post }) => assess(question, near, place, post))
    .sort((a, b) => b.reachableSites - a.reachableSites || total(b) - total(a))
}

function assess(question: Question, sites: readonly SiteReach[], place: Place, post: Post): PlannedCandidate {
  const maxOverheadNs = sites.map((site) => withOneMore(question, site, post))
  const alone = loneProof(
    question,
    post,
    sites.map((site) => site.place),
  )
  return {
    latitudeDeg: place.latitudeDeg,
    longitudeDeg: place.longitudeDeg,
    ...(alone === undefined ? {} : { alone }),
    reachableSites: maxOverheadNs.filter((overheadNs) => overheadNs !== undefined).length,
    maxOverheadNs,
  }
}

function withOneMore(question: Question, site: SiteReach, post: Post): number | undefined {
  const { latitudeDeg, longitudeDeg } = site.place
  const minRttNs = shortestRttNs(post.position, fromDegrees(latitudeDeg, longitudeDeg), question.speed)
  const more = longestOverhead(question, [...site.reaching, { post, minRttNs }], site.maxOverheadNs ?? 0)
  return more ?? site.maxOverheadNs
}

/** Undefined if no device at any of `places` (or anywhere, if there are none) could answer in time. */
export function loneProof(question: Question, post: Post, places: readonly Place[]): LoneProof | undefined {
  const shortest = places.map(({ latitudeDeg, longitudeDeg }) =>
    shortestRttNs(post.position, fromDegrees(latitudeDeg, longitudeDeg), question.speed),
  )
  const maxRttNs = longestRttAlone(question, post, shortest.length === 0 ? 1 : Math.min(...shortest))
  if (maxRttNs === undefined) return undefined
  const { positionUncertaintyMeters, clockErrorPpm } = post
  const { speed } = question
  const requiredRadiusMeters = discRadiusMeters({ rttNs: maxRttNs, positionUncertaintyMeters, clockErrorPpm, speed })
  return { maxRttNs, requiredRadiusMeters }
}
