// Turns an attestation result into an EAT Attestation Result (EAR, draft-ietf-rats-ear-03), as JWT or as CWT.
import { encodeBase64Url } from '../bytes/base64.js'
import type { Bytes } from '../bytes/bytes.js'
import type { CborKey, CborValue } from '../encoding/cbor.js'
import type { NonEmptyArray, Tier } from '../result/result.js'
import { MAX_SUBMODULES } from './eat-submodule.js'
import { issueCwt, issueJwt, type TokenSigner, timeClaims } from './issue.js'

/** Data without behaviour: what JSON has (no NaN, no infinity), and byte strings, which JSON carries as base64url. */
export type PlainValue = string | number | boolean | null | Bytes | readonly PlainValue[] | PlainObject
/** An object of plain values. */
export interface PlainObject {
  readonly [name: string]: PlainValue
}

/** The result for one target: a device, a place, a system. */
export interface AppraisalOut {
  /** Name among the submodules, for instance `GPU-0`. */
  readonly label: string
  readonly tier: Tier
  /** Identifies the appraisal policy: a URI, or a digest in text. */
  readonly policyId: string
  /** SHA-256 of the evidence judged. */
  readonly evidenceDigest: Bytes
  readonly checks: readonly { readonly id: string; readonly outcome: string; readonly reason?: string }[]
  /** Claims about the target; left out when the evidence was not shown to be authentic. */
  readonly claims?: PlainObject
}

/** What `issueEarJwt` and `issueEarCwt` write. */
export interface ResultOut {
  readonly issuer: string
  /** Who wrote the verifier, and which version it is. */
  readonly verifier: { readonly developer: string; readonly build: string }
  readonly issuedAt: Date
  /** A whole second or more after `issuedAt`. */
  readonly expiresAt: Date
  /** The relying party's nonce, 8 to 64 bytes; base64url in JSON. */
  readonly nonce?: Bytes
  readonly audience?: string
  readonly appraisals: NonEmptyArray<AppraisalOut>
}

/** `eat_profile` of the results issued here (draft-ietf-rats-ear-03). */
export const EAR_PROFILE = 'tag:ietf.org,2026:rats/ear#03'

// AR4SI tiers in CBOR; JSON has the names.
const tierNumbers: Readonly<Record<Tier, number>> = { none: 0, affirming: 2, warning: 32, contraindicated: 96 }

/**
 * JSON names and CBOR keys. The numbers below -77000 are private use (RFC 8392 section 9.1) and the names with a dot are
 * this library's own, because the draft has no claims for them.
 */
const keys: Readonly<Record<string, number>> = {
  iss: 1,
  aud: 3,
  exp: 4,
  iat: 6,
  eat_nonce: 10,
  eat_profile: 265,
  submods: 266,
  ear_status: 1000,
  ear_appraisal_policy_ids: 1003,
  ear_verifier_id: 1004,
  'result.evidence-sha256': -77_060,
  'result.checks': -77_061,
  'result.claims': -77_062,
}

/** Members of `ear_verifier_id`. */
const verifierKeys: Readonly<Record<string, number>> = { developer: 0, build: 1 }

/**
 * Issues the result as a JWT of type `eat+jwt`. Says what it is given: nothing is appraised or checked here.
 * @throws TypeError for a signature of the wrong length, a nonce outside 8 to 64 bytes, dates that are none, before 1970 or
 * leave no whole second, no appraisals, over 1024 or two of one label, an unknown tier, an evidence digest that is not 32
 * bytes, and what no reader takes (see `issueJwt`)
 */
export async function issueEarJwt(result: ResultOut, signer: TokenSigner): Promise<string> {
  return issueJwt(jsonObject(earClaims(result, (tier) => tier)), 'eat+jwt', signer)
}

/** The same as a CWT of type `application/eat+cwt`. @throws TypeError as {@link issueEarJwt} */
export async function issueEarCwt(result: ResultOut, signer: TokenSigner): Promise<Bytes> {
  const claims = earClaims(result, (tier) => tierNumbers[tier])
  const map = new Map<CborKey, CborValue>()
  for (const [name, value] of Object.entries(claims)) map.set(keys[name] ?? name, cborClaim(name, value))
  return issueCwt(map, 'application/eat+cwt', signer)
}

function earClaims(result: ResultOut, status: (tier: Tier) => string | number): PlainObject {
  const { issuer, audience, nonce, verifier, issuedAt, expiresAt, appraisals } = result
  if (nonce !== undefined && (nonce.length < 8 || nonce.length > 64)) throw new TypeError('a nonce has 8 to 64 bytes')
  if (appraisals.length === 0 || appraisals.length > MAX_SUBMODULES)
    throw new TypeError(`a result is about one target to ${MAX_SUBMODULES}`)
  for (const { tier, evidenceDigest } of appraisals) {
    if (!Object.hasOwn(tierNumbers, tier)) throw new TypeError(`there is no tier ${tier}`)
    if (evidenceDigest.length !== 32) throw new TypeError('the SHA-256 of the evidence has 32 bytes')
  }
  const submods = appraisals.map(({ label, tier, policyId, evidenceDigest, checks, claims }): [string, PlainObject] => [
    label,
    {
      ear_status: status(tier),
      ear_appraisal_policy_ids: [policyId],
      'result.evidence-sha256': evidenceDigest,
      'result.checks': checks.map(({ id, outcome, reason }) => ({
        id,
        outcome,
        ...(reason === undefined ? {} : { reason }),
      })),
      ...(claims === undefined ? {} : { 'result.claims': claims }),
    },
  ])
  if (new Set(submods.map(([label]) => label)).size < submods.length) throw new TypeError('labels must differ')
  return {
    eat_profile: EAR_PROFILE,
    iss: issuer,
    ...(audience === undefined ? {} : { aud: audience }),
    ...timeClaims(issuedAt, expiresAt),
    ...(nonce === undefined ? {} : { eat_nonce: nonce }),
    ear_verifier_id: { developer: verifier.developer, build: verifier.build },
    submods: Object.fromEntries(submods),
  }
}

function isList(value: PlainValue): value is readonly PlainValue[] {
  return Array.isArray(value)
}

function jsonValue(value: PlainValue): unknown {
  if (value instanceof Uint8Array) return encodeBase64Url(value)
  if (isList(value)) return value.map(jsonValue)
  return typeof value === 'object' && value !== null ? jsonObject(value) : value
}

function jsonObject(object: PlainObject): object {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, jsonValue(value)]))
}

function cborValue(value: PlainValue): CborValue {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  return isList(value) ? value.map(cborValue) : cborMap(value, {})
}

// Names are numbers only where the draft or this file gives them one: claims about a target keep their names.
function cborMap(
  object: PlainObject,
  numbers: Readonly<Record<string, number>>,
  read: (value: PlainValue) => CborValue = cborValue,
): CborValue {
  return new Map(
    Object.entries(object).map(([name, value]) => [
      Object.hasOwn(numbers, name) ? (numbers[name] ?? name) : name,
      read(value),
    ]),
  )
}

function cborClaim(name: string, value: PlainValue): CborValue {
  if (!isPlainObject(value)) return cborValue(value)
  if (name === 'ear_verifier_id') return cborMap(value, verifierKeys)
  return cborMap(value, {}, (appraisal) => (isPlainObject(appraisal) ? cborMap(appraisal, keys) : cborValue(appraisal)))
}

function isPlainObject(value: PlainValue): value is PlainObject {
  return typeof value === 'object' && value !== null && !(value instanceof Uint8Array) && !isList(value)
}
