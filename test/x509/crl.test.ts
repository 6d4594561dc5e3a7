import 'reflect-metadata'
import { CRLDistributionPointsExtension, Extension, X509CrlGenerator, X509CrlReason } from '@peculiar/x509'
import * as asn1 from 'asn1js'
import { beforeAll, describe, expect, it } from 'vitest'
import { webCryptoProvider } from '../../src/crypto/webcrypto.js'
import { AttestationError } from '../../src/result/error.js'
import { parseCrl } from '../../src/x509/crl.js'
import { checkCrl } from '../../src/x509/crl-verify.js'
import { revocationIssuer } from '../../src/x509/revocation-evidence.js'
import { trustAnchorFromCertificate } from '../../src/x509/trust-anchor.js'
import {
  at,
  type CrlOptions,
  explicit,
  extension,
  hour,
  type Issued,
  issue,
  issuingDistributionPoint,
  now,
  octets,
  read,
  reasonCode,
  revocationList,
  sequence,
  toDer,
} from './ocsp-builder.js'

const day = 24 * hour

let root: Issued
let ca: Issued
let leaf: Issued

beforeAll(async () => {
  root = await issue({ name: 'Root', ca: true })
  ca = await issue({ name: 'CA', ca: true, issuer: root })
  leaf = await issue({ name: 'Leaf', issuer: ca })
})

const options = (more: Partial<CrlOptions> = {}): CrlOptions => ({ issuer: ca, ...more })
const other = Uint8Array.of(0x55)

async function failure(work: () => unknown): Promise<readonly [string, string]> {
  try {
    await work()
  } catch (error) {
    if (error instanceof AttestationError) return [error.code, error.at]
    throw error
  }
  return ['passed', '']
}

// A list with many entries, unsigned: put together from bytes, because asn1js takes seconds for so many.
function listOf(count: number): Uint8Array {
  const element = (tag: number, ...content: readonly Uint8Array[]): Uint8Array => {
    const body = Buffer.concat(content)
    return Buffer.concat([
      Uint8Array.of(tag, 0x83, body.length >> 16, (body.length >> 8) & 0xff, body.length & 0xff),
      body,
    ])
  }
  const children = (block: unknown): asn1.BaseBlock[] => (block instanceof asn1.Sequence ? block.valueBlock.value : [])
  const plain = revocationList(options({ entries: [{ serialNumber: Uint8Array.of(1, 0, 0, 0) }] }))
  const [tbs, ...outer] = children(asn1.fromBER(plain.slice().buffer).result)
  const fields = children(tbs).map(toDer)
  const template = fields.pop()?.subarray(2) ?? new Uint8Array(0)
  const entries = Array.from({ length: count }, (_, i) => {
    const entry = template.slice()
    entry.set([1, i >> 16, (i >> 8) & 0xff, i & 0xff], 4)
    return entry
  })
  return element(0x30, element(0x30, ...fields, element(0x30, ...entries)), ...outer.map(toDer))
}

const parseFailure = (more: Partial<CrlOptions>) => failure(() => parseCrl(revocationList(options(more)), 'crl'))

interface CheckOptions {
  readonly now?: Date
  readonly maxAgeSeconds?: number
  readonly certificate?: Issued
  readonly issuer?: Issued
}

const check = (more: Partial<CrlOptions>, how: CheckOptions = {}) =>
  checkCrl(
    parseCrl(revocationList(options(more)), 'crl'),
    (how.certificate ?? leaf).certificate,
    revocationIssuer((how.issuer ?? ca).certificate),
    {
      now: how.now ?? now,
      maxAgeSeconds: how.maxAgeSeconds ?? 3600,
      allowedAlgorithms: ['ecdsa-p384-sha384'],
      crypto: webCryptoProvider,
    },
  )
const checkFailure = (more: Partial<CrlOptions>, how?: CheckOptions) => failure(() => check(more, how))

