// Certificate paths that differ from a good one in a single property, with the verdict each deserves.
import type { SignatureAlgorithm } from '../../src/crypto/provider.js'
import type { NonEmptyArray } from '../../src/result/result.js'
import type { KeyUsage } from '../../src/x509/extension.js'
import {
  altNames,
  ascii,
  authorityKeyId,
  basicConstraints,
  type CertificateSpec,
  der,
  directory,
  dns,
  type ExtensionSpec,
  extension,
  extKeyUsage,
  ip,
  issue,
  type KeyName,
  keyId,
  keyUsage,
  mail,
  nameConstraints,
  oid,
  subjectKeyId,
} from './issuer.js'

export const now: Date = new Date('2026-06-01T00:00:00Z')
const from = new Date('2026-01-01T00:00:00Z')
const until = new Date('2027-01-01T00:00:00Z')

/** root issues ca1, ca1 issues ca2, ca2 issues leaf. */
export type World = Record<string, CertificateSpec>

export interface PathOptions {
  readonly now?: Date
  readonly allowedAlgorithms?: NonEmptyArray<SignatureAlgorithm>
  readonly requiredKeyUsage?: readonly KeyUsage[]
  readonly requiredExtendedKeyUsage?: string
  readonly maxDepth?: number
}

export interface PathCase {
  readonly name: string
  readonly change?: (world: World) => void
  /** Applied to the finished certificate of that name. */
  readonly tamper?: Readonly<Record<string, (bytes: Uint8Array) => void>>
  /** Intermediates given, by name. */
  readonly given?: readonly string[]
  readonly anchors?: readonly string[]
  readonly options?: PathOptions
  readonly expected: 'verified' | { readonly code: string; readonly at: string }
  /** Where `openssl verify -x509_strict` answers otherwise, and why ours is right for us. */
  readonly opensslDiffers?: string
}

const caBits = '0106'
const leafBits = '0780'

async function spec(name: string, issuer: string, own: ExtensionSpec[], serial: number): Promise<CertificateSpec> {
  const key: KeyName = `P-384:${name}`
  const signer: KeyName = `P-384:${issuer}`
  return {
    subject: `CN=${name}, O=Test`,
    issuer: `CN=${issuer}, O=Test`,
    key,
    signer,
    serial: `10${serial.toString(16).padStart(2, '0')}`,
    notBefore: from,
    notAfter: until,
    hash: 'SHA-384',
    extensions: [...own, subjectKeyId(await keyId(key)), authorityKeyId(await keyId(signer))],
  }
}

async function baseline(): Promise<World> {
  const ca = (): ExtensionSpec[] => [basicConstraints(true), keyUsage(caBits)]
  return {
    root: await spec('root', 'root', ca(), 1),
    ca1: await spec('ca1', 'root', ca(), 2),
    ca2: await spec('ca2', 'ca1', ca(), 3),
    leaf: await spec('leaf', 'ca2', [keyUsage(leafBits)], 4),
  }
}

const issued = new Map<string, Promise<Uint8Array>>()

