// Failures of reference manifests: the RIM service's envelope, the XML signature, the SWID tag.
import type { FailureGuide, None } from './table.js'

export interface ManifestFailures {
  readonly parse: {
    readonly 'manifest/response-id': { readonly expected: string; readonly found: string }
    readonly 'manifest/response-format': { readonly found: string }
    readonly 'manifest/response-digest': { readonly length: number }

    readonly 'manifest/element-missing': None
    readonly 'manifest/element-unexpected': { readonly element: string }
    readonly 'manifest/text-unexpected': { readonly found: string }
    readonly 'manifest/attribute-missing': None
    readonly 'manifest/attribute-unexpected': { readonly namespace: string }
    readonly 'manifest/attribute-value': { readonly expected: string; readonly found: string }

    readonly 'manifest/signature-missing': None
    readonly 'manifest/signature-duplicate': { readonly found: number }
    readonly 'manifest/signature-position': None
    readonly 'manifest/signature-object': None
    readonly 'manifest/signature-value': { readonly expected: number; readonly actual: number }
    readonly 'manifest/signature-method': { readonly found: string }
    readonly 'manifest/canonicalization-method': { readonly found: string }
    readonly 'manifest/reference-count': { readonly found: number }
    readonly 'manifest/reference-uri': { readonly found: string }
    readonly 'manifest/transforms': { readonly found: string }
    readonly 'manifest/digest-method': { readonly found: string }
    readonly 'manifest/digest-value': { readonly expected: number; readonly actual: number }
    readonly 'manifest/key-info': { readonly found: string }
    readonly 'manifest/certificate-count': { readonly found: number; readonly max: number }

    readonly 'manifest/root': { readonly element: string; readonly namespace: string }
    readonly 'manifest/kind': { readonly edition: string; readonly version: string }
    readonly 'manifest/index-range': { readonly index: number }
    readonly 'manifest/index-duplicate': { readonly index: number }
    readonly 'manifest/alternatives': { readonly announced: number; readonly found: number }
    readonly 'manifest/record-name-duplicate': { readonly name: string }
    readonly 'manifest/no-active-measurement': None
  }
  readonly verify: {
    readonly 'manifest/signer-key': { readonly found: string }
    readonly 'manifest/signature-invalid': None
    readonly 'manifest/digest-mismatch': { readonly expected: string; readonly actual: string }
    readonly 'manifest/published-digest-mismatch': { readonly expected: string; readonly actual: string }
  }
  readonly appraise: None
  readonly collect: None
}

const again = 'Collect the manifest again from the RIM service and pass it unchanged.'
const refuse = 'Do not use the manifest: genuine ones are signed in one fixed form, and this is not it.'
const newer = 'Collect the manifest again; if it stays so, the vendor uses a form this version does not know: update.'

