// Failures of the location domain.
import type { FailureGuide, None } from './table.js'

export interface LocationFailures {
  readonly parse: None
  readonly verify: None
  readonly appraise: None
  readonly collect: None
}

export const locationGuide: FailureGuide<LocationFailures> = { parse: {}, verify: {}, appraise: {}, collect: {} }
