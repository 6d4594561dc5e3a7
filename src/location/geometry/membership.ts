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

/** Points in no special position, spread over the globe. */
const scattered: readonly Vector3[] = /* @__PURE__ */ Array.from({ length: 32 }, (_, i): Vector3 => {
  const z = 0.97 - (2 * 0.97 * i) / 31
  const across = Math.sqrt(1 - z * z)
  return [across * Math.cos(2.4 * i + 0.3), across * Math.sin(2.4 * i + 0.3), z]
})

/** Tells everything from nothing, where the boundary cannot; in doubt, everything. */
export function holdsSomewhere(contains: Membership): boolean {
  return scattered.some(contains)
}
