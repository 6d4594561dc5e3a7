// A whole campaign on one machine: directory authority, landmarks, agent with synthetic GPU, verifier.
import { randomBytes } from 'node:crypto'
import {
  appraiseLocation,
  type LandmarkDirectory,
  type LocationEvidence,
  type LocationPolicy,
  type LocationResult,
  parseBundleBinding,
  renewBinding,
  strictLocationPolicy,
  type TerritorySet,
  verifyLandmarkDirectory,
  verifyLocationBundle,
} from '../../../src/location-entry.js'
import { verifyDevicePath } from '../../../src/nvidia/device-path.js'
import { evidenceFromParts } from '../../../src/nvidia/evidence.js'
import { type VerifiedGpuReport, verifyGpuReport } from '../../../src/nvidia/verify.js'
import type { Verified } from '../../../src/result/proof.js'
import type { NonEmptyArray } from '../../../src/result/result.js'
import { createSyntheticWorld, type SyntheticDevice, type SyntheticWorld } from '../../../src/testing/index.js'
import { parseJwkSet } from '../../../src/token/jwks.js'
import { parseCertificate } from '../../../src/x509/certificate.js'
import { trustAnchorFromCertificate } from '../../../src/x509/trust-anchor.js'
import { createAgent, type LandmarkAddress } from './agent.js'
import { createIdentity, type Identity, signJws } from './identity.js'
import { type RunningLandmark, startLandmark } from './landmark.js'
import { base64url, profile } from './protocol.js'

export interface LandmarkSite {
  readonly name: string
  readonly operator: string
  readonly latitude: number
  readonly longitude: number
}

/** Invented places: all run on this machine, so the round trips are those of the loopback interface. */
export const sites: readonly LandmarkSite[] = [
  { name: 'north', operator: 'operator-a', latitude: 52.305, longitude: 4.95 },
  { name: 'east', operator: 'operator-b', latitude: 52.3, longitude: 4.958 },
  { name: 'south', operator: 'operator-c', latitude: 52.295, longitude: 4.95 },
]

export const audience = 'https://verifier.example'
export const directoryIssuer = 'https://landmarks.example'
const positionUncertaintyMeters = 50

export interface CampaignOptions {
  readonly rounds: number
  readonly spacingMs: number
  /** Of the agent; see there. */
  readonly identity?: Identity
  readonly timeoutMs?: number
}

/** Everything that crosses a trust boundary, as the verifier receives or knows it. */
export interface CampaignRecord {
  readonly world: SyntheticWorld
  readonly directory: string
  /** Known to the verifier beforehand. */
  readonly directoryKeys: Uint8Array
  readonly nonce: Uint8Array
  readonly nonceIssuedAt: Date
  readonly secondNonce: Uint8Array
  readonly secondNonceIssuedAt: Date
  readonly bundle: string
  /** What the devices answered, first and second time. */
  readonly devices: readonly SyntheticDevice[]
  readonly secondDevices: readonly SyntheticDevice[]
  readonly now: Date
}

/** Runs it over real sockets. Wall clocks follow the synthetic world's date, in which its certificates are valid. */
export async function runCampaign({ rounds, spacingMs, ...agentOptions }: CampaignOptions): Promise<CampaignRecord> {
  const world = createSyntheticWorld({ seed: 'landmark example' })
  const started = performance.now()
  const clock = (aheadMs = 0): Date => new Date(world.now.getTime() + performance.now() - started + aheadMs)
  const authority = createIdentity()
  const identities = sites.map(() => createIdentity())
  const directory = signDirectory(authority, identities, clock())
  const landmarks: RunningLandmark[] = []
  try {
    for (const [index, { name, latitude, longitude }] of sites.entries()) {
      const identity = identities[index]
      if (identity === undefined) continue
      const place = { name, latitude, longitude, positionUncertaintyMeters }
      landmarks.push(await startLandmark({ identity, ...place, rounds, spacingMs, now: clock }))
    }
    const nonce = new Uint8Array(randomBytes(32))
    const nonceIssuedAt = clock()
    const asked = new Map<Uint8Array, SyntheticDevice>()
    const attest = (challenge: Uint8Array): readonly Uint8Array[] => {
      const device = world.hopper({ nonce: challenge })
      asked.set(device.report, device)
      return [device.report]
    }
    const agent = createAgent({ nonce, audience, directory }, { attest, now: clock, ...agentOptions })
    const addresses = identities.map(
      ({ jwk }, index): LandmarkAddress => ({ key: jwk, port: landmarks[index]?.port ?? 0 }),
    )
    const bundle = await agent.measure(addresses)
    const devicesOf = (reports: readonly Uint8Array[]): readonly SyntheticDevice[] =>
      reports.flatMap((report) => asked.get(report) ?? [])
    // Landmarks give whole seconds, so the second nonce must be a few later. Nobody has to wait for an invented clock.
    const secondNonce = new Uint8Array(randomBytes(32))
    const secondNonceIssuedAt = clock(5_000)
    const secondDevices = devicesOf(agent.attestAgain(secondNonce))
    const keySet = { keys: [{ ...authority.jwk, alg: 'Ed25519', kid: base64url(authority.thumbprint) }] }
    const directoryKeys = new TextEncoder().encode(JSON.stringify(keySet))
    return {
      ...{ world, directory, directoryKeys, nonce, nonceIssuedAt, secondNonce, secondNonceIssuedAt, bundle },
      devices: devicesOf(agent.reports),
      secondDevices,
      now: clock(10_000),
    }
  } finally {
    for (const landmark of landmarks) await landmark.close()
  }
}

