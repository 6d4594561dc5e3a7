// The members of a location result on the wire: answers, bounds at both speeds, and all that they rest on.
import type { LocationAssertion } from '../location/assertion.js'
import type { DiscUse } from '../location/bounds.js'
import type { GeographicResult } from '../location/geographic-result.js'
import type { PlainObject, PlainValue } from '../token/result-out.js'
import type { LocationAssumptions, LocationClaims, LocationWindow, SpeedClaims } from './location-claims.js'

/** The answers, and the place they are about. */
export function describePlace(claims: LocationClaims): PlainObject {
  const { devices, subject, assurance, predicates, bounds, claimed, assertion } = claims
  const { name, level, relay, caveat } = assurance
  return {
    'loc.devices': devices.map(({ ueid, digest }) => ({ ueid, digest })),
    'loc.subject': subject,
    'loc.assurance': { name, level, relay, caveat },
    'loc.predicates': predicates.map(({ kind, set, result, basis }) => ({ kind, set, result, basis })),
    ...(bounds === undefined
      ? {}
      : { 'loc.bounds': { vacuum: describeSpeed(bounds.vacuum), fibre: describeSpeed(bounds.fibre) } }),
    ...(claimed === undefined
      ? {}
      : { 'loc.claimed': { ...describeJurisdiction(claimed.asserted), source: claimed.source } }),
    ...(assertion === undefined ? {} : { 'loc.assertion': describeAssertion(assertion) }),
  }
}

/** Assumptions, time, and what was left out. */
export function describeFoundation(claims: LocationClaims): PlainObject {
  const { assumptions, window, rejected, unreachable, appraisedAt } = claims
  return {
    ...(assumptions === undefined ? {} : { 'loc.assumptions': describeAssumptions(assumptions) }),
    ...(window === undefined ? {} : { 'loc.window': describeWindow(window) }),
    'loc.rejected': rejected.map(({ index, landmark, failure }) =>
      stated({ index, landmark, code: failure.code, at: failure.at }),
    ),
    'loc.unreachable': unreachable.map(({ landmark, reason, tries }) => ({ landmark, reason, tries })),
    'loc.appraised_at': Math.floor(appraisedAt.getTime() / 1000),
  }
}

/** Leaves out what is not stated, and numbers that JSON cannot carry: a policy object may hold an infinite limit. */
function stated(members: Readonly<Record<string, PlainValue | undefined>>): PlainObject {
  const kept: Record<string, PlainValue> = {}
  for (const [name, value] of Object.entries(members))
    if (value !== undefined && (typeof value !== 'number' || Number.isFinite(value))) kept[name] = value
  return kept
}

function describeSpeed(claims: SpeedClaims): PlainObject {
  const { metersPerSecond, region, areaKm2, enclosing, possible, sea, disputed, discs } = claims
  return stated({
    meters_per_second: metersPerSecond,
    region: region.kind,
    area_km2: areaKm2,
    enclosing:
      enclosing === undefined
        ? undefined
        : {
            latitude: enclosing.latitudeDegrees,
            longitude: enclosing.longitudeDegrees,
            radius_m: enclosing.radiusMeters,
          },
    possible,
    sea,
    disputed: disputed.map(({ name, claimants }) => ({ name, claimants })),
    discs: discs.map(describeDisc),
  })
}

function describeDisc(disc: DiscUse): PlainObject {
  const { landmark, operator, latitudeDegrees, longitudeDegrees, rttMinNs, responder } = disc
  return stated({
    landmark,
    operator,
    latitude: latitudeDegrees,
    longitude: longitudeDegrees,
    rtt_min_ns: rttMinNs,
    responder,
    used: disc.used,
    ...(disc.used ? { radius_m: disc.radiusMeters } : { reason: disc.reason, code: disc.failure?.code }),
  })
}

// Not under the draft's names: a reader that looks for those must not find what nobody proved.
function describeJurisdiction(place: GeographicResult): PlainObject {
  const { country, countryExclave, subdivision, subdivisionExclave, city, basis } = place
  return stated({
    country,
    country_exclave: countryExclave,
    subdivision,
    subdivision_exclave: subdivisionExclave,
    city,
    basis,
  })
}

function describeAssertion(assertion: LocationAssertion): PlainObject {
  const { issuer, subject, basis, accuracyMeters, issuedAt, expiresAt, positionAt } = assertion
  const { location, geographic, boundBy, waived } = assertion
  return stated({
    issuer,
    subject,
    basis,
    issued_at: issuedAt,
    expires_at: expiresAt,
    position_at: positionAt,
    latitude: location?.latitudeDegrees,
    longitude: location?.longitudeDegrees,
    accuracy_m: accuracyMeters,
    jurisdiction: geographic === undefined ? undefined : describeJurisdiction(geographic),
    bound_by: boundBy,
    waived: waived.map(({ check, reason }) => ({ check, reason })),
  })
}

function describeAssumptions(assumptions: LocationAssumptions): PlainObject {
  const { maps, directory } = assumptions
  return stated({
    speed: assumptions.speed,
    meters_per_second: assumptions.metersPerSecond,
    fault_tolerance: assumptions.faultTolerance,
    fault_class: assumptions.faultClass,
    min_operators: assumptions.minOperators,
    measurements: assumptions.measurements,
    operators: assumptions.operators,
    independent_operators: assumptions.independentOperators,
    autonomous_systems: assumptions.autonomousSystems,
    azimuth_gap_degrees: assumptions.azimuthGapDegrees,
    ellipsoid_slack: assumptions.ellipsoidSlack,
    endorsed_min_processing_ns: assumptions.endorsedMinProcessingNs,
    endorsed_min_gpu_processing_ns: assumptions.endorsedMinGpuProcessingNs,
    growth_meters_per_second: assumptions.growthMetersPerSecond,
    sea: assumptions.sea,
    maps: maps.map(({ name, sha256, errorMeters }) => stated({ name, sha256, error_m: errorMeters })),
    directory: { issuer: directory.issuer, id: directory.id, digest: directory.digest },
  })
}

function describeWindow({ earliest, latest, maxAgeSeconds, bracketed }: LocationWindow): PlainObject {
  return stated({ earliest, latest, max_age_s: maxAgeSeconds, bracketed })
}
