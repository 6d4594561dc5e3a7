// Bytes to a GPU attestation report: an SPDM measurement transcript with NVIDIA's opaque data fields.

import { type Bytes, copyBytes } from '../bytes/bytes.js'
import { encodeHex } from '../bytes/hex.js'
import { requireSize } from '../bytes/size.js'
import { parseError } from '../result/error.js'
import { markParsed } from '../result/parsed.js'
import type { MeasurementBlock } from '../spdm/measurement.js'
import { type MeasurementTranscript, parseTranscript, reportPath } from '../spdm/transcript.js'
import {
  counters,
  createFieldReader,
  exactly,
  identifier,
  littleEndian,
  type OpaqueData,
  type OpaqueField,
  parseOpaqueData,
  text,
  unknownValue,
} from './opaque-data.js'

/** ECDSA P-384: r and s of 48 bytes. Every family signs with it. */
export const signatureLength = 96
/** Eight times the report buffer of NVML (0x2000), which holds every known report twice. */
export const maxReportBytes = 0x10000
/** Length of a PDI, NVIDIA's per-device identifier that links GPUs and switches. */
export const pdiLength = 8

/** Single GPU, multi-GPU passthrough, protected PCIe. */
export type GpuMode = 'spt' | 'mpt' | 'ppcie'

/**
 * A parsed GPU report. Nothing in it is proven: that is what `verifyGpuReport` is for. Fields that the driver or the
 * responder does not send are `undefined`; a Blackwell FSP responder sends none.
 */
export interface GpuReport extends MeasurementTranscript {
  readonly kind: 'gpu'
  readonly measurements: readonly MeasurementBlock[]
  readonly opaque: OpaqueData
  /** Field 3, e.g. `590.48.01`. */
  readonly driverVersion: string | undefined
  /** Field 6 in NVIDIA's spelling, e.g. `96.00.A5.00.01`. */
  readonly vbiosVersion: string | undefined
  /** Field 4, 8 bytes. */
  readonly gpuInfo: Bytes | undefined
  /** Field 11. Disabled: the NVDEC0 firmware did not run, and its measurement says nothing. */
  readonly nvdec0: 'enabled' | 'disabled' | undefined
  /** Field 12: how often each measurement was extended. */
  readonly measurementCounters: readonly number[] | undefined
  /** Field 13, 4 bytes. */
  readonly cprInfo: Bytes | undefined
  /** Field 14. */
  readonly boardId: number | undefined
  /** Fields 15 to 19, in the spelling that reference manifest ids use. */
  readonly chipSku: string | undefined
  readonly chipSkuMod: string | undefined
  readonly project: string | undefined
  readonly projectSku: string | undefined
  readonly projectSkuMod: string | undefined
  /** Field 20: SHA-384 of the firmware that holds the signing key; must equal that of the leaf certificate. */
  readonly fwid: Bytes | undefined
  /** Field 21. */
  readonly protectedPcie: 'on' | 'off' | undefined
  /** Field 22: the switches at the other end of the NVLinks, each once, as lowercase hex in the order switches use. */
  readonly switchPdis: readonly string[] | undefined
  /** Field 33, 2 bytes. */
  readonly sysEnableStatus: Bytes | undefined
  /** Major version of the versioned layout, else field 34, else 0. */
  readonly opaqueDataVersion: number
  /** Field 35, e.g. `GB202`. */
  readonly chipInfo: string | undefined
  /** Field 36, else field 21 (on: `ppcie`, off: `spt`); see {@link GpuReport.modeSource}. */
  readonly mode: GpuMode | undefined
  readonly modeSource: 'feature-flag' | 'protected-pcie' | undefined
  /** Field 37: security version number of the FSP firmware. */
  readonly svn: number | undefined
  /** Field 38, 2 bytes. */
  readonly nvleStatus: Bytes | undefined
  /** Fields without a known meaning, as received. */
  readonly unknownFields: readonly OpaqueField[]
}

const svnValueType = 0x87
const modes: readonly GpuMode[] = ['spt', 'mpt', 'ppcie']

/** The two bytes NVIDIA uses for a status, far apart so that one flipped bit makes neither. */
function status<const A, const B>(set: A, clear: B): (field: OpaqueField, at: string) => A | B {
  return (field, at) => {
    const value = exactly(field, 1, at)[0]
    if (value === 0xaa) return set
    if (value === 0x55) return clear
    throw unknownValue(field, at)
  }
}

