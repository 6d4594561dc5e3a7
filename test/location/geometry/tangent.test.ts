// Circles that touch to the last bit: the boundary is what geometry says, whichever way rounding falls.
import { describe, expect, it } from 'vitest'
import { boundaryArcs } from '../../../src/location/geometry/boundary.js'
import type { OperatorCap } from '../../../src/location/geometry/discs.js'
import { angle, fromDegrees, type Vector3 } from '../../../src/location/geometry/vector.js'

const places = Array.from({ length: 60 }, (_, i) => ({
  a: fromDegrees(((i * 37) % 150) - 75, ((i * 101) % 360) - 180),
  b: fromDegrees(((i * 53) % 150) - 75, ((i * 67 + 40) % 360) - 180),
  share: ((i * 29) % 80) / 100 + 0.1,
}))

function arcsOf(a: Vector3, aRad: number, b: Vector3, bRad: number, faultTolerance: number) {
  const cap = (center: Vector3, radiusRad: number, operator: number): OperatorCap => {
    return { center, radiusRad, operator, group: String(operator), disc: operator }
  }
  return boundaryArcs([cap(a, aRad, 0), cap(b, bRad, 1)], faultTolerance)
}

const sweeps = (arcs: readonly { readonly cap: number; readonly sweepRad: number }[]) =>
  arcs.map(({ cap, sweepRad }) => [cap, sweepRad]).sort(([x = 0], [y = 0]) => x - y)
const whole = 2 * Math.PI

/** `exact` of radii close to a sum, in both orders of the circles. */
function exactPairs(total: (distance: number) => number, exact: (a: number, b: number, d: number) => boolean) {
  return places.flatMap(({ a, b, share }) => {
    const d = angle(a, b)
    const aRad = total(d) * share * 0.5
    const bRad = total(d) - aRad
    return bRad > 0 && bRad < Math.PI && aRad < Math.PI && exact(aRad, bRad, d) ? [{ a, aRad, b, bRad }] : []
  })
}

describe('two circles that touch', () => {
  it('from outside: together they are two whole circles, in common they have nothing', () => {
    const pairs = exactPairs(
      (d) => d,
      (a, b, d) => a + b === d,
    )
    expect(pairs.length).toBeGreaterThan(20)
    for (const { a, aRad, b, bRad } of pairs) {
      expect(sweeps(arcsOf(a, aRad, b, bRad, 1))).toEqual([
        [0, whole],
        [1, whole],
      ])
      expect(arcsOf(a, aRad, b, bRad, 0)).toEqual([])
    }
  })

  it('from inside: together they are the larger circle, in common the smaller', () => {
    let met = 0
    for (const { a, b, share } of places) {
      const d = angle(a, b)
      const bRad = (Math.PI - d) * share * 0.5
      const aRad = d + bRad
      if (aRad >= Math.PI) continue
      met++
      expect(sweeps(arcsOf(a, aRad, b, bRad, 1))).toEqual([[0, whole]])
      expect(sweeps(arcsOf(a, aRad, b, bRad, 0))).toEqual([[1, whole]])
      expect(sweeps(arcsOf(b, bRad, a, aRad, 1))).toEqual([[1, whole]])
      expect(sweeps(arcsOf(b, bRad, a, aRad, 0))).toEqual([[0, whole]])
    }
    expect(met).toBeGreaterThan(40)
  })

  it('around the back: together they are the globe, in common all but two circles', () => {
    let met = 0
    for (const { a, b, share } of places) {
      const d = angle(a, b)
      const aRad = Math.PI - d / 2 - share * 0.3
      const bRad = 2 * Math.PI - d - aRad
      if (bRad >= Math.PI || aRad <= 0 || !(d + (aRad + bRad) >= 2 * Math.PI)) continue
      met++
      expect(arcsOf(a, aRad, b, bRad, 1)).toEqual([])
      expect(sweeps(arcsOf(a, aRad, b, bRad, 0))).toEqual([
        [0, whole],
        [1, whole],
      ])
    }
    expect(met).toBeGreaterThan(10)
  })
})
