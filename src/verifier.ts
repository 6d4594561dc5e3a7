// Composition root: evidence, collateral, nonce and time in; a judgement out. The one file that sees every layer.

import type { DeviceCheckId } from './appraise/checks.js'
import type { Collateral } from './appraise/collateral.js'
import { appraiseDevice, type DeviceResult, openDeviceLedger, type VerifiedReport } from './appraise/device.js'
import { appraiseNode, type NodeExpectation, type NodeResult } from './appraise/node.js'
import type { AppraisalPolicy } from './appraise/policy.js'
import { revocationInput } from './appraise/revocation-input.js'
import { type Bytes, copyArgument, equalBytes } from './bytes/bytes.js'
import { encodeHex } from './bytes/hex.js'
import type { CryptoProvider } from './crypto/provider.js'
import { startCheck } from './crypto/started-check.js'
import { webCryptoProvider } from './crypto/webcrypto.js'
import { mapConcurrently } from './fleet.js'
import { createManifestStore, type ManifestStore } from './manifest-store.js'
import { labelFits } from './nvidia/architecture.js'
import { verifyDevicePath } from './nvidia/device-path.js'
import type { Evidence } from './nvidia/evidence.js'
import { verifyGpuReport, verifySwitchReport } from './nvidia/verify.js'
import { AttestationError } from './result/error.js'
import type { Failure } from './result/failure.js'
import type { NonEmptyArray } from './result/result.js'
import { createPathCache, type PathCache } from './x509/path-cache.js'
import type { TrustAnchor } from './x509/trust-anchor.js'

/** Whom the caller trusts: issuers of devices, and signers of reference manifests. */
export interface VerifierTrustAnchors {
  readonly device: NonEmptyArray<TrustAnchor>
  readonly manifest: NonEmptyArray<TrustAnchor>
}

/** What a verifier is made of. */
export interface VerifierOptions {
  readonly trustAnchors: VerifierTrustAnchors
  readonly policy: AppraisalPolicy
  /** Default: WebCrypto. */
  readonly crypto?: CryptoProvider
}

/** What one authentication is given besides the evidence. */
export interface AuthenticationContext {
  /** The 32 bytes the caller asked the device to sign; never a nonce read from the evidence. */
  readonly nonce: Bytes
  readonly now: Date
  /** What to do with bytes after the report's signature. Default `refuse`. */
  readonly trailingBytes?: 'refuse' | 'tolerate'
}

/** What one appraisal is given besides the evidence. */
export interface AppraisalContext extends AuthenticationContext {
  /** Manifests and revocation data; an empty one is allowed and leaves those checks undone. */
  readonly collateral: Collateral
}

/** What an appraisal of many devices is given besides the evidence. */
export interface FleetContext<Id> {
  readonly now: Date
  readonly collateral: Collateral
  /** The nonce each device was asked. */
  readonly nonceFor: (id: Id) => Bytes
  readonly trailingBytes?: 'refuse' | 'tolerate'
  /** How many devices are worked on at once. Default 16. */
  readonly concurrency?: number
}

/** Judges evidence under fixed trust anchors and one policy; made by {@link createVerifier}. */
export interface Verifier {
  /**
   * Signature, chain, nonce and firmware binding only: is the device genuine? Throws `AttestationError` if not shown. Does
   * not judge revocation: with `collateral` the statuses are recorded in the report's path, and a revoked one does not throw.
   */
  readonly authenticate: (
    evidence: Evidence,
    context: AuthenticationContext & { readonly collateral?: Collateral },
  ) => Promise<VerifiedReport>
  /** The full judgement of one device under the verifier's policy. Never throws on evidence. */
  readonly appraise: (evidence: Evidence, context: AppraisalContext) => Promise<DeviceResult>
  /** Judges devices as they come, in order, with bounded concurrency and memory. Does not look at them as a group. */
  readonly appraiseFleet: <Id>(
    items: Iterable<readonly [Id, Evidence]> | AsyncIterable<readonly [Id, Evidence]>,
    context: FleetContext<Id>,
  ) => AsyncIterable<readonly [Id, DeviceResult]>
  /** Judges devices that claim to be one machine: each on its own, and all together. */
  readonly appraiseNode: (
    evidence: readonly Evidence[],
    context: AppraisalContext & { readonly expected: NodeExpectation },
  ) => Promise<NodeResult>
}

interface Engine {
  readonly trustAnchors: VerifierTrustAnchors
  readonly policy: AppraisalPolicy
  readonly crypto: CryptoProvider
  readonly paths: PathCache
  readonly manifests: ManifestStore
}

/**
 * Makes a verifier with fixed trust anchors and policy. It remembers issuer signatures and verified manifests within
 * bounds; keep one for the life of a service, and pass the same `collateral` object as long as it stays the same.
 * @throws TypeError if an anchor set is empty
 */