function bytesOf(length: number): (field: OpaqueField, at: string) => Bytes {
  return (field, at) => exactly(field, length, at)
}

/** Bytes 3 to 0, then 4; the rest has no place in the spelling and must be zero. */
function vbiosVersion(field: OpaqueField, at: string): string {
  const value = exactly(field, 8, at)
  if (value.subarray(5).some((byte) => byte !== 0)) throw unknownValue(field, at)
  return [3, 2, 1, 0, 4]
    .map((i) => encodeHex(value.subarray(i, i + 1)))
    .join('.')
    .toUpperCase()
}

/** One entry per NVLink, in the opposite byte order to the one switches use; zero means that nothing is linked. */
function switchPdis(field: OpaqueField, at: string): readonly string[] {
  const { id, value } = field
  if (value.length % pdiLength !== 0)
    throw parseError('opaque/field-length', at, { id, expected: 'a multiple of 8', actual: value.length })
  const pdis = new Set<string>()
  for (let i = 0; i < value.length; i += pdiLength) {
    const entry = value.slice(i, i + pdiLength).reverse()
    if (entry.some((byte) => byte !== 0)) pdis.add(encodeHex(entry))
  }
  return Object.freeze([...pdis])
}

function featureFlag(field: OpaqueField, at: string): GpuMode {
  const mode = modes[littleEndian(field, 1, 8, at)]
  if (mode === undefined) throw unknownValue(field, at)
  return mode
}

function svn(field: OpaqueField, at: string): number {
  if (field.valueType !== undefined && field.valueType !== svnValueType)
    throw parseError('opaque/field-value-type', at, {
      id: field.id,
      expected: svnValueType,
      actual: field.valueType,
    })
  return littleEndian(field, 2, 2, at)
}

/** Copies a report, so that its owner cannot change what is checked, and parses what both kinds share. */
export function parseReportTranscript(bytes: Bytes, at: string): MeasurementTranscript {
  requireSize(bytes, maxReportBytes, at)
  return parseTranscript(copyBytes(bytes), signatureLength, at)
}

/**
 * Parses a GPU attestation report: request, response, opaque data and signature at their exact offsets. Makes one
 * copy; everything returned is a view of it. Does NOT check the signature, the nonce or the device, and keeps bytes
 * after the signature as `trailing` for `verifyGpuReport` to refuse.
 * @param at path of the report in a larger input; prefixes the `at` of every error
 * @throws AttestationError `spdm/*`, `opaque/*`, `bytes/truncated`, `bytes/too-large`, `encoding/ascii`
 */
export function parseGpuReport(bytes: Bytes, at = ''): GpuReport {
  const transcript = parseReportTranscript(bytes, at)
  const opaquePath = reportPath(at, 'response.opaqueData')
  const opaque = parseOpaqueData(transcript.response.opaqueData, opaquePath)
  const { take, rest } = createFieldReader(opaque, opaquePath)
  // The version of the opaque data itself, already judged there.
  take(34, () => undefined)
  const protectedPcie = take(21, status('on', 'off'))
  const flagged = take(36, featureFlag)
  const inferred: GpuMode | undefined =
    protectedPcie === undefined ? undefined : protectedPcie === 'on' ? 'ppcie' : 'spt'
  return markParsed({
    kind: 'gpu',
    ...transcript,
    measurements: transcript.response.measurements,
    opaque,
    driverVersion: take(3, identifier),
    gpuInfo: take(4, bytesOf(8)),
    vbiosVersion: take(6, vbiosVersion),
    nvdec0: take(11, status('enabled', 'disabled')),
    measurementCounters: take(12, counters),
    cprInfo: take(13, bytesOf(4)),
    boardId: take(14, (field, at) => littleEndian(field, 4, 4, at)),
    chipSku: take(15, identifier),
    chipSkuMod: take(16, text),
    project: take(17, identifier),
    projectSku: take(18, identifier),
    projectSkuMod: take(19, text),
    fwid: take(20, bytesOf(48)),
    protectedPcie,
    switchPdis: take(22, switchPdis),
    sysEnableStatus: take(33, bytesOf(2)),
    opaqueDataVersion: opaque.version,
    chipInfo: take(35, identifier),
    mode: flagged ?? inferred,
    modeSource: flagged !== undefined ? 'feature-flag' : inferred !== undefined ? 'protected-pcie' : undefined,
    svn: take(37, svn),
    nvleStatus: take(38, bytesOf(2)),
    unknownFields: rest(),
  })
}
