// Every entry that reads tokens, on arbitrary and on mutated input: an AttestationError or a verified value, nothing else.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeUtf8 } from '../../src/bytes/text.js'
import { verifyNrasToken } from '../../src/nvidia/nras.js'
import { AttestationError } from '../../src/result/error.js'
import { parseCoseSign1 } from '../../src/token/cose.js'
import { verifyCwt } from '../../src/token/cwt.js'
import { verifyDetachedEat } from '../../src/token/detached-eat.js'
import { type EatVerification, verifyEat } from '../../src/token/eat.js'
import { parseJwkSet } from '../../src/token/jwks.js'
import { parseJws } from '../../src/token/jws.js'
import { verifyJwt } from '../../src/token/jwt.js'
import { bundle, encode, gpu, issuer, nonceHex, now } from '../nvidia/nras-bundle.js'
import { jwksBytes, signCose, signer, signJws } from '../token/signing.js'

const key = signer('P-384', 'k')
const keys = parseJwkSet(jwksBytes(key))
const input: EatVerification = {
  keys,
  algorithms: ['ES384'],
  typ: [null],
  issuer: null,
  audience: null,
  now,
  leewaySeconds: 0,
  expiry: 'optional',
  nonce: null,
  profile: null,
}

async function accepted(run: () => unknown): Promise<boolean> {
  try {
    await run()
    return true
  } catch (error) {
    expect(error).toBeInstanceOf(AttestationError)
    return false
  }
}

const claims = fc.dictionary(
  fc.constantFrom('iss', 'exp', 'eat_nonce', 'ueid', 'oemid', 'submods', 'location', 'measres', 'dbgstat', 'x'),
  fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.constantFrom('success', 'disabled', ['JWT', 'a.b.c'], ['DIGEST', []])),
)
const token = signJws({ header: { alg: 'ES384' }, payload: { iss: 'a' }, signer: key, algorithm: 'ES384' })
const cose = signCose({
  protectedHeader: new Map([[1, -35]]),
  payload: new Map([[1, 'a']]),
  signer: key,
  algorithm: 'ES384',
})
const response = encode(bundle({ devices: { 'GPU-0': gpu('1') }, signer: key }))
const nras = { keys, issuer, nonce: Uint8Array.from(Buffer.from(nonceHex, 'hex')), now, leewaySeconds: 0 }

describe('token readers', () => {
  it('refuse arbitrary bytes', async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 64 }),
      fc.json().map(encodeUtf8),
      fc.array(fc.base64String({ maxLength: 12 }), { maxLength: 4 }).map((parts) => encodeUtf8(parts.join('.'))),
    )
    await fc.assert(
      fc.asyncProperty(bytes, async (value) => {
        await accepted(() => parseJws(value))
        await accepted(() => parseCoseSign1(value))
        await accepted(() => parseJwkSet(value))
        const verifications = [
          () => verifyJwt(value, input),
          () => verifyCwt(value, input),
          () => verifyEat(value, input),
          () => verifyDetachedEat(value, input),
          () => verifyNrasToken(value, nras),
        ]
        for (const run of verifications) expect(await accepted(run)).toBe(false)
      }),
      { numRuns: 400 },
    )
  })

  it('refuse or type arbitrary claims that are signed', async () => {
    await fc.assert(
      fc.asyncProperty(claims, async (payload) => {
        const signed = signJws({ header: { alg: 'ES384' }, payload, signer: key, algorithm: 'ES384' })
        await accepted(() => verifyEat(signed, input))
        const value = bundle({ devices: { 'GPU-0': { ...gpu('1'), ...payload } }, overall: payload, signer: key })
        await accepted(() => verifyNrasToken(encode(value), nras))
      }),
      { numRuns: 100 },
    )
  })

  it('refuse a token after any change of one byte', async () => {
    const change = (bytes: Uint8Array, position: number, by: number): Uint8Array => {
      const changed = Uint8Array.from(bytes)
      const index = position % changed.length
      changed[index] = (changed[index] ?? 0) ^ by
      return changed
    }
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 255 }), async (position, by) => {
        expect(await accepted(() => verifyEat(change(encodeUtf8(token), position, by), input))).toBe(false)
        expect(await accepted(() => verifyEat(change(cose, position, by), input))).toBe(false)
        expect(await accepted(() => verifyNrasToken(change(response, position, by), nras))).toBe(false)
      }),
      { numRuns: 150 },
    )
  })
})
