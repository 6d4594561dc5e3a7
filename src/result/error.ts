// The only error class that parse, verify and collect functions throw.
import type { CodeOf, Failure, FailureCode, FailureDetails } from './failure.js'

/**
 * Thrown by every `parse*`, `verify*` and `collect*` function that refuses its input. Switch on `code`;
 * `message` is for people and may change.
 */
export class AttestationError extends Error {
  override readonly name = 'AttestationError'
  readonly failure: Failure

  constructor(failure: Failure, options?: { readonly cause?: unknown }) {
    super(`${failure.code} at ${failure.at === '' ? '(whole input)' : failure.at}`, options)
    this.failure = failure
  }

  get code(): FailureCode {
    return this.failure.code
  }

  get at(): string {
    return this.failure.at
  }
}

/** Makes the error of a refused input: `throw parseError(code, at, details)`. */
export function parseError<C extends CodeOf<'parse'>>(
  code: C,
  at: string,
  details: FailureDetails<'parse'>[C],
  cause?: unknown,
): AttestationError {
  return raise({ code, stage: 'parse', at, details }, cause)
}

/** Makes the error of a failed verification. */
export function verifyError<C extends CodeOf<'verify'>>(
  code: C,
  at: string,
  details: FailureDetails<'verify'>[C],
  cause?: unknown,
): AttestationError {
  return raise({ code, stage: 'verify', at, details }, cause)
}

/** Makes the error of collateral that could not be obtained. */
export function collectError<C extends CodeOf<'collect'>>(
  code: C,
  at: string,
  details: FailureDetails<'collect'>[C],
  cause?: unknown,
): AttestationError {
  return raise({ code, stage: 'collect', at, details }, cause)
}

// The signatures above tie every code to its details; the compiler cannot carry that tie through a type parameter into
// the union, hence the only cast outside proof.ts.
function raise(failure: object, cause: unknown): AttestationError {
  return new AttestationError(failure as Failure, cause === undefined ? undefined : { cause })
}
