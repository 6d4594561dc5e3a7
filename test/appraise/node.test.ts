// Groups of devices: what makes them one machine, one mutation at a time.
import { describe, expect, it } from 'vitest'
import type { GroupCheckId } from '../../src/appraise/checks.js'
import { groupCheckIds } from '../../src/appraise/checks.js'
import type { Collateral } from '../../src/appraise/collateral.js'
import { appraiseNode, hgxProtectedPcie, type NodeExpectation, type NodeResult } from '../../src/appraise/node.js'
import { type AppraisalPolicy, strictPolicy } from '../../src/appraise/policy.js'
import { opaqueFields, type SyntheticDevice } from '../../src/testing/index.js'
import {
  codes,
  collateralFor,
  evidenceOf,
  judge,
  manifestsOf,
  now,
  outcome,
  policyWith,
  responses,
  unsatisfied,
  verifierOf,
  world,
} from './scene.js'

const ppcie = world.ppcieNode()
const stranger = world.ppcieNode({ node: 'node-1', nonce: ppcie.nonce })
const mpt = world.mptNode()
const eightGpus: NodeExpectation = { mode: 'mpt', gpus: 8, switches: 0 }

/** One manifest of each kind and the status of every certificate, once. */
function collateralOf(devices: readonly SyntheticDevice[]): Collateral {
  const products = new Map(devices.map((device) => [device.family, device]))
  const manifests = [...products.values()].flatMap(manifestsOf)
  const shared = [...products.values()].map((device) => collateralFor(device))
  return {
    manifests: manifests.map(({ bytes }) => bytes),
    ocspResponses: [
      ...shared.flatMap(({ ocspResponses }) => ocspResponses),
      ...responses(devices.map(({ chain }) => world.ocspResponse(chain.brom, chain.provisioner))),
    ],
    crls: [],
  }
}

const collateral = collateralOf([...ppcie.devices, ...stranger.devices])
const mptCollateral = collateralOf(mpt.devices)

interface Group {
  readonly devices: readonly SyntheticDevice[]
  readonly expected?: NodeExpectation
  readonly policy?: AppraisalPolicy
  readonly with?: Collateral
  readonly nonce?: Uint8Array
}

function judgeGroup({ devices, expected, policy, with: given, nonce }: Group): Promise<NodeResult> {
  return verifierOf(policy).appraiseNode(
    devices.map((device) => evidenceOf(device)),
    { nonce: nonce ?? ppcie.nonce, now, collateral: given ?? collateral, expected: expected ?? hgxProtectedPcie },
  )
}

const replaced = (index: number, device: SyntheticDevice | undefined): readonly SyntheticDevice[] =>
  ppcie.devices.flatMap((present, i) => (i !== index ? [present] : device === undefined ? [] : [device]))

const [gpu0, gpu1] = ppcie.gpus
const [switch0, switch1] = ppcie.switches
if (gpu0 === undefined || gpu1 === undefined || switch0 === undefined || switch1 === undefined)
  throw new Error('a node has GPUs and switches')

const waive = (checks: readonly GroupCheckId[]): AppraisalPolicy =>
  policyWith({ waivers: checks.map((check) => ({ check, reason: `because of ${check}` })) })

