// Real evidence in every container: published ones as they are, the other known ones rebuilt around published items.
import { describe, expect, it } from 'vitest'
import { concatBytes } from '../../src/bytes/bytes.js'
import { encodeHex } from '../../src/bytes/hex.js'
import { encodeUtf8 } from '../../src/bytes/text.js'
import { type Evidence, evidenceFromParts, parseEvidence } from '../../src/nvidia/evidence.js'
import { thrown } from '../nvidia/thrown.js'
import { hasRealData, readReal, readRealJson } from '../real-data.js'
import { chainPem, type Entry, entries, entry, reportBytes } from './evidence-index.js'

const json = (value: unknown): Uint8Array => encodeUtf8(JSON.stringify(value))
const base64 = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString('base64')
const parsed = (value: unknown): readonly Evidence[] => parseEvidence(json(value))

function summary({ kind, report, certificates }: Evidence): unknown {
  return {
    kind,
    report: encodeHex(report.raw),
    certificates: certificates.map(({ raw }) => encodeHex(raw)),
  }
}

function expected(item: Entry): unknown {
  return summary(evidenceFromParts({ report: reportBytes(item), certificates: chainPem(item) ?? '' }))
}

const files = [...new Set(entries.filter(({ container }) => /json/.test(container)).map(({ file }) => file))]

describe.skipIf(!hasRealData)('published containers', () => {
  it.each(files)('%s', (file) => {
    const items = entries.filter((item) => item.file === file && item.kind === 'report')
    const evidence = parseEvidence(readReal(`evidence/${file}`))
    expect(evidence.map(summary)).toEqual(items.map(expected))
    expect(evidence.map(({ kind }) => kind)).toEqual(items.map(({ arch }) => (arch === 'LS10' ? 'switch' : 'gpu')))
    expect(evidence.map(({ at }) => at)).toEqual(items.map((_, i) => `items[${i}]`))
  })

  it('state what the index says they state', () => {
    const items = entries.filter(({ container }) => container === 'sdk-json' || container === 'nvml-jsonpickle')
    for (const item of items) {
      const siblings = items.filter(({ file }) => file === item.file)
      const { declared } = parseEvidence(readReal(`evidence/${item.file}`))[siblings.indexOf(item)] ?? {}
      const stated = item.declared ?? {}
      expect({
        arch: declared?.arch,
        nonce: declared?.nonce === undefined ? undefined : encodeHex(declared.nonce),
        uuid: declared?.uuid,
        driver: declared?.driverVersion,
      }).toEqual({
        arch: stated['arch'] ?? stated['Arch'],
        nonce: stated['nonce'],
        uuid: stated['uuid'] ?? stated['UUID'],
        driver: stated['driver_version'] ?? stated['DriverVersion'],
      })
    }
  })
})

interface SdkItem {
  readonly arch: string
  readonly nonce: string
  readonly evidence: string
  readonly certificate: string
}

