// Attacks on signed manifests. Each starts from a document with a valid signature and must be refused by its own code.
import { beforeAll, describe, expect, test } from 'vitest'
import {
  c14n11,
  c14nTransform,
  content,
  ds,
  entity,
  envelopedTransform,
  manifest,
  resource,
  type SignatureSpec,
  signature,
  wrapBase64,
} from '../rim/builder.js'
import { refusal, verify } from '../rim/context.js'
import { createSigner, type Signer } from '../rim/pki.js'

let signer: Signer
let attacker: Signer
beforeAll(async () => {
  signer = await createSigner()
  attacker = await createSigner()
})

const at = (path: string): string => `SoftwareIdentity${path}`
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
const genuine = async (): Promise<string> => new TextDecoder().decode(await manifest({ signer }))
const edited = async (edit: (document: string) => string) => refusal(utf8(edit(await genuine())), signer)
const signed = async (spec: Partial<SignatureSpec>) => refusal(await manifest({ signer, ...spec }), signer)

test('the genuine document is accepted', async () => {
  expect((await verify(await manifest({ signer }), signer)).product).toBe('GH100')
})

describe('where the signature is', () => {
  const evil = resource({ index: 7, hashes: ['f'.repeat(96)] })
  const start = /^<SoftwareIdentity[^>]*>/
  const signatureElement = /<ds:Signature .*<\/ds:Signature>/s

  test('none', async () => {
    expect(await edited((document) => document.replace(signatureElement, ''))).toEqual({
      code: 'manifest/signature-missing',
      at: 'SoftwareIdentity',
    })
  })

  test('an element of the same name in another namespace', async () => {
    const rename = (document: string): string => document.replace(`xmlns:ds="${ds}"`, 'xmlns:ds="urn:other"')
    expect((await edited(rename)).code).toBe('manifest/signature-missing')
    const late = (document: string): string =>
      document.replace('</SoftwareIdentity>', '<x:Signature xmlns:x="urn:other"/></SoftwareIdentity>')
    expect(await edited(late)).toEqual({ code: 'manifest/signature-position', at: 'SoftwareIdentity' })
  })

  test('the namespace of the signature on the prefix of the content', async () => {
    const edit = (document: string): string =>
      document.replace('<ds:SignatureValue>', '<ds:SignatureValue xmlns:ds="urn:other">')
    expect(await edited(edit)).toEqual({ code: 'manifest/element-unexpected', at: at('.Signature.SignatureValue') })
  })

  test('twice, side by side', async () => {
    const edit = (document: string): string => document.replace(signatureElement, (found) => found + found)
    expect(await edited(edit)).toEqual({ code: 'manifest/signature-duplicate', at: 'SoftwareIdentity' })
  })

  test('twice, the second one hidden in the content, in KeyInfo, or as a default namespace', async () => {
    for (const [before, after] of [
      ['</ns0:Entity>', '</ns0:Entity>'],
      ['</ds:X509Data>', '</ds:X509Data>'],
    ] as const)
      for (const hidden of [`<ds:Signature xmlns:ds="${ds}"/>`, `<Signature xmlns="${ds}"/>`])
        expect((await edited((document) => document.replace(before, hidden + after))).code).toBe(
          'manifest/signature-duplicate',
        )
  })

  test('before the payload', async () => {
    const edit = (document: string): string => {
      const found = signatureElement.exec(document)?.[0] ?? ''
      return document.replace(found, '').replace('<ns0:Payload', `${found}<ns0:Payload`)
    }
    expect(await edited(edit)).toEqual({ code: 'manifest/signature-position', at: 'SoftwareIdentity' })
  })

  test('inside another element', async () => {
    const edit = (document: string): string =>
      document
        .replace(signatureElement, '')
        .replace('</ns0:Entity>', `${signatureElement.exec(document)?.[0]}</ns0:Entity>`)
    expect(await edited(edit)).toEqual({ code: 'manifest/signature-position', at: 'SoftwareIdentity' })
  })

  test('wrapping: the genuine document as the only child of a forged root', async () => {
    const edit = (document: string): string => `${start.exec(document)?.[0]}${document}</SoftwareIdentity>`
    expect(await edited(edit)).toEqual({ code: 'manifest/signature-position', at: 'SoftwareIdentity' })
  })

  test('wrapping: forged content around, the genuine root moved into an Object of its signature', async () => {
    const edit = (document: string): string => {
      const found = signatureElement.exec(document)?.[0] ?? ''
      const original = document.replace(found, '')
      const moved = found.replace('</ds:Signature>', `<ds:Object>${original}</ds:Object></ds:Signature>`)
      return original
        .replace(/<ns0:Resource.*<\/ns0:Resource>/, evil)
        .replace('</SoftwareIdentity>', `${moved}</SoftwareIdentity>`)
    }
    expect(await edited(edit)).toEqual({ code: 'manifest/signature-object', at: at('.Signature.Object') })
  })

  test('an Object that the signer put there', async () => {
    const object = '<ds:Object Id="o"></ds:Object>'
    expect(await signed({ object })).toEqual({ code: 'manifest/signature-object', at: at('.Signature.Object') })
  })

  test('a second payload', async () => {
    const edit = (document: string): string =>
      document.replace('<ns0:Payload', `<ns0:Payload>${evil}</ns0:Payload><ns0:Payload`)
    expect((await edited(edit)).code).toBe('manifest/digest-mismatch')
  })

  test('an attacker signs a changed document with certificates of his own under the same names', async () => {
    const xml = await manifest({ signer: attacker, content: { resources: [evil] } })
    expect((await refusal(xml, signer)).code).toBe('certificate/wrong-anchor-key')
  })

  test('the signature of another document', async () => {
    const [first, last] = content({ resources: [evil] })
    const foreign = await signature(content(), { signer })
    expect((await refusal(utf8(first + foreign + last), signer)).code).toBe('manifest/digest-mismatch')
  })
})

