// One seed into a whole world of devices, authorities and manifests: the entry point of the testing kit.
import type { Bytes } from '../bytes/bytes.js'
import type { SyntheticCertificate } from './certificate.js'
import { createDevice, type DeviceOptions, type SyntheticDevice } from './device.js'
import { createSyntheticPki, type DeviceChain, type SyntheticDevicePki } from './device-pki.js'
import { familyProfiles, type SyntheticFamily } from './family.js'
import { deriveBytes, deriveKey, type SyntheticCurve, type SyntheticKey } from './key.js'
import { createManifest, type ManifestOverrides, type ManifestRequest, type SyntheticManifest } from './manifest.js'
import { createManifestPki, type ManifestChain, type SyntheticManifestPki } from './manifest-pki.js'
import { createMptNode, createPpcieNode, type NodeOptions, type SyntheticNode } from './node.js'
import { type CrlOptions, createCrl, createOcspResponse, type OcspOptions, type OcspStatement } from './revocation.js'
import { type BundleOptions, createBundle, type SyntheticBundle } from './token.js'

/** What a world is made from. */
export interface SyntheticWorldOptions {
  /** Everything follows from it: equal seeds make equal bytes, different seeds share no key. */
  readonly seed: string
}

/** What one certificate's status is, and how it is said. */
export type StatusOptions = Omit<Partial<OcspStatement>, 'subject' | 'issuer'> & OcspOptions

/** Devices, authorities and manifests of one seed. */
export interface SyntheticWorld {
  readonly seed: string
  /** A moment at which everything made with default dates is valid. */
  readonly now: Date
  /** The roots to trust. */
  readonly trustAnchors: { readonly device: SyntheticCertificate; readonly manifest: SyntheticCertificate }
  readonly pki: SyntheticDevicePki
  readonly manifestPki: SyntheticManifestPki
  readonly device: (family: SyntheticFamily, options?: DeviceOptions) => SyntheticDevice
  readonly hopper: (options?: DeviceOptions) => SyntheticDevice
  readonly blackwell: (options?: DeviceOptions) => SyntheticDevice
  readonly gb20x: (options?: DeviceOptions) => SyntheticDevice
  readonly ls10: (options?: DeviceOptions) => SyntheticDevice
  /** Hopper under a driver that writes the versioned ("NVDAOD") opaque data. */
  readonly versionedHopper: (options?: DeviceOptions) => SyntheticDevice
  /** Blackwell answering through its FSP: 52 blocks of mixed types, no opaque data. */
  readonly fsp: (options?: DeviceOptions) => SyntheticDevice
  /** Eight Hopper GPUs and four switches that name each other. */
  readonly ppcieNode: (options?: NodeOptions) => SyntheticNode
  /** Eight Blackwell GPUs in multi-GPU passthrough. */
  readonly mptNode: (options?: NodeOptions) => SyntheticNode
  /** Manifest of the device's driver version, stating what a sound device reports. */
  readonly driverManifest: (device: SyntheticDevice, overrides?: ManifestOverrides) => SyntheticManifest
  /** Manifest of the device's VBIOS, or switch BIOS, version. */
  readonly firmwareManifest: (device: SyntheticDevice, overrides?: ManifestOverrides) => SyntheticManifest
  /** OCSP response about `subject`, valid at `now` unless told otherwise. */
  readonly ocspResponse: (
    subject: Pick<SyntheticCertificate, 'serialNumber'>,
    issuer: SyntheticCertificate,
    options?: StatusOptions,
  ) => Bytes
  /** Responses for every certificate of a device chain but leaf and root: leaves have none. */
  readonly deviceOcspResponses: (chain: DeviceChain, options?: StatusOptions) => readonly Bytes[]
  /** Responses for every certificate of a manifest chain but the root. */
  readonly manifestOcspResponses: (chain: ManifestChain, options?: StatusOptions) => readonly Bytes[]
  /** List of what `issuer` has revoked, valid at `now` unless told otherwise. */
  readonly crl: (issuer: SyntheticCertificate, options?: Partial<CrlOptions>) => Bytes
  /** What a remote attestation service answers for sound devices: a detached EAT bundle, and the key set to verify it. */
  readonly tokenBundle: (
    devices: readonly [SyntheticDevice, ...SyntheticDevice[]],
    options?: BundleOptions,
  ) => SyntheticBundle
  /** A key of this world, e.g. for an impostor. */
  readonly key: (label: string, curve?: SyntheticCurve) => SyntheticKey
  readonly bytes: (label: string, length: number) => Bytes
}

