// A verified certificate path to the identity of the device it certifies.
import { encodeHex } from '../bytes/hex.js'
import { joinPath } from '../encoding/der.js'
import { verifyError } from '../result/error.js'
import { requireVerified, type Verified } from '../result/proof.js'
import type { Certificate } from '../x509/certificate.js'
import { type DeviceInfo, deviceFwid, deviceInfo } from '../x509/dice.js'
import { attribute, commonName, nameOid } from '../x509/name.js'
import type { CertificatePath } from '../x509/path.js'
import {
  type DeviceKind,
  type DeviceName,
  type Family,
  familyCapabilities,
  type Product,
  parseDeviceName,
  pdiPrefix,
  type Responder,
} from './architecture.js'

/** Leaf, BROM, provisioner, identity; the anchor above them makes the five certificates of every device chain. */
export const devicePathLength = 4

/** Which device a chain names. Proven only as far as the chain it was read from is verified. */
export interface DeviceIdentity {
  readonly kind: DeviceKind
  readonly family: Family
  readonly product: Product
  readonly responder: Responder
  /** Serial number of the leaf as a decimal number: the claim of that name. */
  readonly ueid: string
  /** Common name of the BROM certificate: the claim of that name. */
  readonly hwmodel: string
  /** Vendor, product and serial number in the leaf's DMTF name. */
  readonly deviceInfo: DeviceInfo
  /** From the BROM certificate, lowercase hex; what switches and GPUs know each other by. */
  readonly pdi: string
  /** Flags set in a TcbInfo certificate (`not-configured`, `debug`, ...); undefined where the form carries none (Hopper, LS10). */
  readonly operationalFlags: readonly string[] | undefined
}

function decimal(bytes: Uint8Array): string {
  return BigInt(`0x${encodeHex(bytes)}`).toString()
}

function requireDeviceName(certificate: Certificate, role: DeviceName['role']): DeviceName {
  const name = parseDeviceName(certificate)
  const at = joinPath(certificate.at, 'tbs.subject')
  if (name === undefined)
    throw verifyError('device/unknown-name', at, { commonName: commonName(certificate.subject) ?? '' })
  if (name.role !== role) throw verifyError('device/role', at, { expected: role, actual: name.role })
  if (!familyCapabilities[name.family].responders.includes(name.responder))
    throw verifyError('device/responder', at, { family: name.family, responder: name.responder })
  return name
}

function requireSameDevice(leaf: Certificate, named: DeviceName, brom: DeviceName): DeviceInfo {
  if (named.product !== brom.product || named.responder !== brom.responder || named.revision !== brom.revision)
    throw verifyError('device/name-mismatch', joinPath(leaf.at, 'tbs.subject'), {
      leaf: named.product,
      brom: brom.product,
    })
  const info = deviceInfo(leaf)
  if (info === undefined) throw verifyError('device/no-device-info', leaf.at, {})
  if (info.vendor !== 'NVIDIA' || info.product !== named.product)
    throw verifyError('device/info-mismatch', leaf.at, {
      expected: `NVIDIA:${named.product}`,
      actual: `${info.vendor}:${info.product}`,
    })
  return info
}

function readPdi(brom: Certificate, name: DeviceName): string {
  const serialNumber = (attribute(brom.subject, nameOid.serialNumber) ?? '').toLowerCase()
  const prefix = pdiPrefix(familyCapabilities[name.family].kind, name.responder).toString(16)
  if (!/^[0-9a-f]{18}$/.test(serialNumber) || !serialNumber.startsWith(prefix))
    throw verifyError('device/pdi', joinPath(brom.at, 'tbs.subject'), { expectedPrefix: prefix, serialNumber })
  return serialNumber.slice(prefix.length)
}

// A verified path never changes, and every report of a device asks again.
const identities: WeakMap<CertificatePath, DeviceIdentity> = /* @__PURE__ */ new WeakMap<
  CertificatePath,
  DeviceIdentity
>()

/**
 * Reads who a device is from its verified path: never from a label in a container. Requires the shape every device path
 * has: leaf and BROM of one chip, two NVIDIA authorities above them, then the anchor; a leaf that may sign.
 * @throws AttestationError `device/*`, `dice/device-info`
 */
export function inferDeviceIdentity(path: Verified<CertificatePath>): DeviceIdentity {
  requireVerified(path, 'path')
  const identity = identities.get(path) ?? readIdentity(path)
  identities.set(path, identity)
  return identity
}

function readIdentity(path: CertificatePath): DeviceIdentity {
  const [leaf, brom] = path.certificates
  if (brom === undefined || path.certificates.length !== devicePathLength)
    throw verifyError('device/path-length', leaf.at, {
      expected: devicePathLength,
      actual: path.certificates.length,
    })
  const leafName = requireDeviceName(leaf, 'leaf')
  const bromName = requireDeviceName(brom, 'brom')
  const info = requireSameDevice(leaf, leafName, bromName)
  if (leaf.known.keyUsage?.includes('digitalSignature') !== true) throw verifyError('device/key-usage', leaf.at, {})
  const firmware = deviceFwid(leaf)
  return Object.freeze({
    kind: familyCapabilities[leafName.family].kind,
    family: leafName.family,
    product: leafName.product,
    responder: leafName.responder,
    ueid: decimal(leaf.serialNumber),
    hwmodel: commonName(brom.subject) ?? '',
    deviceInfo: info,
    pdi: readPdi(brom, bromName),
    operationalFlags: firmware?.form === 'tcb-info' ? firmware.flags : undefined,
  })
}