// Cases share most of their certificates.
function issueOnce(certificate: CertificateSpec): Promise<Uint8Array> {
  const key = JSON.stringify(certificate, (_, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
  )
  const made = issued.get(key) ?? issue(certificate)
  issued.set(key, made)
  return made
}

/** Everything a case needs, issued. */
export async function build(one: PathCase): Promise<ReadonlyMap<string, Uint8Array>> {
  const world = await baseline()
  // Spare parts for cases that need more than four certificates.
  world['other'] = await spec('other', 'other', [basicConstraints(true), keyUsage(caBits)], 5)
  world['spare'] = await spec('spare', 'ca1', [basicConstraints(true), keyUsage(caBits)], 6)
  one.change?.(world)
  const built = new Map<string, Uint8Array>()
  for (const [name, certificate] of Object.entries(world)) {
    const bytes = Uint8Array.from(await issueOnce(certificate))
    one.tamper?.[name]?.(bytes)
    built.set(name, bytes)
  }
  return built
}

function of(world: World, name: string): CertificateSpec {
  const found = world[name]
  if (found === undefined) throw new Error(`no certificate ${name}`)
  return found
}

function without(world: World, name: string, dotted: string): void {
  const one = of(world, name)
  one.extensions = one.extensions.filter((candidate) => candidate.oid !== dotted)
}

function put(world: World, name: string, added: ExtensionSpec): void {
  without(world, name, added.oid)
  of(world, name).extensions.push(added)
}

const codeSigning = '1.3.6.1.5.5.7.3.3'
const ocspSigning = '1.3.6.1.5.5.7.3.9'
const private1 = '1.3.6.1.4.1.55555.1'
const flip = (bytes: Uint8Array): void => {
  // The last octet of s.
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
}
/** An algorithm exercise: every signature of the path by keys of one kind. */
const rekey = (kind: 'P-256' | 'P-521' | 'RSA' | 'Ed25519', hash: CertificateSpec['hash']) => (world: World) => {
  for (const name of ['root', 'ca1', 'ca2', 'leaf']) {
    const one = of(world, name)
    one.key = `${kind}:${name}`
    one.signer = `${kind}:${name === 'leaf' ? 'ca2' : name === 'ca2' ? 'ca1' : 'root'}`
    one.hash = hash
  }
}
/** A certificate by which ca1 hands over to a new key under its own name. */
const rollOver = (world: World): void => {
  const rolled = { ...of(world, 'ca1'), subject: 'CN=ca1, O=Test', issuer: 'CN=ca1, O=Test', serial: '1020' }
  const newKey: KeyName = 'P-384:ca1-new'
  world['rolled'] = {
    ...rolled,
    key: newKey,
    signer: 'P-384:ca1',
    extensions: [basicConstraints(true), keyUsage(caBits)],
  }
  of(world, 'ca2').signer = newKey
  without(world, 'ca2', '2.5.29.35')
  without(world, 'ca1', '2.5.29.14')
}

const good: readonly PathCase[] = [
  { name: 'a plain path', expected: 'verified' },
  { name: 'intermediates in reverse order', given: ['ca1', 'ca2'], expected: 'verified' },
  { name: 'the anchor certificate along', given: ['ca2', 'ca1', 'root'], expected: 'verified' },
  { name: 'the anchor certificate first', given: ['root', 'ca1', 'ca2'], expected: 'verified' },
  { name: 'two anchors', anchors: ['other', 'root'], expected: 'verified' },
  {
    name: 'a leaf issued by the anchor',
    change: (world) => {
      Object.assign(of(world, 'leaf'), { issuer: 'CN=root, O=Test', signer: 'P-384:root' })
      without(world, 'leaf', '2.5.29.35')
    },
    given: [],
    expected: 'verified',
    opensslDiffers: 'strict mode wants an authorityKeyIdentifier in every certificate',
  },
  { name: 'the first instant of validity', options: { now: from }, expected: 'verified' },
  {
    name: 'the last instant of validity',
    options: { now: until },
    expected: 'verified',
    opensslDiffers: 'openssl ends a second early; RFC 5280 section 4.1.2.5 says "through notAfter, inclusive"',
  },
  {
    name: 'a path without end',
    change: (world) => {
      for (const name of ['root', 'ca1', 'ca2', 'leaf']) of(world, name).notAfter = new Date('9999-12-31T23:59:59Z')
    },
    expected: 'verified',
  },
  {
    name: 'path lengths just met',
    change: (world) => {
      put(world, 'ca1', basicConstraints(true, 1))
      put(world, 'ca2', basicConstraints(true, 0))
    },
    expected: 'verified',
  },
  {
    name: 'the path length of the anchor just met',
    change: (world) => put(world, 'root', basicConstraints(true, 2)),
    expected: 'verified',
  },
  {
    name: 'a self-issued certificate, which no path length counts',
    change: (world) => {
      rollOver(world)
      put(world, 'ca1', basicConstraints(true, 1))
    },
    given: ['ca2', 'rolled', 'ca1'],
    expected: 'verified',
    opensslDiffers: 'strict mode wants key identifiers, which would settle the order of the two certificates here',
  },
  {
    name: 'an unknown extension that is not critical',
    change: (world) => put(world, 'ca1', extension(private1, false, ascii('whatever'))),
    expected: 'verified',
  },
  {
    name: 'basic constraints that are not critical',
    change: (world) => put(world, 'ca1', basicConstraints(true, undefined, false)),
    expected: 'verified',
    opensslDiffers: 'strict mode holds issuers to "MUST be critical"; the meaning is the same',
  },
  {
    name: 'a leaf that says it is no CA',
    change: (world) => put(world, 'leaf', basicConstraints(false)),
    expected: 'verified',
  },
  {
    name: 'critical certificate policies',
    change: (world) =>
      put(
        world,
        'ca1',
        extension(
          '2.5.29.32',
          true,
          der(
            0x30,
            der(0x30, oid('2.5.29.32.0'), der(0x30, der(0x30, oid('1.3.6.1.5.5.7.2.1'), der(0x16, ascii('http://x'))))),
          ),
        ),
      ),
    expected: 'verified',
  },
  {
    name: 'no key identifiers',
    change: (world) => {
      for (const name of ['ca1', 'ca2', 'leaf'])
        for (const dotted of ['2.5.29.14', '2.5.29.35']) without(world, name, dotted)
    },
    expected: 'verified',
    opensslDiffers: 'strict mode holds issuers to "MUST include"; the signatures decide without them',
  },
  {
    name: 'the purpose asked for',
    change: (world) => put(world, 'leaf', extKeyUsage(true, codeSigning, ocspSigning)),
    options: { requiredExtendedKeyUsage: ocspSigning },
    expected: 'verified',
  },
  {
    name: 'the purpose asked for, in an issuer too',
    change: (world) => {
      put(world, 'leaf', extKeyUsage(false, ocspSigning))
      put(world, 'ca2', extKeyUsage(false, ocspSigning))
      put(world, 'ca1', extKeyUsage(false, '2.5.29.37.0'))
    },
    options: { requiredExtendedKeyUsage: ocspSigning },
    expected: 'verified',
  },
  {
    name: 'a critical purpose that is any',
    change: (world) => put(world, 'leaf', extKeyUsage(true, '2.5.29.37.0')),
    expected: 'verified',
  },
  {
    name: 'a leaf without key usage where none is asked for',
    change: (world) => without(world, 'leaf', '2.5.29.15'),
    options: { requiredKeyUsage: [] },
    expected: 'verified',
  },
  {
    name: 'P-256 where allowed',
    change: rekey('P-256', 'SHA-256'),
    options: { allowedAlgorithms: ['ecdsa-p256-sha256'] },
    expected: 'verified',
  },
  {
    name: 'P-521 where allowed',
    change: rekey('P-521', 'SHA-512'),
    options: { allowedAlgorithms: ['ecdsa-p384-sha384', 'ecdsa-p521-sha512'] },
    expected: 'verified',
  },
  {
    name: 'RSA where allowed',
    change: rekey('RSA', 'SHA-256'),
    options: { allowedAlgorithms: ['rsa-pkcs1-sha256'] },
    expected: 'verified',
  },
  {
    name: 'Ed25519 where allowed',
    change: rekey('Ed25519', 'SHA-512'),
    options: { allowedAlgorithms: ['ed25519'] },
    expected: 'verified',
  },
]

const names: readonly PathCase[] = [
  {
    name: 'a subject inside a permitted subtree',
    change: (world) => {
      put(world, 'ca1', nameConstraints({ permitted: [directory('O=Test')] }))
      of(world, 'ca2').subject = 'O=Test, CN=ca2'
      of(world, 'leaf').issuer = 'O=Test, CN=ca2'
      of(world, 'leaf').subject = 'O=Test, CN=leaf'
    },
    expected: 'verified',
  },
  {
    name: 'a subject outside the permitted subtrees',
    change: (world) => {
      put(world, 'ca2', nameConstraints({ permitted: [directory('O=Test')] }))
      of(world, 'leaf').subject = 'O=Rest, CN=leaf'
    },
    expected: { code: 'certificate/name-not-permitted', at: 'leaf' },
  },
  {
    name: 'a subject inside one of two permitted subtrees',
    change: (world) => {
      put(world, 'ca2', nameConstraints({ permitted: [directory('O=Rest'), directory('O=Test')] }))
      of(world, 'leaf').subject = 'O=Test, CN=leaf'
    },
    expected: 'verified',
  },
  {
    name: 'a subject shorter than the permitted subtree',
    change: (world) => {
      put(world, 'ca2', nameConstraints({ permitted: [directory('O=Test, OU=Unit')] }))
      of(world, 'leaf').subject = 'O=Test'
    },
    expected: { code: 'certificate/name-not-permitted', at: 'leaf' },
  },
  {
    name: 'an issuer outside a permitted subtree set further up',
    change: (world) => {
      put(world, 'ca1', nameConstraints({ permitted: [directory('O=Test')] }))
      of(world, 'ca2').subject = 'O=Rest, CN=ca2'
      of(world, 'leaf').issuer = 'O=Rest, CN=ca2'
    },
    expected: { code: 'certificate/name-not-permitted', at: 'ca2' },
  },
  {
    name: 'a permitted subtree that a later one narrows',
    change: (world) => {
      put(world, 'ca1', nameConstraints({ permitted: [directory('O=Test')] }))
      put(world, 'ca2', nameConstraints({ permitted: [directory('O=Test, OU=Unit')] }))
      of(world, 'ca2').subject = 'O=Test, CN=ca2'
      of(world, 'leaf').issuer = 'O=Test, CN=ca2'
      of(world, 'leaf').subject = 'O=Test, OU=Other'
    },
    expected: { code: 'certificate/name-not-permitted', at: 'leaf' },
  },
  {
    name: 'a permitted subtree that differs in case',
    change: (world) => {
      put(world, 'ca2', nameConstraints({ permitted: [directory('O=TEST')] }))
      of(world, 'leaf').subject = 'O=Test, CN=leaf'
    },
    expected: { code: 'certificate/name-not-permitted', at: 'leaf' },
    opensslDiffers: 'permitted subtrees are compared byte for byte, which can only refuse more',
  },
  {
    name: 'a subject in an excluded subtree',
    change: (world) => {
      put(world, 'ca2', nameConstraints({ excluded: [directory('O=Test, OU=Unit')] }))
      of(world, 'leaf').subject = 'O=Test, OU=Unit, CN=leaf'
    },
    expected: { code: 'certificate/name-excluded', at: 'leaf' },
  },
  {
    name: 'a subject in an excluded subtree, in another case and spacing',
    change: (world) => {
      put(world, 'ca2', nameConstraints({ excluded: [directory('O=test unit')] }))
      of(world, 'leaf').subject = 'O=TEST  Unit, CN=leaf'
    },
    expected: { code: 'certificate/name-excluded', at: 'leaf' },
  },
  {
    name: 'a subject that hides an excluded one behind a character nobody sees',
    change: (world) => {
      put(world, 'ca2', nameConstraints({ excluded: [directory('O=Evil')] }))
      of(world, 'leaf').subject = 'O=Ev\u00adil, CN=leaf'
    },
    expected: { code: 'certificate/name-form-unsupported', at: 'leaf' },
    opensslDiffers: 'characters beyond ASCII are not compared with an excluded subtree, which can only refuse more',
  },
  {
    name: 'a subject too long to compare with an excluded subtree',
    change: (world) => {
      put(world, 'ca2', nameConstraints({ excluded: [directory('O=Evil')] }))
      of(world, 'leaf').subject = `O=${'a'.repeat(257)}, CN=leaf`
    },
    expected: { code: 'certificate/name-form-unsupported', at: 'leaf' },
    opensslDiffers: 'a value of more than 256 characters is not compared, which can only refuse more',
  },
  {
    name: 'a subject beyond ASCII that another attribute puts beside an excluded subtree',
    change: (world) => {
      put(world, 'ca2', nameConstraints({ excluded: [directory('O=Evil, OU=Unit')] }))
      of(world, 'leaf').subject = 'O=Ev\u00adil, OU=Other, CN=leaf'
    },
    expected: 'verified',
  },
  {
    name: 'a subject beside an excluded subtree',
    change: (world) => {
      put(world, 'ca2', nameConstraints({ excluded: [directory('O=Rest')] }))
      of(world, 'leaf').subject = 'O=Test, CN=leaf'
    },
    expected: 'verified',
  },
  {
    name: 'a self-issued certificate, which no constraint binds',
    change: (world) => {
      rollOver(world)
      put(world, 'ca1', nameConstraints({ permitted: [directory('CN=ca2'), directory('CN=leaf')] }))
    },
    given: ['ca2', 'rolled', 'ca1'],
    expected: 'verified',
    opensslDiffers: 'strict mode wants key identifiers, which would settle the order of the two certificates here',
  },
  {
    name: 'a constraint of the anchor',
    change: (world) => {
      put(world, 'root', nameConstraints({ excluded: [dns('evil.example')] }))
      put(world, 'leaf', altNames(dns('www.evil.example')))
    },
    expected: { code: 'certificate/name-excluded', at: 'leaf' },
  },
  {
    name: 'a constraint that is not critical',
    change: (world) => {
      put(world, 'ca2', nameConstraints({ excluded: [dns('evil.example')] }, false))
      put(world, 'leaf', altNames(dns('www.evil.example')))
    },
    expected: { code: 'certificate/name-excluded', at: 'leaf' },
  },
  {
    name: 'a host inside the permitted domain',
    change: (world) => {
      put(world, 'ca2', nameConstraints({ permitted: [dns('good.example')] }))
      put(world, 'leaf', altNames(dns('a.b.GOOD.example'), dns('good.example')))
    },
    expected: 'verified',
  },
  {
    name: 'a host that only ends like the permitted domain',
    change: (world) => {
      put(world, 'ca2', nameConstraints({ permitted: [dns('good.example')] }))
      put(world, 'leaf', altNames(dns('notgood.example')))
    },
    expected: { code: 'certificate/name-not-permitted', at: 'leaf' },
  },
  {
    name: 'a second host outside the permitted domain',
    change: (world) => {
      put(world, 'ca2', nameConstraints({ permitted: [dns('good.example')] }))
      put(world, 'leaf', altNames(dns('good.example'), dns('evil.example')))
    },
    expected: { code: 'certificate/name-not-permitted', at: 'leaf' },
  },
  {
    name: 'no host where a domain is permitted',
    change: (world) => put(world, 'ca2', nameConstraints({ permitted: [dns('good.example')] })),
    expected: 'verified',
  },
  {
    name: 'a wildcard that reaches into an excluded domain',
    change: (world) => {
      put(world, 'ca2', nameConstraints({ excluded: [dns('evil.good.example')] }))
      put(world, 'leaf', altNames(dns('*.good.example')))
    },
    expected: { code: 'certificate/name-excluded', at: 'leaf' },
    opensslDiffers: 'a wildcard is read as every host it can name',
  },
  {
    name: 'a domain with a leading dot',
    change: (world) => {
      put(world, 'ca2', nameConstraints({ permitted: [dns('.good.example')] }))
      put(world, 'leaf', altNames(dns('a.good.example')))
    },
    expected: { code: 'certificate/name-form-unsupported', at: 'leaf' },
    opensslDiffers: 'RFC 5280 gives such a constraint no meaning for host names',
  },
  {
    name: 'an address inside the permitted network',
    change: (world) => {
      put(world, 'ca2', nameConstraints({ permitted: [ip('c0a80000ffff0000')] }))
      put(world, 'leaf', altNames(ip('c0a80101')))
    },
    expected: 'verified',
  },
  {
    name: 'an address outside the permitted network',
    change: (world) => {
      put(world, 'ca2', nameConstraints({ permitted: [ip('c0a80000ffff0000')] }))
      put(world, 'leaf', altNames(ip('c0a90101')))
    },
    expected: { code: 'certificate/name-not-permitted', at: 'leaf' },
  },
  {
    name: 'an IPv6 address where an IPv4 network is permitted',
    change: (world) => {
      put(world, 'ca2', nameConstraints({ permitted: [ip('c0a80000ffff0000')] }))
      put(world, 'leaf', altNames(ip('20010db8000000000000000000000001')))
    },
    expected: { code: 'certificate/name-not-permitted', at: 'leaf' },
  },
  {
    name: 'an address in an excluded network',
    change: (world) => {
      put(
        world,
        'ca2',
        nameConstraints({ excluded: [ip(`${'20010db8'.padEnd(32, '0')}${'ffffffff'.padEnd(32, '0')}`)] }),
      )
      put(world, 'leaf', altNames(ip('20010db8000000000000000000000001')))
    },
    expected: { code: 'certificate/name-excluded', at: 'leaf' },
  },
  {
    name: 'a constrained mail address',
    change: (world) => {
      put(world, 'ca2', nameConstraints({ permitted: [mail('good.example')] }))
      put(world, 'leaf', altNames(mail('a@good.example')))
    },
    expected: { code: 'certificate/name-form-unsupported', at: 'leaf' },
    opensslDiffers: 'mail addresses are not compared, so a constraint on them is refused rather than ignored',
  },
  {
    name: 'a constrained mail address in the subject',
    change: (world) => {
      put(world, 'ca2', nameConstraints({ excluded: [mail('evil.example')] }))
      of(world, 'leaf').subject = 'CN=leaf, E=a@evil.example'
    },
    expected: { code: 'certificate/name-form-unsupported', at: 'leaf' },
  },
  {
    name: 'a constraint on mail addresses, and none there',
    change: (world) => put(world, 'ca2', nameConstraints({ excluded: [mail('evil.example')] })),
    expected: 'verified',
  },
]

const bad: readonly PathCase[] = [
  {
    name: 'an instant before the leaf is valid',
    options: { now: new Date(from.getTime() - 1) },
    change: (world) => {
      for (const name of ['root', 'ca1', 'ca2']) of(world, name).notBefore = new Date('2025-01-01T00:00:00Z')
    },
    expected: { code: 'certificate/not-yet-valid', at: 'leaf.tbs.validity.notBefore' },
  },
  {
    name: 'an instant after the leaf is valid',
    options: { now: new Date(until.getTime() + 1000) },
    change: (world) => {
      for (const name of ['root', 'ca1', 'ca2']) of(world, name).notAfter = new Date('2028-01-01T00:00:00Z')
    },
    expected: { code: 'certificate/expired', at: 'leaf.tbs.validity.notAfter' },
  },
  {
    name: 'an issuer that has expired',
    change: (world) => {
      of(world, 'ca1').notAfter = new Date('2026-05-31T23:59:59Z')
    },
    expected: { code: 'certificate/expired', at: 'ca1.tbs.validity.notAfter' },
  },
  {
    name: 'an issuer that is not valid yet',
    change: (world) => {
      of(world, 'ca2').notBefore = new Date('2026-06-01T00:00:01Z')
    },
    expected: { code: 'certificate/not-yet-valid', at: 'ca2.tbs.validity.notBefore' },
  },
  {
    name: 'validity that ends before it begins',
    change: (world) => {
      Object.assign(of(world, 'leaf'), { notBefore: until, notAfter: from })
    },
    expected: { code: 'certificate/not-yet-valid', at: 'leaf.tbs.validity.notBefore' },
  },
  {
    name: 'a damaged leaf signature',
    tamper: { leaf: flip },
    expected: { code: 'certificate/signature', at: 'leaf.signature' },
  },
  {
    name: 'a damaged issuer signature',
    tamper: { ca2: flip },
    expected: { code: 'certificate/signature', at: 'ca2.signature' },
  },
  {
    name: 'a damaged signature of the anchor',
    tamper: { ca1: flip },
    expected: { code: 'certificate/signature', at: 'ca1.signature' },
  },
  {
    name: 'two damaged signatures, the one nearer the anchor first',
    tamper: { leaf: flip, ca2: flip },
    expected: { code: 'certificate/signature', at: 'ca2.signature' },
  },
  {
    name: 'a leaf signed by another key',
    change: (world) => {
      of(world, 'leaf').signer = 'P-384:other'
    },
    expected: { code: 'certificate/signature', at: 'leaf.signature' },
  },
  { name: 'a missing intermediate', given: ['ca1'], expected: { code: 'certificate/no-issuer', at: 'leaf' } },
  { name: 'a missing upper intermediate', given: ['ca2'], expected: { code: 'certificate/no-issuer', at: 'ca2' } },
  { name: 'another anchor', anchors: ['other'], expected: { code: 'certificate/no-issuer', at: 'ca1' } },
  {
    name: 'another anchor, and the own root along',
    anchors: ['other'],
    given: ['ca2', 'ca1', 'root'],
    expected: { code: 'certificate/untrusted-root', at: 'root' },
  },
  {
    name: 'a root of its own with the name of the anchor, given along',
    change: (world) => {
      world['fake'] = { ...of(world, 'root'), key: 'P-384:fake', signer: 'P-384:fake', serial: '1030' }
      of(world, 'ca1').signer = 'P-384:fake'
    },
    given: ['ca2', 'ca1', 'fake'],
    expected: { code: 'certificate/wrong-anchor-key', at: 'fake.tbs.subjectPublicKeyInfo' },
  },
  {
    name: 'a root of its own with the name of the anchor and its own key identifiers',
    change: (world) => {
      const { extensions } = of(world, 'spare')
      world['fake'] = { ...of(world, 'root'), key: 'P-384:fake', signer: 'P-384:fake', serial: '1030', extensions }
    },
    given: ['ca2', 'ca1', 'fake'],
    expected: { code: 'certificate/wrong-anchor-key', at: 'fake.tbs.subjectPublicKeyInfo' },
    opensslDiffers: 'the path does not need the impostor; a certificate the path does not use is refused',
  },
  {
    name: 'a root of its own with the name of the anchor, not given',
    change: (world) => {
      of(world, 'ca1').signer = 'P-384:fake'
    },
    expected: { code: 'certificate/signature', at: 'ca1.signature' },
  },
  {
    name: 'an issuer without basic constraints',
    change: (world) => without(world, 'ca2', '2.5.29.19'),
    expected: { code: 'certificate/not-a-ca', at: 'ca2' },
  },
  {
    name: 'an issuer that is no CA',
    change: (world) => put(world, 'ca2', basicConstraints(false)),
    expected: { code: 'certificate/not-a-ca', at: 'ca2' },
  },
  {
    name: 'an issuer with the extensions of a leaf, and so the identifier of another key',
    change: (world) => {
      of(world, 'ca2').extensions = of(world, 'leaf').extensions
    },
    expected: { code: 'certificate/key-identifier', at: 'leaf' },
  },
  {
    name: 'an issuer that may not sign certificates',
    change: (world) => put(world, 'ca2', keyUsage('0102')),
    expected: { code: 'certificate/key-usage', at: 'ca2' },
  },
  {
    name: 'an issuer without key usage',
    change: (world) => without(world, 'ca2', '2.5.29.15'),
    expected: { code: 'certificate/key-usage', at: 'ca2' },
  },
  {
    name: 'a CA as the leaf',
    change: (world) => put(world, 'leaf', basicConstraints(true)),
    expected: { code: 'certificate/leaf-is-ca', at: 'leaf' },
    opensslDiffers: 'openssl verifies CA certificates too; here the leaf is what signs evidence',
  },
  {
    name: 'a path length of zero above an issuer',
    change: (world) => put(world, 'ca1', basicConstraints(true, 0)),
    expected: { code: 'certificate/path-length', at: 'ca2' },
  },
  {
    name: 'the path length of the anchor exceeded',
    change: (world) => put(world, 'root', basicConstraints(true, 1)),
    expected: { code: 'certificate/path-length', at: 'ca2' },
  },
  {
    name: 'a greater path length below a smaller one',
    change: (world) => {
      put(world, 'root', basicConstraints(true, 1))
      put(world, 'ca1', basicConstraints(true, 5))
    },
    expected: { code: 'certificate/path-length', at: 'ca2' },
  },
  {
    name: 'a path length exceeded although one certificate is self-issued',
    change: (world) => {
      rollOver(world)
      put(world, 'ca1', basicConstraints(true, 0))
    },
    given: ['ca2', 'rolled', 'ca1'],
    expected: { code: 'certificate/path-length', at: 'ca2' },
  },
  {
    name: 'an unknown critical extension in the leaf',
    change: (world) => put(world, 'leaf', extension(private1, true, ascii('x'))),
    expected: { code: 'certificate/critical-extension', at: 'leaf.tbs.extensions[3]' },
  },
  {
    name: 'an unknown critical extension in an issuer',
    change: (world) => put(world, 'ca1', extension(private1, true, ascii('x'))),
    expected: { code: 'certificate/critical-extension', at: 'ca1.tbs.extensions[4]' },
  },
  {
    name: 'a critical extension that is known but not evaluated',
    change: (world) =>
      put(
        world,
        'ca1',
        extension('2.5.29.31', true, der(0x30, der(0x30, der(0xa0, der(0xa0, der(0x86, ascii('http://x'))))))),
      ),
    expected: { code: 'certificate/critical-extension', at: 'ca1.tbs.extensions[4]' },
    opensslDiffers: 'distribution points are left to whoever fetches the lists, so a critical one is not honoured here',
  },
  {
    name: 'critical policy mappings',
    change: (world) =>
      put(world, 'ca1', extension('2.5.29.33', true, der(0x30, der(0x30, oid(private1), oid(`${private1}.2`))))),
    expected: { code: 'certificate/critical-extension', at: 'ca1.tbs.extensions[4]' },
    opensslDiffers: 'openssl evaluates policies',
  },
  {
    name: 'critical inhibitAnyPolicy',
    change: (world) => put(world, 'ca1', extension('2.5.29.54', true, der(2, '00'))),
    expected: { code: 'certificate/critical-extension', at: 'ca1.tbs.extensions[4]' },
    opensslDiffers: 'openssl evaluates policies',
  },
  {
    name: 'policy constraints',
    change: (world) => put(world, 'ca1', extension('2.5.29.36', false, der(0x30, der(0x80, '00')))),
    expected: { code: 'certificate/policy-constraints', at: 'ca1.tbs.extensions[4]' },
    opensslDiffers:
      'openssl evaluates them only when asked to; here a path with such a demand cannot be shown to meet it',
  },
  {
    name: 'a policy qualifier of an unknown kind, critical',
    change: (world) =>
      put(
        world,
        'ca1',
        extension(
          '2.5.29.32',
          true,
          der(0x30, der(0x30, oid('2.5.29.32.0'), der(0x30, der(0x30, oid(private1), '0500')))),
        ),
      ),
    expected: { code: 'certificate/critical-extension', at: 'ca1.tbs.extensions[4]' },
    opensslDiffers: 'openssl does not look at qualifiers; RFC 5280 section 4.2.1.4 wants critical ones understood',
  },
  {
    name: 'a leaf that may not sign',
    change: (world) => put(world, 'leaf', keyUsage('0520')),
    expected: { code: 'certificate/key-usage', at: 'leaf' },
    opensslDiffers: 'openssl was not asked for a use',
  },
  {
    name: 'a leaf without key usage',
    change: (world) => without(world, 'leaf', '2.5.29.15'),
    expected: { code: 'certificate/key-usage', at: 'leaf' },
    opensslDiffers: 'openssl was not asked for a use',
  },
  {
    name: 'a leaf that lacks the second of two uses asked for',
    options: { requiredKeyUsage: ['digitalSignature', 'contentCommitment'] },
    expected: { code: 'certificate/key-usage', at: 'leaf' },
    opensslDiffers: 'openssl was not asked for a use',
  },
  {
    name: 'a purpose asked for and not named',
    options: { requiredExtendedKeyUsage: ocspSigning },
    expected: { code: 'certificate/extended-key-usage', at: 'leaf' },
    opensslDiffers: 'openssl was not asked for a purpose',
  },
  {
    name: 'a purpose asked for and any named',
    change: (world) => put(world, 'leaf', extKeyUsage(false, '2.5.29.37.0')),
    options: { requiredExtendedKeyUsage: ocspSigning },
    expected: { code: 'certificate/extended-key-usage', at: 'leaf' },
    opensslDiffers: 'openssl was not asked for a purpose',
  },
  {
    name: 'a purpose the issuer does not have',
    change: (world) => {
      put(world, 'leaf', extKeyUsage(false, ocspSigning))
      put(world, 'ca2', extKeyUsage(false, codeSigning))
    },
    options: { requiredExtendedKeyUsage: ocspSigning },
    expected: { code: 'certificate/extended-key-usage', at: 'ca2' },
    opensslDiffers: 'openssl was not asked for a purpose',
  },
  {
    name: 'a critical purpose nobody asked for',
    change: (world) => put(world, 'leaf', extKeyUsage(true, codeSigning)),
    expected: { code: 'certificate/purpose-unstated', at: 'leaf.tbs.extensions[3]' },
    opensslDiffers: 'openssl was not asked for a purpose',
  },
  {
    name: 'an authority key identifier of another key',
    change: (world) => put(world, 'leaf', authorityKeyId(new Uint8Array(20).fill(7))),
    expected: { code: 'certificate/key-identifier', at: 'leaf' },
  },
  {
    name: 'an authority serial number of another certificate',
    change: (world) =>
      put(
        world,
        'leaf',
        extension('2.5.29.35', false, der(0x30, der(0xa1, directory('CN=ca1, O=Test')), der(0x82, '7777'))),
      ),
    expected: { code: 'certificate/key-identifier', at: 'leaf' },
  },
  {
    name: 'P-256 where not allowed',
    change: rekey('P-256', 'SHA-256'),
    expected: { code: 'certificate/algorithm-not-allowed', at: 'ca1.signatureAlgorithm' },
    opensslDiffers: 'openssl allows every algorithm of its security level',
  },
  {
    name: 'one P-256 signature where not allowed',
    change: (world) => {
      of(world, 'ca2').key = 'P-256:ca2'
      Object.assign(of(world, 'leaf'), { signer: 'P-256:ca2', hash: 'SHA-256' })
    },
    expected: { code: 'certificate/algorithm-not-allowed', at: 'leaf.signatureAlgorithm' },
    opensslDiffers: 'openssl allows every algorithm of its security level',
  },
  {
    name: 'RSA where not allowed',
    change: rekey('RSA', 'SHA-384'),
    expected: { code: 'certificate/algorithm-not-allowed', at: 'ca1.signatureAlgorithm' },
    opensslDiffers: 'openssl allows every algorithm of its security level',
  },
  {
    name: 'a hash that does not belong to the curve',
    change: (world) => {
      of(world, 'leaf').hash = 'SHA-256'
    },
    options: { allowedAlgorithms: ['ecdsa-p384-sha384', 'ecdsa-p256-sha256'] },
    expected: { code: 'certificate/signature-algorithm', at: 'leaf.signatureAlgorithm' },
    opensslDiffers: 'curve and hash belong together here',
  },
  {
    name: 'a leaf with a key too small to use',
    change: (world) => {
      of(world, 'leaf').key = 'RSA-1024:leaf'
    },
    expected: { code: 'certificate/unsupported-key', at: 'leaf.tbs.subjectPublicKeyInfo' },
    opensslDiffers: 'openssl was not asked to use the key',
  },
  {
    name: 'an issuer whose point is off the curve',
    tamper: {
      ca2: (bytes) => {
        // BIT STRING, 98 octets: none unused, 04, x, y. The last octet of y is the 99th after the first.
        const point = Buffer.from(bytes).indexOf(Buffer.from('03620004', 'hex'))
        bytes[point + 99] = (bytes[point + 99] ?? 0) ^ 1
      },
    },
    expected: { code: 'certificate/unsupported-key', at: 'ca2.tbs.subjectPublicKeyInfo' },
  },
  {
    name: 'a surplus certificate',
    given: ['ca2', 'ca1', 'other'],
    expected: { code: 'certificate/surplus', at: 'other' },
    opensslDiffers: 'openssl ignores surplus certificates',
  },
  {
    name: 'a surplus certificate of a trusted issuer',
    given: ['ca2', 'ca1', 'spare'],
    expected: { code: 'certificate/surplus', at: 'spare' },
    opensslDiffers: 'openssl ignores surplus certificates',
  },
  {
    name: 'the certificate of an anchor that is not at the end of the path',
    given: ['ca2', 'ca1', 'other'],
    anchors: ['root', 'other'],
    expected: { code: 'certificate/surplus', at: 'other' },
    opensslDiffers: 'openssl ignores surplus certificates',
  },
  {
    name: 'a certificate given twice',
    given: ['ca2', 'ca1', 'ca2'],
    expected: { code: 'certificate/duplicate', at: 'ca2' },
    opensslDiffers: 'openssl ignores surplus certificates',
  },
  {
    name: 'the leaf among the intermediates',
    given: ['ca2', 'ca1', 'leaf'],
    expected: { code: 'certificate/duplicate', at: 'leaf' },
    opensslDiffers: 'openssl ignores surplus certificates',
  },
  {
    name: 'more certificates than allowed',
    options: { maxDepth: 2 },
    expected: { code: 'certificate/too-many', at: 'leaf' },
    opensslDiffers: 'openssl was not given a limit',
  },
  {
    name: 'issuers that issue each other',
    change: (world) => {
      Object.assign(of(world, 'ca1'), { issuer: 'CN=ca2, O=Test', signer: 'P-384:ca2' })
      without(world, 'ca1', '2.5.29.35')
    },
    expected: { code: 'certificate/loop', at: 'ca1' },
  },
  {
    name: 'an issuer name that differs in case only',
    change: (world) => {
      of(world, 'leaf').issuer = 'CN=CA2, O=Test'
    },
    expected: { code: 'certificate/no-issuer', at: 'leaf' },
    opensslDiffers: 'names are equal here only byte for byte',
  },
  {
    name: 'a self-signed leaf',
    change: (world) => {
      Object.assign(of(world, 'leaf'), { issuer: 'CN=leaf, O=Test', signer: 'P-384:leaf' })
    },
    given: [],
    expected: { code: 'certificate/untrusted-root', at: 'leaf' },
  },
  {
    name: 'a subject name that is damaged after signing',
    tamper: {
      leaf: (bytes) => {
        const at = Buffer.from(bytes).lastIndexOf('leaf')
        bytes[at] = 0x6d
      },
    },
    expected: { code: 'certificate/signature', at: 'leaf.signature' },
  },
]

export const pathCases: readonly PathCase[] = [...good, ...names, ...bad]
