// Proofs: the object itself, frozen, and nothing that looks like it.
import { describe, expect, it } from 'vitest'
import { isVerified, markVerified, requireVerified } from '../../src/result/proof.js'

describe('a proof', () => {
  const proof = markVerified({ value: 1, inner: { value: 2 } })

  it('is the object that was marked', () => {
    expect(isVerified(proof)).toBe(true)
    expect(() => requireVerified(proof, 'proof')).not.toThrow()
  })

  it('cannot be changed', () => {
    expect(Object.isFrozen(proof)).toBe(true)
    expect(() => Object.assign(proof, { value: 2 })).toThrow(TypeError)
  })

  it.each<[string, unknown]>([
    ['a spread', { ...proof }],
    ['a clone', structuredClone(proof)],
    ['an heir', Object.create(proof)],
    ['a proxy', new Proxy(proof, {})],
    ['a part', proof.inner],
    ['through JSON', JSON.parse(JSON.stringify(proof))],
    ['nothing', undefined],
    ['null', null],
    ['a text', 'proof'],
    ['a function', () => proof],
  ])('is not %s', (_, value) => {
    expect(isVerified(value)).toBe(false)
    expect(() => requireVerified(value, 'proof')).toThrow(/^proof must be the value a verify function returned/)
  })
})
