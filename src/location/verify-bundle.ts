// A location bundle into verified evidence: session key bound to attested devices, measurements bound to both.
import { encodeBase64Url } from '../bytes/base64.js'
import { type Bytes, copyBytes, equalBytes } from '../bytes/bytes.js'
import { encodeHex } from '../bytes/hex.js'
import type { CryptoProvider } from '../crypto/provider.js'
import { webCryptoProvider } from '../crypto/webcrypto.js'
import { verifyError } from '../result/error.js'
import { markVerified, requireVerified, type Verified } from '../result/proof.js'
import { type AttestedDevice, deviceReference, requireDistinctDevices } from './attested-device.js'
import { evidenceDigest, type LocationBinding, parseBundleBinding } from './binding.js'
import { type Bracket, verifyChallenge, verifyMachine } from './bracket.js'
import { type BundleClaims, readBundle } from './bundle.js'
import { registeredClaims } from './claim-names.js'
import { claimNonces } from './claim-reading.js'
import type { LandmarkDirectory } from './directory.js'
import { peekKeyId, type SignedToken } from './envelope.js'
import type { ConfidentialVmVerifier, LocationEvidence } from './evidence.js'
import { verifyMeasurements } from './measurement-set.js'
import { type ProfileToken, requiredClaim, verifyProfileToken } from './profile-token.js'
import type { MeasurementContext } from './verify-measurement.js'

export type { Bracket } from './bracket.js'

/** How to verify a location bundle. */
export interface LocationBundleInput {
  readonly directory: Verified<LandmarkDirectory>
  /** Who the agent was told it speaks to. */
  readonly audience: string
  readonly first: Bracket
  /** Taken after the bundle arrived: same devices, challenge of `renewBinding`. Left out, the result says so. */
  readonly second?: Bracket
  /** Answers true once per nonce, from the caller's store; or the caller's reason for doing without. */
  readonly isNonceFresh: ((nonce: Bytes) => boolean | Promise<boolean>) | { readonly waivedBecause: string }
  readonly now: Date
  /** Tolerance for the clocks of agent and landmarks, on top of what landmarks admit; default 60. */
  readonly leewaySeconds?: number
  /** Verified reports behind measurements that a GPU answered itself. */
  readonly deviceRounds?: readonly Verified<AttestedDevice>[]
  /** Without it nothing shows that the session key is confined to the machine the GPUs are in, and the result says so. */
  readonly confidentialVm?: ConfidentialVmVerifier
  /** By how much an agent's own round trip may exceed a landmark's before the landmark is not believed; default 2 ms. */
  readonly agentRttSlackNs?: number
  readonly crypto?: CryptoProvider
}

/**
 * Verifies a location bundle: the devices signed a challenge that commits to the session key, the nonce, the audience and
 * the landmark directory; the session key signed the bundle; and each measurement is signed by a listed landmark, names
 * this session key and this evidence, is consented to by the session key, and lies between the brackets.
 *
 * A measurement that fails is dropped and listed under `rejected`: that enlarges the region, never shrinks it. Everything
 * else fails the bundle. Does NOT judge the measurements, compute a region or ask for enough of them: that is appraisal.
 * @throws AttestationError `location/*`, and as `verifyJwt` and `verifyCwt` for the bundle's own signature
 * @throws TypeError if a proof is not the value a verify function returned
 */
export async function verifyLocationBundle(
  bundle: SignedToken,
  given: LocationBundleInput,
): Promise<Verified<LocationEvidence>> {
  // One copy, so that what is looked at before the signature is what the signature is over.
  const token = typeof bundle === 'string' ? bundle : copyBytes(bundle)
  requireInput(given)
  const input = copyInput(given)
  const { first, second, directory, crypto = webCryptoProvider } = input
  const binding = await parseBundleBinding(token, { crypto })
  verifyBindingMembers(binding, input)
  // From here on the session key is not the message's word any more: attested devices signed it.
  verifyChallenge(binding, first, 'first')
  const claims = await verifyBundleToken(token, binding, input, crypto)
  // After the signature: nobody else can use the nonce up.
  const nonceUse = await verifyNonceUse(input)
  const machine = claims.evidence.get('cvm')
  const evidence = await evidenceDigest(binding, first.devices, machine?.value, crypto)
  const { accepted, rejected } = await verifyMeasurements(
    claims.measurements,
    measurementContext(input, binding, evidence, crypto),
  )
  const confidentialVm = await verifyMachine(binding, machine, input, crypto)
  return markVerified<LocationEvidence>({
    kind: 'measurements',
    devices: await Promise.all(first.devices.map((device) => deviceReference(device, crypto))),
    audience: binding.audience,
    sessionKey: encodeBase64Url(binding.sessionKey.jwkThumbprint),
    directory,
    measurements: Object.freeze(accepted),
    rejected: Object.freeze(rejected),
    unreachable: claims.unreachable,
    nonceUse,
    bracket: second === undefined ? 'first-only' : 'both',
    confidentialVm,
    claimed:
      claims.claim === undefined
        ? undefined
        : { asserted: claims.claim, source: 'claim of the bundle, by its session key' },
    verifiedAt: new Date(input.now.getTime()),
  })
}

