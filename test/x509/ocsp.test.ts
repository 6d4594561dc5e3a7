import 'reflect-metadata'
import { createHash } from 'node:crypto'
import * as peculiar from '@peculiar/x509'
import * as asn1 from 'asn1js'
import { beforeAll, describe, expect, it } from 'vitest'
import type { CryptoProvider } from '../../src/crypto/provider.js'
import { webCryptoProvider } from '../../src/crypto/webcrypto.js'
import { AttestationError } from '../../src/result/error.js'
import type { OcspResponse } from '../../src/x509/ocsp.js'
import { parseOcspResponse } from '../../src/x509/ocsp.js'
import { encodeOcspRequest } from '../../src/x509/ocsp-request.js'
import { verifyOcspResponse } from '../../src/x509/ocsp-verify.js'
import { trustAnchorFromCertificate } from '../../src/x509/trust-anchor.js'
import {
  at,
  explicit,
  extension,
  hour,
  type Issued,
  issue,
  now,
  type OcspOptions,
  ocspError,
  ocspResponse,
  octets,
  oid,
  parsed,
  type Statement,
  sequence,
  toDer,
} from './ocsp-builder.js'

const ocspSigning = '1.3.6.1.5.5.7.3.9'
const noCheck = '1.3.6.1.5.5.7.48.1.5'
const day = 24 * hour

let root: Issued
let ca: Issued
let sibling: Issued
let leaf: Issued
let otherLeaf: Issued
let responder: Issued

beforeAll(async () => {
  root = await issue({ name: 'Root', ca: true })
  ca = await issue({ name: 'CA', ca: true, issuer: root })
  sibling = await issue({ name: 'Sibling CA', ca: true, issuer: root })
  leaf = await issue({ name: 'Leaf', issuer: ca })
  otherLeaf = await issue({ name: 'Other leaf', issuer: ca })
  responder = await issue({ name: 'Responder', issuer: ca, eku: [ocspSigning] })
})

const statement = (more: Partial<Statement> = {}): Statement => ({
  subject: leaf.certificate,
  issuer: ca.certificate,
  ...more,
})
const options = (more: Partial<OcspOptions> = {}): OcspOptions => ({ statements: [statement()], responder, ...more })

interface VerifyOptions {
  readonly nonce?: Uint8Array
  readonly now?: Date
  readonly maxAgeSeconds?: number
  readonly allowedAlgorithms?: readonly 'ecdsa-p256-sha256'[]
}

function verify(response: OcspResponse, more: VerifyOptions = {}) {
  return verifyOcspResponse(response, {
    certificate: leaf.certificate,
    issuer: ca.certificate,
    now,
    maxAgeSeconds: 3600,
    ...more,
  })
}

async function failure(work: Promise<unknown> | (() => unknown)): Promise<readonly [string, string]> {
  try {
    await (typeof work === 'function' ? work() : work)
  } catch (error) {
    if (error instanceof AttestationError) return [error.code, error.at]
    throw error
  }
  return ['passed', '']
}

const verifyFailure = (more: Partial<OcspOptions>, how?: VerifyOptions) =>
  failure(verify(parsed(options(more), 'ocsp[2]'), how))
const parseFailure = (more: Partial<OcspOptions>) =>
  failure(() => parseOcspResponse(ocspResponse(options(more)), 'ocsp[2]'))

