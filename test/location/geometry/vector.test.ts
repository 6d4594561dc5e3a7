import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { capContains, capIntersections } from '../../../src/location/geometry/cap.js'
import {
  angle,
  fromDegrees,
  negate,
  norm,
  rotate,
  tangentFrame,
  toDegrees,
} from '../../../src/location/geometry/vector.js'
import { AttestationError } from '../../../src/result/error.js'
import { anyPoint, evenly } from './scene.js'

describe('positions', () => {
  it('turn degrees into unit vectors and back', () => {
    const degrees = fc.record({
      latitude: fc.double({ min: -89.999, max: 89.999, noNaN: true }),
      longitude: fc.double({ min: -179.999, max: 180, noNaN: true }),
    })
    fc.assert(
      fc.property(degrees, ({ latitude, longitude }) => {
        const point = fromDegrees(latitude, longitude)
        expect(norm(point)).toBeCloseTo(1, 14)
        expect(toDegrees(point).latitudeDeg).toBeCloseTo(latitude, 10)
        expect(toDegrees(point).longitudeDeg).toBeCloseTo(longitude, 9)
      }),
    )
  })

  it('know one pole and one antimeridian', () => {
    expect(fromDegrees(90, 17)).toEqual(fromDegrees(90, -120))
    expect(fromDegrees(-90, 17)).toEqual([0, 0, -1])
    expect(angle(fromDegrees(5, 180), fromDegrees(5, -180))).toBeLessThan(1e-15)
    expect(toDegrees(fromDegrees(5, -180)).longitudeDeg).toBe(180)
  })

  it.each([
    [Number.NaN, 0, 'latitude'],
    [90.0001, 0, 'latitude'],
    [-91, 0, 'latitude'],
    [Number.POSITIVE_INFINITY, 0, 'latitude'],
    [0, Number.NaN, 'longitude'],
    [0, 180.0001, 'longitude'],
    [0, -181, 'longitude'],
    [0, Number.NEGATIVE_INFINITY, 'longitude'],
  ])('refuse latitude %d, longitude %d', (latitude, longitude, at) => {
    try {
      fromDegrees(latitude, longitude)
    } catch (error) {
      if (!(error instanceof AttestationError)) throw error
      expect([error.code, error.at]).toEqual(['location/coordinate', at])
      expect(() => fromDegrees(latitude, longitude, 'landmarks[2].location')).toThrow(`landmarks[2].location.${at}`)
      return
    }
    throw new Error('accepted')
  })
})

describe('angles', () => {
  it('are accurate where the dot product is flat: near 0 and near pi', () => {
    const a = fromDegrees(0, 0)
    for (const tiny of [1e-3, 1e-6, 1e-9]) {
      const b = fromDegrees(0, tiny)
      expect(angle(a, b) / ((tiny * Math.PI) / 180)).toBeCloseTo(1, 9)
      expect((Math.PI - angle(negate(a), b)) / ((tiny * Math.PI) / 180)).toBeCloseTo(1, 4)
    }
  })

  it('turn counter-clockwise seen from outside', () => {
    const pole = fromDegrees(90, 0)
    expect(toDegrees(rotate(fromDegrees(50, 10), pole, Math.PI / 2))).toMatchObject({
      latitudeDeg: expect.closeTo(50, 9),
      longitudeDeg: expect.closeTo(100, 9),
    })
    fc.assert(
      fc.property(anyPoint, (axis) => {
        const { first, second } = tangentFrame(axis)
        expect(angle(first, axis)).toBeCloseTo(Math.PI / 2, 12)
        expect(angle(rotate(first, axis, Math.PI / 2), second)).toBeLessThan(1e-12)
      }),
    )
  })
})

describe('caps', () => {
  it('contain what is near enough, whatever their size', () => {
    const cap = fc.record({ center: anyPoint, radiusRad: evenly(0, Math.PI) })
    fc.assert(
      fc.property(cap, anyPoint, ({ center, radiusRad }, point) => {
        const distance = angle(center, point)
        if (Math.abs(distance - radiusRad) < 1e-12) return
        expect(capContains({ center, radiusRad }, point)).toBe(distance < radiusRad)
      }),
      { numRuns: 1000 },
    )
    const center = fromDegrees(20, 30)
    expect(capContains({ center, radiusRad: Math.PI }, negate(center))).toBe(true)
    expect(capContains({ center, radiusRad: 4 }, negate(center))).toBe(true)
    expect(capContains({ center, radiusRad: -1e-9 }, center)).toBe(false)
    expect(capContains({ center, radiusRad: Number.NaN }, center)).toBe(false)
    expect(capContains({ center, radiusRad: Math.PI - 1e-9 }, negate(center))).toBe(false)
  })

  it('meet in points that lie on both circles', () => {
    const cap = fc.record({ center: anyPoint, radiusRad: evenly(0.001, 3.1) })
    let crossings = 0
    fc.assert(
      fc.property(cap, cap, (a, b) => {
        const points = capIntersections(a, b)
        crossings += points.length
        for (const point of points) {
          expect(angle(a.center, point)).toBeCloseTo(a.radiusRad, 12)
          expect(angle(b.center, point)).toBeCloseTo(b.radiusRad, 7)
        }
        const distance = angle(a.center, b.center)
        const margin = Math.min(
          a.radiusRad + b.radiusRad - distance,
          distance - Math.abs(a.radiusRad - b.radiusRad),
          2 * Math.PI - distance - a.radiusRad - b.radiusRad,
        )
        if (margin > 1e-12) expect(points).toHaveLength(2)
        if (margin < -1e-12) expect(points).toHaveLength(0)
      }),
      { numRuns: 500 },
    )
    expect(crossings).toBeGreaterThan(100)
  })

  it('meet where they overlap by a hair, not where they touch to the last bit or coincide', () => {
    const a = { center: fromDegrees(0, 0), radiusRad: 0.5 }
    expect(capIntersections(a, a)).toEqual([])
    const pair = (radiusRad: number) =>
      capIntersections({ center: [1, 0, 0], radiusRad }, { center: [0, 1, 0], radiusRad })
    expect(pair(Math.PI / 4)).toEqual([])
    const overlapping = pair(Math.PI / 4 + 1e-15)
    expect(overlapping).toHaveLength(2)
    for (const point of overlapping) expect(angle(point, fromDegrees(0, 45))).toBeLessThan(1e-7)
    expect(capIntersections(a, { center: fromDegrees(0, 90), radiusRad: 0.5 })).toEqual([])
    expect(capIntersections(a, { center: fromDegrees(0, 5), radiusRad: 0.1 })).toEqual([])
  })
})
