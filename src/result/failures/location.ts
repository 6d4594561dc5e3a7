// Failures of the location domain.
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
    readonly 'location/too-many-pairs': { readonly limit: number; readonly actual: number }
    readonly 'location/unknown-landmark': { readonly index: number; readonly landmarks: number }
  }
  readonly verify: None
  readonly appraise: None
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
    'location/too-many-pairs': {
      meaning: 'More measurements between landmarks were given than the limit that bounds the work done on them.',
      action: 'fix-input',
      next: 'Keep the lowest round-trip time per pair of landmarks.',
    },
    'location/unknown-landmark': {
      meaning: 'A measurement between landmarks names a landmark that is not in the list.',
      action: 'fix-input',
      next: 'Check the measurement against the landmark list it was made with.',
    },
  },
  verify: {},
  appraise: {},
  collect: {},
}