export function createVerifier(options: VerifierOptions): Verifier {
  const { device, manifest } = options.trustAnchors
  if (!(device.length > 0 && manifest.length > 0))
    throw new TypeError('trustAnchors must name at least one device and one manifest anchor')
  const crypto = options.crypto ?? webCryptoProvider
  const paths = createPathCache()
  // Copies to the bottom: later changes to the caller's objects must not change what is trusted or demanded.
  const policy = structuredClone(options.policy)
  const trustAnchors: VerifierTrustAnchors = { device: [...device], manifest: [...manifest] }
  const requirement = policy.manifestRevocation
  const manifests = createManifestStore({ trustAnchors: trustAnchors.manifest, requirement, crypto, paths })
  const engine: Engine = { trustAnchors, policy, crypto, paths, manifests }
  const appraise = (evidence: Evidence, context: AppraisalContext): Promise<DeviceResult> =>
    appraiseOne(engine, evidence, context).then((one) => one.result)
  return Object.freeze({
    authenticate: (evidence, context) => authenticate(engine, evidence, context, context.collateral),
    appraise,
    appraiseFleet: <Id>(
      items: Iterable<readonly [Id, Evidence]> | AsyncIterable<readonly [Id, Evidence]>,
      context: FleetContext<Id>,
    ) =>
      mapConcurrently(
        items,
        async ([id, evidence]) => [id, await appraise(evidence, { ...context, nonce: context.nonceFor(id) })] as const,
        context.concurrency,
      ),
    appraiseNode: async (evidence, context) => {
      const expected = { ...context.expected }
      const members = await Promise.all(evidence.map((one) => appraiseOne(engine, one, context)))
      return appraiseNode({ members, expected, policy: engine.policy })
    },
  } satisfies Verifier)
}

async function authenticate(
  engine: Engine,
  evidence: Evidence,
  context: AuthenticationContext,
  collateral: Collateral | undefined,
): Promise<VerifiedReport> {
  // Copied before anything is awaited: a buffer used for the next question must not answer this one.
  const nonce = copyArgument(context.nonce, 'nonce')
  const { trailingBytes = 'refuse' } = context
  const reportCrypto = startReportCheck(engine.crypto, evidence, nonce)
  const path = await verifyDevicePath({
    certificates: evidence.certificates,
    trustAnchors: engine.trustAnchors.device,
    now: context.now,
    revocation: revocationInput(collateral, engine.policy.deviceRevocation, 'issuers-only'),
    crypto: engine.crypto,
    cache: engine.paths,
  })
  const input = { path, nonce, trailingBytes, crypto: reportCrypto } as const
  return evidence.kind === 'gpu' ? verifyGpuReport(evidence.report, input) : verifySwitchReport(evidence.report, input)
}

/**
 * The report's signature does not depend on those of the certificates, so it need not wait for them. Not for a report that
 * answers something else: it will be refused for that.
 */
function startReportCheck(crypto: CryptoProvider, { certificates, report }: Evidence, nonce: Bytes): CryptoProvider {
  const key = certificates[0].subjectPublicKeyInfo.publicKey
  if (key === undefined || !equalBytes(report.request.nonce, nonce)) return crypto
  const { signature, signed: data } = report
  return startCheck(crypto, { algorithm: 'ecdsa-p384-sha384', key, signature, data })
}

async function appraiseOne(
  engine: Engine,
  evidence: Evidence,
  context: AppraisalContext,
): Promise<{ readonly result: DeviceResult; readonly report: VerifiedReport | undefined }> {
  const manifests = engine.manifests.verifyAll(context.collateral, context.now)
  // Awaited below on every path; meanwhile a rejection must not count as unhandled.
  manifests.catch(() => undefined)
  let report: VerifiedReport
  try {
    report = await authenticate(engine, evidence, context, context.collateral)
  } catch (error) {
    if (!(error instanceof AttestationError)) throw error
    return { result: refuse(engine.policy, error.failure), report: undefined }
  }
  const { verified, rejected } = await manifests
  const labelFailures = checkLabels(evidence, report)
  const result = appraiseDevice({
    report,
    manifests: verified,
    rejectedManifests: rejected,
    policy: engine.policy,
    labelFailures,
  })
  return { result, report }
}

function checkLabels(evidence: Evidence, report: VerifiedReport): readonly Failure[] {
  const { arch, nonce } = evidence.declared
  const failures: Failure[] = []
  if (arch !== undefined && !labelFits(arch, report.identity.family)) {
    const details = { declared: arch.slice(0, 64), actual: report.identity.family }
    failures.push({ stage: 'verify', code: 'evidence/architecture-mismatch', at: `${evidence.at}.arch`, details })
  }
  const actual = report.request.nonce
  if (nonce !== undefined && !equalBytes(nonce, actual)) {
    const details = { declared: encodeHex(nonce), actual: encodeHex(actual) }
    failures.push({ stage: 'verify', code: 'evidence/declared-nonce-mismatch', at: `${evidence.at}.nonce`, details })
  }
  return failures
}

/** The result of evidence that was not shown to be authentic: one failure, every check after it not done. */
function refuse(policy: AppraisalPolicy, failure: Failure): DeviceResult {
  const ledger = openDeviceLedger(policy)
  ledger.fail(failedCheck(failure.code), failure)
  const checks = ledger.close()
  return Object.freeze({
    verdict: 'fail',
    authentic: false,
    failures: [failure],
    checks,
    tier: 'contraindicated',
  } as const)
}

function failedCheck(code: string): DeviceCheckId {
  if (code.startsWith('evidence/nonce')) return 'nonce'
  if (code === 'spdm/signature' || code === 'evidence/trailing-bytes') return 'report-signature'
  if (code.startsWith('evidence/fwid') || code === 'device/no-fwid' || code === 'device/issuer-key-mismatch')
    return 'firmware-binding'
  return 'certificate-path'
}
