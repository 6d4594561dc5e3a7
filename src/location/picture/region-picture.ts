// A region, its discs and the territories around it to an SVG picture; pure text, no scripts, no references elsewhere.
import { pointOnCircle } from '../geometry/cap.js'
import { outlines } from '../geometry/outline.js'
import type { SignalSpeed } from '../geometry/radius.js'
import type { Disc, Region } from '../geometry/region.js'
import { angle, earthRadiusMeters, fromDegrees, negate, type Vector3 } from '../geometry/vector.js'
import type { PlannedPredicate } from '../planner-search.js'
import { type TerritorySet, territorySet } from '../territory.js'
import type { TerritoryArea, TerritoryMap } from '../territory-map.js'
import { graticulePath, scaleBar } from './graticule.js'
import { type Label, labelMarks, labelShapes, type Occupied } from './labels.js'
import { cutFrame, type LandShape, landShapes } from './land.js'
import { landmarkMark, legendSvg, type Statement, statementLines } from './legend.js'
import { mapDistance, project, projectLine, type View } from './projection.js'
import { colours, fontFamily } from './style.js'
import { escapeText, type Pixel, pathData, round, simplify } from './svg.js'
import { type Box, type MapFrame, mapFrame } from './view-window.js'

export interface PicturedLandmark {
  readonly name: string
  readonly latitudeDeg: number
  readonly longitudeDeg: number
}

export interface RegionPicture {
  readonly region: Region
  /** The discs the region was made of, in the same order. */
  readonly discs: readonly Disc[]
  readonly landmarks: readonly PicturedLandmark[]
  readonly maps: readonly TerritoryMap[]
  /** Answered anew from the region, so the picture cannot say more than it shows. */
  readonly predicates: readonly PlannedPredicate[]
  readonly speed: SignalSpeed
  readonly faultTolerance: number
  readonly title?: string
  /** Names for codes, such as `territoryNames`; a code without one labels itself. */
  readonly names?: ReadonlyMap<string, string>
  /** Further assumptions, a line or two each. */
  readonly notes?: readonly string[]
  /** Starts every id, for pages with several pictures; letters, digits and hyphens. */
  readonly idPrefix?: string
}

const width = 1180
const height = 740
const mapBox: Box = { x: 16, y: 52, width: 792, height: 672 }
const panelBox: Box = { x: 828, y: 52, width: 336, height: 672 }

const maxDiscs = 40
const maxLandmarks = 60
const maxNotes = 3
const maxLandPoints = 30_000

/**
 * Draws the region with its surroundings: an equal-area map centred on it, or both hemispheres if it is larger than that.
 *
 * The picture is for people. It rounds to pixels, draws borders simplified and leaves out what would clutter it, so decide
 * nothing by it. Names are escaped and cut. The text is at most about a megabyte.
 * @throws AttestationError `location/coordinate`, `location/unknown-territory`, `location/no-territory`
 */
