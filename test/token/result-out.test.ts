// Results out: EAR as JWT and CWT, and NVIDIA's bundle, read back by this library, by jose and by cbor2.
import { sign, verify } from 'node:crypto'
import { cdeDecodeOptions, decode, Tag } from 'cbor2'
import { compactVerify, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { encodeUtf8 } from '../../src/bytes/text.js'
import { verifyNrasToken } from '../../src/nvidia/nras.js'
import { issueNrasBundle, type NrasBundleInput } from '../../src/nvidia/nras-issue.js'
import type { Tier } from '../../src/result/result.js'
import { type EatVerification, verifyEat } from '../../src/token/eat.js'
import type { TokenSigner } from '../../src/token/issue.js'
import { parseJwkSet } from '../../src/token/jwks.js'
import {
  type AppraisalOut,
  issueEarCwt,
  issueEarJwt,
  type PlainValue,
  type ResultOut,
} from '../../src/token/result-out.js'
import { defined, flatGpu, gpu, nvswitch } from '../nvidia/nras-bundle.js'
import { encodeTestCbor, jwksBytes, signer } from './signing.js'

const key = signer('P-384', 'result-key')
const own: TokenSigner = {
  algorithm: 'ES384',
  kid: key.kid,
  sign: async (data) => new Uint8Array(sign('sha384', data, { key: key.privateKey, dsaEncoding: 'ieee-p1363' })),
}
const nonce = new Uint8Array(16).fill(9)
const digest = new Uint8Array(32).fill(3)
const issuedAt = new Date('2026-05-01T00:00:00Z')
const expiresAt = new Date('2026-05-01T01:00:00Z')
const seconds = issuedAt.getTime() / 1000

const result: ResultOut = {
  issuer: 'https://verifier.example',
  verifier: { developer: 'https://example.com', build: 'gpu-attestation 1' },
  issuedAt,
  expiresAt,
  nonce,
  appraisals: [
    {
      label: 'GPU-0',
      tier: 'affirming',
      policyId: 'urn:policy:1',
      evidenceDigest: digest,
      checks: [
        { id: 'nonce', outcome: 'pass' },
        { id: 'revocation', outcome: 'waived', reason: 'offline' },
      ],
      claims: { ueid: '100', list: [1, null, true], nested: { iss: 'a', raw: Uint8Array.of(1) } },
    },
    { label: 'GPU-1', tier: 'contraindicated', policyId: 'urn:policy:1', evidenceDigest: digest, checks: [] },
  ],
}

const verification: EatVerification = {
  keys: parseJwkSet(jwksBytes(key)),
  algorithms: ['ES384'],
  typ: ['application/eat+jwt', 'application/eat+cwt'],
  issuer: 'https://verifier.example',
  audience: null,
  now: issuedAt,
  leewaySeconds: 0,
  expiry: 'required',
  nonce,
  profile: 'tag:ietf.org,2026:rats/ear#03',
}

/** Pairs that make no window of time: NumericDate counts whole seconds. */
const noWindow: readonly (readonly [string, { readonly issuedAt?: Date; readonly expiresAt?: Date }])[] = [
  ['an end that is no date', { expiresAt: new Date(Number.NaN) }],
  ['a beginning that is no date', { issuedAt: new Date('soon') }],
  ['an end before the beginning', { issuedAt: expiresAt, expiresAt: issuedAt }],
  ['an end at the beginning', { expiresAt: issuedAt }],
  ['an end in the second of the beginning', { expiresAt: new Date(issuedAt.getTime() + 999) }],
]

describe('issueEarJwt', () => {
  it('is read back by jose, claim by claim', async () => {
    const { payload, protectedHeader } = await jwtVerify(await issueEarJwt(result, own), key.publicKey, {
      algorithms: ['ES384'],
      typ: 'eat+jwt',
      currentDate: issuedAt,
    })
    expect(protectedHeader).toEqual({ alg: 'ES384', kid: 'result-key', typ: 'eat+jwt' })
    expect(payload).toEqual({
      eat_profile: 'tag:ietf.org,2026:rats/ear#03',
      iss: 'https://verifier.example',
      iat: seconds,
      exp: seconds + 3600,
      eat_nonce: 'CQkJCQkJCQkJCQkJCQkJCQ',
      ear_verifier_id: { developer: 'https://example.com', build: 'gpu-attestation 1' },
      submods: {
        'GPU-0': {
          ear_status: 'affirming',
          ear_appraisal_policy_ids: ['urn:policy:1'],
          'result.evidence-sha256': Buffer.from(digest).toString('base64url'),
          'result.checks': [
            { id: 'nonce', outcome: 'pass' },
            { id: 'revocation', outcome: 'waived', reason: 'offline' },
          ],
          'result.claims': { ueid: '100', list: [1, null, true], nested: { iss: 'a', raw: 'AQ' } },
        },
        'GPU-1': {
          ear_status: 'contraindicated',
          ear_appraisal_policy_ids: ['urn:policy:1'],
          'result.evidence-sha256': Buffer.from(digest).toString('base64url'),
          'result.checks': [],
        },
      },
    })
  })

  it('is read back by verifyEat, and names the audience it is given', async () => {
    const token = await issueEarJwt({ ...result, audience: 'relying-party' }, own)
    const eat = await verifyEat(token, { ...verification, audience: 'relying-party' })
    expect([...eat.claims.submods.keys()]).toEqual(['GPU-0', 'GPU-1'])
  })

  it('refuses what would make no token', async () => {
    const der: TokenSigner = { ...own, sign: async (data) => new Uint8Array(sign('sha384', data, key.privateKey)) }
    await expect(issueEarJwt(result, der)).rejects.toThrow(TypeError)
    await expect(issueEarJwt({ ...result, nonce: new Uint8Array(7) }, own)).rejects.toThrow(TypeError)
    const [first] = result.appraisals
    await expect(issueEarJwt({ ...result, appraisals: [first, first] }, own)).rejects.toThrow(TypeError)
  })
})

describe('a result out', () => {
  const [target] = result.appraisals
  const about = (changes: Partial<AppraisalOut>): ResultOut => ({ ...result, appraisals: [{ ...target, ...changes }] })
  const half = '\ud800'
  let deep: PlainValue = 1
  for (let i = 0; i < 40; i++) deep = [deep]
  const unknownTier: unknown = 'affirmed'

  const both = async (unfit: ResultOut): Promise<void> => {
    await expect(issueEarJwt(unfit, own)).rejects.toThrow(TypeError)
    await expect(issueEarCwt(unfit, own)).rejects.toThrow(TypeError)
  }

  it.each(noWindow)('has no %s', (_, times) => both({ ...result, ...times }))

  // Each of these would be signed and then refused by whoever reads it, or read as something else.
  it.each<[string, ResultOut]>([
    ['half a surrogate pair in a label', about({ label: half })],
    [
      'two labels that are one once encoded',
      {
        ...result,
        appraisals: [
          { ...target, label: half },
          { ...target, label: '\ud801' },
        ],
      },
    ],
    ['half a surrogate pair in a text', about({ policyId: `a${half}` })],
    ['half a surrogate pair in a name', about({ claims: { [half]: 1 } })],
    ['an integer no reader can hold', about({ claims: { count: 2 ** 53 } })],
    ['times before 1970', { ...result, issuedAt: new Date(-5000), expiresAt: new Date(-1000) }],
    ['deeper nesting than is read', about({ claims: { deep } })],
    ['more values than are read', about({ claims: { list: Array.from({ length: 100_000 }, () => 1) } })],
    [
      'more targets than are read',
      {
        ...result,
        appraisals: [target, ...Array.from({ length: 1024 }, (_, i) => ({ ...target, label: `GPU-${i + 1}` }))],
      },
    ],
    ['a tier outside the list', about({ tier: unknownTier as Tier })],
    ['a digest of another length', about({ evidenceDigest: new Uint8Array(0) })],
  ])('has no %s', (_, unfit) => both(unfit))

  it('is about something', async () => {
    const appraisals: readonly AppraisalOut[] = []
    // Callers without a compiler, and lists that turned out empty.
    await both(Object.assign({}, result, { appraisals }))
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('has no claim of %d', async (number) => {
    const [first] = result.appraisals
    for (const claims of [{ a: number }, { a: [{ b: number }] }])
      await both({ ...result, appraisals: [{ ...first, claims }] })
  })
})

describe('issueEarCwt', () => {
  it('is read back by cbor2 and node:crypto, claim by claim', async () => {
    const token: unknown = decode(await issueEarCwt(result, own), { ...cdeDecodeOptions, preferMap: true })
    if (!(token instanceof Tag) || !(token.contents instanceof Tag)) throw new Error('no CWT')
    expect([token.tag, token.contents.tag]).toEqual([61, 18])
    const [guarded, open, payload, signature]: readonly unknown[] = Array.isArray(token.contents.contents)
      ? token.contents.contents
      : []
    if (!(guarded instanceof Uint8Array) || !(payload instanceof Uint8Array) || !(signature instanceof Uint8Array))
      throw new Error('no COSE_Sign1')
    expect(open).toEqual(new Map())
    const header = new Map<number, unknown>([
      [1, -35],
      [4, encodeUtf8('result-key')],
      [16, 'application/eat+cwt'],
    ])
    expect(decode(guarded, { preferMap: true })).toEqual(header)
    const signed = encodeTestCbor(['Signature1', guarded, new Uint8Array(), payload])
    expect(verify('sha384', signed, { key: key.publicKey, dsaEncoding: 'ieee-p1363' }, signature)).toBe(true)
    const claims: unknown = decode(payload, { ...cdeDecodeOptions, preferMap: true })
    const appraisal = (status: number, checks: unknown, more: readonly (readonly [number, unknown])[]): unknown =>
      new Map<number, unknown>([[1000, status], [1003, ['urn:policy:1']], [-77060, digest], [-77061, checks], ...more])
    const checks = [
      new Map([
        ['id', 'nonce'],
        ['outcome', 'pass'],
      ]),
      new Map([
        ['id', 'revocation'],
        ['outcome', 'waived'],
        ['reason', 'offline'],
      ]),
    ]
    const nested = new Map<string, unknown>([
      ['iss', 'a'],
      ['raw', Uint8Array.of(1)],
    ])
    const about = new Map<string, unknown>([
      ['ueid', '100'],
      ['list', [1, null, true]],
      ['nested', nested],
    ])
    expect(claims).toEqual(
      new Map<number, unknown>([
        [265, 'tag:ietf.org,2026:rats/ear#03'],
        [1, 'https://verifier.example'],
        [6, seconds],
        [4, seconds + 3600],
        [10, nonce],
        [
          1004,
          new Map([
            [0, 'https://example.com'],
            [1, 'gpu-attestation 1'],
          ]),
        ],
        [
          266,
          new Map([
            ['GPU-0', appraisal(2, checks, [[-77062, about]])],
            ['GPU-1', appraisal(96, [], [])],
          ]),
        ],
      ]),
    )
  })

  it('is read back by verifyEat', async () => {
    const eat = await verifyEat(await issueEarCwt(result, own), verification)
    expect(eat).toMatchObject({
      encoding: 'cbor',
      claims: { profile: 'tag:ietf.org,2026:rats/ear#03', nonces: [nonce] },
    })
  })
})

describe('issueNrasBundle', () => {
  const input: NrasBundleInput = {
    issuer: 'https://verifier.example',
    nonce,
    issuedAt,
    expiresAt,
    version: '3.0',
    overallResult: true,
    devices: new Map([
      ['GPU-0', defined(gpu('100'))],
      ['GPU-1', defined(gpu('101'))],
      ['SWITCH-0', defined(nvswitch('200'))],
    ]),
    tokenId: 'id',
    signer: own,
  }
  const read = async (bundle: string): Promise<unknown> =>
    verifyNrasToken(encodeUtf8(bundle), {
      keys: parseJwkSet(jwksBytes(key)),
      issuer: 'https://verifier.example',
      nonce,
      now: issuedAt,
      leewaySeconds: 0,
    })

  it('is read back by verifyNrasToken', async () => {
    expect(await read(await issueNrasBundle(input))).toMatchObject({
      outcome: 'pass',
      devices: [{ label: 'GPU-0' }, { label: 'GPU-1' }, { label: 'SWITCH-0' }],
    })
    const flat = { ...input, version: '2.0', devices: new Map([['GPU-0', flatGpu('1')]]) } as const
    expect(await read(await issueNrasBundle(flat))).toMatchObject({ outcome: 'pass', version: '2.0' })
    expect(await read(await issueNrasBundle({ ...input, overallResult: false }))).toMatchObject({ outcome: 'fail' })
  })

  it('has tokens that jose verifies, under the headers of the service', async () => {
    const [[selector, overall], devices] = JSON.parse(await issueNrasBundle(input))
    expect(selector).toBe('JWT')
    for (const token of [overall, ...Object.values<string>(devices)]) {
      const { protectedHeader } = await compactVerify(token, key.publicKey, { algorithms: ['ES384'] })
      expect(protectedHeader).toEqual({ alg: 'ES384', kid: 'result-key' })
    }
  })

  it.each(noWindow)('has no %s', async (_, times) => {
    await expect(issueNrasBundle({ ...input, ...times })).rejects.toThrow(TypeError)
  })

  it('has no claim that is not finite', async () => {
    const devices = new Map([['GPU-0', { a: { b: [Number.NaN] } }]])
    await expect(issueNrasBundle({ ...input, devices })).rejects.toThrow(TypeError)
  })

  it('has no text that is half a pair, and answers a nonce', async () => {
    const devices = new Map([['GPU-0', { hwmodel: '\udc00' }]])
    await expect(issueNrasBundle({ ...input, devices })).rejects.toThrow(TypeError)
    await expect(issueNrasBundle({ ...input, nonce: new Uint8Array(0) })).rejects.toThrow(TypeError)
  })

  it('is not made for no device', async () => {
    await expect(issueNrasBundle({ ...input, devices: new Map() })).rejects.toThrow(TypeError)
  })
})
