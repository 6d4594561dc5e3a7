// Judges what a token states about one device, by the policy of the appraisal layer.
import { memberPath } from '../encoding/json.js'
import { type Family, familyCapabilities, type Product } from '../nvidia/architecture.js'
import type { NrasDeviceClaims } from '../nvidia/nras-claims.js'
import type { Ledger } from '../result/check.js'
import { appraiseFailure } from '../result/failure.js'
import type { AppraisalPolicy } from './policy.js'
import { compareClaims } from './required-claims.js'
import type { TokenCheckId } from './token-checks.js'
import { checkChain, checkFlag, claimName, claimPath, type StatedDevice } from './token-revocation.js'
import { plainClaims } from './token-value.js'
import { compareVersions } from './versions.js'

type TokenLedger = Ledger<TokenCheckId>

/** Name of the claim behind `stated-firmware-binding`. */
export const FWID_CLAIM = 'attestation-report-cert-chain-fwid-match'

const reportFlags: readonly (readonly [TokenCheckId, string])[] = [
  ['stated-declared-label', 'arch-check'],
  ['stated-report-signature', 'attestation-report-parsed'],
  ['stated-report-signature', 'attestation-report-nonce-match'],
  ['stated-report-signature', 'attestation-report-signature-verified'],
  ['stated-firmware-binding', FWID_CLAIM],
]

const reportChain = {
  chain: 'attestation-report-cert-chain',
  flag: 'attestation-report-cert-chain-validated',
  path: 'stated-certificate-path',
  revocation: 'stated-device-revocation',
} as const

const noConflict = 'vbios-index-no-conflict'

/** Records what the token states about one device. What no token states stays indeterminate, never passed. */
export function checkStatedDevice(ledger: TokenLedger, device: StatedDevice, policy: AppraisalPolicy): void {
  const { claims } = device
  for (const [id, name] of reportFlags) checkFlag(ledger, device, id, name)
  checkChain(ledger, device, reportChain, policy.deviceRevocation)
  checkManifest(ledger, device, 'firmware', claims.device === 'gpu' ? 'vbios-rim' : 'bios-rim', policy)
  if (claims.device === 'gpu') {
    checkManifest(ledger, device, 'driver', 'driver-rim', policy)
    checkFlag(ledger, device, 'stated-manifest-conflict', noConflict)
  } else skipDriver(ledger)
  checkMeasurements(ledger, device)
  checkSecurityVersions(ledger, device)
  checkStatedFamily(ledger, device, policy)
  checkStatedListed(ledger, device, policy)
  checkStatedDebugState(ledger, device)
  checkStatedVersion(ledger, device, policy)
  checkUnstated(ledger, device)
  checkWarning(ledger, device, policy)
  checkOthers(ledger, device)
  checkStatedClaims(ledger, device, policy)
}

function checkManifest(
  ledger: TokenLedger,
  device: StatedDevice,
  kind: 'driver' | 'firmware',
  prefix: string,
  policy: AppraisalPolicy,
): void {
  const path = `stated-${kind}-manifest` as const
  const binding = `${path}-binding` as const
  checkFlag(ledger, device, path, `${prefix}-fetched`)
  checkFlag(ledger, device, path, `${prefix}-signature-verified`)
  checkFlag(ledger, device, binding, `${prefix}-version-match`)
  checkFlag(ledger, device, binding, `${prefix}-measurements-available`)
  const names = { chain: `${prefix}-cert-chain`, flag: `${prefix}-cert-validated` }
  checkChain(ledger, device, { ...names, path, revocation: `${path}-revocation` }, policy.manifestRevocation)
}

function skipDriver(ledger: TokenLedger): void {
  for (const id of [
    'stated-driver-manifest',
    'stated-driver-manifest-revocation',
    'stated-driver-manifest-binding',
    'stated-manifest-conflict',
  ] as const)
    ledger.notApplicable(id, 'switches have no driver')
}

