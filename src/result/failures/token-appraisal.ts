// Failures of appraising a token: what an attestation service states does not satisfy the policy, or is not stated.
import type { FailureAdvice, None } from './table.js'

export interface TokenAppraisalFailures {
  readonly 'token/overall-result': None
  readonly 'token/device-refused': { readonly serviceCode: number; readonly description: string | null }
  readonly 'token/check-failed': { readonly claim: string }
  readonly 'token/not-stated': { readonly claim: string }
  readonly 'token/cannot-show': { readonly what: string }
  readonly 'token/certificate-status': { readonly chain: string; readonly status: string }
  readonly 'token/certificate-revoked': { readonly chain: string; readonly reason: string | null }
  readonly 'token/certificate-on-hold': { readonly chain: string }
  readonly 'token/revocation-unknown': { readonly chain: string; readonly ocspStatus: string }
  readonly 'token/measurements': { readonly measres: string; readonly mismatches: number }
  readonly 'token/measurements-not-compared': { readonly measres: string }
  readonly 'token/security-versions': { readonly mismatches: number }
  readonly 'token/debug-state': { readonly dbgstat: string | null; readonly secboot: boolean | null }
  readonly 'token/warning': { readonly warning: string }
  readonly 'token/unknown-product': { readonly hwmodel: string }
}

export const tokenAppraisalGuide: { readonly [C in keyof TokenAppraisalFailures]: FailureAdvice } = {
  'token/overall-result': {
    meaning: 'The service says that its own overall judgement is negative.',
    action: 'stop',
    next: 'Look at the devices of the token for the cause; do not admit the system.',
  },
  'token/device-refused': {
    meaning: 'The service refused to attest a device; the details carry its error code.',
    action: 'stop',
    next: 'Look the service’s error code up (4010 means another nonce), correct the cause, and collect evidence again.',
  },
  'token/check-failed': {
    meaning: 'The service says that one of its checks failed; the details name it.',
    action: 'stop',
    next: 'Do not admit the device; appraise its evidence directly to find the cause.',
  },
  'token/not-stated': {
    meaning: 'The token leaves out a claim that the policy depends on.',
    action: 'collect-again',
    next: 'Request a newer claims version from the service.',
  },
  'token/cannot-show': {
    meaning: 'Tokens of this version never show this, whatever the evidence was.',
    action: 'review-policy',
    next: 'Appraise the evidence itself, or waive this one check by name with your reason.',
  },
  'token/certificate-status': {
    meaning: 'The service says that a certificate chain is expired or invalid.',
    action: 'stop',
    next: 'Do not admit the device; for a manifest, ask for its current issue.',
  },
  'token/certificate-revoked': {
    meaning: 'The service says that a certificate is revoked.',
    action: 'stop',
    next: 'Do not admit the device; for a manifest, update driver or firmware.',
  },
  'token/certificate-on-hold': {
    meaning: 'The service says that a certificate is on hold, which is usual for drivers before their release.',
    action: 'review-policy',
    next: 'Use a released driver, or accept certificates on hold in the policy.',
  },
  'token/revocation-unknown': {
    meaning: 'The token does not show that a certificate chain is unrevoked.',
    action: 'collect-again',
    next: 'Ask the service again; if it stays, appraise the evidence with your own revocation data.',
  },
  'token/measurements': {
    meaning: 'The service says that measurements differ from the reference values.',
    action: 'stop',
    next: 'Do not trust the device; the mismatch records in the token name the indices.',
  },
  'token/measurements-not-compared': {
    meaning: 'The service says that it did not compare the measurements.',
    action: 'collect-again',
    next: 'Ask the service again; if it stays, there are no reference values for this device.',
  },
  'token/security-versions': {
    meaning: 'The service says that a security version number is below the manifest’s minimum.',
    action: 'stop',
    next: 'Update the firmware, then collect evidence again.',
  },
  'token/debug-state': {
    meaning: 'The service does not say that secure boot is on and debugging disabled.',
    action: 'stop',
    next: 'Do not trust the device; the service says neither after a mismatch of measurements.',
  },
  'token/warning': {
    meaning: 'The service attached a warning to its result.',
    action: 'review-policy',
    next: 'Read the warning; waive this check by name with your reason if it does not matter to you.',
  },
  'token/unknown-product': {
    meaning: 'The token names a chip this version does not know.',
    action: 'review-policy',
    next: 'Update the library, or waive this one check by name with your reason.',
  },
}
