// Brings a judgement with several failures into the ledger.
import type { Ledger } from '../result/check.js'
import type { Failure } from '../result/failure.js'

/** What looking at one question gave. */
export interface Judgement {
  readonly outcome: 'pass' | 'fail' | 'indeterminate' | 'waived'
  readonly failures: readonly Failure[]
  /** The words of the policy that accept what was found; with the outcome `waived`. */
  readonly reason?: string
}

/** Records one judgement with all its failures. */
export function record<Id extends string>(
  ledger: Ledger<Id>,
  id: Id,
  { outcome, failures, reason = '' }: Judgement,
): void {
  if (outcome === 'pass') ledger.pass(id)
  for (const failure of failures) {
    if (outcome === 'fail') ledger.fail(id, failure)
    else if (outcome === 'waived') ledger.accept(id, failure, reason)
    else if (outcome === 'indeterminate') ledger.indeterminate(id, failure)
  }
}
