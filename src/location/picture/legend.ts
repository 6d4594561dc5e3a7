// The panel beside the map: what is proved, what the colours mean, and under which assumptions.

import { type SignalSpeed, signalSpeed } from '../geometry/radius.js'
import type { BoundedRegion, Region } from '../geometry/region.js'
import { earthRadiusMeters, toDegrees } from '../geometry/vector.js'
import type { TerritoryAnswer } from '../territory.js'
import type { TerritoryMapInfo } from '../territory-map.js'
import { colours, wrapText } from './style.js'
import { escapeText, round } from './svg.js'
import type { Box } from './view-window.js'

export interface Statement {
  readonly kind: 'inside' | 'outside'
  readonly codes: readonly string[]
  readonly answer: TerritoryAnswer
}

export interface Legend {
  readonly statements: readonly Statement[]
  readonly region: Region
  readonly possible: readonly string[]
  readonly sea: 'excluded' | 'possible'
  readonly speed: SignalSpeed
  readonly faultTolerance: number
  readonly discs: number
  readonly discsDrawn: number
  readonly operators: number
  readonly landmarks: number
  readonly landmarksShown: number
  /** Land in dispute is on the map. */
  readonly disputed: boolean
  readonly maps: readonly TerritoryMapInfo[]
  readonly notes: readonly string[]
}

const size = 13
const lineHeight = 17
const maxCodes = 60
const maxStatements = 4
const maxNoteLength = 160

export function legendSvg(legend: Legend, box: Box, hatchId: string): string {
  let y = box.y
  const parts: string[] = []
  const bottom = box.y + box.height
  const paragraph = (text: string, indent: number, style = ''): void => {
    for (const line of wrapText(text, size, box.width - indent)) {
      if (y + lineHeight > bottom) return
      y += lineHeight
      parts.push(`<text x="${round(box.x + indent)}" y="${round(y - 4)}"${style}>${escapeText(line, 120)}</text>`)
    }
  }
  const heading = (text: string): void => {
    if (y > box.y) y += 8
    paragraph(text, 0, ' font-weight="bold"')
  }
  const entry = (mark: string, text: string): void => {
    if (y + lineHeight > bottom) return
    parts.push(`<g transform="translate(${round(box.x)} ${round(y + 1)})">${mark}</g>`)
    paragraph(text, 34)
  }

  heading('What the round trips prove')
  for (const line of statementLines(legend)) paragraph(line, 0)
  paragraph('Overlap is not evidence: anyone can answer late and make the region larger.', 0, ' font-weight="bold"')
  heading('Key')
  for (const [mark, text] of keyEntries(legend, hatchId)) entry(mark, text)
  heading('Assumptions')
  for (const line of assumptionLines(legend)) paragraph(line, 0)
  // Last, as it may be long: what does not fit is in the description.
  if (legend.region.kind === 'bounded') {
    heading(`Possible territories (${legend.possible.length})`)
    paragraph(codeList(legend.possible, legend.sea), 0)
  }
  return `<g font-size="${size}" fill="${colours.ink}">${parts.join('')}</g>`
}

export function statementLines({ statements, region }: Pick<Legend, 'statements' | 'region'>): readonly string[] {
  if (region.kind === 'empty')
    return [
      'Nothing. No place fits all round trips: some landmark misreports or stands elsewhere, or the key answers from several places.',
    ]
  if (region.kind === 'everywhere') return ['Nothing. The round trips rule out no place on Earth.']
  const lines = statements.slice(0, maxStatements).map(statementText)
  const left = statements.length - lines.length
  if (left > 0) return [...lines, `and ${left} more`]
  return lines.length > 0 ? lines : ['Whoever answered is in the region, if the assumptions hold.']
}

export function statementText({ kind, codes, answer }: Statement): string {
  return `${kind === 'inside' ? 'In' : 'Outside'} ${shortList(codes, 8)}: ${answer}`
}

function shortList(codes: readonly string[], most: number): string {
  const shown = codes.slice(0, most).join(', ')
  return codes.length > most ? `${shown} and ${codes.length - most} more` : shown
}

function codeList(possible: readonly string[], sea: 'excluded' | 'possible'): string {
  const listed = possible.length === 0 ? 'no land on the map' : shortList(possible, maxCodes)
  return sea === 'possible' ? `${listed}; and the sea` : listed
}

