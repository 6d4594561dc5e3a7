// Real evidence, spoilt in every single place: all refused, each for the cause, and never with another error than ours.
import { describe, expect, it } from 'vitest'
import { concatBytes, copyBytes } from '../../src/bytes/bytes.js'
import { parseHex } from '../../src/bytes/hex.js'
import { evidenceFromParts } from '../../src/nvidia/evidence.js'
import { parseGpuReport } from '../../src/nvidia/gpu-report.js'
import { parseSwitchReport } from '../../src/nvidia/switch-report.js'
import { verifyGpuReport, verifySwitchReport } from '../../src/nvidia/verify.js'
import type { NonEmptyArray } from '../../src/result/result.js'
import { issueCertificate } from '../../src/testing/certificate.js'
import { basicConstraints, keyUsage, subjectKeyIdentifier } from '../../src/testing/extension.js'
import { deriveKey } from '../../src/testing/key.js'
import { type Certificate, parseCertificate } from '../../src/x509/certificate.js'
import { type Outcome, rejected, thrown } from '../nvidia/thrown.js'
import { hasRealData } from '../real-data.js'
import { pathOf, verifyPath } from './device-world.js'
import { chainPem, type Entry, entry, reportBytes } from './evidence-index.js'

const hopper = 'sdk-hopper-590'
const blackwell = 'google-mpt-gpu-0'
const lsTen = 'google-ppcie-switch-0'

function load(item: Entry) {
  return evidenceFromParts({ report: reportBytes(item), certificates: chainPem(item) ?? '' })
}

async function gpuVerifier(id: string, nonceOf = id): Promise<(bytes: Uint8Array) => Promise<Outcome>> {
  const input = { path: await pathOf(load(entry(id))), nonce: parseHex(entry(nonceOf).challengeNonceHex, '') }
  return async (bytes) => rejected(Promise.resolve().then(() => verifyGpuReport(parseGpuReport(bytes), input)))
}

/** The codes that name what a flip at `offset` does. */
function causesOf(offset: number, report: ReturnType<typeof parseGpuReport>): readonly string[] {
  const opaqueStart = report.signed.length - report.response.opaqueData.length
  const recordEnd = opaqueStart - 34
  if (offset < 4)
    return ['spdm/version', 'spdm/message-code', 'spdm/unsigned', 'spdm/reserved', 'spdm/partial-measurements']
  if (offset < 36) return ['evidence/nonce-mismatch']
  if (offset < 45)
    return [
      'spdm/reserved',
      'spdm/slot-mismatch',
      'spdm/version',
      'spdm/message-code',
      'spdm/block-count',
      'bytes/truncated',
    ]
  if (offset < recordEnd) {
    const inBlock = (offset - 45) % 55
    return inBlock >= 7 || inBlock === 4
      ? ['spdm/signature']
      : [
          'spdm/measurement-index',
          'spdm/measurement-duplicate',
          'spdm/measurement-specification',
          'spdm/measurement-size',
          'bytes/truncated',
          'spdm/signature',
        ]
  }
  if (offset < opaqueStart - 2 || offset >= report.signed.length) return ['spdm/signature']
  return [
    'spdm/signature',
    'bytes/truncated',
    'encoding/ascii',
    'opaque/duplicate-field',
    'opaque/field-length',
    'opaque/field-value',
    'opaque/field-text',
    'opaque/field-padding',
    'opaque/legacy-version',
    'evidence/trailing-bytes',
  ]
}

