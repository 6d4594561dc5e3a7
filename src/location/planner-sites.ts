// Territories to places in them: cells of latitude and longitude, halved until enough of their centres are proved inside.
import { intersectDiscs } from './geometry/intersection.js'
import type { Region } from './geometry/region.js'
import { angle, earthRadiusMeters, fromDegrees } from './geometry/vector.js'
import type { TerritorySet } from './territory.js'

/** A point on the ellipsoid. */
export interface Place {
  /** WGS 84, decimal degrees. */
  readonly latitudeDeg: number
  readonly longitudeDeg: number
}

interface Cell {
  readonly southDeg: number
  readonly westDeg: number
  readonly sizeDeg: number
}

const coarsestDeg = 22.5

/** About 2 km of latitude, well below the error of the world map. */
const finestDeg = 0.02

/** Cells looked at, at most: a second of work for territories of any shape. */
const maxCells = 2000

/**
 * Up to `count` places that are proved to be inside one of `codes`, spread over all of it; the same ones every time.
 * None if the territory is too small for its map: everywhere in it the border may be nearer than the map is exact.
 * @throws AttestationError `location/unknown-territory`, `location/no-territory`
 */
export function placesInside(territories: TerritorySet, codes: readonly string[], count: number): readonly Place[] {
  let cells = wholeGlobe()
  let found: readonly Place[] = []
  let work = 0
  for (let sizeDeg = coarsestDeg; sizeDeg > finestDeg && found.length < count; sizeDeg /= 2) {
    work += cells.length
    if (work > maxCells && found.length > 0) break
    const alive = cells.slice(0, maxCells).filter((cell) => territories.outside(around(cell), codes) !== 'proved')
    const inside = alive
      .map(center)
      .filter((place) => territories.inside(disc(place, 1), codes, 'counted') === 'proved')
    if (inside.length >= found.length) found = inside
    cells = alive.flatMap(quarters)
  }
  const stride = Math.max(1, found.length / count)
  return Array.from({ length: Math.min(count, found.length) }, (_, i) => found[Math.floor((i + 0.5) * stride)]).flatMap(
    (place) => place ?? [],
  )
}

function wholeGlobe(): readonly Cell[] {
  const cells: Cell[] = []
  for (let southDeg = -90; southDeg < 90; southDeg += coarsestDeg)
    for (let westDeg = -180; westDeg < 180; westDeg += coarsestDeg)
      cells.push({ southDeg, westDeg, sizeDeg: coarsestDeg })
  return cells
}

/** Quarters of a cell stand together, so an even stride through them is spread out in both directions. */
function quarters({ southDeg, westDeg, sizeDeg }: Cell): readonly Cell[] {
  const half = sizeDeg / 2
  return [
    { southDeg, westDeg, sizeDeg: half },
    { southDeg, westDeg: westDeg + half, sizeDeg: half },
    { southDeg: southDeg + half, westDeg, sizeDeg: half },
    { southDeg: southDeg + half, westDeg: westDeg + half, sizeDeg: half },
  ]
}

function center({ southDeg, westDeg, sizeDeg }: Cell): Place {
  return { latitudeDeg: southDeg + sizeDeg / 2, longitudeDeg: westDeg + sizeDeg / 2 }
}

/** A disc around the whole cell: the corner farthest from the centre is one of those nearer to the equator. */
function around(cell: Cell): Region {
  const { southDeg, westDeg, sizeDeg } = cell
  const middle = center(cell)
  const point = fromDegrees(middle.latitudeDeg, middle.longitudeDeg)
  const reach = Math.max(
    angle(point, fromDegrees(southDeg, westDeg)),
    angle(point, fromDegrees(southDeg + sizeDeg, westDeg)),
  )
  return disc(middle, reach * earthRadiusMeters * 1.001)
}

function disc({ latitudeDeg, longitudeDeg }: Place, radiusMeters: number): Region {
  const center = fromDegrees(latitudeDeg, longitudeDeg)
  return intersectDiscs({ discs: [{ center, radiusMeters, group: '' }], faultTolerance: 0 })
}
