// Failures of tokens: JWS, JWK, COSE, CWT, EAT and the tokens of NVIDIA's remote attestation service.
import type { FailureGuide, None } from './table.js'
import { type TokenAppraisalFailures, tokenAppraisalGuide } from './token-appraisal.js'

export interface TokenFailures {
  readonly parse: {
    readonly 'jws/form': { readonly parts: number }
    readonly 'jwk/private': None
    readonly 'jwk/invalid': { readonly reason: string }
    readonly 'cose/untagged': { readonly expected: number }
    readonly 'cose/tag': { readonly tag: string; readonly expected: number }
    readonly 'cose/form': { readonly expected: string }
    readonly 'cose/header': { readonly expected: string }
    readonly 'cose/header-overlap': { readonly label: string }
    readonly 'cose/detached-payload': None
    readonly 'cose-key/private': None
    readonly 'cose-key/invalid': { readonly reason: string }
    readonly 'token/claim-type': { readonly expected: string }
    readonly 'eat/nesting': { readonly limit: number }
    readonly 'eat/submodule-form': None
    readonly 'eat/digest-algorithm': None
    readonly 'eat/bundle-form': { readonly expected: string }
    readonly 'nras/form': { readonly expected: string }
    readonly 'nras/too-many-devices': { readonly limit: number; readonly actual: number }
    readonly 'nras/claims-version': { readonly version: string }
    readonly 'nras/device-kind': { readonly label: string }
  }
  readonly verify: {
    readonly 'token/algorithm-missing': None
    readonly 'token/algorithm-unprotected': None
    readonly 'token/algorithm-not-allowed': { readonly algorithm: string; readonly allowed: readonly string[] }
    readonly 'token/type-mismatch': { readonly type: string | null; readonly expected: readonly (string | null)[] }
    readonly 'token/critical-header': None
    readonly 'token/key-not-found': { readonly keys: number; readonly algorithm: string }
    readonly 'token/key-ambiguous': { readonly matches: number }
    readonly 'token/key-mismatch': { readonly algorithm: string }
    readonly 'token/key-expired': { readonly notAfter: string; readonly now: string }
    readonly 'token/key-not-yet-valid': { readonly notBefore: string; readonly now: string }
    readonly 'token/signature-invalid': { readonly algorithm: string }
    readonly 'token/issuer-mismatch': { readonly issuer: string | null; readonly expected: string }
    readonly 'token/audience-mismatch': { readonly audience: readonly string[]; readonly expected: string | null }
    readonly 'token/claim-missing': { readonly claim: string }
    readonly 'token/expired': { readonly expiresAt: number; readonly now: number }
    readonly 'token/not-yet-valid': { readonly notBefore: number; readonly now: number }
    readonly 'token/issued-in-future': { readonly issuedAt: number; readonly now: number }
    readonly 'token/too-old': { readonly issuedAt: number; readonly now: number; readonly maxAgeSeconds: number }
    readonly 'eat/nonce-missing': None
    readonly 'eat/nonce-encoding': { readonly expected: 'hex' }
    readonly 'eat/nonce-mismatch': None
    readonly 'eat/profile-mismatch': { readonly profile: string | null; readonly expected: string }
    readonly 'eat/digest-mismatch': None
    readonly 'eat/detached-missing': None
    readonly 'eat/detached-unbound': None
    readonly 'nras/subject': { readonly subject: string | null }
    readonly 'nras/duplicate-device': { readonly ueid: string; readonly first: string }
    readonly 'nras/key-certificate-mismatch': None
    readonly 'nras/key-expired': { readonly notAfter: string; readonly now: string }
    readonly 'nras/key-not-yet-valid': { readonly notBefore: string; readonly now: string }
  }
  readonly appraise: TokenAppraisalFailures
  readonly collect: None
}

