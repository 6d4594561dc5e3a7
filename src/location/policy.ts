// The location policy: what a relying party asks about a place, and under which assumptions. Data, owned by the caller.
import type { LocationCheckId } from './checks.js'
import type { FaultClass } from './fault-class.js'
import type { SignalSpeed } from './geometry/radius.js'
import type { SeaRule } from './territory.js'

/** Turns one unsatisfied check into `waived`. The reason is shown in every result. */
export interface LocationWaiver {
  readonly check: LocationCheckId
  readonly reason: string
}

/** What a relying party asks about a place. Start from {@link strictLocationPolicy} or `parseLocationPolicy`. */
export interface LocationPolicy {
  readonly id: string
  /** The bound that decides. `fibre` is an assumption about every path; both are reported. */
  readonly speed: SignalSpeed
  /** How many operators may be wrong, or lying, without the verdict being wrong. */
  readonly faultTolerance: number
  /** Whose faults are one fault. `autonomous-system` leaves out landmarks whose network the directory does not name. */
  readonly faultClass: FaultClass
  /** Operators whose measurements must count; more than `faultTolerance`, or nothing would be said. */
  readonly minOperators: number
  /** Different networks whose measurements must count; a landmark whose network the directory does not name adds none. */
  readonly minAutonomousSystems?: number
  /**
   * Greatest angle without a landmark, seen from the centre of the region: 180 asks for landmarks on every side. A demand
   * on the choice of landmarks, not on their number or nearness: delay moves the centre, though it proves nothing.
   */
  readonly maxAzimuthGapDegrees?: number
  /** Greatest age of a measurement. */
  readonly maxAgeSeconds: number
  /** Device evidence before and after the measurements. */
  readonly requireBracket: boolean
  /** Use only rounds that the GPU answered itself: needs no trust in where the session key is. Slow, so discs are wide. */
  readonly requireGpuInLoop: boolean
  /** The device must be in one of these territories. */
  readonly inside?: readonly string[]
  /** The device must be in none of these. There is no default list. */
  readonly outside?: readonly string[]
  readonly sea: SeaRule
  readonly maxRegionKm2?: number
  /** Least time the agent needs to answer, from an endorsement of its image and hardware; never from the agent. */
  readonly endorsedMinProcessingNs: number
  /** The same for a GPU that answers itself. */
  readonly endorsedMinGpuProcessingNs: number
  /** How fast a device could have been moved since it was measured. */
  readonly growthMetersPerSecond: number
  /** Landmarks (JWK thumbprints) that must have measured, or be accounted for as unreachable. */
  readonly requiredLandmarks: readonly string[]
  /** Measurements of agent images that keep the session key to themselves and take reports from their own GPUs only. */
  readonly agentMeasurements: readonly string[]
  /** Issuers whose assertion is enough for `inside` and `outside`, where measurements do not contradict it. */
  readonly acceptedIssuers: readonly string[]
  readonly waivers: readonly LocationWaiver[]
}

/**
 * The strict starting point: vacuum speed, one wrong operator tolerated, both brackets, measurements of the last quarter
 * of an hour, water counted. It asks nothing yet: add `inside` or `outside`, and the agent images you trust.
 */
export const strictLocationPolicy: LocationPolicy = /* @__PURE__ */ Object.freeze<LocationPolicy>({
  id: 'strict',
  speed: 'vacuum',
  faultTolerance: 1,
  faultClass: 'operator',
  minOperators: 3,
  maxAgeSeconds: 900,
  requireBracket: true,
  requireGpuInLoop: false,
  sea: 'counted',
  endorsedMinProcessingNs: 0,
  endorsedMinGpuProcessingNs: 0,
  growthMetersPerSecond: 0,
  requiredLandmarks: Object.freeze([]),
  agentMeasurements: Object.freeze([]),
  acceptedIssuers: Object.freeze([]),
  waivers: Object.freeze([]),
})
