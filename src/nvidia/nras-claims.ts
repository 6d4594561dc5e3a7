// Reads the device claims of NVIDIA's remote attestation service (versions 2.0, 3.0, 4.0) into one typed form.
import {
  isJsonArray,
  type JsonArray,
  type JsonObject,
  type JsonValue,
  jsonInteger,
  jsonObject,
  jsonString,
  memberPath,
} from '../encoding/json.js'
import { parseError } from '../result/error.js'

/** Versions of the claims in the service's tokens. */
export type NrasClaimsVersion = '2.0' | '3.0' | '4.0'
/** What a device token is about. */
export type NrasDeviceKind = 'gpu' | 'switch'

/** What the service found about one certificate chain (claims 3.0 and later). Absent members are undefined, not true. */
export interface NrasCertificateChain {
  readonly status: string
  readonly ocspStatus: string
  readonly expiration: string
  readonly revocationReason: string | undefined
  readonly ocspNonceMatches: boolean | undefined
  readonly ocspResponseValid: boolean | undefined
}

/** What the service says about one device. It is the service's word: nothing here was measured by this library. */
export interface NrasDeviceClaims {
  readonly device: NrasDeviceKind
  readonly version: NrasClaimsVersion
  readonly ueid: string
  readonly hwmodel: string | undefined
  readonly oemid: string | undefined
  /** `success`, `fail`, `not-run` or `absent`. */
  readonly measres: string
  readonly secboot: boolean | undefined
  readonly dbgstat: string | undefined
  readonly driverVersion: string | undefined
  /** VBIOS of a GPU, BIOS of a switch. */
  readonly firmwareVersion: string | undefined
  /** The service's checks by name without `x-nvidia-gpu-` or `x-nvidia-switch-`, such as `attestation-report-parsed`. */
  readonly checks: ReadonlyMap<string, boolean>
  /** Checks that claims of this version must carry and these do not. */
  readonly missingChecks: readonly string[]
  /** By name, such as `attestation-report-cert-chain`. */
  readonly certificateChains: ReadonlyMap<string, NrasCertificateChain>
  readonly mismatchedMeasurements: JsonArray
  readonly mismatchedOpaqueData: JsonArray
  readonly warning: string | undefined
  /** Every claim as signed. */
  readonly original: JsonObject
}

const requiredChecks: Readonly<Record<NrasDeviceKind, Readonly<Record<'every' | '2.0' | 'later', readonly string[]>>>> =
  {
    gpu: {
      every: [
        'arch-check',
        'attestation-report-parsed',
        'attestation-report-nonce-match',
        'attestation-report-signature-verified',
        'driver-rim-fetched',
        'driver-rim-signature-verified',
        'driver-rim-measurements-available',
        'vbios-rim-fetched',
        'vbios-rim-signature-verified',
        'vbios-rim-measurements-available',
        'vbios-index-no-conflict',
      ],
      '2.0': ['attestation-report-cert-chain-validated', 'driver-rim-cert-validated', 'vbios-rim-cert-validated'],
      later: ['attestation-report-cert-chain-fwid-match', 'driver-rim-version-match', 'vbios-rim-version-match'],
    },
    switch: {
      every: [
        'arch-check',
        'attestation-report-parsed',
        'attestation-report-nonce-match',
        'attestation-report-signature-verified',
        'bios-rim-fetched',
        'bios-rim-signature-verified',
        'bios-rim-measurements-available',
      ],
      '2.0': ['attestation-report-cert-chain-validated', 'bios-rim-cert-validated'],
      later: ['attestation-report-cert-chain-fwid-match', 'bios-rim-version-match'],
    },
  }

/** @throws AttestationError `nras/claims-version` */
export function readClaimsVersion(value: JsonValue | undefined, at: string): NrasClaimsVersion {
  const version = jsonString(value, at)
  if (version === '2.0' || version === '3.0' || version === '4.0') return version
  throw parseError('nras/claims-version', at, { version })
}

/**
 * Reads the claims of one device token that is not a refusal; the version is the device's own where it states one.
 * @throws AttestationError `nras/claims-version`, `nras/device-kind`, `json/missing`, `json/type`
 */
export function readDeviceClaims(
  claims: JsonObject,
  label: string,
  overallVersion: NrasClaimsVersion,
  at: string,
): NrasDeviceClaims {
  const device = deviceKind(claims, label, at)
  const prefix = `x-nvidia-${device}-`
  const path = (name: string): string => memberPath(at, name)
  const text = (name: string): string | undefined =>
    nullable(claims.get(name), (value) => jsonString(value, path(name)))
  const records = (name: string): JsonArray => nullable(claims.get(name), (value) => jsonList(value, path(name))) ?? []
  const versionName = device === 'gpu' ? `${prefix}claims-version` : 'x-nvidia-version'
  const stated = claims.get(versionName)
  const version = stated === undefined ? overallVersion : readClaimsVersion(stated, path(versionName))
  const { checks, certificateChains } = readFindings(claims, prefix, at)
  const { every, '2.0': flat, later } = requiredChecks[device]
  return Object.freeze({
    device,
    version,
    ueid: jsonString(claims.get('ueid'), path('ueid')),
    hwmodel: text('hwmodel'),
    oemid: text('oemid'),
    measres: jsonString(claims.get('measres'), path('measres')),
    secboot: optionalBoolean(claims.get('secboot'), path('secboot')),
    dbgstat: text('dbgstat'),
    driverVersion: text(`${prefix}driver-version`),
    firmwareVersion: text(device === 'gpu' ? `${prefix}vbios-version` : `${prefix}bios-version`),
    checks,
    missingChecks: [...every, ...(version === '2.0' ? flat : later)].filter((name) => !checks.has(name)),
    certificateChains,
    mismatchedMeasurements: records('x-nvidia-mismatch-measurement-records'),
    mismatchedOpaqueData: records('x-nvidia-mismatch-opaque-data-records'),
    warning: text('x-nvidia-attestation-warning'),
    original: claims,
  })
}

