// Failures of location tokens: directories, measurements, bundles and claims, while they are verified.
import type { FailureAdvice, None } from './table.js'

export interface LocationVerifyFailures {
  readonly 'location/duplicate-device': { readonly ueid: string }
  readonly 'location/duplicate-landmark': { readonly landmark: string }
  readonly 'location/key-kind': { readonly kind: string }
  readonly 'location/directory-expired': { readonly expiresAt: number; readonly now: number }
  readonly 'location/directory-mismatch': { readonly expected: string; readonly actual: string }
  readonly 'location/unknown-landmark': { readonly landmarks: number }
  readonly 'location/landmark-revoked': { readonly landmark: string }
  readonly 'location/landmark-not-valid': {
    readonly landmark: string
    readonly notBefore: number
    readonly notAfter: number
    readonly issuedAt: number
  }
  readonly 'location/landmark-moved': { readonly distanceMeters: number; readonly allowedMeters: number }
  readonly 'location/landmark-outlier': { readonly rttMinNs: number; readonly agentRttMinNs: number }
  readonly 'location/replay': { readonly what: string }
  readonly 'location/nonce-reuse': None
  readonly 'location/stale': { readonly first: number; readonly nonceIssuedAt: number }
  readonly 'location/outside-bracket': { readonly last: number; readonly closedAt: number }
  readonly 'location/clock': { readonly source: string; readonly errorMs: number }
  readonly 'location/binding-mismatch': { readonly expected: string; readonly actual: string }
  readonly 'location/key-not-bound': None
  readonly 'location/session-mismatch': None
  readonly 'location/transcript-signature': None
  readonly 'location/challenge-mismatch': { readonly what: 'signature' | 'chain' | 'order' }
  readonly 'location/weak-challenge': { readonly reason: 'length' | 'repeated' }
  readonly 'location/sample-mismatch': { readonly stated: number; readonly actual: number }
  readonly 'location/unauthenticated-sample': { readonly responder: string }
  readonly 'location/bracket-mismatch': { readonly what: 'devices' | 'boot' | 'agent' }
  readonly 'location/gpu-cpu-not-bound': { readonly expected: string; readonly actual: string }
  readonly 'location/confidential-vm-refused': None
  readonly 'location/issuer-unknown': { readonly issuer: string | null }
  readonly 'location/no-location': None
  readonly 'location/result-not-affirming': { readonly status: string }
  readonly 'location/unbound': None
  readonly 'location/device-mismatch': { readonly claim: string }
}

