// Responses of NVIDIA's remote attestation service: what verifies, what the verdict is, and each attack by its code.
import { describe, expect, it } from 'vitest'
import { parseHex } from '../../src/bytes/hex.js'
import { encodeUtf8 } from '../../src/bytes/text.js'
import { nobleCryptoProvider } from '../../src/crypto/noble.js'
import type { CryptoProvider } from '../../src/crypto/provider.js'
import { webCryptoProvider } from '../../src/crypto/webcrypto.js'
import { type NrasResult, type NrasVerification, parseNrasResponse, verifyNrasToken } from '../../src/nvidia/nras.js'
import { deriveKey } from '../../src/testing/key.js'
import { publicJwk, signJws } from '../../src/testing/token.js'
import { parseJwkSet } from '../../src/token/jwks.js'
import { refusal } from '../token/failure.js'
import { jwksBytes, signer } from '../token/signing.js'
import {
  type Bundle,
  type BundleSpec,
  bundle,
  type Claims,
  encode,
  flatGpu,
  gpu,
  issuedAt,
  issuer,
  nonceHex,
  now,
  nvswitch,
  registered,
  sha256Hex,
} from './nras-bundle.js'

const service = signer('P-384', 'nv-eat-kid-test-1')
const foreign = signer('P-384', 'nv-eat-kid-test-1')
const keys = parseJwkSet(jwksBytes(service))
const nonce = parseHex(nonceHex, '')
const input: NrasVerification = { keys, issuer, nonce, now, leewaySeconds: 0 }
const verify = (value: Bundle | Uint8Array, changed: Partial<NrasVerification> = {}): Promise<NrasResult> =>
  verifyNrasToken(value instanceof Uint8Array ? value : encode(value), { ...input, ...changed })

const devices = { 'GPU-0': gpu('100'), 'GPU-1': gpu('101'), 'SWITCH-0': nvswitch('200') }
const spec: BundleSpec = { devices, signer: service }
const made = bundle(spec)
const single = (claims: Claims, overall: Claims = {}): Bundle =>
  bundle({ devices: { 'GPU-0': { ...gpu('100'), ...claims } }, overall, signer: service })

const refused: Claims = {
  'x-nvidia-error-details': {
    code: 4010,
    httpStatus: 'BAD_REQUEST',
    description: 'NONCE_NOT_MATCHING',
    message: 'The nonce does not match.',
  },
}

describe('a nonce and a time', () => {
  const overwriting = (change: () => void): CryptoProvider => ({
    ...webCryptoProvider,
    name: 'overwriting',
    verify: (check) => {
      change()
      return webCryptoProvider.verify(check)
    },
  })

  it('are those at the time of the call', async () => {
    const used = nonce.slice()
    const clock = new Date(now)
    const crypto = overwriting(() => {
      used.fill(0)
      clock.setTime(0)
    })
    expect((await verify(made, { nonce: used, now: clock, crypto })).outcome).toBe('pass')
  })

  it('are not those written while signatures are checked', async () => {
    const wrong = new Uint8Array(32)
    const answer = verify(made, { nonce: wrong, crypto: overwriting(() => wrong.set(nonce)) })
    expect((await refusal(() => answer)).code).toBe('eat/nonce-mismatch')
    const clock = new Date((issuedAt + 3600) * 1000)
    const late = verify(made, { now: clock, crypto: overwriting(() => clock.setTime(now.getTime())) })
    expect((await refusal(() => late)).code).toBe('token/expired')
  })

  it('that are of another type are a programming error', async () => {
    const text: unknown = nonceHex
    await expect(verify(made, { nonce: text as Uint8Array })).rejects.toThrow(TypeError)
    // Cut to octets, these are the nonce.
    const wide: unknown = Uint16Array.from(nonce, (octet) => octet + 256)
    await expect(verify(made, { nonce: wide as Uint8Array })).rejects.toThrow(TypeError)
    const nothing: unknown = null
    await expect(verify(made, { now: nothing as Date })).rejects.toThrow(TypeError)
    await expect(verify(made, { issuer: nothing as string })).rejects.toThrow(TypeError)
  })
})

