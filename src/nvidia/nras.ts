// Turns a response of NVIDIA's remote attestation service, a detached EAT bundle, into verified results per device.
//
//   [["JWT", overall], { "GPU-0": jwt, "SWITCH-0": jwt, ... }]
//   overall.submods: { "GPU-0": ["DIGEST", ["SHA-256", lowercase hex over the compact device token]], ... }
import { type Bytes, copyArgument, equalBytes } from '../bytes/bytes.js'
import { encodeHex } from '../bytes/hex.js'
import { encodeUtf8 } from '../bytes/text.js'
import type { CryptoProvider, PublicKey } from '../crypto/provider.js'
import { webCryptoProvider } from '../crypto/webcrypto.js'
import {
  type JsonLimits,
  type JsonObject,
  type JsonValue,
  jsonArray,
  jsonObject,
  jsonString,
  memberPath,
  parseJson,
} from '../encoding/json.js'
import { parseError, verifyError } from '../result/error.js'
import { markVerified, type Verified } from '../result/proof.js'
import { optionsAtCall } from '../token/claims.js'
import { MAX_TOKEN_LENGTH } from '../token/jws.js'
import { type Jwt, verifyJwt } from '../token/jwt.js'
import type { KeySet, VerificationKey } from '../token/key-set.js'
import { parseCertificate } from '../x509/certificate.js'
import {
  type NrasClaimsVersion,
  type NrasDeviceClaims,
  type NrasRefusal,
  readClaimsVersion,
  readDeviceClaims,
  readRefusal,
} from './nras-claims.js'

/** Devices of one response; the service takes one system at a time, eight GPUs and four switches. */
export const MAX_NRAS_DEVICES = 256

/** More values than devices allowed, so that too many of them are called by that name. */
const bundleLimits: JsonLimits = { maxBytes: MAX_TOKEN_LENGTH, maxDepth: 2, maxValues: 65_536 }

/** A response as received: compact tokens, nothing checked. */
export interface NrasResponse {
  readonly overall: string
  readonly devices: ReadonlyMap<string, string>
}

/** What the service says about one device: claims, or that it refused it. */
export type NrasDevice =
  | { readonly kind: 'claims'; readonly label: string; readonly claims: NrasDeviceClaims }
  /** The service refused the device: its token is signed but attests nothing. */
  | { readonly kind: 'refused'; readonly label: string; readonly refusal: NrasRefusal }

/** A verified response of NVIDIA's service: what it says, not judged by a policy. */
export interface NrasResult {
  /**
   * `pass` only if the overall result is true, and every device has claims with `measres` success and every check of
   * its version present and true. Certificate statuses, warnings and debug state are in the claims, for a policy.
   */
  readonly outcome: 'pass' | 'fail'
  /** `x-nvidia-overall-att-result`. */
  readonly overallResult: boolean
  readonly version: NrasClaimsVersion
  readonly issuedAt: Date | undefined
  readonly expiresAt: Date
  readonly devices: readonly NrasDevice[]
  /** Every claim of the overall token as signed. */
  readonly overallClaims: JsonObject
}

/** How to verify a response of NVIDIA's service. */
export interface NrasVerification {
  /**
   * The service's keys, obtained by the caller from its JWKS address over TLS. Keys live two days and disappear from
   * there: keep the set with the response to verify it again later. Certificates in it lead to a root that is published
   * nowhere; they limit how long a key is accepted, and never make one trusted.
   */
  readonly keys: KeySet
  /** Exact `iss` of every token, the base address of the service: `https://nras.attestation.nvidia.com`. */
  readonly issuer: string
  /** The nonce of the request. */
  readonly nonce: Bytes
  readonly now: Date
  readonly leewaySeconds: number
  readonly maxAgeSeconds?: number
  readonly crypto?: CryptoProvider
}

/**
 * Reads the container of a response. A response that is HTTP 200 can still say that every device failed.
 * @throws AttestationError `nras/form`, `nras/too-many-devices`, `json/*`, `bytes/too-large`
 */
export function parseNrasResponse(bytes: Bytes): NrasResponse {
  const [main, devices, ...rest] = jsonArray(parseJson(bytes, '', bundleLimits), '')
  const [selector, overall, ...more] = jsonArray(main, '[0]')
  if (selector !== 'JWT' || rest.length + more.length > 0)
    throw parseError('nras/form', '', { expected: '[["JWT", overall], devices]' })
  const tokens = new Map<string, string>()
  for (const [label, token] of jsonObject(devices, 'devices'))
    tokens.set(label, jsonString(token, memberPath('devices', label)))
  if (tokens.size > MAX_NRAS_DEVICES)
    throw parseError('nras/too-many-devices', 'devices', { limit: MAX_NRAS_DEVICES, actual: tokens.size })
  return { overall: jsonString(overall, 'overall'), devices: tokens }
}

