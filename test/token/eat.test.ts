// Entity Attestation Tokens: every claim of RFC 9711 in both encodings, and each refusal by its code.
import { describe, expect, it } from 'vitest'
import { encodeUtf8 } from '../../src/bytes/text.js'
import { isCborMap, parseCbor } from '../../src/encoding/cbor.js'
import { jsonObject, parseJson } from '../../src/encoding/json.js'
import type { ClaimsSet } from '../../src/token/claim-field.js'
import { type EatVerification, verifyEat } from '../../src/token/eat.js'
import { readEatClaims } from '../../src/token/eat-claims.js'
import { MAX_SUBMODULE_DEPTH } from '../../src/token/eat-submodule.js'
import { parseJwkSet } from '../../src/token/jwks.js'
import { refusal } from './failure.js'
import { encodeTestCbor, jwksBytes, signCose, signer, signJws } from './signing.js'

const bytes = (length: number, fill = 7): Uint8Array => new Uint8Array(length).fill(fill)
const b64 = (value: Uint8Array): string => Buffer.from(value).toString('base64url')

const json = (claims: unknown): ClaimsSet => ({
  encoding: 'json',
  claims: jsonObject(parseJson(encodeUtf8(JSON.stringify(claims)), ''), ''),
})
const cbor = (...entries: readonly (readonly [number | string, unknown])[]): ClaimsSet => {
  const claims = parseCbor(encodeTestCbor(new Map(entries)), '')
  if (!isCborMap(claims)) throw new Error('no map')
  return { encoding: 'cbor', claims }
}