describe('verifyNrasToken', () => {
  it('returns typed claims of every device', async () => {
    const result = await verify(made)
    expect(result).toMatchObject({
      outcome: 'pass',
      overallResult: true,
      version: '3.0',
      issuedAt: new Date(issuedAt * 1000),
      expiresAt: new Date((issuedAt + 3600) * 1000),
    })
    expect(result.devices.map(({ kind, label }) => [kind, label])).toEqual([
      ['claims', 'GPU-0'],
      ['claims', 'GPU-1'],
      ['claims', 'SWITCH-0'],
    ])
    expect(result.devices[0]).toMatchObject({
      claims: {
        device: 'gpu',
        version: '3.0',
        ueid: '100',
        oemid: '5703',
        measres: 'success',
        secboot: true,
        dbgstat: 'disabled',
        driverVersion: '550.90.07',
        firmwareVersion: '96.00.9F.00.01',
        missingChecks: [],
        mismatchedMeasurements: [],
        warning: undefined,
      },
    })
    expect(result.devices[2]).toMatchObject({
      claims: { device: 'switch', oemid: undefined, firmwareVersion: '96.10.55.00.01', missingChecks: [] },
    })
  })

  it('keeps what the service says of certificate chains, and leaves judging it to a policy', async () => {
    const chain = {
      'x-nvidia-cert-status': 'revoked',
      'x-nvidia-cert-ocsp-status': 'revoked',
      'x-nvidia-cert-expiration-date': '2030-01-01T00:00:00Z',
      'x-nvidia-cert-revocation-reason': 'CERTIFICATE_HOLD',
      'x-nvidia-cert-ocsp-nonce-matches': false,
    }
    const result = await verify(single({ 'x-nvidia-gpu-driver-rim-cert-chain': chain }))
    const [device] = result.devices
    expect(device?.kind === 'claims' && device.claims.certificateChains.get('driver-rim-cert-chain')).toEqual({
      status: 'revoked',
      ocspStatus: 'revoked',
      expiration: '2030-01-01T00:00:00Z',
      revocationReason: 'CERTIFICATE_HOLD',
      ocspNonceMatches: false,
      ocspResponseValid: undefined,
    })
  })

  it('reads claims 2.0 and 4.0, which the device may state itself', async () => {
    const flat = bundle({ devices: { 'GPU-0': flatGpu('100') }, overall: { 'x-nvidia-ver': '2.0' }, signer: service })
    expect(await verify(flat)).toMatchObject({ outcome: 'pass', devices: [{ claims: { version: '2.0' } }] })
    const records = [{ id: 5, name: 'x', goldenType: 'MIN_SVN', goldenValue: 3 }]
    const latest = single({
      'x-nvidia-gpu-claims-version': '4.0',
      'x-nvidia-device-type': 'gpu',
      'x-nvidia-mismatch-opaque-data-records': records,
    })
    const result = await verify(latest)
    expect(result).toMatchObject({ version: '3.0', devices: [{ claims: { version: '4.0' } }] })
    expect(result.devices[0]?.kind === 'claims' && result.devices[0].claims.mismatchedOpaqueData).toHaveLength(1)
  })

  it('accepts both spellings of the digest algorithm, and the type JWT', async () => {
    const spelled = bundle({
      ...spec,
      header: { typ: 'JWT' },
      submods: (digests) =>
        Object.fromEntries(
          Object.entries(digests).map(([label, entry]) => [
            label,
            JSON.parse(JSON.stringify(entry).replace('-256', '256')),
          ]),
        ),
    })
    expect((await verify(spelled)).outcome).toBe('pass')
  })

  it('verifies with another provider too', async () => {
    expect((await verify(made, { crypto: nobleCryptoProvider })).outcome).toBe('pass')
  })
})