describe('Protected PCIe', () => {
  it('passes under the strict policy: eight GPUs and four switches that name each other', async () => {
    const result = await judgeGroup({ devices: ppcie.devices })
    expect(codes(result)).toEqual([])
    expect(result).toMatchObject({ verdict: 'pass', tier: 'affirming' })
    expect(result.checks.map(({ id, outcome: found }) => [id, found])).toEqual(groupCheckIds.map((id) => [id, 'pass']))
    expect(result.members.map((member) => member.claims?.ueid)).toEqual(ppcie.devices.map(({ ueid }) => ueid))
  })

  it('does not depend on the order of the evidence', async () => {
    expect((await judgeGroup({ devices: ppcie.devices.toReversed() })).verdict).toBe('pass')
  })

  const node = (options: Parameters<typeof world.ppcieNode>[0]): readonly SyntheticDevice[] =>
    world.ppcieNode({ nonce: ppcie.nonce, ...options }).devices
  const foreignPdis = stranger.gpus.map(({ pdi }) => pdi)
  const foreignSwitches = stranger.switches.map(({ pdi }) => pdi)

  const groups: readonly (readonly [string, Group, readonly GroupCheckId[], string])[] = [
    ['without a GPU', { devices: replaced(7, undefined) }, ['device-count', 'topology'], 'group/device-count'],
    ['without a switch', { devices: replaced(11, undefined) }, ['device-count', 'topology'], 'group/device-count'],
    ['without any switch', { devices: ppcie.gpus }, ['device-count', 'topology'], 'group/device-count'],
    [
      'without any GPU',
      { devices: ppcie.switches },
      ['device-count', 'one-mode', 'one-driver', 'topology'],
      'group/device-count',
    ],
    [
      'of nothing',
      { devices: [] },
      ['device-count', 'one-nonce', 'one-mode', 'one-driver', 'topology'],
      'group/device-count',
    ],
    ['with a GPU twice', { devices: replaced(7, gpu0) }, ['distinct-devices', 'topology'], 'group/duplicate-device'],
    [
      'with a switch twice',
      { devices: replaced(11, switch0) },
      ['distinct-devices', 'topology'],
      'group/duplicate-device',
    ],
    [
      'with a GPU too many',
      { devices: [...ppcie.devices, gpu0] },
      ['device-count', 'distinct-devices'],
      'group/device-count',
    ],
    [
      'with a GPU of another node',
      { devices: replaced(7, stranger.gpus[7]) },
      ['topology'],
      'topology/switch-sets-differ',
    ],
    [
      'with a switch of another node',
      { devices: replaced(11, stranger.switches[3]) },
      ['topology'],
      'topology/switch-not-attested',
    ],
    [
      'GPUs of one node, switches of another',
      { devices: [...ppcie.gpus, ...stranger.switches] },
      ['topology'],
      'topology/switch-not-attested',
    ],
    [
      'with one switch that sees other GPUs',
      { devices: node({ nvswitch: (i) => (i === 2 ? { gpuPdis: foreignPdis } : {}) }) },
      ['topology'],
      'topology/gpu-sets-differ',
    ],
    [
      'with switches that all see other GPUs',
      { devices: node({ nvswitch: () => ({ gpuPdis: foreignPdis }) }) },
      ['topology'],
      'topology/gpu-not-attested',
    ],
    [
      'with switches that see one GPU twice',
      {
        devices: node({
          nvswitch: () => ({ gpuPdis: ppcie.gpus.map(({ pdi }, i) => (i === 7 ? gpu0.pdi : pdi)) }),
        }),
      },
      ['topology'],
      'topology/gpu-not-seen',
    ],
    [
      'with GPUs that all see other switches',
      { devices: node({ gpu: () => ({ switchPdis: foreignSwitches }) }) },
      ['topology'],
      'topology/switch-not-attested',
    ],
    [
      'with GPUs that see one switch too few',
      { devices: node({ gpu: () => ({ switchPdis: ppcie.switches.slice(1).map(({ pdi }) => pdi) }) }) },
      ['topology'],
      'topology/switch-not-seen',
    ],
    [
      'with a switch that claims the identity of another',
      { devices: node({ nvswitch: (i) => (i === 0 ? { opaque: { [opaqueFields.devicePdi]: switch1.pdi } } : {}) }) },
      ['topology'],
      'topology/pdi-mismatch',
    ],
    [
      'with GPUs that name no switches',
      { devices: node({ gpu: () => ({ opaque: { [opaqueFields.switchPdis]: null } }) }) },
      ['topology'],
      'topology/switch-not-seen',
    ],
    [
      'with a switch that names no GPUs',
      { devices: node({ nvswitch: (i) => (i === 0 ? { opaque: { [opaqueFields.switchGpuPdis]: null } } : {}) }) },
      ['topology'],
      'topology/gpu-not-seen',
    ],
    [
      'with a GPU in another mode',
      { devices: node({ gpu: (i) => (i === 5 ? { mode: 'spt', opaque: { [opaqueFields.switchPdis]: null } } : {}) }) },
      ['one-mode', 'topology'],
      'group/mode-differs',
    ],
    [
      'where another mode is expected',
      { devices: ppcie.devices, expected: { ...hgxProtectedPcie, mode: 'mpt' } },
      ['one-mode', 'topology'],
      'group/mode-differs',
    ],
    [
      'where more is expected',
      { devices: ppcie.devices, expected: { ...hgxProtectedPcie, gpus: 9 } },
      ['device-count'],
      'group/device-count',
    ],
    [
      'where fewer is expected',
      { devices: ppcie.devices, expected: { ...hgxProtectedPcie, switches: 0 } },
      ['device-count'],
      'group/device-count',
    ],
  ]

  it.each(groups)('%s fails', async (_, group, hit, code) => {
    const result = await judgeGroup(group)
    expect(result.verdict).toBe('fail')
    expect(unsatisfied(result)).toEqual(hit)
    expect(codes(result)[0]).toBe(code)
    const waived = await judgeGroup({ ...group, policy: waive(hit) })
    expect([waived.verdict, waived.tier]).toEqual(['pass', 'warning'])
    for (const id of hit) expect(outcome(waived, id)).toMatchObject({ outcome: 'waived', reason: `because of ${id}` })
    for (const left of hit) {
      const refused = await judgeGroup({ ...group, policy: waive(hit.filter((id) => id !== left)) })
      expect([refused.verdict, unsatisfied(refused)]).toEqual(['fail', [left]])
    }
  })

  it('fails with a member that fails on its own', async () => {
    const unlocked = node({
      nvswitch: (i) => (i === 3 ? { opaque: { [opaqueFields.switchLockStatus]: Uint8Array.of(0, 0) } } : {}),
    })
    const result = await judgeGroup({ devices: unlocked })
    expect(unsatisfied(result)).toEqual(['members'])
    expect(result.failures).toMatchObject([{ code: 'group/member-failed', details: { code: 'device/unlocked' } }])
    expect(outcome(await judgeGroup({ devices: unlocked, policy: waive(['members']) }), 'members').outcome).toBe(
      'waived',
    )
  })

  it('fails with a driver that differs', async () => {
    const devices = node({ gpu: (i) => (i === 1 ? { driverVersion: '599.11' } : {}) })
    const odd = devices[1]
    if (odd === undefined) throw new Error('no GPU')
    const own = collateralFor(odd)
    const both = { ...collateral, manifests: [...collateral.manifests, ...own.manifests] }
    const result = await judgeGroup({ devices, with: both })
    expect(unsatisfied(result)).toEqual(['one-driver'])
    expect(codes(result)).toEqual(['group/version-differs'])
  })

  it('does not take drivers nobody states for one driver', async () => {
    const devices = node({
      gpu: () => ({ opaque: { [opaqueFields.driverVersion]: null, [opaqueFields.fwid]: gpu0.fwid } }),
    })
    expect(unsatisfied(await judgeGroup({ devices }))).toContain('one-driver')
  })

  it('fails, whatever is waived, with a member that is not authentic', async () => {
    const forged = world.ppcieNode({ nonce: ppcie.nonce, gpu: (i) => (i === 0 ? { reportKey: world.key('x') } : {}) })
      .gpus[0]
    if (forged === undefined) throw new Error('no GPU')
    const policy = waive(groupCheckIds)
    // The forged one stands beside a complete set, so that no count misses anything.
    const group = { devices: [...mpt.devices, forged], expected: eightGpus, with: mptCollateral, nonce: mpt.nonce }
    const result = await judgeGroup({ ...group, policy })
    expect([result.verdict, unsatisfied(result)]).toEqual(['fail', ['members']])
    expect(result.members[8]).toMatchObject({ authentic: false })
  })
})

