// Whole manifests, built and signed independently: what is accepted, with every value, and what stops each stage.
import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { nobleCryptoProvider } from '../../src/crypto/noble.js'
import { isVerified } from '../../src/result/proof.js'
import { verifyReferenceManifest } from '../../src/rim/verify.js'
import { manifest, measurementValue, metaAttributes, resource, svnResource } from './builder.js'
import { inputFor, refusal, verify } from './context.js'
import { failureOfAsync } from './failure.js'
import { createSigner, type Signer, validFrom, validUntil } from './pki.js'

let signer: Signer
let other: Signer
beforeAll(async () => {
  signer = await createSigner()
  other = await createSigner()
})

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

describe('accepted', () => {
  test('every value of a manifest', async () => {
    const zero = '0'.repeat(96)
    const xml = await manifest({
      signer,
      content: {
        resources: [
          resource({ index: 35, hashes: [measurementValue('a'), zero], name: 'MixedMeasurement_35' }),
          resource({ index: 7 }),
          resource({ index: 0, active: 'False' }),
          svnResource(9, 'FSP', ' ns3:minSvn="65535"'),
          svnResource(5, 'GSP', ' ns3:includeInResult="True" ns3:minSvn="3"'),
          svnResource(6, 'OFF', ' ns3:minSvn="1"', 'False'),
        ],
      },
    })
    const verified = await verify(xml, signer)
    expect(isVerified(verified)).toBe(true)
    const { measurements, svnRecords, signer: by, path, ...rest } = verified
    const digestValue = /DigestValue>([^<]+)</.exec(Buffer.from(xml).toString())?.[1] ?? ''
    expect(digestValue).toHaveLength(64)
    expect(rest).toEqual({
      kind: 'driver',
      tagId: '63f9f7f7',
      name: 'GH100',
      version: '1.0',
      tagVersion: '0',
      colloquialVersion: '550.90.07',
      product: 'GH100',
      edition: 'GPU',
      payloadType: 'direct',
      sha256: createHash('sha256').update(xml).digest('hex'),
      contentDigest: Buffer.from(digestValue, 'base64').toString('hex'),
    })
    expect(measurements.map((entry) => ({ ...entry, alternatives: entry.alternatives.map(hex) }))).toEqual([
      { index: 7, name: 'Measurement_7', sizeBytes: 48, alternatives: [measurementValue('value 7')] },
      { index: 35, name: 'MixedMeasurement_35', sizeBytes: 48, alternatives: [measurementValue('a'), zero] },
    ])
    expect(svnRecords).toEqual([
      { fieldId: 5, name: 'GSP', minSvn: 3, includeInResult: true },
      { fieldId: 9, name: 'FSP', minSvn: 65535, includeInResult: false },
    ])
    expect(by).toEqual({
      subject: 'C=US, O=NVIDIA Corporation, CN=HCC RIM L4 Signer',
      serial: 'c3',
      notBefore: validFrom,
      notAfter: validUntil,
    })
    expect(path.certificates.map(({ raw }) => hex(raw))).toEqual(
      signer.parties.slice(0, 2).map(({ certificate }) => hex(certificate)),
    )
  })

  test.each<[string, string, string]>([
    ['driver', 'GPU', '590.12'],
    ['driver', 'GPU', '580.159.03'],
    ['vbios', 'GPU', '96.00.9F.00.01'],
    ['switch-bios', 'SWITCH', '96.10.55.00.01'],
  ])('kind %s of edition %s, version %s', async (kind, edition, version) => {
    const meta = metaAttributes.replace('GPU', edition).replace('550.90.07', version)
    expect((await verify(await manifest({ signer, content: { meta } }), signer)).kind).toBe(kind)
  })

  test('another spelling of the same canonical form', async () => {
    const edit = (document: string): string =>
      `<?xml version='1.0' encoding='UTF-8'?>\r\n${document
        .replaceAll(/<(ds:[A-Za-z]*Method)([^>]*)><\/[^>]*>/g, '<$1$2 />')
        .replaceAll('></ns0:Resource>', '/>')
        .replaceAll('\n', '\r\n')
        .replace('corpus="false" name="GH100"', "name='GH&#49;00'  corpus='false'")
        .replace('</SoftwareIdentity>', '</SoftwareIdentity >\n')}`
    const xml = await manifest({ signer, edit })
    expect((await verify(xml, signer)).name).toBe('GH100')
  })

  test('a path without the certificate of the trust anchor', async () => {
    const certificates = signer.parties.slice(0, 2).map(({ certificate }) => certificate)
    expect((await verify(await manifest({ signer, certificates }), signer)).path.certificates.length).toBe(2)
  })

  test('with the portable cryptography too', async () => {
    const xml = await manifest({ signer })
    const input = { ...inputFor(signer), crypto: nobleCryptoProvider }
    expect((await verifyReferenceManifest(xml, input)).kind).toBe('driver')
  })

  test('the caller changing the dates of a signer changes no certificate', async () => {
    const { signer: by, path } = await verify(await manifest({ signer }), signer)
    by.notBefore.setTime(0)
    by.notAfter.setTime(0)
    expect([path.leaf.notBefore, path.leaf.notAfter]).toEqual([validFrom, validUntil])
  })

  test('the caller changing the lists meanwhile changes nothing', async () => {
    const xml = await manifest({ signer })
    const sha256 = createHash('sha256').update(xml).digest()
    const policy = {
      scope: 'whole-path',
      whenUnknown: 'fail',
      certificateHold: 'fail',
      maxAgeSeconds: 1,
      onFailure: 'record',
    } as const
    const revocation = { kind: 'checked', policy, ocspResponses: [], crls: [] } as const
    const pending = verifyReferenceManifest(xml, { ...inputFor(signer), sha256, revocation })
    Object.assign(policy, { onFailure: 'throw' })
    const [status] = (await pending).path.revocation
    expect(status?.status).toBe('unknown')
  })

  test('the caller changing the bytes meanwhile changes nothing', async () => {
    const xml = await manifest({ signer })
    const sha256 = createHash('sha256').update(xml).digest('hex')
    const pending = verify(xml, signer)
    xml.fill(0x20)
    expect((await pending).sha256).toBe(sha256)
  })
})

