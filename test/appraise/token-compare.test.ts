// Where the word of an attestation service and the local appraisal of the same devices part.
import { describe, expect, it } from 'vitest'
import type { DeviceResult } from '../../src/appraise/device.js'
import { compareWithLocal, type TokenDifference } from '../../src/appraise/token-compare.js'
import { parseHex } from '../../src/bytes/hex.js'
import { verifyNrasToken } from '../../src/nvidia/nras.js'
import { type BundleOptions, opaqueFields, withMinimumSvn } from '../../src/testing/index.js'
import { parseJwkSet } from '../../src/token/jwks.js'
import { bundle, now as bundleTime, encode, flatGpu, issuer } from '../nvidia/nras-bundle.js'
import { jwksBytes, signer } from '../token/signing.js'
import { collateralFor, judge, policyWith, responses, world } from './scene.js'
import { refusedClaims, statedChain, tokenOf } from './token-scene.js'

const gpu = world.hopper()
const nvswitch = world.ls10()

const brief = (differences: readonly TokenDifference[]): readonly (readonly unknown[])[] =>
  differences.map(({ kind, claim, service, local }) => [kind, claim, service, local])
/** Without what only the local appraisal says, which the service never does. */
const contested = (differences: readonly TokenDifference[]): readonly (readonly unknown[])[] =>
  brief(differences.filter(({ kind }) => kind !== 'only-local'))

const sound: DeviceResult = await judge({ device: gpu })

async function compare(
  device: Readonly<Record<string, unknown>>,
  local: readonly DeviceResult[] = [sound],
  options: BundleOptions = {},
): Promise<readonly TokenDifference[]> {
  return compareWithLocal(await tokenOf([gpu], { device: () => device, ...options }), local)
}

describe('agreement', () => {
  it('of service and appraisal on a GPU leaves what only one side says', async () => {
    const member = 'x-nvidia-cert-ocsp-response-valid'
    expect(brief(await compare({}))).toEqual(
      ['attestation-report-cert-chain', 'driver-rim-cert-chain', 'vbios-rim-cert-chain'].map((chain) => [
        'only-local',
        `x-nvidia-gpu-${chain}.${member}`,
        undefined,
        true,
      ]),
    )
  })

  it('on a switch', async () => {
    expect(contested(compareWithLocal(await tokenOf([nvswitch]), [await judge({ device: nvswitch })]))).toEqual([])
  })

  it('on several devices, whatever their order', async () => {
    const other = world.hopper({ device: 'device-1', nonce: gpu.nonce })
    const local = [await judge({ device: other }), sound]
    expect(contested(compareWithLocal(await tokenOf([gpu, other]), local))).toEqual([])
  })

  it('does not depend on the order of lists', async () => {
    const pdis: readonly string[] = ['00000000000000AA', '00000000000000BB']
    const bytes = pdis.map((pdi) => parseHex(pdi, ''))
    const device = world.hopper({ mode: 'ppcie', switchPdis: bytes })
    const local = await judge({ device })
    const [statedPdis] = [local.claims?.vendorClaims['x-nvidia-gpu-switch-pdis']]
    expect(statedPdis).toHaveLength(2)
    const name = 'x-nvidia-gpu-switch-pdis'
    const turned = Array.isArray(statedPdis) ? statedPdis.toReversed() : []
    const token = (value: unknown) => tokenOf([device], { device: () => ({ [name]: value }) })
    expect(contested(compareWithLocal(await token(turned), [local]))).toEqual([])
    const [first] = turned
    expect(contested(compareWithLocal(await token([first]), [local]))).toEqual([
      ['contradiction', name, [first], statedPdis],
    ])
  })

  it('takes a claim for one of that name only, whatever objects are born with', async () => {
    for (const name of ['constructor', 'toString', '__proto__']) {
      const stated: Readonly<Record<string, unknown>> = Object.fromEntries([[name, 'x']])
      const found = (await compare(stated)).find(({ claim }) => claim === name)
      expect(found).toMatchObject({ kind: 'only-service', service: 'x', local: undefined })
    }
  })

  it('takes proofs only', async () => {
    const token = await tokenOf([gpu])
    expect(() => compareWithLocal(Object.create(token), [sound])).toThrow(TypeError)
  })
})