export function renderRegionSvg(picture: RegionPicture): string {
  const { region, discs } = picture
  const territories = territorySet(picture.maps)
  const positions = picture.landmarks.map(({ latitudeDeg, longitudeDeg }, index) =>
    fromDegrees(latitudeDeg, longitudeDeg, `landmarks[${index}]`),
  )
  const frame = mapFrame(region, discs, positions, mapBox)
  const statements = answer(territories, region, picture.predicates)
  const shownDiscs = smallestDiscs(frame, discs)
  const marks = landmarkPixels(frame, picture.landmarks, positions)
  const prefix = /^[A-Za-z][A-Za-z0-9-]{0,31}$/.test(picture.idPrefix ?? '') ? (picture.idPrefix ?? '') : 'region'
  const ids = { title: `${prefix}-title`, desc: `${prefix}-desc`, hatch: `${prefix}-hatch`, clip: `${prefix}-clip` }
  const title = picture.title ?? 'Where the device can be'
  const met = new Set(territories.areas(region))
  const legend = legendSvg(
    {
      statements,
      region,
      possible: territories.possible(region),
      sea: territories.sea(region),
      speed: picture.speed,
      faultTolerance: picture.faultTolerance,
      discs: discs.length,
      discsDrawn: shownDiscs.length,
      operators: new Set(discs.map((disc) => disc.group)).size,
      landmarks: positions.length,
      landmarksShown: marks.length,
      maps: territories.maps,
      notes: (picture.notes ?? []).slice(0, maxNotes),
    },
    panelBox,
    ids.hatch,
  )
  const proved = new Set(
    statements.filter(({ kind, answer }) => kind === 'inside' && answer === 'proved').flatMap(({ codes }) => codes),
  )
  const status = (area: TerritoryArea): Status => {
    if (region.kind === 'bounded' && !met.has(area)) return 'excluded'
    return region.kind === 'bounded' && area.codes.every((code) => proved.has(code)) ? 'proved' : 'possible'
  }
  const land = frame.views.map((map) => landOf(map, picture.maps))
  const taken: Occupied = { boxes: [{ x: mapBox.x, y: mapBox.y + mapBox.height - 44, width: 180, height: 44 }] }
  const markLabels = labelMarks(marks.slice(0, maxLandmarks), mapBox, taken)
  const landLabels = frame.views.flatMap((map, index) =>
    areaLabels(map, frame, land[index] ?? [], picture.names, taken),
  )
  const views = frame.views.map((map, index) => {
    const clip = `${ids.clip}-${index}`
    return (
      `<clipPath id="${clip}">${outlineOf(map, frame)}</clipPath><g clip-path="url(#${clip})">` +
      `${ground(map, frame)}${landSvg(land[index] ?? [], status, ids.hatch)}${regionSvg(map, region)}` +
      `${discsSvg(map, shownDiscs)}</g>`
    )
  })
  const described = `${statementLines({ statements, region }).join('. ')} Territories not ruled out: ${territories.possible(region).slice(0, 40).join(', ')}.`
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" ` +
    `aria-labelledby="${ids.title} ${ids.desc}" font-family="${fontFamily}">` +
    `<title id="${ids.title}">${escapeText(title, 100)}</title><desc id="${ids.desc}">${escapeText(described, 600)}</desc>` +
    `<defs><pattern id="${ids.hatch}" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">` +
    `<path d="M0 0V7" stroke="#b7791f" stroke-width="2" stroke-opacity="0.55"/></pattern></defs>` +
    `<rect width="${width}" height="${height}" fill="${colours.paper}"/>` +
    `<text x="16" y="34" font-size="21" font-weight="bold" fill="${colours.ink}">${escapeText(title, 90)}</text>` +
    `${views.join('')}${frame.views.map((map) => outlineOf(map, frame, ` fill="none" stroke="${colours.faintInk}"`)).join('')}` +
    `${labelsSvg(landLabels, colours.ink)}${marks
      .slice(0, maxLandmarks)
      .map(({ at }) => landmarkMark(at[0], at[1]))
      .join('')}` +
    `${labelsSvg(markLabels, colours.landmark)}${frame.views
      .slice(0, 1)
      .map((map) => scaleBar(map, mapBox))
      .join('')}` +
    `${legend}</svg>`
  )
}

type Status = 'proved' | 'possible' | 'excluded'

function answer(
  territories: TerritorySet,
  region: Region,
  predicates: readonly PlannedPredicate[],
): readonly Statement[] {
  return predicates.map((predicate) => ({
    kind: predicate.kind,
    codes: predicate.codes,
    answer:
      predicate.kind === 'inside'
        ? territories.inside(region, predicate.codes, predicate.sea)
        : territories.outside(region, predicate.codes),
  }))
}

/** The circles that pass through the map, smallest first: larger ones say less. */
function smallestDiscs({ views }: MapFrame, discs: readonly Disc[]): readonly Disc[] {
  const passes = ({ center, radiusMeters }: Disc): boolean =>
    views.some((map) => Math.abs(angle(center, map.center) - radiusMeters / earthRadiusMeters) < map.cutRad) &&
    radiusMeters < Math.PI * earthRadiusMeters
  return discs
    .filter(passes)
    .sort((a, b) => a.radiusMeters - b.radiusMeters)
    .slice(0, maxDiscs)
}

function landmarkPixels(
  frame: MapFrame,
  landmarks: readonly PicturedLandmark[],
  positions: readonly Vector3[],
): readonly { readonly text: string; readonly at: Pixel }[] {
  return landmarks.flatMap(({ name }, index) => {
    const position = positions[index]
    const map = frame.views.find(
      (candidate) => position !== undefined && angle(position, candidate.center) <= candidate.edgeRad,
    )
    if (map === undefined || position === undefined) return []
    const at = project(map, position)
    return isShown(map, frame, at) ? [{ text: [...name].slice(0, 24).join(''), at }] : []
  })
}

function isShown(map: View, { shape }: MapFrame, [x, y]: Pixel): boolean {
  if (shape === 'hemispheres') return Math.hypot(x - map.at[0], y - map.at[1]) < mapDistance(map, map.edgeRad)
  return x > mapBox.x && x < mapBox.x + mapBox.width && y > mapBox.y && y < mapBox.y + mapBox.height
}

function outlineOf(map: View, { shape }: MapFrame, attributes = ''): string {
  const { x, y } = mapBox
  if (shape === 'rectangle')
    return `<rect x="${x}" y="${y}" width="${mapBox.width}" height="${mapBox.height}"${attributes}/>`
  return `<circle cx="${round(map.at[0])}" cy="${round(map.at[1])}" r="${round(mapDistance(map, map.edgeRad))}"${attributes}/>`
}

function ground(map: View, frame: MapFrame): string {
  const net = graticulePath(map, map.edgeRad)
  return (
    `${outlineOf(map, frame, ` fill="${colours.sea}"`)}` +
    `<path d="${net}" fill="none" stroke="${colours.graticule}" stroke-width="0.8"/>`
  )
}

