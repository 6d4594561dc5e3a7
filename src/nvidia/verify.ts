// A parsed report and a verified certificate path to a verified report: fresh, signed, and by this very device.
import { type Bytes, equalBytes } from '../bytes/bytes.js'
import { encodeHex } from '../bytes/hex.js'
import type { CryptoProvider } from '../crypto/provider.js'
import { webCryptoProvider } from '../crypto/webcrypto.js'
import { verifyError } from '../result/error.js'
import { asParsed } from '../result/parsed.js'
import { markVerified, requireVerified, type Verified } from '../result/proof.js'
import { nonceLength } from '../spdm/request.js'
import type { MeasurementTranscript } from '../spdm/transcript.js'
import { verifyTranscriptSignature } from '../spdm/verify.js'
import { deviceFwid } from '../x509/dice.js'
import type { CertificatePath } from '../x509/path.js'
import { type DeviceKind, familyCapabilities, labelFits } from './architecture.js'
import { type DeviceIdentity, inferDeviceIdentity } from './device-identity.js'
import { type GpuReport, parseGpuReport } from './gpu-report.js'
import { parseSwitchReport, type SwitchReport } from './switch-report.js'

/** How to verify a report. */
export interface VerifyReportInput {
  /** The device's certificates, verified up to a trust anchor for devices. */
  readonly path: Verified<CertificatePath>
  /** The challenge as the caller sent it, 32 bytes; never a nonce read from the evidence. */
  readonly nonce: Bytes
  /** What to do with bytes after the signature, which nothing protects. Default `refuse`. */
  readonly trailingBytes?: 'refuse' | 'tolerate'
  /** `arch` of the container; refused if the certificates say otherwise. */
  readonly declaredArchitecture?: string | undefined
  /** Nonce stated by the container; refused if the report has another one. */
  readonly declaredNonce?: Bytes | undefined
  /** Default: the WebCrypto of the runtime. */
  readonly crypto?: CryptoProvider
}

/** What verification adds to a report. */
export interface DeviceProof {
  readonly identity: DeviceIdentity
  /** `absent`: the report states no FWID and does not have to (LS10, FSP responders, drivers before 550). */
  readonly fwidBinding: 'match' | 'absent'
  readonly path: Verified<CertificatePath>
  /** SHA-256 of the report as received, lowercase hex: `evidenceDigest` in results, `evidence_digest` in location claims. */
  readonly reportDigest: string
}

/** A GPU report with what its verification established. */
export interface VerifiedGpuReport extends GpuReport, DeviceProof {}
/** A switch report with what its verification established. */
export interface VerifiedSwitchReport extends SwitchReport, DeviceProof {}

/** First driver whose Hopper reports state the FWID. */
const fwidSinceDriver = 550

/**
 * Verifies a GPU report: it answers this nonce, nothing follows it, the path is that of a GPU, the leaf key signed it,
 * and the firmware holding that key is the one its certificate names. A report that did not come from `parseGpuReport` is
 * parsed anew from its `raw`, so that nothing but signed bytes reaches the result. Does NOT compare measurements or judge
 * revocation: that is appraisal.
 * @throws AttestationError `evidence/*`, `device/*`, `spdm/signature`, `dice/*`, and those of `parseGpuReport`
 * @throws TypeError if `path` is not the value `verifyCertificatePath` returned
 */
export async function verifyGpuReport(
  report: GpuReport,
  input: VerifyReportInput,
): Promise<Verified<VerifiedGpuReport>> {
  const received = asParsed(report, parseGpuReport)
  return markVerified({ ...received, ...(await proveDevice(received, 'gpu', received, input)) })
}

/**
 * Verifies an NVSwitch report in the same way; see {@link verifyGpuReport}.
 * @throws AttestationError `evidence/*`, `device/*`, `spdm/signature`, `dice/*`, and those of `parseSwitchReport`
 * @throws TypeError if `path` is not the value `verifyCertificatePath` returned
 */
export async function verifySwitchReport(
  report: SwitchReport,
  input: VerifyReportInput,
): Promise<Verified<VerifiedSwitchReport>> {
  const received = asParsed(report, parseSwitchReport)
  const firmware = { fwid: undefined, driverVersion: undefined }
  return markVerified({ ...received, ...(await proveDevice(received, 'switch', firmware, input)) })
}

type StatedFirmware = Pick<GpuReport, 'fwid' | 'driverVersion'>