describe('parseOcspResponse', () => {
  it('reads what another encoder wrote', () => {
    const nonce = new Uint8Array(32).fill(9)
    const revokedAt = new Date('2025-05-01T00:00:00Z')
    const response = parsed(
      options({
        nonce,
        byName: true,
        statements: [
          statement({ status: { revokedAt, reason: 1 }, hash: 'sha1', nextUpdate: null }),
          statement({ subject: otherLeaf.certificate, status: 'unknown', hash: 'sha512' }),
          statement({ subject: ca.certificate, issuer: root.certificate, status: { revokedAt } }),
        ],
      }),
    )
    if (response.kind !== 'answer') throw new Error('no answer')
    expect(response.nonce).toEqual(nonce)
    expect(response.responderId).toMatchObject({ kind: 'name', name: { raw: responder.certificate.subject.raw } })
    expect(response.producedAt).toEqual(at(-hour))
    expect(response.certificates.map(({ raw }) => raw)).toEqual([responder.certificate.raw])
    expect(response.responses).toMatchObject([
      { said: { status: 'revoked', revokedAt, reason: 'keyCompromise' }, certId: { hash: 'sha1' } },
      { said: { status: 'unknown' }, certId: { hash: 'sha512' }, nextUpdate: at(hour) },
      { said: { status: 'revoked', revokedAt, reason: undefined } },
    ])
    expect(response.responses[0]?.nextUpdate).toBeUndefined()
    expect(response.responses[0]?.certId.serialNumber).toEqual(leaf.certificate.serialNumber)
  })

  it('keeps its own copy of the input', () => {
    const der = ocspResponse(options())
    const response = parseOcspResponse(der)
    const before = response.raw.slice()
    der.fill(0)
    expect(response.raw).toEqual(before)
  })

  it.each([
    [1, 'malformed-request'],
    [2, 'internal-error'],
    [3, 'try-later'],
    [5, 'signature-required'],
    [6, 'unauthorized'],
  ])('reads status %i as no answer', (code, status) => {
    expect(parseOcspResponse(ocspError(code), 'x')).toMatchObject({ kind: 'error', status, at: 'x' })
  })

  it.each([4, 7, 100])('refuses status %i', async (code) => {
    expect(await failure(() => parseOcspResponse(ocspError(code), 'x'))).toEqual(['ocsp/status', 'x.responseStatus'])
  })

  it('refuses an answer under an error status, and success without an answer', async () => {
    const good = asn1.fromBER(ocspResponse(options()).slice().buffer).result
    if (!(good instanceof asn1.Sequence)) throw new Error('not a SEQUENCE')
    const [, body] = good.valueBlock.value
    if (body === undefined) throw new Error('no body')
    const mixed = toDer(sequence(new asn1.Enumerated({ value: 3 }), body))
    expect(await failure(() => parseOcspResponse(mixed))).toEqual(['bytes/trailing', ''])
    expect(await failure(() => parseOcspResponse(ocspError(0)))).toEqual(['der/missing', 'responseBytes'])
  })

  it('refuses trailing bytes, truncation and size', async () => {
    const der = ocspResponse(options())
    expect((await failure(() => parseOcspResponse(Uint8Array.of(...der, 0))))[0]).toBe('bytes/trailing')
    expect((await failure(() => parseOcspResponse(der.subarray(0, -1))))[0]).toBe('bytes/truncated')
    expect((await failure(() => parseOcspResponse(new Uint8Array(65_537))))[0]).toBe('bytes/too-large')
  })

  it('throws nothing but AttestationError for any truncation or flipped bit', async () => {
    const der = ocspResponse(options({ nonce: new Uint8Array(8) }))
    for (let i = 0; i < der.length; i++) {
      expect((await failure(() => parseOcspResponse(der.subarray(0, i))))[0]).not.toBe('passed')
      for (const mask of [0x80, 0x20, 1]) {
        const changed = der.map((byte, position) => (position === i ? byte ^ mask : byte))
        await failure(() => parseOcspResponse(changed))
      }
    }
  })

  it('refuses another response type', async () => {
    expect(await parseFailure({ responseType: '1.3.6.1.5.5.7.48.1.99' })).toEqual([
      'ocsp/response-type',
      'ocsp[2].responseBytes',
    ])
  })

  it('refuses a version', async () => {
    expect((await parseFailure({ version: true }))[0]).toBe('ocsp/version')
  })

  it('refuses an unknown CertID hash, and one with parameters', async () => {
    const where = 'ocsp[2].responseBytes.response.tbs.responses[0].certID.hashAlgorithm'
    expect(await parseFailure({ statements: [statement({ hash: 'md5' })] })).toEqual(['ocsp/cert-id-hash', where])
    const parameters = statement({ hashParameters: [new asn1.Integer({ value: 1 })] })
    expect(await parseFailure({ statements: [parameters] })).toEqual(['ocsp/cert-id-hash', where])
    expect(await parseFailure({ statements: [statement({ hashParameters: [] })] })).toEqual(['passed', ''])
  })

  it('refuses times in the wrong order', async () => {
    const wrong: readonly Partial<OcspOptions>[] = [
      { producedAt: at(-hour - 1000) },
      { statements: [statement({ nextUpdate: at(-hour) })] },
      { statements: [statement({ nextUpdate: at(-2 * hour) })] },
    ]
    for (const one of wrong) expect((await parseFailure(one))[0]).toBe('ocsp/time-order')
  })

  it('refuses critical extensions it does not know, here and in each answer', async () => {
    const unknown = extension('1.2.3.4', Uint8Array.of(5, 0), true)
    const harmless = extension('1.2.3.4', Uint8Array.of(5, 0))
    expect((await parseFailure({ extensions: [unknown] }))[0]).toBe('ocsp/critical-extension')
    expect((await parseFailure({ statements: [statement({ extensions: [unknown] })] }))[0]).toBe(
      'ocsp/critical-extension',
    )
    const fine = { extensions: [harmless], statements: [statement({ extensions: [harmless] })] }
    expect((await parseFailure(fine))[0]).toBe('passed')
  })

  it('refuses reasons that do not exist or belong to delta lists', async () => {
    for (const reason of [7, 8, 11]) {
      const revoked = statement({ status: { revokedAt: at(-hour), reason } })
      expect((await parseFailure({ statements: [revoked] }))[0]).toBe('revocation/reason')
    }
  })

  it('bounds answers and certificates', async () => {
    const statements = (count: number) => ({ statements: Array.from({ length: count }, () => statement()) })
    expect((await parseFailure(statements(32)))[0]).toBe('passed')
    expect((await parseFailure(statements(33)))[0]).toBe('ocsp/too-many-responses')
    const certificates = (count: number) => ({
      certificates: Array.from({ length: count }, () => responder.certificate),
    })
    expect((await parseFailure(certificates(8)))[0]).toBe('passed')
    expect((await parseFailure(certificates(9)))[0]).toBe('ocsp/too-many-certificates')
  })
})

