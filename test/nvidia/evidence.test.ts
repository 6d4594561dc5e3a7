// Evidence containers around synthetic devices: every form read, every wrong form refused by name.
import { describe, expect, it } from 'vitest'
import { concatBytes } from '../../src/bytes/bytes.js'
import { encodeHex } from '../../src/bytes/hex.js'
import { encodeUtf8 } from '../../src/bytes/text.js'
import { evidenceFromParts, parseDeviceCertificates, parseEvidence } from '../../src/nvidia/evidence.js'
import {
  cliEvidenceJson,
  cmwEvidenceJson,
  nrasRequestJson,
  sdkEvidenceItem,
  sdkEvidenceJson,
  trusteeEvidenceJson,
} from '../../src/testing/evidence.js'
import { createSyntheticWorld } from '../../src/testing/world.js'
import { thrown } from './thrown.js'

const world = createSyntheticWorld({ seed: 'evidence' })
const devices = [world.hopper(), world.ls10(), world.blackwell({ device: 'b' })]
const [gpu] = devices
const parse = (value: unknown) => parseEvidence(encodeUtf8(typeof value === 'string' ? value : JSON.stringify(value)))
const refusal = (value: unknown): unknown => thrown(() => parse(value))
const item = gpu === undefined ? undefined : sdkEvidenceItem(gpu)
const cmw = (): Record<string, Record<string, unknown>> => JSON.parse(cmwEvidenceJson(devices))

describe('parseEvidence', () => {
  it.each([
    ['SDK array', sdkEvidenceJson(devices)],
    ['command line tool', cliEvidenceJson(devices)],
    ['vendor service', nrasRequestJson(devices, '3.0')],
    ['Trustee', trusteeEvidenceJson(devices)],
    ['Trustee in hex', trusteeEvidenceJson(devices, 'hex')],
    ['message wrapper', cmwEvidenceJson(devices)],
  ])('reads: %s', (_, text) => {
    const evidence = parse(text)
    expect(evidence.map(({ kind }) => kind)).toEqual(['gpu', 'switch', 'gpu'])
    expect(evidence.map(({ report }) => encodeHex(report.raw))).toEqual(devices.map(({ report }) => encodeHex(report)))
    expect(evidence.map(({ certificates }) => certificates.map(({ raw }) => encodeHex(raw)))).toEqual(
      devices.map(({ chain }) => chain.certificates.map(({ der }) => encodeHex(der))),
    )
  })

  it('keeps what the container states, without believing it', () => {
    const [first] = parse(
      sdkEvidenceJson(devices, { uuid: 'GPU-1', driver_version: '1.2', vbios_version: '', extra: {} }),
    )
    expect(first?.declared).toEqual({
      arch: 'HOPPER',
      nonce: gpu?.nonce,
      uuid: 'GPU-1',
      driverVersion: '1.2',
      vbiosVersion: undefined,
    })
  })

  it('names items of a message wrapper by their labels and takes its nonce for theirs', () => {
    const wrapper = cmw()
    const { nonce, ...rest } = wrapper['GPU-0'] ?? {}
    const [first] = parse({ ...wrapper, nonce, 'GPU-0': rest })
    expect(first?.at).toBe('GPU-0')
    expect(first?.declared.nonce).toEqual(gpu?.nonce)
  })

  it.each<[string, unknown, string, string]>([
    ['nothing', '', 'evidence/empty', ''],
    ['white space', ' \n', 'evidence/empty', ''],
    ['other text', 'hello', 'evidence/format', ''],
    ['certificates alone', gpu?.chainPem, 'evidence/no-report', 'items[0].evidence'],
    [
      'hex without certificates',
      encodeHex(gpu?.report ?? new Uint8Array(0)),
      'evidence/no-certificates',
      'items[0].certificate',
    ],
    ['half a byte of hex', `123${gpu?.chainPem}`, 'encoding/hex', 'items[0].evidence'],
    ['broken JSON', '[{', 'json/syntax', '[0]'],
    ['a member twice', '{"evidences":[],"evidences":[]}', 'json/duplicate-name', ''],
    ['an unknown object', { devices: [] }, 'evidence/container', ''],
    ['two containers in one', { evidences: [item], evidence_list: [item] }, 'evidence/container', ''],
    ['a container and an item in one', { ...item, evidences: [item] }, 'evidence/container', ''],
    ['an empty array', [], 'evidence/empty', ''],
    ['an empty list', { evidences: [], result_code: 12 }, 'evidence/empty', ''],
    ['an empty message wrapper', { __cmwc_t: cmw()['__cmwc_t'] }, 'evidence/empty', ''],
    ['an item that is no object', [item, 'x'], 'json/type', 'items[1]'],
    ['a list that is no list', { evidences: item }, 'json/type', 'evidences'],
    ['a message without a response', { attestationData: {} }, 'evidence/container', 'attestationData'],
    ['129 items', Array.from({ length: 129 }, () => 1), 'evidence/too-many-items', ''],
    ['another profile', { __cmwc_t: 'tag:example' }, 'evidence/profile', '__cmwc_t'],
    [
      'another item profile',
      { ...cmw(), 'GPU-0': { ...cmw()['GPU-0'], __cmwc_t: 'x' } },
      'evidence/profile',
      'GPU-0.__cmwc_t',
    ],
    [
      'evidence of another media type',
      { ...cmw(), 'GPU-1': { ...cmw()['GPU-1'], evidence: ['application/eat+cwt', 'AA'] } },
      'evidence/media-type',
      'GPU-1.evidence',
    ],
    [
      'evidence with three elements',
      { ...cmw(), 'GPU-1': { ...cmw()['GPU-1'], nonce: ['application/octet-stream', 'AA', 1] } },
      'evidence/media-type',
      'GPU-1.nonce',
    ],
    [
      'a dump without certificates',
      { gpus: [{ AttestationReport: { 'py/b64': item?.evidence } }] },
      'json/missing',
      'items[0].certificate',
    ],
    [
      'a dump with no certificate',
      { nvswitches: [{ attestation_report: { 'py/b64': item?.evidence }, attestation_cert_chain: [] }] },
      'evidence/no-certificates',
      'items[0].certificate',
    ],
  ])('refuses %s', (_, value, code, at) => {
    expect(refusal(value)).toEqual({ code, at })
  })

  it('refuses an input beyond the size limit before it looks inside', () => {
    expect(thrown(() => parseEvidence(new Uint8Array(16 * 1024 * 1024 + 1)))).toEqual({
      code: 'bytes/too-large',
      at: '',
    })
  })

  it('refuses certificates of no known device', () => {
    const roots = devices.flatMap(({ chain }) => chain.certificates.slice(2).map(({ pem }) => pem)).slice(0, 3)
    expect(refusal([{ ...item, certificate: roots.join('') }])).toEqual({
      code: 'evidence/unknown-device',
      at: 'items[0].certificate[0]',
    })
  })

  it('says so when the family named signs no reports at all', () => {
    const roots = world.hopper().chain.certificates.slice(2)
    const certificate = roots.map(({ pem }) => pem).join('')
    expect(refusal([{ ...item, arch: 'Ampere', certificate }])).toEqual({
      code: 'evidence/not-attestable',
      at: 'items[0].arch',
    })
    expect(parse([{ ...item, arch: 'AMPERE' }])[0]?.kind).toBe('gpu')
  })

  it('reads a report and its certificates from one file, in bytes and in hex', () => {
    for (const device of devices) {
      const pem = encodeUtf8(device.chainPem)
      const [raw] = parseEvidence(concatBytes(device.report, pem))
      const [hex] = parseEvidence(concatBytes(encodeUtf8(`${encodeHex(device.report)}\n`), pem))
      expect([raw?.report.raw, hex?.report.raw]).toEqual([device.report, device.report])
    }
  })
})

