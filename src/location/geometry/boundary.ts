// Caps to the boundary of the points that violate at most f operators: one sweep around each circle, then closed loops.
import { type CircleRelation, circleInCap, pointOnCircle } from './cap.js'
import type { OperatorCap } from './discs.js'
import type { Arc } from './region.js'
import { angle, dot, tangentFrame, type Vector3 } from './vector.js'

/** An arc, and whether the boundary turns left where it ends: it leaves a cap there (a corner), or enters one (a notch). */
export interface BoundaryArc extends Arc {
  readonly endsConvex: boolean
}

/** A point where the circle swept crosses another: `vertex` is the same number seen from either circle. */
interface Crossing {
  readonly angleRad: number
  readonly operator: number
  readonly entering: boolean
  readonly vertex: number
}

interface OpenArc {
  readonly cap: number
  readonly from: Crossing | undefined
  readonly to: Crossing | undefined
  /** Whether it passes angle zero. */
  readonly wraps: boolean
}

/**
 * The boundary, loop after loop, the region to the left. A circle carries boundary where its operator's other caps all
 * hold and exactly `faultTolerance` other operators are violated: one step inwards it is f, one step outwards f + 1.
 */
export function boundaryArcs(caps: readonly OperatorCap[], faultTolerance: number): readonly BoundaryArc[] {
  const operators = caps.reduce((most, cap) => Math.max(most, cap.operator + 1), 0)
  const open = caps.flatMap((_, index) => sweepCircle(caps, index, operators, faultTolerance))
  return closeLoops(caps, open)
}

function sweepCircle(
  caps: readonly OperatorCap[],
  index: number,
  operators: number,
  faultTolerance: number,
): readonly OpenArc[] {
  const own = caps[index]
  if (own === undefined) return []
  const violated = new Int32Array(operators)
  const crossings: Crossing[] = []
  const { first, second } = tangentFrame(own.center)
  for (const [j, other] of caps.entries()) {
    if (j === index) continue
    const relation = circleInCap(own.radiusRad, other.radiusRad, angle(own.center, other.center))
    if (relation.kind === 'inside') continue
    let outsideAtZero = true
    if (relation.kind === 'crossing') {
      const towards = Math.atan2(dot(other.center, second), dot(other.center, first))
      outsideAtZero = !addCrossings(crossings, towards, relation.halfAngleRad, other.operator, [
        j * caps.length + index,
        index * caps.length + j,
      ])
    } else if (other.operator === own.operator) return []
    if (outsideAtZero) add(violated, other.operator, 1)
  }
  crossings.sort((a, b) => a.angleRad - b.angleRad || Number(b.entering) - Number(a.entering))
  return cutCircle(index, own.operator, crossings, violated, faultTolerance)
}

/** Records where the circle enters and leaves a cap; true if angle zero lies in between. */
function addCrossings(
  crossings: Crossing[],
  towards: number,
  halfAngle: number,
  operator: number,
  [entry, exit]: readonly [number, number],
): boolean {
  const enter = positiveAngle(towards - halfAngle)
  const leave = positiveAngle(towards + halfAngle)
  crossings.push({ angleRad: enter, operator, entering: true, vertex: entry })
  crossings.push({ angleRad: leave, operator, entering: false, vertex: exit })
  return enter > leave || (enter === leave && halfAngle > Math.PI / 2)
}

function cutCircle(
  cap: number,
  ownOperator: number,
  crossings: readonly Crossing[],
  violated: Int32Array,
  faultTolerance: number,
): readonly OpenArc[] {
  let others = 0
  for (const [operator, count] of violated.entries()) if (operator !== ownOperator && count > 0) others++
  const onBoundary = (): boolean => others === faultTolerance && violated[ownOperator] === 0
  const arcs: OpenArc[] = []
  let on = onBoundary()
  let from: Crossing | undefined
  let wrapsTo: Crossing | undefined
  for (const crossing of crossings) {
    const count = add(violated, crossing.operator, crossing.entering ? -1 : 1)
    if (crossing.operator !== ownOperator) {
      if (crossing.entering && count === 0) others--
      if (!crossing.entering && count === 1) others++
    }
    const next = onBoundary()
    if (next && !on) from = crossing
    if (on && !next) {
      if (from === undefined) wrapsTo = crossing
      else arcs.push({ cap, from, to: crossing, wraps: false })
      from = undefined
    }
    on = next
  }
  // The arc across angle zero was opened last and closed first; a circle never cut has neither end.
  if (on) arcs.push({ cap, from, to: wrapsTo, wraps: true })
  return arcs
}

