// Judges where a device is: measurements, an issuer's assertion, or both, under a policy. Sync, pure; never throws on evidence.
import type { LocationAssertion } from '../location/assertion.js'
import { type AssuranceName, assurance } from '../location/assurance.js'
import { type LocationBounds, locationBounds } from '../location/bounds.js'
import { type LocationCheckId, locationCheckIds, unwaivableLocationChecks } from '../location/checks.js'
import type { LocationEvidence } from '../location/evidence.js'
import type { SignalSpeed } from '../location/geometry/radius.js'
import type { LocationPolicy } from '../location/policy.js'
import type { TerritorySet } from '../location/territory.js'
import { type Check, type Ledger, openLedger } from '../result/check.js'
import { appraiseFailure } from '../result/failure.js'
import { requireVerified, type Verified } from '../result/proof.js'
import type { AttestationResult } from '../result/result.js'
import { collectFailures } from './device.js'
import {
  checkClaimedCountry,
  checkRegionSize,
  measuredAnswers,
  predicatesOf,
  recordInside,
  recordOutside,
} from './location-answers.js'
import { type AssertedAnswers, appraiseAssertion } from './location-assertion.js'
import type { LocationClaims, LocationPredicate } from './location-claims.js'
import { describeAssumptions, describeBounds, describeWindow } from './location-description.js'
import {
  checkAssertionBinding,
  checkConfinement,
  checkEvidence,
  checkQuorum,
  recordWithoutEvidence,
} from './location-evidence.js'
import { tierOf } from './tier.js'

export type LocationLedger = Ledger<LocationCheckId>
/** The judgement of a place. */
export type LocationResult = AttestationResult<LocationClaims, LocationCheckId>

/** What `appraiseLocation` is given: evidence, an assertion, or both. */
export interface LocationAppraisal {
  /** Measurements; may be left out where an assertion by an accepted issuer is to be enough. */
  readonly evidence?: Verified<LocationEvidence>
  readonly assertion?: Verified<LocationAssertion>
  /** From `loadTerritories` of the territories entry, or the caller's own. */
  readonly territories: TerritorySet
  readonly policy: LocationPolicy
}

export type Bounds = Readonly<Record<SignalSpeed, LocationBounds>>

/**
 * Appraises a location. Three statements can be sound against a prover who may add any delay: the device is inside a set
 * of territories, outside one, or a claim about it is refuted; each is proved, refuted or undecided, at the vacuum speed
 * and at two thirds of it, and the policy says which counts. That the region overlaps a territory is never evidence for it.
 *
 * Measurements that contradict an assertion fail it. Without measurements the answer is the issuer's word, and the
 * assurance level says so.
 * @throws TypeError if a proof is not the value a verify function returned, or neither evidence nor assertion is given
 */
export function appraiseLocation(input: LocationAppraisal): LocationResult {
  const { evidence, assertion, policy, territories } = input
  if (evidence !== undefined) requireVerified(evidence, 'evidence')
  if (assertion !== undefined) requireVerified(assertion, 'assertion')
  if (!(Number.isSafeInteger(policy.faultTolerance) && policy.faultTolerance >= 0))
    throw new TypeError('policy.faultTolerance must be a number of operators')
  const source = evidence ?? assertion
  if (source === undefined) throw new TypeError('evidence or assertion must be given')
  const ledger = openLocationLedger(input)
  checkQuestion(ledger, policy)
  checkAssertionBinding(ledger, assertion)
  const bounds = evidence === undefined ? undefined : drawBounds(evidence, policy)
  const region = bounds?.[policy.speed].region
  const asserted = appraiseAssertion(ledger, { evidence, assertion, policy, territories, region })
  if (evidence === undefined || bounds === undefined) recordWithoutEvidence(ledger, asserted?.accepted === true)
  else {
    checkEvidence(ledger, evidence, policy)
    checkConfinement(ledger, evidence, policy, bounds[policy.speed])
    checkQuorum(ledger, evidence, policy, bounds[policy.speed])
  }
  checkRegionSize(ledger, policy, region)
  const answered = answerQuestions(ledger, input, bounds, asserted)
  return judge(ledger.close(), describe(input, source, bounds, answered))
}

interface Answered {
  readonly predicates: readonly LocationPredicate[]
  /** An answer rests on the issuer's word alone. */
  readonly byAssertion: boolean
}

