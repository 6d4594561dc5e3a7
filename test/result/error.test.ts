// The error class: what a handler can rely on.
import { describe, expect, it } from 'vitest'
import { AttestationError, collectError, parseError, verifyError } from '../../src/result/error.js'

describe('AttestationError', () => {
  it('carries code, place, stage and details', () => {
    const error = parseError('bytes/truncated', 'report', { needed: 2, available: 1 })
    expect(error).toBeInstanceOf(AttestationError)
    expect(error).toBeInstanceOf(Error)
    expect([error.name, error.code, error.at]).toEqual(['AttestationError', 'bytes/truncated', 'report'])
    expect(error.failure).toEqual({
      code: 'bytes/truncated',
      stage: 'parse',
      at: 'report',
      details: { needed: 2, available: 1 },
    })
    expect(error.message).toContain('bytes/truncated')
    expect(error.message).toContain('report')
  })

  it('keeps the stage of the function that made it', () => {
    expect(verifyError('spdm/signature', '', { algorithm: 'ecdsa-p384-sha384' }).failure.stage).toBe('verify')
    expect(collectError('collect/no-manifest-id', '', { kind: 'driver', product: 'GR100' }).failure.stage).toBe(
      'collect',
    )
  })

  it('passes its cause on, and has none otherwise', () => {
    const cause = new RangeError('inner')
    expect(parseError('encoding/utf8', 'x', {}, cause).cause).toBe(cause)
    expect('cause' in parseError('encoding/utf8', 'x', {})).toBe(false)
  })
})