describe.skipIf(!hasRealData)('other containers', () => {
  const file = 'evidence/attestation-sdk/serialized/multi_gpu_hopper.json'
  const items = hasRealData ? (readRealJson(file) as readonly SdkItem[]) : []
  const original = (): unknown => parseEvidence(readReal(file)).map(summary)
  const pem = (item: SdkItem): string => Buffer.from(item.certificate, 'base64').toString()
  const derOf = (text: string): Buffer[] =>
    [...text.matchAll(/-----BEGIN CERTIFICATE-----([^-]+)-----END/g)].map(([, body = '']) =>
      Buffer.from(body, 'base64'),
    )
  const bare = (item: SdkItem) => ({ evidence: item.evidence, certificate: item.certificate })

  it.each<[string, () => unknown]>([
    ['command line tool', () => ({ evidences: items, result_code: 0, result_message: 'Ok' })],
    [
      'vendor service',
      () => ({ nonce: items[0]?.nonce, arch: 'HOPPER', claims_version: '3.0', evidence_list: items.map(bare) }),
    ],
    [
      'Trustee',
      () => ({ device_evidence_list: items.map((item) => ({ ...bare(item), arch: 'Hopper', uuid: 'GPU-0' })) }),
    ],
    [
      'Trustee in hex',
      () => ({
        device_evidence_list: items.map((item) => ({
          ...bare(item),
          evidence: Buffer.from(item.evidence, 'base64').toString('hex'),
        })),
      }),
    ],
    [
      'upper case hex',
      () =>
        items.map((item) => ({
          ...item,
          evidence: Buffer.from(item.evidence, 'base64').toString('hex').toUpperCase(),
        })),
    ],
    [
      'fleet agent',
      () => ({
        attestationData: {
          sdkResponse: {
            evidences: items.map((item) => ({ ...item, driverVersion: '', vbiosVersion: '', version: '' })),
            resultCode: 0,
            resultMessage: 'Ok',
          },
          nonceRefreshTimestamp: '2026-11-23T00:00:00Z',
          success: true,
        },
      }),
    ],
    ['PEM in plain', () => items.map((item) => ({ ...item, certificate: pem(item) }))],
    ['DER in base64', () => items.map((item) => ({ ...item, certificate: base64(Buffer.concat(derOf(pem(item)))) }))],
    [
      'root first',
      () => items.map((item) => ({ ...item, certificate: base64(Buffer.concat(derOf(pem(item)).reverse())) })),
    ],
  ])('%s', (_, build) => {
    expect(parsed(build()).map(summary)).toEqual(original())
  })

  it('takes nonce and architecture from around the list where the items lack them', () => {
    const [first, second] = parsed({
      nonce: 'aa55',
      arch: 'HOPPER',
      evidence_list: [bare(items[0] ?? fail()), items[1]],
    })
    expect([first?.declared.arch, encodeHex(first?.declared.nonce ?? new Uint8Array(0))]).toEqual(['HOPPER', 'aa55'])
    expect(encodeHex(second?.declared.nonce ?? new Uint8Array(0))).toBe(items[1]?.nonce)
  })

  it('takes a single item', () => {
    expect(parsed(items[2]).map(summary)).toEqual([(original() as unknown[])[2]])
  })

  it.each(['sdk-unit-hopper-580', 'sdk-unit-switch', 'sdk2-blackwell-fsp'])(
    '%s as hex text and PEM in one file',
    (id) => {
      const item = entry(id)
      const hex = Buffer.from(reportBytes(item)).toString('hex')
      for (const text of [hex, `${hex}\n`, ` ${hex.slice(0, 80)}\r\n${hex.slice(80)}\n\n`])
        expect(parseEvidence(encodeUtf8(text + chainPem(item))).map(summary)).toEqual([expected(item)])
    },
  )

  it('raw bytes and PEM in one file', () => {
    const item = entry('google-raw-gpu')
    const bytes = concatBytes(reportBytes(item), encodeUtf8(chainPem(item) ?? ''))
    expect(parseEvidence(bytes).map(summary)).toEqual([expected(item)])
  })

  it('decides GPU or switch by the certificates, not by the label', () => {
    const [item] = readRealJson('evidence/attestation-sdk/serialized/switch_evidence_ls10.json') as readonly SdkItem[]
    expect(parsed([{ ...item, arch: 'HOPPER' }])[0]).toMatchObject({ kind: 'switch', declared: { arch: 'HOPPER' } })
  })

  it('names item and field of a fault', () => {
    const spoil = (field: string, value: unknown): unknown =>
      thrown(() => parsed(items.map((item, i) => (i === 3 ? { ...item, [field]: value } : item))))
    const [first = fail()] = items
    expect(spoil('certificate', base64(Buffer.from('no certificate')))).toEqual({
      code: 'evidence/certificate-format',
      at: 'items[3].certificate',
    })
    expect(spoil('certificate', pem(first).replaceAll('CERTIFICATE', 'PUBLIC KEY'))).toEqual({
      code: 'certificate/pem-label',
      at: 'items[3].certificate[0]',
    })
    expect(spoil('certificate', 5)).toEqual({ code: 'json/type', at: 'items[3].certificate' })
    expect(spoil('certificate', undefined)).toEqual({ code: 'json/missing', at: 'items[3].certificate' })
    expect(spoil('certificate', '')).toEqual({ code: 'evidence/certificate-format', at: 'items[3].certificate' })
    expect(spoil('certificate', pem(first).repeat(4))).toEqual({
      code: 'evidence/too-many-certificates',
      at: 'items[3].certificate',
    })
    expect(spoil('evidence', `${first.evidence}=`)).toEqual({ code: 'encoding/base64', at: 'items[3].evidence' })
    expect(spoil('evidence', `12${Buffer.from(first.evidence, 'base64').toString('hex').slice(2)}`)).toEqual({
      code: 'spdm/version',
      at: 'items[3].evidence.request.version',
    })
    expect(spoil('evidence', 'A'.repeat(4 * 1024 * 1024 + 4))).toEqual({
      code: 'bytes/too-large',
      at: 'items[3].evidence',
    })
    expect(spoil('certificate', 'A'.repeat(4 * 1024 * 1024 + 4))).toEqual({
      code: 'bytes/too-large',
      at: 'items[3].certificate',
    })
    expect(spoil('nonce', '0x00')).toEqual({ code: 'encoding/hex', at: 'items[3].nonce' })
    expect(spoil('arch', 9)).toEqual({ code: 'json/type', at: 'items[3].arch' })
  })
})

function fail(): never {
  throw new Error('the file holds fewer items than it should')
}
