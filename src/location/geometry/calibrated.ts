// Round trips to an ESTIMATE of where a device is, from the speeds landmarks have been seen to reach. Never a proof.
import { parseError } from '../../result/error.js'
import { intersectDiscs } from './intersection.js'
import type { MeshRoundTrip } from './mesh.js'
import { type RoundTrip, radiusAtSpeed, requireQuantity, requireRtt, signalSpeed } from './radius.js'
import type { Region } from './region.js'
import { angle, earthRadiusMeters, type Vector3 } from './vector.js'

/** Fewer pairs say too little about how fast a landmark's paths can be; such a landmark is drawn at the fibre bound. */
const minCalibrationPairs = 8

/** A region under a statistical assumption. Not a `Region`, so that it cannot be mistaken for one that proves something. */
export interface RegionEstimate {
  readonly basis: 'calibrated'
  readonly factor: number
  readonly estimate: Region
}

/** One landmark's measurement of the device. */
export interface CalibratedDisc extends RoundTrip {
  /** Index into the speeds. */
  readonly landmark: number
  readonly center: Vector3
  readonly group: string
}

/**
 * Speed of each landmark's fastest pair (great-circle distance over half the round-trip time), metres per second, times
 * `factor` and at most the fibre bound. Leave every pair with the device out of `roundTrips`.
 *
 * On public round-trip data the true position lay in the region for 99.6 % of targets at factor 1.10, at two thirds of the
 * area the fibre bound gives, and for all at 1.25. A device on an unusually direct path lies outside.
 * @throws AttestationError `location/landmark-index`, `location/round-trip-time`, `location/quantity`
 */
export function calibrateSpeeds(input: {
  readonly positions: readonly Vector3[]
  readonly roundTrips: readonly MeshRoundTrip[]
  readonly factor: number
}): readonly number[] {
  const { positions, roundTrips, factor } = input
  requireQuantity(factor, 10, 'factor')
  const fastest = positions.map(() => ({ metersPerSecond: 0, pairs: 0 }))
  for (const [index, { from, to, rttNs }] of roundTrips.entries()) {
    const at = `roundTrips[${index}]`
    requireRtt(rttNs, `${at}.rttNs`)
    const distance = angle(positionAt(positions, from, `${at}.from`), positionAt(positions, to, `${at}.to`))
    const metersPerSecond = (distance * earthRadiusMeters * 2) / (rttNs * 1e-9)
    for (const side of new Set([from, to])) {
      const entry = fastest[side]
      if (entry === undefined) continue
      entry.pairs++
      entry.metersPerSecond = Math.max(entry.metersPerSecond, metersPerSecond)
    }
  }
  const ceiling = signalSpeed('fibre')
  return fastest.map(({ metersPerSecond, pairs }) =>
    pairs < minCalibrationPairs ? ceiling : Math.min(metersPerSecond * factor, ceiling),
  )
}

function positionAt(positions: readonly Vector3[], index: number, at: string): Vector3 {
  const position = positions[index]
  if (position === undefined) throw parseError('location/landmark-index', at, { index, landmarks: positions.length })
  return position
}

/**
 * The region at calibrated speeds: for a map or a hint, never for a verdict.
 * @throws AttestationError as `discRadiusMeters` and `intersectDiscs`, and `location/landmark-index`
 */
export function estimateRegion(input: {
  readonly discs: readonly CalibratedDisc[]
  readonly speeds: readonly number[]
  readonly factor: number
  readonly faultTolerance: number
}): RegionEstimate {
  const { speeds, factor, faultTolerance } = input
  const discs = input.discs.map((disc, index) => {
    const metersPerSecond = speeds[disc.landmark]
    if (metersPerSecond === undefined)
      throw parseError('location/landmark-index', `discs[${index}].landmark`, {
        index: disc.landmark,
        landmarks: speeds.length,
      })
    const { center, group } = disc
    return { center, group, radiusMeters: radiusAtSpeed(disc, metersPerSecond, `discs[${index}]`) }
  })
  return { basis: 'calibrated', factor, estimate: intersectDiscs({ discs, faultTolerance }) }
}
