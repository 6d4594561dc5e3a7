// Checks of location evidence apart from geography: nonce, bracket, confinement of the key, landmarks, quorum, consistency.
import type { LocationAssertion } from '../location/assertion.js'
import type { LocationBounds } from '../location/bounds.js'
import type { LocationCheckId } from '../location/checks.js'
import type { LocationEvidence } from '../location/evidence.js'
import type { LocationPolicy } from '../location/policy.js'
import { appraiseFailure, type Failure } from '../result/failure.js'
import type { LocationLedger } from './location.js'

/** Checks that speak of measurements. */
const measuredChecks = [
  'bracket',
  'key-confinement',
  'agent',
  'migration',
  'gpu-in-loop',
  'landmarks',
  'quorum',
  'consistency',
] as const satisfies readonly LocationCheckId[]

/** Without measurements, an accepted issuer's word may stand alone; otherwise nothing was shown. */
export function recordWithoutEvidence(ledger: LocationLedger, accepted: boolean): void {
  for (const check of measuredChecks)
    if (accepted) ledger.notApplicable(check, 'the policy takes the word of this issuer; nothing was measured')
    else ledger.indeterminate(check, appraiseFailure('location/no-measurements', 'evidence', { check }))
}

export function checkAssertionBinding(ledger: LocationLedger, assertion: LocationAssertion | undefined): void {
  if (assertion === undefined) return
  const { boundBy, waived } = assertion
  if (boundBy.length > 0) ledger.pass('device-binding')
  else ledger.indeterminate('device-binding', appraiseFailure('location/assertion-unbound', 'assertion', {}))
  if (waived.some(({ check }) => check === 'nonce'))
    ledger.indeterminate('nonce', appraiseFailure('location/nonce-unchecked', 'assertion', {}))
  else ledger.pass('nonce')
}

export function checkEvidence(ledger: LocationLedger, evidence: LocationEvidence, policy: LocationPolicy): void {
  // Evidence cannot exist unless the devices signed the challenge.
  ledger.pass('device-binding')
  if (evidence.nonceUse.kind === 'fresh') ledger.pass('nonce')
  else ledger.indeterminate('nonce', appraiseFailure('location/nonce-unchecked', 'first.nonce', {}))
  if (evidence.bracket === 'both') ledger.pass('bracket')
  else if (policy.requireBracket) ledger.fail('bracket', appraiseFailure('location/bracket-missing', 'second', {}))
  else ledger.notApplicable('bracket', 'the policy does not ask for evidence after the measurements')
  checkLandmarks(ledger, evidence, policy)
}

/** Silence is refused, an excuse is not: leaving measurements out only enlarges the region. */
function checkLandmarks(ledger: LocationLedger, evidence: LocationEvidence, policy: LocationPolicy): void {
  const { measurements, rejected, unreachable } = evidence
  if (policy.requiredLandmarks.length === 0) {
    ledger.notApplicable('landmarks', 'the policy names no landmarks')
    return
  }
  const heard = new Set([...measurements, ...rejected, ...unreachable].map(({ landmark }) => landmark))
  const missing = policy.requiredLandmarks.filter((landmark) => !heard.has(landmark))
  if (missing.length === 0) ledger.pass('landmarks')
  else ledger.fail('landmarks', appraiseFailure('location/landmark-missing', 'measurements', { missing }))
}

