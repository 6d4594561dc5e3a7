// The verifier as a whole: its three arms, its streams, what it remembers, and what a caller cannot make it do.

import { afterEach, describe, expect, it, vi } from 'vitest'
import { deviceCheckIds } from '../src/appraise/checks.js'
import { type Collateral, emptyCollateral } from '../src/appraise/collateral.js'
import { appraiseDevice } from '../src/appraise/device.js'
import { type AppraisalPolicy, strictPolicy } from '../src/appraise/policy.js'
import type { CryptoProvider } from '../src/crypto/provider.js'
import { webCryptoProvider } from '../src/crypto/webcrypto.js'
import { createManifestStore } from '../src/manifest-store.js'
import type { Evidence } from '../src/nvidia/evidence.js'
import { isVerified } from '../src/result/proof.js'
import { opaqueFields, type StatusOptions, type SyntheticDevice } from '../src/testing/index.js'
import { createVerifier } from '../src/verifier.js'
import type { OcspResponse } from '../src/x509/ocsp.js'
import { createPathCache } from '../src/x509/path-cache.js'
import {
  codes,
  collateralFor,
  evidenceOf,
  judge,
  manifestsOf,
  now,
  outcome,
  policyWith,
  responses,
  trustAnchors,
  unsatisfied,
  verifierOf,
  world,
} from './appraise/scene.js'
import { rejected } from './nvidia/thrown.js'

const hopper = world.hopper()
const evidence = evidenceOf(hopper)
const collateral = collateralFor(hopper)
const context = { nonce: hopper.nonce, now, collateral }
const secondMs = 1000
const later = (seconds: number): Date => new Date(now.getTime() + seconds * secondMs)

afterEach(() => {
  vi.restoreAllMocks()
})

describe('authenticate', () => {
  it('returns a proof that can be appraised', async () => {
    const report = await verifierOf().authenticate(evidence, context)
    expect(isVerified(report)).toBe(true)
    expect(report.identity.ueid).toBe(hopper.ueid)
  })

  it('without collateral shows who a device is, but nothing about revocation', async () => {
    const report = await verifierOf().authenticate(evidence, { nonce: hopper.nonce, now })
    expect(report.path.revocation.map(({ status }) => status)).toEqual(Array(4).fill('not-checked'))
    const result = appraiseDevice({ report, manifests: [], policy: strictPolicy })
    expect(outcome(result, 'device-revocation')).toMatchObject({
      outcome: 'indeterminate',
      failures: [1, 2, 3].map((i) => ({ code: 'revocation/not-shown', at: `certificates[${i}]` })),
    })
  })

  it('has the signature of the report computed while those of the certificates are', async () => {
    const { signed } = evidence.report
    let begin: (() => void) | undefined
    const reportAsked = new Promise<void>((resolve) => {
      begin = resolve
    })
    const crypto: CryptoProvider = {
      ...webCryptoProvider,
      name: 'waiting',
      // Certificates are checked only once the report is: one after the other, this would never end.
      verify: async (check) => {
        if (check.data === signed) begin?.()
        await reportAsked
        return webCryptoProvider.verify(check)
      },
    }
    const report = await createVerifier({ trustAnchors, policy: strictPolicy, crypto }).authenticate(evidence, context)
    expect(report.identity.ueid).toBe(hopper.ueid)
  })

  it('spends no signature check on a report that answers something else', async () => {
    const checked: Uint8Array[] = []
    const crypto: CryptoProvider = {
      ...webCryptoProvider,
      name: 'listed',
      verify: (check) => {
        checked.push(check.data)
        return webCryptoProvider.verify(check)
      },
    }
    const nonce = new Uint8Array(32)
    const failure = await rejected(
      createVerifier({ trustAnchors, policy: strictPolicy, crypto }).authenticate(evidence, { nonce, now }),
    )
    expect(failure).toMatchObject({ code: 'evidence/nonce-mismatch', at: 'request.nonce' })
    expect(checked.length).toBeGreaterThan(0)
    expect(checked).not.toContain(evidence.report.signed)
  })

  it('throws where the evidence is not authentic', async () => {
    const nonce = world.bytes('n', 32)
    expect(await rejected(verifierOf().authenticate(evidence, { nonce, now }))).toEqual({
      code: 'evidence/nonce-mismatch',
      at: 'request.nonce',
    })
  })
})

