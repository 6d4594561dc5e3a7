// An empty region to the discs that make it so.
import { boundaryArcs } from './boundary.js'
import { type OperatorCap, withoutRedundant } from './discs.js'
import { holdsMostly, membership } from './membership.js'
import type { DiscConflict } from './region.js'
import { angle, earthRadiusMeters } from './vector.js'

/** Enough to see who disagrees with whom; an adversary could make the list grow with the square of the input. */
const maxPairs = 64

/**
 * Names discs that cannot all be right. Without tolerance: the pairs that do not meet, widest gap first. Otherwise, or
 * if all pairs meet: one set of discs that is empty on its own and of which none can be spared.
 */
export function findConflicts(caps: readonly OperatorCap[], faultTolerance: number): readonly DiscConflict[] {
  const pairs = faultTolerance === 0 ? disjointPairs(caps) : []
  if (pairs.length > 0) return pairs
  const needed = irreducible(withoutRedundant(caps, faultTolerance), faultTolerance)
  return [{ discs: needed.map((cap) => cap.disc) }]
}

function disjointPairs(caps: readonly OperatorCap[]): readonly DiscConflict[] {
  const pairs: { readonly discs: readonly number[]; readonly gapMeters: number }[] = []
  for (const [i, a] of caps.entries())
    for (const b of caps.slice(i + 1)) {
      const gapRad = angle(a.center, b.center) - a.radiusRad - b.radiusRad
      if (gapRad > 0) pairs.push({ discs: [a.disc, b.disc], gapMeters: gapRad * earthRadiusMeters })
    }
  return pairs.sort((a, b) => b.gapMeters - a.gapMeters).slice(0, maxPairs)
}

/** The cap that turns a growing set empty is needed. Put it first and start over, until the needed ones alone are empty. */
function irreducible(caps: readonly OperatorCap[], faultTolerance: number): readonly OperatorCap[] {
  const needed: OperatorCap[] = []
  let rest = caps
  while (rest.length > 0 && !isEmpty(needed, faultTolerance)) {
    const length = shortestEmptyPrefix(needed, rest, faultTolerance)
    const last = rest[length - 1]
    if (last === undefined) break
    needed.push(last)
    rest = rest.slice(0, length - 1)
  }
  return needed
}

/** By bisection: every cap more can only make the region smaller. */
function shortestEmptyPrefix(
  needed: readonly OperatorCap[],
  rest: readonly OperatorCap[],
  faultTolerance: number,
): number {
  let low = 1
  let high = rest.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (isEmpty([...needed, ...rest.slice(0, middle)], faultTolerance)) high = middle
    else low = middle + 1
  }
  return low
}

function isEmpty(caps: readonly OperatorCap[], faultTolerance: number): boolean {
  return boundaryArcs(caps, faultTolerance).length === 0 && !holdsMostly(membership(caps, faultTolerance))
}
