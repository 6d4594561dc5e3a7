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

/** Plays a measurement campaign in the world: sound unless an option says otherwise. */
export function createLocationScenario(world: SyntheticWorld, options: LocationScenarioOptions = {}): LocationScenario {
  const { encoding = 'json', truth = { latitude: 52.3, longitude: 4.95 } } = options
  const { audience = 'https://verifier.gpu-attestation.example', devices: names = ['device-0'] } = options
  const landmarks = (options.places ?? landmarkPlaces).map((place) => createLandmark(world.seed, place))
  const start = Math.floor(world.now.getTime() / 1000)
  const directory = createDirectory(world.seed, landmarks, encoding, {
    issuedAt: new Date((start - 3600) * 1000),
    ...options.directory,
  })
  const sessionKey = options.sessionKey ?? world.key('session', 'P-256')
  const nonce = world.bytes('verifier nonce', 32)
  const secondNonce = world.bytes('second verifier nonce', 32)
  const campaign = world.bytes('campaign', 16)
  const bindingOf = (value: Bytes): Uint8Array<ArrayBuffer> =>
    cborBytes(editClaims(bindingClaims(value, sessionKey, audience, directory.digest, campaign), options.binding))
  const binding = bindingOf(nonce)
  const challenge = hash(domainBytes('gpuloc/bind/v1', binding))
  const secondChallenge = hash(domainBytes('gpuloc/bind/v1', bindingOf(secondNonce)))
  const device = (name: string, value: Bytes): SyntheticDevice => world.hopper({ device: name, nonce: value })
  const devices = names.map((name) => device(name, options.deviceNonce ?? challenge))
  const deviceSet = deviceSetDigest(devices)
  const machine = options.machineEvidence === undefined ? new Uint8Array(32) : hash(options.machineEvidence)
  const evidence = hash(domainBytes('gpuloc/evidence/v1', challenge, deviceSet, machine))
  const tokens = landmarks.map((landmark, index) =>
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
  const bundle = bundleClaims({
    nonce,
    audience,
    binding,
    issuedAt: start + 20,
    tokens: options.measurements?.(tokens) ?? tokens,
    machineEvidence: options.machineEvidence,
  })
  return {
    landmarks,
    directory,
    audience,
    nonce,
    nonceIssuedAt: new Date(start * 1000),
    secondNonce,
    secondNonceIssuedAt: new Date((start + 30) * 1000),
    challenge,
    secondChallenge,
    devices,
    secondDevices: (options.secondDevices ?? names).map((name) =>
      device(name, options.secondDeviceNonce ?? secondChallenge),
    ),
    deviceSet,
    bundle: signClaims(editClaims(bundle, options.bundle), options.bundleKey ?? sessionKey, encoding, {
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