describe('appraise', () => {
  it.each([
    ['no collateral', emptyCollateral],
    ['no manifests', { ...collateral, manifests: [] }],
    ['no statuses', { ...collateral, ocspResponses: [] }],
  ])('with %s does not pass, and stays authentic', async (_, given) => {
    const result = await verifierOf().appraise(evidence, { ...context, collateral: given })
    expect([result.verdict, result.authentic]).toEqual(['fail', true])
  })

  const documents = [
    ...collateral.manifests.map((_, i) => ['manifest', i] as const),
    ...collateral.ocspResponses.map((_, i) => ['response', i] as const),
  ]
  // Both manifests come under the same two authorities, so that their statuses are there twice.
  const twins: Readonly<Record<number, number>> = { 4: 7, 5: 8, 7: 4, 8: 5 }
  it.each(documents)('needs every document: without %s %i', async (kind, index) => {
    const dropped = (i: number): boolean => i === index || i === twins[index]
    const given: Collateral =
      kind === 'manifest'
        ? { ...collateral, manifests: collateral.manifests.filter((_, i) => i !== index) }
        : { ...collateral, ocspResponses: collateral.ocspResponses.filter((_, i) => !dropped(i)) }
    const result = await verifierOf().appraise(evidence, { ...context, collateral: given })
    expect(result.verdict).toBe('fail')
    expect(result.failures[0]?.code).toBe(kind === 'manifest' ? 'manifest/missing' : 'revocation/no-evidence')
  })

  it('tolerates trailing bytes only by name', async () => {
    const device = world.hopper({ report: { report: (report) => Uint8Array.from([...report, 0]) } })
    const odd = evidenceOf(device)
    expect(codes(await verifierOf().appraise(odd, context))).toEqual(['evidence/trailing-bytes'])
    const tolerant = { ...context, trailingBytes: 'tolerate' } as const
    expect((await verifierOf().appraise(odd, tolerant)).verdict).toBe('pass')
  })

  it('goes by the certificates, whatever kind the evidence object claims', async () => {
    const ls10 = world.ls10()
    const asSwitch = evidenceOf(ls10)
    const mixed: readonly unknown[] = [
      { ...asSwitch, kind: 'gpu' },
      { ...evidence, kind: 'switch' },
      { ...asSwitch, certificates: evidence.certificates },
      { ...evidence, report: asSwitch.report },
      { ...evidence, report: { ...asSwitch.report, kind: 'gpu' }, certificates: asSwitch.certificates },
    ]
    for (const one of mixed) {
      const result = await verifierOf().appraise(one as Evidence, context)
      expect([result.verdict, result.authentic]).toEqual(['fail', false])
    }
  })

  it('reads nothing but the signed bytes of a report', async () => {
    const device = world.hopper({ mode: 'ppcie', measurements: { 21: world.bytes('x', 48) } })
    const honest = evidenceOf(device)
    const embellished = { ...honest, report: { ...evidence.report, raw: honest.report.raw } } as Evidence
    const policy = policyWith({ modes: ['spt'] })
    expect(unsatisfied(await verifierOf(policy).appraise(embellished, context))).toEqual([
      'mode',
      'driver-measurements',
    ])
  })

  it('refuses a time that is none', async () => {
    const nothing = new Date(Number.NaN)
    for (const given of [collateral, emptyCollateral, { ...collateral, manifests: [] }])
      await expect(verifierOf().appraise(evidence, { ...context, collateral: given, now: nothing })).rejects.toThrow(
        TypeError,
      )
  })

  it('does not hide faults of the crypto provider', async () => {
    const broken: CryptoProvider = {
      name: 'broken',
      digest: webCryptoProvider.digest,
      verify: async () => {
        throw new RangeError('broken')
      },
    }
    const verifier = createVerifier({ trustAnchors, policy: strictPolicy, crypto: broken })
    await expect(verifier.appraise(evidence, context)).rejects.toThrow(RangeError)
  })

  it('does not pass under anchors of the other sort', async () => {
    const swapped = { device: trustAnchors.manifest, manifest: trustAnchors.device }
    const result = await createVerifier({ trustAnchors: swapped, policy: strictPolicy }).appraise(evidence, context)
    expect(result.authentic).toBe(false)
    const half = { device: trustAnchors.device, manifest: trustAnchors.device }
    const refused = await createVerifier({ trustAnchors: half, policy: strictPolicy }).appraise(evidence, context)
    expect(refused.failures[0]?.code).toBe('certificate/untrusted-root')
  })
})

