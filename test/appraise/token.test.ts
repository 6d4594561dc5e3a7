// The appraisal policy applied to what an attestation service states: what passes, what fails, and what no token shows.
import { describe, expect, it } from 'vitest'
import { type AppraisalPolicy, strictPolicy } from '../../src/appraise/policy.js'
import { appraiseToken, type TokenResult } from '../../src/appraise/token.js'
import {
  type TokenCheckId,
  type TokenWaiver,
  tokenCheckIds,
  unwaivableTokenChecks,
} from '../../src/appraise/token-checks.js'
import { parseHex } from '../../src/bytes/hex.js'
import { verifyNrasToken } from '../../src/nvidia/nras.js'
import type { BundleOptions } from '../../src/testing/index.js'
import { parseJwkSet } from '../../src/token/jwks.js'
import { bundle, now as bundleTime, encode, flatGpu, issuer, nonceHex } from '../nvidia/nras-bundle.js'
import { jwksBytes, signer } from '../token/signing.js'
import { codes, outcome, policyWith, unsatisfied, world } from './scene.js'
import { refusedClaims, statedChain, tokenOf } from './token-scene.js'

const gpu = world.hopper()
const nvswitch = world.ls10()

const reason = 'the owner of the fleet accepts it'
/** What no token of version 3.0 shows about a GPU. */
const gaps = ['stated-mode', 'stated-security-versions', 'revocation-freshness'] as const
const waivers: readonly TokenWaiver[] = gaps.map((check) => ({ check, reason }))

interface Changes {
  readonly device?: Readonly<Record<string, unknown>>
  readonly bundle?: BundleOptions
  readonly policy?: Partial<AppraisalPolicy>
  readonly waivers?: readonly TokenWaiver[]
}

async function judge(changes: Changes = {}): Promise<TokenResult> {
  const token = await tokenOf([gpu], { device: () => changes.device ?? {}, ...changes.bundle })
  return appraiseToken({ token, policy: policyWith(changes.policy ?? {}), waivers: changes.waivers ?? waivers })
}

function failures(result: TokenResult, id: TokenCheckId): readonly { readonly code: string; readonly at: string }[] {
  return outcome(result, id).failures.map(({ code, at }) => ({ code, at }))
}

const claims = 'devices.GPU-0.payload'

describe('a token about a sound GPU', () => {
  it('lists every check once', async () => {
    expect((await judge()).checks.map(({ id }) => id)).toEqual([...tokenCheckIds])
  })

  it('does not pass under the strict policy: tokens do not show everything', async () => {
    const result = await judge({ waivers: [] })
    expect(result).toMatchObject({ verdict: 'fail', authentic: true, tier: 'warning' })
    expect(unsatisfied(result)).toEqual(gaps)
    expect(gaps.map((id) => outcome(result, id).outcome)).toEqual(gaps.map(() => 'indeterminate'))
    expect(new Set(codes(result))).toEqual(new Set(['token/cannot-show']))
  })

  it('passes with the gaps waived by name, which shows', async () => {
    const result = await judge()
    expect(result).toMatchObject({ verdict: 'pass', tier: 'warning', failures: [] })
    expect(outcome(result, 'stated-mode')).toMatchObject({ outcome: 'waived', reason })
  })

  it('says whose word the claims are', async () => {
    const { claims: statement } = await judge()
    expect(statement).toMatchObject({
      kind: 'issuer-statement',
      evidence: 'not-seen',
      issuer: 'https://nras.gpu-attestation.example',
      version: '3.0',
      overallResult: true,
      issuedAt: world.now,
      policyId: 'test/1',
      devices: [{ kind: 'gpu', label: 'GPU-0', ueid: gpu.ueid, driverVersion: gpu.driverVersion, measres: 'success' }],
    })
    expect(statement?.devices[0]).toMatchObject({ claims: { ueid: gpu.ueid, 'x-nvidia-gpu-arch-check': true } })
  })

  it('hands out dates of its own', async () => {
    const token = await tokenOf([gpu])
    const result = appraiseToken({ token, policy: strictPolicy })
    result.claims?.expiresAt.setTime(0)
    result.claims?.issuedAt?.setTime(0)
    expect([token.expiresAt.getTime(), token.issuedAt?.getTime()]).toEqual([
      world.now.getTime() + 3_600_000,
      world.now.getTime(),
    ])
  })

  it('takes proofs only', async () => {
    const token = await tokenOf([gpu])
    expect(() => appraiseToken({ token: { ...token }, policy: strictPolicy })).toThrow(TypeError)
  })
})