describe('contradictions', () => {
  it.each([
    ['x-nvidia-gpu-driver-version', '1.2.3', gpu.driverVersion],
    ['x-nvidia-gpu-vbios-version', '1.2.3', gpu.vbiosVersion],
    ['hwmodel', 'GB100 A01 GSP BROM', 'GH100 A01 GSP BROM'],
    ['oemid', '1', '5703'],
    ['dbgstat', 'enabled', 'disabled'],
    ['secboot', false, true],
    ['measres', 'fail', 'success'],
    ['x-nvidia-gpu-attestation-report-cert-chain-fwid-match', false, true],
    ['x-nvidia-gpu-arch-check', false, true],
  ])('over %s', async (claim, service, local) => {
    const found = await compare({ [claim]: service })
    expect(contested(found)).toContainEqual(['contradiction', claim, service, local])
    expect(found[0]).toMatchObject({ kind: 'contradiction' })
    expect(found.find((difference) => difference.claim === claim)).toMatchObject({ ueid: gpu.ueid, label: 'GPU-0' })
  })

  it('over a chain name the member', async () => {
    const name = 'x-nvidia-gpu-driver-rim-cert-chain'
    const changes = {
      'x-nvidia-cert-status': 'revoked',
      'x-nvidia-cert-ocsp-status': 'revoked',
      'x-nvidia-cert-revocation-reason': 'keyCompromise',
    }
    expect(contested(await compare({ [name]: statedChain(changes) }))).toEqual([
      ['contradiction', `${name}.x-nvidia-cert-status`, 'revoked', 'valid'],
      ['contradiction', `${name}.x-nvidia-cert-ocsp-status`, 'revoked', 'good'],
      ['only-service', `${name}.x-nvidia-cert-revocation-reason`, 'keyCompromise', null],
    ])
  })

  it('over the nonce show that the evidence is not the same', async () => {
    const other = world.hopper({ nonce: world.bytes('another nonce', 32) })
    const token = await tokenOf([other])
    const [found] = compareWithLocal(token, [sound])
    expect(found).toMatchObject({ kind: 'contradiction', claim: 'eat_nonce', ueid: gpu.ueid })
  })

  it('over the outcome: the service rejects what passes here', async () => {
    const found = await compare({ 'x-nvidia-gpu-check-of-the-future': false }, [sound], { overallResult: false })
    expect(contested(found)).toEqual([
      ['contradiction', 'outcome', 'fail', 'pass'],
      ['contradiction', 'outcome', 'fail', 'pass'],
      ['only-service', 'x-nvidia-gpu-check-of-the-future', false, undefined],
    ])
    expect(found.slice(0, 2).map(({ ueid }) => ueid)).toEqual([undefined, gpu.ueid])
  })

  it('over measurements that differ here', async () => {
    const spoilt = world.hopper({ measurements: { 3: world.bytes('spoilt', 48) } })
    const token = await tokenOf([spoilt])
    const found = compareWithLocal(token, [await judge({ device: spoilt })])
    expect(contested(found)).toContainEqual(['contradiction', 'measres', 'success', 'fail'])
    expect(found).toContainEqual(
      expect.objectContaining({ kind: 'only-local', claim: 'x-nvidia-mismatch-measurement-records' }),
    )
  })

  it('over the version a manifest is for', async () => {
    const manifests = [world.driverManifest(gpu, { colloquialVersion: '599.11' }), world.firmwareManifest(gpu)]
    const local = await judge({ device: gpu, collateral: collateralFor(gpu, manifests) })
    expect(contested(await compare({}, [local]))).toContainEqual([
      'contradiction',
      'x-nvidia-gpu-driver-rim-version-match',
      true,
      false,
    ])
  })

  it('over a conflict of manifests', async () => {
    const name = 'x-nvidia-gpu-vbios-index-no-conflict'
    expect(contested(await compare({ [name]: false }))).toContainEqual(['contradiction', name, false, true])
  })
})

