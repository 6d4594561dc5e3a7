// Reads the geographic results of draft-richardson-rats-geographic-results-03: jurisdiction by country and subdivision.
import {
  type ClaimField,
  type ClaimsSet,
  claimBoolean,
  claimField,
  claimInteger,
  claimMap,
  claimTypeError,
} from '../token/claim-field.js'
import { type ClaimName, geographicClaims } from './claim-names.js'
import { claimCountry, claimShortText } from './claim-reading.js'
import type { PositionBasis } from './directory.js'
import { claimOf } from './profile-token.js'

/** A jurisdiction by codes and names (draft-richardson-rats-geographic-results). */
export interface GeographicResult {
  /** ISO 3166-1 alpha-2. */
  readonly country: string
  /** The place is an exclave of the country: surrounded by another. */
  readonly countryExclave: boolean | undefined
  /** Part after the hyphen, or the whole code, of ISO 3166-2. */
  readonly subdivision: string | undefined
  readonly subdivisionExclave: boolean | undefined
  readonly city: string | undefined
  readonly basis: PositionBasis | undefined
}

const bases: readonly PositionBasis[] = ['evidence', 'endorsement', 'attestation-result']

/** @throws AttestationError `token/claim-type` */
export function readGeographicResult(field: ClaimField): GeographicResult {
  const set = claimMap(field)
  const read = <T>(claim: ClaimName, parse: (member: ClaimField) => T): T | undefined => {
    const member = claimOf(set, claim, field.at)
    return member === undefined ? undefined : parse(member)
  }
  const country = read(geographicClaims.country, claimCountry)
  const subdivision = read(geographicClaims.subdivision, claimShortText)
  const city = read(geographicClaims.city, claimShortText)
  // An inner level without the outer one names no place; nor does an empty map.
  if (country === undefined || (city !== undefined && subdivision === undefined))
    throw claimTypeError(field, 'every level above the innermost one')
  if (subdivision !== undefined && (subdivision.length < 2 || subdivision.length > 16))
    throw claimTypeError(field, 'a subdivision of 2 to 16 characters')
  return Object.freeze({
    country,
    countryExclave: read(geographicClaims.countryExclave, claimBoolean),
    subdivision,
    subdivisionExclave: read(geographicClaims.subdivisionExclave, claimBoolean),
    city,
    basis: read(geographicClaims.basis, readBasis),
  })
}

function readBasis(field: ClaimField): PositionBasis {
  const map: ClaimsSet = claimMap(field)
  const kind = claimField(map, 'class', 0, field.at)
  if (kind === undefined) throw claimTypeError(field, 'a class')
  // The draft numbers the classes from 1; an example in circulation counted from 0, and is refused.
  const basis =
    typeof kind.value === 'string' ? bases.find((name) => name === kind.value) : bases[claimInteger(kind, 1) - 1]
  if (basis === undefined) throw claimTypeError(kind, `1 to 3, or one of ${bases.join(', ')}`)
  return basis
}
