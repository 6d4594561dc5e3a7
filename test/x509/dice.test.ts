import { describe, expect, it } from 'vitest'
import { parseCertificate } from '../../src/x509/certificate.js'
import { deviceFwid, deviceInfo } from '../../src/x509/dice.js'
import { refusal } from '../encoding/refusal.js'
import { altNames, ascii, der, type ExtensionSpec, extension, oid } from './issuer.js'
import { p384Key, withExtensions } from './raw-certificate.js'

const sha384 = '2.16.840.1.101.3.4.2.2'
const digest = 'ab'.repeat(48)
const fwidOf = (content: string = digest, hash: string = sha384): Uint8Array => der(0x30, oid(hash), der(4, content))
const composite = (...parts: readonly (string | Uint8Array)[]): ExtensionSpec =>
  extension('2.23.133.5.4.1', false, der(0x30, ...parts))
const tcbInfo = (...parts: readonly Uint8Array[]): ExtensionSpec =>
  extension('2.23.133.5.4.1.1', false, der(0x30, ...parts))
const read = (...extensions: readonly ExtensionSpec[]): ReturnType<typeof deviceFwid> =>
  deviceFwid(parseCertificate(withExtensions(...extensions), 'c'))
const fwid = Uint8Array.from(Buffer.from(digest, 'hex'))
const at = 'c.tbs.extensions[0]'

describe('deviceFwid', () => {
  it('is undefined for a certificate that carries none', () => {
    expect(read(extension('2.23.133.5.4.2', false, ascii('x')))).toBeUndefined()
  })

  it('reads a composite device identifier and the key it names', () => {
    expect(read(composite('020101', p384Key(), fwidOf()))).toEqual({
      form: 'composite-device-id',
      fwid,
      issuerSpki: p384Key(),
      at,
    })
  })

  it('reads the first FWID of a TcbInfo with all its fields', () => {
    const info = tcbInfo(
      der(0x80, ascii('NVIDIA')),
      der(0x81, ascii('GB100 A01 GSP')),
      der(0x82, ascii('01')),
      der(0x83, '01'),
      der(0x84, '00'),
      der(0x85, '00'),
      der(0xa6, fwidOf(), fwidOf('00'.repeat(48))),
      der(0x87, '0700'),
      der(0x88, 'c0'),
      der(0x89, '00'),
    )
    expect(read(info)).toEqual({ form: 'tcb-info', fwid, flags: [], at })
  })

  it.each<[content: string, flags: readonly string[]]>([
    ['00', []],
    ['0780', ['not-configured']],
    ['0410', ['debug']],
    ['00f8', ['not-configured', 'not-secure', 'recovery', 'debug', 'not-replay-protected']],
    ['070080', ['not-tcb']],
    ['060040', ['bit-9']],
    ['0010000001', ['debug', 'fixed-width']],
  ])('reads the operational flags %s', (content, flags) => {
    expect(read(tcbInfo(der(0xa6, fwidOf()), der(0x87, content)))).toMatchObject({ flags })
  })

  it.each(['', '0800', '00'.repeat(10), '01', '0481'])('refuses the operational flags %j', (content) => {
    const found = refusal(() => read(tcbInfo(der(0xa6, fwidOf()), der(0x87, content))))
    expect(found).toMatchObject({ code: 'dice/flags', at: `${at}.flags` })
  })

  it.each<[name: string, value: ExtensionSpec, code: string, where: string]>([
    ['another version', composite('020102', p384Key(), fwidOf()), 'dice/version', `${at}.version`],
    ['a TcbInfo in place of a composite device identifier', composite(der(0xa6, fwidOf())), 'der/tag', `${at}.version`],
    ['no FWID', composite('020101', p384Key()), 'der/missing', `${at}.fwid`],
    ['something after the FWID', composite('020101', p384Key(), fwidOf(), '0500'), 'bytes/trailing', at],
    [
      'SHA-256',
      composite('020101', p384Key(), fwidOf('ab'.repeat(32), '2.16.840.1.101.3.4.2.1')),
      'dice/hash',
      `${at}.fwid.hashAlg`,
    ],
    [
      'a digest that is too short',
      composite('020101', p384Key(), fwidOf('ab'.repeat(47))),
      'dice/digest-length',
      `${at}.fwid.digest`,
    ],
    [
      'a digest that is too long',
      composite('020101', p384Key(), fwidOf('ab'.repeat(49))),
      'dice/digest-length',
      `${at}.fwid.digest`,
    ],
    ['a TcbInfo without FWIDs', tcbInfo(der(0x80, ascii('NVIDIA'))), 'dice/no-fwid', at],
    ['an empty list of FWIDs', tcbInfo(der(0xa6)), 'der/missing', `${at}.fwids[0]`],
    ['a bad second FWID', tcbInfo(der(0xa6, fwidOf(), fwidOf('00'))), 'dice/digest-length', `${at}.fwids[1].digest`],
    [
      'a bad third FWID',
      tcbInfo(der(0xa6, fwidOf(), fwidOf(), fwidOf('00'))),
      'dice/digest-length',
      `${at}.fwids[2].digest`,
    ],
    ['fields out of order', tcbInfo(der(0x84, '00'), der(0x83, '00'), der(0xa6, fwidOf())), 'dice/tcb-info', at],
    ['FWIDs twice', tcbInfo(der(0xa6, fwidOf()), der(0xa6, fwidOf())), 'dice/tcb-info', at],
    ['a field without context tag', tcbInfo(der(0x04, '00'), der(0xa6, fwidOf())), 'dice/tcb-info', at],
    ['a primitive list of FWIDs', tcbInfo(der(0x86, fwidOf())), 'der/tag', `${at}.fwids`],
    [
      'something after the extension',
      extension('2.23.133.5.4.1.1', false, der(0x30).subarray(0, 1)),
      'bytes/truncated',
      at,
    ],
  ])('refuses %s', (_, value, code, where) => {
    expect(refusal(() => read(value))).toMatchObject({ code, stage: 'parse', at: where })
  })

  it('refuses both forms at once', () => {
    const both = [composite('020101', p384Key(), fwidOf()), tcbInfo(der(0xa6, fwidOf()))]
    expect(refusal(() => read(...both))).toMatchObject({ code: 'dice/ambiguous', at: 'c.tbs.extensions[1]' })
  })
})

