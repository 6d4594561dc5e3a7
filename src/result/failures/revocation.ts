// Failures of revocation lists, and of what lists and responses say about a certificate.
import type { Window } from './ocsp.js'
import type { FailureGuide, None } from './table.js'

interface Revocation {
  readonly serialNumber: string
  readonly source: 'ocsp' | 'crl'
  readonly revokedAt: Date
  readonly reason: string | undefined
}

export interface RevocationFailures {
  readonly parse: {
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
