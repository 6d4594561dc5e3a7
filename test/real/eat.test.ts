// The examples of RFC 9711: what reads as its text says, and why some of its fragments do not.
import { createHash } from 'node:crypto'
import { cdeEncodeOptions, encode, Tag } from 'cbor2'
import { describe, expect, it } from 'vitest'
import { encodeUtf8 } from '../../src/bytes/text.js'
import { isCborMap, parseCbor } from '../../src/encoding/cbor.js'
import { jsonObject, parseJson } from '../../src/encoding/json.js'
import type { ClaimsSet } from '../../src/token/claim-field.js'
import { parseCoseSign1 } from '../../src/token/cose.js'
import { verifyDetachedEat } from '../../src/token/detached-eat.js'
import type { EatVerification } from '../../src/token/eat.js'
import { type EatClaims, readEatClaims } from '../../src/token/eat-claims.js'
import { parseJwkSet } from '../../src/token/jwks.js'
import { hasRealData, readReal, readRealText } from '../real-data.js'
import { parseDiagnostic } from '../token/diagnostic.js'
import { refusal } from '../token/failure.js'
import { encodeTestCbor, jwksBytes, signCose, signer, signJws } from '../token/signing.js'

const hex = (value: Uint8Array | undefined): string | undefined =>
  value === undefined ? undefined : Buffer.from(value).toString('hex')

function claimsOf(name: string): EatClaims {
  const path = `tokens/eat-rfc9711/Example-Payloads/${name}`
  if (name.endsWith('.json')) {
    const set: ClaimsSet = { encoding: 'json', claims: jsonObject(parseJson(readReal(path), ''), '') }
    return readEatClaims(set, '')
  }
  const claims = parseCbor(Uint8Array.from(encode(parseDiagnostic(readRealText(path)), cdeEncodeOptions)), '')
  if (!isCborMap(claims)) throw new Error('no map')
  return readEatClaims({ encoding: 'cbor', claims }, '')
}

describe.skipIf(!hasRealData)('example payloads', () => {
  it.each([
    ['audio_ss.json', { swname: 'Audio Processor OS', oemid: { kind: 'ieee' }, nonces: ['lI-IYNE6Rj6O'] }],
    ['graphics_ss.json', { swname: 'Graphics OS', oemid: { kind: 'enterprise-number', number: 75000 } }],
    [
      'valid_results.json',
      {
        dbgstat: 'disabled-since-boot',
        measres: [{ system: 'Trustus Measurements', results: [{ id: 'all', outcome: 'success' }] }],
      },
    ],
    ['minimal.diag', { oemboot: true }],
    ['simple.diag', { dbgstat: 'disabled-permanently', oemboot: true, oemid: { kind: 'ieee' } }],
    [
      'valid_hw_block.diag',
      { hwversion: { version: '3.1', scheme: 1 }, oemid: { kind: 'enterprise-number', number: 64242 } },
    ],
    ['valid_hw_block2.diag', { dbgstat: 'disabled-permanently' }],
    ['valid_iot.diag', { dbgstat: 'disabled-since-boot' }],
    ['valid_key_store.diag', { manifests: [{ contentFormat: 258 }] }],
    ['valid_submods.diag', { swname: 'Acme OS', hwversion: { version: '1.3.4', scheme: 1 } }],
    ['valid_tee.diag', { manifests: [{ contentFormat: 258 }], dbgstat: 'disabled-since-boot' }],
  ])('%s', (name, expected) => {
    expect(claimsOf(name)).toMatchObject(expected)
  })

  it('submodules are of the kinds the text says', () => {
    const tee = claimsOf('valid_hw_block2.diag').submods.get('TEE')
    expect(tee).toMatchObject({ kind: 'digest', hash: 'sha256' })
    expect(tee?.kind === 'digest' && hex(tee.digest)).toBe(
      'ab86f765643aabfd09c84eebe150b7f61bc24804cee75e90c5f99cb850fe808f',
    )
    const os = claimsOf('valid_iot.diag').submods.get('OS')
    expect(os).toMatchObject({ kind: 'claims', claims: { measurements: [{ contentFormat: 258 }] } })
    const { submods } = claimsOf('valid_submods.diag')
    expect([...submods.keys()].toSorted()).toEqual(['board', 'device'])
    expect(submods.get('board')).toMatchObject({ claims: { oemid: { kind: 'random' } } })
    expect([...claimsOf('main_token_claims.json').submods.values()].map(({ kind }) => kind)).toEqual([
      'digest',
      'digest',
    ])
  })

  // Fragments that contradict the RFC's own grammar.
  it.each([
    ['simple.json', 'token/claim-type', 'swversion', 'a version is an array, not text'],
    ['submods.json', 'encoding/base64', 'ueid', 'base64url has no padding (section 4)'],
    ['submods.diag', 'token/claim-type', 'submods.Linux Android.swversion', 'swname has key 270, not 271'],
  ])('%s is refused at the claim that is wrong', async (name, code, at) => {
    expect(await refusal(() => claimsOf(name))).toEqual({ code, at })
  })
})

