// A synthetic device with everything the services know about it.
import { strictPolicy } from '../../src/appraise/policy.js'
import { encodeUtf8 } from '../../src/bytes/text.js'
import type { CollectOptions } from '../../src/collateral/index.js'
import { type Evidence, parseEvidence } from '../../src/nvidia/evidence.js'
import {
  createSyntheticWorld,
  type StatusOptions,
  type SyntheticCertificate,
  sdkEvidenceJson,
} from '../../src/testing/index.js'
import { createVerifier, type Verifier } from '../../src/verifier.js'
import { parseCertificate } from '../../src/x509/certificate.js'
import { trustAnchorFromCertificate } from '../../src/x509/trust-anchor.js'
import { type Known, optionsFor, requestNonce } from './service.js'

export const world = createSyntheticWorld({ seed: 'collateral' })
export const { now } = world
export const device = world.hopper()
export const evidence: readonly Evidence[] = parseEvidence(encodeUtf8(sdkEvidenceJson([device])))
export const driver = world.driverManifest(device)
export const firmware = world.firmwareManifest(device)
export const manifestChain = driver.chain.certificates
export const deviceChain = device.chain.certificates

export const { leaf, brom, provisioner, identity } = device.chain

const distinct = (...chains: readonly (readonly SyntheticCertificate[])[]): number =>
  new Set(chains.flat().map(({ der }) => Buffer.from(der).toString('hex'))).size
const deviceIssuers = deviceChain.slice(1, -1)
const firmwareSigners = firmware.chain.certificates.slice(0, -1)

/** Certificates that are asked about: but for leaves of devices, and roots. */
export const statusCount = distinct(deviceIssuers, manifestChain.slice(0, -1), firmwareSigners)

/** Documents that come while the driver manifest does not: nobody knows its signers yet. */
export const othersCount = 1 + distinct(deviceIssuers, firmwareSigners)

/**
 * Options for a collection that misses the driver manifest: the limits of time begin to run when everything else is
 * there, so that a slow machine changes no outcome.
 */
export function unhurried(origin: string, overrides: Partial<CollectOptions> = {}): CollectOptions {
  const options = optionsFor(origin, now, overrides)
  const { limits, sleep, onProgress } = options
  let arrived: () => void = () => undefined
  const others = new Promise<void>((resolve) => {
    arrived = resolve
  })
  return {
    ...options,
    sleep: (ms, signal) =>
      ms === limits?.attemptMs || ms === limits?.totalMs ? others.then(() => sleep(ms, signal)) : sleep(ms, signal),
    onProgress: (progress) => {
      onProgress?.(progress)
      if (progress.done >= othersCount) arrived()
    },
  }
}

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

type Link = readonly [subject: SyntheticCertificate, issuer: SyntheticCertificate]

function links(chain: readonly SyntheticCertificate[]): readonly Link[] {
  return chain.slice(0, -1).map((subject, index) => [subject, chain[index + 1] ?? subject])
}

/** Everything; with nonces, each answer repeats the one of its request. */
export function knownOf(
  options: StatusOptions = {},
  chains = [deviceChain.slice(1), driver.chain.certificates, firmware.chain.certificates],
): Known {
  const statuses: [string, NonNullable<ReturnType<Known['statuses']['get']>>][] = chains
    .flatMap(links)
    .map(([subject, issuer]) => [
      // DER: a positive INTEGER gains a zero octet where its first bit is set.
      hex(parseCertificate(subject.der).serialNumber),
      ({ body }) => {
        const nonce = requestNonce(body)
        return world.ocspResponse(subject, issuer, nonce === undefined ? options : { nonce, ...options })
      },
    ])
  return {
    manifests: new Map([
      [driver.id, driver.bytes],
      [firmware.id, firmware.bytes],
    ]),
    statuses: new Map(statuses),
  }
}

export function createWorldVerifier(): Verifier {
  const anchor = ({ der }: SyntheticCertificate) => trustAnchorFromCertificate(parseCertificate(der))
  return createVerifier({
    trustAnchors: { device: [anchor(world.trustAnchors.device)], manifest: [anchor(world.trustAnchors.manifest)] },
    policy: strictPolicy,
  })
}
