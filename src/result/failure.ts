// Every way this library can say no: one table of codes, from which types, documentation and advice follow.
import type { AppraisalFailures } from './failures/appraisal.js'
import type { CollateralFailures } from './failures/collateral.js'
import type { EncodingFailures } from './failures/encoding.js'
import type { EvidenceFailures } from './failures/evidence.js'
import type { LocationFailures } from './failures/location.js'
import type { ManifestFailures } from './failures/manifest.js'
import type { OcspFailures } from './failures/ocsp.js'
import type { RevocationFailures } from './failures/revocation.js'
import type { FailureGuide, FailureTable } from './failures/table.js'
import type { TokenFailures } from './failures/token.js'
import type { X509Failures } from './failures/x509.js'

export type { FailureAction, FailureAdvice } from './failures/table.js'

/** The step that found the fault. `collect` happens only in the collateral entry. */
export type Stage = keyof FailureTable

type Merged<S extends Stage> = EncodingFailures[S] &
  X509Failures[S] &
  EvidenceFailures[S] &
  ManifestFailures[S] &
  OcspFailures[S] &
  RevocationFailures[S] &
  AppraisalFailures[S] &
  CollateralFailures[S] &
  TokenFailures[S] &
  LocationFailures[S]

// Interfaces, which the compiler merges once; intersections it would compare piece by piece.
interface ParseDetails extends Merged<'parse'> {}
interface VerifyDetails extends Merged<'verify'> {}
interface AppraiseDetails extends Merged<'appraise'> {}
interface CollectDetails extends Merged<'collect'> {}

interface StageDetails {
  readonly parse: ParseDetails
  readonly verify: VerifyDetails
  readonly appraise: AppraiseDetails
  readonly collect: CollectDetails
}

/** Details carried by each failure code of one stage. */
export type FailureDetails<S extends Stage> = StageDetails[S]

/** The failure codes of one stage. Codes are stable API. */
export type CodeOf<S extends Stage> = keyof FailureDetails<S> & string

type StageFailure<S extends Stage, C extends CodeOf<S> = CodeOf<S>> = {
  [K in C]: {
    readonly code: K
    readonly stage: S
    /** Path to the offending field, e.g. `items[3].certificate`; the empty string means the whole input. */
    readonly at: string
    readonly details: FailureDetails<S>[K]
  }
}[C]

export type ParseFailure<C extends CodeOf<'parse'> = CodeOf<'parse'>> = StageFailure<'parse', C>
export type VerifyFailure<C extends CodeOf<'verify'> = CodeOf<'verify'>> = StageFailure<'verify', C>
export type AppraiseFailure<C extends CodeOf<'appraise'> = CodeOf<'appraise'>> = StageFailure<'appraise', C>
export type CollectFailure<C extends CodeOf<'collect'> = CodeOf<'collect'>> = StageFailure<'collect', C>

/** A failure: what went wrong (`code`), in which step, where in the input (`at`), and the values behind it. */
export type Failure = ParseFailure | VerifyFailure | AppraiseFailure | CollectFailure
/** Every code there is; docs/failures.md explains each. Codes are stable. */
export type FailureCode = Failure['code']

/** Builds an appraisal failure; appraisal collects failures instead of throwing them. */
export function appraiseFailure<C extends CodeOf<'appraise'>>(
  code: C,
  at: string,
  details: FailureDetails<'appraise'>[C],
): AppraiseFailure<C> {
  return { code, stage: 'appraise', at, details }
}

export type { FailureGuide }
