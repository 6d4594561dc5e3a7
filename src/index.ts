// Entry ".": parse, verify and appraise GPU attestation evidence. Everything here is pure: no I/O, no clock.

export {
  type DeviceCheckId,
  deviceCheckIds,
  type GroupCheckId,
  groupCheckIds,
  type WaivableCheckId,
} from './appraise/checks.js'
export { type Collateral, emptyCollateral } from './appraise/collateral.js'
export type { ConfidentialComputing } from './appraise/confidential-computing.js'
export { appraiseDevice, type DeviceAppraisal, type DeviceResult, type VerifiedReport } from './appraise/device.js'
export type { DeviceClaims, ManifestClaims } from './appraise/device-claims.js'
// The verbs of the other entries, for callers whose bundler drops what they do not use.
export { appraiseLocation } from './appraise/location.js'
export {
  appraiseNode,
  hgxProtectedPcie,
  type NodeAppraisal,
  type NodeExpectation,
  type NodeMember,
  type NodeResult,
} from './appraise/node.js'
export {
  type AppraisalPolicy,
  type DeviceMode,
  type RequiredClaim,
  type RevocationRequirement,
  strictPolicy,
  type Waiver,
} from './appraise/policy.js'
export { parsePolicy } from './appraise/policy-json.js'
export type { TrustworthinessVector } from './appraise/tier.js'
export { appraiseToken } from './appraise/token.js'
export { compareWithLocal } from './appraise/token-compare.js'
export type { Bytes } from './bytes/bytes.js'
export type { CryptoProvider, HashAlgorithm, PublicKey, SignatureAlgorithm, SignatureCheck } from './crypto/provider.js'
export { webCryptoProvider } from './crypto/webcrypto.js'
export { renderRegionSvg } from './location/picture/region-picture.js'
export { planLandmarks } from './location/planner.js'
export { verifyLocationBundle } from './location/verify-bundle.js'
export { verifyLocationClaim } from './location/verify-claim.js'
export type { DeviceKind, Family, FamilyCapability, Product, Responder } from './nvidia/architecture.js'
export type { VendorClaims } from './nvidia/claims.js'
export { type DeviceIdentity, inferDeviceIdentity } from './nvidia/device-identity.js'
export { type DevicePathInput, verifyDevicePath } from './nvidia/device-path.js'
export { type Evidence, evidenceFromParts, parseDeviceCertificates, parseEvidence } from './nvidia/evidence.js'
export type { DeclaredFacts } from './nvidia/evidence-container.js'
export { familyCapabilities } from './nvidia/family-capabilities.js'
export { type GpuMode, type GpuReport, parseGpuReport } from './nvidia/gpu-report.js'
export { parseNrasResponse, verifyNrasToken } from './nvidia/nras.js'
export type { OpaqueData, OpaqueField } from './nvidia/opaque-data.js'
export { driverRimId, switchBiosRimId, vbiosRimId } from './nvidia/rim-id.js'
export { parseSwitchReport, type SwitchReport } from './nvidia/switch-report.js'
export {
  type DeviceProof,
  type VerifiedGpuReport,
  type VerifiedSwitchReport,
  type VerifyReportInput,
  verifyGpuReport,
  verifySwitchReport,
} from './nvidia/verify.js'
export type { Check, CheckOutcome } from './result/check.js'
export { AttestationError } from './result/error.js'
export type { Failure, FailureCode, Stage } from './result/failure.js'
export type { Verified } from './result/proof.js'
export type { AttestationResult, NonEmptyArray, Tier } from './result/result.js'
export type {
  ManifestKind,
  ManifestSigner,
  ReferenceManifest,
  ReferenceMeasurement,
  ReferenceSvn,
} from './rim/reference-manifest.js'
export { type ReferenceManifestInput, verifyReferenceManifest } from './rim/verify.js'
export type { MeasurementBlock } from './spdm/measurement.js'
export { verifyCoseSign1 } from './token/cose.js'
export { verifyDetachedEat } from './token/detached-eat.js'
export { verifyEat } from './token/eat.js'
export { parseJwkSet } from './token/jwks.js'
export { verifyJws } from './token/jws.js'
export {
  type AppraisalContext,
  type AuthenticationContext,
  createVerifier,
  type FleetContext,
  type Verifier,
  type VerifierOptions,
  type VerifierTrustAnchors,
} from './verifier.js'
export { type Certificate, parseCertificate, parseCertificates } from './x509/certificate.js'
export { type CertificateRevocationList, parseCrl } from './x509/crl.js'
export { type DeviceFwid, deviceFwid } from './x509/dice.js'
export { type OcspResponse, parseOcspResponse } from './x509/ocsp.js'
export { type CertificatePath, type CertificatePathInput, verifyCertificatePath } from './x509/path.js'
export { createPathCache, type PathCache } from './x509/path-cache.js'
export type { RevocationInput, RevocationPolicy, RevocationStatus } from './x509/revocation.js'
export { type TrustAnchor, trustAnchor, trustAnchorFromCertificate } from './x509/trust-anchor.js'
