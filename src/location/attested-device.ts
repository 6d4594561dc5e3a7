// The device half as the location half sees it: the structure every verified GPU or switch report has.
import type { Bytes } from '../bytes/bytes.js'
import { encodeHex } from '../bytes/hex.js'
import type { CryptoProvider } from '../crypto/provider.js'
import { verifyError } from '../result/error.js'
import { requireVerified, type Verified } from '../result/proof.js'

/** What a location is bound to. A verified GPU report is one; anything else that proves the same fields may be, too. */
export interface AttestedDevice {
  readonly identity: {
    /** Decimal serial number of the device certificate. */
    readonly ueid: string
    /** The DMTF name of the device certificate. */
    readonly deviceInfo: { readonly vendor: string; readonly product: string; readonly serial: string }
  }
  /** The report as received; its SHA-256 is what claims and measurements name it by. */
  readonly raw: Bytes
  /** The challenge the device signed. */
  readonly request: { readonly nonce: Bytes }
}

/** SHA-256 of the report. */
export function deviceDigest({ raw }: AttestedDevice, crypto: CryptoProvider): Promise<Bytes> {
  return crypto.digest('sha256', raw)
}

/** A device as results name it. */
export interface DeviceReference {
  readonly ueid: string
  /** SHA-256 of the report, lowercase hex. */
  readonly digest: string
}

export async function deviceReference(device: AttestedDevice, crypto: CryptoProvider): Promise<DeviceReference> {
  return { ueid: device.identity.ueid, digest: encodeHex(await deviceDigest(device, crypto)) }
}

/**
 * Demands proofs, at least one, and that no device is given twice.
 * @throws AttestationError `location/duplicate-device`
 * @throws TypeError if there is none, or one is not the value a verify function returned
 */
export function requireDistinctDevices(devices: readonly Verified<AttestedDevice>[], at: string): void {
  if (!(devices.length > 0)) throw new TypeError(`${at} must hold at least one device`)
  const seen = new Set<string>()
  for (const [index, device] of devices.entries()) {
    requireVerified(device, `${at}[${index}]`)
    const { ueid } = device.identity
    if (seen.has(ueid)) throw verifyError('location/duplicate-device', `${at}[${index}]`, { ueid })
    seen.add(ueid)
  }
}
