// Compact JWS: which tokens verify, and the code each attack ends in.
import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { encodeUtf8 } from '../../src/bytes/text.js'
import { nobleCryptoProvider } from '../../src/crypto/noble.js'
import { webCryptoProvider } from '../../src/crypto/webcrypto.js'
import type { JoseAlgorithm } from '../../src/token/algorithm.js'
import { parseJwkSet } from '../../src/token/jwks.js'
import { type JwsVerification, MAX_TOKEN_LENGTH, parseJws, verifyJws } from '../../src/token/jws.js'
import { refusal } from './failure.js'
import { type JwsParts, jwksBytes, type Signer, signer, signJws } from './signing.js'

const now = new Date('2026-05-01T00:00:00Z')
const p384 = signer('P-384', 'first')
const other = signer('P-384', 'second')
const p256 = signer('P-256', 'small')
const ed = signer('Ed25519', 'edwards')
const rsa = signer('RSA', 'rivest')
const keys = parseJwkSet(jwksBytes(p384, other, p256, ed, rsa))

const settings: JwsVerification = { keys, algorithms: ['ES384'], typ: ['JWT', null], now }
const parts: JwsParts = {
  header: { alg: 'ES384', kid: 'first' },
  payload: '{"sub":"device"}',
  signer: p384,
  algorithm: 'ES384',
}
const token = signJws(parts)
const [header = '', payload = '', signature = ''] = token.split('.')
const base64Url = (text: string): string => Buffer.from(text).toString('base64url')

const verify = (changed: string, input: Partial<JwsVerification> = {}): Promise<unknown> =>
  verifyJws(changed, { ...settings, ...input })

describe('verifyJws accepts', () => {
  it.each<[JoseAlgorithm, Signer]>([
    ['ES384', p384],
    ['ES256', p256],
    ['ES512', signer('P-521', 'large')],
    ['Ed25519', ed],
    ['EdDSA', ed],
    ['RS256', rsa],
    ['PS256', rsa],
  ])('%s with webcrypto and with noble', async (alg, key) => {
    const signed = signJws({ header: { alg, kid: key.kid }, payload: 'any text', signer: key, algorithm: alg })
    const input: JwsVerification = { keys: parseJwkSet(jwksBytes(key)), algorithms: [alg], typ: [null], now }
    const jws = await verifyJws(signed, input)
    expect(new TextDecoder().decode(jws.payload)).toBe('any text')
    expect(jws).toMatchObject({ algorithm: alg, kid: key.kid, type: undefined })
    // The noble provider has no RSA.
    if (key === rsa) return
    const again = await verifyJws(encodeUtf8(signed), { ...input, crypto: nobleCryptoProvider })
    expect(again.payload).toEqual(jws.payload)
  })

  it('a token without kid when one key fits the algorithm', async () => {
    const signed = signJws({ ...parts, header: { alg: 'ES256' }, signer: p256, algorithm: 'ES256' })
    const jws = await verifyJws(signed, { ...settings, algorithms: ['ES256'] })
    expect(new TextDecoder().decode(jws.key.kid)).toBe('small')
  })

  it.each(['JWT', 'jwt', 'application/JWT'])('typ %s where JWT is expected', async (typ) => {
    const signed = signJws({ ...parts, header: { alg: 'ES384', kid: 'first', typ } })
    expect((await verifyJws(signed, { ...settings, typ: ['JWT'] })).type).toBe(typ)
  })
})

describe('octets the caller overwrites while the signature is checked', () => {
  it.each([undefined, nobleCryptoProvider])('are not what is returned (%#)', async (crypto) => {
    const octets = encodeUtf8(token)
    const pending = verifyJws(octets, { ...settings, ...(crypto === undefined ? {} : { crypto }) })
    octets.fill(0x41)
    expect(new TextDecoder().decode((await pending).payload)).toBe('{"sub":"device"}')
  })
})

