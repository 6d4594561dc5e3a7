// A location claim by an issuer the caller trusts: what that issuer says, about which device, how exactly and since when.
import type { Verified } from '../result/proof.js'
import type { EatLocation } from '../token/eat-location.js'
import type { DeviceReference } from './attested-device.js'
import type { PositionBasis } from './directory.js'
import type { GeographicResult } from './geographic-result.js'

/** By which claims the token names the device; every one present matched. */
export type AssertionBinding = 'ueid' | 'dmtf-device' | 'evidence-digest' | 'session-key'

interface AssertionBase {
  readonly kind: 'assertion'
  readonly issuer: string
  readonly subject: string | undefined
  /** `unstated` unless the token gives one. */
  readonly basis: PositionBasis | 'unstated'
  /** Radius of 95 % confidence, not a bound; undefined for a jurisdiction or if the token gives none. */
  readonly accuracyMeters: number | undefined
  /** Seconds since 1970. */
  readonly issuedAt: number
  readonly expiresAt: number
  /** When the position was taken, if the token says so. */
  readonly positionAt: number | undefined
  readonly device: DeviceReference
  readonly boundBy: readonly AssertionBinding[]
  /** Checks that were not done or not satisfied, because the caller said so. */
  readonly waived: readonly AssertionWaiver[]
  readonly verifiedAt: Date
}

/** The issuer's word, in coordinates, as a jurisdiction, or both. Not evidence: see `LocationEvidence` for that. */
export type LocationAssertion = AssertionBase &
  (
    | { readonly location: EatLocation; readonly geographic: GeographicResult | undefined }
    | { readonly location: undefined; readonly geographic: GeographicResult }
  )

export type VerifiedAssertion = Verified<LocationAssertion>

/** A check of {@link LocationAssertion} the caller does without. The reason is shown in every result. */
export interface AssertionWaiver {
  readonly check: 'device-binding' | 'nonce'
  readonly reason: string
}