describe('the outcome is fail', () => {
  it.each<[string, Bundle]>([
    ['when the overall result is false', bundle({ ...spec, overall: { 'x-nvidia-overall-att-result': false } })],
    ['when measurements differ', single({ measres: 'fail' })],
    ['when measurements were not compared', single({ measres: 'absent' })],
    ['when a check is false, whatever the overall result says', single({ 'x-nvidia-gpu-arch-check': false })],
    ['when an unknown check is false', single({ 'x-nvidia-gpu-new-check': false })],
    ['when a check is missing', single({ 'x-nvidia-gpu-attestation-report-nonce-match': undefined })],
    ['when a refusal stands beside full claims', single(refused)],
    ['when a check is null', single({ 'x-nvidia-gpu-driver-rim-fetched': null })],
    ['when claims 2.0 pose as 3.0', bundle({ devices: { 'GPU-0': flatGpu('100') }, signer: service })],
    [
      'when a device was refused, whatever the overall result says',
      bundle({ ...spec, devices: { ...devices, 'GPU-1': refused } }),
    ],
  ])('%s', async (_, value) => {
    expect((await verify(value)).outcome).toBe('fail')
  })

  it('and a refusal carries the code of the service', async () => {
    const value = bundle({
      devices: { 'GPU-0': refused },
      overall: { 'x-nvidia-overall-att-result': false },
      signer: service,
    })
    const { devices: found, outcome, overallResult } = await verify(value)
    expect({ outcome, overallResult }).toEqual({ outcome: 'fail', overallResult: false })
    expect(found).toMatchObject([
      {
        kind: 'refused',
        label: 'GPU-0',
        refusal: { code: 4010, description: 'NONCE_NOT_MATCHING', httpStatus: 'BAD_REQUEST' },
      },
    ])
  })
})

describe('a verified response', () => {
  it('stays what was verified', async () => {
    const mixed = { devices: { 'GPU-0': gpu('100'), 'GPU-1': refused }, signer: service }
    const result = await verify(bundle(mixed))
    const [first] = result.devices
    if (first?.kind !== 'claims') throw new Error('no claims')
    for (const part of [result, result.devices, first, first.claims]) expect(Object.isFrozen(part)).toBe(true)
    for (const chain of first.claims.certificateChains.values()) expect(Object.isFrozen(chain)).toBe(true)
  })

  it('takes a chain that is null for one that is not stated', async () => {
    const result = await verify(single({ 'x-nvidia-gpu-driver-rim-cert-chain': null }))
    const [first] = result.devices
    expect(first?.kind === 'claims' && first.claims.certificateChains.has('driver-rim-cert-chain')).toBe(false)
  })

  it('answers the nonce in either case of hex', async () => {
    const upper = { eat_nonce: nonceHex.toUpperCase() }
    expect((await verify(single(upper, upper))).outcome).toBe('pass')
  })
})