describe('readEatClaims', () => {
  const shared = {
    ueid: bytes(17, 1),
    sueids: new Map([['dev', bytes(7)]]),
    hwmodel: bytes(4),
    hwversion: { version: '3.1', scheme: 1 },
    swname: 'Acme OS',
    swversion: { version: '2', scheme: undefined },
    oemboot: true,
    dbgstat: 'disabled-permanently',
    uptimeSeconds: 60,
    bootcount: 3,
    bootseed: bytes(16),
    dloas: [{ registrar: 'https://r.example', platformLabel: 'p', applicationLabel: 'a' }],
    intuse: 'csr',
    measres: [{ system: 'checker', results: [{ id: 'all', outcome: 'not-run' }] }],
    location: {
      latitudeDegrees: 51.5,
      longitudeDegrees: -0.25,
      altitudeMeters: -3,
      accuracyMeters: 20,
      altitudeAccuracyMeters: undefined,
      headingDegrees: 90,
      speedMetersPerSecond: 0,
      timestampSeconds: 1000,
      ageSeconds: 5,
    },
  }

  it('reads every claim from JSON', () => {
    const claims = readEatClaims(
      json({
        eat_nonce: 'MIDBNH28iioisjPy',
        ueid: b64(bytes(17, 1)),
        sueids: { dev: b64(bytes(7)) },
        oemid: 76543,
        hwmodel: b64(bytes(4)),
        hwversion: ['3.1', 1],
        uptime: 60,
        oemboot: true,
        dbgstat: 'disabled-permanently',
        location: {
          latitude: 51.5,
          longitude: -0.25,
          altitude: -3,
          accuracy: 20,
          heading: 90,
          speed: 0,
          timestamp: 1000,
          age: 5,
        },
        eat_profile: 'tag:example.com,2026:p',
        bootcount: 3,
        bootseed: b64(bytes(16)),
        dloas: [['https://r.example', 'p', 'a']],
        swname: 'Acme OS',
        swversion: ['2'],
        manifests: [[258, 'AQID']],
        measurements: [[258, 'AQID']],
        measres: [['checker', [['all', 'not-run']]]],
        intuse: 'csr',
        unknown: 1,
      }),
      '',
    )
    expect(claims).toMatchObject(shared)
    expect(claims).toMatchObject({
      nonces: ['MIDBNH28iioisjPy'],
      oemid: { kind: 'enterprise-number', number: 76543 },
      profile: 'tag:example.com,2026:p',
      manifests: [{ contentFormat: 258, content: 'AQID' }],
      measurements: [{ contentFormat: 258, content: 'AQID' }],
    })
    expect(claims.set.claims.size).toBe(21)
  })

  it('reads every claim from CBOR', () => {
    const location = new Map<number, number>([
      [1, 51.5],
      [2, -0.25],
      [3, -3],
      [4, 20],
      [6, 90],
      [7, 0],
      [8, 1000],
      [9, 5],
    ])
    const claims = readEatClaims(
      cbor(
        [10, [bytes(8), bytes(64)]],
        [256, bytes(17, 1)],
        [257, new Map([['dev', bytes(7)]])],
        [258, bytes(3)],
        [259, bytes(4)],
        [260, ['3.1', 1]],
        [261, 60],
        [262, true],
        [263, 3],
        [264, location],
        // 1.3.6.1.4.1.412
        [265, Uint8Array.from(Buffer.from('2b06010401831c', 'hex'))],
        [267, 3],
        [268, bytes(16)],
        [269, [['https://r.example', 'p', 'a']]],
        [270, 'Acme OS'],
        [271, ['2']],
        [272, [[258, bytes(3)]]],
        [273, [[258, bytes(3)]]],
        [274, [['checker', [['all', 3]]]]],
        [275, 4],
      ),
      '',
    )
    expect(claims).toMatchObject(shared)
    expect(claims).toMatchObject({
      nonces: [bytes(8), bytes(64)],
      oemid: { kind: 'ieee', bytes: bytes(3) },
      profile: '1.3.6.1.4.1.412',
      manifests: [{ contentFormat: 258, content: bytes(3) }],
    })
  })

  it('says of absent claims that they are absent', () => {
    const claims = readEatClaims(json({}), '')
    expect(claims).toMatchObject({ nonces: [], ueid: undefined, dbgstat: undefined, location: undefined })
    expect(claims.submods.size).toBe(0)
  })

  it('reads a heading of not-a-number as standing still, and no other not-a-number', async () => {
    const place = (...more: readonly (readonly [number, number])[]): ClaimsSet =>
      cbor([264, new Map([[1, 1], [2, 2], ...more])])
    expect(readEatClaims(place([6, Number.NaN]), '').location?.headingDegrees).toBeNaN()
    expect((await refusal(() => readEatClaims(place([4, Number.NaN]), ''))).at).toBe('location.accuracy')
    expect(
      (
        await refusal(() =>
          readEatClaims(
            cbor([
              264,
              new Map([
                [1, Number.NaN],
                [2, 2],
              ]),
            ]),
            '',
          ),
        )
      ).at,
    ).toBe('location.latitude')
  })

  it.each<[string, unknown, string]>([
    ['a nonce of 7 characters', { eat_nonce: 'a'.repeat(7) }, 'eat_nonce'],
    ['a nonce of 89 characters', { eat_nonce: 'a'.repeat(89) }, 'eat_nonce'],
    ['one nonce in an array', { eat_nonce: ['a'.repeat(8)] }, 'eat_nonce'],
    ['a nonce that is a number', { eat_nonce: 12345678 }, 'eat_nonce'],
    ['a short nonce among others', { eat_nonce: ['a'.repeat(8), 'a'] }, 'eat_nonce[1]'],
    ['a ueid of 6 bytes', { ueid: b64(bytes(6)) }, 'ueid'],
    ['a ueid of 34 bytes', { ueid: b64(bytes(34)) }, 'ueid'],
    ['empty sueids', { sueids: {} }, 'sueids'],
    ['an oemid of 4 bytes', { oemid: b64(bytes(4)) }, 'oemid'],
    ['a negative oemid', { oemid: -1 }, 'oemid'],
    ['a hwmodel of 33 bytes', { hwmodel: b64(bytes(33)) }, 'hwmodel'],
    ['a version that is text', { hwversion: '3.1' }, 'hwversion'],
    ['a version of three parts', { swversion: ['3', 1, 1] }, 'swversion'],
    ['a negative uptime', { uptime: -1 }, 'uptime'],
    ['half a boot', { bootcount: 1.5 }, 'bootcount'],
    ['oemboot as text', { oemboot: 'true' }, 'oemboot'],
    ['an unknown debug status', { dbgstat: 'off' }, 'dbgstat'],
    ['the CBOR form of a debug status', { dbgstat: 3 }, 'dbgstat'],
    ['a location without longitude', { location: { latitude: 1 } }, 'location'],
    ['a latitude beyond the pole', { location: { latitude: 90.5, longitude: 0 } }, 'location.latitude'],
    ['a latitude that is null', { location: { latitude: null, longitude: 0 } }, 'location.latitude'],
    ['a location that is an array', { location: [1, 2] }, 'location'],
    ['an unknown outcome', { measres: [['s', [['a', 'passed']]]] }, 'measres[0][1][0][1]'],
    ['measurements without format', { measurements: [['AQID']] }, 'measurements[0]'],
    ['an unknown use', { intuse: 'any' }, 'intuse'],
    ['a profile that is a number', { eat_profile: 1 }, 'eat_profile'],
    ['submods that are an array', { submods: [] }, 'submods'],
    ['no submodule in submods', { submods: {} }, 'submods'],
    ['a wrong claim inside a submodule', { submods: { a: { ueid: 'AA' } } }, 'submods.a.ueid'],
  ])('refuses %s', async (_, claims, at) => {
    expect(await refusal(() => readEatClaims(json(claims), ''))).toEqual({ code: 'token/claim-type', at })
  })

  it.each<[string, readonly [number, unknown], string, string]>([
    ['a nonce of 7 bytes', [10, bytes(7)], 'token/claim-type', 'eat_nonce'],
    ['a nonce of 65 bytes', [10, bytes(65)], 'token/claim-type', 'eat_nonce'],
    ['a nonce that is text', [10, 'abcdefgh'], 'token/claim-type', 'eat_nonce'],
    ['the JSON form of a debug status', [263, 'disabled'], 'token/claim-type', 'dbgstat'],
    ['a debug status out of range', [263, 5], 'token/claim-type', 'dbgstat'],
    ['a profile that is no object identifier', [265, Uint8Array.of(0x80)], 'der/oid', 'eat_profile'],
    ['submodules with numbers as names', [266, new Map([[1, new Map()]])], 'token/claim-type', 'submods'],
    ['a tagged time', [261, new Date(0)], 'token/claim-type', 'uptime'],
  ])('refuses in CBOR %s', async (_, entry, code, at) => {
    expect(await refusal(() => readEatClaims(cbor(entry), ''))).toEqual({ code, at })
  })
})

