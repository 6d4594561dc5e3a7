// `locate`: what signed round-trip times prove about where attested devices are.
import { writeFileSync } from 'node:fs'
import { type Collateral, emptyCollateral } from '../appraise/collateral.js'
import { appraiseLocation, type LocationResult } from '../appraise/location.js'
import type { LocationClaims, SpeedClaims } from '../appraise/location-claims.js'
import type { Bytes } from '../bytes/bytes.js'
import { encodeHex } from '../bytes/hex.js'
import { type LocationBinding, parseBundleBinding, renewBinding } from '../location/binding.js'
import { verifyLandmarkDirectory } from '../location/directory.js'
import type { SignedToken } from '../location/envelope.js'
import type { ConfidentialVmVerifier } from '../location/evidence.js'
import { regionToGeoJson } from '../location/geometry/geojson.js'
import { fromDegrees } from '../location/geometry/vector.js'
import { renderRegionSvg } from '../location/picture/region-picture.js'
import type { PlannedPredicate } from '../location/planner-search.js'
import type { LocationPolicy } from '../location/policy.js'
import { type Bracket, verifyLocationBundle } from '../location/verify-bundle.js'
import type { Evidence } from '../nvidia/evidence.js'
import { verifyError } from '../result/error.js'
import type { NonEmptyArray } from '../result/result.js'
import { territoryNames } from '../territories/names.js'
import type { KeySet } from '../token/key-set.js'
import type { Verifier } from '../verifier.js'
import { toJson } from './json.js'
import { showLocation, showWithoutAnswer } from './locate-present.js'
import { type AuthenticDevice, checkDeviceRevocation } from './locate-revocation.js'
import type { CommandTerritories, MachineFacts } from './location-options.js'
import type { Terminal } from './terminal.js'
import { exitCodes, UsageError } from './usage.js'

/** One challenge as the caller issued it, and the device evidence that came back. */
export interface LocateBracket {
  readonly nonce: Bytes
  readonly nonceIssuedAt: Date
  readonly evidence: readonly Evidence[]
}

/** Everything that is trusted comes from the caller; the bundle supplies only what is checked against it. */
export interface LocateRequest {
  /** File contents: JWS or COSE. */
  readonly bundle: Bytes
  readonly directory: Bytes
  readonly directoryKeys: KeySet
  readonly directoryIssuer: string
  readonly policy: LocationPolicy
  readonly audience: string
  readonly first: LocateBracket
  readonly second?: LocateBracket
  readonly machine?: MachineFacts
  /** Authenticates the device evidence; its firmware is not judged here. */
  readonly verifier: Verifier
  /** Revocation of the devices is judged by it; without it, it is not. */
  readonly collateral?: Collateral
  readonly territories: CommandTerritories
  readonly now: Date
  /** File to write a picture to. */
  readonly svg?: string
  readonly json: boolean
}

/** Returns the exit code; what is not authentic is thrown, as in `verify --authenticity-only`. */
export async function locate(terminal: Terminal, request: LocateRequest): Promise<number> {
  const { policy, territories, now, second } = request
  const bundle = readToken(request.bundle)
  const directory = await verifyLandmarkDirectory(readToken(request.directory), {
    keys: request.directoryKeys,
    issuer: request.directoryIssuer,
    now,
  })
  const binding = await parseBundleBinding(bundle)
  const before = await authenticate(request, 'first', request.first, binding)
  const after =
    second === undefined
      ? undefined
      : await authenticate(request, 'second', second, await renewBinding(binding, second.nonce))
  const evidence = await verifyLocationBundle(bundle, {
    directory,
    audience: request.audience,
    first: bracketOf(request.first, before),
    ...(second === undefined || after === undefined ? {} : { second: bracketOf(second, after) }),
    // A store of used nonces is the caller's: this process ends with the answer.
    isNonceFresh: { waivedBecause: 'the command line keeps no list of nonces; never pass the same one twice' },
    now,
    ...(request.machine === undefined ? {} : { confidentialVm: machineVerifier(request.machine) }),
  })
  const revocation = checkDeviceRevocation([...before, ...(after ?? [])], request.collateral)
  const challenge = encodeHex(binding.challenge)
  if (revocation.failures.length > 0) {
    showWithoutAnswer(terminal, revocation, challenge, request.json)
    return exitCodes.appraise
  }
  const result = appraiseLocation({ evidence, policy, territories: territories.set })
  if (request.svg !== undefined) writePicture(request.svg, drawResult(result, request))
  if (request.json) terminal.line(toJson({ challenge, deviceRevocation: revocation, ...plainResult(result) }))
  else showLocation(terminal, result, { policy, challenge, revocation, svg: request.svg })
  return result.verdict === 'pass' ? exitCodes.pass : exitCodes.appraise
}