const defaultNow = '2026-01-15T12:00:00Z'
/** Revocation data is this old at `now`. */
const updateAgeMs = 3_600_000

function requestFor(device: SyntheticDevice, kind: 'driver' | 'firmware'): ManifestRequest {
  const isDriver = kind === 'driver'
  const id = isDriver ? device.driverManifestId : device.firmwareManifestId
  if (id === undefined) throw new RangeError(`there is no ${kind} manifest for ${device.family}`)
  return {
    id,
    kind: isDriver ? 'driver' : device.family === 'ls10' ? 'switch' : 'vbios',
    product: device.product,
    colloquialVersion: isDriver ? device.driverVersion : device.vbiosVersion,
    values: isDriver ? device.references.driver : device.references.firmware,
    indices: familyProfiles[device.family].blocks,
  }
}

/** Each certificate with its issuer, the last one left out. */
function links(
  certificates: readonly SyntheticCertificate[],
): readonly (readonly [subject: SyntheticCertificate, issuer: SyntheticCertificate])[] {
  return certificates.flatMap((subject, index) => {
    const issuer = certificates[index + 1]
    return issuer === undefined ? [] : [[subject, issuer] as const]
  })
}

type Revocation = Pick<SyntheticWorld, 'ocspResponse' | 'deviceOcspResponses' | 'manifestOcspResponses' | 'crl'>

function revocationOf(seed: string, now: Date): Revocation {
  const updated = new Date(now.getTime() - updateAgeMs)
  const ocspResponse: SyntheticWorld['ocspResponse'] = (subject, issuer, options = {}) =>
    createOcspResponse(seed, [{ thisUpdate: updated, ...options, subject, issuer }], options)
  return {
    ocspResponse,
    deviceOcspResponses: (chain, options) =>
      links(chain.certificates.slice(1)).map(([subject, issuer]) => ocspResponse(subject, issuer, options)),
    manifestOcspResponses: (chain, options) =>
      links(chain.certificates).map(([subject, issuer]) =>
        ocspResponse(subject, issuer, { noCheck: 'extension', ...options }),
      ),
    crl: (issuer, options) => createCrl(issuer, { thisUpdate: updated, ...options }),
  }
}

/**
 * Makes the world of a seed. Nothing in it is secret or genuine, no network, clock or randomness is involved, and
 * every device, certificate and signature comes out the same on every machine.
 */
export function createSyntheticWorld({ seed }: SyntheticWorldOptions): SyntheticWorld {
  const now = new Date(defaultNow)
  const pki = createSyntheticPki(seed)
  const manifestPki = createManifestPki(seed)
  const device = (family: SyntheticFamily, options?: DeviceOptions): SyntheticDevice =>
    createDevice(seed, pki, family, options)
  const manifest = (request: ManifestRequest, overrides?: ManifestOverrides): SyntheticManifest =>
    createManifest(seed, manifestPki, request, overrides)
  return {
    seed,
    now,
    trustAnchors: { device: pki.root, manifest: manifestPki.root },
    pki,
    manifestPki,
    device,
    hopper: (options) => device('hopper', options),
    blackwell: (options) => device('blackwell', options),
    gb20x: (options) => device('gb20x', options),
    ls10: (options) => device('ls10', options),
    versionedHopper: (options) => device('hopper', { opaqueLayout: 'versioned', driverVersion: '629.10', ...options }),
    fsp: (options) => device('blackwell-fsp', options),
    ppcieNode: (options) => createPpcieNode(seed, pki, device, options),
    mptNode: (options) => createMptNode(seed, device, options),
    driverManifest: (of, overrides) => manifest(requestFor(of, 'driver'), overrides),
    firmwareManifest: (of, overrides) => manifest(requestFor(of, 'firmware'), overrides),
    ...revocationOf(seed, now),
    tokenBundle: (devices, options) =>
      createBundle(seed, deriveKey(seed, 'attestation service'), devices, now, options),
    key: (label, curve) => deriveKey(seed, label, curve),
    bytes: (label, length) => deriveBytes(seed, label, length),
  }
}
