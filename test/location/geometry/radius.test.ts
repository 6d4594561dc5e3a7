import fc from 'fast-check'
import geodesic from 'geographiclib-geodesic'
import { describe, expect, it } from 'vitest'
import { intersectDiscs } from '../../../src/location/geometry/intersection.js'
import { discRadiusMeters, ellipsoidSlack, type RoundTrip } from '../../../src/location/geometry/radius.js'
import { angle, earthRadiusMeters, fromDegrees } from '../../../src/location/geometry/vector.js'
import { AttestationError } from '../../../src/result/error.js'

const wgs84 = geodesic.Geodesic.WGS84
const c = 299792458

function geodesicMeters(a: readonly [number, number], b: readonly [number, number]): number {
  const { s12 } = wgs84.Inverse(a[0], a[1], b[0], b[1])
  if (s12 === undefined) throw new Error('no distance')
  return s12
}

const degrees = fc.tuple(
  fc.oneof(fc.double({ min: -90, max: 90, noNaN: true }), fc.double({ min: -1, max: 1, noNaN: true })),
  fc.oneof(fc.double({ min: -180, max: 180, noNaN: true }), fc.double({ min: -0.01, max: 0.01, noNaN: true })),
)

const quiet: RoundTrip = { rttNs: 10_000_000, positionUncertaintyMeters: 0, clockErrorPpm: 0 }

describe('the ellipsoid', () => {
  it('never makes a distance on the sphere longer than the slack allows', () => {
    fc.assert(
      fc.property(degrees, degrees, (a, b) => {
        const onSphere = angle(fromDegrees(...a), fromDegrees(...b)) * earthRadiusMeters
        expect(onSphere).toBeLessThanOrEqual(geodesicMeters(a, b) * ellipsoidSlack + 1e-6)
      }),
      { numRuns: 3000 },
    )
  })

  it('needs nearly all of the slack, along a meridian at the equator', () => {
    const a = [-0.5, 20] as const
    const b = [0.5, 20] as const
    const ratio = (angle(fromDegrees(...a), fromDegrees(...b)) * earthRadiusMeters) / geodesicMeters(a, b)
    expect(ratio).toBeGreaterThan(1.0056)
    expect(ratio).toBeLessThanOrEqual(ellipsoidSlack)
    // R / M(0), with M(0) = a (1 - e²) of WGS 84.
    expect(6371008.8 / (6378137 * (1 - 0.00669437999014))).toBeLessThan(ellipsoidSlack)
  })

  it('keeps an honest device, at any geodesic distance and any delay, inside', () => {
    const measurement = fc.record({
      landmark: degrees,
      delayNs: fc.integer({ min: 0, max: 20_000_000 }),
      shiftMeters: fc.double({ min: 0, max: 30_000, noNaN: true }),
      bearing: fc.double({ min: -180, max: 180, noNaN: true }),
      drift: fc.double({ min: -100, max: 100, noNaN: true }),
    })
    fc.assert(
      fc.property(
        degrees,
        fc.array(measurement, { minLength: 1, maxLength: 12 }),
        fc.constantFrom('vacuum' as const, 'fibre' as const),
        (device, all, speed) => {
          const metersPerSecond = speed === 'vacuum' ? c : (c * 2) / 3
          const discs = all.map(({ landmark, delayNs, shiftMeters, bearing, drift }, i) => {
            // The landmark stands up to the uncertainty away from where it is said to stand.
            const actual = wgs84.Direct(landmark[0], landmark[1], bearing, shiftMeters)
            const seconds = (2 * geodesicMeters([actual.lat2 ?? 0, actual.lon2 ?? 0], device)) / metersPerSecond
            const rttNs = Math.max(1, Math.ceil((seconds * 1e9 + delayNs) * (1 + drift * 1e-6)))
            return {
              center: fromDegrees(...landmark),
              group: `${i}`,
              radiusMeters: discRadiusMeters({ rttNs, speed, positionUncertaintyMeters: 30_000, clockErrorPpm: 101 }),
            }
          })
          const region = intersectDiscs({ discs, faultTolerance: 0 })
          expect(region.contains(fromDegrees(...device))).toBe(true)
        },
      ),
      { numRuns: 500 },
    )
  })
})

