// `verify`: the verdict on evidence, for one device, several, or a node.
import type { DeviceResult } from '../appraise/device.js'
import type { DeviceClaims } from '../appraise/device-claims.js'
import type { NodeExpectation, NodeResult } from '../appraise/node.js'
import type { Evidence } from '../nvidia/evidence.js'
import { AttestationError } from '../result/error.js'
import type { Failure } from '../result/failure.js'
import type { AppraisalContext, Verifier } from '../verifier.js'
import { toJson } from './json.js'
import { showChecks, showFailures } from './present.js'
import { printable, type Terminal, table } from './terminal.js'
import { exitCodes } from './usage.js'

export interface VerifyRequest {
  readonly verifier: Verifier
  readonly evidence: readonly Evidence[]
  readonly context: AppraisalContext
  readonly json: boolean
}

/** Signature, chain, nonce and firmware binding; says plainly that firmware was not judged. */
export async function verifyAuthenticity(
  terminal: Terminal,
  { verifier, evidence, context, json }: VerifyRequest,
): Promise<number> {
  const outcomes: {
    readonly at: string
    readonly authentic: boolean
    readonly ueid?: string
    readonly failure?: Failure
  }[] = []
  for (const item of evidence) {
    try {
      const report = await verifier.authenticate(item, context)
      outcomes.push({ at: item.at, authentic: true, ueid: report.identity.ueid })
      if (!json)
        terminal.line(
          `${terminal.good('AUTHENTIC')}  ${label(item)}${report.identity.hwmodel}  ueid ${report.identity.ueid}`,
        )
    } catch (error) {
      if (!(error instanceof AttestationError)) throw error
      outcomes.push({ at: item.at, authentic: false, failure: error.failure })
      if (json) continue
      terminal.line(`${terminal.bad('NOT SHOWN TO BE AUTHENTIC')}  ${label(item)}`)
      showFailures(terminal, [error.failure], '  ')
    }
  }
  const authentic = outcomes.every((outcome) => outcome.authentic)
  if (json) terminal.line(toJson({ authentic, devices: outcomes }))
  else if (authentic)
    terminal.line(
      terminal.doubtful('Genuine devices answered your nonce. Firmware, driver and revocation were not judged.'),
    )
  return authentic ? exitCodes.pass : exitCodes.verify
}

/** The full verdict on each device. */
export async function verifyDevices(
  terminal: Terminal,
  { verifier, evidence, context, json }: VerifyRequest,
): Promise<number> {
  const results: DeviceResult[] = []
  for (const [index, item] of evidence.entries()) {
    if (evidence.length > 1) terminal.progress(`device ${index + 1} of ${evidence.length}`)
    results.push(await verifier.appraise(item, context))
  }
  terminal.progress('')
  const code = worstExit(results)
  if (json) {
    terminal.line(toJson({ verdict: code === exitCodes.pass ? 'pass' : 'fail', devices: results }))
    return code
  }
  const [only, ...others] = results
  if (only !== undefined && others.length === 0) showDevice(terminal, only)
  else showDevices(terminal, evidence, results)
  return code
}

/** The verdict on devices that claim to be one machine, of which the caller says what it must consist of. */
export async function verifyNode(
  terminal: Terminal,
  { verifier, evidence, context, json }: VerifyRequest,
  expected: NodeExpectation,
): Promise<number> {
  const result = await verifier.appraiseNode(evidence, { ...context, expected })
  if (json) terminal.line(toJson(result))
  else showNode(terminal, evidence, result, expected)
  if (result.verdict === 'pass') return exitCodes.pass
  return result.members.some((member) => !member.authentic) ? exitCodes.verify : exitCodes.appraise
}

function worstExit(results: readonly DeviceResult[]): number {
  if (results.some((result) => !result.authentic)) return exitCodes.verify
  return results.some((result) => result.verdict === 'fail') ? exitCodes.appraise : exitCodes.pass
}

function label(item: Evidence): string {
  return item.at === '' ? '' : `${printable(item.at)}  `
}

function headline(terminal: Terminal, result: DeviceResult): string {
  if (result.verdict === 'pass') return terminal.good('PASS')
  return terminal.bad(result.authentic ? 'FAIL' : 'FAIL (not shown to be authentic)')
}

function showDevice(terminal: Terminal, result: DeviceResult): void {
  terminal.line(`${headline(terminal, result)}  tier: ${result.tier}`)
  if (result.authentic) {
    const { claims } = result
    const rows = [
      ['device', `${claims.hwmodel}, serial ${printable(claims.serialNumber)}`],
      ['ueid', claims.ueid],
      ['driver', claims.driverVersion ?? '-'],
      ['firmware', claims.firmwareVersion ?? '-'],
      ['mode', claims.mode ?? '-'],
      ['confidential', confidential(claims.confidentialComputing)],
      ['measurements', `${claims.measurementsMatched} equal their reference values`],
      ['policy', printable(claims.policyId)],
      ['judged at', claims.appraisedAt.toISOString()],
    ]
    for (const row of table(
      rows.map(([name = '', value = '']) => [terminal.faint(name), value]),
      '  ',
    ))
      terminal.line(row)
  }
  terminal.line()
  showChecks(terminal, result.checks, '  ')
  if (result.failures.length > 0) {
    terminal.line()
    showFailures(terminal, result.failures, '  ')
  }
}

function showDevices(terminal: Terminal, evidence: readonly Evidence[], results: readonly DeviceResult[]): void {
  const rows = results.map((result, index) => {
    const item = evidence[index]
    const claims = result.authentic ? result.claims : undefined
    const [first] = result.failures
    const reason = first === undefined ? '' : `${first.code} at ${printable(first.at)}`
    return [
      item === undefined ? '' : printable(item.at),
      item?.kind ?? '',
      claims?.product ?? '-',
      claims?.ueid ?? '-',
      headline(terminal, result),
      reason,
    ]
  })
  for (const row of table([['item', 'kind', 'chip', 'ueid', 'verdict', 'first failure'].map(terminal.faint), ...rows]))
    terminal.line(row)
  const failed = results.find((result) => result.verdict === 'fail')
  if (failed !== undefined) {
    terminal.line()
    showFailures(terminal, failed.failures, '')
  }
}

function confidential(answer: DeviceClaims['confidentialComputing']): string {
  if (answer === undefined) return '-'
  return {
    shown: 'mode shown by the measurements',
    'not-shown': 'mode not shown',
    contradicted: 'not in that mode, or other software',
  }[answer]
}

function showNode(
  terminal: Terminal,
  evidence: readonly Evidence[],
  result: NodeResult,
  { mode, gpus, switches }: NodeExpectation,
): void {
  showDevices(terminal, evidence, result.members)
  terminal.line()
  const expected = `${mode}, ${gpus} GPUs${switches > 0 ? `, ${switches} switches` : ''}`
  const headline = result.verdict === 'pass' ? terminal.good('PASS') : terminal.bad('FAIL')
  terminal.line(`${terminal.strong('node')} (${expected}): ${headline}  tier: ${result.tier}`)
  showChecks(terminal, result.checks, '  ')
}