describe('submodules', () => {
  const digest = bytes(32)

  it('are read from JSON by their selector, nested tokens unopened', () => {
    const { submods } = readEatClaims(
      json({
        submods: {
          inner: { swname: 'x' },
          jwt: ['JWT', 'a.b.c'],
          cwt: ['CBOR', 'AQID'],
          bundle: ['BUNDLE', [['JWT', 'a.b.c'], {}]],
          digest: ['DIGEST', ['SHA-256', b64(digest)]],
        },
      }),
      '',
    )
    expect([...submods]).toMatchObject([
      ['inner', { kind: 'claims', claims: { swname: 'x' } }],
      ['jwt', { kind: 'nested', format: 'jwt', token: 'a.b.c' }],
      ['cwt', { kind: 'nested', format: 'cbor', token: bytes(3).map((_, i) => i + 1) }],
      ['bundle', { kind: 'nested', format: 'json-bundle' }],
      ['digest', { kind: 'digest', hash: 'sha256', digest }],
    ])
  })

  it('are read from CBOR by their type', () => {
    const submods = new Map<string, unknown>([
      ['jwt', '["JWT","a.b.c"]'],
      ['cwt', bytes(3)],
      ['inner', new Map([[270, 'x']])],
      ['digest', [-44, bytes(64)]],
    ])
    expect(Object.fromEntries(readEatClaims(cbor([266, submods]), '').submods)).toMatchObject({
      jwt: { kind: 'nested', format: 'jwt', token: 'a.b.c' },
      cwt: { kind: 'nested', format: 'cbor', token: bytes(3) },
      inner: { kind: 'claims', claims: { swname: 'x' } },
      digest: { kind: 'digest', hash: 'sha512', digest: bytes(64) },
    })
  })

  it.each<[string, unknown, string]>([
    ['an unknown selector', ['XML', 'x'], 'eat/submodule-form'],
    ['three parts', ['JWT', 'x', 'y'], 'token/claim-type'],
    ['a token that is no text', ['JWT', 5], 'token/claim-type'],
    ['text', 'a.b.c', 'token/claim-type'],
    ['a hash that is too weak', ['DIGEST', ['SHA-1', b64(bytes(20))]], 'eat/digest-algorithm'],
    ['a COSE hash number', ['DIGEST', [-16, b64(digest)]], 'eat/digest-algorithm'],
    ['a digest of another length', ['DIGEST', ['SHA-256', b64(bytes(31))]], 'token/claim-type'],
    ['an empty digest', ['DIGEST', ['SHA-256', '']], 'token/claim-type'],
  ])('refuse %s', async (_, submodule, code) => {
    const found = await refusal(() => readEatClaims(json({ submods: { a: submodule } }), ''))
    expect(found).toEqual({ code, at: expect.stringMatching(/^submods\.a/) })
  })

  it('nest to the limit and not beyond', async () => {
    const nested = (levels: number): unknown => (levels === 0 ? {} : { submods: { a: nested(levels - 1) } })
    expect(readEatClaims(json(nested(MAX_SUBMODULE_DEPTH)), '').submods.size).toBe(1)
    const found = await refusal(() => readEatClaims(json(nested(MAX_SUBMODULE_DEPTH + 1)), ''))
    expect(found.code).toBe('eat/nesting')
  })

  it('are bounded in number', async () => {
    const submods = Object.fromEntries(Array.from({ length: 1025 }, (_, i) => [`s${i}`, {}]))
    expect((await refusal(() => readEatClaims(json({ submods }), ''))).at).toBe('submods')
  })
})

