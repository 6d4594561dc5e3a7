import { describe, expect, it } from 'vitest'
import type { CryptoProvider, SignatureCheck } from '../../src/crypto/provider.js'
import { webCryptoProvider } from '../../src/crypto/webcrypto.js'
import { AttestationError } from '../../src/result/error.js'
import { createSyntheticWorld, type SyntheticCertificate } from '../../src/testing/index.js'
import { parseCertificate } from '../../src/x509/certificate.js'
import { parseCrl } from '../../src/x509/crl.js'
import { type OcspResponse, parseOcspResponse } from '../../src/x509/ocsp.js'
import { verifyOcspResponse } from '../../src/x509/ocsp-verify.js'
import { assessRevocation } from '../../src/x509/revocation.js'
import { trustAnchorFromCertificate } from '../../src/x509/trust-anchor.js'

const world = createSyntheticWorld({ seed: 'signature memory' })
const { chain } = world.hopper()
const { now } = world
const day = 86_400_000

/** WebCrypto that counts, and keeps what it was asked to verify. */
function counting(): CryptoProvider & { readonly checks: SignatureCheck[] } {
  const checks: SignatureCheck[] = []
  return {
    ...webCryptoProvider,
    checks,
    verify: (check) => {
      checks.push(check)
      return webCryptoProvider.verify(check)
    },
  }
}

function verify(
  response: OcspResponse,
  crypto: CryptoProvider,
  overrides: {
    readonly subject?: SyntheticCertificate
    readonly issuer?: SyntheticCertificate
    readonly at?: Date
  } = {},
): Promise<string> {
  const { subject = chain.brom, issuer = chain.provisioner, at = now } = overrides
  const input = { certificate: parseCertificate(subject.der), issuer: parseCertificate(issuer.der) }
  return verifyOcspResponse(response, { ...input, now: at, maxAgeSeconds: 3600, crypto }).then(
    ({ said }) => said.status,
    (error: unknown) => {
      if (error instanceof AttestationError) return error.code
      throw error
    },
  )
}

const respond = (options: Parameters<typeof world.ocspResponse>[2] = {}): OcspResponse =>
  parseOcspResponse(world.ocspResponse(chain.brom, chain.provisioner, options))

