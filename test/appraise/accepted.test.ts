// What a policy accepts by a word of its own leaves a trace, and no number or age of documents hides a revocation.
import { describe, expect, it } from 'vitest'
import { appraiseDevice } from '../../src/appraise/device.js'
import type { AppraisalPolicy, RevocationRequirement } from '../../src/appraise/policy.js'
import { verifyReferenceManifest } from '../../src/rim/verify.js'
import type { StatusOptions } from '../../src/testing/index.js'
import { parseCrl } from '../../src/x509/crl.js'
import {
  evidenceOf,
  judge,
  manifestsOf,
  now,
  outcome,
  policyWith,
  responses,
  trustAnchors,
  verifierOf,
  world,
} from './scene.js'

const hopper = world.hopper()
const manifests = manifestsOf(hopper)
const hoursAgo = (hours: number): Date => new Date(now.getTime() - hours * 3_600_000)
const revoked = { status: { revokedAt: hoursAgo(72), reason: 'keyCompromise' } } as const
const onHold = { status: { revokedAt: hoursAgo(72), reason: 'certificateHold' } } as const
const careless: RevocationRequirement = { whenUnknown: 'accept', certificateHold: 'accept', maxAgeSeconds: 86_400 }
const acceptsDevice = policyWith({ deviceRevocation: careless })
const acceptsManifests = policyWith({ manifestRevocation: careless })

const ofDevice = (options: StatusOptions = {}) => world.deviceOcspResponses(hopper.chain, options)
const ofManifests = (options: StatusOptions = {}) =>
  manifests.flatMap(({ chain }) => world.manifestOcspResponses(chain, options))

function judged(policy: AppraisalPolicy, ...ders: readonly (readonly Uint8Array[])[]) {
  const ocspResponses = responses(ders.flat())
  const collateral = { manifests: manifests.map(({ bytes }) => bytes), ocspResponses, crls: [] }
  return judge({ device: hopper, policy, collateral })
}

const spoiltSignature = (signature: Uint8Array): Uint8Array =>
  signature.map((octet, i) => (i === 20 ? octet ^ 1 : octet))
/** More than are looked at: about every issuer of the device, none signed. */
const flood = Array.from({ length: 65 }, (_, i) =>
  ofDevice({ thisUpdate: new Date(hoursAgo(1).getTime() - i * 1000), signature: spoiltSignature }),
).flat()

describe('a revocation', () => {
  it.each([
    ['before', [ofDevice(revoked), flood]],
    ['behind', [flood, ofDevice(revoked)]],
  ])('%s more forged documents than are looked at is not accepted as unknown', async (_, documents) => {
    const result = await judged(acceptsDevice, ofManifests(), ...documents)
    expect(result.verdict).toBe('fail')
    expect(outcome(result, 'device-revocation').outcome).not.toBe('waived')
  })

  it('behind a flood is a failure by that name, whatever is accepted', async () => {
    const result = await judged(acceptsDevice, ofManifests(), flood, ofDevice(revoked))
    const { outcome: found, failures } = outcome(result, 'device-revocation')
    expect([found, failures[0]?.code]).toEqual(['indeterminate', 'revocation/work-limit'])
  })

  it('behind a flood about the manifest signers is not accepted either', async () => {
    const forged = Array.from({ length: 65 }, (_, i) =>
      ofManifests({ thisUpdate: new Date(hoursAgo(1).getTime() - i * 1000), signature: spoiltSignature }),
    ).flat()
    const result = await judged(acceptsManifests, ofDevice(), forged, ofManifests(revoked))
    expect(outcome(result, 'driver-manifest-revocation').failures[0]?.code).toBe('revocation/work-limit')
    expect(result.verdict).toBe('fail')
  })

  it.each([
    ['with an end that has passed', { nextUpdate: hoursAgo(24) }],
    ['without an end, older than accepted', { nextUpdate: null }],
  ])('that is final counts however old the answer is: %s', async (_, window) => {
    const old = ofDevice({ ...revoked, thisUpdate: hoursAgo(48), producedAt: hoursAgo(48), ...window } as StatusOptions)
    const result = await judged(acceptsDevice, ofManifests(), old)
    const { outcome: found, failures } = outcome(result, 'device-revocation')
    expect([found, failures[0]?.code]).toEqual(['fail', 'revocation/revoked'])
  })

  it('for the time being counts only as long as its answer does', async () => {
    const old = ofDevice({ ...onHold, thisUpdate: hoursAgo(48), producedAt: hoursAgo(48), nextUpdate: hoursAgo(24) })
    const strict = await judged(policyWith({}), ofManifests(), old)
    const { outcome: found, failures } = outcome(strict, 'device-revocation')
    expect([found, failures[0]?.code]).toEqual(['indeterminate', 'ocsp/stale'])
  })

  it('of an answer not yet valid does not count', async () => {
    const future = ofDevice({
      ...revoked,
      thisUpdate: hoursAgo(-2),
      producedAt: hoursAgo(-2),
      nextUpdate: hoursAgo(-4),
    })
    const { failures } = outcome(await judged(policyWith({}), ofManifests(), future), 'device-revocation')
    expect(failures[0]?.code).toBe('ocsp/not-yet-valid')
  })

  it('on an outdated list counts too', async () => {
    const [, issuer, root] = hopper.chain.certificates
    if (issuer === undefined || root === undefined) throw new Error('no issuer')
    const crl = world.crl(root, {
      revoked: [{ serialNumber: issuer.serialNumber, revokedAt: hoursAgo(72), reason: 'keyCompromise' }],
      thisUpdate: hoursAgo(48),
      nextUpdate: hoursAgo(24),
    })
    const collateral = {
      manifests: manifests.map(({ bytes }) => bytes),
      ocspResponses: responses(ofManifests()),
      crls: [parseCrl(crl)],
    }
    const result = await judge({ device: hopper, policy: acceptsDevice, collateral })
    expect(outcome(result, 'device-revocation').failures[0]?.code).toBe('revocation/revoked')
  })
})

