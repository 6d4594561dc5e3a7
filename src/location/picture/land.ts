// Areas of a territory map to shapes on the picture: shared lines projected and simplified once, joined to rings per area.
import { angle, negate, type Vector3 } from '../geometry/vector.js'
import { insideLines } from '../territory-interior.js'
import { type BoundaryLine, linePoint } from '../territory-line.js'
import type { TerritoryArea, TerritoryMap } from '../territory-map.js'
import { projectLine, type View } from './projection.js'
import { type Pixel, simplify } from './svg.js'

export interface LandShape {
  readonly area: TerritoryArea
  /** Closed; inside by the even-odd rule. */
  readonly rings: readonly (readonly Pixel[])[]
}

/** Rings smaller than this are left out, unless `keep` says that the area matters. */
const smallestPixels = 1

/** Coarser by this factor each time there are too many points. */
const coarsening = 2
const maxCoarsenings = 8

/**
 * Shapes of all areas that show on the map, with at most `maxPoints` points in all: a picture of a rugged coast must not
 * become many megabytes. Every point moves by less than `tolerancePixels`, unless that limit asks for more.
 */
export function landShapes(
  map: View,
  territories: TerritoryMap,
  options: { readonly tolerancePixels: number; readonly maxPoints: number },
): readonly LandShape[] {
  const frame = cutFrame(map)
  const shown = territories.areas.filter((area) => area.lines.some((index) => !isFar(map, territories.lines[index])))
  const around = territories.areas.filter((area) => !shown.includes(area) && fills(map, area, territories.lines))
  const needed = new Set([...shown, ...around].flatMap((area) => area.lines))
  const raw = new Map([...needed].map((index) => [index, projected(map, territories.lines[index])] as const))
  let tolerance = options.tolerancePixels
  for (let round = 0; ; round++) {
    const lines = new Map([...raw].map(([index, line]) => [index, simplify(line, tolerance)] as const))
    const count = [...lines.values()].reduce((sum, line) => sum + line.length, 0)
    if (count <= options.maxPoints || round === maxCoarsenings) {
      const whole = around.map((area) => ({ area, rings: [frame] }))
      return [...whole, ...shown.map((area) => shapeOf(map, area, territories, lines, frame))]
    }
    tolerance *= coarsening
  }
}

/** True if the line cannot touch the map: then it runs along the cut from end to end, or shrinks to nothing. */
function isFar(map: View, line: BoundaryLine | undefined): boolean {
  if (line === undefined) return true
  const { center, radiusRad } = line.cap
  const away = angle(center, map.center)
  return away - radiusRad > map.cutRad && away + radiusRad < Math.PI
}

/** True if the area has no line on the map but contains all of it. */
function fills(map: View, area: TerritoryArea, lines: readonly BoundaryLine[]): boolean {
  return insideLines(linesOf(area, lines), map.center)
}

function linesOf(area: TerritoryArea, lines: readonly BoundaryLine[]): readonly BoundaryLine[] {
  return area.lines.flatMap((index) => lines[index] ?? [])
}

function projected(map: View, line: BoundaryLine | undefined): readonly Pixel[] {
  if (line === undefined) return []
  const last = line.points.length / 3 - 1
  if (isFar(map, line)) return projectLine(map, [linePoint(line.points, 0), linePoint(line.points, last)])
  return projectLine(map, pointsOf(line))
}

function* pointsOf({ points }: BoundaryLine): Iterable<Vector3> {
  for (let index = 0; 3 * index < points.length; index++) yield linePoint(points, index)
}

/** A ring around everything on the map: what is inside it and no other ring reaches round the back of the globe. */
export function cutFrame(map: View): readonly Pixel[] {
  const [x, y] = map.at
  const far = 4 * map.pixelsPerRadian
  const size = Math.min(far, 20_000)
  return [
    [x - size, y - size],
    [x + size, y - size],
    [x + size, y + size],
    [x - size, y + size],
    [x - size, y - size],
  ]
}

function shapeOf(
  map: View,
  area: TerritoryArea,
  { lines }: TerritoryMap,
  drawn: ReadonlyMap<number, readonly Pixel[]>,
  frame: readonly Pixel[],
): LandShape {
  const rings = joinRings(area, lines, drawn).filter(isVisible)
  const aroundTheBack = insideLines(linesOf(area, lines), negate(map.center))
  return { area, rings: aroundTheBack ? [frame, ...rings] : rings }
}

function isVisible(ring: readonly Pixel[]): boolean {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity]
  for (const [x, y] of ring) {
    left = Math.min(left, x)
    right = Math.max(right, x)
    top = Math.min(top, y)
    bottom = Math.max(bottom, y)
  }
  return right - left >= smallestPixels || bottom - top >= smallestPixels
}

interface Strand {
  readonly line: number
  readonly reversed: boolean
  readonly end: string
}

/** Lines meet where their ends are the same numbers: walk from end to end until each is used. */
function joinRings(
  area: TerritoryArea,
  lines: readonly BoundaryLine[],
  drawn: ReadonlyMap<number, readonly Pixel[]>,
): readonly (readonly Pixel[])[] {
  const starts = new Map<string, Strand[]>()
  const offer = (at: string, strand: Strand): void => {
    starts.set(at, [...(starts.get(at) ?? []), strand])
  }
  for (const index of area.lines) {
    const points = lines[index]?.points
    if (points === undefined) continue
    const first = linePoint(points, 0).join()
    const last = linePoint(points, points.length / 3 - 1).join()
    offer(first, { line: index, reversed: false, end: last })
    offer(last, { line: index, reversed: true, end: first })
  }
  const used = new Set<number>()
  return area.lines.flatMap((index) => {
    if (used.has(index)) return []
    const points = lines[index]?.points
    const ring: Pixel[] = []
    let at = points === undefined ? '' : linePoint(points, 0).join()
    for (;;) {
      const next = starts.get(at)?.find((strand) => !used.has(strand.line))
      if (next === undefined) break
      used.add(next.line)
      const line = drawn.get(next.line) ?? []
      for (const pixel of next.reversed ? [...line].reverse() : line) ring.push(pixel)
      at = next.end
    }
    return [ring]
  })
}
