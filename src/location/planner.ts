// Landmarks and a predicate to a plan: what could be proved at best, at which delays, and where a landmark is missing.
import { parseError } from '../result/error.js'
import { maxDiscs } from './geometry/discs.js'
import { maxUncertaintyMeters, requireQuantity, type SignalSpeed } from './geometry/radius.js'
import { angle, earthRadiusMeters, fromDegrees } from './geometry/vector.js'
import {
  defaultCandidates,
  type LoneProof,
  loneProof,
  type PlannedCandidate,
  rankCandidates,
  type SiteReach,
} from './planner-candidates.js'
import {
  longestOverhead,
  type PlannedPredicate,
  type Post,
  proves,
  type Question,
  type ReachingPost,
  regionAtOverhead,
  shortestRttNs,
} from './planner-search.js'
import { type Place, placesInside } from './planner-sites.js'
import type { TerritorySet } from './territory.js'
import type { TerritoryMapInfo } from './territory-map.js'

/** A landmark that exists or might. */
export interface PlannedLandmark extends Place {
  readonly name: string
  /** Faults are counted per operator. */
  readonly operator: string
  readonly positionUncertaintyMeters: number
  readonly clockErrorPpm: number
}

/** What to plan for. Other demands of a policy, such as `minOperators`, are not part of it. */
export interface LandmarkPlanInput {
  readonly territories: TerritorySet
  readonly predicate: PlannedPredicate
  /** At most 511. */
  readonly landmarks: readonly PlannedLandmark[]
  readonly speed: SignalSpeed
  /** Operators that may misreport; one at least is the sensible choice. */
  readonly faultTolerance: number
  /**
   * Where the device may stand, at most 16 places. Without any, `inside` is planned for places spread over the territory,
   * and `outside` for none: then only what each landmark can prove alone is worked out.
   */
  readonly sites?: readonly Place[]
  /** Places to try one more landmark at, at most 64. Without any: rings around a single site, else the sites themselves. */
  readonly candidates?: readonly Place[]
  /** Of the landmark tried; default 100 m and 100 ppm. */
  readonly candidateUncertaintyMeters?: number
  readonly candidateClockErrorPpm?: number
}

/** One landmark at one site. */
export interface LandmarkAtSite {
  readonly distanceMeters: number
  /** A round trip shorter than this needs a signal faster than assumed. */
  readonly minRttNs: number
  /** `minRttNs` and the common overhead: the predicate is proved if no landmark shows more. Absent if it cannot be proved. */
  readonly maxRttNs?: number
  /** True if this landmark's disc shapes the region at that delay; without it the allowed delay would be shorter. */
  readonly shapesRegion: boolean
}

/** What the landmarks can do for a device at one place; delays in nanoseconds. */
export interface PlannedSite extends Place {
  /**
   * Delays exist, none shorter than the geodesic at the assumed speed, at which the predicate is proved for a device here.
   * Real paths are longer: compare `maxOverheadNs` with what your network adds.
   */
  readonly reachable: boolean
  /** The most every landmark may add to its shortest round trip, all at once. Absent if not reachable. */
  readonly maxOverheadNs?: number
  /** The most faults with which the predicate is reachable here, up to 8. Absent if not reachable without faults. */
  readonly maxFaultTolerance?: number
  /** Operators with a landmark near enough to prove the predicate alone; more than `faultTolerance` of them suffice. */
  readonly operatorsProvingAlone: number
  /** With every round trip at its shortest: what no choice of delays can rule out. */
  readonly atBest: {
    readonly possible: readonly string[]
    readonly sea: 'excluded' | 'possible'
    readonly areaSquareMeters: number
  }
  /** In the order of the input. */
  readonly landmarks: readonly LandmarkAtSite[]
}

