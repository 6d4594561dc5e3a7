// Bytes to an NVSwitch (LS10) attestation report: an SPDM measurement transcript with the switch's opaque data fields.
import type { Bytes } from '../bytes/bytes.js'
import { encodeHex } from '../bytes/hex.js'
import { parseError } from '../result/error.js'
import { markParsed } from '../result/parsed.js'
import type { MeasurementBlock } from '../spdm/measurement.js'
import { type MeasurementTranscript, reportPath } from '../spdm/transcript.js'
import { parseReportTranscript, pdiLength } from './gpu-report.js'
import {
  counters,
  createFieldReader,
  exactly,
  littleEndian,
  type OpaqueData,
  type OpaqueField,
  parseOpaqueData,
  unknownValue,
} from './opaque-data.js'

const gpuSlots = 8
const ports = 64
const unusedPort = 0xff
/** One bit of DISABLED_PORTS stands for this many neighbouring ports. */
const portsPerBit = 4

/** A parsed switch report; nothing in it is proven. Switches have no driver and send no FWID. */
export interface SwitchReport extends MeasurementTranscript {
  readonly kind: 'switch'
  readonly measurements: readonly MeasurementBlock[]
  readonly opaque: OpaqueData
  /** Field 6, e.g. `96.10.6D.00.01`, upper case. */
  readonly biosVersion: string | undefined
  /** Field 12. */
  readonly measurementCounters: readonly number[] | undefined
  /** Field 22: this switch, as lowercase hex. */
  readonly devicePdi: string | undefined
  /** Field 23, expanded: numbers of the ports that are off. */
  readonly disabledPorts: readonly number[] | undefined
  /** Field 24. */
  readonly positionId: number | undefined
  /** Field 25. A locked switch takes no configuration from the host until it is reset. */
  readonly locked: boolean | undefined
  /** Field 26 (field 4 of older firmware): the GPUs by slot, as lowercase hex. */
  readonly gpuPdis: readonly string[] | undefined
  /** Same field: the GPU slot each port leads to, `undefined` if none. */
  readonly portMap: readonly (number | undefined)[] | undefined
  readonly opaqueDataVersion: number
  /** Fields without a known meaning, as received. */
  readonly unknownFields: readonly OpaqueField[]
}

interface GpuLinks {
  readonly gpuPdis: readonly string[]
  readonly portMap: readonly (number | undefined)[]
}

function biosVersion(field: OpaqueField, at: string): string {
  const version = String.fromCharCode(...exactly(field, 14, at)).toUpperCase()
  if (!/^[0-9A-F]{2}(?:\.[0-9A-F]{2}){4}$/.test(version))
    throw parseError('opaque/field-text', at, { id: field.id, text: version })
  return version
}

/** Little-endian: the only reading that the port maps of real switches agree with. */
function disabledPorts(field: OpaqueField, at: string): readonly number[] {
  const bits = littleEndian(field, 2, 2, at)
  return Object.freeze(
    Array.from({ length: ports }, (_, port) => port).filter(
      (port) => ((bits >> Math.floor(port / portsPerBit)) & 1) === 1,
    ),
  )
}

function locked(field: OpaqueField, at: string): boolean {
  const value = littleEndian(field, 2, 2, at)
  if (value > 1) throw unknownValue(field, at)
  return value === 1
}

function gpuLinks(field: OpaqueField, at: string): GpuLinks {
  const value = exactly(field, gpuSlots * pdiLength + ports, at)
  const pdi = (_: unknown, slot: number): string => encodeHex(value.subarray(slot * pdiLength, (slot + 1) * pdiLength))
  const portMap = Array.from(value.subarray(gpuSlots * pdiLength), (slot) => (slot === unusedPort ? undefined : slot))
  if (portMap.some((slot) => slot !== undefined && slot >= gpuSlots)) throw unknownValue(field, at)
  return { gpuPdis: Object.freeze(Array.from({ length: gpuSlots }, pdi)), portMap: Object.freeze(portMap) }
}

/**
 * Parses an NVSwitch attestation report. Makes one copy; everything returned is a view of it. Does NOT check the
 * signature, the nonce or the device, and keeps bytes after the signature as `trailing` for `verifySwitchReport` to refuse.
 * @param at path of the report in a larger input; prefixes the `at` of every error
 * @throws AttestationError `spdm/*`, `opaque/*`, `bytes/truncated`, `bytes/too-large`
 */
export function parseSwitchReport(bytes: Bytes, at = ''): SwitchReport {
  const transcript = parseReportTranscript(bytes, at)
  const opaquePath = reportPath(at, 'response.opaqueData')
  const opaque = parseOpaqueData(transcript.response.opaqueData, opaquePath)
  const { take, rest } = createFieldReader(opaque, opaquePath)
  // The version of the opaque data itself, already judged there.
  take(34, () => undefined)
  const links = take(26, gpuLinks) ?? take(4, gpuLinks)
  return markParsed({
    kind: 'switch',
    ...transcript,
    measurements: transcript.response.measurements,
    opaque,
    biosVersion: take(6, biosVersion),
    measurementCounters: take(12, counters),
    devicePdi: take(22, (field, at) => encodeHex(exactly(field, pdiLength, at))),
    disabledPorts: take(23, disabledPorts),
    positionId: take(24, (field, at) => littleEndian(field, 2, 2, at)),
    locked: take(25, locked),
    gpuPdis: links?.gpuPdis,
    portMap: links?.portMap,
    opaqueDataVersion: opaque.version,
    unknownFields: rest(),
  })
}