describe('waivers', () => {
  it('of the policy count for what is stated about the same check', async () => {
    const result = await judge({ policy: { waivers: [{ check: 'mode', reason }] }, waivers: [] })
    expect(outcome(result, 'stated-mode')).toMatchObject({ outcome: 'waived', reason })
    expect(unsatisfied(result)).toEqual(['stated-security-versions', 'revocation-freshness'])
  })

  it('without a reason have no effect', async () => {
    const result = await judge({ waivers: [{ check: 'stated-mode', reason: ' ' }] })
    expect(unsatisfied(result)).toEqual(gaps)
  })

  it('for what a token must show have no effect, however they were typed', async () => {
    const untyped: unknown[] = unwaivableTokenChecks.map((check) => ({ check, reason }))
    const all: readonly TokenWaiver[] = JSON.parse(JSON.stringify([...untyped, ...waivers]))
    const result = await judge({
      device: {
        'x-nvidia-gpu-attestation-report-signature-verified': false,
        'x-nvidia-gpu-attestation-report-cert-chain': statedChain({ 'x-nvidia-cert-status': 'invalid' }),
      },
      waivers: all,
    })
    expect(unsatisfied(result)).toEqual(['stated-certificate-path', 'stated-report-signature'])
  })

  it('for the firmware binding count where it is not stated, and not where it is stated as broken', async () => {
    const name = 'x-nvidia-gpu-attestation-report-cert-chain-fwid-match'
    const waived: readonly TokenWaiver[] = [...waivers, { check: 'stated-firmware-binding', reason }]
    const judged = async (value: unknown) =>
      outcome(await judge({ device: { [name]: value }, waivers: waived }), 'stated-firmware-binding')
    expect((await judged(undefined)).outcome).toBe('waived')
    expect(await judged(false)).toMatchObject({ outcome: 'fail', failures: [{ code: 'token/check-failed' }] })
  })
})

describe('the overall token', () => {
  it('must say that the result is good', async () => {
    const result = await judge({ bundle: { overallResult: false } })
    expect(unsatisfied(result)).toEqual(['overall-result'])
    expect(failures(result, 'overall-result')).toEqual([
      { code: 'token/overall-result', at: 'overall.payload.x-nvidia-overall-att-result' },
    ])
  })

  it('may not cover up a refusal, even by waivers for everything', async () => {
    const everything: readonly TokenWaiver[] = JSON.parse(
      JSON.stringify(tokenCheckIds.map((check) => ({ check, reason }))),
    )
    const result = await judge({ bundle: { deviceError: () => refusedClaims }, waivers: everything })
    expect(result.verdict).toBe('fail')
    expect(failures(result, 'refusals')).toEqual([
      { code: 'token/device-refused', at: `${claims}.x-nvidia-error-details` },
    ])
    expect(outcome(result, 'stated-certificate-path')).toMatchObject({
      outcome: 'indeterminate',
      failures: [{ code: 'check/not-done' }],
    })
    expect(result.claims?.devices).toEqual([
      { kind: 'refused', label: 'GPU-0', serviceCode: 4010, description: 'NONCE_NOT_MATCHING' },
    ])
  })

  it('is judged together with every device', async () => {
    const other = world.hopper({ device: 'device-1', nonce: gpu.nonce })
    const token = await tokenOf([gpu, other], {
      device: (label) => (label === 'GPU-1' ? { measres: 'fail' } : {}),
    })
    const result = appraiseToken({ token, policy: strictPolicy, waivers })
    expect(unsatisfied(result)).toEqual(['stated-measurements'])
    expect(failures(result, 'stated-measurements')).toEqual([
      { code: 'token/measurements', at: 'devices.GPU-1.payload.measres' },
    ])
  })
})