/** What the landmarks could prove at best. A plan proves nothing. */
export interface LandmarkPlan {
  readonly predicate: PlannedPredicate
  readonly speed: SignalSpeed
  readonly faultTolerance: number
  readonly maps: readonly TerritoryMapInfo[]
  /** With `needed - 1` operators or fewer nothing is ever proved: all of them might be the faulty ones. */
  readonly operators: { readonly present: number; readonly needed: number }
  /** In the order of the input. */
  readonly landmarks: readonly {
    readonly name: string
    readonly operator: string
    /**
     * The longest round trip that proves the predicate whatever other landmarks show and wherever the device stands, with
     * no fault tolerated; with f faults it takes such a round trip from f + 1 operators. Absent if a device at the sites
     * (anywhere, if there are none) cannot answer so fast.
     */
    readonly alone?: LoneProof
  }[]
  /** `given` by the caller, or `spread` over the territory as a sample: a place between them may fare worse. */
  readonly siteChoice: 'given' | 'spread'
  readonly sites: readonly PlannedSite[]
  readonly reachableSites: number
  /** Where one more landmark, of one more operator, helps: best first. */
  readonly candidates: readonly PlannedCandidate[]
}

const maxSites = 16
const maxCandidates = 64
const spreadSites = 8
const highestFaultTolerance = 8

/**
 * Plans where to measure from. All delays are round trips as the landmark would report them, in nanoseconds, with no
 * endorsed processing time to subtract; the geometry is the verifier's own, so what is planned is what it would decide.
 *
 * A plan proves nothing about any device. Does NOT know routes, load or the path's length: only what delay is too long.
 * @throws AttestationError `location/coordinate`, `location/quantity`, `location/too-many-discs`,
 *   `location/unknown-territory`, `location/no-territory`
 */
export function planLandmarks(input: LandmarkPlanInput): LandmarkPlan {
  const { territories, predicate, landmarks, speed, faultTolerance } = input
  const question: Question = { territories, predicate, speed, faultTolerance }
  const posts = readPosts(landmarks)
  const present = new Set(landmarks.map((landmark) => landmark.operator)).size
  const places = readPlaces(input.sites, 'sites', maxSites) ?? spread(question)
  const alone = posts.map((post) => loneProof(question, post, places))
  const reaches = places.map((place) => reachSite(question, place, posts))
  const tried = readPlaces(input.candidates, 'candidates', maxCandidates) ?? defaultCandidates(places)
  const candidates = tried.map((place, index) => ({ place, post: candidatePost(input, place, index) }))
  const sites = reaches.map((reach) => describeSite(question, reach, alone, present))
  return {
    predicate,
    speed,
    faultTolerance,
    maps: territories.maps,
    operators: { present, needed: faultTolerance + 1 },
    landmarks: landmarks.map(({ name, operator }, index) => {
      const proof = alone[index]
      return { name, operator, ...(proof === undefined ? {} : { alone: proof }) }
    }),
    siteChoice: input.sites === undefined ? 'spread' : 'given',
    sites,
    reachableSites: sites.filter((site) => site.reachable).length,
    candidates: rankCandidates(question, reaches, candidates),
  }
}

function spread({ territories, predicate }: Question): readonly Place[] {
  return predicate.kind === 'inside' ? placesInside(territories, predicate.codes, spreadSites) : []
}

function readPosts(landmarks: readonly PlannedLandmark[]): readonly Post[] {
  // One disc less than the geometry takes, as a candidate adds its own.
  if (landmarks.length >= maxDiscs)
    throw parseError('location/too-many-discs', 'landmarks', { limit: maxDiscs - 1, actual: landmarks.length })
  return landmarks.map((landmark, index) => readPost(landmark, `operator ${landmark.operator}`, `landmarks[${index}]`))
}