describe.skipIf(!hasRealData)('spoilt reports', () => {
  it.each([hopper, blackwell])('%s: every byte flipped is refused for its cause', async (id) => {
    const bytes = reportBytes(entry(id))
    const report = parseGpuReport(bytes)
    const verify = await gpuVerifier(id)
    expect((await verify(bytes)).code).toBe('none')
    const surprises: string[] = []
    const flip = async (offset: number): Promise<void> => {
      const spoilt = copyBytes(bytes)
      spoilt[offset] = (spoilt[offset] ?? 0) ^ (1 << (offset % 8))
      const { code } = await verify(spoilt)
      if (!causesOf(offset, report).includes(code)) surprises.push(`${offset}: ${code}`)
    }
    for (let start = 0; start < bytes.length; start += 64)
      await Promise.all(Array.from({ length: Math.min(64, bytes.length - start) }, (_, i) => flip(start + i)))
    expect(surprises).toEqual([])
  })

  it.each([hopper, blackwell])('%s: every truncation is refused as one', (id) => {
    const bytes = reportBytes(entry(id))
    const codes = new Set<string>()
    for (let length = 0; length < bytes.length; length++)
      codes.add(thrown(() => parseGpuReport(bytes.subarray(0, length))).code)
    expect([...codes]).toEqual(['bytes/truncated'])
  })

  it('every truncation of a switch report is refused as one', () => {
    const bytes = reportBytes(entry(lsTen))
    const codes = new Set<string>()
    for (let length = 0; length < bytes.length; length++)
      codes.add(thrown(() => parseSwitchReport(bytes.subarray(0, length))).code)
    expect([...codes]).toEqual(['bytes/truncated'])
  })

  it.each([1, 2, 96, 4096])('%i bytes appended are refused', async (count) => {
    const verify = await gpuVerifier(hopper)
    expect(await verify(concatBytes(reportBytes(entry(hopper)), new Uint8Array(count)))).toEqual({
      code: 'evidence/trailing-bytes',
      at: 'trailing',
    })
  })

  it('a second report appended does not stand in for the first', async () => {
    const [own, other] = [reportBytes(entry(hopper)), reportBytes(entry('sdk-multi-hopper-1'))]
    const verify = await gpuVerifier('sdk-multi-hopper-1', hopper)
    expect((await verify(concatBytes(own, other))).code).toBe('evidence/trailing-bytes')
    const path = await pathOf(load(entry('sdk-multi-hopper-1')))
    const nonce = parseHex(entry(hopper).challengeNonceHex, '')
    const tolerated = verifyGpuReport(parseGpuReport(concatBytes(own, other)), {
      path,
      nonce,
      trailingBytes: 'tolerate',
    })
    expect((await rejected(tolerated)).code).toBe('spdm/signature')
  })

  it('another nonce, and the nonce of the device, are refused', async () => {
    const evidence = load(entry(hopper))
    const { report } = evidence
    if (evidence.kind !== 'gpu') throw new Error('not a GPU')
    const path = await pathOf(evidence)
    const ask = (nonce: Uint8Array): Promise<Outcome> => rejected(verifyGpuReport(evidence.report, { path, nonce }))
    const mismatch = { code: 'evidence/nonce-mismatch', at: 'request.nonce' }
    expect(await ask(new Uint8Array(32))).toEqual(mismatch)
    expect(await ask(report.response.responderNonce)).toEqual(mismatch)
    expect(await ask(report.request.nonce.subarray(0, 31))).toEqual({ code: 'evidence/nonce-length', at: 'nonce' })
    expect(await ask(new Uint8Array(0))).toEqual({ code: 'evidence/nonce-length', at: 'nonce' })
  })
})

