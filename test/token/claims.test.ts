// Registered claims of JWT and CWT at an injected clock: both encodings, every limit on both sides.
import { describe, expect, it } from 'vitest'
import type { ClaimExpectations } from '../../src/token/claims.js'
import { verifyCwt } from '../../src/token/cwt.js'
import { parseJwkSet } from '../../src/token/jwks.js'
import { verifyJwt } from '../../src/token/jwt.js'
import { refusal } from './failure.js'
import { jwksBytes, signCose, signer, signJws } from './signing.js'

const key = signer('P-256', 'k')
const keys = parseJwkSet(jwksBytes(key))
const at = (seconds: number): Date => new Date(seconds * 1000)
const expected: ClaimExpectations = {
  issuer: 'issuer',
  audience: 'verifier',
  now: at(1500),
  leewaySeconds: 10,
  expiry: 'required',
}

type Claims = Readonly<Record<string, unknown>>
const whole: Claims = { iss: 'issuer', sub: 'device', aud: 'verifier', iat: 1000, nbf: 1000, exp: 2000 }
const cwtKeys: Readonly<Record<string, number>> = { iss: 1, sub: 2, aud: 3, exp: 4, nbf: 5, iat: 6 }

const jwt = (claims: Claims | string, input: ClaimExpectations): Promise<unknown> =>
  verifyJwt(signJws({ header: { alg: 'ES256', kid: 'k' }, payload: claims, signer: key, algorithm: 'ES256' }), {
    ...input,
    keys,
    algorithms: ['ES256'],
    typ: [null],
  })

const cwt = (claims: Claims, input: ClaimExpectations, tags: readonly number[] = [61, 18]): Promise<unknown> => {
  const payload = new Map(Object.entries(claims).map(([name, value]) => [cwtKeys[name] ?? name, value]))
  const bytes = signCose({ protectedHeader: new Map([[1, -7]]), payload, signer: key, algorithm: 'ES256', tags })
  return verifyCwt(bytes, { ...input, keys, algorithms: ['ES256'], typ: [null] })
}

describe.each([
  ['verifyJwt', jwt],
  ['verifyCwt', cwt],
] as const)('%s', (_, verify) => {
  const registered = {
    issuer: 'issuer',
    subject: 'device',
    audience: ['verifier'],
    issuedAt: 1000,
    notBefore: 1000,
    expiresAt: 2000,
  }

  it('accepts claims that meet every expectation', async () => {
    expect(await verify(whole, expected)).toMatchObject({ registered })
  })

  it.each<[string, Claims, Partial<ClaimExpectations>]>([
    ['one of several audiences', { ...whole, aud: ['other', 'verifier'] }, {}],
    ['any issuer when none is asked for', { ...whole, iss: 'anybody' }, { issuer: null }],
    ['no audience when none is asked for', { ...whole, aud: undefined }, { audience: null }],
    ['no exp where it is optional', { ...whole, exp: undefined }, { expiry: 'optional' }],
    ['the last moment', whole, { now: new Date(2_009_999) }],
    ['the first moment', whole, { now: at(990) }],
    ['the greatest age', whole, { now: at(1110), maxAgeSeconds: 100 }],
    ['fractions of seconds', { ...whole, exp: 1499.5 }, { now: new Date(1_509_499) }],
  ])('accepts %s', async (_name, claims, changed) => {
    const given = Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined))
    await expect(verify(given, { ...expected, ...changed })).resolves.toBeDefined()
  })

  it.each<[string, Claims, Partial<ClaimExpectations>, string, string]>([
    ['another issuer', { ...whole, iss: 'issuer2' }, {}, 'token/issuer-mismatch', 'payload.iss'],
    ['no issuer', { ...whole, iss: undefined }, {}, 'token/issuer-mismatch', 'payload.iss'],
    ['an issuer that is no text', { ...whole, iss: 1 }, {}, 'type', 'payload.iss'],
    ['another audience', { ...whole, aud: 'verifier2' }, {}, 'token/audience-mismatch', 'payload.aud'],
    ['other audiences', { ...whole, aud: ['a', 'b'] }, {}, 'token/audience-mismatch', 'payload.aud'],
    ['no audience', { ...whole, aud: undefined }, {}, 'token/audience-mismatch', 'payload.aud'],
    ['an audience nobody asked for', whole, { audience: null }, 'token/audience-mismatch', 'payload.aud'],
    ['no exp', { ...whole, exp: undefined }, {}, 'token/claim-missing', 'payload'],
    ['exp reached', whole, { now: at(2010) }, 'token/expired', 'payload.exp'],
    ['exp reached without leeway', whole, { now: at(2000), leewaySeconds: 0 }, 'token/expired', 'payload.exp'],
    ['nbf not reached', { ...whole, iat: 900 }, { now: new Date(989_999) }, 'token/not-yet-valid', 'payload.nbf'],
    ['iat in the future', { ...whole, nbf: 900 }, { now: new Date(989_999) }, 'token/issued-in-future', 'payload.iat'],
    ['a token too old', whole, { now: new Date(1_110_001), maxAgeSeconds: 100 }, 'token/too-old', 'payload.iat'],
    ['an unknown age', { ...whole, iat: undefined }, { maxAgeSeconds: 100 }, 'token/claim-missing', 'payload'],
    ['exp as text', { ...whole, exp: '2000' }, {}, 'token/claim-type', 'payload.exp'],
    ['exp null', { ...whole, exp: null }, {}, 'token/claim-type', 'payload.exp'],
    ['negative exp', { ...whole, exp: -1 }, {}, 'token/claim-type', 'payload.exp'],
    ['exp beyond any date', { ...whole, exp: 8_640_000_000_001 }, {}, 'token/claim-type', 'payload.exp'],
  ])('refuses %s', async (_name, claims, changed, code, place) => {
    const given = Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined))
    const found = await refusal(() => verify(given, { ...expected, ...changed }))
    expect(found).toEqual({ code: expect.stringContaining(code), at: place })
  })

  it('takes a broken clock or tolerance for a programming error, not for a pass', async () => {
    await expect(verify(whole, { ...expected, now: new Date(Number.NaN) })).rejects.toThrow(TypeError)
    await expect(verify(whole, { ...expected, leewaySeconds: Number.NaN })).rejects.toThrow(TypeError)
    await expect(verify(whole, { ...expected, leewaySeconds: -1 })).rejects.toThrow(TypeError)
    await expect(verify(whole, { ...expected, maxAgeSeconds: Number.NaN })).rejects.toThrow(TypeError)
  })
})

