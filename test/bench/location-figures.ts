// Bench: a location bundle as a ratio against its bare signature checks, and the time of region, verdict and map.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { encodeUtf8 } from '../../src/bytes/text.js'
import type { SignatureCheck } from '../../src/crypto/provider.js'
import { webCryptoProvider } from '../../src/crypto/webcrypto.js'
import { verifyLandmarkDirectory } from '../../src/location/directory.js'
import { intersectDiscs } from '../../src/location/geometry/intersection.js'
import { discRadiusMeters } from '../../src/location/geometry/radius.js'
import { fromDegrees } from '../../src/location/geometry/vector.js'
import { type Bracket, type LocationBundleInput, verifyLocationBundle } from '../../src/location/verify-bundle.js'
import { verifyDevicePath } from '../../src/nvidia/device-path.js'
import { evidenceFromParts } from '../../src/nvidia/evidence.js'
import { verifyGpuReport } from '../../src/nvidia/verify.js'
import { loadTerritories } from '../../src/territories/index.js'
import type { TokenEncoding } from '../../src/testing/dual-claims.js'
import {
  createLocationScenario,
  createSyntheticWorld,
  jwkSetJson,
  type LandmarkPlace,
  type LocationScenario,
  plausibleRttNs,
  publicJwk,
  type SyntheticDevice,
} from '../../src/testing/index.js'
import { parseJwkSet } from '../../src/token/jwks.js'
import { parseCertificate } from '../../src/x509/certificate.js'
import { trustAnchorFromCertificate } from '../../src/x509/trust-anchor.js'
import { microseconds, type Row, timeRatio } from './measure.js'

const bundleLandmarks = 50
const regionLandmarks = 100

const world = createSyntheticWorld({ seed: 'bench location' })
const trustAnchors = [trustAnchorFromCertificate(parseCertificate(world.trustAnchors.device.der))] as const

export async function benchLocation(): Promise<readonly Row[]> {
  return [await bundleRow('json'), await bundleRow('cbor'), regionRow(), loadRow()]
}

/** Landmarks of as many operators, evenly over the northern half of the globe. */
function places(count: number): readonly LandmarkPlace[] {
  return Array.from({ length: count }, (_, i) => ({
    name: `landmark ${i}`,
    operator: `operator ${i}`,
    country: 'NL',
    latitude: (Math.asin((i + 0.5) / count) * 180) / Math.PI,
    // The golden angle: no two meridians coincide.
    longitude: ((i * 137.508 + 180) % 360) - 180,
  }))
}

async function bracket(devices: readonly SyntheticDevice[], nonce: Uint8Array, nonceIssuedAt: Date): Promise<Bracket> {
  const [device] = devices
  if (device === undefined) throw new Error('no device')
  const evidence = evidenceFromParts({ report: device.report, certificates: device.chainPem })
  if (evidence.kind !== 'gpu') throw new Error('not a GPU')
  const revocation = { kind: 'unchecked', reason: 'bench' } as const
  const { certificates, report } = evidence
  const path = await verifyDevicePath({ certificates, trustAnchors, now: world.now, revocation })
  return { nonce, nonceIssuedAt, devices: [await verifyGpuReport(report, { path, nonce: device.nonce })] }
}

/** Directory and devices verified beforehand: the figure is the bundle's own work. */
async function bundleInput(scenario: LocationScenario): Promise<LocationBundleInput> {
  const { directory: signed, now, audience } = scenario
  const keys = parseJwkSet(encodeUtf8(jwkSetJson([publicJwk(signed.authority)])))
  return {
    directory: await verifyLandmarkDirectory(signed.token, { keys, issuer: signed.issuer, now }),
    audience,
    first: await bracket(scenario.devices, scenario.nonce, scenario.nonceIssuedAt),
    second: await bracket(scenario.secondDevices, scenario.secondNonce, scenario.secondNonceIssuedAt),
    isNonceFresh: () => true,
    now,
  }
}

async function bundleRow(encoding: TokenEncoding): Promise<Row> {
  const scenario = createLocationScenario(world, { encoding, places: places(bundleLandmarks) })
  const input = await bundleInput(scenario)
  const checks: SignatureCheck[] = []
  const crypto: typeof webCryptoProvider = {
    ...webCryptoProvider,
    verify: (check) => {
      checks.push(check)
      return webCryptoProvider.verify(check)
    },
  }
  const { measurements, rejected } = await verifyLocationBundle(scenario.bundle, { ...input, crypto })
  if (measurements.length !== bundleLandmarks || rejected.length > 0) throw new Error('bench bundle fails')
  // The very checks the bundle took, whatever their algorithms.
  const oneByOne = async (): Promise<void> => {
    for (const check of checks) await webCryptoProvider.verify(check)
  }
  const algorithms = [...new Set(checks.map(({ algorithm }) => algorithm))].join(', ')
  return {
    what: `bundle of ${bundleLandmarks} landmarks (${encoding}): time / its ${checks.length} bare signatures in turn (${algorithms})`,
    value: await timeRatio(() => verifyLocationBundle(scenario.bundle, input), oneByOne),
    target: 1.2,
    bound: 'at most',
    unit: 'x',
  }
}

const truths = [
  { latitude: 52.3, longitude: 4.95 },
  { latitude: 37.4, longitude: -122.1 },
  { latitude: 1.35, longitude: 103.8 },
  { latitude: 46.2, longitude: 6.15 },
  { latitude: 50.4, longitude: 30.5 },
  { latitude: -23.5, longitude: -46.6 },
  { latitude: 22.3, longitude: 114.2 },
  { latitude: 25.2, longitude: 55.3 },
] as const

/** Discs, region, the territories it meets, and the answer of being inside and outside of each one by itself. */
function regionRow(): Row {
  const territories = loadTerritories()
  const landmarks = places(regionLandmarks)
  let turn = 0
  const verdict = (): number => {
    const truth = truths[turn++ % truths.length] ?? truths[0]
    const discs = landmarks.map((place) => {
      const roundTrip = { rttNs: plausibleRttNs(truth, place), positionUncertaintyMeters: 100, clockErrorPpm: 50 }
      const radiusMeters = discRadiusMeters({ ...roundTrip, speed: 'fibre' })
      return { center: fromDegrees(place.latitude, place.longitude), radiusMeters, group: place.operator }
    })
    const region = intersectDiscs({ discs, faultTolerance: 1 })
    if (region.kind !== 'bounded') throw new Error(`bench region is ${region.kind}`)
    const answers = territories.codes.map((code) => [
      territories.inside(region, [code], 'counted'),
      territories.outside(region, [code]),
    ])
    return answers.length + territories.possible(region).length
  }
  return {
    what: `region from ${regionLandmarks} landmarks, inside and outside of each of ${territories.codes.length} territories`,
    value: microseconds(verdict, 2 * truths.length) / 1000,
    target: 25,
    bound: 'at most',
    unit: 'ms',
  }
}

/** Milliseconds that a fresh Node takes to import the built entry and load its map; median of nine. */
function loadRow(): Row {
  const entry = JSON.stringify(join(process.cwd(), 'dist', 'territories.js'))
  const script = `const t = performance.now(); const { loadTerritories } = await import(${entry}); loadTerritories(); console.log(performance.now() - t)`
  const times = Array.from({ length: 9 }, () =>
    Number(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })),
  )
  return {
    what: 'import of the built territories entry and loadTerritories, first use on Node',
    value: times.sort((a, b) => a - b)[4] ?? Number.NaN,
    target: 80,
    bound: 'at most',
    unit: 'ms',
  }
}
