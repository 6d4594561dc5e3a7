// Failures of the x509 domain.
import type { FailureGuide, None } from './table.js'

export interface X509Failures {
  readonly parse: None
  readonly verify: None
  readonly appraise: None
  readonly collect: None
}

export const x509Guide: FailureGuide<X509Failures> = { parse: {}, verify: {}, appraise: {}, collect: {} }
