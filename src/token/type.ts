// Compares the declared type of a token with the one expected (RFC 8725 section 3.11, RFC 7515 section 4.1.9, RFC 9596).
import type { NonEmptyArray } from '../result/result.js'

/** Accepted types, such as `JWT` or `application/eat+jwt`; null stands for a token that declares none. */
export type TypeExpectation = NonEmptyArray<string | null>

/** Media types compare without regard to case, and `application/` may be left out. */
export function isTypeExpected(type: string | undefined, expected: TypeExpectation): boolean {
  return expected.some((accepted) =>
    accepted === null
      ? type === undefined
      : type !== undefined && (accepted === type || normal(accepted) === normal(type)),
  )
}

function normal(type: string): string {
  const lower = type.toLowerCase()
  return lower.includes('/') ? lower : `application/${lower}`
}
