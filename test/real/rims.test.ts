// Genuine and spoilt manifests of the vendor, against the verdicts recorded with them.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { webCryptoProvider } from '../../src/crypto/webcrypto.js'
import { canonicalizeXml } from '../../src/encoding/c14n.js'
import { parseXml } from '../../src/encoding/xml.js'
import { type ReferenceManifestInput, verifyReferenceManifest } from '../../src/rim/verify.js'
import { parseSignedXml } from '../../src/rim/xml-signature.js'
import { parseCertificate, parseCertificates } from '../../src/x509/certificate.js'
import { type OcspResponse, parseOcspResponse } from '../../src/x509/ocsp.js'
import type { RevocationInput } from '../../src/x509/revocation.js'
import { trustAnchorFromCertificate } from '../../src/x509/trust-anchor.js'
import { hasRealData, readReal, readRealJson, readRealText } from '../real-data.js'
import { failureOfAsync } from '../rim/failure.js'
import { hasTool, runTool } from '../testing/external-tool.js'

interface RecordedManifest {
  readonly file: string
  readonly kind: string
  readonly name: string
  readonly product: string
  readonly colloquialVersion: string
  readonly tagId: string
  readonly activeIndices: readonly number[]
  readonly signer: {
    readonly subject: string
    readonly serialHex: string
    readonly notBefore: string
    readonly notAfter: string
  }
  readonly certificates: number
  readonly xmlSignature: string
  readonly verifyTime: string
  readonly chain: string
  readonly 'chainAt2026-11-23': string
}

const isRecorded = (value: unknown): value is readonly RecordedManifest[] => Array.isArray(value)

function recorded(): readonly RecordedManifest[] {
  if (!hasRealData) return []
  const index = readRealJson('rims/index.json')
  if (!isRecorded(index)) throw new Error('rims/index.json is not a list')
  return index
}

const lastDay = new Date('2026-11-23T12:00:00Z')

/** The code that must stop a manifest at a time: the path is checked first, then the signature, then the digest. */
function expectedCode(entry: RecordedManifest, chain: string): string {
  if (/expired/.test(chain)) return 'certificate/expired'
  if (/not issued by/.test(chain)) return 'certificate/no-issuer'
  if (chain !== 'valid') throw new Error(`unknown verdict ${chain}`)
  if (/SignatureValue/.test(entry.xmlSignature)) return 'manifest/signature-invalid'
  if (/digest differs/.test(entry.xmlSignature)) return 'manifest/digest-mismatch'
  if (entry.xmlSignature !== 'valid') throw new Error(`unknown verdict ${entry.xmlSignature}`)
  return 'accepted'
}

