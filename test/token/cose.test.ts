// COSE_Sign1: which messages verify, and the code each attack ends in.
import { Tag } from 'cbor2'
import { describe, expect, it } from 'vitest'
import { concatBytes } from '../../src/bytes/bytes.js'
import { encodeUtf8 } from '../../src/bytes/text.js'
import { nobleCryptoProvider } from '../../src/crypto/noble.js'
import type { CryptoProvider } from '../../src/crypto/provider.js'
import type { CoseAlgorithm } from '../../src/token/algorithm.js'
import { type CoseVerification, parseCoseSign1, verifyCoseSign1 } from '../../src/token/cose.js'
import { parseJwkSet } from '../../src/token/jwks.js'
import { refusal } from './failure.js'
import {
  type CborKeyed,
  type CoseParts,
  coseItems,
  encodeTestCbor,
  jwksBytes,
  type Signer,
  signCose,
  signer,
} from './signing.js'

const now = new Date('2026-05-01T00:00:00Z')
const p384 = signer('P-384', 'first')
const other = signer('P-384', 'second')
const p256 = signer('P-256', 'small')
const ed = signer('Ed25519', 'edwards')
const keys = parseJwkSet(jwksBytes(p384, other, p256, ed))
const kid = encodeUtf8('first')

const settings: CoseVerification = { keys, algorithms: ['ES384'], typ: [null], now }
const parts: CoseParts = {
  protectedHeader: new Map<number, unknown>([
    [1, -35],
    [4, kid],
  ]),
  payload: encodeUtf8('content'),
  signer: p384,
  algorithm: 'ES384',
}
const message = signCose(parts)
const [guarded, open, payload, signature] = coseItems(parts)

const verify = (bytes: Uint8Array, input: Partial<CoseVerification> = {}): Promise<unknown> =>
  verifyCoseSign1(bytes, { ...settings, ...input })
const headed = (...entries: readonly (readonly [number | string, unknown])[]): Uint8Array =>
  signCose({ ...parts, protectedHeader: new Map(entries) })
const raw = (...items: readonly unknown[]): Uint8Array => encodeTestCbor(new Tag(18, items))

describe('verifyCoseSign1 accepts', () => {
  it.each<[CoseAlgorithm, number, Signer, string]>([
    ['ES256', -7, p256, 'ES256'],
    ['ESP256', -9, p256, 'ES256'],
    ['ES384', -35, p384, 'ES384'],
    ['ESP384', -51, p384, 'ES384'],
    ['ES512', -36, signer('P-521', 'large'), 'ES512'],
    ['ESP512', -52, signer('P-521', 'large'), 'ES512'],
    ['EdDSA', -8, ed, 'EdDSA'],
    ['Ed25519', -19, ed, 'EdDSA'],
    ['PS256', -37, signer('RSA', 'rivest'), 'PS256'],
    ['RS256', -257, signer('RSA', 'rivest'), 'RS256'],
  ])('%s', async (name, id, key, algorithm) => {
    const bytes = signCose({ ...parts, protectedHeader: new Map([[1, id]]), signer: key, algorithm })
    const input: CoseVerification = { ...settings, keys: parseJwkSet(jwksBytes(key)), algorithms: [name] }
    const cose = await verifyCoseSign1(bytes, input)
    expect(cose.payload).toEqual(encodeUtf8('content'))
    expect(cose.algorithm).toBe(id)
  })

  it('a message checked by the noble provider', async () => {
    const cose = await verifyCoseSign1(message, { ...settings, crypto: nobleCryptoProvider })
    expect(cose.kid).toEqual(kid)
  })

  it('a kid outside the signature, which only chooses among trusted keys', async () => {
    const unprotectedHeader: CborKeyed = new Map([[4, kid]])
    const bytes = signCose({ ...parts, protectedHeader: new Map([[1, -35]]), unprotectedHeader })
    expect((await verifyCoseSign1(bytes, settings)).kid).toEqual(kid)
  })

  it('additional data outside the message', async () => {
    const externalAad = Uint8Array.of(1, 2, 3)
    const bytes = signCose({ ...parts, externalAad })
    await expect(verify(bytes, { externalAad })).resolves.toBeDefined()
    expect((await refusal(() => verify(bytes))).code).toBe('token/signature-invalid')
  })

  it('the type it is asked for', async () => {
    const bytes = headed([1, -35], [4, kid], [16, 'application/eat+cwt'])
    expect((await verifyCoseSign1(bytes, { ...settings, typ: ['eat+cwt'] })).type).toBe('application/eat+cwt')
  })
})

