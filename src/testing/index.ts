// Entry "./testing": a synthetic world of devices, certificates and manifests, byte-reproducible from a seed.
export {
  type CertificateOverrides,
  type CertificateSpec,
  deriveSerialNumber,
  issueCertificate,
  type SyntheticCertificate,
  type SyntheticTime,
} from './certificate.js'
export type { DeviceOptions, SyntheticDevice, SyntheticMode } from './device.js'
export {
  createSyntheticPki,
  type DeviceChain,
  type DeviceChainOverrides,
  type DeviceChainRequest,
  type SyntheticDevicePki,
} from './device-pki.js'
export type { ClaimEdits, DualClaim, DualValue, TokenEncoding, TokenOptions } from './dual-claims.js'
export {
  cliEvidenceJson,
  cmwEvidenceJson,
  nrasRequestJson,
  type SdkEvidenceItem,
  sdkEvidenceItem,
  sdkEvidenceJson,
  trusteeEvidenceJson,
} from './evidence.js'
export {
  authorityInfoAccess,
  authorityKeyIdentifier,
  basicConstraints,
  compositeDeviceId,
  crlDistributionPoints,
  diceTcbInfo,
  dmtfDeviceName,
  dnsNames,
  type ExtensionEdit,
  encodeEcSpki,
  extendedKeyUsage,
  extensionOids,
  keyIdentifier,
  keyUsage,
  nameConstraints,
  ocspNoCheck,
  type SyntheticExtension,
  type SyntheticKeyUsage,
  subjectKeyIdentifier,
  unknownExtension,
  withExtension,
  withoutExtension,
} from './extension.js'
export type { FamilyProfile, SyntheticFamily } from './family.js'
export type { FirmwareReferences, ReferenceValues } from './firmware.js'
export { deriveBytes, deriveKey, type SyntheticCurve, type SyntheticKey } from './key.js'
export {
  createLocationScenario,
  distanceKm,
  type LocationScenario,
  type LocationScenarioOptions,
  plausibleRttNs,
} from './location.js'
export {
  createDirectory,
  createLandmark,
  type DirectoryOptions,
  type LandmarkPlace,
  landmarkPlaces,
  type SyntheticDirectory,
  type SyntheticLandmark,
} from './location-landmarks.js'
export { createMeasurement, type MeasurementFaults, type MeasurementRequest } from './location-measurement.js'
export {
  createManifest,
  type ManifestEntry,
  type ManifestOverrides,
  type ManifestRequest,
  manifestServiceJson,
  type SyntheticManifest,
  withAlternative,
  withEntry,
  withMinimumSvn,
} from './manifest.js'
export {
  createManifestPki,
  type ManifestChain,
  type ManifestChainOverrides,
  type SyntheticManifestPki,
} from './manifest-pki.js'
export {
  appendBytes,
  type ByteMutation,
  flipBits,
  insertBytes,
  replaceBytes,
  truncateBytes,
} from './mutation.js'
export { encodeName, type NameAttribute, type SyntheticName } from './name.js'
export type { NodeOptions, SyntheticNode } from './node.js'
export {
  encodeLegacyOpaque,
  encodeVersionedOpaque,
  type OpaqueOverrides,
  opaqueFields,
  type SyntheticOpaqueField,
  type VersionedOpaqueHeader,
} from './opaque-data.js'
export { encodePem } from './pem.js'
export {
  type CrlEntry,
  type CrlOptions,
  createCrl,
  createOcspResponse,
  type OcspOptions,
  type OcspStatement,
  type OcspStatus,
  type SyntheticReason,
} from './revocation.js'
export {
  encodeReport,
  encodeTranscript,
  type ReportOverrides,
  type ReportParts,
  type SyntheticBlock,
} from './spdm-report.js'
export {
  type BundleOptions,
  type JwtOptions,
  jwkSetJson,
  publicJwk,
  type SyntheticBundle,
  type SyntheticClaims,
  signJws,
  signJwt,
  syntheticIssuer,
} from './token.js'
export { createSyntheticWorld, type StatusOptions, type SyntheticWorld, type SyntheticWorldOptions } from './world.js'
export type { XmlForm } from './xml.js'
export type { XmlSignatureOverrides } from './xml-signature.js'
