// Reads appraisal policies from JSON: this library's own form, or NVIDIA's relying-party form; every bad field has a path.
import type { Bytes } from '../bytes/bytes.js'
import { encodeUtf8 } from '../bytes/text.js'
import { type JsonObject, parseJson } from '../encoding/json.js'
import { parseError } from '../result/error.js'
import {
  type DeviceCheckId,
  deviceCheckIds,
  type GroupCheckId,
  groupCheckIds,
  unwaivableChecks,
  type WaivableCheckId,
} from './checks.js'
import {
  type AppraisalPolicy,
  type RequiredClaim,
  type RevocationRequirement,
  strictPolicy,
  type Waiver,
} from './policy.js'
import { compareVersions } from './versions.js'

const fields = [
  'id',
  'families',
  'modes',
  'unstatedMode',
  'deviceRevocation',
  'manifestRevocation',
  'devices',
  'minimumDriverVersion',
  'requiredClaims',
  'requiredOverallClaims',
  'waivers',
]
const modes = ['spt', 'mpt', 'ppcie'] as const
const decisions = ['fail', 'accept'] as const

/**
 * Reads a policy from JSON text. Fields left out keep the value of {@link strictPolicy}; an unknown field is refused,
 * because ignoring a misspelt demand would loosen the policy.
 *
 * NVIDIA's relying-party policies (`version` "2.0" to "4.0" with `authorization-rules`) are accepted too: their claims
 * become `requiredClaims` on top of {@link strictPolicy}, so that such a policy can only add to what is demanded.
 *
 * @throws AttestationError `policy/*`, `json/*`
 */
export function parsePolicy(json: string | Bytes): AppraisalPolicy {
  const document = object(parseJson(typeof json === 'string' ? encodeUtf8(json) : json, 'policy'), 'policy')
  return document.has('authorization-rules') ? parseNvidiaPolicy(document) : parseOwnPolicy(document)
}

function parseOwnPolicy(document: JsonObject): AppraisalPolicy {
  onlyFields(document, fields, 'policy')
  const read = <T>(name: string, fallback: T, parse: (value: unknown, at: string) => T): T =>
    document.has(name) ? parse(document.get(name), `policy.${name}`) : fallback
  return Object.freeze({
    id: text(document.get('id'), 'policy.id'),
    families: read('families', strictPolicy.families, anyOrTexts),
    modes: read('modes', strictPolicy.modes, (value, at) => list(value, at, (item, path) => oneOf(item, modes, path))),
    unstatedMode: read('unstatedMode', strictPolicy.unstatedMode, (value, at) => oneOf(value, decisions, at)),
    deviceRevocation: read('deviceRevocation', strictPolicy.deviceRevocation, revocation),
    manifestRevocation: read('manifestRevocation', strictPolicy.manifestRevocation, revocation),
    devices: read('devices', strictPolicy.devices, anyOrTexts),
    minimumDriverVersion: read('minimumDriverVersion', strictPolicy.minimumDriverVersion, version),
    requiredClaims: read('requiredClaims', strictPolicy.requiredClaims, (value, at) => claims(object(value, at), at)),
    requiredOverallClaims: read('requiredOverallClaims', strictPolicy.requiredOverallClaims, (value, at) =>
      claims(object(value, at), at),
    ),
    waivers: read('waivers', strictPolicy.waivers, waivers),
  })
}

function parseNvidiaPolicy(document: JsonObject): AppraisalPolicy {
  onlyFields(document, ['version', 'authorization-rules'], 'policy')
  const stated = text(document.get('version'), 'policy.version')
  // 2.0 to 4.0 are the versions of the vendor's policy format; they differ in the claim names they use.
  if (!['2.0', '3.0', '4.0'].includes(stated))
    throw parseError('policy/version-unsupported', 'policy.version', { version: stated })
  const at = 'policy.authorization-rules'
  const rules = object(document.get('authorization-rules'), at)
  onlyFields(rules, ['type', 'overall-claims', 'detached-claims'], at)
  oneOf(rules.get('type'), ['JWT'] as const, `${at}.type`)
  const overall = claims(object(rules.get('overall-claims'), `${at}.overall-claims`), `${at}.overall-claims`)
  const detached = claims(object(rules.get('detached-claims'), `${at}.detached-claims`), `${at}.detached-claims`)
  return Object.freeze({
    ...strictPolicy,
    id: `nvidia/relying-party/${stated}`,
    requiredClaims: detached,
    requiredOverallClaims: overall,
  })
}