describe('verifyCoseSign1 refuses', () => {
  const foreign = signer('P-384', 'first')

  it.each<[string, Uint8Array, string, string]>([
    ['another tag', encodeTestCbor(new Tag(98, [guarded, open, payload, signature])), 'cose/tag', ''],
    ['no tag', encodeTestCbor([guarded, open, payload, signature]), 'cose/untagged', ''],
    ['three parts', raw(guarded, open, payload), 'cose/form', ''],
    ['five parts', raw(guarded, open, payload, signature, 0), 'cose/form', ''],
    ['no array', encodeTestCbor(new Tag(18, payload)), 'cose/form', ''],
    ['a protected header that is no byte string', raw(new Map([[1, -35]]), open, payload, signature), 'cose/form', ''],
    ['an unprotected header that is no map', raw(guarded, [], payload, signature), 'cose/form', ''],
    ['a detached payload', raw(guarded, open, null, signature), 'cose/detached-payload', 'payload'],
    ['a payload that is text', raw(guarded, open, 'content', signature), 'cose/form', ''],
    ['a signature that is text', raw(guarded, open, payload, 'signature'), 'cose/form', ''],
    [
      'a protected header that is an array',
      raw(Uint8Array.of(0x80), open, payload, signature),
      'cose/header',
      'header',
    ],
    [
      'two items in the protected header',
      raw(concatBytes(guarded, guarded), open, payload, signature),
      'bytes/trailing',
      'header',
    ],
    [
      'a protected header in another order',
      raw(Uint8Array.from(Buffer.from('a20445666972737401382a', 'hex')), open, payload, signature),
      'cbor/key-order',
      'header',
    ],
    ['a label in both headers', raw(guarded, new Map([[4, kid]]), payload, signature), 'cose/header-overlap', ''],
    ['alg as a byte string', headed([1, kid]), 'cose/header', 'header.alg'],
    ['kid as text', headed([1, -35], [4, 'first']), 'cose/header', 'header.kid'],
    ['typ as a number', headed([1, -35], [4, kid], [16, 263]), 'cose/header', 'header.typ'],
    ['x5chain as text', headed([1, -35], [4, kid], [33, 'pem']), 'cose/header', 'header.x5chain'],
    ['no algorithm', headed([4, kid]), 'token/algorithm-missing', 'header.alg'],
    [
      'an empty protected header',
      raw(new Uint8Array(), open, payload, signature),
      'token/algorithm-missing',
      'header.alg',
    ],
    [
      'the algorithm outside the signature',
      raw(new Uint8Array(), new Map([[1, -35]]), payload, signature),
      'token/algorithm-unprotected',
      'header.alg',
    ],
    ['an algorithm that was not asked for', headed([1, -7], [4, kid]), 'token/algorithm-not-allowed', 'header.alg'],
    ['the other name of the algorithm', headed([1, -51], [4, kid]), 'token/algorithm-not-allowed', 'header.alg'],
    ['an HMAC', headed([1, 5], [4, kid]), 'token/algorithm-not-allowed', 'header.alg'],
    ['an algorithm in text', headed([1, 'ES384'], [4, kid]), 'token/algorithm-not-allowed', 'header.alg'],
    ['the key of another curve', headed([1, -35], [4, encodeUtf8('small')]), 'token/key-mismatch', 'header.kid'],
    ['an unknown kid', headed([1, -35], [4, encodeUtf8('third')]), 'token/key-not-found', 'header.kid'],
    ['no kid where two keys fit', headed([1, -35]), 'token/key-ambiguous', 'header.kid'],
    ['a critical header', headed([1, -35], [2, [4]], [4, kid]), 'token/critical-header', 'header.crit'],
    [
      'crit outside the signature',
      raw(guarded, new Map([[2, [4]]]), payload, signature),
      'token/critical-header',
      'header.crit',
    ],
    [
      'a type nobody asked for',
      headed([1, -35], [4, kid], [16, 'application/cwt']),
      'token/type-mismatch',
      'header.typ',
    ],
    [
      'a signature by another trusted key',
      signCose({ ...parts, signer: other }),
      'token/signature-invalid',
      'signature',
    ],
    [
      'a signature by a foreign key with a chain',
      signCose({
        ...parts,
        protectedHeader: new Map<number, unknown>([
          [1, -35],
          [4, kid],
          [33, Uint8Array.of(1)],
        ]),
        signer: foreign,
      }),
      'token/signature-invalid',
      'signature',
    ],
    ['an empty signature', raw(guarded, open, payload, new Uint8Array()), 'token/signature-invalid', 'signature'],
    ['a signature of zeros', raw(guarded, open, payload, new Uint8Array(96)), 'token/signature-invalid', 'signature'],
    ['an edited payload', raw(guarded, open, encodeUtf8('Content'), signature), 'token/signature-invalid', 'signature'],
    ['a byte after the message', concatBytes(message, Uint8Array.of(0)), 'bytes/trailing', ''],
    ['a message cut short', message.subarray(0, -1), 'bytes/truncated', '[3]'],
  ])('%s', async (_, bytes, code, at) => {
    expect(await refusal(() => verify(bytes))).toEqual({ code, at })
  })

  it('any single changed bit', async () => {
    for (let i = 0; i < message.length; i++) {
      const changed = Uint8Array.from(message)
      changed[i] = (changed[i] ?? 0) ^ (1 << (i % 8))
      expect((await refusal(() => verify(changed))).code).toMatch(/^(token|cose|cbor|bytes|encoding)\//)
    }
  })

  it('what changes after the call was made', async () => {
    const bytes = Uint8Array.from(message)
    const pending = verifyCoseSign1(bytes, settings)
    bytes.fill(0)
    expect((await pending).payload).toEqual(encodeUtf8('content'))
  })
})

describe('memory the caller overwrites', () => {
  const chain = [Uint8Array.of(1), Uint8Array.of(2)]
  const nested = new Map<number, unknown>([[1, new Tag(99, Uint8Array.of(3))]])
  const bytes = signCose({
    ...parts,
    unprotectedHeader: new Map<number, unknown>([
      [33, chain],
      [99, nested],
    ]),
  })
  const kept = {
    kid,
    certificates: chain,
    protectedHeader: new Map<number, unknown>([
      [1, -35],
      [4, kid],
    ]),
    unprotectedHeader: new Map<number, unknown>([
      [33, chain],
      [99, new Map([[1, { tag: 99, value: Uint8Array.of(3) }]])],
    ]),
  }

  it('while its signature is checked, is not what is returned', async () => {
    const received = Uint8Array.from(bytes)
    const externalAad = Uint8Array.of(7)
    const seen: Uint8Array[] = []
    const crypto: CryptoProvider = {
      ...nobleCryptoProvider,
      verify: async (check) => {
        const before = Uint8Array.from(concatBytes(check.signature, check.data))
        received.fill(0)
        externalAad.fill(0)
        await Promise.resolve()
        seen.push(before, concatBytes(check.signature, check.data))
        return true
      },
    }
    const cose = await verifyCoseSign1(received, { ...settings, externalAad, crypto })
    expect(cose).toMatchObject({ ...kept, payload: encodeUtf8('content') })
    expect(seen).toHaveLength(2)
    expect(seen[1]).toEqual(seen[0])
  })

  it('or gives away while its signature is checked, does not empty the payload', async () => {
    const received = Uint8Array.from(bytes)
    const crypto: CryptoProvider = {
      ...nobleCryptoProvider,
      verify: async () => {
        structuredClone(received, { transfer: [received.buffer] })
        expect(received).toHaveLength(0)
        return true
      },
    }
    const cose = await verifyCoseSign1(received, { ...settings, crypto })
    expect(cose.payload).toEqual(encodeUtf8('content'))
  })

  it('after its headers were read, is not what was read', () => {
    const received = Uint8Array.from(bytes)
    const envelope = parseCoseSign1(received)
    received.fill(0)
    expect(envelope).toMatchObject(kept)
  })
})

describe('parseCoseSign1', () => {
  it('reads the headers without the payload', () => {
    const bytes = signCose({
      ...parts,
      unprotectedHeader: new Map([[33, [Uint8Array.of(1), Uint8Array.of(2)]]]),
    })
    const envelope = parseCoseSign1(bytes)
    expect(envelope).toMatchObject({ algorithm: -35, kid, certificates: [Uint8Array.of(1), Uint8Array.of(2)] })
    expect(envelope).not.toHaveProperty('payload')
  })
})