export const manifestGuide: FailureGuide<ManifestFailures> = {
  parse: {
    'manifest/response-id': {
      meaning: 'The RIM service answered with another manifest than the one asked for.',
      action: 'collect-again',
      next: 'Ask again; if it stays so, do not use that server.',
    },
    'manifest/response-format': {
      meaning: 'The manifest is of another format than TCG SWID.',
      action: 'fix-input',
      next: 'Ask for the identifier of a driver, VBIOS or switch BIOS manifest; CoRIM is not supported.',
    },
    'manifest/response-digest': {
      meaning: 'The digest the RIM service states is no SHA-256 digest.',
      action: 'collect-again',
      next: again,
    },
    'manifest/element-missing': {
      meaning: 'An element that every manifest has is missing or out of order.',
      action: 'fix-input',
      next: again,
    },
    'manifest/element-unexpected': {
      meaning: 'There is an element where the format has none.',
      action: 'stop',
      next: newer,
    },
    'manifest/text-unexpected': {
      meaning: 'There is text between elements that hold elements only.',
      action: 'stop',
      next: refuse,
    },
    'manifest/attribute-missing': {
      meaning: 'An attribute that must be there is missing.',
      action: 'fix-input',
      next: again,
    },
    'manifest/attribute-unexpected': {
      meaning: 'An element has an attribute whose meaning is not known.',
      action: 'stop',
      next: newer,
    },
    'manifest/attribute-value': {
      meaning: 'An attribute has a value outside its range or not in its one spelling.',
      action: 'stop',
      next: newer,
    },
    'manifest/signature-missing': {
      meaning: 'The manifest has no XML signature.',
      action: 'fix-input',
      next: 'Pass the signed manifest as the RIM service publishes it.',
    },
    'manifest/signature-duplicate': {
      meaning: 'The manifest has more than one XML signature.',
      action: 'stop',
      next: refuse,
    },
    'manifest/signature-position': {
      meaning: 'The signature is not the last child of the root; signed content may have been moved.',
      action: 'stop',
      next: refuse,
    },
    'manifest/signature-object': {
      meaning: 'The signature carries content of its own.',
      action: 'stop',
      next: refuse,
    },
    'manifest/signature-value': {
      meaning: 'The signature is not r and s of 48 bytes each.',
      action: 'fix-input',
      next: again,
    },
    'manifest/signature-method': {
      meaning: 'The signature claims another algorithm than ECDSA with SHA-384.',
      action: 'stop',
      next: refuse,
    },
    'manifest/canonicalization-method': {
      meaning: 'The signature claims another canonical form than Canonical XML 1.1.',
      action: 'stop',
      next: refuse,
    },
    'manifest/reference-count': {
      meaning: 'The signature does not cover exactly one thing.',
      action: 'stop',
      next: refuse,
    },
    'manifest/reference-uri': {
      meaning: 'The signature covers something other than the whole document.',
      action: 'stop',
      next: refuse,
    },
    'manifest/transforms': {
      meaning: 'The transforms are not exactly enveloped signature and Canonical XML 1.1.',
      action: 'stop',
      next: refuse,
    },
    'manifest/digest-method': {
      meaning: 'The digest is claimed to be another one than SHA-384.',
      action: 'stop',
      next: refuse,
    },
    'manifest/digest-value': {
      meaning: 'The digest does not have 48 bytes.',
      action: 'fix-input',
      next: again,
    },
    'manifest/key-info': {
      meaning: 'KeyInfo holds something other than X.509 certificates.',
      action: 'stop',
      next: refuse,
    },
    'manifest/certificate-count': {
      meaning: 'KeyInfo holds no certificate, or more than any genuine manifest.',
      action: 'stop',
      next: refuse,
    },
    'manifest/root': {
      meaning: 'The document is not a SWID tag.',
      action: 'fix-input',
      next: 'Pass a TCG reference manifest in SWID form.',
    },
    'manifest/kind': {
      meaning: 'Edition and version name neither a GPU driver, a GPU VBIOS nor a switch BIOS.',
      action: 'fix-input',
      next: newer,
    },
    'manifest/index-range': {
      meaning: 'A record has an index that is neither a measurement (0 to 63) nor opaque data (4096 to 69631).',
      action: 'stop',
      next: newer,
    },
    'manifest/index-duplicate': {
      meaning: 'Two records have the same index, so that it is undecided which value counts.',
      action: 'stop',
      next: 'Do not use the manifest; report it to the vendor.',
    },
    'manifest/alternatives': {
      meaning: 'A record does not carry the number of values it announces.',
      action: 'stop',
      next: 'Do not use the manifest; report it to the vendor.',
    },
    'manifest/record-name-duplicate': {
      meaning: 'Two opaque data records have the same name.',
      action: 'stop',
      next: 'Do not use the manifest; report it to the vendor.',
    },
    'manifest/no-active-measurement': {
      meaning: 'No measurement of the manifest is active: comparing with it would prove nothing.',
      action: 'stop',
      next: 'Do not use the manifest; report it to the vendor.',
    },
  },
  verify: {
    'manifest/signer-key': {
      meaning: 'The signer certificate does not hold a P-384 key.',
      action: 'stop',
      next: refuse,
    },
    'manifest/signature-invalid': {
      meaning: 'The signature was not made with the key of the signer certificate, or was changed.',
      action: 'stop',
      next: 'Do not use the manifest; it was altered or forged. Collect it again from the RIM service.',
    },
    'manifest/digest-mismatch': {
      meaning: 'The content of the manifest was changed after it was signed.',
      action: 'stop',
      next: 'Do not use the manifest; it was altered. Collect it again from the RIM service.',
    },
    'manifest/published-digest-mismatch': {
      meaning: 'The manifest is not the one whose SHA-256 digest was announced.',
      action: 'collect-again',
      next: again,
    },
  },
  appraise: {},
  collect: {},
}