describe('evidenceFromParts', () => {
  it('takes PEM text, PEM bytes and DER', () => {
    const { report, chainPem, chain } = world.hopper()
    const forms = [chainPem, encodeUtf8(chainPem), concatBytes(...chain.certificates.map(({ der }) => der))]
    for (const certificates of forms)
      expect(evidenceFromParts({ report, certificates }).certificates.map(({ raw }) => raw)).toEqual(
        chain.certificates.map(({ der }) => der),
      )
  })

  it('says which part is at fault', () => {
    const { report, chainPem } = world.hopper()
    expect(thrown(() => evidenceFromParts({ report: report.subarray(1), certificates: chainPem }))).toEqual({
      code: 'spdm/version',
      at: 'report.request.version',
    })
    expect(thrown(() => evidenceFromParts({ report, certificates: '' }))).toEqual({
      code: 'evidence/certificate-format',
      at: 'certificates',
    })
    expect(thrown(() => evidenceFromParts({ report, certificates: Uint8Array.of(0x30, 0x80) }))).toMatchObject({
      at: 'certificates[0]',
    })
  })
})

describe('parseDeviceCertificates', () => {
  it('keeps an order that is neither leaf first nor root first', () => {
    const pems = world.hopper().chain.certificates.map(({ pem }) => pem)
    const [a = '', b = '', ...rest] = pems
    const certificates = parseDeviceCertificates(encodeUtf8([b, a, ...rest].join('')))
    expect(certificates.map(({ at }) => at)).toEqual([0, 1, 2, 3, 4].map((i) => `certificates[${i}]`))
  })

  it('refuses a file with more certificates than a device chain can have', () => {
    const pem = world.hopper().chainPem.repeat(4)
    expect(thrown(() => parseDeviceCertificates(encodeUtf8(pem)))).toEqual({
      code: 'evidence/too-many-certificates',
      at: 'certificates',
    })
  })
})
