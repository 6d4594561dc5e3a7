// The ledger: every check a verifier knows, each with exactly one outcome.
import type { Failure } from './failure.js'

/**
 * - `pass`: done and satisfied.
 * - `fail`: done and not satisfied.
 * - `indeterminate`: could not be done; never counts as success.
 * - `waived`: not satisfied or not done, but the policy names the check and a reason, or accepts what was found by a word
 *   of its own (`whenUnknown: 'accept'`), which is the reason then.
 * - `not-applicable`: policy and device kind make the check impossible or meaningless.
 */
export type CheckOutcome = 'pass' | 'fail' | 'indeterminate' | 'waived' | 'not-applicable'

/** One line of the ledger. */
export interface Check<Id extends string = string> {
  readonly id: Id
  readonly outcome: CheckOutcome
  /** Why a check was waived (the policy's reason, or the word that accepts) or does not apply. */
  readonly reason?: string
  /** What a failed, indeterminate or waived check found; empty otherwise. */
  readonly failures: readonly Failure[]
}

export interface Ledger<Id extends string> {
  readonly pass: (id: Id) => void
  /** Records why a check is not satisfied; several failures of one check add up, and outlive a `pass`. */
  readonly fail: (id: Id, failure: Failure) => void
  /** Records what a check found that the policy accepts by a word of its own, which is the reason. */
  readonly accept: (id: Id, failure: Failure, reason: string) => void
  /** Records why a check could not be done. */
  readonly indeterminate: (id: Id, failure: Failure) => void
  readonly notApplicable: (id: Id, reason: string) => void
  /** Every id once, in the order given at creation. A check nobody recorded is indeterminate, never passed. */
  readonly close: () => readonly Check<Id>[]
}

interface Entry {
  outcome: CheckOutcome
  reason: string | undefined
  failures: Failure[]
}

const severity = { 'not-applicable': 0, pass: 1, waived: 2, indeterminate: 3, fail: 4 } as const

/**
 * Opens a ledger over `ids`. `waivers` maps ids to the policy's reasons; `missing` explains a check that nobody recorded.
 * Records can only make an outcome worse, so the order of recording does not matter.
 */
export function openLedger<Id extends string>(
  ids: readonly Id[],
  waivers: ReadonlyMap<string, string>,
  missing: (id: Id) => Failure,
): Ledger<Id> {
  const entries = new Map<Id, Entry>()
  const record = (id: Id, outcome: Entry['outcome'], failure?: Failure, reason?: string): void => {
    const entry = entries.get(id) ?? { outcome, reason, failures: [] }
    if (severity[outcome] > severity[entry.outcome]) Object.assign(entry, { outcome, reason })
    if (failure !== undefined) entry.failures.push(failure)
    entries.set(id, entry)
  }
  const closeOne = (id: Id): Check<Id> => {
    const entry = entries.get(id)
    if (entry === undefined) return settle(id, 'indeterminate', [missing(id)])
    if (entry.outcome === 'pass') return { id, outcome: 'pass', failures: [] }
    const { outcome, reason = '', failures } = entry
    if (outcome === 'not-applicable' || outcome === 'waived') return { id, outcome, reason, failures }
    return settle(id, outcome, failures)
  }
  const settle = (id: Id, outcome: 'fail' | 'indeterminate', failures: readonly Failure[]): Check<Id> => {
    const reason = waivers.get(id)
    return reason === undefined ? { id, outcome, failures } : { id, outcome: 'waived', reason, failures }
  }
  return {
    pass: (id) => record(id, 'pass'),
    fail: (id, failure) => record(id, 'fail', failure),
    accept: (id, failure, reason) => record(id, 'waived', failure, reason),
    indeterminate: (id, failure) => record(id, 'indeterminate', failure),
    notApplicable: (id, reason) => record(id, 'not-applicable', undefined, reason),
    close: () => ids.map(closeOne),
  }
}
