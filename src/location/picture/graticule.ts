// The net of meridians and parallels that shows on a map, and its scale bar.
import { angle, fromDegrees, toDegrees, type Vector3 } from '../geometry/vector.js'
import { metersPerPixel, projectLine, type View } from './projection.js'
import { colours } from './style.js'
import { type Pixel, pathData, round, simplify } from './svg.js'
import type { Box } from './view-window.js'

const steps = [30, 20, 10, 5, 2, 1, 0.5, 0.2] as const
const samples = 36

/** Lines in a step that puts a handful of parallels on the map. */
export function graticulePath(map: View, radiusRad: number): string {
  const spanDeg = (2 * radiusRad * 180) / Math.PI
  const step = steps.find((candidate) => spanDeg / candidate >= 4) ?? 0.2
  const { latitudeDeg, longitudeDeg } = toDegrees(map.center)
  const reachDeg = (radiusRad * 180) / Math.PI + step
  const south = Math.max(-90, Math.floor((latitudeDeg - reachDeg) / step) * step)
  const north = Math.min(90, Math.ceil((latitudeDeg + reachDeg) / step) * step)
  const farthest = Math.min(89.9, Math.max(Math.abs(south), Math.abs(north)))
  const turn = reachDeg / Math.cos((farthest * Math.PI) / 180)
  const halfTurn = turn > 120 ? 180 : Math.ceil(turn / step) * step
  // Near a pole meridians run together: take fewer.
  const meridianStep = farthest > 80 ? Math.max(step, 15) : step
  const west = Math.floor((longitudeDeg - halfTurn) / meridianStep) * meridianStep
  const lines: Pixel[][] = []
  for (let latitude = south; latitude <= north; latitude += step)
    lines.push(...pieces(map, (share) => [latitude, west + share * 2 * halfTurn]))
  for (let longitude = west; longitude < west + 2 * halfTurn + meridianStep / 2; longitude += meridianStep)
    lines.push(...pieces(map, (share) => [south + share * (north - south), longitude]))
  return pathData(
    lines.map((line) => simplify(line, 0.3)),
    false,
  )
}

/** Only what lies within the cut: a line must not run along it. */
function pieces(map: View, at: (share: number) => readonly [number, number]): Pixel[][] {
  const found: Pixel[][] = []
  let run: Vector3[] = []
  const finish = (): void => {
    if (run.length > 1) found.push(projectLine(map, run))
    run = []
  }
  for (let i = 0; i <= samples * 4; i++) {
    const [latitude, longitude] = at(i / (samples * 4))
    const wrapped = longitude - 360 * Math.round(longitude / 360)
    const point = fromDegrees(Math.max(-90, Math.min(90, latitude)), wrapped)
    if (angle(point, map.center) < map.cutRad) run.push(point)
    else finish()
  }
  finish()
  return found
}

const longestBarPixels = 150

/** A round number of kilometres or metres, true at the middle of the map. */
export function scaleBar(map: View, box: Box): string {
  const most = longestBarPixels * metersPerPixel(map)
  const power = 10 ** Math.floor(Math.log10(most))
  const meters = [5, 2, 1].map((digit) => digit * power).find((length) => length <= most) ?? power
  const width = meters / metersPerPixel(map)
  const text = meters >= 1000 ? `${meters / 1000} km` : `${meters} m`
  const [x, y] = [box.x + 14, box.y + box.height - 16]
  return (
    `<g><rect x="${round(x - 8)}" y="${round(y - 24)}" width="${round(Math.max(width + 16, 70))}" height="34" rx="4" fill="${colours.paper}" fill-opacity="0.85"/>` +
    `<path d="M${round(x)} ${round(y - 5)}v5h${round(width)}v-5" fill="none" stroke="${colours.ink}" stroke-width="1.6"/>` +
    `<text x="${round(x)}" y="${round(y - 9)}" font-size="12" fill="${colours.ink}">${text}</text></g>`
  )
}
