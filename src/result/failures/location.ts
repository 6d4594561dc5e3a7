// Failures of the location domain.
import { type LocationAppraiseFailures, locationAppraiseGuide } from './location-appraise.js'
import { type LocationVerifyFailures, locationVerifyGuide } from './location-verify.js'
import type { FailureGuide, None } from './table.js'

export interface LocationFailures {
  readonly parse: {
    readonly 'location/coordinate': { readonly value: number; readonly limit: number }
    readonly 'location/round-trip-time': { readonly value: number; readonly maximum: number }
    readonly 'location/quantity': { readonly value: number; readonly maximum: number }
    readonly 'location/processing-time': {
      readonly rttNs: number
      readonly endorsedMinProcessingNs: number
    }
    readonly 'location/too-many-discs': { readonly limit: number; readonly actual: number }
    readonly 'location/too-many-landmarks': { readonly limit: number; readonly actual: number }
    readonly 'location/too-many-pairs': { readonly limit: number; readonly actual: number }
    readonly 'location/landmark-index': { readonly index: number; readonly landmarks: number }
    readonly 'location/foreign-format': None
    readonly 'location/no-territory': None
    readonly 'location/unknown-territory': { readonly code: string }
    readonly 'location/territory-code': { readonly code: string }
    readonly 'location/duplicate-territory': { readonly code: string }
    readonly 'location/polygon': {
      readonly reason: 'type' | 'position' | 'ring-too-short' | 'ring-open' | 'empty' | 'north-pole'
    }
    readonly 'location/polygon-too-large': { readonly limit: number; readonly actual: number }
  }
  readonly verify: LocationVerifyFailures
  readonly appraise: LocationAppraiseFailures
  readonly collect: None
}

export const locationGuide: FailureGuide<LocationFailures> = {
  parse: {
    'location/coordinate': {
      meaning: 'A latitude or longitude is not a number in the range of a position on Earth.',
      action: 'fix-input',
      next: 'Give decimal degrees: latitude from -90 to 90, longitude from -180 to 180.',
    },
    'location/round-trip-time': {
      meaning: 'A round-trip time is not a whole number of nanoseconds between 1 and the limit.',
      action: 'fix-input',
      next: 'Give the measured time in nanoseconds; leave the measurement out if it timed out.',
    },
    'location/quantity': {
      meaning:
        'A bound such as an uncertainty, clock error, age or radius is negative, not a number, or absurdly large.',
      action: 'fix-input',
      next: 'Correct the field named; it must be a finite number from 0 to the limit.',
    },
    'location/processing-time': {
      meaning: 'The endorsed minimum processing time is longer than the whole round trip that contains it.',
      action: 'stop',
      next: 'Do not use the measurement: the endorsement or the round-trip time is false.',
    },
    'location/too-many-discs': {
      meaning: 'More measurements were given than the limit that bounds the work done on them.',
      action: 'fix-input',
      next: 'Keep the lowest round-trip time per landmark; landmarks far away add nothing.',
    },
    'location/too-many-landmarks': {
      meaning: 'More landmarks were given to choose from than the limit that bounds the work of choosing.',
      action: 'fix-input',
      next: 'Leave out landmarks on continents where the device cannot be, or plan with a part of the list.',
    },
    'location/too-many-pairs': {
      meaning: 'More measurements between landmarks were given than the limit that bounds the work done on them.',
      action: 'fix-input',
      next: 'Keep the lowest round-trip time per pair of landmarks.',
    },
    'location/landmark-index': {
      meaning: 'A measurement between landmarks names a landmark that is not in the list.',
      action: 'fix-input',
      next: 'Check the measurement against the landmark list it was made with.',
    },
    'location/foreign-format': {
      meaning: 'A token is neither a Sovereignty Certificate nor a Proof-of-Cloud token, as far as its claims show.',
      action: 'fix-input',
      next: 'Pass a token of one of these formats; for EAT location claims of an issuer use verifyLocationClaim.',
    },
    'location/no-territory': {
      meaning: 'A question about territories names none; the answer would be true of everything and prove nothing.',
      action: 'fix-input',
      next: 'Name at least one territory.',
    },
    'location/unknown-territory': {
      meaning: 'A territory code is neither an ISO 3166-1 alpha-2 code nor one of the territories passed in.',
      action: 'fix-input',
      next: 'Use two capital letters (the United Kingdom is GB), or pass in the territory of that code.',
    },
    'location/territory-code': {
      meaning: 'The code of a territory of your own is not 3 to 64 lowercase letters, digits and hyphens.',
      action: 'fix-input',
      next: 'Choose a code such as campus-1, which cannot be taken for an ISO 3166-1 code.',
    },
    'location/duplicate-territory': {
      meaning: 'Two territories of your own have the same code.',
      action: 'fix-input',
      next: 'Give each a code of its own, or join their polygons into one MultiPolygon.',
    },
    'location/polygon': {
      meaning:
        'A territory is not a closed GeoJSON polygon of [longitude, latitude] positions away from the north pole.',
      action: 'fix-input',
      next: 'Correct the field named: RFC 7946 Polygon or MultiPolygon, first position repeated last, nothing at 90° north.',
    },
    'location/polygon-too-large': {
      meaning: 'A territory has more positions than the limit that bounds the work done on it.',
      action: 'fix-input',
      next: 'Simplify the polygon; give the largest distance it moves as errorMeters.',
    },
  },
  verify: locationVerifyGuide,
  appraise: locationAppraiseGuide,
  collect: {},
}
