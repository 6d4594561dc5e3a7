// Failures of the collateral domain.
import type { FailureGuide, None } from './table.js'

export interface CollateralFailures {
  readonly parse: None
  readonly verify: None
  readonly appraise: None
  readonly collect: None
}

export const collateralGuide: FailureGuide<CollateralFailures> = { parse: {}, verify: {}, appraise: {}, collect: {} }
