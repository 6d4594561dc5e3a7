// A canonical document into its enveloped XML signature (XML-DSig with C14N 1.1, SHA-384, ECDSA P-384).
import { sha384 } from '@noble/hashes/sha2.js'
import { encodeBase64 } from '../bytes/base64.js'
import type { Bytes } from '../bytes/bytes.js'
import { encodeUtf8 } from '../bytes/text.js'
import type { SyntheticKey } from './key.js'
import type { ByteMutation } from './mutation.js'
import { wrapBase64 } from './pem.js'
import { renderXml, type SyntheticElement, type XmlForm } from './xml.js'

export const dsigNamespace = 'http://www.w3.org/2000/09/xmldsig#'
export const canonicalXml11 = 'http://www.w3.org/2006/12/xml-c14n11'
const ecdsaSha384 = 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384'
const sha384Method = 'http://www.w3.org/2001/04/xmldsig-more#sha384'

/** Parts of the signature a test may replace; SignedInfo is signed as it stands after that. */
export interface XmlSignatureOverrides {
  readonly canonicalizationMethod?: string
  readonly signatureMethod?: string
  readonly digestMethod?: string
  readonly transforms?: readonly string[]
  readonly uri?: string
  readonly digestValue?: Bytes
  /** How many times the reference is listed. */
  readonly references?: number
  /** Applied to r and s. */
  readonly signatureValue?: ByteMutation
  /** Certificates shown in KeyInfo, DER. */
  readonly certificates?: (certificates: readonly Bytes[]) => readonly Bytes[]
  /** Signs in place of the signer's key. */
  readonly key?: SyntheticKey
}

interface SignatureInput {
  /** Canonical text of the document without a signature. */
  readonly document: string
  readonly key: SyntheticKey
  /** Leaf first. */
  readonly certificates: readonly Bytes[]
  /** Namespaces declared on the root element. */
  readonly scope: readonly (readonly [prefix: string, uri: string])[]
  readonly form: XmlForm
}

function algorithm(name: string, uri: string): SyntheticElement {
  return { name, attributes: [['Algorithm', uri]] }
}

function signedInfo(document: string, overrides: XmlSignatureOverrides): SyntheticElement {
  const transforms = overrides.transforms ?? [`${dsigNamespace}enveloped-signature`, canonicalXml11]
  const reference: SyntheticElement = {
    name: 'ds:Reference',
    attributes: [['URI', overrides.uri ?? '']],
    children: [
      { name: 'ds:Transforms', children: transforms.map((uri) => algorithm('ds:Transform', uri)) },
      algorithm('ds:DigestMethod', overrides.digestMethod ?? sha384Method),
      {
        name: 'ds:DigestValue',
        children: [encodeBase64(overrides.digestValue ?? sha384(encodeUtf8(document)))],
      },
    ],
  }
  return {
    name: 'ds:SignedInfo',
    children: [
      algorithm('ds:CanonicalizationMethod', overrides.canonicalizationMethod ?? canonicalXml11),
      algorithm('ds:SignatureMethod', overrides.signatureMethod ?? ecdsaSha384),
      ...Array.from({ length: overrides.references ?? 1 }, () => reference),
    ],
  }
}

/** Text of the `ds:Signature` element that belongs at the end of the document's root. */
export function encodeXmlSignature(input: SignatureInput, overrides: XmlSignatureOverrides = {}): string {
  const info = signedInfo(input.document, overrides)
  // Canonical SignedInfo shows every namespace in scope, declared on the ancestors it is cut from.
  const namespaces = [...input.scope, ['ds', dsigNamespace] as const]
  const signed = (overrides.key ?? input.key).sign(encodeUtf8(renderXml({ ...info, namespaces }, 'canonical')))
  const value = overrides.signatureValue?.(signed) ?? signed
  const certificates = overrides.certificates?.(input.certificates) ?? input.certificates
  return renderXml(
    {
      name: 'ds:Signature',
      namespaces: [['ds', dsigNamespace]],
      children: [
        info,
        { name: 'ds:SignatureValue', children: [encodeBase64(value)] },
        {
          name: 'ds:KeyInfo',
          children: [
            {
              name: 'ds:X509Data',
              children: certificates.map((der) => ({ name: 'ds:X509Certificate', children: [wrapBase64(der)] })),
            },
          ],
        },
      ],
    },
    input.form,
  )
}
