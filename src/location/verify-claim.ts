// A location claim signed by a trusted issuer (JWT or CWT EAT, RFC 9711) into that issuer's assertion about one device.

import { copyBytes } from '../bytes/bytes.js'
import type { CryptoProvider } from '../crypto/provider.js'
import { webCryptoProvider } from '../crypto/webcrypto.js'
import { memberPath } from '../encoding/json.js'
import { verifyError } from '../result/error.js'
import { markVerified, requireVerified, type Verified } from '../result/proof.js'
import type { NonEmptyArray } from '../result/result.js'
import type { JoseAlgorithm } from '../token/algorithm.js'
import { type ClaimField, type ClaimsSet, claimEntries, claimField, claimMap } from '../token/claim-field.js'
import type { ClaimExpectations, RegisteredClaims } from '../token/claims.js'
import { verifyCwt } from '../token/cwt.js'
import { type EatLocation, readLocation } from '../token/eat-location.js'
import { verifyJwt } from '../token/jwt.js'
import type { TokenKeys } from '../token/key-set.js'
import type { TypeExpectation } from '../token/type.js'
import type { AssertionBinding, AssertionWaiver, LocationAssertion } from './assertion.js'
import { type AttestedDevice, deviceReference } from './attested-device.js'
import type { LocationBinding } from './binding.js'
import { bindAssertion } from './claim-device.js'
import { earStatusNames, geographicClaims, registeredClaims } from './claim-names.js'
import { verifyClaimNonce } from './claim-nonce.js'
import { peekClaims, type SignedToken, tokenEncoding } from './envelope.js'
import { type GeographicResult, readGeographicResult } from './geographic-result.js'
import { claimOf, requiredTime } from './profile-token.js'

/** Who may say where devices are, and the keys he signs with. */
export interface LocationIssuer {
  /** Exact `iss`. */
  readonly issuer: string
  readonly keys: TokenKeys
  /** Default: ES256, ES384, ES512, Ed25519 and EdDSA. */
  readonly algorithms?: NonEmptyArray<JoseAlgorithm>
}

/** How to verify a location claim. */
export interface LocationClaimInput {
  readonly issuers: NonEmptyArray<LocationIssuer>
  /** Must be among `aud`; null means that the token must name no audience. */
  readonly audience: string | null
  /** Bytes stand for themselves in CBOR and for their base64url text in JSON. Null needs a waiver of `nonce`. */
  readonly nonce: Uint8Array | string | null
  /** The device the claim must be about: a verified report. */
  readonly device: Verified<AttestedDevice>
  /** The binding the device's challenge was made from, if the claim names the device by a session key (`cnf`). */
  readonly binding?: LocationBinding
  readonly now: Date
  /** Greatest age since `iat`. */
  readonly maxAgeSeconds: number
  /** Default 60. */
  readonly leewaySeconds?: number
  /** Accepted `typ`; default `application/eat+jwt` and `application/eat+cwt`. */
  readonly types?: TypeExpectation
  readonly waivers?: readonly AssertionWaiver[]
  readonly crypto?: CryptoProvider
}

const defaultAlgorithms = ['ES256', 'ES384', 'ES512', 'Ed25519', 'EdDSA'] as const satisfies readonly JoseAlgorithm[]
const defaultTypes = ['application/eat+jwt', 'application/eat+cwt'] as const

/**
 * Verifies a location claim: signature by the issuer it names, one of the caller's; audience; `iat` and `exp`, both
 * required; nonce; and that it speaks of this very device, by every device claim it carries (`ueid`, `dmtf_device`,
 * `evidence_digest`, `cnf`).
 *
 * The result is what the issuer says, not where the device is: whether that is enough, and whether measurements contradict
 * it, is for `appraiseLocation`.
 * @throws AttestationError as `verifyJwt` and `verifyCwt`, and `location/issuer-unknown`, `location/no-location`,
 * `location/result-not-affirming`, `location/device-mismatch`, `location/unbound`, `eat/nonce-missing`, `eat/nonce-mismatch`
 * @throws TypeError if `device` is not the value a verify function returned
 */
export async function verifyLocationClaim(
  token: SignedToken,
  given: LocationClaimInput,
): Promise<Verified<LocationAssertion>> {
  // Before anything is awaited: a buffer or list used for the next question must not answer this one.
  const { nonce } = given
  const input = {
    ...given,
    nonce: nonce instanceof Uint8Array ? copyBytes(nonce) : nonce,
    now: new Date(given.now),
    waivers: [...(given.waivers ?? [])],
  }
  const { device, binding, now, waivers, crypto = webCryptoProvider } = input
  requireVerified(device, 'device')
  const waiver = (check: AssertionWaiver['check']): AssertionWaiver | undefined => findWaiver(waivers, check)
  if (input.nonce === null && waiver('nonce') === undefined)
    throw new TypeError('a claim without a nonce needs a waiver of nonce that gives a reason')
  const issuer = chooseIssuer(token, input.issuers)
  const { set, registered } = await verifySigned(token, issuer, input, crypto)
  const at = 'payload'
  verifyClaimNonce(set, input.nonce, at)
  const boundBy = await bindAssertion(set, { device, binding, crypto }, at)
  if (boundBy.length === 0 && waiver('device-binding') === undefined) throw verifyError('location/unbound', at, {})
  return markVerified<LocationAssertion>({
    kind: 'assertion',
    issuer: issuer.issuer,
    subject: registered.subject,
    issuedAt: requiredTime(registered.issuedAt, 'iat', at),
    expiresAt: requiredTime(registered.expiresAt, 'exp', at),
    device: await deviceReference(device, crypto),
    boundBy,
    waived: usedWaivers(waivers, input.nonce, boundBy),
    verifiedAt: new Date(now.getTime()),
    ...readPlace(set, at),
  })
}

