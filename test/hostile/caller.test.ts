// What stands between evidence and verdict and is not bytes: buffers, dates and objects that change or never were parsed.
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { strictPolicy } from '../../src/appraise/policy.js'
import type { CryptoProvider } from '../../src/crypto/provider.js'
import { webCryptoProvider } from '../../src/crypto/webcrypto.js'
import { verifyDevicePath } from '../../src/nvidia/device-path.js'
import type { Evidence } from '../../src/nvidia/evidence.js'
import { verifyGpuReport, verifySwitchReport } from '../../src/nvidia/verify.js'
import { verifyReferenceManifest } from '../../src/rim/verify.js'
import type { StatusOptions } from '../../src/testing/index.js'
import { verifyEat } from '../../src/token/eat.js'
import { parseJwkSet } from '../../src/token/jwks.js'
import { verifyJwt } from '../../src/token/jwt.js'
import type { AppraisalContext } from '../../src/verifier.js'
import { type Certificate, parseCertificate } from '../../src/x509/certificate.js'
import { verifyCertificatePath } from '../../src/x509/path.js'
import type { RevocationInput } from '../../src/x509/revocation.js'
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
    // Cut to octets, these are the nonce.
    const wide: unknown = Uint16Array.from(hopper.nonce, (octet) => octet + 256)
    await expect(verifierOf().appraise(evidence, { ...context, nonce: wide as Uint8Array })).rejects.toThrow(TypeError)
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

describe('an object of options', () => {
  const revoked = { status: { revokedAt: new Date('2025-06-01T00:00:00Z'), reason: 'keyCompromise' } } as const
  const enforced = { ...strictPolicy.deviceRevocation, scope: 'issuers-only', onFailure: 'throw' } as const
  const recorded = { ...enforced, onFailure: 'record' } as const
  const deviceStatuses = (options: StatusOptions = {}) => responses(world.deviceOcspResponses(hopper.chain, options))
  const path = (revocation: RevocationInput) =>
    verifyDevicePath({ certificates: evidence.certificates, trustAnchors: trustAnchors.device, now, revocation })

  it.each(['hopper', 'blackwell'] as const)('names the path that is sealed into a report of %s', async (family) => {
    const device = world.device(family, { device: 'first' })
    const { certificates, report } = evidenceOf(device)
    if (report.kind !== 'gpu') throw new Error('no GPU')
    const ocspResponses = (options: StatusOptions) => responses(world.deviceOcspResponses(device.chain, options))
    const pathWith = (options: StatusOptions) =>
      verifyDevicePath({
        certificates,
        trustAnchors: trustAnchors.device,
        now,
        revocation: { kind: 'checked', policy: recorded, ocspResponses: ocspResponses(options), crls: [] },
      })
    const own = await pathWith(revoked)
    const options = { path: own, nonce: device.nonce }
    const pending = verifyGpuReport(report, options)
    options.path = await pathWith({})
    expect((await pending).path).toBe(own)
  })

  it('names the path that is sealed into the report of a switch', async () => {
    const device = world.device('ls10')
    const { certificates, report } = evidenceOf(device)
    if (report.kind !== 'switch') throw new Error('no switch')
    const unchecked = { kind: 'unchecked', reason: 'test' } as const
    const pathOf = () =>
      verifyDevicePath({ certificates, trustAnchors: trustAnchors.device, now, revocation: unchecked })
    const own = await pathOf()
    const options = { path: own, nonce: device.nonce }
    const pending = verifySwitchReport(report, options)
    options.path = await pathOf()
    expect((await pending).path).toBe(own)
  })

  it('has the revocation data at the time of the call', async () => {
    const ocspResponses = [...deviceStatuses(revoked)]
    const pending = path({ kind: 'checked', policy: enforced, ocspResponses, crls: [] })
    ocspResponses.splice(0, ocspResponses.length, ...deviceStatuses())
    expect((await rejected(pending)).code).toBe('revocation/revoked')
  })

  it('has the revocation policy at the time of the call', async () => {
    const policy = { ...enforced, onFailure: 'throw' as 'throw' | 'record' }
    const pending = path({ kind: 'checked', policy, ocspResponses: deviceStatuses(revoked), crls: [] })
    policy.onFailure = 'record'
    expect((await rejected(pending)).code).toBe('revocation/revoked')
  })

  it('has the nonce of the OCSP requests at the time of the call', async () => {
    const ocspNonce = new Uint8Array(32).fill(9)
    const ocspResponses = deviceStatuses({ nonce: new Uint8Array(32).fill(7) })
    const pending = path({ kind: 'checked', policy: enforced, ocspResponses, crls: [], ocspNonce })
    ocspNonce.fill(7)
    expect((await rejected(pending)).code).toBe('ocsp/nonce-mismatch')
  })

  it('has the collateral at the time of the call', async () => {
    const others = responses(manifestsOf(hopper).flatMap(({ chain }) => world.manifestOcspResponses(chain)))
    const ocspResponses = [...deviceStatuses(revoked), ...others]
    const pending = verifierOf().appraise(evidence, { ...context, collateral: { ...collateral, ocspResponses } })
    ocspResponses.splice(0, ocspResponses.length, ...deviceStatuses(), ...others)
    expect(outcome(await pending, 'device-revocation').outcome).toBe('fail')
  })

  it('has the rule on trailing bytes at the time of the call', async () => {
    const longer = evidenceOf({ ...hopper, report: Uint8Array.of(...hopper.report, 0, 0, 0, 0) })
    const options: AppraisalContext & { trailingBytes?: 'tolerate' } = { ...context }
    const pending = verifierOf().appraise(longer, options)
    options.trailingBytes = 'tolerate'
    expect((await pending).failures[0]?.code).toBe('evidence/trailing-bytes')
  })

  it('has the anchors and the published digest of a manifest at the time of the call', async () => {
    const [manifest] = manifestsOf(hopper)
    if (manifest === undefined) throw new Error('no manifest')
    const revocation = { kind: 'unchecked', reason: 'test' } as const
    const foreign = { trustAnchors: trustAnchors.device, now, revocation }
    const pending = verifyReferenceManifest(manifest.bytes, foreign)
    foreign.trustAnchors = trustAnchors.manifest
    expect((await rejected(pending)).code).toBe('certificate/untrusted-root')
    const sha256 = new Uint8Array(32)
    const published = verifyReferenceManifest(manifest.bytes, { ...foreign, sha256 })
    sha256.set(digestOf(manifest.bytes))
    expect((await rejected(published)).code).toBe('manifest/published-digest-mismatch')
  })

  it.each<[name: string, change: object]>([
    ['onFailure', { onFailure: undefined }],
    ['onFailure', { onFailure: 'Throw' }],
  ])('with an unknown word for %s asks for the strict reading', async (_, change) => {
    const policy = { ...enforced, ...change } as typeof enforced
    const pending = path({ kind: 'checked', policy, ocspResponses: deviceStatuses(revoked), crls: [] })
    expect((await rejected(pending)).code).toBe('revocation/revoked')
  })

  it('with a depth that is no number has no room for any certificate', async () => {
    const [leaf, ...intermediates] = evidence.certificates
    const input = { leaf, intermediates, trustAnchors: trustAnchors.device, now, maxDepth: Number.NaN }
    const pending = verifyCertificatePath({ ...input, revocation: { kind: 'unchecked', reason: 'test' } })
    expect((await rejected(pending)).code).toBe('certificate/too-many')
  })
})

