// Evidence containers of the synthetic world, opened with nothing but JSON and Node's decoders.
import { describe, expect, it } from 'vitest'
import {
  cliEvidenceJson,
  cmwEvidenceJson,
  createSyntheticWorld,
  nrasRequestJson,
  sdkEvidenceJson,
  trusteeEvidenceJson,
} from '../../src/testing/index.js'

const world = createSyntheticWorld({ seed: 'evidence' })
const device = world.hopper()
const item = {
  arch: 'HOPPER',
  nonce: Buffer.from(device.nonce).toString('hex'),
  evidence: Buffer.from(device.report).toString('base64'),
  certificate: Buffer.from(device.chainPem).toString('base64'),
}

describe('containers', () => {
  it('SDK: an array of items, members added on demand', () => {
    expect(JSON.parse(sdkEvidenceJson([device]))).toEqual([item])
    expect(JSON.parse(sdkEvidenceJson([device], { version: '1.0' }))).toEqual([{ ...item, version: '1.0' }])
  })

  it('CLI: the array under `evidences`', () => {
    expect(JSON.parse(cliEvidenceJson([device]))).toEqual({ evidences: [item], result_code: 0, result_message: 'Ok' })
  })

  it('NRAS: nonce and architecture once', () => {
    const { evidence, certificate } = item
    expect(JSON.parse(nrasRequestJson([device, device], '3.0'))).toEqual({
      nonce: item.nonce,
      arch: 'HOPPER',
      claims_version: '3.0',
      evidence_list: [
        { evidence, certificate },
        { evidence, certificate },
      ],
    })
    expect(JSON.parse(nrasRequestJson([device]))).not.toHaveProperty('claims_version')
    expect(() => nrasRequestJson([])).toThrow(RangeError)
  })

  it('Trustee: reports in base64 or hex', () => {
    const { arch, evidence, certificate } = item
    expect(JSON.parse(trusteeEvidenceJson([device]))).toEqual({
      device_evidence_list: [{ arch, evidence, certificate }],
    })
    expect(JSON.parse(trusteeEvidenceJson([device], 'hex'))).toEqual({
      device_evidence_list: [{ arch, evidence: Buffer.from(device.report).toString('hex'), certificate }],
    })
  })

  it('CMW: media type and base64url', () => {
    const { 'GPU-0': gpu } = JSON.parse(cmwEvidenceJson([device]))
    expect(gpu.evidence[0]).toBe('application/vnd.nvidia.spdm-measurement-transcript')
    expect(Buffer.from(gpu.evidence[1], 'base64url')).toEqual(Buffer.from(device.report))
    expect(gpu.evidence[1]).not.toMatch(/[+/=]/)
  })
})
