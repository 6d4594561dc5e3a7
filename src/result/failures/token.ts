// Failures of the token domain.
import type { FailureGuide, None } from './table.js'

export interface TokenFailures {
  readonly parse: None
  readonly verify: None
  readonly appraise: None
  readonly collect: None
}

export const tokenGuide: FailureGuide<TokenFailures> = { parse: {}, verify: {}, appraise: {}, collect: {} }
