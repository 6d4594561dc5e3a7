// Our reading of generated certificates against that of @peculiar/x509 and asn1js, field by field.
import { describe, it } from 'vitest'
import { parseCertificate } from '../../src/x509/certificate.js'
import { expectSameFields } from './independent-reader.js'
import {
  altNames,
  directory,
  dns,
  extKeyUsage,
  ip,
  issue,
  type KeyName,
  keyUsage,
  mail,
  nameConstraints,
} from './issuer.js'
import { build, pathCases } from './path-cases.js'

describe('generated certificates', () => {
  it('of every path case read the same with an independent reader', async () => {
    for (const one of pathCases.filter(({ tamper }) => tamper === undefined))
      for (const [name, bytes] of await build(one)) expectSameFields(parseCertificate(bytes, name))
  })

  it.each<[key: KeyName, subject: string, notBefore: string, notAfter: string, serial: string]>([
    ['P-256:d', 'CN=a', '1950-01-01T00:00:00Z', '2049-12-31T23:59:59Z', '01'],
    ['P-384:d', 'CN=Ünï ☃, O=Test+OU=Unit', '2000-02-29T00:00:00Z', '2050-01-01T00:00:00Z', 'ff'],
    ['P-521:d', 'C=US, ST=CA, L=Santa Clara, O=Org', '2020-10-17T00:00:00Z', '9999-12-31T23:59:59Z', '7f'.repeat(20)],
    ['RSA:d', 'DC=example, DC=com', '1999-12-31T23:59:59Z', '2030-06-30T12:34:56Z', '0080'],
    ['Ed25519:d', 'CN=x', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', '80'],
  ])('over %s for %s read the same', async (key, subject, notBefore, notAfter, serial) => {
    const bytes = await issue({
      subject,
      issuer: subject,
      key,
      signer: key,
      serial,
      notBefore: new Date(notBefore),
      notAfter: new Date(notAfter),
      hash: 'SHA-256',
      extensions: [
        keyUsage('070080'),
        extKeyUsage(false, '1.3.6.1.5.5.7.3.1', '2.5.29.37.0'),
        altNames(dns('h.example'), ip('7f000001'), mail('a@b.example'), directory('CN=y')),
        nameConstraints({ permitted: [dns('example')] }),
      ],
    })
    expectSameFields(parseCertificate(bytes))
  })
})