describe('parseCrl', () => {
  it('reads what @peculiar/x509 writes', async () => {
    const algorithm = { name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-384' }
    const keys = await globalThis.crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
    const made = await X509CrlGenerator.create({
      issuer: 'CN=Independent, O=Elsewhere',
      thisUpdate: at(-hour),
      nextUpdate: at(day),
      signingAlgorithm: algorithm,
      signingKey: keys.privateKey,
      entries: [
        { serialNumber: '0a0b', revocationDate: at(-day), reason: X509CrlReason.keyCompromise },
        { serialNumber: '0c', revocationDate: at(-2 * day), reason: X509CrlReason.certificateHold },
      ],
    })
    const list = parseCrl(new Uint8Array(made.rawData), 'list')
    expect(list.issuer.attributes.map(({ value }) => value)).toEqual(['Independent', 'Elsewhere'])
    expect([list.thisUpdate, list.nextUpdate]).toEqual([at(-hour), at(day)])
    expect([...list.entries]).toEqual([
      ['0a0b', { revokedAt: at(-day), reason: 'keyCompromise' }],
      ['0c', { revokedAt: at(-2 * day), reason: 'certificateHold' }],
    ])
    expect(list.scope).toEqual({ covers: 'all', distributionPoint: undefined })
  })

  it('keeps its own copy of the input', () => {
    const der = revocationList(options())
    const list = parseCrl(der)
    const before = list.raw.slice()
    der.fill(0)
    expect(list.raw).toEqual(before)
  })

  it('throws nothing but AttestationError for any truncation or flipped bit', async () => {
    const der = revocationList(options({ entries: [{ serialNumber: other, extensions: [reasonCode(1)] }] }))
    for (let i = 0; i < der.length; i++) {
      expect((await failure(() => parseCrl(der.subarray(0, i))))[0]).not.toBe('passed')
      for (const mask of [0x80, 0x20, 1])
        await failure(() => parseCrl(der.map((byte, position) => (position === i ? byte ^ mask : byte))))
    }
  })

  it('refuses trailing bytes and size', async () => {
    expect((await failure(() => parseCrl(Uint8Array.of(...revocationList(options()), 0))))[0]).toBe('bytes/trailing')
    expect((await failure(() => parseCrl(new Uint8Array(4_194_305))))[0]).toBe('bytes/too-large')
  })

  it('refuses versions other than 2', async () => {
    expect(await parseFailure({ version: null })).toEqual(['crl/version', 'crl.tbs.version'])
    for (const version of [0, 2]) expect((await parseFailure({ version }))[0]).toBe('crl/version')
  })

  it('refuses two different signature algorithms', async () => {
    expect((await parseFailure({ outerOid: '1.2.840.10045.4.3.2' }))[0]).toBe('crl/signature-algorithm-mismatch')
  })

  it('refuses a list that is due before it was issued', async () => {
    for (const nextUpdate of [at(-hour), at(-2 * hour)])
      expect((await parseFailure({ nextUpdate }))[0]).toBe('crl/time-order')
  })

  it('refuses an empty list of entries', async () => {
    expect((await parseFailure({ entries: [] }))[0]).toBe('der/empty-list')
  })

  it('refuses two entries for one certificate', async () => {
    const twice = [{ serialNumber: other }, { serialNumber: other, extensions: [reasonCode(6)] }]
    expect(await parseFailure({ entries: twice })).toEqual(['crl/duplicate-entry', 'crl.tbs.revokedCertificates[1]'])
  })

  it('bounds the number of entries', async () => {
    expect((await failure(() => parseCrl(listOf(65_537))))[0]).toBe('crl/too-many-entries')
    expect(parseCrl(listOf(65_536)).entries.size).toBe(65_536)
  })

  it('refuses removeFromCRL and unknown reasons', async () => {
    for (const reason of [7, 8, 11]) {
      const entries = [{ serialNumber: other, extensions: [reasonCode(reason)] }]
      expect((await parseFailure({ entries }))[0]).toBe('revocation/reason')
    }
  })

  it('refuses entries with critical extensions it does not know, or of another issuer', async () => {
    const null_ = Uint8Array.of(5, 0)
    const certificateIssuer = toDer(sequence(explicit(4, sequence())))
    const bad = [
      extension('1.2.3.4', null_, true),
      extension('2.5.29.29', certificateIssuer, true),
      extension('2.5.29.29', certificateIssuer),
    ]
    for (const one of bad)
      expect((await parseFailure({ entries: [{ serialNumber: other, extensions: [one] }] }))[0]).toBe(
        'crl/critical-entry-extension',
      )
    const fine = [extension('1.2.3.4', null_), extension('2.5.29.24', null_, true)]
    expect((await parseFailure({ entries: [{ serialNumber: other, extensions: fine }] }))[0]).toBe('passed')
  })

  it('refuses critical extensions it does not know', async () => {
    expect((await parseFailure({ extensions: [extension('1.2.3.4', Uint8Array.of(5, 0), true)] }))[0]).toBe(
      'crl/critical-extension',
    )
    const number = toDer(new asn1.Integer({ value: 7 }))
    const fine = [
      extension('1.2.3.4', Uint8Array.of(5, 0)),
      extension('2.5.29.20', number, true),
      extension('2.5.29.35', toDer(sequence(octets(other)))),
    ]
    expect((await parseFailure({ extensions: fine }))[0]).toBe('passed')
  })

  it('refuses delta lists, critical or not', async () => {
    const base = toDer(new asn1.Integer({ value: 1 }))
    for (const critical of [true, false])
      expect((await parseFailure({ extensions: [extension('2.5.29.27', base, critical)] }))[0]).toBe('crl/delta')
  })

  it('refuses lists that cannot settle a status alone', async () => {
    const scope = (more: Parameters<typeof issuingDistributionPoint>[0]) =>
      parseFailure({ extensions: [issuingDistributionPoint(more)] })
    expect((await scope({ flags: [4] }))[0]).toBe('crl/indirect')
    expect((await scope({ flags: [5] }))[0]).toBe('crl/attribute-certificates')
    expect((await scope({ reasons: true }))[0]).toBe('crl/some-reasons')
    expect((await scope({ flags: [1, 2] }))[0]).toBe('crl/scope')
    expect((await scope({ flags: [1], value: 0 }))[0]).toBe('der/default')
    expect((await scope({ flags: [1], value: 1 }))[0]).toBe('der/boolean')
    for (const flags of [[], [1], [2]]) expect((await scope({ flags }))[0]).toBe('passed')
  })
})

describe('checkCrl', () => {
  it('says good for what is not on the list, revoked for what is', async () => {
    const window = { source: 'crl', thisUpdate: at(-hour), nextUpdate: at(hour) }
    expect(await check({})).toEqual({ ...window, said: { status: 'good' } })
    expect(await check({ entries: [{ serialNumber: other }] })).toEqual({ ...window, said: { status: 'good' } })
    const { serialNumber } = leaf.certificate
    const entries = [{ serialNumber: other }, { serialNumber, revokedAt: at(-day), extensions: [reasonCode(6)] }]
    expect(await check({ entries })).toEqual({
      ...window,
      said: { status: 'revoked', revokedAt: at(-day), reason: 'certificateHold' },
    })
    expect(await check({ entries: [{ serialNumber }] })).toMatchObject({
      said: { status: 'revoked', reason: undefined },
    })
  })

  it('ignores the list of another issuer', async () => {
    expect(await check({ issuer: root })).toBeUndefined()
  })

  it('takes the list of a trust anchor, which is a key without usages', async () => {
    const list = parseCrl(revocationList({ issuer: root }))
    const issuer = revocationIssuer(trustAnchorFromCertificate(root.certificate))
    const context = {
      now,
      maxAgeSeconds: 1,
      allowedAlgorithms: ['ecdsa-p384-sha384'],
      crypto: webCryptoProvider,
    } as const
    expect(await checkCrl(list, ca.certificate, issuer, context)).toMatchObject({ said: { status: 'good' } })
  })

  it('refuses an issuer that may not sign lists', async () => {
    for (const keyUsages of [4, 0]) {
      const mute = await issue({ name: 'Mute', ca: true, issuer: root, keyUsages })
      const how = { issuer: mute, certificate: await issue({ name: 'Below', issuer: mute }) }
      expect(await checkFailure({ issuer: mute }, how)).toEqual(['crl/issuer-key-usage', 'crl'])
    }
  })

  it('refuses a signature by another key, of other bytes or with another algorithm', async () => {
    expect(await checkFailure({ signer: root.privateKey })).toEqual(['crl/signature-invalid', 'crl.signature'])
    expect((await checkFailure({ hashName: 'sha256' }))[0]).toBe('crl/signature-invalid')
    expect(await checkFailure({ innerOid: '1.2.840.10045.4.3.2', hashName: 'sha256' })).toEqual([
      'crl/signature-algorithm',
      'crl.signatureAlgorithm',
    ])
  })

  it('holds to the window of the list', async () => {
    expect((await checkFailure({}, { now: at(-hour - 1) }))[0]).toBe('crl/not-yet-valid')
    expect((await checkFailure({}, { now: at(-hour) }))[0]).toBe('passed')
    expect((await checkFailure({}, { now: at(hour - 1) }))[0]).toBe('passed')
    expect(await checkFailure({}, { now: at(hour) })).toEqual(['crl/stale', 'crl'])
    expect((await checkFailure({ nextUpdate: null }))[0]).toBe('passed')
    expect((await checkFailure({ nextUpdate: null }, { maxAgeSeconds: 3599 }))[0]).toBe('crl/too-old')
  })

  it('refuses good outside the scope of the list, but believes it about what it lists', async () => {
    const scoped = (flags: readonly number[]) => ({ extensions: [issuingDistributionPoint({ flags })] })
    expect((await checkFailure(scoped([1])))[0]).toBe('passed')
    expect(await checkFailure(scoped([2]))).toEqual(['crl/wrong-scope', 'crl'])
    const authority = await issue({ name: 'Below', ca: true, issuer: ca })
    expect((await checkFailure(scoped([2]), { certificate: authority }))[0]).toBe('passed')
    expect((await checkFailure(scoped([1]), { certificate: authority }))[0]).toBe('crl/wrong-scope')
    const entries = [{ serialNumber: leaf.certificate.serialNumber }]
    expect(await check({ ...scoped([2]), entries })).toMatchObject({ said: { status: 'revoked' } })
  })

  it('takes a list for one distribution point only for certificates that name it', async () => {
    const uri = 'http://crl.example/1.crl'
    const more = { extensions: [issuingDistributionPoint({ uri })] }
    expect((await checkFailure(more))[0]).toBe('crl/wrong-scope')
    const naming = (place: string) =>
      issue({ name: 'Named', issuer: ca, extensions: [new CRLDistributionPointsExtension([place])] })
    expect((await checkFailure(more, { certificate: await naming(uri) }))[0]).toBe('passed')
    const elsewhere = await naming('http://crl.example/2.crl')
    expect((await checkFailure(more, { certificate: elsewhere }))[0]).toBe('crl/wrong-scope')
    // The same place, but for the reason keyCompromise only.
    const point = sequence(
      explicit(0, explicit(0, read(Uint8Array.of(0x86, uri.length, ...new TextEncoder().encode(uri))))),
      read(Uint8Array.of(0x81, 2, 6, 0x40)),
    )
    const value = toDer(sequence(point))
    const partly = await issue({
      name: 'Partly',
      issuer: ca,
      extensions: [new Extension('2.5.29.31', false, value.slice())],
    })
    expect(partly.certificate.known.crlDistributionPoints).toMatchObject([{ partial: true }])
    expect((await checkFailure(more, { certificate: partly }))[0]).toBe('crl/wrong-scope')
  })
})
