// Devices into the containers evidence travels in: SDK JSON, CLI wrapper, NRAS request, Trustee, CMW.
import { encodeBase64, encodeBase64Url } from '../bytes/base64.js'
import { encodeHex } from '../bytes/hex.js'
import { encodeUtf8 } from '../bytes/text.js'
import type { SyntheticDevice } from './device.js'

/** One device in the array NVIDIA's SDK writes. Both inner values are base64; the certificates are PEM inside. */
export interface SdkEvidenceItem {
  readonly arch: string
  readonly nonce: string
  readonly evidence: string
  readonly certificate: string
}

function text(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}

/** One device as an item of the array NVIDIA's SDK writes. */
export function sdkEvidenceItem(device: SyntheticDevice): SdkEvidenceItem {
  return {
    arch: device.arch,
    nonce: encodeHex(device.nonce),
    evidence: encodeBase64(device.report),
    certificate: encodeBase64(encodeUtf8(device.chainPem)),
  }
}

/** The array of the SDK's serialized evidence; `overrides` adds or replaces members of every item. */
export function sdkEvidenceJson(
  devices: readonly SyntheticDevice[],
  overrides: Readonly<Record<string, unknown>> = {},
): string {
  return text(devices.map((device) => ({ ...sdkEvidenceItem(device), ...overrides })))
}

/** What `nvattest collect-evidence` prints. */
export function cliEvidenceJson(devices: readonly SyntheticDevice[]): string {
  return text({ evidences: devices.map(sdkEvidenceItem), result_code: 0, result_message: 'Ok' })
}

/** Body of an NRAS v4 request; all devices have to be of one architecture. Without a claims version it is v3. */
export function nrasRequestJson(devices: readonly SyntheticDevice[], claimsVersion?: '2.0' | '3.0' | '4.0'): string {
  const first = devices[0]
  if (first === undefined) throw new RangeError('a request holds at least one device')
  return text({
    nonce: encodeHex(first.nonce),
    arch: first.arch,
    ...(claimsVersion === undefined ? {} : { claims_version: claimsVersion }),
    evidence_list: devices.map((device) => {
      const { evidence, certificate } = sdkEvidenceItem(device)
      return { evidence, certificate }
    }),
  })
}

/** Evidence as Confidential Containers' Trustee takes it; the report is base64 or hex. */
export function trusteeEvidenceJson(
  devices: readonly SyntheticDevice[],
  encoding: 'base64' | 'hex' = 'base64',
): string {
  return text({
    device_evidence_list: devices.map((device) => {
      const { arch, evidence, certificate } = sdkEvidenceItem(device)
      return { arch, evidence: encoding === 'hex' ? encodeHex(device.report) : evidence, certificate }
    }),
  })
}

/** Conceptual message wrapper of SDK 2.0.0. */
export function cmwEvidenceJson(devices: readonly SyntheticDevice[]): string {
  const item = (device: SyntheticDevice): Readonly<Record<string, unknown>> => ({
    __cmwc_t: 'tag:nvidia.com,2026:evidence-item/v1',
    nonce: ['application/octet-stream', encodeBase64Url(device.nonce)],
    evidence: ['application/vnd.nvidia.spdm-measurement-transcript', encodeBase64Url(device.report)],
    certificate: ['application/vnd.nvidia.pem-cert-chain', encodeBase64Url(encodeUtf8(device.chainPem))],
  })
  return text({
    __cmwc_t: 'tag:nvidia.com,2026:verifier-input/profiles/base/pre-1.0.0',
    ...Object.fromEntries(devices.map((device, index) => [`GPU-${index}`, item(device)])),
  })
}