export const tokenGuide: FailureGuide<TokenFailures> = {
  parse: {
    'jws/form': {
      meaning: 'A token does not have the three parts of a compact JWS.',
      action: 'fix-input',
      next: 'Pass the token as issued: header, payload and signature, joined by dots.',
    },
    'jwk/private': {
      meaning: 'A key set holds a private or symmetric key.',
      action: 'stop',
      next: 'Treat that key as disclosed, replace it, and pass a set of public keys only.',
    },
    'jwk/invalid': {
      meaning:
        'A key of the set must not be used: a wrong length, a point off its curve, or RSA numbers out of bounds.',
      action: 'fix-input',
      next: 'Fetch the key set again from its owner; if it is unchanged, ask the owner.',
    },
    'cose/untagged': {
      meaning: 'A message carries no CBOR tag that says what it is.',
      action: 'fix-input',
      next: 'Have the issuer send COSE_Sign1 with tag 18, inside tag 61 for a CWT.',
    },
    'cose/tag': {
      meaning: 'A message is tagged as something other than COSE_Sign1: another COSE structure, or no COSE at all.',
      action: 'fix-input',
      next: 'Have the issuer sign with COSE_Sign1 (tag 18); MACs and several signatures are not accepted.',
    },
    'cose/form': {
      meaning: 'A COSE_Sign1 does not have its four parts.',
      action: 'fix-input',
      next: 'Transfer the message again; if it is unchanged, ask its issuer.',
    },
    'cose/header': {
      meaning: 'A COSE header parameter has the wrong type.',
      action: 'fix-input',
      next: 'Ask the issuer to follow RFC 9052 section 3.1.',
    },
    'cose/header-overlap': {
      meaning: 'One header parameter is both inside and outside the signature.',
      action: 'stop',
      next: 'Do not use the message: one of the two values may have been added on the way.',
    },
    'cose/detached-payload': {
      meaning: 'The message leaves its payload out.',
      action: 'fix-input',
      next: 'Have the issuer include the payload; detached content is not accepted.',
    },
    'cose-key/private': {
      meaning: 'A COSE_Key holds a private part.',
      action: 'stop',
      next: 'Treat that key as disclosed and replace it.',
    },
    'cose-key/invalid': {
      meaning:
        'A COSE_Key must not be used: unknown kind, wrong length, a point off its curve, or not meant for verification.',
      action: 'fix-input',
      next: 'Ask the issuer for a public key with both coordinates, or Ed25519, or RSA.',
    },
    'token/claim-type': {
      meaning: 'A claim has a value of another type or size than its standard says.',
      action: 'fix-input',
      next: 'Ask the issuer to encode the claim as its standard says; the path names it.',
    },
    'eat/nesting': {
      meaning: 'Submodules are nested deeper than the limit.',
      action: 'fix-input',
      next: 'Check that this is the right token; genuine ones nest a few levels only.',
    },
    'eat/submodule-form': {
      meaning: 'A submodule is none of a claims set, a digest and a nested token.',
      action: 'fix-input',
      next: 'Ask the issuer to follow RFC 9711 section 4.2.18.',
    },
    'eat/digest-algorithm': {
      meaning: 'A submodule is committed to with a hash that is unknown or too weak.',
      action: 'fix-input',
      next: 'Ask the issuer for SHA-256, SHA-384 or SHA-512.',
    },
    'eat/bundle-form': {
      meaning: 'The input is not a detached EAT bundle.',
      action: 'fix-input',
      next: 'Pass the bundle of RFC 9711 section 5: a signed token and the claims sets it commits to.',
    },
    'nras/form': {
      meaning: 'The response is not the container the attestation service sends when it has judged evidence.',
      action: 'collect-again',
      next: 'Look at the response: it may be an error report; then ask the service again.',
    },
    'nras/too-many-devices': {
      meaning: 'The response has more device tokens than the limit.',
      action: 'fix-input',
      next: 'Check that this is one response for one system.',
    },
    'nras/claims-version': {
      meaning: 'The claims are of a version this library does not know.',
      action: 'fix-input',
      next: 'Request claims version 2.0, 3.0 or 4.0, or update the library.',
    },
    'nras/device-kind': {
      meaning: 'A device token is neither for a GPU nor for a switch, or its label says otherwise than its claims.',
      action: 'stop',
      next: 'Do not use the response; report it to the operator of the service.',
    },
  },
  verify: {
    'token/algorithm-missing': {
      meaning: 'The protected header names no signature algorithm.',
      action: 'fix-input',
      next: 'Ask the issuer to name the algorithm in the protected header.',
    },
    'token/algorithm-unprotected': {
      meaning: 'The signature algorithm is named only outside the signature, where anybody can change it.',
      action: 'fix-input',
      next: 'Ask the issuer to move `alg` into the protected header.',
    },
    'token/algorithm-not-allowed': {
      meaning: 'The token is signed with an algorithm that was not asked for.',
      action: 'stop',
      next: 'Do not use the token. If the issuer really uses this algorithm, and it is sound, add it to the list.',
    },
    'token/type-mismatch': {
      meaning: 'The token declares another type than the one expected, so it was made for another purpose.',
      action: 'stop',
      next: 'Do not use the token here; find out which kind of token the issuer meant to send.',
    },
    'token/critical-header': {
      meaning: 'The token depends on an extension this library does not implement.',
      action: 'fix-input',
      next: 'Ask the issuer for a token without critical header parameters.',
    },
    'token/key-not-found': {
      meaning: 'None of the trusted keys is the one the token names, or fits its algorithm.',
      action: 'collect-again',
      next: 'Fetch the current key set of the issuer; for an old token, use the set archived with it.',
    },
    'token/key-ambiguous': {
      meaning: 'More than one trusted key could be meant.',
      action: 'fix-input',
      next: 'Pass the keys of one issuer only, each with its own key id.',
    },
    'token/key-mismatch': {
      meaning: 'The key the token names does not fit the algorithm it is signed with.',
      action: 'stop',
      next: 'Do not use the token; it may try to pass one kind of key for another.',
    },
    'token/key-expired': {
      meaning: 'The certificate path of the signing key has expired.',
      action: 'collect-again',
      next: 'Obtain a token signed with a current key.',
    },
    'token/key-not-yet-valid': {
      meaning: 'The certificate path of the signing key is not valid yet.',
      action: 'stop',
      next: 'Check the clock first; if it is right, do not use the token.',
    },
    'token/signature-invalid': {
      meaning: 'The signature does not match the content.',
      action: 'stop',
      next: 'Do not use the token: it was changed, or was not made by the holder of the key.',
    },
    'token/issuer-mismatch': {
      meaning: 'The token is by another issuer than the one expected.',
      action: 'stop',
      next: 'Check which service the token came from, and the address it was asked at.',
    },
    'token/audience-mismatch': {
      meaning: 'The token is meant for somebody else.',
      action: 'stop',
      next: 'Do not use the token; ask for one that names this verifier.',
    },
    'token/claim-missing': {
      meaning: 'A claim that is required here is absent.',
      action: 'collect-again',
      next: 'Ask the issuer for a token with the claim; the details name it.',
    },
    'token/expired': {
      meaning: 'The token is no longer valid.',
      action: 'collect-again',
      next: 'Obtain a new token; to look at an old one, verify it at a time within its validity.',
    },
    'token/not-yet-valid': {
      meaning: 'The token is not valid yet.',
      action: 'collect-again',
      next: 'Compare the clocks of issuer and verifier, then try again.',
    },
    'token/issued-in-future': {
      meaning: 'The token says it was issued later than now.',
      action: 'stop',
      next: 'Compare the clocks of issuer and verifier; if they agree, do not use the token.',
    },
    'token/too-old': {
      meaning: 'The token was issued longer ago than accepted.',
      action: 'collect-again',
      next: 'Obtain a new token.',
    },
    'eat/nonce-missing': {
      meaning: 'The token does not say which request it answers.',
      action: 'stop',
      next: 'Do not use the token as fresh evidence: it could have been recorded earlier.',
    },
    'eat/nonce-encoding': {
      meaning: 'The nonce of the token is not the hexadecimal text the service writes.',
      action: 'stop',
      next: 'Do not use the token; check that the nonce was sent as lowercase hexadecimal.',
    },
    'eat/nonce-mismatch': {
      meaning: 'The token answers another request.',
      action: 'stop',
      next: 'Do not use the token; collect evidence again with a new nonce.',
    },
    'eat/profile-mismatch': {
      meaning: 'The token follows another profile than the one expected.',
      action: 'stop',
      next: 'Find out which profile the issuer uses and what it promises.',
    },
    'eat/digest-mismatch': {
      meaning: 'A part of the bundle is not the one the signed token commits to.',
      action: 'stop',
      next: 'Do not use the bundle: a part was changed or exchanged.',
    },
    'eat/detached-missing': {
      meaning: 'The signed token commits to a part that is not in the bundle.',
      action: 'stop',
      next: 'Do not use the bundle: a part was removed. Ask for it again.',
    },
    'eat/detached-unbound': {
      meaning: 'The bundle has a part that the signed token does not commit to.',
      action: 'stop',
      next: 'Do not use the bundle: a part was added.',
    },
    'nras/subject': {
      meaning: 'The first token of the response is not an overall result.',
      action: 'stop',
      next: 'Do not use the response: its tokens were exchanged.',
    },
    'nras/duplicate-device': {
      meaning: 'Two device tokens are about the same device.',
      action: 'stop',
      next: 'Do not count the devices of this response; one device answered for two.',
    },
    'nras/key-certificate-mismatch': {
      meaning: 'The certificate beside a key of the set is for another key.',
      action: 'stop',
      next: 'Do not use the key set; fetch it again over a connection you trust.',
    },
    'nras/key-expired': {
      meaning: 'The certificate beside the signing key has expired; the service signs with fresh keys only.',
      action: 'collect-again',
      next: 'Ask the service again; to look at an old response, verify it at the time it was made.',
    },
    'nras/key-not-yet-valid': {
      meaning: 'The certificate beside the signing key is not valid yet.',
      action: 'stop',
      next: 'Check the clock first; if it is right, do not use the response.',
    },
  },
  appraise: tokenAppraisalGuide,
  collect: {},
}