async function proveDevice(
  received: MeasurementTranscript,
  kind: DeviceKind,
  firmware: StatedFirmware,
  given: VerifyReportInput,
): Promise<DeviceProof> {
  // The path that is checked is the path that is sealed, whatever becomes of the caller's object.
  const input = { ...given }
  const { path, crypto = webCryptoProvider } = input
  requireVerified(path, 'path')
  requireNonce(received.request.nonce, input)
  requireNoTrailingBytes(received.trailing, input)
  const identity = inferDeviceIdentity(path)
  requireKind(identity, kind, input)
  // Begun before the signature is checked and asked for after: a provider that cannot digest must not hide what that says.
  const digest = crypto.digest('sha256', received.raw)
  digest.catch(() => undefined)
  await verifySignature(received, path, crypto)
  return {
    identity,
    fwidBinding: bindFirmware(firmware, identity, path),
    path,
    reportDigest: encodeHex(await digest),
  }
}

function requireNonce(actual: Bytes, { nonce, declaredNonce }: VerifyReportInput): void {
  const at = 'request.nonce'
  if (nonce.length !== nonceLength)
    throw verifyError('evidence/nonce-length', 'nonce', { expected: nonceLength, actual: nonce.length })
  if (!equalBytes(actual, nonce))
    throw verifyError('evidence/nonce-mismatch', at, { expected: encodeHex(nonce), actual: encodeHex(actual) })
  if (declaredNonce !== undefined && !equalBytes(actual, declaredNonce))
    throw verifyError('evidence/declared-nonce-mismatch', at, {
      declared: encodeHex(declaredNonce),
      actual: encodeHex(actual),
    })
}

function requireNoTrailingBytes(trailing: Bytes, { trailingBytes = 'refuse' }: VerifyReportInput): void {
  if (trailing.length > 0 && trailingBytes !== 'tolerate')
    throw verifyError('evidence/trailing-bytes', 'trailing', { extra: trailing.length })
}

function requireKind(
  identity: DeviceIdentity,
  kind: DeviceKind,
  { path, declaredArchitecture }: VerifyReportInput,
): void {
  if (identity.kind !== kind)
    throw verifyError('device/kind', path.leaf.at, { report: kind, certificate: identity.kind })
  if (declaredArchitecture !== undefined && !labelFits(declaredArchitecture, identity.family))
    throw verifyError('evidence/architecture-mismatch', 'arch', {
      declared: declaredArchitecture.slice(0, 64),
      actual: familyCapabilities[identity.family].label,
    })
}

async function verifySignature(
  received: MeasurementTranscript,
  { leaf }: CertificatePath,
  crypto: CryptoProvider,
): Promise<void> {
  const { publicKey, algorithm } = leaf.subjectPublicKeyInfo
  if (publicKey?.kind !== 'ec' || publicKey.curve !== 'P-384')
    throw verifyError('device/key-algorithm', leaf.at, { oid: algorithm.oid })
  await verifyTranscriptSignature(received, { key: publicKey, algorithm: 'ecdsa-p384-sha384', crypto })
}

/** Ties the key to the firmware that holds it: the report's FWID, and on older chips the issuer's key, as certified. */
function bindFirmware(
  { fwid, driverVersion }: StatedFirmware,
  identity: DeviceIdentity,
  path: CertificatePath,
): DeviceProof['fwidBinding'] {
  const certified = deviceFwid(path.leaf)
  if (certified === undefined) throw verifyError('device/no-fwid', path.leaf.at, {})
  const issuerSpki = path.certificates[1]?.subjectPublicKeyInfo.raw
  if (
    certified.form === 'composite-device-id' &&
    (issuerSpki === undefined || !equalBytes(certified.issuerSpki, issuerSpki))
  )
    throw verifyError('device/issuer-key-mismatch', certified.at, {})
  if (fwid === undefined) {
    if (mayOmitFwid(identity, driverVersion)) return 'absent'
    throw verifyError('evidence/fwid-missing', 'fwid', { driverVersion: driverVersion ?? '' })
  }
  if (!equalBytes(fwid, certified.fwid))
    throw verifyError('evidence/fwid-mismatch', 'fwid', {
      report: encodeHex(fwid),
      certificate: encodeHex(certified.fwid),
    })
  return 'match'
}

function mayOmitFwid({ family, responder }: DeviceIdentity, driverVersion: string | undefined): boolean {
  const { fwid } = familyCapabilities[family]
  if (fwid === 'never' || responder === 'fsp') return true
  const major = Number(/^(\d{1,6})\./.exec(driverVersion ?? '')?.[1])
  return fwid === 'since-driver-550' && major < fwidSinceDriver
}
