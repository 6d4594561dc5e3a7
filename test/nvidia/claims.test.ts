// The encoder of NVIDIA's claims: which names each version has.
import { describe, expect, it } from 'vitest'
import {
  type ChainFacts,
  encodeGpuClaims,
  encodeSwitchClaims,
  type GpuFacts,
  type SwitchFacts,
} from '../../src/nvidia/claims.js'

const chain: ChainFacts = {
  notAfter: new Date('2026-06-01T02:08:29.000Z'),
  status: 'valid',
  ocspStatus: 'good',
  revocationReason: null,
  ocspResponseValid: true,
}
const manifest = { chain, versionMatches: true, measurementsAvailable: true }
const device = {
  nonceHex: '00ff',
  hwmodel: 'GH100 A01 GSP BROM',
  ueid: '1',
  architectureMatches: true,
  reportChain: chain,
  fwidMatches: true,
  measurementsMatch: true,
  mismatches: [],
  warning: null,
} as const
const gpu: GpuFacts = {
  ...device,
  driverVersion: '550.90.07',
  vbiosVersion: '96.00.9F.00.01',
  switchPdis: ['00aa'],
  driverManifest: manifest,
  firmwareManifest: manifest,
  noIndexConflict: true,
  opaqueMismatches: [],
  attesterClaims: { fsp: 2 },
}
const nvswitch: SwitchFacts = {
  ...device,
  biosVersion: '96.10.55.00.01',
  devicePdi: 'ab',
  gpuPdis: ['cd'],
  firmwareManifest: manifest,
}

const rim = (prefix: string, ...names: readonly string[]): readonly string[] => names.map((name) => `${prefix}-${name}`)
const common = ['dbgstat', 'eat_nonce', 'hwmodel', 'measres', 'secboot', 'ueid', 'x-nvidia-attestation-warning']
const report = ['parsed', 'nonce-match', 'signature-verified']
const nestedRim = [
  'fetched',
  'schema-validated',
  'signature-verified',
  'version-match',
  'measurements-available',
  'cert-chain',
]
const flatRim = ['fetched', 'schema-validated', 'signature-verified', 'cert-validated', 'measurements-available']

// Names as the vendor's claims guide lists them for each version.
const gpuNames = [
  ...common,
  'oemid',
  ...rim('x-nvidia-gpu', 'arch-check', 'driver-version', 'vbios-version', 'vbios-index-no-conflict'),
  ...rim('x-nvidia-gpu-attestation-report', ...report),
]
const names: Readonly<Record<string, readonly string[]>> = {
  'gpu 2.0': [
    ...gpuNames,
    'x-nvidia-gpu-attestation-report-cert-chain-validated',
    ...rim('x-nvidia-gpu-driver-rim', ...flatRim),
    ...rim('x-nvidia-gpu-vbios-rim', ...flatRim),
  ],
  'gpu 3.0': [
    ...gpuNames,
    'x-nvidia-device-type',
    'x-nvidia-gpu-claims-version',
    'x-nvidia-gpu-switch-pdis',
    'x-nvidia-mismatch-measurement-records',
    ...rim('x-nvidia-gpu-attestation-report', 'cert-chain', 'cert-chain-fwid-match'),
    ...rim('x-nvidia-gpu-driver-rim', ...nestedRim),
    ...rim('x-nvidia-gpu-vbios-rim', ...nestedRim),
  ],
  'switch 2.0': [
    ...common,
    ...rim('x-nvidia-switch', 'arch-check', 'bios-version'),
    ...rim('x-nvidia-switch-attestation-report', ...report, 'cert-chain-validated'),
    ...rim('x-nvidia-switch-bios-rim', ...flatRim),
  ],
  'switch 3.0': [
    ...common,
    'x-nvidia-device-type',
    'x-nvidia-version',
    'x-nvidia-mismatch-measurement-records',
    ...rim('x-nvidia-switch', 'arch-check', 'bios-version', 'pdi', 'gpu-pdis'),
    ...rim('x-nvidia-switch-attestation-report', ...report, 'cert-chain', 'cert-chain-fwid-match'),
    ...rim('x-nvidia-switch-bios-rim', ...nestedRim),
  ],
}

