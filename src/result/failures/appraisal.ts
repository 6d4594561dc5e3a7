// Failures of the appraisal domain.
import type { FailureGuide, None } from './table.js'

export interface AppraisalFailures {
  readonly parse: None
  readonly verify: None
  readonly appraise: None
  readonly collect: None
}

export const appraisalGuide: FailureGuide<AppraisalFailures> = { parse: {}, verify: {}, appraise: {}, collect: {} }
