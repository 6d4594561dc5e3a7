// The failure a call ends in; anything but an AttestationError is passed on and fails the test.
import { AttestationError } from '../../src/result/error.js'

export interface Outcome {
  readonly code: string
  readonly at: string
}

const none: Outcome = { code: 'none', at: '' }

function outcome(error: unknown): Outcome {
  if (error instanceof AttestationError) return { code: error.code, at: error.at }
  throw error
}

export function thrown(run: () => unknown): Outcome {
  try {
    run()
  } catch (error) {
    return outcome(error)
  }
  return none
}

export async function rejected(promise: Promise<unknown>): Promise<Outcome> {
  try {
    await promise
  } catch (error) {
    return outcome(error)
  }
  return none
}