function checkMeasurements(ledger: TokenLedger, { claims, at }: StatedDevice): void {
  const { measres } = claims
  const mismatches = claims.mismatchedMeasurements.length
  const listed = measres === 'success' && mismatches > 0
  const path = memberPath(at, listed ? 'x-nvidia-mismatch-measurement-records' : 'measres')
  if (measres === 'success' && mismatches === 0) ledger.pass('stated-measurements')
  else if (measres === 'fail' || mismatches > 0)
    ledger.fail('stated-measurements', appraiseFailure('token/measurements', path, { measres, mismatches }))
  else
    ledger.indeterminate('stated-measurements', appraiseFailure('token/measurements-not-compared', path, { measres }))
}

function checkSecurityVersions(ledger: TokenLedger, { claims, at }: StatedDevice): void {
  const id = 'stated-security-versions'
  const name = 'x-nvidia-mismatch-opaque-data-records'
  const path = memberPath(at, name)
  const mismatches = claims.mismatchedOpaqueData.length
  if (mismatches > 0) ledger.fail(id, appraiseFailure('token/security-versions', path, { mismatches }))
  else if (claims.version === '4.0' && claims.original.has(name)) ledger.pass(id)
  else if (claims.version === '4.0')
    ledger.indeterminate(id, appraiseFailure('token/not-stated', path, { claim: name }))
  else ledger.indeterminate(id, appraiseFailure('token/cannot-show', path, { what: 'security versions' }))
}

/** Family and product of the chip a token names, `GH100 A01 GSP BROM` or `GH100`. */
function productOf({ hwmodel = '', device }: NrasDeviceClaims): readonly [Family, Product] | undefined {
  const [chip] = hwmodel.split(' ')
  for (const family of ['hopper', 'blackwell', 'rubin', 'ls10'] as const) {
    const { kind, products } = familyCapabilities[family]
    const product = kind === device ? products.find((candidate) => candidate === chip) : undefined
    if (product !== undefined) return [family, product]
  }
  return undefined
}

function checkStatedFamily(ledger: TokenLedger, { claims, at }: StatedDevice, { families }: AppraisalPolicy): void {
  const id = 'stated-device-family'
  const path = memberPath(at, 'hwmodel')
  const [family, product] = productOf(claims) ?? []
  if (claims.hwmodel === undefined)
    ledger.indeterminate(id, appraiseFailure('token/not-stated', path, { claim: 'hwmodel' }))
  else if (family === undefined || product === undefined)
    ledger.indeterminate(id, appraiseFailure('token/unknown-product', path, { hwmodel: claims.hwmodel }))
  else if (families === 'any' || families.includes(family) || families.includes(product)) ledger.pass(id)
  else ledger.fail(id, appraiseFailure('device/family-not-allowed', path, { family, allowed: families }))
}

function checkStatedListed(ledger: TokenLedger, { claims, at }: StatedDevice, { devices }: AppraisalPolicy): void {
  const id = 'stated-device-listed'
  if (devices === 'any') ledger.notApplicable(id, 'the policy lists no devices')
  else if (devices.includes(claims.ueid)) ledger.pass(id)
  else ledger.fail(id, appraiseFailure('device/not-listed', memberPath(at, 'ueid'), { ueid: claims.ueid }))
}

/** RFC 9711 section 4.2.9 knows several ways of being disabled; the service writes the plain one. */
const disabledStates: readonly string[] = [
  'disabled',
  'disabled-since-boot',
  'disabled-permanently',
  'disabled-fully-and-permanently',
]

function checkStatedDebugState(ledger: TokenLedger, { claims, at }: StatedDevice): void {
  const id = 'stated-debug-state'
  const { dbgstat = null, secboot = null } = claims
  const disabled = dbgstat === null ? undefined : disabledStates.includes(dbgstat)
  const claim = disabled === true ? 'secboot' : 'dbgstat'
  const failure = appraiseFailure('token/debug-state', memberPath(at, claim), { dbgstat, secboot })
  if (disabled === false || secboot === false) ledger.fail(id, failure)
  else if (disabled === undefined || secboot === null) ledger.indeterminate(id, failure)
  else ledger.pass(id)
}

