// A region against territories: where can the device be, and what does that prove?
import { parseError } from '../result/error.js'
import type { Cap } from './geometry/cap.js'
import type { Region } from './geometry/region.js'
import { dot, earthRadiusMeters } from './geometry/vector.js'
import { type BoundaryTest, boundaryTest, lineTouches } from './territory-boundary.js'
import { insideLines } from './territory-interior.js'
import { type BoundaryLine, linePoint } from './territory-line.js'
import { areaCap, outerLines, type TerritoryArea, type TerritoryMap, type TerritoryMapInfo } from './territory-map.js'

/** `undecided` is never evidence for either side: anyone can make a region larger by answering late. */
export type TerritoryAnswer = 'proved' | 'refuted' | 'undecided'

/**
 * How `inside` treats water. `counted`: the region must not reach beyond the land of the territories named (nor within
 * the map's error of their edge). `ignored`: the region may reach into the sea, on the stated assumption that the device
 * stands on land that the map shows.
 */
export type SeaRule = 'counted' | 'ignored'

/** Answers for one choice of maps. All answers are exact up to the maps' stated errors, and err towards `undecided`. */
export interface TerritorySet {
  /** Every code that may be asked about, sorted. */
  readonly codes: readonly string[]
  readonly maps: readonly TerritoryMapInfo[]
  /** Codes of every territory some point of the region may be in, sorted. An empty region rules out nothing. */
  possible(region: Region): readonly string[]
  /** The areas behind {@link possible}, disputed ones with name and claimants. */
  areas(region: Region): readonly TerritoryArea[]
  /** `excluded` if the whole region is proved to be on land shown by a map that divides the land. */
  sea(region: Region): 'excluded' | 'possible'
  /**
   * Is the device in one of `codes`? Disputed land counts only if every claimant is listed.
   * @throws AttestationError `location/unknown-territory`, `location/no-territory`
   */
  inside(region: Region, codes: readonly string[], sea: SeaRule): TerritoryAnswer
  /**
   * Is the device in none of `codes`? Disputed land counts as each claimant's.
   * @throws AttestationError `location/unknown-territory`, `location/no-territory`
   */
  outside(region: Region, codes: readonly string[]): TerritoryAnswer
}

/** WGS 84 distances differ from those on the sphere by up to 0.57 %. */
const ellipsoidFactor = 1.0057

interface IndexedMap extends TerritoryMap {
  readonly areaCaps: readonly Cap[]
  readonly errorRad: number
  /** Where the land of the map ends. */
  readonly coast: ReadonlySet<number>
}

/** One map's answers about one region. */
interface Finding {
  readonly map: IndexedMap
  readonly met: ReadonlySet<TerritoryArea>
  /** True if the whole region is within these closed lines, and farther than the map's error from each. */
  readonly within: (outer: ReadonlySet<number>) => boolean
}

/** Joins maps into one set. Codes of different maps must differ; the entry `./territories` sees to that. */
export function territorySet(maps: readonly TerritoryMap[]): TerritorySet {
  const indexed = maps.map(indexMap)
  const known = new Set(maps.flatMap((map) => [...map.withoutLand, ...map.areas.flatMap((area) => area.codes)]))
  const cache = new WeakMap<Region, readonly Finding[]>()
  const find = (region: Region): readonly Finding[] => {
    const cached = cache.get(region)
    if (cached !== undefined) return cached
    const near = boundaryTest(region)
    const findings = indexed.map((map) => findAreas(map, region, near))
    cache.set(region, findings)
    return findings
  }
  const met = (region: Region): readonly TerritoryArea[] => find(region).flatMap((finding) => [...finding.met])
  const withoutLand = maps.flatMap((map) => map.withoutLand)

  const set: TerritorySet = {
    codes: [...known].sort(),
    maps: maps.map(({ name, sha256, errorMeters }) => ({
      name,
      errorMeters,
      ...(sha256 === undefined ? {} : { sha256 }),
    })),
    areas: met,
    possible: (region) => [...new Set([...withoutLand, ...met(region).flatMap((area) => area.codes)])].sort(),
    sea: (region) =>
      region.kind === 'bounded' && find(region).some(({ map, within }) => map.dividesLand && within(map.coast))
        ? 'excluded'
        : 'possible',
    inside: (region, codes, sea) => {
      const wanted = requireCodes(known, codes)
      if (region.kind !== 'bounded') return 'undecided'
      if (isOutside(find(region), wanted, withoutLand)) return 'refuted'
      return isInside(find(region), wanted, sea) ? 'proved' : 'undecided'
    },
    outside: (region, codes) => {
      const wanted = requireCodes(known, codes)
      if (region.kind !== 'bounded') return 'undecided'
      if (isOutside(find(region), wanted, withoutLand)) return 'proved'
      return isInside(find(region), wanted, 'counted') ? 'refuted' : 'undecided'
    },
  }
  return Object.freeze(set)
}