/**
 * Verifies a response: overall token and every device token under the caller's keys (ES384), issuer and times at `now`;
 * the same labels in both, each device token under its digest; the requested nonce as hex in the overall token, which
 * only echoes it, and in every device token that is not a refusal; no device twice.
 *
 * Does not judge: a verified result can be a refusal, see `outcome`. `at` is `overall` or `devices.<label>`.
 * @throws AttestationError as {@link parseNrasResponse} and `verifyJwt`, and `nras/subject`, `nras/claims-version`,
 * `nras/device-kind`, `nras/duplicate-device`, `nras/key-certificate-mismatch`, `nras/key-expired`,
 * `nras/key-not-yet-valid`, `eat/digest-algorithm`, `eat/digest-mismatch`, `eat/detached-missing`,
 * `eat/detached-unbound`, `eat/nonce-missing`, `eat/nonce-encoding`, `eat/nonce-mismatch`
 * @throws TypeError if `nonce` is not bytes, `issuer` no text or `now` no date
 */
export async function verifyNrasToken(bytes: Bytes, given: NrasVerification): Promise<Verified<NrasResult>> {
  if (typeof given.issuer !== 'string') throw new TypeError('issuer must be text')
  const input = { ...optionsAtCall(given), nonce: copyArgument(given.nonce, 'nonce') }
  const response = parseNrasResponse(bytes)
  const labels = [...response.devices.keys()]
  // All signatures at once; failures are then reported in a fixed order, not in the order they happened.
  const tokens = [...response.devices.values()]
  const crypto = input.crypto ?? webCryptoProvider
  const digests = Promise.all(tokens.map(async (token) => encodeHex(await crypto.digest('sha256', encodeUtf8(token)))))
  // Awaited below unless the overall token is refused first; then a rejection must not count as unhandled.
  digests.catch(() => undefined)
  const [overallToken, ...deviceTokens] = await Promise.allSettled([
    verifyToken(response.overall, 'overall', input),
    ...tokens.map((token, index) => verifyToken(token, memberPath('devices', labels[index] ?? ''), input)),
  ])
  const { claims, registered } = settled(overallToken)
  const version = readOverall(claims, input)
  verifyDigests(claims, labels, await digests)
  const devices = labels.map((label, index) => readDevice(settled(deviceTokens[index]), label, version, input))
  refuseDuplicates(devices)
  const overallResult = claims.get('x-nvidia-overall-att-result')
  if (typeof overallResult !== 'boolean')
    throw parseError('token/claim-type', 'overall.payload.x-nvidia-overall-att-result', { expected: 'true or false' })
  return markVerified<NrasResult>({
    outcome: overallResult && devices.every(isAttested) ? 'pass' : 'fail',
    overallResult,
    version,
    issuedAt: registered.issuedAt === undefined ? undefined : new Date(registered.issuedAt * 1000),
    expiresAt: new Date((registered.expiresAt ?? 0) * 1000),
    devices: Object.freeze(devices),
    overallClaims: claims,
  })
}

async function verifyToken(token: string, at: string, input: NrasVerification): Promise<Verified<Jwt>> {
  const { nonce, ...expectations } = input
  const jwt = await verifyJwt(token, {
    ...expectations,
    // Named, so that signatures and digests of a response go through the same provider.
    crypto: input.crypto ?? webCryptoProvider,
    algorithms: ['ES384'],
    // The service declares no type today; the SDK's own tokens say JWT.
    typ: [null, 'JWT'],
    audience: null,
    expiry: 'required',
    at,
  })
  verifyKeyValidity(jwt.jws.key, input.now, memberPath(at, 'header.kid'))
  return jwt
}

function settled(result: PromiseSettledResult<Verified<Jwt>> | undefined): Verified<Jwt> {
  if (result?.status === 'fulfilled') return result.value
  throw result?.reason
}

