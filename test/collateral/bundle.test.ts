import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeUtf8 } from '../../src/bytes/text.js'
import { type CollateralBundle, encodeCollateral, parseCollateral } from '../../src/collateral/index.js'
import { AttestationError } from '../../src/result/error.js'
import { parseCertificate } from '../../src/x509/certificate.js'
import { verifyOcspResponse } from '../../src/x509/ocsp-verify.js'
import { brom, driver, hex, now, provisioner, world } from './world.js'

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')
const obtainedAt = now.toISOString()
const good = world.ocspResponse(brom, provisioner)
const busy = world.ocspResponse(brom, provisioner, { responseStatus: 3 })

// Written by hand, not by the encoder.
const genuine = {
  format: 'gpu-attestation/collateral',
  version: 1,
  createdAt: '2026-01-15T12:00:00.000Z',
  manifests: [
    { id: driver.id, xml: base64(driver.bytes), obtainedAt, source: `https://rim.example/v1/rim/${driver.id}` },
  ],
  ocspResponses: [
    { der: base64(good), obtainedAt, source: 'https://ocsp.example' },
    { der: base64(busy), nonce: '00ff', obtainedAt },
  ],
  crls: [{ der: base64(world.crl(provisioner)), obtainedAt }],
  certificates: [{ der: base64(provisioner.der), obtainedAt }],
}

const parse = (value: unknown): CollateralBundle => parseCollateral(encodeUtf8(JSON.stringify(value)))

function refusal(value: unknown): readonly [string, string] {
  try {
    parse(value)
  } catch (error) {
    if (error instanceof AttestationError) return [error.code, error.at]
    throw error
  }
  return ['accepted', '']
}

describe('a bundle', () => {
  it('is read as written', () => {
    const bundle = parse(genuine)
    expect(bundle.createdAt).toEqual(now)
    expect(bundle.manifests.map(hex)).toEqual([hex(driver.bytes)])
    expect(bundle.ocspResponses.map(({ kind, raw }) => [kind, hex(raw)])).toEqual([
      ['answer', hex(good)],
      ['error', hex(busy)],
    ])
    expect(bundle.crls.map(({ raw }) => hex(raw))).toEqual([hex(world.crl(provisioner))])
    expect(bundle.certificates.map(({ raw }) => hex(raw))).toEqual([hex(provisioner.der)])
    expect(bundle.origins).toEqual({
      manifests: [{ id: driver.id, obtainedAt: now, source: `https://rim.example/v1/rim/${driver.id}` }],
      ocspResponses: [
        { nonce: undefined, obtainedAt: now, source: 'https://ocsp.example' },
        { nonce: new Uint8Array([0, 255]), obtainedAt: now, source: undefined },
      ],
      crls: [{ obtainedAt: now, source: undefined }],
      certificates: [{ obtainedAt: now, source: undefined }],
    })
  })

  it('is written as read, in the same order and spelling', () => {
    expect(JSON.parse(encodeCollateral(parse(genuine)))).toEqual(genuine)
    const text = encodeCollateral(parse(genuine))
    expect(encodeCollateral(parseCollateral(encodeUtf8(text)))).toBe(text)
  })

  it('keeps a response without an answer, which verification refuses', async () => {
    const response = parse(genuine).ocspResponses[1]
    if (response === undefined) throw new Error('no response')
    const input = {
      certificate: parseCertificate(brom.der),
      issuer: parseCertificate(provisioner.der),
      now,
      maxAgeSeconds: 1,
    }
    await expect(verifyOcspResponse(response, input)).rejects.toMatchObject({
      code: 'ocsp/status-try-later',
      at: 'collateral.ocspResponses[1].der',
    })
  })

  it('may be empty', () => {
    const empty = { ...genuine, manifests: [], ocspResponses: [], crls: [], certificates: [] }
    expect(JSON.parse(encodeCollateral(parse(empty)))).toEqual(empty)
  })

  it('is not written with an origin too few', () => {
    const bundle = parse(genuine)
    expect(() => encodeCollateral({ ...bundle, manifests: [...bundle.manifests, new Uint8Array(1)] })).toThrow(
      TypeError,
    )
    expect(() => encodeCollateral({ ...bundle, manifests: [] })).toThrow(TypeError)
  })

  it.each([
    ['manifests', 256],
    ['ocspResponses', 2048],
    ['crls', 64],
    ['certificates', 256],
  ] as const)('is not written with more %s than are read', (name, limit) => {
    const bundle = parse(genuine)
    const times = (count: number): CollateralBundle => ({
      ...bundle,
      [name]: many(bundle[name][0], count),
      origins: { ...bundle.origins, [name]: many(bundle.origins[name][0], count) },
    })
    // Small ones: what counts is their number.
    expect(parseCollateral(encodeUtf8(encodeCollateral(small(times(limit)))))[name].length).toBe(limit)
    expect(() => encodeCollateral(small(times(limit + 1)))).toThrow(TypeError)
  })

  it('is not written with notes that would not be read', () => {
    const bundle = parse(genuine)
    const { manifests, ocspResponses, crls } = bundle.origins
    const written = (origins: Partial<CollateralBundle['origins']>) => () =>
      encodeCollateral({ ...bundle, origins: { ...bundle.origins, ...origins } })
    expect(written({})).not.toThrow()
    for (const source of ['ftp://a', 'https://a b', 'https://é', '', `https://${'a'.repeat(2049)}`])
      expect(written({ crls: crls.map((one) => ({ ...one, source })) })).toThrow(TypeError)
    expect(written({ manifests: manifests.map((one) => ({ ...one, id: '../x' })) })).toThrow(TypeError)
    for (const nonce of [new Uint8Array(0), new Uint8Array(129)])
      expect(written({ ocspResponses: ocspResponses.map((one) => ({ ...one, nonce })) })).toThrow(TypeError)
  })

  it('is not written with a manifest, or in all, larger than is read', () => {
    const bundle = parse(genuine)
    const [origin] = bundle.origins.manifests
    if (origin === undefined) throw new Error('no origin')
    const withManifests = (size: number, count: number): CollateralBundle => ({
      ...bundle,
      manifests: Array.from({ length: count }, () => new Uint8Array(size)),
      origins: { ...bundle.origins, manifests: Array.from({ length: count }, () => origin) },
    })
    expect(() => encodeCollateral(withManifests(1_048_577, 1))).toThrow(TypeError)
    expect(() => encodeCollateral(withManifests(1_048_576, 48))).toThrow(TypeError)
  })
})