describe('what a caller cannot do', () => {
  it('leave the anchors out', () => {
    const empty: unknown = []
    const none = empty as typeof trustAnchors.device
    expect(() => createVerifier({ trustAnchors: { ...trustAnchors, device: none }, policy: strictPolicy })).toThrow(
      TypeError,
    )
    expect(() => createVerifier({ trustAnchors: { ...trustAnchors, manifest: none }, policy: strictPolicy })).toThrow(
      TypeError,
    )
  })

  it('change policy or anchors of a verifier afterwards', async () => {
    const device = evidenceOf(world.hopper({ measurements: { 21: world.bytes('x', 48) } }))
    const policy = {
      ...strictPolicy,
      id: 'mutable',
      families: ['blackwell'],
      modes: ['mpt'],
      devices: ['1'],
      deviceRevocation: { ...strictPolicy.deviceRevocation },
      waivers: [],
    } as const
    const anchors = { device: [...trustAnchors.device], manifest: [...trustAnchors.manifest] } as const
    const verifier = createVerifier({ trustAnchors: anchors, policy })
    const before = unsatisfied(await verifier.appraise(device, context))
    expect(before).toEqual(['device-family', 'device-listed', 'mode', 'driver-measurements'])
    const push = (list: unknown, value: unknown): void => void (list as unknown[]).push(value)
    push(policy.families, 'hopper')
    push(policy.modes, 'spt')
    push(policy.devices, hopper.ueid)
    push(policy.waivers, { check: 'driver-measurements', reason: 'r' })
    Object.assign(policy.deviceRevocation, { whenUnknown: 'accept' })
    Object.assign(policy, { waivers: [{ check: 'mode', reason: 'r' }] })
    push(anchors.device, trustAnchors.manifest[0])
    expect(unsatisfied(await verifier.appraise(device, context))).toEqual(before)
    const without = { ...context, collateral: { ...collateral, ocspResponses: collateral.ocspResponses.slice(1) } }
    expect(unsatisfied(await verifier.appraise(device, without))).toContain('device-revocation')
  })

  it('waive without a reason, or what cannot be waived, from code', async () => {
    const device = world.hopper({ measurements: { 21: world.bytes('x', 48) } })
    for (const reason of ['', '  ']) {
      const waivers = [{ check: 'driver-measurements', reason }] as const
      expect((await judge({ device, policy: policyWith({ waivers }) })).verdict).toBe('fail')
    }
  })

  it('lend demands from a prototype: a policy without its own fields judges nothing', async () => {
    const inherited: unknown = Object.create(strictPolicy)
    const verifier = createVerifier({ trustAnchors, policy: { ...strictPolicy, waivers: [] } })
    expect((await verifier.appraise(evidence, context)).verdict).toBe('pass')
    await expect(async () =>
      createVerifier({ trustAnchors, policy: inherited as AppraisalPolicy }).appraise(evidence, context),
    ).rejects.toThrow(TypeError)
  })

  it('pass off a copy as a proof', async () => {
    const report = await verifierOf().authenticate(evidence, context)
    const [manifest] = (await storeOf().verifyAll(collateral, now)).verified
    if (manifest === undefined) throw new Error('no manifest')
    const policy = strictPolicy
    expect(() => appraiseDevice({ report: { ...report }, manifests: [], policy })).toThrow(TypeError)
    expect(() => appraiseDevice({ report: structuredClone(report), manifests: [], policy })).toThrow(TypeError)
    expect(() => appraiseDevice({ report, manifests: [{ ...manifest }], policy })).toThrow(TypeError)
    const heir: unknown = Object.create(report)
    expect(() => appraiseDevice({ report: heir as typeof report, manifests: [], policy })).toThrow(TypeError)
    expect(() => appraiseDevice({ report: new Proxy(report, {}), manifests: [], policy })).toThrow(TypeError)
  })

  it('write to a proof or a result', async () => {
    const verifier = verifierOf()
    const result = await verifier.appraise(evidence, context)
    const report = await verifier.authenticate(evidence, context)
    expect(() => Object.assign(report, { kind: 'switch' })).toThrow(TypeError)
    expect(() => Object.assign(result, { verdict: 'fail' })).toThrow(TypeError)
    if (!result.authentic) throw new Error('not authentic')
    expect(() => Object.assign(result.claims, { ueid: '1' })).toThrow(TypeError)
    expect(() => Object.assign(report.identity, { ueid: '1' })).toThrow(TypeError)
  })

  it('reach the dates of a remembered manifest through a result', async () => {
    const verifier = verifierOf()
    const first = await verifier.appraise(evidence, context)
    first.claims?.driverManifest?.signerNotBefore.setTime(0)
    first.claims?.driverManifest?.signerNotAfter.setTime(0)
    first.claims?.appraisedAt.setTime(0)
    const second = await verifier.appraise(evidence, context)
    expect(second.claims?.driverManifest?.signerNotBefore).toEqual(new Date('2025-01-01T00:00:00Z'))
    expect(second.claims?.driverManifest?.signerNotAfter).toEqual(new Date('2027-01-01T00:00:00Z'))
    expect(second.claims?.appraisedAt).toEqual(now)
  })
})