function waivers(value: unknown, at: string): readonly Waiver[] {
  const known: ReadonlySet<string> = new Set([...deviceCheckIds, ...groupCheckIds])
  const seen = new Set<string>()
  return list(value, at, (item, path) => {
    const entry = object(item, path)
    onlyFields(entry, ['check', 'reason'], path)
    const check = text(entry.get('check'), `${path}.check`)
    if (!known.has(check)) throw parseError('policy/unknown-check', `${path}.check`, { check })
    if (seen.has(check)) throw parseError('policy/duplicate-waiver', `${path}.check`, { check })
    seen.add(check)
    const reason = entry.get('reason')
    if (typeof reason !== 'string' || reason.trim() === '')
      throw parseError('policy/waiver-without-reason', `${path}.reason`, { check })
    return { check: checkId(check, `${path}.check`), reason }
  })
}

function checkId(check: string, at: string): Waiver['check'] {
  const isWaivable = (id: DeviceCheckId | GroupCheckId): id is WaivableCheckId =>
    !unwaivableChecks.some((fixed) => fixed === id)
  const found = [...deviceCheckIds, ...groupCheckIds].filter(isWaivable).find((id) => id === check)
  if (found === undefined) throw parseError('policy/unwaivable-check', at, { check })
  return found
}

function revocation(value: unknown, at: string): RevocationRequirement {
  const entry = object(value, at)
  onlyFields(entry, ['whenUnknown', 'certificateHold', 'maxAgeSeconds'], at)
  const maxAgeSeconds = entry.has('maxAgeSeconds')
    ? entry.get('maxAgeSeconds')
    : strictPolicy.deviceRevocation.maxAgeSeconds
  if (typeof maxAgeSeconds !== 'number' || !Number.isSafeInteger(maxAgeSeconds) || maxAgeSeconds <= 0) {
    throw parseError('policy/malformed', `${at}.maxAgeSeconds`, { expected: 'a positive whole number of seconds' })
  }
  return {
    whenUnknown: entry.has('whenUnknown') ? oneOf(entry.get('whenUnknown'), decisions, `${at}.whenUnknown`) : 'fail',
    certificateHold: entry.has('certificateHold')
      ? oneOf(entry.get('certificateHold'), decisions, `${at}.certificateHold`)
      : 'fail',
    maxAgeSeconds,
  }
}

function claims(entry: JsonObject, at: string): { readonly [name: string]: RequiredClaim } {
  const out: [string, RequiredClaim][] = []
  for (const [name, value] of entry) out.push([name, claim(value, `${at}.${name}`)])
  return Object.fromEntries(out)
}

function claim(value: unknown, at: string): RequiredClaim {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value
  return claims(object(value, at), at)
}

function onlyFields(entry: JsonObject, allowed: readonly string[], at: string): void {
  for (const name of entry.keys())
    if (!allowed.includes(name)) throw parseError('policy/unknown-field', `${at}.${name}`, { field: name })
}

function object(value: unknown, at: string): JsonObject {
  if (!(value instanceof Map)) throw parseError('policy/malformed', at, { expected: 'an object' })
  return value
}

function list<T>(value: unknown, at: string, parse: (item: unknown, at: string) => T): readonly T[] {
  if (!Array.isArray(value)) throw parseError('policy/malformed', at, { expected: 'a list' })
  return value.map((item: unknown, index) => parse(item, `${at}[${index}]`))
}

function text(value: unknown, at: string): string {
  if (typeof value !== 'string' || value === '') throw parseError('policy/malformed', at, { expected: 'a text' })
  return value
}

function anyOrTexts(value: unknown, at: string): 'any' | readonly string[] {
  return value === 'any' ? 'any' : list(value, at, text)
}

function version(value: unknown, at: string): string {
  const stated = text(value, at)
  if (stated !== 'none' && compareVersions(stated, stated) === undefined)
    throw parseError('policy/malformed', at, { expected: 'a version such as 550.90.07, or none' })
  return stated
}

function oneOf<const T extends string>(value: unknown, allowed: readonly T[], at: string): T {
  const found = allowed.find((candidate) => candidate === value)
  if (found === undefined) throw parseError('policy/malformed', at, { expected: `one of ${allowed.join(', ')}` })
  return found
}