describe('stricter here', () => {
  it('without manifests: what the service compared was not compared here', async () => {
    const local = await judge({ device: gpu, collateral: collateralFor(gpu, []) })
    const found = await compare({}, [local])
    expect(found.filter(({ kind }) => kind === 'contradiction')).toEqual([])
    for (const expected of [
      ['stricter-here', 'outcome', 'pass', 'fail'],
      ['stricter-here', 'measres', 'success', 'not-run'],
      ['stricter-here', 'x-nvidia-gpu-driver-rim-fetched', true, false],
      ['stricter-here', 'x-nvidia-gpu-vbios-rim-version-match', true, false],
      ['stricter-here', 'x-nvidia-gpu-vbios-index-no-conflict', true, false],
      ['stricter-here', 'check:driver-manifest', undefined, 'indeterminate'],
      ['only-service', 'secboot', true, null],
    ])
      expect(contested(found)).toContainEqual(expected)
  })

  it('without revocation data', async () => {
    const { manifests } = collateralFor(gpu)
    const local = await judge({ device: gpu, collateral: { manifests, ocspResponses: [], crls: [] } })
    const found = contested(await compare({}, [local]))
    const name = 'x-nvidia-gpu-attestation-report-cert-chain.x-nvidia-cert-ocsp-status'
    expect(found).toContainEqual(['stricter-here', name, 'good', 'unknown'])
    expect(found).toContainEqual(['stricter-here', 'check:device-revocation', undefined, 'indeterminate'])
    expect(found.filter(([kind]) => kind === 'contradiction')).toEqual([])
  })

  it('by policy alone: the claims agree and the checks say what is missing', async () => {
    const local = await judge({ device: gpu, policy: policyWith({ families: ['blackwell'], modes: ['mpt'] }) })
    expect(contested(await compare({}, [local]))).toEqual([
      ['stricter-here', 'outcome', 'pass', 'fail'],
      ['stricter-here', 'check:device-family', undefined, 'fail'],
      ['stricter-here', 'check:mode', undefined, 'fail'],
    ])
  })

  it('in security versions, which claims before 4.0 do not count', async () => {
    const device = world.versionedHopper()
    const manifests = [
      world.driverManifest(device, { entries: withMinimumSvn(opaqueFields.fspUcodeSvn, 3) }),
      world.firmwareManifest(device),
    ]
    const local = await judge({ device, collateral: collateralFor(device, manifests) })
    const found = contested(compareWithLocal(await tokenOf([device]), [local]))
    expect(found).toContainEqual(['stricter-here', 'measres', 'success', 'fail'])
    expect(found).toContainEqual(['stricter-here', 'check:security-versions', undefined, 'fail'])
  })
})