describe('deviceInfo', () => {
  const dmtf = (text: Uint8Array): Uint8Array => der(0xa0, oid('1.3.6.1.4.1.412.274.1'), der(0xa0, text))
  const utf8 = (text: string): Uint8Array => der(0x0c, ascii(text))
  const info = (...names: readonly Uint8Array[]): ReturnType<typeof deviceInfo> =>
    deviceInfo(parseCertificate(withExtensions(altNames(...names)), 'c'))

  it('reads vendor, product and serial number', () => {
    expect(info(der(0x82, ascii('h')), dmtf(utf8('ACME:X1:0042')))).toEqual({
      vendor: 'ACME',
      product: 'X1',
      serial: '0042',
    })
  })

  it('is undefined without a DMTF name', () => {
    expect(info(der(0x82, ascii('h')))).toBeUndefined()
    expect(deviceInfo(parseCertificate(withExtensions(extension('1.2.3', false, ascii('x')))))).toBeUndefined()
  })

  it.each(['ACME:X1', 'ACME:X1:1:2', '::', 'ACME::1', ''])('refuses %j', (text) => {
    expect(refusal(() => info(dmtf(utf8(text))))).toMatchObject({ code: 'dice/device-info', details: { text } })
  })

  it('refuses two of them', () => {
    expect(refusal(() => info(dmtf(utf8('A:B:1')), dmtf(utf8('A:B:2')))).code).toBe('dice/device-info')
  })

  it('refuses another string type', () => {
    expect(refusal(() => info(dmtf(der(0x16, ascii('A:B:1'))))).code).toBe('der/tag')
  })
})
