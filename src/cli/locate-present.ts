// Shows a location result to people: the answers first, then every assumption they rest on.
import type { LocationResult } from '../appraise/location.js'
import type { LocationClaims, LocationPredicate, SpeedClaims } from '../appraise/location-claims.js'
import { tierOf } from '../appraise/tier.js'
import type { SignalSpeed } from '../location/geometry/radius.js'
import type { LocationPolicy } from '../location/policy.js'
import { toJson } from './json.js'
import type { RevocationCheck } from './locate-revocation.js'
import { showChecks, showFailures } from './present.js'
import { printable, type Terminal, table } from './terminal.js'

interface Shown {
  readonly policy: LocationPolicy
  /** What the devices signed, in hexadecimal. */
  readonly challenge: string
  readonly revocation: RevocationCheck
  readonly svg: string | undefined
}

export function showLocation(terminal: Terminal, result: LocationResult, shown: Shown): void {
  const headline = result.verdict === 'pass' ? terminal.good('PASS') : terminal.bad('FAIL')
  terminal.line(`${headline}  tier: ${result.tier}`)
  if (result.authentic) showClaims(terminal, result.claims, shown)
  terminal.line()
  showChecks(terminal, [shown.revocation, ...result.checks], '  ')
  if (result.failures.length > 0) {
    terminal.line()
    showFailures(terminal, result.failures, '  ')
  }
  terminal.line()
  for (const line of caveats(result, shown)) terminal.line(terminal.doubtful(line))
}

/** Where the devices are is not looked at once they are, or may be, revoked. */
export function showWithoutAnswer(
  terminal: Terminal,
  revocation: RevocationCheck,
  challenge: string,
  json: boolean,
): void {
  const { failures } = revocation
  const tier = tierOf([revocation])
  if (json) {
    terminal.line(toJson({ challenge, deviceRevocation: revocation, verdict: 'fail', tier, checks: [], failures }))
    return
  }
  terminal.line(`${terminal.bad('FAIL')}  tier: ${tier}`)
  showChecks(terminal, [revocation], '  ')
  terminal.line()
  showFailures(terminal, failures, '  ')
  terminal.line()
  terminal.line(terminal.doubtful('Where the devices are was not judged.'))
}

function showClaims(terminal: Terminal, claims: LocationClaims, { policy, svg }: Shown): void {
  const bounds = claims.bounds?.[policy.speed]
  const rows: (readonly [string, string])[] = [
    ...claims.predicates
      .filter(({ basis }) => basis === policy.speed || basis === 'assertion')
      .map((predicate) => [predicateName(predicate), predicateText(terminal, predicate)] as const),
    ['place of', claims.subject === 'device' ? 'the devices' : 'the session key, which may be elsewhere'],
    ['devices', claims.devices.map(({ ueid }) => ueid).join(', ')],
    ['assurance', `${claims.assurance.name} (level ${claims.assurance.level} of 6)`],
    ...(bounds === undefined ? [] : boundRows(bounds)),
    ['speed assumed', speedText(policy.speed)],
    ...assumptionRows(claims),
    ...(svg === undefined ? [] : [['picture', printable(svg)] as const]),
  ]
  for (const row of table(
    rows.map(([name, value]) => [terminal.faint(name), value]),
    '  ',
  ))
    terminal.line(row)
}

function predicateName({ kind, set }: LocationPredicate): string {
  const codes = set.slice(0, 12).join(', ')
  const more = set.length > 12 ? ` and ${set.length - 12} more` : ''
  return `${kind} ${printable(codes)}${more}`
}

function predicateText(terminal: Terminal, { kind, result, basis }: LocationPredicate): string {
  // Of a claim refuted, the proof is bad news.
  const paint =
    result === 'undecided'
      ? terminal.doubtful
      : (result === 'proved') === (kind !== 'refuted')
        ? terminal.good
        : terminal.bad
  const source = basis === 'assertion' ? ', on the word of an issuer' : ''
  return `${paint(result)}${source}`
}

function boundRows({
  region,
  possible,
  sea,
  areaKm2,
  enclosing,
  discs,
}: SpeedClaims): readonly (readonly [string, string])[] {
  const used = discs.filter((disc) => disc.used)
  const nearest = used.reduce((least, disc) => Math.min(least, disc.rttMinNs), Number.POSITIVE_INFINITY)
  const measured = ['measurements', `${used.length} used, nearest ${milliseconds(nearest)}`] as const
  if (region.kind === 'empty') return [['region', 'empty: no place fits; somebody misreports'], measured]
  if (enclosing === undefined)
    return [['region', 'the whole globe: nothing is ruled out'], ...(used.length > 0 ? [measured] : [])]
  const listed = possible.slice(0, 40).join(', ') || 'no land on the map'
  const around = `${enclosing.latitudeDegrees.toFixed(2)}, ${enclosing.longitudeDegrees.toFixed(2)}`
  return [
    ['not ruled out', `${listed}${sea === 'possible' ? '; and the sea' : ''}`],
    [
      'region',
      `${Math.ceil(areaKm2).toLocaleString('en')} km², within ${Math.ceil(enclosing.radiusMeters / 1000)} km of ${around}`,
    ],
    measured,
  ]
}

function assumptionRows({
  assumptions,
  window,
  rejected,
  unreachable,
}: LocationClaims): readonly (readonly [string, string])[] {
  if (assumptions === undefined) return []
  const { faultTolerance, faultClass, independentOperators, operators, maps, directory } = assumptions
  const set = maps.map(({ name, errorMeters }) => `${name} (exact to ${errorMeters / 1000} km)`)
  return [
    [
      'faults tolerated',
      `${faultTolerance} of ${independentOperators} independent ${faultClass === 'operator' ? 'operators' : 'networks'}: ${printable(operators.join(', '))}`,
    ],
    ['sea', assumptions.sea === 'ignored' ? 'ignored: the device is taken to be on land' : 'counted'],
    ['directory', `${printable(directory.id)} of ${printable(directory.issuer)}`],
    ['map', printable(set.join(', '))],
    ...(window === undefined
      ? []
      : [['measured', `${instant(window.earliest)} to ${instant(window.latest)}`] as const]),
    ...(rejected.length === 0 ? [] : [['rejected', rejected.map(({ failure }) => failure.code).join(', ')] as const]),
    ...(unreachable.length === 0 ? [] : [['unreachable', `${unreachable.length} landmarks`] as const]),
  ]
}

function instant(seconds: number): string {
  return new Date(seconds * 1000).toISOString()
}

function milliseconds(ns: number): string {
  return Number.isFinite(ns) ? `${(ns / 1e6).toFixed(2)} ms` : 'none'
}

function speedText(speed: SignalSpeed): string {
  return speed === 'vacuum'
    ? 'vacuum: nothing is faster than light'
    : 'fibre: 2/3 of light, true only if every path is solid-core fibre'
}

function caveats({ claims }: LocationResult, { challenge, revocation }: Shown): readonly string[] {
  const unjudged =
    revocation.outcome === 'pass'
      ? 'Firmware of the devices was not judged.'
      : 'Neither revocation nor firmware of the devices was judged; for revocation pass --collateral.'
  return [
    ...(claims === undefined ? [] : [claims.assurance.caveat]),
    'That the region overlaps a territory is not evidence for it: anyone can answer late and make the region larger.',
    `${unjudged} To judge both: gpu-attestation verify EVIDENCE --nonce ${challenge} --collateral FILE`,
  ]
}