function requireCodes(known: ReadonlySet<string>, codes: readonly string[]): ReadonlySet<string> {
  // Nothing is outside of nothing: an empty list would be a proof that says nothing.
  if (codes.length === 0) throw parseError('location/no-territory', 'codes', {})
  for (const [index, code] of codes.entries())
    if (!known.has(code)) throw parseError('location/unknown-territory', `codes[${index}]`, { code })
  return new Set(codes)
}

function indexMap(map: TerritoryMap): IndexedMap {
  return {
    ...map,
    areaCaps: map.areas.map((area) => areaCap(area, map.lines)),
    errorRad: (map.errorMeters * ellipsoidFactor) / earthRadiusMeters,
    coast: outerLines(map.areas.filter((area) => area.kind === 'land')),
  }
}

function isOutside(findings: readonly Finding[], wanted: ReadonlySet<string>, withoutLand: readonly string[]): boolean {
  if (withoutLand.some((code) => wanted.has(code))) return false
  return findings.every(({ met }) => ![...met].some((area) => area.codes.some((code) => wanted.has(code))))
}

function isInside(findings: readonly Finding[], wanted: ReadonlySet<string>, sea: SeaRule): boolean {
  const ours = (area: TerritoryArea): boolean => area.codes.every((code) => wanted.has(code))
  return findings.some(({ map, met, within }) => {
    // Areas the caller drew overlap with everything else, so only being within one of them counts.
    if (!map.dividesLand) return map.areas.some((area) => ours(area) && met.has(area) && within(outerLines([area])))
    if (met.size === 0 || map.withoutLand.some((code) => !wanted.has(code))) return false
    return (
      [...met].every(ours) &&
      (sea === 'ignored' || within(outerLines(map.areas.filter((area) => area.kind === 'land' && ours(area)))))
    )
  })
}

function findAreas(map: IndexedMap, region: Region, near: BoundaryTest): Finding {
  // An empty region means that somebody misreports: then nothing is known, and nothing may be ruled out.
  if (region.kind !== 'bounded') return { map, met: new Set(map.areas), within: () => false }
  const { errorRad, lines } = map
  const beyond = beyondRegion(region.enclosingCap, errorRad)
  const touching = new Map<number, boolean>()
  const touches = (index: number): boolean => {
    const seen = touching.get(index)
    if (seen !== undefined) return seen
    const line = lines[index]
    const found =
      line !== undefined && (lineTouches(near, line, errorRad) || region.contains(linePoint(line.points, 0)))
    touching.set(index, found)
    return found
  }
  const loops = region.arcs.filter((arc, index) => arc.loop !== region.arcs[index - 1]?.loop).map((arc) => arc.start)
  const linesOf = (indexes: Iterable<number>): readonly BoundaryLine[] =>
    [...indexes].flatMap((index) => lines[index] ?? [])

  // With no boundary line of the area within the error of the region, each piece of the region is either wholly in the
  // area or wholly out of it; its boundary loops tell which.
  const meets = (area: TerritoryArea, cap: Cap): boolean => {
    if (beyond(cap)) return false
    const { center, radiusRad } = cap
    if (!near(center[0], center[1], center[2], radiusRad + errorRad)) return region.contains(center)
    if (area.lines.some(touches)) return true
    const own = linesOf(area.lines)
    return loops.some((point) => insideLines(own, point))
  }
  const met = new Set(map.areas.filter((area, index) => meets(area, map.areaCaps[index] ?? region.enclosingCap)))
  const within = (outer: ReadonlySet<number>): boolean => {
    for (const index of outer) if (touches(index)) return false
    const own = linesOf(outer)
    return loops.every((point) => insideLines(own, point))
  }
  return { map, met, within }
}

/** True for caps farther than the error from all of the region: most of the world, most of the time. */
function beyondRegion(enclosing: Cap, errorRad: number): (cap: Cap) => boolean {
  // Above the rounding of acos near 0 and pi.
  const reach = enclosing.radiusRad + errorRad + 1e-7
  return (cap) =>
    reach + cap.radiusRad < Math.PI && Math.acos(Math.min(1, dot(cap.center, enclosing.center))) > reach + cap.radiusRad
}
