// Detached EAT bundles, JSON and CBOR: parts bound by digest, and each way of exchanging them refused.
import { createHash } from 'node:crypto'
import { Tag } from 'cbor2'
import { describe, expect, it } from 'vitest'
import { encodeUtf8 } from '../../src/bytes/text.js'
import { verifyDetachedEat } from '../../src/token/detached-eat.js'
import { type EatVerification, verifyEat } from '../../src/token/eat.js'
import { parseJwkSet } from '../../src/token/jwks.js'
import { refusal } from './failure.js'
import { encodeTestCbor, jwksBytes, signCose, signer, signJws } from './signing.js'

const key = signer('P-256', 'k')
const input: EatVerification = {
  keys: parseJwkSet(jwksBytes(key)),
  algorithms: ['ES256'],
  typ: [null],
  issuer: null,
  audience: null,
  now: new Date(1_500_000),
  leewaySeconds: 0,
  expiry: 'optional',
  nonce: 'nonce-of-the-day',
  profile: null,
}
const b64 = (value: string | Uint8Array): string => Buffer.from(value).toString('base64url')
const sha256 = (value: string | Uint8Array): Uint8Array => Uint8Array.from(createHash('sha256').update(value).digest())

const audio = '{ "swname": "audio" }'
const video = '{ "swname": "video" }'
const main = (digests: Readonly<Record<string, unknown>>, nonce = 'nonce-of-the-day'): string =>
  signJws({
    header: { alg: 'ES256' },
    payload: { eat_nonce: nonce, submods: digests },
    signer: key,
    algorithm: 'ES256',
  })
const committed = (text: string): unknown => ['DIGEST', ['SHA-256', b64(sha256(text))]]
const both = { audio: committed(audio), video: committed(video) }
const bundle = (token: string, parts: Readonly<Record<string, string>>): Uint8Array =>
  encodeUtf8(JSON.stringify([['JWT', token], parts]))

const cwt = (...submods: readonly (readonly [string, unknown])[]): Uint8Array =>
  signCose({
    protectedHeader: new Map([[1, -7]]),
    payload: new Map<number, unknown>([
      [10, encodeUtf8('nonce-of-the-day')],
      [266, new Map(submods)],
    ]),
    signer: key,
    algorithm: 'ES256',
    tags: [61, 18],
  })
const tee = encodeTestCbor(new Map([[270, 'tee']]))
const packed = (token: unknown, parts: unknown, tag = 602): Uint8Array => encodeTestCbor(new Tag(tag, [token, parts]))

describe('verifyDetachedEat', () => {
  it('returns the claims of every part', async () => {
    const result = await verifyDetachedEat(bundle(main(both), { video: b64(video), audio: b64(audio) }), input)
    expect([...result.detached].map(([label, claims]) => [label, claims.swname])).toEqual([
      ['video', 'video'],
      ['audio', 'audio'],
    ])
    expect(result.main.claims.nonces).toEqual(['nonce-of-the-day'])
  })

  it('reads CBOR under tag 602, with a CWT or a JWT inside', async () => {
    const result = await verifyDetachedEat(packed(cwt(['tee', [-16, sha256(tee)]]), new Map([['tee', tee]])), input)
    expect(result.detached.get('tee')?.swname).toBe('tee')
    const text = JSON.stringify(['JWT', main({ tee: ['DIGEST', ['SHA-256', b64(sha256(tee))]] })])
    const mixed = await verifyDetachedEat(packed(text, new Map([['tee', tee]])), input)
    expect(mixed.main.encoding).toBe('json')
  })

  it('reads JSON with a CWT inside', async () => {
    const token = cwt(['audio', [-16, sha256(audio)]])
    const text = JSON.stringify([['CBOR', b64(token)], { audio: b64(audio) }])
    expect((await verifyDetachedEat(encodeUtf8(text), input)).main.encoding).toBe('cbor')
  })

  const whole = main(both)
  it.each<[string, Uint8Array, string, string]>([
    [
      'parts exchanged',
      bundle(whole, { audio: b64(video), video: b64(audio) }),
      'eat/digest-mismatch',
      'detached.audio',
    ],
    [
      'a part edited',
      bundle(whole, { audio: b64(audio), video: b64(video.replace('video', 'vidEo')) }),
      'eat/digest-mismatch',
      'detached.video',
    ],
    [
      'a part with a space more',
      bundle(whole, { audio: b64(`${audio} `), video: b64(video) }),
      'eat/digest-mismatch',
      'detached.audio',
    ],
    ['a part removed', bundle(whole, { audio: b64(audio) }), 'eat/detached-missing', 'detached.video'],
    [
      'a part added',
      bundle(whole, { audio: b64(audio), video: b64(video), more: b64(audio) }),
      'eat/detached-unbound',
      'detached.more',
    ],
    [
      'a part under a name of the prototype',
      bundle(main({ audio: committed(audio) }), { audio: b64(audio), constructor: b64(audio) }),
      'eat/detached-unbound',
      'detached.constructor',
    ],
    [
      'a part that is claims, not a digest, in the token',
      bundle(main({ audio: { swname: 'audio' } }), { audio: b64(audio) }),
      'eat/detached-unbound',
      'detached.audio',
    ],
    ['no part', bundle(whole, {}), 'token/claim-type', '[1]'],
    [
      'a part twice',
      encodeUtf8(`[["JWT","${whole}"],{"audio":"${b64(audio)}","audio":"${b64(audio)}"}]`),
      'json/duplicate-name',
      '[1]',
    ],
    [
      'an edited main token',
      bundle(`${whole.slice(0, -4)}AAAA`, { audio: b64(audio), video: b64(video) }),
      'token/signature-invalid',
      'main.signature',
    ],
    [
      'the nonce of another request',
      bundle(main(both, 'nonce-of-yesterday'), { audio: b64(audio), video: b64(video) }),
      'eat/nonce-mismatch',
      'main.payload.eat_nonce',
    ],
    ['a main token of another kind', encodeUtf8(`[["XML","x"],{"a":"AQ"}]`), 'eat/bundle-form', '[0]'],
    ['three parts', encodeUtf8(`[["JWT","x"],{"a":"AQ"},0]`), 'token/claim-type', ''],
    ['another tag', packed(cwt(['tee', [-16, sha256(tee)]]), new Map([['tee', tee]]), 603), 'eat/bundle-form', ''],
    [
      'an edited CBOR part',
      packed(cwt(['tee', [-16, sha256(audio)]]), new Map([['tee', tee]])),
      'eat/digest-mismatch',
      'detached.tee',
    ],
    [
      'padding in a part',
      bundle(main({ audio: committed(audio) }), { audio: Buffer.from(`${audio}x`).toString('base64') }),
      'encoding/base64',
      '[1].audio',
    ],
    [
      'a part that is no claims set',
      bundle(main({ audio: committed('[]') }), { audio: b64('[]') }),
      'token/claim-type',
      'detached.audio',
    ],
  ])('refuses %s', async (_, bytes, code, at) => {
    expect(await refusal(() => verifyDetachedEat(bytes, input))).toEqual({ code, at })
  })

  it('a bundle, or a token in CBOR, beyond the size of any', async () => {
    const huge = new Uint8Array(4_194_305).fill(0x20)
    expect(await refusal(() => verifyDetachedEat(huge, input))).toEqual({ code: 'bytes/too-large', at: '' })
    expect(await refusal(() => verifyEat(huge.fill(0xd2), input))).toEqual({ code: 'bytes/too-large', at: '' })
  })
})
