// Crypto providers that answer other than they should: nothing but true is a yes, and a fault is never lost.
import { afterEach, describe, expect, it } from 'vitest'
import { parseHex } from '../../src/bytes/hex.js'
import type { CryptoProvider } from '../../src/crypto/provider.js'
import { webCryptoProvider } from '../../src/crypto/webcrypto.js'
import { verifyNrasToken } from '../../src/nvidia/nras.js'
import { verifyCoseSign1 } from '../../src/token/cose.js'
import { parseJwkSet } from '../../src/token/jwks.js'
import { verifyJws } from '../../src/token/jws.js'
import { parseCertificate } from '../../src/x509/certificate.js'
import { parseOcspResponse } from '../../src/x509/ocsp.js'
import { verifyOcspResponse } from '../../src/x509/ocsp-verify.js'
import { verifyCertificatePath } from '../../src/x509/path.js'
import { evidenceOf, now, trustAnchors, world } from '../appraise/scene.js'
import { bundle, encode, gpu, issuer, nonceHex } from '../nvidia/nras-bundle.js'
import { rejected } from '../nvidia/thrown.js'
import { jwksBytes, signCose, signer, signJws } from '../token/signing.js'

function answering(answer: unknown): CryptoProvider {
  return { ...webCryptoProvider, name: 'odd', verify: async () => answer as boolean }
}

describe.each([
  ['undefined', undefined],
  ['null', null],
  ['0', 0],
  ['1', 1],
  ['text', 'valid'],
  ['an object', { valid: false }],
])('a provider that answers %s', (_, answer) => {
  const crypto = answering(answer)
  const hopper = world.hopper()

  it('verifies no path', async () => {
    const [leaf, ...intermediates] = evidenceOf(hopper).certificates
    const path = verifyCertificatePath({
      leaf,
      intermediates,
      trustAnchors: trustAnchors.device,
      now,
      revocation: { kind: 'unchecked', reason: 'test' },
      crypto,
    })
    expect((await rejected(path)).code).toBe('certificate/signature')
  })

  it('verifies no OCSP response', async () => {
    const [der = new Uint8Array()] = world.deviceOcspResponses(hopper.chain)
    const [, brom, provisioner] = evidenceOf(hopper).certificates
    if (brom === undefined || provisioner === undefined) throw new Error('short chain')
    const input = { certificate: brom, issuer: provisioner, now, maxAgeSeconds: 86_400, crypto }
    const verified = verifyOcspResponse(parseOcspResponse(der), input)
    expect((await rejected(verified)).code).toBe('ocsp/responder-signature-invalid')
  })

  it('verifies no token', async () => {
    const who = signer('P-384', 'k')
    const keys = parseJwkSet(jwksBytes(who))
    const jws = signJws({ header: { alg: 'ES384', kid: 'k' }, payload: {}, signer: who, algorithm: 'ES384' })
    const input = { keys, algorithms: ['ES384'], typ: [null], now, crypto } as const
    expect((await rejected(verifyJws(jws, input))).code).toBe('token/signature-invalid')
    const protectedHeader = new Map([[1, -35]])
    const cose = signCose({ protectedHeader, payload: new Uint8Array(1), signer: who, algorithm: 'ES384' })
    expect((await rejected(verifyCoseSign1(cose, input))).code).toBe('token/signature-invalid')
  })
})

describe('a provider that cannot digest', () => {
  const unhandled: unknown[] = []
  const note = (reason: unknown): void => void unhandled.push(reason)
  afterEach(() => {
    process.off('unhandledRejection', note)
  })

  it('ends a refused token in the refusal, and leaves no rejection behind', async () => {
    process.on('unhandledRejection', note)
    const crypto: CryptoProvider = {
      name: 'mute',
      digest: () => Promise.reject(new Error('no digest')),
      verify: async () => false,
    }
    const service = signer('P-384', 'nv-eat-kid-test-1')
    const token = encode(bundle({ devices: { 'GPU-0': gpu('100') }, signer: service }))
    const keys = parseJwkSet(jwksBytes(service))
    const input = { keys, issuer, nonce: parseHex(nonceHex, ''), now, leewaySeconds: 0, crypto }
    expect(await rejected(verifyNrasToken(token, input))).toEqual({
      code: 'token/signature-invalid',
      at: 'overall.signature',
    })
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(unhandled).toEqual([])
  })
})

it('an honest provider verifies the same documents', async () => {
  const hopper = world.hopper()
  const [der = new Uint8Array()] = world.deviceOcspResponses(hopper.chain)
  const { brom, provisioner } = hopper.chain
  const certificate = parseCertificate(brom.der)
  const input = { certificate, issuer: parseCertificate(provisioner.der), now, maxAgeSeconds: 86_400 }
  expect((await verifyOcspResponse(parseOcspResponse(der), input)).said.status).toBe('good')
})
