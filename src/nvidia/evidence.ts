// Attestation evidence in any form tools write it to parsed reports with their certificates.

import type { Bytes } from '../bytes/bytes.js'
import { parseHex } from '../bytes/hex.js'
import { requireSize } from '../bytes/size.js'
import { encodeUtf8, parseUtf8 } from '../bytes/text.js'
import { jsonLimits, parseJson } from '../encoding/json.js'
import { parseError } from '../result/error.js'
import type { NonEmptyArray } from '../result/result.js'
import type { Certificate } from '../x509/certificate.js'
import { describeName } from '../x509/name.js'
import { type DeviceKind, familyCapabilities, parseDeviceName, unattestableLabels } from './architecture.js'
import { findPem, parseCertificateBytes } from './certificate-list.js'
import { type ContainerItem, type DeclaredFacts, nothingDeclared, readContainer } from './evidence-container.js'
import { type GpuReport, parseGpuReport } from './gpu-report.js'
import { parseSwitchReport, type SwitchReport } from './switch-report.js'

interface EvidenceOf<K extends DeviceKind, R> {
  /** From the certificates; a container's label has no say in it. */
  readonly kind: K
  readonly report: R
  /** Leaf first. */
  readonly certificates: NonEmptyArray<Certificate>
  readonly declared: DeclaredFacts
  /** Where the item stood in the input. */
  readonly at: string
}

/** What one device sent: parsed, nothing proven. */
export type Evidence = EvidenceOf<'gpu', GpuReport> | EvidenceOf<'switch', SwitchReport>

/**
 * Parses evidence of one or more devices. Accepts
 * - JSON: the SDK's array, the command line tool's `evidences`, the vendor service's `evidence_list`, Trustee's
 *   `device_evidence_list`, the fleet agent's message, a Python object dump, a conceptual message wrapper,
 *   a single item; reports in base64 or hex;
 * - a report as raw bytes or as hex text, directly followed by its PEM certificates.
 *
 * Checks form only, and no container label. At most 128 devices, 4 MiB each, 16 MiB in all.
 * @throws AttestationError `evidence/*`, `json/*`, `spdm/*`, `opaque/*`, `certificate/*`, `pem/*`, `bytes/*`, `encoding/*`;
 * `at` names item and field, as in `items[3].certificate[0]`
 */
export function parseEvidence(input: Bytes): readonly Evidence[] {
  requireSize(input, jsonLimits.maxBytes, '')
  const first = input.find((byte) => !isSpace(byte))
  if (first === undefined) throw parseError('evidence/empty', '', {})
  if (first === 0x7b || first === 0x5b) return parseItems(readContainer(parseJson(input, '')))
  return Object.freeze([parseConcatenated(input)])
}

/**
 * Joins a report (raw bytes) with its certificates (PEM text, or DER one after the other).
 * @throws AttestationError as {@link parseEvidence}, with `at` starting `report` or `certificates`
 */
export function evidenceFromParts(parts: { readonly report: Bytes; readonly certificates: Bytes | string }): Evidence {
  const { certificates: chain } = parts
  const bytes = typeof chain === 'string' ? encodeUtf8(chain) : chain
  return join(parts.report, parseCertificateBytes(bytes, 'certificates'), {
    declared: nothingDeclared,
    at: '',
    reportAt: 'report',
  })
}

/**
 * Parses a file with nothing but a device's certificates; they come leaf first if they are in either order at all.
 * @throws AttestationError `evidence/*`, `certificate/*`, `pem/*`, `bytes/*`, `encoding/*`
 */
export function parseDeviceCertificates(input: Bytes): NonEmptyArray<Certificate> {
  return parseCertificateBytes(input, 'certificates')
}

function parseItems(items: readonly ContainerItem[]): readonly Evidence[] {
  return Object.freeze(
    items.map(({ report, certificates, declared, at }) =>
      join(report, certificates, { declared, at, reportAt: `${at}.evidence` }),
    ),
  )
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d)
}

/** A raw report starts with a control character, its hex text with a digit. */
function parseConcatenated(input: Bytes): Evidence {
  const split = findPem(input)
  const head = split < 0 ? input : input.subarray(0, split)
  const reportAt = 'items[0].evidence'
  if (head.every(isSpace)) throw parseError('evidence/no-report', reportAt, {})
  const isRaw = input[0] === 0x11
  if (!isRaw && !head.every((byte) => isSpace(byte) || isHexDigit(byte))) throw parseError('evidence/format', '', {})
  const report = isRaw ? head : parseHex(parseUtf8(head, reportAt).replace(/\s+/g, ''), reportAt)
  const path = 'items[0].certificate'
  if (split < 0) throw parseError('evidence/no-certificates', path, {})
  const certificates = parseCertificateBytes(input.subarray(split), path)
  return join(report, certificates, { declared: nothingDeclared, at: 'items[0]', reportAt })
}

function isHexDigit(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66)
}

interface Place {
  readonly declared: DeclaredFacts
  readonly at: string
  readonly reportAt: string
}

function join(report: Bytes, certificates: NonEmptyArray<Certificate>, place: Place): Evidence {
  const { declared, at, reportAt } = place
  const [leaf] = certificates
  const name = certificates.map(parseDeviceName).find((candidate) => candidate !== undefined)
  if (name === undefined) throw unknownDevice(leaf, place)
  Object.freeze(certificates)
  return familyCapabilities[name.family].kind === 'gpu'
    ? Object.freeze({ kind: 'gpu', report: parseGpuReport(report, reportAt), certificates, declared, at })
    : Object.freeze({ kind: 'switch', report: parseSwitchReport(report, reportAt), certificates, declared, at })
}

function unknownDevice(leaf: Certificate, { declared, at }: Place): Error {
  const label = declared.arch?.toUpperCase()
  return label !== undefined && unattestableLabels.includes(label)
    ? parseError('evidence/not-attestable', `${at}.arch`, { label })
    : parseError('evidence/unknown-device', leaf.at, { subject: describeName(leaf.subject) })
}