function answerQuestions(
  ledger: LocationLedger,
  { evidence, policy, territories }: LocationAppraisal,
  bounds: Bounds | undefined,
  asserted: AssertedAnswers | undefined,
): Answered {
  const claimed = checkClaimedCountry(ledger, evidence, bounds, { policy, territories })
  const asked = bounds === undefined ? undefined : measuredAnswers(bounds, policy, territories)
  if (asked !== undefined && 'failure' in asked) {
    ledger.indeterminate('inside', asked.failure)
    ledger.indeterminate('outside', asked.failure)
    return { predicates: claimed, byAssertion: false }
  }
  const measured = asked?.answers[policy.speed]
  const question = { policy, territories, region: bounds?.[policy.speed].region, measured, asserted }
  recordInside(ledger, question)
  recordOutside(ledger, question)
  const unproved =
    (policy.inside !== undefined && measured?.inside !== 'proved') ||
    (policy.outside !== undefined && measured?.outside !== 'proved')
  return {
    predicates: [...predicatesOf(policy, asked?.answers, asserted), ...claimed],
    byAssertion: asserted?.accepted === true && unproved,
  }
}

function openLocationLedger({ policy, assertion, evidence }: LocationAppraisal): LocationLedger {
  // What parseLocationPolicy refuses does not count in a policy written as an object either.
  const counted = policy.waivers.filter(
    ({ check, reason }) => reason.trim() !== '' && !unwaivableLocationChecks.some((fixed) => fixed === check),
  )
  const waivers = new Map(counted.map(({ check, reason }) => [check, reason]))
  // Waived by name and reason already when the values were verified.
  for (const { check, reason } of assertion?.waived ?? []) if (!waivers.has(check)) waivers.set(check, reason)
  if (evidence?.nonceUse.kind === 'waived' && !waivers.has('nonce')) waivers.set('nonce', evidence.nonceUse.reason)
  return openLedger(locationCheckIds, waivers, (check) => appraiseFailure('check/not-done', check, { check }))
}

function checkQuestion(ledger: LocationLedger, { inside, outside, maxRegionKm2 }: LocationPolicy): void {
  // Nothing asked would be answered by a pass that says nothing.
  if (inside === undefined && outside === undefined && maxRegionKm2 === undefined)
    ledger.indeterminate('question', appraiseFailure('location/no-question', 'policy', {}))
  else ledger.pass('question')
}

/** True if session key and devices are in one place, as far as the attested image can be trusted. */
export function isConfined({ confidentialVm }: LocationEvidence, { agentMeasurements }: LocationPolicy): boolean {
  return (
    confidentialVm !== undefined &&
    !confidentialVm.migratable &&
    agentMeasurements.includes(confidentialVm.agentMeasurement)
  )
}

function drawBounds(evidence: LocationEvidence, policy: LocationPolicy): Bounds {
  const subject = isConfined(evidence, policy) ? 'one-place' : 'session-key-only'
  return {
    vacuum: locationBounds(evidence, policy, 'vacuum', subject),
    fibre: locationBounds(evidence, policy, 'fibre', subject),
  }
}

function describe(
  { evidence, assertion, policy, territories }: LocationAppraisal,
  source: LocationEvidence | LocationAssertion,
  bounds: Bounds | undefined,
  { predicates, byAssertion }: Answered,
): LocationClaims {
  const name = assuranceName(evidence, policy, byAssertion, bounds)
  return Object.freeze({
    devices: source.kind === 'measurements' ? source.devices : [source.device],
    subject: name === 'device-and-timing' ? 'session-key' : 'device',
    assurance: assurance(name),
    predicates,
    bounds: bounds === undefined ? undefined : describeBounds(bounds, territories),
    assumptions:
      evidence === undefined || bounds === undefined
        ? undefined
        : describeAssumptions(evidence, policy, bounds[policy.speed], territories),
    window: evidence === undefined ? undefined : describeWindow(evidence, policy),
    rejected: evidence?.rejected ?? [],
    unreachable: evidence?.unreachable ?? [],
    claimed: evidence?.claimed,
    assertion,
    policyId: policy.id,
    appraisedAt: source.verifiedAt,
  })
}

function assuranceName(
  evidence: LocationEvidence | undefined,
  policy: LocationPolicy,
  byAssertion: boolean,
  bounds: Bounds | undefined,
): AssuranceName {
  // An answer that rests on an issuer's word is a record, whatever was measured besides.
  if (evidence === undefined || byAssertion) return 'record'
  if (policy.requireGpuInLoop && (bounds?.[policy.speed].operators.length ?? 0) > 0) return 'device-timing'
  return isConfined(evidence, policy) ? 'attested-key-timing' : 'device-and-timing'
}

function judge(checks: readonly Check<LocationCheckId>[], claims: LocationClaims): LocationResult {
  const tier = tierOf(checks)
  const [first, ...rest] = collectFailures(checks)
  const result: LocationResult =
    first === undefined
      ? { verdict: 'pass', authentic: true, claims, failures: [], checks, tier }
      : { verdict: 'fail', authentic: true, claims, failures: [first, ...rest], checks, tier }
  return Object.freeze(result)
}
