// Keys from a verified certificate path: the leaf's key, while the path is valid, and nothing else.
import { describe, expect, it } from 'vitest'
import type { Verified } from '../../src/result/proof.js'
import { issueCertificate } from '../../src/testing/certificate.js'
import { basicConstraints, keyUsage } from '../../src/testing/extension.js'
import { deriveKey } from '../../src/testing/key.js'
import { signJwt } from '../../src/testing/token.js'
import { verifyJwt } from '../../src/token/jwt.js'
import type { TokenKeys } from '../../src/token/key-set.js'
import { parseCertificate } from '../../src/x509/certificate.js'
import { type CertificatePath, verifyCertificatePath } from '../../src/x509/path.js'
import { trustAnchorFromCertificate } from '../../src/x509/trust-anchor.js'
import { refusal } from './failure.js'

const rootKey = deriveKey('token-keys', 'root')
const leafKey = deriveKey('token-keys', 'leaf')
const start = new Date('2026-01-01T00:00:00Z')
const end = new Date('2026-01-03T00:00:00Z')
const validity = { notBefore: start, notAfter: end }

const root = issueCertificate({
  subject: [['CN', 'Root']],
  key: rootKey,
  serialNumber: Uint8Array.of(1),
  notBefore: new Date('2020-01-01T00:00:00Z'),
  notAfter: new Date('2030-01-01T00:00:00Z'),
  extensions: [basicConstraints({ ca: true }), keyUsage(['keyCertSign'])],
})
const leaf = issueCertificate(
  {
    subject: [['CN', 'Signer']],
    key: leafKey,
    serialNumber: Uint8Array.of(2),
    ...validity,
    extensions: [keyUsage(['digitalSignature'])],
  },
  root,
)

const path = (): Promise<Verified<CertificatePath>> =>
  verifyCertificatePath({
    leaf: parseCertificate(leaf.der),
    intermediates: [],
    trustAnchors: [trustAnchorFromCertificate(parseCertificate(root.der))],
    now: new Date('2026-01-02T00:00:00Z'),
    revocation: { kind: 'unchecked', reason: 'test' },
  })

const token = signJwt({ iss: 'signer', exp: 4_000_000_000 }, leafKey, { kid: 'any' })
const verify = (keys: TokenKeys, now: Date, text = token): Promise<unknown> =>
  verifyJwt(text, {
    keys,
    algorithms: ['ES384', 'ES256'],
    typ: [null],
    issuer: 'signer',
    audience: null,
    now,
    leewaySeconds: 0,
    expiry: 'required',
  })

describe('a certificate path as the source of the key', () => {
  it.each([start, end])('verifies at %s', async (now) => {
    await expect(verify(await path(), now)).resolves.toMatchObject({ registered: { issuer: 'signer' } })
  })

  it('refuses a time outside the validity of the path', async () => {
    const keys = await path()
    const late = await refusal(() => verify(keys, new Date(end.getTime() + 1000)))
    expect(late).toEqual({ code: 'token/key-expired', at: 'header.kid' })
    const early = await refusal(() => verify(keys, new Date(start.getTime() - 1000)))
    expect(early).toEqual({ code: 'token/key-not-yet-valid', at: 'header.kid' })
  })

  it('refuses a token by another key, and an algorithm that does not fit the key', async () => {
    const keys = await path()
    const forged = signJwt({ iss: 'signer', exp: 4_000_000_000 }, rootKey)
    expect((await refusal(() => verify(keys, start, forged))).code).toBe('token/signature-invalid')
    const small = signJwt({ iss: 'signer', exp: 4_000_000_000 }, deriveKey('token-keys', 'small', 'P-256'))
    expect(await refusal(() => verify(keys, start, small))).toEqual({ code: 'token/key-mismatch', at: 'header.kid' })
  })

  it('takes a copy of a path, or a broken clock, for a programming error', async () => {
    const keys = await path()
    await expect(verify({ ...keys }, start)).rejects.toThrow(TypeError)
    await expect(verify(keys, new Date(Number.NaN))).rejects.toThrow(TypeError)
  })
})
