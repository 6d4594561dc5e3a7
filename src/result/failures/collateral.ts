// Failures of collateral: the offline bundle's form, and everything that can go wrong while collecting.
import type { FailureGuide, None } from './table.js'

/** What every collecting failure says: which document is missing, and where it was looked for. */
interface Missing {
  /** In words, e.g. `manifest NV_GPU_DRIVER_GH100_550.90.07`. */
  readonly document: string
  readonly url: string
}

export interface CollateralFailures {
  readonly parse: {
    readonly 'collateral/format': { readonly found: string }
    readonly 'collateral/version': { readonly found: number; readonly supported: number }
    readonly 'collateral/unknown-field': { readonly name: string }
    readonly 'collateral/too-many': { readonly limit: number; readonly actual: number }
    readonly 'collateral/time': { readonly found: string }
    readonly 'collateral/source': { readonly found: string }
    readonly 'collateral/manifest-id': { readonly found: string }
    readonly 'collateral/nonce': { readonly length: number }
  }
  readonly verify: None
  readonly appraise: None
  readonly collect: {
    readonly 'collect/no-manifest-id': { readonly kind: 'driver' | 'firmware'; readonly product: string }
    readonly 'collect/manifest-id': { readonly found: string }
    readonly 'collect/no-issuer': { readonly document: string; readonly issuer: string }
    readonly 'collect/url': { readonly document: string; readonly url: string }
    readonly 'collect/host-not-allowed': Missing & { readonly origin: string }
    readonly 'collect/redirect': Missing & { readonly status: number; readonly location: string | undefined }
    readonly 'collect/not-found': Missing & { readonly status: number }
    readonly 'collect/forbidden': Missing & { readonly status: number }
    readonly 'collect/rate-limited': Missing & {
      readonly attempts: number
      readonly retryAfterSeconds: number | undefined
    }
    readonly 'collect/server-error': Missing & { readonly attempts: number; readonly status: number }
    readonly 'collect/unexpected-status': Missing & { readonly status: number }
    readonly 'collect/timeout': Missing & { readonly attempts: number; readonly limitMs: number }
    readonly 'collect/deadline': Missing & { readonly limitMs: number }
    readonly 'collect/aborted': Missing
    readonly 'collect/network': Missing & { readonly attempts: number; readonly reason: string }
    readonly 'collect/too-large': Missing & { readonly limit: number }
    readonly 'collect/malformed': Missing & { readonly cause: string; readonly causeAt: string }
    readonly 'collect/wrong-id': Missing & { readonly expected: string; readonly found: string }
    readonly 'collect/digest-mismatch': Missing & { readonly expected: string; readonly actual: string }
    readonly 'collect/responder-busy': Missing & { readonly attempts: number; readonly status: string }
    readonly 'collect/responder-refused': Missing & { readonly status: string }
    readonly 'collect/wrong-certificate': Missing & { readonly serialNumber: string }
    readonly 'collect/nonce-missing': Missing
    readonly 'collect/nonce-mismatch': Missing & { readonly expected: string; readonly actual: string }
    readonly 'collect/stale': Missing & { readonly nextUpdate: Date | undefined; readonly now: Date }
    readonly 'collect/not-yet-valid': Missing & { readonly thisUpdate: Date; readonly now: Date }
  }
}

const bundle = 'Make the bundle again with `gpu-attestation collect`, or correct the field.'
const later = 'Collect again later; a bundle collected before can be used until its documents run out.'
const server =
  'Check that the address is the vendor service or your own mirror of it; do not use that server otherwise.'
const route = 'Check the network, proxy and name resolution between here and the service, then collect again.'

