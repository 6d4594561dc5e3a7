// A GeoJSON polygon (RFC 7946) to a territory of the caller's own: a campus, a state, a sales region.
import { fromDegrees } from '../location/geometry/vector.js'
import { type BoundaryLine, boundaryLine } from '../location/territory-line.js'
import type { TerritoryMap } from '../location/territory-map.js'
import { parseError } from '../result/error.js'
import { drawnTerritory, requireQuantity } from './drawn.js'

/** Bounds the work: far above any administrative border worth drawing, some 0.3 s of checking. */
const maxPositions = 100_000

/** Bounds memory: a long edge is cut into steps of this size, so that no file can ask for millions of them. */
const maxPoints = 400_000

/**
 * RFC 7946 joins positions by straight lines in longitude and latitude, the geometry by great circles. Cut into steps of
 * this size the two differ by less than 40 m: (l² sin φ cos φ + 2 l p sin φ) R / 8 for spans l and p of 0.25°.
 */
const stepDeg = 0.25
const straightLineErrorMeters = 40

/** The inside is told by what lies north of a point, so the north pole itself must be outside. */
const northernmostDeg = 89.9

type Ring = readonly Position[]
type Position = readonly [longitudeDeg: number, latitudeDeg: number]

/**
 * Reads a GeoJSON Polygon, MultiPolygon, or a Feature or FeatureCollection of these. Positions are [longitude, latitude].
 * The direction of rings plays no part: a point is inside a polygon if it is inside an odd number of its rings, and inside
 * the territory if it is inside any polygon, of one feature or of several that overlap. Polygons that cross the
 * antimeridian must be cut there (RFC 7946, section 3.1.9). Altitudes are ignored.
 *
 * `errorMeters` is how far the drawn border may be from the true one; 0 means the drawing is the definition.
 * Does NOT check that rings do not cross themselves.
 * @throws AttestationError `location/territory-code`, `location/polygon`, `location/polygon-too-large`,
 *   `location/coordinate`, `location/quantity`
 */
export function customTerritory(input: {
  readonly code: string
  readonly geoJson: unknown
  readonly errorMeters?: number
}): TerritoryMap {
  const { code, geoJson, errorMeters = 0 } = input
  requireQuantity(errorMeters, 'errorMeters')
  const polygons = readGeometry(geoJson, 'geoJson', 'top')
  const count = polygons.flat().reduce((sum, ring) => sum + ring.length, 0)
  if (count > maxPositions)
    throw parseError('location/polygon-too-large', 'geoJson', { limit: maxPositions, actual: count })
  if (count === 0) throw parseError('location/polygon', 'geoJson', { reason: 'empty' })
  let points = 0
  const toLine = (ring: Ring): BoundaryLine => {
    const stepped = stepRing(ring)
    points += stepped.length
    if (points > maxPoints)
      throw parseError('location/polygon-too-large', 'geoJson', { limit: maxPoints, actual: points })
    return boundaryLine(Float64Array.from(stepped.flatMap(([longitude, latitude]) => fromDegrees(latitude, longitude))))
  }
  const lines = polygons.map((rings) => rings.map(toLine))
  return drawnTerritory(code, lines, errorMeters + straightLineErrorMeters)
}

/** What may stand where: collections hold features, features hold polygons, and nothing nests (RFC 7946, section 3). */
type Place = 'top' | 'feature' | 'geometry'

/** The polygons of it, each with its rings. */
function readGeometry(value: unknown, at: string, place: Place): readonly (readonly Ring[])[] {
  const object = readObject(value, at)
  const type = object['type']
  if (type === 'Polygon' && place !== 'feature') return [readList(object['coordinates'], `${at}.coordinates`, readRing)]
  if (type === 'MultiPolygon' && place !== 'feature')
    return readList(object['coordinates'], `${at}.coordinates`, (polygon, where) => readList(polygon, where, readRing))
  if (type === 'Feature' && place !== 'geometry') return readGeometry(object['geometry'], `${at}.geometry`, 'geometry')
  if (type === 'FeatureCollection' && place === 'top')
    return readList(object['features'], `${at}.features`, (feature, where) =>
      readGeometry(feature, where, 'feature'),
    ).flat()
  throw parseError('location/polygon', `${at}.type`, { reason: 'type' })
}

function readObject(value: unknown, at: string): { readonly [key: string]: unknown } {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw parseError('location/polygon', at, { reason: 'type' })
  return { ...value }
}

function readList<T>(value: unknown, at: string, read: (item: unknown, at: string) => T): readonly T[] {
  if (!Array.isArray(value)) throw parseError('location/polygon', at, { reason: 'type' })
  if (value.length > maxPositions)
    throw parseError('location/polygon-too-large', at, { limit: maxPositions, actual: value.length })
  return value.map((item, index) => read(item, `${at}[${index}]`))
}

function readRing(value: unknown, at: string): Ring {
  const ring = readList(value, at, readPosition)
  const [first, last] = [ring[0], ring[ring.length - 1]]
  // Four positions, the last equal to the first (RFC 7946, section 3.1.6).
  if (ring.length < 4 || first === undefined || last === undefined)
    throw parseError('location/polygon', at, { reason: 'ring-too-short' })
  if (first[0] !== last[0] || first[1] !== last[1]) throw parseError('location/polygon', at, { reason: 'ring-open' })
  return ring
}

function readPosition(value: unknown, at: string): Position {
  if (!Array.isArray(value) || value.length < 2 || value.length > 3)
    throw parseError('location/polygon', at, { reason: 'position' })
  const [longitude, latitude]: readonly unknown[] = value
  if (typeof longitude !== 'number' || typeof latitude !== 'number')
    throw parseError('location/polygon', at, { reason: 'position' })
  fromDegrees(latitude, longitude, at)
  if (latitude > northernmostDeg) throw parseError('location/polygon', at, { reason: 'north-pole' })
  return [longitude, latitude]
}

/** Edges in steps of at most {@link stepDeg}. An edge never crosses the antimeridian, so longitudes just interpolate. */
function stepRing(ring: readonly Position[]): readonly Position[] {
  return ring.flatMap((to, index) => {
    const from = ring[index - 1]
    if (from === undefined) return [to]
    const span = Math.max(Math.abs(to[0] - from[0]), Math.abs(to[1] - from[1]))
    const steps = Math.max(1, Math.ceil(span / stepDeg))
    return Array.from({ length: steps }, (_, step): Position => {
      const share = (step + 1) / steps
      if (share === 1) return to
      return [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share]
    })
  })
}
