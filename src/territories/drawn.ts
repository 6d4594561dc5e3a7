// Polygons the caller drew to a territory map of one code.
import type { BoundaryLine } from '../location/territory-line.js'
import type { TerritoryMap } from '../location/territory-map.js'
import { parseError } from '../result/error.js'

/** Larger values are mistakes of unit: a quarter of the globe. */
const maxMeters = 1e7

/** Codes of the caller's own cannot be taken for an ISO 3166-1 code, which is two capitals. */
const codePattern = /^[a-z0-9][a-z0-9-]{2,63}$/

/** One area for each of `polygons`, whose lines bound it by the even-odd rule: where two overlap, a point is in both. */
export function drawnTerritory(
  code: string,
  polygons: readonly (readonly BoundaryLine[])[],
  errorMeters: number,
): TerritoryMap {
  if (typeof code !== 'string' || !codePattern.test(code))
    throw parseError('location/territory-code', 'code', { code: String(code).slice(0, 64) })
  const lines: BoundaryLine[] = []
  const areas = polygons.map((polygon) => {
    const first = lines.length
    lines.push(...polygon)
    return { codes: [code], kind: 'land' as const, lines: polygon.map((_, index) => first + index) }
  })
  return Object.freeze({ name: code, errorMeters, lines, areas, withoutLand: [], dividesLand: false })
}

export function requireQuantity(value: number, at: string): void {
  if (typeof value !== 'number' || !(value >= 0 && value <= maxMeters))
    throw parseError('location/quantity', at, { value, maximum: maxMeters })
}
