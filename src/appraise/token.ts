// Judges a verified token of an attestation service by the appraisal policy. Sync, pure; returns, never throws on content.
import { memberPath } from '../encoding/json.js'
import type { NrasDevice, NrasResult } from '../nvidia/nras.js'
import type { NrasClaimsVersion, NrasDeviceKind } from '../nvidia/nras-claims.js'
import { type Check, type Ledger, openLedger } from '../result/check.js'
import { appraiseFailure } from '../result/failure.js'
import { requireVerified, type Verified } from '../result/proof.js'
import type { AttestationResult } from '../result/result.js'
import { collectFailures } from './device.js'
import type { AppraisalPolicy } from './policy.js'
import { compareClaims } from './required-claims.js'
import { tierOf } from './tier.js'
import { type TokenCheckId, type TokenWaiver, tokenCheckIds, tokenWaivers } from './token-checks.js'
import { checkStatedDevice, FWID_CLAIM } from './token-device.js'
import { acceptsUnknown, type StatedDevice } from './token-revocation.js'
import { type PlainClaims, plainClaims } from './token-value.js'

/** What `appraiseToken` is given. */
export interface TokenAppraisal {
  readonly token: Verified<NrasResult>
  readonly policy: AppraisalPolicy
  /** Waivers for tokens only, beside those of the policy: what evidence shows and tokens do not, such as the mode. */
  readonly waivers?: readonly TokenWaiver[]
}

/** What the issuer says about one device. */
export type DeviceStatement =
  | {
      readonly kind: NrasDeviceKind
      readonly label: string
      readonly ueid: string
      readonly hwmodel: string | undefined
      readonly driverVersion: string | undefined
      /** VBIOS of a GPU, BIOS of a switch. */
      readonly firmwareVersion: string | undefined
      readonly measres: string
      readonly warning: string | undefined
      /** Every claim as signed. */
      readonly claims: PlainClaims
    }
  | {
      readonly kind: 'refused'
      readonly label: string
      /** The service's own error code and words. */
      readonly serviceCode: number
      readonly description: string | undefined
    }

/** The word of an attestation service. No evidence was seen here: nothing in it was measured or compared by this library. */
export interface IssuerStatement {
  readonly kind: 'issuer-statement'
  readonly evidence: 'not-seen'
  readonly issuer: string
  readonly version: NrasClaimsVersion
  readonly overallResult: boolean
  readonly issuedAt: Date | undefined
  readonly expiresAt: Date
  readonly devices: readonly DeviceStatement[]
  /** Policy that was applied. */
  readonly policyId: string
}

/** `authentic` means that the issuer signed the token, not that evidence was checked. */
export type TokenResult = AttestationResult<IssuerStatement, TokenCheckId>

/**
 * Appraises what an attestation service states about the devices of one token: every check it must have made is stated
 * and true, and its claims satisfy `policy`. Signature, issuer, times, digests and nonces are not repeated: `token` is
 * the proof of them. A check that tokens do not state (mode, lock, age of revocation data, and security versions before
 * claims 4.0) is indeterminate until a waiver names it.
 *
 * Does not look at evidence, and does not know how many devices there should be: compare `claims.devices` with yours.
 * @throws TypeError if `token` is not the value a verify function returned
 */
export function appraiseToken({ token, policy, waivers = [] }: TokenAppraisal): TokenResult {
  requireVerified(token, 'token')
  const devices = token.devices.flatMap((device): StatedDevice[] =>
    device.kind === 'refused' ? [] : [{ claims: device.claims, at: deviceAt(device) }],
  )
  const reasons = new Map(tokenWaivers(policy, waivers))
  // Claims 2.0 do not state the binding, which a relying party may waive; a binding stated as broken it may not.
  if (devices.some(({ claims }) => claims.checks.get(FWID_CLAIM) === false)) reasons.delete('stated-firmware-binding')
  const ledger = openLedger<TokenCheckId>(tokenCheckIds, reasons, (check) =>
    appraiseFailure('check/not-done', check, { check }),
  )
  // A verified token cannot exist unless these held.
  ledger.pass('token-signature')
  ledger.pass('token-nonce')
  checkOverall(ledger, token, policy)
  checkRefusals(ledger, token.devices)
  checkFreshness(ledger, policy)
  for (const device of devices) checkStatedDevice(ledger, device, policy)
  const checks = ledger.close()
  return judge(checks, describe(token, policy))
}

