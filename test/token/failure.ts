// What a refused call threw, for assertions on code and place.
import { expect } from 'vitest'
import { AttestationError } from '../../src/result/error.js'

export interface Refusal {
  readonly code: string
  readonly at: string
}

/** Code and place of the AttestationError that `run` throws or rejects with. */
export async function refusal(run: () => unknown): Promise<Refusal> {
  try {
    await run()
  } catch (error) {
    expect(error).toBeInstanceOf(AttestationError)
    if (error instanceof AttestationError) return { code: error.code, at: error.at }
  }
  throw new Error('accepted what must be refused')
}
