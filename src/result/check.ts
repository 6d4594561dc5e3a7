// The ledger: every check a verifier knows, each with exactly one outcome.
import type { Failure } from './failure.js'

/**
 * - `pass`: done and satisfied.
 * - `fail`: done and not satisfied.
 * - `indeterminate`: could not be done; never counts as success.
 * - `waived`: not satisfied or not done, and the policy names the check and a reason.
 * - `not-applicable`: policy and device kind make the check impossible or meaningless.
 */
export type CheckOutcome = 'pass' | 'fail' | 'indeterminate' | 'waived' | 'not-applicable'

export interface Check<Id extends string = string> {
  readonly id: Id
  readonly outcome: CheckOutcome
  /** Why a check was waived (from the policy) or does not apply. */
  readonly reason?: string
  /** What a failed, indeterminate or waived check found. */
  readonly failures: readonly Failure[]
}

/** Records outcomes; {@link Ledger.checks} lists every known id once, and an id nobody recorded is `indeterminate`. */
export interface Ledger<Id extends string> {
  pass(id: Id): void
  /** Records the failures of a check; an id may be given several times, failures add up. */
  fail(id: Id, failure: Failure): void
  indeterminate(id: Id, failure: Failure): void
  notApplicable(id: Id, reason: string): void
  /** Closes the ledger. `waivers` turns `fail` and `indeterminate` into `waived`, with the reason given. */
  close(waivers: ReadonlyMap<string, string>, missing: (id: Id) => Failure): readonly Check<Id>[]
}
