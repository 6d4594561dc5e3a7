// Real reports: every field the index states, and the parses their publishers give, come out of the bytes.
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { encodeHex } from '../../src/bytes/hex.js'
import { type GpuReport, parseGpuReport } from '../../src/nvidia/gpu-report.js'
import type { OpaqueField } from '../../src/nvidia/opaque-data.js'
import { driverRimId, switchBiosRimId, vbiosRimId } from '../../src/nvidia/rim-id.js'
import { parseSwitchReport, type SwitchReport } from '../../src/nvidia/switch-report.js'
import { hasRealData, readRealJson, readRealText } from '../real-data.js'
import { type Entry, entry, reportBytes, reports } from './evidence-index.js'

const products = { HOPPER: 'GH100', BLACKWELL: 'GB100', LS10: 'LS_10' } as const

function parse(item: Entry): GpuReport | SwitchReport {
  const bytes = reportBytes(item)
  return item.arch === 'LS10' ? parseSwitchReport(bytes) : parseGpuReport(bytes)
}

function recordLength({ measurements }: GpuReport | SwitchReport): number {
  return measurements.reduce((sum, { value }) => sum + 7 + value.length, 0)
}

const layouts = { tlv: 'legacy', nvdaod: 'versioned', none: 'none' } as const
const statusByte = (status: string | undefined): string | undefined =>
  status === undefined ? undefined : status === 'enabled' || status === 'on' ? 'aa' : '55'

describe.skipIf(!hasRealData)('real reports', () => {
  it.each(reports.map((item) => [item.id, item] as const))('%s parses to what the index states', (_, item) => {
    const { details } = item
    const report = parse(item)
    expect(createHash('sha256').update(report.raw).digest('hex')).toBe(details.reportSha256)
    expect({
      nonce: encodeHex(report.request.nonce),
      bytes: report.raw.length,
      trailing: report.trailing.length,
      blocks: report.measurements.length,
      record: recordLength(report),
      opaque: report.response.opaqueData.length,
      layout: report.opaque.layout,
      header: report.opaque.headerVersion,
      version: report.opaqueDataVersion,
      fields: report.opaque.fields.map(({ id }) => id),
      unknown: report.unknownFields,
    }).toEqual({
      nonce: item.challengeNonceHex,
      bytes: details.reportBytes,
      trailing: details.trailingBytes,
      blocks: details.measurementBlocks,
      record: details.recordLength,
      opaque: details.opaqueLength,
      layout: layouts[details.opaqueFormat],
      header: details.nvdaodVersion,
      version: details.nvdaodVersion === undefined ? (details.opaqueDataVersion ?? 0) : 2,
      fields: details.opaqueTypes,
      unknown: [],
    })
    expect(report.signed.length).toBe(79 + details.recordLength + details.opaqueLength)
    expect(report.signature.length).toBe(96)
  })

  const gpus = reports.filter(({ arch }) => arch !== 'LS10')
  it.each(gpus.map((item) => [item.id, item] as const))('%s has the GPU fields of the index', (_, item) => {
    const { details } = item
    const report = parseGpuReport(reportBytes(item))
    const unstated = item.mode === 'unstated' || item.mode === null
    expect({
      driver: report.driverVersion ?? null,
      vbios: report.vbiosVersion ?? null,
      nvdec0: statusByte(report.nvdec0),
      protectedPcie: statusByte(report.protectedPcie),
      mode: report.mode,
      source: report.modeSource ?? null,
      switches: report.switchPdis?.toSorted(),
      fwid: report.fwid === undefined ? null : encodeHex(report.fwid),
      driverRim: driverRimId(report, products[item.arch]) ?? null,
      vbiosRim: vbiosRimId(report) ?? null,
    }).toEqual({
      driver: item.driverVersion,
      vbios: item.vbiosVersion,
      nvdec0: details.nvdec0,
      protectedPcie: details.protectedPcieStatus,
      mode: unstated ? undefined : item.mode,
      source: item.modeSource === 'protected-pcie-status' ? 'protected-pcie' : item.modeSource,
      switches: details.switchPdis,
      fwid: details.fwidReport,
      driverRim: details.driverRimId,
      vbiosRim: details.vbiosRimId ?? null,
    })
    if (details.featureFlag !== undefined) expect(['spt', 'mpt', 'ppcie'][details.featureFlag]).toBe(report.mode)
  })

  const switches = reports.filter(({ arch }) => arch === 'LS10')
  it.each(switches.map((item) => [item.id, item] as const))('%s has the switch fields of the index', (_, item) => {
    const { details } = item
    const report = parseSwitchReport(reportBytes(item))
    expect({
      bios: report.biosVersion,
      pdi: report.devicePdi,
      // The index lists field 26 only; older firmware has the same data in field 4, see below.
      gpus: details.opaqueTypes.includes(26) ? report.gpuPdis : null,
      position: report.positionId,
      locked: report.locked,
      rim: switchBiosRimId(report),
    }).toEqual({
      bios: item.vbiosVersion,
      pdi: details.devicePdi,
      gpus: details.gpuPdis,
      position: details.switchPositionId,
      locked: details.switchLockStatus === 1,
      rim: details.biosRimId,
    })
  })

  it('reads the GPUs of a switch with older firmware from field 4', () => {
    const report = parseSwitchReport(reportBytes(entry('sdk-sample-switch-bad-signature')))
    expect(report.gpuPdis?.map((pdi) => pdi.length)).toEqual([16, 16, 16, 16, 16, 16, 16, 16])
    expect(new Set(report.gpuPdis).size).toBe(8)
    expect(new Set(report.portMap)).toEqual(new Set([undefined, 0, 1, 2, 3, 4, 5, 6, 7]))
  })

  it('reads disabled ports so that the port maps agree: no GPU hangs on a disabled port', () => {
    for (const item of switches) {
      const { disabledPorts = [], portMap = [] } = parseSwitchReport(reportBytes(item))
      expect(disabledPorts.length).toBeGreaterThan(0)
      expect(disabledPorts.filter((port) => portMap[port] !== undefined)).toEqual([])
    }
  })
})

