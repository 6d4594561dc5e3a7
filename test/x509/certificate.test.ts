import { describe, expect, it } from 'vitest'
import { parseHex } from '../../src/bytes/hex.js'
import { parseCertificate, parseCertificates } from '../../src/x509/certificate.js'
import { refusal } from '../encoding/refusal.js'
import { ascii, basicConstraints, der, extension, keyUsage, oid, toPem } from './issuer.js'
import {
  basePoint,
  commonName,
  ecdsaWithSha384,
  extensionDer,
  extensionsDer,
  generalizedTime,
  p384Key,
  rawCertificate,
  utcTime,
  withExtensions,
} from './raw-certificate.js'

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

describe('parseCertificate', () => {
  it('reads every field', () => {
    const input = rawCertificate({ extensions: extensionsDer(basicConstraints(true, 2), keyUsage('0204')) })
    const certificate = parseCertificate(input, 'c')
    expect(certificate.at).toBe('c')
    expect(certificate.raw).toEqual(input)
    expect(certificate.version).toBe(3)
    expect(hex(certificate.serialNumber)).toBe('11')
    expect(certificate.signatureAlgorithm).toMatchObject({ oid: '1.2.840.10045.4.3.3', parameters: undefined })
    expect(certificate.issuer.attributes).toEqual([{ oid: '2.5.4.3', value: 'issuer' }])
    expect(certificate.subject.attributes).toEqual([{ oid: '2.5.4.3', value: 'subject' }])
    expect(certificate.notBefore.toISOString()).toBe('2026-01-01T00:00:00.000Z')
    expect(certificate.notAfter.toISOString()).toBe('2027-01-01T00:00:00.000Z')
    expect(hex(certificate.subjectPublicKeyInfo.raw)).toBe(hex(p384Key()))
    expect(hex(certificate.subjectPublicKeyInfo.keyBits)).toBe(basePoint)
    expect(certificate.subjectPublicKeyInfo.publicKey).toEqual({
      kind: 'ec',
      curve: 'P-384',
      point: parseHex(basePoint, ''),
    })
    expect(hex(certificate.signature)).toBe('3006020101020101')
    expect(certificate.extensions.map(({ oid: type, critical, at }) => [type, critical, at])).toEqual([
      ['2.5.29.19', true, 'c.tbs.extensions[0]'],
      ['2.5.29.15', true, 'c.tbs.extensions[1]'],
    ])
    expect(certificate.known).toEqual({
      basicConstraints: { ca: true, pathLength: 2 },
      keyUsage: ['keyCertSign', 'cRLSign'].slice(0, 1),
    })
  })

  it('keeps the signed range with its tag', () => {
    const input = rawCertificate()
    const { tbs } = parseCertificate(input)
    expect(tbs[0]).toBe(0x30)
    expect(hex(input)).toContain(hex(tbs))
    expect(hex(input).indexOf(hex(tbs))).toBe(2 * 3)
  })

  it('is not changed by later writes to the input', () => {
    const input = rawCertificate()
    const expected = hex(input)
    const certificate = parseCertificate(input)
    input.fill(0)
    expect(hex(certificate.raw)).toBe(expected)
  })

  it('is frozen, down to its lists', () => {
    const certificate = parseCertificate(withExtensions(keyUsage('0204')))
    for (const part of [
      certificate,
      certificate.extensions,
      certificate.known,
      certificate.subjectPublicKeyInfo,
      certificate.known.keyUsage,
      certificate.subject.attributes,
    ])
      expect(Object.isFrozen(part)).toBe(true)
  })

  it('reads version 1', () => {
    const certificate = parseCertificate(rawCertificate({ version: undefined }))
    expect(certificate.version).toBe(1)
    expect(certificate.extensions).toEqual([])
  })

  it('reads dates to the year 9999 in GeneralizedTime', () => {
    const validity = der(0x30, generalizedTime('20201017000000Z'), generalizedTime('99991231235959Z'))
    expect(parseCertificate(rawCertificate({ validity })).notAfter.getTime()).toBe(253_402_300_799_000)
  })

  it('keeps a serial number of 20 octets, and its leading zero', () => {
    for (const content of ['7f'.padEnd(40, '0'), `00${'ff'.repeat(20)}`])
      expect(hex(parseCertificate(rawCertificate({ serialNumber: der(2, content) })).serialNumber)).toBe(content)
  })

  it('keeps a key it cannot use, without a public key', () => {
    const offCurve = parseCertificate(rawCertificate({ subjectPublicKeyInfo: p384Key(`${basePoint.slice(0, -2)}00`) }))
    expect(offCurve.subjectPublicKeyInfo.publicKey).toBeUndefined()
    const unknown = der(0x30, der(0x30, oid('1.3.6.1.4.1.55555.9')), der(3, '00', 'abcd'))
    const certificate = parseCertificate(rawCertificate({ subjectPublicKeyInfo: unknown }))
    expect(certificate.subjectPublicKeyInfo.publicKey).toBeUndefined()
    expect(certificate.subjectPublicKeyInfo.algorithm.oid).toBe('1.3.6.1.4.1.55555.9')
  })

  it('accepts an empty subject', () => {
    expect(parseCertificate(rawCertificate({ subject: der(0x30) })).subject.attributes).toEqual([])
  })

  const rsa = der(0x30, oid('1.2.840.113549.1.1.12'), '0500')
  it.each<[name: string, bytes: Uint8Array, code: string, at: string]>([
    ['nothing', new Uint8Array(), 'der/missing', 'c'],
    ['another structure', der(0x31), 'der/tag', 'c'],
    ['an octet after the end', Uint8Array.of(...rawCertificate(), 0), 'bytes/trailing', 'c'],
    ['an octet missing', rawCertificate().subarray(0, -1), 'bytes/truncated', 'c'],
    ['version 2', rawCertificate({ version: der(0xa0, '020101') }), 'certificate/version', 'c.tbs.version'],
    ['version 1 spelt out', rawCertificate({ version: der(0xa0, '020100') }), 'certificate/version', 'c.tbs.version'],
    ['version 4', rawCertificate({ version: der(0xa0, '020103') }), 'certificate/version', 'c.tbs.version'],
    [
      'serial number zero',
      rawCertificate({ serialNumber: der(2, '00') }),
      'certificate/serial-number',
      'c.tbs.serialNumber',
    ],
    [
      'a negative serial number',
      rawCertificate({ serialNumber: der(2, '80') }),
      'certificate/serial-number',
      'c.tbs.serialNumber',
    ],
    [
      'a serial number of 21 octets',
      rawCertificate({ serialNumber: der(2, '01'.repeat(21)) }),
      'certificate/serial-number',
      'c.tbs.serialNumber',
    ],
    ['a padded serial number', rawCertificate({ serialNumber: der(2, '0011') }), 'der/integer', 'c.tbs.serialNumber'],
    [
      'another algorithm outside',
      rawCertificate({ signatureAlgorithm: rsa }),
      'certificate/signature-algorithm-mismatch',
      'c.signatureAlgorithm',
    ],
    [
      'other parameters outside',
      rawCertificate({ signatureAlgorithm: der(0x30, oid('1.2.840.10045.4.3.3'), '0500') }),
      'certificate/signature-algorithm-mismatch',
      'c.signatureAlgorithm',
    ],
    ['an empty issuer', rawCertificate({ issuer: der(0x30) }), 'certificate/empty-issuer', 'c.tbs.issuer'],
    [
      'an unknown time',
      rawCertificate({ validity: der(0x30, utcTime('260101000000Z'), der(0x16, '00')) }),
      'der/tag',
      'c.tbs.validity.notAfter',
    ],
    [
      'three times',
      rawCertificate({ validity: der(0x30, ...Array<Uint8Array>(3).fill(utcTime('260101000000Z'))) }),
      'bytes/trailing',
      'c.tbs.validity',
    ],
    [
      'a unique identifier',
      rawCertificate({ issuerUniqueId: der(0x81, '0001') }),
      'certificate/unique-identifier',
      'c.tbs',
    ],
    [
      'the other unique identifier',
      rawCertificate({ issuerUniqueId: der(0x82, '0001') }),
      'certificate/unique-identifier',
      'c.tbs',
    ],
    [
      'extensions in version 1',
      rawCertificate({ version: undefined, extensions: extensionsDer(keyUsage('0780')) }),
      'certificate/extensions-need-v3',
      'c.tbs',
    ],
    [
      'an empty list of extensions',
      rawCertificate({ extensions: der(0xa3, der(0x30)) }),
      'der/empty-list',
      'c.tbs.extensions',
    ],
    [
      'an extension twice',
      withExtensions(keyUsage('0780'), basicConstraints(true), keyUsage('0780')),
      'certificate/duplicate-extension',
      'c.tbs.extensions[2]',
    ],
    [
      'too many extensions',
      withExtensions(...Array.from({ length: 33 }, (_, i) => extension(`1.3.6.1.4.1.55555.${i}`, false, ascii('x')))),
      'certificate/too-many-extensions',
      'c.tbs.extensions',
    ],
    [
      'critical FALSE spelt out',
      rawCertificate({ extensions: der(0xa3, der(0x30, der(0x30, oid('2.5.29.99'), '010100', der(4)))) }),
      'der/default',
      'c.tbs.extensions[0].critical',
    ],
    [
      'an extension with a fourth part',
      rawCertificate({ extensions: der(0xa3, der(0x30, der(0x30, oid('2.5.29.99'), der(4), der(4)))) }),
      'bytes/trailing',
      'c.tbs.extensions[0]',
    ],
    [
      'two lists of extensions',
      rawCertificate({ extensions: der(0xa3, der(0x30, extensionDer(keyUsage('0780'))), der(0x30)) }),
      'bytes/trailing',
      'c.tbs',
    ],
    [
      'a key with unused bits',
      rawCertificate({ subjectPublicKeyInfo: der(0x30, ecdsaWithSha384, der(3, '0780')) }),
      'der/bit-string',
      'c.tbs.subjectPublicKeyInfo.subjectPublicKey',
    ],
    [
      'a signature with unused bits',
      rawCertificate({ signatureValue: der(3, '0780') }),
      'der/bit-string',
      'c.signature',
    ],
    ['a fourth element', der(0x30, rawCertificate().subarray(3), '0500'), 'bytes/trailing', 'c'],
  ])('refuses %s', (_, bytes, code, at) => {
    expect(refusal(() => parseCertificate(bytes, 'c'))).toMatchObject({ code, stage: 'parse', at })
  })

  it('bounds the size', () => {
    expect(refusal(() => parseCertificate(new Uint8Array(16_385), 'c'))).toMatchObject({
      code: 'bytes/too-large',
      details: { limit: 16_384, actual: 16_385 },
    })
  })

  it('accepts the most extensions it reads', () => {
    const most = Array.from({ length: 32 }, (_, i) => extension(`1.3.6.1.4.1.55555.${i}`, false, ascii('x')))
    expect(parseCertificate(withExtensions(...most)).extensions.length).toBe(32)
  })
})

describe('parseCertificates', () => {
  it('reads a PEM text and tells where each certificate stood', () => {
    const text = toPem(rawCertificate()) + toPem(rawCertificate({ subject: commonName('second') }))
    expect(parseCertificates(text, 'chain').map(({ at, subject }) => [at, subject.attributes[0]?.value])).toEqual([
      ['chain[0]', 'subject'],
      ['chain[1]', 'second'],
    ])
  })

  it('refuses a block of another kind', () => {
    const text = toPem(rawCertificate()) + toPem(rawCertificate()).replaceAll('CERTIFICATE', 'PRIVATE KEY')
    expect(refusal(() => parseCertificates(text, 'chain'))).toMatchObject({
      code: 'certificate/pem-label',
      at: 'chain[1]',
      details: { label: 'PRIVATE KEY' },
    })
  })

  it('says which certificate is bad', () => {
    const text = toPem(rawCertificate()) + toPem(rawCertificate({ serialNumber: der(2, '00') }))
    expect(refusal(() => parseCertificates(text, 'chain')).at).toBe('chain[1].tbs.serialNumber')
  })
})