describe('multi-GPU passthrough', () => {
  const judgeMpt = (group: Partial<Group>) =>
    judgeGroup({ devices: mpt.devices, expected: eightGpus, with: mptCollateral, nonce: mpt.nonce, ...group })

  it('passes, and says that no topology evidence exists', async () => {
    const result = await judgeMpt({})
    expect(codes(result)).toEqual([])
    expect(result.verdict).toBe('pass')
    expect(outcome(result, 'topology').outcome).toBe('not-applicable')
  })

  it('has no switches', async () => {
    const ls10 = world.ls10({ nonce: mpt.nonce })
    const both = collateralOf([...mpt.devices, ls10])
    const expected = { ...eightGpus, switches: 1 }
    const result = await judgeMpt({ devices: [...mpt.devices, ls10], with: both, expected })
    expect(codes(result)).toEqual(['topology/switches-unexpected'])
  })

  it('fails for a device twice or in another mode', async () => {
    const [first] = mpt.devices
    if (first === undefined) throw new Error('no GPU')
    expect(unsatisfied(await judgeMpt({ devices: [...mpt.devices.slice(1), ...mpt.devices.slice(-1)] }))).toEqual([
      'distinct-devices',
    ])
    const single = world.mptNode({ nonce: mpt.nonce, gpu: (i) => (i === 0 ? { mode: 'spt' } : {}) })
    expect(unsatisfied(await judgeMpt({ devices: single.devices }))).toEqual(['one-mode'])
  })

  it('does not take a mode nobody states for the one expected', async () => {
    const silent = world.mptNode({ nonce: mpt.nonce, gpu: () => ({ opaque: { [opaqueFields.featureFlag]: null } }) })
    const result = await judgeMpt({ devices: silent.devices, policy: policyWith({ unstatedMode: 'accept' }) })
    expect(unsatisfied(result)).toEqual(['one-mode'])
    expect(codes(result)[0]).toBe('device/mode-unstated')
  })
})

