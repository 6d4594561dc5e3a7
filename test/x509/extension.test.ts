import { describe, expect, it } from 'vitest'
import { parseCertificate } from '../../src/x509/certificate.js'
import type { KnownExtensions } from '../../src/x509/extension.js'
import { refusal } from '../encoding/refusal.js'
import {
  altNames,
  ascii,
  authorityKeyId,
  basicConstraints,
  der,
  directory,
  dns,
  extension,
  extKeyUsage,
  ip,
  keyUsage,
  mail,
  nameConstraints,
  oid,
  subjectKeyId,
} from './issuer.js'
import { withExtensions } from './raw-certificate.js'

const known = (type: string, value: Uint8Array): KnownExtensions =>
  parseCertificate(withExtensions(extension(type, false, value))).known
const refuse = (type: string, value: Uint8Array): ReturnType<typeof refusal> =>
  refusal(() => parseCertificate(withExtensions(extension(type, false, value)), 'c'))
const at = 'c.tbs.extensions[0]'

describe('extensions', () => {
  it('are all read from one certificate', () => {
    const certificate = parseCertificate(
      withExtensions(
        basicConstraints(true),
        keyUsage('01fe'),
        extKeyUsage(false, '1.3.6.1.5.5.7.3.9', '1.3.6.1.5.5.7.3.3'),
        subjectKeyId(Uint8Array.of(1, 2)),
        authorityKeyId(Uint8Array.of(3, 4)),
      ),
    )
    expect(certificate.known).toEqual({
      basicConstraints: { ca: true, pathLength: undefined },
      keyUsage: [
        'digitalSignature',
        'contentCommitment',
        'keyEncipherment',
        'dataEncipherment',
        'keyAgreement',
        'keyCertSign',
        'cRLSign',
      ],
      extKeyUsage: ['1.3.6.1.5.5.7.3.9', '1.3.6.1.5.5.7.3.3'],
      subjectKeyIdentifier: Uint8Array.of(1, 2),
      authorityKeyIdentifier: { keyIdentifier: Uint8Array.of(3, 4), issuer: undefined, serialNumber: undefined },
    })
  })

  it('that nobody knows are kept as they are', () => {
    const certificate = parseCertificate(withExtensions(extension('1.3.6.1.4.1.55555.1', true, ascii('not DER'))))
    expect(certificate.known).toEqual({})
    expect(certificate.extensions[0]).toMatchObject({ critical: true, value: ascii('not DER') })
  })

  it('must end where their structure ends', () => {
    for (const [type, value] of [
      ['2.5.29.19', '30000500'],
      ['2.5.29.15', '030207800500'],
      ['2.5.29.14', '0400 0500'],
      ['1.3.6.1.5.5.7.48.1.5', '05000500'],
    ] as const)
      expect(refuse(type, Uint8Array.from(Buffer.from(value.replace(' ', ''), 'hex')))).toMatchObject({
        code: 'bytes/trailing',
        at,
      })
  })
})

describe('basicConstraints', () => {
  it('reads the CA flag and the path length', () => {
    expect(known('2.5.29.19', der(0x30)).basicConstraints).toEqual({ ca: false, pathLength: undefined })
    expect(known('2.5.29.19', der(0x30, '0101ff', '020100')).basicConstraints).toEqual({ ca: true, pathLength: 0 })
  })

  it('refuses a path length without the flag, and a flag that spells out its default', () => {
    expect(refuse('2.5.29.19', der(0x30, '020100'))).toMatchObject({ code: 'certificate/path-length-without-ca', at })
    expect(refuse('2.5.29.19', der(0x30, '010100'))).toMatchObject({ code: 'der/default', at: `${at}.cA` })
    expect(refuse('2.5.29.19', der(0x30, '0101ff', '0201ff'))).toMatchObject({ code: 'der/integer' })
  })
})

describe('keyUsage', () => {
  it('reads bit 8', () => {
    expect(known('2.5.29.15', der(3, '070080')).keyUsage).toEqual(['decipherOnly'])
  })

  it.each([
    ['no bit', '00'],
    ['bit 9, which has no meaning', '060040'],
  ])('refuses %s', (_, content) => {
    expect(refuse('2.5.29.15', der(3, content))).toMatchObject({ code: 'certificate/no-key-usage', at })
  })
})

