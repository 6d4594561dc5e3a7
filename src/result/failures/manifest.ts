// Failures of the manifest domain.
import type { FailureGuide, None } from './table.js'

export interface ManifestFailures {
  readonly parse: None
  readonly verify: None
  readonly appraise: None
  readonly collect: None
}

export const manifestGuide: FailureGuide<ManifestFailures> = { parse: {}, verify: {}, appraise: {}, collect: {} }
