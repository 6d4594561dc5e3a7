// Entry "./territories": the ISO 3166-1 territories as data, and territories of the caller's own.
import { type TerritorySet, territorySet } from '../location/territory.js'
import type { TerritoryMap } from '../location/territory-map.js'
import { parseError } from '../result/error.js'
import { data } from './data/natural-earth.js'
import { decodeMap } from './decode.js'
import { territoryNames } from './names.js'

export type { SeaRule, TerritoryAnswer, TerritorySet } from '../location/territory.js'
export type { TerritoryArea, TerritoryMap, TerritoryMapInfo } from '../location/territory-map.js'
export { capTerritory } from './cap.js'
export { customTerritory } from './geojson.js'
export { territoryNames } from './names.js'

/** The world map by itself, for drawing: see `renderRegionSvg`. Unpacked anew on each call. */
export function naturalEarthMap(): TerritoryMap {
  return decodeMap(data, territoryNames.keys())
}

/**
 * Unpacks the territories (some 30 ms; do it once and keep the set): the 249 officially assigned codes of ISO 3166-1
 * alpha-2, XK for Kosovo, and any territories of the caller's own.
 *
 * The map is Natural Earth 1:10m, simplified by at most 2 km and trusted to 5 km; every answer allows for both. It shows
 * land, not territorial waters. Dependent areas answer with their own code and the state's (GP and FR, HK and CN);
 * disputed ones with every claimant. Small islands missing from the source are added by hand, not exhaustively.
 * @throws AttestationError `location/duplicate-territory`
 */
export function loadTerritories(options: { readonly custom?: readonly TerritoryMap[] } = {}): TerritorySet {
  const custom = options.custom ?? []
  const seen = new Set<string>()
  for (const [index, { name }] of custom.entries()) {
    if (seen.has(name)) throw parseError('location/duplicate-territory', `custom[${index}]`, { code: name })
    seen.add(name)
  }
  return territorySet([naturalEarthMap(), ...custom])
}