describe('refused', () => {
  test('a value changed after signing', async () => {
    const edit = (document: string): string => document.replace('name="Measurement_7"', 'name="Measurement_8"')
    expect(await refusal(await manifest({ signer, edit }), signer)).toEqual({
      code: 'manifest/digest-mismatch',
      at: 'SoftwareIdentity.Signature.SignedInfo.Reference.DigestValue',
    })
  })

  test('white space changed after signing', async () => {
    const edit = (document: string): string => document.replace('\n    <ns0:Payload', '\n     <ns0:Payload')
    expect((await refusal(await manifest({ signer, edit }), signer)).code).toBe('manifest/digest-mismatch')
  })

  test('a value and the digest changed after signing', async () => {
    const plain = new TextDecoder().decode(
      await manifest({ signer: other, content: { resources: [resource({ index: 8 })] } }),
    )
    const digest = /<ds:DigestValue>([^<]*)/.exec(plain)?.[1] ?? ''
    const edit = (document: string): string =>
      document
        .replace(/<ns0:Resource.*<\/ns0:Resource>/, resource({ index: 8 }))
        .replace(/(<ds:DigestValue>)[^<]*/, `$1${digest}`)
    expect(await refusal(await manifest({ signer, edit }), signer)).toEqual({
      code: 'manifest/signature-invalid',
      at: 'SoftwareIdentity.Signature.SignatureValue',
    })
  })

  test('another hierarchy under the same names', async () => {
    expect((await refusal(await manifest({ signer: other }), signer)).code).toBe('certificate/wrong-anchor-key')
  })

  test('the certificates of the genuine signer with a signature by another', async () => {
    const certificates = signer.parties.map(({ certificate }) => certificate)
    expect((await refusal(await manifest({ signer: other, certificates }), signer)).code).toBe(
      'manifest/signature-invalid',
    )
  })

  test("the genuine signer's certificates after a foreign leaf", async () => {
    const certificates = [other.leaf, ...signer.parties].map(({ certificate }) => certificate)
    const { code } = await refusal(await manifest({ signer: other, certificates }), signer)
    expect(code).toBe('certificate/surplus')
  })

  test('a foreign leaf after the genuine path', async () => {
    const certificates = [...signer.parties, other.leaf].map(({ certificate }) => certificate)
    expect(await refusal(await manifest({ signer, certificates }), signer)).toEqual({
      code: 'certificate/surplus',
      at: 'SoftwareIdentity.Signature.KeyInfo.X509Data.X509Certificate[3]',
    })
  })

  test('the issuer before the leaf', async () => {
    const [leaf, intermediate, root] = signer.parties.map(({ certificate }) => certificate)
    const certificates = [intermediate, leaf, root].filter((certificate) => certificate !== undefined)
    const { code } = await refusal(await manifest({ signer, certificates }), signer)
    expect(code).toBe('certificate/surplus')
  })

  test('a certificate that is none', async () => {
    const certificates = [Uint8Array.of(0x30, 0x03, 0x02, 0x01, 0x05)]
    const { code, at } = await refusal(await manifest({ signer, certificates }), signer)
    expect(at).toMatch(/^SoftwareIdentity\.Signature\.KeyInfo\.X509Data\.X509Certificate/)
    expect(code).toMatch(/^der\//)
  })

  test('a signer that may not sign', async () => {
    const agreeing = await createSigner({ usage: 'keyAgreement' })
    expect((await refusal(await manifest({ signer: agreeing }), agreeing)).code).toBe('certificate/key-usage')
  })

  test('a signer with a key of another curve', async () => {
    const small = await createSigner({ curve: 'P-256' })
    const signatureValue = (): Buffer => Buffer.alloc(96, 1)
    expect(await refusal(await manifest({ signer: small, signatureValue }), small)).toEqual({
      code: 'manifest/signer-key',
      at: 'SoftwareIdentity.Signature.KeyInfo',
    })
  })

  test('before and after the signer is valid', async () => {
    const xml = await manifest({ signer })
    const at = (now: Date) => failureOfAsync(() => verifyReferenceManifest(xml, { ...inputFor(signer), now }))
    expect((await at(new Date(validFrom.getTime() - 1000))).code).toBe('certificate/not-yet-valid')
    expect((await at(new Date(validUntil.getTime() + 1000))).code).toBe('certificate/expired')
  })

  test('another document than the one whose digest was stated', async () => {
    const xml = await manifest({ signer })
    const sha256 = new Uint8Array(createHash('sha256').update(xml).digest())
    expect((await verifyReferenceManifest(xml, { ...inputFor(signer), sha256 })).kind).toBe('driver')
    const wrong = sha256.map((byte, index) => (index === 31 ? byte ^ 1 : byte))
    expect(await failureOfAsync(() => verifyReferenceManifest(xml, { ...inputFor(signer), sha256: wrong }))).toEqual({
      code: 'manifest/published-digest-mismatch',
      at: '',
    })
  })

  test('any provider answer but true', async () => {
    const xml = await manifest({ signer })
    const { crypto, ...input } = { ...inputFor(signer), crypto: nobleCryptoProvider }
    let calls = 0
    const lying = { ...crypto, verify: () => Promise.resolve(++calls <= 2) }
    expect((await failureOfAsync(() => verifyReferenceManifest(xml, { ...input, crypto: lying }))).code).toBe(
      'manifest/signature-invalid',
    )
  })
})
