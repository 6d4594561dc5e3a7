// Responses of an attestation service for tests: any claims, any signer, digests right unless told otherwise.
import { createHash } from 'node:crypto'
import { encodeUtf8 } from '../../src/bytes/text.js'
import { type Signer, signJws } from '../token/signing.js'

export const issuer = 'https://nras.example'
export const nonceHex = 'a0'.repeat(32)
export const issuedAt = 1_750_000_000
export const now: Date = new Date((issuedAt + 60) * 1000)

export type Claims = Readonly<Record<string, unknown>>

export const registered: Claims = { iss: issuer, iat: issuedAt, nbf: issuedAt, exp: issuedAt + 3600, jti: 'id' }

/** An object without the members that are undefined. */
export function defined(claims: Claims): Claims {
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined))
}

const chain: Claims = {
  'x-nvidia-cert-status': 'valid',
  'x-nvidia-cert-ocsp-status': 'good',
  'x-nvidia-cert-expiration-date': '2030-01-01T00:00:00Z',
  'x-nvidia-cert-revocation-reason': null,
}

const prefixed = (prefix: string, names: readonly string[], value: unknown): Claims =>
  Object.fromEntries(names.map((name) => [`${prefix}${name}`, value]))

const report = ['attestation-report-parsed', 'attestation-report-nonce-match', 'attestation-report-signature-verified']
const manifest = ['rim-fetched', 'rim-schema-validated', 'rim-signature-verified', 'rim-measurements-available']
const gpuChecks = [
  'arch-check',
  'vbios-index-no-conflict',
  ...report,
  ...manifest.flatMap((name) => [`driver-${name}`, `vbios-${name}`]),
]
const switchChecks = ['arch-check', ...report, ...manifest.map((name) => `bios-${name}`)]
const shared: Claims = { measres: 'success', secboot: true, dbgstat: 'disabled', eat_nonce: nonceHex }

/** A GPU's claims, version 3.0. */
export const gpu = (ueid: string): Claims => ({
  ...shared,
  ueid,
  hwmodel: 'GH100 A01 GSP BROM',
  oemid: '5703',
  'x-nvidia-gpu-driver-version': '550.90.07',
  'x-nvidia-gpu-vbios-version': '96.00.9F.00.01',
  'x-nvidia-attestation-warning': null,
  ...prefixed('x-nvidia-gpu-', gpuChecks, true),
  ...prefixed('x-nvidia-gpu-', ['driver-rim-version-match', 'vbios-rim-version-match'], true),
  'x-nvidia-gpu-attestation-report-cert-chain-fwid-match': true,
  ...prefixed(
    'x-nvidia-gpu-',
    ['attestation-report-cert-chain', 'driver-rim-cert-chain', 'vbios-rim-cert-chain'],
    chain,
  ),
})

/** A GPU's claims, version 2.0. */
export const flatGpu = (ueid: string): Claims => ({
  ...shared,
  ueid,
  hwmodel: 'GH100',
  ...prefixed('x-nvidia-gpu-', gpuChecks, true),
  ...prefixed(
    'x-nvidia-gpu-',
    ['attestation-report-cert-chain-validated', 'driver-rim-cert-validated', 'vbios-rim-cert-validated'],
    true,
  ),
})

/** A switch's claims, version 3.0. */
export const nvswitch = (ueid: string): Claims => ({
  ...shared,
  ueid,
  hwmodel: 'LS_10 A01 FSP BROM',
  oemid: null,
  'x-nvidia-switch-bios-version': '96.10.55.00.01',
  ...prefixed('x-nvidia-switch-', switchChecks, true),
  'x-nvidia-switch-bios-rim-version-match': true,
  'x-nvidia-switch-attestation-report-cert-chain-fwid-match': true,
  ...prefixed('x-nvidia-switch-', ['attestation-report-cert-chain', 'bios-rim-cert-chain'], chain),
})

export interface BundleSpec {
  /** Claims by label, without the registered ones. */
  readonly devices: Readonly<Record<string, Claims>>
  readonly overall?: Claims
  readonly signer: Signer
  readonly header?: Claims
  /** Replaces the digest entries. */
  readonly submods?: (digests: Readonly<Record<string, unknown>>) => Claims
}

export interface Bundle {
  readonly overall: string
  readonly devices: Readonly<Record<string, string>>
}

export const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex')

export function bundle({ devices, overall, signer, header, submods }: BundleSpec): Bundle {
  const sign = (claims: Claims): string =>
    signJws({
      header: { kid: signer.kid, alg: 'ES384', ...header },
      payload: defined({ ...registered, ...claims }),
      signer,
      algorithm: 'ES384',
    })
  const tokens = Object.fromEntries(Object.entries(devices).map(([label, claims]) => [label, sign(claims)]))
  const digests = Object.fromEntries(
    Object.entries(tokens).map(([label, token]) => [label, ['DIGEST', ['SHA-256', sha256Hex(token)]]]),
  )
  const claims = {
    sub: 'NVIDIA-PLATFORM-ATTESTATION',
    'x-nvidia-ver': '3.0',
    'x-nvidia-overall-att-result': true,
    eat_nonce: nonceHex,
    submods: submods?.(digests) ?? digests,
    ...overall,
  }
  return { overall: sign(claims), devices: tokens }
}

export function encode({ overall, devices }: Bundle): Uint8Array {
  return encodeUtf8(JSON.stringify([['JWT', overall], devices]))
}
