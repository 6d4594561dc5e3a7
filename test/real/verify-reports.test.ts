// Real reports: signature, chain and FWID verdicts are exactly those the index states.
import { describe, expect, it } from 'vitest'
import { encodeHex, parseHex } from '../../src/bytes/hex.js'
import { type Evidence, evidenceFromParts, parseDeviceCertificates } from '../../src/nvidia/evidence.js'
import { type VerifyReportInput, verifyGpuReport, verifySwitchReport } from '../../src/nvidia/verify.js'
import { isVerified } from '../../src/result/proof.js'
import { deviceFwid } from '../../src/x509/dice.js'
import { rejected } from '../nvidia/thrown.js'
import { hasRealData, readReal } from '../real-data.js'
import { pathOf, verifyPath } from './device-world.js'
import { chainPem, type Entry, entries, entry, reportBytes, reports } from './evidence-index.js'

function load(item: Entry): Evidence {
  return evidenceFromParts({ report: reportBytes(item), certificates: chainPem(item) ?? '' })
}

async function verify(item: Entry, options: Partial<VerifyReportInput> = {}) {
  const evidence = load(item)
  const input = { path: await pathOf(evidence), nonce: parseHex(item.challengeNonceHex, ''), ...options }
  return evidence.kind === 'gpu' ? verifyGpuReport(evidence.report, input) : verifySwitchReport(evidence.report, input)
}

const cases = (expected: Entry['expect']): [string, Entry][] =>
  reports.filter(({ expect: verdict }) => verdict === expected).map((item) => [item.id, item])

describe.skipIf(!hasRealData)('real evidence', () => {
  it.each(cases('verified'))('%s is verified', async (_, item) => {
    const verified = await verify(item, { declaredArchitecture: item.arch })
    expect(isVerified(verified)).toBe(true)
    expect({
      kind: verified.kind,
      fwid: verified.fwidBinding,
      ueid: verified.identity.ueid,
      hwmodel: verified.identity.hwmodel,
      pdi: verified.identity.pdi,
      family: verified.identity.family,
      product: verified.identity.deviceInfo.product,
      responder: verified.identity.responder,
    }).toEqual({
      kind: item.arch === 'LS10' ? 'switch' : 'gpu',
      fwid: item.fwid,
      ueid: item.ueid,
      hwmodel: item.hwmodel,
      pdi: item.details.bromSerial?.slice(2),
      family: item.arch.toLowerCase(),
      product: item.hwmodel?.split(' ')[0],
      responder: item.hwmodel?.split(' ')[2]?.toLowerCase(),
    })
    if (verified.kind === 'switch') expect(verified.devicePdi).toBe(verified.identity.pdi)
  })

  it.each(reports.filter((item) => chainPem(item) !== undefined).map((item) => [item.id, item] as const))(
    '%s has the leaf FWID of the index',
    (_, item) => {
      const [leaf] = load(item).certificates
      expect(encodeHex(deviceFwid(leaf)?.fwid ?? new Uint8Array(0))).toBe(item.details.fwidLeaf)
    },
  )

  it.each([
    ['sdk-sample-hopper-bad-signature', 'spdm/signature', 'signature'],
    ['sdk-sample-switch-bad-signature', 'spdm/signature', 'signature'],
    ['google-raw-switch-wrong-chain', 'spdm/signature', 'signature'],
    ['gonvtrust-hopper-545-invalid-chain', 'certificate/no-issuer', 'certificates[0]'],
  ])('%s is rejected for its cause', async (id, code, at) => {
    expect(entry(id).expect).toBe('rejected')
    expect(await rejected(verify(entry(id)))).toEqual({ code, at })
  })

  it('covers every rejected report', () => {
    expect(cases('rejected').map(([id]) => id)).toHaveLength(4)
  })

  it.each(cases('trailing-bytes'))('%s is refused unless trailing bytes are tolerated by name', async (_, item) => {
    expect(await rejected(verify(item))).toEqual({ code: 'evidence/trailing-bytes', at: 'trailing' })
    const verified = await verify(item, { trailingBytes: 'tolerate' })
    expect({ fwid: verified.fwidBinding, ueid: verified.identity.ueid, extra: verified.trailing.length }).toEqual({
      fwid: item.fwid,
      ueid: item.ueid,
      extra: item.details.trailingBytes,
    })
  })

  it('lists the reports without a chain, which nothing can verify', () => {
    expect(cases('parse-only').map(([id, item]) => [id, chainPem(item)])).toEqual([
      ['sdk2-nvdaod-hopper-620', undefined],
    ])
  })
})

describe.skipIf(!hasRealData)('real chains', () => {
  const causes: Readonly<Record<string, string>> = {
    'trustee-chain-case1': 'none',
    'trustee-chain-case3': 'certificate/no-issuer',
    'trustee-chain-case4': 'certificate/leaf-is-ca',
  }

  it.each(entries.filter(({ kind, id }) => kind === 'chain' && id in causes).map((item) => [item.id, item] as const))(
    '%s',
    async (id, item) => {
      const certificates = parseDeviceCertificates(readReal(`evidence/${item.file}`))
      expect(certificates).toHaveLength(item.certificates?.length ?? 0)
      expect((await rejected(verifyPath(certificates))).code).toBe(causes[id])
    },
  )

  it('trustee-chain-case2, the root alone, verifies as nothing', async () => {
    const certificates = parseDeviceCertificates(readReal('evidence/trustee/hopper_cert_chain_case2.txt'))
    expect(certificates).toHaveLength(1)
    expect((await rejected(verifyPath(certificates))).code).toBe('certificate/leaf-is-ca')
  })
})
