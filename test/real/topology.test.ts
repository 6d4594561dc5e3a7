// Real machines: the recorded sets of GPUs and switches form a node, and no other set made from them does.
import { describe, expect, it } from 'vitest'
import { type DeviceCheckId, groupCheckIds, type WaivableCheckId } from '../../src/appraise/checks.js'
import { emptyCollateral } from '../../src/appraise/collateral.js'
import { appraiseDevice } from '../../src/appraise/device.js'
import { appraiseNode, type NodeExpectation, type NodeMember, type NodeResult } from '../../src/appraise/node.js'
import { type AppraisalPolicy, strictPolicy, type Waiver } from '../../src/appraise/policy.js'
import { codes, outcome, unsatisfied } from '../appraise/scene.js'
import { hasRealData, readRealJson } from '../real-data.js'
import { evidence, nonce, verifier } from './appraisal-scene.js'

interface RecordedSet {
  readonly id: string
  readonly gpus: readonly string[]
  readonly switches: readonly string[]
  readonly mode: 'ppcie' | 'mpt'
  readonly expect: 'valid' | 'invalid'
  readonly computed: Readonly<Record<string, unknown>>
}

const isRecorded = (value: unknown): value is readonly RecordedSet[] => Array.isArray(value)

function recorded(): readonly RecordedSet[] {
  if (!hasRealData) return []
  const sets = readRealJson('evidence/topology.json')
  if (!isRecorded(sets)) throw new Error('topology.json is not a list')
  return sets
}

const now = new Date('2026-11-23T00:00:00Z')
/** No manifests and no statuses were published for these devices. */
const undone: readonly (DeviceCheckId & WaivableCheckId)[] = [
  'device-revocation',
  'driver-manifest',
  'driver-manifest-revocation',
  'driver-manifest-binding',
  'firmware-manifest',
  'firmware-manifest-revocation',
  'firmware-manifest-binding',
  'manifest-conflict',
  'driver-measurements',
  'firmware-measurements',
  'security-versions',
]
const waivers: readonly Waiver[] = undone.map((check) => ({ check, reason: 'none is published for this device' }))
const policy: AppraisalPolicy = { ...strictPolicy, id: 'test/topology', waivers }

const hgx: NodeExpectation = { mode: 'ppcie', gpus: 8, switches: 4 }
const eightGpus: NodeExpectation = { mode: 'mpt', gpus: 8, switches: 0 }

/** Each device with the nonce it was asked: what the group makes of them is the question. */
async function member(id: string): Promise<NodeMember> {
  const context = { nonce: nonce(id), now, collateral: emptyCollateral }
  const report = await verifier(policy).authenticate(evidence(id), context)
  return { report, result: appraiseDevice({ report, manifests: [], policy }) }
}

async function group(ids: readonly string[], expected: NodeExpectation = hgx): Promise<NodeResult> {
  return appraiseNode({ members: await Promise.all(ids.map(member)), expected, policy })
}

const set = (id: string): RecordedSet => {
  const found = recorded().find((candidate) => candidate.id === id)
  if (found === undefined) throw new Error(`no set ${id}`)
  return found
}
const members = ({ gpus, switches }: RecordedSet): readonly string[] => [...gpus, ...switches]

