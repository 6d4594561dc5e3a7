// Location tokens of other makers, read and capped at what their signatures support: none of them enters a predicate.

import type { CryptoProvider } from '../crypto/provider.js'
import { webCryptoProvider } from '../crypto/webcrypto.js'
import { parseError } from '../result/error.js'
import type { NonEmptyArray } from '../result/result.js'
import type { JoseAlgorithm } from '../token/algorithm.js'
import {
  type ClaimField,
  type ClaimsSet,
  claimField,
  claimItems,
  claimMap,
  claimTypeError,
} from '../token/claim-field.js'
import type { ClaimExpectations } from '../token/claims.js'
import { verifyCwt } from '../token/cwt.js'
import { verifyJwt } from '../token/jwt.js'
import type { TokenKeys } from '../token/key-set.js'
import type { TypeExpectation } from '../token/type.js'
import { type Assurance, assurance } from './assurance.js'
import { claimShortText } from './claim-reading.js'
import { peekClaims, type SignedToken, tokenEncoding } from './envelope.js'
import type { Asserted } from './evidence.js'

/** What such a token says about a place. */
export interface ForeignPlace {
  readonly format: 'sovereignty-certificate' | 'proof-of-cloud'
  readonly latitudeDegrees: number | undefined
  readonly longitudeDegrees: number | undefined
  readonly radiusMeters: number | undefined
  /** Name of a facility. */
  readonly label: string | undefined
  /** Receipts of anchors; their times were taken by the prover and bound nothing. */
  readonly receipts: number
}

/** A location token of another scheme, and how little it can mean. */
export interface ForeignLocation extends Asserted<ForeignPlace> {
  /** The most such a token can mean. */
  readonly assurance: Assurance
  /** Why it means no more. */
  readonly reasons: readonly string[]
}

/** How to verify a location token of another scheme. */
export interface ForeignLocationInput extends Omit<ClaimExpectations, 'expiry'> {
  /** Keys of the issuer, as the caller trusts it. */
  readonly keys: TokenKeys
  readonly algorithms: NonEmptyArray<JoseAlgorithm>
  readonly types: TypeExpectation
  readonly crypto?: CryptoProvider
}

const sovereigntyProfile = 'urn:scwg:profile:sovereignty-cert:v1'

/**
 * Reads a Sovereignty Certificate (draft v1) or a Proof-of-Cloud token without checking any signature: a label.
 * @throws AttestationError `location/foreign-format`, `token/claim-type` and those of the token's form
 */
export function parseForeignLocation(token: SignedToken): ForeignLocation {
  return describe(peekClaims(token, ''), 'unverified', 'label')
}

/**
 * Verifies signature and registered claims of such a token under the caller's keys: the issuer's record, never more,
 * whatever is inside. Does not look at quotes or receipts: see `reasons`.
 * @throws AttestationError as `verifyJwt` and `verifyCwt`, and `location/foreign-format`, `token/claim-type`
 */
export async function verifyForeignLocation(token: SignedToken, input: ForeignLocationInput): Promise<ForeignLocation> {
  const { types, crypto = webCryptoProvider, ...rest } = input
  const verification = { ...rest, typ: types, crypto, expiry: 'required' } as const
  if (typeof token !== 'string' && tokenEncoding(token) === 'cbor') {
    const { claims, registered } = await verifyCwt(token, verification)
    return describe({ encoding: 'cbor', claims }, registered.issuer, 'record')
  }
  const { claims, registered } = await verifyJwt(token, verification)
  return describe({ encoding: 'json', claims }, registered.issuer, 'record')
}

function describe(set: ClaimsSet, issuer: string | undefined, name: 'label' | 'record'): ForeignLocation {
  const at = 'payload'
  const { place, reasons } = readPlace(set, at)
  const unsigned = name === 'label' ? ['No signature was checked.'] : []
  return Object.freeze({
    asserted: Object.freeze(place),
    source: `${place.format} by ${issuer ?? 'the holder of the key'}`,
    assurance: assurance(name),
    reasons: [...unsigned, ...reasons],
  })
}

interface Reading {
  readonly place: ForeignPlace
  readonly reasons: readonly string[]
}

function readPlace(set: ClaimsSet, at: string): Reading {
  // The draft's text gives the profile key 39, its table the registered 265.
  const profile = claimField(set, 'eat_profile', 265, at) ?? claimField(set, 'eat_profile', 39, at)
  if (profile !== undefined && profile.value === sovereigntyProfile) return readSovereigntyCertificate(set, at)
  const label = claimField(set, 'label', 0, at)
  const quote = claimField(set, 'quote_hash', 0, at)
  const machine = claimField(set, 'machine_id', 0, at)
  if (set.encoding === 'json' && label !== undefined && quote !== undefined && machine !== undefined)
    return readProofOfCloud(label)
  throw parseError('location/foreign-format', at, {})
}

function readSovereigntyCertificate(set: ClaimsSet, at: string): Reading {
  const receipts = claimField(set, 'location_receipts', -70002, at)
  const field = claimField(set, 'location_claim', -70003, at)
  if (field === undefined) throw parseError('location/foreign-format', at, {})
  const map = claimMap(field)
  const number = (name: string, minimum: number, maximum: number): number => {
    const member = textMember(map, name, field)
    const { value } = member
    if (typeof value === 'number' && value >= minimum && value <= maximum) return value
    throw claimTypeError(member, `a number from ${minimum} to ${maximum}`)
  }
  return {
    place: {
      format: 'sovereignty-certificate',
      latitudeDegrees: number('lat', -90, 90),
      longitudeDegrees: number('lon', -180, 180),
      radiusMeters: number('radius_m', 0, 20_100_000),
      label: undefined,
      receipts: receipts === undefined ? 0 : claimItems(receipts, 0, 4096).length,
    },
    reasons: [
      'A receipt signs one time and a nonce of the prover: no round trip follows from signed data.',
      'The confidence stated rates the data; it is no probability that the place is right.',
      'No evidence of a GPU is part of it.',
    ],
  }
}

// The draft's inner map has text names in either encoding.
function textMember(map: ClaimsSet, name: string, field: ClaimField): ClaimField {
  const at = `${field.at}.${name}`
  if (map.encoding === 'json') {
    const value = map.claims.get(name)
    if (value !== undefined) return { encoding: 'json', value, at }
  } else {
    const value = map.claims.get(name)
    if (value !== undefined) return { encoding: 'cbor', value, at }
  }
  throw claimTypeError(field, name)
}

function readProofOfCloud(label: ClaimField): Reading {
  return {
    place: {
      format: 'proof-of-cloud',
      latitudeDegrees: undefined,
      longitudeDegrees: undefined,
      radiusMeters: undefined,
      label: claimShortText(label),
      receipts: 0,
    },
    reasons: [
      'It says in whose list the machine is; nothing was measured, and machines can be moved after listing.',
      'The machine is known by its CPU. No evidence of a GPU is part of it.',
      'It answers no nonce: within its validity it can be shown by anybody.',
    ],
  }
}
