// Failures of X.509: certificates, names, DICE extensions, certificate paths.
import type { FailureGuide, None } from './table.js'

export interface X509Failures {
  readonly parse: {
    readonly 'certificate/version': { readonly version: number }
    readonly 'certificate/serial-number': { readonly reason: 'not-positive' | 'too-long' }
    readonly 'certificate/signature-algorithm-mismatch': { readonly signed: string; readonly outer: string }
    readonly 'certificate/empty-issuer': None
    readonly 'certificate/unique-identifier': None
    readonly 'certificate/extensions-need-v3': None
    readonly 'certificate/duplicate-extension': { readonly oid: string }
    readonly 'certificate/too-many-extensions': { readonly limit: number }
    readonly 'certificate/path-length-without-ca': None
    readonly 'certificate/no-key-usage': None
    readonly 'certificate/duplicate-policy': None
    readonly 'certificate/general-name': { readonly tag: number }
    readonly 'certificate/name-constraint-distance': None
    readonly 'certificate/pem-label': { readonly label: string }
    readonly 'name/string-type': { readonly tag: number }
    readonly 'name/control-character': None
    readonly 'dice/ambiguous': None
    readonly 'dice/version': { readonly version: number }
    readonly 'dice/tcb-info': { readonly tag: number }
    readonly 'dice/no-fwid': None
    readonly 'dice/hash': { readonly oid: string }
    readonly 'dice/flags': { readonly length: number }
    readonly 'dice/digest-length': { readonly actual: number }
    readonly 'dice/device-info': { readonly text: string }
  }
  readonly verify: {
    readonly 'certificate/not-yet-valid': { readonly notBefore: string; readonly now: string }
    readonly 'certificate/expired': { readonly notAfter: string; readonly now: string }
    readonly 'certificate/no-issuer': { readonly issuer: string }
    readonly 'certificate/untrusted-root': { readonly name: string }
    readonly 'certificate/loop': { readonly issuer: string }
    readonly 'certificate/wrong-anchor-key': { readonly name: string }
    readonly 'certificate/signature': { readonly signer: 'trust-anchor' | 'certificate'; readonly issuer: string }
    readonly 'certificate/signature-algorithm': { readonly oid: string }
    readonly 'certificate/algorithm-not-allowed': { readonly algorithm: string }
    readonly 'certificate/unsupported-key': { readonly oid: string }
    readonly 'certificate/not-a-ca': None
    readonly 'certificate/leaf-is-ca': None
    readonly 'certificate/path-length': None
    readonly 'certificate/key-usage': { readonly needed: string }
    readonly 'certificate/extended-key-usage': { readonly needed: string }
    readonly 'certificate/purpose-unstated': None
    readonly 'certificate/key-identifier': { readonly issuer: string }
    readonly 'certificate/critical-extension': { readonly oid: string }
    readonly 'certificate/policy-constraints': None
    readonly 'certificate/name-not-permitted': { readonly kind: string }
    readonly 'certificate/name-excluded': { readonly kind: string }
    readonly 'certificate/name-form-unsupported': { readonly kind: string }
    readonly 'certificate/surplus': { readonly subject: string }
    readonly 'certificate/duplicate': None
    readonly 'certificate/too-many': { readonly limit: number; readonly actual: number }
    readonly 'certificate/work-limit': { readonly limit: number }
  }
  readonly appraise: None
  readonly collect: None
}