describe.skipIf(!hasRealData)('wrong certificates', () => {
  it('of another device of the same family', async () => {
    expect((await (await gpuVerifier('sdk-multi-hopper-1', hopper))(reportBytes(entry(hopper)))).code).toBe(
      'spdm/signature',
    )
  })

  it('of another family', async () => {
    expect((await (await gpuVerifier(blackwell, hopper))(reportBytes(entry(hopper)))).code).toBe('spdm/signature')
  })

  it('of a switch for a GPU, and of a GPU for a switch', async () => {
    expect(await (await gpuVerifier(lsTen, hopper))(reportBytes(entry(hopper)))).toEqual({
      code: 'device/kind',
      at: 'certificates[0]',
    })
    const input = { path: await pathOf(load(entry(hopper))), nonce: parseHex(entry(lsTen).challengeNonceHex, '') }
    const report = parseSwitchReport(reportBytes(entry(lsTen)))
    expect((await rejected(verifySwitchReport(report, input))).code).toBe('device/kind')
    const parts = { report: reportBytes(entry(hopper)), certificates: chainPem(entry(lsTen)) ?? '' }
    expect(thrown(() => evidenceFromParts(parts)).code).toBe('opaque/field-length')
  })

  const chain = (): Certificate[] => [...load(entry(hopper)).certificates]

  function nonEmpty(list: readonly Certificate[]): NonEmptyArray<Certificate> {
    const [first, ...rest] = list
    if (first === undefined) throw new Error('empty')
    return [first, ...rest]
  }

  const verdict = async (list: readonly Certificate[]): Promise<string> =>
    (await rejected(verifyPath(nonEmpty(list)))).code

  it.each([
    [0, 'certificate/leaf-is-ca'],
    [1, 'certificate/no-issuer'],
    [2, 'certificate/no-issuer'],
    [3, 'certificate/no-issuer'],
    [4, 'evidence/chain-length'],
  ])('certificate %i left out', async (index, code) => {
    expect(await verdict(chain().toSpliced(index, 1))).toBe(code)
  })

  it.each([0, 1, 2, 3, 4])('certificate %i twice', async (index) => {
    const certificates = chain()
    const twice = certificates.flatMap((one, i) => (i === index ? [one, one] : [one]))
    expect(await verdict(twice)).toBe('certificate/duplicate')
  })

  it('in any other order, root first through the parser apart', async () => {
    const orders = (list: readonly Certificate[]): Certificate[][] =>
      list.length === 0 ? [[]] : list.flatMap((one, i) => orders(list.toSpliced(i, 1)).map((rest) => [one, ...rest]))
    const certificates = chain()
    const codes = new Set<string>()
    for (const order of orders(certificates))
      if (!order.every((one, i) => one === certificates[i])) codes.add(await verdict(order))
    expect([...codes]).toEqual(['evidence/chain-order'])
  })

  it('one certificate of another chain of the family among them', async () => {
    const [own, other] = [chain(), [...load(entry('sdk-multi-hopper-1')).certificates]]
    for (const index of [0, 1]) {
      const code = await verdict(own.with(index, other[index] ?? own[0] ?? never()))
      expect(['certificate/no-issuer', 'certificate/key-identifier']).toContain(code)
    }
  })

  it('a certificate that does not belong', async () => {
    expect(await verdict([...chain(), load(entry(blackwell)).certificates[3] ?? never()])).toBe('certificate/surplus')
  })

  it('another root of the same name', async () => {
    const genuine = chain()[4] ?? never()
    const key = deriveKey('hostile', 'root')
    const forged = issueCertificate({
      subject: genuine.subject.raw,
      key,
      serialNumber: genuine.serialNumber,
      notBefore: genuine.notBefore,
      notAfter: genuine.notAfter,
      extensions: [basicConstraints({ ca: true }), keyUsage(['keyCertSign', 'cRLSign']), subjectKeyIdentifier(key)],
    })
    expect(await verdict(chain().with(4, parseCertificate(forged.der, 'certificates[4]')))).toBe(
      'certificate/wrong-anchor-key',
    )
  })

  it('every certificate with one bit of its signature flipped', async () => {
    for (const index of [0, 1, 2, 3]) {
      const certificates = chain()
      const der = copyBytes((certificates[index] ?? never()).raw)
      der[der.length - 1] = (der.at(-1) ?? 0) ^ 1
      const spoilt = certificates.with(index, parseCertificate(der, `certificates[${index}]`))
      expect(await rejected(verifyPath(nonEmpty(spoilt)))).toEqual({
        code: 'certificate/signature',
        at: `certificates[${index}].signature`,
      })
    }
  })
})

function never(): never {
  throw new Error('the entry is incomplete')
}
