// Failures of location appraisal: questions that measurements or assertions do not answer as the policy asks.
import type { FailureAdvice, None } from './table.js'

export interface LocationAppraiseFailures {
  readonly 'location/no-question': None
  readonly 'location/no-measurements': { readonly check: string }
  readonly 'location/nonce-unchecked': None
  readonly 'location/bracket-missing': None
  readonly 'location/relay-not-excluded': None
  readonly 'location/agent-not-allowed': { readonly agentMeasurement: string }
  readonly 'location/migratable': None
  readonly 'location/gpu-in-loop-missing': { readonly devices: number; readonly operators: number }
  readonly 'location/landmark-missing': { readonly missing: readonly string[] }
  readonly 'location/landmark-position-inconsistent': { readonly landmark: string }
  readonly 'location/too-old': {
    readonly landmark: string
    readonly ageSeconds: number
    readonly maxAgeSeconds: number
  }
  readonly 'location/quorum': { readonly operators: number; readonly minimum: number; readonly faultTolerance: number }
  readonly 'location/autonomous-systems': { readonly autonomousSystems: readonly number[]; readonly minimum: number }
  readonly 'location/autonomous-system-unknown': { readonly landmark: string }
  readonly 'location/azimuth-gap': { readonly gapDegrees: number; readonly maximumDegrees: number }
  readonly 'location/inconsistent-measurements': { readonly conflicts: readonly (readonly string[])[] }
  readonly 'location/region-too-large': { readonly areaKm2: number; readonly maximumKm2: number }
  readonly 'location/inside-undecided': { readonly set: readonly string[]; readonly possible: readonly string[] }
  readonly 'location/inside-refuted': { readonly set: readonly string[]; readonly possible: readonly string[] }
  readonly 'location/outside-undecided': { readonly set: readonly string[]; readonly possible: readonly string[] }
  readonly 'location/outside-refuted': { readonly set: readonly string[]; readonly possible: readonly string[] }
  readonly 'location/disputed': { readonly set: readonly string[]; readonly areas: readonly string[] }
  readonly 'location/claim-refuted': { readonly country: string; readonly speed: string }
  readonly 'location/issuer-not-accepted': { readonly issuer: string; readonly accepted: readonly string[] }
  readonly 'location/asserted-elsewhere': { readonly question: 'inside' | 'outside'; readonly set: readonly string[] }
  readonly 'location/assertion-unbound': None
  readonly 'location/assertion-of-another-device': { readonly ueid: string }
  readonly 'location/assertion-expired': { readonly expiresAt: number; readonly appraisedAt: number }
  readonly 'location/assertion-contradiction': { readonly country: string }
  readonly 'location/assertion-refuted': {
    readonly issuer: string
    readonly country: string | null
    readonly speed: string
  }
}

