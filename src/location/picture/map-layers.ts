// Layers of one map to SVG text: ground, land by status, region, discs, labels.
import { pointOnCircle } from '../geometry/cap.js'
import { outlines } from '../geometry/outline.js'
import type { Disc, Region } from '../geometry/region.js'
import { angle, earthRadiusMeters, negate } from '../geometry/vector.js'
import type { TerritoryArea } from '../territory-map.js'
import { graticulePath } from './graticule.js'
import type { Label } from './labels.js'
import { cutFrame, type LandShape } from './land.js'
import { mapDistance, project, projectLine, type View } from './projection.js'
import { colours } from './style.js'
import { escapeText, pathData, round, simplify } from './svg.js'
import { type MapFrame, mapBox } from './view-window.js'

export function outlineOf(map: View, { shape }: MapFrame, attributes = ''): string {
  const { x, y } = mapBox
  if (shape === 'rectangle')
    return `<rect x="${x}" y="${y}" width="${mapBox.width}" height="${mapBox.height}"${attributes}/>`
  return `<circle cx="${round(map.at[0])}" cy="${round(map.at[1])}" r="${round(mapDistance(map, map.edgeRad))}"${attributes}/>`
}

/** Sea and net. */
export function ground(map: View, frame: MapFrame): string {
  const net = graticulePath(map, map.edgeRad)
  return (
    `${outlineOf(map, frame, ` fill="${colours.sea}"`)}` +
    `<path d="${net}" fill="none" stroke="${colours.graticule}" stroke-width="0.8"/>`
  )
}

export type Status = 'proved' | 'possible' | 'excluded'

const order: readonly Status[] = ['excluded', 'possible', 'proved']

/** Land first, then what is claimed over it: translucent, as it may reach out to sea. */
export function landSvg(
  shapes: readonly LandShape[],
  status: (area: TerritoryArea) => Status,
  hatchId: string,
): string {
  return (['land', 'claim'] as const)
    .flatMap((kind) => {
      const stroke = `stroke="${colours.border}" stroke-width="0.8" stroke-linejoin="round"`
      const style = kind === 'land' ? stroke : `${stroke} stroke-dasharray="2 2" fill-opacity="0.4"`
      return order.map((wanted) => {
        // One path per area: lines between two areas of one colour still show, and even-odd stays within the area.
        const paths = shapes
          .filter(({ area }) => area.kind === kind && status(area) === wanted)
          .map(({ rings }) => pathData(rings, true))
          .filter((data) => data !== '')
          .map((data) => `<path d="${data}"/>`)
          .join('')
        if (paths === '') return ''
        const filled = `<g fill="${colours[wanted]}" fill-rule="evenodd" ${style}>${paths}</g>`
        if (wanted !== 'possible') return filled
        return `${filled}<g fill="url(#${hatchId})" fill-rule="evenodd">${paths}</g>`
      })
    })
    .join('')
}

/** Below this size a mark shows where the region is. */
const smallestRegionPixels = 5

export function regionSvg(map: View, region: Region): string {
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
  // Paled first: blue over amber alone would be a brown that the key does not know.
  const shape =
    `<path d="${d}" fill="${colours.paper}" fill-opacity="0.4" fill-rule="evenodd"/>` +
    `<path d="${d}" fill="${colours.region}" fill-opacity="0.2" fill-rule="evenodd"/>` +
    `<path d="${d}" fill="none" stroke="${colours.paper}" stroke-width="4.5" stroke-opacity="0.8"/>` +
    `<path d="${d}" fill="none" stroke="${colours.region}" stroke-width="2.4" stroke-linejoin="round"/>`
  if (mapDistance(map, region.enclosingCap.radiusRad) >= smallestRegionPixels) return shape
  if (angle(region.enclosingCap.center, map.center) > map.cutRad) return shape
  const [x, y] = project(map, region.enclosingCap.center)
  return `${shape}<circle cx="${round(x)}" cy="${round(y)}" r="11" fill="none" stroke="${colours.region}" stroke-width="2.4"/>`
}

const circleSteps = 360

export function discsSvg(map: View, discs: readonly Disc[]): string {
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

/** A pale rim keeps letters apart from whatever lies beneath. */
export function labelsSvg(labels: readonly Label[], colour: string): string {
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
