// What is known once a location bundle is verified: accepted measurements, dropped ones with their reasons, and the binding.
import type { Failure } from '../result/failure.js'
import type { Verified } from '../result/proof.js'
import type { DeviceReference } from './attested-device.js'
import type { LandmarkDirectory } from './directory.js'
import type { GeographicResult } from './geographic-result.js'
import type { PathMedium, TimestampSource } from './measurement.js'

/** A value somebody stated and nobody proved. No predicate takes one: it can be refuted, never confirmed, by evidence. */
export interface Asserted<T> {
  readonly asserted: T
  /** Who says so, and how it came here. */
  readonly source: string
}

/** Which loop was timed. */
export type Responder = 'session-key' | 'gpu'

/** One measurement that was verified; `rttMinNs` in nanoseconds. */
export interface LandmarkMeasurement {
  /** JWK thumbprint of the landmark's key, base64url. */
  readonly landmark: string
  /** Its place in the directory. */
  readonly landmarkIndex: number
  readonly operator: string
  readonly tokenId: string
  readonly rttMinNs: number
  readonly sent: number
  readonly received: number
  readonly responder: Responder
  /** For `gpu`: which devices answered. */
  readonly answeredBy: readonly string[]
  /** At least the directory's. */
  readonly positionUncertaintyMeters: number
  /** First and last round, seconds since 1970, by the landmark's clock; and the bound on its error. */
  readonly window: readonly [number, number]
  readonly clockErrorMs: number
  readonly timestampSource: TimestampSource
  readonly medium: PathMedium
  /** True if every round was shown and checked, not only the agent's signature over their chain. */
  readonly audited: boolean
}

/** A measurement that does not count. Leaving one out only ever enlarges the region. */
export interface RejectedMeasurement {
  /** Its place in the bundle. */
  readonly index: number
  /** The landmark its header names, if that landmark is in the directory. */
  readonly landmark: string | undefined
  readonly failure: Failure
}

/** A landmark the agent could not measure with, as it says. */
export interface UnreachableLandmark {
  readonly landmark: string
  readonly reason: string
  readonly tries: number
}

/** What a verifier of CPU evidence (SEV-SNP, TDX) found out; see {@link ConfidentialVmVerifier}. */
export interface ConfidentialVmFacts {
  /** The 64 bytes the quote covers. */
  readonly reportData: Uint8Array
  /** Measurement of the image that made the session key; the policy lists those without an export path. */
  readonly agentMeasurement: string
  /** True if the platform may move the machine, and the key with it. */
  readonly migratable: boolean
  /** Changes with every boot: `bootseed`, a report id, a TD's unique id. */
  readonly bootId: string
}

/**
 * Verifies the CPU evidence of the machine that holds the session key: signature, chain, freshness, and that the quote is
 * genuine. Rejects otherwise. That `reportData` is the one expected is checked again by the caller.
 */
export type ConfidentialVmVerifier = (request: {
  readonly bracket: 'first' | 'second'
  readonly expectedReportData: Uint8Array
  /** The bundle's item named `cvm`; undefined in the second bracket, which reaches the verifier by itself. */
  readonly evidence: EvidenceItem | undefined
}) => Promise<ConfidentialVmFacts>

/** Evidence that travels in a bundle, as a record of RFC 9999: type and bytes. */
export interface EvidenceItem {
  readonly type: string
  readonly value: Uint8Array
}

/** What a verified bundle shows: measurements, not yet a place. */
export interface LocationEvidence {
  readonly kind: 'measurements'
  readonly devices: readonly DeviceReference[]
  readonly audience: string
  /** JWK thumbprint of the session key, base64url. */
  readonly sessionKey: string
  readonly directory: Verified<LandmarkDirectory>
  readonly measurements: readonly LandmarkMeasurement[]
  readonly rejected: readonly RejectedMeasurement[]
  readonly unreachable: readonly UnreachableLandmark[]
  /** `waived` carries the caller's reason. */
  readonly nonceUse: { readonly kind: 'fresh' } | { readonly kind: 'waived'; readonly reason: string }
  /** `both`: the same devices signed challenges for the same session key before and after every measurement. */
  readonly bracket: 'first-only' | 'both'
  readonly confidentialVm: Omit<ConfidentialVmFacts, 'reportData'> | undefined
  /** What the operator says. */
  readonly claimed: Asserted<GeographicResult> | undefined
  readonly verifiedAt: Date
}