/** Whether the key that answered can be anywhere but in the machine of the devices. */
export function checkConfinement(
  ledger: LocationLedger,
  evidence: LocationEvidence,
  policy: LocationPolicy,
  bounds: LocationBounds,
): void {
  if (policy.requireGpuInLoop) {
    for (const check of ['key-confinement', 'agent', 'migration'] as const)
      ledger.notApplicable(check, 'only rounds the GPU answered count')
    checkGpuInLoop(ledger, evidence, bounds)
    return
  }
  ledger.notApplicable('gpu-in-loop', 'the policy does not ask for rounds the GPU answers')
  const { confidentialVm } = evidence
  if (confidentialVm === undefined) {
    ledger.indeterminate('key-confinement', appraiseFailure('location/relay-not-excluded', 'confidentialVm', {}))
    for (const check of ['agent', 'migration'] as const)
      ledger.notApplicable(check, 'no confidential machine was verified')
    return
  }
  ledger.pass('key-confinement')
  const { agentMeasurement, migratable } = confidentialVm
  if (policy.agentMeasurements.includes(agentMeasurement)) ledger.pass('agent')
  else ledger.fail('agent', appraiseFailure('location/agent-not-allowed', 'confidentialVm', { agentMeasurement }))
  if (migratable) ledger.fail('migration', appraiseFailure('location/migratable', 'confidentialVm', {}))
  else ledger.pass('migration')
}

function checkGpuInLoop(ledger: LocationLedger, { devices }: LocationEvidence, { operators }: LocationBounds): void {
  // A disc bounds the device that answered: with several devices it would be taken for all of them.
  if (devices.length === 1 && operators.length > 0) ledger.pass('gpu-in-loop')
  else
    ledger.fail(
      'gpu-in-loop',
      appraiseFailure('location/gpu-in-loop-missing', 'measurements', {
        devices: devices.length,
        operators: operators.length,
      }),
    )
}

/** Enough landmarks, of enough operators and networks, on enough sides; and some place that fits what they say. */
export function checkQuorum(
  ledger: LocationLedger,
  evidence: LocationEvidence,
  policy: LocationPolicy,
  bounds: LocationBounds,
): void {
  const { discs, region, speed } = bounds
  const shortfalls = quorumShortfalls(policy, bounds)
  if (shortfalls.length === 0) ledger.pass('quorum')
  else {
    for (const failure of shortfalls) ledger.fail('quorum', failure)
    // Why measurements are missing is what there is to repair.
    for (const { failure } of evidence.rejected) ledger.fail('quorum', failure)
    for (const disc of discs) if (!disc.used && disc.failure !== undefined) ledger.fail('quorum', disc.failure)
  }
  if (region.kind !== 'empty') {
    ledger.pass('consistency')
    return
  }
  const used = discs.filter((disc) => disc.used)
  const conflicts = region.conflicts.map((conflict) => conflict.discs.map((index) => used[index]?.landmark ?? ''))
  ledger.fail('consistency', appraiseFailure('location/inconsistent-measurements', `bounds.${speed}`, { conflicts }))
}

function quorumShortfalls(
  { minOperators, faultTolerance, minAutonomousSystems, maxAzimuthGapDegrees }: LocationPolicy,
  { independentOperators, autonomousSystems, azimuthGapDegrees, region }: LocationBounds,
): readonly Failure[] {
  const failures: Failure[] = []
  if (!(independentOperators >= minOperators && minOperators > faultTolerance)) {
    const minimum = Math.max(minOperators, faultTolerance + 1)
    const details = { operators: independentOperators, minimum, faultTolerance }
    failures.push(appraiseFailure('location/quorum', 'measurements', details))
  }
  if (minAutonomousSystems !== undefined && !(autonomousSystems.length >= minAutonomousSystems)) {
    const details = { autonomousSystems, minimum: minAutonomousSystems }
    failures.push(appraiseFailure('location/autonomous-systems', 'measurements', details))
  }
  // An empty region has no centre to look from; the check of consistency names what is wrong.
  if (maxAzimuthGapDegrees !== undefined && region.kind !== 'empty') {
    const gapDegrees = azimuthGapDegrees ?? 360
    if (!(gapDegrees <= maxAzimuthGapDegrees))
      failures.push(
        appraiseFailure('location/azimuth-gap', 'measurements', { gapDegrees, maximumDegrees: maxAzimuthGapDegrees }),
      )
  }
  return failures
}
