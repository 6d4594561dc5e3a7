// Entry "./location": signed location claims, landmark measurements, what they prove, plans and pictures.

export { appraiseLocation, type LocationAppraisal, type LocationResult } from './appraise/location.js'
export type { LocationClaims } from './appraise/location-claims.js'
export { type LocationResultOut, locationResultAppraisal } from './appraise/location-out.js'
export type { AssertionBinding, AssertionWaiver, LocationAssertion } from './location/assertion.js'
export { type Assurance, type AssuranceName, assurance } from './location/assurance.js'
export type { AttestedDevice, DeviceReference } from './location/attested-device.js'
export { type LocationBinding, parseBundleBinding, parseLocationBinding, renewBinding } from './location/binding.js'
export { type DiscUse, type LocationBounds, locationBounds } from './location/bounds.js'
export { type LocationCheckId, locationCheckIds, unwaivableLocationChecks } from './location/checks.js'
export { geographicClaims, locationProfile, messageType, profileClaims } from './location/claim-names.js'
export {
  type Landmark,
  type LandmarkDirectory,
  type LandmarkDirectoryInput,
  type MeshEntry,
  type PositionBasis,
  verifyLandmarkDirectory,
} from './location/directory.js'
export type { SignedToken } from './location/envelope.js'
export { estimateLocation } from './location/estimate.js'
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
} from './location/evidence.js'
export type { FaultClass } from './location/fault-class.js'
export {
  type ForeignLocation,
  type ForeignLocationInput,
  type ForeignPlace,
  parseForeignLocation,
  verifyForeignLocation,
} from './location/foreign.js'
export type { GeographicResult } from './location/geographic-result.js'
export type { RegionEstimate } from './location/geometry/calibrated.js'
export { type MultiPolygon, regionToGeoJson } from './location/geometry/geojson.js'
export { intersectDiscs } from './location/geometry/intersection.js'
export { type LandmarkSelector, landmarkSelector } from './location/geometry/landmark-selection.js'
export {
  checkMesh,
  type MeshFinding,
  type MeshLandmark,
  type MeshRoundTrip,
  type MeshViolation,
} from './location/geometry/mesh.js'
export {
  discRadiusMeters,
  ellipsoidSlack,
  type RoundTrip,
  type SignalSpeed,
  signalSpeed,
} from './location/geometry/radius.js'
export type { BoundedRegion, Disc, DiscConflict, EmptyRegion, Region, WholeGlobe } from './location/geometry/region.js'
export { fromDegrees, toDegrees, type Vector3 } from './location/geometry/vector.js'
export { type PicturedLandmark, type RegionPicture, renderRegionSvg } from './location/picture/region-picture.js'
export {
  type LandmarkAtSite,
  type LandmarkPlan,
  type LandmarkPlanInput,
  type PlannedLandmark,
  type PlannedSite,
  planLandmarks,
} from './location/planner.js'
export type { LoneProof, PlannedCandidate } from './location/planner-candidates.js'
export type { PlannedPredicate } from './location/planner-search.js'
export type { Place } from './location/planner-sites.js'
export { type LocationPolicy, type LocationWaiver, strictLocationPolicy } from './location/policy.js'
export { parseLocationPolicy } from './location/policy-json.js'
export { type SeaRule, type TerritoryAnswer, type TerritorySet, territorySet } from './location/territory.js'
export type { TerritoryArea, TerritoryMap, TerritoryMapInfo } from './location/territory-map.js'
export { type Bracket, type LocationBundleInput, verifyLocationBundle } from './location/verify-bundle.js'
export { type LocationClaimInput, type LocationIssuer, verifyLocationClaim } from './location/verify-claim.js'
export type { Check, CheckOutcome } from './result/check.js'
export { AttestationError } from './result/error.js'
export type { Failure, FailureCode, Stage } from './result/failure.js'
export type { Verified } from './result/proof.js'
export type { AttestationResult, NonEmptyArray, Tier } from './result/result.js'
