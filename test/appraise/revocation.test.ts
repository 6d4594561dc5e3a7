// Revocation statuses of device and manifest paths, under every setting of the policy.
import { describe, expect, it } from 'vitest'
import type { Collateral } from '../../src/appraise/collateral.js'
import type { AppraisalPolicy, RevocationRequirement } from '../../src/appraise/policy.js'
import { strictPolicy } from '../../src/appraise/policy.js'
import { encodeHex } from '../../src/bytes/hex.js'
import type { OcspStatus, StatusOptions, SyntheticCertificate } from '../../src/testing/index.js'
import { parseCrl } from '../../src/x509/crl.js'
import {
  codes,
  collateralFor,
  judge,
  manifestsOf,
  now,
  outcome,
  policyWith,
  responses,
  unsatisfied,
  world,
} from './scene.js'

const device = world.hopper()
const sound = collateralFor(device)
const { chain } = device
const [driver, firmware] = manifestsOf(device)
if (driver === undefined || firmware === undefined) throw new Error('a GPU has two manifests')

const secondMs = 1000
const hourAgo = new Date(now.getTime() - 3600 * secondMs)

type Link = readonly [subject: SyntheticCertificate, issuer: SyntheticCertificate]
const leaf: Link = [chain.leaf, chain.brom]
const brom: Link = [chain.brom, chain.provisioner]
const provisioner: Link = [chain.provisioner, chain.identity]
const identity: Link = [chain.identity, chain.root]
const signer: Link = [driver.chain.signer, driver.chain.issuing]

/** Responses for all certificates of device and manifests, those of `links` with `options` instead. */
function collateralWith(links: readonly Link[], options: StatusOptions | undefined): Collateral {
  const all: readonly Link[] = [
    brom,
    provisioner,
    identity,
    ...[driver, firmware].flatMap((manifest): readonly Link[] => {
      if (manifest === undefined) return []
      const { chain: own } = manifest
      return [
        [own.signer, own.issuing],
        [own.issuing, own.authority],
        [own.authority, own.root],
      ]
    }),
  ]
  const same = ([a]: Link, [b]: Link): boolean => encodeHex(a.serialNumber) === encodeHex(b.serialNumber)
  const kept = all.filter((link) => !links.some((other) => same(link, other)))
  const ders = [
    ...kept.map(([subject, issuer]) => world.ocspResponse(subject, issuer, { noCheck: 'extension' })),
    ...(options === undefined
      ? []
      : links.map(([subject, issuer]) => world.ocspResponse(subject, issuer, { noCheck: 'extension', ...options }))),
  ]
  return { ...sound, ocspResponses: responses(ders) }
}

const withDevice = (change: Partial<RevocationRequirement>): AppraisalPolicy =>
  policyWith({ deviceRevocation: { ...strictPolicy.deviceRevocation, ...change } })
const withManifest = (change: Partial<RevocationRequirement>): AppraisalPolicy =>
  policyWith({ manifestRevocation: { ...strictPolicy.manifestRevocation, ...change } })

const revoked: OcspStatus = { revokedAt: hourAgo, reason: 'keyCompromise' }
const onHold: OcspStatus = { revokedAt: hourAgo, reason: 'certificateHold' }
/** RFC 6960 section 2.2: how a responder may speak of a certificate nobody issued. */
const neverIssued: OcspStatus = { revokedAt: new Date(0), reason: 'certificateHold' }