function landOf(map: View, maps: readonly TerritoryMap[]): readonly LandShape[] {
  return maps.flatMap((one) =>
    landShapes(map, one, { tolerancePixels: 0.4, maxPoints: Math.floor(maxLandPoints / maps.length) }),
  )
}

const order: readonly Status[] = ['excluded', 'possible', 'proved']

function landSvg(shapes: readonly LandShape[], status: (area: TerritoryArea) => Status, hatchId: string): string {
  const stroke = ` fill-rule="evenodd" stroke="${colours.border}" stroke-width="0.8" stroke-linejoin="round"`
  return order
    .map((wanted) => {
      const data = shapes.filter(({ area }) => status(area) === wanted).map(({ rings }) => pathData(rings, true))
      // One path per area: lines between two areas of one colour still show, and even-odd stays within the area.
      const paths = (fill: string, more: string): string =>
        data.flatMap((d) => (d === '' ? [] : [`<path d="${d}"/>`])).join('') === ''
          ? ''
          : `<g fill="${fill}"${more}>${data.map((d) => (d === '' ? '' : `<path d="${d}"/>`)).join('')}</g>`
      if (wanted !== 'possible') return paths(colours[wanted], stroke)
      return `${paths(colours.possible, stroke)}${paths(`url(#${hatchId})`, ' fill-rule="evenodd"')}`
    })
    .join('')
}

/** Below this size a mark shows where the region is. */
const smallestRegionPixels = 5

function regionSvg(map: View, region: Region): string {
  if (region.kind !== 'bounded') return ''
  const loops = outlines(region).map((loop) =>
    simplify(
      projectLine(
        map,
        [...loop, ...loop.slice(0, 1)].map((sample) => sample.point),
      ),
      0.15,
    ),
  )
  const rings = region.contains(negate(map.center)) ? [cutFrame(map), ...loops] : loops
  const d = pathData(rings, true)
  const shape =
    `<path d="${d}" fill="${colours.region}" fill-opacity="0.2" fill-rule="evenodd"/>` +
    `<path d="${d}" fill="none" stroke="${colours.paper}" stroke-width="4.5" stroke-opacity="0.8"/>` +
    `<path d="${d}" fill="none" stroke="${colours.region}" stroke-width="2.4" stroke-linejoin="round"/>`
  if (mapDistance(map, region.enclosingCap.radiusRad) >= smallestRegionPixels) return shape
  if (angle(region.enclosingCap.center, map.center) > map.cutRad) return shape
  const [x, y] = project(map, region.enclosingCap.center)
  return `${shape}<circle cx="${round(x)}" cy="${round(y)}" r="11" fill="none" stroke="${colours.region}" stroke-width="2.4"/>`
}

const circleSteps = 360

function discsSvg(map: View, discs: readonly Disc[]): string {
  const circles = discs.map(({ center, radiusMeters }) => {
    const cap = { center, radiusRad: radiusMeters / earthRadiusMeters }
    const towards = map.center
    const points = Array.from({ length: circleSteps + 1 }, (_, i) =>
      pointOnCircle(cap, towards, Math.PI + (2 * Math.PI * i) / circleSteps),
    )
    return simplify(projectLine(map, points), 0.2)
  })
  const d = pathData(circles, false)
  return d === ''
    ? ''
    : `<path d="${d}" fill="none" stroke="${colours.disc}" stroke-width="1.2" stroke-dasharray="6 4"/>`
}

function areaLabels(
  map: View,
  frame: MapFrame,
  shapes: readonly LandShape[],
  names: ReadonlyMap<string, string> | undefined,
  taken: Occupied,
): readonly Label[] {
  const named = shapes.flatMap((shape) => {
    const [code] = shape.area.codes
    return shape.area.kind === 'land' && code !== undefined
      ? [{ shape, name: names?.get(code) ?? code, short: code }]
      : []
  })
  const around =
    frame.shape === 'rectangle'
      ? mapBox
      : {
          x: map.at[0] - mapDistance(map, map.edgeRad),
          y: map.at[1] - mapDistance(map, map.edgeRad),
          width: 2 * mapDistance(map, map.edgeRad),
          height: 2 * mapDistance(map, map.edgeRad),
        }
  return labelShapes(named, around, (at) => isShown(map, frame, at), taken)
}

/** A pale rim keeps letters apart from whatever lies beneath. */
function labelsSvg(labels: readonly Label[], colour: string): string {
  if (labels.length === 0) return ''
  const texts = labels.map(({ text, at, size, anchor }) => {
    const place = `x="${round(at[0])}" y="${round(at[1])}" font-size="${size}" text-anchor="${anchor}"`
    const content = escapeText(text)
    return (
      `<text ${place} stroke="${colours.paper}" stroke-width="3.2" stroke-opacity="0.85" stroke-linejoin="round" aria-hidden="true">${content}</text>` +
      `<text ${place} fill="${colour}">${content}</text>`
    )
  })
  return `<g>${texts.join('')}</g>`
}
