// Compares one claim of a token with the claim a local appraisal makes under the same name.
import type { NrasClaimsVersion } from '../nvidia/nras-claims.js'
import type { Check } from '../result/check.js'
import type { DeviceCheckId } from './checks.js'
import { isEnvelopeClaim } from './token-compare-view.js'
import { own, type PlainClaims, type PlainJson } from './token-value.js'

/** How two statements part; docs/tokens.md says what each kind means. */
export type DifferenceKind = 'contradiction' | 'stricter-here' | 'only-service' | 'only-local'

export interface ClaimDifference {
  readonly claim: string
  readonly service: PlainJson | undefined
  readonly local: PlainJson | undefined
  readonly kind: DifferenceKind
}

export interface ClaimContext {
  readonly version: NrasClaimsVersion
  readonly checks: readonly Check<DeviceCheckId>[]
  /** All local claims of the device. */
  readonly local: PlainClaims
}

/** Values that state that nothing was found out. */
const undecided: readonly PlainJson[] = ['unknown', 'not-run', 'absent']

/** The differences of one claim: none, one, or one per member of a certificate chain. */
export function compareClaim(
  name: string,
  service: PlainJson | undefined,
  local: PlainJson | undefined,
  context: ClaimContext,
): readonly ClaimDifference[] {
  if (isEnvelopeClaim(name) || isEqual(service, local)) return []
  const difference = (kind: DifferenceKind): readonly ClaimDifference[] => [{ claim: name, service, local, kind }]
  if (isSilent(service)) return isSilent(local) ? [] : difference('only-local')
  if (isSilent(local)) return difference('only-service')
  // Either side warns in its own words.
  if (name === 'x-nvidia-attestation-warning') return []
  if (isObject(service) && isObject(local))
    return [...new Set([...Object.keys(service), ...Object.keys(local)])].flatMap((member) =>
      compareClaim(member, own(service, member), own(local, member), context).map((found) => ({
        ...found,
        claim: `${name}.${found.claim}`,
      })),
    )
  if (name === 'measres') return difference(measuresKind(service, local, context))
  if (undecided.includes(service)) return difference('only-local')
  if (undecided.includes(local)) return difference('stricter-here')
  return difference(service === true && local === false ? refusedKind(name, context) : 'contradiction')
}

function measuresKind(service: PlainJson, local: PlainJson, { version, local: all }: ClaimContext): DifferenceKind {
  if (undecided.includes(service)) return 'only-local'
  if (undecided.includes(local)) return service === 'success' ? 'stricter-here' : 'only-service'
  // Claims before 4.0 count measurements alone; here a security version that is too low counts as well.
  const onlyVersions = isSilent(all['x-nvidia-mismatch-measurement-records'])
  return local === 'fail' && version !== '4.0' && onlyVersions ? 'stricter-here' : 'contradiction'
}

/** A flag that is false here: found wrong, or merely not shown. */
function refusedKind(name: string, { checks, local }: ClaimContext): DifferenceKind {
  const [, manifest] = /^(.*-rim)-/.exec(name) ?? []
  // Without a verified manifest here, every flag about it is false.
  if (manifest !== undefined) return local[`${manifest}-fetched`] === true ? 'contradiction' : 'stricter-here'
  if (!name.endsWith('-vbios-index-no-conflict')) return 'contradiction'
  const conflict = checks.find(({ id }) => id === 'manifest-conflict')
  const notDone = conflict?.failures.every(({ code }) => code === 'check/not-done') ?? true
  return notDone ? 'stricter-here' : 'contradiction'
}

/** Null and empty say nothing: NVIDIA writes them for what was not found. */
function isSilent(value: PlainJson | undefined): value is undefined | null {
  if (value === undefined || value === null || value === '') return true
  if (isList(value)) return value.length === 0
  return typeof value === 'object' && Object.keys(value).length === 0
}

function isList(value: PlainJson): value is readonly PlainJson[] {
  return Array.isArray(value)
}

function isObject(value: PlainJson): value is PlainClaims {
  return typeof value === 'object' && value !== null && !isList(value)
}

// Lists here are sets: identifiers in no order, records with an index of their own.
function isEqual(a: PlainJson | undefined, b: PlainJson | undefined): boolean {
  if (a === b) return true
  if (a === undefined || b === undefined || a === null || b === null) return false
  if (isList(a) && isList(b))
    return (
      a.every((one) => b.some((other) => isEqual(one, other))) &&
      b.every((one) => a.some((other) => isEqual(one, other)))
    )
  if (!isObject(a) || !isObject(b)) return false
  const names = Object.keys(a)
  return names.length === Object.keys(b).length && names.every((name) => isEqual(own(a, name), own(b, name)))
}