// The certificate beside the key may only take validity away.
function verifyKeyValidity({ certificates, publicKey }: VerificationKey, now: Date, at: string): void {
  const [leaf] = certificates
  if (leaf === undefined) return
  const certificate = parseCertificate(leaf, `${at}.x5c[0]`)
  if (!isSameKey(certificate.subjectPublicKeyInfo.publicKey, publicKey))
    throw verifyError('nras/key-certificate-mismatch', at, {})
  const { notAfter, notBefore } = certificate
  if (now > notAfter)
    throw verifyError('nras/key-expired', at, { notAfter: notAfter.toISOString(), now: now.toISOString() })
  if (now < notBefore)
    throw verifyError('nras/key-not-yet-valid', at, { notBefore: notBefore.toISOString(), now: now.toISOString() })
}

function isSameKey(a: PublicKey | undefined, b: PublicKey): boolean {
  return a?.kind === 'ec' && b.kind === 'ec' && a.curve === b.curve && equalBytes(a.point, b.point)
}

function readOverall(claims: JsonObject, input: NrasVerification): NrasClaimsVersion {
  const subject = claims.get('sub')
  // Keeps a device token from standing in for the overall token.
  if (subject !== 'NVIDIA-PLATFORM-ATTESTATION')
    throw verifyError('nras/subject', 'overall.payload.sub', { subject: typeof subject === 'string' ? subject : null })
  verifyNonce(claims, input.nonce, 'overall.payload.eat_nonce')
  return readClaimsVersion(claims.get('x-nvidia-ver'), 'overall.payload.x-nvidia-ver')
}

function verifyNonce(claims: JsonObject, nonce: Bytes, at: string): void {
  const stated = claims.get('eat_nonce')
  if (stated === undefined) throw verifyError('eat/nonce-missing', at, {})
  if (typeof stated !== 'string' || !/^(?:[0-9a-f]{2})+$/i.test(stated))
    throw verifyError('eat/nonce-encoding', at, { expected: 'hex' })
  if (stated.toLowerCase() !== encodeHex(nonce)) throw verifyError('eat/nonce-mismatch', at, {})
}

/** `digests` are those of the tokens received, in the order of `labels`. */
function verifyDigests(claims: JsonObject, labels: readonly string[], digests: readonly string[]): void {
  const submods = jsonObject(claims.get('submods'), 'overall.payload.submods')
  if (submods.size === 0) throw parseError('nras/form', 'overall.payload.submods', { expected: 'one device or more' })
  for (const label of submods.keys())
    if (!labels.includes(label)) throw verifyError('eat/detached-missing', memberPath('devices', label), {})
  for (const [index, label] of labels.entries()) {
    const entry = submods.get(label)
    if (entry === undefined) throw verifyError('eat/detached-unbound', memberPath('devices', label), {})
    const expected = readDigest(entry, memberPath('overall.payload.submods', label))
    if (digests[index] !== expected) throw verifyError('eat/digest-mismatch', memberPath('devices', label), {})
  }
}

// ["DIGEST", ["SHA-256", hex]]; NVIDIA's local verifiers write the name without the hyphen.
function readDigest(entry: JsonValue, at: string): string {
  const [selector, digest, ...rest] = jsonArray(entry, at)
  if (selector !== 'DIGEST' || rest.length > 0) throw parseError('eat/submodule-form', at, {})
  const [algorithm, value, ...more] = jsonArray(digest, `${at}[1]`)
  if (more.length > 0) throw parseError('eat/submodule-form', at, {})
  if (algorithm !== 'SHA-256' && algorithm !== 'SHA256') throw parseError('eat/digest-algorithm', at, {})
  return jsonString(value, `${at}[1][1]`)
}

function readDevice(
  { claims }: Verified<Jwt>,
  label: string,
  version: NrasClaimsVersion,
  { nonce }: NrasVerification,
): NrasDevice {
  const at = `${memberPath('devices', label)}.payload`
  if (claims.has('x-nvidia-error-details'))
    return Object.freeze({ kind: 'refused', label, refusal: readRefusal(claims, at) })
  verifyNonce(claims, nonce, `${at}.eat_nonce`)
  return Object.freeze({ kind: 'claims', label, claims: readDeviceClaims(claims, label, version, at) })
}

function refuseDuplicates(devices: readonly NrasDevice[]): void {
  const seen = new Map<string, string>()
  for (const device of devices) {
    if (device.kind === 'refused') continue
    const { ueid } = device.claims
    const first = seen.get(ueid)
    if (first !== undefined)
      throw verifyError('nras/duplicate-device', memberPath('devices', device.label), { ueid, first })
    seen.set(ueid, device.label)
  }
}

function isAttested(device: NrasDevice): boolean {
  if (device.kind === 'refused') return false
  const { measres, checks, missingChecks } = device.claims
  return measres === 'success' && missingChecks.length === 0 && [...checks.values()].every((passed) => passed)
}