describe('what is signed, and how', () => {
  const signedInfo = at('.Signature.SignedInfo')
  const reference = `${signedInfo}.Reference`
  const exclusive = 'http://www.w3.org/2001/10/xml-exc-c14n#'
  const transform = (algorithm: string, inner = ''): string =>
    `<ds:Transform Algorithm="${algorithm}">${inner}</ds:Transform>`

  test.each<[string, string, Partial<SignatureSpec>]>([
    [
      'manifest/canonicalization-method',
      `${signedInfo}.CanonicalizationMethod.Algorithm`,
      { canonicalization: exclusive },
    ],
    [
      'manifest/canonicalization-method',
      `${signedInfo}.CanonicalizationMethod.Algorithm`,
      { canonicalization: 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315' },
    ],
    [
      'manifest/canonicalization-method',
      `${signedInfo}.CanonicalizationMethod.Algorithm`,
      { canonicalization: `${c14n11}#WithComments` },
    ],
    ...[
      'http://www.w3.org/2000/09/xmldsig#hmac-sha1',
      'http://www.w3.org/2001/04/xmldsig-more#hmac-sha384',
      'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256',
      'http://www.w3.org/2001/04/xmldsig-more#rsa-sha384',
      'http://www.w3.org/2000/09/xmldsig#rsa-sha1',
      '',
    ].map((method): [string, string, Partial<SignatureSpec>] => [
      'manifest/signature-method',
      `${signedInfo}.SignatureMethod.Algorithm`,
      { method },
    ]),
    [
      'manifest/digest-method',
      `${reference}.DigestMethod.Algorithm`,
      { digestMethod: 'http://www.w3.org/2000/09/xmldsig#sha1' },
    ],
    [
      'manifest/digest-method',
      `${reference}.DigestMethod.Algorithm`,
      { digestMethod: 'http://www.w3.org/2001/04/xmlenc#sha256' },
    ],
    ['manifest/reference-uri', `${reference}.URI`, { uri: '#id' }],
    ['manifest/reference-uri', `${reference}.URI`, { uri: '#xpointer(/)' }],
    ['manifest/reference-uri', `${reference}.URI`, { uri: 'https://example.com/other.xml' }],
    ['manifest/reference-uri', `${reference}.URI`, { uri: 'file:///etc/passwd' }],
    ['manifest/transforms', `${reference}.Transforms`, { transforms: c14nTransform + envelopedTransform }],
    ['manifest/transforms', `${reference}.Transforms`, { transforms: envelopedTransform }],
    ['manifest/transforms', `${reference}.Transforms`, { transforms: '' }],
    [
      'manifest/transforms',
      `${reference}.Transforms`,
      { transforms: envelopedTransform + envelopedTransform + c14nTransform },
    ],
    ['manifest/transforms', `${reference}.Transforms`, { transforms: envelopedTransform + transform(exclusive) }],
    [
      'manifest/transforms',
      `${reference}.Transforms`,
      {
        transforms:
          envelopedTransform +
          transform('http://www.w3.org/TR/1999/REC-xpath-19991116', '<ds:XPath>self::ns0:Entity</ds:XPath>') +
          c14nTransform,
      },
    ],
    [
      'manifest/transforms',
      `${reference}.Transforms`,
      { transforms: envelopedTransform + transform('http://www.w3.org/TR/1999/REC-xslt-19991116') },
    ],
    [
      'manifest/transforms',
      `${reference}.Transforms`,
      { transforms: transform('http://www.w3.org/2000/09/xmldsig#base64') + c14nTransform },
    ],
    [
      'manifest/element-unexpected',
      `${reference}.Transforms.Transform[1].XPath`,
      { transforms: envelopedTransform + transform(c14n11, '<ds:XPath>self::ns0:Entity</ds:XPath>') },
    ],
    ['manifest/digest-value', `${reference}.DigestValue`, { digestValue: (digest) => digest.subarray(0, 32) }],
    ['manifest/digest-value', `${reference}.DigestValue`, { digestValue: () => Buffer.alloc(0) }],
    ['manifest/digest-mismatch', `${reference}.DigestValue`, { digestValue: () => Buffer.alloc(48) }],
  ])('%s at %s (case %#)', async (code, where, spec) => {
    expect(await signed(spec)).toEqual({ code, at: where })
  })

  test.each<[string, string, (inner: string) => string]>([
    ['manifest/reference-count', signedInfo, (inner) => inner.replace(/<ds:Reference .*<\/ds:Reference>/, '')],
    ['manifest/reference-count', signedInfo, (inner) => inner.replace(/<ds:Reference .*<\/ds:Reference>/, '$&$&')],
    ['manifest/attribute-missing', `${reference}.URI`, (inner) => inner.replace(' URI=""', '')],
    ['manifest/attribute-unexpected', `${reference}.Type`, (inner) => inner.replace(' URI=""', ' Type="urn:t" URI=""')],
    ['manifest/attribute-unexpected', `${reference}.Id`, (inner) => inner.replace(' URI=""', ' Id="i" URI=""')],
    [
      'manifest/element-unexpected',
      `${signedInfo}.SignatureMethod.HMACOutputLength`,
      (inner) =>
        inner.replace('</ds:SignatureMethod>', '<ds:HMACOutputLength>1</ds:HMACOutputLength></ds:SignatureMethod>'),
    ],
    [
      'manifest/element-unexpected',
      `${signedInfo}.SignatureMethod`,
      (inner) => inner.replace(/(<ds:C.*<\/ds:C[^>]*>)(<ds:S.*<\/ds:S[^>]*>)/, '$2$1'),
    ],
    [
      'manifest/element-missing',
      `${reference}.DigestValue`,
      (inner) => inner.replace(/<ds:DigestValue>.*<\/ds:DigestValue>/, ''),
    ],
    ['manifest/text-unexpected', reference, (inner) => inner.replace('<ds:DigestMethod', 'text<ds:DigestMethod')],
    [
      'manifest/element-unexpected',
      `${reference}.DigestValue.x`,
      (inner) => inner.replace('</ds:DigestValue>', '<x></x></ds:DigestValue>'),
    ],
    ['encoding/base64', `${reference}.DigestValue`, (inner) => inner.replace('<ds:DigestValue>', '<ds:DigestValue>*')],
  ])('%s at %s (case %#)', async (code, where, editSignedInfo) => {
    expect(await signed({ editSignedInfo })).toEqual({ code, at: where })
  })
})

describe('the key', () => {
  const keyInfo = at('.Signature.KeyInfo')
  const data = `${keyInfo}.X509Data`
  const keyValue = '<ds:KeyValue><ds:ECKeyValue xmlns:e="urn:e"></ds:ECKeyValue></ds:KeyValue>'
  test.each<[string, string, (x509Data: string) => string]>([
    ['manifest/key-info', `${keyInfo}.KeyValue`, () => keyValue],
    ['manifest/key-info', `${keyInfo}.KeyValue`, (x509Data) => keyValue + x509Data],
    ['manifest/key-info', `${keyInfo}.KeyValue`, (x509Data) => x509Data + keyValue],
    ['manifest/key-info', `${keyInfo}.KeyName`, (x509Data) => `<ds:KeyName>NVIDIA</ds:KeyName>${x509Data}`],
    [
      'manifest/key-info',
      `${keyInfo}.RetrievalMethod`,
      (x509Data) => `<ds:RetrievalMethod URI="https://example.com/"></ds:RetrievalMethod>${x509Data}`,
    ],
    ['manifest/key-info', `${keyInfo}.X509Data`, (x509Data) => x509Data.replaceAll('ds:X509Data', 'X509Data')],
    [
      'manifest/key-info',
      `${data}.X509SubjectName`,
      (x509Data) => x509Data.replace('</ds:X509Data>', '<ds:X509SubjectName>x</ds:X509SubjectName></ds:X509Data>'),
    ],
    ['manifest/element-unexpected', `${keyInfo}.X509Data[1]`, (x509Data) => x509Data + x509Data],
    ['manifest/element-missing', data, () => ''],
    ['manifest/certificate-count', data, () => '<ds:X509Data></ds:X509Data>'],
    ['manifest/text-unexpected', keyInfo, (x509Data) => `${x509Data}key`],
    [
      'encoding/base64',
      `${data}.X509Certificate[0]`,
      (x509Data) => x509Data.replace('<ds:X509Certificate>', '<ds:X509Certificate>-'),
    ],
    [
      'manifest/attribute-unexpected',
      `${data}.Id`,
      (x509Data) => x509Data.replace('<ds:X509Data', '<ds:X509Data Id="i"'),
    ],
  ])('%s at %s (case %#)', async (code, where, change) => {
    expect(await signed({ keyInfo: change })).toEqual({ code, at: where })
  })

  test('no KeyInfo', async () => {
    const edit = (document: string): string => document.replace(/<ds:KeyInfo>.*<\/ds:KeyInfo>/s, '')
    expect(await edited(edit)).toEqual({ code: 'manifest/element-missing', at: keyInfo })
  })

  test('more certificates than any manifest has', async () => {
    const certificates = Array.from({ length: 9 }, () => signer.leaf.certificate)
    expect(await signed({ certificates })).toEqual({ code: 'manifest/certificate-count', at: data })
  })

  test('the same certificate twice', async () => {
    const [leaf, intermediate] = signer.parties.map(({ certificate }) => certificate)
    const certificates = [leaf, intermediate, intermediate].filter((certificate) => certificate !== undefined)
    expect((await signed({ certificates })).code).toBe('certificate/duplicate')
  })

  test("an attacker's leaf and key, the genuine issuers behind it", async () => {
    const [, intermediate, root] = signer.parties.map(({ certificate }) => certificate)
    const certificates = [attacker.leaf.certificate, intermediate, root].filter((entry) => entry !== undefined)
    expect((await refusal(await manifest({ signer: attacker, certificates }), signer)).code).toBe(
      'certificate/signature',
    )
  })

  test("an attacker's key in front of the genuine certificates, by text", async () => {
    const forged = `<ds:X509Certificate>${wrapBase64(attacker.leaf.certificate)}</ds:X509Certificate>`
    const xml = await manifest({
      signer: attacker,
      certificates: signer.parties.map(({ certificate }) => certificate),
      keyInfo: (x509Data) => x509Data.replace('<ds:X509Data>', `<ds:X509Data>${forged}`),
    })
    expect((await refusal(xml, signer)).code).toMatch(/^certificate\//)
  })
})

describe('the signature value', () => {
  const order = BigInt(
    '0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973',
  )
  const bytes = (value: bigint): Buffer => Buffer.from(value.toString(16).padStart(96, '0'), 'hex')
  const number = (value: Buffer): bigint => BigInt(`0x${value.toString('hex')}`)
  const half = (signatureValue: Buffer, which: 0 | 1): Buffer => signatureValue.subarray(48 * which, 48 * which + 48)
  const where = at('.Signature.SignatureValue')

  test('both s and n - s are signatures, as ECDSA has it: the genuine signers do not normalise s', async () => {
    const mirrored = (value: Buffer): Buffer => Buffer.concat([half(value, 0), bytes(order - number(half(value, 1)))])
    expect((await verify(await manifest({ signer, signatureValue: mirrored }), signer)).product).toBe('GH100')
  })

  test.each<[string, (value: Buffer) => Buffer]>([
    ['r = 0', (value) => Buffer.concat([bytes(0n), half(value, 1)])],
    ['s = 0', (value) => Buffer.concat([half(value, 0), bytes(0n)])],
    ['both 0', () => Buffer.alloc(96)],
    ['r = n', (value) => Buffer.concat([bytes(order), half(value, 1)])],
    ['s = n', (value) => Buffer.concat([half(value, 0), bytes(order)])],
    ['all ones', () => Buffer.alloc(96, 0xff)],
    ['r and s swapped', (value) => Buffer.concat([half(value, 1), half(value, 0)])],
    ['one bit', (value) => Buffer.concat([value.subarray(0, 95), Buffer.of((value[95] ?? 0) ^ 1)])],
  ])('%s', async (_, signatureValue) => {
    expect(await signed({ signatureValue })).toEqual({ code: 'manifest/signature-invalid', at: where })
  })

  test.each<[string, (value: Buffer) => Buffer]>([
    [
      'DER',
      (value) => {
        const integer = (part: Buffer): Buffer => Buffer.concat([Buffer.of(2, 49, 0), part])
        const body = Buffer.concat([integer(half(value, 0)), integer(half(value, 1))])
        return Buffer.concat([Buffer.of(0x30, body.length), body])
      },
    ],
    ['a byte less', (value) => value.subarray(0, 95)],
    ['a byte more', (value) => Buffer.concat([value, Buffer.of(0)])],
    ['nothing', () => Buffer.alloc(0)],
    ['sized for P-256', (value) => value.subarray(0, 64)],
  ])('%s', async (_, signatureValue) => {
    expect(await signed({ signatureValue })).toEqual({ code: 'manifest/signature-value', at: where })
  })
})

describe('the document', () => {
  test.each<[string, string, (document: string) => string]>([
    ['xml/doctype', '', (document) => `<!DOCTYPE SoftwareIdentity>${document}`],
    ['xml/doctype', '', (document) => `<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>${document}`],
    ['xml/entity', 'SoftwareIdentity.ns0:Entity', (document) => document.replace('NVIDIA Corporation', '&nv;')],
    [
      'xml/comment',
      'SoftwareIdentity.ns0:Payload',
      (document) => document.replace('<ns0:Resource', '<!-- --><ns0:Resource'),
    ],
    [
      'xml/comment',
      'SoftwareIdentity.ds:Signature.ds:SignedInfo.ds:Reference.ds:DigestValue',
      (document) => document.replace('<ds:DigestValue>', '<ds:DigestValue><!-- -->'),
    ],
    [
      'xml/comment',
      'SoftwareIdentity.ds:Signature.ds:KeyInfo.ds:X509Data.ds:X509Certificate',
      (document) => document.replace('<ds:X509Certificate>M', '<ds:X509Certificate>M<!---->'),
    ],
    ['xml/comment', '', (document) => `${document}<!-- -->`],
    [
      'xml/processing-instruction',
      'SoftwareIdentity.ds:Signature.ds:SignatureValue',
      (document) => document.replace('<ds:SignatureValue>', '<ds:SignatureValue><?p?>'),
    ],
    ['xml/processing-instruction', 'SoftwareIdentity', (document) => document.replace(entity, `<?p?>${entity}`)],
    [
      'xml/cdata',
      'SoftwareIdentity.ds:Signature.ds:SignatureValue',
      (document) => document.replace('<ds:SignatureValue>', '<ds:SignatureValue><![CDATA[]]>'),
    ],
    ['xml/syntax', '', (document) => document + document],
    ['xml/namespace', 'SoftwareIdentity', (document) => document.replace('corpus=', 'xml:base="urn:x" corpus=')],
    ['xml/undeclared-prefix', 'SoftwareIdentity', (document) => document.replace('corpus=', 'q:corpus=')],
    // Redeclared names change what is read, so they change the canonical form as well.
    [
      'manifest/digest-mismatch',
      at('.Signature.SignedInfo.Reference.DigestValue'),
      (document) => document.replace('<ns0:Resource', '<ns0:Resource xmlns:ns2="urn:other"'),
    ],
    [
      'manifest/digest-mismatch',
      at('.Signature.SignedInfo.Reference.DigestValue'),
      (document) => document.replace('<ns0:Payload', '<ns0:Payload xmlns:ns0="urn:other"'),
    ],
    [
      'manifest/signature-invalid',
      at('.Signature.SignatureValue'),
      (document) => document.replace(/ xmlns="[^"]*"/, ' xmlns="urn:other"'),
    ],
    // A declaration around the signature reaches SignedInfo, whose canonical form has every name in scope.
    [
      'manifest/signature-invalid',
      at('.Signature.SignatureValue'),
      (document) => document.replace('<ds:Signature ', '<ds:Signature xmlns:x="urn:other" '),
    ],
    [
      'manifest/signature-invalid',
      at('.Signature.SignatureValue'),
      (document) => document.replace('<ds:Signature ', '<ds:Signature xmlns="" '),
    ],
  ])('%s at "%s" (case %#)', async (code, where, edit) => {
    const { code: found, at: place } = await edited(edit)
    expect({ code: found, at: place }).toEqual({ code, at: where })
  })

  test('a declaration that repeats what is in scope changes nothing', async () => {
    const xml = utf8((await genuine()).replace('<ds:SignedInfo', `<ds:SignedInfo xmlns:ds="${ds}"`))
    expect((await verify(xml, signer)).product).toBe('GH100')
  })

  test('in UTF-16', async () => {
    const text = await genuine()
    const marked = new Uint8Array(Buffer.from(`\ufeff${text}`, 'utf16le'))
    const plain = new Uint8Array(Buffer.from(text, 'utf16le'))
    expect(await refusal(marked, signer)).toEqual({ code: 'xml/encoding', at: '' })
    expect(await refusal(plain, signer)).toEqual({ code: 'xml/encoding', at: '' })
  })

  test('cut short at any place', async () => {
    const xml = utf8(await genuine())
    for (let length = 0; length < xml.length; length += 131) {
      const { code } = await refusal(xml.subarray(0, length), signer)
      expect(code).toBe('xml/syntax')
    }
  })
})
