// Claims exported by an own appraisal against the claims NVIDIA's service issued for the same evidence, and its policies.
import { describe, expect, it } from 'vitest'
import type { Waiver } from '../../src/appraise/policy.js'
import { parsePolicy } from '../../src/appraise/policy-json.js'
import type { VendorClaims } from '../../src/nvidia/claims.js'
import { codes, collateralFor, judge, outcome, world } from '../appraise/scene.js'
import { thrown } from '../nvidia/thrown.js'
import { hasRealData, readRealJson, readRealText } from '../real-data.js'
import {
  collateral,
  deviceStatusTime,
  evidence,
  manifestStatusTime,
  nonce,
  recordedStatuses,
  verifier,
  withoutDeviceStatuses,
  withoutManifestStatuses,
} from './appraisal-scene.js'

type Claims = Readonly<Record<string, unknown>>
const isClaims = (value: unknown): value is Claims => typeof value === 'object' && value !== null

function issued(file: string, label: string): Claims {
  const decoded = readRealJson(`tokens/nras/${file}`)
  const claims = isClaims(decoded) ? decoded[label] : undefined
  if (!isClaims(claims)) throw new Error(`no ${label} in ${file}`)
  return claims
}

/** What belongs to the token of the service, not to the device. */
const ofToken = ['iss', 'exp', 'iat', 'nbf', 'jti']
/** Ours say more about a chain than the service's. */
const ownChainClaims = ['x-nvidia-cert-ocsp-response-valid']

function deviceClaims(claims: Claims): Claims {
  return Object.fromEntries(Object.entries(claims).filter(([name]) => !ofToken.includes(name)))
}

/** Names at which the two disagree, among those both have; chains member by member. */
function differences(theirs: Claims, ours: Claims, at = ''): readonly string[] {
  return Object.entries(theirs).flatMap(([name, value]): readonly string[] => {
    if (!Object.hasOwn(ours, name)) return []
    const own = ours[name]
    if (isClaims(value) && isClaims(own)) return differences(value, own, `${at}${name}.`)
    return JSON.stringify(value) === JSON.stringify(own) ? [] : [`${at}${name}`]
  })
}

const missingFrom = (ours: Claims, theirs: Claims): readonly string[] =>
  Object.keys(theirs).filter((name) => !Object.hasOwn(ours, name))

async function claimsOf(
  id: string,
  files: readonly string[],
  now: Date,
  statuses = recordedStatuses(),
): Promise<VendorClaims> {
  const waivers: readonly Waiver[] = [withoutDeviceStatuses, ...withoutManifestStatuses]
  const context = { nonce: nonce(id), now, collateral: collateral(files, statuses) }
  const result = await verifier({ waivers }).appraise(evidence(id), context)
  if (result.verdict !== 'pass') throw new Error(codes(result).join())
  return result.claims.vendorClaims
}

const hopper = 'nvtrust-sample-hopper-550'
const manifests = ['NV_GPU_DRIVER_GH100_550.90.07.xml', 'NV_GPU_VBIOS_1010_0200_882_96009F0001.xml']
const rimStatuses = ['driver', 'vbios'].map((name) => `x-nvidia-gpu-${name}-rim-cert-chain.x-nvidia-cert-ocsp-status`)
const reportStatus = 'x-nvidia-gpu-attestation-report-cert-chain.x-nvidia-cert-ocsp-status'

describe.skipIf(!hasRealData)('claims of the recorded GPU', () => {
  // Device and manifest statuses were recorded two months apart: at either time the other side's status is unknown.
  it.each([
    ['device', deviceStatusTime, rimStatuses],
    ['manifest', manifestStatusTime, [reportStatus]],
  ] as const)('equal those of the service while the %s statuses hold', async (_, now, unknown) => {
    const theirs = deviceClaims(issued('hopperClaimsv3_decoded.json', 'GPU-0'))
    const ours = await claimsOf(hopper, manifests, now)
    expect(differences(theirs, ours)).toEqual(unknown)
    expect(missingFrom(ours, theirs)).toEqual([])
    for (const name of Object.keys(theirs).filter((key) => key.endsWith('cert-chain')))
      expect(missingFrom(theirs[name] as Claims, ours[name] as Claims)).toEqual(ownChainClaims)
    // Of version 3.0, but issued before the service named version and device type, and with nothing that differed.
    expect(missingFrom(theirs, ours)).toEqual([
      'x-nvidia-device-type',
      'x-nvidia-gpu-claims-version',
      'x-nvidia-mismatch-measurement-records',
      'x-nvidia-attester-claims',
      'x-nvidia-mismatch-opaque-data-records',
    ])
  })

  it('satisfy a policy that demands the service’s claims to the letter', async () => {
    const theirs = deviceClaims(issued('hopperClaimsv3_decoded.json', 'GPU-0'))
    const demand = (detached: Claims) =>
      parsePolicy(
        JSON.stringify({
          version: '4.0',
          'authorization-rules': { type: 'JWT', 'overall-claims': {}, 'detached-claims': detached },
        }),
      ).requiredClaims
    const judged = async (requiredClaims: ReturnType<typeof demand>) => {
      const result = await verifier({ requiredClaims, waivers: withoutManifestStatuses }).appraise(evidence(hopper), {
        nonce: nonce(hopper),
        now: deviceStatusTime,
        collateral: collateral(manifests, recordedStatuses()),
      })
      return outcome(result, 'required-claims').failures.map(({ at }) => at)
    }
    expect(await judged(demand(theirs))).toEqual(rimStatuses.map((name) => `claims.${name}`))
    const other = { ...theirs, 'x-nvidia-gpu-driver-version': '550.90.08' }
    expect(await judged(demand(other))).toContain('claims.x-nvidia-gpu-driver-version')
  })
})

