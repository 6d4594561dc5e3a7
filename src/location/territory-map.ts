// A territory map: named areas over shared boundary lines, with the bound on its error that makes answers sound.
import { type Cap, capContains } from './geometry/cap.js'
import { negate } from './geometry/vector.js'
import { insideLines } from './territory-interior.js'
import { type BoundaryLine, enclosingCapOf } from './territory-line.js'

/** A piece of the Earth and every territory it may belong to. */
export interface TerritoryArea {
  /** ISO 3166-1 alpha-2 codes, or the code of a territory of the caller's. Several if claimed or contained by several. */
  readonly codes: readonly string[]
  /**
   * `land`: part of the map's division of the land. `claim`: laid over it, where the division alone would leave out a
   * claimant or an island.
   */
  readonly kind: 'land' | 'claim'
  /** Name of a disputed or overlaid area. */
  readonly name?: string
  /** Indexes of the lines that bound it, by the even-odd rule. */
  readonly lines: readonly number[]
}

/** What identifies a map; belongs in every verdict made with it. */
export interface TerritoryMapInfo {
  /** Name and version of map and source. */
  readonly name: string
  /** SHA-256 of the data in hex; absent for areas the caller drew. */
  readonly sha256?: string
  /**
   * Every true boundary point lies within this distance of the map's lines, and no point farther than this from the
   * lines is on another side than the map says.
   */
  readonly errorMeters: number
}

/** A map: lines, and the areas they enclose. */
export interface TerritoryMap extends TerritoryMapInfo {
  readonly lines: readonly BoundaryLine[]
  readonly areas: readonly TerritoryArea[]
  /** Codes the map knows of but has no land for: never proved inside, never proved outside. */
  readonly withoutLand: readonly string[]
  /** True if the `land` areas divide the land among them: a point in none is at sea. False for areas the caller drew. */
  readonly dividesLand: boolean
}

/** The lines of `areas` that are not shared by two of them: the boundary of their union. */
export function outerLines(areas: Iterable<TerritoryArea>): ReadonlySet<number> {
  const odd = new Set<number>()
  for (const area of areas) for (const line of area.lines) if (!odd.delete(line)) odd.add(line)
  return odd
}

/**
 * A cap around the whole area, or the globe. The cap is around its lines; the rest of the globe is in one piece, so it is
 * outside the area if one of its points is: the north pole, by definition, or else the antipode of the cap's centre.
 */
export function areaCap(area: TerritoryArea, lines: readonly BoundaryLine[]): Cap {
  const own = area.lines.flatMap((index) => lines[index] ?? [])
  const cap = enclosingCapOf(own.map((line) => line.cap))
  if (!capContains(cap, [0, 0, 1]) || !insideLines(own, negate(cap.center))) return cap
  return { center: cap.center, radiusRad: Math.PI }
}
