// Entry "./location": signed location claims, landmark directories and measurements, and the geometry behind them.

export type { AssertionBinding, AssertionWaiver, LocationAssertion } from './assertion.js'
export { type Assurance, type AssuranceName, assurance } from './assurance.js'
export type { AttestedDevice, DeviceReference } from './attested-device.js'
export { type LocationBinding, parseBundleBinding, parseLocationBinding, renewBinding } from './binding.js'
export { type DiscUse, type LocationBounds, locationBounds } from './bounds.js'
export { type LocationCheckId, locationCheckIds, unwaivableLocationChecks } from './checks.js'
export { geographicClaims, locationProfile, messageType, profileClaims } from './claim-names.js'
export {
  type Landmark,
  type LandmarkDirectory,
  type LandmarkDirectoryInput,
  type MeshEntry,
  type PositionBasis,
  verifyLandmarkDirectory,
} from './directory.js'
export type { SignedToken } from './envelope.js'
export { estimateLocation } from './estimate.js'
export type {
  Asserted,
  ConfidentialVmFacts,
  ConfidentialVmVerifier,
  EvidenceItem,
  LandmarkMeasurement,
  LocationEvidence,
  RejectedMeasurement,
  Responder,
  UnreachableLandmark,
} from './evidence.js'
export {
  type ForeignLocation,
  type ForeignLocationInput,
  type ForeignPlace,
  parseForeignLocation,
  verifyForeignLocation,
} from './foreign.js'
export type { GeographicResult } from './geographic-result.js'
export type { RegionEstimate } from './geometry/calibrated.js'
export { type MultiPolygon, regionToGeoJson } from './geometry/geojson.js'
export { intersectDiscs } from './geometry/intersection.js'
export { type LandmarkSelector, landmarkSelector } from './geometry/landmark-selection.js'
export {
  checkMesh,
  type MeshFinding,
  type MeshLandmark,
  type MeshRoundTrip,
  type MeshViolation,
} from './geometry/mesh.js'
export {
  discRadiusMeters,
  ellipsoidSlack,
  type RoundTrip,
  type SignalSpeed,
  signalSpeed,
} from './geometry/radius.js'
export type { BoundedRegion, Disc, DiscConflict, EmptyRegion, Region, WholeGlobe } from './geometry/region.js'
export { fromDegrees, toDegrees, type Vector3 } from './geometry/vector.js'
export { type LocationPolicy, type LocationWaiver, strictLocationPolicy } from './policy.js'
export { parseLocationPolicy } from './policy-json.js'
export { type SeaRule, type TerritoryAnswer, type TerritorySet, territorySet } from './territory.js'
export type { TerritoryArea, TerritoryMap, TerritoryMapInfo } from './territory-map.js'
export { type Bracket, type LocationBundleInput, verifyLocationBundle } from './verify-bundle.js'
export { type LocationClaimInput, type LocationIssuer, verifyLocationClaim } from './verify-claim.js'