describe('appraiseFleet', () => {
  const devices = [world.hopper(), world.blackwell(), world.hopper({ reportKey: world.key('x') }), world.ls10()]
  const shared: Collateral = {
    manifests: devices.flatMap((device) => manifestsOf(device).map(({ bytes }) => bytes)),
    ocspResponses: devices.flatMap((device) => collateralFor(device).ocspResponses),
    crls: [],
  }
  const nonceFor = (id: number): Uint8Array => devices[id]?.nonce ?? new Uint8Array(32)

  it('judges each device as `appraise` does, in order', async () => {
    const verifier = verifierOf()
    const items = devices.map((device, id) => [id, evidenceOf(device)] as const)
    const results: (readonly [number, string, boolean])[] = []
    for await (const [id, result] of verifier.appraiseFleet(items, {
      now,
      collateral: shared,
      nonceFor,
      concurrency: 2,
    }))
      results.push([id, result.verdict, result.authentic])
    expect(results).toEqual([
      [0, 'pass', true],
      [1, 'pass', true],
      [2, 'fail', false],
      [3, 'pass', true],
    ])
  })

  it('asks for the nonce of each device', async () => {
    const swapped = (id: number): Uint8Array => (id === 1 ? world.bytes('n', 32) : nonceFor(id))
    const items = devices.slice(0, 2).map((device, id) => [id, evidenceOf(device)] as const)
    const found: (readonly string[])[] = []
    for await (const [, result] of verifierOf().appraiseFleet(items, { now, collateral: shared, nonceFor: swapped }))
      found.push(codes(result))
    expect(found).toEqual([[], ['evidence/nonce-mismatch']])
  })

  it('ends with an error of the caller’s own', async () => {
    const failing = (): Uint8Array => {
      throw new RangeError('no nonce')
    }
    const stream = verifierOf().appraiseFleet([[0, evidence]] as const, { now, collateral, nonceFor: failing })
    await expect(stream[Symbol.asyncIterator]().next()).rejects.toThrow(RangeError)
  })
})