describe('device-revocation', () => {
  it.each([
    ['BROM', brom],
    ['provisioner', provisioner],
    ['identity', identity],
  ])('is not satisfied without the status of the %s certificate', async (_, link) => {
    const result = await judge({ device, collateral: collateralWith([link], undefined) })
    expect(unsatisfied(result)).toEqual(['device-revocation'])
    expect(outcome(result, 'device-revocation').outcome).toBe('indeterminate')
    expect(codes(result)).toEqual(['revocation/no-evidence'])
  })

  it('fails for a revoked issuer', async () => {
    const result = await judge({ device, collateral: collateralWith([brom], { status: revoked }) })
    expect(outcome(result, 'device-revocation').outcome).toBe('fail')
    expect(codes(result)).toEqual(['revocation/revoked'])
  })

  it('fails for a revoked leaf, although no status of it is asked for', async () => {
    const collateral = collateralWith([leaf], { status: revoked })
    const result = await judge({ device, collateral })
    expect(result.verdict).toBe('fail')
    expect(outcome(result, 'device-revocation').outcome).toBe('fail')
    expect(codes(result)).toEqual(['revocation/revoked'])
    expect((await judge({ device, collateral, policy: withDevice({ whenUnknown: 'accept' }) })).verdict).toBe('fail')
  })

  it('shows a revocation before what is merely unknown', async () => {
    const collateral = collateralWith([identity], { status: revoked })
    const without = { ...collateral, ocspResponses: collateral.ocspResponses.filter((_, i) => i !== 0) }
    expect(codes(await judge({ device, collateral: without }))).toEqual([
      'revocation/revoked',
      'revocation/no-evidence',
    ])
  })

  it('accepts the unknown only where the policy says so, and the revoked never', async () => {
    const policy = withDevice({ whenUnknown: 'accept' })
    expect((await judge({ device, collateral: collateralWith([brom], undefined), policy })).verdict).toBe('pass')
    expect((await judge({ device, collateral: collateralWith([brom], { status: 'unknown' }), policy })).verdict).toBe(
      'pass',
    )
    expect((await judge({ device, collateral: collateralWith([brom], { status: revoked }), policy })).verdict).toBe(
      'fail',
    )
    expect(codes(await judge({ device, collateral: collateralWith([brom], { status: 'unknown' }) }))).toEqual([
      'revocation/unknown',
    ])
  })

  it('accepts a certificate on hold only where the policy says so', async () => {
    const collateral = collateralWith([brom], { status: onHold })
    expect(codes(await judge({ device, collateral }))).toEqual(['revocation/on-hold'])
    const result = await judge({ device, collateral, policy: withDevice({ certificateHold: 'accept' }) })
    expect(result.verdict).toBe('pass')
  })

  it('never takes a certificate that nobody issued for one on hold', async () => {
    const collateral = collateralWith([brom], { status: neverIssued })
    const policy = withDevice({ certificateHold: 'accept', whenUnknown: 'accept' })
    expect(codes(await judge({ device, collateral, policy }))).toEqual(['revocation/never-issued'])
  })

  it('holds a status until the end of its window and not beyond', async () => {
    const nextUpdate = new Date(now.getTime() + 10 * secondMs)
    const collateral = collateralWith([brom], { nextUpdate })
    const at = (time: number) => judge({ device, collateral, at: new Date(time) })
    expect((await at(nextUpdate.getTime() - secondMs)).verdict).toBe('pass')
    expect(codes(await at(nextUpdate.getTime() + secondMs))).toEqual(['ocsp/stale'])
    expect((await at(hourAgo.getTime())).verdict).toBe('pass')
    expect((await at(hourAgo.getTime() - secondMs)).verdict).toBe('fail')
  })

  it('bounds the age of a status that states no end', async () => {
    const collateral = collateralWith([brom], { thisUpdate: hourAgo, nextUpdate: null })
    expect((await judge({ device, collateral, policy: withDevice({ maxAgeSeconds: 3600 }) })).verdict).toBe('pass')
    expect(codes(await judge({ device, collateral, policy: withDevice({ maxAgeSeconds: 3599 }) }))).toEqual([
      'ocsp/too-old',
    ])
  })

  it('takes revocation lists too', async () => {
    const lists = [chain.provisioner, chain.identity, chain.root].map((issuer) => parseCrl(world.crl(issuer), 'crl'))
    const manifestsOnly = sound.ocspResponses.slice(3)
    const collateral = { ...sound, ocspResponses: manifestsOnly, crls: lists }
    expect((await judge({ device, collateral })).verdict).toBe('pass')
    const revoking = parseCrl(
      world.crl(chain.provisioner, { revoked: [{ serialNumber: chain.brom.serialNumber, revokedAt: hourAgo }] }),
      'crl',
    )
    const worse = { ...collateral, crls: [...lists, revoking] }
    expect(codes(await judge({ device, collateral: worse }))).toEqual(['revocation/revoked'])
  })

  it('does not read anything into empty collateral', async () => {
    const result = await judge({ device, collateral: { ...sound, ocspResponses: [] } })
    expect(unsatisfied(result)).toEqual([
      'device-revocation',
      'driver-manifest-revocation',
      'firmware-manifest-revocation',
    ])
  })
})

describe('manifest revocation', () => {
  it('needs the status of the signer', async () => {
    const result = await judge({ device, collateral: collateralWith([signer], undefined) })
    expect(unsatisfied(result)).toEqual(['driver-manifest-revocation'])
    expect(codes(result)).toEqual(['revocation/no-evidence'])
  })

  it.each([
    ['issuing', [driver.chain.issuing, driver.chain.authority] as const],
    ['authority', [driver.chain.authority, driver.chain.root] as const],
  ])('needs the status of the %s authority', async (_, link) => {
    const result = await judge({ device, collateral: collateralWith([link], undefined) })
    expect(unsatisfied(result)).toEqual(['driver-manifest-revocation', 'firmware-manifest-revocation'])
  })

  it('fails for a revoked signer', async () => {
    const collateral = collateralWith([signer], { status: revoked })
    const policy = withManifest({ whenUnknown: 'accept', certificateHold: 'accept' })
    for (const result of [await judge({ device, collateral }), await judge({ device, collateral, policy })]) {
      expect(outcome(result, 'driver-manifest-revocation').outcome).toBe('fail')
      expect(codes(result)).toEqual(['revocation/revoked'])
    }
  })

  it('lets a signer on hold pass by policy, and says so', async () => {
    const collateral = collateralWith([signer], { status: onHold })
    expect(codes(await judge({ device, collateral }))).toEqual(['revocation/on-hold'])
    const result = await judge({ device, collateral, policy: withManifest({ certificateHold: 'accept' }) })
    expect(result.verdict).toBe('pass')
    expect(result.claims?.vendorClaims['x-nvidia-attestation-warning']).toMatch(/hold.*Synthetic RIM L4 Signer/)
  })

  it('never takes a signer that nobody certified for one on hold', async () => {
    const collateral = collateralWith([signer], { status: neverIssued })
    const policy = withManifest({ certificateHold: 'accept', whenUnknown: 'accept' })
    expect(codes(await judge({ device, collateral, policy }))).toEqual(['revocation/never-issued'])
  })

  it('keeps the two settings apart', async () => {
    const signerUnknown = collateralWith([signer], undefined)
    const bromUnknown = collateralWith([brom], undefined)
    const lenient = { whenUnknown: 'accept' } as const
    expect((await judge({ device, collateral: signerUnknown, policy: withDevice(lenient) })).verdict).toBe('fail')
    expect((await judge({ device, collateral: signerUnknown, policy: withManifest(lenient) })).verdict).toBe('pass')
    expect((await judge({ device, collateral: bromUnknown, policy: withManifest(lenient) })).verdict).toBe('fail')
    expect((await judge({ device, collateral: bromUnknown, policy: withDevice(lenient) })).verdict).toBe('pass')
  })
})
