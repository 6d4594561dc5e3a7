// Puts the policy's questions to the territories: what is proved, refuted or undecided, at each speed and by assertion.
import type { LocationEvidence } from '../location/evidence.js'
import type { SignalSpeed } from '../location/geometry/radius.js'
import type { Region } from '../location/geometry/region.js'
import type { LocationPolicy } from '../location/policy.js'
import type { TerritoryAnswer, TerritorySet } from '../location/territory.js'
import { AttestationError } from '../result/error.js'
import { appraiseFailure, type Failure } from '../result/failure.js'
import type { Bounds, LocationLedger } from './location.js'
import type { AssertedAnswers } from './location-assertion.js'
import type { LocationPredicate } from './location-claims.js'

export interface Answers {
  readonly inside: TerritoryAnswer | undefined
  readonly outside: TerritoryAnswer | undefined
}

/** Everything asked of the territories, or what is wrong with the question. */
export type Asked<T> = { readonly answers: T } | { readonly failure: Failure }

/** A policy may name territories the set does not know: that is no answer, and no exception either. */
export function ask<T>(question: () => T): Asked<T> {
  try {
    return { answers: question() }
  } catch (error) {
    if (!(error instanceof AttestationError)) throw error
    return { failure: error.failure }
  }
}

export function regionAnswers(region: Region, policy: LocationPolicy, territories: TerritorySet): Answers {
  const { inside, outside, sea } = policy
  return {
    inside: inside === undefined ? undefined : territories.inside(region, inside, sea),
    outside: outside === undefined ? undefined : territories.outside(region, outside),
  }
}

/** Answers at both speeds. */
export function measuredAnswers(
  bounds: Bounds,
  policy: LocationPolicy,
  territories: TerritorySet,
): Asked<Readonly<Record<SignalSpeed, Answers>>> {
  return ask(() => ({
    vacuum: regionAnswers(bounds.vacuum.region, policy, territories),
    fibre: regionAnswers(bounds.fibre.region, policy, territories),
  }))
}

/** Every answer as the claims list it. */
export function predicatesOf(
  policy: LocationPolicy,
  measured: Readonly<Record<SignalSpeed, Answers>> | undefined,
  asserted: AssertedAnswers | undefined,
): readonly LocationPredicate[] {
  const of = ({ inside, outside }: Answers, basis: LocationPredicate['basis']): readonly LocationPredicate[] => [
    ...(inside === undefined ? [] : [{ kind: 'inside', set: policy.inside ?? [], result: inside, basis } as const]),
    ...(outside === undefined ? [] : [{ kind: 'outside', set: policy.outside ?? [], result: outside, basis } as const]),
  ]
  return [
    ...(measured === undefined ? [] : [...of(measured.vacuum, 'vacuum'), ...of(measured.fibre, 'fibre')]),
    ...(asserted === undefined ? [] : of(asserted, 'assertion')),
  ]
}

interface AnswerInput {
  readonly policy: LocationPolicy
  readonly territories: TerritorySet
  readonly region: Region | undefined
  readonly measured: Answers | undefined
  readonly asserted: AssertedAnswers | undefined
}

/** `inside`: proved by measurement, or by an accepted issuer whom no measurement contradicts. */
export function recordInside(ledger: LocationLedger, input: AnswerInput): void {
  const { policy, measured, asserted, region } = input
  const { inside: set, speed } = policy
  if (set === undefined) ledger.notApplicable('inside', 'the policy names no territories to be in')
  else if (measured?.inside === 'refuted')
    ledger.fail(
      'inside',
      appraiseFailure('location/inside-refuted', `bounds.${speed}`, { set, possible: possible(input) }),
    )
  else if (measured?.inside === 'proved' || (asserted?.accepted === true && asserted.inside === 'proved'))
    ledger.pass('inside')
  else if (asserted?.accepted === true && asserted.inside === 'refuted')
    ledger.fail('inside', appraiseFailure('location/asserted-elsewhere', 'assertion', { question: 'inside', set }))
  else {
    const disputed = region === undefined ? [] : disputedAreas(region, set, input)
    ledger.indeterminate(
      'inside',
      disputed.length > 0
        ? appraiseFailure('location/disputed', `bounds.${speed}`, { set, areas: disputed })
        : appraiseFailure('location/inside-undecided', `bounds.${speed}`, { set, possible: possible(input) }),
    )
  }
}