describe('verifyJwt', () => {
  it.each([
    ['a claim twice', '{"iss":"issuer","aud":"verifier","exp":2000,"exp":9000}', 'json/duplicate-name', 'payload'],
    [
      'a claim twice, once escaped',
      '{"iss":"issuer","aud":"verifier","exp":2000,"\\u0065xp":9000}',
      'json/duplicate-name',
      'payload',
    ],
    ['claims that are no object', '[]', 'json/type', 'payload'],
    ['claims that are no JSON', 'exp', 'json/syntax', 'payload'],
    ['an exp JSON numbers cannot hold', '{"exp":1e999}', 'json/number', 'payload.exp'],
  ])('refuses %s', async (_, claims, code, place) => {
    expect(await refusal(() => jwt(claims, expected))).toEqual({ code, at: place })
  })

  it('refuses claims nested deeper than any token', async () => {
    const deep = `{"x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`
    expect((await refusal(() => jwt(deep, expected))).code).toBe('json/depth')
  })
})

describe('verifyCwt', () => {
  it('accepts the COSE tag alone, and no other tags', async () => {
    await expect(cwt(whole, expected, [18])).resolves.toBeDefined()
    expect(await refusal(() => cwt(whole, expected, [61, 61, 18]))).toEqual({ code: 'cose/tag', at: '' })
    expect(await refusal(() => cwt(whole, expected, [61]))).toEqual({ code: 'cose/untagged', at: '' })
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 2n ** 63n])('refuses exp %s', async (exp) => {
    const found = await refusal(() => cwt({ ...whole, exp }, expected))
    expect(found).toEqual({ code: 'token/claim-type', at: 'payload.exp' })
  })

  it('refuses claims that are no map', async () => {
    const bytes = signCose({
      protectedHeader: new Map([[1, -7]]),
      payload: Uint8Array.of(0x80),
      signer: key,
      algorithm: 'ES256',
    })
    const input = { ...expected, keys, algorithms: ['ES256'], typ: [null] } as const
    expect(await refusal(() => verifyCwt(bytes, input))).toEqual({ code: 'token/claim-type', at: 'payload' })
  })

  it('refuses claims out of order, although they are signed', async () => {
    const payload = Uint8Array.from(Buffer.from('a2041a7fffffff0161', 'hex'))
    const bytes = signCose({
      protectedHeader: new Map([[1, -7]]),
      payload: Uint8Array.of(...payload, 0x61),
      signer: key,
      algorithm: 'ES256',
    })
    const input = { ...expected, keys, algorithms: ['ES256'], typ: [null] } as const
    expect(await refusal(() => verifyCwt(bytes, input))).toEqual({ code: 'cbor/key-order', at: 'payload' })
  })
})
