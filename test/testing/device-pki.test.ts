// Device certificates of the synthetic world, judged by OpenSSL and Node.
import { createHash, X509Certificate } from 'node:crypto'
import 'reflect-metadata'
import * as peculiar from '@peculiar/x509'
import { describe, expect, it } from 'vitest'
import {
  basicConstraints,
  createSyntheticWorld,
  type DeviceChainOverrides,
  extensionOids,
  flipBits,
  keyUsage,
  type SyntheticFamily,
  unknownExtension,
  withExtension,
  withoutExtension,
} from '../../src/testing/index.js'
import { hasTool, runTool, type ToolResult } from './external-tool.js'

const world = createSyntheticWorld({ seed: 'device-pki' })
const families: readonly SyntheticFamily[] = ['hopper', 'blackwell', 'gb20x', 'rubin', 'ls10', 'blackwell-fsp']
const openssl = hasTool('openssl')

function opensslVerify(chainPem: string, rootPem = world.trustAnchors.device.pem): ToolResult {
  return runTool(
    'openssl',
    ['verify', '-x509_strict', '-no-CApath', '-no-CAstore', '-attime', `${world.now.getTime() / 1000}`].concat([
      '-CAfile',
      'root.pem',
      '-untrusted',
      'chain.pem',
      'chain.pem',
    ]),
    { 'root.pem': rootPem, 'chain.pem': chainPem },
  )
}

describe.each(families)('chain of %s', (family) => {
  const chain = world.device(family).chain
  const parsed = chain.certificates.map(({ der }) => new X509Certificate(der))

  it.skipIf(!openssl)('satisfies openssl verify -x509_strict', () => {
    expect(opensslVerify(chain.pem)).toEqual({ status: 0, output: 'chain.pem: OK\n' })
  })

  it('has five certificates, each issued by the next', () => {
    expect(parsed.map((certificate, i) => certificate.checkIssued(parsed[i + 1] ?? certificate))).toEqual([
      true,
      true,
      true,
      true,
      true,
    ])
    expect(parsed.map((certificate, i) => certificate.verify((parsed[i + 1] ?? certificate).publicKey))).toEqual([
      true,
      true,
      true,
      true,
      true,
    ])
    expect(parsed.map((certificate) => certificate.ca)).toEqual([false, true, true, true, true])
    expect(parsed.map((certificate) => certificate.validTo)).toEqual(Array(5).fill('Dec 31 23:59:59 9999 GMT'))
  })

  it('makes the leaf serial number from its key identifier', () => {
    const identifier = createHash('sha1').update(chain.leaf.key.publicKey).digest()
    const [first = 0, ...rest] = identifier
    const hex = Buffer.from([(first & 0x7f) | 0x40, ...rest])
      .toString('hex')
      .toUpperCase()
    expect(parsed[0]?.serialNumber).toBe(hex)
    expect(parsed[0]?.subject.split('\n')[0]).toBe(`serialNumber=${hex}`)
    expect(world.device(family).ueid).toBe(BigInt(`0x${hex}`).toString())
  })
})

describe('names and device extensions', () => {
  const subjects = (family: SyntheticFamily): readonly (string | undefined)[] =>
    world.device(family).chain.certificates.map(({ der }) => /CN=(.*)/.exec(new X509Certificate(der).subject)?.[1])

  it('name the family as NVIDIA does, and themselves as synthetic', () => {
    expect(subjects('hopper')).toEqual([
      'GH100 A01 GSP FMC LF',
      'GH100 A01 GSP BROM',
      'Synthetic GH100 Provisioner ICA 1',
      'Synthetic GH100 Identity',
      'Synthetic Device Identity CA',
    ])
    expect(subjects('ls10').slice(0, 4)).toEqual([
      'LS_10 A01 FSP FMC LF',
      'LS_10 A01 FSP BROM',
      'Synthetic LS_10 Provisioner ICA 1',
      'Synthetic GH100 Identity',
    ])
    expect(subjects('gb20x').slice(0, 2)).toEqual(['GB20X A01 GSP FMC LF', 'GB20X A01 GSP BROM'])
    expect(subjects('blackwell-fsp').slice(0, 2)).toEqual(['GB100 A01 FSP FMC LF', 'GB100 A01 FSP BROM'])
  })

  it.each([
    ['hopper', '41'],
    ['blackwell', '41'],
    ['blackwell-fsp', '40'],
    ['ls10', '50'],
  ] as const)('put the PDI of %s behind prefix %s into the BROM serial number', (family, prefix) => {
    const { pdi, chain } = world.device(family)
    const serial = `${prefix}${Buffer.from(pdi).toString('hex')}`.toUpperCase()
    const brom = new X509Certificate(chain.brom.der)
    expect(brom.serialNumber).toBe(serial)
    expect(brom.subject.split('\n')[0]).toBe(`serialNumber=${serial}`)
  })

  it.each([
    ['hopper', '2.23.133.5.4.1', 48],
    ['ls10', '2.23.133.5.4.1', 48],
    ['blackwell', '2.23.133.5.4.1.1', 48],
    ['gb20x', '2.23.133.5.4.1.1', 48],
  ] as const)('certify the firmware of %s under %s', (family, oid, length) => {
    const { chain, fwid } = world.device(family)
    const parsed = new peculiar.X509Certificate(new Uint8Array(chain.leaf.der))
    const diceOids = parsed.extensions.map(({ type }) => type).filter((type) => type.startsWith('2.23.133'))
    expect(diceOids).toEqual([oid])
    const value = Buffer.from(parsed.getExtension(oid)?.value ?? new ArrayBuffer(0))
    expect(fwid.length).toBe(length)
    expect(value.includes(Buffer.from(fwid))).toBe(true)
    // The Hopper form binds the key of the BROM certificate.
    expect(value.includes(Buffer.from(chain.brom.key.spki))).toBe(oid === '2.23.133.5.4.1')
    expect(parsed.getExtension(extensionOids.subjectAltName)).toBeDefined()
  })
})

