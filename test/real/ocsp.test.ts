import * as asn1 from 'asn1js'
import { beforeAll, describe, expect, it } from 'vitest'
import { nobleCryptoProvider } from '../../src/crypto/noble.js'
import { webCryptoProvider } from '../../src/crypto/webcrypto.js'
import { AttestationError } from '../../src/result/error.js'
import { isVerified } from '../../src/result/proof.js'
import { type Certificate, parseCertificate, parseCertificates } from '../../src/x509/certificate.js'
import { type OcspAnswer, parseOcspResponse } from '../../src/x509/ocsp.js'
import { verifyOcspResponse } from '../../src/x509/ocsp-verify.js'
import { assessRevocation, type RevocationPolicy } from '../../src/x509/revocation.js'
import { trustAnchorFromCertificate } from '../../src/x509/trust-anchor.js'
import { hasRealData, readReal, readRealJson, readRealText } from '../real-data.js'

interface Entry {
  readonly file: string
  readonly certStatus: string
  readonly subjectSerialHex: string
  readonly producedAt: string
  readonly thisUpdate: string
  readonly nextUpdate: string
  readonly certIdHash: string
  readonly responder: { readonly serialHex: string; readonly notAfter: string }
}

interface Subject {
  readonly certificate: Certificate
  readonly issuer: Certificate
}

const deviceClock = new Date('2025-08-21T07:00:00Z')
const rimClock = new Date('2025-10-24T12:00:00Z')
const maxAgeSeconds = 3600

function manifestChain(file: string): readonly Certificate[] {
  const blocks = [...readRealText(`rims/${file}`).matchAll(/<ds:X509Certificate>([^<]+)</g)]
  return blocks.map(([, text]) => parseCertificate(new Uint8Array(Buffer.from(text ?? '', 'base64'))))
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
    return 'passed'
  } catch (error) {
    if (error instanceof AttestationError) return error.code
    throw error
  }
}