describe('appraiseNode on its own', () => {
  const verify = (device: SyntheticDevice, nonce: Uint8Array) =>
    verifierOf().authenticate(evidenceOf(device), { nonce, now, collateral })

  it('wants one nonce', async () => {
    const devices = [world.hopper(), world.hopper({ device: 'device-1', nonce: world.bytes('other nonce', 32) })]
    const members = await Promise.all(
      devices.map(async (device) => ({ result: await judge({ device }), report: await verify(device, device.nonce) })),
    )
    const expected = { mode: 'spt', gpus: 2, switches: 0 } as const
    const result = appraiseNode({ members, expected, policy: strictPolicy })
    expect(unsatisfied(result)).toEqual(['one-nonce'])
    expect(codes(result)).toEqual(['group/nonce-differs'])
  })

  it('refuses copies of reports, and results of other reports', async () => {
    const device = world.hopper()
    const [result, report] = [await judge({ device }), await verify(device, device.nonce)]
    const other = await judge({ device: world.hopper({ device: 'device-1' }) })
    const expected = { mode: 'spt', gpus: 1, switches: 0 } as const
    const node = (members: readonly { result: typeof result; report: typeof report | undefined }[]) => () =>
      appraiseNode({ members, expected, policy: strictPolicy })
    expect(node([{ result, report }])().verdict).toBe('pass')
    expect(node([{ result, report: { ...report } }])).toThrow(TypeError)
    expect(node([{ result: other, report }])).toThrow(TypeError)
    expect(node([{ result, report: undefined }])).toThrow(TypeError)
  })
})
