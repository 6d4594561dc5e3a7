// Evidence parsers meet arbitrary and spoilt input: they answer quickly, with a value or with their own error.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concatBytes, equalBytes } from '../../src/bytes/bytes.js'
import { encodeUtf8 } from '../../src/bytes/text.js'
import { evidenceFromParts, parseDeviceCertificates, parseEvidence } from '../../src/nvidia/evidence.js'
import { parseGpuReport } from '../../src/nvidia/gpu-report.js'
import { parseSwitchReport } from '../../src/nvidia/switch-report.js'
import { AttestationError } from '../../src/result/error.js'
import { sdkEvidenceJson } from '../../src/testing/evidence.js'
import { createSyntheticWorld } from '../../src/testing/world.js'

const world = createSyntheticWorld({ seed: 'property' })
const devices = [world.hopper(), world.versionedHopper(), world.blackwell(), world.fsp(), world.ls10()]

function refusesOrReturns<T>(run: () => T): T | undefined {
  try {
    return run()
  } catch (error) {
    if (!(error instanceof AttestationError)) throw error
    return undefined
  }
}

const parsers = [parseGpuReport, parseSwitchReport, parseEvidence, parseDeviceCertificates] as const

/** Overwrites, cuts and doubles ranges. */
const spoiling = fc.array(
  fc.record({ position: fc.nat(), length: fc.nat(64), bytes: fc.uint8Array({ maxLength: 64 }) }),
  { minLength: 1, maxLength: 4 },
)

function spoil(
  bytes: Uint8Array,
  edits: readonly { position: number; length: number; bytes: Uint8Array }[],
): Uint8Array {
  return edits.reduce((result, edit) => {
    const at = edit.position % (result.length + 1)
    return concatBytes(result.subarray(0, at), edit.bytes, result.subarray(at + edit.length))
  }, bytes)
}

describe('evidence parsers', () => {
  it('refuse arbitrary bytes with their own error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.constantFrom(...parsers), (bytes, parse) => {
        refusesOrReturns(() => parse(bytes))
      }),
      { numRuns: 1000 },
    )
  })

  it('refuse arbitrary bytes after a genuine beginning with their own error', () => {
    fc.assert(
      fc.property(fc.constantFrom(...devices), fc.nat(), fc.uint8Array({ maxLength: 300 }), (device, cut, tail) => {
        const bytes = concatBytes(device.report.subarray(0, cut % device.report.length), tail)
        refusesOrReturns(() => parseGpuReport(bytes))
        refusesOrReturns(() => parseSwitchReport(bytes))
      }),
      { numRuns: 1000 },
    )
  })

  it('account for every byte of a report they accept', () => {
    fc.assert(
      fc.property(fc.constantFrom(...devices), spoiling, (device, edits) => {
        const bytes = spoil(device.report, edits)
        const parse = device.family === 'ls10' ? parseSwitchReport : parseGpuReport
        const report = refusesOrReturns(() => parse(bytes))
        if (report === undefined) return
        expect(equalBytes(concatBytes(report.signed, report.signature, report.trailing), bytes)).toBe(true)
        const record = report.measurements.reduce((sum, { value }) => sum + 7 + value.length, 0)
        expect(report.signed.length).toBe(79 + record + report.response.opaqueData.length)
        const header = report.opaque.layout === 'versioned' ? 12 : 0
        const each = report.opaque.layout === 'versioned' ? 6 : 4
        expect(report.opaque.fields.reduce((sum, { value }) => sum + each + value.length, header)).toBe(
          report.response.opaqueData.length,
        )
      }),
      { numRuns: 1000 },
    )
  })

  it('refuse spoilt containers with their own error', () => {
    const text = encodeUtf8(sdkEvidenceJson(devices))
    fc.assert(
      fc.property(spoiling, (edits) => {
        refusesOrReturns(() => parseEvidence(spoil(text, edits)))
      }),
      { numRuns: 300 },
    )
  })

  it('refuse spoilt certificates with their own error', () => {
    fc.assert(
      fc.property(fc.constantFrom(...devices), spoiling, (device, edits) => {
        const chain = concatBytes(...device.chain.certificates.map(({ der }) => der))
        refusesOrReturns(() => evidenceFromParts({ report: device.report, certificates: spoil(chain, edits) }))
      }),
      { numRuns: 500 },
    )
  })

  it('do not depend on how much memory a length field asks for', () => {
    // Lengths of 16 MiB and 64 KiB in a message of a few bytes.
    const bytes = world.hopper().report.slice(0, 60)
    bytes.fill(0xff, 41, 45)
    expect(() => parseGpuReport(bytes)).toThrow(AttestationError)
  })
})