function countingCrypto(): { readonly crypto: CryptoProvider; readonly digests: () => number } {
  let digests = 0
  const crypto: CryptoProvider = {
    ...webCryptoProvider,
    name: 'counting',
    verify: (check) => webCryptoProvider.verify(check),
    digest: (algorithm, data) => {
      // Every manifest that is verified is digested with SHA-256, and nothing else is in these tests.
      if (algorithm === 'sha256') digests++
      return webCryptoProvider.digest(algorithm, data)
    },
  }
  return { crypto, digests: () => digests }
}

function storeOf(crypto: CryptoProvider = webCryptoProvider) {
  const requirement = strictPolicy.manifestRevocation
  return createManifestStore({ trustAnchors: trustAnchors.manifest, requirement, crypto, paths: createPathCache() })
}

/** Manifests whose statuses say what `options` say. */
function manifestsWith(device: SyntheticDevice, options: StatusOptions): Collateral {
  const manifests = manifestsOf(device)
  return {
    manifests: manifests.map(({ bytes }) => bytes),
    ocspResponses: responses(manifests.flatMap(({ chain }) => world.manifestOcspResponses(chain, options))),
    crls: [],
  }
}

describe('the memory for manifests', () => {
  it('verifies the manifests of one collateral once while nothing changes', async () => {
    const { crypto, digests } = countingCrypto()
    const store = storeOf(crypto)
    const first = await store.verifyAll(collateral, now)
    expect([first.verified.length, digests()]).toEqual([2, 2])
    expect(await store.verifyAll(collateral, now)).toBe(first)
    expect(await store.verifyAll(collateral, later(60))).toBe(first)
    expect(digests()).toBe(2)
  })

  it('shares a verification under way among calls of one instant, and no other', async () => {
    const { crypto, digests } = countingCrypto()
    const store = storeOf(crypto)
    await Promise.all([store.verifyAll(collateral, now), store.verifyAll(collateral, now)])
    expect(digests()).toBe(2)
    const other = storeOf(crypto)
    await Promise.all([other.verifyAll(collateral, now), other.verifyAll(collateral, later(1))])
    expect(digests()).toBe(6)
  })

  it('keeps collateral objects apart', async () => {
    const { crypto, digests } = countingCrypto()
    const store = storeOf(crypto)
    await store.verifyAll(collateral, now)
    await store.verifyAll({ ...collateral }, now)
    expect(digests()).toBe(4)
  })

  it('verifies anew for an earlier time', async () => {
    const { crypto, digests } = countingCrypto()
    const store = storeOf(crypto)
    await store.verifyAll(collateral, later(60))
    await store.verifyAll(collateral, later(59))
    expect(digests()).toBe(4)
    const early = await store.verifyAll(collateral, new Date('2024-12-31T00:00:00Z'))
    expect(early.rejected.map(({ code }) => code)).toEqual(['certificate/not-yet-valid', 'certificate/not-yet-valid'])
  })

  it('verifies anew once a status has run out', async () => {
    const { crypto, digests } = countingCrypto()
    const store = storeOf(crypto)
    const given = manifestsWith(hopper, { nextUpdate: later(100) })
    await store.verifyAll(given, now)
    await store.verifyAll(given, later(99))
    expect(digests()).toBe(2)
    const { verified } = await store.verifyAll(given, later(100))
    expect(digests()).toBe(4)
    expect(verified[0]?.path.revocation.map(({ status }) => status)).toEqual(['unknown', 'unknown', 'unknown'])
  })

  it('verifies anew once a status without an end is too old', async () => {
    const store = storeOf()
    const given = manifestsWith(hopper, { thisUpdate: now, nextUpdate: null })
    const status = async (seconds: number) =>
      (await store.verifyAll(given, later(seconds))).verified[0]?.path.revocation[0]?.status
    expect([await status(0), await status(86_399), await status(86_400), await status(86_401)]).toEqual([
      'good',
      'good',
      'good',
      'unknown',
    ])
  })

  it('verifies anew once a certificate has expired', async () => {
    const manifests = [world.driverManifest(hopper, { chain: { signer: { notAfter: later(100) } } })]
    const given: Collateral = {
      manifests: manifests.map(({ bytes }) => bytes),
      ocspResponses: responses(manifests.flatMap(({ chain }) => world.manifestOcspResponses(chain))),
      crls: [],
    }
    const store = storeOf()
    expect((await store.verifyAll(given, now)).verified).toHaveLength(1)
    expect((await store.verifyAll(given, later(100))).verified).toHaveLength(1)
    expect((await store.verifyAll(given, later(101))).rejected.map(({ code }) => code)).toEqual(['certificate/expired'])
  })

  it('verifies anew once a responder has expired', async () => {
    const given = manifestsWith(hopper, { responderCertificate: { notAfter: later(100) } })
    const store = storeOf()
    const statuses = async (seconds: number) =>
      (await store.verifyAll(given, later(seconds))).verified[0]?.path.revocation.map(({ status }) => status)
    expect(await statuses(0)).toEqual(['good', 'good', 'good'])
    expect(await statuses(101)).toEqual(['unknown', 'unknown', 'unknown'])
  })

  it('verifies anew once a revocation that lay ahead has come', async () => {
    const [driver] = manifestsOf(hopper)
    if (driver === undefined) throw new Error('no manifest')
    const { signer, issuing } = driver.chain
    const revoking = responses([
      world.ocspResponse(signer, issuing, { thisUpdate: later(50), status: { revokedAt: later(50) } }),
    ])
    const given = { ...collateral, ocspResponses: [...collateral.ocspResponses, ...revoking] }
    const store = storeOf()
    const status = async (seconds: number) =>
      (await store.verifyAll(given, later(seconds))).verified[0]?.path.revocation[0]?.status
    expect([await status(0), await status(49), await status(50)]).toEqual(['good', 'good', 'revoked'])
  })

  it('does not remember a refusal beyond its instant', async () => {
    const { crypto, digests } = countingCrypto()
    const store = storeOf(crypto)
    const given = { ...collateral, manifests: [...collateral.manifests, new Uint8Array([60])] }
    expect((await store.verifyAll(given, now)).rejected).toHaveLength(1)
    const before = digests()
    await store.verifyAll(given, now)
    expect(digests()).toBe(before)
    await store.verifyAll(given, later(1))
    expect(digests()).toBeGreaterThan(before)
  })

  it('asks anew about what was refused only', async () => {
    const { crypto, digests } = countingCrypto()
    const store = storeOf(crypto)
    const given = { ...collateral, manifests: [...collateral.manifests, new Uint8Array([60])] }
    const first = await store.verifyAll(given, now)
    const before = digests()
    const second = await store.verifyAll(given, later(1))
    expect(digests()).toBe(before + 1)
    expect(second.verified).toEqual(first.verified)
    expect(second.rejected.map(({ at }) => at)).toEqual(first.rejected.map(({ at }) => at))
  })

  it('counts one document once, however often it is given', async () => {
    const { verified } = await storeOf().verifyAll(
      { ...collateral, manifests: [...collateral.manifests, ...collateral.manifests.map((xml) => xml.slice())] },
      now,
    )
    expect(verified.map(({ kind }) => kind)).toEqual(['driver', 'vbios'])
  })

  it('verifies what the lists held when it was asked', async () => {
    const mutable = { manifests: [...collateral.manifests], ocspResponses: [...collateral.ocspResponses], crls: [] }
    const store = storeOf()
    const pending = store.verifyAll(mutable, now)
    mutable.manifests.length = 0
    mutable.ocspResponses.length = 0
    const { verified } = await pending
    expect(verified.map(({ path }) => path.revocation.map(({ status }) => status))).toEqual([
      ['good', 'good', 'good'],
      ['good', 'good', 'good'],
    ])
  })

  it.each<[string, (one: OcspResponse) => unknown]>([
    ['without fields', ({ raw, kind, at }) => ({ raw, kind, at })],
    ['with a date as text', (one) => ({ ...one, producedAt: '2026-01-01T00:00:00Z' })],
  ])('reads responses %s anew, and keeps nothing of them', async (_, change) => {
    const unhandled: unknown[] = []
    const note = (reason: unknown): number => unhandled.push(reason)
    process.on('unhandledRejection', note)
    const { crypto, digests } = countingCrypto()
    const store = storeOf(crypto)
    const given: Collateral = Object.assign({ ...collateral }, { ocspResponses: collateral.ocspResponses.map(change) })
    expect((await store.verifyAll(given, now)).verified).toHaveLength(2)
    await store.verifyAll(given, later(1))
    expect(digests()).toBe(4)
    await new Promise((resolve) => setTimeout(resolve, 5))
    process.off('unhandledRejection', note)
    expect(unhandled).toEqual([])
  })

  it('notices a collateral whose lists were changed in place', async () => {
    const [driver] = manifestsOf(hopper)
    if (driver === undefined) throw new Error('no manifest')
    const { signer, issuing } = driver.chain
    const mutable = {
      manifests: [...collateral.manifests],
      ocspResponses: [...collateral.ocspResponses],
      crls: [...collateral.crls],
    }
    const verifier = verifierOf()
    const verdict = async () => codes(await verifier.appraise(evidence, { ...context, collateral: mutable }))
    expect(await verdict()).toEqual([])
    mutable.ocspResponses.push(
      ...responses([world.ocspResponse(signer, issuing, { status: { revokedAt: now, reason: 'keyCompromise' } })]),
    )
    expect(await verdict()).toEqual(['revocation/revoked'])
    mutable.ocspResponses.pop()
    expect(await verdict()).toEqual([])
    mutable.manifests.shift()
    expect((await verdict())[0]).toBe('manifest/missing')
  })

  it('forgets a verification that broke off', async () => {
    let broken = true
    const crypto: CryptoProvider = {
      ...webCryptoProvider,
      name: 'moody',
      verify: (check) => webCryptoProvider.verify(check),
      digest: async (algorithm, data) => {
        if (broken) throw new RangeError('broken')
        return webCryptoProvider.digest(algorithm, data)
      },
    }
    const store = storeOf(crypto)
    await expect(store.verifyAll(collateral, now)).rejects.toThrow(RangeError)
    broken = false
    expect((await store.verifyAll(collateral, now)).verified).toHaveLength(2)
  })
})

describe('one verifier at several times', () => {
  it('says at each what a fresh one says', async () => {
    const given: Collateral = {
      ...collateral,
      ocspResponses: [
        ...responses(world.deviceOcspResponses(hopper.chain)),
        ...manifestsWith(hopper, { nextUpdate: later(100) }).ocspResponses,
      ],
    }
    const lasting = verifierOf()
    for (const seconds of [0, 99, 100, 50, 86_400, 0, -3601, -3600]) {
      const asked = { nonce: hopper.nonce, now: later(seconds), collateral: given }
      const [kept, fresh] = [await lasting.appraise(evidence, asked), await verifierOf().appraise(evidence, asked)]
      expect([seconds, kept.verdict, kept.checks]).toEqual([seconds, fresh.verdict, fresh.checks])
    }
  })
})

it('lists every check in every arm', async () => {
  const arms = [
    await judge({ device: hopper }),
    await judge({ device: hopper, collateral: emptyCollateral }),
    await judge({ device: world.hopper({ opaque: { [opaqueFields.fwid]: null } }) }),
  ]
  for (const { checks } of arms) expect(checks.map(({ id }) => id)).toEqual(deviceCheckIds)
})