function keyEntries(
  { region, discs, landmarks, disputed }: Legend,
  hatchId: string,
): readonly (readonly [string, string])[] {
  const swatch = (fill: string): string =>
    `<rect width="24" height="13" y="1" fill="${fill}" stroke="${colours.border}" stroke-width="0.8"/>`
  const regionMark = `<rect width="22" height="11" x="1" y="2" fill="${colours.region}" fill-opacity="0.2" stroke="${colours.region}" stroke-width="2.2"/>`
  const claimMark = `<rect width="24" height="13" y="1" fill="none" stroke="${colours.border}" stroke-width="0.8" stroke-dasharray="2 2"/>`
  const discMark = `<path d="M0 12A24 24 0 0 1 24 3" fill="none" stroke="${colours.disc}" stroke-width="1.3" stroke-dasharray="5 3"/>`
  return [
    ...(region.kind === 'bounded' ? [[regionMark, 'Region that the round trips allow'] as const] : []),
    [swatch(colours.proved), 'Territory proved to contain it'],
    [
      `${swatch(colours.possible)}<rect width="24" height="13" y="1" fill="url(#${hatchId})"/>`,
      'Possible: not ruled out, not proved',
    ],
    [swatch(colours.excluded), 'Ruled out'],
    ...(disputed ? [[claimMark, 'In dispute: every claimant counts'] as const] : []),
    [swatch(colours.sea), 'Sea'],
    ...(discs > 0 ? [[discMark, 'Reach of a round trip'] as const] : []),
    ...(landmarks > 0 ? [[landmarkMark(12, 7), 'Landmark'] as const] : []),
  ]
}

export function landmarkMark(x: number, y: number): string {
  return `<circle cx="${round(x)}" cy="${round(y)}" r="4.5" fill="${colours.landmark}" stroke="${colours.paper}" stroke-width="1.5"/>`
}

function assumptionLines(legend: Legend): readonly string[] {
  const { region, speed, faultTolerance, discs, discsDrawn, operators, landmarks, landmarksShown } = legend
  const speedText =
    speed === 'vacuum'
      ? `Signals no faster than light in vacuum (${grouped(Math.round(signalSpeed('vacuum') / 1000))} km/s).`
      : `Signals no faster than 2/3 of light (${grouped(Math.round(signalSpeed('fibre') / 1000))} km/s): solid-core fibre all the way.`
  const faults =
    faultTolerance === 0
      ? 'No operator misreports (f = 0).'
      : `At most ${faultTolerance} of ${operators} operators ${faultTolerance === 1 ? 'misreports' : 'misreport'} (f = ${faultTolerance}).`
  const drawn = discsDrawn < discs ? `, ${discsDrawn} drawn` : ''
  const shown =
    landmarksShown < landmarks ? `; ${landmarks - landmarksShown} of ${landmarks} landmarks off the map` : ''
  return [
    speedText,
    faults,
    `${discs} disc${discs === 1 ? '' : 's'} of ${operators} operator${operators === 1 ? '' : 's'}${drawn}${shown}.`,
    ...(region.kind === 'bounded' ? [sizeText(region)] : []),
    ...legend.maps.slice(0, 3).map(mapText),
    'Geometry only: signatures and key binding are judged elsewhere.',
    ...legend.notes.map((note) => [...note].slice(0, maxNoteLength).join('')),
  ]
}

function sizeText({ areaSquareMeters, enclosingCap: { center, radiusRad } }: BoundedRegion): string {
  const radius = significant((radiusRad * earthRadiusMeters) / 1000)
  const { latitudeDeg, longitudeDeg } = toDegrees(center)
  const latitude = `${Math.abs(latitudeDeg).toFixed(2)}° ${latitudeDeg < 0 ? 'S' : 'N'}`
  const longitude = `${Math.abs(longitudeDeg).toFixed(2)}° ${longitudeDeg < 0 ? 'W' : 'E'}`
  return `Region: up to ${significant(areaSquareMeters / 1e6)} km², within ${radius} km of ${latitude}, ${longitude}.`
}

function mapText({ name, sha256, errorMeters }: TerritoryMapInfo): string {
  const hash = sha256 === undefined ? '' : `, SHA-256 ${sha256.slice(0, 12)}…`
  return `Map: ${name}${hash}, exact to ${significant(errorMeters / 1000)} km.`
}

/** Two figures, as more would suggest that the region is known better than that; rounded up, as these are bounds. */
function significant(value: number): string {
  if (!(value > 0)) return '0'
  const step = 10 ** (Math.floor(Math.log10(value)) - 1)
  const rounded = Math.ceil(value / step - 1e-9) * step
  return rounded >= 10 ? grouped(Math.round(rounded)) : String(Number(rounded.toPrecision(2)))
}

function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',')
}