export const x509Guide: FailureGuide<X509Failures> = {
  parse: {
    'certificate/version': {
      meaning: 'A certificate is of version 2, or of one that does not exist.',
      action: 'fix-input',
      next: 'Ask for a version 3 certificate.',
    },
    'certificate/serial-number': {
      meaning: 'A certificate serial number is zero, negative or longer than 20 octets.',
      action: 'fix-input',
      next: 'Ask the issuer for a conforming certificate.',
    },
    'certificate/signature-algorithm-mismatch': {
      meaning: 'A certificate names one signature algorithm in its signed part and another outside.',
      action: 'stop',
      next: 'Refuse it; the unsigned part was changed or the issuer is faulty.',
    },
    'certificate/empty-issuer': {
      meaning: 'A certificate does not say who issued it.',
      action: 'fix-input',
      next: 'Ask the issuer for a conforming certificate.',
    },
    'certificate/unique-identifier': {
      meaning: 'A certificate has a unique identifier, a field RFC 5280 retires.',
      action: 'fix-input',
      next: 'Ask the issuer for a conforming certificate.',
    },
    'certificate/extensions-need-v3': {
      meaning: 'A certificate that is not of version 3 has extensions.',
      action: 'fix-input',
      next: 'Ask the issuer for a conforming certificate.',
    },
    'certificate/duplicate-extension': {
      meaning: 'An extension stands twice in one structure.',
      action: 'stop',
      next: 'Refuse it; readers could disagree on which one counts.',
    },
    'certificate/too-many-extensions': {
      meaning: 'A structure has more extensions than any genuine one.',
      action: 'fix-input',
      next: 'Check that this is the right file.',
    },
    'certificate/path-length-without-ca': {
      meaning: 'A certificate limits a path it may not start, since it is no CA.',
      action: 'fix-input',
      next: 'Ask the issuer for a conforming certificate.',
    },
    'certificate/no-key-usage': {
      meaning: 'A key usage extension names no use, or one that does not exist.',
      action: 'fix-input',
      next: 'Ask the issuer for a conforming certificate.',
    },
    'certificate/duplicate-policy': {
      meaning: 'A certificate policy is listed twice.',
      action: 'fix-input',
      next: 'Ask the issuer for a conforming certificate.',
    },
    'certificate/general-name': {
      meaning: 'An alternative name is of a kind that does not exist.',
      action: 'fix-input',
      next: 'Ask the issuer for a conforming certificate.',
    },
    'certificate/name-constraint-distance': {
      meaning: 'A name constraint uses the minimum or maximum field, which RFC 5280 forbids.',
      action: 'fix-input',
      next: 'Ask the issuer for a conforming certificate.',
    },
    'certificate/pem-label': {
      meaning: 'A PEM block among certificates is something else.',
      action: 'fix-input',
      next: 'Pass certificates only; never a private key.',
    },
    'name/string-type': {
      meaning: 'A name is written in a retired string type, or with characters its type does not have.',
      action: 'fix-input',
      next: 'Ask the issuer for a name in UTF8String or PrintableString.',
    },
    'name/control-character': {
      meaning: 'A name contains a control character.',
      action: 'stop',
      next: 'Refuse it; such names are made to mislead whoever reads them.',
    },
    'dice/ambiguous': {
      meaning: 'A certificate carries its firmware identity in two different extensions.',
      action: 'stop',
      next: 'Refuse it; the two could disagree.',
    },
    'dice/version': {
      meaning: 'A composite device identifier is of an unknown version.',
      action: 'fix-input',
      next: 'Update this library if the device is newer than it.',
    },
    'dice/tcb-info': {
      meaning: 'A DICE TcbInfo has a field that is unknown, repeated or out of order.',
      action: 'fix-input',
      next: 'Ask the vendor for a conforming certificate.',
    },
    'dice/no-fwid': {
      meaning: 'A DICE TcbInfo lists no firmware identity.',
      action: 'fix-input',
      next: 'Ask the vendor for a certificate with one.',
    },
    'dice/flags': {
      meaning: 'The operational flags of a TcbInfo extension are no bit string of a known form.',
      action: 'stop',
      next: 'Do not trust the certificate; obtain the chain again from the device.',
    },
    'dice/hash': {
      meaning: 'A firmware identity uses a hash other than SHA-384.',
      action: 'fix-input',
      next: 'Update this library if the device is newer than it.',
    },
    'dice/digest-length': {
      meaning: 'A firmware identity is not as long as a SHA-384 digest.',
      action: 'fix-input',
      next: 'Ask the vendor for a conforming certificate.',
    },
    'dice/device-info': {
      meaning: 'The device information in a certificate is not one text of vendor, product and serial number.',
      action: 'fix-input',
      next: 'Ask the vendor for a conforming certificate.',
    },
  },
  verify: {
    'certificate/not-yet-valid': {
      meaning: 'A certificate is not valid yet at the time given.',
      action: 'collect-again',
      next: 'Check the clock of the verifier; if it is right, the certificate was issued for later.',
    },
    'certificate/expired': {
      meaning: 'A certificate is no longer valid at the time given.',
      action: 'collect-again',
      next: 'Obtain the renewed certificate; reference manifests are signed again under the same id.',
    },
    'certificate/no-issuer': {
      meaning: 'Neither a trust anchor nor a certificate given has the name of the issuer.',
      action: 'fix-input',
      next: 'Add the missing intermediate certificate, or check that the right trust anchors are used.',
    },
    'certificate/untrusted-root': {
      meaning: 'The path ends at a self-signed certificate that is not one of the trust anchors.',
      action: 'stop',
      next: 'Refuse the device, or check that the right trust anchors are used.',
    },
    'certificate/loop': {
      meaning: 'The certificates given issue each other in a circle and reach no trust anchor.',
      action: 'stop',
      next: 'Refuse the device; genuine chains do not look like this.',
    },
    'certificate/wrong-anchor-key': {
      meaning: 'A certificate has the name of a trust anchor but another key.',
      action: 'stop',
      next: 'Refuse the device; someone made a root certificate with a trusted name.',
    },
    'certificate/signature': {
      meaning: 'A certificate was not signed by the key of its issuer.',
      action: 'stop',
      next: 'Refuse the device; the certificate is forged or damaged.',
    },
    'certificate/signature-algorithm': {
      meaning:
        'A certificate is signed with an algorithm that is unknown, has unexpected parameters, or does not fit the issuer key.',
      action: 'stop',
      next: 'Refuse it, or update this library if the vendor changed its algorithms.',
    },
    'certificate/algorithm-not-allowed': {
      meaning: 'A certificate is signed with an algorithm the caller does not allow.',
      action: 'review-policy',
      next: 'Allow the algorithm only if the vendor documents it.',
    },
    'certificate/unsupported-key': {
      meaning: 'A certificate holds a key of a kind, size or form that is not supported.',
      action: 'stop',
      next: 'Refuse it, or update this library if the vendor changed its algorithms.',
    },
    'certificate/not-a-ca': {
      meaning: 'A certificate that may not issue others stands as an issuer.',
      action: 'stop',
      next: 'Refuse the device; someone with an ordinary certificate made a further one.',
    },
    'certificate/leaf-is-ca': {
      meaning: 'The certificate to be verified is a CA, so the certificate of the device or signer is missing.',
      action: 'fix-input',
      next: 'Pass the whole chain, leaf first.',
    },
    'certificate/path-length': {
      meaning: 'More intermediate certificates follow an issuer than it allows.',
      action: 'stop',
      next: 'Refuse the device; an issuer delegated more than it may.',
    },
    'certificate/key-usage': {
      meaning: 'A certificate is not meant for the use made of its key.',
      action: 'stop',
      next: 'Refuse it; check that the right certificate was passed.',
    },
    'certificate/extended-key-usage': {
      meaning: 'A certificate does not name the purpose asked for.',
      action: 'stop',
      next: 'Refuse it; check that the right certificate was passed.',
    },
    'certificate/purpose-unstated': {
      meaning:
        'A certificate is critically limited to purposes, and the caller did not say which purpose it is used for.',
      action: 'review-policy',
      next: 'Name the purpose the certificate is expected to have, or refuse it.',
    },
    'certificate/key-identifier': {
      meaning: 'A certificate points to another key of its issuer than the one found.',
      action: 'fix-input',
      next: 'Pass the issuer certificate that belongs to this chain.',
    },
    'certificate/critical-extension': {
      meaning: 'A certificate has a critical extension that is not understood or not evaluated here.',
      action: 'stop',
      next: 'Refuse it, or update this library if the vendor documents the extension.',
    },
    'certificate/policy-constraints': {
      meaning: 'A certificate constrains certificate policies, which are not evaluated here.',
      action: 'stop',
      next: 'Refuse it; genuine device and manifest chains do not use policies.',
    },
    'certificate/name-not-permitted': {
      meaning: 'A certificate has a name outside the subtrees its issuer may name.',
      action: 'stop',
      next: 'Refuse it; an issuer named what it may not.',
    },
    'certificate/name-excluded': {
      meaning: 'A certificate has a name in a subtree its issuer must not name.',
      action: 'stop',
      next: 'Refuse it; an issuer named what it must not.',
    },
    'certificate/name-form-unsupported': {
      meaning: 'An issuer constrains names of a form that is not compared here, and the certificate has one.',
      action: 'stop',
      next: 'Refuse it; genuine device and manifest chains do not constrain such names.',
    },
    'certificate/surplus': {
      meaning: 'A certificate was passed that is not part of the path.',
      action: 'fix-input',
      next: 'Remove it; pass only the chain of this leaf.',
    },
    'certificate/duplicate': {
      meaning: 'A certificate was passed twice.',
      action: 'fix-input',
      next: 'Pass each certificate once.',
    },
    'certificate/too-many': {
      meaning: 'More certificates were passed than the limit that bounds the work.',
      action: 'fix-input',
      next: 'Pass only the chain of this leaf.',
    },
    'certificate/work-limit': {
      meaning:
        'The certificates given ask for more candidate paths, signature checks or name comparisons than the limit that bounds the work.',
      action: 'stop',
      next: 'Refuse the device; genuine chains have one path and few names.',
    },
  },
  appraise: {},
  collect: {},
}