export const collateralGuide: FailureGuide<CollateralFailures> = {
  parse: {
    'collateral/format': {
      meaning: 'The file is not a collateral bundle.',
      action: 'fix-input',
      next: 'Pass the file that `gpu-attestation collect` wrote.',
    },
    'collateral/version': {
      meaning: 'The bundle is of a version this release does not read.',
      action: 'fix-input',
      next: 'Use the release that wrote the bundle, or collect again with this one.',
    },
    'collateral/unknown-field': {
      meaning: 'The bundle has a field that its version does not define.',
      action: 'fix-input',
      next: bundle,
    },
    'collateral/too-many': {
      meaning: 'The bundle holds more documents of one kind than are read.',
      action: 'fix-input',
      next: 'Split the bundle, one for each group of devices.',
    },
    'collateral/time': {
      meaning: 'A time in the bundle is not a UTC instant such as 2026-11-23T12:00:00.000Z.',
      action: 'fix-input',
      next: bundle,
    },
    'collateral/source': {
      meaning: 'The source of a document in the bundle is not a web address.',
      action: 'fix-input',
      next: bundle,
    },
    'collateral/manifest-id': {
      meaning: 'A manifest identifier in the bundle has characters or a length that no identifier has.',
      action: 'fix-input',
      next: bundle,
    },
    'collateral/nonce': {
      meaning: 'A nonce in the bundle is empty or longer than 128 bytes.',
      action: 'fix-input',
      next: bundle,
    },
  },
  verify: {},
  appraise: {},
  collect: {
    'collect/no-manifest-id': {
      meaning: 'The report does not state what the identifier of its manifest is made of, or none is published for it.',
      action: 'review-policy',
      next: 'The measurements of this device cannot be compared; decide by policy whether it may pass without.',
    },
    'collect/manifest-id': {
      meaning: 'The report states a version or board number that cannot be part of a manifest identifier.',
      action: 'stop',
      next: 'Genuine reports have letters, digits, dots and underscores there; inspect the evidence.',
    },
    'collect/no-issuer': {
      meaning: 'A certificate came without its issuer, so that its status cannot be asked for.',
      action: 'fix-input',
      next: 'Pass the whole certificate chain, or the trust anchors, to the collector.',
    },
    'collect/url': {
      meaning: 'The address of a document is not a plain web address.',
      action: 'fix-input',
      next: 'Correct the address; it must not carry a user name or password.',
    },
    'collect/host-not-allowed': {
      meaning: 'A document lies on a host that is not on the list of allowed ones, so it was not asked for.',
      action: 'review-policy',
      next: 'Add the origin to the allowed ones only if you mean to connect to it.',
    },
    'collect/redirect': {
      meaning: 'The service sent the request elsewhere; redirections are not followed.',
      action: 'stop',
      next: server,
    },
    'collect/not-found': {
      meaning: 'The service does not have the document.',
      action: 'collect-again',
      next: 'New firmware and drivers get their manifests later: check the version, wait for it, or ask the vendor.',
    },
    'collect/forbidden': {
      meaning: 'The service refuses access to the document.',
      action: 'fix-input',
      next: 'Pass a valid access token for the service.',
    },
    'collect/rate-limited': {
      meaning: 'The service asks for fewer requests, and the time allowed ran out before it would answer.',
      action: 'collect-again',
      next: 'Wait as long as the service asks, share one cache between requests, or use an access token.',
    },
    'collect/server-error': {
      meaning: 'The service failed, each time it was asked.',
      action: 'collect-again',
      next: later,
    },
    'collect/unexpected-status': {
      meaning: 'The service answered with an HTTP status that has no meaning here.',
      action: 'collect-again',
      next: server,
    },
    'collect/timeout': {
      meaning: 'The service did not answer in the time allowed for one request, each time it was asked.',
      action: 'collect-again',
      next: route,
    },
    'collect/deadline': {
      meaning: 'The time allowed for the whole collection ran out.',
      action: 'collect-again',
      next: 'Allow more time, or collect again: what was obtained can be kept in the cache.',
    },
    'collect/aborted': {
      meaning: 'The caller stopped the collection.',
      action: 'collect-again',
      next: 'Collect again when it is wanted.',
    },
    'collect/network': {
      meaning: 'The connection to the service could not be made or broke off.',
      action: 'collect-again',
      next: route,
    },
    'collect/too-large': {
      meaning: 'The answer is larger than any genuine document; reading stopped.',
      action: 'stop',
      next: server,
    },
    'collect/malformed': {
      meaning: 'The answer is not a document of the form asked for; the cause names what is wrong with it.',
      action: 'collect-again',
      next: server,
    },
    'collect/wrong-id': {
      meaning: 'The service answered with another manifest than the one asked for.',
      action: 'stop',
      next: server,
    },
    'collect/digest-mismatch': {
      meaning: 'The manifest does not have the digest that the service states for it.',
      action: 'collect-again',
      next: 'Collect again; if it stays so, tell the vendor: the service contradicts itself.',
    },
    'collect/responder-busy': {
      meaning: 'The OCSP responder had no answer for now, each time it was asked.',
      action: 'collect-again',
      next: later,
    },
    'collect/responder-refused': {
      meaning: 'The OCSP responder refuses to answer about this certificate.',
      action: 'collect-again',
      next: 'Check that the responder is the one for this issuer; NVIDIA answers so for issuers it does not know.',
    },
    'collect/wrong-certificate': {
      meaning: 'The OCSP response is about another certificate, or another hash of its issuer.',
      action: 'collect-again',
      next: server,
    },
    'collect/nonce-missing': {
      meaning: 'A nonce was sent and the OCSP response has none: it may have been made earlier.',
      action: 'review-policy',
      next: 'Ask the responder itself instead of a cache, or collect without nonces.',
    },
    'collect/nonce-mismatch': {
      meaning: 'The OCSP response answers another request: its nonce is not the one sent.',
      action: 'stop',
      next: 'Somebody may replay old answers; check what lies between here and the responder.',
    },
    'collect/stale': {
      meaning:
        'The document was out of date when it was obtained. It is in the bundle, but only for an appraisal of the past.',
      action: 'collect-again',
      next: 'Check the clock here; if it is right, the service hands out old answers: collect again later.',
    },
    'collect/not-yet-valid': {
      meaning: 'The document begins later than the time at which it was obtained.',
      action: 'collect-again',
      next: 'Check the clock here.',
    },
  },
}
