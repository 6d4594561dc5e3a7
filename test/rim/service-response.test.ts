// The RIM service's answer: what is read from it, and what is refused.
import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { parseRimServiceResponse } from '../../src/rim/service-response.js'
import { failureOf } from './failure.js'

const id = 'NV_GPU_DRIVER_GH100_550.90.07'
const document = Buffer.from('<SoftwareIdentity/>')
const genuine = {
  id,
  rim: document.toString('base64'),
  sha256: createHash('sha256').update(document).digest('hex'),
  last_updated: '2025-03-14T15:09:03.011000',
  rim_format: 'TCG',
  request_id: 'ca80a80a-054c-476e-bdd2-7be7e3047fe5',
}
const parse = (response: unknown) => parseRimServiceResponse(new TextEncoder().encode(JSON.stringify(response)), id)
const refused = (response: unknown) => failureOf(() => parse(response))

describe('accepted', () => {
  test('all fields', () => {
    const { manifest, sha256, ...rest } = parse(genuine)
    expect(Buffer.from(manifest).toString()).toBe('<SoftwareIdentity/>')
    expect(Buffer.from(sha256).toString('hex')).toBe(genuine.sha256)
    expect(rest).toEqual({ id, lastUpdated: '2025-03-14T15:09:03.011000' })
  })

  test.each(['TCG', 'TCG_RIM', 'SWID'])('format %s', (rim_format) => {
    expect(parse({ ...genuine, rim_format }).id).toBe(id)
  })

  test('fields it does not know, and without those that only inform', () => {
    const { last_updated, rim_format, request_id, ...needed } = genuine
    expect(parse({ ...needed, coev: 'AA==', coev_sha256: '00' }).lastUpdated).toBeUndefined()
  })
})

describe('refused', () => {
  const { id: _id, ...withoutId } = genuine
  const { rim: _rim, ...withoutRim } = genuine
  const { sha256: _sha256, ...withoutDigest } = genuine
  test.each<[string, string, unknown]>([
    ['manifest/response-id', 'id', { ...genuine, id: id.toLowerCase() }],
    ['manifest/response-id', 'id', { ...genuine, id: '' }],
    ['manifest/response-format', 'rim_format', { ...genuine, rim_format: 'CORIM' }],
    ['manifest/response-digest', 'sha256', { ...genuine, sha256: genuine.sha256.slice(2) }],
    ['encoding/hex', 'sha256', { ...genuine, sha256: 'unused' }],
    ['encoding/base64', 'rim', { ...genuine, rim: '<SoftwareIdentity/>' }],
    ['json/missing', 'id', withoutId],
    ['json/missing', 'rim', withoutRim],
    ['json/missing', 'sha256', withoutDigest],
    ['json/type', 'rim', { ...genuine, rim: null }],
    ['json/type', 'rim_format', { ...genuine, rim_format: 1 }],
    ['json/type', '', [genuine]],
  ])('%s at "%s"', (code, at, response) => {
    expect(refused(response)).toEqual({ code, at })
  })

  test('a name twice', () => {
    const text = JSON.stringify(genuine).replace('{', `{"id":"${id}",`)
    const { code } = failureOf(() => parseRimServiceResponse(new TextEncoder().encode(text), id))
    expect(code).toBe('json/duplicate-name')
  })
})
