// Natural Earth 1:10m (through world-atlas) to the data module of the entry `./territories`.
import { encodeBase64 } from '../../bytes/base64.js'
import {
  addScaled,
  earthRadiusMeters,
  fromDegrees,
  normalise,
  rotate,
  scale,
  tangentFrame,
  toDegrees,
} from '../../location/geometry/vector.js'
import { ringCodes } from './assignment.js'
import { claims } from './claims.js'
import { type EncodedArea, encodeAreas, encodeLines } from './encode.js'
import { type Island, islands } from './islands.js'
import { type GridPoint, gridPoint, planarSlackMeters, simplifyLine } from './simplify.js'
import { type Country, type LonLat, readTopology, type Topology } from './topology.js'

/** Bound on what simplifying and rounding move a boundary: recorded in the data, checked while building. */
export const simplificationMeters = 2000

/** Positional error granted to the source itself: about 5 km at a scale of 1:10,000,000 (0.5 mm on paper). */
export const sourceErrorMeters = 5000

export interface Dataset {
  /** Base64 of the lines and of which lines bound which area. */
  readonly lines: string
  /** Codes and names, one row per area. */
  readonly areas: string
  readonly deviationMeters: number
  readonly points: number
}

/** Builds the data from the text of `countries-10m.json`. Deterministic: same text, same bytes. */
export function buildDataset(json: string): Dataset {
  const topology = readTopology(json)
  const limitMeters = simplificationMeters - planarSlackMeters
  const coarse = topology.lines.map((line) => simplifyLine(line, limitMeters))
  const deviationMeters = Math.max(...coarse.map((line) => line.deviationMeters))
  if (deviationMeters > limitMeters) throw new RangeError(`deviation of ${deviationMeters} m`)

  const drawn = [...claims.map(claimOutline), ...islands.map(islandOutline)]
  const areas = [...landAreas(topology)]
  const lines = coarse.map((line) => line.points)
  for (const { name, codes, points } of drawn) {
    areas.push({ name, codes, lines: [lines.length] })
    lines.push(points)
  }
  const [ordered, renumbered] = orderByUse(lines, areas)
  return {
    lines: encodeBase64(encodeLines(ordered, renumbered)),
    areas: encodeAreas(renumbered),
    deviationMeters,
    points: ordered.reduce((sum, line) => sum + line.length, 0),
  }
}

/** The land, divided by the codes that answer for it. Lines met twice lie within one area and are left out. */
function landAreas({ countries, lines }: Topology): readonly EncodedArea[] {
  const byCodes = new Map<string, Set<number>>()
  for (const country of countries)
    for (const ring of country.rings) {
      const codes = ringCodes(country, ...ringMiddle(country, ring, lines))
      const own = byCodes.get(codes) ?? new Set()
      byCodes.set(codes, own)
      for (const line of ring) if (!own.delete(line)) own.add(line)
    }
  return [...byCodes]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([codes, own]) => ({ codes: codes.split(' '), lines: [...own].sort((a, b) => a - b) }))
}

function ringMiddle(
  country: Country,
  ring: readonly number[],
  lines: readonly (readonly LonLat[])[],
): readonly [number, number] {
  let [west, south, east, north] = [180, 90, -180, -90]
  for (const index of ring)
    for (const [longitude, latitude] of lines[index] ?? []) {
      west = Math.min(west, longitude)
      east = Math.max(east, longitude)
      south = Math.min(south, latitude)
      north = Math.max(north, latitude)
    }
  if (west > east) throw new TypeError(`ring without points in ${country.name}`)
  return [(west + east) / 2, (south + north) / 2]
}

interface Outline {
  readonly name: string
  readonly codes: readonly string[]
  readonly points: readonly GridPoint[]
}

function claimOutline({ name, codes, corners }: (typeof claims)[number]): Outline {
  const points = corners.map(gridPoint)
  return { name, codes, points: [...points, ...points.slice(0, 1)] }
}

/** An octagon around the disc. */
function islandOutline({ name, codes, longitudeDeg, latitudeDeg, radiusKm }: Island): Outline {
  const center = fromDegrees(latitudeDeg, longitudeDeg)
  const radius = (radiusKm * 1000) / earthRadiusMeters / Math.cos(Math.PI / 8)
  const rim = normalise(addScaled(scale(center, Math.cos(radius)), tangentFrame(center).first, Math.sin(radius)))
  const points = [0, 1, 2, 3, 4, 5, 6, 7, 0].map((eighth) => {
    const corner = toDegrees(rotate(rim, center, (eighth * Math.PI) / 4))
    return gridPoint([corner.longitudeDeg, corner.latitudeDeg])
  })
  return { name, codes, points }
}

/** Numbers the lines in the order the areas use them, and drops those that none uses: small differences, small data. */
function orderByUse(
  lines: readonly (readonly GridPoint[])[],
  areas: readonly EncodedArea[],
): readonly [readonly (readonly GridPoint[])[], readonly EncodedArea[]] {
  const order = new Map<number, number>()
  for (const area of areas) for (const line of area.lines) if (!order.has(line)) order.set(line, order.size)
  const ordered = [...order.keys()].map((index) => lines[index] ?? [])
  const renumbered = areas.map((area) => ({
    ...area,
    lines: area.lines.map((line) => order.get(line) ?? 0).sort((a, b) => a - b),
  }))
  return [ordered, renumbered]
}

/** The text of the data module. `sha256` is over {@link hashedText}. */
export function dataModule(dataset: Dataset, sha256: string): string {
  return `// Generated from Natural Earth 1:10m by \`npx tsx test/territories/build.ts\`; a test rebuilds it byte for byte.
// Made with Natural Earth (public domain, naturalearthdata.com), through world-atlas 2.0.2 (ISC).
export const data = {
  name: 'natural-earth-4.1.0-10m/1',
  sha256: '${sha256}',
  simplificationMeters: ${simplificationMeters},
  sourceErrorMeters: ${sourceErrorMeters},
  areas:
    ${JSON.stringify(dataset.areas)},
  lines:
    '${dataset.lines}',
} as const
`
}

/** What the hash of the data is taken over, as UTF-8. */
export function hashedText(dataset: { readonly areas: string; readonly lines: string }): string {
  return `${dataset.areas}\n\n${dataset.lines}`
}
