// The memory of digests answers only for the very bytes it was asked about.
import { describe, expect, it } from 'vitest'
import { webCryptoProvider } from '../../src/crypto/webcrypto.js'
import { rememberPreimages } from '../../src/x509/digest-memory.js'

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)

function counted(answer: boolean): { readonly check: () => Promise<boolean>; readonly calls: () => number } {
  let calls = 0
  return { check: async () => (calls++ >= 0 ? answer : !answer), calls: () => calls }
}

describe('rememberPreimages', () => {
  it('asks once for equal bytes, whichever object holds them', async () => {
    const identifier = Object.freeze({})
    const { check, calls } = counted(true)
    expect(await rememberPreimages(identifier, [bytes(1, 2)], webCryptoProvider, check)).toBe(true)
    expect(await rememberPreimages(identifier, [bytes(1, 2)], webCryptoProvider, check)).toBe(true)
    expect(calls()).toBe(1)
  })

  it('asks again for other bytes, another identifier or another provider', async () => {
    const identifier = Object.freeze({})
    await rememberPreimages(identifier, [bytes(1, 2)], webCryptoProvider, counted(true).check)
    const other = counted(false)
    expect(await rememberPreimages(identifier, [bytes(1, 3)], webCryptoProvider, other.check)).toBe(false)
    expect(await rememberPreimages(identifier, [bytes(1), bytes(2)], webCryptoProvider, other.check)).toBe(false)
    expect(await rememberPreimages(Object.freeze({}), [bytes(1, 2)], webCryptoProvider, other.check)).toBe(false)
    expect(await rememberPreimages(identifier, [bytes(1, 2)], { ...webCryptoProvider }, other.check)).toBe(false)
    expect(other.calls()).toBe(4)
  })

  it('keeps the bytes it was asked about, whatever becomes of them', async () => {
    const identifier = Object.freeze({})
    const asked = bytes(1, 2)
    await rememberPreimages(identifier, [asked], webCryptoProvider, counted(true).check)
    asked.set([3, 4])
    expect(await rememberPreimages(identifier, [asked], webCryptoProvider, counted(false).check)).toBe(false)
    expect(await rememberPreimages(identifier, [bytes(1, 2)], webCryptoProvider, counted(false).check)).toBe(true)
  })

  it('remembers nothing about an object that can change', async () => {
    const identifier = {}
    await rememberPreimages(identifier, [bytes(1)], webCryptoProvider, counted(true).check)
    expect(await rememberPreimages(identifier, [bytes(1)], webCryptoProvider, counted(false).check)).toBe(false)
  })

  it('asks once where it is asked twice at a time, and again after a failure', async () => {
    const identifier = Object.freeze({})
    const failing = (): Promise<boolean> => Promise.reject(new Error('no hash'))
    await expect(rememberPreimages(identifier, [bytes(1)], webCryptoProvider, failing)).rejects.toThrow('no hash')
    const { check, calls } = counted(true)
    const ask = (): Promise<boolean> => rememberPreimages(identifier, [bytes(1)], webCryptoProvider, check)
    expect(await Promise.all([ask(), ask(), ask()])).toEqual([true, true, true])
    expect(calls()).toBe(1)
  })
})
