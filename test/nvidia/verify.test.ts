// Verification of reports of synthetic devices: what binds report, key, firmware and device, broken one at a time.
import { describe, expect, it } from 'vitest'
import { encodeHex } from '../../src/bytes/hex.js'
import { encodeUtf8 } from '../../src/bytes/text.js'
import { devicePathLength, inferDeviceIdentity } from '../../src/nvidia/device-identity.js'
import { verifyDevicePath } from '../../src/nvidia/device-path.js'
import { evidenceFromParts } from '../../src/nvidia/evidence.js'
import { parseGpuReport } from '../../src/nvidia/gpu-report.js'
import {
  type DeviceProof,
  type VerifyReportInput,
  verifyGpuReport,
  verifySwitchReport,
} from '../../src/nvidia/verify.js'
import { isVerified, type Verified } from '../../src/result/proof.js'
import type { CertificateOverrides } from '../../src/testing/certificate.js'
import type { DeviceOptions, SyntheticDevice } from '../../src/testing/device.js'
import {
  compositeDeviceId,
  dmtfDeviceName,
  extensionOids,
  keyUsage,
  withExtension,
  withoutExtension,
} from '../../src/testing/extension.js'
import type { SyntheticFamily } from '../../src/testing/family.js'
import type { SyntheticName } from '../../src/testing/name.js'
import { createSyntheticWorld } from '../../src/testing/world.js'
import { parseCertificate } from '../../src/x509/certificate.js'
import { type CertificatePath, verifyCertificatePath } from '../../src/x509/path.js'
import { trustAnchorFromCertificate } from '../../src/x509/trust-anchor.js'
import { rejected } from './thrown.js'

const world = createSyntheticWorld({ seed: 'verify' })
const trustAnchors = [trustAnchorFromCertificate(parseCertificate(world.trustAnchors.device.der))] as const
const common = { trustAnchors, now: world.now, revocation: { kind: 'unchecked', reason: 'not under test' } } as const

async function verify(
  device: SyntheticDevice,
  options: Partial<VerifyReportInput> = {},
): Promise<DeviceProof & { readonly kind: string }> {
  const evidence = evidenceFromParts({ report: device.report, certificates: device.chainPem })
  const path = await verifyDevicePath({ certificates: evidence.certificates, ...common })
  const input = { path, nonce: device.nonce, ...options }
  return evidence.kind === 'gpu' ? verifyGpuReport(evidence.report, input) : verifySwitchReport(evidence.report, input)
}

const leaf = (overrides: CertificateOverrides): DeviceOptions => ({ chain: { leaf: overrides } })
const brom = (overrides: CertificateOverrides): DeviceOptions => ({ chain: { brom: overrides } })
const named = (commonName: string, serialNumber = 'AB'): SyntheticName => [
  ['serialNumber', serialNumber],
  ['CN', commonName],
]