describe('extKeyUsage', () => {
  it('refuses an empty list', () => {
    expect(refuse('2.5.29.37', der(0x30))).toMatchObject({ code: 'der/empty-list', at })
  })

  it('refuses what is not an OID', () => {
    expect(refuse('2.5.29.37', der(0x30, oid('1.2.3'), '0500'))).toMatchObject({ code: 'der/tag', at: `${at}[1]` })
  })
})

describe('authorityKeyIdentifier', () => {
  it('reads all three parts', () => {
    const value = der(0x30, der(0x80, 'aa'), der(0xa1, dns('x')), der(0x82, '05'))
    expect(known('2.5.29.35', value).authorityKeyIdentifier).toEqual({
      keyIdentifier: Uint8Array.of(0xaa),
      issuer: [{ kind: 'dns', text: 'x' }],
      serialNumber: Uint8Array.of(5),
    })
  })

  it('reads none of them', () => {
    expect(known('2.5.29.35', der(0x30)).authorityKeyIdentifier?.keyIdentifier).toBeUndefined()
  })

  it('refuses parts out of order', () => {
    expect(refuse('2.5.29.35', der(0x30, der(0x82, '05'), der(0x80, 'aa'))).code).toBe('bytes/trailing')
  })
})

describe('subjectAltName', () => {
  const read = (...names: readonly Uint8Array[]): unknown =>
    parseCertificate(withExtensions(altNames(...names))).known.subjectAltName

  it('reads all nine kinds', () => {
    expect(
      read(
        der(0xa0, oid('1.2.3'), der(0xa0, der(0x0c, ascii('v')))),
        mail('a@b'),
        dns('h.example'),
        der(0xa3, '0500'),
        directory('CN=x'),
        der(0xa5, '0500'),
        der(0x86, ascii('http://x')),
        ip('7f000001'),
        der(0x88, '2a03'),
      ),
    ).toMatchObject([
      { kind: 'other-name', oid: '1.2.3', value: der(0x0c, ascii('v')) },
      { kind: 'email', text: 'a@b' },
      { kind: 'dns', text: 'h.example' },
      { kind: 'x400', raw: der(0xa3, '0500') },
      { kind: 'directory', name: { attributes: [{ oid: '2.5.4.3', value: 'x' }] } },
      { kind: 'edi-party', raw: der(0xa5, '0500') },
      { kind: 'uri', text: 'http://x' },
      { kind: 'ip', octets: Uint8Array.of(127, 0, 0, 1) },
      { kind: 'registered-id', oid: '1.2.3' },
    ])
  })

  it.each<[name: string, value: Uint8Array, code: string, where: string]>([
    ['no names', der(0x30), 'der/empty-list', at],
    ['a tenth kind', der(0x30, der(0x89, '00')), 'certificate/general-name', `${at}[0]`],
    ['a host beyond ASCII', der(0x30, der(0x82, ascii('h\xe9'))), 'encoding/ascii', `${at}[0]`],
    ['a host with NUL', der(0x30, dns('good.example\0.evil.example')), 'encoding/ascii', `${at}[0]`],
    ['an otherName without value', der(0x30, der(0xa0, oid('1.2.3'))), 'der/missing', `${at}[0].value`],
    [
      'an otherName with two values',
      der(0x30, der(0xa0, oid('1.2.3'), der(0xa0, '0500', '0500'))),
      'bytes/trailing',
      `${at}[0].value`,
    ],
  ])('refuses %s', (_, value, code, where) => {
    expect(refuse('2.5.29.17', value)).toMatchObject({ code, at: where })
  })
})

