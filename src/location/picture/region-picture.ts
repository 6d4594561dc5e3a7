// A region, its discs and the territories around it to an SVG picture; pure text, no scripts, no references elsewhere.
import type { SignalSpeed } from '../geometry/radius.js'
import type { Disc, Region } from '../geometry/region.js'
import { angle, earthRadiusMeters, fromDegrees, type Vector3 } from '../geometry/vector.js'
import type { PlannedPredicate } from '../planner-search.js'
import { type TerritorySet, territorySet } from '../territory.js'
import type { TerritoryArea, TerritoryMap } from '../territory-map.js'
import { areaNames } from './area-names.js'
import { scaleBar } from './graticule.js'
import { isInShape, type Label, labelMarks, labelShapes, type NamedShape, type Occupied } from './labels.js'
import { type LandShape, landShapes } from './land.js'
import { landmarkMark, legendSvg, type Statement, statementLines } from './legend.js'
import { discsSvg, ground, labelsSvg, landSvg, outlineOf, regionSvg, type Status } from './map-layers.js'
import { mapDistance, project, type View } from './projection.js'
import { colours, fontFamily } from './style.js'
import { escapeText, type Pixel } from './svg.js'
import { type Box, type MapFrame, mapBox, mapFrame } from './view-window.js'

/** A landmark to draw; decimal degrees. */
export interface PicturedLandmark {
  readonly name: string
  readonly latitudeDeg: number
  readonly longitudeDeg: number
}

/** What a picture shows. */
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
  const { region, discs, landmarks, maps } = picture
  const territories = territorySet(maps)
  const positions = landmarks.map(({ latitudeDeg, longitudeDeg }, index) =>
    fromDegrees(latitudeDeg, longitudeDeg, `landmarks[${index}]`),
  )
  const frame = mapFrame(region, discs, positions)
  const statements = answer(territories, region, picture.predicates)
  const shownDiscs = smallestDiscs(frame, discs)
  const marks = landmarkPixels(frame, landmarks, positions)
  const ids = pictureIds(picture.idPrefix)
  const land = frame.views.map((map) => landOf(map, maps))
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
      disputed: frame.views.some((map, index) =>
        (land[index] ?? []).some((shape) => isDisputeShown(map, frame, shape)),
      ),
      maps: territories.maps,
      notes: (picture.notes ?? []).slice(0, maxNotes),
    },
    panelBox,
    ids.hatch,
  )
  const status = statusOf(territories, region, statements)
  const content = mapSvg(picture, frame, { land, status, discs: shownDiscs, marks: marks.slice(0, maxLandmarks), ids })
  const possible = territories.possible(region).slice(0, 40).join(', ')
  const described = `${statementLines({ statements, region }).join('. ')}. Territories not ruled out: ${possible}.`
  return wrapSvg(picture.title ?? 'Where the device can be', described, ids, `${content}${legend}`)
}

interface Ids {
  readonly title: string
  readonly desc: string
  readonly hatch: string
  readonly clip: string
}

function pictureIds(idPrefix: string | undefined): Ids {
  const prefix = idPrefix !== undefined && /^[A-Za-z][A-Za-z0-9-]{0,31}$/.test(idPrefix) ? idPrefix : 'region'
  return { title: `${prefix}-title`, desc: `${prefix}-desc`, hatch: `${prefix}-hatch`, clip: `${prefix}-clip` }
}

function wrapSvg(title: string, described: string, ids: Ids, content: string): string {
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" ` +
    `aria-labelledby="${ids.title} ${ids.desc}" font-family="${fontFamily}">` +
    `<title id="${ids.title}">${escapeText(title, 100)}</title><desc id="${ids.desc}">${escapeText(described, 600)}</desc>` +
    `<defs><pattern id="${ids.hatch}" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">` +
    `<path d="M0 0V7" stroke="#b7791f" stroke-width="2" stroke-opacity="0.55"/></pattern></defs>` +
    `<rect width="${width}" height="${height}" fill="${colours.paper}"/>` +
    `<text x="16" y="34" font-size="21" font-weight="bold" fill="${colours.ink}">${escapeText(title, 90)}</text>` +
    `${content}</svg>`
  )
}

interface Mark {
  readonly text: string
  readonly at: Pixel
}