interface VendorParse {
  readonly NumberOfBlocks: number
  readonly MeasurementRecordLength: number
  readonly Nonce: string
  readonly OpaqueLength: number
  readonly Signature: string
  readonly MeasurementRecord: {
    readonly MeasurementBlocks: Readonly<
      Record<
        string,
        {
          readonly DMTFSpecMeasurementValueType: number
          readonly DMTFSpecMeasurementValueSize: number
          readonly DMTFSpecMeasurementValue: string
        }
      >
    >
  }
  readonly OpaqueData: { readonly OpaqueDataField: Readonly<Record<string, unknown>> }
}

const hex = (bytes: Uint8Array): string => `0x${encodeHex(bytes)}`

function compareWithVendor(
  item: Entry,
  report: GpuReport | SwitchReport,
): VendorParse['OpaqueData']['OpaqueDataField'] {
  const [requestFile = '', responseFile = ''] = item.expectedParse ?? []
  const request = readRealJson(`evidence/${requestFile}`) as { readonly Nonce: string }
  const response = readRealJson(`evidence/${responseFile}`) as VendorParse
  expect(hex(report.request.nonce)).toBe(request.Nonce)
  expect(hex(report.response.responderNonce)).toBe(response.Nonce)
  expect(hex(report.signature)).toBe(response.Signature)
  expect(report.measurements.length).toBe(response.NumberOfBlocks)
  expect(recordLength(report)).toBe(response.MeasurementRecordLength)
  expect(report.response.opaqueData.length).toBe(response.OpaqueLength)
  const blocks = Object.entries(response.MeasurementRecord.MeasurementBlocks)
  expect(blocks.length).toBe(report.measurements.length)
  for (const [index, block] of blocks) {
    const own = report.measurements.find((candidate) => candidate.index === Number(index))
    expect(own?.valueType).toBe(block.DMTFSpecMeasurementValueType)
    expect(own?.value.length).toBe(block.DMTFSpecMeasurementValueSize)
    expect(hex(own?.value ?? new Uint8Array(0))).toBe(block.DMTFSpecMeasurementValue)
  }
  return response.OpaqueData.OpaqueDataField
}

