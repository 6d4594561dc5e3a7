// Failures of OCSP responses.
import type { FailureGuide, None } from './table.js'

/** The time window of a response or list, and the instant it was judged at. */
export interface Window {
  readonly thisUpdate: Date
  readonly nextUpdate: Date | undefined
  readonly now: Date
}

interface CurrentResponder {
  readonly responder: string
  readonly serialNumber: string
  readonly notBefore: Date
  readonly notAfter: Date
  readonly now: Date
}

interface UpdateTimes {
  readonly producedAt: Date
  readonly thisUpdate: Date
  readonly nextUpdate: Date | undefined
}

export interface OcspFailures {
  readonly parse: {
    readonly 'ocsp/status': { readonly value: number }
    readonly 'ocsp/response-type': { readonly oid: string }
    readonly 'ocsp/version': None
    readonly 'ocsp/cert-id-hash': { readonly oid: string }
    readonly 'ocsp/time-order': UpdateTimes
    readonly 'ocsp/critical-extension': { readonly oid: string }
    readonly 'ocsp/too-many-responses': { readonly limit: number }
    readonly 'ocsp/too-many-certificates': { readonly limit: number }
  }
  readonly verify: {
    readonly 'ocsp/status-malformed-request': None
    readonly 'ocsp/status-internal-error': None
    readonly 'ocsp/status-try-later': None
    readonly 'ocsp/status-signature-required': None
    readonly 'ocsp/status-unauthorized': None
    readonly 'ocsp/wrong-certificate': { readonly serialNumber: string }
    readonly 'ocsp/ambiguous': { readonly serialNumber: string }
    readonly 'ocsp/responder-not-found': None
    readonly 'ocsp/responder-wrong-issuer': {
      readonly responder: string
      readonly expected: string
      readonly actual: string
    }
    readonly 'ocsp/responder-signature-algorithm': { readonly responder: string; readonly oid: string }
    readonly 'ocsp/responder-signature-invalid': { readonly responder: string }
    readonly 'ocsp/responder-not-authorised': { readonly responder: string }
    readonly 'ocsp/responder-key-usage': { readonly responder: string }
    readonly 'ocsp/responder-critical-extension': { readonly responder: string; readonly oid: string }
    readonly 'ocsp/responder-not-yet-valid': CurrentResponder
    readonly 'ocsp/responder-expired': CurrentResponder
    readonly 'ocsp/signature-algorithm': { readonly oid: string }
    readonly 'ocsp/signature-invalid': None
    readonly 'ocsp/nonce-missing': None
    readonly 'ocsp/nonce-mismatch': { readonly expected: string; readonly actual: string }
    readonly 'ocsp/not-yet-valid': Window
    readonly 'ocsp/stale': Window
    readonly 'ocsp/too-old': Window
    readonly 'ocsp/produced-in-future': { readonly producedAt: Date; readonly now: Date }
  }
  readonly appraise: None
  readonly collect: None
}