const flags: readonly (readonly [flag: string, check: TokenCheckId])[] = [
  ['arch-check', 'stated-declared-label'],
  ['attestation-report-parsed', 'stated-report-signature'],
  ['attestation-report-nonce-match', 'stated-report-signature'],
  ['attestation-report-signature-verified', 'stated-report-signature'],
  ['attestation-report-cert-chain-fwid-match', 'stated-firmware-binding'],
  ['driver-rim-fetched', 'stated-driver-manifest'],
  ['driver-rim-signature-verified', 'stated-driver-manifest'],
  ['driver-rim-version-match', 'stated-driver-manifest-binding'],
  ['driver-rim-measurements-available', 'stated-driver-manifest-binding'],
  ['vbios-rim-fetched', 'stated-firmware-manifest'],
  ['vbios-rim-signature-verified', 'stated-firmware-manifest'],
  ['vbios-rim-version-match', 'stated-firmware-manifest-binding'],
  ['vbios-rim-measurements-available', 'stated-firmware-manifest-binding'],
  ['vbios-index-no-conflict', 'stated-manifest-conflict'],
]

describe.each(flags)('the flag %s', (flag, check) => {
  const name = `x-nvidia-gpu-${flag}`

  it('fails when false', async () => {
    const result = await judge({ device: { [name]: false } })
    expect(unsatisfied(result)).toEqual([check])
    expect(failures(result, check)).toEqual([{ code: 'token/check-failed', at: `${claims}.${name}` }])
  })

  it('is indeterminate when absent', async () => {
    const result = await judge({ device: { [name]: undefined } })
    expect(outcome(result, check)).toMatchObject({
      outcome: 'indeterminate',
      failures: [{ code: 'token/not-stated', at: `${claims}.${name}`, details: { claim: name } }],
    })
    expect(unsatisfied(result)).toEqual([check])
  })
})

describe('other checks', () => {
  it.each(['driver-rim-schema-validated', 'check-of-the-future', 'driver-rim-cert-validated'])(
    'such as %s count when false',
    async (flag) => {
      const name = `x-nvidia-gpu-${flag}`
      const result = await judge({ device: { [name]: false } })
      expect(unsatisfied(result)).toEqual(['other-checks'])
      expect(failures(result, 'other-checks')).toEqual([{ code: 'token/check-failed', at: `${claims}.${name}` }])
    },
  )
})

const chains: readonly (readonly [chain: string, path: TokenCheckId, revocation: TokenCheckId])[] = [
  ['attestation-report-cert-chain', 'stated-certificate-path', 'stated-device-revocation'],
  ['driver-rim-cert-chain', 'stated-driver-manifest', 'stated-driver-manifest-revocation'],
  ['vbios-rim-cert-chain', 'stated-firmware-manifest', 'stated-firmware-manifest-revocation'],
]

