// Builds signed manifests out of strings that are canonical as they stand, so that no canonicaliser is involved:
// an encoder that shares nothing with the code under test.
import { createHash } from 'node:crypto'
import { type Signer, sign } from './pki.js'

const swid = 'http://standards.iso.org/iso/19770/-2/2015/schema.xsd'
const hash = 'http://www.w3.org/2001/04/xmlenc#sha384'
const opaque = 'https://docs.nvidia.com/attestation/specs/latest/opaque-data.html'
const tcg = 'https://trustedcomputinggroup.org/resource/tcg-reference-integrity-manifest-rim-information-model/'
export const ds = 'http://www.w3.org/2000/09/xmldsig#'

/** In canonical order; SignedInfo inherits them. */
const rootNamespaces = `xmlns="${swid}" xmlns:ns0="${swid}" xmlns:ns2="${hash}" xmlns:ns3="${opaque}"`
const signedInfoNamespaces = `xmlns="${swid}" xmlns:ds="${ds}" xmlns:ns0="${swid}" xmlns:ns2="${hash}" xmlns:ns3="${opaque}"`

export const measurementValue = (seed: string): string => createHash('sha384').update(seed).digest('hex')

export interface ResourceSpec {
  readonly index: number | string
  readonly active?: string
  readonly hashes?: readonly string[]
  readonly alternatives?: string
  readonly name?: string
  readonly size?: string
  readonly type?: string
}

export function resource(spec: ResourceSpec): string {
  const { index, active = 'True', hashes = [measurementValue(`value ${index}`)], name = `Measurement_${index}` } = spec
  const { alternatives = String(hashes.length), size = '48', type = 'Measurement' } = spec
  const values = hashes.map((value, position) => ` ns2:Hash${position}="${value}"`).join('')
  return `<ns0:Resource active="${active}" alternatives="${alternatives}" index="${index}" name="${name}" size="${size}" type="${type}"${values}></ns0:Resource>`
}

export function svnResource(fieldId: number, name: string, conditions: string, active = 'True'): string {
  return `<ns0:Resource active="${active}" index="${4096 + fieldId}" name="${name}" type="OpaqueData"${conditions}></ns0:Resource>`
}

export interface ContentSpec {
  readonly root?: string
  readonly entity?: string
  readonly meta?: string
  readonly payload?: string
  readonly resources?: readonly string[]
}

export const rootAttributes: string =
  'corpus="false" name="GH100" patch="false" supplemental="false" tagId="63f9f7f7" tagVersion="0" version="1.0"'
export const entity: string = '<ns0:Entity name="NVIDIA Corporation" role="softwareCreator tagCreator"></ns0:Entity>'
export const metaAttributes: string =
  'PayloadType="direct" colloquialVersion="550.90.07" edition="GPU" product="GH100" revision="r1" ns1:BindingSpec="RIMIM" ns1:PlatformModel="GH100"'

/** Start and end of the document; the signature goes between. */
export function content(spec: ContentSpec = {}): readonly [string, string] {
  const { root = rootAttributes, meta = metaAttributes, resources = [resource({ index: 7 })] } = spec
  const {
    entity: entities = entity,
    payload = `<ns0:Payload xmlns:SHA384="${hash}">\n        ${resources.join('\n        ')}\n    </ns0:Payload>`,
  } = spec
  const metaElement = meta === '' ? '' : `<ns0:Meta xmlns:ns1="${tcg}" ${meta}></ns0:Meta>`
  return [
    `<SoftwareIdentity ${rootNamespaces} ${root}>\n    ${entities}\n    ${metaElement}\n    ${payload}\n`,
    '</SoftwareIdentity>',
  ]
}

export interface SignatureSpec {
  readonly signer: Signer
  readonly canonicalization?: string
  readonly method?: string
  readonly uri?: string
  readonly transforms?: string
  readonly digestMethod?: string
  /** Applied to SignedInfo's content before it is signed. */
  readonly editSignedInfo?: (inner: string) => string
  readonly digestValue?: (digest: Buffer) => Buffer
  readonly signatureValue?: (signature: Buffer) => Buffer
  readonly keyInfo?: (x509Data: string) => string
  readonly certificates?: readonly Uint8Array[]
  /** Goes after KeyInfo. */
  readonly object?: string
}

export const c14n11 = 'http://www.w3.org/2006/12/xml-c14n11'
export const envelopedTransform: string =
  '<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"></ds:Transform>'
export const c14nTransform: string = `<ds:Transform Algorithm="${c14n11}"></ds:Transform>`

export const wrapBase64 = (bytes: Uint8Array): string =>
  `${Buffer.from(bytes)
    .toString('base64')
    .replace(/.{64}(?=.)/g, '$&\n')}\n`

/** The Signature element over `[start, end]`. */
export async function signature([start, end]: readonly [string, string], spec: SignatureSpec): Promise<string> {
  const { canonicalization = c14n11, method = 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384', uri = '' } = spec
  const { transforms = envelopedTransform + c14nTransform } = spec
  const { digestMethod = 'http://www.w3.org/2001/04/xmldsig-more#sha384' } = spec
  const { certificates = spec.signer.parties.map(({ certificate }) => certificate) } = spec
  const same = <T>(value: T): T => value
  const { editSignedInfo = same, digestValue = same, signatureValue = same, keyInfo = same, object = '' } = spec
  const digest = digestValue(
    createHash('sha384')
      .update(start + end)
      .digest(),
  ).toString('base64')
  const inner = editSignedInfo(
    `<ds:CanonicalizationMethod Algorithm="${canonicalization}"></ds:CanonicalizationMethod>` +
      `<ds:SignatureMethod Algorithm="${method}"></ds:SignatureMethod>` +
      `<ds:Reference URI="${uri}"><ds:Transforms>${transforms}</ds:Transforms>` +
      `<ds:DigestMethod Algorithm="${digestMethod}"></ds:DigestMethod><ds:DigestValue>${digest}</ds:DigestValue></ds:Reference>`,
  )
  const canonical = `<ds:SignedInfo ${signedInfoNamespaces}>${inner}</ds:SignedInfo>`
  const value = Buffer.from(await sign(spec.signer.leaf, new TextEncoder().encode(canonical)))
  const x509Certificates = certificates
    .map((der) => `<ds:X509Certificate>${wrapBase64(der)}</ds:X509Certificate>`)
    .join('')
  return (
    `<ds:Signature xmlns:ds="${ds}"><ds:SignedInfo>${inner}</ds:SignedInfo>` +
    `<ds:SignatureValue>${signatureValue(value).toString('base64')}</ds:SignatureValue>` +
    `<ds:KeyInfo>${keyInfo(`<ds:X509Data>${x509Certificates}</ds:X509Data>`)}</ds:KeyInfo>${object}</ds:Signature>`
  )
}

/** A whole signed document. `rename` changes the content before it is signed, `edit` the document after. */
export async function manifest(
  spec: SignatureSpec & {
    readonly content?: ContentSpec
    readonly rename?: (part: string) => string
    readonly edit?: (document: string) => string
  },
): Promise<Uint8Array<ArrayBuffer>> {
  const { rename = (part) => part, edit = (document) => document } = spec
  const [start, end] = content(spec.content)
  const parts = [rename(start), rename(end)] as const
  return new TextEncoder().encode(edit(parts[0] + (await signature(parts, spec)) + parts[1]))
}
