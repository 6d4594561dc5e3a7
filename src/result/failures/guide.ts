// All failure guides side by side: the text behind docs/failures.md and the CLI's advice.
import { appraisalGuide } from './appraisal.js'
import { collateralGuide } from './collateral.js'
import { encodingGuide } from './encoding.js'
import { evidenceGuide } from './evidence.js'
import { locationGuide } from './location.js'
import { manifestGuide } from './manifest.js'
import { ocspGuide } from './ocsp.js'
import { revocationGuide } from './revocation.js'
import type { FailureAdvice } from './table.js'
import { tokenGuide } from './token.js'
import { x509Guide } from './x509.js'

const guides = [
  encodingGuide,
  x509Guide,
  evidenceGuide,
  manifestGuide,
  ocspGuide,
  revocationGuide,
  appraisalGuide,
  collateralGuide,
  tokenGuide,
  locationGuide,
] as const

const stages = ['parse', 'verify', 'appraise', 'collect'] as const

/** Every failure code with its stage and advice, in the order of the guides. */
export function listFailureAdvice(): readonly (FailureAdvice & { readonly code: string; readonly stage: string })[] {
  return guides.flatMap((guide) =>
    stages.flatMap((stage) =>
      Object.entries<FailureAdvice>(guide[stage]).map(([code, advice]) => ({ code, stage, ...advice })),
    ),
  )
}

/** Advice for one code; undefined for a code this version does not know. */
export function adviceFor(code: string): FailureAdvice | undefined {
  return listFailureAdvice().find((entry) => entry.code === code)
}