describe.each(chains)('%s', (chain, path, revocation) => {
  const name = `x-nvidia-gpu-${chain}`
  const stated = (changes: Readonly<Record<string, unknown>>, policy: Partial<AppraisalPolicy> = {}) =>
    judge({ device: { [name]: statedChain(changes) }, policy })
  const lenient = (change: object): Partial<AppraisalPolicy> => ({
    deviceRevocation: { ...strictPolicy.deviceRevocation, ...change },
    manifestRevocation: { ...strictPolicy.manifestRevocation, ...change },
  })

  it.each(['expired', 'invalid', 'something new'])('fails when %s', async (status) => {
    const result = await stated({ 'x-nvidia-cert-status': status })
    expect(unsatisfied(result)).toEqual([path])
    expect(failures(result, path)).toEqual([{ code: 'token/certificate-status', at: `${claims}.${name}` }])
  })

  it('fails when revoked', async () => {
    const changes = {
      'x-nvidia-cert-status': 'revoked',
      'x-nvidia-cert-ocsp-status': 'revoked',
      'x-nvidia-cert-revocation-reason': 'keyCompromise',
    }
    const result = await stated(changes, lenient({ certificateHold: 'accept', whenUnknown: 'accept' }))
    expect(outcome(result, revocation)).toMatchObject({
      outcome: 'fail',
      failures: [{ code: 'token/certificate-revoked', details: { reason: 'keyCompromise' } }],
    })
    expect(outcome(result, path).outcome).toBe('indeterminate')
  })

  it.each(['certificateHold', 'certificate_hold', 'CERTIFICATE_HOLD'])(
    'on hold (%s) is for the policy',
    async (word) => {
      const changes = {
        'x-nvidia-cert-status': 'revoked',
        'x-nvidia-cert-ocsp-status': 'revoked',
        'x-nvidia-cert-revocation-reason': word,
      }
      expect(failures(await stated(changes), revocation)).toEqual([
        { code: 'token/certificate-on-hold', at: `${claims}.${name}` },
      ])
      expect(unsatisfied(await stated(changes, lenient({ certificateHold: 'accept' })))).toEqual([])
    },
  )

  it.each([
    { 'x-nvidia-cert-ocsp-response-valid': false },
    { 'x-nvidia-cert-ocsp-nonce-matches': false },
    { 'x-nvidia-cert-ocsp-status': 'unknown' },
    { 'x-nvidia-cert-ocsp-status': 'good' },
  ])('is not shown to be merely on hold by %o', async (changes) => {
    const held = {
      'x-nvidia-cert-status': 'revoked',
      'x-nvidia-cert-ocsp-status': 'revoked',
      'x-nvidia-cert-revocation-reason': 'certificateHold',
    }
    const result = await stated({ ...held, ...changes }, lenient({ certificateHold: 'accept' }))
    expect(unsatisfied(result)).toContain(revocation)
    expect(outcome(result, revocation)).toMatchObject({
      outcome: 'indeterminate',
      failures: [{ code: 'token/revocation-unknown' }],
    })
  })

  it('on hold does not excuse an expired chain', async () => {
    const changes = {
      'x-nvidia-cert-status': 'expired',
      'x-nvidia-cert-ocsp-status': 'revoked',
      'x-nvidia-cert-revocation-reason': 'certificateHold',
    }
    expect(unsatisfied(await stated(changes, lenient({ certificateHold: 'accept' })))).toEqual([path])
  })

  it.each([
    { 'x-nvidia-cert-ocsp-status': 'unknown' },
    { 'x-nvidia-cert-ocsp-status': 'GOOD' },
    { 'x-nvidia-cert-ocsp-nonce-matches': false },
    { 'x-nvidia-cert-ocsp-response-valid': false },
  ])('is not shown to be unrevoked by %o', async (changes) => {
    const result = await stated(changes)
    expect(unsatisfied(result)).toEqual([revocation])
    expect(outcome(result, revocation)).toMatchObject({
      outcome: 'indeterminate',
      failures: [{ code: 'token/revocation-unknown' }],
    })
    const accepted = await stated(changes, lenient({ whenUnknown: 'accept' }))
    expect(outcome(accepted, revocation).outcome).toBe('not-applicable')
    expect(outcome(accepted, 'revocation-freshness').outcome).toBe('not-applicable')
    expect(accepted.verdict).toBe('pass')
  })

  it('must be there in claims 3.0, and a flag does not stand in for it', async () => {
    const result = await judge({
      device: {
        [name]: undefined,
        'x-nvidia-gpu-attestation-report-cert-chain-validated': true,
        'x-nvidia-gpu-driver-rim-cert-validated': true,
        'x-nvidia-gpu-vbios-rim-cert-validated': true,
      },
    })
    expect(unsatisfied(result).toSorted()).toEqual([path, revocation].toSorted())
    expect(failures(result, path)).toEqual([{ code: 'token/not-stated', at: `${claims}.${name}` }])
  })
})

