// A whole location scenario: landmarks, directory, agent, devices, measurements and bundle, with at most one fault.
import type { Bytes } from '../bytes/bytes.js'
import { encodeHex } from '../bytes/hex.js'
import type { SyntheticDevice } from './device.js'
import {
  type ClaimEdits,
  cborBytes,
  claim,
  type DualClaim,
  editClaims,
  signClaims,
  type TokenEncoding,
  type TokenOptions,
} from './dual-claims.js'
import type { SyntheticKey } from './key.js'
import { confirmationKey, domainBytes, hash } from './location-keys.js'
import {
  createDirectory,
  createLandmark,
  type DirectoryOptions,
  type GeographicPosition,
  type LandmarkPlace,
  landmarkPlaces,
  locationProfileUri,
  type SyntheticDirectory,
  type SyntheticLandmark,
} from './location-landmarks.js'
import { createMeasurement, type MeasurementFaults } from './location-measurement.js'
import type { SyntheticWorld } from './world.js'

/** What a campaign is like, and what is wrong with it. */
export interface LocationScenarioOptions {
  readonly encoding?: TokenEncoding
  /** Where the machine stands. */
  readonly truth?: GeographicPosition
  readonly places?: readonly LandmarkPlace[]
  /** Names of the devices in the machine. */
  readonly devices?: readonly string[]
  readonly directory?: Omit<DirectoryOptions, 'issuedAt'>
  /** Claims of the binding object. */
  readonly binding?: ClaimEdits
  /** What the devices sign in place of the challenge. */
  readonly deviceNonce?: Bytes
  readonly secondDeviceNonce?: Bytes
  readonly secondDevices?: readonly string[]
  readonly sessionKey?: SyntheticKey
  /** Evidence of the confidential machine, as it travels. */
  readonly machineEvidence?: Bytes
  readonly measurement?: (index: number) => MeasurementFaults | undefined
  /** Tokens of the bundle, last. */
  readonly measurements?: (tokens: readonly (string | Bytes)[]) => readonly (string | Bytes)[]
  readonly bundle?: ClaimEdits
  readonly bundleToken?: TokenOptions
  readonly bundleKey?: SyntheticKey
  readonly audience?: string
}

/** A whole campaign: devices, landmarks, directory, bundle, and what a verifier needs to judge it. */
export interface LocationScenario {
  readonly landmarks: readonly SyntheticLandmark[]
  readonly directory: SyntheticDirectory
  readonly audience: string
  readonly nonce: Bytes
  readonly nonceIssuedAt: Date
  readonly secondNonce: Bytes
  readonly secondNonceIssuedAt: Date
  /** What the devices sign in the first and in the second bracket. */
  readonly challenge: Bytes
  readonly secondChallenge: Bytes
  readonly devices: readonly SyntheticDevice[]
  readonly secondDevices: readonly SyntheticDevice[]
  /** SHA-256 over all reports: second half of what the machine's evidence covers. */
  readonly deviceSet: Bytes
  readonly bundle: string | Bytes
  /** When the bundle is verified. */
  readonly now: Date
}

const earthRadiusKm = 6371

/** Great-circle distance by the haversine formula. */
export function distanceKm(a: GeographicPosition, b: GeographicPosition): number {
  const radians = Math.PI / 180
  const half = (degrees: number): number => Math.sin((degrees * radians) / 2) ** 2
  const across = Math.cos(a.latitude * radians) * Math.cos(b.latitude * radians)
  const h = half(b.latitude - a.latitude) + across * half(b.longitude - a.longitude)
  return 2 * earthRadiusKm * Math.asin(Math.min(1, Math.sqrt(h)))
}

/** A round trip over fibre that takes a tenth more than the straight way, and 0.1 ms at the ends. */
export function plausibleRttNs(a: GeographicPosition, b: GeographicPosition): number {
  return Math.round((distanceKm(a, b) * 2 * 1.1 * 1e9) / 199_862 + 100_000)
}

function samples(shortestNs: number): readonly number[] {
  return [1_400_000, 90_000, 0, 310_000, 55_000].map((extra) => shortestNs + extra)
}

function bindingClaims(
  nonce: Bytes,
  key: SyntheticKey,
  audience: string,
  directory: Bytes,
  campaign: Bytes,
): readonly DualClaim[] {
  return [
    claim('eat_profile', 265, locationProfileUri),
    claim('eat_nonce', 10, nonce),
    claim('cnf', 8, confirmationKey(key)),
    claim('aud', 3, audience),
    claim('dir', -77010, directory),
    claim('campaign', -77011, campaign),
  ]
}

function deviceSetDigest(devices: readonly SyntheticDevice[]): Bytes {
  const digests = devices.map(({ report }) => hash(report))
  // Fixed width: hexadecimal text sorts as the bytes do.
  digests.sort((a, b) => (encodeHex(a) < encodeHex(b) ? -1 : 1))
  return hash(domainBytes('gpuloc/gpus/v1', ...digests))
}

/** What the agent has before it measures. */
interface Campaign {
  readonly sessionKey: SyntheticKey
  readonly nonce: Bytes
  readonly secondNonce: Bytes
  readonly audience: string
  readonly directory: SyntheticDirectory
  readonly binding: Bytes
  readonly challenge: Bytes
  readonly secondChallenge: Bytes
}

