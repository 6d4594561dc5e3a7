// Judges what a token states about certificate chains, by the revocation demands of the policy.
import { memberPath } from '../encoding/json.js'
import type { NrasCertificateChain, NrasDeviceClaims } from '../nvidia/nras-claims.js'
import type { Ledger } from '../result/check.js'
import { type AppraiseFailure, appraiseFailure } from '../result/failure.js'
import type { RevocationRequirement } from './policy.js'
import type { TokenCheckId } from './token-checks.js'

export interface StatedDevice {
  readonly claims: NrasDeviceClaims
  /** Path of its claims. */
  readonly at: string
}

/** Where one certificate chain is judged. */
export interface ChainChecks {
  /** Name of the claim, and of the flag that stands for it in claims 2.0. */
  readonly chain: string
  readonly flag: string
  readonly path: TokenCheckId
  readonly revocation: TokenCheckId
}

type TokenLedger = Ledger<TokenCheckId>

export const acceptsUnknown = 'the policy accepts unknown revocation statuses'

/** Path of the claim in the issuer's full name. */
export function claimPath({ claims, at }: StatedDevice, name: string): string {
  return memberPath(at, claimName(claims, name))
}

export function claimName(claims: NrasDeviceClaims, name: string): string {
  return `x-nvidia-${claims.device}-${name}`
}

/** Claims 2.0 hold one flag per chain, which says that it is valid and nothing about revocation. */
export function checkChain(
  ledger: TokenLedger,
  device: StatedDevice,
  checks: ChainChecks,
  requirement: RevocationRequirement,
): void {
  const chain = device.claims.certificateChains.get(checks.chain)
  const at = claimPath(device, checks.chain)
  if (chain !== undefined) {
    checkPath(ledger, checks, chain, requirement, at)
    checkRevocation(ledger, checks, chain, requirement, at)
    return
  }
  const missing = appraiseFailure('token/not-stated', at, { claim: claimName(device.claims, checks.chain) })
  if (device.claims.version === '2.0') checkFlag(ledger, device, checks.path, checks.flag)
  else ledger.indeterminate(checks.path, missing)
  recordUnknown(ledger, checks.revocation, missing, requirement)
}

// Accepting what is unknown does not make it known: such a check counts for nothing, not as passed.
function recordUnknown(
  ledger: TokenLedger,
  id: TokenCheckId,
  failure: AppraiseFailure,
  { whenUnknown }: RevocationRequirement,
): void {
  if (whenUnknown === 'accept') ledger.notApplicable(id, acceptsUnknown)
  else ledger.indeterminate(id, failure)
}

/** A check of the service must be stated, and true. */
export function checkFlag(ledger: TokenLedger, device: StatedDevice, id: TokenCheckId, name: string): void {
  const stated = device.claims.checks.get(name)
  const claim = claimName(device.claims, name)
  const at = claimPath(device, name)
  if (stated === true) ledger.pass(id)
  else if (stated === false) ledger.fail(id, appraiseFailure('token/check-failed', at, { claim }))
  else ledger.indeterminate(id, appraiseFailure('token/not-stated', at, { claim }))
}

function checkPath(
  ledger: TokenLedger,
  { chain, path }: ChainChecks,
  stated: NrasCertificateChain,
  requirement: RevocationRequirement,
  at: string,
): void {
  const { status } = stated
  const failure = appraiseFailure('token/certificate-status', at, { chain, status })
  // `revoked` takes the place of what the service found about validity; only a hold the policy accepts is no more than that.
  const acceptedHold = status === 'revoked' && isHold(stated) && requirement.certificateHold === 'accept'
  if (status === 'valid' || acceptedHold) ledger.pass(path)
  else if (status === 'revoked') ledger.indeterminate(path, failure)
  else ledger.fail(path, failure)
}

function checkRevocation(
  ledger: TokenLedger,
  { chain, revocation }: ChainChecks,
  stated: NrasCertificateChain,
  requirement: RevocationRequirement,
  at: string,
): void {
  const { status, ocspStatus, revocationReason, ocspNonceMatches, ocspResponseValid } = stated
  const reason = revocationReason ?? null
  // An answer the service itself does not stand by is none.
  const answered = ocspNonceMatches !== false && ocspResponseValid !== false
  const hold = isHold(stated)
  if (hold && requirement.certificateHold !== 'accept')
    ledger.fail(revocation, appraiseFailure('token/certificate-on-hold', at, { chain }))
  else if (!hold && (status === 'revoked' || ocspStatus === 'revoked' || reason !== null))
    ledger.fail(revocation, appraiseFailure('token/certificate-revoked', at, { chain, reason }))
  // A responder that answers something else has not said that a hold is all there is.
  else if (answered && ocspStatus === (hold ? 'revoked' : 'good')) ledger.pass(revocation)
  // Accepting what is unknown is not accepting what is said to be revoked and cannot be believed to be on hold only.
  else if (hold)
    ledger.indeterminate(revocation, appraiseFailure('token/revocation-unknown', at, { chain, ocspStatus }))
  else
    recordUnknown(
      ledger,
      revocation,
      appraiseFailure('token/revocation-unknown', at, { chain, ocspStatus }),
      requirement,
    )
}

/** RFC 5280 section 5.3.1 `certificateHold`, in whichever spelling. */
function isHold({ revocationReason }: NrasCertificateChain): boolean {
  return revocationReason?.toLowerCase().replace(/[^a-z]/g, '') === 'certificatehold'
}