// Before anything is awaited: a buffer, date or list used for the next bundle must not answer this one.
function copyInput(given: LocationBundleInput): LocationBundleInput {
  const copy = {
    ...given,
    now: new Date(given.now),
    first: copyBracket(given.first),
    deviceRounds: [...(given.deviceRounds ?? [])],
  }
  return given.second === undefined ? copy : { ...copy, second: copyBracket(given.second) }
}

function copyBracket({ nonce, nonceIssuedAt, devices: [device, ...others] }: Bracket): Bracket {
  return { nonce: copyBytes(nonce), nonceIssuedAt: new Date(nonceIssuedAt), devices: [device, ...others] }
}

function requireInput(input: LocationBundleInput): void {
  const { directory, first, second, deviceRounds = [], now, agentRttSlackNs = 0 } = input
  if (!(agentRttSlackNs >= 0 && agentRttSlackNs < Number.POSITIVE_INFINITY))
    throw new TypeError('agentRttSlackNs must be a number of nanoseconds')
  requireVerified(directory, 'directory')
  requireDistinctDevices(first.devices, 'first.devices')
  for (const [index, device] of deviceRounds.entries()) requireVerified(device, `deviceRounds[${index}]`)
  if (second !== undefined) requireDistinctDevices(second.devices, 'second.devices')
  // Every comparison with an invalid date is false: it would switch checks off.
  for (const date of [now, first.nonceIssuedAt, ...(second === undefined ? [] : [second.nonceIssuedAt])])
    if (Number.isNaN(date.getTime())) throw new TypeError('now and nonceIssuedAt must be valid dates')
  if (now.getTime() / 1000 >= directory.expiresAt)
    throw verifyError('location/directory-expired', 'directory', {
      expiresAt: directory.expiresAt,
      now: now.getTime() / 1000,
    })
}

function verifyBindingMembers(binding: LocationBinding, { first, audience, directory }: LocationBundleInput): void {
  if (!equalBytes(binding.nonce, first.nonce)) throw verifyError('location/replay', 'bind.eat_nonce', { what: 'nonce' })
  if (binding.audience !== audience)
    throw verifyError('token/audience-mismatch', 'bind.aud', { audience: [binding.audience], expected: audience })
  if (!equalBytes(binding.directoryDigest, directory.digest))
    throw verifyError('location/directory-mismatch', 'bind.dir', {
      expected: encodeHex(directory.digest),
      actual: encodeHex(binding.directoryDigest),
    })
}

async function verifyNonceUse({
  isNonceFresh,
  first,
  second,
}: LocationBundleInput): Promise<LocationEvidence['nonceUse']> {
  if (second !== undefined && equalBytes(first.nonce, second.nonce))
    throw verifyError('location/nonce-reuse', 'second.nonce', {})
  if (typeof isNonceFresh !== 'function') {
    if (isNonceFresh.waivedBecause.trim() === '') throw new TypeError('waivedBecause must give a reason')
    return { kind: 'waived', reason: isNonceFresh.waivedBecause }
  }
  if ((await isNonceFresh(copyBytes(first.nonce))) !== true)
    throw verifyError('location/nonce-reuse', 'first.nonce', {})
  if (second !== undefined && (await isNonceFresh(copyBytes(second.nonce))) !== true)
    throw verifyError('location/nonce-reuse', 'second.nonce', {})
  return { kind: 'fresh' }
}

async function verifyBundleToken(
  token: SignedToken,
  binding: LocationBinding,
  { audience, now, leewaySeconds = 60, first }: LocationBundleInput,
  crypto: CryptoProvider,
): Promise<BundleClaims> {
  const { publicKey, algorithm } = binding.sessionKey
  // The binding names the one key that counts; whatever name the bundle gives it selects nothing.
  const kid = peekKeyId(token, '')
  const key = { publicKey, algorithm, certificates: [], ...(kid === undefined ? {} : { kid }) }
  const verified = await verifyProfileToken(token, {
    message: 'bundle',
    keys: { keys: [key] },
    issuer: null,
    audience,
    now,
    leewaySeconds,
    expiry: 'optional',
    maxAgeSeconds: Math.max(0, (now.getTime() - first.nonceIssuedAt.getTime()) / 1000),
    crypto,
    at: '',
  })
  verifyBundleNonce(verified, binding)
  const claims = readBundle(verified.set, verified.at)
  if (!equalBytes(claims.binding, binding.encoded)) throw new TypeError('the bundle changed while it was read')
  return claims
}

function verifyBundleNonce({ set, at }: ProfileToken, binding: LocationBinding): void {
  const [nonce, extra] = claimNonces(requiredClaim(set, registeredClaims.nonce, at))
  if (nonce === undefined || extra !== undefined || !equalBytes(nonce, binding.nonce))
    throw verifyError('location/replay', `${at}.eat_nonce`, { what: 'nonce' })
}

function measurementContext(
  input: LocationBundleInput,
  binding: LocationBinding,
  evidence: Bytes,
  crypto: CryptoProvider,
): MeasurementContext {
  return {
    directory: input.directory,
    binding,
    evidence,
    nonceIssuedAt: input.first.nonceIssuedAt,
    closedAt: input.second?.nonceIssuedAt,
    now: input.now,
    leewaySeconds: input.leewaySeconds ?? 60,
    agentRttSlackNs: input.agentRttSlackNs ?? 2_000_000,
    deviceRounds: input.deviceRounds ?? [],
    deviceIds: new Set(input.first.devices.map((device) => device.identity.ueid)),
    crypto,
  }
}