describe.skipIf(!hasRealData)('example tokens', () => {
  const file = (name: string): string => readRealText(`tokens/eat-rfc9711/Example-Tokens/${name}`)
  const key = signer('P-256', 'k')
  const input: EatVerification = {
    keys: parseJwkSet(jwksBytes(key)),
    algorithms: ['ES256'],
    typ: [null],
    issuer: null,
    audience: null,
    now: new Date(0),
    leewaySeconds: 0,
    expiry: 'optional',
    nonce: null,
    profile: null,
  }

  it('deb.json verifies once its main claims are signed by a key pair', async () => {
    const [[, token], detached] = JSON.parse(file('deb.json')) as readonly [readonly [string, string], object]
    expect((await refusal(() => verifyDetachedEat(encodeUtf8(file('deb.json')), input))).code).toBe(
      'token/algorithm-not-allowed',
    )
    const claims = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()
    const signed = signJws({ header: { alg: 'ES256' }, payload: claims, signer: key, algorithm: 'ES256' })
    const bundle = encodeUtf8(JSON.stringify([['JWT', signed], detached]))
    const { detached: parts } = await verifyDetachedEat(bundle, input)
    expect([...parts].map(([label, part]) => [label, part.swname])).toEqual([
      ['Audio Subsystem', 'Audio Processor OS'],
      ['Graphics Subsystem', 'Graphics OS'],
    ])
  })

  it('valid_deb.diag: shape and digest are right, its claims are not in deterministic order', async () => {
    const bundle = parseDiagnostic(file('valid_deb.diag'))
    if (!(bundle instanceof Tag) || !Array.isArray(bundle.contents)) throw new Error('no bundle')
    const [token, parts]: readonly unknown[] = bundle.contents
    if (!(token instanceof Uint8Array) || !(parts instanceof Map)) throw new Error('no bundle')
    const tee: unknown = parts.get('TEE')
    if (!(tee instanceof Uint8Array)) throw new Error('no claims set')
    const digest = Uint8Array.from(createHash('sha256').update(tee).digest())
    expect(hex(digest)).toBe('ab86f765643aabfd09c84eebe150b7f61bc24804cee75e90c5f99cb850fe808f')
    const found = await refusal(() => verifyDetachedEat(encodeTestCbor(bundle), input))
    expect(found).toEqual({ code: 'token/signature-invalid', at: 'main.signature' })
    expect(parseCoseSign1(token.subarray(2)).algorithm).toBe(-7)
    const own = signCose({
      protectedHeader: new Map([[1, -7]]),
      payload: new Map([[266, new Map([['TEE', [-16, digest]]])]]),
      signer: key,
      algorithm: 'ES256',
    })
    const resigned = encodeTestCbor(new Tag(602, [own, parts]))
    const { detached } = await verifyDetachedEat(resigned, input)
    expect(detached.get('TEE')).toMatchObject({ dbgstat: 'disabled-since-boot', oemboot: true })
  })

  it('valid_cwt.diag: a COSE_Sign1 under tags 61 and 18 whose claims are not in deterministic order', async () => {
    const token = parseDiagnostic(file('valid_cwt.diag'))
    if (!(token instanceof Tag) || !(token.contents instanceof Tag)) throw new Error('no token')
    expect(parseCoseSign1(encodeTestCbor(token.contents)).algorithm).toBe(-7)
    const [, , payload] = token.contents.contents as readonly Uint8Array[]
    expect((await refusal(() => parseCbor(payload ?? new Uint8Array(), 'payload'))).code).toBe('cbor/key-order')
  })
})
