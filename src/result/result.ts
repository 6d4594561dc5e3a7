// The judgement an appraisal returns.
import type { Check } from './check.js'
import type { Failure } from './failure.js'

/** AR4SI trustworthiness tier (draft-ietf-rats-ar4si). */
export type Tier = 'none' | 'affirming' | 'warning' | 'contraindicated'

/** A list of one or more. */
export type NonEmptyArray<T> = readonly [T, ...T[]]

interface Judgement<Id extends string> {
  /** Every check the verifier knows, exactly once. */
  readonly checks: readonly Check<Id>[]
  readonly tier: Tier
}

/**
 * Three arms: passed; genuine but refused; not shown to be genuine. `claims` exists only when `authentic` is true,
 * and a refusal always carries at least one failure, the most telling first.
 */
export type AttestationResult<Claims, Id extends string = string> = Judgement<Id> &
  (
    | { readonly verdict: 'pass'; readonly authentic: true; readonly claims: Claims; readonly failures: readonly [] }
    | {
        readonly verdict: 'fail'
        readonly authentic: true
        readonly claims: Claims
        readonly failures: NonEmptyArray<Failure>
      }
    | {
        readonly verdict: 'fail'
        readonly authentic: false
        readonly claims?: never
        readonly failures: NonEmptyArray<Failure>
      }
  )