describe.skipIf(!hasRealData)('recorded sets', () => {
  it.each(recorded().map((one) => [one.id, one] as const))('%s', async (_, one) => {
    const result = await group(members(one), one.mode === 'mpt' ? eightGpus : hgx)
    expect(outcome(result, 'members').outcome).toBe('pass')
    expect(result.verdict).toBe(one.expect === 'valid' ? 'pass' : 'fail')
    const passed = (id: string): boolean => outcome(result, id).outcome === 'pass'
    expect(passed('one-nonce')).toBe(one.computed['oneNonce'] ?? one.expect === 'valid')
    expect(passed('distinct-devices')).toBe(one.computed['distinctDevices'])
  })

  it.each([
    [
      'sdk-four-times-one-switch',
      ['device-count', 'distinct-devices', 'one-mode', 'one-driver', 'topology'],
      'group/device-count',
    ],
    ['mixed-nodes', ['one-nonce', 'topology'], 'group/nonce-differs'],
    ['seven-gpus', ['device-count', 'topology'], 'group/device-count'],
  ] as const)('%s fails in %j', async (id, hit, code) => {
    const result = await group(members(set(id)))
    expect(unsatisfied(result)).toEqual(hit)
    expect(codes(result)[0]).toBe(code)
  })

  it('there are six, of which three are machines', () => {
    expect(recorded().map(({ expect: verdict }) => verdict)).toEqual([
      'valid',
      'valid',
      'valid',
      'invalid',
      'invalid',
      'invalid',
    ])
  })

  it.each(['nvtrust-ppcie-node', 'google-ppcie-node'])('%s passes through the verifier', async (id) => {
    const one = set(id)
    const ids = members(one)
    const result = await verifier(policy).appraiseNode(ids.map(evidence), {
      nonce: nonce(ids[0] ?? ''),
      now,
      collateral: emptyCollateral,
      expected: hgx,
    })
    expect(codes(result)).toEqual([])
    expect(result.checks.map(({ id: check, outcome: found }) => [check, found])).toEqual(
      groupCheckIds.map((check) => [check, 'pass']),
    )
    // Without the waivers every member lacks manifests and statuses.
    const strict = await verifier().appraiseNode(ids.map(evidence), {
      nonce: nonce(ids[0] ?? ''),
      now,
      collateral: emptyCollateral,
      expected: hgx,
    })
    expect(unsatisfied(strict)).toEqual(['members'])
    expect(strict.failures).toHaveLength(12)
  })

  it('the MPT machine has no topology evidence, and is none of the other kind', async () => {
    const ids = members(set('google-mpt-node'))
    const result = await group(ids, eightGpus)
    expect(outcome(result, 'topology').outcome).toBe('not-applicable')
    const asPpcie = await group(ids, { ...hgx, switches: 0 })
    expect(unsatisfied(asPpcie)).toEqual(['one-mode', 'topology'])
    expect(unsatisfied(await group(members(set('nvtrust-ppcie-node')), eightGpus))).toEqual([
      'device-count',
      'one-mode',
      'topology',
    ])
  })
})

describe.skipIf(!hasRealData)('one device exchanged', () => {
  const at = <T>(list: readonly T[], index: number, value: T): readonly T[] =>
    list.map((present, i) => (i === index ? value : present))

  it('for another of the same machine: repeated', async () => {
    const { gpus, switches } = set('nvtrust-ppcie-node')
    for (const ids of [
      [...at(gpus, 3, gpus[5] ?? ''), ...switches],
      [...gpus, ...at(switches, 2, switches[0] ?? '')],
    ]) {
      const result = await group(ids)
      expect(unsatisfied(result)).toEqual(['distinct-devices', 'topology'])
      expect(codes(result)[0]).toBe('group/duplicate-device')
    }
  })

  it('for one of another machine: its nonce, and what it sees', async () => {
    const [here, there] = [set('nvtrust-ppcie-node'), set('google-ppcie-node')]
    const gpu = await group([...at(here.gpus, 0, there.gpus[0] ?? ''), ...here.switches])
    expect(unsatisfied(gpu)).toEqual(['one-nonce', 'one-driver', 'topology'])
    expect(codes(gpu)).toContain('topology/switch-sets-differ')
    expect(codes(gpu)).toContain('topology/gpu-not-seen')
    const nvswitch = await group([...here.gpus, ...at(here.switches, 3, there.switches[3] ?? '')])
    expect(unsatisfied(nvswitch)).toEqual(['one-nonce', 'topology'])
    expect(codes(nvswitch)).toContain('topology/switch-not-attested')
    expect(codes(nvswitch)).toContain('topology/gpu-sets-differ')
  })

  it('left out or added', async () => {
    const { gpus, switches } = set('google-ppcie-node')
    for (let i = 0; i < 8; i += 3)
      expect(unsatisfied(await group([...gpus.filter((_, other) => other !== i), ...switches]))).toEqual([
        'device-count',
        'topology',
      ])
    for (let i = 0; i < 4; i += 3)
      expect(unsatisfied(await group([...gpus, ...switches.filter((_, other) => other !== i)]))).toEqual([
        'device-count',
        'topology',
      ])
    expect(unsatisfied(await group([...gpus, ...switches, 'sdk-switch']))).toEqual([
      'device-count',
      'one-nonce',
      'topology',
    ])
  })

  it('through the verifier, a device that answered another nonce is not authentic', async () => {
    const { gpus, switches } = set('nvtrust-ppcie-node')
    const foreign = set('google-ppcie-node').gpus[0] ?? ''
    const ids = [...at(gpus, 0, foreign), ...switches]
    const result = await verifier(policy).appraiseNode(ids.map(evidence), {
      nonce: nonce(gpus[1] ?? ''),
      now,
      collateral: emptyCollateral,
      expected: hgx,
    })
    expect(unsatisfied(result)).toEqual(['members', 'device-count', 'topology'])
    expect(result.failures[0]).toMatchObject({
      code: 'group/member-failed',
      details: { label: 'members[0]', code: 'evidence/nonce-mismatch' },
    })
  })
})
