// What stands between evidence and verdict and is not bytes: buffers, dates and objects that change or never were parsed.
import { describe, expect, it } from 'vitest'
import type { Evidence } from '../../src/nvidia/evidence.js'
import { verifyReferenceManifest } from '../../src/rim/verify.js'
import { verifyEat } from '../../src/token/eat.js'
import { parseJwkSet } from '../../src/token/jwks.js'
import { verifyJwt } from '../../src/token/jwt.js'
import { type Certificate, parseCertificate } from '../../src/x509/certificate.js'
import {
  collateralFor,
  evidenceOf,
  judge,
  manifestsOf,
  now,
  outcome,
  responses,
  trustAnchors,
  verifierOf,
  world,
} from '../appraise/scene.js'
import { rejected } from '../nvidia/thrown.js'
import { jwksBytes, signer, signJws } from '../token/signing.js'

const hopper = world.hopper()
const evidence = evidenceOf(hopper)
const collateral = collateralFor(hopper)
const context = { nonce: hopper.nonce, now, collateral }

describe('a nonce', () => {
  it('is the one at the time of the call', async () => {
    const used = hopper.nonce.slice()
    const pending = verifierOf().appraise(evidence, { ...context, nonce: used })
    used.fill(0)
    expect((await pending).verdict).toBe('pass')
    const wrong = new Uint8Array(32)
    const refused = verifierOf().appraise(evidence, { ...context, nonce: wrong })
    wrong.set(hopper.nonce)
    expect((await refused).failures[0]?.code).toBe('evidence/nonce-mismatch')
  })

  it('is bytes: text is a programming error', async () => {
    const text: unknown = Buffer.from(hopper.nonce).toString('hex')
    await expect(verifierOf().appraise(evidence, { ...context, nonce: text as Uint8Array })).rejects.toThrow(TypeError)
  })
})

describe('a date', () => {
  it('is the one at the time of the call, for device and manifests', async () => {
    const clock = new Date(now)
    const pending = verifierOf().appraise(evidence, { ...context, now: clock })
    clock.setTime(Date.parse('2050-01-01T00:00:00Z'))
    expect((await pending).verdict).toBe('pass')
  })

  it('of a manifest is too', async () => {
    const [manifest] = manifestsOf(hopper)
    if (manifest === undefined) throw new Error('no manifest')
    const clock = new Date('2050-01-01T00:00:00Z')
    const revocation = { kind: 'unchecked', reason: 'test' } as const
    const pending = verifyReferenceManifest(manifest.bytes, {
      trustAnchors: trustAnchors.manifest,
      now: clock,
      revocation,
    })
    clock.setTime(now.getTime())
    expect((await rejected(pending)).code).toBe('certificate/expired')
  })
})

describe('an object that looks like a parsed one', () => {
  const impostor = world.hopper({ reportKey: world.key('impostor') })
  const forged = parseCertificate(world.hopper().chain.leaf.der)

  it('a certificate says what its bytes say', async () => {
    // The device's certificate with another key in it: the report is signed with that key.
    const given = evidenceOf(impostor)
    const own = { kind: 'ec', curve: 'P-384', point: world.key('impostor').publicKey } as const
    const leaf: Certificate = {
      ...forged,
      subjectPublicKeyInfo: { ...forged.subjectPublicKeyInfo, publicKey: own },
    }
    const [, ...issuers] = given.certificates
    const evidence: Evidence = { ...given, certificates: [leaf, ...issuers] } as Evidence
    const result = await verifierOf().appraise(evidence, { ...context, nonce: impostor.nonce })
    expect([result.authentic, result.failures[0]?.code]).toEqual([false, 'spdm/signature'])
  })

  it('a certificate that came through a structured clone is read again', async () => {
    const result = await verifierOf().appraise(structuredClone(evidence), context)
    expect(result.verdict).toBe('pass')
  })

  it('an OCSP response says what its bytes say', async () => {
    const status = { revokedAt: new Date('2025-06-01T00:00:00Z'), reason: 'keyCompromise' } as const
    const revoked = responses(world.deviceOcspResponses(hopper.chain, { status }))
    const embellished = revoked.map((response) => {
      if (response.kind !== 'answer') throw new Error('no answer')
      const good = response.responses.map((single) => ({ ...single, said: { status: 'good' } as const }))
      return { ...response, responses: good }
    })
    const others = responses(manifestsOf(hopper).flatMap(({ chain }) => world.manifestOcspResponses(chain)))
    const given = { ...collateral, ocspResponses: [...embellished, ...others] }
    const result = await judge({ device: hopper, collateral: given })
    expect(outcome(result, 'device-revocation').outcome).toBe('fail')
  })
})

describe('an expectation that is left out', () => {
  const who = signer('P-384', 'k')
  const keys = parseJwkSet(jwksBytes(who))
  const token = signJws({ header: { alg: 'ES384' }, payload: {}, signer: who, algorithm: 'ES384' })
  const all = {
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
  } as const
  const without = (name: keyof typeof all): typeof all => {
    const { [name]: _, ...rest } = all
    return rest as typeof all
  }

  it('is not one that is met', async () => {
    await expect(verifyEat(token, all)).resolves.toBeDefined()
    expect((await rejected(verifyJwt(token, without('expiry')))).code).toBe('token/claim-missing')
    expect((await rejected(verifyJwt(token, without('issuer')))).code).toBe('token/issuer-mismatch')
    expect((await rejected(verifyJwt(token, without('audience')))).code).toBe('token/audience-mismatch')
    expect((await rejected(verifyEat(token, without('profile')))).code).toBe('eat/profile-mismatch')
    await expect(verifyJwt(token, without('leewaySeconds'))).rejects.toThrow(TypeError)
    await expect(verifyJwt(token, without('now'))).rejects.toThrow(TypeError)
  })
})
