import 'reflect-metadata'
import { beforeAll, describe, expect, it } from 'vitest'
import { webCryptoProvider } from '../../src/crypto/webcrypto.js'
import { parseCrl } from '../../src/x509/crl.js'
import { type OcspResponse, parseOcspResponse } from '../../src/x509/ocsp.js'
import { assessRevocation, type RevocationInput, type RevocationPolicy } from '../../src/x509/revocation.js'
import { trustAnchorFromCertificate } from '../../src/x509/trust-anchor.js'
import {
  at,
  type CrlOptions,
  hour,
  type Issued,
  issue,
  now,
  ocspError,
  parsed,
  reasonCode,
  revocationList,
  type Statement,
} from './ocsp-builder.js'

const strict: RevocationPolicy = {
  scope: 'whole-path',
  whenUnknown: 'fail',
  certificateHold: 'fail',
  maxAgeSeconds: 3600,
  onFailure: 'record',
}
const keyCompromise = 1
const certificateHold = 6

let root: Issued
let ca: Issued
let leaf: Issued

beforeAll(async () => {
  root = await issue({ name: 'Root', ca: true })
  ca = await issue({ name: 'CA', ca: true, issuer: root })
  leaf = await issue({ name: 'Leaf', issuer: ca })
})

type Checked = Extract<RevocationInput, { readonly kind: 'checked' }>

interface Evidence {
  readonly ocsp?: readonly OcspResponse[]
  readonly crls?: readonly Partial<CrlOptions>[]
  readonly policy?: Partial<RevocationPolicy>
  readonly nonce?: Uint8Array
}

async function assess({ ocsp = [], crls = [], policy = {}, nonce }: Evidence) {
  const revocation: Checked = {
    kind: 'checked',
    policy: { ...strict, ...policy },
    ocspResponses: ocsp,
    crls: crls.map((list, i) => parseCrl(revocationList({ issuer: ca, ...list }), `crls[${i}]`)),
    ...(nonce === undefined ? {} : { ocspNonce: nonce }),
  }
  const [leafStatus, caStatus, ...rest] = await assessRevocation({
    certificates: [leaf.certificate, ca.certificate],
    trustAnchor: trustAnchorFromCertificate(root.certificate),
    revocation,
    now,
    crypto: webCryptoProvider,
  })
  if (leafStatus === undefined || caStatus === undefined || rest.length > 0) throw new Error('not one status each')
  return { leafStatus, caStatus }
}

const about = (more: Partial<Statement> = {}, path = 'ocsp'): OcspResponse =>
  parsed(
    {
      responder: ca,
      statements: [{ subject: leaf.certificate, issuer: ca.certificate, ...more }],
      producedAt: more.thisUpdate ?? at(-hour),
    },
    path,
  )
const aboutCa = (more: Partial<Statement> = {}): OcspResponse =>
  parsed({ responder: root, statements: [{ subject: ca.certificate, issuer: root.certificate, ...more }] })
const revoked = (reason?: number) => ({ revokedAt: at(-2 * hour), ...(reason === undefined ? {} : { reason }) })
const codes = ({ failures }: { readonly failures: readonly { readonly code: string }[] }) =>
  failures.map(({ code }) => code)

