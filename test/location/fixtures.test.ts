// Every location fixture on disk, read as a caller would, gets the verdict written for it, in JWS and in COSE alike.
import { readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { LocationCase, LocationFiles } from '../../fixtures/location.js'
import { locationPlans } from '../../fixtures/location-cases.js'
import { appraiseLocation, type LocationResult } from '../../src/appraise/location.js'
import { parseHex } from '../../src/bytes/hex.js'
import { parsePem } from '../../src/encoding/pem.js'
import type { AttestedDevice } from '../../src/location/attested-device.js'
import { parseBundleBinding, renewBinding } from '../../src/location/binding.js'
import { verifyLandmarkDirectory } from '../../src/location/directory.js'
import type { ConfidentialVmVerifier } from '../../src/location/evidence.js'
import { parseLocationPolicy } from '../../src/location/policy-json.js'
import { verifyLocationBundle } from '../../src/location/verify-bundle.js'
import { verifyDevicePath } from '../../src/nvidia/device-path.js'
import { parseEvidence } from '../../src/nvidia/evidence.js'
import { verifyGpuReport } from '../../src/nvidia/verify.js'
import { AttestationError } from '../../src/result/error.js'
import type { Verified } from '../../src/result/proof.js'
import type { NonEmptyArray } from '../../src/result/result.js'
import { loadTerritories } from '../../src/territories/index.js'
import { parseJwkSet } from '../../src/token/jwks.js'
import { parseCertificate } from '../../src/x509/certificate.js'
import { trustAnchorFromCertificate } from '../../src/x509/trust-anchor.js'

const folder = resolve(dirname(fileURLToPath(import.meta.url)), '../../fixtures')
const territories = loadTerritories()

function read(path: string): Uint8Array {
  return new Uint8Array(readFileSync(join(folder, path)))
}

async function devices(path: string, fixture: LocationCase): Promise<NonEmptyArray<Verified<AttestedDevice>>> {
  const [anchor] = parsePem(readFileSync(join(folder, fixture.deviceTrustAnchor), 'utf8'), 'anchor')
  if (anchor === undefined) throw new Error('no anchor')
  const trustAnchors = [trustAnchorFromCertificate(parseCertificate(anchor.bytes))] as const
  const verified = await Promise.all(
    parseEvidence(read(path)).map(async (evidence) => {
      if (evidence.kind !== 'gpu') throw new Error('not a GPU')
      const path = await verifyDevicePath({
        certificates: evidence.certificates,
        trustAnchors,
        now: new Date(fixture.now),
        revocation: { kind: 'unchecked', reason: 'not under test' },
      })
      // The caller gives the challenge that follows from the bundle; a report on another one is refused here or later.
      return verifyGpuReport(evidence.report, { path, nonce: evidence.report.request.nonce })
    }),
  )
  const [first, ...rest] = verified
  if (first === undefined) throw new Error('no device')
  return [first, ...rest]
}

function machine(facts: LocationCase['machine']): { readonly confidentialVm?: ConfidentialVmVerifier } {
  if (facts === null) return {}
  const { agentMeasurement, migratable, bootIds, covers } = facts
  return {
    confidentialVm: async ({ bracket, expectedReportData }) => ({
      reportData: covers === 'expected' ? expectedReportData : new Uint8Array(64),
      agentMeasurement,
      migratable,
      bootId: bootIds[bracket === 'first' ? 0 : 1],
    }),
  }
}

async function judge(fixture: LocationCase, files: LocationFiles): Promise<LocationResult> {
  const now = new Date(fixture.now)
  const directory = await verifyLandmarkDirectory(read(files.directory), {
    keys: parseJwkSet(read(fixture.directoryKeys)),
    issuer: fixture.directoryIssuer,
    now,
  })
  const second =
    files.second === null
      ? {}
      : {
          second: {
            nonce: parseHex(fixture.secondNonceHex, 'secondNonceHex'),
            nonceIssuedAt: new Date(fixture.secondNonceIssuedAt),
            devices: await devices(files.second, fixture),
          },
        }
  const evidence = await verifyLocationBundle(read(files.bundle), {
    directory,
    audience: fixture.audience,
    first: {
      nonce: parseHex(fixture.nonceHex, 'nonceHex'),
      nonceIssuedAt: new Date(fixture.nonceIssuedAt),
      devices: await devices(files.first, fixture),
    },
    ...second,
    isNonceFresh: () => fixture.nonceFresh,
    now,
    ...machine(fixture.machine),
  })
  const policy = parseLocationPolicy(JSON.stringify(fixture.policy))
  return appraiseLocation({ evidence, territories, policy })
}

interface Outcome {
  readonly outcome: 'pass' | 'fail' | 'refused'
  readonly codes: readonly string[]
  readonly predicates: readonly string[]
}

async function outcome(fixture: LocationCase, files: LocationFiles): Promise<Outcome> {
  try {
    const { verdict, failures, claims } = await judge(fixture, files)
    return {
      outcome: verdict,
      codes: failures.map(({ code }) => code),
      predicates: (claims?.predicates ?? []).map(({ kind, set, result, basis }) => `${kind} ${set} ${result} ${basis}`),
    }
  } catch (error) {
    if (!(error instanceof AttestationError)) throw error
    return { outcome: 'refused', codes: [error.code], predicates: [] }
  }
}

function load(name: string): LocationCase {
  return JSON.parse(readFileSync(join(folder, 'location', name, 'case.json'), 'utf8'))
}

/** The cases of each attack and the code each must end with; `null` where the attack can only deny. Written from the threat table. */
const casesOfRow: Readonly<Record<number, Readonly<Record<string, string | null>>>> = {
  1: { 'added-delay': 'location/region-too-large' },
  2: { tunnel: 'location/inside-undecided' },
  3: {
    'relay-near-landmark': 'location/challenge-mismatch',
    'transcript-without-consent': 'location/transcript-signature',
  },
  4: { 'predictable-challenge': 'location/weak-challenge', 'short-challenge': 'location/weak-challenge' },
  5: {
    'key-in-several-places': 'location/inconsistent-measurements',
    'no-second-bracket': 'location/bracket-missing',
    'another-session-key': 'location/key-not-bound',
    'unconfined-key': 'location/relay-not-excluded',
  },
  6: { 'remote-gpu': 'location/gpu-cpu-not-bound', 'unknown-agent': 'location/agent-not-allowed' },
  7: { 'spliced-report': 'location/binding-mismatch', 'spliced-measurements': 'location/binding-mismatch' },
  8: {
    'distance-hijack': 'location/binding-mismatch',
    'session-of-another-landmark': 'location/session-mismatch',
  },
  9: {
    'old-measurements': 'location/replay',
    'measured-before-the-nonce': 'location/stale',
    'measured-after-the-second-nonce': 'location/outside-bracket',
    'measurement-twice': 'location/replay',
  },
  10: { 'nonce-used-before': 'location/nonce-reuse' },
  11: { 'under-reporting-landmark': 'location/landmark-outlier', 'one-under-reporting-landmark': null },
  12: { 'over-reporting-landmark': null },
  13: {
    'forged-landmark-position': 'location/landmark-position-inconsistent',
    'landmark-moved': 'location/landmark-moved',
  },
  14: {
    'rogue-landmark': 'location/unknown-landmark',
    'revoked-landmark': 'location/landmark-revoked',
    'landmark-key-expired': 'location/landmark-not-valid',
  },
  15: {
    'one-operator': 'location/quorum',
    'operators-of-one-network': 'location/quorum',
    'two-operators-of-one-network-under-report': null,
    'too-few-networks': 'location/autonomous-systems',
    'network-not-named': 'location/autonomous-system-unknown',
    'landmarks-on-one-side': 'location/azimuth-gap',
  },
  16: { 'clock-rate': null },
  17: { 'wall-clock-unknown': 'location/clock' },
  18: { 'landmark-left-out': 'location/landmark-missing' },
  19: {
    'counts-that-do-not-add-up': 'location/sample-mismatch',
    'minimum-below-the-samples': 'location/sample-mismatch',
  },
  20: {
    'migratable-machine': 'location/migratable',
    'rebooted-machine': 'location/bracket-mismatch',
    'other-devices-after': 'location/bracket-mismatch',
  },
  21: { 'judged-late': 'location/too-old' },
  22: {
    'faster-than-fibre': 'location/inconsistent-measurements',
    'faster-than-fibre-at-vacuum-speed': null,
  },
  23: { 'anycast-answer': 'location/unauthenticated-sample' },
  24: { 'reported-processing-time': 'location/inside-undecided' },
  25: {
    'negative-round-trip': 'token/claim-type',
    'latitude-out-of-range': 'token/claim-type',
    'critical-header': 'token/critical-header',
  },
  26: {
    'bundle-as-measurement': 'token/type-mismatch',
    'bundle-for-somebody-else': 'token/audience-mismatch',
    'bundle-signed-by-another-key': 'token/signature-invalid',
  },
  27: { 'disputed-land': 'location/disputed', 'false-claim': 'location/claim-refuted' },
}

describe('location fixtures', () => {
  it('end each of the 27 attacks as its row says', () => {
    const found: Record<number, Record<string, string | null>> = {}
    for (const { row, name, expected } of locationPlans)
      if (row > 0) found[row] = { ...found[row], [name]: expected.code ?? null }
    expect(found).toEqual(casesOfRow)
    expect(Object.keys(casesOfRow)).toEqual([...Array(27).keys()].map((index) => String(index + 1)))
  })

  it('prove no more under an attack that only denies than without it', async () => {
    const sound = await outcome(load('sound'), load('sound').encodings.json)
    const denials = Object.values(casesOfRow).flatMap((cases) =>
      Object.entries(cases).flatMap(([name, code]) => (code === null ? [name] : [])),
    )
    expect(denials.length).toBeGreaterThan(3)
    for (const name of denials) {
      const fixture = load(name)
      const { predicates } = await outcome(fixture, fixture.encodings.json)
      for (const predicate of predicates.filter((text) => text.includes(' proved ')))
        expect({ name, proofs: sound.predicates }).toEqual({ name, proofs: expect.arrayContaining([predicate]) })
    }
  })

  it.each(locationPlans.map(({ name }) => name))('%s', async (name) => {
    const fixture = load(name)
    const json = await outcome(fixture, fixture.encodings.json)
    const cbor = await outcome(fixture, fixture.encodings.cbor)
    const { expected } = fixture
    expect(json.outcome).toBe(expected.outcome)
    if (expected.code !== undefined) expect(json.codes).toContain(expected.code)
    else expect(json.codes).toEqual([])
    expect(cbor).toEqual(json)
  })
})

describe('challenges', () => {
  it('follow from the bundle alone: reports in the fixtures answer them', async () => {
    const fixture = load('sound')
    const files = fixture.encodings.cbor
    const binding = await parseBundleBinding(read(files.bundle))
    const [report] = await devices(files.first, fixture)
    expect(report.request.nonce).toEqual(binding.challenge)
    const renewed = await renewBinding(binding, parseHex(fixture.secondNonceHex, 'secondNonceHex'))
    const [after] = await devices(files.second ?? '', fixture)
    expect(after.request.nonce).toEqual(renewed.challenge)
  })
})