describe('names', () => {
  const sorted = (claims: object): readonly string[] => Object.keys(claims).toSorted()
  it.each(['2.0', '3.0'] as const)('of version %s', (version) => {
    expect(sorted(encodeGpuClaims(gpu, version))).toEqual(names[`gpu ${version}`]?.toSorted())
    expect(sorted(encodeSwitchClaims(nvswitch, version))).toEqual(names[`switch ${version}`]?.toSorted())
  })

  it('of version 4.0 are those of 3.0 and two more', () => {
    const added = ['x-nvidia-attester-claims', 'x-nvidia-mismatch-opaque-data-records']
    expect(sorted(encodeGpuClaims(gpu, '4.0'))).toEqual([...(names['gpu 3.0'] ?? []), ...added].toSorted())
  })

  it('of facts that are not there are left out', () => {
    const without = encodeGpuClaims({ ...gpu, switchPdis: undefined, driverManifest: undefined }, '3.0')
    expect(without).not.toHaveProperty('x-nvidia-gpu-switch-pdis')
    expect(without).not.toHaveProperty('x-nvidia-gpu-driver-rim-cert-chain')
    expect(encodeSwitchClaims({ ...nvswitch, devicePdi: undefined }, '3.0')).not.toHaveProperty('x-nvidia-switch-pdi')
  })
})

describe('values', () => {
  it('PDIs are in upper case, dates in whole seconds', () => {
    expect(encodeGpuClaims(gpu, '3.0')).toMatchObject({
      'x-nvidia-gpu-switch-pdis': ['00AA'],
      'x-nvidia-gpu-driver-rim-cert-chain': { 'x-nvidia-cert-expiration-date': '2026-06-01T02:08:29Z' },
    })
    expect(encodeSwitchClaims(nvswitch, '3.0')).toMatchObject({
      'x-nvidia-switch-pdi': 'AB',
      'x-nvidia-switch-gpu-pdis': ['CD'],
      'x-nvidia-version': '3.0',
      'x-nvidia-device-type': 'nvswitch',
    })
  })

  it.each(['2.0', '3.0', '4.0'] as const)('a missing manifest makes every claim about it false in %s', (version) => {
    const claims = encodeGpuClaims({ ...gpu, driverManifest: undefined }, version)
    const about = Object.entries(claims).filter(([name]) => name.startsWith('x-nvidia-gpu-driver-rim'))
    expect(about).toHaveLength(5)
    for (const [, value] of about) expect(value).toBe(false)
  })

  it.each([
    [true, 'success', true, 'disabled'],
    [false, 'fail', null, null],
    [undefined, 'not-run', null, null],
  ] as const)('a comparison that is %s', (measurementsMatch, measres, secboot, dbgstat) => {
    for (const version of ['2.0', '3.0', '4.0'] as const)
      expect(encodeGpuClaims({ ...gpu, measurementsMatch }, version)).toMatchObject({ measres, secboot, dbgstat })
    for (const version of ['2.0', '3.0'] as const)
      expect(encodeSwitchClaims({ ...nvswitch, measurementsMatch }, version)).toMatchObject({
        measres,
        secboot,
        dbgstat,
      })
  })

  it('opaque data below its minimum fails 4.0, which alone can say so', () => {
    const low = { id: 37, name: 'fsp', goldenType: 'MIN_SVN', goldenValue: 3, runtimeValue: 2 } as const
    const facts = { ...gpu, opaqueMismatches: [low] }
    expect(encodeGpuClaims(facts, '4.0')).toMatchObject({
      measres: 'fail',
      secboot: true,
      'x-nvidia-mismatch-opaque-data-records': [low],
      'x-nvidia-attester-claims': { fsp: 2 },
    })
    expect(encodeGpuClaims(facts, '3.0')).toMatchObject({ measres: 'success' })
  })

  it.each([
    ['revoked', 'revoked', false],
    ['valid', 'unknown', false],
    ['expired', 'good', false],
    ['valid', 'good', true],
  ] as const)('a chain %s with status %s holds in 2.0: %s', (status, ocspStatus, holds) => {
    const facts = { ...gpu, reportChain: { ...chain, status, ocspStatus } }
    expect(encodeGpuClaims(facts, '2.0')).toMatchObject({
      'x-nvidia-gpu-attestation-report-cert-chain-validated': holds,
      'x-nvidia-gpu-driver-rim-cert-validated': true,
    })
  })
})
