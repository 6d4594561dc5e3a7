// Entry "./token": verify attestation tokens (JWS, JWT, COSE, CWT, EAT, NVIDIA's service), judge them, and issue results.

export {
  appraiseToken,
  type DeviceStatement,
  type IssuerStatement,
  type TokenAppraisal,
  type TokenResult,
} from './appraise/token.js'
export {
  type TokenCheckId,
  type TokenWaiver,
  tokenCheckIds,
  type WaivableTokenCheckId,
} from './appraise/token-checks.js'
export { compareWithLocal, type TokenDifference } from './appraise/token-compare.js'
export type { DifferenceKind } from './appraise/token-compare-claim.js'
export type { PlainClaims, PlainJson } from './appraise/token-value.js'
export type { CborKey, CborMap, CborValue } from './encoding/cbor.js'
export type { JsonArray, JsonObject, JsonValue } from './encoding/json.js'
export {
  encodeGpuClaims,
  encodeSwitchClaims,
  type GpuClaimsVersion,
  type GpuFacts,
  type SwitchClaimsVersion,
  type SwitchFacts,
  type VendorClaims,
} from './nvidia/claims.js'
export {
  type NrasDevice,
  type NrasResponse,
  type NrasResult,
  type NrasVerification,
  parseNrasResponse,
  verifyNrasToken,
} from './nvidia/nras.js'
export type {
  NrasCertificateChain,
  NrasClaimsVersion,
  NrasDeviceClaims,
  NrasDeviceKind,
  NrasRefusal,
} from './nvidia/nras-claims.js'
export { issueNrasBundle, type NrasBundleInput } from './nvidia/nras-issue.js'
export type { Check, CheckOutcome } from './result/check.js'
export { AttestationError } from './result/error.js'
export type { Failure, FailureCode, Stage } from './result/failure.js'
export type { Verified } from './result/proof.js'
export type { AttestationResult, NonEmptyArray, Tier } from './result/result.js'
export type { CoseAlgorithm, JoseAlgorithm } from './token/algorithm.js'
export type { ClaimExpectations, RegisteredClaims } from './token/claims.js'
export {
  type CoseEnvelope,
  type CoseSign1,
  type CoseVerification,
  parseCoseSign1,
  verifyCoseSign1,
} from './token/cose.js'
export { parseCoseKey } from './token/cose-key.js'
export { type Cwt, type CwtVerification, verifyCwt } from './token/cwt.js'
export { type DetachedEat, verifyDetachedEat } from './token/detached-eat.js'
export { type Eat, type EatExpectations, type EatVerification, verifyEat } from './token/eat.js'
export type { EatClaims, EatNonce } from './token/eat-claims.js'
export { issueCwt, issueJwt, type TokenSigner } from './token/issue.js'
export { parseJwk, parseJwkSet } from './token/jwks.js'
export { type Jws, type JwsEnvelope, type JwsVerification, parseJws, verifyJws } from './token/jws.js'
export { type Jwt, type JwtVerification, verifyJwt } from './token/jwt.js'
export type { KeySet, TokenKeys, VerificationKey } from './token/key-set.js'
export {
  type AppraisalOut,
  EAR_PROFILE,
  issueEarCwt,
  issueEarJwt,
  type PlainObject,
  type PlainValue,
  type ResultOut,
} from './token/result-out.js'
