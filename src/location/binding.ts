// The binding object B: what nonce, session key, audience, directory and campaign a device's challenge commits to.

import { type Bytes, copyBytes } from '../bytes/bytes.js'
import { requireSize } from '../bytes/size.js'
import type { CryptoProvider } from '../crypto/provider.js'
import { webCryptoProvider } from '../crypto/webcrypto.js'
import { type CborMap, isCborMap, parseCbor } from '../encoding/cbor.js'
import { encodeCbor } from '../encoding/cbor-encode.js'
import { memberPath } from '../encoding/json.js'
import { parseError, verifyError } from '../result/error.js'
import { type ClaimsSet, claimBytes, claimText } from '../token/claim-field.js'
import { type AttestedDevice, deviceDigest } from './attested-device.js'
import { domains, locationProfile, profileClaims, registeredClaims } from './claim-names.js'
import { readConfirmation } from './claim-reading.js'
import { domainDigest } from './digest.js'
import { peekClaims, type SignedToken } from './envelope.js'
import { type ProfileKey, profileKey } from './key-thumbprint.js'
import { requiredClaim } from './profile-token.js'

/** The binding object of a bundle. Nothing in it is proven until devices have signed `challenge`. */
export interface LocationBinding {
  /** Deterministic CBOR in either encoding of the bundle, so that there is one byte form to hash. */
  readonly encoded: Bytes
  /** The verifier's nonce, 32 bytes. */
  readonly nonce: Bytes
  readonly sessionKey: ProfileKey
  readonly audience: string
  /** SHA-256 of the landmark directory the agent used. */
  readonly directoryDigest: Bytes
  readonly campaign: Bytes
  /** h: the challenge each device must have signed. */
  readonly challenge: Bytes
}

/** Everything in a binding has a small, known size. */
const maxBindingLength = 1024

/**
 * Reads a binding object and computes its challenge. Nothing in it is trusted until a verified device turns out to have
 * signed that challenge.
 * @throws AttestationError `bytes/too-large`, `cbor/*`, `token/claim-type`, `token/claim-missing`, `eat/profile-mismatch`,
 * `cose-key/*`, `location/key-kind`
 */
export async function parseLocationBinding(
  encoded: Bytes,
  options: { readonly crypto?: CryptoProvider; readonly at?: string } = {},
): Promise<LocationBinding> {
  const { crypto = webCryptoProvider, at = 'bind' } = options
  requireSize(encoded, maxBindingLength, at)
  const own = copyBytes(encoded)
  const claims = parseCbor(own, at)
  if (!isCborMap(claims)) throw parseError('token/claim-type', at, { expected: 'a map of claims' })
  return readBinding(own, claims, crypto, at)
}

async function readBinding(
  encoded: Bytes,
  claims: CborMap,
  crypto: CryptoProvider,
  at: string,
): Promise<LocationBinding> {
  const set: ClaimsSet = { encoding: 'cbor', claims }
  const profile = claimText(requiredClaim(set, registeredClaims.profile, at))
  if (profile !== locationProfile)
    throw verifyError('eat/profile-mismatch', memberPath(at, 'eat_profile'), { profile, expected: locationProfile })
  const confirmation = requiredClaim(set, registeredClaims.confirmation, at)
  const stated = readConfirmation(confirmation)
  if (stated.kind !== 'key') throw parseError('token/claim-type', confirmation.at, { expected: 'a whole key' })
  const bytes = (claim: keyof typeof profileClaims, length: number): Bytes =>
    claimBytes(requiredClaim(set, profileClaims[claim], at), length, length)
  return Object.freeze({
    encoded,
    nonce: claimBytes(requiredClaim(set, registeredClaims.nonce, at), 32, 32),
    sessionKey: await profileKey(stated.key.publicKey, crypto, confirmation.at),
    audience: claimText(requiredClaim(set, registeredClaims.audience, at)),
    directoryDigest: bytes('directory', 32),
    campaign: bytes('campaign', 16),
    challenge: await domainDigest(crypto, domains.binding, encoded),
  })
}

/**
 * Takes the binding out of a location bundle, before anything about the bundle is verified: its `challenge` is the nonce
 * the device reports that come with the bundle must be verified against.
 * @throws AttestationError as {@link parseLocationBinding}, and those of the bundle's form
 */
export async function parseBundleBinding(
  bundle: SignedToken,
  options: { readonly crypto?: CryptoProvider } = {},
): Promise<LocationBinding> {
  const claims = peekClaims(bundle, '')
  const field = requiredClaim(claims, profileClaims.binding, 'payload')
  return parseLocationBinding(claimBytes(field, 1, maxBindingLength), { ...options, at: field.at })
}

/**
 * The same binding under another nonce, 32 bytes: its `challenge` is what the devices sign for the second bracket, after
 * the measurements.
 * @throws AttestationError as {@link parseLocationBinding}
 * @throws TypeError if `binding` is not one that {@link parseLocationBinding} returned
 */
export async function renewBinding(
  binding: LocationBinding,
  nonce: Bytes,
  options: { readonly crypto?: CryptoProvider } = {},
): Promise<LocationBinding> {
  const claims = parseCbor(binding.encoded, 'bind')
  if (!isCborMap(claims)) throw new TypeError('binding must be the value parseLocationBinding returned')
  const encoded = encodeCbor(new Map([...claims, [registeredClaims.nonce.key, copyBytes(nonce)]]))
  return parseLocationBinding(encoded, options)
}

/** g: which reports were made, in ascending order of their digests; the CPU evidence signs it next to the challenge. */
export async function deviceSetDigest(devices: readonly AttestedDevice[], crypto: CryptoProvider): Promise<Bytes> {
  const digests = await Promise.all(devices.map((device) => deviceDigest(device, crypto)))
  return domainDigest(crypto, domains.devices, ...digests.sort(compareBytes))
}

function compareBytes(a: Bytes, b: Bytes): number {
  const different = a.findIndex((byte, i) => byte !== b[i])
  return (a[different] ?? 0) - (b[different] ?? 0)
}

/**
 * e: the evidence a landmark sees before it measures. It holds the digests of the reports and of the CPU evidence, so a
 * measurement proves that both existed before it.
 */
export async function evidenceDigest(
  binding: LocationBinding,
  devices: readonly AttestedDevice[],
  confidentialVmEvidence: Bytes | undefined,
  crypto: CryptoProvider,
): Promise<Bytes> {
  const set = await deviceSetDigest(devices, crypto)
  const machine =
    confidentialVmEvidence === undefined ? new Uint8Array(32) : await crypto.digest('sha256', confidentialVmEvidence)
  return domainDigest(crypto, domains.evidence, binding.challenge, set, machine)
}