export const locationAppraiseGuide: { readonly [C in keyof LocationAppraiseFailures]: FailureAdvice } = {
  'location/no-question': {
    meaning: 'The policy asks nothing about the location.',
    action: 'review-policy',
    next: 'Name territories to be inside or outside of, or a greatest region.',
  },
  'location/no-measurements': {
    meaning: 'There are no measurements, and no issuer whose word the policy takes.',
    action: 'collect-again',
    next: 'Collect a location bundle, or list the issuer under acceptedIssuers.',
  },
  'location/nonce-unchecked': {
    meaning: 'Nobody checked that the nonce was used once only.',
    action: 'review-policy',
    next: 'Keep the nonces you issue and pass isNonceFresh; or accept the waiver.',
  },
  'location/bracket-missing': {
    meaning:
      'There is no device evidence from after the measurements: the key may have been elsewhere, or replaced, by then.',
    action: 'collect-again',
    next: 'Send a second nonce once the bundle is in, and pass the reports that answer it as second.',
  },
  'location/relay-not-excluded': {
    meaning:
      'No evidence confines the session key to the machine of the devices; a helper near the landmarks could hold it.',
    action: 'collect-again',
    next: 'Verify the confidential machine, use rounds the GPU answers, or waive key-confinement with a reason.',
  },
  'location/agent-not-allowed': {
    meaning: 'The image that holds the session key is not one the policy trusts to keep it.',
    action: 'review-policy',
    next: 'List the measurement under agentMeasurements, if that image exports no key and takes reports from its own devices only.',
  },
  'location/migratable': {
    meaning: 'The platform may move the confidential machine, and the session key with it.',
    action: 'stop',
    next: 'Run the agent where migration is excluded.',
  },
  'location/gpu-in-loop-missing': {
    meaning: 'The policy counts only rounds answered by the one GPU in question, and there are none, or several GPUs.',
    action: 'collect-again',
    next: 'Measure each GPU with rounds of its own, and appraise it alone.',
  },
  'location/landmark-missing': {
    meaning: 'Landmarks the policy requires neither measured nor were reported unreachable.',
    action: 'collect-again',
    next: 'Let the agent measure with them, or record why it could not.',
  },
  'location/landmark-position-inconsistent': {
    meaning: 'Round trips between landmarks contradict the stated position of one.',
    action: 'collect-again',
    next: 'Tell the directory authority; measurements of this landmark were left out.',
  },
  'location/too-old': {
    meaning: 'A measurement is older than the policy allows.',
    action: 'collect-again',
    next: 'Measure again; this measurement was left out.',
  },
  'location/quorum': {
    meaning: 'Too few independent operators have a measurement that counts.',
    action: 'collect-again',
    next: 'See the other failures for why measurements were left out; measure with landmarks of more operators.',
  },
  'location/autonomous-systems': {
    meaning:
      'The measurements that count come from fewer different networks (autonomous systems) than the policy asks for.',
    action: 'collect-again',
    next: 'Measure with landmarks in other networks; the directory must name the network of each.',
  },
  'location/autonomous-system-unknown': {
    meaning: 'The policy counts faults by network (autonomous system), and the directory names none for a landmark.',
    action: 'review-policy',
    next: 'Use a directory with the asn of each landmark, or count faults by operator; this measurement was left out.',
  },
  'location/azimuth-gap': {
    meaning: 'Seen from the centre of the region, an angle wider than the policy allows holds no landmark.',
    action: 'collect-again',
    next: 'Measure with landmarks on the other sides of the device, too.',
  },
  'location/inconsistent-measurements': {
    meaning:
      'No place on Earth fits the measurements: a landmark misreports or stands elsewhere, or the session key answers from several places.',
    action: 'stop',
    next: 'Look at the landmarks named. This says nothing about any country.',
  },
  'location/region-too-large': {
    meaning: 'The measurements leave a larger region than the policy allows; added delay looks just like this.',
    action: 'collect-again',
    next: 'Measure with landmarks closer to the device, at a quiet time.',
  },
  'location/inside-undecided': {
    meaning: 'The measurements do not show that the device is in the territories named: it may be elsewhere.',
    action: 'collect-again',
    next: 'Measure with landmarks closer to the device; overlap is never evidence.',
  },
  'location/inside-refuted': {
    meaning: 'The device is in none of the territories it must be in.',
    action: 'stop',
    next: 'Find out where it is before trusting anything else it says.',
  },
  'location/outside-undecided': {
    meaning: 'The measurements do not show that the device is outside the territories named.',
    action: 'collect-again',
    next: "Measure with landmarks on the device's side of the border, close to it.",
  },
  'location/outside-refuted': {
    meaning: 'The device is in a territory it must not be in.',
    action: 'stop',
    next: 'Find out who moved it there.',
  },
  'location/disputed': {
    meaning:
      'The device may stand on land that answers to several codes, by claim or dependency, not all of them named by the policy.',
    action: 'review-policy',
    next: 'List every code of that land, or accept that the question has no answer there.',
  },
  'location/claim-refuted': {
    meaning: 'The device cannot be in the country its operator claims.',
    action: 'stop',
    next: 'Ask the operator; the measurements exclude what he says.',
  },
  'location/issuer-not-accepted': {
    meaning: "The policy does not take this issuer's word for a location.",
    action: 'review-policy',
    next: 'List the issuer under acceptedIssuers, or collect measurements.',
  },
  'location/asserted-elsewhere': {
    meaning: "The issuer's own assertion contradicts what the policy demands.",
    action: 'stop',
    next: 'The device is not where it must be, or is where it must not be, by the word of a trusted issuer.',
  },
  'location/assertion-unbound': {
    meaning: 'The assertion does not say which device it is about.',
    action: 'collect-again',
    next: 'Have the issuer name the device.',
  },
  'location/assertion-of-another-device': {
    meaning: 'The assertion is not about all the devices that were measured: it is about one, and there are others.',
    action: 'fix-input',
    next: 'Pass the assertion about the device the measurements are bound to; appraise several devices one by one.',
  },
  'location/assertion-expired': {
    meaning: 'The assertion had expired when the measurements were verified.',
    action: 'collect-again',
    next: 'Get a new assertion from the issuer.',
  },
  'location/assertion-contradiction': {
    meaning: 'The coordinates an issuer asserts are not in the country it asserts.',
    action: 'stop',
    next: 'Ask the issuer which of the two is right.',
  },
  'location/assertion-refuted': {
    meaning: 'The measurements exclude the place an issuer asserts.',
    action: 'stop',
    next: 'Ask the issuer; do not use the assertion.',
  },
}
