// A round-trip time to the largest distance it allows, rounded outward (the speed of light, WGS 84).
import { parseError } from '../../result/error.js'

/** Exact, by the definition of the metre. */
export const speedOfLightMetersPerSecond = 299792458

/**
 * `vacuum`: nothing is faster; holds whatever the path is made of.
 * `fibre`: two thirds of it, an assumption about the path: solid-core fibre all the way. Hollow-core fibre, microwave and
 * laser links break it.
 */
export type SignalSpeed = 'vacuum' | 'fibre'

/**
 * Distance on the sphere over distance on the WGS 84 ellipsoid is at most 1.0057, for any two points. Proof: moving by
 * (dφ, dλ) covers ds² = M² dφ² + N² cos²φ dλ² on the ellipsoid and R² (dφ² + cos²φ dλ²) on the sphere, and both radii of
 * curvature are at least M(0) = a (1 - e²) = 6335439.3 m. So the sphere's image of the shortest path is at most
 * R / M(0) = 6371008.8 / 6335439.3 = 1.00562 times as long, and the sphere's own shortest path is no longer than that.
 */
export const ellipsoidSlack = 1.0057

/** A minute: far beyond any path on Earth, and small enough that every product below stays exact enough. */
const maxRttNs = 60_000_000_000

/** Half way round the globe. */
export const maxUncertaintyMeters = 20_100_000

/** One percent; no oscillator worth the name is off by as much. */
const maxClockErrorPpm = 10_000

/** A year. */
const maxAgeSeconds = 31_557_600

/** Escape velocity, roughly: nothing that stays on Earth is faster. */
const maxGrowthMetersPerSecond = 11_200

/** What bounds a disc, apart from the signal speed. Everything in it makes the disc larger, save the endorsed processing time. */
export interface RoundTrip {
  /** Smallest round-trip time measured, whole nanoseconds. */
  readonly rttNs: number
  /** Hard bound on how far the landmark may stand from its stated position (not a 95 % figure). */
  readonly positionUncertaintyMeters: number
  /** Hard bound on the rate error of the landmark's clock, parts per million. */
  readonly clockErrorPpm: number
  /**
   * Least time the device needs to answer, from an endorsement of its hardware and software; default 0. Never a figure the
   * device reports of itself: a device far away would claim more and shrink its disc.
   */
  readonly endorsedMinProcessingNs?: number
  /** Time since the measurement, and how fast the device may have been moved since; both default to 0. */
  readonly ageSeconds?: number
  readonly growthMetersPerSecond?: number
}

/**
 * Radius, on the sphere of mean radius, of the disc around a landmark's stated position that contains the device:
 * `((v · t / 2) / (1 - ppm · 1e-6) + u + g · age) · 1.0057`, with v the full or two thirds of the speed of light and t the
 * round-trip time less the endorsed processing time.
 *
 * Sound for paths on or above the ellipsoid's surface. Does NOT cover a landmark that under-reports (see the fault
 * tolerance of `intersectDiscs`).
 * @throws AttestationError `location/round-trip-time`, `location/processing-time`, `location/quantity`
 */
export function discRadiusMeters(input: RoundTrip & { readonly speed: SignalSpeed; readonly at?: string }): number {
  return radiusAtSpeed(input, signalSpeed(input.speed), input.at ?? '')
}

/** Metres per second of a named bound. */
export function signalSpeed(speed: SignalSpeed): number {
  switch (speed) {
    case 'vacuum':
      return speedOfLightMetersPerSecond
    case 'fibre':
      return (2 * speedOfLightMetersPerSecond) / 3
    default:
      speed satisfies never
      throw new TypeError('speed must be vacuum or fibre')
  }
}

/** {@link discRadiusMeters} at a speed that is nobody's bound; for estimates only. */
export function radiusAtSpeed(trip: RoundTrip, metersPerSecond: number, at: string): number {
  const { rttNs, positionUncertaintyMeters, clockErrorPpm } = trip
  const { endorsedMinProcessingNs = 0, ageSeconds = 0, growthMetersPerSecond = 0 } = trip
  requireRtt(rttNs, path(at, 'rttNs'))
  if (!Number.isSafeInteger(endorsedMinProcessingNs) || endorsedMinProcessingNs < 0)
    throw parseError('location/quantity', path(at, 'endorsedMinProcessingNs'), {
      value: endorsedMinProcessingNs,
      maximum: rttNs,
    })
  if (endorsedMinProcessingNs > rttNs)
    throw parseError('location/processing-time', path(at, 'endorsedMinProcessingNs'), {
      rttNs,
      endorsedMinProcessingNs,
    })
  requireQuantity(positionUncertaintyMeters, maxUncertaintyMeters, path(at, 'positionUncertaintyMeters'))
  requireQuantity(clockErrorPpm, maxClockErrorPpm, path(at, 'clockErrorPpm'))
  requireQuantity(ageSeconds, maxAgeSeconds, path(at, 'ageSeconds'))
  requireQuantity(growthMetersPerSecond, maxGrowthMetersPerSecond, path(at, 'growthMetersPerSecond'))
  const seconds = ((rttNs / (1 - clockErrorPpm * 1e-6) - endorsedMinProcessingNs) / 2) * 1e-9
  const reach = seconds * metersPerSecond + positionUncertaintyMeters + ageSeconds * growthMetersPerSecond
  return reach * ellipsoidSlack
}

/** @throws AttestationError `location/round-trip-time` */
export function requireRtt(rttNs: number, at: string): void {
  if (!Number.isSafeInteger(rttNs) || rttNs < 1 || rttNs > maxRttNs)
    throw parseError('location/round-trip-time', at, { value: rttNs, maximum: maxRttNs })
}

/** @throws AttestationError `location/quantity` */
export function requireQuantity(value: number, maximum: number, at: string): void {
  if (typeof value !== 'number' || !(value >= 0 && value <= maximum))
    throw parseError('location/quantity', at, { value, maximum })
}

function path(at: string, field: string): string {
  return at === '' ? field : `${at}.${field}`
}