describe('verifyEat', () => {
  const key = signer('P-256', 'k')
  const nonce = bytes(16)
  const input: EatVerification = {
    keys: parseJwkSet(jwksBytes(key)),
    algorithms: ['ES256'],
    typ: ['application/eat+jwt', 'application/eat+cwt'],
    issuer: null,
    audience: null,
    now: new Date(1_500_000),
    leewaySeconds: 0,
    expiry: 'optional',
    nonce,
    profile: 'tag:p',
  }
  const jwt = (claims: object): string =>
    signJws({ header: { alg: 'ES256', typ: 'eat+jwt' }, payload: claims, signer: key, algorithm: 'ES256' })
  const cwt = (...claims: readonly (readonly [number, unknown])[]): Uint8Array =>
    signCose({
      protectedHeader: new Map<number, unknown>([
        [1, -7],
        [16, 'application/eat+cwt'],
      ]),
      payload: new Map(claims),
      signer: key,
      algorithm: 'ES256',
      tags: [61, 18],
    })

  it('tells both encodings apart by their first byte', async () => {
    const text = jwt({ eat_nonce: b64(nonce), eat_profile: 'tag:p', ueid: b64(bytes(17)) })
    for (const token of [text, encodeUtf8(text)]) {
      const eat = await verifyEat(token, input)
      expect(eat).toMatchObject({ encoding: 'json', claims: { ueid: bytes(17) } })
    }
    const eat = await verifyEat(cwt([10, nonce], [256, bytes(17)], [265, 'tag:p']), input)
    expect(eat).toMatchObject({ encoding: 'cbor', claims: { ueid: bytes(17) } })
  })

  it('finds the nonce among several, as text or as bytes', async () => {
    const several = jwt({ eat_nonce: ['another-nonce', b64(nonce)], eat_profile: 'tag:p' })
    await expect(verifyEat(several, { ...input, nonce: b64(nonce) })).resolves.toBeDefined()
    const packed = cwt([10, [encodeUtf8('nonce-as-text'), bytes(8)]], [265, 'tag:p'])
    await expect(verifyEat(packed, { ...input, nonce: 'nonce-as-text' })).resolves.toBeDefined()
  })

  it.each<[string, string | Uint8Array, string, string]>([
    ['no nonce', jwt({ eat_profile: 'tag:p' }), 'eat/nonce-missing', 'payload.eat_nonce'],
    [
      'another nonce',
      jwt({ eat_profile: 'tag:p', eat_nonce: b64(bytes(16, 8)) }),
      'eat/nonce-mismatch',
      'payload.eat_nonce',
    ],
    [
      'the nonce in hex',
      jwt({ eat_profile: 'tag:p', eat_nonce: '07'.repeat(16) }),
      'eat/nonce-mismatch',
      'payload.eat_nonce',
    ],
    ['the start of the nonce', cwt([10, bytes(15)], [265, 'tag:p']), 'eat/nonce-mismatch', 'payload.eat_nonce'],
    ['no nonce in CBOR', cwt([265, 'tag:p']), 'eat/nonce-missing', 'payload.eat_nonce'],
    [
      'another profile',
      jwt({ eat_nonce: b64(nonce), eat_profile: 'tag:q' }),
      'eat/profile-mismatch',
      'payload.eat_profile',
    ],
    ['no profile', cwt([10, nonce]), 'eat/profile-mismatch', 'payload.eat_profile'],
    [
      'a bad signature',
      `${jwt({ eat_nonce: b64(nonce), eat_profile: 'tag:p' }).slice(0, -4)}AAAA`,
      'token/signature-invalid',
      'signature',
    ],
  ])('refuses %s', async (_, token, code, at) => {
    expect(await refusal(() => verifyEat(token, input))).toEqual({ code, at })
  })

  it('leaves the nonce to the caller only when told so', async () => {
    await expect(verifyEat(jwt({ eat_profile: 'tag:p' }), { ...input, nonce: null })).resolves.toBeDefined()
  })
})
