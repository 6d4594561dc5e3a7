// xmlsec1 as second opinion: it signs what we verify, and it verifies what our builder signs.
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { webCryptoProvider } from '../../src/crypto/webcrypto.js'
import { canonicalizeXml } from '../../src/encoding/c14n.js'
import { parseXml } from '../../src/encoding/xml.js'
import { parseSignedXml } from '../../src/rim/xml-signature.js'
import { parseCertificate } from '../../src/x509/certificate.js'
import { model, render } from '../property/xml-model.js'
import { hasTool, runTool } from '../testing/external-tool.js'
import { c14n11, c14nTransform, ds, envelopedTransform, manifest, resource } from './builder.js'
import { refusal } from './context.js'
import { createSigner, privateKey, type Signer } from './pki.js'

const more = 'http://www.w3.org/2001/04/xmldsig-more#'
const template =
  `<ds:Signature xmlns:ds="${ds}"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="${c14n11}"/>` +
  `<ds:SignatureMethod Algorithm="${more}ecdsa-sha384"/><ds:Reference URI=""><ds:Transforms>${envelopedTransform}${c14nTransform}</ds:Transforms>` +
  `<ds:DigestMethod Algorithm="${more}sha384"/><ds:DigestValue/></ds:Reference></ds:SignedInfo><ds:SignatureValue/>` +
  '<ds:KeyInfo><ds:X509Data/></ds:KeyInfo></ds:Signature>'

const pem = (label: string, der: Uint8Array): string =>
  `-----BEGIN ${label}-----\n${Buffer.from(der).toString('base64').replace(/.{64}/g, '$&\n')}\n-----END ${label}-----\n`

describe.skipIf(!hasTool('xmlsec1', '--version'))('xmlsec1', () => {
  let signer: Signer
  let keyFile: string
  let certificateFile: string
  beforeAll(async () => {
    signer = await createSigner()
    keyFile = pem('PRIVATE KEY', await privateKey(signer.leaf))
    certificateFile = pem('CERTIFICATE', signer.leaf.certificate)
  })

  test('what it signs, we verify: digest and signature over generated documents', async () => {
    const key = parseCertificate(signer.leaf.certificate).subjectPublicKeyInfo.publicKey
    if (key === undefined) throw new Error('no key')
    await fc.assert(
      fc.asyncProperty(model, async (root) => {
        const { status, output } = runTool(
          'xmlsec1',
          ['--sign', '--privkey-pem', 'key.pem,certificate.pem', 'template.xml'],
          { 'key.pem': keyFile, 'certificate.pem': certificateFile, 'template.xml': render(root, new Set(), template) },
        )
        expect(status).toBe(0)
        const signed = parseSignedXml(parseXml(new TextEncoder().encode(output), ''))
        const { signature, signedInfo: data, digest } = signed
        expect(await webCryptoProvider.verify({ algorithm: 'ecdsa-p384-sha384', key, signature, data })).toBe(true)
        expect(await webCryptoProvider.digest('sha384', canonicalizeXml(signed.content))).toEqual(digest)
      }),
      { numRuns: 25 },
    )
  })

  test('what our builder signs or spoils, it judges as we do', async () => {
    const edits: readonly (readonly [string, (document: string) => string])[] = [
      ['accepted', (document) => document],
      ['accepted', (document) => document.replaceAll('></ns0:Resource>', '/>').replaceAll('\n', '\r\n')],
      ['manifest/digest-mismatch', (document) => document.replace('Measurement_7', 'Measurement_8')],
      ['manifest/digest-mismatch', (document) => document.replace('<ns0:Payload', '<ns0:Payload xmlns:x="urn:x"')],
      [
        'manifest/signature-invalid',
        (document) => document.replace('<ds:Signature ', '<ds:Signature xmlns:x="urn:x" '),
      ],
      ['manifest/signature-invalid', (document) => document.replace('<ds:SignedInfo>', '<ds:SignedInfo> ')],
    ]
    for (const [code, edit] of edits) {
      const xml = await manifest({ signer, edit, content: { resources: [resource({ index: 7 })] } })
      expect((await refusal(xml, signer)).code).toBe(code)
      const { status } = runTool('xmlsec1', ['--verify', '--pubkey-cert-pem', 'certificate.pem', 'm.xml'], {
        'm.xml': xml,
        'certificate.pem': certificateFile,
      })
      expect([code, status === 0]).toEqual([code, code === 'accepted'])
    }
  })
})
