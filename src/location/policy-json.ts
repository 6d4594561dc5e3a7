// Reads location policies from JSON; fields left out are strict, unknown fields are refused, every bad field has a path.
import type { Bytes } from '../bytes/bytes.js'
import { encodeUtf8 } from '../bytes/text.js'
import { type JsonObject, type JsonValue, parseJson } from '../encoding/json.js'
import { parseError } from '../result/error.js'
import { locationCheckIds, unwaivableLocationChecks } from './checks.js'
import { type LocationPolicy, type LocationWaiver, strictLocationPolicy } from './policy.js'

/** Demands that are not made unless written. */
const optionalFields = ['inside', 'outside', 'maxRegionKm2', 'minAutonomousSystems', 'maxAzimuthGapDegrees'] as const
const fields: readonly string[] = [...Object.keys(strictLocationPolicy), ...optionalFields]

type Read<T> = (value: JsonValue | undefined, at: string) => T

/**
 * Reads a location policy. At least one of `inside`, `outside` and `maxRegionKm2` must be there: a policy that asks
 * nothing would pass everything.
 * @throws AttestationError `policy/*`, `json/*`
 */
export function parseLocationPolicy(json: string | Bytes): LocationPolicy {
  const document = object(parseJson(typeof json === 'string' ? encodeUtf8(json) : json, 'policy'), 'policy')
  onlyFields(document, fields, 'policy')
  const strict = strictLocationPolicy
  const read = <T>(name: string, fallback: T, parse: Read<T>): T =>
    document.has(name) ? parse(document.get(name), `policy.${name}`) : fallback
  const faultTolerance = read('faultTolerance', strict.faultTolerance, whole(0, 64))
  const policy: LocationPolicy = {
    id: text(document.get('id'), 'policy.id'),
    speed: read('speed', strict.speed, oneOf(['vacuum', 'fibre'])),
    faultTolerance,
    faultClass: read('faultClass', strict.faultClass, oneOf(['operator', 'autonomous-system'])),
    minOperators: read('minOperators', strict.minOperators, whole(faultTolerance + 1, 512)),
    maxAgeSeconds: read('maxAgeSeconds', strict.maxAgeSeconds, whole(1, 31_557_600)),
    requireBracket: read('requireBracket', strict.requireBracket, flag),
    requireGpuInLoop: read('requireGpuInLoop', strict.requireGpuInLoop, flag),
    sea: read('sea', strict.sea, oneOf(['counted', 'ignored'])),
    endorsedMinProcessingNs: read('endorsedMinProcessingNs', 0, whole(0, 60_000_000_000)),
    endorsedMinGpuProcessingNs: read('endorsedMinGpuProcessingNs', 0, whole(0, 60_000_000_000)),
    growthMetersPerSecond: read('growthMetersPerSecond', strict.growthMetersPerSecond, whole(0, 11_200)),
    requiredLandmarks: read('requiredLandmarks', strict.requiredLandmarks, texts),
    agentMeasurements: read('agentMeasurements', strict.agentMeasurements, texts),
    acceptedIssuers: read('acceptedIssuers', strict.acceptedIssuers, texts),
    waivers: read('waivers', strict.waivers, waivers),
    ...(document.has('inside') ? { inside: territories(document.get('inside'), 'policy.inside') } : {}),
    ...(document.has('outside') ? { outside: territories(document.get('outside'), 'policy.outside') } : {}),
    ...(document.has('maxRegionKm2')
      ? { maxRegionKm2: whole(1, 510_100_000)(document.get('maxRegionKm2'), 'policy.maxRegionKm2') }
      : {}),
    ...(document.has('minAutonomousSystems')
      ? { minAutonomousSystems: read('minAutonomousSystems', 0, whole(1, 512)) }
      : {}),
    ...(document.has('maxAzimuthGapDegrees')
      ? { maxAzimuthGapDegrees: read('maxAzimuthGapDegrees', 0, whole(1, 359)) }
      : {}),
  }
  if (!document.has('inside') && !document.has('outside') && !document.has('maxRegionKm2'))
    throw parseError('policy/malformed', 'policy', { expected: 'inside, outside or maxRegionKm2' })
  return Object.freeze(policy)
}

function waivers(value: JsonValue | undefined, at: string): readonly LocationWaiver[] {
  const seen = new Set<string>()
  return list(value, at, (item, path) => {
    const entry = object(item, path)
    onlyFields(entry, ['check', 'reason'], path)
    const check = text(entry.get('check'), `${path}.check`)
    if (seen.has(check)) throw parseError('policy/duplicate-waiver', `${path}.check`, { check })
    seen.add(check)
    const reason = entry.get('reason')
    if (typeof reason !== 'string' || reason.trim() === '')
      throw parseError('policy/waiver-without-reason', `${path}.reason`, { check })
    return { check: waivable(check, `${path}.check`), reason }
  })
}

function waivable(check: string, at: string): LocationWaiver['check'] {
  const known = locationCheckIds.find((id) => id === check)
  if (known === undefined) throw parseError('policy/unknown-check', at, { check })
  if (unwaivableLocationChecks.some((id) => id === known)) throw parseError('policy/unwaivable-check', at, { check })
  return known
}

function onlyFields(entry: JsonObject, allowed: readonly string[], at: string): void {
  for (const name of entry.keys())
    if (!allowed.includes(name)) throw parseError('policy/unknown-field', `${at}.${name}`, { field: name })
}

function object(value: JsonValue | undefined, at: string): JsonObject {
  if (value instanceof Map) return value
  throw parseError('policy/malformed', at, { expected: 'an object' })
}

function list<T>(value: JsonValue | undefined, at: string, parse: Read<T>): readonly T[] {
  if (!Array.isArray(value)) throw parseError('policy/malformed', at, { expected: 'a list' })
  return value.map((item: JsonValue, index) => parse(item, `${at}[${index}]`))
}

function text(value: JsonValue | undefined, at: string): string {
  if (typeof value === 'string' && value !== '') return value
  throw parseError('policy/malformed', at, { expected: 'a text' })
}

function texts(value: JsonValue | undefined, at: string): readonly string[] {
  return list(value, at, text)
}

function territories(value: JsonValue | undefined, at: string): readonly string[] {
  const codes = texts(value, at)
  if (codes.length > 0) return codes
  throw parseError('policy/malformed', at, { expected: 'at least one territory' })
}

function flag(value: JsonValue | undefined, at: string): boolean {
  if (typeof value === 'boolean') return value
  throw parseError('policy/malformed', at, { expected: 'true or false' })
}

function whole(minimum: number, maximum: number): Read<number> {
  return (value, at) => {
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= minimum && value <= maximum) return value
    throw parseError('policy/malformed', at, { expected: `a whole number from ${minimum} to ${maximum}` })
  }
}

function oneOf<const T extends string>(allowed: readonly T[]): Read<T> {
  return (value, at) => {
    const found = allowed.find((candidate) => candidate === value)
    if (found !== undefined) return found
    throw parseError('policy/malformed', at, { expected: `one of ${allowed.join(', ')}` })
  }
}
