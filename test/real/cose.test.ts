// The COSE working group's examples and the CWTs of RFC 8392: the published verdict, or a listed reason to differ.
import { describe, expect, it } from 'vitest'
import { parseHex } from '../../src/bytes/hex.js'
import { encodeUtf8 } from '../../src/bytes/text.js'
import { AttestationError } from '../../src/result/error.js'
import { type CoseVerification, parseCoseSign1, verifyCoseSign1 } from '../../src/token/cose.js'
import { verifyCwt } from '../../src/token/cwt.js'
import { parseJwkSet } from '../../src/token/jwks.js'
import type { KeySet } from '../../src/token/key-set.js'
import { hasRealData, readRealJson } from '../real-data.js'
import { refusal } from '../token/failure.js'

interface Example {
  readonly file: string
  readonly title: string
  readonly expect: 'verified' | 'rejected'
  readonly externalAadHex?: string
  readonly keyJwk?: Readonly<Record<string, string>>
  readonly cborHex: string
}

/** Messages the suite verifies and this library refuses, with the reason. */
const stricter: Readonly<Record<string, readonly [code: string, reason: string]>> = {
  'sign1-tests/sign-pass-01': ['token/algorithm-unprotected', 'The algorithm must be covered by the signature.'],
  'sign1-tests/sign-pass-03': ['cose/untagged', 'A message must say what it is.'],
  'ecdsa-examples/ecdsa-sig-04': ['token/key-mismatch', 'ES512 is bound to P-521, as in JOSE and RFC 9864.'],
  'ecdsa-examples/ecdsa-01': ['cose/tag', 'Only one signer per message: COSE_Sign (98) is not read.'],
  'ecdsa-examples/ecdsa-02': ['cose/tag', 'Only one signer per message: COSE_Sign (98) is not read.'],
  'ecdsa-examples/ecdsa-03': ['cose/tag', 'Only one signer per message: COSE_Sign (98) is not read.'],
  'ecdsa-examples/ecdsa-04': ['cose/tag', 'Only one signer per message: COSE_Sign (98) is not read.'],
}

/** The code of each message the suite rejects. */
const rejected: Readonly<Record<string, string>> = {
  'sign1-tests/sign-fail-01': 'cose/tag',
  'sign1-tests/sign-fail-02': 'token/signature-invalid',
  'sign1-tests/sign-fail-03': 'token/algorithm-not-allowed',
  'sign1-tests/sign-fail-04': 'token/algorithm-not-allowed',
  'sign1-tests/sign-fail-06': 'token/signature-invalid',
  'sign1-tests/sign-fail-07': 'token/signature-invalid',
}

const examples = hasRealData ? (readRealJson('tokens/cose/index.json') as readonly Example[]) : []
const nameOf = ({ file }: Example): string => file.replace(/^cose\/|\.json$/g, '')

function keySet(jwk: Readonly<Record<string, string>> | undefined): KeySet {
  return jwk === undefined ? { keys: [] } : parseJwkSet(encodeUtf8(JSON.stringify({ keys: [jwk] })))
}

// The suite names each key as the message does.
function kidOf(hex: string): string {
  try {
    return new TextDecoder().decode(parseCoseSign1(parseHex(hex, '')).kid)
  } catch {
    return ''
  }
}

function settings(example: Example): CoseVerification {
  return {
    keys: keySet(example.keyJwk === undefined ? undefined : { ...example.keyJwk, kid: kidOf(example.cborHex) }),
    algorithms: ['ES256', 'ES384', 'ES512'],
    typ: [null],
    now: new Date(0),
    externalAad: parseHex(example.externalAadHex ?? '', ''),
  }
}

async function verdict(example: Example): Promise<string> {
  try {
    await verifyCoseSign1(parseHex(example.cborHex, ''), settings(example))
    return 'verified'
  } catch (error) {
    if (error instanceof AttestationError) return error.code
    throw error
  }
}

describe.skipIf(!hasRealData)('examples of the COSE working group', () => {
  it('are all in exactly one bucket', () => {
    const buckets = examples.map((example) => {
      const name = nameOf(example)
      return example.expect === 'rejected' ? name in rejected && !(name in stricter) : !(name in rejected)
    })
    expect(buckets).toEqual(examples.map(() => true))
    expect(examples).toHaveLength(17)
  })

  it.each(examples.map((example) => [nameOf(example), example] as const))('%s', async (name, example) => {
    const expected = example.expect === 'rejected' ? rejected[name] : (stricter[name]?.[0] ?? 'verified')
    expect(await verdict(example)).toBe(expected)
  })
})

interface CwtExample {
  readonly id: string
  readonly structure: string
  readonly cwtHex: string
  readonly innerSign1Hex?: string
  readonly claims: Readonly<Record<string, string | number>>
  readonly key: Readonly<Record<string, string>>
}

describe.skipIf(!hasRealData)('CWTs of RFC 8392 Appendix A', () => {
  const { examples: cwts } = hasRealData
    ? (readRealJson('tokens/cose/cwt-rfc8392.json') as { readonly examples: readonly CwtExample[] })
    : { examples: [] }
  const signed = cwts.find(({ id }) => id === 'A.3')
  const coordinate = (hex: string | undefined): string => Buffer.from(hex ?? '', 'hex').toString('base64url')
  const keys = keySet({
    kty: 'EC',
    crv: 'P-256',
    x: coordinate(signed?.key['xHex']),
    y: coordinate(signed?.key['yHex']),
  })
  const input = {
    keys,
    algorithms: ['ES256'],
    typ: [null],
    issuer: 'coap://as.example.com',
    audience: 'coap://light.example.com',
    now: new Date(1_444_000_000_000),
    leewaySeconds: 0,
    expiry: 'required',
  } as const

  it('A.3 verifies, alone, under tag 61, and out of the decrypted A.6', async () => {
    const hex = signed?.cwtHex ?? ''
    const inner = cwts.find(({ id }) => id === 'A.6')?.innerSign1Hex ?? ''
    for (const message of [hex, `d83d${hex}`, inner]) {
      const { registered, claims } = await verifyCwt(parseHex(message, ''), input)
      expect(registered).toEqual({
        issuer: signed?.claims['1'],
        subject: signed?.claims['2'],
        audience: [signed?.claims['3']],
        expiresAt: signed?.claims['4'],
        notBefore: signed?.claims['5'],
        issuedAt: signed?.claims['6'],
      })
      expect(claims.get(7)).toEqual(Uint8Array.of(0x0b, 0x71))
    }
  })

  it('A.3 is refused after its end', async () => {
    const late = { ...input, now: new Date(1_444_064_944_000) }
    expect((await refusal(() => verifyCwt(parseHex(signed?.cwtHex ?? '', ''), late))).code).toBe('token/expired')
  })

  it.each(cwts.filter(({ structure }) => structure !== 'COSE_Sign1').map(({ id, cwtHex }) => [id, cwtHex] as const))(
    '%s is refused: not signed by one key pair',
    async (_, hex) => {
      expect((await refusal(() => verifyCwt(parseHex(hex, ''), input))).code).toBe('cose/tag')
    },
  )
})