describe('freshness of revocation data', () => {
  it('is asked for as long as either path needs a status', async () => {
    const policy = { deviceRevocation: { ...strictPolicy.deviceRevocation, whenUnknown: 'accept' } } as const
    expect(outcome(await judge({ policy, waivers: [] }), 'revocation-freshness').outcome).toBe('indeterminate')
  })
})

describe('measurements', () => {
  const records = 'x-nvidia-mismatch-measurement-records'
  const record = { index: 7, goldenValue: '00', runtimeValue: '01' }

  it.each([
    [{ measres: 'fail' }, 'fail', 'token/measurements'],
    [{ [records]: [record] }, 'fail', 'token/measurements', records],
    [{ measres: 'not-run' }, 'indeterminate', 'token/measurements-not-compared'],
    [{ measres: 'absent' }, 'indeterminate', 'token/measurements-not-compared'],
    [{ measres: 'comparison-successful' }, 'indeterminate', 'token/measurements-not-compared'],
  ])('%o', async (device, expected, code, claim = 'measres') => {
    const result = await judge({ device })
    expect(unsatisfied(result)).toEqual(['stated-measurements'])
    expect(outcome(result, 'stated-measurements')).toMatchObject({
      outcome: expected,
      failures: [{ code, at: `${claims}.${claim}` }],
    })
  })
})

describe('security versions', () => {
  const name = 'x-nvidia-mismatch-opaque-data-records'
  const version = { 'x-nvidia-gpu-claims-version': '4.0' }
  const without = waivers.filter(({ check }) => check !== 'stated-security-versions')
  const judged = async (device: Readonly<Record<string, unknown>>) =>
    outcome(await judge({ device, waivers: without }), 'stated-security-versions')

  it('are stated in claims 4.0', async () => {
    expect(await judged({ ...version, [name]: null })).toMatchObject({ outcome: 'pass' })
    expect(await judged(version)).toMatchObject({ outcome: 'indeterminate', failures: [{ code: 'token/not-stated' }] })
  })

  it.each(['3.0', '4.0'])('fail where a mismatch is stated in claims %s', async (stated) => {
    const found = await judged({ 'x-nvidia-gpu-claims-version': stated, [name]: [{ id: 39 }] })
    expect(found).toMatchObject({
      outcome: 'fail',
      failures: [{ code: 'token/security-versions', details: { mismatches: 1 } }],
    })
  })

  it('are not shown by older claims, even by an empty list', async () => {
    expect(await judged({ [name]: null })).toMatchObject({
      outcome: 'indeterminate',
      failures: [{ code: 'token/cannot-show' }],
    })
  })
})

describe('debug state', () => {
  it.each([
    [{ dbgstat: 'enabled' }, 'fail'],
    [{ secboot: false }, 'fail', 'secboot'],
    [{ dbgstat: 'disabledish' }, 'fail'],
    [{ dbgstat: 'disabled-NOT' }, 'fail'],
    [{ secboot: null }, 'indeterminate', 'secboot'],
    [{ dbgstat: null }, 'indeterminate'],
    [{ dbgstat: undefined }, 'indeterminate'],
  ])('%o', async (device, expected, claim = 'dbgstat') => {
    expect(outcome(await judge({ device }), 'stated-debug-state')).toMatchObject({
      outcome: expected,
      failures: [{ code: 'token/debug-state', at: `${claims}.${claim}` }],
    })
  })

  it('may be disabled for good', async () => {
    expect((await judge({ device: { dbgstat: 'disabled-permanently' } })).verdict).toBe('pass')
  })
})

