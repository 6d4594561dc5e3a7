// Bench: evidence of devices, as ratios against the bare P-384 verifications of the same run.
import type { Collateral } from '../../src/appraise/collateral.js'
import { strictPolicy } from '../../src/appraise/policy.js'
import { webCryptoProvider } from '../../src/crypto/webcrypto.js'
import { verifyDevicePath } from '../../src/nvidia/device-path.js'
import { type Evidence, parseEvidence } from '../../src/nvidia/evidence.js'
import { parseGpuReport } from '../../src/nvidia/gpu-report.js'
import { type VerifyReportInput, verifyGpuReport } from '../../src/nvidia/verify.js'
import { createSyntheticWorld, type SyntheticDevice, sdkEvidenceJson } from '../../src/testing/index.js'
import { createVerifier } from '../../src/verifier.js'
import { parseCertificate, parseCertificates } from '../../src/x509/certificate.js'
import { parseOcspResponse } from '../../src/x509/ocsp.js'
import { createPathCache } from '../../src/x509/path-cache.js'
import { trustAnchorFromCertificate } from '../../src/x509/trust-anchor.js'
import { microseconds, type Row, rate, timeRatio } from './measure.js'

const world = createSyntheticWorld({ seed: 'bench' })
const unchecked = { kind: 'unchecked', reason: 'bench' } as const
const anchors = {
  device: [trustAnchorFromCertificate(parseCertificate(world.trustAnchors.device.der))],
  manifest: [trustAnchorFromCertificate(parseCertificate(world.trustAnchors.manifest.der))],
} as const

function evidenceOf(device: SyntheticDevice): Evidence {
  const [evidence] = parseEvidence(new TextEncoder().encode(sdkEvidenceJson([device])))
  if (evidence === undefined) throw new Error('no evidence')
  return evidence
}

function gpuEvidence(device: SyntheticDevice): Extract<Evidence, { kind: 'gpu' }> {
  const evidence = evidenceOf(device)
  if (evidence.kind !== 'gpu') throw new Error('not a GPU')
  return evidence
}

function collateralFor(device: SyntheticDevice): Collateral {
  const manifests = [world.driverManifest(device), world.firmwareManifest(device)]
  const responses = [
    ...world.deviceOcspResponses(device.chain),
    ...manifests.flatMap((one) => world.manifestOcspResponses(one.chain)),
  ]
  return {
    manifests: manifests.map((one) => one.bytes),
    ocspResponses: responses.map((der) => parseOcspResponse(der)),
    crls: [],
  }
}

/** One bare signature check, key already imported: the unit of every ratio. */
async function bareCheck(): Promise<() => Promise<boolean>> {
  const evidence = gpuEvidence(world.hopper())
  const key = evidence.certificates[0].subjectPublicKeyInfo.publicKey
  if (key === undefined) throw new Error('no key')
  const { signed: data, signature } = evidence.report
  const check = (): Promise<boolean> =>
    webCryptoProvider.verify({ algorithm: 'ecdsa-p384-sha384', key, signature, data })
  if (!(await check())) throw new Error('bench signature does not verify')
  return check
}

/** Devices of one issuer, as a fleet has them. */
const devices = Array.from({ length: 24 }, (_, i) => world.hopper({ device: `bench-${i}` }))

function turns<T>(items: readonly T[]): () => T {
  let next = 0
  return () => {
    const item = items[next++ % items.length]
    if (item === undefined) throw new Error('empty')
    return item
  }
}

/** Signatures a cold full verdict has to check; counted, not assumed. */
async function countChecks(run: (crypto: typeof webCryptoProvider) => Promise<unknown>): Promise<number> {
  let count = 0
  await run({
    ...webCryptoProvider,
    verify: (check) => {
      count++
      return webCryptoProvider.verify(check)
    },
  })
  return count
}

export async function benchEvidence(): Promise<readonly Row[]> {
  // Parsing first: a heap full of the other figures' objects would be measured along with it.
  const parse = benchParse()
  const bare = await bareCheck()
  const [alone, together] = [await rate(bare, 1), await rate(bare, 16)]
  console.log(
    `bare P-384 verification: ${alone.toFixed(0)}/s one at a time, ${together.toFixed(0)}/s with 16 in flight`,
  )
  return [...(await benchVerify(bare)), ...(await benchVerdict(bare)), ...parse]
}

