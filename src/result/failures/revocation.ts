// Failures of the revocation domain: OCSP responses, revocation lists, and what they say.
import type { FailureGuide, None } from './table.js'

interface Window {
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

interface Revocation {
  readonly serialNumber: string
  readonly source: 'ocsp' | 'crl'
  readonly revokedAt: Date
  readonly reason: string | undefined
}

interface UpdateTimes {
  readonly producedAt: Date
  readonly thisUpdate: Date
  readonly nextUpdate: Date | undefined
}

export interface RevocationFailures {
  readonly parse: {
    readonly 'ocsp/status': { readonly value: number }
    readonly 'ocsp/response-type': { readonly oid: string }
    readonly 'ocsp/version': None
    readonly 'ocsp/cert-id-hash': { readonly oid: string }
    readonly 'ocsp/time-order': UpdateTimes
    readonly 'ocsp/critical-extension': { readonly oid: string }
    readonly 'ocsp/too-many-responses': { readonly limit: number }
    readonly 'ocsp/too-many-certificates': { readonly limit: number }
    readonly 'revocation/reason': { readonly value: number }
    readonly 'crl/version': { readonly version: number }
    readonly 'crl/signature-algorithm-mismatch': { readonly signed: string; readonly outer: string }
    readonly 'crl/time-order': { readonly thisUpdate: Date; readonly nextUpdate: Date }
    readonly 'crl/too-many-entries': { readonly limit: number }
    readonly 'crl/duplicate-entry': { readonly serialNumber: string }
    readonly 'crl/critical-entry-extension': { readonly oid: string }
    readonly 'crl/critical-extension': { readonly oid: string }
    readonly 'crl/delta': None
    readonly 'crl/indirect': None
    readonly 'crl/some-reasons': None
    readonly 'crl/attribute-certificates': None
    readonly 'crl/scope': None
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
    readonly 'crl/issuer-key-usage': None
    readonly 'crl/signature-algorithm': { readonly oid: string }
    readonly 'crl/signature-invalid': None
    readonly 'crl/not-yet-valid': Window
    readonly 'crl/stale': Window
    readonly 'crl/too-old': Window
    readonly 'crl/wrong-scope': { readonly serialNumber: string }
    readonly 'revocation/revoked': Revocation
    readonly 'revocation/on-hold': Revocation
    readonly 'revocation/never-issued': Revocation
    readonly 'revocation/unknown': { readonly serialNumber: string; readonly source: 'ocsp' | 'crl' }
    readonly 'revocation/work-limit': { readonly serialNumber: string; readonly limit: number }
    readonly 'revocation/no-evidence': {
      readonly serialNumber: string
      readonly ocspResponses: number
      readonly crls: number
    }
  }
  readonly appraise: None
  readonly collect: None
}

export const revocationGuide: FailureGuide<RevocationFailures> = {
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
    'revocation/reason': {
      meaning: 'A revocation reason is undefined, or is removeFromCRL, which has a meaning in delta lists only.',
      action: 'collect-again',
      next: 'Obtain the response or list again.',
    },
    'crl/version': {
      meaning: 'The revocation list is not of version 2.',
      action: 'collect-again',
      next: 'Obtain a version 2 list; older ones cannot say what they cover.',
    },
    'crl/signature-algorithm-mismatch': {
      meaning: 'The signature algorithm of the revocation list differs between its signed and its unsigned part.',
      action: 'collect-again',
      next: 'Obtain the list again; it was damaged or tampered with.',
    },
    'crl/time-order': {
      meaning: 'The revocation list is due for renewal before it was issued.',
      action: 'collect-again',
      next: 'Obtain the list again; if it repeats, the issuer made a mistake.',
    },
    'crl/too-many-entries': {
      meaning: 'The revocation list has more entries than the limit that bounds the work done on it.',
      action: 'collect-again',
      next: 'Use OCSP for this issuer, or a list it splits by scope.',
    },
    'crl/duplicate-entry': {
      meaning: 'The revocation list has two entries for one certificate.',
      action: 'collect-again',
      next: 'Obtain the list again; if it repeats, the issuer made a mistake.',
    },
    'crl/critical-entry-extension': {
      meaning:
        'An entry of the revocation list has a critical extension that is not understood, or is about another issuer.',
      action: 'collect-again',
      next: "Obtain the issuer's own complete list.",
    },
    'crl/critical-extension': {
      meaning: 'The revocation list has a critical extension that is not understood.',
      action: 'collect-again',
      next: 'Obtain a list without it, or use OCSP for this issuer.',
    },
    'crl/delta': {
      meaning: 'The revocation list holds only changes since another list.',
      action: 'collect-again',
      next: 'Obtain the complete list.',
    },
    'crl/indirect': {
      meaning: 'The revocation list speaks for several issuers.',
      action: 'collect-again',
      next: "Obtain the issuer's own list.",
    },
    'crl/some-reasons': {
      meaning: 'The revocation list covers only some reasons for revocation.',
      action: 'collect-again',
      next: 'Obtain the list for all reasons.',
    },
    'crl/attribute-certificates': {
      meaning: 'The revocation list covers attribute certificates only.',
      action: 'collect-again',
      next: 'Obtain the list for public key certificates.',
    },
    'crl/scope': {
      meaning: 'The revocation list says that it covers end entities only and authorities only, which is nothing.',
      action: 'collect-again',
      next: 'Obtain the list again; if it repeats, the issuer made a mistake.',
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
    'crl/issuer-key-usage': {
      meaning: 'The issuer of the revocation list may not sign such lists.',
      action: 'stop',
      next: 'Do not trust the list; use OCSP for this issuer.',
    },
    'crl/signature-algorithm': {
      meaning: 'The revocation list is signed with an algorithm that is not allowed.',
      action: 'review-policy',
      next: 'Allow the algorithm if the issuer is known to use it.',
    },
    'crl/signature-invalid': {
      meaning: 'The signature of the revocation list is not that of the issuer it names.',
      action: 'stop',
      next: 'Do not trust the list: it was changed, or made with another key. Obtain it again over another way.',
    },
    'crl/not-yet-valid': {
      meaning: 'The revocation list is valid only from a time after the time of verification.',
      action: 'collect-again',
      next: 'Check the clock; then obtain the list again.',
    },
    'crl/stale': {
      meaning: 'The revocation list was due for renewal at the time of verification.',
      action: 'collect-again',
      next: 'Obtain the current list.',
    },
    'crl/too-old': {
      meaning: 'The revocation list states no time of renewal and is older than the policy allows.',
      action: 'collect-again',
      next: 'Obtain the current list.',
    },
    'crl/wrong-scope': {
      meaning: 'The revocation list does not cover certificates of this kind or from this distribution point.',
      action: 'collect-again',
      next: 'Obtain the list that the certificate names.',
    },
    'revocation/revoked': {
      meaning: 'The certificate has been revoked by its issuer.',
      action: 'stop',
      next: 'Do not trust the device or signer; find out from the issuer why it was revoked.',
    },
    'revocation/on-hold': {
      meaning: 'The certificate is on hold: revoked for the time being.',
      action: 'stop',
      next: 'Do not trust it until the issuer lifts the hold, unless the policy accepts holds for a known reason.',
    },
    'revocation/never-issued': {
      meaning: 'The responder says that the issuer never issued this certificate.',
      action: 'stop',
      next: 'Do not trust the device or signer: its certificate is a forgery, or the issuer has lost its records.',
    },
    'revocation/unknown': {
      meaning: 'The responder does not know the certificate.',
      action: 'stop',
      next: 'Check that the responder is the one for this issuer; if it is, the issuer may never have issued the certificate.',
    },
    'revocation/work-limit': {
      meaning: 'So many bad responses and lists about one certificate were offered that the others were not looked at.',
      action: 'fix-input',
      next: 'Pass one current OCSP response or list per certificate; find out where the bad ones come from.',
    },
    'revocation/no-evidence': {
      meaning: 'Nothing that was offered tells whether the certificate is revoked.',
      action: 'collect-again',
      next: 'Collect an OCSP response or revocation list for each certificate that needs one.',
    },
  },
  appraise: {},
  collect: {},
}