function deviceAt({ label }: NrasDevice): string {
  return `${memberPath('devices', label)}.payload`
}

function checkOverall(ledger: Ledger<TokenCheckId>, token: NrasResult, policy: AppraisalPolicy): void {
  const at = 'overall.payload'
  if (token.overallResult) ledger.pass('overall-result')
  else ledger.fail('overall-result', appraiseFailure('token/overall-result', `${at}.x-nvidia-overall-att-result`, {}))
  const { requiredClaims, requiredOverallClaims } = policy
  const overall = Object.keys(requiredOverallClaims).length
  if (overall + Object.keys(requiredClaims).length === 0)
    ledger.notApplicable('stated-required-claims', 'the policy demands no claims')
  if (overall === 0) return
  const failures = compareClaims(requiredOverallClaims, plainClaims(token.overallClaims), at)
  if (failures.length === 0) ledger.pass('stated-required-claims')
  for (const failure of failures) ledger.fail('stated-required-claims', failure)
}

function checkRefusals(ledger: Ledger<TokenCheckId>, devices: readonly NrasDevice[]): void {
  if (devices.length > 0) ledger.pass('refusals')
  for (const device of devices) {
    if (device.kind !== 'refused') continue
    const { code, description = null } = device.refusal
    const at = `${deviceAt(device)}.x-nvidia-error-details`
    ledger.fail('refusals', appraiseFailure('token/device-refused', at, { serviceCode: code, description }))
  }
}

// The service states what the responder answered, not when; whoever accepts unknown statuses does not ask.
function checkFreshness(ledger: Ledger<TokenCheckId>, { deviceRevocation, manifestRevocation }: AppraisalPolicy): void {
  const id = 'revocation-freshness'
  if (deviceRevocation.whenUnknown === 'accept' && manifestRevocation.whenUnknown === 'accept')
    ledger.notApplicable(id, acceptsUnknown)
  else ledger.indeterminate(id, appraiseFailure('token/cannot-show', 'devices', { what: 'age of revocation data' }))
}

function describe(token: NrasResult, policy: AppraisalPolicy): IssuerStatement {
  const issuer = token.overallClaims.get('iss')
  return Object.freeze({
    kind: 'issuer-statement',
    evidence: 'not-seen',
    issuer: typeof issuer === 'string' ? issuer : '',
    version: token.version,
    overallResult: token.overallResult,
    // Copies: dates can be written to, and those of a verified value must not be reachable from a result.
    issuedAt: token.issuedAt === undefined ? undefined : new Date(token.issuedAt.getTime()),
    expiresAt: new Date(token.expiresAt.getTime()),
    devices: Object.freeze(token.devices.map(describeDevice)),
    policyId: policy.id,
  })
}

function describeDevice(device: NrasDevice): DeviceStatement {
  const { label } = device
  if (device.kind === 'refused') {
    const { code, description } = device.refusal
    return Object.freeze({ kind: 'refused', label, serviceCode: code, description })
  }
  const { ueid, hwmodel, driverVersion, firmwareVersion, measres, warning, original } = device.claims
  const claims = plainClaims(original)
  const kind = device.claims.device
  return Object.freeze({ kind, label, ueid, hwmodel, driverVersion, firmwareVersion, measres, warning, claims })
}

function judge(checks: readonly Check<TokenCheckId>[], claims: IssuerStatement): TokenResult {
  const tier = tierOf(checks)
  const [first, ...rest] = collectFailures(checks)
  const result: TokenResult =
    first === undefined
      ? { verdict: 'pass', authentic: true, claims, failures: [], checks, tier }
      : { verdict: 'fail', authentic: true, claims, failures: [first, ...rest], checks, tier }
  return Object.freeze(result)
}