/** `outside`, likewise. */
export function recordOutside(ledger: LocationLedger, input: AnswerInput): void {
  const { policy, measured, asserted } = input
  const { outside: set, speed } = policy
  if (set === undefined) ledger.notApplicable('outside', 'the policy names no territories to be out of')
  else if (measured?.outside === 'refuted')
    ledger.fail(
      'outside',
      appraiseFailure('location/outside-refuted', `bounds.${speed}`, { set, possible: possible(input) }),
    )
  else if (measured?.outside === 'proved' || (asserted?.accepted === true && asserted.outside === 'proved'))
    ledger.pass('outside')
  else if (asserted?.accepted === true && asserted.outside === 'refuted')
    ledger.fail('outside', appraiseFailure('location/asserted-elsewhere', 'assertion', { question: 'outside', set }))
  else
    ledger.indeterminate(
      'outside',
      appraiseFailure('location/outside-undecided', `bounds.${speed}`, {
        set,
        possible: possible(input).filter((code) => set.includes(code)),
      }),
    )
}

function possible({ region, territories }: AnswerInput): readonly string[] {
  return region === undefined ? territories.codes : territories.possible(region)
}

/** Land that answers to codes the policy leaves out is all that stands between the region and an answer. */
function disputedAreas(
  region: Region,
  set: readonly string[],
  { territories, policy }: AnswerInput,
): readonly string[] {
  if (region.kind !== 'bounded') return []
  const disputed = territories
    .areas(region)
    .filter(({ codes }) => codes.some((code) => set.includes(code)) && codes.some((code) => !set.includes(code)))
  const claimants = new Set([...set, ...disputed.flatMap(({ codes }) => codes)])
  if (disputed.length === 0 || territories.inside(region, [...claimants], policy.sea) !== 'proved') return []
  return disputed.map(({ name, codes }) => name ?? codes.join('/'))
}

export function checkRegionSize(ledger: LocationLedger, policy: LocationPolicy, region: Region | undefined): void {
  const { maxRegionKm2, speed } = policy
  if (maxRegionKm2 === undefined) ledger.notApplicable('region-size', 'the policy sets no limit')
  else if (region === undefined)
    ledger.indeterminate(
      'region-size',
      appraiseFailure('location/no-measurements', 'evidence', { check: 'region-size' }),
    )
  else if (region.kind !== 'empty') {
    const areaKm2 = region.areaSquareMeters / 1e6
    if (areaKm2 <= maxRegionKm2) ledger.pass('region-size')
    else
      ledger.fail(
        'region-size',
        appraiseFailure('location/region-too-large', `bounds.${speed}`, { areaKm2, maximumKm2: maxRegionKm2 }),
      )
  }
}

/** The operator's claim can only be refuted: that it is possible says nothing for it. Returns the answers per speed. */
export function checkClaimedCountry(
  ledger: LocationLedger,
  evidence: LocationEvidence | undefined,
  bounds: Bounds | undefined,
  { policy, territories }: { readonly policy: LocationPolicy; readonly territories: TerritorySet },
): readonly LocationPredicate[] {
  const country = evidence?.claimed?.asserted.country
  if (country === undefined || bounds === undefined) {
    ledger.notApplicable('claimed-country', 'the operator claims no country')
    return []
  }
  const refuted = (speed: SignalSpeed): boolean => territories.outside(bounds[speed].region, [country]) === 'proved'
  const asked = ask(() => ({ vacuum: refuted('vacuum'), fibre: refuted('fibre') }))
  if ('failure' in asked) {
    ledger.indeterminate('claimed-country', asked.failure)
    return []
  }
  const { answers } = asked
  if (answers[policy.speed])
    ledger.fail(
      'claimed-country',
      appraiseFailure('location/claim-refuted', 'evidence.claimed', { country, speed: policy.speed }),
    )
  else ledger.notApplicable('claimed-country', 'the claimed country is possible, which is no evidence for it')
  const result = (speed: SignalSpeed): LocationPredicate => ({
    kind: 'refuted',
    set: [country],
    result: answers[speed] ? 'proved' : 'undecided',
    basis: speed,
  })
  return [result('vacuum'), result('fibre')]
}
