// The boundary of a region to closed outlines in longitude and latitude, fine enough to draw.
import { pointOnCircle } from './cap.js'
import type { Arc, Region } from './region.js'
import { angle, toDegrees, type Vector3 } from './vector.js'

/** Longitude and latitude in decimal degrees, in the order of RFC 7946. */
export type Position = readonly [number, number]

export interface Sample {
  readonly point: Vector3
  readonly position: Position
}

const maxSweepRad: number = Math.PI / 180

/** Near a pole a short step turns through many degrees of longitude; halve it until it does not, or is 60 cm long. */
const maxLongitudeStepDeg = 5
const minStepRad = 1e-7

/** Points along every loop of the boundary, the region to the left; the last is not a repetition of the first. */
export function outlines(region: Region): readonly (readonly Sample[])[] {
  const loops: Sample[][] = []
  for (const arc of region.arcs) {
    const loop = loops[arc.loop] ?? []
    loops[arc.loop] = loop
    sampleArc(region, arc, loop)
  }
  return loops
}

function sampleArc(region: Region, arc: Arc, into: Sample[]): void {
  const cap = region.caps[arc.cap]
  if (cap === undefined) return
  const steps = Math.max(1, Math.ceil(arc.sweepRad / maxSweepRad))
  const at = (step: number): Sample => sample(pointOnCircle(cap, arc.start, (arc.sweepRad * step) / steps))
  const refine = (from: Sample, fromStep: number, to: Sample, toStep: number): void => {
    const turn = Math.abs(to.position[0] - from.position[0])
    if (Math.min(turn, 360 - turn) <= maxLongitudeStepDeg || angle(from.point, to.point) < minStepRad) return
    const middleStep = (fromStep + toStep) / 2
    const middle = at(middleStep)
    refine(from, fromStep, middle, middleStep)
    into.push(middle)
    refine(middle, middleStep, to, toStep)
  }
  for (let step = 0; step < steps; step++) {
    const from = step === 0 ? sample(arc.start) : at(step)
    into.push(from)
    refine(from, step, at(step + 1), step + 1)
  }
}

function sample(point: Vector3): Sample {
  const { latitudeDeg, longitudeDeg } = toDegrees(point)
  return { point, position: [longitudeDeg, latitudeDeg] }
}