describe('family', () => {
  it.each([['hopper'], ['GH100']])('%s is allowed by family and by chip', async (name) => {
    expect((await judge({ policy: { families: [name] } })).verdict).toBe('pass')
  })

  it.each([
    [{}, { families: ['blackwell'] }, 'fail', 'device/family-not-allowed'],
    [{ hwmodel: 'GA100 A01 GSP BROM' }, {}, 'indeterminate', 'token/unknown-product'],
    [{ hwmodel: 'LS_10 A01 FSP BROM' }, {}, 'indeterminate', 'token/unknown-product'],
    [{ hwmodel: undefined }, {}, 'indeterminate', 'token/not-stated'],
  ])('%o under %o', async (device, policy, expected, code) => {
    const result = await judge({ device, policy })
    expect(unsatisfied(result)).toEqual(['stated-device-family'])
    expect(outcome(result, 'stated-device-family')).toMatchObject({
      outcome: expected,
      failures: [{ code, at: `${claims}.hwmodel` }],
    })
  })
})

describe('lists, versions and claims of the policy', () => {
  it('accept what they allow', async () => {
    const policy: Partial<AppraisalPolicy> = {
      devices: [gpu.ueid],
      minimumDriverVersion: '1.0',
      requiredClaims: { measres: 'success', 'x-nvidia-gpu-driver-rim-cert-chain': { 'x-nvidia-cert-status': 'valid' } },
      requiredOverallClaims: { 'x-nvidia-ver': '3.0' },
    }
    const result = await judge({ policy })
    expect(result.verdict).toBe('pass')
    for (const id of ['stated-device-listed', 'stated-minimum-versions', 'stated-required-claims'] as const)
      expect(outcome(result, id).outcome).toBe('pass')
  })

  it.each([
    [{ devices: ['1'] }, 'stated-device-listed', 'device/not-listed', `${claims}.ueid`],
    [
      { minimumDriverVersion: '9999.1' },
      'stated-minimum-versions',
      'device/version-too-old',
      `${claims}.x-nvidia-gpu-driver-version`,
    ],
    [{ requiredClaims: { measres: 'fail' } }, 'stated-required-claims', 'claims/policy-mismatch', `${claims}.measres`],
    [
      { requiredOverallClaims: { 'x-nvidia-ver': '2.0' } },
      'stated-required-claims',
      'claims/policy-mismatch',
      'overall.payload.x-nvidia-ver',
    ],
  ] as const)('refuse %o', async (policy, check, code, at) => {
    const result = await judge({ policy })
    expect(unsatisfied(result)).toEqual([check])
    expect(failures(result, check)).toEqual([{ code, at }])
  })

  it('do not take an unstated or unreadable version for new enough', async () => {
    const name = 'x-nvidia-gpu-driver-version'
    const policy = { minimumDriverVersion: '1.0' }
    const judged = async (value: unknown) =>
      outcome(await judge({ device: { [name]: value }, policy }), 'stated-minimum-versions')
    expect(await judged(undefined)).toMatchObject({
      outcome: 'indeterminate',
      failures: [{ code: 'token/not-stated' }],
    })
    expect(await judged('newest')).toMatchObject({ outcome: 'fail', failures: [{ code: 'device/version-too-old' }] })
  })
})

