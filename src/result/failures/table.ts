// The shape every domain's failure table has.

/** A stage without failures in this domain. */
export type None = Record<never, never>

/** Failure codes by stage; each code maps to the details it carries. */
export interface FailureTable {
  readonly parse: object
  readonly verify: object
  readonly appraise: object
  readonly collect: object
}

/**
 * What an operator can do.
 * - `fix-input`: the input is not of the form it must have; correct it and try again.
 * - `collect-again`: something is missing or out of date; collect it again, then retry.
 * - `stop`: the evidence contradicts what it must prove; do not trust the device, investigate.
 * - `review-policy`: the policy asks for more than this input can show.
 */
export type FailureAction = 'fix-input' | 'collect-again' | 'stop' | 'review-policy'

export interface FailureAdvice {
  /** What the code says, in one sentence. */
  readonly meaning: string
  readonly action: FailureAction
  /** The concrete next step. */
  readonly next: string
}

/** Explains every code of one domain. Source of docs/failures.md and of the CLI's advice. */
export type FailureGuide<T extends FailureTable> = {
  readonly [S in keyof T]: { readonly [C in keyof T[S]]: FailureAdvice }
}