const gpuFieldNames: readonly (readonly [string, number])[] = [
  ['VBIOS_VERSION', 6],
  ['BOARD_ID', 14],
  ['CHIP_SKU', 15],
  ['CHIP_SKU_MOD', 16],
  ['PROJECT', 17],
  ['PROJECT_SKU', 18],
  ['PROJECT_SKU_MOD', 19],
  ['DRIVER_VERSION', 3],
  ['GPU_INFO', 4],
  ['CPRINFO', 13],
  ['NVDEC0_STATUS', 11],
  ['FWID', 20],
  ['PROTECTED_PCIE_STATUS', 21],
]

function rawField(fields: readonly OpaqueField[], id: number): string {
  return hex(fields.find((field) => field.id === id)?.value ?? new Uint8Array(0))
}

describe.skipIf(!hasRealData)('published parses', () => {
  it('of a Hopper report agree, field by field', () => {
    const report = parseGpuReport(reportBytes(entry('sdk-unit-hopper-580')))
    const fields = compareWithVendor(entry('sdk-unit-hopper-580'), report)
    for (const [name, id] of gpuFieldNames)
      expect(fields[`OPAQUE_FIELD_ID_${name}`], name).toBe(rawField(report.opaque.fields, id))
    expect(fields['OPAQUE_FIELD_ID_MSRSCNT']).toEqual(report.measurementCounters)
    // The published parse leaves out fields 34 and 36, which the report has.
    expect(Object.keys(fields).length + 2).toBe(report.opaque.fields.length)
  })

  it('of a switch report agree, DISABLED_PORTS apart, which the port map contradicts there', () => {
    const report = parseSwitchReport(reportBytes(entry('sdk-unit-switch')))
    const fields = compareWithVendor(entry('sdk-unit-switch'), report)
    const ports = report.portMap?.map((slot) => `0x${(slot ?? 0xff).toString(16).padStart(2, '0')}`)
    expect(fields).toEqual({
      OPAQUE_FIELD_ID_DEVICE_PDI: `0x${report.devicePdi}`,
      OPAQUE_FIELD_ID_DISABLED_PORTS: expect.anything(),
      OPAQUE_FIELD_ID_MSRSCNT: report.measurementCounters,
      OPAQUE_FIELD_ID_SWITCH_GPU_PDIS: report.gpuPdis?.map((pdi) => `0x${pdi}`),
      OPAQUE_FIELD_ID_SWITCH_LOCK_STATUS: rawField(report.opaque.fields, 25),
      OPAQUE_FIELD_ID_SWITCH_PORT: ports,
      OPAQUE_FIELD_ID_SWITCH_POSITION_ID: rawField(report.opaque.fields, 24),
      OPAQUE_FIELD_ID_VBIOS_VERSION: rawField(report.opaque.fields, 6),
    })
  })

  it('of the report in another project agree', () => {
    const report = parseGpuReport(reportBytes(entry('nvtrust-sample-hopper-550')))
    const published = JSON.parse(readRealText('evidence/trustee/hopperAttestationReport-claims.txt')) as {
      readonly config: Readonly<Record<string, unknown>>
      readonly measurements: Readonly<Record<string, string>>
    }
    const bytes = (value: Uint8Array | undefined): string => encodeHex(value ?? new Uint8Array(0))
    expect(published.config).toEqual({
      board_id: rawField(report.opaque.fields, 14).slice(2),
      chip_sku: report.chipSku,
      chip_sku_mod: report.chipSkuMod,
      cpr_info: bytes(report.cprInfo),
      driver_version: report.driverVersion,
      fwid: bytes(report.fwid),
      gpu_info: bytes(report.gpuInfo),
      measurement_count: Object.fromEntries(
        (report.measurementCounters ?? []).map((count, i) => [String(i + 1), count]),
      ),
      nvdec0_status: String.fromCharCode(report.nvdec0 === 'enabled' ? 0xaa : 0x55),
      project: report.project,
      project_sku: report.projectSku,
      project_sku_mod: rawField(report.opaque.fields, 19).slice(2),
      protected_pcie_status: String.fromCharCode(report.protectedPcie === 'on' ? 0xaa : 0x55),
      vbios_version: report.vbiosVersion?.toLowerCase(),
    })
    expect(published.measurements).toEqual(
      Object.fromEntries(report.measurements.map(({ index, value }) => [String(index), encodeHex(value)])),
    )
  })
})
