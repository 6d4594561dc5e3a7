// Bench: resident memory over a long stream of evidence, and of a verifier that has seen many devices and manifests.

import { spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { emptyCollateral } from '../../src/appraise/collateral.js'
import { strictPolicy } from '../../src/appraise/policy.js'
import { parseEvidence } from '../../src/nvidia/evidence.js'
import { createSyntheticWorld, sdkEvidenceJson } from '../../src/testing/index.js'
import { createVerifier } from '../../src/verifier.js'
import { parseCertificate } from '../../src/x509/certificate.js'
import { trustAnchorFromCertificate } from '../../src/x509/trust-anchor.js'
import type { Row } from './measure.js'
import { nativeKey, nativeTwin } from './native-key.js'

const streamed = Number(process.env['BENCH_STREAM'] ?? 100_000)
const warmUp = 5000

function residentMb(): number {
  globalThis.gc?.()
  return process.memoryUsage().rss / 1024 / 1024
}

const seen = Number(process.env['BENCH_DEVICES'] ?? 10_000)
const manifestsSeen = 50

const memorySeed = 'memory'
/** Making a device takes longer than verifying it. */
const makers = 2

/** Prints the evidence of so many devices, one a line, each with keys, serial numbers and certificates of its own. */
export function printDevices(first: number, count: number): void {
  const world = createSyntheticWorld({ seed: memorySeed })
  const issuerKey = world.hopper().chain.provisioner.key
  const signer = nativeTwin(issuerKey)
  for (let i = first; i < first + count; i++) {
    const chain = { leaf: { key: nativeKey(issuerKey) }, brom: { key: nativeKey(issuerKey), signer } }
    const file = sdkEvidenceJson([world.hopper({ device: `memory-${i}`, chain })])
    // The file has lines of its own.
    process.stdout.write(`${JSON.stringify(JSON.parse(file))}\n`)
  }
}

/** Devices made by other processes, so that what making them leaves behind is not taken for the verifier's memory. */
async function* distinctDevices(count: number): AsyncGenerator<string> {
  const script = fileURLToPath(import.meta.url)
  const share = Math.ceil(count / makers)
  const open = Array.from({ length: makers }, (_, i) => {
    const args = [script, 'devices', `${i * share}`, `${Math.min(share, count - i * share)}`]
    return lines(spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] }).stdout)
  })
  for (let source = open.shift(); source !== undefined; source = open.shift()) {
    const { value, done } = await source.next()
    if (done === true) continue
    yield value
    open.push(source)
  }
}

async function* lines(stream: Readable): AsyncGenerator<string, undefined> {
  let rest = ''
  for await (const chunk of stream.setEncoding('utf8')) {
    const parts = `${rest}${chunk}`.split('\n')
    rest = parts.pop() ?? ''
    yield* parts
  }
  return undefined
}

/** What a verifier keeps after many distinct devices and manifests, over an empty one. */
export async function benchVerifierMemory(): Promise<readonly Row[]> {
  const world = createSyntheticWorld({ seed: memorySeed })
  const device = [trustAnchorFromCertificate(parseCertificate(world.trustAnchors.device.der))] as const
  const manifest = [trustAnchorFromCertificate(parseCertificate(world.trustAnchors.manifest.der))] as const
  const versions = Array.from({ length: manifestsSeen }, (_, i) => `599.${i + 10}`)
  const manifests = versions.map((driverVersion) => world.driverManifest(world.hopper({ driverVersion })).bytes)
  const collateral = { ...emptyCollateral, manifests }
  const { nonce } = world.hopper()
  const before = residentMb()
  const verifier = createVerifier({ trustAnchors: { device, manifest }, policy: strictPolicy })
  let appraised = 0
  for await (const line of distinctDevices(seen)) {
    for (const evidence of parseEvidence(new TextEncoder().encode(line))) {
      const result = await verifier.appraise(evidence, { nonce, now: world.now, collateral })
      if (!result.authentic) throw new Error(`memory evidence fails: ${result.failures[0].code}`)
      appraised++
    }
  }
  const grown = Math.max(0, residentMb() - before)
  if (appraised !== seen) throw new Error(`${appraised} devices instead of ${seen}`)
  const what = `memory of a verifier after ${appraised} distinct devices and ${manifestsSeen} manifests, over an empty one`
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