describe('verifyOcspResponse', () => {
  it('takes the word of a responder the issuer appointed', async () => {
    for (const byName of [true, false])
      for (const hash of ['sha1', 'sha256', 'sha384', 'sha512'] as const)
        expect(await verify(parsed(options({ byName, statements: [statement({ hash })] })))).toMatchObject({
          said: { status: 'good' },
        })
  })

  it('takes the word of the issuer itself', async () => {
    for (const byName of [true, false])
      for (const certificates of [[], [ca.certificate]])
        expect(await verify(parsed(options({ responder: ca, byName, certificates })))).toMatchObject({
          said: { status: 'good' },
        })
  })

  it('takes the word of the trust anchor about what it issued', async () => {
    const response = parsed(
      options({
        responder: root,
        certificates: [],
        statements: [{ subject: ca.certificate, issuer: root.certificate }],
      }),
    )
    const issuer = trustAnchorFromCertificate(root.certificate)
    const input = { certificate: ca.certificate, issuer, now, maxAgeSeconds: 3600 }
    expect(await verifyOcspResponse(response, input)).toMatchObject({ said: { status: 'good' } })
  })

  it('accepts noCheck inside the extended key usage, and an extended key usage that is not critical', async () => {
    const extensions = [new peculiar.ExtendedKeyUsageExtension([ocspSigning, noCheck], false)]
    const odd = await issue({ name: 'Odd responder', issuer: ca, extensions })
    expect(await verify(parsed(options({ responder: odd })))).toMatchObject({ said: { status: 'good' } })
  })

  it('returns revoked and unknown as they are', async () => {
    const status = { revokedAt: at(-hour), reason: 4 }
    expect(await verify(parsed(options({ statements: [statement({ status })] })))).toMatchObject({
      said: { status: 'revoked', revokedAt: at(-hour), reason: 'superseded' },
    })
    expect(await verify(parsed(options({ statements: [statement({ status: 'unknown' })] })))).toMatchObject({
      said: { status: 'unknown' },
    })
  })

  it('never takes a response without an answer for good', async () => {
    const codes: (readonly [string, string])[] = []
    for (const status of [1, 2, 3, 5, 6]) codes.push(await failure(verify(parseOcspResponse(ocspError(status), 'r'))))
    expect(codes).toEqual([
      ['ocsp/status-malformed-request', 'r'],
      ['ocsp/status-internal-error', 'r'],
      ['ocsp/status-try-later', 'r'],
      ['ocsp/status-signature-required', 'r'],
      ['ocsp/status-unauthorized', 'r'],
    ])
  })

  it("refuses another certificate's response", async () => {
    expect(await verifyFailure({ statements: [statement({ subject: otherLeaf.certificate })] })).toEqual([
      'ocsp/wrong-certificate',
      'ocsp[2]',
    ])
    expect((await verifyFailure({ statements: [] }))[0]).toBe('ocsp/wrong-certificate')
  })

  it('refuses the same serial number under another issuer', async () => {
    const serialNumber = Buffer.from(leaf.certificate.serialNumber).toString('hex')
    const twin = await issue({ name: 'Twin', issuer: sibling, serialNumber })
    expect(twin.certificate.serialNumber).toEqual(leaf.certificate.serialNumber)
    const statements = [{ subject: twin.certificate, issuer: sibling.certificate }]
    expect((await verifyFailure({ statements, responder: sibling, certificates: [] }))[0]).toBe(
      'ocsp/wrong-certificate',
    )
  })

  it('refuses two answers about one certificate, even under different hashes', async () => {
    const revoked = statement({ status: { revokedAt: at(-hour) } })
    for (const second of [statement(), revoked, statement({ hash: 'sha1' })])
      expect((await verifyFailure({ statements: [statement(), second] }))[0]).toBe('ocsp/ambiguous')
    const two = [statement(), statement({ subject: otherLeaf.certificate })]
    expect((await verifyFailure({ statements: two }))[0]).toBe('passed')
  })

  it('refuses a responder whose certificate did not come along', async () => {
    for (const certificates of [[], [leaf.certificate, ca.certificate]])
      expect(await verifyFailure({ certificates })).toEqual(['ocsp/responder-not-found', 'ocsp[2]'])
  })

  it('refuses the responder of a sibling authority, and of the authority above', async () => {
    for (const issuer of [sibling, root]) {
      const foreign = await issue({ name: 'Foreign responder', issuer, eku: [ocspSigning] })
      expect(await verifyFailure({ responder: foreign })).toEqual([
        'ocsp/responder-wrong-issuer',
        'ocsp[2].responseBytes.response.certs[0]',
      ])
    }
  })

  it('refuses the sibling and the authority above as responders themselves', async () => {
    for (const foreign of [sibling, root])
      expect((await verifyFailure({ responder: foreign }))[0]).toBe('ocsp/responder-wrong-issuer')
  })

  it("refuses a responder that only claims the issuer's name", async () => {
    const signer = sibling.privateKey
    const impostor = await issue({ name: 'Impostor', issuer: ca, eku: [ocspSigning], signer })
    expect((await verifyFailure({ responder: impostor }))[0]).toBe('ocsp/responder-signature-invalid')
    const twin = await issue({ name: 'CA', ca: true, issuer: sibling })
    const namesake = await issue({ name: 'Namesake', issuer: twin, eku: [ocspSigning] })
    expect((await verifyFailure({ responder: namesake }))[0]).toBe('ocsp/responder-signature-invalid')
  })

  it('refuses a namesake of the issuer that signs itself', async () => {
    const twin = await issue({ name: 'CA', ca: true, issuer: sibling })
    expect((await verifyFailure({ responder: twin, byName: true, certificates: [] }))[0]).toBe('ocsp/signature-invalid')
    expect((await verifyFailure({ responder: twin }))[0]).toBe('ocsp/responder-wrong-issuer')
  })

  it('refuses a responder that the responder appointed', async () => {
    const second = await issue({ name: 'Second', issuer: responder, eku: [ocspSigning] })
    const certificates = [second.certificate, responder.certificate]
    expect((await verifyFailure({ responder: second, certificates }))[0]).toBe('ocsp/responder-wrong-issuer')
  })

  it('refuses a certificate of the issuer that is not for OCSP signing', async () => {
    for (const eku of [undefined, ['1.3.6.1.5.5.7.3.1'], ['2.5.29.37.0'], [noCheck]]) {
      const ordinary = await issue({ name: 'Ordinary', issuer: ca, ...(eku === undefined ? {} : { eku }) })
      expect((await verifyFailure({ responder: ordinary }))[0]).toBe('ocsp/responder-not-authorised')
    }
    // Not even the certificate in question may vouch for itself.
    expect((await verifyFailure({ responder: leaf }))[0]).toBe('ocsp/responder-not-authorised')
  })

  it('refuses a responder that may not sign', async () => {
    const keyUsages = peculiar.KeyUsageFlags.keyAgreement
    const mute = await issue({ name: 'Mute', issuer: ca, eku: [ocspSigning], keyUsages })
    expect((await verifyFailure({ responder: mute }))[0]).toBe('ocsp/responder-key-usage')
    const silent = await issue({ name: 'Silent', issuer: ca, eku: [ocspSigning], keyUsages: 0 })
    expect((await verifyFailure({ responder: silent }))[0]).toBe('passed')
  })

  it('refuses a responder with a critical extension it does not know', async () => {
    const extensions = [new peculiar.Extension('1.2.3.4', true, Uint8Array.of(5, 0))]
    const strange = await issue({ name: 'Strange', issuer: ca, eku: [ocspSigning], extensions })
    expect((await verifyFailure({ responder: strange }))[0]).toBe('ocsp/responder-critical-extension')
  })

  it('refuses a responder outside its validity, to the second', async () => {
    const early = await issue({ name: 'Early', issuer: ca, eku: [ocspSigning], notBefore: at(1000) })
    expect((await verifyFailure({ responder: early }))[0]).toBe('ocsp/responder-not-yet-valid')
    expect((await verifyFailure({ responder: early }, { now: at(1000) }))[0]).toBe('passed')
    const late = await issue({ name: 'Late', issuer: ca, eku: [ocspSigning], notAfter: now })
    expect((await verifyFailure({ responder: late }))[0]).toBe('passed')
    expect((await verifyFailure({ responder: late }, { now: at(1000) }))[0]).toBe('ocsp/responder-expired')
  })

  it('picks the valid one of two certificates of a renewed responder', async () => {
    const old = await issue({ name: 'Responder', issuer: ca, eku: [ocspSigning], notAfter: at(-day) })
    const certificates = [old.certificate, responder.certificate]
    expect((await verifyFailure({ certificates, byName: true }))[0]).toBe('passed')
  })

  it('refuses another signature algorithm, and a hash the name of the algorithm does not mean', async () => {
    const where = 'ocsp[2].responseBytes.response.signatureAlgorithm'
    const p384WithSha256 = { signatureOid: '1.2.840.10045.4.3.2', hashName: 'sha256' }
    expect(await verifyFailure(p384WithSha256)).toEqual(['ocsp/signature-algorithm', where])
    expect((await verifyFailure({ hashName: 'sha256' }))[0]).toBe('ocsp/signature-invalid')
    const onlyP256 = { allowedAlgorithms: ['ecdsa-p256-sha256'] } as const
    expect((await verifyFailure({}, onlyP256))[0]).toBe('ocsp/responder-signature-algorithm')
    expect(await verifyFailure({ responder: ca }, onlyP256)).toEqual(['ocsp/signature-algorithm', where])
  })

  it('never pairs an algorithm with a key of another curve, whatever the provider would say', async () => {
    const crypto: CryptoProvider = { ...webCryptoProvider, verify: async () => true }
    const response = parsed(options({ responder: ca, signatureOid: '1.2.840.10045.4.3.2', hashName: 'sha256' }))
    const input = { certificate: leaf.certificate, issuer: ca.certificate, now, maxAgeSeconds: 3600, crypto }
    const allowedAlgorithms = ['ecdsa-p256-sha256'] as const
    const [code] = await failure(verifyOcspResponse(response, { ...input, allowedAlgorithms }))
    expect(code).toBe('ocsp/signature-invalid')
    expect((await failure(verifyOcspResponse(parsed(options({ responder: ca })), input)))[0]).toBe('passed')
  })

  it('refuses a response signed by another key than that of the certificate shown', async () => {
    const forged = { certificate: responder.certificate, privateKey: sibling.privateKey }
    expect(await verifyFailure({ responder: forged })).toEqual([
      'ocsp/signature-invalid',
      'ocsp[2].responseBytes.response.signature',
    ])
    const asIssuer = { certificate: ca.certificate, privateKey: sibling.privateKey }
    expect((await verifyFailure({ responder: asIssuer }))[0]).toBe('ocsp/signature-invalid')
  })

  it('binds the nonce when one was sent, and only then', async () => {
    const nonce = new Uint8Array(32).fill(1)
    const other = new Uint8Array(32).fill(2)
    expect((await verifyFailure({ nonce }, { nonce }))[0]).toBe('passed')
    expect((await verifyFailure({ nonce }))[0]).toBe('passed')
    expect((await verifyFailure({ nonce: other }, { nonce }))[0]).toBe('ocsp/nonce-mismatch')
    expect((await verifyFailure({ nonce: nonce.subarray(1) }, { nonce }))[0]).toBe('ocsp/nonce-mismatch')
    expect((await verifyFailure({}, { nonce }))[0]).toBe('ocsp/nonce-missing')
  })

  it('holds to the window of the answer', async () => {
    const where = 'ocsp[2].responseBytes.response.tbs.responses[0]'
    expect(await verifyFailure({}, { now: at(-hour - 1) })).toEqual(['ocsp/not-yet-valid', where])
    expect((await verifyFailure({}, { now: at(-hour) }))[0]).toBe('passed')
    expect((await verifyFailure({}, { now: at(hour - 1) }))[0]).toBe('passed')
    expect(await verifyFailure({}, { now: at(hour) })).toEqual(['ocsp/stale', where])
    expect((await verifyFailure({}, { now: at(365 * day * 10) }))[0]).toBe('ocsp/stale')
  })

  it('holds answers without nextUpdate to the greatest age', async () => {
    const statements = [statement({ nextUpdate: null })]
    expect((await verifyFailure({ statements }, { now }))[0]).toBe('passed')
    expect((await verifyFailure({ statements }, { now: at(1) }))[0]).toBe('ocsp/too-old')
    expect((await verifyFailure({ statements }, { maxAgeSeconds: Number.NaN }))[0]).toBe('ocsp/too-old')
    expect((await verifyFailure({ statements }, { maxAgeSeconds: 3599 }))[0]).toBe('ocsp/too-old')
  })

  it('refuses an answer signed in the future', async () => {
    expect(await verifyFailure({ producedAt: at(1000) })).toEqual([
      'ocsp/produced-in-future',
      'ocsp[2].responseBytes.response.tbs.producedAt',
    ])
    expect((await verifyFailure({ producedAt: now }))[0]).toBe('passed')
  })
})

