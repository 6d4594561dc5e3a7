// Failures of the revocation domain.
import type { FailureGuide, None } from './table.js'

export interface RevocationFailures {
  readonly parse: None
  readonly verify: None
  readonly appraise: None
  readonly collect: None
}

export const revocationGuide: FailureGuide<RevocationFailures> = { parse: {}, verify: {}, appraise: {}, collect: {} }
