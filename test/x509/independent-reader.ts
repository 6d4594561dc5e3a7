// Reads a certificate with @peculiar/x509 and asn1js, and compares every field with ours.
import 'reflect-metadata'
import {
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  KeyUsagesExtension,
  X509Certificate,
} from '@peculiar/x509'
import { BitString, fromBER, Integer, ObjectIdentifier, OctetString, Sequence } from 'asn1js'
import { expect } from 'vitest'
import type { Certificate } from '../../src/x509/certificate.js'

const hex = (bytes: ArrayBuffer | Uint8Array): string => Buffer.from(new Uint8Array(bytes)).toString('hex')

type Class<T> = abstract new (...args: never[]) => T

function be<T>(type: Class<T>, value: unknown): T {
  if (value instanceof type) return value
  throw new Error(`expected ${type.name}`)
}

/** KeyUsage bits by number, as in RFC 5280. */
const usageNames = [
  'digitalSignature',
  'contentCommitment',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
]

export function expectSameFields(ours: Certificate): void {
  const theirs = new X509Certificate(Uint8Array.from(ours.raw))
  const [tbs, algorithm, signature] = be(Sequence, fromBER(Uint8Array.from(ours.raw)).result).valueBlock.value
  const parts = be(Sequence, tbs).valueBlock.value
  expect(hex(ours.tbs)).toBe(hex(be(Sequence, tbs).valueBeforeDecodeView))
  expect(hex(ours.signature)).toBe(hex(be(BitString, signature).valueBlock.valueHexView))
  expect(ours.signatureAlgorithm.oid).toBe(
    be(ObjectIdentifier, be(Sequence, algorithm).valueBlock.value[0]).valueBlock.toString(),
  )
  expect(hex(ours.signatureAlgorithm.raw)).toBe(hex(be(Sequence, algorithm).valueBeforeDecodeView))
  expect(hex(ours.serialNumber)).toBe(hex(be(Integer, parts[1]).valueBlock.valueHexView))
  expect(hex(ours.issuer.raw)).toBe(hex(be(Sequence, parts[3]).valueBeforeDecodeView))
  expect(hex(ours.subject.raw)).toBe(hex(be(Sequence, parts[5]).valueBeforeDecodeView))
  expect(hex(ours.subjectPublicKeyInfo.raw)).toBe(hex(theirs.publicKey.rawData))
  expect(ours.notBefore).toEqual(theirs.notBefore)
  expect(ours.notAfter).toEqual(theirs.notAfter)
  const [, , , , validity] = parts
  expect(be(Sequence, validity).valueBlock.value.length).toBe(2)
  expect(ours.subject.attributes.map(({ value }) => value)).toEqual(
    theirs.subjectName.toJSON().flatMap((rdn) => Object.values(rdn).flat().map(plainText)),
  )
  expectSameExtensions(ours, theirs)
}

function plainText(value: unknown): string {
  return String(value)
}

function expectSameExtensions(ours: Certificate, theirs: X509Certificate): void {
  expect(ours.extensions.map(({ oid, critical, value }) => [oid, critical, hex(value)])).toEqual(
    theirs.extensions.map(({ type, critical, value }) => [type, critical, hex(value)]),
  )
  const constraints = theirs.getExtension(BasicConstraintsExtension)
  expect(ours.known.basicConstraints).toEqual(
    constraints === null ? undefined : { ca: constraints.ca, pathLength: constraints.pathLength },
  )
  const usages = theirs.getExtension(KeyUsagesExtension)
  expect(ours.known.keyUsage).toEqual(
    usages === null ? undefined : usageNames.filter((_, bit) => (usages.usages & (1 << bit)) !== 0),
  )
  const purposes = theirs.getExtension(ExtendedKeyUsageExtension)
  expect(ours.known.extKeyUsage).toEqual(purposes === null ? undefined : purposes.usages.map(String))
  const keyId = theirs.getExtension('2.5.29.14')
  if (keyId !== null)
    expect(hex(ours.known.subjectKeyIdentifier ?? new Uint8Array())).toBe(
      hex(be(OctetString, fromBER(keyId.value).result).valueBlock.valueHexView),
    )
}