function digestOf(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(bytes).digest())
}

describe('the digest of a report', () => {
  const proven = async (crypto: CryptoProvider, item: Evidence = evidence): ReturnType<typeof verifyGpuReport> => {
    const revocation = { kind: 'unchecked', reason: 'test' } as const
    const { certificates } = item
    const path = await verifyDevicePath({ certificates, trustAnchors: trustAnchors.device, now, revocation })
    if (item.kind !== 'gpu') throw new Error('not a GPU')
    return verifyGpuReport(item.report, { path, nonce: hopper.nonce, crypto })
  }

  it('is that of the bytes that were verified, whatever becomes of them', async () => {
    const received = evidenceOf(hopper)
    const expected = Buffer.from(digestOf(hopper.report)).toString('hex')
    const overwriting: CryptoProvider = {
      ...webCryptoProvider,
      verify: async (check) => {
        const valid = await webCryptoProvider.verify(check)
        received.report.raw.fill(0, -96)
        return valid
      },
    }
    const report = await proven(overwriting, received)
    expect(report.reportDigest).toBe(expected)
    expect((await judge({ device: hopper })).claims?.evidenceDigest).toBe(expected)
  })

  it('hides no bad signature where it cannot be computed', async () => {
    const unable = { ...webCryptoProvider, digest: () => Promise.reject(new Error('no such hash')) }
    const flipped = Uint8Array.from(hopper.report)
    flipped[flipped.length - 1] = (flipped.at(-1) ?? 0) ^ 1
    const forged = evidenceOf({ ...hopper, report: flipped })
    expect((await rejected(proven(unable, forged))).code).toBe('spdm/signature')
    await expect(proven(unable)).rejects.toThrow('no such hash')
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
