// Manifests of the synthetic world: signatures as xmlsec1 judges them, canonical text as xmllint makes it.
import { createHash, X509Certificate } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import {
  createSyntheticWorld,
  flipBits,
  type ManifestOverrides,
  manifestServiceJson,
  withAlternative,
  withEntry,
  withMinimumSvn,
} from '../../src/testing/index.js'
import { hasTool, runTool } from './external-tool.js'

const world = createSyntheticWorld({ seed: 'manifest' })
const gpu = world.hopper()
const xmlsec = hasTool('xmlsec1', '--version')
const xmllint = hasTool('xmllint', '--version')
const openssl = hasTool('openssl')

function xmlsecStatus(xml: string): number | null {
  return runTool(
    'xmlsec1',
    ['--verify', '--trusted-pem', 'root.pem', '--verification-time', '2026-01-15 12:00:00', 'manifest.xml'],
    { 'root.pem': world.trustAnchors.manifest.pem, 'manifest.xml': xml },
  ).status
}

function driver(overrides: ManifestOverrides = {}): string {
  return world.driverManifest(gpu, overrides).xml
}

describe.skipIf(!xmlsec)('xmlsec1', () => {
  it.each([
    ['a driver manifest', driver()],
    ['a driver manifest in canonical form', driver({ form: 'canonical' })],
    ['a VBIOS manifest', world.firmwareManifest(gpu).xml],
    ['a switch manifest', world.firmwareManifest(world.ls10()).xml],
    ['a manifest with alternatives', driver({ entries: withAlternative(22, world.bytes('other', 48)) })],
    ['a manifest with security versions', driver({ entries: withMinimumSvn(37, 2, true) })],
    ['a manifest with odd attributes', driver({ meta: { colloquialVersion: 'a&b<"c">\\t', extra: 'x' } })],
  ])('accepts %s', (_, xml) => {
    expect(xmlsecStatus(xml)).toBe(0)
  })

  it.each([
    ['a changed value', driver({ xml: (xml) => xml.replace('active="True"', 'active="False"') })],
    ['a spoilt signature', driver({ signature: { signatureValue: (bytes) => flipBits(bytes, 3) } })],
    ['a spoilt digest', driver({ signature: { digestValue: new Uint8Array(48) } })],
    ['an impostor', driver({ signature: { key: world.key('impostor') } })],
    ['another root', createSyntheticWorld({ seed: 'elsewhere' }).driverManifest(gpu).xml],
    ['an expired signer', driver({ chain: { signer: { notAfter: new Date('2026-01-01T00:00:00Z') } } })],
  ])('refuses %s', (_, xml) => {
    expect(xmlsecStatus(xml)).not.toBe(0)
  })
})

describe.skipIf(!xmllint)('canonical form', () => {
  it.each([
    ['published', driver()],
    ['canonical', driver({ form: 'canonical' })],
  ])('is what xmllint makes of the %s text', (_, xml) => {
    const { output } = runTool('xmllint', ['--c14n11', 'manifest.xml'], { 'manifest.xml': xml })
    expect(output.trimEnd()).toBe(driver({ form: 'canonical' }))
  })
})

describe('content', () => {
  it('states what a sound device measures, index by index', () => {
    const { entries } = world.driverManifest(gpu)
    expect(entries.length).toBe(64)
    expect(entries.filter(({ active }) => active).map(({ index }) => index)).toEqual([
      7,
      ...Array.from({ length: 20 }, (_, i) => 21 + i),
    ])
    for (const { index, active, alternatives } of entries)
      if (active) expect(alternatives[0]).toEqual(gpu.blocks[index]?.value)
  })

  it('never claims one index in both manifests', () => {
    const active = (manifest: { readonly entries: readonly { index: number; active: boolean }[] }): number[] =>
      manifest.entries.filter((entry) => entry.active).map(({ index }) => index)
    for (const device of [gpu, world.blackwell(), world.gb20x()]) {
      const firmware = new Set(active(world.firmwareManifest(device)))
      expect(active(world.driverManifest(device)).filter((index) => firmware.has(index))).toEqual([])
    }
  })

  it('takes single changes', () => {
    expect(driver({ entries: withEntry(7, { active: false }) })).toContain('index="7" active="False"')
    expect(driver({ entries: withEntry(7, { attributes: { size: null } }) })).toMatch(
      /index="7"[^>]*name="Measurement_7"\/>/,
    )
    expect(driver({ entries: withMinimumSvn(37, 3) })).toContain('index="4133" active="True"')
    expect(driver({ colloquialVersion: '1.2' })).toContain('colloquialVersion="1.2"')
  })

  it('is named as the RIM service names it', () => {
    expect(world.driverManifest(gpu).id).toBe('NV_GPU_DRIVER_GH100_599.10')
    expect(world.driverManifest(world.gb20x()).id).toBe('NV_GPU_CC_DRIVER_GB202_599.30')
    expect(world.firmwareManifest(gpu).id).toBe('NV_GPU_VBIOS_G999_0200_885_9600F00001')
    expect(world.firmwareManifest(world.ls10()).id).toBe('NV_SWITCH_BIOS_5612_0002_890_9610F00001')
    expect(() => world.driverManifest(world.ls10())).toThrow(RangeError)
  })

  it('travels in the answer of the RIM service', () => {
    const manifest = world.driverManifest(gpu)
    const answer = JSON.parse(manifestServiceJson(manifest))
    expect(answer.id).toBe(manifest.id)
    expect(Buffer.from(answer.rim, 'base64').toString()).toBe(manifest.xml)
    expect(answer.sha256).toBe(createHash('sha256').update(manifest.xml).digest('hex'))
  })
})

describe('manifest chain', () => {
  const { chain } = world.driverManifest(gpu)

  it('has a signer of two years below authorities', () => {
    const parsed = chain.certificates.map(({ der }) => new X509Certificate(der))
    expect(parsed.map(({ ca }) => ca)).toEqual([false, true, true, true])
    expect(parsed[0]?.validTo).toBe('Jan  1 00:00:00 2027 GMT')
    expect(parsed.map((certificate, i) => certificate.verify((parsed[i + 1] ?? certificate).publicKey))).toEqual([
      true,
      true,
      true,
      true,
    ])
  })

  it.skipIf(!openssl)('satisfies openssl verify -x509_strict', () => {
    const pem = chain.certificates.map((certificate) => certificate.pem).join('')
    const result = runTool(
      'openssl',
      [
        'verify',
        '-x509_strict',
        '-attime',
        `${world.now.getTime() / 1000}`,
        '-CAfile',
        'root.pem',
        '-untrusted',
        'chain.pem',
        'chain.pem',
      ],
      { 'chain.pem': pem, 'root.pem': world.trustAnchors.manifest.pem },
    )
    expect(result).toEqual({ status: 0, output: 'chain.pem: OK\n' })
  })
})