describe('encodeOcspRequest', () => {
  const sha = (hash: string, data: Uint8Array): Uint8Array => new Uint8Array(createHash(hash).update(data).digest())
  const hashes = [
    ['sha1', '1.3.14.3.2.26'],
    ['sha256', '2.16.840.1.101.3.4.2.1'],
    ['sha384', '2.16.840.1.101.3.4.2.2'],
    ['sha512', '2.16.840.1.101.3.4.2.3'],
  ] as const

  it.each(hashes)('writes what another encoder writes: %s', async (hash, hashOid) => {
    const { subject, subjectPublicKeyInfo } = ca.certificate
    const request = sequence(
      sequence(
        sequence(oid(hashOid), new asn1.Null()),
        octets(sha(hash, subject.raw)),
        octets(sha(hash, subjectPublicKeyInfo.keyBits)),
        new asn1.Integer({ valueHex: leaf.certificate.serialNumber.slice().buffer }),
      ),
    )
    const input = { certificate: leaf.certificate, issuer: ca.certificate, hash }
    expect(await encodeOcspRequest(input)).toEqual(toDer(sequence(sequence(sequence(request)))))
    for (const length of [1, 32, 128]) {
      const nonce = new Uint8Array(length).fill(3)
      const nonceExtension = extension('1.3.6.1.5.5.7.48.1.2', toDer(octets(nonce)))
      const whole = sequence(sequence(sequence(request), explicit(2, sequence(nonceExtension))))
      expect(await encodeOcspRequest({ ...input, nonce })).toEqual(toDer(whole))
    }
  })

  it('takes a trust anchor as issuer', async () => {
    const input = { certificate: ca.certificate, hash: 'sha256' } as const
    const anchor = trustAnchorFromCertificate(root.certificate)
    expect(await encodeOcspRequest({ ...input, issuer: anchor })).toEqual(
      await encodeOcspRequest({ ...input, issuer: root.certificate }),
    )
  })

  it('refuses a nonce no responder takes', async () => {
    const input = { certificate: leaf.certificate, issuer: ca.certificate, hash: 'sha1' } as const
    for (const length of [0, 129])
      await expect(encodeOcspRequest({ ...input, nonce: new Uint8Array(length) })).rejects.toThrow(TypeError)
  })
})
