import { describe, expect, it } from 'vitest'
import { calibrateSpeeds, estimateRegion } from '../../../src/location/geometry/calibrated.js'
import { angle, earthRadiusMeters, fromDegrees } from '../../../src/location/geometry/vector.js'
import { AttestationError } from '../../../src/result/error.js'

const fibre = (299792458 * 2) / 3
const positions = Array.from({ length: 12 }, (_, i) => fromDegrees(30 + 2 * i, 10 * i))

/** Every pair at half the speed of light, except what a test changes. */
const roundTrips = positions.flatMap((a, from) =>
  positions.flatMap((b, to) =>
    from < to ? [{ from, to, rttNs: Math.round((angle(a, b) * earthRadiusMeters * 2e9) / (299792458 / 2)) }] : [],
  ),
)

describe('calibrated speeds', () => {
  it("are each landmark's fastest pair times the factor, at most the fibre bound", () => {
    for (const speed of calibrateSpeeds({ positions, roundTrips, factor: 1.1 }))
      expect(speed / (0.55 * 299792458)).toBeCloseTo(1, 4)
    for (const speed of calibrateSpeeds({ positions, roundTrips, factor: 1.5 })) expect(speed).toBe(fibre)
    const faster = roundTrips.map((trip, i) => (i === 0 ? { ...trip, rttNs: Math.round(trip.rttNs * 0.9) } : trip))
    const speeds = calibrateSpeeds({ positions, roundTrips: faster, factor: 1 })
    expect(speeds.map((speed) => (speed > 0.51 * 299792458 ? 'faster' : 'same'))).toEqual([
      'faster',
      'faster',
      ...Array.from({ length: 10 }, () => 'same'),
    ])
  })

  it('stay at the fibre bound for landmarks hardly measured', () => {
    const few = roundTrips.filter(({ from, to }) => from !== 3 && to !== 3)
    expect(calibrateSpeeds({ positions, roundTrips: few, factor: 1 })[3]).toBe(fibre)
  })

  it('give an estimate that says so, smaller than the bound', () => {
    const device = fromDegrees(41, 61)
    const discs = positions.map((center, landmark) => ({
      landmark,
      center,
      group: `${landmark}`,
      rttNs: Math.round((angle(center, device) * earthRadiusMeters * 2e9) / (299792458 / 2)),
      positionUncertaintyMeters: 0,
      clockErrorPpm: 0,
    }))
    const speeds = calibrateSpeeds({ positions, roundTrips, factor: 1.1 })
    const { basis, estimate } = estimateRegion({ discs, speeds, factor: 1.1, faultTolerance: 0 })
    expect(basis).toBe('calibrated')
    expect(estimate.contains(device)).toBe(true)
    const bound = estimateRegion({ discs, speeds: speeds.map(() => fibre), factor: 1.1, faultTolerance: 0 })
    expect(estimate.areaSquareMeters).toBeLessThan(bound.estimate.areaSquareMeters)
  })

  it('refuse what they cannot use', () => {
    const pair = { from: 0, to: 1, rttNs: 1_000_000 }
    const disc = {
      landmark: 7,
      center: fromDegrees(0, 0),
      group: 'a',
      rttNs: 5,
      positionUncertaintyMeters: 0,
      clockErrorPpm: 0,
    }
    const cases: readonly (readonly [() => unknown, string, string])[] = [
      [
        () => calibrateSpeeds({ positions, roundTrips: [{ ...pair, to: 99 }], factor: 1 }),
        'location/landmark-index',
        'roundTrips[0].to',
      ],
      [
        () => calibrateSpeeds({ positions, roundTrips: [{ ...pair, rttNs: 0 }], factor: 1 }),
        'location/round-trip-time',
        'roundTrips[0].rttNs',
      ],
      [() => calibrateSpeeds({ positions, roundTrips: [pair], factor: Number.NaN }), 'location/quantity', 'factor'],
      [
        () => estimateRegion({ discs: [disc], speeds: [fibre], factor: 1, faultTolerance: 0 }),
        'location/landmark-index',
        'discs[0].landmark',
      ],
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