describe.skipIf(!hasRealData)('claims of the recorded switch', () => {
  it('equal those of the service, but for the later issue of the manifest and the statuses nobody recorded', async () => {
    const theirs = deviceClaims(issued('switch_decoded.json', 'SWITCH-0'))
    const file = 'switchVBIOSRim_NV_SWITCH_BIOS_5612_0002_890_9610550001.xml'
    const ours = await claimsOf('sdk-switch', [file], new Date('2026-06-01T00:00:00Z'), [])
    expect(differences(theirs, ours).toSorted()).toEqual([
      'x-nvidia-switch-attestation-report-cert-chain.x-nvidia-cert-ocsp-status',
      'x-nvidia-switch-bios-rim-cert-chain.x-nvidia-cert-expiration-date',
      'x-nvidia-switch-bios-rim-cert-chain.x-nvidia-cert-ocsp-status',
    ])
    // The service says null, the vendor's own local verifier leaves it out for switches.
    expect(missingFrom(ours, theirs)).toEqual(['oemid'])
    expect(theirs['oemid']).toBeNull()
  })
})

describe.skipIf(!hasRealData)('names of the vendor’s local verifier', () => {
  const localOnly = [...ofToken, 'oemid']
  it.each([
    ['gpu', 'detached_granular_claims_local.json', () => world.hopper()],
    ['switch', 'detached_granular_claims_local.json', () => world.ls10()],
  ] as const)('of a %s are all exported', async (kind, file, make) => {
    const example = readRealJson(`tokens/claims/${kind}/${file}`)
    if (!isClaims(example)) throw new Error('no claims')
    const device = make()
    const result = await judge({ device, collateral: collateralFor(device) })
    const ours = result.claims?.vendorClaims ?? {}
    expect(missingFrom(ours, example).filter((name) => !localOnly.includes(name))).toEqual([])
  })
})

const policyFiles = [
  'local/NVGPULocalPolicyClaimsV3Example',
  'local/NVGPULocalPolicyExample',
  'local/NVGPULocalv4PolicyExample',
  'local/NVSwitchLocalPolicyExample',
  'local/NVSwitchLocalv4PolicyExample',
  'remote/v2/NVGPURemotePolicyExample',
  'remote/v2/NVSwitchRemotePolicyExample',
  'remote/v3/NVGPURemotePolicyExample',
  'remote/v3/NVSwitchRemotePolicyExample',
  'remote/v4/NVGPURemotePolicyExample',
  'remote/v4/NVSwitchRemotePolicyExample',
] as const

describe.skipIf(!hasRealData)('the vendor’s relying-party policies', () => {
  const read = (name: string): string => readRealText(`tokens/policy-json/${name}.json`)
  const evaluate = async (name: string): Promise<readonly string[]> => {
    const device = name.includes('Switch') ? world.ls10() : world.hopper()
    const result = await judge({ device, policy: parsePolicy(read(name)) })
    return outcome(result, 'required-claims').failures.map(({ at }) => at)
  }

  it.each(['remote/v1/NVGPURemotePolicyExample', 'remote/v1/NVGPULocalPolicyExample'])(
    '%s, of the withdrawn version 1, is refused',
    (name) => {
      expect(thrown(() => parsePolicy(read(name)))).toEqual({
        code: 'policy/version-unsupported',
        at: 'policy.version',
      })
    },
  )

  it.each(policyFiles.filter((name) => /v[34]\//.test(name)))('%s is satisfied by a sound device', async (name) => {
    expect(await evaluate(name)).toEqual([])
  })

  // They demand that a token was issued by the vendor's own local verifier, which is not what judged here.
  it.each(policyFiles.filter((name) => name.startsWith('local')))(
    '%s is satisfied but for the issuer',
    async (name) => {
      expect(await evaluate(name)).toEqual(['overallClaims.iss'])
    },
  )

  // Of the second version of the service, whose claim names no later version has: nothing satisfies them.
  it.each(policyFiles.filter((name) => name.includes('v2/')))('%s names claims that do not exist', async (name) => {
    const failed = await evaluate(name)
    expect(failed).toContain('overallClaims.iss')
    expect(failed).toContain(`claims.x-nvidia-${name.includes('Switch') ? 'switch' : 'gpu'}-nonce-match`)
  })

  it.each(policyFiles)('%s is not satisfied where measurements differ', async (name) => {
    const measurements = { 1: world.bytes('x', 48) }
    const device = name.includes('Switch') ? world.ls10({ measurements }) : world.hopper({ measurements })
    const result = await judge({ device, policy: parsePolicy(read(name)) })
    expect(result.verdict).toBe('fail')
    expect(outcome(result, 'required-claims').failures.map(({ at }) => at)).toContain(
      'overallClaims.x-nvidia-overall-att-result',
    )
  })
})
