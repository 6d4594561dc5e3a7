// Claims into signed tokens: JWS with deterministic signatures, key sets, and the detached EAT bundles NRAS returns.
import { sha256 } from '@noble/hashes/sha2.js'
import { encodeBase64Url } from '../bytes/base64.js'
import type { Bytes } from '../bytes/bytes.js'
import { encodeHex } from '../bytes/hex.js'
import { encodeUtf8 } from '../bytes/text.js'
import type { SyntheticDevice } from './device.js'
import { deriveBytes, type SyntheticCurve, type SyntheticKey } from './key.js'
import type { ByteMutation } from './mutation.js'

export type SyntheticClaims = Readonly<Record<string, unknown>>

export interface JwtOptions {
  readonly kid?: string
  /** Header members added or replaced; undefined takes one away. */
  readonly header?: SyntheticClaims
  readonly signature?: ByteMutation
}

const algorithms: Readonly<Record<SyntheticCurve, string>> = {
  'P-256': 'ES256',
  'P-384': 'ES384',
  'P-521': 'ES512',
  Ed25519: 'EdDSA',
}

/** Signs bytes as a compact JWS; `payload` is not looked at. */
export function signJws(payload: Bytes, key: SyntheticKey, options: JwtOptions = {}): string {
  const header = {
    ...(options.kid === undefined ? {} : { kid: options.kid }),
    alg: algorithms[key.curve],
    ...options.header,
  }
  const signed = `${encodeBase64Url(encodeUtf8(JSON.stringify(header)))}.${encodeBase64Url(payload)}`
  const signature = key.sign(encodeUtf8(signed))
  return `${signed}.${encodeBase64Url(options.signature?.(signature) ?? signature)}`
}

/** Signs claims as a JWT. */
export function signJwt(claims: SyntheticClaims, key: SyntheticKey, options: JwtOptions = {}): string {
  return signJws(encodeUtf8(JSON.stringify(claims)), key, options)
}

/** The public JWK of a key. */
export function publicJwk(key: SyntheticKey, kid?: string): SyntheticClaims {
  const named = kid === undefined ? {} : { kid }
  if (key.curve === 'Ed25519') return { kty: 'OKP', crv: 'Ed25519', ...named, x: encodeBase64Url(key.publicKey) }
  const length = (key.publicKey.length - 1) / 2
  return {
    kty: 'EC',
    crv: key.curve,
    ...named,
    x: encodeBase64Url(key.publicKey.subarray(1, 1 + length)),
    y: encodeBase64Url(key.publicKey.subarray(1 + length)),
  }
}

/** A JWK set. */
export function jwkSetJson(keys: readonly SyntheticClaims[]): string {
  return `${JSON.stringify({ keys }, null, 2)}\n`
}

export interface BundleOptions {
  readonly issuer?: string
  readonly issuedAt?: Date
  readonly lifetimeSeconds?: number
  /** Challenge nonce; that of the first device if left out. */
  readonly nonce?: Bytes
  readonly overallResult?: boolean
  /** Claims of the overall token added or replaced; undefined takes one away. */
  readonly overall?: SyntheticClaims
  /** The same for the token of the device with this label. */
  readonly device?: (label: string) => SyntheticClaims
  /** Replaces all claims of a device token, as NRAS does when a device fails. */
  readonly deviceError?: (label: string) => SyntheticClaims | undefined
  /** Digest the overall token states for a device token, lowercase hex. */
  readonly digest?: (label: string, digest: string) => string
  readonly overallToken?: JwtOptions
  readonly deviceToken?: JwtOptions
  /** Signs in place of the service's key. */
  readonly key?: SyntheticKey
}

/** A response of the synthetic attestation service, with its keys. */
export interface SyntheticBundle {
  readonly json: string
  readonly overall: string
  /** Compact tokens by label, e.g. `GPU-0`. */
  readonly devices: Readonly<Record<string, string>>
  /** Key set that verifies it. */
  readonly jwks: string
  readonly issuer: string
}

export const syntheticIssuer = 'https://nras.gpu-attestation.example'

function uuid(seed: string, label: string): string {
  return encodeHex(deriveBytes(seed, `uuid/${label}`, 16)).replace(
    /^(.{8})(.{4})(.{4})(.{4})(.{12})$/,
    '$1-$2-$3-$4-$5',
  )
}

function certificateChainClaims(expires: string): SyntheticClaims {
  return {
    'x-nvidia-cert-status': 'valid',
    'x-nvidia-cert-ocsp-status': 'good',
    'x-nvidia-cert-expiration-date': expires,
    'x-nvidia-cert-revocation-reason': null,
  }
}

