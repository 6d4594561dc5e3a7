import { describe, expect, it } from 'vitest'
import { maxDocuments } from '../../src/collateral/bundle.js'
import { fitBundle } from '../../src/collateral/bundle-fit.js'
import type { CollectedDocument } from '../../src/collateral/document.js'
import { encodeCollateral } from '../../src/collateral/index.js'
import { parseOcspResponse } from '../../src/x509/ocsp.js'
import { brom, now, provisioner, world } from './world.js'

// As long as notes can be, in letters that JSON writes as two.
const source = `https://${'\\'.repeat(2048)}`
const origin = { id: 'x'.repeat(128), obtainedAt: now, source }
const manifest = (length: number): CollectedDocument => ({
  kind: 'manifest',
  xml: new Uint8Array(length),
  certificates: [],
  origin,
})
const response = parseOcspResponse(world.ocspResponse(brom, provisioner))
const statusOrigin = { nonce: new Uint8Array(128), obtainedAt: now, source }
const status: CollectedDocument = { kind: 'ocsp', response, origin: statusOrigin }
const times = <T>(count: number, item: T): readonly T[] => Array.from({ length: count }, () => item)

describe('documents that one bundle does not hold', () => {
  it('are the last ones of a kind that has too many', () => {
    const { manifests, ocspResponses } = maxDocuments
    const first = manifest(0)
    const { documents, problems } = fitBundle([
      ...times(ocspResponses + 2, status),
      first,
      ...times(manifests, manifest(1)),
    ])
    expect(documents.length).toBe(manifests + ocspResponses)
    expect(documents[0]).toBe(first)
    expect(problems.map(({ code, at, details }) => [code, at, details])).toEqual([
      ['collateral/too-many', 'manifests', { limit: manifests, actual: manifests + 1 }],
      ['collateral/too-many', 'ocspResponses', { limit: ocspResponses, actual: ocspResponses + 2 }],
    ])
  })

  it('are those that find no room, and nothing else', () => {
    const { documents, problems } = fitBundle([...times(60, manifest(1 << 20)), status, ...times(2, manifest(1))])
    // A mebibyte is 1398104 letters of base64, and 48 times that is more than 64 mebibytes.
    expect(documents.filter(({ kind }) => kind === 'manifest').length).toBe(47 + 2)
    expect(documents.at(-1)).toBe(status)
    expect(problems.map(({ code, at }) => [code, at])).toEqual([['bytes/too-large', 'manifests']])
  })

  it('are measured with more than the longest notes take', () => {
    const none = { manifests: [], ocspResponses: [], crls: [], certificates: [] }
    const empty = { ...none, createdAt: now, origins: none }
    const frame = encodeCollateral(empty).length
    const withManifest = { ...empty, manifests: [new Uint8Array(0)], origins: { ...none, manifests: [origin] } }
    const withStatus = { ...empty, ocspResponses: [response], origins: { ...none, ocspResponses: [statusOrigin] } }
    // What the measure allows: 1024 for the frame, and for each document, beside its base64 and its source.
    expect(frame).toBeLessThan(1024)
    expect(encodeCollateral(withManifest).length - frame).toBeLessThan(2 * source.length + 1024)
    const base64 = Buffer.from(response.raw).toString('base64').length
    expect(encodeCollateral(withStatus).length - frame - base64).toBeLessThan(2 * source.length + 1024)
  })
})