function readPost(landmark: Omit<PlannedLandmark, 'name'>, operator: string, at: string): Post {
  const { latitudeDeg, longitudeDeg, positionUncertaintyMeters, clockErrorPpm } = landmark
  requireQuantity(positionUncertaintyMeters, maxUncertaintyMeters, `${at}.positionUncertaintyMeters`)
  requireQuantity(clockErrorPpm, 10_000, `${at}.clockErrorPpm`)
  const position = fromDegrees(latitudeDeg, longitudeDeg, at)
  return { position, operator, positionUncertaintyMeters, clockErrorPpm }
}

function readPlaces(places: readonly Place[] | undefined, at: string, maximum: number): readonly Place[] | undefined {
  if (places === undefined) return undefined
  if (places.length > maximum) throw parseError('location/quantity', `${at}.length`, { value: places.length, maximum })
  for (const [index, place] of places.entries()) fromDegrees(place.latitudeDeg, place.longitudeDeg, `${at}[${index}]`)
  return places
}

function candidatePost(input: LandmarkPlanInput, place: Place, index: number): Post {
  const positionUncertaintyMeters = input.candidateUncertaintyMeters ?? 100
  const clockErrorPpm = input.candidateClockErrorPpm ?? 100
  // No landmark's group begins like this, so the candidate is an operator of its own whatever the others are called.
  return readPost(
    { ...place, operator: '', positionUncertaintyMeters, clockErrorPpm },
    'candidate',
    `candidates[${index}]`,
  )
}

interface FullReach extends SiteReach {
  readonly reaching: readonly ReachingPost[]
}

function reachSite(question: Question, place: Place, posts: readonly Post[]): FullReach {
  const position = fromDegrees(place.latitudeDeg, place.longitudeDeg)
  const reaching = posts.map((post) => ({ post, minRttNs: shortestRttNs(post.position, position, question.speed) }))
  return { place, reaching, maxOverheadNs: longestOverhead(question, reaching, 0) }
}

function describeSite(
  question: Question,
  { place, reaching, maxOverheadNs }: FullReach,
  alone: readonly (LoneProof | undefined)[],
  operators: number,
): PlannedSite {
  const { territories, faultTolerance } = question
  const best = regionAtOverhead(question, reaching, 0, faultTolerance)
  const last = maxOverheadNs === undefined ? best : regionAtOverhead(question, reaching, maxOverheadNs, faultTolerance)
  const shaping = new Set(last.arcs.map((arc) => last.caps[arc.cap]?.disc))
  const maxFaultTolerance = mostFaults(question, reaching, operators)
  const position = fromDegrees(place.latitudeDeg, place.longitudeDeg)
  const near = reaching.filter(({ minRttNs }, index) => (alone[index]?.maxRttNs ?? 0) >= minRttNs)
  return {
    latitudeDeg: place.latitudeDeg,
    longitudeDeg: place.longitudeDeg,
    reachable: maxOverheadNs !== undefined,
    ...(maxOverheadNs === undefined ? {} : { maxOverheadNs }),
    ...(maxFaultTolerance === undefined ? {} : { maxFaultTolerance }),
    operatorsProvingAlone: new Set(near.map(({ post }) => post.operator)).size,
    atBest: {
      possible: territories.possible(best),
      sea: territories.sea(best),
      areaSquareMeters: best.areaSquareMeters,
    },
    landmarks: reaching.map(({ post, minRttNs }, index) => ({
      distanceMeters: angle(post.position, position) * earthRadiusMeters,
      minRttNs,
      ...(maxOverheadNs === undefined ? {} : { maxRttNs: minRttNs + maxOverheadNs }),
      shapesRegion: shaping.has(index),
    })),
  }
}

function mostFaults(question: Question, reaching: readonly ReachingPost[], operators: number): number | undefined {
  const reachable = (faults: number): boolean => proves(question, regionAtOverhead(question, reaching, 0, faults))
  let low = -1
  let high = Math.min(operators, highestFaultTolerance + 1)
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (reachable(middle)) low = middle
    else high = middle
  }
  return low < 0 ? undefined : low
}
