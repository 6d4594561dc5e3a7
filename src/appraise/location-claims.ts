// What is known about a place after appraisal: answers, the region behind them, and every assumption they rest on.

import type { LocationAssertion } from '../location/assertion.js'
import type { Assurance } from '../location/assurance.js'
import type { DeviceReference } from '../location/attested-device.js'
import type { DiscUse } from '../location/bounds.js'
import type { Asserted, RejectedMeasurement, UnreachableLandmark } from '../location/evidence.js'
import type { FaultClass } from '../location/fault-class.js'
import type { GeographicResult } from '../location/geographic-result.js'
import type { SignalSpeed } from '../location/geometry/radius.js'
import type { Region } from '../location/geometry/region.js'
import type { SeaRule, TerritoryAnswer } from '../location/territory.js'
import type { TerritoryMapInfo } from '../location/territory-map.js'

/**
 * An answer. `inside` and `outside`: proved, refuted or undecided as asked. `refuted`: whether the named claim is shown
 * to be false (`proved`), or could be true (`undecided`).
 */
export interface LocationPredicate {
  readonly kind: 'inside' | 'outside' | 'refuted'
  readonly set: readonly string[]
  readonly result: TerritoryAnswer
  /** What the answer rests on: round trips at this speed, or the issuer's word. */
  readonly basis: SignalSpeed | 'assertion'
}

/** What one signal speed says. */
export interface SpeedClaims {
  readonly speed: SignalSpeed
  readonly metersPerSecond: number
  /** Exact shape; `regionToGeoJson` draws it. */
  readonly region: Region
  readonly areaKm2: number
  /** A circle that contains the region; undefined where nothing is ruled out, or everything. */
  readonly enclosing:
    | { readonly latitudeDegrees: number; readonly longitudeDegrees: number; readonly radiusMeters: number }
    | undefined
  /** Every territory the subject may be in. */
  readonly possible: readonly string[]
  readonly sea: 'excluded' | 'possible'
  /** Disputed or overlaid areas the region meets, with every claimant. */
  readonly disputed: readonly { readonly name: string; readonly claimants: readonly string[] }[]
  readonly discs: readonly DiscUse[]
}

export interface LocationAssumptions {
  readonly speed: SignalSpeed
  readonly metersPerSecond: number
  readonly faultTolerance: number
  readonly minOperators: number
  /** Measurements and operators in use. */
  readonly measurements: number
  readonly operators: readonly string[]
  /** Whose faults are one fault, and the classes in use: at most as many as operators. */
  readonly faultClass: FaultClass
  readonly independentOperators: number
  /** Networks of the landmarks in use, as far as the directory names them. */
  readonly autonomousSystems: readonly number[]
  /** Widest angle without a landmark, seen from the centre of the region; undefined unless it is bounded. */
  readonly azimuthGapDegrees: number | undefined
  /** `ignored`: the answers assume that the device is on land. */
  readonly sea: SeaRule
  readonly ellipsoidSlack: number
  readonly endorsedMinProcessingNs: number
  readonly endorsedMinGpuProcessingNs: number
  readonly growthMetersPerSecond: number
  /** Version, hash and error bound of every map asked. */
  readonly maps: readonly TerritoryMapInfo[]
  readonly directory: { readonly issuer: string; readonly id: string; readonly digest: string }
}

export interface LocationWindow {
  /** First and last round used, seconds since 1970. */
  readonly earliest: number
  readonly latest: number
  readonly maxAgeSeconds: number
  readonly bracketed: boolean
}

/** What is known about a place, and every assumption it rests on. A failed verdict has them too: read the checks. */
export interface LocationClaims {
  readonly devices: readonly DeviceReference[]
  /** Whose place the answers are about: the device's, as far as the assurance says, or only that of the session key. */
  readonly subject: 'device' | 'session-key'
  readonly assurance: Assurance
  readonly predicates: readonly LocationPredicate[]
  /** Both speeds, side by side; undefined without measurements. */
  readonly bounds: Readonly<Record<SignalSpeed, SpeedClaims>> | undefined
  readonly assumptions: LocationAssumptions | undefined
  readonly window: LocationWindow | undefined
  readonly rejected: readonly RejectedMeasurement[]
  readonly unreachable: readonly UnreachableLandmark[]
  /** What the operator says; may be refuted, never confirmed. */
  readonly claimed: Asserted<GeographicResult> | undefined
  readonly assertion: LocationAssertion | undefined
  readonly policyId: string
  readonly appraisedAt: Date
}
