// Discs in metres to the caps a region is computed from: checked, ordered, rounded outward, the redundant ones dropped.
import { parseError } from '../../result/error.js'
import type { Disc, RegionCap } from './region.js'
import { angle, earthRadiusMeters, norm } from './vector.js'

/**
 * Every radius grows by this much (6 mm), so that a point lost to rounding (some 1e-15) cannot be lost to the region, and
 * a region that is not empty has an inside.
 */
const outwardRad = 1e-9

/** Ranks in the order of size grow on by this much each: identical or exactly touching discs become plainly nested or crossing. */
const rankRad = 1e-12

/** Rounding of the membership test, above the largest rounding of a boundary: the boundary itself always counts as inside. */
export const membershipRad = 2e-9

/** Bounds the work, which grows with the square of the number: 512 crossing circles take about a second. */
export const maxDiscs = 512

const maxRadiusMeters = 1e9

/** A cap with its operator as a number, as the sweep wants it. */
export interface OperatorCap extends RegionCap {
  readonly operator: number
}

/**
 * Checks and orders the discs: smallest first, ties by place and operator, so that the order of the input plays no part.
 * Discs that reach half way round the globe rule nothing out and are left out.
 * @throws AttestationError `location/too-many-discs`, `location/quantity`
 */
export function outwardCaps(discs: readonly Disc[]): readonly OperatorCap[] {
  if (discs.length > maxDiscs)
    throw parseError('location/too-many-discs', 'discs', { limit: maxDiscs, actual: discs.length })
  const operators = new Map<string, number>()
  const order = discs.map((disc, index) => ({ disc, index }))
  for (const { disc, index } of order) requireDisc(disc, index)
  order.sort((a, b) => compareDiscs(a.disc, b.disc))
  return order
    .map(({ disc, index }, rank): OperatorCap => {
      const operator = operators.get(disc.group) ?? operators.size
      operators.set(disc.group, operator)
      const radiusRad = disc.radiusMeters / earthRadiusMeters + outwardRad + rank * rankRad
      return { center: disc.center, radiusRad, group: disc.group, disc: index, operator }
    })
    .filter((cap) => cap.radiusRad < Math.PI)
}

function requireDisc(disc: Disc, index: number): void {
  const value = disc.radiusMeters
  if (typeof value !== 'number' || !(value >= 0 && value <= maxRadiusMeters))
    throw parseError('location/quantity', `discs[${index}].radiusMeters`, { value, maximum: maxRadiusMeters })
  if (!(Math.abs(norm(disc.center) - 1) < 1e-9))
    throw new TypeError(`discs[${index}].center must be a unit vector, as fromDegrees makes it`)
}

function compareDiscs(a: Disc, b: Disc): number {
  return (
    a.radiusMeters - b.radiusMeters ||
    a.center[0] - b.center[0] ||
    a.center[1] - b.center[1] ||
    a.center[2] - b.center[2] ||
    (a.group < b.group ? -1 : a.group > b.group ? 1 : 0)
  )
}

/**
 * Leaves out caps that cannot matter. A point outside cap D is also outside every cap within D. So D says nothing new if
 * its own operator has a cap within it, and decides nothing if more than `faultTolerance` other operators have one: whoever
 * is outside D has too many operators against him already. True of each removal in turn, hence of all.
 */
export function withoutRedundant(caps: readonly OperatorCap[], faultTolerance: number): readonly OperatorCap[] {
  const kept: OperatorCap[] = []
  for (let i = caps.length - 1; i >= 0; i--) {
    const cap = caps[i]
    if (cap !== undefined && !isRedundant(cap, caps, i, faultTolerance)) kept.push(cap)
  }
  return kept.reverse()
}

function isRedundant(cap: OperatorCap, caps: readonly OperatorCap[], before: number, faultTolerance: number): boolean {
  const against = new Set<number>()
  for (let j = 0; j < before; j++) {
    const other = caps[j]
    if (other === undefined || against.has(other.operator)) continue
    if (angle(cap.center, other.center) + other.radiusRad > cap.radiusRad) continue
    if (other.operator === cap.operator) return true
    against.add(other.operator)
    if (against.size > faultTolerance) return true
  }
  return false
}