function add(counts: Int32Array, index: number, step: number): number {
  const next = (counts[index] ?? 0) + step
  counts[index] = next
  return next
}

function positiveAngle(angleRad: number): number {
  const turn = angleRad % (2 * Math.PI)
  return turn < 0 ? turn + 2 * Math.PI : turn
}

function closeLoops(caps: readonly OperatorCap[], open: readonly OpenArc[]): readonly BoundaryArc[] {
  const located = open.map((arc) => locate(caps, arc))
  const next = linkArcs(open, located)
  const done = new Set<number>()
  const arcs: BoundaryArc[] = []
  let loop = 0
  for (const index of open.keys()) {
    if (done.has(index)) continue
    for (let at = index; !done.has(at); at = next[at] ?? index) {
      done.add(at)
      const arc = located[at]
      if (arc !== undefined) arcs.push({ ...arc, loop })
    }
    loop++
  }
  return arcs
}

type LocatedArc = Omit<BoundaryArc, 'loop'>

function locate(caps: readonly OperatorCap[], { cap, from, to, wraps }: OpenArc): LocatedArc {
  if (from === undefined || to === undefined) {
    const start = vertexPoint(caps, cap * caps.length + cap)
    return { cap, start, end: start, sweepRad: 2 * Math.PI, endsConvex: true }
  }
  // By where it was cut, not by the difference alone: almost a whole turn and almost none may look the same.
  const sweepRad = to.angleRad - from.angleRad + (wraps ? 2 * Math.PI : 0)
  const start = vertexPoint(caps, from.vertex)
  return { cap, start, end: vertexPoint(caps, to.vertex), sweepRad, endsConvex: !to.entering }
}

/** Vertex `a * n + b` is the point where the circle of cap a leaves cap b, and that of cap b enters cap a. */
function vertexPoint(caps: readonly OperatorCap[], vertex: number): Vector3 {
  const a = caps[Math.floor(vertex / caps.length)]
  const b = caps[vertex % caps.length]
  if (a === undefined || b === undefined) throw new TypeError('vertex of caps that are not there')
  const relation: CircleRelation = circleInCap(a.radiusRad, b.radiusRad, angle(a.center, b.center))
  return pointOnCircle(a, b.center, relation.kind === 'crossing' ? relation.halfAngleRad : 0)
}

/** The arc that follows each arc: the one that starts at the vertex where it ends. */
function linkArcs(open: readonly OpenArc[], located: readonly LocatedArc[]): readonly number[] {
  const starts = new Map<number, number>()
  const next: number[] = []
  for (const [index, { from }] of open.entries()) if (from !== undefined) starts.set(from.vertex, index)
  const unlinked: number[] = []
  for (const [index, { from, to }] of open.entries()) {
    const follower = from === undefined || to === undefined ? index : starts.get(to.vertex)
    if (follower === undefined) unlinked.push(index)
    else next[index] = follower
    if (to !== undefined) starts.delete(to.vertex)
  }
  // Three circles through one point, to the last bit: rounding may order the crossings differently on each circle, and
  // what remains is a gap of rounding size. Close it with the nearest start.
  const free = new Set(open.keys())
  for (const index of next) free.delete(index)
  for (const index of unlinked) {
    const nearest = nearestStart(located, free, located[index])
    next[index] = nearest ?? index
    if (nearest !== undefined) free.delete(nearest)
  }
  return next
}

function nearestStart(
  located: readonly LocatedArc[],
  free: ReadonlySet<number>,
  ended: LocatedArc | undefined,
): number | undefined {
  let nearest: number | undefined
  let least = Number.POSITIVE_INFINITY
  for (const index of free) {
    const start = located[index]?.start
    if (start === undefined || ended === undefined) continue
    const gap = angle(start, ended.end)
    if (gap < least) {
      least = gap
      nearest = index
    }
  }
  return nearest
}