describe('one side only', () => {
  it('lists devices the other side does not have', async () => {
    const other = world.hopper({ device: 'device-1', nonce: gpu.nonce })
    const found = compareWithLocal(await tokenOf([other]), [sound])
    expect(found).toEqual([
      { ueid: other.ueid, label: 'GPU-0', claim: 'device', service: 'success', local: undefined, kind: 'only-service' },
      { ueid: gpu.ueid, label: undefined, claim: 'device', service: undefined, local: 'pass', kind: 'only-local' },
    ])
  })

  it('shows refusals with their reason, beside the contradiction of the outcomes', async () => {
    const found = await compare({}, [sound], { deviceError: () => refusedClaims, overallResult: false })
    expect(found).toMatchObject([
      { kind: 'contradiction', claim: 'outcome', service: 'fail', local: 'pass', ueid: undefined },
      { kind: 'only-service', claim: 'x-nvidia-error-details', label: 'GPU-0', service: { code: 4010 } },
      { kind: 'only-local', claim: 'device', ueid: gpu.ueid },
    ])
  })

  it('shows local results without an identity', async () => {
    const foreign = await judge({ device: gpu, nonce: world.bytes('another nonce', 32) })
    expect(await compare({}, [foreign])).toMatchObject([
      { kind: 'stricter-here', claim: 'outcome', service: 'pass', local: 'fail' },
      { kind: 'only-service', claim: 'device', ueid: gpu.ueid },
      { kind: 'only-local', claim: 'local[0].authentic', local: 'evidence/nonce-mismatch' },
    ])
  })

  it('takes no local result at all for no pass', async () => {
    expect(contested(await compare({}, []))).toEqual([
      ['stricter-here', 'outcome', 'pass', 'fail'],
      ['only-service', 'device', 'success', undefined],
    ])
  })

  it.each(['not-run', 'absent'])('reads measres %s as no statement of the service', async (measres) => {
    expect(brief(await compare({ measres }))).toContainEqual(['only-local', 'measres', measres, 'success'])
  })

  it('reads an unknown status as none', async () => {
    const name = 'x-nvidia-gpu-attestation-report-cert-chain'
    const chain = statedChain({
      'x-nvidia-cert-expiration-date': '9999-12-31T23:59:59Z',
      'x-nvidia-cert-ocsp-status': 'unknown',
    })
    const member = `${name}.x-nvidia-cert-ocsp-status`
    expect(brief(await compare({ [name]: chain }))).toContainEqual(['only-local', member, 'unknown', 'good'])
  })
})

describe('claims 2.0', () => {
  const service = signer('P-384', 'nv-eat-kid-test-1')
  const compareFlat = async (local: DeviceResult, changes: Readonly<Record<string, unknown>> = {}) => {
    const nonceHex = Buffer.from(gpu.nonce).toString('hex')
    const versions = {
      'x-nvidia-gpu-driver-version': gpu.driverVersion,
      'x-nvidia-gpu-vbios-version': gpu.vbiosVersion,
    }
    const claims = { ...flatGpu(gpu.ueid), ...versions, eat_nonce: nonceHex, ...changes }
    const overall = { 'x-nvidia-ver': '2.0', eat_nonce: nonceHex }
    const token = await verifyNrasToken(encode(bundle({ devices: { 'GPU-0': claims }, overall, signer: service })), {
      keys: parseJwkSet(jwksBytes(service)),
      issuer,
      nonce: gpu.nonce,
      now: bundleTime,
      leewaySeconds: 0,
    })
    return compareWithLocal(token, [local])
  }

  it('are compared under their own names', async () => {
    expect(contested(await compareFlat(sound))).toEqual([])
    const name = 'x-nvidia-gpu-driver-rim-cert-validated'
    expect(contested(await compareFlat(sound, { [name]: false }))).toContainEqual(['contradiction', name, false, true])
  })

  it('tell a chain not shown to be unrevoked from one that is revoked', async () => {
    const { manifests } = collateralFor(gpu)
    const name = 'x-nvidia-gpu-attestation-report-cert-chain-validated'
    const unknown = await judge({ device: gpu, collateral: { manifests, ocspResponses: [], crls: [] } })
    expect(contested(await compareFlat(unknown))).toContainEqual(['stricter-here', name, true, 'unknown'])
    const driver = 'x-nvidia-gpu-driver-rim-cert-validated'
    const driverManifest = world.driverManifest(gpu)
    const revokedAt = new Date('2026-01-01T00:00:00Z')
    const collateral = collateralFor(gpu)
    const revoked = await judge({
      device: gpu,
      collateral: {
        ...collateral,
        ocspResponses: responses([
          ...world.deviceOcspResponses(gpu.chain),
          ...world.manifestOcspResponses(driverManifest.chain, { status: { revokedAt } }),
        ]),
      },
    })
    expect(contested(await compareFlat(revoked))).toContainEqual(['contradiction', driver, true, false])
  })
})