describe.skipIf(!hasRealData)('recorded manifests', () => {
  let base: Omit<ReferenceManifestInput, 'now'>
  beforeAll(() => {
    const [root] = parseCertificates(readRealText('rims/rim_root.pem'))
    if (root === undefined) throw new Error('no root')
    base = {
      trustAnchors: [trustAnchorFromCertificate(root)],
      revocation: { kind: 'unchecked', reason: 'revocation is checked with the recorded responses elsewhere' },
    }
  })

  test('there are thirteen', () => {
    expect(recorded().length).toBe(13)
  })

  test.each(recorded().map((entry) => [entry.file, entry] as const))('%s', async (_, entry) => {
    const xml = readReal(join('rims', entry.file))
    const at = (now: Date) => failureOfAsync(() => verifyReferenceManifest(xml, { ...base, now }))
    const verifyTime = new Date(entry.verifyTime)
    expect((await at(verifyTime)).code).toBe(expectedCode(entry, entry.chain))
    expect((await at(lastDay)).code).toBe(expectedCode(entry, entry['chainAt2026-11-23']))
  })

  test.each(
    recorded()
      .filter(({ xmlSignature, chain }) => xmlSignature === 'valid' && chain === 'valid')
      .map((entry) => [entry.file, entry] as const),
  )('%s: values', async (_, entry) => {
    const xml = readReal(join('rims', entry.file))
    const verified = await verifyReferenceManifest(xml, { ...base, now: new Date(entry.verifyTime) })
    expect({
      kind: verified.kind,
      name: verified.name,
      product: verified.product,
      colloquialVersion: verified.colloquialVersion,
      tagId: verified.tagId,
      activeIndices: verified.measurements.map(({ index }) => index),
    }).toEqual({
      kind: entry.kind,
      name: entry.name,
      product: entry.product,
      colloquialVersion: entry.colloquialVersion,
      tagId: entry.tagId,
      activeIndices: entry.activeIndices,
    })
    expect(verified.sha256).toBe(createHash('sha256').update(xml).digest('hex'))
    expect(verified.svnRecords).toEqual([])
    expect(verified.signer.serial).toBe(
      entry.signer.serialHex.padStart(2 * Math.ceil(entry.signer.serialHex.length / 2), '0'),
    )
    expect(verified.signer.notBefore).toEqual(new Date(entry.signer.notBefore))
    expect(verified.signer.notAfter).toEqual(new Date(entry.signer.notAfter))
    // The index lists relative names the other way round.
    expect(verified.signer.subject.split(', ').toSorted()).toEqual(entry.signer.subject.split(',').toSorted())
    for (const { alternatives, sizeBytes } of verified.measurements)
      for (const value of alternatives) expect(value.length).toBe(sizeBytes)
  })

  // Digest and signature on their own, whatever the path says: the verdicts recorded as `xmlSignature`.
  test.each(recorded().map((entry) => [entry.file, entry] as const))('%s: digest and signature', async (_, entry) => {
    const signed = parseSignedXml(parseXml(readReal(join('rims', entry.file)), ''))
    expect(signed.certificates.length).toBe(entry.certificates)
    const [leaf] = signed.certificates
    if (leaf === undefined) throw new Error('no leaf')
    const key = parseCertificate(leaf.der).subjectPublicKeyInfo.publicKey
    if (key === undefined) throw new Error('no key')
    const { signature, signedInfo: data } = signed
    const signatureIsValid = await webCryptoProvider.verify({ algorithm: 'ecdsa-p384-sha384', key, signature, data })
    const digest = createHash('sha384').update(canonicalizeXml(signed.content)).digest('hex')
    expect({ signatureIsValid, digestIsValid: digest === Buffer.from(signed.digest).toString('hex') }).toEqual({
      signatureIsValid: !/SignatureValue/.test(entry.xmlSignature),
      digestIsValid: !/digest differs/.test(entry.xmlSignature),
    })
  })

  test('under another root than the one pinned', async () => {
    const [wrong] = parseCertificates(readRealText('rims/incorrect_rim_root.crt'))
    if (wrong === undefined) throw new Error('no certificate')
    const xml = readReal('rims/NV_GPU_DRIVER_GH100_550.144.03.xml')
    const trustAnchors = [trustAnchorFromCertificate(wrong)] as const
    const { code } = await failureOfAsync(() => verifyReferenceManifest(xml, { ...base, trustAnchors, now: lastDay }))
    expect(code).toBe('certificate/untrusted-root')
  })

  test.skipIf(!hasTool('xmllint', '--version'))('canonical form as xmllint has it', () => {
    for (const { file } of recorded()) {
      const xml = readReal(join('rims', file))
      const { status, output } = runTool('xmllint', ['--c14n11', 'm.xml'], { 'm.xml': xml })
      expect(status).toBe(0)
      expect(Buffer.from(canonicalizeXml(parseXml(xml, ''))).toString()).toBe(output)
    }
  })

  test.skipIf(!hasTool('xmlsec1', '--version'))('verdict as xmlsec1 has it', () => {
    for (const { file, xmlSignature } of recorded()) {
      const xml = readReal(join('rims', file))
      const [leaf] = parseSignedXml(parseXml(xml, '')).certificates
      const key = spawnSync('openssl', ['x509', '-inform', 'DER', '-noout', '-pubkey'], { input: leaf?.der }).stdout
      const { status } = runTool('xmlsec1', ['--verify', '--pubkey-pem', 'key.pem', 'm.xml'], {
        'm.xml': xml,
        'key.pem': key,
      })
      expect([file, status === 0]).toEqual([file, xmlSignature === 'valid'])
    }
  })

  test('with the recorded OCSP responses, and without one of them', async () => {
    const files = ['gpu_driver_rim_l4', 'gpu_driver_rim_l3', 'gpu_rim_l2', 'gpu_vbios_l4']
    const responses = files.map((file) => parseOcspResponse(readReal(`ocsp/${file}.der`), file))
    const now = new Date('2025-10-24T12:00:00Z')
    const revocation = (ocspResponses: readonly OcspResponse[]): RevocationInput => ({
      kind: 'checked',
      policy: {
        scope: 'whole-path',
        whenUnknown: 'fail',
        certificateHold: 'fail',
        maxAgeSeconds: 86_400,
        onFailure: 'throw',
      },
      ocspResponses,
      crls: [],
    })
    for (const file of ['NV_GPU_DRIVER_GH100_550.90.07.xml', 'NV_GPU_VBIOS_1010_0200_882_96009F0001.xml']) {
      const xml = readReal(join('rims', file))
      const verified = await verifyReferenceManifest(xml, { ...base, now, revocation: revocation(responses) })
      expect(verified.path.revocation.map(({ status }) => status)).toEqual(['good', 'good', 'good'])
      const without = { ...base, now, revocation: revocation(responses.slice(1, 3)) }
      expect((await failureOfAsync(() => verifyReferenceManifest(xml, without))).code).toMatch(/^revocation\//)
    }
  })

  test('a changed bit is refused everywhere but in the copy of the trust anchor, of which only name and key count', async () => {
    const xml = readReal('rims/NV_GPU_DRIVER_GH100_550.144.03.xml')
    const anchorCopy = Buffer.from(xml).lastIndexOf('<ds:X509Certificate>')
    const codes = new Map<string, number>()
    // Every 97th byte, which is prime to the line length, with a bit that moves along.
    for (let offset = 0; offset < xml.length; offset += 97) {
      const changed = xml.slice()
      changed[offset] = (changed[offset] ?? 0) ^ (1 << (offset % 7))
      const { code } = await failureOfAsync(() => verifyReferenceManifest(changed, { ...base, now: lastDay }))
      if (offset < anchorCopy) codes.set(code, (codes.get(code) ?? 0) + 1)
    }
    expect(codes.has('accepted')).toBe(false)
    expect(codes.get('manifest/digest-mismatch')).toBeGreaterThan(50)
  })
})
