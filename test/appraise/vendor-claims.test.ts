// What the appraisal says in NVIDIA's claim names, and that it never says more than was found.
import { describe, expect, it } from 'vitest'
import type { Waiver } from '../../src/appraise/policy.js'
import { parsePolicy } from '../../src/appraise/policy-json.js'
import type { VendorClaims } from '../../src/nvidia/claims.js'
import { opaqueFields, type SyntheticDevice, type SyntheticManifest, withMinimumSvn } from '../../src/testing/index.js'
import { collateralFor, judge, manifestsOf, outcome, policyWith, world } from './scene.js'

const hopper = world.hopper()
const [driver, firmware] = manifestsOf(hopper)
if (driver === undefined || firmware === undefined) throw new Error('a GPU has two manifests')

async function claimsOf(device: SyntheticDevice, manifests = manifestsOf(device)): Promise<VendorClaims> {
  const result = await judge({ device, collateral: collateralFor(device, manifests) })
  if (!result.authentic) throw new Error('not authentic')
  return result.claims.vendorClaims
}

const chain = (claims: VendorClaims, name: string): unknown => claims[`x-nvidia-gpu-${name}-cert-chain`]

describe('claims of a GPU', () => {
  it('say success only when every measurement of both manifests was compared', async () => {
    expect(await claimsOf(hopper)).toMatchObject({ measres: 'success', secboot: true, dbgstat: 'disabled' })
    const incomplete: readonly (readonly SyntheticManifest[])[] = [
      [],
      [driver],
      [firmware],
      [world.driverManifest(hopper, { colloquialVersion: '599.11' }), firmware],
      [driver, world.firmwareManifest(hopper, { product: 'GB100' })],
    ]
    for (const manifests of incomplete)
      expect(await claimsOf(hopper, manifests)).toMatchObject({ measres: 'not-run', secboot: null, dbgstat: null })
  })

  it('keep saying what is missing where the policy waives it', async () => {
    const manifests = [world.driverManifest(hopper, { colloquialVersion: '599.11' }), firmware]
    const waivers = (
      ['driver-manifest-binding', 'driver-measurements', 'manifest-conflict', 'security-versions'] as const
    ).map((check): Waiver => ({ check, reason: 'test' }))
    const result = await judge({
      device: hopper,
      collateral: collateralFor(hopper, manifests),
      policy: policyWith({ waivers }),
    })
    expect(result.verdict).toBe('pass')
    expect(result.claims?.vendorClaims).toMatchObject({
      measres: 'not-run',
      'x-nvidia-gpu-driver-rim-fetched': true,
      'x-nvidia-gpu-driver-rim-version-match': false,
      'x-nvidia-gpu-vbios-rim-version-match': true,
      'x-nvidia-gpu-vbios-index-no-conflict': false,
    })
  })

  it('record every mismatch as the vendor does', async () => {
    const other = world.bytes('other', 48)
    const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('hex')
    const device = world.hopper({
      measurements: { 21: other },
      blocks: (blocks) => blocks.filter(({ index }) => index !== 2),
    })
    const claims = await claimsOf(device)
    expect(claims).toMatchObject({ measres: 'fail', secboot: null, dbgstat: null })
    expect(claims['x-nvidia-mismatch-measurement-records']).toEqual([
      {
        index: 21,
        goldenSize: 48,
        goldenValue: hex(hopper.references.driver.get(21)),
        runtimeSize: 48,
        runtimeValue: hex(other),
        measurementSource: 'Driver',
      },
      {
        index: 1,
        goldenSize: 48,
        goldenValue: hex(hopper.references.firmware.get(1)),
        runtimeSize: 0,
        runtimeValue: 'NA',
        measurementSource: 'Firmware',
      },
    ])
  })

  it('record opaque data below its minimum, and only then', async () => {
    const device = world.versionedHopper()
    const { fspUcodeSvn, boardId } = opaqueFields
    const demanding = [
      world.driverManifest(device, { entries: withMinimumSvn(fspUcodeSvn, 3, true) }),
      world.firmwareManifest(device, { entries: withMinimumSvn(boardId, 1) }),
    ]
    const claims = await claimsOf(device, demanding)
    // The measurements match all the same: the vendor sets the two states by them alone.
    expect(claims).toMatchObject({ measres: 'fail', secboot: true, dbgstat: 'disabled' })
    expect(claims['x-nvidia-mismatch-opaque-data-records']).toMatchObject([
      { id: fspUcodeSvn, name: `OpaqueData_${fspUcodeSvn}`, goldenType: 'MIN_SVN', goldenValue: 3, runtimeValue: 2 },
      { id: boardId, name: `OpaqueData_${boardId}`, goldenType: 'MIN_SVN', goldenValue: 1 },
    ])
    expect(claims['x-nvidia-attester-claims']).toEqual({ [`OpaqueData_${fspUcodeSvn}`]: 2 })
    const satisfied = await claimsOf(device)
    expect(satisfied['x-nvidia-mismatch-opaque-data-records']).toBeNull()
  })

  it('word the statuses of a chain', async () => {
    const sound = await claimsOf(hopper)
    const good = {
      'x-nvidia-cert-status': 'valid',
      'x-nvidia-cert-ocsp-status': 'good',
      'x-nvidia-cert-revocation-reason': null,
      'x-nvidia-cert-ocsp-response-valid': true,
    }
    expect(chain(sound, 'attestation-report')).toEqual({
      ...good,
      'x-nvidia-cert-expiration-date': '9999-12-31T23:59:59Z',
    })
    expect(chain(sound, 'driver-rim')).toEqual({ ...good, 'x-nvidia-cert-expiration-date': '2027-01-01T00:00:00Z' })
    const { chain: certificates } = hopper
    const revokedLeaf = world.ocspResponse(certificates.leaf, certificates.brom, {
      status: { revokedAt: world.now, reason: 'keyCompromise' },
    })
    const { parseOcspResponse } = await import('../../src/x509/ocsp.js')
    const collateral = collateralFor(hopper)
    const responses = [...collateral.ocspResponses, parseOcspResponse(revokedLeaf)]
    const revoked = await judge({ device: hopper, collateral: { ...collateral, ocspResponses: responses } })
    expect(chain(revoked.claims?.vendorClaims ?? {}, 'attestation-report')).toMatchObject({
      'x-nvidia-cert-status': 'revoked',
      'x-nvidia-cert-ocsp-status': 'revoked',
      'x-nvidia-cert-revocation-reason': 'keyCompromise',
    })
    const silent = await judge({ device: hopper, collateral: { ...collateral, ocspResponses: [] } })
    expect(chain(silent.claims?.vendorClaims ?? {}, 'driver-rim')).toMatchObject({
      'x-nvidia-cert-status': 'valid',
      'x-nvidia-cert-ocsp-status': 'unknown',
      'x-nvidia-cert-ocsp-response-valid': false,
    })
  })

  it('deny the architecture check where the label is wrong', async () => {
    const result = await judge({ device: hopper, labels: { arch: 'BLACKWELL' } })
    expect(result.claims?.vendorClaims['x-nvidia-gpu-arch-check']).toBe(false)
  })
})

