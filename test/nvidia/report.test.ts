// GPU and switch reports: every opaque data field typed, every value without a meaning refused.
import { describe, expect, it } from 'vitest'
import { concatBytes } from '../../src/bytes/bytes.js'
import { encodeUtf8 } from '../../src/bytes/text.js'
import { type GpuReport, maxReportBytes, parseGpuReport } from '../../src/nvidia/gpu-report.js'
import { parseSwitchReport, type SwitchReport } from '../../src/nvidia/switch-report.js'
import { encodeLegacyOpaque, encodeVersionedOpaque, type SyntheticOpaqueField } from '../../src/testing/opaque-data.js'
import { encodeTranscript } from '../../src/testing/spdm-report.js'
import { type Outcome, thrown } from './thrown.js'

function encode(opaque: Uint8Array): Uint8Array {
  const parts = {
    nonce: new Uint8Array(32).fill(1),
    responderNonce: new Uint8Array(32).fill(2),
    blocks: [{ index: 1, value: new Uint8Array(48) }],
    opaque,
  }
  return concatBytes(encodeTranscript(parts), new Uint8Array(96))
}

function field(id: number, ...value: readonly number[]): SyntheticOpaqueField {
  return { id, value: Uint8Array.from(value) }
}

function textField(id: number, text: string): SyntheticOpaqueField {
  return { id, value: encodeUtf8(text) }
}

function gpu(...fields: readonly SyntheticOpaqueField[]): GpuReport {
  return parseGpuReport(encode(encodeLegacyOpaque(fields)))
}

function nvswitch(...fields: readonly SyntheticOpaqueField[]): SwitchReport {
  return parseSwitchReport(encode(encodeLegacyOpaque(fields)))
}

const firstField = 'response.opaqueData.fields[0]'

describe('parseGpuReport', () => {
  it('types every known field', () => {
    const fwid = new Uint8Array(48).fill(0x20)
    const report = gpu(
      field(6, 0x00, 0xd9, 0x00, 0x96, 0x0f, 0, 0, 0),
      field(14, 0x35, 0x04, 0, 0),
      textField(15, '884\0\0\0\0\0\0'),
      textField(16, '0\0'),
      textField(17, 'G520\0'),
      textField(18, '0201\0'),
      field(19, 0, 0),
      textField(3, '620.12\0'),
      field(4, 0x80, 1, 0, 0, 0, 0, 0, 0),
      field(12, 1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff),
      field(13, 0, 0xc0, 1, 0),
      field(11, 0xaa),
      { id: 20, value: fwid },
      field(21, 0x55),
      field(33, 7, 7),
      textField(35, 'GB202\0'),
      field(34, 2, 0),
      field(36, 1, 0),
      field(37, 5, 1),
      field(38, 1, 0),
      field(1, 9),
      field(4711, 8),
    )
    expect(report).toMatchObject({
      kind: 'gpu',
      vbiosVersion: '96.00.D9.00.0F',
      boardId: 1077,
      chipSku: '884',
      chipSkuMod: '0',
      project: 'G520',
      projectSku: '0201',
      projectSkuMod: '',
      driverVersion: '620.12',
      measurementCounters: [1, 4294967295],
      nvdec0: 'enabled',
      protectedPcie: 'off',
      chipInfo: 'GB202',
      opaqueDataVersion: 2,
      mode: 'mpt',
      modeSource: 'feature-flag',
      svn: 261,
    })
    expect(report.fwid).toEqual(fwid)
    expect([report.gpuInfo, report.cprInfo, report.sysEnableStatus, report.nvleStatus]).toEqual([
      Uint8Array.of(0x80, 1, 0, 0, 0, 0, 0, 0),
      Uint8Array.of(0, 0xc0, 1, 0),
      Uint8Array.of(7, 7),
      Uint8Array.of(1, 0),
    ])
    expect(report.unknownFields.map(({ id }) => id)).toEqual([1, 4711])
  })

  it('leaves what the report does not say undefined', () => {
    const report = parseGpuReport(encode(new Uint8Array(0)))
    expect(report.opaque.layout).toBe('none')
    expect([report.driverVersion, report.vbiosVersion, report.nvdec0, report.fwid, report.mode]).toEqual(
      Array.from({ length: 5 }, () => undefined),
    )
  })

  it('does not see later changes of the bytes it was given', () => {
    const bytes = encode(new Uint8Array(0))
    const report = parseGpuReport(bytes)
    bytes.fill(0xff)
    expect(report.request.nonce).toEqual(new Uint8Array(32).fill(1))
  })

  it.each([
    [0, 'spt'],
    [1, 'mpt'],
    [2, 'ppcie'],
  ])('reads feature flag %i as mode %s', (flag, mode) => {
    expect(gpu(field(36, flag, 0))).toMatchObject({ mode, modeSource: 'feature-flag' })
  })

  it('falls back to the protected PCIe status for the mode', () => {
    expect(gpu(field(21, 0xaa))).toMatchObject({ mode: 'ppcie', modeSource: 'protected-pcie', protectedPcie: 'on' })
    expect(gpu(field(21, 0x55))).toMatchObject({ mode: 'spt', modeSource: 'protected-pcie', protectedPcie: 'off' })
  })

  it('reverses switch PDIs, drops unused links and repetitions', () => {
    const pdi = [1, 2, 3, 4, 5, 6, 7, 8]
    const other = [0xf1, 0, 0, 0, 0, 0, 0, 0]
    expect(gpu(field(22, ...pdi, ...new Uint8Array(8), ...other, ...pdi)).switchPdis).toEqual([
      '0807060504030201',
      '00000000000000f1',
    ])
    expect(gpu(field(22, ...new Uint8Array(144))).switchPdis).toEqual([])
  })

  it('takes the SVN of versioned data only where it is marked as one', () => {
    const parse = (valueType: number): GpuReport =>
      parseGpuReport(encode(encodeVersionedOpaque([{ id: 37, value: Uint8Array.of(3, 0), valueType }])))
    expect(parse(0x87).svn).toBe(3)
    expect(thrown(() => parse(0x86))).toEqual({ code: 'opaque/field-value-type', at: firstField })
  })

  it.each<[string, SyntheticOpaqueField, string]>([
    ['NVDEC0 status', field(11, 0x54), 'opaque/field-value'],
    ['protected PCIe status', field(21, 0), 'opaque/field-value'],
    ['feature flag 3', field(36, 3, 0), 'opaque/field-value'],
    ['feature flag 256', field(36, 0, 1), 'opaque/field-value'],
    ['more bytes in the VBIOS version', field(6, 0, 0xd9, 0, 0x96, 0x0f, 1, 0, 0), 'opaque/field-value'],
    ['a status of two bytes', field(11, 0xaa, 0xaa), 'opaque/field-length'],
    ['a VBIOS version of 14 bytes', textField(6, '96.10.55.00.01'), 'opaque/field-length'],
    ['a FWID of 47 bytes', { id: 20, value: new Uint8Array(47) }, 'opaque/field-length'],
    ['half a counter', field(12, 1, 0), 'opaque/field-length'],
    ['half a PDI', field(22, 1, 0, 0, 0), 'opaque/field-length'],
    ['an empty feature flag', field(36), 'opaque/field-length'],
    ['text after the end of a text', textField(17, 'G520\0X'), 'opaque/field-padding'],
    ['no ASCII', field(17, 0xc3, 0xa9, 0), 'encoding/ascii'],
    ['a control character', textField(16, '\n\0'), 'encoding/ascii'],
    ['a driver version that leaves its folder', textField(3, '../550\0'), 'opaque/field-text'],
    ['a driver version with a slash', textField(3, '550/1\0'), 'opaque/field-text'],
    ['a driver version with two dots', textField(3, '550..1\0'), 'opaque/field-text'],
    ['an empty driver version', textField(3, '\0'), 'opaque/field-text'],
    ['a chip name with a space', textField(35, 'GB 202\0'), 'opaque/field-text'],
  ])('refuses: %s', (_, bad, code) => {
    expect(thrown(() => gpu(bad))).toEqual({ code, at: firstField })
  })

  it('refuses a report beyond the size limit before it looks inside', () => {
    const refusal = (length: number): Outcome => thrown(() => parseGpuReport(new Uint8Array(length)))
    expect(refusal(maxReportBytes + 1).code).toBe('bytes/too-large')
    expect(refusal(maxReportBytes).code).toBe('spdm/version')
  })
})

