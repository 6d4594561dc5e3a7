import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkMesh, type MeshLandmark, type MeshRoundTrip } from '../../../src/location/geometry/mesh.js'
import { angle, earthRadiusMeters, fromDegrees, type Vector3 } from '../../../src/location/geometry/vector.js'
import { AttestationError } from '../../../src/result/error.js'
import { anyPoint } from './scene.js'

const fibre = (299792458 * 2) / 3

function landmark(position: Vector3, positionUncertaintyMeters = 1000): MeshLandmark {
  return { position, positionUncertaintyMeters, clockErrorPpm: 0 }
}

/** All pairs, measured between where the landmarks really stand. */
function measure(actual: readonly Vector3[], extraNs = 0): readonly MeshRoundTrip[] {
  return actual.flatMap((a, from) =>
    actual.flatMap((b, to) => {
      const seconds = (2 * angle(a, b) * earthRadiusMeters) / fibre
      return from === to ? [] : [{ from, to, rttNs: Math.ceil(seconds * 1e9) + 1000 + extraNs }]
    }),
  )
}

const places = fc.array(anyPoint, { minLength: 2, maxLength: 12 })

describe('landmark mesh', () => {
  it('finds nothing wrong with honest landmarks', () => {
    fc.assert(
      fc.property(places, fc.integer({ min: 0, max: 1e8 }), (actual, extraNs) => {
        const landmarks = actual.map((place) => landmark(place))
        const finding = checkMesh({ landmarks, roundTrips: measure(actual, extraNs), speed: 'fibre' })
        expect(finding).toEqual({ inconsistent: [], violations: [] })
      }),
      { numRuns: 60 },
    )
  })

  it('finds the one landmark that stands elsewhere', () => {
    const actual = [fromDegrees(52, 5), fromDegrees(50, 8), fromDegrees(48, 2), fromDegrees(45, 9), fromDegrees(55, 12)]
    const stated = actual.map((place, i) => landmark(i === 2 ? fromDegrees(14, -88) : place))
    const finding = checkMesh({ landmarks: stated, roundTrips: measure(actual), speed: 'fibre' })
    expect(finding.inconsistent).toEqual([2])
    expect(finding.violations).toHaveLength(8)
    for (const { from, to, distanceMeters, boundMeters } of finding.violations) {
      expect([from, to]).toContain(2)
      expect(distanceMeters).toBeGreaterThan(boundMeters)
    }
  })

  it('sets both aside when nothing tells which one is wrong', () => {
    const landmarks = [landmark(fromDegrees(0, 0)), landmark(fromDegrees(0, 50)), landmark(fromDegrees(0, 100))]
    const roundTrips = [{ from: 1, to: 0, rttNs: 1_000_000 }]
    expect(checkMesh({ landmarks, roundTrips, speed: 'fibre' }).inconsistent).toEqual([0, 1])
  })

  it('counts opponents, not messages', () => {
    // 0 stands elsewhere and contradicts 1, 2 and 3; a flood of messages between 1 and 2 alone must not outvote that.
    const landmarks = [0, 30, 60, 90].map((longitude) => landmark(fromDegrees(0, longitude)))
    const fast = (from: number, to: number): MeshRoundTrip => ({ from, to, rttNs: 1_000_000 })
    const flood = Array.from({ length: 50 }, () => fast(0, 1))
    const finding = checkMesh({ landmarks, roundTrips: [...flood, fast(0, 2), fast(3, 0)], speed: 'fibre' })
    expect(finding.inconsistent).toEqual([0])
  })

  it('respects the uncertainty of both positions and the speed asked for', () => {
    const [a, b] = [fromDegrees(0, 0), fromDegrees(0, 10)]
    const meters = angle(a, b) * earthRadiusMeters
    const roundTrips = [{ from: 0, to: 1, rttNs: Math.floor(((meters - 100_000) * 2e9) / fibre) }]
    const check = (uncertainty: number, speed: 'fibre' | 'vacuum'): readonly number[] =>
      checkMesh({ landmarks: [landmark(a, uncertainty), landmark(b, uncertainty)], roundTrips, speed }).inconsistent
    expect(check(30_000, 'fibre')).toEqual([0, 1])
    expect(check(50_000, 'fibre')).toEqual([])
    expect(check(0, 'vacuum')).toEqual([])
    expect(check(20_000_000, 'fibre')).toEqual([])
  })

  it('leaves no contradiction standing, and does not depend on order', () => {
    fc.assert(
      fc.property(places, places, (actual, stated) => {
        const landmarks = actual.map((_, i) => landmark(stated[i] ?? fromDegrees(0, 0)))
        const roundTrips = measure(actual)
        const finding = checkMesh({ landmarks, roundTrips, speed: 'fibre' })
        const kept = roundTrips.filter(({ from, to }) => ![from, to].some((i) => finding.inconsistent.includes(i)))
        expect(checkMesh({ landmarks, roundTrips: kept, speed: 'fibre' }).violations).toEqual([])
        expect(checkMesh({ landmarks, roundTrips: [...roundTrips].reverse(), speed: 'fibre' })).toEqual(finding)
      }),
      { numRuns: 60 },
    )
  })

  it.each([
    [{ from: 0, to: 2, rttNs: 5 }, 'location/landmark-index', 'roundTrips[0].to'],
    [{ from: -1, to: 1, rttNs: 5 }, 'location/landmark-index', 'roundTrips[0].from'],
    [{ from: 0.5, to: 1, rttNs: 5 }, 'location/landmark-index', 'roundTrips[0].from'],
    [{ from: 0, to: 1, rttNs: Number.NaN }, 'location/round-trip-time', 'roundTrips[0].rttNs'],
  ])('refuses %j', (trip, code, at) => {
    const landmarks = [landmark(fromDegrees(0, 0)), landmark(fromDegrees(1, 1))]
    expect(refusal(landmarks, [trip])).toEqual([code, at])
  })

  it('refuses bad uncertainties and more pairs than the limit', () => {
    const bad = [landmark(fromDegrees(0, 0), Number.NaN), landmark(fromDegrees(1, 1))]
    expect(refusal(bad, [])).toEqual(['location/quantity', 'landmarks[0].positionUncertaintyMeters'])
    const pair = { from: 0, to: 0, rttNs: 1 }
    expect(
      refusal(
        [landmark(fromDegrees(0, 0))],
        Array.from({ length: 1_100_001 }, () => pair),
      ),
    ).toEqual(['location/too-many-pairs', 'roundTrips'])
  })
})

function refusal(landmarks: readonly MeshLandmark[], roundTrips: readonly MeshRoundTrip[]): readonly string[] {
  try {
    checkMesh({ landmarks, roundTrips, speed: 'fibre' })
  } catch (error) {
    if (error instanceof AttestationError) return [error.code, error.at]
    throw error
  }
  return []
}
