// Points of the globe to pixels: Lambert's azimuthal equal-area projection, north up, cut off at a circle.
import { addScaled, angle, cross, dot, earthRadiusMeters, norm, normalise, type Vector3 } from '../geometry/vector.js'
import type { Pixel } from './svg.js'

/** One map on the picture. An azimuthal projection has no edge but the antipode: no antimeridian, no poles to mind. */
export interface View {
  readonly center: Vector3
  /** Direction that is right, and up, on the map. */
  readonly east: Vector3
  readonly north: Vector3
  readonly at: Pixel
  readonly pixelsPerRadian: number
  /** The map shows what is within this angle of the centre, or less where a rectangle cuts it. */
  readonly edgeRad: number
  /** A little farther: lines that leave run along this circle, so that fills stay right and nothing of it shows. */
  readonly cutRad: number
}

const beyondEdge = 1.04

export function view(center: Vector3, at: Pixel, pixelsPerRadian: number, edgeRad: number): View {
  const towards: Vector3 = Math.abs(center[2]) > 1 - 1e-9 ? [-center[2], 0, 0] : [0, 0, 1]
  const east = normalise(cross(towards, center))
  return { center, east, north: cross(center, east), at, pixelsPerRadian, edgeRad, cutRad: edgeRad * beyondEdge }
}

/** Distance on the map from its centre, for points `angleRad` away on the globe. */
export function mapDistance({ pixelsPerRadian }: View, angleRad: number): number {
  return 2 * Math.sin(angleRad / 2) * pixelsPerRadian
}

export function metersPerPixel({ pixelsPerRadian }: View): number {
  return earthRadiusMeters / pixelsPerRadian
}

/** The pixel of a point; points beyond the cut come to lie on it, in the same direction from the centre. */
export function project(map: View, point: Vector3): Pixel {
  const x = dot(point, map.east)
  const y = dot(point, map.north)
  const across = Math.hypot(x, y)
  if (across === 0) return dot(point, map.center) > 0 ? map.at : onCut(map, 0)
  const away = Math.atan2(across, dot(point, map.center))
  if (away > map.cutRad) return onCut(map, Math.atan2(y, x))
  const share = mapDistance(map, away) / across
  return [map.at[0] + x * share, map.at[1] - y * share]
}

function onCut(map: View, directionRad: number): Pixel {
  const distance = mapDistance(map, map.cutRad)
  return [map.at[0] + distance * Math.cos(directionRad), map.at[1] - distance * Math.sin(directionRad)]
}

/**
 * The great-circle line through `points` on the map. Edges are cut where they meet the cut circle; where they run beyond
 * it, the line follows the circle the same way round.
 */
export function projectLine(map: View, points: Iterable<Vector3>): Pixel[] {
  const line: Pixel[] = []
  let from: Vector3 | undefined
  for (const to of points) {
    if (from === undefined) line.push(project(map, to))
    else projectEdge(map, from, to, line, 0)
    from = to
  }
  return line
}

/** Edges longer than this share of the cut radius are halved, so that neither their bend nor a brief visit is missed. */
const longestShare = 0.2
const maxHalvings = 12

function projectEdge(map: View, from: Vector3, to: Vector3, line: Pixel[], depth: number): void {
  const length = angle(from, to)
  const fromAway = angle(from, map.center)
  const toAway = angle(to, map.center)
  if (Math.min(fromAway, toAway) > map.cutRad + length) {
    followCut(map, from, to, line)
    return
  }
  if (length > map.cutRad * longestShare && depth < maxHalvings) {
    const middle = between(from, to)
    projectEdge(map, from, middle, line, depth + 1)
    projectEdge(map, middle, to, line, depth + 1)
    return
  }
  if (fromAway > map.cutRad && toAway > map.cutRad) {
    followCut(map, from, to, line)
    return
  }
  if (fromAway <= map.cutRad !== toAway <= map.cutRad) {
    const crossing = cutPoint(map, from, to)
    if (fromAway > map.cutRad) followCut(map, from, crossing, line)
    else line.push(project(map, crossing))
    if (toAway > map.cutRad) followCut(map, crossing, to, line)
  }
  if (toAway <= map.cutRad) line.push(project(map, to))
}

function between(from: Vector3, to: Vector3): Vector3 {
  const sum = addScaled(from, to, 1)
  return norm(sum) < 1e-9 ? from : normalise(sum)
}

function cutPoint(map: View, from: Vector3, to: Vector3): Vector3 {
  const startsInside = angle(from, map.center) <= map.cutRad
  let [low, high] = [from, to]
  for (let i = 0; i < 20; i++) {
    const middle = between(low, high)
    if (angle(middle, map.center) <= map.cutRad === startsInside) low = middle
    else high = middle
  }
  return low
}

const cutStepRad: number = Math.PI / 60

/** An edge that stays beyond the cut turns by less than half a circle about the centre: the short way is its way. */
function followCut(map: View, from: Vector3, to: Vector3, line: Pixel[]): void {
  const start = Math.atan2(dot(from, map.north), dot(from, map.east))
  const end = Math.atan2(dot(to, map.north), dot(to, map.east))
  const turn = end - start - 2 * Math.PI * Math.round((end - start) / (2 * Math.PI))
  const steps = Math.max(1, Math.ceil(Math.abs(turn) / cutStepRad))
  for (let step = 1; step <= steps; step++) line.push(onCut(map, start + (turn * step) / steps))
}