describe('what a policy accepts', () => {
  it.each([
    ['nothing known of the device', acceptsDevice, 'device-revocation', 'whenUnknown', [ofManifests()]],
    ['nothing known of the signers', acceptsManifests, 'driver-manifest-revocation', 'whenUnknown', [ofDevice()]],
    [
      'signers on hold',
      acceptsManifests,
      'driver-manifest-revocation',
      'certificateHold',
      [ofDevice(), ofManifests(onHold)],
    ],
  ] as const)('is waived, not passed: %s', async (_, policy, id, word, documents) => {
    const result = await judged(policy, ...documents)
    const check = outcome(result, id)
    expect([result.verdict, result.tier, check.outcome]).toEqual(['pass', 'warning', 'waived'])
    expect(check.reason).toContain(word)
    expect(check.failures.length).toBeGreaterThan(0)
    expect(result.claims?.confidentialComputing).toBe('not-shown')
  })

  it('is passed where nothing had to be accepted', async () => {
    const result = await judged(acceptsDevice, ofDevice(), ofManifests())
    expect([outcome(result, 'device-revocation').outcome, result.tier]).toEqual(['pass', 'affirming'])
  })

  it('covers an unstated mode in the same way', async () => {
    const device = world.hopper({
      driverVersion: '545.00',
      opaqueFields: (fields) => fields.filter(({ id }) => id !== 36 && id !== 21),
    })
    const policy = policyWith({ unstatedMode: 'accept' })
    const check = outcome(await judge({ device, policy }), 'mode')
    expect([check.outcome, check.failures[0]?.code]).toEqual(['waived', 'device/mode-unstated'])
  })
})

describe('confidential computing', () => {
  it.each([
    ['revoked', ofDevice(revoked)],
    ['of unknown status', []],
  ])('is not shown by a device whose issuers are %s', async (_, statuses) => {
    const result = await judged(policyWith({}), ofManifests(), statuses)
    expect(result.claims?.confidentialComputing).toBe('not-shown')
  })
})

describe('vendor claims', () => {
  it('call a manifest chain expired once its signer is, though it was verified before', async () => {
    const cut = { chain: { signer: { notAfter: new Date(now.getTime() + 600_000) } } }
    const later = hoursAgo(-1)
    const made = [world.driverManifest(hopper, cut), world.firmwareManifest(hopper, cut)]
    const ocspResponses = responses([...ofDevice(), ...made.flatMap(({ chain }) => world.manifestOcspResponses(chain))])
    const policy = {
      whenUnknown: 'fail',
      certificateHold: 'fail',
      maxAgeSeconds: 86_400,
      scope: 'whole-path',
      onFailure: 'throw',
    } as const
    const revocation = { kind: 'checked', policy, ocspResponses, crls: [] } as const
    const verified = await Promise.all(
      made.map(({ bytes }) => verifyReferenceManifest(bytes, { trustAnchors: trustAnchors.manifest, now, revocation })),
    )
    const collateral = { manifests: [], ocspResponses, crls: [] }
    const report = await verifierOf().authenticate(evidenceOf(hopper), { nonce: hopper.nonce, now: later, collateral })
    const demanding = policyWith({
      waivers: [
        { check: 'driver-manifest', reason: 'test' },
        { check: 'firmware-manifest', reason: 'test' },
      ],
      requiredClaims: { 'x-nvidia-gpu-driver-rim-cert-chain': { 'x-nvidia-cert-status': 'valid' } },
    })
    const result = appraiseDevice({ report, manifests: verified, policy: demanding, labelFailures: [] })
    expect(outcome(result, 'required-claims').outcome).toBe('fail')
    expect(result.claims?.vendorClaims['x-nvidia-gpu-driver-rim-cert-chain']).toMatchObject({
      'x-nvidia-cert-status': 'expired',
    })
  })
})

describe('a container that nobody compared', () => {
  it('leaves its label unjudged, and the claim about it false', async () => {
    const report = await verifierOf().authenticate(evidenceOf(hopper), { nonce: hopper.nonce, now })
    const result = appraiseDevice({ report, manifests: [], policy: policyWith({}) })
    expect(outcome(result, 'declared-label').outcome).toBe('not-applicable')
    expect(result.claims?.vendorClaims['x-nvidia-gpu-arch-check']).toBe(false)
  })
})
