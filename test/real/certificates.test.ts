// Every published certificate chain, with the verdict each deserves; fields against an independent reader.
import 'reflect-metadata'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { nvidiaTrustAnchors } from '../../src/anchors/nvidia.js'
import type { NonEmptyArray } from '../../src/result/result.js'
import { type Certificate, parseCertificate, parseCertificates } from '../../src/x509/certificate.js'
import { deviceFwid, deviceInfo } from '../../src/x509/dice.js'
import { attribute, commonName } from '../../src/x509/name.js'
import { type CertificatePath, verifyCertificatePath } from '../../src/x509/path.js'
import { createPathCache } from '../../src/x509/path-cache.js'
import { isAnchorCertificate, type TrustAnchor } from '../../src/x509/trust-anchor.js'
import { rejection } from '../encoding/refusal.js'
import { hasRealData, readRealJson, readRealText } from '../real-data.js'
import { expectSameFields } from '../x509/independent-reader.js'
import { toPem } from '../x509/issuer.js'
import { chainPem, entries, entry } from './evidence-index.js'

const now = new Date('2026-11-23T00:00:00Z')
const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('hex')
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

function verify(
  chain: readonly Certificate[],
  trustAnchors: NonEmptyArray<TrustAnchor>,
  time: Date = now,
): Promise<CertificatePath> {
  const [leaf, ...intermediates] = chain
  if (leaf === undefined) throw new Error('empty chain')
  const revocation = { kind: 'unchecked', reason: 'the test is about the path' } as const
  return verifyCertificatePath({ leaf, intermediates, trustAnchors, now: time, revocation })
}

const chains = entries.flatMap((one) => {
  const pem = chainPem(one)
  return pem === undefined ? [] : [{ ...one, certificates: parseCertificates(pem, 'chain') }]
})

interface ManifestEntry {
  readonly file: string
  readonly verifyTime: string
  readonly chain: string
  readonly 'chainAt2026-11-23': string
}

const manifests: readonly ManifestEntry[] = hasRealData
  ? (readRealJson('rims/index.json') as readonly ManifestEntry[])
  : []

function manifestChain(file: string): Certificate[] {
  const certificates = [...readRealText(`rims/${file}`).matchAll(/X509Certificate>([^<]+)</g)]
  return certificates.map(([, base64 = ''], i) =>
    parseCertificate(new Uint8Array(Buffer.from(base64.replaceAll(/\s/g, ''), 'base64')), `chain[${i}]`),
  )
}

const refusals: Readonly<Record<string, { readonly code: string; readonly at: string }>> = {
  'gonvtrust-hopper-545-invalid-chain': { code: 'certificate/no-issuer', at: 'chain[0]' },
  'trustee-chain-case2': { code: 'certificate/leaf-is-ca', at: 'chain[0]' },
  'trustee-chain-case3': { code: 'certificate/no-issuer', at: 'chain[1]' },
  'trustee-chain-case4': { code: 'certificate/leaf-is-ca', at: 'chain[0]' },
}

describe.skipIf(!hasRealData)('published device chains', () => {
  it('are all here', () => {
    expect(chains.length).toBeGreaterThan(40)
    expect(chains.filter(({ chain }) => chain !== 'valid').map(({ id }) => id)).toEqual(Object.keys(refusals))
  })

  it.each(chains.filter(({ chain }) => chain === 'valid'))('$id verifies', async ({ certificates }) => {
    const path = await verify(certificates, nvidiaTrustAnchors.device)
    expect(path.certificates).toEqual(certificates.slice(0, 4))
    expect(path.notAfter.toISOString()).toBe('9999-12-31T23:59:59.000Z')
  })

  it.each(chains.filter(({ chain }) => chain !== 'valid'))('$id is refused', async ({ id, certificates }) => {
    expect(await rejection(verify(certificates, nvidiaTrustAnchors.device))).toMatchObject(refusals[id] ?? {})
  })

  it.each(chains.filter(({ chain }) => chain === 'valid'))('$id carries what the index says', (one) => {
    const [leaf, brom] = one.certificates
    if (leaf === undefined || brom === undefined) throw new Error('short chain')
    if (one.hwmodel !== null && one.hwmodel !== undefined) expect(commonName(brom.subject)).toBe(one.hwmodel)
    if (one.ueid !== null && one.ueid !== undefined)
      expect(BigInt(`0x${hex(leaf.serialNumber)}`).toString()).toBe(one.ueid)
    if (one.details?.bromSerial) expect(attribute(brom.subject, '2.5.4.5')?.toLowerCase()).toBe(one.details.bromSerial)
    const fwid = deviceFwid(leaf)
    if (one.details?.fwidLeaf) expect(hex(fwid?.fwid)).toBe(one.details.fwidLeaf)
    if (fwid?.form === 'composite-device-id') expect(hex(fwid.issuerSpki)).toBe(hex(brom.subjectPublicKeyInfo.raw))
    expect(fwid?.form).toBe(one.arch === 'BLACKWELL' ? 'tcb-info' : 'composite-device-id')
    expect(deviceInfo(leaf)).toMatchObject({ vendor: 'NVIDIA', serial: expect.stringMatching(/^48B02D[0-9A-F]{10}$/) })
  })

  it('do not verify with the manifest root, nor without their root certificate trusted', async () => {
    const { certificates } = chains.find(({ chain }) => chain === 'valid') ?? { certificates: [] }
    expect((await rejection(verify(certificates, nvidiaTrustAnchors.manifest))).code).toBe('certificate/untrusted-root')
    expect((await rejection(verify(certificates.slice(0, 4), nvidiaTrustAnchors.manifest))).code).toBe(
      'certificate/no-issuer',
    )
  })

  it('are refused with the certificates of another device mixed in', async () => {
    const valid = chains.filter(({ chain }) => chain === 'valid')
    const [a, b] = [
      valid[0]?.certificates ?? [],
      valid.find((one) => one.hwmodel !== valid[0]?.hwmodel)?.certificates ?? [],
    ]
    expect((await rejection(verify([...a.slice(0, 1), ...b.slice(1)], nvidiaTrustAnchors.device))).code).toBe(
      'certificate/no-issuer',
    )
    expect((await rejection(verify([...a, ...b.slice(1, 2)], nvidiaTrustAnchors.device))).code).toBe(
      'certificate/surplus',
    )
  })

  it('verify in any order of issuers', async () => {
    const [leaf, ...issuers] = chains.find(({ chain }) => chain === 'valid')?.certificates ?? []
    if (leaf === undefined) throw new Error('no chain')
    expect((await verify([leaf, ...issuers.reverse()], nvidiaTrustAnchors.device)).certificates.length).toBe(4)
  })

  it('share issuers through a cache', async () => {
    const cache = createPathCache()
    const revocation = { kind: 'unchecked', reason: 'the test is about the cache' } as const
    for (const { certificates, chain } of chains) {
      const [leaf, ...intermediates] = certificates
      if (leaf === undefined || chain !== 'valid') continue
      await verifyCertificatePath({
        leaf,
        intermediates,
        trustAnchors: nvidiaTrustAnchors.device,
        now,
        revocation,
        cache,
      })
    }
    const issuers = new Set(
      chains
        .filter(({ chain }) => chain === 'valid')
        .flatMap(({ certificates }) => certificates.slice(1, 4).map(({ raw }) => hex(raw))),
    )
    expect(cache.size()).toBe(issuers.size)
  })
})

