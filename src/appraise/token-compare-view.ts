// The claims of a local appraisal in the form in which a token of a given version would make them.
import type { NrasDeviceClaims } from '../nvidia/nras-claims.js'
import type { DeviceClaims } from './device-claims.js'
import { type PlainClaims, type PlainJson, plainJson } from './token-value.js'

/** About the format of the claims, not about the device. */
const formatClaims: readonly string[] = ['x-nvidia-gpu-claims-version', 'x-nvidia-version', 'x-nvidia-device-type']

/** Local claims under the names of the token's version: flags for chains, and the bare chip, in claims 2.0. */
export function localView({ vendorClaims }: DeviceClaims, { version }: NrasDeviceClaims): PlainClaims {
  const entries = Object.entries(vendorClaims).flatMap(([name, value]): [string, PlainJson][] => {
    const plain = plainJson(value)
    if (plain === undefined || formatClaims.includes(name)) return []
    if (version !== '2.0') return [[name, plain]]
    if (name === 'hwmodel' && typeof plain === 'string') return [[name, plain.split(' ')[0] ?? plain]]
    return name.endsWith('-cert-chain') ? [[flatName(name), chainFlag(plain)]] : [[name, plain]]
  })
  return Object.fromEntries(entries)
}

/** A claim of the token that says nothing about the device, or is the token's own. */
export function isEnvelopeClaim(name: string): boolean {
  return formatClaims.includes(name) || ['iss', 'iat', 'nbf', 'exp', 'jti', 'sub', 'aud'].includes(name)
}

function flatName(name: string): string {
  return name.endsWith('-rim-cert-chain') ? name.replace(/-chain$/, '-validated') : `${name}-validated`
}

// Not shown to be unrevoked is not the same as found wrong.
function chainFlag(chain: PlainJson): boolean | 'unknown' {
  if (typeof chain !== 'object' || chain === null || !('x-nvidia-cert-status' in chain)) return false
  const { 'x-nvidia-cert-status': status, 'x-nvidia-cert-ocsp-status': ocspStatus } = chain
  return status === 'valid' && ocspStatus === 'unknown' ? 'unknown' : status === 'valid' && ocspStatus === 'good'
}
