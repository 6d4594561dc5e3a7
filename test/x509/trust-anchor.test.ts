import { describe, expect, it } from 'vitest'
import { parseCertificate } from '../../src/x509/certificate.js'
import { isAnchorCertificate, trustAnchor, trustAnchorFromCertificate } from '../../src/x509/trust-anchor.js'
import { ascii, basicConstraints, der, dns, nameConstraints } from './issuer.js'
import { basePoint, commonName, p384Key, rawCertificate, withExtensions } from './raw-certificate.js'

describe('trustAnchor', () => {
  it('is made of a name and a key', () => {
    const anchor = trustAnchor({ name: commonName('root'), spki: p384Key() })
    expect(anchor.name.attributes).toEqual([{ oid: '2.5.4.3', value: 'root' }])
    expect(anchor.publicKey).toMatchObject({ kind: 'ec', curve: 'P-384' })
    expect(anchor.spki).toEqual(p384Key())
    expect(Object.isFrozen(anchor)).toBe(true)
  })

  it('is not changed by later writes to the input', () => {
    const input = { name: commonName('root'), spki: p384Key() }
    const anchor = trustAnchor(input)
    input.name.fill(0)
    input.spki.fill(0)
    expect(anchor.spki).toEqual(p384Key())
    expect(anchor.name.raw).toEqual(commonName('root'))
  })

  it.each<[name: string, input: { name: Uint8Array; spki: Uint8Array }]>([
    ['an empty name', { name: der(0x30), spki: p384Key() }],
    ['a name that is not DER', { name: ascii('CN=root'), spki: p384Key() }],
    ['octets after the name', { name: Uint8Array.of(...commonName('root'), 0), spki: p384Key() }],
    ['a bare point', { name: commonName('root'), spki: Uint8Array.from(Buffer.from(basePoint, 'hex')) }],
    ['octets after the key', { name: commonName('root'), spki: Uint8Array.of(...p384Key(), 0) }],
    ['a point off the curve', { name: commonName('root'), spki: p384Key(`${basePoint.slice(0, -2)}00`) }],
    ['the all-zero point', { name: commonName('root'), spki: p384Key(`04${'00'.repeat(96)}`) }],
  ])('refuses %s with a TypeError', (_, input) => {
    expect(() => trustAnchor(input)).toThrow(TypeError)
  })
})

describe('trustAnchorFromCertificate', () => {
  it('takes subject and key, and no limits where there are none', () => {
    const anchor = trustAnchorFromCertificate(parseCertificate(rawCertificate()))
    expect(anchor.name.attributes[0]?.value).toBe('subject')
    expect(anchor).not.toHaveProperty('pathLength')
    expect(anchor).not.toHaveProperty('nameConstraints')
  })

  it('keeps path length and name constraints', () => {
    const anchor = trustAnchorFromCertificate(
      parseCertificate(withExtensions(basicConstraints(true, 3), nameConstraints({ permitted: [dns('a')] }))),
    )
    expect(anchor.pathLength).toBe(3)
    expect(anchor.nameConstraints?.permitted).toEqual([{ kind: 'dns', text: 'a' }])
  })

  it('refuses a key it cannot use', () => {
    const certificate = parseCertificate(rawCertificate({ subjectPublicKeyInfo: p384Key(`04${'00'.repeat(96)}`) }))
    expect(() => trustAnchorFromCertificate(certificate)).toThrow(TypeError)
  })
})

describe('isAnchorCertificate', () => {
  const anchor = trustAnchor({ name: commonName('subject'), spki: p384Key() })
  const matches = (changes: Parameters<typeof rawCertificate>[0]): boolean =>
    isAnchorCertificate(parseCertificate(rawCertificate(changes)), anchor)

  it('asks for the same name and the same key, whatever else the certificate says', () => {
    expect(matches({ serialNumber: der(2, '22') })).toBe(true)
    expect(matches({ subject: commonName('other') })).toBe(false)
    expect(matches({ subject: commonName('subject', 0x13) })).toBe(false)
    expect(matches({ subjectPublicKeyInfo: p384Key(`${basePoint.slice(0, -2)}00`) })).toBe(false)
  })
})