describe.skipIf(!hasRealData)('recorded OCSP responses', () => {
  const chains: (readonly Certificate[])[] = []
  const entries = hasRealData ? (readRealJson('ocsp/index.json') as readonly Entry[]) : []
  const read = (file: string): Uint8Array => readReal(`ocsp/${file}`)

  beforeAll(() => {
    chains.push(
      parseCertificates(readRealText('evidence/nvtrust/samples/hopperCertChain.txt')),
      manifestChain('NV_GPU_DRIVER_GH100_550.90.07.xml'),
      manifestChain('NV_GPU_VBIOS_1010_0200_882_96009F0001.xml'),
    )
  })

  function subjectOf({ subjectSerialHex }: Entry): Subject {
    for (const chain of chains)
      for (const [i, certificate] of chain.entries()) {
        const issuer = chain[i + 1]
        const serial = Buffer.from(certificate.serialNumber).toString('hex').replace(/^00/, '')
        if (issuer !== undefined && serial === subjectSerialHex) return { certificate, issuer }
      }
    throw new Error(`no certificate ${subjectSerialHex}`)
  }

  function answer(file: string): OcspAnswer {
    const response = parseOcspResponse(read(file), file)
    if (response.kind !== 'answer') throw new Error(response.status)
    return response
  }

  it('are seven', () => {
    expect(entries.length).toBe(7)
    expect(chains.map((chain) => chain.length)).toEqual([5, 4, 4])
  })

  it.each(entries)('$file: read as recorded', (entry) => {
    const response = answer(entry.file)
    expect(response.producedAt.toISOString()).toBe(entry.producedAt.replace('Z', '.000Z'))
    expect(response.responderId.kind).toBe('key')
    expect(response.nonce).toBeUndefined()
    expect(response.certificates.map(({ serialNumber }) => Buffer.from(serialNumber).toString('hex'))).toEqual([
      expect.stringMatching(new RegExp(`^(00)?${entry.responder.serialHex}$`)),
    ])
    expect(response.responses.length).toBe(1)
    const [single] = response.responses
    expect(single?.certId.hash).toBe(entry.certIdHash)
    expect(single?.said).toEqual({ status: entry.certStatus })
    expect(single?.thisUpdate).toEqual(new Date(entry.thisUpdate))
    expect(single?.nextUpdate).toEqual(new Date(entry.nextUpdate))
  })

  it.each(entries)('$file: good inside its window to the second, refused outside', async (entry) => {
    const response = parseOcspResponse(read(entry.file), entry.file)
    const subject = subjectOf(entry)
    const start = Date.parse(entry.thisUpdate)
    const end = Date.parse(entry.nextUpdate)
    for (const crypto of [webCryptoProvider, nobleCryptoProvider])
      for (const time of [start, end - 1000]) {
        const status = await verifyOcspResponse(response, { ...subject, now: new Date(time), maxAgeSeconds, crypto })
        expect(status).toEqual({
          source: 'ocsp',
          said: { status: 'good' },
          thisUpdate: new Date(start),
          nextUpdate: new Date(end),
        })
        expect(isVerified(status)).toBe(true)
      }
    const at = (time: number): Promise<string> =>
      codeOf(verifyOcspResponse(response, { ...subject, now: new Date(time), maxAgeSeconds }))
    expect(await at(start - 1000)).toBe('ocsp/not-yet-valid')
    expect(await at(end)).toBe('ocsp/stale')
    expect(await at(end + 1000)).toBe('ocsp/stale')
    expect(await at(Number.NaN)).toBe('ocsp/not-yet-valid')
  })

  it.each(entries)('$file: has no nonce to give', async (entry) => {
    const nonce = new Uint8Array(32).fill(1)
    const now = new Date(entry.thisUpdate)
    const verified = verifyOcspResponse(answer(entry.file), { ...subjectOf(entry), now, maxAgeSeconds, nonce })
    expect(await codeOf(verified)).toBe('ocsp/nonce-missing')
  })

  it('speak about their own certificate only', async () => {
    for (const entry of entries)
      for (const other of entries) {
        if (other.subjectSerialHex === entry.subjectSerialHex) continue
        const now = new Date(Date.parse(entry.thisUpdate) + 60_000)
        const verified = verifyOcspResponse(answer(entry.file), { ...subjectOf(other), now, maxAgeSeconds })
        expect(await codeOf(verified)).toBe('ocsp/wrong-certificate')
      }
  })

  it('are refused under the name or key of another issuer', async () => {
    for (const entry of entries) {
      const { certificate, issuer } = subjectOf(entry)
      const now = new Date(Date.parse(entry.thisUpdate) + 60_000)
      const other = entries.map(subjectOf).find((subject) => subject.issuer.subject !== issuer.subject)
      if (other === undefined) throw new Error('one issuer only')
      const otherName = { ...issuer, subject: other.issuer.subject }
      const otherKey = { ...issuer, subjectPublicKeyInfo: other.issuer.subjectPublicKeyInfo }
      for (const wrong of [otherName, otherKey]) {
        const verified = verifyOcspResponse(answer(entry.file), { certificate, issuer: wrong, now, maxAgeSeconds })
        expect(await codeOf(verified)).toBe('ocsp/wrong-certificate')
      }
    }
  })

  it('are refused with any one byte of the whole response changed', { timeout: 60_000 }, async () => {
    for (const [i, entry] of entries.entries()) {
      const der = read(entry.file)
      const subject = subjectOf(entry)
      const now = new Date(Date.parse(entry.thisUpdate) + 60_000)
      // Every byte of the first, a stride through the others.
      for (let index = 0; index < der.length; index += i === 0 ? 1 : 7) {
        const changed = der.map((byte, position) => (position === index ? byte ^ 0x01 : byte))
        const attempt = async (): Promise<unknown> =>
          verifyOcspResponse(parseOcspResponse(changed), { ...subject, now, maxAgeSeconds })
        const code = await codeOf(attempt())
        expect(`${entry.file}[${index}] ${code}`).not.toBe(`${entry.file}[${index}] passed`)
      }
    }
  })

  it('are refused with the responder certificate of another', async () => {
    const outcomes = new Set<string>()
    for (const entry of entries)
      for (const other of entries) {
        const swapped = withCertificate(read(entry.file), answer(other.file).certificates[0]?.raw ?? new Uint8Array(0))
        const now = new Date(Date.parse(entry.thisUpdate) + 60_000)
        const code = await codeOf(
          verifyOcspResponse(parseOcspResponse(swapped), { ...subjectOf(entry), now, maxAgeSeconds }),
        )
        const same = other.responder.serialHex === entry.responder.serialHex
        expect(code).toBe(same ? 'passed' : 'ocsp/responder-not-found')
        outcomes.add(code)
      }
    expect(outcomes.size).toBe(2)
  })

  it('are refused without the responder certificate', async () => {
    for (const entry of entries) {
      const now = new Date(entry.thisUpdate)
      const bare = parseOcspResponse(withCertificate(read(entry.file), undefined))
      expect(await codeOf(verifyOcspResponse(bare, { ...subjectOf(entry), now, maxAgeSeconds }))).toBe(
        'ocsp/responder-not-found',
      )
    }
  })

  it('are refused once the responder certificate has expired', async () => {
    for (const entry of entries) {
      const response = answer(entry.file)
      // A window as long as the responder lives, to isolate the responder's own end; the signature is not what is tested.
      const [single] = response.responses
      if (single === undefined) throw new Error('no answer')
      const after = new Date(Date.parse(entry.responder.notAfter) + 1000)
      const longer = { ...response, responses: [{ ...single, nextUpdate: new Date('2030-01-01T00:00:00Z') }] }
      const verified = verifyOcspResponse(longer, { ...subjectOf(entry), now: after, maxAgeSeconds })
      expect(await codeOf(verified)).toBe('ocsp/responder-expired')
    }
  })

  describe('over whole paths', () => {
    const policy: RevocationPolicy = {
      scope: 'issuers-only',
      whenUnknown: 'fail',
      certificateHold: 'fail',
      maxAgeSeconds,
      onFailure: 'record',
    }
    const assess = async (chain: readonly Certificate[], now: Date, scope: RevocationPolicy['scope']) => {
      const root = chain.at(-1)
      if (root === undefined) throw new Error('empty chain')
      return assessRevocation({
        certificates: chain.slice(0, -1),
        trustAnchor: trustAnchorFromCertificate(root),
        revocation: {
          kind: 'checked',
          policy: { ...policy, scope },
          ocspResponses: entries.map(({ file }) => parseOcspResponse(read(file), file)),
          crls: [],
        },
        now,
        crypto: webCryptoProvider,
      })
    }
    const summary = (statuses: Awaited<ReturnType<typeof assess>>) =>
      statuses.map(({ status, acceptable, failures }) => [status, acceptable, failures[0]?.code])

    it('device: issuers good at the device clock, the leaf has no answer', async () => {
      const [device = []] = chains
      const good = ['good', true, undefined]
      expect(summary(await assess(device, deviceClock, 'issuers-only'))).toEqual([
        ['not-required', true, undefined],
        good,
        good,
        good,
      ])
      expect(summary(await assess(device, deviceClock, 'whole-path'))).toEqual([
        ['unknown', false, 'revocation/no-evidence'],
        good,
        good,
        good,
      ])
      expect(summary(await assess(device, rimClock, 'issuers-only')).slice(1)).toEqual(
        Array.from({ length: 3 }, () => ['unknown', false, 'ocsp/stale']),
      )
    })

    it('manifests: the whole path good at their clock', async () => {
      for (const chain of chains.slice(1)) {
        expect(summary(await assess(chain, rimClock, 'whole-path'))).toEqual(
          Array.from({ length: 3 }, () => ['good', true, undefined]),
        )
        expect(summary(await assess(chain, deviceClock, 'whole-path'))).toEqual(
          Array.from({ length: 3 }, () => ['unknown', false, 'ocsp/not-yet-valid']),
        )
      }
    })
  })
})

