// A synthetic device with everything the services know about it.
import { strictPolicy } from '../../src/appraise/policy.js'
import { encodeUtf8 } from '../../src/bytes/text.js'
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
import { type Known, requestNonce } from './service.js'

export const world = createSyntheticWorld({ seed: 'collateral' })
export const { now } = world
export const device = world.hopper()
export const evidence: readonly Evidence[] = parseEvidence(encodeUtf8(sdkEvidenceJson([device])))
export const driver = world.driverManifest(device)
export const firmware = world.firmwareManifest(device)
export const manifestChain = driver.chain.certificates
export const deviceChain = device.chain.certificates

export const { leaf, brom, provisioner, identity } = device.chain

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
