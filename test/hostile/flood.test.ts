// Inputs made to exhaust: small ones that unfold, many that say the same, and lists without end.
import { afterEach, describe, expect, it } from 'vitest'
import type { Collateral } from '../../src/appraise/collateral.js'
import { encodeUtf8 } from '../../src/bytes/text.js'
import { MAX_CBOR_VALUES, parseCbor } from '../../src/encoding/cbor.js'
import { parseJson } from '../../src/encoding/json.js'
import { parseEvidence } from '../../src/nvidia/evidence.js'
import {
  contextConstructed,
  contextPrimitive,
  generalizedTime,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  set,
  utf8String,
} from '../../src/testing/der.js'
import type { OcspStatement } from '../../src/testing/index.js'
import { cmwEvidenceJson, createOcspResponse, sdkEvidenceItem } from '../../src/testing/index.js'
import { parseCrl } from '../../src/x509/crl.js'
import { type OcspResponse, parseOcspResponse } from '../../src/x509/ocsp.js'
import { collateralFor, evidenceOf, judge, now, outcome, responses, verifierOf, world } from '../appraise/scene.js'
import { refusal } from '../encoding/refusal.js'

const hopper = world.hopper()
const dayMs = 86_400_000

describe('CBOR that unfolds', () => {
  const arrayOf = (count: number, item: number): Uint8Array => {
    const bytes = new Uint8Array(5 + count).fill(item)
    bytes[0] = 0x9a
    new DataView(bytes.buffer).setUint32(1, count)
    return bytes
  }
  it.each([
    ['empty maps', 0xa0],
    ['empty arrays', 0x80],
    ['empty byte strings', 0x40],
    ['zeros', 0x00],
  ])('into %s is refused at the limit', (_, item) => {
    expect(parseCbor(arrayOf(MAX_CBOR_VALUES - 1, item), '')).toHaveLength(MAX_CBOR_VALUES - 1)
    expect(refusal(() => parseCbor(arrayOf(MAX_CBOR_VALUES, item), ''))).toMatchObject({
      code: 'cbor/values',
      details: { limit: MAX_CBOR_VALUES },
    })
    expect(refusal(() => parseCbor(arrayOf(4_000_000, item), '')).code).toBe('cbor/values')
  })
})

describe('lists without end', () => {
  const name = (attributes: number): Uint8Array =>
    sequence(...Array.from({ length: attributes }, () => set(sequence(objectIdentifier('2.5.4.3'), utf8String('a')))))
  const crl = (attributes: number, names: number): Uint8Array => {
    const algorithm = sequence(objectIdentifier('1.2.840.10045.4.3.3'))
    const places = Array.from({ length: names }, () => contextPrimitive(6, new Uint8Array()))
    const scope = sequence(contextConstructed(0, contextConstructed(0, ...places)))
    const extension = sequence(objectIdentifier('2.5.29.28'), octetString(scope))
    const tbs = sequence(
      integer(1),
      algorithm,
      name(attributes),
      generalizedTime(now),
      contextConstructed(0, sequence(extension)),
    )
    return sequence(tbs, algorithm, Uint8Array.of(0x03, 0x01, 0x00))
  }
  it('of names in a revocation list are refused', () => {
    expect(parseCrl(crl(1, 8192)).scope.distributionPoint).toHaveLength(8192)
    expect(refusal(() => parseCrl(crl(1, 8193)))).toMatchObject({ code: 'der/too-many', details: { limit: 8192 } })
  })

  it('of attributes in a name are refused', () => {
    expect(parseCrl(crl(64, 1)).issuer.attributes).toHaveLength(64)
    expect(refusal(() => parseCrl(crl(65, 1)))).toMatchObject({ code: 'der/too-many', details: { limit: 64 } })
  })
})

describe('a nonce stated once for many items', () => {
  const { nonce: _, ...bare } = { ...sdkEvidenceItem(hopper) }
  const items = Array.from({ length: 128 }, () => bare)
  const long = 'ab'.repeat(1_000_000)

  it('is refused when it is long', () => {
    const container = (nonce: string) => encodeUtf8(JSON.stringify({ nonce, evidences: items }))
    expect(refusal(() => parseEvidence(container(long)))).toMatchObject({
      code: 'bytes/too-large',
      at: 'items[0].nonce',
    })
    const nonce = Buffer.from(hopper.nonce).toString('hex')
    expect(parseEvidence(container(nonce))[127]?.declared.nonce).toEqual(hopper.nonce)
  })

  it('is refused when it is long, in a message wrapper', () => {
    const wrapper: Record<string, unknown> = JSON.parse(cmwEvidenceJson([hopper]))
    const { nonce: __, ...item } = wrapper['GPU-0'] as Record<string, unknown>
    const nonce = ['application/octet-stream', 'A'.repeat(1_000_000)]
    const given = encodeUtf8(JSON.stringify({ ...wrapper, 'GPU-0': item, nonce }))
    expect(refusal(() => parseEvidence(given))).toMatchObject({ code: 'bytes/too-large', at: 'nonce' })
  })
})

