// One synthetic world with everything an appraisal needs, and the two ways to judge its devices.
import type { DeviceCheckId } from '../../src/appraise/checks.js'
import type { Collateral } from '../../src/appraise/collateral.js'
import type { DeviceResult } from '../../src/appraise/device.js'
import { type AppraisalPolicy, strictPolicy } from '../../src/appraise/policy.js'
import { encodeUtf8 } from '../../src/bytes/text.js'
import { type Evidence, parseEvidence } from '../../src/nvidia/evidence.js'
import type { Check } from '../../src/result/check.js'
import type { NonEmptyArray } from '../../src/result/result.js'
import {
  createSyntheticWorld,
  type StatusOptions,
  type SyntheticCertificate,
  type SyntheticDevice,
  type SyntheticManifest,
  type SyntheticWorld,
  sdkEvidenceJson,
} from '../../src/testing/index.js'
import { createVerifier, type Verifier, type VerifierTrustAnchors } from '../../src/verifier.js'
import { parseCertificate } from '../../src/x509/certificate.js'
import { type OcspResponse, parseOcspResponse } from '../../src/x509/ocsp.js'
import { type TrustAnchor, trustAnchorFromCertificate } from '../../src/x509/trust-anchor.js'

export const world: SyntheticWorld = createSyntheticWorld({ seed: 'appraisal' })
export const now: Date = world.now

function anchorOf(certificate: SyntheticCertificate): NonEmptyArray<TrustAnchor> {
  return [trustAnchorFromCertificate(parseCertificate(certificate.der))]
}

export const trustAnchors: VerifierTrustAnchors = {
  device: anchorOf(world.trustAnchors.device),
  manifest: anchorOf(world.trustAnchors.manifest),
}

export function verifierOf(policy: AppraisalPolicy = strictPolicy): Verifier {
  return createVerifier({ trustAnchors, policy })
}

/** The strict policy with changes, under a name of its own. */
export function policyWith(changes: Partial<AppraisalPolicy>): AppraisalPolicy {
  return { ...strictPolicy, id: 'test/1', ...changes }
}

export function evidenceOf(device: SyntheticDevice, labels: Readonly<Record<string, unknown>> = {}): Evidence {
  const [evidence] = parseEvidence(encodeUtf8(sdkEvidenceJson([device], labels)))
  if (evidence === undefined) throw new Error('no evidence')
  return evidence
}

export function manifestsOf(device: SyntheticDevice): readonly SyntheticManifest[] {
  const firmware = world.firmwareManifest(device)
  return device.driverManifestId === undefined ? [firmware] : [world.driverManifest(device), firmware]
}

export function responses(ders: readonly Uint8Array[]): readonly OcspResponse[] {
  return ders.map((der, i) => parseOcspResponse(der, `ocsp[${i}]`))
}

/** What a careful collector brings for one device. */
export function collateralFor(
  device: SyntheticDevice,
  manifests: readonly SyntheticManifest[] = manifestsOf(device),
  status: StatusOptions = {},
): Collateral {
  return {
    manifests: manifests.map(({ bytes }) => bytes),
    ocspResponses: responses([
      ...world.deviceOcspResponses(device.chain, status),
      ...manifests.flatMap(({ chain }) => world.manifestOcspResponses(chain, status)),
    ]),
    crls: [],
  }
}

const sound = new WeakMap<SyntheticDevice, Collateral>()

/** The same object for the same device: signing takes far longer than judging. */
function soundCollateral(device: SyntheticDevice): Collateral {
  const made = sound.get(device) ?? collateralFor(device)
  sound.set(device, made)
  return made
}

export interface Scene {
  readonly device: SyntheticDevice
  readonly collateral?: Collateral
  readonly policy?: AppraisalPolicy
  readonly labels?: Readonly<Record<string, unknown>>
  readonly at?: Date
  readonly nonce?: Uint8Array
}

export function judge({ device, collateral, policy, labels, at, nonce }: Scene): Promise<DeviceResult> {
  return verifierOf(policy).appraise(evidenceOf(device, labels), {
    nonce: nonce ?? device.nonce,
    now: at ?? now,
    collateral: collateral ?? soundCollateral(device),
  })
}

export function outcome(result: { readonly checks: readonly Check[] }, id: string): Check {
  const found = result.checks.find((check) => check.id === id)
  if (found === undefined) throw new Error(`no check ${id}`)
  return found
}

/** Ids of the checks that stand in the way of a pass. */
export function unsatisfied<Id extends string>(result: { readonly checks: readonly Check<Id>[] }): readonly Id[] {
  return result.checks
    .filter((check) => check.outcome === 'fail' || check.outcome === 'indeterminate')
    .map((check) => check.id)
}

export function codes(result: { readonly failures: readonly { readonly code: string }[] }): readonly string[] {
  return result.failures.map(({ code }) => code)
}

export const gpuOnly: readonly DeviceCheckId[] = [
  'driver-manifest',
  'driver-manifest-revocation',
  'driver-manifest-binding',
  'driver-measurements',
  'manifest-conflict',
]
