// NVIDIA's published service tokens beside our own appraisal of the very evidence they are about.
import { beforeAll, describe, expect, it } from 'vitest'
import type { Waiver } from '../../src/appraise/policy.js'
import { strictPolicy } from '../../src/appraise/policy.js'
import { appraiseToken } from '../../src/appraise/token.js'
import { compareWithLocal, type TokenDifference } from '../../src/appraise/token-compare.js'
import { parseHex } from '../../src/bytes/hex.js'
import { type NrasResult, verifyNrasToken } from '../../src/nvidia/nras.js'
import type { Verified } from '../../src/result/proof.js'
import { parseJwkSet } from '../../src/token/jwks.js'
import { outcome, unsatisfied } from '../appraise/scene.js'
import { hasRealData, readReal, readRealJson } from '../real-data.js'
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

interface Sample {
  readonly id: string
  readonly file: string
  readonly jwks: string
  readonly verifyTime: number
  readonly evidence: string
  readonly tokens: readonly { readonly iss: string }[]
  readonly overall: { readonly eat_nonce: string }
}

async function readToken(id: string): Promise<{ readonly token: Verified<NrasResult>; readonly about: string }> {
  const samples = readRealJson('tokens/nras/index.json') as readonly Sample[]
  const sample = samples.find((candidate) => candidate.id === id)
  if (sample === undefined) throw new Error(`no sample ${id}`)
  const token = await verifyNrasToken(readReal(`tokens/${sample.file}`), {
    keys: parseJwkSet(readReal(`tokens/${sample.jwks}`)),
    issuer: sample.tokens[0]?.iss ?? '',
    nonce: parseHex(sample.overall.eat_nonce, ''),
    now: new Date(sample.verifyTime * 1000),
    leewaySeconds: 0,
  })
  return { token, about: sample.evidence }
}

const brief = (differences: readonly TokenDifference[]): readonly (readonly unknown[])[] =>
  differences.map(({ kind, claim, service, local }) => [kind, claim, service, local])
const status = 'x-nvidia-cert-ocsp-status'
const valid = 'x-nvidia-cert-ocsp-response-valid'
const gpuChain = (name: string): string => `x-nvidia-gpu-${name}-cert-chain`

describe.skipIf(!hasRealData)('the service’s token about an H100 under driver 550.90.07', () => {
  const files = ['NV_GPU_DRIVER_GH100_550.90.07.xml', 'NV_GPU_VBIOS_1010_0200_882_96009F0001.xml']
  let token: Verified<NrasResult>
  let about = ''
  beforeAll(async () => {
    ;({ token, about } = await readToken('hopperClaimsv3'))
  })
  const compare = async (now: Date, waivers: readonly Waiver[], manifests = files, id = about) => {
    const context = { nonce: nonce(id), now, collateral: collateral(manifests, recordedStatuses()) }
    return compareWithLocal(token, [await verifier({ waivers }).appraise(evidence(id), context)])
  }

  it('agrees with our appraisal on every claim, while the statuses of its device chain hold', async () => {
    expect(brief(await compare(deviceStatusTime, withoutManifestStatuses))).toEqual([
      ['stricter-here', `${gpuChain('driver-rim')}.${status}`, 'good', 'unknown'],
      ['stricter-here', `${gpuChain('vbios-rim')}.${status}`, 'good', 'unknown'],
      ['only-local', `${gpuChain('attestation-report')}.${valid}`, undefined, true],
      ['only-local', `${gpuChain('driver-rim')}.${valid}`, undefined, false],
      ['only-local', `${gpuChain('vbios-rim')}.${valid}`, undefined, false],
    ])
  })

  it('and while those of its manifests hold', async () => {
    expect(brief(await compare(manifestStatusTime, [withoutDeviceStatuses]))).toEqual([
      ['stricter-here', `${gpuChain('attestation-report')}.${status}`, 'good', 'unknown'],
      ['only-local', `${gpuChain('attestation-report')}.${valid}`, undefined, false],
      ['only-local', `${gpuChain('driver-rim')}.${valid}`, undefined, true],
      ['only-local', `${gpuChain('vbios-rim')}.${valid}`, undefined, true],
    ])
  })

  it('is stricter here without the waivers, by name of the check', async () => {
    const found = brief(await compare(manifestStatusTime, []))
    expect(found.filter(([kind]) => kind === 'stricter-here')).toEqual([
      ['stricter-here', 'outcome', 'pass', 'fail'],
      ['stricter-here', `${gpuChain('attestation-report')}.${status}`, 'good', 'unknown'],
      ['stricter-here', 'check:device-revocation', undefined, 'indeterminate'],
    ])
  })

  it('is about no other device', async () => {
    const found = await compare(deviceStatusTime, withoutManifestStatuses, files, 'gonvtrust-hopper-545')
    expect(found.map(({ kind, claim }) => [kind, claim])).toEqual([
      ['stricter-here', 'outcome'],
      ['only-service', 'device'],
      ['only-local', 'device'],
    ])
  })

  it('passes our policy but for what tokens do not show', () => {
    const result = appraiseToken({
      token,
      policy: { ...strictPolicy, families: ['GH100'], minimumDriverVersion: '550.90.07' },
    })
    expect(unsatisfied(result)).toEqual(['stated-mode', 'stated-security-versions', 'revocation-freshness'])
    expect(outcome(result, 'stated-minimum-versions').outcome).toBe('pass')
    expect(result.claims).toMatchObject({
      issuer: 'https://nras.attestation.nvidia.com',
      devices: [
        { kind: 'gpu', ueid: '478176379286082186618948445787393647364802107249', firmwareVersion: '96.00.9F.00.01' },
      ],
    })
  })
})

describe.skipIf(!hasRealData)('the service’s token about an NVSwitch', () => {
  let token: Verified<NrasResult>
  let about = ''
  beforeAll(async () => {
    ;({ token, about } = await readToken('switch'))
  })

  it('contradicts ours in one point: the manifest was re-issued, and its signer is another', async () => {
    const waivers: readonly Waiver[] = [withoutDeviceStatuses, ...withoutManifestStatuses]
    const file = 'switchVBIOSRim_NV_SWITCH_BIOS_5612_0002_890_9610550001.xml'
    // The issue at hand is signed by a certificate that begins after the token expired.
    const now = new Date('2026-06-01T00:00:00Z')
    const context = { nonce: nonce(about), now, collateral: collateral([file], recordedStatuses()) }
    const local = await verifier({ waivers }).appraise(evidence(about), context)
    expect(unsatisfied(local)).toEqual([])
    const found = compareWithLocal(token, [local])
    const chain = 'x-nvidia-switch-bios-rim-cert-chain'
    expect(found.filter(({ kind }) => kind === 'contradiction').map(({ claim, service }) => [claim, service])).toEqual([
      [`${chain}.x-nvidia-cert-expiration-date`, '2026-05-20T17:59:06Z'],
    ])
    expect(found.filter(({ kind }) => kind === 'stricter-here').map(({ claim }) => claim)).toEqual([
      `x-nvidia-switch-attestation-report-cert-chain.${status}`,
      `${chain}.${status}`,
    ])
    expect(found.filter(({ kind }) => kind === 'only-service')).toEqual([])
  })

  it('passes our policy but for what tokens do not show', () => {
    const result = appraiseToken({ token, policy: strictPolicy })
    expect(unsatisfied(result)).toEqual(['stated-switch-lock', 'stated-security-versions', 'revocation-freshness'])
  })
})
