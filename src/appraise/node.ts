// Judges devices that claim to be one machine: each must pass, and together they must be what the caller expects.
import { equalBytes } from '../bytes/bytes.js'
import { type Check, type Ledger, openLedger } from '../result/check.js'
import { appraiseFailure, type Failure } from '../result/failure.js'
import { requireVerified } from '../result/proof.js'
import type { NonEmptyArray, Tier } from '../result/result.js'
import { type GroupCheckId, groupCheckIds } from './checks.js'
import { collectFailures, type DeviceResult, type VerifiedReport } from './device.js'
import { type AppraisalPolicy, type DeviceMode, effectiveWaivers } from './policy.js'
import { tierOf } from './tier.js'
import { checkTopology, type TopologyMembers } from './topology.js'

/** What the machine must consist of; there is no default, because a missing device is invisible otherwise. */
export interface NodeExpectation {
  readonly mode: DeviceMode
  readonly gpus: number
  /** Zero unless the mode is `ppcie`. */
  readonly switches: number
}

/** NVIDIA HGX in Protected PCIe mode. */
export const hgxProtectedPcie: NodeExpectation = /* @__PURE__ */ Object.freeze({
  mode: 'ppcie',
  gpus: 8,
  switches: 4,
})

/** One device of a node: its own result, and the verified report that result is about. */
export interface NodeMember {
  readonly result: DeviceResult
  /** Undefined where the member was not shown to be authentic. */
  readonly report: VerifiedReport | undefined
}

/** What `appraiseNode` is given. */
export interface NodeAppraisal {
  /** In the order of the evidence. */
  readonly members: readonly NodeMember[]
  readonly expected: NodeExpectation
  readonly policy: AppraisalPolicy
}

/** The judgement of a group of devices: each on its own, and all together. */
export type NodeResult = {
  /** Results of the devices, in the order of the evidence. */
  readonly members: readonly DeviceResult[]
  /** Checks of the group, each once. */
  readonly checks: readonly Check<GroupCheckId>[]
  readonly tier: Tier
} & (
  | { readonly verdict: 'pass'; readonly failures: readonly [] }
  | { readonly verdict: 'fail'; readonly failures: NonEmptyArray<Failure> }
)

interface Present {
  readonly label: string
  readonly report: VerifiedReport
}

type GroupLedger = Ledger<GroupCheckId>

/**
 * Appraises a group of devices. Only Protected PCIe binds members to one another; for multi-GPU passthrough the result
 * says that several genuine devices answered one nonce in one mode, not that they share a machine (docs/limits.md).
 * @throws TypeError if a report is not the value a verify function returned, or a result not the appraisal of its report
 */
export function appraiseNode({ members, expected, policy }: NodeAppraisal): NodeResult {
  requireMembers(members)
  const ledger = openLedger<GroupCheckId>(groupCheckIds, waiversFor(members, policy), (check) =>
    appraiseFailure('check/not-done', check, { check }),
  )
  const present = members.flatMap(({ report }, index): Present[] =>
    report === undefined ? [] : [{ label: `members[${index}]`, report }],
  )
  checkMembers(ledger, members)
  checkCount(ledger, present, expected)
  checkDistinct(ledger, present)
  checkOneNonce(ledger, present)
  checkOneMode(ledger, present, expected)
  checkOneDriver(ledger, present)
  checkNodeTopology(ledger, present, members.length, expected)
  const checks = ledger.close()
  const [first, ...rest] = collectFailures(checks)
  const common = {
    members: members.map(({ result }) => result),
    checks,
    tier: tierOf([...checks, ...members.flatMap(({ result }) => result.checks)]),
  }
  const result: NodeResult =
    first === undefined
      ? { verdict: 'pass', failures: [], ...common }
      : { verdict: 'fail', failures: [first, ...rest], ...common }
  return Object.freeze(result)
}

// Result and report of a member belong together; pairs mixed up by the caller would be judged as what they are not.
function requireMembers(members: readonly NodeMember[]): void {
  for (const { result, report } of members) {
    if (report !== undefined) requireVerified(report, 'members[].report')
    if (result.claims?.evidenceDigest !== report?.reportDigest)
      throw new TypeError('members[].result must be the appraisal of members[].report')
  }
}

// A waiver covers genuine devices that do not satisfy the policy, never one that was not shown to be genuine.
function waiversFor(members: readonly NodeMember[], policy: AppraisalPolicy): ReadonlyMap<string, string> {
  const waivers = effectiveWaivers(policy)
  if (members.every(({ result }) => result.authentic)) return waivers
  return new Map([...waivers].filter(([check]) => check !== 'members'))
}

