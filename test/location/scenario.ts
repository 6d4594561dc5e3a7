// Runs a synthetic location scenario through the verifier, as a caller of the library would.
import { appraiseLocation, type LocationResult } from '../../src/appraise/location.js'
import { encodeUtf8 } from '../../src/bytes/text.js'
import { verifyLandmarkDirectory } from '../../src/location/directory.js'
import type { LocationEvidence } from '../../src/location/evidence.js'
import { type LocationPolicy, strictLocationPolicy } from '../../src/location/policy.js'
import type { TerritorySet } from '../../src/location/territory.js'
import { type LocationBundleInput, verifyLocationBundle } from '../../src/location/verify-bundle.js'
import { verifyDevicePath } from '../../src/nvidia/device-path.js'
import { evidenceFromParts } from '../../src/nvidia/evidence.js'
import { type VerifiedGpuReport, verifyGpuReport } from '../../src/nvidia/verify.js'
import { AttestationError } from '../../src/result/error.js'
import type { Verified } from '../../src/result/proof.js'
import type { NonEmptyArray } from '../../src/result/result.js'
import { loadTerritories } from '../../src/territories/index.js'
import type { SyntheticDevice } from '../../src/testing/device.js'
import {
  createLocationScenario,
  type LocationScenario,
  type LocationScenarioOptions,
} from '../../src/testing/location.js'
import { jwkSetJson, publicJwk } from '../../src/testing/token.js'
import { createSyntheticWorld, type SyntheticWorld } from '../../src/testing/world.js'
import { parseJwkSet } from '../../src/token/jwks.js'
import { parseCertificate } from '../../src/x509/certificate.js'
import { trustAnchorFromCertificate } from '../../src/x509/trust-anchor.js'

export const world: SyntheticWorld = createSyntheticWorld({ seed: 'location' })
export const territories: TerritorySet = loadTerritories()

const trustAnchors = [trustAnchorFromCertificate(parseCertificate(world.trustAnchors.device.der))] as const

const known = new Map<string, Promise<Verified<VerifiedGpuReport>>>()

/** Verified once per report: most scenarios differ in what comes after the devices. */
export function verifiedDevice(device: SyntheticDevice): Promise<Verified<VerifiedGpuReport>> {
  const mark = Buffer.from(device.report).toString('base64')
  const verified = known.get(mark) ?? verifyDevice(device)
  known.set(mark, verified)
  return verified
}

async function verifyDevice(device: SyntheticDevice): Promise<Verified<VerifiedGpuReport>> {
  const evidence = evidenceFromParts({ report: device.report, certificates: device.chainPem })
  if (evidence.kind !== 'gpu') throw new Error('not a GPU')
  const revocation = { kind: 'unchecked', reason: 'not under test' } as const
  const path = await verifyDevicePath({ certificates: evidence.certificates, trustAnchors, now: world.now, revocation })
  return verifyGpuReport(evidence.report, { path, nonce: device.nonce })
}

export async function verifiedDevices(
  devices: readonly SyntheticDevice[],
): Promise<NonEmptyArray<Verified<VerifiedGpuReport>>> {
  const [first, ...rest] = await Promise.all(devices.map((device) => verifiedDevice(device)))
  if (first === undefined) throw new Error('no device')
  return [first, ...rest]
}

/** The image the synthetic machine runs. */
export const agentMeasurement = 'agent-image-1'

/** A machine that reports what was asked, never moves and never reboots. */
export function soundMachine(): NonNullable<LocationBundleInput['confidentialVm']> {
  return async ({ expectedReportData }) => ({
    reportData: expectedReportData,
    agentMeasurement,
    migratable: false,
    bootId: 'boot-1',
  })
}

export type InputEdits = Partial<LocationBundleInput>

async function scenarioInput(scenario: LocationScenario): Promise<LocationBundleInput> {
  const { directory: signed, now } = scenario
  const directory = await verifyLandmarkDirectory(signed.token, {
    keys: parseJwkSet(encodeUtf8(jwkSetJson([publicJwk(signed.authority)]))),
    issuer: signed.issuer,
    now,
  })
  return {
    directory,
    audience: scenario.audience,
    first: {
      nonce: scenario.nonce,
      nonceIssuedAt: scenario.nonceIssuedAt,
      devices: await verifiedDevices(scenario.devices),
    },
    second: {
      nonce: scenario.secondNonce,
      nonceIssuedAt: scenario.secondNonceIssuedAt,
      devices: await verifiedDevices(scenario.secondDevices),
    },
    isNonceFresh: () => true,
    now,
  }
}

/** Verifies the scenario's directory and bundle with both brackets and a confidential machine, unless told otherwise. */
export async function verifyScenario(
  scenario: LocationScenario,
  edits: InputEdits = {},
): Promise<Verified<LocationEvidence>> {
  const input = await scenarioInput(scenario)
  return verifyLocationBundle(scenario.bundle, { ...input, confidentialVm: soundMachine(), ...edits })
}

/** The same without a verifier for the machine that holds the session key. */
export async function verifyUnconfined(
  scenario: LocationScenario,
  edits: InputEdits = {},
): Promise<Verified<LocationEvidence>> {
  return verifyLocationBundle(scenario.bundle, { ...(await scenarioInput(scenario)), ...edits })
}

/** Everything demanded, and two questions the sound scenario answers. */
export const policy: LocationPolicy = {
  ...strictLocationPolicy,
  id: 'test',
  speed: 'fibre',
  outside: ['RU', 'CN', 'US'],
  agentMeasurements: [agentMeasurement],
}

export interface Judged {
  readonly evidence: Verified<LocationEvidence>
  readonly result: LocationResult
}

export async function judge(
  options: LocationScenarioOptions = {},
  edits: InputEdits = {},
  asked: Partial<LocationPolicy> = {},
): Promise<Judged> {
  const scenario = createLocationScenario(world, options)
  const evidence = await verifyScenario(scenario, edits)
  return { evidence, result: appraiseLocation({ evidence, territories, policy: { ...policy, ...asked } }) }
}

/** Code and place of what a refused scenario threw. */
export async function refusal(run: () => Promise<unknown>): Promise<{ readonly code: string; readonly at: string }> {
  try {
    await run()
  } catch (error) {
    if (error instanceof AttestationError) return { code: error.code, at: error.at }
    throw error
  }
  throw new Error('accepted what must be refused')
}