describe('verifyJws refuses', () => {
  const withHeader = (changed: object | string): string => signJws({ ...parts, header: changed })
  const publicPem = p384.publicKey.export({ type: 'spki', format: 'pem' })
  const hmac = (secret: string | Buffer): string => {
    const input = `${base64Url('{"alg":"HS256","kid":"first"}')}.${payload}`
    return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`
  }
  const foreignJwk = signer('P-384', 'first')
  const notAllowed = ['token/algorithm-not-allowed', 'header.alg'] as const

  it.each<[string, string, string, string]>([
    ['alg none without signature', `${base64Url('{"alg":"none"}')}.${payload}.`, ...notAllowed],
    ['alg None', `${base64Url('{"alg":"None"}')}.${payload}.`, ...notAllowed],
    ['HS256 with the public key as secret', hmac(String(publicPem)), ...notAllowed],
    [
      'HS256 with the DER of the public key',
      hmac(p384.publicKey.export({ type: 'spki', format: 'der' })),
      ...notAllowed,
    ],
    [
      'an algorithm that was not asked for',
      signJws({ ...parts, header: { alg: 'ES256', kid: 'small' }, signer: p256, algorithm: 'ES256' }),
      ...notAllowed,
    ],
    ['the key of another curve', withHeader({ alg: 'ES384', kid: 'small' }), 'token/key-mismatch', 'header.kid'],
    ['an RSA key', withHeader({ alg: 'ES384', kid: 'rivest' }), 'token/key-mismatch', 'header.kid'],
    ['an unknown kid', withHeader({ alg: 'ES384', kid: 'third' }), 'token/key-not-found', 'header.kid'],
    ['a kid that differs in case', withHeader({ alg: 'ES384', kid: 'First' }), 'token/key-not-found', 'header.kid'],
    ['no kid where two keys fit', withHeader({ alg: 'ES384' }), 'token/key-ambiguous', 'header.kid'],
    ['a stripped signature', `${header}.${payload}.`, 'token/signature-invalid', 'signature'],
    [
      'a signature by another trusted key',
      signJws({ ...parts, signer: other }),
      'token/signature-invalid',
      'signature',
    ],
    [
      'a signature by the key in the header',
      signJws({ ...parts, header: { alg: 'ES384', kid: 'first', jwk: foreignJwk.jwk }, signer: foreignJwk }),
      'token/signature-invalid',
      'signature',
    ],
    [
      'a key only the header knows',
      signJws({
        ...parts,
        header: {
          alg: 'ES384',
          kid: 'mine',
          jwk: foreignJwk.jwk,
          jku: 'https://example.com',
          x5u: 'https://example.com',
        },
        signer: foreignJwk,
      }),
      'token/key-not-found',
      'header.kid',
    ],
    [
      'a signature of all zeros',
      `${header}.${payload}.${Buffer.alloc(96).toString('base64url')}`,
      'token/signature-invalid',
      'signature',
    ],
    [
      'a signature one byte short',
      `${header}.${payload}.${Buffer.from(signature, 'base64url').subarray(1).toString('base64url')}`,
      'token/signature-invalid',
      'signature',
    ],
    [
      'a DER signature',
      `${header}.${payload}.${Buffer.from('3006020101020101', 'hex').toString('base64url')}`,
      'token/signature-invalid',
      'signature',
    ],
    [
      'an edited payload',
      `${header}.${base64Url('{"sub":"other"}')}.${signature}`,
      'token/signature-invalid',
      'signature',
    ],
    [
      'an edited header',
      `${base64Url('{"alg":"ES384","kid":"first","x":1}')}.${payload}.${signature}`,
      'token/signature-invalid',
      'signature',
    ],
    [
      'a critical extension',
      withHeader({ alg: 'ES384', kid: 'first', crit: ['exp'], exp: 1 }),
      'token/critical-header',
      'header.crit',
    ],
    [
      'an unencoded payload',
      withHeader({ alg: 'ES384', kid: 'first', crit: ['b64'], b64: false }),
      'token/critical-header',
      'header.crit',
    ],
    [
      'b64 that is not marked critical',
      withHeader({ alg: 'ES384', kid: 'first', b64: false }),
      'token/critical-header',
      'header.b64',
    ],
    ['another type', withHeader({ alg: 'ES384', kid: 'first', typ: 'at+jwt' }), 'token/type-mismatch', 'header.typ'],
    [
      'a type of another tree',
      withHeader({ alg: 'ES384', kid: 'first', typ: 'text/JWT' }),
      'token/type-mismatch',
      'header.typ',
    ],
    ['alg twice', withHeader('{"alg":"ES384","kid":"first","alg":"ES384"}'), 'json/duplicate-name', 'header'],
    ['no alg', withHeader({ kid: 'first' }), 'json/missing', 'header.alg'],
    ['alg that is no text', withHeader({ alg: 7 }), 'json/type', 'header.alg'],
    ['a header that is no object', withHeader('[]'), 'json/type', 'header'],
    ['a header that is no JSON', withHeader('{'), 'json/syntax', 'header'],
    ['padding', `${header}.${payload}.${signature}=`, 'encoding/base64', 'signature'],
    ['white space', `${token}\n`, 'encoding/base64', 'signature'],
    ['the standard alphabet', `${header}.${payload}.+/${signature.slice(2)}`, 'encoding/base64', 'signature'],
    [
      'spare bits in the last character',
      `${header}.${payload.slice(0, -1)}R.${signature}`,
      'token/signature-invalid',
      'signature',
    ],
    ['a header outside ASCII', `é${header}.${payload}.${signature}`, 'encoding/base64', 'header'],
    ['a payload outside ASCII', `${header}.é${payload}.${signature}`, 'token/signature-invalid', 'signature'],
    ['a signature outside ASCII', `${header}.${payload}.${signature}é`, 'encoding/base64', 'signature'],
    ['two parts', `${header}.${payload}`, 'jws/form', ''],
    ['four parts', `${token}.${signature}`, 'jws/form', ''],
    ['five parts', `${token}.e.e`, 'jws/form', ''],
    ['nothing', '', 'jws/form', ''],
    ['a JSON serialization', JSON.stringify({ protected: header, payload, signature }), 'jws/form', ''],
    ['a token of nothing but dots', '.'.repeat(MAX_TOKEN_LENGTH), 'jws/form', ''],
    ['a huge token', 'a'.repeat(MAX_TOKEN_LENGTH + 1), 'bytes/too-large', ''],
  ])('%s', async (_, changed, code, at) => {
    for (const given of [{}, { crypto: webCryptoProvider }])
      for (const received of [changed, encodeUtf8(changed)])
        expect(await refusal(() => verifyJws(received, { ...settings, ...given }))).toEqual({ code, at })
  })

  it('an algorithm its key does not serve, though it could', async () => {
    const key = signer('RSA', 'rsa')
    const signed = signJws({ header: { alg: 'PS256', kid: 'rsa' }, payload: {}, signer: key, algorithm: 'PS256' })
    const under = (alg: string): Promise<unknown> => {
      const keys = parseJwkSet(encodeUtf8(JSON.stringify({ keys: [{ ...key.jwk, alg }] })))
      return verifyJws(signed, { ...settings, keys, algorithms: ['PS256', 'RS256'] })
    }
    await expect(under('PS256')).resolves.toBeDefined()
    expect(await refusal(() => under('RS256'))).toEqual({ code: 'token/key-mismatch', at: 'header.kid' })
  })

  it('HS256 with the key as a secret in the forms it is published in', async () => {
    const { x, y } = p384.jwk
    const point = Buffer.concat([
      Buffer.of(4),
      Buffer.from(String(x), 'base64url'),
      Buffer.from(String(y), 'base64url'),
    ])
    const { createHmac } = await import('node:crypto')
    for (const secret of [point, Buffer.from(JSON.stringify(p384.jwk)), Buffer.from(String(x))]) {
      const input = `${base64Url('{"alg":"HS256","kid":"first"}')}.${payload}`
      const mac = createHmac('sha256', secret).update(input).digest('base64url')
      expect((await refusal(() => verify(`${input}.${mac}`))).code).toBe('token/algorithm-not-allowed')
    }
  })

  it('a foreign signature with the noble provider', async () => {
    const forged = signJws({ ...parts, signer: other })
    const found = await refusal(() => verify(forged, { crypto: nobleCryptoProvider }))
    expect(found.code).toBe('token/signature-invalid')
  })

  it('a payload with spare bits that is signed as it stands', async () => {
    const { privateKey } = p384
    const { sign } = await import('node:crypto')
    const input = `${header}.${base64Url('a').slice(0, 1)}R`
    const made = sign('sha384', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' })
    const found = await refusal(() => verify(`${input}.${made.toString('base64url')}`))
    expect(found).toEqual({ code: 'encoding/base64', at: 'payload' })
  })

  it('a declared type where none is expected, and none where one is', async () => {
    const typed = withHeader({ alg: 'ES384', kid: 'first', typ: 'JWT' })
    expect((await refusal(() => verify(typed, { typ: [null] }))).code).toBe('token/type-mismatch')
    expect((await refusal(() => verify(token, { typ: ['JWT'] }))).code).toBe('token/type-mismatch')
  })

  it('a huge or deep header', async () => {
    const huge = withHeader({ alg: 'ES384', kid: 'first', pad: 'a'.repeat(70_000) })
    expect(await refusal(() => verify(huge))).toEqual({ code: 'bytes/too-large', at: 'header' })
    const deep = withHeader(`{"alg":"ES384","kid":"first","x":${'['.repeat(10_000)}${']'.repeat(10_000)}}`)
    expect((await refusal(() => verify(deep))).code).toBe('json/depth')
  })

  it('names the token in the path of a failure', async () => {
    expect(await refusal(() => verify(`${header}.${payload}.`, { at: 'tokens[2]' }))).toEqual({
      code: 'token/signature-invalid',
      at: 'tokens[2].signature',
    })
  })
})

describe('parseJws', () => {
  it('reads the header without the payload', () => {
    const envelope = parseJws(token)
    expect(envelope).toEqual({ algorithm: 'ES384', kid: 'first', type: undefined, header: expect.any(Map) })
  })
})
