// Turns the claims set of an Entity Attestation Token (RFC 9711 section 4.2), JSON or CBOR, into typed claims.
import type { Bytes } from '../bytes/bytes.js'
import { decodeOid } from '../encoding/oid.js'
import {
  type ClaimField,
  type ClaimsSet,
  claimBoolean,
  claimBytes,
  claimChoice,
  claimEntries,
  claimField,
  claimInteger,
  claimItems,
  claimText,
  claimTypeError,
} from './claim-field.js'
import { type EatLocation, readLocation } from './eat-location.js'
import {
  type ContentItem,
  type MeasurementResults,
  readContentItems,
  readMeasurementResults,
} from './eat-measurements.js'
import { readSubmodules, type Submodule } from './eat-submodule.js'

/** Text in a JSON token, bytes in a CBOR token. */
export type EatNonce = string | Bytes

/** Who made the hardware (section 4.2.3): an IANA enterprise number, an IEEE identifier, or 16 random bytes. */
export type OemId =
  | { readonly kind: 'enterprise-number'; readonly number: number }
  | { readonly kind: 'ieee'; readonly bytes: Bytes }
  | { readonly kind: 'random'; readonly bytes: Bytes }

/** Scheme numbers and names are those of CoSWID (RFC 9393 section 4.1), for instance 1 `multipartnumeric`. */
export interface EatVersion {
  readonly version: string
  readonly scheme: number | string | undefined
}

/** Registrar of a certification, and the labels it is found under. */
export interface DigitalLetterOfApproval {
  readonly registrar: string
  readonly platformLabel: string
  readonly applicationLabel: string | undefined
}

const debugStates = [
  'enabled',
  'disabled',
  'disabled-since-boot',
  'disabled-permanently',
  'disabled-fully-and-permanently',
] as const
const intendedUses = ['generic', 'registration', 'provisioning', 'csr', 'pop'] as const

export type DebugStatus = (typeof debugStates)[number]
export type IntendedUse = (typeof intendedUses)[number]

/** The claims RFC 9711 defines. A claim that is absent is undefined; one of another type refuses the whole set. */
export interface EatClaims {
  /** All claims, unknown ones included, as they were encoded. */
  readonly set: ClaimsSet
  /** Every `eat_nonce`; empty when the claim is absent. */
  readonly nonces: readonly EatNonce[]
  readonly ueid: Bytes | undefined
  readonly sueids: ReadonlyMap<string, Bytes> | undefined
  readonly oemid: OemId | undefined
  readonly hwmodel: Bytes | undefined
  readonly hwversion: EatVersion | undefined
  readonly swname: string | undefined
  readonly swversion: EatVersion | undefined
  readonly oemboot: boolean | undefined
  readonly dbgstat: DebugStatus | undefined
  readonly location: EatLocation | undefined
  readonly uptimeSeconds: number | undefined
  readonly bootcount: number | undefined
  readonly bootseed: Bytes | undefined
  readonly dloas: readonly DigitalLetterOfApproval[] | undefined
  /** URI, or object identifier in dotted form. */
  readonly profile: string | undefined
  readonly intuse: IntendedUse | undefined
  readonly manifests: readonly ContentItem[] | undefined
  readonly measurements: readonly ContentItem[] | undefined
  readonly measres: readonly MeasurementResults[] | undefined
  /** Claims of parts of the device, by name; empty when the claim is absent. */
  readonly submods: ReadonlyMap<string, Submodule<EatClaims>>
}

/**
 * Reads the claims of one set. `depth` counts the submodules around it.
 * @throws AttestationError `token/claim-type`, `eat/nesting`, `eat/submodule-form`, `encoding/base64`, `der/oid`, `json/*`
 */
export function readEatClaims(set: ClaimsSet, at: string, depth = 0): EatClaims {
  const claim = <T>(name: string, key: number, read: (field: ClaimField) => T): T | undefined => {
    const field = claimField(set, name, key, at)
    return field === undefined ? undefined : read(field)
  }
  return Object.freeze({
    set,
    nonces: claim('eat_nonce', 10, readNonces) ?? [],
    ueid: claim('ueid', 256, readUeid),
    sueids: claim('sueids', 257, (field) => new Map(claimEntries(field).map(([name, item]) => [name, readUeid(item)]))),
    oemid: claim('oemid', 258, readOemId),
    hwmodel: claim('hwmodel', 259, (field) => claimBytes(field, 1, 32)),
    hwversion: claim('hwversion', 260, readVersion),
    uptimeSeconds: claim('uptime', 261, (field) => claimInteger(field, 0)),
    oemboot: claim('oemboot', 262, claimBoolean),
    dbgstat: claim('dbgstat', 263, (field) => claimChoice(field, debugStates, 0)),
    location: claim('location', 264, readLocation),
    profile: claim('eat_profile', 265, readProfile),
    submods: claim('submods', 266, (field) => readSubmodules(field, depth, readEatClaims)) ?? new Map(),
    bootcount: claim('bootcount', 267, (field) => claimInteger(field, 0)),
    bootseed: claim('bootseed', 268, (field) => claimBytes(field, 1, 64)),
    dloas: claim('dloas', 269, (field) => claimItems(field, 1, 64).map(readApproval)),
    swname: claim('swname', 270, claimText),
    swversion: claim('swversion', 271, readVersion),
    manifests: claim('manifests', 272, readContentItems),
    measurements: claim('measurements', 273, readContentItems),
    measres: claim('measres', 274, readMeasurementResults),
    intuse: claim('intuse', 275, (field) => claimChoice(field, intendedUses, 1)),
  })
}

// One nonce stands alone; an array has at least two (section 4.1). 64 bounds what a comparison has to search.
function readNonces(field: ClaimField): readonly EatNonce[] {
  return Array.isArray(field.value) ? claimItems(field, 2, 64).map(readNonce) : [readNonce(field)]
}

function readNonce(field: ClaimField): EatNonce {
  if (field.encoding === 'cbor') return claimBytes(field, 8, 64)
  const text = claimText(field)
  if (text.length < 8 || text.length > 88) throw claimTypeError(field, '8 to 88 characters')
  return text
}

function readUeid(field: ClaimField): Bytes {
  return claimBytes(field, 7, 33)
}

function readOemId(field: ClaimField): OemId {
  if (typeof field.value === 'number') return { kind: 'enterprise-number', number: claimInteger(field, 0) }
  const bytes = claimBytes(field, 3, 16)
  if (bytes.length === 3) return { kind: 'ieee', bytes }
  if (bytes.length === 16) return { kind: 'random', bytes }
  throw claimTypeError(field, '3 or 16 bytes, or an integer')
}

function readVersion(field: ClaimField): EatVersion {
  const [version, scheme] = claimItems(field, 1, 2)
  if (version === undefined) throw claimTypeError(field, 'a version')
  if (scheme === undefined) return { version: claimText(version), scheme: undefined }
  const named = typeof scheme.value === 'string'
  return { version: claimText(version), scheme: named ? claimText(scheme) : claimInteger(scheme, 0) }
}

function readApproval(field: ClaimField): DigitalLetterOfApproval {
  const [registrar, platform, application] = claimItems(field, 2, 3)
  if (registrar === undefined || platform === undefined) throw claimTypeError(field, 'registrar and label')
  return {
    registrar: claimText(registrar),
    platformLabel: claimText(platform),
    applicationLabel: application === undefined ? undefined : claimText(application),
  }
}

function readProfile(field: ClaimField): string {
  if (field.value instanceof Uint8Array) return decodeOid(field.value, field.at, '')
  return claimText(field)
}
