// A signer for test manifests: root, intermediate and leaf, issued with @peculiar/x509.
import 'reflect-metadata'
import {
  BasicConstraintsExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  X509CertificateGenerator,
} from '@peculiar/x509'

export interface Party {
  readonly name: string
  readonly keys: CryptoKeyPair
  /** DER. */
  readonly certificate: Uint8Array
}

/** Leaf first, the root's own certificate last: the order of KeyInfo. */
export interface Signer {
  readonly leaf: Party
  readonly parties: readonly Party[]
  readonly root: Party
}

export const validFrom: Date = new Date('2026-01-01T00:00:00Z')
export const validUntil: Date = new Date('2028-01-01T00:00:00Z')
export const now: Date = new Date('2026-06-01T00:00:00Z')

const ecdsa = (namedCurve: string): EcKeyGenParams => ({ name: 'ECDSA', namedCurve })
const withSha384 = { name: 'ECDSA', hash: 'SHA-384' }

interface PartyOptions {
  readonly issuer?: Party
  readonly ca: boolean
  readonly serial: string
  readonly curve?: string
  readonly usage?: 'keyAgreement'
}

async function issue(name: string, { issuer, ca, serial, curve = 'P-384', usage }: PartyOptions): Promise<Party> {
  const keys = await crypto.subtle.generateKey(ecdsa(curve), true, ['sign', 'verify'])
  const usages = ca ? KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign : KeyUsageFlags[usage ?? 'digitalSignature']
  const extensions: Extension[] = [
    new BasicConstraintsExtension(ca, undefined, true),
    new KeyUsagesExtension(usages, true),
  ]
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serial,
    subject: name,
    issuer: issuer?.name ?? name,
    notBefore: validFrom,
    notAfter: validUntil,
    signingAlgorithm: withSha384,
    publicKey: keys.publicKey,
    signingKey: (issuer?.keys ?? keys).privateKey,
    extensions,
  })
  return { name, keys, certificate: new Uint8Array(certificate.rawData) }
}

const names = {
  root: 'C=US,O=NVIDIA,CN=NVIDIA CoRIM signing Root CA',
  intermediate: 'CN=NVIDIA Reference Value GH100 CA,O=NVIDIA Corporation,C=US',
  leaf: 'C=US,O=NVIDIA Corporation,CN=HCC RIM L4 Signer',
}

/** A new hierarchy under the vendor's names; two calls differ in every key and in nothing else. */
export async function createSigner(
  leaf: { readonly curve?: string; readonly usage?: 'keyAgreement' } = {},
): Promise<Signer> {
  const root = await issue(names.root, { ca: true, serial: '01' })
  const intermediate = await issue(names.intermediate, { ca: true, serial: '02', issuer: root })
  const end = await issue(names.leaf, { ca: false, serial: '00c3', issuer: intermediate, ...leaf })
  return { leaf: end, parties: [end, intermediate, root], root }
}

/** r and s, 48 bytes each. */
export async function sign(party: Party, data: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.sign(withSha384, party.keys.privateKey, data))
}

/** PKCS #8. */
export async function privateKey(party: Party): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.exportKey('pkcs8', party.keys.privateKey))
}
