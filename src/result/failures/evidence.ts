// Failures of the evidence domain.
import type { FailureGuide, None } from './table.js'

export interface EvidenceFailures {
  readonly parse: None
  readonly verify: None
  readonly appraise: None
  readonly collect: None
}

export const evidenceGuide: FailureGuide<EvidenceFailures> = { parse: {}, verify: {}, appraise: {}, collect: {} }
