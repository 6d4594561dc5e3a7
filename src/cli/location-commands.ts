// Reads the options of `locate` and `plan`; everything that is trusted comes from the caller, not from the bundle.
import { parseCollateral } from '../collateral/bundle-json.js'
import { parseLocationPolicy } from '../location/policy-json.js'
import type { Evidence } from '../nvidia/evidence.js'
import { parseJwkSet } from '../token/jwks.js'
import type { Verifier } from '../verifier.js'
import type { OptionValues } from './command-options.js'
import { type LocateBracket, locate } from './locate.js'
import { parseCodes, parsePlace, readLandmarks, readMachineFacts, readTerritories } from './location-options.js'
import { parseInstant, parseNonce, readInput, readTextInput } from './options.js'
import { plan } from './plan.js'
import type { Terminal } from './terminal.js'
import { UsageError } from './usage.js'

/** `locate BUNDLE`. */
export async function runLocate(
  terminal: Terminal,
  file: string,
  values: OptionValues,
  verifier: Verifier,
  readEvidence: EvidenceReader,
): Promise<number> {
  const second = readSecond(values, readEvidence)
  return locate(terminal, {
    bundle: readInput(file),
    directory: readInput(needed(values.directory, '--directory')),
    directoryKeys: parseJwkSet(readInput(needed(values['directory-key'], '--directory-key'))),
    directoryIssuer: needed(values['directory-issuer'], '--directory-issuer'),
    policy: parseLocationPolicy(readTextInput(needed(values.policy, '--policy'))),
    audience: needed(values.audience, '--audience'),
    first: readFirst(values, readEvidence),
    ...(second === undefined ? {} : { second }),
    ...(values.collateral === undefined ? {} : { collateral: parseCollateral(readInput(values.collateral)) }),
    ...(values.machine === undefined ? {} : { machine: readMachineFacts(values.machine) }),
    verifier,
    territories: readTerritories(values['custom-territory'] ?? []),
    now: parseInstant(values.now, '--now'),
    ...(values.svg === undefined ? {} : { svg: values.svg }),
    json: values.json === true,
  })
}

type EvidenceReader = (file: string) => readonly Evidence[]

function readFirst(values: OptionValues, readEvidence: EvidenceReader): LocateBracket {
  return {
    nonce: parseNonce(values.nonce),
    // Without it, how old the measurements can be would be unknown.
    nonceIssuedAt: parseInstant(needed(values['nonce-issued'], '--nonce-issued'), '--nonce-issued'),
    evidence: readEvidence(needed(values.evidence, '--evidence')),
  }
}

/** All of the second challenge or nothing of it. */
function readSecond(values: OptionValues, readEvidence: EvidenceReader): LocateBracket | undefined {
  const { 'second-nonce': nonce, 'second-nonce-issued': issued, 'second-evidence': evidence } = values
  if (nonce === undefined && issued === undefined && evidence === undefined) return undefined
  return {
    nonce: parseNonce(nonce, '--second-nonce'),
    nonceIssuedAt: parseInstant(needed(issued, '--second-nonce-issued'), '--second-nonce-issued'),
    evidence: readEvidence(needed(evidence, '--second-evidence')),
  }
}

/** `plan`. */
export function runPlan(terminal: Terminal, values: OptionValues): number {
  const speed = values.speed ?? 'vacuum'
  if (speed !== 'vacuum' && speed !== 'fibre') throw new UsageError('--speed must be vacuum or fibre')
  const { 'fault-tolerance': faults = '1' } = values
  if (!/^\d{1,3}$/.test(faults)) throw new UsageError('--fault-tolerance must be a whole number from 0')
  const { site, candidate } = values
  const codes = parseCodes(needed(values.territory, '--territory'))
  return plan(terminal, {
    territories: readTerritories(values['custom-territory'] ?? []),
    predicate:
      values.outside === true ? { kind: 'outside', codes } : { kind: 'inside', codes, sea: readSea(values.sea) },
    landmarks: readLandmarks(needed(values.landmarks, '--landmarks')),
    speed,
    faultTolerance: Number(faults),
    ...(site === undefined ? {} : { sites: site.map((text) => parsePlace(text, '--site')) }),
    ...(candidate === undefined ? {} : { candidates: candidate.map((text) => parsePlace(text, '--candidate')) }),
    json: values.json === true,
  })
}

/** Whether water counts as outside every territory, or the device is assumed to stand on land. */
function readSea(text: string | undefined): 'counted' | 'ignored' {
  if (text === undefined || text === 'ignored') return 'ignored'
  if (text === 'counted') return 'counted'
  throw new UsageError('--sea must be counted or ignored')
}

function needed(value: string | undefined, option: string): string {
  if (value === undefined) throw new UsageError(`${option} is missing`)
  return value
}
