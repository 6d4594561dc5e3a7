// The certificate beside a key of the attestation service: it may shorten the life of the key, never lend it trust.
import { describe, expect, it } from 'vitest'
import { parseHex } from '../../src/bytes/hex.js'
import { encodeUtf8 } from '../../src/bytes/text.js'
import { type NrasResult, type NrasVerification, verifyNrasToken } from '../../src/nvidia/nras.js'
import { issueCertificate } from '../../src/testing/certificate.js'
import { deriveKey } from '../../src/testing/key.js'
import { publicJwk, signJwt } from '../../src/testing/token.js'
import { parseJwkSet } from '../../src/token/jwks.js'
import { refusal } from '../token/failure.js'
import { type Bundle, encode, gpu, issuedAt, issuer, nonceHex, now, registered, sha256Hex } from './nras-bundle.js'

const verify = (
  value: Bundle,
  changed: Pick<NrasVerification, 'keys'> & Partial<NrasVerification>,
): Promise<NrasResult> =>
  verifyNrasToken(encode(value), { issuer, nonce: parseHex(nonceHex, ''), now, leewaySeconds: 0, ...changed })

describe('the certificate beside a key', () => {
  const key = deriveKey('nras', 'service')
  const other = deriveKey('nras', 'other')
  const notBefore = new Date((issuedAt - 1000) * 1000)
  const notAfter = new Date((issuedAt + 1000) * 1000)
  const certificate = (subject: typeof key): string =>
    Buffer.from(
      issueCertificate({
        subject: [['CN', 'Attestation Service']],
        key: subject,
        serialNumber: Uint8Array.of(1),
        notBefore,
        notAfter,
        extensions: [],
      }).der,
    ).toString('base64')
  const set = (x5c: string): Uint8Array =>
    encodeUtf8(JSON.stringify({ keys: [{ ...publicJwk(key, 'k'), x5c: [x5c] }] }))
  const device = signJwt({ ...registered, ...gpu('100') }, key, { kid: 'k' })
  const overall = signJwt(
    {
      ...registered,
      sub: 'NVIDIA-PLATFORM-ATTESTATION',
      'x-nvidia-ver': '3.0',
      'x-nvidia-overall-att-result': true,
      eat_nonce: nonceHex,
      submods: { 'GPU-0': ['DIGEST', ['SHA-256', sha256Hex(device)]] },
    },
    key,
    { kid: 'k' },
  )
  const value: Bundle = { overall, devices: { 'GPU-0': device } }
  const at = (seconds: number): Date => new Date((issuedAt + seconds) * 1000)

  it('limits how long the key is accepted', async () => {
    const trusted = parseJwkSet(set(certificate(key)))
    expect((await verify(value, { keys: trusted, now: at(1000) })).outcome).toBe('pass')
    const late = await refusal(() => verify(value, { keys: trusted, now: at(1001) }))
    expect(late).toEqual({ code: 'nras/key-expired', at: 'overall.header.kid' })
    const early = await refusal(() => verify(value, { keys: trusted, now: at(-1001), leewaySeconds: 2000 }))
    expect(early).toEqual({ code: 'nras/key-not-yet-valid', at: 'overall.header.kid' })
  })

  it('must be for that key', async () => {
    const found = await refusal(() => verify(value, { keys: parseJwkSet(set(certificate(other))) }))
    expect(found).toEqual({ code: 'nras/key-certificate-mismatch', at: 'overall.header.kid' })
  })

  it('must be a certificate', async () => {
    const found = await refusal(() => verify(value, { keys: parseJwkSet(set('AAAA')) }))
    expect(found.code).toMatch(/^der\//)
  })
})