describe('assessRevocation', () => {
  it('says not-checked, never acceptable, when told not to check', async () => {
    const statuses = await assessRevocation({
      certificates: [leaf.certificate, ca.certificate],
      trustAnchor: trustAnchorFromCertificate(root.certificate),
      revocation: { kind: 'unchecked', reason: 'no network' },
      now,
      crypto: webCryptoProvider,
    })
    const one = { status: 'not-checked', source: 'none', reason: 'no network', acceptable: false, failures: [] }
    expect(statuses).toEqual([one, one])
  })

  it('judges each certificate by the key above it', async () => {
    const { leafStatus, caStatus } = await assess({ ocsp: [about(), aboutCa()] })
    const good = { status: 'good', source: 'ocsp', thisUpdate: at(-hour), nextUpdate: at(hour), acceptable: true }
    expect(leafStatus).toEqual({ ...good, failures: [] })
    expect(caStatus).toEqual({ ...good, failures: [] })
  })

  it('takes lists as well, of the anchor too', async () => {
    const { leafStatus, caStatus } = await assess({ crls: [{}, { issuer: root }] })
    expect([leafStatus.status, leafStatus.source, leafStatus.acceptable]).toEqual(['good', 'crl', true])
    expect([caStatus.status, caStatus.source, caStatus.acceptable]).toEqual(['good', 'crl', true])
  })

  it('is unknown without evidence, and fails or not as the policy says', async () => {
    const { leafStatus, caStatus } = await assess({ ocsp: [about()] })
    expect(leafStatus.status).toBe('good')
    expect(caStatus).toMatchObject({ status: 'unknown', source: 'none', acceptable: false })
    expect(caStatus.failures).toEqual([
      {
        code: 'revocation/no-evidence',
        stage: 'verify',
        at: ca.certificate.at,
        details: { serialNumber: Buffer.from(ca.certificate.serialNumber).toString('hex'), ocspResponses: 1, crls: 0 },
      },
    ])
    const lenient = await assess({ policy: { whenUnknown: 'accept' } })
    expect([lenient.leafStatus.status, lenient.leafStatus.acceptable]).toEqual(['unknown', true])
  })

  it('tells the operator of a responder that gave no answer', async () => {
    const { leafStatus } = await assess({ ocsp: [parseOcspResponse(ocspError(3))] })
    expect(leafStatus).toMatchObject({ status: 'unknown', acceptable: false })
    expect(codes(leafStatus)).toEqual(['ocsp/status-try-later', 'revocation/no-evidence'])
  })

  it('says why evidence about the certificate was of no use, before anything else', async () => {
    const stale = about({ thisUpdate: at(-3 * hour), nextUpdate: at(-2 * hour) })
    const { leafStatus, caStatus } = await assess({
      ocsp: [parseOcspResponse(ocspError(6)), stale],
      crls: [{ signer: root.privateKey }],
    })
    expect(leafStatus).toMatchObject({ status: 'unknown', source: 'none', acceptable: false })
    expect(codes(leafStatus)).toEqual(['ocsp/stale', 'crl/signature-invalid', 'ocsp/status-unauthorized'])
    expect(codes(caStatus)).toEqual(['ocsp/status-unauthorized', 'revocation/no-evidence'])
  })

  it('uses good evidence in spite of bad', async () => {
    const stale = about({ thisUpdate: at(-3 * hour), nextUpdate: at(-2 * hour) })
    const { leafStatus } = await assess({ ocsp: [stale, about(), parseOcspResponse(ocspError(3))] })
    expect(leafStatus).toMatchObject({ status: 'good', acceptable: true, failures: [] })
  })

  it('lets revoked win over good, fresher or not, from whatever source', async () => {
    const freshGood = about({ thisUpdate: at(-1000) })
    const ocspRevoked = about({ status: revoked(keyCompromise) })
    const entry = { serialNumber: leaf.certificate.serialNumber, revokedAt: at(-2 * hour), extensions: [reasonCode(1)] }
    for (const evidence of [
      { ocsp: [freshGood, ocspRevoked] },
      { ocsp: [ocspRevoked, freshGood] },
      { ocsp: [freshGood], crls: [{ entries: [entry] }] },
      { ocsp: [ocspRevoked], crls: [{}] },
    ]) {
      const { leafStatus } = await assess({ ...evidence, policy: { whenUnknown: 'accept', certificateHold: 'accept' } })
      expect(leafStatus).toMatchObject({
        status: 'revoked',
        reason: 'keyCompromise',
        revokedAt: at(-2 * hour),
        acceptable: false,
      })
      expect(codes(leafStatus)).toEqual(['revocation/revoked'])
    }
  })

  it('revoked without a reason is revoked', async () => {
    const { leafStatus } = await assess({ ocsp: [about({ status: revoked() })] })
    expect(leafStatus).toMatchObject({ status: 'revoked', acceptable: false })
    expect(leafStatus.reason).toBeUndefined()
  })

  it('accepts a hold only where the policy does', async () => {
    const ocsp = [about({ status: revoked(certificateHold) }), aboutCa()]
    const refused = await assess({ ocsp })
    expect(refused.leafStatus).toMatchObject({ status: 'revoked', reason: 'certificateHold', acceptable: false })
    expect(codes(refused.leafStatus)).toEqual(['revocation/on-hold'])
    const accepted = await assess({ ocsp, policy: { certificateHold: 'accept' } })
    expect(accepted.leafStatus).toMatchObject({ status: 'revoked', acceptable: true })
    expect(codes(accepted.leafStatus)).toEqual(['revocation/on-hold'])
  })

  it('lets a final revocation win over a hold', async () => {
    const hold = about({ status: revoked(certificateHold), thisUpdate: at(-1000) })
    const final = about({ status: revoked(keyCompromise) })
    for (const ocsp of [
      [hold, final],
      [final, hold],
    ]) {
      const { leafStatus } = await assess({ ocsp, policy: { certificateHold: 'accept' } })
      expect(leafStatus).toMatchObject({ reason: 'keyCompromise', acceptable: false })
    }
  })

  it('does not take "never issued" for a hold', async () => {
    const status = { revokedAt: new Date(0), reason: certificateHold }
    const { leafStatus } = await assess({ ocsp: [about({ status })], policy: { certificateHold: 'accept' } })
    expect(leafStatus).toMatchObject({ status: 'revoked', acceptable: false })
    expect(codes(leafStatus)).toEqual(['revocation/never-issued'])
  })

  it('treats a signed unknown as unknown, with its source', async () => {
    const ocsp = [about({ status: 'unknown' })]
    const { leafStatus } = await assess({ ocsp })
    expect(leafStatus).toMatchObject({ status: 'unknown', source: 'ocsp', acceptable: false, thisUpdate: at(-hour) })
    expect(codes(leafStatus)).toEqual(['revocation/unknown'])
    const lenient = await assess({ ocsp, policy: { whenUnknown: 'accept' } })
    expect(lenient.leafStatus).toMatchObject({ status: 'unknown', acceptable: true })
  })

  it('between good and unknown, believes the fresher; at a tie, unknown', async () => {
    const unknown = (thisUpdate: Date) => about({ status: 'unknown', thisUpdate })
    const status = async (...ocsp: readonly OcspResponse[]) => (await assess({ ocsp })).leafStatus.status
    expect(await status(about(), unknown(at(-1000)))).toBe('unknown')
    expect(await status(unknown(at(-1000)), about())).toBe('unknown')
    expect(await status(about({ thisUpdate: at(-1000) }), unknown(at(-hour)))).toBe('good')
    expect(await status(about(), unknown(at(-hour)))).toBe('unknown')
    expect(await status(unknown(at(-hour)), about())).toBe('unknown')
  })

  it('issuers-only asks nothing about the leaf, but hears that it is revoked', async () => {
    const policy = { scope: 'issuers-only' } as const
    const plain = await assess({ ocsp: [aboutCa()], policy })
    expect(plain.leafStatus).toEqual({ status: 'not-required', source: 'none', acceptable: true, failures: [] })
    expect(plain.caStatus).toMatchObject({ status: 'good', acceptable: true })
    const unknown = await assess({ ocsp: [about({ status: 'unknown' })], policy })
    expect(unknown.leafStatus.status).toBe('not-required')
    expect(unknown.caStatus).toMatchObject({ status: 'unknown', acceptable: false })
    const bad = await assess({ ocsp: [about({ status: revoked() }), aboutCa()], policy })
    expect(bad.leafStatus).toMatchObject({ status: 'revoked', acceptable: false })
  })

  it('refuses answers without the nonce that was sent', async () => {
    const { leafStatus } = await assess({ ocsp: [about()], nonce: new Uint8Array(32).fill(1) })
    expect(leafStatus).toMatchObject({ status: 'unknown', acceptable: false })
    expect(codes(leafStatus)).toEqual(['ocsp/nonce-missing'])
  })

  it('always gives a reason for what is not acceptable', async () => {
    const offers: readonly Evidence[] = [
      {},
      { ocsp: [about({ status: 'unknown' })] },
      { ocsp: [about({ status: revoked() })] },
      { ocsp: [about({ status: revoked(certificateHold) })] },
      { ocsp: [parseOcspResponse(ocspError(1))] },
      { crls: [{ signer: root.privateKey }] },
    ]
    for (const offer of offers) {
      const { leafStatus, caStatus } = await assess(offer)
      for (const { acceptable, failures } of [leafStatus, caStatus]) {
        expect(acceptable).toBe(false)
        expect(failures.length).toBeGreaterThan(0)
      }
    }
  })

  it('does not believe the leaf about the issuer, nor the issuer about itself', async () => {
    const selfMade = parsed({ responder: ca, statements: [{ subject: ca.certificate, issuer: root.certificate }] })
    const fromBelow = parsed({ responder: leaf, statements: [{ subject: ca.certificate, issuer: root.certificate }] })
    const { caStatus } = await assess({ ocsp: [selfMade, fromBelow] })
    expect(caStatus).toMatchObject({ status: 'unknown', acceptable: false })
    expect(codes(caStatus)).toEqual(['ocsp/responder-not-authorised', 'ocsp/responder-wrong-issuer'])
  })
})