// The response with `certificate` in place of the one it carries, or with none, everything signed untouched.
function withCertificate(der: Uint8Array, certificate: Uint8Array | undefined): Uint8Array {
  const children = (block: unknown): asn1.BaseBlock[] => {
    if (block instanceof asn1.Sequence || block instanceof asn1.Constructed) return block.valueBlock.value
    throw new Error('not constructed')
  }
  const outer = asn1.fromBER(der).result
  const responseBytes = children(children(outer)[1])[0]
  const octets = children(responseBytes)[1]
  if (!(octets instanceof asn1.OctetString)) throw new Error('no response')
  const basic = asn1.fromBER(octets.getValue()).result
  const parts = children(basic).slice(0, 3)
  if (certificate !== undefined)
    parts.push(
      new asn1.Constructed({
        idBlock: { tagClass: 3, tagNumber: 0 },
        value: [new asn1.Sequence({ value: [asn1.fromBER(certificate).result] })],
      }),
    )
  const response = new asn1.Sequence({ value: parts }).toBER()
  const [type] = children(responseBytes)
  if (type === undefined) throw new Error('no type')
  return new Uint8Array(
    new asn1.Sequence({
      value: [
        new asn1.Enumerated({ value: 0 }),
        new asn1.Constructed({
          idBlock: { tagClass: 3, tagNumber: 0 },
          value: [new asn1.Sequence({ value: [type, new asn1.OctetString({ valueHex: response })] })],
        }),
      ],
    }).toBER(),
  )
}
