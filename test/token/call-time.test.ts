// What a caller writes to clock, options, nonce or message while a token is being verified must not change the answer.
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { encodeUtf8 } from '../../src/bytes/text.js'
import { verifyCwt } from '../../src/token/cwt.js'
import { verifyDetachedEat } from '../../src/token/detached-eat.js'
import { type EatVerification, verifyEat } from '../../src/token/eat.js'
import { parseJwkSet } from '../../src/token/jwks.js'
import { verifyJwt } from '../../src/token/jwt.js'
import { refusal } from './failure.js'
import { jwksBytes, signCose, signer, signJws } from './signing.js'

const key = signer('P-256', 'k')
const nonce = new Uint8Array(16).fill(7)
const settings: EatVerification = {
  keys: parseJwkSet(jwksBytes(key)),
  algorithms: ['ES256'],
  typ: [null],
  issuer: 'issuer',
  audience: null,
  now: new Date(1_500_000),
  leewaySeconds: 0,
  expiry: 'required',
  nonce,
  profile: null,
}
const part = '{"swname":"audio"}'
const digest = createHash('sha256').update(part).digest('base64url')
const header = { alg: 'ES256', kid: 'k' }
const payload = {
  iss: 'issuer',
  exp: 2000,
  eat_nonce: Buffer.from(nonce).toString('base64url'),
  submods: { audio: ['DIGEST', ['SHA-256', digest]] },
}
const jwt = signJws({ header, payload, signer: key, algorithm: 'ES256' })
const bundle = encodeUtf8(JSON.stringify([['JWT', jwt], { audio: Buffer.from(part).toString('base64url') }]))
const cwt = signCose({
  protectedHeader: new Map([[1, -7]]),
  payload: new Map<number, unknown>([
    [1, 'issuer'],
    [4, 2000],
    [10, nonce],
  ]),
  signer: key,
  algorithm: 'ES256',
  tags: [61, 18],
})

const verifiers: readonly (readonly [
  string,
  Uint8Array,
  (bytes: Uint8Array, input: EatVerification) => Promise<unknown>,
])[] = [
  ['verifyJwt', encodeUtf8(jwt), verifyJwt],
  ['verifyCwt', cwt, verifyCwt],
  ['verifyEat of a JWT', encodeUtf8(jwt), verifyEat],
  ['verifyEat of a CWT', cwt, verifyEat],
  ['verifyDetachedEat', bundle, verifyDetachedEat],
]

describe.each(verifiers)('%s', (name, message, verify) => {
  it('accepts this message with these options', async () => {
    await expect(verify(message, settings)).resolves.toBeDefined()
  })

  it('judges by the clock at the call', async () => {
    const late = new Date(2_500_000)
    const refused = refusal(() => {
      const pending = verify(message, { ...settings, now: late })
      late.setTime(1_500_000)
      return pending
    })
    expect((await refused).code).toBe('token/expired')
    const inside = new Date(1_500_000)
    const accepted = verify(message, { ...settings, now: inside })
    inside.setTime(2_500_000)
    await expect(accepted).resolves.toBeDefined()
  })

  it('judges by the options at the call', async () => {
    const options: { issuer: string | null } & Omit<EatVerification, 'issuer'> = { ...settings, issuer: 'another' }
    const refused = refusal(() => {
      const pending = verify(message, options)
      options.issuer = 'issuer'
      return pending
    })
    expect((await refused).code).toBe('token/issuer-mismatch')
  })

  it('reads the message at the call', async () => {
    const received = message.slice()
    const pending = verify(received, settings)
    received.fill(0)
    await expect(pending).resolves.toBeDefined()
  })

  it.runIf(name.includes('Eat'))('compares the nonce at the call', async () => {
    const asked = new Uint8Array(16)
    const refused = refusal(() => {
      const pending = verify(message, { ...settings, nonce: asked })
      asked.set(nonce)
      return pending
    })
    expect((await refused).code).toBe('eat/nonce-mismatch')
  })

  it('that has no clock is a programming error', async () => {
    const missing: unknown = null
    await expect(async () => verify(message, { ...settings, now: missing as Date })).rejects.toThrow(TypeError)
  })
})
