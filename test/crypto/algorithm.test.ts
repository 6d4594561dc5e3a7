import * as asn1 from 'asn1js'
import { describe, expect, it } from 'vitest'
import { parseHex } from '../../src/bytes/hex.js'
import { algorithmFitsKey, signatureAlgorithmFromX509 } from '../../src/crypto/algorithm.js'
import type { PublicKey } from '../../src/crypto/provider.js'

const nullElement = Uint8Array.of(5, 0)

const oids = [
  ['1.2.840.10045.4.3.2', undefined, 'ecdsa-p256-sha256'],
  ['1.2.840.10045.4.3.3', undefined, 'ecdsa-p384-sha384'],
  ['1.2.840.10045.4.3.4', undefined, 'ecdsa-p521-sha512'],
  ['1.3.101.112', undefined, 'ed25519'],
  ['1.2.840.113549.1.1.11', nullElement, 'rsa-pkcs1-sha256'],
  ['1.2.840.113549.1.1.12', nullElement, 'rsa-pkcs1-sha384'],
  ['1.2.840.113549.1.1.13', nullElement, 'rsa-pkcs1-sha512'],
] as const

const sequence = (...value: asn1.BaseBlock[]): asn1.Sequence => new asn1.Sequence({ value })
const oid = (value: string): asn1.ObjectIdentifier => new asn1.ObjectIdentifier({ value })
const tagged = (tagNumber: number, ...value: asn1.BaseBlock[]): asn1.Constructed =>
  new asn1.Constructed({ idBlock: { tagClass: 3, tagNumber }, value })

interface Pss {
  readonly hash: string
  readonly mgfHash: string
  readonly salt: number
  readonly withNull: boolean
  readonly trailer?: number
}

// RSASSA-PSS-params by another encoder.
function pss({ hash, mgfHash, salt, withNull, trailer }: Pss): Uint8Array {
  const identifier = (id: string): asn1.Sequence => sequence(oid(id), ...(withNull ? [new asn1.Null()] : []))
  return new Uint8Array(
    sequence(
      tagged(0, identifier(hash)),
      tagged(1, sequence(oid('1.2.840.113549.1.1.8'), identifier(mgfHash))),
      tagged(2, new asn1.Integer({ value: salt })),
      ...(trailer === undefined ? [] : [tagged(3, new asn1.Integer({ value: trailer }))]),
    ).toBER(),
  )
}

const sha256 = '2.16.840.1.101.3.4.2.1'
const sha384 = '2.16.840.1.101.3.4.2.2'
const sha512 = '2.16.840.1.101.3.4.2.3'
const pssOid = '1.2.840.113549.1.1.10'

describe('signatureAlgorithmFromX509', () => {
  it.each(oids)('%s', (id, parameters, algorithm) => {
    expect(signatureAlgorithmFromX509(id, parameters)).toBe(algorithm)
    const other = parameters === undefined ? nullElement : undefined
    expect(signatureAlgorithmFromX509(id, other)).toBeUndefined()
    expect(signatureAlgorithmFromX509(id, Uint8Array.of(5, 0, 0))).toBeUndefined()
    expect(signatureAlgorithmFromX509(id, new Uint8Array(0))).toBe(parameters === undefined ? algorithm : undefined)
  })

  it.each([
    [sha256, 32, 'rsa-pss-sha256'],
    [sha384, 48, 'rsa-pss-sha384'],
    [sha512, 64, 'rsa-pss-sha512'],
  ] as const)('RSASSA-PSS with %s', (hash, salt, algorithm) => {
    for (const withNull of [true, false])
      expect(signatureAlgorithmFromX509(pssOid, pss({ hash, mgfHash: hash, salt, withNull }))).toBe(algorithm)
  })

  it('refuses RSASSA-PSS with defaults, mixed hashes, another salt or trailer', () => {
    const good = { hash: sha384, mgfHash: sha384, salt: 48, withNull: true }
    for (const parameters of [
      undefined,
      nullElement,
      parseHex('3000', ''),
      pss({ ...good, mgfHash: sha256 }),
      pss({ ...good, hash: sha256 }),
      pss({ ...good, salt: 32 }),
      pss({ ...good, trailer: 1 }),
      pss({ ...good, hash: '1.3.14.3.2.26', mgfHash: '1.3.14.3.2.26', salt: 20 }),
    ])
      expect(signatureAlgorithmFromX509(pssOid, parameters)).toBeUndefined()
  })

  it.each(['1.2.840.113549.1.1.5', '1.2.840.10045.4.1', '1.2.840.113549.1.1.1', '1.3.101.113', 'toString', ''])(
    'does not know %j',
    (id) => {
      expect(signatureAlgorithmFromX509(id, undefined)).toBeUndefined()
      expect(signatureAlgorithmFromX509(id, nullElement)).toBeUndefined()
    },
  )
})

describe('algorithmFitsKey', () => {
  const point = new Uint8Array(1)
  const keys: Readonly<Record<string, PublicKey>> = {
    'ecdsa-p256-sha256': { kind: 'ec', curve: 'P-256', point },
    'ecdsa-p384-sha384': { kind: 'ec', curve: 'P-384', point },
    'ecdsa-p521-sha512': { kind: 'ec', curve: 'P-521', point },
    ed25519: { kind: 'ed25519', point },
    'rsa-pkcs1-sha256': { kind: 'rsa', modulus: point, exponent: point },
  }
  it('pairs each algorithm with exactly one kind of key', () => {
    const fits = (
      ['ecdsa-p256-sha256', 'ecdsa-p384-sha384', 'ecdsa-p521-sha512', 'ed25519', 'rsa-pkcs1-sha256'] as const
    ).flatMap((algorithm) =>
      Object.entries(keys).map(([name, key]) => ({ algorithm, name, fits: algorithmFitsKey(algorithm, key) })),
    )
    for (const { algorithm, name, fits: answer } of fits) expect(answer).toBe(algorithm === name)
  })
})