interface MapContent {
  /** Per view. */
  readonly land: readonly (readonly LandShape[])[]
  readonly status: (area: TerritoryArea) => Status
  readonly discs: readonly Disc[]
  readonly marks: readonly Mark[]
  readonly ids: Ids
}

function mapSvg(picture: RegionPicture, frame: MapFrame, { land, status, discs, marks, ids }: MapContent): string {
  const { region } = picture
  const barBox = scaleBarBox(frame)
  const taken: Occupied = { boxes: [{ x: barBox.x, y: barBox.y + barBox.height - 44, width: 180, height: 44 }] }
  const markLabels = labelMarks(marks, mapBox, taken)
  const landLabels = frame.views.flatMap((map, index) => areaLabels(map, frame, land[index] ?? [], picture, taken))
  const views = frame.views.map((map, index) => {
    const clip = `${ids.clip}-${index}`
    return (
      `<clipPath id="${clip}">${outlineOf(map, frame)}</clipPath><g clip-path="url(#${clip})">` +
      `${ground(map, frame)}${landSvg(land[index] ?? [], status, ids.hatch)}${regionSvg(map, region)}` +
      `${discsSvg(map, discs)}</g>${outlineOf(map, frame, ` fill="none" stroke="${colours.faintInk}"`)}`
    )
  })
  const dots = marks.map(({ at }) => landmarkMark(at[0], at[1])).join('')
  const bar = frame.views.slice(0, 1).map((map) => scaleBar(map, barBox))
  return `${views.join('')}${labelsSvg(landLabels, colours.ink)}${dots}${labelsSvg(markLabels, colours.landmark)}${bar.join('')}`
}

/** Under the globes there is room; a single map has a corner to spare. */
function scaleBarBox({ shape, views }: MapFrame): Box {
  const [first] = views
  if (shape === 'rectangle' || first === undefined) return mapBox
  return { ...mapBox, height: first.at[1] + mapDistance(first, first.edgeRad) + 40 - mapBox.y }
}

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

function statusOf(
  territories: TerritorySet,
  region: Region,
  statements: readonly Statement[],
): (area: TerritoryArea) => Status {
  // Where the region is empty or all of the globe nothing is ruled out and nothing proved.
  if (region.kind !== 'bounded') return () => 'possible'
  const met = new Set(territories.areas(region))
  const proved = new Set(
    statements.filter(({ kind, answer }) => kind === 'inside' && answer === 'proved').flatMap(({ codes }) => codes),
  )
  return (area) => {
    if (!met.has(area)) return 'excluded'
    return area.codes.every((code) => proved.has(code)) ? 'proved' : 'possible'
  }
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
): readonly Mark[] {
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

function isDisputeShown(map: View, frame: MapFrame, shape: LandShape): boolean {
  if (shape.area.kind !== 'claim') return false
  return isInShape(shape, map.at) || shape.rings.some((ring) => ring.some((at) => isShown(map, frame, at)))
}

function landOf(map: View, maps: readonly TerritoryMap[]): readonly LandShape[] {
  return maps.flatMap((one) =>
    landShapes(map, one, { tolerancePixels: 0.4, maxPoints: Math.floor(maxLandPoints / maps.length) }),
  )
}

function areaLabels(
  map: View,
  frame: MapFrame,
  shapes: readonly LandShape[],
  { maps, names }: RegionPicture,
  taken: Occupied,
): readonly Label[] {
  const nameOf = areaNames(maps, names)
  const named = (kind: TerritoryArea['kind']): readonly NamedShape[] =>
    shapes.flatMap((shape) => {
      const name = nameOf(shape.area)
      return shape.area.kind !== kind || name === undefined ? [] : [{ shape, ...name }]
    })
  const radius = mapDistance(map, map.edgeRad)
  const [x, y] = map.at
  const around =
    frame.shape === 'rectangle' ? mapBox : { x: x - radius, y: y - radius, width: 2 * radius, height: 2 * radius }
  const shown = (at: Pixel): boolean => isShown(map, frame, at)
  const claims = named('claim')
  const claimed = labelShapes(claims, around, shown, taken)
  // A state's name on land that another claims would take sides.
  const undisputed = (at: Pixel): boolean => shown(at) && !claims.some(({ shape }) => isInShape(shape, at))
  return [...claimed, ...labelShapes(named('land'), around, undisputed, taken)]
}