/** A JWS saved by an editor ends in a line break, which is no part of it; COSE is taken as it is. */
function readToken(bytes: Bytes): SignedToken {
  if ((bytes[0] ?? 0) >= 0x80) return bytes
  return new TextDecoder().decode(bytes).trim()
}

async function authenticate(
  { verifier, now, collateral = emptyCollateral }: LocateRequest,
  bracket: 'first' | 'second',
  { evidence }: LocateBracket,
  { challenge }: LocationBinding,
): Promise<NonEmptyArray<AuthenticDevice>> {
  const devices: AuthenticDevice[] = []
  for (const [index, item] of evidence.entries()) {
    const report = await verifier.authenticate(item, { nonce: challenge, now, collateral })
    devices.push({ at: `${bracket}.evidence[${index}]`, report })
  }
  const [first, ...rest] = devices
  if (first === undefined) throw new UsageError('the device evidence holds no device')
  return [first, ...rest]
}

function bracketOf({ nonce, nonceIssuedAt }: LocateBracket, [first, ...rest]: NonEmptyArray<AuthenticDevice>): Bracket {
  return { nonce, nonceIssuedAt, devices: [first.report, ...rest.map(({ report }) => report)] }
}

function machineVerifier({ first, second }: MachineFacts): ConfidentialVmVerifier {
  return async ({ bracket }) => {
    const facts = bracket === 'first' ? first : second
    if (facts === undefined) throw verifyError('location/confidential-vm-refused', `${bracket}.confidentialVm`, {})
    return facts
  }
}

function writePicture(file: string, svg: string | undefined): void {
  if (svg === undefined) throw new UsageError('without measurements there is nothing to draw')
  try {
    writeFileSync(file, svg)
  } catch (cause) {
    throw new UsageError(`cannot write ${file}: ${cause instanceof Error ? cause.message : 'unknown reason'}`, {
      cause,
    })
  }
}

function drawResult({ claims }: LocationResult, { policy, territories }: LocateRequest): string | undefined {
  const bounds = claims?.bounds?.[policy.speed]
  if (claims === undefined || bounds === undefined) return undefined
  const discs = bounds.discs.flatMap((disc) =>
    disc.used
      ? [
          {
            center: fromDegrees(disc.latitudeDegrees, disc.longitudeDegrees),
            radiusMeters: disc.radiusMeters,
            group: disc.operator,
          },
        ]
      : [],
  )
  return renderRegionSvg({
    region: bounds.region,
    discs,
    landmarks: bounds.discs.map((disc) => ({
      name: disc.operator,
      latitudeDeg: disc.latitudeDegrees,
      longitudeDeg: disc.longitudeDegrees,
    })),
    maps: territories.maps,
    predicates: predicatesOf(policy),
    speed: policy.speed,
    faultTolerance: policy.faultTolerance,
    names: territoryNames,
    title: claims.subject === 'device' ? 'Where the device can be' : 'Where the session key can be',
    notes: [`Assurance: ${claims.assurance.name}, level ${claims.assurance.level} of 6.`],
  })
}

function predicatesOf({ inside, outside, sea }: LocationPolicy): readonly PlannedPredicate[] {
  return [
    ...(inside === undefined ? [] : [{ kind: 'inside', codes: inside, sea } as const]),
    ...(outside === undefined ? [] : [{ kind: 'outside', codes: outside } as const]),
  ]
}

/** A region holds a function and exact arcs; programs get its kind and its outline. */
function plainResult(result: LocationResult): object {
  const { claims } = result
  return claims === undefined ? result : { ...result, claims: { ...claims, bounds: plainBounds(claims) } }
}

function plainBounds({ bounds }: LocationClaims): object | undefined {
  if (bounds === undefined) return undefined
  const plain = ({ region, ...rest }: SpeedClaims): object => ({
    ...rest,
    region: { kind: region.kind, geoJson: regionToGeoJson(region) },
  })
  return { vacuum: plain(bounds.vacuum), fibre: plain(bounds.fibre) }
}
