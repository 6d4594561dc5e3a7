import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type LandmarkMeasurement, landmarkSelector } from '../../../src/location/geometry/landmark-selection.js'
import type { MeshRoundTrip } from '../../../src/location/geometry/mesh.js'
import { angle, earthRadiusMeters, fromDegrees, type Vector3 } from '../../../src/location/geometry/vector.js'
import { AttestationError } from '../../../src/result/error.js'
import { anyPoint, latticePoints } from './scene.js'

const positions = latticePoints(120)
const all = [...positions.keys()]

function timeBetween(a: Vector3, b: Vector3, lightShare = 0.4): number {
  return Math.max(1, Math.round((angle(a, b) * earthRadiusMeters * 2e9) / (lightShare * 299792458)))
}

const roundTrips: readonly MeshRoundTrip[] = positions.flatMap((a, from) =>
  positions.flatMap((b, to) => (from < to ? [{ from, to, rttNs: timeBetween(a, b) }] : [])),
)

/** Five far apart, then three at a time. */
function campaign(
  device: Vector3,
  trips: readonly MeshRoundTrip[],
  extraNs: (landmark: number) => number,
): readonly LandmarkMeasurement[] {
  const selector = landmarkSelector({ positions, roundTrips: trips })
  const measured: LandmarkMeasurement[] = []
  for (const count of [5, 3, 3, 3]) {
    const next = selector.next({ candidates: all, measured, count })
    measured.push(
      ...next.map((landmark) => ({
        landmark,
        rttNs: timeBetween(positions[landmark] ?? device, device) + extraNs(landmark),
      })),
    )
  }
  return measured
}

describe('choosing landmarks', () => {
  it('starts with landmarks far from one another', () => {
    const chosen = landmarkSelector({ positions, roundTrips }).next({ candidates: all, measured: [], count: 6 })
    expect(new Set(chosen).size).toBe(6)
    for (const a of chosen)
      for (const b of chosen)
        if (a < b) expect(angle(positions[a] ?? [0, 0, 1], positions[b] ?? [0, 0, 1])).toBeGreaterThan(0.9)
  })

  it('finds the landmark nearest to the device, with and without known times between landmarks', () => {
    fc.assert(
      fc.property(anyPoint, fc.constantFrom(roundTrips, []), (device, trips) => {
        const nearest = [...all].sort(
          (a, b) => angle(positions[a] ?? device, device) - angle(positions[b] ?? device, device),
        )[0]
        expect(campaign(device, trips, () => 0).map(({ landmark }) => landmark)).toContain(nearest)
      }),
      { numRuns: 60 },
    )
  })

  it('gets near under honest last-mile delay', () => {
    fc.assert(
      fc.property(
        anyPoint,
        fc.array(fc.integer({ min: 0, max: 8_000_000 }), { minLength: 120, maxLength: 120 }),
        (device, extra) => {
          const distances = all.map((landmark) => angle(positions[landmark] ?? device, device)).sort((a, b) => a - b)
          const reached = campaign(device, roundTrips, (landmark) => extra[landmark] ?? 0).map(({ landmark }) =>
            angle(positions[landmark] ?? device, device),
          )
          expect(Math.min(...reached)).toBeLessThanOrEqual(distances[3] ?? 0)
        },
      ),
      { numRuns: 40 },
    )
  })

  it('goes by measured times, not by the map, where paths take detours', () => {
    // Landmark 1 is next to 0 on the map but 200 ms away from everybody; 3 is farther on the map and 1 ms away.
    const four = [fromDegrees(0, 0), fromDegrees(1, 0), fromDegrees(0, 60), fromDegrees(0, 25)]
    const trips = [
      { from: 0, to: 1, rttNs: 200_000_000 },
      { from: 1, to: 3, rttNs: 200_000_000 },
      { from: 3, to: 0, rttNs: 1_000_000 },
      { from: 0, to: 2, rttNs: 70_000_000 },
      { from: 3, to: 2, rttNs: 70_000_000 },
    ]
    const selector = landmarkSelector({ positions: four, roundTrips: trips })
    const next = selector.next({ candidates: [1, 2, 3], measured: [{ landmark: 0, rttNs: 1_000_000 }], count: 3 })
    expect(next).toEqual([3, 2, 1])
  })

  it('offers candidates only, never one twice or one measured, and as many as there are', () => {
    const selector = landmarkSelector({ positions, roundTrips })
    const measured = [{ landmark: 7, rttNs: 5_000_000 }]
    const next = selector.next({ candidates: [9, 7, 8, 9, 30], measured, count: 10 })
    expect([...next].sort((a, b) => a - b)).toEqual([8, 9, 30])
    expect(selector.next({ candidates: [7], measured, count: 3 })).toEqual([])
    expect(selector.next({ candidates: all, measured: [], count: 0 })).toEqual([])
    expect(selector.next({ candidates: [], measured: [], count: 3 })).toEqual([])
  })

  it('does not depend on the order of what it is given', () => {
    const forward = campaign(fromDegrees(33, 44), roundTrips, () => 0)
    const selector = landmarkSelector({ positions, roundTrips: [...roundTrips].reverse() })
    const next = selector.next({
      candidates: [...all].reverse(),
      measured: [...forward.slice(0, 5)].reverse(),
      count: 3,
    })
    expect(next).toEqual(forward.slice(5, 8).map(({ landmark }) => landmark))
  })

  it('refuses what it does not know', () => {
    const selector = landmarkSelector({ positions, roundTrips: [] })
    const pair = { from: 0, to: 1, rttNs: 5 }
    const ask = (candidates: readonly number[], measured: readonly LandmarkMeasurement[]) => () =>
      selector.next({ candidates, measured, count: 1 })
    const make =
      (trips: readonly MeshRoundTrip[], count = 2) =>
      () =>
        landmarkSelector({ positions: latticePoints(count), roundTrips: trips })
    const cases: readonly (readonly [() => unknown, string, string])[] = [
      [ask([0, 120], []), 'location/landmark-index', 'candidates[1]'],
      [ask([0], [{ landmark: -1, rttNs: 5 }]), 'location/landmark-index', 'measured[0].landmark'],
      [ask([0], [{ landmark: 1, rttNs: 0.5 }]), 'location/round-trip-time', 'measured[0].rttNs'],
      [make([{ ...pair, from: 2 }]), 'location/landmark-index', 'roundTrips[0].from'],
      [make([{ ...pair, to: 0.5 }]), 'location/landmark-index', 'roundTrips[0].to'],
      [make([pair, { ...pair, rttNs: Number.NaN }]), 'location/round-trip-time', 'roundTrips[1].rttNs'],
      [make(Array.from({ length: 1_100_001 }, () => pair)), 'location/too-many-pairs', 'roundTrips'],
      [make([], 1025), 'location/too-many-landmarks', 'positions'],
    ]
    for (const [run, code, at] of cases) {
      const found: string[] = []
      try {
        run()
      } catch (error) {
        if (error instanceof AttestationError) found.push(error.code, error.at)
      }
      expect(found).toEqual([code, at])
    }
  })
})