describe('determinism', () => {
  it('makes equal bytes from equal seeds', () => {
    const again = createSyntheticWorld({ seed: 'device-pki' })
    expect(again.hopper().chainPem).toBe(world.hopper().chainPem)
    expect(again.hopper().report).toEqual(world.hopper().report)
  })

  it('makes a foreign root of the same name from another seed', () => {
    const foreign = createSyntheticWorld({ seed: 'elsewhere' })
    expect(foreign.trustAnchors.device.subject).toEqual(world.trustAnchors.device.subject)
    expect(foreign.trustAnchors.device.key.spki).not.toEqual(world.trustAnchors.device.key.spki)
  })

  it('gives every device its own keys below shared authorities', () => {
    const [first, second] = [world.hopper(), world.hopper({ device: 'device-1' })]
    expect(second.leafKey.publicKey).not.toEqual(first.leafKey.publicKey)
    expect(second.pdi).not.toEqual(first.pdi)
    expect(second.chain.provisioner.der).toEqual(first.chain.provisioner.der)
  })
})

describe.skipIf(!openssl)('overrides, as openssl judges them', () => {
  const impostor = world.key('impostor')
  const cases: readonly (readonly [what: string, overrides: DeviceChainOverrides, complaint: RegExp])[] = [
    ['an expired leaf', { leaf: { notAfter: new Date('2026-01-01T00:00:00Z') } }, /error 10 at 0 depth/],
    ['an identity of the future', { identity: { notBefore: new Date('2027-01-01T00:00:00Z') } }, /error 9 at 3 depth/],
    ['an issuer that is no CA', { brom: { extensions: withExtension(basicConstraints({ ca: false })) } }, /error 79/],
    [
      'an issuer without basic constraints',
      { brom: { extensions: withoutExtension(extensionOids.basicConstraints) } },
      /error (24|79)/,
    ],
    [
      'an issuer that may not sign',
      { provisioner: { extensions: withExtension(keyUsage(['digitalSignature'])) } },
      /error (32|92)/,
    ],
    [
      'a path too long',
      { provisioner: { extensions: withExtension(basicConstraints({ ca: true, pathLength: 0 })) } },
      /error 25/,
    ],
    ['an unknown critical extension', { leaf: { extensions: withExtension(unknownExtension(true)) } }, /error 34/],
    ['a spoilt signature', { brom: { signature: (bytes) => flipBits(bytes, -1) } }, /error 7 at 1 depth/],
    ['a signature of somebody else', { leaf: { signer: impostor } }, /error 7 at 0 depth/],
    ['a leaf that names another issuer', { leaf: { issuer: [['CN', 'Nobody']] } }, /error 20 at 0 depth/],
    [
      'algorithms that differ inside and outside',
      { leaf: { algorithm: world.key('p256', 'P-256').algorithm } },
      /error/,
    ],
  ]

  it.each(cases)('%s', (_, overrides, complaint) => {
    const { status, output } = opensslVerify(world.hopper({ chain: overrides }).chainPem)
    expect(status).not.toBe(0)
    expect(output).toMatch(complaint)
  })

  it('a foreign root of the same name', () => {
    const foreign = createSyntheticWorld({ seed: 'elsewhere' })
    const { status } = opensslVerify(world.hopper().chainPem, foreign.trustAnchors.device.pem)
    expect(status).not.toBe(0)
  })

  it('harmless ones change the bytes but not the verdict', () => {
    const { chainPem } = world.hopper({
      chain: {
        leaf: { key: world.key('another leaf'), extensions: withExtension(unknownExtension(false)) },
        identity: { key: world.key('another identity') },
      },
    })
    expect(chainPem).not.toBe(world.hopper().chainPem)
    expect(opensslVerify(chainPem)).toEqual({ status: 0, output: 'chain.pem: OK\n' })
  })
})
