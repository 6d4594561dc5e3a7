// Reads the options of `locate` and `plan`; everything that is trusted comes from the caller, not from the bundle.
import { parseLocationPolicy } from '../location/policy-json.js'
import type { Evidence } from '../nvidia/evidence.js'
import { parseJwkSet } from '../token/jwks.js'
import type { Verifier } from '../verifier.js'
import { type LocateBracket, locate } from './locate.js'
import { parseCodes, parsePlace, readLandmarks, readMachineFacts, readTerritories } from './location-options.js'
import { parseInstant, parseNonce, readInput, readTextInput } from './options.js'
import { plan } from './plan.js'
import type { Terminal } from './terminal.js'
import { UsageError } from './usage.js'

/** Options of both commands, as `parseArgs` reads them. */
export const locationOptions = {
  directory: { type: 'string' },
  'directory-key': { type: 'string' },
  'directory-issuer': { type: 'string' },
  audience: { type: 'string' },
  evidence: { type: 'string' },
  'nonce-issued': { type: 'string' },
  'second-nonce': { type: 'string' },
  'second-nonce-issued': { type: 'string' },
  'second-evidence': { type: 'string' },
  machine: { type: 'string' },
  svg: { type: 'string' },
  'custom-territory': { type: 'string', multiple: true },
  territory: { type: 'string' },
  outside: { type: 'boolean' },
  landmarks: { type: 'string' },
  sea: { type: 'string' },
  speed: { type: 'string' },
  'fault-tolerance': { type: 'string' },
  site: { type: 'string', multiple: true },
  candidate: { type: 'string', multiple: true },
} as const

export interface LocationValues {
  readonly directory?: string | undefined
  readonly 'directory-key'?: string | undefined
  readonly 'directory-issuer'?: string | undefined
  readonly audience?: string | undefined
  readonly evidence?: string | undefined
  readonly nonce?: string | undefined
  readonly 'nonce-issued'?: string | undefined
  readonly 'second-nonce'?: string | undefined
  readonly 'second-nonce-issued'?: string | undefined
  readonly 'second-evidence'?: string | undefined
  readonly machine?: string | undefined
  readonly policy?: string | undefined
  readonly svg?: string | undefined
  readonly now?: string | undefined
  readonly json?: boolean | undefined
  readonly 'custom-territory'?: readonly string[] | undefined
  readonly territory?: string | undefined
  readonly outside?: boolean | undefined
  readonly landmarks?: string | undefined
  readonly sea?: string | undefined
  readonly speed?: string | undefined
  readonly 'fault-tolerance'?: string | undefined
  readonly site?: readonly string[] | undefined
  readonly candidate?: readonly string[] | undefined
}

/** `locate BUNDLE`. */
export async function runLocate(
  terminal: Terminal,
  file: string,
  values: LocationValues,
  verifier: Verifier,
  readEvidence: (file: string) => readonly Evidence[],
): Promise<number> {
  const first = readBracket(values.nonce, values['nonce-issued'], values.evidence, readEvidence)
  const wantsSecond = values['second-nonce'] !== undefined || values['second-evidence'] !== undefined
  return locate(terminal, {
    bundle: readInput(file),
    directory: readInput(needed(values.directory, '--directory')),
    directoryKeys: parseJwkSet(readInput(needed(values['directory-key'], '--directory-key'))),
    directoryIssuer: needed(values['directory-issuer'], '--directory-issuer'),
    policy: parseLocationPolicy(readTextInput(needed(values.policy, '--policy'))),
    audience: needed(values.audience, '--audience'),
    first,
    ...(wantsSecond
      ? {
          second: readBracket(
            values['second-nonce'],
            values['second-nonce-issued'],
            values['second-evidence'],
            readEvidence,
          ),
        }
      : {}),
    ...(values.machine === undefined ? {} : { machine: readMachineFacts(values.machine) }),
    verifier,
    territories: readTerritories(values['custom-territory'] ?? []),
    now: parseInstant(values.now, '--now'),
    ...(values.svg === undefined ? {} : { svg: values.svg }),
    json: values.json === true,
  })
}

function readBracket(
  nonce: string | undefined,
  issuedAt: string | undefined,
  evidence: string | undefined,
  readEvidence: (file: string) => readonly Evidence[],
): LocateBracket {
  return {
    nonce: parseNonce(nonce),
    // Without it, how old the measurements can be would be unknown.
    nonceIssuedAt: parseInstant(needed(issuedAt, '--nonce-issued'), '--nonce-issued'),
    evidence: readEvidence(needed(evidence, '--evidence')),
  }
}

/** `plan`. */
export function runPlan(terminal: Terminal, values: LocationValues): number {
  const speed = values.speed ?? 'vacuum'
  if (speed !== 'vacuum' && speed !== 'fibre') throw new UsageError('--speed must be vacuum or fibre')
  const faultTolerance = Number(values['fault-tolerance'] ?? '1')
  if (!Number.isSafeInteger(faultTolerance) || faultTolerance < 0)
    throw new UsageError('--fault-tolerance must be a whole number from 0')
  const { site, candidate } = values
  const codes = parseCodes(needed(values.territory, '--territory'))
  return plan(terminal, {
    territories: readTerritories(values['custom-territory'] ?? []),
    predicate:
      values.outside === true ? { kind: 'outside', codes } : { kind: 'inside', codes, sea: readSea(values.sea) },
    landmarks: readLandmarks(needed(values.landmarks, '--landmarks')),
    speed,
    faultTolerance,
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
