// Which device a location claim speaks of: every device claim in the token against the attested device.
import { type Bytes, equalBytes } from '../bytes/bytes.js'
import { encodeHex } from '../bytes/hex.js'
import type { CryptoProvider } from '../crypto/provider.js'
import { verifyError } from '../result/error.js'
import { type ClaimField, type ClaimsSet, claimBytes, claimText } from '../token/claim-field.js'
import type { AssertionBinding } from './assertion.js'
import { type AttestedDevice, deviceDigest } from './attested-device.js'
import type { LocationBinding } from './binding.js'
import { type ClaimName, deviceClaims, registeredClaims } from './claim-names.js'
import { readConfirmation } from './claim-reading.js'
import { profileKey } from './key-thumbprint.js'
import { claimOf } from './profile-token.js'

interface Bound {
  readonly device: AttestedDevice
  readonly binding: LocationBinding | undefined
  readonly crypto: CryptoProvider
}

/**
 * The claims that name the device, all of them matching; empty if the token names none.
 * @throws AttestationError `location/device-mismatch`, `token/claim-type`, those of keys
 */
export async function bindAssertion(set: ClaimsSet, bound: Bound, at: string): Promise<readonly AssertionBinding[]> {
  const { device } = bound
  const { vendor, product, serial } = device.identity.deviceInfo
  const found: AssertionBinding[] = []
  const match = async (
    kind: AssertionBinding,
    claim: ClaimName,
    matches: (field: ClaimField) => boolean | Promise<boolean>,
  ): Promise<void> => {
    const field = claimOf(set, claim, at)
    if (field === undefined) return
    if (!(await matches(field))) throw verifyError('location/device-mismatch', field.at, { claim: claim.name })
    found.push(kind)
  }
  await match('ueid', registeredClaims.ueid, (field) => isUeid(field, device.identity.ueid))
  const dmtfName = `${vendor}:${product}:${serial}`
  await match('dmtf-device', deviceClaims.dmtfDevice, (field) => claimText(field) === dmtfName)
  const isDigest = async (field: ClaimField): Promise<boolean> =>
    equalBytes(claimBytes(field, 32, 32), await deviceDigest(device, bound.crypto))
  await match('evidence-digest', deviceClaims.evidenceDigest, isDigest)
  await match('session-key', registeredClaims.confirmation, (field) => isSessionKey(field, bound))
  return found
}

const randomUeid = 1

/**
 * The device's ueid is the serial number of its certificate: as decimal text, as NVIDIA's own tokens have it, or as
 * big-endian bytes, alone or behind the type octet RFC 9711 section 4.2.1 asks for.
 */
function isUeid(field: ClaimField, ueid: string): boolean {
  if (typeof field.value === 'string' && /^[0-9]+$/.test(field.value)) return field.value === ueid
  const bytes = claimBytes(field, 7, 33)
  return decimal(bytes) === ueid || (bytes[0] === randomUeid && decimal(bytes.subarray(1)) === ueid)
}

function decimal(bytes: Bytes): string {
  return BigInt(`0x${encodeHex(bytes)}`).toString()
}

// A key is the device's only if the device signed a challenge made from it.
async function isSessionKey(field: ClaimField, { device, binding, crypto }: Bound): Promise<boolean> {
  if (binding === undefined || !equalBytes(device.request.nonce, binding.challenge)) return false
  const stated = readConfirmation(field)
  const { jwkThumbprint, coseThumbprint } = binding.sessionKey
  if (stated.kind === 'key')
    return equalBytes((await profileKey(stated.key.publicKey, crypto, field.at)).jwkThumbprint, jwkThumbprint)
  return equalBytes(stated.thumbprint, stated.kind === 'jwk-thumbprint' ? jwkThumbprint : coseThumbprint)
}
