// A region, its discs and landmarks to the part of the globe worth showing.
import type { Cap } from '../geometry/cap.js'
import type { Disc, Region } from '../geometry/region.js'
import { angle, earthRadiusMeters, negate, type Vector3 } from '../geometry/vector.js'
import { enclosingCapOf } from '../territory-line.js'
import { type View, view } from './projection.js'

export interface MapFrame {
  readonly views: readonly View[]
  readonly shape: 'rectangle' | 'hemispheres'
}

/** Where the map, or both, is drawn. */
export const mapBox: Box = { x: 16, y: 52, width: 792, height: 672 }

export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Enough of the surroundings to tell where it is. */
const smallestRad: number = 40_000 / earthRadiusMeters

/** Larger windows distort too much: then the globe is shown as two hemispheres. */
const largestRad = 1.1

const margin = 1.45

/** Landmarks this many times farther out than the region are still brought into the window. */
const landmarkReach = 2.2

/** Africa and Europe to the front, where nothing says otherwise. */
const frontOfGlobe: Vector3 = [Math.cos(0.35), 0, Math.sin(0.35)]

export function mapFrame(region: Region, discs: readonly Disc[], landmarks: readonly Vector3[]): MapFrame {
  const box = mapBox
  const focus = focusOf(region, discs, landmarks)
  const side = Math.min(box.width, box.height)
  const middle = [box.x + box.width / 2, box.y + box.height / 2] as const
  if (focus !== undefined) {
    const radiusRad = windowRadius(focus, landmarks)
    if (radiusRad <= largestRad) {
      const scale = side / 2 / (2 * Math.sin(radiusRad / 2))
      // The edge passes through the corners.
      const corner = Math.hypot(box.width, box.height) / 2 / scale
      const edgeRad = corner >= 1.9 ? 2.5 : 2 * Math.asin(corner / 2)
      return { views: [view(focus.center, middle, scale, edgeRad)], shape: 'rectangle' }
    }
  }
  const front = focus?.center ?? frontOfGlobe
  const radius = Math.min(box.width / 4 - 6, box.height / 2 - 6)
  const scale = radius / Math.SQRT2
  const hemisphere = (center: Vector3, x: number): View => view(center, [x, middle[1]], scale, Math.PI / 2)
  return {
    views: [hemisphere(front, box.x + box.width / 4), hemisphere(negate(front), box.x + (3 * box.width) / 4)],
    shape: 'hemispheres',
  }
}

/** The region; of an empty one the discs at odds; of the whole globe nothing in particular. */
function focusOf(region: Region, discs: readonly Disc[], landmarks: readonly Vector3[]): Cap | undefined {
  switch (region.kind) {
    case 'bounded':
      return region.enclosingCap
    case 'everywhere':
      return undefined
    case 'empty': {
      const odd = new Set(region.conflicts.slice(0, 1).flatMap((conflict) => conflict.discs))
      const shown = discs.filter((_, index) => odd.has(index))
      const caps = shown.map(({ center, radiusMeters }) => ({ center, radiusRad: radiusMeters / earthRadiusMeters }))
      const cap = enclosingCapOf(caps.length > 0 ? caps : landmarks.map((center) => ({ center, radiusRad: 0 })))
      return cap.radiusRad < Math.PI ? cap : undefined
    }
    default:
      region satisfies never
      return undefined
  }
}

function windowRadius({ center, radiusRad }: Cap, landmarks: readonly Vector3[]): number {
  const least = Math.max(radiusRad * margin, smallestRad)
  return landmarks
    .map((landmark) => angle(center, landmark) * 1.1)
    .filter((away) => away < Math.max(radiusRad * landmarkReach, smallestRad))
    .reduce((most, away) => Math.max(most, away), least)
}
