// Verified responses of a synthetic attestation service about devices of the synthetic world.
import { encodeUtf8 } from '../../src/bytes/text.js'
import { type NrasResult, verifyNrasToken } from '../../src/nvidia/nras.js'
import type { Verified } from '../../src/result/proof.js'
import type { BundleOptions, SyntheticDevice } from '../../src/testing/index.js'
import { parseJwkSet } from '../../src/token/jwks.js'
import { now, world } from './scene.js'

export function tokenOf(
  devices: readonly [SyntheticDevice, ...SyntheticDevice[]],
  options: BundleOptions = {},
): Promise<Verified<NrasResult>> {
  const { json, jwks, issuer } = world.tokenBundle(devices, options)
  return verifyNrasToken(encodeUtf8(json), {
    keys: parseJwkSet(encodeUtf8(jwks)),
    issuer,
    nonce: options.nonce ?? devices[0].nonce,
    now,
    leewaySeconds: 0,
  })
}

/** A certificate chain as tokens state it, sound but for the changes. */
export function statedChain(changes: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  return {
    'x-nvidia-cert-status': 'valid',
    'x-nvidia-cert-ocsp-status': 'good',
    'x-nvidia-cert-expiration-date': '2027-01-01T00:00:00Z',
    'x-nvidia-cert-revocation-reason': null,
    ...changes,
  }
}

/** What the service answers when it will not judge a device. */
export const refusedClaims: Readonly<Record<string, unknown>> = {
  'x-nvidia-error-details': { code: 4010, httpStatus: 'BAD_REQUEST', description: 'NONCE_NOT_MATCHING', message: 'no' },
}
