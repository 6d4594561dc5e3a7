// Compares what an attestation service states with this library's own appraisal of the same devices, claim by claim.
import { memberPath } from '../encoding/json.js'
import type { NrasDevice, NrasResult } from '../nvidia/nras.js'
import type { NrasDeviceClaims } from '../nvidia/nras-claims.js'
import { requireVerified, type Verified } from '../result/proof.js'
import type { DeviceResult } from './device.js'
import type { DeviceClaims } from './device-claims.js'
import { compareClaim, type DifferenceKind } from './token-compare-claim.js'
import { localView } from './token-compare-view.js'
import { own, type PlainJson, plainClaims, plainJson } from './token-value.js'

/**
 * One point where the two disagree.
 * - `contradiction`: both made a statement and both cannot be right, or the service rejects what passes here.
 * - `stricter-here`: the service accepts what was not shown here, or what the local policy does not accept.
 * - `only-service`, `only-local`: the other side says nothing about it.
 */
export interface TokenDifference {
  /** Undefined where it is about the system, or a device that has no identity: refused, or not shown to be genuine. */
  readonly ueid: string | undefined
  /** Label of the device in the token. */
  readonly label: string | undefined
  /** Name of the claim, with members after a dot; `check:<id>` for a check of the local appraisal; `device` for a whole device. */
  readonly claim: string
  readonly service: PlainJson | undefined
  readonly local: PlainJson | undefined
  readonly kind: DifferenceKind
}

interface ServiceDevice {
  readonly label: string
  readonly claims: NrasDeviceClaims
}

interface LocalDevice {
  readonly result: DeviceResult
  readonly claims: DeviceClaims
}

/**
 * Every point where a token and local results disagree, contradictions first. Devices are matched by ueid; that they are
 * about the same evidence shows in `eat_nonce`. An empty list means agreement on every claim that both sides make.
 *
 * Decides nothing: neither side is taken for right. Both speak of their own time, so that a certificate revoked in
 * between is a contradiction of statements, not necessarily an error.
 * @throws TypeError if `service` is not the value a verify function returned
 */
export function compareWithLocal(
  service: Verified<NrasResult>,
  local: readonly DeviceResult[],
): readonly TokenDifference[] {
  requireVerified(service, 'service')
  const stated = service.devices.flatMap((device): ServiceDevice[] =>
    device.kind === 'refused' ? [] : [{ label: device.label, claims: device.claims }],
  )
  const known = local.flatMap((result): LocalDevice[] => (result.authentic ? [{ result, claims: result.claims }] : []))
  const find = (ueid: string): ServiceDevice | undefined => stated.find(({ claims }) => claims.ueid === ueid)
  const differences = [
    ...compareOverall(service, local),
    ...known.flatMap((device) => {
      const match = find(device.claims.ueid)
      return match === undefined ? [missingThere(device)] : compareDevice(match, device)
    }),
    ...stated
      .filter(({ claims }) => !known.some((device) => device.claims.ueid === claims.ueid))
      .map((device) => missingHere(device)),
    ...service.devices.flatMap(refusal),
    ...local.flatMap(unproven),
  ]
  const order = ['contradiction', 'stricter-here', 'only-service', 'only-local'] as const
  return order.flatMap((kind) => differences.filter((difference) => difference.kind === kind))
}

function compareOverall({ outcome }: NrasResult, local: readonly DeviceResult[]): readonly TokenDifference[] {
  const verdict = local.length > 0 && local.every((result) => result.verdict === 'pass') ? 'pass' : 'fail'
  if (outcome === verdict) return []
  const kind = outcome === 'pass' ? 'stricter-here' : 'contradiction'
  return [{ ueid: undefined, label: undefined, claim: 'outcome', service: outcome, local: verdict, kind }]
}

function compareDevice({ label, claims }: ServiceDevice, device: LocalDevice): readonly TokenDifference[] {
  const { ueid } = claims
  const service = plainClaims(claims.original)
  const local = localView(device.claims, claims)
  const names = new Set([...Object.keys(local), ...Object.keys(service)])
  const context = { version: claims.version, checks: device.result.checks, local }
  const found = [...names].flatMap((name) => compareClaim(name, own(service, name), own(local, name), context))
  return [
    ...found.map((difference) => ({ ueid, label, ...difference })),
    ...compareVerdict(label, claims, device.result),
  ]
}

// What only the local policy looks at (mode, debug flags, lists) shows in no claim, but in the checks behind the verdict.
function compareVerdict(label: string, claims: NrasDeviceClaims, result: DeviceResult): readonly TokenDifference[] {
  const { ueid } = claims
  const failed = [...claims.checks].filter(([, passed]) => !passed).map(([name]) => name)
  const refused = claims.measres !== 'success' || failed.length + claims.missingChecks.length > 0
  if (result.verdict === 'pass')
    return refused ? [{ ueid, label, claim: 'outcome', service: 'fail', local: 'pass', kind: 'contradiction' }] : []
  if (refused) return []
  return result.checks
    .filter(({ outcome }) => outcome === 'fail' || outcome === 'indeterminate')
    .map(({ id, outcome }) => {
      return { ueid, label, claim: `check:${id}`, service: undefined, local: outcome, kind: 'stricter-here' }
    })
}

function missingThere({ result, claims }: LocalDevice): TokenDifference {
  const { ueid } = claims
  return { ueid, label: undefined, claim: 'device', service: undefined, local: result.verdict, kind: 'only-local' }
}

function missingHere({ label, claims }: ServiceDevice): TokenDifference {
  const { ueid, measres } = claims
  return { ueid, label, claim: 'device', service: measres, local: undefined, kind: 'only-service' }
}

/** A refusal names no device: which one it is about, only whoever sent the request knows. */
function refusal(device: NrasDevice): readonly TokenDifference[] {
  if (device.kind !== 'refused') return []
  const name = 'x-nvidia-error-details'
  const service = plainJson(device.refusal.original.get(name))
  return [{ ueid: undefined, label: device.label, claim: name, service, local: undefined, kind: 'only-service' }]
}

/** A local result without a proven identity cannot be matched. */
function unproven(result: DeviceResult, index: number): readonly TokenDifference[] {
  if (result.authentic) return []
  const claim = memberPath(`local[${index}]`, 'authentic')
  const [{ code }] = result.failures
  return [{ ueid: undefined, label: undefined, claim, service: undefined, local: code, kind: 'only-local' }]
}
