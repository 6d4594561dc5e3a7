// Reads one bundled location fixture and judges it: device evidence, landmark directory, bundle, policy, map.
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  AttestationError,
  createVerifier,
  parseCertificates,
  parseEvidence,
  strictPolicy,
  trustAnchorFromCertificate,
  type Verifier,
} from '../../../src/index.js'
import {
  type AttestedDevice,
  appraiseLocation,
  type Bracket,
  type ConfidentialVmVerifier,
  type LocationBinding,
  type LocationResult,
  parseBundleBinding,
  parseLocationPolicy,
  renewBinding,
  type Verified,
  verifyLandmarkDirectory,
  verifyLocationBundle,
} from '../../../src/location-entry.js'
import { loadTerritories } from '../../../src/territories/index.js'
import { parseJwkSet } from '../../../src/token-entry.js'

const fixtures = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', 'fixtures')
const territories = loadTerritories()

/** The members of case.json that the demo reads. */
interface CaseFile {
  readonly description: string
  readonly now: string
  readonly audience: string
  readonly directoryIssuer: string
  readonly directoryKeys: string
  readonly deviceTrustAnchor: string
  readonly nonceHex: string
  readonly nonceIssuedAt: string
  readonly secondNonceHex: string
  readonly secondNonceIssuedAt: string
  readonly machine: {
    readonly agentMeasurement: string
    readonly migratable: boolean
    readonly bootIds: readonly [string, string]
  } | null
  readonly policy: object
  readonly encodings: {
    readonly json: {
      readonly directory: string
      readonly bundle: string
      readonly first: string
      readonly second: string
    }
  }
  readonly expected: { readonly outcome: 'pass' | 'fail' | 'refused'; readonly code?: string }
}

export interface JudgedCase {
  readonly description: string
  readonly expected: CaseFile['expected']
  readonly outcome: 'pass' | 'fail' | 'refused'
  readonly codes: readonly string[]
  /** Undefined if the bundle was refused before any appraisal. */
  readonly result: LocationResult | undefined
}

/** `more` asks more than the policy of the fixture. */
export async function judgeCase(name: string, more: object = {}): Promise<JudgedCase> {
  const file: CaseFile = JSON.parse(text(`location/${name}/case.json`))
  const { description, expected } = file
  try {
    const result = await judge(file, more)
    const codes = [...new Set(result.failures.map(({ code }) => code))]
    return { description, expected, outcome: result.verdict, codes, result }
  } catch (error) {
    if (!(error instanceof AttestationError)) throw error
    return { description, expected, outcome: 'refused', codes: [error.code], result: undefined }
  }
}

async function judge(file: CaseFile, more: object): Promise<LocationResult> {
  const now = new Date(file.now)
  const files = file.encodings.json
  const directory = await verifyLandmarkDirectory(text(files.directory), {
    keys: parseJwkSet(read(file.directoryKeys)),
    issuer: file.directoryIssuer,
    now,
  })
  const bundle = text(files.bundle)
  // The devices must have signed the challenge that follows from nonce and session key, before and after the rounds.
  const before = await parseBundleBinding(bundle)
  const after = await renewBinding(before, bytes(file.secondNonceHex))
  const verifier = deviceVerifier(file.deviceTrustAnchor)
  const evidence = await verifyLocationBundle(bundle, {
    directory,
    audience: file.audience,
    first: await bracket(verifier, files.first, before, { nonce: file.nonceHex, issued: file.nonceIssuedAt, now }),
    second: await bracket(verifier, files.second, after, {
      nonce: file.secondNonceHex,
      issued: file.secondNonceIssuedAt,
      now,
    }),
    isNonceFresh: () => true,
    now,
    ...(file.machine === null ? {} : { confidentialVm: machine(file.machine) }),
  })
  const policy = parseLocationPolicy(JSON.stringify({ ...file.policy, ...more }))
  return appraiseLocation({ evidence, policy, territories })
}

async function bracket(
  verifier: Verifier,
  path: string,
  { challenge }: LocationBinding,
  { nonce, issued, now }: { readonly nonce: string; readonly issued: string; readonly now: Date },
): Promise<Bracket> {
  const devices: Verified<AttestedDevice>[] = []
  const collateral = { manifests: [], ocspResponses: [], crls: [] }
  for (const item of parseEvidence(read(path)))
    devices.push(await verifier.authenticate(item, { nonce: challenge, now, collateral }))
  const [first, ...rest] = devices
  if (first === undefined) throw new Error('the fixture holds no device')
  return { nonce: bytes(nonce), nonceIssuedAt: new Date(issued), devices: [first, ...rest] }
}

function deviceVerifier(anchor: string): Verifier {
  const [certificate] = parseCertificates(text(anchor), anchor)
  if (certificate === undefined) throw new Error('the fixture has no anchor')
  const anchors = [trustAnchorFromCertificate(certificate)] as const
  return createVerifier({ trustAnchors: { device: anchors, manifest: anchors }, policy: strictPolicy })
}

/** Stands in for a verifier of SEV-SNP or TDX evidence, which you bring: it believes what the fixture says. */
function machine({ bootIds, ...facts }: NonNullable<CaseFile['machine']>): ConfidentialVmVerifier {
  return async ({ bracket, expectedReportData }) => ({
    agentMeasurement: facts.agentMeasurement,
    migratable: facts.migratable,
    reportData: expectedReportData,
    bootId: bracket === 'first' ? bootIds[0] : bootIds[1],
  })
}

function read(path: string): Uint8Array {
  return readFileSync(join(fixtures, path))
}

function text(path: string): string {
  return readFileSync(join(fixtures, path), 'utf8')
}

function bytes(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, 'hex'))
}
