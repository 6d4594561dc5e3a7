// Issues test certificates with @peculiar/x509 (an implementation independent of ours), with raw extension values.
import 'reflect-metadata'
import { Extension, Name, X509CertificateGenerator } from '@peculiar/x509'

/** DER element around hex or byte parts: the test's own encoder. */
export function der(tag: number, ...parts: readonly (string | Uint8Array)[]): Uint8Array {
  const content = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'hex') : part)))
  const length = content.length
  const octets: number[] = []
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256)
  const header = length < 128 ? [length] : [0x80 + octets.length, ...octets]
  return new Uint8Array([tag, ...header, ...content])
}

export const ascii = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'))

export function oid(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  const octets = [first * 40 + second, ...rest].flatMap((arc) => {
    const out = [arc % 128]
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) out.unshift((left % 128) + 128)
    return out
  })
  return der(6, Uint8Array.from(octets))
}

export interface ExtensionSpec {
  readonly oid: string
  readonly critical: boolean
  readonly value: Uint8Array
}

export const extension = (dotted: string, critical: boolean, value: Uint8Array): ExtensionSpec => ({
  oid: dotted,
  critical,
  value,
})

export function basicConstraints(ca: boolean, pathLength?: number, critical = true): ExtensionSpec {
  const parts = [...(ca ? ['0101ff'] : []), ...(pathLength === undefined ? [] : [der(2, Uint8Array.of(pathLength))])]
  return extension('2.5.29.19', critical, der(0x30, ...parts))
}

/** `bits` is the BIT STRING content, e.g. `0780` for digitalSignature, `0204` for keyCertSign. */
export const keyUsage = (bits: string): ExtensionSpec => extension('2.5.29.15', true, der(3, bits))
export const extKeyUsage = (critical: boolean, ...purposes: readonly string[]): ExtensionSpec =>
  extension('2.5.29.37', critical, der(0x30, ...purposes.map(oid)))
export const subjectKeyId = (id: Uint8Array): ExtensionSpec => extension('2.5.29.14', false, der(4, id))
export const authorityKeyId = (id: Uint8Array): ExtensionSpec => extension('2.5.29.35', false, der(0x30, der(0x80, id)))
export const altNames = (...names: readonly Uint8Array[]): ExtensionSpec =>
  extension('2.5.29.17', false, der(0x30, ...names))
export const dns = (name: string): Uint8Array => der(0x82, ascii(name))
export const ip = (hex: string): Uint8Array => der(0x87, hex)
export const mail = (name: string): Uint8Array => der(0x81, ascii(name))
export const directory = (name: string): Uint8Array => der(0xa4, nameDer(name))

export function nameConstraints(
  {
    permitted = [],
    excluded = [],
  }: { readonly permitted?: readonly Uint8Array[]; readonly excluded?: readonly Uint8Array[] },
  critical = true,
): ExtensionSpec {
  const subtrees = (tag: number, names: readonly Uint8Array[]): Uint8Array[] =>
    names.length === 0 ? [] : [der(tag, ...names.map((name) => der(0x30, name)))]
  return extension('2.5.29.30', critical, der(0x30, ...subtrees(0xa0, permitted), ...subtrees(0xa1, excluded)))
}

export function nameDer(text: string): Uint8Array {
  return new Uint8Array(new Name(text).toArrayBuffer())
}

/** Kind of key, and a label that tells keys of one kind apart. */
export type KeyName = `${'P-256' | 'P-384' | 'P-521' | 'RSA' | 'RSA-1024' | 'Ed25519'}:${string}`

const made = new Map<KeyName, Promise<CryptoKeyPair>>()

function algorithmOf(name: KeyName): EcKeyGenParams | RsaHashedKeyGenParams | { name: 'Ed25519' } {
  const kind = name.split(':')[0] ?? ''
  if (kind.startsWith('RSA'))
    return {
      name: 'RSASSA-PKCS1-v1_5',
      hash: 'SHA-256',
      modulusLength: kind === 'RSA' ? 2048 : 1024,
      publicExponent: Uint8Array.of(1, 0, 1),
    }
  return kind === 'Ed25519' ? { name: kind } : { name: 'ECDSA', namedCurve: kind }
}

/** The key of that name, made at first use. */
export function keyPair(name: KeyName): Promise<CryptoKeyPair> {
  const known = made.get(name)
  if (known !== undefined) return known
  const pair = crypto.subtle.generateKey(algorithmOf(name), true, ['sign', 'verify'])
  if (pair instanceof Promise) {
    const checked = pair.then((key) => {
      if ('publicKey' in key) return key
      throw new Error('no key pair')
    })
    made.set(name, checked)
    return checked
  }
  throw new Error('no key pair')
}

/** SubjectPublicKeyInfo of that key. */
export async function spkiOf(name: KeyName): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.exportKey('spki', (await keyPair(name)).publicKey))
}

/** RFC 7093 method 1 style identifier: any 20 octets that depend on the key would do. */
export async function keyId(name: KeyName): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-1', Buffer.from(await spkiOf(name))))
}

export interface CertificateSpec {
  subject: string
  issuer: string
  key: KeyName
  signer: KeyName
  serial: string
  notBefore: Date
  notAfter: Date
  hash: 'SHA-256' | 'SHA-384' | 'SHA-512'
  extensions: ExtensionSpec[]
}

export async function issue(spec: CertificateSpec): Promise<Uint8Array> {
  const name = spec.signer.split(':')[0]
  const signingAlgorithm =
    name === 'RSA'
      ? { name: 'RSASSA-PKCS1-v1_5', hash: spec.hash }
      : name === 'Ed25519'
        ? { name }
        : { name: 'ECDSA', hash: spec.hash }
  const certificate = await X509CertificateGenerator.create({
    serialNumber: spec.serial,
    subject: spec.subject,
    issuer: spec.issuer,
    notBefore: spec.notBefore,
    notAfter: spec.notAfter,
    signingAlgorithm,
    publicKey: (await keyPair(spec.key)).publicKey,
    signingKey: (await keyPair(spec.signer)).privateKey,
    extensions: spec.extensions.map(
      ({ oid: type, critical, value }) => new Extension(type, critical, Buffer.from(value)),
    ),
  })
  return new Uint8Array(certificate.rawData)
}

export function toPem(bytes: Uint8Array): string {
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}