/** A real authority checks keys and positions before it signs; see the README. */
function signDirectory(authority: Identity, identities: readonly Identity[], now: Date): string {
  const issuedAt = Math.floor(now.getTime() / 1000)
  const landmarks = sites.map(({ operator, latitude, longitude }, index) => ({
    cnf: { jwk: identities[index]?.jwk },
    location: { latitude, longitude },
    pos_unc: positionUncertaintyMeters,
    operator,
    country: 'NL',
    nbf: issuedAt,
    exp: issuedAt + 86_400,
    status: 'active',
    clk_ppm: 100,
    pos_basis: 'endorsement',
  }))
  const times = { iat: issuedAt, exp: issuedAt + 86_400 }
  return signJws(authority, 'application/gpuloc-dir+jwt', {
    ...{ iss: directoryIssuer, ...times, jti: 'example', eat_profile: profile, landmarks },
  })
}

/** What this verifier asks, and what it does without: nothing here shows a CPU's evidence. */
export const policy: LocationPolicy = {
  ...strictLocationPolicy,
  id: 'landmark-example',
  outside: ['AU', 'NZ'],
  waivers: (['key-confinement', 'agent', 'migration'] as const).map((check) => ({
    check,
    reason: 'the example has no confidential machine',
  })),
}

/** The verifier's side: every key and nonce is its own, every report is checked against the challenge. */
export async function verifyCampaign(record: CampaignRecord): Promise<Verified<LocationEvidence>> {
  const { bundle, nonce, secondNonce, nonceIssuedAt, secondNonceIssuedAt, now } = record
  const directory: Verified<LandmarkDirectory> = await verifyLandmarkDirectory(record.directory, {
    keys: parseJwkSet(record.directoryKeys),
    issuer: directoryIssuer,
    now,
  })
  const binding = await parseBundleBinding(bundle)
  const renewed = await renewBinding(binding, secondNonce)
  const unused = new Set([nonce, secondNonce].map((bytes) => Buffer.from(bytes).toString('hex')))
  return verifyLocationBundle(bundle, {
    directory,
    audience,
    first: { nonce, nonceIssuedAt, devices: await verifyDevices(record, record.devices, binding.challenge) },
    second: {
      nonce: secondNonce,
      nonceIssuedAt: secondNonceIssuedAt,
      devices: await verifyDevices(record, record.secondDevices, renewed.challenge),
    },
    isNonceFresh: (bytes) => unused.delete(Buffer.from(bytes).toString('hex')),
    now,
    // Both ends run on one busy machine here; between machines the default of 2 ms is right.
    agentRttSlackNs: 200_000_000,
  })
}

async function verifyDevices(
  { world, now }: CampaignRecord,
  devices: readonly SyntheticDevice[],
  challenge: Uint8Array,
): Promise<NonEmptyArray<Verified<VerifiedGpuReport>>> {
  const trustAnchors = [trustAnchorFromCertificate(parseCertificate(world.trustAnchors.device.der))] as const
  const verified = await Promise.all(
    devices.map(async ({ report, chainPem }) => {
      const evidence = evidenceFromParts({ report, certificates: chainPem })
      if (evidence.kind !== 'gpu') throw new Error('not a GPU')
      const path = await verifyDevicePath({
        certificates: evidence.certificates,
        trustAnchors,
        now,
        revocation: { kind: 'unchecked', reason: 'synthetic devices are never revoked' },
      })
      return verifyGpuReport(evidence.report, { path, nonce: challenge })
    }),
  )
  const [first, ...rest] = verified
  if (first === undefined) throw new Error('no device')
  return [first, ...rest]
}

export function appraiseCampaign(evidence: Verified<LocationEvidence>, territories: TerritorySet): LocationResult {
  return appraiseLocation({ evidence, policy, territories })
}