describe('verifyGpuReport and verifySwitchReport', () => {
  it.each<[SyntheticFamily, string, 'match' | 'absent', string]>([
    ['hopper', 'hopper', 'match', 'GH100 A01 GSP BROM'],
    ['blackwell', 'blackwell', 'match', 'GB100 A01 GSP BROM'],
    ['gb20x', 'blackwell', 'match', 'GB20X A01 GSP BROM'],
    ['rubin', 'rubin', 'match', 'GR100 A01 GSP BROM'],
    ['ls10', 'ls10', 'absent', 'LS_10 A01 FSP BROM'],
    ['blackwell-fsp', 'blackwell', 'absent', 'GB100 A01 FSP BROM'],
  ])('identifies %s by its certificates', async (family, expectedFamily, fwidBinding, hwmodel) => {
    const device = world.device(family)
    const verified = await verify(device, {
      declaredArchitecture: device.arch.toLowerCase(),
      declaredNonce: device.nonce,
    })
    expect(isVerified(verified)).toBe(true)
    expect(verified.fwidBinding).toBe(fwidBinding)
    expect(verified.identity).toMatchObject({
      kind: family === 'ls10' ? 'switch' : 'gpu',
      family: expectedFamily,
      hwmodel,
      ueid: device.ueid,
      pdi: encodeHex(device.pdi),
      deviceInfo: { vendor: 'NVIDIA', product: hwmodel.split(' ')[0] },
    })
  })

  it('accepts a missing FWID from Hopper drivers before 550 only', async () => {
    const without = (family: SyntheticFamily, driverVersion: string): Promise<DeviceProof> =>
      verify(world.device(family, { driverVersion, opaque: { 20: null } }))
    expect((await without('hopper', '545.00')).fwidBinding).toBe('absent')
    const missing = { code: 'evidence/fwid-missing', at: 'fwid' }
    expect(await rejected(without('hopper', '550.90.07'))).toEqual(missing)
    expect(await rejected(without('blackwell', '545.00'))).toEqual(missing)
    expect(await rejected(verify(world.hopper({ opaque: { 20: null, 3: null } })))).toEqual(missing)
  })

  it.each<[string, SyntheticDevice, Partial<VerifyReportInput>, string, string]>([
    ['another nonce', world.hopper(), { nonce: new Uint8Array(32) }, 'evidence/nonce-mismatch', 'request.nonce'],
    ['a longer nonce', world.hopper(), { nonce: new Uint8Array(48) }, 'evidence/nonce-length', 'nonce'],
    [
      'another nonce in the container',
      world.hopper(),
      { declaredNonce: new Uint8Array(32) },
      'evidence/declared-nonce-mismatch',
      'request.nonce',
    ],
    ['a wrong label', world.hopper(), { declaredArchitecture: 'BLACKWELL' }, 'evidence/architecture-mismatch', 'arch'],
    [
      'a label of no known device',
      world.ls10(),
      { declaredArchitecture: 'SV10' },
      'evidence/architecture-mismatch',
      'arch',
    ],
    [
      'trailing bytes',
      world.hopper({ report: { report: (b) => Uint8Array.of(...b, 0) } }),
      {},
      'evidence/trailing-bytes',
      'trailing',
    ],
    [
      'a signature of another key',
      world.hopper({ reportKey: world.key('impostor') }),
      {},
      'spdm/signature',
      'signature',
    ],
    [
      'firmware other than certified',
      world.blackwell({ certifiedFwid: new Uint8Array(48) }),
      {},
      'evidence/fwid-mismatch',
      'fwid',
    ],
  ])('refuses %s', async (_, device, options, code, at) => {
    expect(await rejected(verify(device, options))).toEqual({ code, at })
  })

  it.each<[string, SyntheticFamily, DeviceOptions, string]>([
    ['a leaf without a device name', 'hopper', leaf({ subject: named('GH100') }), 'device/unknown-name'],
    ['a leaf of an unknown chip', 'hopper', leaf({ subject: named('GX100 A01 GSP FMC LF') }), 'device/unknown-name'],
    ['a BROM of another chip', 'hopper', brom({ subject: named('GB100 A01 GSP BROM') }), 'device/name-mismatch'],
    ['a BROM of another revision', 'hopper', brom({ subject: named('GH100 A02 GSP BROM') }), 'device/name-mismatch'],
    [
      'a BROM of another responder',
      'blackwell',
      brom({ subject: named('GB100 A01 FSP BROM') }),
      'device/name-mismatch',
    ],
    ['a leaf in the place of the BROM', 'hopper', brom({ subject: named('GH100 A01 GSP FMC LF') }), 'device/role'],
    ['a responder the family has not', 'hopper', leaf({ subject: named('GH100 A01 FSP FMC LF') }), 'device/responder'],
    [
      'a leaf without device info',
      'hopper',
      leaf({ extensions: withoutExtension(extensionOids.subjectAltName) }),
      'device/no-device-info',
    ],
    [
      'device info of another vendor',
      'hopper',
      leaf({ extensions: withExtension(dmtfDeviceName('OTHER:GH100:1')) }),
      'device/info-mismatch',
    ],
    [
      'device info of another chip',
      'hopper',
      leaf({ extensions: withExtension(dmtfDeviceName('NVIDIA:GB100:1')) }),
      'device/info-mismatch',
    ],
    [
      'a PDI prefix of another kind',
      'hopper',
      brom({ subject: named('GH100 A01 GSP BROM', '50203EB31AD9ED0008') }),
      'device/pdi',
    ],
    [
      'a PDI of seven bytes',
      'hopper',
      brom({ subject: named('GH100 A01 GSP BROM', '41203EB31AD9ED00') }),
      'device/pdi',
    ],
    [
      'a leaf without FWID',
      'blackwell',
      leaf({ extensions: withoutExtension(extensionOids.diceTcbInfo) }),
      'device/no-fwid',
    ],
    [
      'a FWID that names another issuer key',
      'hopper',
      leaf({ extensions: withExtension(compositeDeviceId(world.key('other'), world.hopper().fwid)) }),
      'device/issuer-key-mismatch',
    ],
  ])('refuses %s', async (_, family, options, code) => {
    expect((await rejected(verify(world.device(family, options)))).code).toBe(code)
  })

  async function looselyVerified(device: SyntheticDevice): Promise<Verified<CertificatePath>> {
    const [first, ...intermediates] = device.chain.certificates.map(({ der }) => parseCertificate(der))
    if (first === undefined) throw new Error('no leaf')
    return verifyCertificatePath({
      leaf: first,
      intermediates,
      ...common,
      requiredKeyUsage: [],
      allowedAlgorithms: ['ecdsa-p384-sha384', 'ecdsa-p256-sha256'],
    })
  }

  it('refuses a leaf that may not sign, however its path was verified', async () => {
    const device = world.hopper(leaf({ extensions: withExtension(keyUsage(['keyAgreement'])) }))
    const input = { path: await looselyVerified(device), nonce: device.nonce }
    expect((await rejected(verifyGpuReport(parseGpuReport(device.report), input))).code).toBe('device/key-usage')
  })

  it('refuses a leaf key of another curve', async () => {
    const device = world.hopper(leaf({ key: world.key('small', 'P-256') }))
    const input = { path: await looselyVerified(device), nonce: device.nonce }
    const wide = world.hopper()
    expect((await rejected(verifyGpuReport(parseGpuReport(wide.report), { ...input, nonce: wide.nonce }))).code).toBe(
      'device/key-algorithm',
    )
  })

  it('refuses a path that is not as long as those of devices', async () => {
    const device = world.hopper()
    const certificates = device.chain.certificates.map(({ der }) => parseCertificate(der))
    const [first, second, third] = certificates
    if (first === undefined || second === undefined || third === undefined) throw new Error('no chain')
    const path = await verifyCertificatePath({
      ...common,
      leaf: first,
      intermediates: [second],
      trustAnchors: [trustAnchorFromCertificate(third)],
    })
    expect(path.certificates.length).toBeLessThan(devicePathLength)
    expect((await rejected(Promise.resolve().then(() => inferDeviceIdentity(path)))).code).toBe('device/path-length')
  })

  it('refuses the path of a switch for the report of a GPU', async () => {
    const [device, other] = [world.hopper(), world.ls10()]
    const { certificates } = evidenceFromParts({ report: other.report, certificates: other.chainPem })
    const path = await verifyDevicePath({ certificates, ...common })
    const outcome = rejected(verifyGpuReport(parseGpuReport(device.report), { path, nonce: device.nonce }))
    expect((await outcome).code).toBe('device/kind')
  })

  it('reads from the signed bytes, whatever the given object claims', async () => {
    const device = world.hopper()
    const evidence = evidenceFromParts({ report: device.report, certificates: device.chainPem })
    if (evidence.kind !== 'gpu') throw new Error('not a GPU')
    const path = await verifyDevicePath({ certificates: evidence.certificates, ...common })
    const forged = { ...evidence.report, driverVersion: '999.99', measurements: [], fwid: undefined }
    const verified = await verifyGpuReport(forged, { path, nonce: device.nonce })
    expect(verified.driverVersion).toBe(device.driverVersion)
    expect(verified.measurements).toHaveLength(64)
    expect(verified.fwidBinding).toBe('match')
  })

  it('does not take a copy of a verified path for one', async () => {
    const device = world.hopper()
    const evidence = evidenceFromParts({ report: device.report, certificates: device.chainPem })
    if (evidence.kind !== 'gpu') throw new Error('not a GPU')
    const path = await verifyDevicePath({ certificates: evidence.certificates, ...common })
    await expect(verifyGpuReport(evidence.report, { path: { ...path }, nonce: device.nonce })).rejects.toThrow(
      TypeError,
    )
  })

  it('uses the crypto provider it is given', async () => {
    const device = world.hopper()
    const refusing = { name: 'refusing', digest: async () => encodeUtf8(''), verify: async () => false }
    expect((await rejected(verify(device, { crypto: refusing }))).code).toBe('spdm/signature')
  })
})

describe('verifyDevicePath', () => {
  const verdict = async (pick: (certificates: readonly string[]) => readonly string[]): Promise<string> => {
    const device = world.hopper()
    const pem = pick(device.chain.certificates.map((certificate) => certificate.pem)).join('')
    const { certificates } = evidenceFromParts({ report: device.report, certificates: pem })
    return (await rejected(verifyDevicePath({ certificates, ...common }))).code
  }

  it.each<[string, (certificates: readonly string[]) => readonly string[], string]>([
    ['the whole chain', (all) => all, 'none'],
    ['root first', (all) => all.toReversed(), 'none'],
    ['the root left out', (all) => all.slice(0, 4), 'evidence/chain-length'],
    ['two issuers exchanged', ([a = '', b = '', c = '', d = '', e = '']) => [a, b, d, c, e], 'evidence/chain-order'],
    ['the leaf last', ([a = '', ...rest]) => [...rest, a], 'evidence/chain-order'],
    ['the leaf twice', ([a = '', ...rest]) => [a, a, ...rest], 'certificate/duplicate'],
  ])('%s', async (_, pick, code) => {
    expect(await verdict(pick)).toBe(code)
  })
})
