// Names and numbers of the location profile's claims: JSON names, CBOR keys, message types. The only place they are written.

/** `eat_profile` of every message of this profile; the number after `#` changes when any message does. */
export const locationProfile = 'tag:gpu-attestation.example,2026:gpu-location#1'

/** A claim under its JSON name and its CBOR key. */
export interface ClaimName {
  readonly name: string
  readonly key: number
}

/** Registered claims (RFC 8392, RFC 8747, RFC 9711). */
export const registeredClaims = {
  audience: { name: 'aud', key: 3 },
  tokenId: { name: 'jti', key: 7 },
  confirmation: { name: 'cnf', key: 8 },
  nonce: { name: 'eat_nonce', key: 10 },
  ueid: { name: 'ueid', key: 256 },
  location: { name: 'location', key: 264 },
  profile: { name: 'eat_profile', key: 265 },
  submodules: { name: 'submods', key: 266 },
  notBefore: { name: 'nbf', key: 5 },
  expiresAt: { name: 'exp', key: 4 },
} as const

/** Claims of this profile. Private-use keys start below -65536; -70000 and following are taken by other profiles. */
export const profileClaims = {
  evidence: { name: 'ev', key: -77001 },
  session: { name: 'sid', key: -77002 },
  landmarkNonce: { name: 'n_l', key: -77003 },
  window: { name: 'window', key: -77004 },
  rttMin: { name: 'rtt_min', key: -77005 },
  rtt: { name: 'rtt', key: -77006 },
  sent: { name: 'sent', key: -77007 },
  received: { name: 'recv', key: -77008 },
  timestampSource: { name: 'ts_src', key: -77009 },
  directory: { name: 'dir', key: -77010 },
  campaign: { name: 'campaign', key: -77011 },
  responder: { name: 'responder', key: -77012 },
  path: { name: 'path', key: -77013 },
  transcript: { name: 'xscript', key: -77015 },
  transcriptSignature: { name: 'xsig', key: -77016 },
  rounds: { name: 'rounds', key: -77017 },
  clock: { name: 'clk', key: -77018 },
  agentRttMin: { name: 'agent_rtt_min', key: -77019 },
  landmarks: { name: 'landmarks', key: -77020 },
  positionUncertainty: { name: 'pos_unc', key: -77021 },
  operator: { name: 'operator', key: -77022 },
  autonomousSystem: { name: 'asn', key: -77023 },
  clockPpm: { name: 'clk_ppm', key: -77024 },
  mesh: { name: 'mesh', key: -77025 },
  status: { name: 'status', key: -77026 },
  positionBasis: { name: 'pos_basis', key: -77027 },
  country: { name: 'country', key: -77028 },
  measurements: { name: 'meas', key: -77030 },
  failed: { name: 'fail', key: -77031 },
  claim: { name: 'claim', key: -77032 },
  binding: { name: 'bind', key: -77033 },
  evidenceItems: { name: 'evidence', key: -77034 },
} as const

/** Claims by which an issuer's location claim says which device it speaks of. */
export const deviceClaims = {
  /** SHA-256 of the device's report. */
  evidenceDigest: { name: 'evidence_digest', key: -77052 },
  /** DMTF name of the device certificate: `vendor:product:serial`. */
  dmtfDevice: { name: 'dmtf_device', key: -77051 },
} as const

/** Status of an appraisal inside an EAR (draft-ietf-rats-ear), under the names of its revisions. */
export const earStatusNames: readonly (string | number)[] = ['ear_status', 'ear.status', 1000]

/**
 * draft-richardson-rats-geographic-results-03. The draft has not assigned its outer label; a private key stands in for it
 * here. Inner numbers are the draft's, which have moved between its revisions.
 */
export const geographicClaims = {
  result: { name: 'ear.geographic-result-claims', key: -77050 },
  country: { name: 'grc.jurisdiction-country', key: 0 },
  countryExclave: { name: 'grc.jurisdiction-country-exclave', key: 1 },
  subdivision: { name: 'grc.jurisdiction-subdivision', key: 2 },
  subdivisionExclave: { name: 'grc.jurisdiction-subdivision-exclave', key: 3 },
  city: { name: 'grc.jurisdiction-city', key: 4 },
  cityExclave: { name: 'grc.jurisdiction-city-exclave', key: 5 },
  basis: { name: 'grc.basis', key: 13 },
} as const

export type ProfileMessage = 'dir' | 'meas' | 'bundle'

/** `typ` of a message: media type in either encoding. */
export function messageType(message: ProfileMessage, encoding: 'json' | 'cbor'): string {
  return `application/gpuloc-${message}+${encoding === 'json' ? 'jwt' : 'cwt'}`
}

/** First part of everything hashed or signed: no value made for one purpose can serve another. */
export const domains = {
  binding: 'gpuloc/bind/v1',
  devices: 'gpuloc/gpus/v1',
  evidence: 'gpuloc/evidence/v1',
  session: 'gpuloc/sid/v1',
  round: 'gpuloc/round/v1',
  chain: 'gpuloc/chain/v1',
  deviceRound: 'gpuloc/gpuround/v1',
  transcript: 'gpuloc/xscript/v1',
} as const
