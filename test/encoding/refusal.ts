// What a refused input was refused for: the failure inside the error, or proof that nothing was thrown.
import { AttestationError } from '../../src/result/error.js'

export interface Refusal {
  readonly code: string
  readonly stage: string
  readonly at: string
  readonly details: unknown
}

/** The failure `run` throws, or `{ code: 'nothing thrown' }`. Any other error passes through and fails the test. */
export function refusal(run: () => unknown): Refusal {
  try {
    run()
  } catch (error) {
    if (error instanceof AttestationError) return error.failure
    throw error
  }
  return { code: 'nothing thrown', stage: '', at: '', details: undefined }
}

/** The failure `promise` rejects with. */
export async function rejection(promise: Promise<unknown>): Promise<Refusal> {
  try {
    await promise
  } catch (error) {
    if (error instanceof AttestationError) return error.failure
    throw error
  }
  return { code: 'nothing thrown', stage: '', at: '', details: undefined }
}