export const locationVerifyGuide: { readonly [C in keyof LocationVerifyFailures]: FailureAdvice } = {
  'location/duplicate-device': {
    meaning: 'One device was given twice, so that fewer devices were attested than it seems.',
    action: 'fix-input',
    next: 'Give the report of each device once.',
  },
  'location/duplicate-landmark': {
    meaning: 'The landmark directory lists one key twice.',
    action: 'fix-input',
    next: 'Ask the directory authority for a corrected directory.',
  },
  'location/key-kind': {
    meaning: 'A landmark or session key is of a kind the profile does not use.',
    action: 'fix-input',
    next: 'Use P-256, P-384 or Ed25519.',
  },
  'location/directory-expired': {
    meaning: 'The landmark directory has expired since it was verified.',
    action: 'collect-again',
    next: 'Fetch the current directory and let the agent measure with it.',
  },
  'location/directory-mismatch': {
    meaning: 'The agent measured with another landmark directory than the one given.',
    action: 'collect-again',
    next: 'Verify with the directory the agent used, if you trust it, or let it measure again with yours.',
  },
  'location/unknown-landmark': {
    meaning: 'A measurement is signed by nobody the landmark directory lists.',
    action: 'review-policy',
    next: 'Use a directory that lists the landmark, if its authority answers for it; the measurement was left out.',
  },
  'location/landmark-revoked': {
    meaning: 'The directory has revoked the landmark of a measurement.',
    action: 'collect-again',
    next: 'Measure with other landmarks; this measurement was left out.',
  },
  'location/landmark-not-valid': {
    meaning: 'A measurement was made outside the time for which its landmark is listed.',
    action: 'collect-again',
    next: 'Measure again with a current directory; this measurement was left out.',
  },
  'location/landmark-moved': {
    meaning: 'A landmark states a position, or an exactness of it, that its directory entry does not cover.',
    action: 'collect-again',
    next: 'Tell the directory authority; this measurement was left out.',
  },
  'location/landmark-outlier': {
    meaning: 'A landmark reports a round trip far shorter than the agent saw itself: it under-reports.',
    action: 'stop',
    next: 'Tell the directory authority; this measurement was left out.',
  },
  'location/replay': {
    meaning: 'A bundle or measurement was made for another nonce, or a measurement is there twice.',
    action: 'stop',
    next: 'Ask again with a new nonce; do not use what was sent before.',
  },
  'location/nonce-reuse': {
    meaning: 'The nonce was used before, so that old evidence could pass for new.',
    action: 'collect-again',
    next: 'Start over with a nonce from a secure random source, used once.',
  },
  'location/stale': {
    meaning: 'A measurement began before the nonce it should answer was issued.',
    action: 'collect-again',
    next: 'Measure again; this measurement was left out.',
  },
  'location/outside-bracket': {
    meaning:
      'A measurement may have ended after the second challenge was issued, so that the evidence does not surround it.',
    action: 'collect-again',
    next: 'Issue the second challenge only after all measurements have come in; this measurement was left out.',
  },
  'location/clock': {
    meaning: "The wall clock of a landmark is unknown, too inexact, or ahead of the verifier's.",
    action: 'collect-again',
    next: 'Check the clocks of landmark and verifier; this measurement was left out.',
  },
  'location/binding-mismatch': {
    meaning: 'A device or a landmark signed for another binding of session key, nonce and evidence than this one.',
    action: 'stop',
    next: 'Do not trust the combination: measurements and device evidence were not made for each other.',
  },
  'location/key-not-bound': {
    meaning: 'A measurement is of another session key than the one the devices vouch for.',
    action: 'stop',
    next: 'Let the key that the device evidence names answer the landmarks; this measurement was left out.',
  },
  'location/session-mismatch': {
    meaning: 'The session of a measurement does not follow from its evidence, landmark and nonces.',
    action: 'stop',
    next: 'Let the agent open a session of its own with the landmark; this measurement was left out.',
  },
  'location/transcript-signature': {
    meaning: 'The session key did not sign the rounds of a measurement: the agent never agreed to it.',
    action: 'stop',
    next: 'Measure again; this measurement was left out.',
  },
  'location/challenge-mismatch': {
    meaning: 'A round was not answered by the session key, or the rounds shown are not the ones agreed to.',
    action: 'stop',
    next: 'Look for a relay between landmark and agent; this measurement was left out.',
  },
  'location/weak-challenge': {
    meaning: 'A challenge or nonce is too short, or was used twice: its answer could have been prepared.',
    action: 'collect-again',
    next: 'Have the landmark or agent use fresh random values of full length; this measurement was left out.',
  },
  'location/sample-mismatch': {
    meaning: 'Counts or minimum of a measurement do not follow from its samples.',
    action: 'collect-again',
    next: 'Tell the operator of the landmark; this measurement was left out.',
  },
  'location/unauthenticated-sample': {
    meaning:
      'Samples of a measurement need no secret to answer, or no device report backs them: anybody on the way could have answered.',
    action: 'collect-again',
    next: 'Use rounds signed by the session key, or give the report of every round a GPU answered; this measurement was left out.',
  },
  'location/bracket-mismatch': {
    meaning: 'The evidence after the measurements is of other devices, another boot or another agent than before.',
    action: 'stop',
    next: 'Do not trust the measurements: the key may have changed hands in between.',
  },
  'location/gpu-cpu-not-bound': {
    meaning: 'The evidence of the confidential machine does not cover this challenge and these device reports.',
    action: 'stop',
    next: "Have the agent request the machine's evidence after the device reports, over both.",
  },
  'location/confidential-vm-refused': {
    meaning: 'The verifier of the confidential machine refused its evidence.',
    action: 'stop',
    next: 'See the cause for its reason.',
  },
  'location/issuer-unknown': {
    meaning: 'A location claim names an issuer the caller does not trust.',
    action: 'review-policy',
    next: 'Add the issuer and its keys, if its word is worth having.',
  },
  'location/no-location': {
    meaning: 'A token states no location and no jurisdiction.',
    action: 'fix-input',
    next: 'Pass the token that carries the location claim.',
  },
  'location/result-not-affirming': {
    meaning: 'The place stands in an appraisal result that its own signer does not call affirmed.',
    action: 'stop',
    next: 'Ask the issuer why its result is not affirming; do not use the place in it.',
  },
  'location/unbound': {
    meaning: 'A location claim does not say which device it is about.',
    action: 'collect-again',
    next: 'Have the issuer name the device by ueid, evidence digest or session key; or waive device-binding with a reason.',
  },
  'location/device-mismatch': {
    meaning: 'A location claim is about another device.',
    action: 'stop',
    next: 'Do not use the claim for this device.',
  },
}