describe('parseSwitchReport', () => {
  const pdis = Array.from({ length: 8 }, (_, i) => [i, 0xaa, 0, 0, 0, 0, 0, 0xff]).flat()
  const map = [...new Uint8Array(60).fill(0xff), 0, 7, 3, 0xff]

  it('types every known field', () => {
    const report = nvswitch(
      textField(6, '96.10.6d.00.01'),
      field(22, 0x20, 0x3e, 0xb3, 0x1a, 0xd9, 0xed, 0, 8),
      field(12, 2, 1, 0, 0),
      field(26, ...pdis, ...map),
      field(23, 0x03, 0x80),
      field(24, 2, 0),
      field(25, 1, 0),
      field(77, 1),
    )
    expect(report).toMatchObject({
      kind: 'switch',
      biosVersion: '96.10.6D.00.01',
      devicePdi: '203eb31ad9ed0008',
      measurementCounters: [258],
      disabledPorts: [0, 1, 2, 3, 4, 5, 6, 7, 60, 61, 62, 63],
      positionId: 2,
      locked: true,
    })
    expect(report.gpuPdis?.[1]).toBe('01aa0000000000ff')
    expect(report.gpuPdis).toHaveLength(8)
    expect(report.portMap).toEqual([...Array.from({ length: 60 }, () => undefined), 0, 7, 3, undefined])
    expect(report.unknownFields.map(({ id }) => id)).toEqual([77])
  })

  it('reads the GPU PDIs from field 4 of older firmware', () => {
    expect(nvswitch(field(4, ...pdis, ...map)).gpuPdis?.[2]).toBe('02aa0000000000ff')
  })

  it('prefers field 26 and keeps field 4 next to it as unknown', () => {
    const report = nvswitch(field(4, 1), field(26, ...pdis, ...map))
    expect(report.unknownFields.map(({ id }) => id)).toEqual([4])
  })

  it.each<[string, SyntheticOpaqueField, string]>([
    ['a lock status of 2', field(25, 2, 0), 'opaque/field-value'],
    ['a lock status of 256', field(25, 0, 1), 'opaque/field-value'],
    ['a GPU slot of 8', field(26, ...pdis, ...map.with(3, 8)), 'opaque/field-value'],
    ['a PDI of 7 bytes', field(22, ...new Uint8Array(7)), 'opaque/field-length'],
    ['a GPU list of 127 bytes', field(26, ...new Uint8Array(127)), 'opaque/field-length'],
    ['a BIOS version of 8 bytes', field(6, ...new Uint8Array(8)), 'opaque/field-length'],
    ['a BIOS version that is none', textField(6, '96.10/55.00.01'), 'opaque/field-text'],
  ])('refuses: %s', (_, bad, code) => {
    expect(thrown(() => nvswitch(bad))).toEqual({ code, at: firstField })
  })
})
