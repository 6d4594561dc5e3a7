// Reads the `location` claim (RFC 9711 section 4.2.10): where the entity that signs says it is. Says nothing about truth.
import { type ClaimField, claimField, claimInteger, claimMap, claimTypeError } from './claim-field.js'

export interface EatLocation {
  /** WGS84. */
  readonly latitudeDegrees: number
  readonly longitudeDegrees: number
  /** Above the ellipsoid. */
  readonly altitudeMeters: number | undefined
  /** At 95 % confidence: not a bound. */
  readonly accuracyMeters: number | undefined
  readonly altitudeAccuracyMeters: number | undefined
  /** Clockwise from true north; NaN when the entity does not move. */
  readonly headingDegrees: number | undefined
  readonly speedMetersPerSecond: number | undefined
  readonly timestampSeconds: number | undefined
  readonly ageSeconds: number | undefined
}

/** @throws AttestationError `token/claim-type` */
export function readLocation(field: ClaimField): EatLocation {
  const map = claimMap(field)
  const read = (name: string, key: number): ClaimField | undefined => claimField(map, name, key, field.at)
  const latitude = read('latitude', 1)
  const longitude = read('longitude', 2)
  if (latitude === undefined || longitude === undefined) throw claimTypeError(field, 'latitude and longitude')
  const number = (name: string, key: number, minimum: number, maximum: number): number | undefined => {
    const member = read(name, key)
    return member === undefined ? undefined : inRange(member, minimum, maximum)
  }
  const integer = (name: string, key: number): number | undefined => {
    const member = read(name, key)
    return member === undefined ? undefined : claimInteger(member, 0)
  }
  const heading = read('heading', 6)
  return Object.freeze({
    latitudeDegrees: inRange(latitude, -90, 90),
    longitudeDegrees: inRange(longitude, -180, 180),
    altitudeMeters: number('altitude', 3, -Number.MAX_VALUE, Number.MAX_VALUE),
    accuracyMeters: number('accuracy', 4, 0, Number.MAX_VALUE),
    altitudeAccuracyMeters: number('altitude-accuracy', 5, 0, Number.MAX_VALUE),
    headingDegrees: Number.isNaN(heading?.value) ? Number.NaN : number('heading', 6, 0, 360),
    speedMetersPerSecond: number('speed', 7, 0, Number.MAX_VALUE),
    timestampSeconds: integer('timestamp', 8),
    ageSeconds: integer('age', 9),
  })
}

// Written so that NaN is out of range.
function inRange(field: ClaimField, minimum: number, maximum: number): number {
  const { value } = field
  if (typeof value === 'number' && value >= minimum && value <= maximum) return value
  throw claimTypeError(field, `a number from ${minimum} to ${maximum}`)
}
