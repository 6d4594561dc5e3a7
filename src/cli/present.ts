// Shows results to people: tables of reports and chains, verdicts with their reasons and next steps.
import type { Check, CheckOutcome } from '../result/check.js'
import type { Failure } from '../result/failure.js'
import { adviceFor } from '../result/failures/guide.js'
import { printable, type Terminal, table } from './terminal.js'

const marks: { readonly [O in CheckOutcome]: string } = {
  pass: 'pass',
  fail: 'FAIL',
  indeterminate: 'not done',
  waived: 'waived',
  'not-applicable': '-',
}

export function showChecks(terminal: Terminal, checks: readonly Check[], indent: string): void {
  const paint = {
    pass: terminal.good,
    fail: terminal.bad,
    indeterminate: terminal.doubtful,
    waived: terminal.doubtful,
    'not-applicable': terminal.faint,
  }
  const rows = checks.map((check) => [paint[check.outcome](marks[check.outcome]), check.id, note(check)])
  for (const row of table(rows, indent)) terminal.line(row)
}

function note(check: Check): string {
  if (check.reason !== undefined) return printable(check.reason)
  const [first, ...rest] = check.failures
  if (first === undefined) return ''
  return `${first.code} at ${printable(first.at)}${rest.length > 0 ? ` and ${rest.length} more` : ''}`
}

/** One failure with its details and what to do about it. */
export function showFailure(terminal: Terminal, failure: Failure, indent: string): void {
  const advice = adviceFor(failure.code)
  const place = failure.at === '' ? '' : ` at ${printable(failure.at)}`
  terminal.line(`${indent}${terminal.bad(failure.code)}${place}`)
  if (advice !== undefined) terminal.line(`${indent}  ${advice.meaning}`)
  for (const [name, value] of Object.entries(failure.details))
    terminal.line(terminal.faint(`${indent}  ${name}: ${show(value)}`))
  if (advice !== undefined) terminal.line(`${indent}  ${terminal.strong('Next:')} ${advice.next}`)
}

const shownLength = 160

function show(value: unknown): string {
  const text = printable(
    typeof value === 'string' ? value : Array.isArray(value) ? value.map(String).join(', ') : String(value),
  )
  return text.length > shownLength ? `${text.slice(0, shownLength)}…` : text
}

/** Most failures of one device are consequences of the first few. */
const shownFailures = 3

export function showFailures(terminal: Terminal, failures: readonly Failure[], indent: string): void {
  for (const failure of failures.slice(0, shownFailures)) showFailure(terminal, failure, indent)
  const more = failures.length - shownFailures
  if (more > 0) terminal.line(terminal.faint(`${indent}… and ${more} more (see --json)`))
}