function findWaiver(waivers: readonly AssertionWaiver[], check: AssertionWaiver['check']): AssertionWaiver | undefined {
  const found = waivers.find((waiver) => waiver.check === check)
  if (found !== undefined && found.reason.trim() === '') throw new TypeError('a waiver must give a reason')
  return found
}

function usedWaivers(
  waivers: readonly AssertionWaiver[],
  nonce: LocationClaimInput['nonce'],
  boundBy: readonly AssertionBinding[],
): readonly AssertionWaiver[] {
  return waivers.filter(({ check }) => (check === 'nonce' ? nonce === null : boundBy.length === 0))
}

/** `iss` chooses among the caller's issuers; it is checked again under the signature. */
function chooseIssuer(token: SignedToken, issuers: readonly LocationIssuer[]): LocationIssuer {
  const claims = peekClaims(token, '')
  const stated = claimField(claims, 'iss', 1, 'payload')?.value
  const found = issuers.find(({ issuer }) => issuer === stated)
  if (found !== undefined) return found
  throw verifyError('location/issuer-unknown', 'payload.iss', {
    issuer: typeof stated === 'string' ? stated.slice(0, 256) : null,
  })
}

async function verifySigned(
  token: SignedToken,
  { issuer, keys, algorithms = defaultAlgorithms }: LocationIssuer,
  { audience, now, maxAgeSeconds, leewaySeconds = 60, types = defaultTypes }: LocationClaimInput,
  crypto: CryptoProvider,
): Promise<{ readonly set: ClaimsSet; readonly registered: RegisteredClaims }> {
  const expected: ClaimExpectations = { issuer, audience, now, leewaySeconds, maxAgeSeconds, expiry: 'required' }
  const verification = { ...expected, keys, algorithms, typ: types, crypto }
  if (typeof token !== 'string' && tokenEncoding(token) === 'cbor') {
    const cwt = await verifyCwt(token, verification)
    return { set: { encoding: 'cbor', claims: cwt.claims }, registered: cwt.registered }
  }
  const jwt = await verifyJwt(token, verification)
  return { set: { encoding: 'json', claims: jwt.claims }, registered: jwt.registered }
}

type Place = Pick<LocationAssertion, 'basis' | 'accuracyMeters' | 'positionAt'> &
  (
    | { readonly location: EatLocation; readonly geographic: GeographicResult | undefined }
    | { readonly location: undefined; readonly geographic: GeographicResult }
  )

/** The claim itself, or the submodule `location` (as an EAR carries it). */
function readPlace(set: ClaimsSet, at: string): Place {
  const position = claimOf(set, registeredClaims.location, at)
  const jurisdiction = claimOf(set, geographicClaims.result, at) ?? submoduleResult(set, at)
  const location = position === undefined ? undefined : readLocation(position)
  const geographic = jurisdiction === undefined ? undefined : readGeographicResult(jurisdiction)
  const shared = {
    basis: geographic?.basis ?? 'unstated',
    accuracyMeters: location?.accuracyMeters,
    positionAt: location?.timestampSeconds,
  } as const
  if (location !== undefined) return { ...shared, location, geographic }
  if (geographic === undefined) throw verifyError('location/no-location', at, {})
  return { ...shared, location, geographic }
}

// Submodules have text names in either encoding.
function submoduleResult(set: ClaimsSet, at: string): ClaimField | undefined {
  const field = claimOf(set, registeredClaims.submodules, at)
  const entry = field === undefined ? undefined : claimEntries(field).find(([name]) => name === 'location')
  if (entry === undefined) return undefined
  requireAffirming(entry[1])
  return claimOf(claimMap(entry[1]), geographicClaims.result, entry[1].at)
}

// What its own signer calls anything but affirmed is no word for a place. AR4SI: 2 to 31 affirm.
function requireAffirming(submodule: ClaimField): void {
  for (const [name, value] of claimMap(submodule).claims) {
    if (!earStatusNames.some((known) => known === name)) continue
    const affirms = typeof value === 'number' ? value >= 2 && value <= 31 : value === 'affirming'
    if (!affirms)
      throw verifyError('location/result-not-affirming', memberPath(submodule.at, String(name)), {
        status: String(value).slice(0, 64),
      })
  }
}