function checkMembers(ledger: GroupLedger, members: readonly NodeMember[]): void {
  ledger.pass('members')
  members.forEach(({ result }, index) => {
    if (result.verdict === 'pass') return
    const label = `members[${index}]`
    ledger.fail('members', appraiseFailure('group/member-failed', label, { label, code: result.failures[0].code }))
  })
}

function checkCount(ledger: GroupLedger, present: readonly Present[], expected: NodeExpectation): void {
  const count = (kind: 'gpu' | 'switch'): number => present.filter(({ report }) => report.kind === kind).length
  ledger.pass('device-count')
  for (const [kind, wanted] of [
    ['gpu', expected.gpus],
    ['switch', expected.switches],
  ] as const) {
    const actual = count(kind)
    if (actual !== wanted)
      ledger.fail('device-count', appraiseFailure('group/device-count', 'members', { kind, expected: wanted, actual }))
  }
  if (present.length === 0)
    ledger.fail(
      'device-count',
      appraiseFailure('group/device-count', 'members', { kind: 'any', expected: 1, actual: 0 }),
    )
}

function checkDistinct(ledger: GroupLedger, present: readonly Present[]): void {
  // The certificate's serial and the chip's identifier: a host can repeat a report under other labels, not under other keys.
  const seen = new Map<string, string>()
  ledger.pass('distinct-devices')
  for (const { label, report } of present) {
    for (const identity of [`ueid:${report.identity.ueid}`, `pdi:${report.identity.pdi}`]) {
      const first = seen.get(identity)
      if (first === undefined) seen.set(identity, label)
      else
        ledger.fail(
          'distinct-devices',
          appraiseFailure('group/duplicate-device', label, { ueid: report.identity.ueid, first }),
        )
    }
  }
}

function checkOneNonce(ledger: GroupLedger, present: readonly Present[]): void {
  const [first] = present
  if (first === undefined) return
  ledger.pass('one-nonce')
  for (const { label, report } of present) {
    if (!equalBytes(report.request.nonce, first.report.request.nonce))
      ledger.fail('one-nonce', appraiseFailure('group/nonce-differs', label, {}))
  }
}

function checkOneMode(ledger: GroupLedger, present: readonly Present[], expected: NodeExpectation): void {
  for (const { label, report } of present) {
    if (report.kind === 'switch') continue
    if (report.mode === undefined) ledger.indeterminate('one-mode', appraiseFailure('device/mode-unstated', label, {}))
    else if (report.mode === expected.mode) ledger.pass('one-mode')
    else
      ledger.fail('one-mode', appraiseFailure('group/mode-differs', label, { mode: report.mode, first: expected.mode }))
  }
}

function checkOneDriver(ledger: GroupLedger, present: readonly Present[]): void {
  let first: string | undefined
  for (const { label, report } of present) {
    if (report.kind === 'switch') continue
    const version = report.driverVersion
    if (version === undefined) {
      ledger.indeterminate('one-driver', appraiseFailure('check/not-done', label, { check: 'one-driver' }))
      continue
    }
    first ??= version
    if (version === first) ledger.pass('one-driver')
    else ledger.fail('one-driver', appraiseFailure('group/version-differs', label, { version, first }))
  }
}

function checkNodeTopology(
  ledger: GroupLedger,
  present: readonly Present[],
  given: number,
  expected: NodeExpectation,
): void {
  const members = split(present)
  if (expected.mode !== 'ppcie') {
    if (members.switches.length === 0) ledger.notApplicable('topology', 'no topology evidence exists for this mode')
    else
      ledger.fail(
        'topology',
        appraiseFailure('topology/switches-unexpected', 'members', { count: members.switches.length }),
      )
    return
  }
  // With a member missing, the sets cannot agree for reasons that the member's own failure already tells.
  if (present.length !== given || members.gpus.length === 0 || members.switches.length === 0) return
  const failures = checkTopology(members)
  if (failures.length === 0) ledger.pass('topology')
  for (const failure of failures) ledger.fail('topology', failure)
}

function split(present: readonly Present[]): TopologyMembers {
  const gpus: TopologyMembers['gpus'][number][] = []
  const switches: TopologyMembers['switches'][number][] = []
  for (const { label, report } of present) {
    if (report.kind === 'gpu') gpus.push({ label, report })
    else switches.push({ label, report })
  }
  return { gpus, switches }
}