describe('a policy in the vendor’s form', () => {
  const policy = (version: string, overall: object, detached: object) =>
    parsePolicy(
      JSON.stringify({
        version,
        'authorization-rules': { type: 'JWT', 'overall-claims': overall, 'detached-claims': detached },
      }),
    )
  const flat = {
    measres: 'success',
    'x-nvidia-gpu-attestation-report-cert-chain-validated': true,
    'x-nvidia-gpu-driver-rim-cert-validated': true,
  }
  const nested = {
    'x-nvidia-gpu-claims-version': '3.0',
    'x-nvidia-gpu-driver-rim-cert-chain': { 'x-nvidia-cert-ocsp-status': 'good' },
  }

  it.each([
    ['flat claims', policy('3.0', { 'x-nvidia-ver': '2.0' }, flat)],
    ['flat claims, without a word on the version', policy('3.0', {}, flat)],
    ['nested claims', policy('4.0', { 'x-nvidia-ver': '3.0', 'x-nvidia-overall-att-result': true }, nested)],
  ])('with %s is satisfied by a sound device', async (_, demands) => {
    expect((await judge({ device: hopper, policy: demands })).failures).toEqual([])
  })

  it('sees a chain that was not shown to hold', async () => {
    const collateral = { ...collateralFor(hopper), ocspResponses: [] }
    const result = await judge({ device: hopper, collateral, policy: policy('3.0', {}, flat) })
    expect(outcome(result, 'required-claims').failures.map(({ at }) => at)).toEqual([
      'claims.x-nvidia-gpu-attestation-report-cert-chain-validated',
      'claims.x-nvidia-gpu-driver-rim-cert-validated',
    ])
  })

  it('sees the overall result', async () => {
    const device = world.hopper({ mode: 'ppcie', measurements: { 21: world.bytes('x', 48) } })
    const result = await judge({ device, policy: policy('4.0', { 'x-nvidia-overall-att-result': true }, {}) })
    expect(outcome(result, 'required-claims').failures).toMatchObject([
      { code: 'claims/policy-mismatch', at: 'overallClaims.x-nvidia-overall-att-result' },
    ])
  })

  it('for a switch wants the names of a switch', async () => {
    const ls10 = world.ls10()
    const wanted = { measres: 'success', 'x-nvidia-switch-bios-rim-cert-validated': true }
    expect((await judge({ device: ls10, policy: policy('3.0', { 'x-nvidia-ver': '2.0' }, wanted) })).verdict).toBe(
      'pass',
    )
    expect((await judge({ device: ls10, policy: policy('3.0', {}, flat) })).verdict).toBe('fail')
  })
})