function openCampaign(
  world: SyntheticWorld,
  landmarks: readonly SyntheticLandmark[],
  start: number,
  options: LocationScenarioOptions,
): Campaign {
  const { encoding = 'json', audience = 'https://verifier.gpu-attestation.example' } = options
  const directory = createDirectory(world.seed, landmarks, encoding, {
    issuedAt: new Date((start - 3600) * 1000),
    ...options.directory,
  })
  const sessionKey = options.sessionKey ?? world.key('session', 'P-256')
  const campaign = world.bytes('campaign', 16)
  const bindingOf = (nonce: Bytes): Uint8Array<ArrayBuffer> =>
    cborBytes(editClaims(bindingClaims(nonce, sessionKey, audience, directory.digest, campaign), options.binding))
  const challengeOf = (nonce: Bytes): Bytes => hash(domainBytes('gpuloc/bind/v1', bindingOf(nonce)))
  const nonce = world.bytes('verifier nonce', 32)
  const secondNonce = world.bytes('second verifier nonce', 32)
  return {
    sessionKey,
    nonce,
    secondNonce,
    audience,
    directory,
    binding: bindingOf(nonce),
    challenge: challengeOf(nonce),
    secondChallenge: challengeOf(secondNonce),
  }
}

function measureAll(
  world: SyntheticWorld,
  landmarks: readonly SyntheticLandmark[],
  { sessionKey, nonce, audience, challenge }: Campaign,
  { start, deviceSet }: { readonly start: number; readonly deviceSet: Bytes },
  options: LocationScenarioOptions,
): readonly (string | Bytes)[] {
  const { encoding = 'json', truth = defaultTruth, machineEvidence } = options
  const machine = machineEvidence === undefined ? new Uint8Array(32) : hash(machineEvidence)
  const evidence = hash(domainBytes('gpuloc/evidence/v1', challenge, deviceSet, machine))
  return landmarks.map((landmark, index) =>
    createMeasurement(
      {
        seed: world.seed,
        landmark,
        sessionKey,
        evidence,
        verifierNonce: nonce,
        audience,
        rttNs: samples(plausibleRttNs(truth, landmark)),
        window: [start + 10, start + 12],
        encoding,
      },
      options.measurement?.(index),
    ),
  )
}

const defaultTruth: GeographicPosition = { latitude: 52.3, longitude: 4.95 }

/** Plays a measurement campaign in the world: sound unless an option says otherwise. */
export function createLocationScenario(world: SyntheticWorld, options: LocationScenarioOptions = {}): LocationScenario {
  const { encoding = 'json', devices: names = ['device-0'], machineEvidence } = options
  const landmarks = (options.places ?? landmarkPlaces).map((place) => createLandmark(world.seed, place))
  const start = Math.floor(world.now.getTime() / 1000)
  const campaign = openCampaign(world, landmarks, start, options)
  const { nonce, audience, binding, challenge, secondChallenge } = campaign
  const answer = (among: readonly string[], value: Bytes): readonly SyntheticDevice[] =>
    among.map((device) => world.hopper({ device, nonce: value }))
  const devices = answer(names, options.deviceNonce ?? challenge)
  const deviceSet = deviceSetDigest(devices)
  const measured = measureAll(world, landmarks, campaign, { start, deviceSet }, options)
  const tokens = options.measurements?.(measured) ?? measured
  const claims = bundleClaims({ nonce, audience, binding, issuedAt: start + 20, tokens, machineEvidence })
  return {
    landmarks,
    directory: campaign.directory,
    audience,
    nonce,
    nonceIssuedAt: new Date(start * 1000),
    secondNonce: campaign.secondNonce,
    secondNonceIssuedAt: new Date((start + 30) * 1000),
    challenge,
    secondChallenge,
    devices,
    secondDevices: answer(options.secondDevices ?? names, options.secondDeviceNonce ?? secondChallenge),
    deviceSet,
    bundle: signClaims(editClaims(claims, options.bundle), options.bundleKey ?? campaign.sessionKey, encoding, {
      type: 'application/gpuloc-bundle',
      ...options.bundleToken,
    }),
    now: new Date((start + 40) * 1000),
  }
}

interface BundleParts {
  readonly nonce: Bytes
  readonly audience: string
  readonly binding: Bytes
  readonly issuedAt: number
  readonly tokens: readonly (string | Bytes)[]
  readonly machineEvidence: Bytes | undefined
}

function bundleClaims({
  nonce,
  audience,
  binding,
  issuedAt,
  tokens,
  machineEvidence,
}: BundleParts): readonly DualClaim[] {
  return [
    claim('eat_profile', 265, locationProfileUri),
    claim('eat_nonce', 10, nonce),
    claim('iat', 6, issuedAt),
    claim('aud', 3, audience),
    claim('bind', -77033, binding),
    claim('meas', -77030, tokens),
    ...(machineEvidence === undefined
      ? []
      : [
          claim('evidence', -77034, {
            members: [claim('cvm', 'cvm', ['application/octet-stream', machineEvidence, 4])],
          }),
        ]),
  ]
}