describe('verifyNrasToken refuses', () => {
  const { overall, devices: tokens } = made
  const first = tokens['GPU-0'] ?? ''
  const second = tokens['GPU-1'] ?? ''
  const third = tokens['SWITCH-0'] ?? ''
  const withDevices = (changed: Readonly<Record<string, string>>): Bundle => ({ overall, devices: changed })
  const stripped = (token: string): string => token.slice(0, token.lastIndexOf('.') + 1)
  const text = (token: string): string => `[["JWT","${token}"],${JSON.stringify(tokens)}]`
  const one = bundle({ devices: { 'GPU-0': gpu('100') }, signer: service })
  const oneToken = one.devices['GPU-0'] ?? ''
  const digestOf = (value: unknown): Bundle =>
    bundle({ devices: { 'GPU-0': gpu('100') }, signer: service, submods: () => ({ 'GPU-0': value }) })
  const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${overall.split('.')[1]}.`
  const header = (changed: Claims): Bundle => bundle({ ...spec, header: changed })

  // Bound by the digest its issuer signed: only its own signature can give it away.
  const bound = (token: string, overallClaims: Claims = {}): Bundle => ({
    overall: bundle({
      ...spec,
      overall: { ...overallClaims, submods: { 'GPU-0': ['DIGEST', ['SHA-256', sha256Hex(token)]] } },
    }).overall,
    devices: { 'GPU-0': token },
  })
  const forged = bundle({ devices: { 'GPU-0': gpu('100') }, signer: foreign }).devices['GPU-0'] ?? ''

  it.each<[string, Bundle | Uint8Array, string, string]>([
    [
      'a device token with a foreign signature and the right digest',
      bound(forged),
      'token/signature-invalid',
      'devices.GPU-0.signature',
    ],
    [
      'a device token without signature and with the right digest',
      bound(stripped(first)),
      'token/signature-invalid',
      'devices.GPU-0.signature',
    ],
    [
      'the overall token without signature',
      { ...made, overall: stripped(overall) },
      'token/signature-invalid',
      'overall.signature',
    ],
    [
      'the overall token with alg none',
      { ...made, overall: unsigned },
      'token/algorithm-not-allowed',
      'overall.header.alg',
    ],
    ['HS256', header({ alg: 'HS256' }), 'token/algorithm-not-allowed', 'overall.header.alg'],
    ['ES256', header({ alg: 'ES256' }), 'token/algorithm-not-allowed', 'overall.header.alg'],
    [
      'a foreign signature under a trusted kid',
      bundle({ ...spec, signer: foreign }),
      'token/signature-invalid',
      'overall.signature',
    ],
    [
      'a key in the header',
      bundle({ ...spec, signer: foreign, header: { jwk: foreign.jwk, x5c: ['AA'] } }),
      'token/signature-invalid',
      'overall.signature',
    ],
    ['an unknown kid', header({ kid: 'nv-eat-kid-test-2' }), 'token/key-not-found', 'overall.header.kid'],
    ['a critical header', header({ crit: ['x'], x: 1 }), 'token/critical-header', 'overall.header.crit'],
    ['another type', header({ typ: 'at+jwt' }), 'token/type-mismatch', 'overall.header.typ'],
    [
      'device tokens exchanged',
      withDevices({ ...tokens, 'GPU-0': second, 'GPU-1': first }),
      'eat/digest-mismatch',
      'devices.GPU-0',
    ],
    [
      'a device token dropped',
      withDevices({ 'GPU-0': first, 'SWITCH-0': third }),
      'eat/detached-missing',
      'devices.GPU-1',
    ],
    ['all device tokens dropped', withDevices({}), 'eat/detached-missing', 'devices.GPU-0'],
    ['a device token added', withDevices({ ...tokens, 'GPU-2': first }), 'eat/detached-unbound', 'devices.GPU-2'],
    [
      'a device token in place of another',
      withDevices({ ...tokens, 'GPU-1': first }),
      'eat/digest-mismatch',
      'devices.GPU-1',
    ],
    [
      'a device token from another response',
      withDevices({ ...tokens, 'GPU-0': oneToken }),
      'eat/digest-mismatch',
      'devices.GPU-0',
    ],
    [
      'a device token without signature',
      withDevices({ ...tokens, 'GPU-1': stripped(second) }),
      'eat/digest-mismatch',
      'devices.GPU-1',
    ],
    [
      'a label twice',
      encodeUtf8(`[["JWT","${overall}"],{"GPU-0":"${first}","GPU-0":"${second}"}]`),
      'json/duplicate-name',
      '[1]',
    ],
    [
      'a label that differs in case',
      withDevices({ 'gpu-0': first, 'GPU-1': second, 'SWITCH-0': third }),
      'eat/detached-missing',
      'devices.GPU-0',
    ],
    [
      'one device under two labels',
      bundle({ ...spec, devices: { 'GPU-0': gpu('100'), 'GPU-1': gpu('100') } }),
      'nras/duplicate-device',
      'devices.GPU-1',
    ],
    [
      'a digest in uppercase',
      digestOf(['DIGEST', ['SHA-256', sha256Hex(oneToken).toUpperCase()]]),
      'eat/digest-mismatch',
      'devices.GPU-0',
    ],
    [
      'a digest of something else',
      digestOf(['DIGEST', ['SHA-256', '00'.repeat(32)]]),
      'eat/digest-mismatch',
      'devices.GPU-0',
    ],
    ['an empty digest', digestOf(['DIGEST', ['SHA-256', '']]), 'eat/digest-mismatch', 'devices.GPU-0'],
    [
      'another hash',
      digestOf(['DIGEST', ['SHA-1', sha256Hex(oneToken)]]),
      'eat/digest-algorithm',
      'overall.payload.submods.GPU-0',
    ],
    [
      'a nested token in place of a digest',
      digestOf(['JWT', oneToken]),
      'eat/submodule-form',
      'overall.payload.submods.GPU-0',
    ],
    [
      'a digest entry of three parts',
      digestOf(['DIGEST', ['SHA-256', 'x'], 'y']),
      'eat/submodule-form',
      'overall.payload.submods.GPU-0',
    ],
    [
      'a digest of three parts',
      digestOf(['DIGEST', ['SHA-256', 'x', 'y']]),
      'eat/submodule-form',
      'overall.payload.submods.GPU-0',
    ],
    ['no devices at all', bundle({ ...spec, devices: {} }), 'nras/form', 'overall.payload.submods'],
    ['no submods', bundle({ ...spec, overall: { submods: undefined } }), 'json/missing', 'overall.payload.submods'],
    [
      'an overall token without nonce',
      bundle({ ...spec, overall: { eat_nonce: undefined } }),
      'eat/nonce-missing',
      'overall.payload.eat_nonce',
    ],
    [
      'an overall token with another nonce',
      bundle({ ...spec, overall: { eat_nonce: 'b0'.repeat(32) } }),
      'eat/nonce-mismatch',
      'overall.payload.eat_nonce',
    ],
    [
      'a nonce in base64',
      bundle({ ...spec, overall: { eat_nonce: Buffer.from(nonce).toString('base64') } }),
      'eat/nonce-encoding',
      'overall.payload.eat_nonce',
    ],
    [
      'a nonce in an array',
      bundle({ ...spec, overall: { eat_nonce: [nonceHex] } }),
      'eat/nonce-encoding',
      'overall.payload.eat_nonce',
    ],
    [
      'half a nonce',
      bundle({ ...spec, overall: { eat_nonce: nonceHex.slice(0, 32) } }),
      'eat/nonce-mismatch',
      'overall.payload.eat_nonce',
    ],
    [
      'an empty nonce',
      bundle({ ...spec, overall: { eat_nonce: '' } }),
      'eat/nonce-encoding',
      'overall.payload.eat_nonce',
    ],
    [
      'a device token without nonce under an overall token with it',
      single({ eat_nonce: undefined }),
      'eat/nonce-missing',
      'devices.GPU-0.payload.eat_nonce',
    ],
    [
      'a device token with another nonce',
      single({ eat_nonce: 'b0'.repeat(32) }),
      'eat/nonce-mismatch',
      'devices.GPU-0.payload.eat_nonce',
    ],
    [
      'a device token that is empty',
      bundle({ devices: { 'GPU-0': {} }, signer: service }),
      'eat/nonce-missing',
      'devices.GPU-0.payload.eat_nonce',
    ],
    ['a device token without result', single({ measres: undefined }), 'json/missing', 'devices.GPU-0.payload.measres'],
    [
      'a check stated as text',
      single({ 'x-nvidia-gpu-driver-rim-schema-validated': 'false' }),
      'json/type',
      'devices.GPU-0.payload.x-nvidia-gpu-driver-rim-schema-validated',
    ],
    [
      'a check stated as a number',
      single({ 'x-nvidia-gpu-attestation-report-parsed': 1 }),
      'json/type',
      'devices.GPU-0.payload.x-nvidia-gpu-attestation-report-parsed',
    ],
    [
      'a switch with a claim about a GPU',
      bundle({
        devices: { 'SWITCH-0': { ...nvswitch('200'), 'x-nvidia-gpu-attestation-report-signature-verified': false } },
        signer: service,
      }),
      'nras/device-kind',
      'devices.SWITCH-0.payload.x-nvidia-gpu-attestation-report-signature-verified',
    ],
    [
      'a member of a chain of another type',
      single({
        'x-nvidia-gpu-driver-rim-cert-chain': {
          'x-nvidia-cert-status': 'valid',
          'x-nvidia-cert-ocsp-status': 'good',
          'x-nvidia-cert-expiration-date': '2030-01-01T00:00:00Z',
          'x-nvidia-cert-ocsp-nonce-matches': 'true',
        },
      }),
      'json/type',
      'devices.GPU-0.payload.x-nvidia-gpu-driver-rim-cert-chain.x-nvidia-cert-ocsp-nonce-matches',
    ],
    ['a device token without ueid', single({ ueid: undefined }), 'json/missing', 'devices.GPU-0.payload.ueid'],
    [
      'a device by another issuer',
      single({ iss: 'https://other.example' }),
      'token/issuer-mismatch',
      'devices.GPU-0.payload.iss',
    ],
    ['a device that has expired', single({ exp: issuedAt + 10 }), 'token/expired', 'devices.GPU-0.payload.exp'],
    ['a token without exp', bundle({ ...spec, overall: { exp: undefined } }), 'token/claim-missing', 'overall.payload'],
    ['an audience', bundle({ ...spec, overall: { aud: 'other' } }), 'token/audience-mismatch', 'overall.payload.aud'],
    ['a device token as overall token', { ...one, overall: oneToken }, 'nras/subject', 'overall.payload.sub'],
    [
      'an overall token of another kind',
      bundle({ ...spec, overall: { sub: 'NVIDIA-GPU-ATTESTATION' } }),
      'nras/subject',
      'overall.payload.sub',
    ],
    [
      'an unknown version',
      bundle({ ...spec, overall: { 'x-nvidia-ver': '1.0' } }),
      'nras/claims-version',
      'overall.payload.x-nvidia-ver',
    ],
    [
      'an unknown version of a device',
      single({ 'x-nvidia-gpu-claims-version': '5.0' }),
      'nras/claims-version',
      'devices.GPU-0.payload.x-nvidia-gpu-claims-version',
    ],
    [
      'a result that is text',
      bundle({ ...spec, overall: { 'x-nvidia-overall-att-result': 'true' } }),
      'token/claim-type',
      'overall.payload.x-nvidia-overall-att-result',
    ],
    [
      'no result',
      bundle({ ...spec, overall: { 'x-nvidia-overall-att-result': undefined } }),
      'token/claim-type',
      'overall.payload.x-nvidia-overall-att-result',
    ],
    [
      'a label for neither kind of device',
      bundle({ devices: { 'NIC-0': gpu('1') }, signer: service }),
      'nras/device-kind',
      'devices.NIC-0.payload',
    ],
    [
      'a switch under the label of a GPU',
      single({ 'x-nvidia-device-type': 'nvswitch' }),
      'nras/device-kind',
      'devices.GPU-0.payload',
    ],
    [
      'an unknown type of device',
      single({ 'x-nvidia-device-type': 'nic' }),
      'nras/device-kind',
      'devices.GPU-0.payload',
    ],
    [
      'error details without code',
      bundle({ devices: { 'GPU-0': { 'x-nvidia-error-details': {} } }, signer: service }),
      'json/missing',
      'devices.GPU-0.payload.x-nvidia-error-details.code',
    ],
    ['an error report', encodeUtf8('{"errorCode":4005,"message":"INVALID_EVIDENCE"}'), 'json/type', ''],
    ['a container of another kind', encodeUtf8(text(overall).replace('"JWT"', '"CBOR"')), 'nras/form', ''],
    ['three parts', encodeUtf8(text(overall).replace(/\]$/, ',0]')), 'nras/form', ''],
    ['one part', encodeUtf8(`[["JWT","${overall}"]]`), 'json/missing', 'devices'],
    ['a device token that is no text', encodeUtf8(`[["JWT","${overall}"],{"GPU-0":1}]`), 'json/type', 'devices.GPU-0'],
    ['nested containers', encodeUtf8(`[["JWT","${overall}"],{"GPU-0":[["JWT"]]}]`), 'json/depth', '[1].GPU-0[0]'],
  ])('%s', async (_, value, code, at) => {
    expect(await refusal(() => verify(value))).toEqual({ code, at })
  })

  it('a duplicate claim that is signed', async () => {
    const key = deriveKey('nras', 'service')
    const jwk = publicJwk(key, 'k')
    const set = parseJwkSet(encodeUtf8(JSON.stringify({ keys: [jwk] })))
    const claims = JSON.stringify({ ...registered, sub: 'NVIDIA-PLATFORM-ATTESTATION' })
    const doubled = claims.replace(/}$/, ',"exp":9999999999}')
    const value = { overall: signJws(encodeUtf8(doubled), key, { kid: 'k' }), devices: tokens }
    expect(await refusal(() => verify(value, { keys: set }))).toEqual({
      code: 'json/duplicate-name',
      at: 'overall.payload',
    })
  })

  it('a response beyond the size of any', async () => {
    const huge = new Uint8Array(4_194_305).fill(0x20)
    expect(await refusal(() => verify(huge))).toEqual({ code: 'bytes/too-large', at: '' })
  })

  it('responses with more devices than any system', async () => {
    const many = Object.fromEntries(Array.from({ length: 257 }, (_, i) => [`GPU-${i}`, 'x']))
    expect((await refusal(() => parseNrasResponse(encode({ overall, devices: many })))).code).toBe(
      'nras/too-many-devices',
    )
    const thousands = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`GPU-${i}`, 'x']))
    expect(await refusal(() => parseNrasResponse(encode({ overall, devices: thousands })))).toEqual({
      code: 'nras/too-many-devices',
      at: 'devices',
    })
    const more = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`GPU-${i}`, ['x']]))
    const flood = encodeUtf8(JSON.stringify([['JWT', overall], more]))
    expect((await refusal(() => parseNrasResponse(flood))).code).toMatch(/^json\//)
  })

  it('the response at another time, for another issuer or nonce', async () => {
    const at = (seconds: number): Date => new Date((issuedAt + seconds) * 1000)
    const found = async (changed: Partial<NrasVerification>): Promise<string> =>
      (await refusal(() => verify(made, changed))).code
    expect(await found({ now: at(3600) })).toBe('token/expired')
    expect(await found({ now: at(3661), leewaySeconds: 60 })).toBe('token/expired')
    expect(await found({ now: at(-1) })).toBe('token/not-yet-valid')
    expect(await found({ now: at(600), maxAgeSeconds: 300 })).toBe('token/too-old')
    expect(await found({ issuer: `${issuer}/` })).toBe('token/issuer-mismatch')
    expect(await found({ nonce: nonce.slice(1) })).toBe('eat/nonce-mismatch')
    expect((await verify(made, { now: at(3659), leewaySeconds: 60 })).outcome).toBe('pass')
  })
})
