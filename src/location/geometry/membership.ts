// Caps to the test whether a point violates at most f operators.
import { capTest } from './cap.js'
import { membershipRad, type OperatorCap } from './discs.js'
import type { Vector3 } from './vector.js'

export type Membership = (point: Vector3) => boolean

/** Counts operators, each once; every cap is grown so that the region's own boundary counts as inside. */
export function membership(caps: readonly OperatorCap[], faultTolerance: number): Membership {
  const tests = caps.map((cap) => ({
    operator: cap.operator,
    holds: capTest({ center: cap.center, radiusRad: cap.radiusRad + membershipRad }),
  }))
  if (faultTolerance === 0) return (point) => tests.every(({ holds }) => holds(point))
  return (point) => {
    const against = new Set<number>()
    for (const { operator, holds } of tests) {
      if (against.has(operator) || holds(point)) continue
      against.add(operator)
      if (against.size > faultTolerance) return false
    }
    return true
  }
}

const axes: readonly Vector3[] = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
  [-1, 0, 0],
  [0, -1, 0],
  [0, 0, -1],
]

/** Tells nothing from everything, where the boundary cannot: by vote, since a single point may be the exception. */
export function holdsMostly(contains: Membership): boolean {
  return axes.filter(contains).length > axes.length / 2
}
