// Places for labels on the map: inside the areas they name, next to the landmarks they name, never on one another.

import type { LandShape } from './land.js'
import { textWidth } from './style.js'
import { type Pixel, segmentDistance } from './svg.js'
import type { Box } from './view-window.js'

export interface Label {
  readonly text: string
  /** Middle of the text, or its left end. */
  readonly at: Pixel
  readonly size: number
  readonly anchor: 'middle' | 'start' | 'end'
}

/** Room already taken, in pixels. */
export interface Occupied {
  readonly boxes: Box[]
}

function isFree({ boxes }: Occupied, box: Box, within: Box): boolean {
  if (box.x < within.x || box.y < within.y) return false
  if (box.x + box.width > within.x + within.width || box.y + box.height > within.y + within.height) return false
  return !boxes.some(
    (other) =>
      box.x < other.x + other.width &&
      other.x < box.x + box.width &&
      box.y < other.y + other.height &&
      other.y < box.y + box.height,
  )
}

function boxOf({ text, at, size, anchor }: Label): Box {
  const width = textWidth(text, size) + 4
  const left = anchor === 'middle' ? at[0] - width / 2 : anchor === 'start' ? at[0] - 2 : at[0] - width + 2
  return { x: left, y: at[1] - size, width, height: size * 1.3 }
}

/** Marks are points with names; the label goes to the right if there is room, else left, above, below, else nowhere. */
export function labelMarks(
  marks: readonly { readonly text: string; readonly at: Pixel }[],
  within: Box,
  taken: Occupied,
): readonly Label[] {
  const size = 13
  for (const { at } of marks) taken.boxes.push({ x: at[0] - 6, y: at[1] - 6, width: 12, height: 12 })
  return marks.flatMap(({ text, at: [x, y] }) => {
    const places: readonly Label[] = [
      { text, size, anchor: 'start', at: [x + 9, y + 4.5] },
      { text, size, anchor: 'end', at: [x - 9, y + 4.5] },
      { text, size, anchor: 'middle', at: [x, y - 10] },
      { text, size, anchor: 'middle', at: [x, y + 20] },
    ]
    const free = places.find((label) => isFree(taken, boxOf(label), within))
    if (free === undefined) return []
    taken.boxes.push(boxOf(free))
    return [free]
  })
}

const gridPixels = 12
const largestSize = 19
const smallestSize = 11

/** Spots tried per shape, roomiest first. */
const maxSpots = 24

export interface NamedShape {
  readonly shape: LandShape
  readonly name: string
  /** For where the name does not fit. */
  readonly short: string
}

/** One label per shape, where the shape is widest within `within` and nothing else is; none where it would not fit. */
export function labelShapes(
  shapes: readonly NamedShape[],
  within: Box,
  isShown: (at: Pixel) => boolean,
  taken: Occupied,
): readonly Label[] {
  const spots = shapes
    .map(({ shape, name, short }) => ({ name, short, spots: roomiest(shape, within, isShown) }))
    .sort((a, b) => (b.spots[0]?.room ?? 0) - (a.spots[0]?.room ?? 0))
  return spots.flatMap((shape) => {
    const label = fittingLabel(shape, within, taken)
    if (label === undefined) return []
    taken.boxes.push(boxOf(label))
    return [label]
  })
}

function fittingLabel(
  { name, short, spots }: { readonly name: string; readonly short: string; readonly spots: readonly Spot[] },
  within: Box,
  taken: Occupied,
): Label | undefined {
  for (const text of [name, short])
    for (const { at, room } of spots) {
      const size = Math.round(Math.min(largestSize, (3.2 * room) / textWidth(text, 1), room))
      if (size < smallestSize) break
      const label: Label = { text, size, anchor: 'middle', at: [at[0], at[1] + size * 0.35] }
      if (isFree(taken, boxOf(label), within)) return label
    }
  return undefined
}

interface Spot {
  readonly at: Pixel
  /** Distance to the nearest edge, of the shape or of the map. */
  readonly room: number
}

function roomiest({ rings }: LandShape, within: Box, isShown: (at: Pixel) => boolean): readonly Spot[] {
  const spots: Spot[] = []
  for (let y = within.y + gridPixels; y < within.y + within.height; y += gridPixels) {
    const crossings = rowCrossings(rings, y)
    for (let x = within.x + gridPixels; x < within.x + within.width; x += gridPixels) {
      if (crossings.filter((at) => at > x).length % 2 === 0 || !isShown([x, y])) continue
      const border = Math.min(x - within.x, y - within.y, within.x + within.width - x, within.y + within.height - y)
      const enough = spots[maxSpots - 1]?.room ?? smallestSize - 1
      if (border <= enough) continue
      const room = Math.min(border, distanceTo(rings, [x, y], enough))
      if (room <= enough) continue
      spots.push({ at: [x, y], room })
      spots.sort((a, b) => b.room - a.room)
      spots.length = Math.min(spots.length, maxSpots)
    }
  }
  return spots
}

export function isInShape({ rings }: LandShape, [x, y]: Pixel): boolean {
  return rowCrossings(rings, y).filter((at) => at > x).length % 2 === 1
}

function rowCrossings(rings: LandShape['rings'], y: number): readonly number[] {
  const found: number[] = []
  for (const ring of rings)
    for (const [index, [ax, ay]] of ring.entries()) {
      const [bx, by] = ring[index + 1] ?? ring[0] ?? [ax, ay]
      if (ay > y !== by > y) found.push(ax + ((y - ay) * (bx - ax)) / (by - ay))
    }
  return found
}

/** Stops as soon as the answer is below `enough`. */
function distanceTo(rings: LandShape['rings'], at: Pixel, enough: number): number {
  let least = Number.POSITIVE_INFINITY
  for (const ring of rings)
    for (const [index, from] of ring.entries()) {
      const to = ring[index + 1] ?? ring[0] ?? from
      least = Math.min(least, segmentDistance(at, from, to))
      if (least <= enough) return least
    }
  return least
}
