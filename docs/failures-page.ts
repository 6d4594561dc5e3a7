// Renders the failure guides as a page.
import { listFailureAdvice } from '../src/result/failures/guide.js'

const stageTitles = {
  parse: 'Parsing: the input is not of the form it must have',
  verify: 'Verification: a signature, chain or binding does not hold',
  appraise: 'Appraisal: genuine, but not what the policy asks for',
  collect: 'Collecting: collateral could not be obtained',
} as const

const actions = {
  'fix-input': 'Correct the input.',
  'collect-again': 'Collect again and retry.',
  stop: 'Stop: do not trust it.',
  'review-policy': 'Review the policy.',
} as const

/** The whole of docs/failures.md. */
export function renderFailures(): string {
  const lines = [
    '# Failures',
    '',
    'Every refusal carries a `code` (stable), the stage, `at` (the path to the offending field) and details.',
    'This page is generated from the tables in `src/result/failures/` (`npm run failures`).',
    '',
  ]
  const all = listFailureAdvice()
  for (const [stage, title] of Object.entries(stageTitles)) {
    lines.push(`## ${title}`, '', '| code | meaning | what to do |', '|---|---|---|')
    for (const entry of all.filter((candidate) => candidate.stage === stage)) {
      lines.push(`| \`${entry.code}\` | ${entry.meaning} | **${actions[entry.action]}** ${entry.next} |`)
    }
    lines.push('')
  }
  return lines.join('\n')
}