describe.skipIf(!hasRealData)('published manifest chains', () => {
  it.each(manifests)('$file gets its verdict', async (one) => {
    const chain = manifestChain(one.file)
    const at = async (time: Date): Promise<string> =>
      (await rejection(verify(chain, nvidiaTrustAnchors.manifest, time))).code
    expect((await at(new Date(one.verifyTime))) === 'nothing thrown').toBe(one.chain === 'valid')
    const today = one['chainAt2026-11-23']
    expect(await at(now)).toBe(
      today === 'valid'
        ? 'nothing thrown'
        : today.includes('expired')
          ? 'certificate/expired'
          : 'certificate/no-issuer',
    )
  })
})

describe.skipIf(!hasRealData)('the anchors', () => {
  it.each([
    ['device', 'evidence/device_root.pem', '102bf659d5419614c9d8e6aecebc80454eb26b1df6a769ac720b9a690b167b48'],
    ['manifest', 'rims/rim_root.pem', '12977b5115acb0381179279fffeb5a8c4d264971ebb32298023a465fa41df5d1'],
  ] as const)('for %s are the name and key of the published root', (kind, file, fingerprint) => {
    const [root] = parseCertificates(readRealText(file))
    if (root === undefined) throw new Error('no root')
    expect(sha256(root.raw)).toBe(fingerprint)
    expect(isAnchorCertificate(root, nvidiaTrustAnchors[kind][0])).toBe(true)
  })
})

const everyCertificate = new Map(
  [...chains.flatMap(({ certificates }) => certificates), ...manifests.flatMap(({ file }) => manifestChain(file))].map(
    (certificate) => [hex(certificate.raw), certificate],
  ),
)

describe.skipIf(!hasRealData)('published certificates', () => {
  it('read the same as with an independent reader', () => {
    expect(everyCertificate.size).toBeGreaterThan(100)
    for (const certificate of everyCertificate.values()) expectSameFields(certificate)
  })
})

const openssl = spawnSync('openssl', ['version'], { encoding: 'utf8' })
const hasOpenssl = openssl.status === 0 && /^OpenSSL [3-9]/.test(openssl.stdout)
if (hasRealData && !hasOpenssl) process.stderr.write('\n*** SKIPPING openssl on real chains: no OpenSSL 3 binary ***\n')

describe.skipIf(!hasRealData || !hasOpenssl)('openssl verify on published chains', () => {
  const folder = mkdtempSync(join(tmpdir(), 'chains-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  it.each([...chains.map(({ id, certificates }) => ({ id, certificates, root: 'evidence/device_root.pem' }))])(
    'agrees on $id',
    async ({ id, certificates, root }) => {
      const file = (name: string, text: string): string => {
        writeFileSync(join(folder, name), text)
        return join(folder, name)
      }
      const [leaf, ...rest] = certificates.map(({ raw }) => toPem(raw))
      const { status, stderr } = spawnSync(
        'openssl',
        [
          ...['verify', '-x509_strict', '-attime', String(now.getTime() / 1000), '-no-CApath', '-no-CAstore'],
          ...['-CAfile', file('root.pem', readRealText(root))],
          ...(rest.length === 0 ? [] : ['-untrusted', file('rest.pem', rest.join(''))]),
          file('leaf.pem', leaf ?? ''),
        ],
        { encoding: 'utf8' },
      )
      // A CA in the place of the leaf is fine for openssl: it was not asked for a leaf.
      const expected = refusals[id]?.code === 'certificate/leaf-is-ca' ? 'nothing thrown' : refusals[id]?.code
      expect(status === 0, stderr).toBe((expected ?? 'nothing thrown') === 'nothing thrown')
    },
  )

  it('is compared with data that is there', () => {
    expect(entry('trustee-chain-case1').chain).toBe('valid')
  })
})
