// Bounds, assumptions and window as claims list them.
import { encodeHex } from '../bytes/hex.js'
import type { LocationBounds } from '../location/bounds.js'
import type { LocationEvidence } from '../location/evidence.js'
import { ellipsoidSlack, type SignalSpeed, signalSpeed } from '../location/geometry/radius.js'
import { earthRadiusMeters, toDegrees, type Vector3 } from '../location/geometry/vector.js'
import type { LocationPolicy } from '../location/policy.js'
import type { TerritorySet } from '../location/territory.js'
import type { LocationAssumptions, LocationWindow, SpeedClaims } from './location-claims.js'

export function describeBounds(
  bounds: Readonly<Record<SignalSpeed, LocationBounds>>,
  territories: TerritorySet,
): Readonly<Record<SignalSpeed, SpeedClaims>> {
  return { vacuum: describeSpeed(bounds.vacuum, territories), fibre: describeSpeed(bounds.fibre, territories) }
}

function describeSpeed({ speed, region, discs }: LocationBounds, territories: TerritorySet): SpeedClaims {
  const disputed = territories
    .areas(region)
    .flatMap(({ name, codes }) => (name === undefined || codes.length < 2 ? [] : [{ name, claimants: codes }]))
  return {
    speed,
    metersPerSecond: signalSpeed(speed),
    region,
    areaKm2: region.areaSquareMeters / 1e6,
    enclosing:
      region.kind === 'bounded'
        ? {
            ...degrees(region.enclosingCap.center),
            radiusMeters: region.enclosingCap.radiusRad * earthRadiusMeters,
          }
        : undefined,
    possible: territories.possible(region),
    sea: territories.sea(region),
    disputed: region.kind === 'bounded' ? disputed : [],
    discs,
  }
}

function degrees(point: Vector3): { readonly latitudeDegrees: number; readonly longitudeDegrees: number } {
  const { latitudeDeg, longitudeDeg } = toDegrees(point)
  return { latitudeDegrees: latitudeDeg, longitudeDegrees: longitudeDeg }
}

export function describeAssumptions(
  { directory }: LocationEvidence,
  policy: LocationPolicy,
  { discs, operators, independentOperators, autonomousSystems, azimuthGapDegrees }: LocationBounds,
  territories: TerritorySet,
): LocationAssumptions {
  const { speed, faultTolerance, faultClass, minOperators, sea } = policy
  const { endorsedMinProcessingNs, endorsedMinGpuProcessingNs, growthMetersPerSecond } = policy
  return {
    speed,
    metersPerSecond: signalSpeed(speed),
    faultTolerance,
    minOperators,
    measurements: discs.filter((disc) => disc.used).length,
    operators,
    faultClass,
    independentOperators,
    autonomousSystems,
    azimuthGapDegrees,
    sea,
    ellipsoidSlack,
    endorsedMinProcessingNs,
    endorsedMinGpuProcessingNs,
    growthMetersPerSecond,
    maps: territories.maps,
    directory: { issuer: directory.issuer, id: directory.id, digest: encodeHex(directory.digest) },
  }
}

/** Undefined if no measurement was accepted. */
export function describeWindow(
  { measurements, bracket }: LocationEvidence,
  { maxAgeSeconds }: LocationPolicy,
): LocationWindow | undefined {
  if (measurements.length === 0) return undefined
  return {
    earliest: Math.min(...measurements.map(({ window }) => window[0])),
    latest: Math.max(...measurements.map(({ window }) => window[1])),
    maxAgeSeconds,
    bracketed: bracket === 'both',
  }
}