describe('a signature found valid', () => {
  it('is not computed again for the same parsed response', async () => {
    const crypto = counting()
    const response = respond()
    expect(await verify(response, crypto)).toBe('good')
    // The response's own and that of the responder's certificate.
    expect(crypto.checks.length).toBe(2)
    for (let i = 0; i < 3; i++) expect(await verify(response, crypto)).toBe('good')
    expect(crypto.checks.length).toBe(2)
  })

  it('is computed once for simultaneous uses', async () => {
    const crypto = counting()
    const response = respond()
    const statuses = await Promise.all([1, 2, 3, 4].map(() => verify(response, crypto)))
    expect(statuses).toEqual(['good', 'good', 'good', 'good'])
    expect(crypto.checks.length).toBe(2)
  })

  it('spares nothing but the signature: time is judged anew', async () => {
    const crypto = counting()
    const response = respond()
    expect(await verify(response, crypto)).toBe('good')
    expect(await verify(response, crypto, { at: new Date(now.getTime() + 2 * day) })).toBe('ocsp/stale')
    expect(await verify(response, crypto, { at: new Date(now.getTime() - 2 * day) })).toBe('ocsp/not-yet-valid')
    const expired = respond({ nextUpdate: new Date('2029-01-01T00:00:00Z') })
    expect(await verify(expired, crypto)).toBe('good')
    expect(await verify(expired, crypto, { at: new Date('2028-06-01T00:00:00Z') })).toBe('ocsp/responder-expired')
  })

  it('says nothing about another certificate', async () => {
    const crypto = counting()
    const response = respond()
    expect(await verify(response, crypto)).toBe('good')
    const other = { subject: chain.provisioner, issuer: chain.identity }
    expect(await verify(response, crypto, other)).toBe('ocsp/wrong-certificate')
  })

  it('says nothing about another key under the same name', async () => {
    const crypto = counting()
    const response = respond()
    expect(await verify(response, crypto)).toBe('good')
    const stranger = createSyntheticWorld({ seed: 'stranger' }).hopper().chain.provisioner
    // Same name, other key: the CertID does not fit; nor would the responder's certificate.
    expect(await verify(response, crypto, { issuer: stranger })).toBe('ocsp/wrong-certificate')
    const certificate = parseCertificate(chain.brom.der)
    const genuine = parseCertificate(chain.provisioner.der)
    const foreignKey = parseCertificate(stranger.der).subjectPublicKeyInfo.publicKey
    // As if CertID and key identifiers agreed: only the key itself differs.
    const issuer = { ...genuine, subjectPublicKeyInfo: { ...genuine.subjectPublicKeyInfo, publicKey: foreignKey } }
    const before = crypto.checks.length
    const verified = verifyOcspResponse(response, { certificate, issuer, now, maxAgeSeconds: 3600, crypto })
    await expect(verified).rejects.toMatchObject({ code: 'ocsp/responder-signature-invalid' })
    expect(crypto.checks.length).toBe(before + 1)
    expect(await verify(response, crypto)).toBe('good')
    expect(crypto.checks.length).toBe(before + 1)
  })

  it('is not one of another provider', async () => {
    const first = counting()
    const second = counting()
    const response = respond()
    await verify(response, first)
    expect(await verify(response, second)).toBe('good')
    expect(second.checks.length).toBe(2)
    const none: CryptoProvider = { ...webCryptoProvider, verify: () => Promise.resolve(false) }
    expect(await verify(response, none)).toBe('ocsp/responder-signature-invalid')
    expect(await verify(response, second)).toBe('good')
  })

  it('is not one of a copy with other bytes', async () => {
    const crypto = counting()
    const response = respond()
    expect(await verify(response, crypto)).toBe('good')
    if (response.kind !== 'answer') throw new Error('no answer')
    const tbs = response.tbs.map((byte, index) => (index === 20 ? byte ^ 1 : byte))
    expect(await verify({ ...response, tbs }, crypto)).toBe('ocsp/signature-invalid')
    const open = { ...response }
    expect(await verify(open, crypto)).toBe('good')
    open.tbs = tbs
    expect(await verify(open, crypto)).toBe('ocsp/signature-invalid')
  })
})

describe('what is not valid', () => {
  it('is not remembered', async () => {
    const crypto = counting()
    const response = respond({
      signature: (bytes) => bytes.map((byte, i) => (i === bytes.length - 1 ? byte ^ 1 : byte)),
    })
    expect(await verify(response, crypto)).toBe('ocsp/signature-invalid')
    const checks = crypto.checks.length
    expect(await verify(response, crypto)).toBe('ocsp/signature-invalid')
    expect(crypto.checks.length).toBe(checks + 1)
  })

  it('includes a provider that broke', async () => {
    let broken = true
    const crypto: CryptoProvider = {
      ...webCryptoProvider,
      verify: (check) => (broken ? Promise.reject(new Error('out of order')) : webCryptoProvider.verify(check)),
    }
    const response = respond()
    await expect(verify(response, crypto)).rejects.toThrow('out of order')
    broken = false
    expect(await verify(response, crypto)).toBe('good')
  })
})

describe('a path', () => {
  it('costs no signature of its revocation data the second time', async () => {
    const crypto = counting()
    const ocspResponses = world.deviceOcspResponses(chain).map((der) => parseOcspResponse(der))
    const crls = [parseCrl(world.crl(chain.provisioner)), parseCrl(world.crl(chain.identity))]
    const root = parseCertificate(chain.root.der)
    const assess = () =>
      assessRevocation({
        certificates: chain.certificates.slice(0, -1).map(({ der }) => parseCertificate(der)),
        trustAnchor: trustAnchorFromCertificate(root),
        revocation: {
          kind: 'checked',
          policy: {
            scope: 'issuers-only',
            whenUnknown: 'fail',
            certificateHold: 'fail',
            maxAgeSeconds: 1,
            onFailure: 'record',
          },
          ocspResponses,
          crls,
        },
        now,
        crypto,
      })
    const first = await assess()
    expect(first.map(({ status }) => status)).toEqual(['not-required', 'good', 'good', 'good'])
    const cost = crypto.checks.length
    // Three responses with a responder certificate each, and two lists.
    expect(cost).toBe(8)
    expect(await assess()).toEqual(first)
    expect(crypto.checks.length).toBe(cost)
  })
})
