// The appraisal policy: what a relying party asks of one device. Data, owned by the caller.
import { unwaivableChecks, type WaivableCheckId } from './checks.js'

/** How GPUs are used: `spt` one GPU, `mpt` multi-GPU passthrough, `ppcie` Protected PCIe. */
export type DeviceMode = 'spt' | 'mpt' | 'ppcie'

/** What the revocation status of the certificates of one path must be. */
export interface RevocationRequirement {
  /** What a missing, stale or `unknown` status means. */
  readonly whenUnknown: 'fail' | 'accept'
  /** Whether a certificate on hold may count; NVIDIA holds the signers of pre-release drivers. */
  readonly certificateHold: 'fail' | 'accept'
  /** Greatest age in seconds of a response or list that states no nextUpdate. */
  readonly maxAgeSeconds: number
}

/** Turns one unsatisfied check into `waived`. The reason is shown in every result. */
export interface Waiver {
  readonly check: WaivableCheckId
  readonly reason: string
}

/** A value that a claim in NVIDIA's names must have; objects are compared member by member, extra members do not matter. */
export type RequiredClaim = string | number | boolean | null | { readonly [name: string]: RequiredClaim }

/** What a relying party asks of one device or node. Start from {@link strictPolicy} or `parsePolicy`. */
export interface AppraisalPolicy {
  /** Name under which results cite this policy. */
  readonly id: string
  /** Families that may attest; `any` means every family that can attest at all. */
  readonly families: 'any' | readonly string[]
  /** Modes a GPU may run in. */
  readonly modes: readonly DeviceMode[]
  /** What a report that states no mode means (drivers before 550). */
  readonly unstatedMode: 'fail' | 'accept'
  readonly deviceRevocation: RevocationRequirement
  readonly manifestRevocation: RevocationRequirement
  /** Devices (decimal ueid) that may answer; `any` leaves that to the caller. */
  readonly devices: 'any' | readonly string[]
  /** Least driver version, e.g. `550.90.07`; `none` sets no minimum. */
  readonly minimumDriverVersion: string
  /** Claims, in NVIDIA's names, that must have the given values. Can only add to the other demands. */
  readonly requiredClaims: { readonly [name: string]: RequiredClaim }
  /** The same for the claims about the evidence as a whole (`x-nvidia-overall-att-result`, `x-nvidia-ver`). */
  readonly requiredOverallClaims: { readonly [name: string]: RequiredClaim }
  readonly waivers: readonly Waiver[]
}

const strictRevocation: RevocationRequirement = {
  whenUnknown: 'fail',
  certificateHold: 'fail',
  maxAgeSeconds: 86_400,
}

/** Demands everything the evidence can show; waives nothing. Derive your own with `{ ...strictPolicy, id, ... }`. */
export const strictPolicy: AppraisalPolicy = /* @__PURE__ */ Object.freeze({
  id: 'gpu-attestation/strict/1',
  families: 'any',
  modes: Object.freeze(['spt', 'mpt', 'ppcie'] as const),
  unstatedMode: 'fail',
  deviceRevocation: Object.freeze(strictRevocation),
  manifestRevocation: Object.freeze(strictRevocation),
  devices: 'any',
  minimumDriverVersion: 'none',
  requiredClaims: Object.freeze({}),
  requiredOverallClaims: Object.freeze({}),
  waivers: Object.freeze([]),
} as const)

/**
 * The waivers of a policy that count, by check. One for a check that cannot be waived, or without a reason, has no effect:
 * a policy built in code was not seen by `parsePolicy`, which refuses both.
 */
export function effectiveWaivers({ waivers }: AppraisalPolicy): ReadonlyMap<string, string> {
  const fixed: readonly string[] = unwaivableChecks
  const counting = waivers.filter(({ check, reason }) => !fixed.includes(check) && reason.trim() !== '')
  return new Map(counting.map(({ check, reason }) => [check, reason]))
}
