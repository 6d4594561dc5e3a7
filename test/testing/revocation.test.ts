// OCSP responses and revocation lists of the synthetic world, judged by OpenSSL.
import { describe, expect, it } from 'vitest'
import {
  createSyntheticWorld,
  extendedKeyUsage,
  flipBits,
  type StatusOptions,
  withExtension,
} from '../../src/testing/index.js'
import { hasTool, runTool, type ToolResult } from './external-tool.js'

const world = createSyntheticWorld({ seed: 'revocation' })
const { chain } = world.hopper()
const openssl = hasTool('openssl')

function opensslOcsp(response: Uint8Array, hash = 'sha384'): ToolResult {
  return runTool(
    'openssl',
    [
      'ocsp',
      '-respin',
      'response.der',
      '-issuer',
      'issuer.pem',
      `-${hash}`,
      '-cert',
      'subject.pem',
      '-CAfile',
      'root.pem',
    ]
      .concat(['-verify_other', 'chain.pem', '-attime', `${world.now.getTime() / 1000}`])
      // OpenSSL compares the window with the real clock; its width is not what is judged here.
      .concat(['-no_nonce', '-validity_period', '1000000000']),
    {
      'response.der': response,
      'issuer.pem': chain.provisioner.pem,
      'subject.pem': chain.brom.pem,
      'root.pem': world.trustAnchors.device.pem,
      'chain.pem': chain.pem,
    },
  )
}

function response(options: StatusOptions = {}): Uint8Array {
  return world.ocspResponse(chain.brom, chain.provisioner, options)
}

describe.skipIf(!openssl)('openssl ocsp', () => {
  it.each([
    ['good', {}, /subject\.pem: (WARNING.*\n.*\n)?good/],
    ['unknown', { status: 'unknown' }, /unknown/],
    [
      'revoked',
      { status: { revokedAt: new Date('2025-12-01T00:00:00Z'), reason: 'keyCompromise' } },
      /revoked[\s\S]*keyCompromise/,
    ],
    [
      'on hold',
      { status: { revokedAt: new Date('2025-12-01T00:00:00Z'), reason: 'certificateHold' } },
      /certificateHold/,
    ],
    ['signed by the issuer itself', { responder: 'issuer' }, /good/],
    ['with a responder named by name', { responderId: 'name' }, /good/],
    ['with the no-check extension', { noCheck: 'extension' }, /good/],
    ['with a nonce', { nonce: world.bytes('ocsp nonce', 32) }, /good/],
    ['without an end', { nextUpdate: null }, /good/],
  ] as readonly (readonly [string, StatusOptions, RegExp])[])('accepts a response that is %s', (_, options, status) => {
    const { output } = opensslOcsp(response(options))
    expect(output).toContain('Response verify OK')
    expect(output).toMatch(status)
  })

  it.each(['sha1', 'sha256', 'sha384'] as const)('recognises the certificate by %s', (hash) => {
    expect(opensslOcsp(response({ hash }), hash).output).toMatch(/good/)
  })

  it.each([
    ['a spoilt signature', { signature: (bytes: Uint8Array) => flipBits(bytes, -1) }],
    ['an impostor', { key: world.key('impostor') }],
    [
      'a responder that may not sign responses',
      { responderCertificate: { extensions: withExtension(extendedKeyUsage(['1.3.6.1.5.5.7.3.1'])) } },
    ],
    ['a responder nobody certified', { responderCertificate: { signer: world.key('impostor') } }],
  ] as readonly (readonly [string, StatusOptions])[])('refuses %s', (_, options) => {
    expect(opensslOcsp(response(options)).output).not.toContain('Response verify OK')
  })

  it('sees an error without content', () => {
    expect(opensslOcsp(response({ responseStatus: 6 })).output).toMatch(/unauthorized/)
  })

  it('covers the chain from the BROM certificate up, and manifest chains from the signer up', () => {
    expect(world.deviceOcspResponses(chain).length).toBe(3)
    expect(world.manifestOcspResponses(world.driverManifest(world.hopper()).chain).length).toBe(3)
  })
})

describe.skipIf(!openssl)('openssl crl', () => {
  const inspect = (crl: Uint8Array, issuerPem: string): ToolResult =>
    runTool('openssl', ['crl', '-inform', 'DER', '-in', 'list.crl', '-noout', '-text', '-CAfile', 'issuer.pem'], {
      'list.crl': crl,
      'issuer.pem': issuerPem,
    })

  it('accepts a list, entries and all', () => {
    const crl = world.crl(chain.identity, {
      revoked: [{ serialNumber: chain.provisioner.serialNumber, revokedAt: world.now, reason: 'superseded' }],
    })
    const { output } = inspect(crl, chain.identity.pem)
    expect(output).toMatch(/verify OK/)
    expect(output).toMatch(/Superseded/)
    expect(output).toContain(Buffer.from(chain.provisioner.serialNumber).toString('hex').toUpperCase())
  })

  it('accepts an empty list and refuses a spoilt one', () => {
    expect(inspect(world.crl(chain.root), chain.root.pem).output).toMatch(
      /No Revoked Certificates[\s\S]*verify OK|verify OK[\s\S]*No Revoked/,
    )
    const spoilt = world.crl(chain.root, { signature: (bytes) => flipBits(bytes, -1) })
    expect(inspect(spoilt, chain.root.pem).output).toMatch(/verify failure/)
  })

  it('makes openssl refuse a revoked issuer', () => {
    const crl = world.crl(chain.identity, {
      revoked: [{ serialNumber: chain.provisioner.serialNumber, revokedAt: new Date('2025-12-01T00:00:00Z') }],
    })
    const pem = (der: Uint8Array): string =>
      `-----BEGIN X509 CRL-----\n${Buffer.from(der).toString('base64')}\n-----END X509 CRL-----\n`
    const verify = (list: Uint8Array): ToolResult =>
      runTool(
        'openssl',
        [
          'verify',
          '-crl_check',
          '-attime',
          `${world.now.getTime() / 1000}`,
          '-CAfile',
          'root.pem',
          '-untrusted',
          'chain.pem',
        ].concat(['-CRLfile', 'list.pem', 'subject.pem']),
        {
          'root.pem': world.trustAnchors.device.pem,
          'chain.pem': chain.pem,
          'subject.pem': chain.provisioner.pem,
          'list.pem': pem(list),
        },
      )
    expect(verify(world.crl(chain.identity)).status).toBe(0)
    expect(verify(crl).output).toMatch(/certificate revoked/)
  })
})