describe('a radius', () => {
  it('is the speed times half the time, with the slack', () => {
    expect(discRadiusMeters({ ...quiet, speed: 'vacuum' })).toBeCloseTo(299792458 * 0.005 * 1.0057, 3)
    expect(discRadiusMeters({ ...quiet, speed: 'fibre' })).toBeCloseTo(299792458 * (2 / 3) * 0.005 * 1.0057, 3)
  })

  it('grows with uncertainty, clock error and age by what they are worth', () => {
    const base = discRadiusMeters({ ...quiet, speed: 'fibre' })
    const extra = (more: Partial<RoundTrip>): number => discRadiusMeters({ ...quiet, ...more, speed: 'fibre' }) - base
    expect(extra({ positionUncertaintyMeters: 30_000 })).toBeCloseTo(30_000 * 1.0057, 4)
    // A clock that runs slow by p reads t(1 - p): the true time is the reading over (1 - p).
    expect(extra({ clockErrorPpm: 100 })).toBeCloseTo(base / 0.9999 - base, 4)
    expect(extra({ ageSeconds: 3600, growthMetersPerSecond: 250 })).toBeCloseTo(900_000 * 1.0057, 4)
    expect(extra({ ageSeconds: 3600 })).toBe(0)
    // 1 ms of endorsed processing is worth 100 km at two thirds of c; the clock error stays on the whole measurement.
    expect(extra({ endorsedMinProcessingNs: 1_000_000 })).toBeCloseTo(-((c * 2) / 3) * 0.0005 * 1.0057, 3)
  })

  it('never shrinks when anything but the endorsed processing time grows', () => {
    const trip = fc.record({
      rttNs: fc.integer({ min: 1, max: 1e9 }),
      positionUncertaintyMeters: fc.double({ min: 0, max: 1e5, noNaN: true }),
      clockErrorPpm: fc.double({ min: 0, max: 1000, noNaN: true }),
      ageSeconds: fc.double({ min: 0, max: 1e5, noNaN: true }),
      growthMetersPerSecond: fc.double({ min: 0, max: 300, noNaN: true }),
    })
    fc.assert(
      fc.property(trip, trip, (a, b) => {
        const sum = {
          rttNs: a.rttNs + b.rttNs,
          positionUncertaintyMeters: a.positionUncertaintyMeters + b.positionUncertaintyMeters,
          clockErrorPpm: a.clockErrorPpm + b.clockErrorPpm,
          ageSeconds: a.ageSeconds + b.ageSeconds,
          growthMetersPerSecond: a.growthMetersPerSecond + b.growthMetersPerSecond,
        }
        const radius = discRadiusMeters({ ...a, speed: 'fibre' })
        expect(discRadiusMeters({ ...sum, speed: 'fibre' })).toBeGreaterThanOrEqual(radius)
        expect(discRadiusMeters({ ...a, speed: 'vacuum' })).toBeGreaterThanOrEqual(radius)
      }),
    )
  })
})

describe('refused', () => {
  const cases: readonly (readonly [keyof RoundTrip, number, string])[] = [
    ['rttNs', 0, 'location/round-trip-time'],
    ['rttNs', -5, 'location/round-trip-time'],
    ['rttNs', 1.5, 'location/round-trip-time'],
    ['rttNs', Number.NaN, 'location/round-trip-time'],
    ['rttNs', Number.POSITIVE_INFINITY, 'location/round-trip-time'],
    ['rttNs', 2 ** 60, 'location/round-trip-time'],
    ['rttNs', 60_000_000_001, 'location/round-trip-time'],
    ['positionUncertaintyMeters', -1, 'location/quantity'],
    ['positionUncertaintyMeters', Number.NaN, 'location/quantity'],
    ['positionUncertaintyMeters', Number.POSITIVE_INFINITY, 'location/quantity'],
    ['clockErrorPpm', -1, 'location/quantity'],
    ['clockErrorPpm', Number.NaN, 'location/quantity'],
    ['clockErrorPpm', 1e6, 'location/quantity'],
    ['endorsedMinProcessingNs', -1, 'location/quantity'],
    ['endorsedMinProcessingNs', 0.5, 'location/quantity'],
    ['endorsedMinProcessingNs', 10_000_001, 'location/processing-time'],
    ['ageSeconds', -1, 'location/quantity'],
    ['ageSeconds', Number.NaN, 'location/quantity'],
    ['growthMetersPerSecond', -1, 'location/quantity'],
    ['growthMetersPerSecond', Number.POSITIVE_INFINITY, 'location/quantity'],
  ]

  it.each(cases)('%s = %d', (field, value, code) => {
    const found: unknown[] = []
    try {
      discRadiusMeters({ ...quiet, [field]: value, speed: 'fibre', at: 'measurements[4]' })
    } catch (error) {
      if (!(error instanceof AttestationError)) throw error
      found.push(error.code, error.at)
    }
    expect(found).toEqual([code, `measurements[4].${field}`])
  })

  it('text in place of a number', () => {
    const parsed: unknown = JSON.parse(
      '{"rttNs":"10000000","positionUncertaintyMeters":0,"clockErrorPpm":0,"speed":"fibre"}',
    )
    // @ts-expect-error: what a caller without types would pass
    expect(() => discRadiusMeters(parsed)).toThrow(AttestationError)
  })
})