function manifestClaims(prefix: string): SyntheticClaims {
  return {
    [`${prefix}-fetched`]: true,
    [`${prefix}-schema-validated`]: true,
    [`${prefix}-signature-verified`]: true,
    [`${prefix}-version-match`]: true,
    [`${prefix}-measurements-available`]: true,
    [`${prefix}-cert-chain`]: certificateChainClaims('2027-01-01T00:00:00Z'),
  }
}

function reportClaims(kind: 'gpu' | 'switch'): SyntheticClaims {
  const prefix = `x-nvidia-${kind}-attestation-report`
  return {
    [`x-nvidia-${kind}-arch-check`]: true,
    [`${prefix}-parsed`]: true,
    [`${prefix}-nonce-match`]: true,
    [`${prefix}-signature-verified`]: true,
    [`${prefix}-cert-chain`]: certificateChainClaims('9999-12-31T23:59:59Z'),
    [`${prefix}-cert-chain-fwid-match`]: true,
  }
}

/** Claims of version 3.0 about a sound device. */
function deviceClaims(device: SyntheticDevice): SyntheticClaims {
  const shared = { measres: 'success', secboot: true, dbgstat: 'disabled', ueid: device.ueid }
  if (device.family === 'ls10')
    return {
      ...shared,
      hwmodel: 'LS_10 A01 FSP BROM',
      oemid: null,
      'x-nvidia-device-type': 'nvswitch',
      'x-nvidia-switch-bios-version': device.vbiosVersion,
      ...reportClaims('switch'),
      ...manifestClaims('x-nvidia-switch-bios-rim'),
    }
  return {
    ...shared,
    hwmodel: `${device.product} A01 GSP BROM`,
    oemid: '5703',
    'x-nvidia-gpu-driver-version': device.driverVersion,
    'x-nvidia-gpu-vbios-version': device.vbiosVersion,
    'x-nvidia-gpu-vbios-index-no-conflict': true,
    'x-nvidia-attestation-warning': null,
    ...reportClaims('gpu'),
    ...manifestClaims('x-nvidia-gpu-driver-rim'),
    ...manifestClaims('x-nvidia-gpu-vbios-rim'),
  }
}

function labelled(devices: readonly SyntheticDevice[]): readonly (readonly [label: string, device: SyntheticDevice])[] {
  const count = { GPU: 0, SWITCH: 0 }
  return devices.map((device) => {
    const kind = device.family === 'ls10' ? 'SWITCH' : 'GPU'
    return [`${kind}-${count[kind]++}`, device]
  })
}

/** The bundle an attestation service would answer with for `devices`: one token overall, one per device. */
export function createBundle(
  seed: string,
  serviceKey: SyntheticKey,
  devices: readonly [SyntheticDevice, ...SyntheticDevice[]],
  now: Date,
  options: BundleOptions = {},
): SyntheticBundle {
  const kid = `nv-eat-kid-synthetic-${uuid(seed, 'kid')}`
  const key = options.key ?? serviceKey
  const issuer = options.issuer ?? syntheticIssuer
  const issuedAt = Math.floor((options.issuedAt ?? now).getTime() / 1000)
  const nonce = encodeHex(options.nonce ?? devices[0].nonce)
  const registered = (label: string): SyntheticClaims => ({
    iss: issuer,
    iat: issuedAt,
    nbf: issuedAt,
    exp: issuedAt + (options.lifetimeSeconds ?? 3600),
    jti: uuid(seed, `token/${label}`),
  })
  const tokens = labelled(devices).map(([label, device]) => {
    const sound = { eat_nonce: nonce, ...deviceClaims(device), ...options.device?.(label) }
    const claims = { ...registered(label), ...(options.deviceError?.(label) ?? sound) }
    return [label, signJwt(claims, key, { kid, ...options.deviceToken })] as const
  })
  const submods = tokens.map(([label, token]) => {
    const digest = encodeHex(sha256(encodeUtf8(token)))
    return [label, ['DIGEST', ['SHA-256', options.digest?.(label, digest) ?? digest]]] as const
  })
  const overallClaims = {
    sub: 'NVIDIA-PLATFORM-ATTESTATION',
    'x-nvidia-ver': '3.0',
    'x-nvidia-overall-att-result': options.overallResult ?? true,
    eat_nonce: nonce,
    submods: Object.fromEntries(submods),
    ...registered('overall'),
    ...options.overall,
  }
  const overall = signJwt(overallClaims, key, { kid, ...options.overallToken })
  const byLabel = Object.fromEntries(tokens)
  return {
    json: `${JSON.stringify([['JWT', overall], byLabel], null, 2)}\n`,
    overall,
    devices: byLabel,
    jwks: jwkSetJson([publicJwk(serviceKey, kid)]),
    issuer,
  }
}