/** How the names of the service's checks end. */
const checkName = /-(?:check|parsed|match|verified|validated|fetched|available|no-conflict)$/

// Production tokens carry no device type, only the label of the bundle; where both are there they must agree.
function deviceKind(claims: JsonObject, label: string, at: string): NrasDeviceKind {
  const labelled = label.startsWith('GPU-') ? 'gpu' : label.startsWith('SWITCH-') ? 'switch' : undefined
  const stated = claims.get('x-nvidia-device-type')
  const typed = stated === 'gpu' ? 'gpu' : stated === 'nvswitch' ? 'switch' : undefined
  const kind = stated === undefined ? labelled : typed
  if (kind === undefined || (labelled !== undefined && labelled !== kind))
    throw parseError('nras/device-kind', at, { label })
  const foreign = kind === 'gpu' ? 'x-nvidia-switch-' : 'x-nvidia-gpu-'
  for (const name of claims.keys())
    if (name.startsWith(foreign)) throw parseError('nras/device-kind', memberPath(at, name), { label })
  return kind
}

function readFindings(
  claims: JsonObject,
  prefix: string,
  at: string,
): Pick<NrasDeviceClaims, 'checks' | 'certificateChains'> {
  const checks = new Map<string, boolean>()
  const certificateChains = new Map<string, NrasCertificateChain>()
  for (const [name, value] of claims) {
    if (!name.startsWith(prefix) || value === null) continue
    const short = name.slice(prefix.length)
    const path = memberPath(at, name)
    if (typeof value === 'boolean') checks.set(short, value)
    else if (short.endsWith('-cert-chain')) certificateChains.set(short, readChain(value, path))
    // A check in another type would go unseen, whatever it says.
    else if (checkName.test(short)) optionalBoolean(value, path)
  }
  return { checks, certificateChains }
}

function readChain(value: JsonValue, at: string): NrasCertificateChain {
  const chain = jsonObject(value, at)
  const name = (suffix: string): string => `x-nvidia-cert-${suffix}`
  const text = (suffix: string): string => jsonString(chain.get(name(suffix)), memberPath(at, name(suffix)))
  const flag = (suffix: string): boolean | undefined =>
    optionalBoolean(chain.get(name(suffix)), memberPath(at, name(suffix)))
  const reason = name('revocation-reason')
  return Object.freeze({
    status: text('status'),
    ocspStatus: text('ocsp-status'),
    expiration: text('expiration-date'),
    revocationReason: nullable(chain.get(reason), (given) => jsonString(given, memberPath(at, reason))),
    ocspNonceMatches: flag('ocsp-nonce-matches'),
    ocspResponseValid: flag('ocsp-response-valid'),
  })
}

/** Why the service would not attest a device: its own code and words. */
export interface NrasRefusal {
  /** NVIDIA's error code, for instance 4010 for a nonce that does not match. */
  readonly code: number
  readonly description: string | undefined
  readonly message: string | undefined
  readonly fieldName: string | undefined
  readonly httpStatus: JsonValue | undefined
  /** Every claim as signed. */
  readonly original: JsonObject
}

/** Reads `x-nvidia-error-details`. @throws AttestationError `json/missing`, `json/type` */
export function readRefusal(claims: JsonObject, at: string): NrasRefusal {
  const path = memberPath(at, 'x-nvidia-error-details')
  const details = jsonObject(claims.get('x-nvidia-error-details'), path)
  const text = (name: string): string | undefined =>
    nullable(details.get(name), (value) => jsonString(value, memberPath(path, name)))
  return Object.freeze({
    code: jsonInteger(details.get('code'), memberPath(path, 'code')),
    description: text('description'),
    message: text('message'),
    fieldName: text('fieldName'),
    httpStatus: details.get('httpStatus'),
    original: claims,
  })
}

function nullable<T>(value: JsonValue | undefined, read: (value: JsonValue) => T): T | undefined {
  return value === undefined || value === null ? undefined : read(value)
}

function jsonList(value: JsonValue, at: string): JsonArray {
  if (isJsonArray(value)) return value
  throw parseError('json/type', at, { expected: 'array', actual: typeof value })
}

function optionalBoolean(value: JsonValue | undefined, at: string): boolean | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value === 'boolean') return value
  throw parseError('json/type', at, { expected: 'boolean', actual: typeof value })
}
