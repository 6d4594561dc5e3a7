// An empty region to the discs that make it so.
import { boundaryArcs } from './boundary.js'
import { type OperatorCap, withoutRedundant } from './discs.js'
import { holdsSomewhere, membership } from './membership.js'
import type { DiscConflict } from './region.js'
import { angle, earthRadiusMeters } from './vector.js'

/** Enough to see who disagrees with whom; an adversary could make the list grow with the square of the input. */
const maxPairs = 64

/** Crossings of circles looked at, at most: about a second. Enough for 64 discs at any tolerance, for 512 at a small one. */
const maxWork = 4_000_000

/**
 * Names discs that cannot all be right. Without tolerance: the pairs that do not meet, widest gap first. Otherwise, or
 * if all pairs meet: one set of discs that is empty on its own and of which none can be spared (unless the search became too long).
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

/**
 * The cap that turns a growing set empty is needed. Put it first and start over, until the needed ones alone are empty.
 * When the work runs out, everything not yet cleared stays in.
 */
function irreducible(caps: readonly OperatorCap[], faultTolerance: number): readonly OperatorCap[] {
  const needed: OperatorCap[] = []
  let rest = caps
  let work = maxWork
  const isEmpty = (some: readonly OperatorCap[]): boolean => {
    work -= some.length ** 2
    return boundaryArcs(some, faultTolerance).length === 0 && !holdsSomewhere(membership(some, faultTolerance))
  }
  while (rest.length > 0 && !isEmpty(needed)) {
    let low = 1
    let high = rest.length
    while (low < high) {
      if (work < 0) return [...needed, ...rest.slice(0, high)]
      const middle = (low + high) >> 1
      if (isEmpty([...needed, ...rest.slice(0, middle)])) high = middle
      else low = middle + 1
    }
    needed.push(...rest.slice(low - 1, low))
    rest = rest.slice(0, low - 1)
  }
  return needed
}