it('a label of megabytes is no label', async () => {
  const result = await judge({ device: hopper, labels: { arch: 'hopper'.repeat(200_000) } })
  expect(result.failures.map(({ code }) => code)).toEqual(['evidence/architecture-mismatch'])
})

it('a text of many escapes is read like any other', () => {
  for (const count of [2047, 2048, 2049, 100_000])
    expect(parseJson(encodeUtf8(`"${'a\\n\\u00e9'.repeat(count)}"`), '')).toBe('a\né'.repeat(count))
})

describe('OCSP responses in great number', () => {
  const collateral = collateralFor(hopper)
  const forged = (response: OcspResponse): OcspResponse => {
    if (response.kind !== 'answer') throw new Error('no answer')
    const der = response.raw.slice()
    const start = response.signature.byteOffset - response.raw.byteOffset
    der[start + response.signature.length - 1] = (response.signature.at(-1) ?? 0) ^ 1
    return parseOcspResponse(der, 'forged')
  }
  const statuses = world.deviceOcspResponses(hopper.chain)
  const [brom] = responses(statuses)
  if (brom === undefined) throw new Error('no response')
  const flood = (count: number): readonly OcspResponse[] => Array.from({ length: count }, () => forged(brom))
  const judged = (ocspResponses: readonly OcspResponse[]) =>
    judge({ device: hopper, collateral: { ...collateral, ocspResponses } })

  it('forged, about one certificate, are looked at up to a limit', async () => {
    expect((await judged([...flood(64), ...collateral.ocspResponses])).verdict).toBe('pass')
    const result = await judged([...flood(65), ...collateral.ocspResponses])
    expect(outcome(result, 'device-revocation')).toMatchObject({
      outcome: 'indeterminate',
      failures: [{ code: 'revocation/work-limit', details: { limit: 64 } }],
    })
  })

  it('forged, do not hide that a certificate was shown to be revoked', async () => {
    const status = { revokedAt: new Date('2025-06-01T00:00:00Z'), reason: 'keyCompromise' } as const
    const revoked = responses(world.deviceOcspResponses(hopper.chain, { status }))
    const result = await judged([...revoked, ...flood(65), ...collateral.ocspResponses])
    expect(outcome(result, 'device-revocation').outcome).toBe('fail')
    expect(result.failures[0]?.code).toBe('revocation/revoked')
  })

  it('valid, do not count against the limit', async () => {
    const many = Array.from({ length: 70 }, () => collateral.ocspResponses).flat()
    expect((await judged(many)).verdict).toBe('pass')
  })

  it('without an answer, are reported up to a limit', async () => {
    const busy = parseOcspResponse(Uint8Array.of(0x30, 0x03, 0x0a, 0x01, 0x03))
    const given = collateral.ocspResponses.slice(1)
    const result = await judged([...Array.from({ length: 2000 }, () => busy), ...given])
    expect(outcome(result, 'device-revocation').failures.length).toBeLessThanOrEqual(65)
  })
})

describe('more dates than a call has arguments', () => {
  const unhandled: unknown[] = []
  const note = (reason: unknown): void => void unhandled.push(reason)
  afterEach(() => {
    process.off('unhandledRejection', note)
  })

  it('are all looked at before an answer is kept', async () => {
    process.on('unhandledRejection', note)
    const collateral = collateralFor(hopper)
    const statement = (i: number): OcspStatement => ({
      subject: { serialNumber: Uint8Array.of(1, i) },
      issuer: hopper.chain.provisioner,
      thisUpdate: now,
      nextUpdate: new Date(now.getTime() + (i + 2) * dayMs),
    })
    const crowd = parseOcspResponse(
      createOcspResponse(world.seed, [statement(0), ...Array.from({ length: 31 }, (_, i) => statement(i + 1))], {
        producedAt: now,
      }),
    )
    const many: Collateral = {
      ...collateral,
      ocspResponses: [...collateral.ocspResponses, ...Array.from({ length: 8000 }, () => crowd)],
    }
    const result = await verifierOf().appraise(evidenceOf(hopper), { nonce: hopper.nonce, now, collateral: many })
    expect(result.verdict).toBe('pass')
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(unhandled).toEqual([])
  })
})