describe('nameConstraints', () => {
  it('reads both lists', () => {
    const both = nameConstraints({ permitted: [dns('a')], excluded: [ip('0a000000ff000000'), dns('b')] })
    expect(parseCertificate(withExtensions(both)).known.nameConstraints).toEqual({
      permitted: [{ kind: 'dns', text: 'a' }],
      excluded: [
        { kind: 'ip', octets: Uint8Array.of(10, 0, 0, 0, 255, 0, 0, 0) },
        { kind: 'dns', text: 'b' },
      ],
    })
  })

  it.each<[name: string, value: Uint8Array, code: string]>([
    ['neither list', der(0x30), 'der/empty-list'],
    ['an empty list', der(0x30, der(0xa0)), 'der/empty-list'],
    ['a minimum', der(0x30, der(0xa0, der(0x30, dns('a'), der(0x80, '01')))), 'certificate/name-constraint-distance'],
    ['a maximum', der(0x30, der(0xa1, der(0x30, dns('a'), der(0x81, '01')))), 'certificate/name-constraint-distance'],
    [
      'the lists in the wrong order',
      der(0x30, der(0xa1, der(0x30, dns('a'))), der(0xa0, der(0x30, dns('a')))),
      'bytes/trailing',
    ],
  ])('refuses %s', (_, value, code) => {
    expect(refuse('2.5.29.30', value).code).toBe(code)
  })
})

describe('certificatePolicies', () => {
  const policy = (type: string, ...rest: readonly Uint8Array[]): Uint8Array => der(0x30, oid(type), ...rest)

  it('reads policies and the kinds of their qualifiers', () => {
    const qualifiers = der(0x30, der(0x30, oid('1.3.6.1.5.5.7.2.1'), der(0x16, ascii('http://x'))))
    expect(known('2.5.29.32', der(0x30, policy('1.2.3'), policy('1.2.4', qualifiers))).certificatePolicies).toEqual([
      { oid: '1.2.3', qualifiers: [] },
      { oid: '1.2.4', qualifiers: ['1.3.6.1.5.5.7.2.1'] },
    ])
  })

  it.each<[name: string, value: Uint8Array, code: string]>([
    ['no policy', der(0x30), 'der/empty-list'],
    ['a policy twice', der(0x30, policy('1.2.3'), policy('1.2.3')), 'certificate/duplicate-policy'],
    ['an empty list of qualifiers', der(0x30, policy('1.2.3', der(0x30))), 'der/empty-list'],
    ['a qualifier without content', der(0x30, policy('1.2.3', der(0x30, der(0x30, oid('1.2'))))), 'der/missing'],
  ])('refuses %s', (_, value, code) => {
    expect(refuse('2.5.29.32', value).code).toBe(code)
  })
})

describe('where to ask about revocation', () => {
  it('reads authorityInfoAccess', () => {
    const value = der(0x30, der(0x30, oid('1.3.6.1.5.5.7.48.1'), der(0x86, ascii('http://ocsp.example'))))
    expect(known('1.3.6.1.5.5.7.1.1', value).authorityInfoAccess).toEqual([
      { method: '1.3.6.1.5.5.7.48.1', location: { kind: 'uri', text: 'http://ocsp.example' } },
    ])
  })

  it('reads crlDistributionPoints, and says which cover a part only', () => {
    const uri = der(0x86, ascii('http://crl.example'))
    const value = der(
      0x30,
      der(0x30, der(0xa0, der(0xa0, uri))),
      der(0x30, der(0xa0, der(0xa0, uri)), der(0x81, '0640')),
      der(0x30, der(0xa2, directory('CN=x'))),
      der(0x30, der(0xa0, der(0xa1, '0500'))),
    )
    const fullName = [{ kind: 'uri', text: 'http://crl.example' }]
    expect(known('2.5.29.31', value).crlDistributionPoints).toEqual([
      { fullName, partial: false },
      { fullName, partial: true },
      { fullName: [], partial: true },
      { fullName: [], partial: false },
    ])
  })

  it('reads ocspNoCheck', () => {
    expect(known('1.3.6.1.5.5.7.48.1.5', der(5)).ocspNoCheck).toBe(true)
    expect(refuse('1.3.6.1.5.5.7.48.1.5', der(5, '00'))).toMatchObject({ code: 'der/null', at })
  })
})
