// Names for the areas of a picture: an area's own, or every claimant's where states disagree.
import type { TerritoryArea, TerritoryMap } from '../territory-map.js'

export interface AreaName {
  readonly name: string
  /** For where the name does not fit. */
  readonly short: string
}

/**
 * Names each area by its own code. Dependent areas carry the state's code, too: the code that fewer areas have is their
 * own. Unless that code has land to itself elsewhere: then states disagree, and the picture must not take sides.
 */
export function areaNames(
  maps: readonly TerritoryMap[],
  names: ReadonlyMap<string, string> | undefined,
): (area: TerritoryArea) => AreaName | undefined {
  const areas = maps.flatMap((map) => map.areas)
  const count = new Map<string, number>()
  for (const code of areas.flatMap(({ codes }) => codes)) count.set(code, (count.get(code) ?? 0) + 1)
  const undisputed = new Set(areas.flatMap(({ kind, codes }) => (kind === 'land' && codes.length === 1 ? codes : [])))
  return ({ kind, codes, name }) => {
    const claimants = codes.join('/')
    if (kind === 'claim') return { name: name === undefined ? claimants : `${name} (${claimants})`, short: claimants }
    const own = [...codes].sort((a, b) => (count.get(a) ?? 0) - (count.get(b) ?? 0))[0]
    if (own === undefined) return undefined
    if (codes.length > 1 && undisputed.has(own)) return { name: claimants, short: claimants }
    return { name: names?.get(own) ?? own, short: own }
  }
}