async function benchVerify(bare: () => Promise<unknown>): Promise<readonly Row[]> {
  const { now } = world
  const known = gpuEvidence(world.hopper())
  const path = await verifyDevicePath({
    certificates: known.certificates,
    trustAnchors: anchors.device,
    now,
    revocation: unchecked,
  })
  const input: VerifyReportInput = { path, nonce: known.report.request.nonce }
  const again = await timeRatio(() => verifyGpuReport(known.report, input), bare)
  const nextDevice = turns(devices.map(gpuEvidence))
  const newDevice = await timeRatio(async () => {
    const one = nextDevice()
    const cache = warm
    const devicePath = await verifyDevicePath({
      certificates: one.certificates,
      trustAnchors: anchors.device,
      now,
      revocation: unchecked,
      cache,
    })
    await verifyGpuReport(one.report, { path: devicePath, nonce: one.report.request.nonce })
  }, bare)
  const cold = async (crypto = webCryptoProvider): Promise<void> => {
    const one = nextDevice()
    const devicePath = await verifyDevicePath({
      certificates: one.certificates,
      trustAnchors: anchors.device,
      now,
      revocation: unchecked,
      crypto,
    })
    await verifyGpuReport(one.report, { path: devicePath, nonce: one.report.request.nonce, crypto })
  }
  const coldChecks = await countChecks(cold)
  const coldTime = await timeRatio(() => cold(), bare)
  return [
    { what: 're-attestation, path known: rate / bare', value: 1 / again, target: 0.9, bound: 'at least', unit: 'x' },
    {
      what: 'new device, issuers known: rate / (bare / 3)',
      value: 3 / newDevice,
      target: 0.85,
      bound: 'at least',
      unit: 'x',
    },
    {
      what: `cold device (${coldChecks} signatures): time / bare signatures`,
      value: coldTime / coldChecks,
      target: 1.15,
      bound: 'at most',
      unit: 'x',
    },
  ]
}

// Only the issuers' signatures stay in it: the leaf is never cached, and 24 BROM certificates are turned over by a cache this small.
const warm = createPathCache({ maxEntries: 4 })

async function benchVerdict(bare: () => Promise<unknown>): Promise<readonly Row[]> {
  const device = world.hopper()
  const evidence = evidenceOf(device)
  const { now } = world
  const context = { nonce: evidence.report.request.nonce, now }
  const fresh = (crypto = webCryptoProvider) =>
    createVerifier({ trustAnchors: anchors, policy: strictPolicy, crypto }).appraise(evidence, {
      ...context,
      collateral: collateralFor0(),
    })
  const raw = collateralFor(device)
  // Parsed anew, so that nothing about it is remembered.
  const collateralFor0 = (): Collateral => ({
    ...raw,
    ocspResponses: raw.ocspResponses.map((one) => parseOcspResponse(one.raw)),
  })
  const first = await fresh()
  if (first.verdict !== 'pass') throw new Error(`bench evidence fails: ${first.failures[0].code}`)
  const coldChecks = await countChecks(fresh)
  const coldTime = await timeRatio(() => fresh(), bare)
  const fleet = devices.slice(0, 12).map((one) => ({ evidence: evidenceOf(one), collateral: collateralFor(one) }))
  const shared: Collateral = {
    manifests: fleet[0]?.collateral.manifests ?? [],
    ocspResponses: fleet.flatMap((one) => one.collateral.ocspResponses),
    crls: [],
  }
  const verifier = createVerifier({ trustAnchors: anchors, policy: strictPolicy })
  const nextMember = turns(fleet)
  const member = async (): Promise<void> => {
    const { evidence: one } = nextMember()
    const result = await verifier.appraise(one, { nonce: one.report.request.nonce, now, collateral: shared })
    if (result.verdict !== 'pass') throw new Error(`fleet member fails: ${result.failures[0].code}`)
  }
  const cachedTime = await timeRatio(member, bare)
  return [
    {
      what: `full verdict, nothing cached (${coldChecks} signatures): time / bare signatures`,
      value: coldTime / coldChecks,
      target: 1.25,
      bound: 'at most',
      unit: 'x',
    },
    {
      what: 'full verdict, issuers, manifests and OCSP known: rate / (bare / 3)',
      value: 3 / cachedTime,
      target: 0.8,
      bound: 'at least',
      unit: 'x',
    },
  ]
}

function benchParse(): readonly Row[] {
  const device = world.hopper()
  const [pem] = parseCertificates(device.chainPem)
  if (pem === undefined) throw new Error('no certificate')
  return [
    {
      what: 'parse of one report',
      value: microseconds(() => parseGpuReport(device.report)),
      target: 60,
      bound: 'at most',
      unit: 'us',
    },
    {
      what: 'parse of one certificate',
      value: microseconds(() => parseCertificate(pem.raw)),
      target: 15,
      bound: 'at most',
      unit: 'us',
    },
  ]
}
