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
