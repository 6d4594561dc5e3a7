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

/** The code each attack must end with; no code where it can only deny. Written from the threat table, not from the cases. */
const codesOfRow: Readonly<Record<number, readonly string[]>> = {
  1: ['location/region-too-large'],
  2: ['location/inside-undecided'],
  3: ['location/challenge-mismatch', 'location/transcript-signature'],
  4: ['location/weak-challenge'],
  5: [
    'location/inconsistent-measurements',
    'location/bracket-missing',
    'location/key-not-bound',
    'location/relay-not-excluded',
  ],
  6: ['location/gpu-cpu-not-bound', 'location/agent-not-allowed'],
  7: ['location/binding-mismatch'],
  8: ['location/binding-mismatch', 'location/session-mismatch'],
  9: ['location/replay', 'location/stale', 'location/outside-bracket'],
  10: ['location/nonce-reuse'],
  11: ['location/landmark-outlier'],
  12: [],
  13: ['location/landmark-position-inconsistent', 'location/landmark-moved'],
  14: ['location/unknown-landmark', 'location/landmark-revoked', 'location/landmark-not-valid'],
  15: ['location/quorum'],
  16: [],
  17: ['location/clock'],
  18: ['location/landmark-missing'],
  19: ['location/sample-mismatch'],
  20: ['location/migratable', 'location/bracket-mismatch'],
  21: ['location/too-old'],
  22: ['location/inconsistent-measurements'],
  23: ['location/unauthenticated-sample'],
  24: ['location/inside-undecided'],
  25: ['token/claim-type', 'token/critical-header'],
  26: ['token/type-mismatch', 'token/audience-mismatch', 'token/signature-invalid'],
  27: ['location/disputed', 'location/claim-refuted'],
}

describe('location fixtures', () => {
  it('end each attack with the codes of its row', () => {
    const found = new Map<number, Set<string>>()
    for (const { row, expected } of locationPlans) {
      const codes = found.get(row) ?? new Set()
      if (expected.code !== undefined) codes.add(expected.code)
      found.set(row, codes)
    }
    const rows = Object.entries(codesOfRow).map(([row, codes]) => [Number(row), [...codes].sort()])
    const cases = [...found].filter(([row]) => row > 0).map(([row, codes]) => [row, [...codes].sort()] as const)
    expect(cases.sort(([a], [b]) => a - b)).toEqual(rows)
  })

  it('hold a case for each of the 27 attacks', () => {
    const rows = new Set(locationPlans.map(({ row }) => row))
    expect([...Array(27).keys()].map((index) => index + 1).filter((row) => !rows.has(row))).toEqual([])
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
