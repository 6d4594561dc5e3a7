// What the compiler must refuse. Each `@ts-expect-error` is an error of `tsc --noEmit` once it stops being needed; the
// calls themselves are made where the run-time guard can be shown too.
import { describe, expect, it } from 'vitest'
import {
  type AppraisalPolicy,
  appraiseDevice,
  appraiseNode,
  type Check,
  createVerifier,
  type DeviceCheckId,
  type DeviceResult,
  type Evidence,
  type GpuReport,
  hgxProtectedPcie,
  type RevocationInput,
  strictPolicy,
  type Verified,
  type VerifiedGpuReport,
  type Verifier,
  verifyCertificatePath,
  verifyGpuReport,
  type Waiver,
} from '../../src/index.js'
import { evidenceOf, judge, now, trustAnchors, verifierOf, world } from '../appraise/scene.js'

const hopper = world.hopper()
const evidence: Evidence = evidenceOf(hopper)
const policy: AppraisalPolicy = strictPolicy
if (evidence.kind !== 'gpu') throw new Error('not a GPU')
const parsed: GpuReport = evidence.report

/** Compiled, never run. */
function compiled(code: () => unknown): void {
  expect(typeof code).toBe('function')
}

describe('a report that was not verified', () => {
  it('cannot be appraised', () => {
    // @ts-expect-error a parsed report is no proof
    expect(() => appraiseDevice({ report: parsed, manifests: [], policy })).toThrow(TypeError)
    // @ts-expect-error neither is evidence
    expect(() => appraiseDevice({ report: evidence, manifests: [], policy })).toThrow(TypeError)
  })

  it('cannot become one by having the right members', async () => {
    const report = await verifierOf().authenticate(evidence, { nonce: hopper.nonce, now })
    if (report.kind !== 'gpu') throw new Error('not a GPU')
    const lookalike: VerifiedGpuReport = { ...report }
    // @ts-expect-error the members without the brand
    expect(() => appraiseDevice({ report: lookalike, manifests: [], policy })).toThrow(TypeError)
    // A spread keeps the brand for the compiler; the guard at run time does not.
    const spread: Verified<VerifiedGpuReport> = { ...report }
    expect(() => appraiseDevice({ report: spread, manifests: [], policy })).toThrow(TypeError)
  })

  it('cannot be one of a node', async () => {
    const result = await judge({ device: hopper })
    const member = { result, report: parsed }
    // @ts-expect-error a parsed report is no proof
    expect(() => appraiseNode({ members: [member], expected: hgxProtectedPcie, policy })).toThrow(TypeError)
  })

  it('cannot rest on a path that was not verified', async () => {
    const [leaf, ...rest] = evidence.certificates
    const path = { leaf, certificates: [leaf, ...rest] as const, validatedAt: now }
    // @ts-expect-error certificates in a row are no verified path
    await expect(verifyGpuReport(parsed, { path, nonce: hopper.nonce })).rejects.toThrow(TypeError)
  })
})

describe('what has no default', () => {
  const verifier: Verifier = verifierOf()
  const { nonce } = hopper

  it('cannot be left out', () => {
    const [leaf, ...intermediates] = evidence.certificates
    const revocation = { kind: 'unchecked', reason: 'test' } as const
    compiled(() => [
      // @ts-expect-error no clock
      verifier.authenticate(evidence, { nonce }),
      // @ts-expect-error no nonce
      verifier.authenticate(evidence, { now }),
      // @ts-expect-error no collateral
      verifier.appraise(evidence, { nonce, now }),
      // @ts-expect-error no expectation
      verifier.appraiseNode([evidence], { nonce, now, collateral: { manifests: [], ocspResponses: [], crls: [] } }),
      // @ts-expect-error no anchors
      createVerifier({ policy }),
      // @ts-expect-error no policy
      createVerifier({ trustAnchors }),
      // @ts-expect-error an empty set of anchors
      createVerifier({ trustAnchors: { ...trustAnchors, device: [] }, policy }),
      // @ts-expect-error no clock
      verifyCertificatePath({ leaf, intermediates, trustAnchors: trustAnchors.device, revocation }),
      // @ts-expect-error no anchors
      verifyCertificatePath({ leaf, intermediates, now, revocation }),
      // @ts-expect-error no word on revocation
      verifyCertificatePath({ leaf, intermediates, trustAnchors: trustAnchors.device, now }),
    ])
    // @ts-expect-error not checking revocation takes a reason
    const silent: RevocationInput = { kind: 'unchecked' }
    expect('reason' in silent).toBe(false)
    // @ts-expect-error no anchors at all
    expect(() => createVerifier({ policy })).toThrow(TypeError)
  })
})

describe('a result', () => {
  it('gives its claims only once authenticity is known', async () => {
    const result: DeviceResult = await judge({ device: hopper })
    compiled(() => [
      // @ts-expect-error possibly undefined
      result.claims.ueid,
    ])
    const read = (given: DeviceResult): string => {
      if (!given.authentic) {
        const none: undefined = given.claims
        return String(none)
      }
      return given.claims.ueid
    }
    expect(read(result)).toBe(hopper.ueid)
    const forged = await judge({ device: world.hopper({ reportKey: world.key('x') }) })
    expect(read(forged)).toBe('undefined')
  })

  it('has a failure whenever it is a refusal, and none when it is a pass', async () => {
    const first = (given: DeviceResult): string => {
      if (given.verdict === 'fail') return given.failures[0].code
      const none: readonly [] = given.failures
      return String(none.length)
    }
    expect(first(await judge({ device: hopper }))).toBe('0')
    const check: Check<DeviceCheckId> = { id: 'mode', outcome: 'pass', failures: [] }
    compiled(() => {
      // @ts-expect-error results are read-only
      check.outcome = 'fail'
    })
  })
})

describe('a waiver', () => {
  it('names a check that may be waived, and a reason', () => {
    const good: Waiver = { check: 'mode', reason: 'test' }
    // @ts-expect-error without it there is nothing to appraise
    const fixed: Waiver = { check: 'nonce', reason: 'test' }
    // @ts-expect-error no such check
    const unknown: Waiver = { check: 'modes', reason: 'test' }
    // @ts-expect-error no reason
    const bare: Waiver = { check: 'mode' }
    expect([good, fixed, unknown, bare].map(({ check }) => check)).toEqual(['mode', 'nonce', 'modes', 'mode'])
  })
})