describe('warnings', () => {
  const name = 'x-nvidia-attestation-warning'
  const accepting = { ...strictPolicy.manifestRevocation, certificateHold: 'accept' } as const
  const hold = { manifestRevocation: accepting }
  const deviceHold = { deviceRevocation: accepting }
  // The service's own words.
  const held = (certificate: string): string =>
    `THE CERTIFICATE ${certificate} IS REVOKED WITH THE STATUS AS 'CERTIFICATE_HOLD'.`
  const manifest = held('HCC RIM L4 Signer')
  const device = held('GH100 A01 GSP BROM')

  it.each([
    [manifest, {}, 'fail', 'token/certificate-on-hold'],
    [manifest, deviceHold, 'fail', 'token/certificate-on-hold'],
    [device, hold, 'fail', 'token/certificate-on-hold'],
    [`${manifest} ${device}`, hold, 'fail', 'token/certificate-on-hold'],
    ['status certificate_hold', {}, 'fail', 'token/certificate-on-hold'],
    ['above threshold, withholding judgement', hold, 'indeterminate', 'token/warning'],
    ['Driver RIM certificate is on hold', hold, 'indeterminate', 'token/warning'],
    [`${manifest} Debug firmware is loaded.`, hold, 'indeterminate', 'token/warning'],
    ['', hold, 'indeterminate', 'token/warning'],
  ])('%s', async (warning, policy, expected, code) => {
    const result = await judge({ device: { [name]: warning }, policy })
    expect(unsatisfied(result)).toEqual(['warning'])
    expect(outcome(result, 'warning')).toMatchObject({
      outcome: expected,
      failures: [{ code, at: `${claims}.${name}` }],
    })
  })

  it.each([
    [manifest, hold],
    [`${manifest} ${held('NVIDIA RIM L3')}`, hold],
    [device, deviceHold],
  ])('of holds alone pass where the policy accepts them: %s', async (warning, policy) => {
    const result = await judge({ device: { [name]: warning }, policy })
    expect(outcome(result, 'warning').outcome).toBe('pass')
  })
})

describe('a token about a switch', () => {
  it('has the gaps of a switch, and nothing about drivers', async () => {
    const result = appraiseToken({ token: await tokenOf([nvswitch]), policy: strictPolicy })
    expect(unsatisfied(result)).toEqual(['stated-switch-lock', 'stated-security-versions', 'revocation-freshness'])
    expect(result.checks.filter((check) => check.outcome === 'not-applicable').map(({ id }) => id)).toEqual([
      'stated-device-listed',
      'stated-mode',
      'stated-driver-manifest',
      'stated-driver-manifest-revocation',
      'stated-driver-manifest-binding',
      'stated-manifest-conflict',
      'stated-minimum-versions',
      'stated-required-claims',
    ])
  })

  it('beside a GPU needs both to be shown', async () => {
    const other = world.ls10({ nonce: gpu.nonce })
    const result = appraiseToken({ token: await tokenOf([gpu, other]), policy: strictPolicy, waivers })
    expect(unsatisfied(result)).toEqual(['stated-switch-lock'])
  })
})

describe('claims 2.0', () => {
  const service = signer('P-384', 'nv-eat-kid-test-1')
  const judged = async (changes: Readonly<Record<string, unknown>> = {}) => {
    const devices = { 'GPU-0': { ...flatGpu('100'), ...changes } }
    const made = bundle({ devices, overall: { 'x-nvidia-ver': '2.0' }, signer: service })
    const token = await verifyNrasToken(encode(made), {
      keys: parseJwkSet(jwksBytes(service)),
      issuer,
      nonce: parseHex(nonceHex, ''),
      now: bundleTime,
      leewaySeconds: 0,
    })
    return appraiseToken({ token, policy: strictPolicy, waivers })
  }

  it('state chains as flags, and neither revocation nor bindings', async () => {
    const result = await judged()
    expect(unsatisfied(result)).toEqual([
      'stated-firmware-binding',
      'stated-device-revocation',
      'stated-driver-manifest-revocation',
      'stated-driver-manifest-binding',
      'stated-firmware-manifest-revocation',
      'stated-firmware-manifest-binding',
    ])
    expect(new Set(codes(result))).toEqual(new Set(['token/not-stated']))
    expect(outcome(result, 'stated-certificate-path').outcome).toBe('pass')
  })

  it('fail for a chain that is not valid', async () => {
    const name = 'x-nvidia-gpu-attestation-report-cert-chain-validated'
    const result = await judged({ [name]: false })
    expect(failures(result, 'stated-certificate-path')).toEqual([
      { code: 'token/check-failed', at: `${claims}.${name}` },
    ])
  })
})
