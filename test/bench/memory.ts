// Bench: resident memory over a long stream of evidence, and of a verifier that has seen many devices and manifests.

import { emptyCollateral } from '../../src/appraise/collateral.js'
import { strictPolicy } from '../../src/appraise/policy.js'
import { parseEvidence } from '../../src/nvidia/evidence.js'
import { createSyntheticWorld, sdkEvidenceJson } from '../../src/testing/index.js'
import { createVerifier } from '../../src/verifier.js'
import { parseCertificate } from '../../src/x509/certificate.js'
import { trustAnchorFromCertificate } from '../../src/x509/trust-anchor.js'
import type { Row } from './measure.js'

const streamed = Number(process.env['BENCH_STREAM'] ?? 100_000)
const warmUp = 5000

function residentMb(): number {
  globalThis.gc?.()
  return process.memoryUsage().rss / 1024 / 1024
}

// A synthetic device costs 50 ms to make. This many fill the verifier's bounded memory of issuers, after which it cannot grow.
const seen = Number(process.env['BENCH_DEVICES'] ?? 1500)
const manifestsSeen = 50

/** What a verifier keeps after many distinct devices and manifests, over an empty one. */
export async function benchVerifierMemory(): Promise<readonly Row[]> {
  const world = createSyntheticWorld({ seed: 'memory' })
  const device = [trustAnchorFromCertificate(parseCertificate(world.trustAnchors.device.der))] as const
  const manifest = [trustAnchorFromCertificate(parseCertificate(world.trustAnchors.manifest.der))] as const
  const versions = Array.from({ length: manifestsSeen }, (_, i) => `599.${i + 10}`)
  const manifests = versions.map((driverVersion) => world.driverManifest(world.hopper({ driverVersion })).bytes)
  const collateral = { ...emptyCollateral, manifests }
  const before = residentMb()
  const verifier = createVerifier({ trustAnchors: { device, manifest }, policy: strictPolicy })
  for (let i = 0; i < seen; i++) {
    const one = world.hopper({ device: `memory-${i}` })
    for (const evidence of parseEvidence(new TextEncoder().encode(sdkEvidenceJson([one])))) {
      await verifier.appraise(evidence, { nonce: one.nonce, now: world.now, collateral })
    }
  }
  const grown = Math.max(0, residentMb() - before)
  const what = `memory of a verifier after ${seen} distinct devices and ${manifestsSeen} manifests, over an empty one`
  return [{ what, value: grown, target: 64, bound: 'at most', unit: 'MB' }]
}

export async function benchMemory(): Promise<readonly Row[]> {
  const world = createSyntheticWorld({ seed: 'stream' })
  const device = [trustAnchorFromCertificate(parseCertificate(world.trustAnchors.device.der))] as const
  const manifest = [trustAnchorFromCertificate(parseCertificate(world.trustAnchors.manifest.der))] as const
  const verifier = createVerifier({ trustAnchors: { device, manifest }, policy: strictPolicy })
  const devices = Array.from({ length: 32 }, (_, i) => world.hopper({ device: `stream-${i}` }))
  const files = devices.map((one) => ({ bytes: new TextEncoder().encode(sdkEvidenceJson([one])), nonce: one.nonce }))
  async function* source(): AsyncGenerator<readonly [number, ReturnType<typeof parseEvidence>[number]]> {
    for (let i = 0; i < streamed; i++) {
      const file = files[i % files.length]
      // Parsed anew each time: a stream brings new objects, not the same ones.
      for (const evidence of file === undefined ? [] : parseEvidence(file.bytes)) yield [i, evidence]
    }
  }
  const nonceFor = (i: number): Uint8Array => files[i % files.length]?.nonce ?? new Uint8Array(32)
  let done = 0
  let start = 0
  let highest = 0
  for await (const [, result] of verifier.appraiseFleet(source(), {
    now: world.now,
    collateral: emptyCollateral,
    nonceFor,
  })) {
    if (!result.authentic) throw new Error(`stream evidence fails: ${result.failures[0].code}`)
    done++
    if (done === Math.min(warmUp, streamed / 2)) start = residentMb()
    if (done % 5000 === 0) highest = Math.max(highest, residentMb())
  }
  const growth = Math.max(0, highest - start)
  return [
    {
      what: `resident memory growth over ${done} evidences, after the first ${warmUp}`,
      value: growth,
      target: 40,
      bound: 'at most',
      unit: 'MB',
    },
  ]
}