export const ocspGuide: FailureGuide<OcspFailures> = {
  parse: {
    'ocsp/status': {
      meaning: 'The OCSP response carries a response status that RFC 6960 does not define.',
      action: 'collect-again',
      next: 'Ask the responder again; if it repeats, the address is not that of an OCSP responder.',
    },
    'ocsp/response-type': {
      meaning: 'The OCSP response is of another type than the basic response.',
      action: 'collect-again',
      next: 'Ask a responder that gives basic responses.',
    },
    'ocsp/version': {
      meaning: 'The OCSP response states a version; the only one there is must be left out.',
      action: 'collect-again',
      next: 'Ask the responder again; the response was damaged or is not from a conforming responder.',
    },
    'ocsp/cert-id-hash': {
      meaning: 'The OCSP response identifies certificates by a hash that is not supported, or by one with parameters.',
      action: 'collect-again',
      next: 'Ask with SHA-1, SHA-256, SHA-384 or SHA-512 in the request.',
    },
    'ocsp/time-order': {
      meaning:
        'The times in the OCSP response contradict each other: known after it was signed, or renewed before it was known.',
      action: 'collect-again',
      next: 'Ask the responder again; if it repeats, its clock or its configuration is wrong.',
    },
    'ocsp/critical-extension': {
      meaning: 'The OCSP response has a critical extension that is not understood here.',
      action: 'collect-again',
      next: 'Ask the responder without the option that causes the extension.',
    },
    'ocsp/too-many-responses': {
      meaning: 'The OCSP response speaks about more certificates than the limit that bounds the work done on it.',
      action: 'collect-again',
      next: 'Ask about one certificate at a time.',
    },
    'ocsp/too-many-certificates': {
      meaning: 'The OCSP response carries more certificates than the limit that bounds the work done on it.',
      action: 'collect-again',
      next: 'Ask the responder again; genuine responses carry one certificate.',
    },
  },
  verify: {
    'ocsp/status-malformed-request': {
      meaning: 'The OCSP responder answered that the request was malformed.',
      action: 'collect-again',
      next: 'Check how the request was made and sent, then ask again.',
    },
    'ocsp/status-internal-error': {
      meaning: 'The OCSP responder answered that it has an internal error.',
      action: 'collect-again',
      next: 'Ask again later.',
    },
    'ocsp/status-try-later': {
      meaning: 'The OCSP responder answered that it cannot answer now.',
      action: 'collect-again',
      next: 'Ask again later.',
    },
    'ocsp/status-signature-required': {
      meaning: 'The OCSP responder answers signed requests only.',
      action: 'collect-again',
      next: 'Ask a responder that answers unsigned requests.',
    },
    'ocsp/status-unauthorized': {
      meaning: 'The OCSP responder does not know the issuer, or the caller may not ask it.',
      action: 'collect-again',
      next: 'Check the address of the responder, the issuer in the request and the access key.',
    },
    'ocsp/wrong-certificate': {
      meaning: 'The OCSP response says nothing about the certificate in question.',
      action: 'collect-again',
      next: 'Ask about this certificate, with the certificate that issued it.',
    },
    'ocsp/ambiguous': {
      meaning: 'The OCSP response holds two answers about one certificate.',
      action: 'collect-again',
      next: 'Ask about one certificate at a time.',
    },
    'ocsp/responder-not-found': {
      meaning: 'The OCSP response is signed by neither the issuer nor a certificate that came with it.',
      action: 'collect-again',
      next: 'Ask again; the response must carry the certificate of its responder.',
    },
    'ocsp/responder-wrong-issuer': {
      meaning: 'The OCSP responder was appointed by another authority than the issuer of the certificate.',
      action: 'stop',
      next: 'Do not trust the answer: a responder of another authority may not speak about this certificate.',
    },
    'ocsp/responder-signature-algorithm': {
      meaning: 'The certificate of the OCSP responder is signed with an algorithm that is not allowed.',
      action: 'review-policy',
      next: 'Allow the algorithm if the issuer is known to use it.',
    },
    'ocsp/responder-signature-invalid': {
      meaning: 'The certificate of the OCSP responder carries the name of the issuer but not its signature.',
      action: 'stop',
      next: 'Do not trust the answer: the responder was not appointed by the issuer.',
    },
    'ocsp/responder-not-authorised': {
      meaning: 'The certificate that signed the OCSP response is not meant for OCSP signing.',
      action: 'stop',
      next: 'Do not trust the answer: somebody with an ordinary certificate of the issuer signed it.',
    },
    'ocsp/responder-key-usage': {
      meaning: 'The certificate of the OCSP responder may not be used for digital signatures.',
      action: 'stop',
      next: 'Do not trust the answer; tell the operator of the responder.',
    },
    'ocsp/responder-critical-extension': {
      meaning: 'The certificate of the OCSP responder has a critical extension that is not understood.',
      action: 'collect-again',
      next: 'Ask a responder whose certificate has no such extension.',
    },
    'ocsp/responder-not-yet-valid': {
      meaning: 'The certificate of the OCSP responder is not valid yet at the time of verification.',
      action: 'collect-again',
      next: 'Check the clock; then ask again.',
    },
    'ocsp/responder-expired': {
      meaning: 'The certificate of the OCSP responder has expired at the time of verification.',
      action: 'collect-again',
      next: 'Check the clock; then ask again.',
    },
    'ocsp/signature-algorithm': {
      meaning: 'The OCSP response is signed with an algorithm that is not allowed.',
      action: 'review-policy',
      next: 'Allow the algorithm if the responder is known to use it.',
    },
    'ocsp/signature-invalid': {
      meaning: 'The signature of the OCSP response is not that of its responder.',
      action: 'stop',
      next: 'Do not trust the answer: it was changed after it was signed. Ask again over another way.',
    },
    'ocsp/nonce-missing': {
      meaning: 'The OCSP response has no nonce although the request had one.',
      action: 'collect-again',
      next: 'Ask a responder that returns the nonce, or ask without one if prepared answers will do.',
    },
    'ocsp/nonce-mismatch': {
      meaning: 'The OCSP response has another nonce than the request: it is the answer to another request.',
      action: 'collect-again',
      next: 'Ask again; if it repeats, something between here and the responder replays old answers.',
    },
    'ocsp/not-yet-valid': {
      meaning: 'The OCSP response is valid only from a time after the time of verification.',
      action: 'collect-again',
      next: 'Check the clock; then ask again.',
    },
    'ocsp/stale': {
      meaning: 'The OCSP response was due for renewal at the time of verification.',
      action: 'collect-again',
      next: 'Ask the responder for a new answer.',
    },
    'ocsp/too-old': {
      meaning: 'The OCSP response states no time of renewal and is older than the policy allows.',
      action: 'collect-again',
      next: 'Ask the responder for a new answer.',
    },
    'ocsp/produced-in-future': {
      meaning: 'The OCSP response was signed after the time of verification.',
      action: 'collect-again',
      next: 'Check the clock; then ask again.',
    },
  },
  appraise: {},
  collect: {},
}