function checkStatedVersion(ledger: TokenLedger, device: StatedDevice, policy: AppraisalPolicy): void {
  const id = 'stated-minimum-versions'
  const { claims } = device
  const minimum = policy.minimumDriverVersion
  const name = 'driver-version'
  if (claims.device === 'switch') ledger.notApplicable(id, 'switches have no driver')
  else if (minimum === 'none') ledger.notApplicable(id, 'the policy sets no minimum')
  else if (claims.driverVersion === undefined) {
    const details = { claim: claimName(claims, name) }
    ledger.indeterminate(id, appraiseFailure('token/not-stated', claimPath(device, name), details))
  } else {
    const actual = claims.driverVersion
    const order = compareVersions(actual, minimum)
    if (order !== undefined && order >= 0) ledger.pass(id)
    else ledger.fail(id, appraiseFailure('device/version-too-old', claimPath(device, name), { actual, minimum }))
  }
}

/** What evidence shows and no token does. */
function checkUnstated(ledger: TokenLedger, { claims, at }: StatedDevice): void {
  const [shown, other] =
    claims.device === 'gpu'
      ? (['stated-mode', 'stated-switch-lock'] as const)
      : (['stated-switch-lock', 'stated-mode'] as const)
  const what = claims.device === 'gpu' ? 'mode' : 'switch lock'
  ledger.indeterminate(shown, appraiseFailure('token/cannot-show', at, { what }))
  ledger.notApplicable(other, claims.device === 'gpu' ? 'only switches can be locked' : 'switches have no mode')
}

/** What the service says of one certificate on hold. */
const holdSentence = /THE CERTIFICATE ([^'.]{1,64}) IS REVOKED WITH THE STATUS AS 'CERTIFICATE_HOLD'\.?\s*/g

function checkWarning(ledger: TokenLedger, { claims, at }: StatedDevice, policy: AppraisalPolicy): void {
  const { warning } = claims
  const name = 'x-nvidia-attestation-warning'
  const path = memberPath(at, name)
  const { manifestRevocation, deviceRevocation } = policy
  if (warning === undefined) {
    ledger.pass('warning')
    return
  }
  const held = [...warning.matchAll(holdSentence)].map(([, certificate = '']) => certificate)
  // Signers of manifests are named so; any other certificate is counted as the device's.
  const accepted = held.every((certificate) =>
    /\bRIM\b/.test(certificate)
      ? manifestRevocation.certificateHold === 'accept'
      : deviceRevocation.certificateHold === 'accept',
  )
  // Only the service's own sentence says that a hold is all there is; words around it may say anything.
  const nothingElse = held.length > 0 && warning.replace(holdSentence, '') === ''
  if (nothingElse && accepted) ledger.pass('warning')
  else if (nothingElse || (mentionsHold.test(warning) && manifestRevocation.certificateHold !== 'accept'))
    ledger.fail('warning', appraiseFailure('token/certificate-on-hold', path, { chain: name }))
  else ledger.indeterminate('warning', appraiseFailure('token/warning', path, { warning }))
}

const mentionsHold = /certificate.?hold|\bon hold\b/i

// The groups above name their checks; a service may add some, and one it states as failed must not go unseen.
function checkOthers(ledger: TokenLedger, device: StatedDevice): void {
  ledger.pass('other-checks')
  for (const [name, passed] of device.claims.checks)
    if (!passed && !isJudged(name)) checkFlag(ledger, device, 'other-checks', name)
  for (const name of device.claims.missingChecks) if (!isJudged(name)) checkFlag(ledger, device, 'other-checks', name)
}

const judgedNames: readonly string[] = [
  ...reportFlags.map(([, name]) => name),
  noConflict,
  ...['driver-rim', 'vbios-rim', 'bios-rim'].flatMap((prefix) =>
    ['fetched', 'signature-verified', 'version-match', 'measurements-available'].map((name) => `${prefix}-${name}`),
  ),
]

// Flags for chains are judged only where no chain is stated; a false one beside a chain must count all the same.
function isJudged(name: string): boolean {
  return judgedNames.includes(name)
}

function checkStatedClaims(ledger: TokenLedger, { claims, at }: StatedDevice, policy: AppraisalPolicy): void {
  if (Object.keys(policy.requiredClaims).length === 0) return
  const failures = compareClaims(policy.requiredClaims, plainClaims(claims.original), at)
  if (failures.length === 0) ledger.pass('stated-required-claims')
  for (const failure of failures) ledger.fail('stated-required-claims', failure)
}