/** Without the documents of a real size. */
function small(bundle: CollateralBundle): CollateralBundle {
  return { ...bundle, manifests: bundle.manifests.map(() => new Uint8Array(1)) }
}

type Fields = Record<string, unknown>
const first = (name: 'manifests' | 'ocspResponses' | 'crls' | 'certificates', change: Fields): Fields => {
  const [item, ...others] = genuine[name]
  return { ...genuine, [name]: [{ ...item, ...change }, ...others] }
}
const { createdAt: _created, ...undated } = genuine
const many = (item: unknown, count: number): readonly unknown[] => Array.from({ length: count }, () => item)

describe('a bundle is refused', () => {
  it.each<[string, string, unknown]>([
    ['collateral/format', 'collateral.format', { ...genuine, format: 'gpu-attestation/policy' }],
    ['collateral/version', 'collateral.version', { ...genuine, version: 2 }],
    ['collateral/version', 'collateral.version', { ...genuine, version: 0 }],
    ['json/missing', 'collateral.format', { version: 1 }],
    ['json/type', 'collateral.version', { ...genuine, version: '1' }],
    ['json/type', 'collateral', []],
    ['json/missing', 'collateral.createdAt', undated],
    ['collateral/unknown-field', 'collateral.problems', { ...genuine, problems: [] }],
    ['collateral/unknown-field', 'collateral.manifests[0].sha256', first('manifests', { sha256: '00' })],
    ['collateral/unknown-field', 'collateral.ocspResponses[0].id', first('ocspResponses', { id: 'x' })],
    ['collateral/unknown-field', 'collateral.crls[0].nonce', first('crls', { nonce: '00' })],
    ['collateral/unknown-field', 'collateral.certificates[0].pem', first('certificates', { pem: '' })],
    ['json/type', 'collateral.crls', { ...genuine, crls: {} }],
    ['json/type', 'collateral.crls[0]', { ...genuine, crls: ['AA=='] }],
    ['json/missing', 'collateral.manifests[0].xml', first('manifests', { xml: undefined })],
    ['encoding/base64', 'collateral.manifests[0].xml', first('manifests', { xml: 'AA' })],
    ['bytes/too-large', 'collateral.manifests[0].xml', first('manifests', { xml: base64(new Uint8Array(1_048_577)) })],
    ['collateral/manifest-id', 'collateral.manifests[0].id', first('manifests', { id: '../x' })],
    ['collateral/manifest-id', 'collateral.manifests[0].id', first('manifests', { id: '' })],
    ['collateral/manifest-id', 'collateral.manifests[0].id', first('manifests', { id: '..' })],
    ['collateral/manifest-id', 'collateral.manifests[0].id', first('manifests', { id: 'x'.repeat(129) })],
    ['encoding/base64', 'collateral.ocspResponses[0].der', first('ocspResponses', { der: '*' })],
    [
      'bytes/trailing',
      'collateral.ocspResponses[0].der',
      first('ocspResponses', { der: base64(Buffer.concat([good, new Uint8Array(1)])) }),
    ],
    [
      'ocsp/status',
      'collateral.ocspResponses[0].der.responseStatus',
      first('ocspResponses', { der: base64(Uint8Array.of(0x30, 3, 10, 1, 7)) }),
    ],
    ['collateral/nonce', 'collateral.ocspResponses[0].nonce', first('ocspResponses', { nonce: '' })],
    ['collateral/nonce', 'collateral.ocspResponses[0].nonce', first('ocspResponses', { nonce: '00'.repeat(129) })],
    ['encoding/hex', 'collateral.ocspResponses[0].nonce', first('ocspResponses', { nonce: '0' })],
    ['collateral/time', 'collateral.crls[0].obtainedAt', first('crls', { obtainedAt: '2026-02-30T00:00:00.000Z' })],
    ['collateral/time', 'collateral.crls[0].obtainedAt', first('crls', { obtainedAt: '2026-01-15' })],
    [
      'collateral/time',
      'collateral.crls[0].obtainedAt',
      first('crls', { obtainedAt: '2026-01-15T12:00:00.000+01:00' }),
    ],
    ['collateral/time', 'collateral.createdAt', { ...genuine, createdAt: 'now' }],
    ['collateral/source', 'collateral.crls[0].source', first('crls', { source: 'file:///etc/passwd' })],
    ['collateral/source', 'collateral.crls[0].source', first('crls', { source: 'https://a b' })],
    ['json/type', 'collateral.crls[0].source', first('crls', { source: null })],
    ['collateral/too-many', 'collateral.manifests', { ...genuine, manifests: many({}, 257) }],
    ['collateral/too-many', 'collateral.ocspResponses', { ...genuine, ocspResponses: many({}, 2049) }],
    ['collateral/too-many', 'collateral.crls', { ...genuine, crls: many({}, 65) }],
    ['collateral/too-many', 'collateral.certificates', { ...genuine, certificates: many({}, 257) }],
  ])('%s at %s (%#)', (code, at, value) => {
    expect(refusal(value)).toEqual([code, at])
  })

  it('for any document cut short', () => {
    for (const [name, der] of [
      ['ocspResponses', good],
      ['crls', world.crl(provisioner)],
      ['certificates', provisioner.der],
    ] as const) {
      const [code, at] = refusal(first(name, { der: base64(der.slice(0, -1)) }))
      expect(code).not.toBe('accepted')
      expect(at.startsWith(`collateral.${name}[0].der`)).toBe(true)
    }
  })

  it('or read, whatever the bytes: nothing else is thrown', () => {
    const text = JSON.stringify(genuine)
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.string({ maxLength: 3 }), (position, patch) => {
        const changed = encodeUtf8(text.slice(0, position) + patch + text.slice(position + patch.length))
        try {
          parseCollateral(changed)
        } catch (error) {
          expect(error).toBeInstanceOf(AttestationError)
        }
      }),
      { numRuns: 200 },
    )
  })
})
