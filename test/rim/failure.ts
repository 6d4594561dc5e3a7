// The code and place of a refusal, in the form tests compare.
import { AttestationError } from '../../src/result/error.js'

export interface Refusal {
  readonly code: string
  readonly at: string
}

const accepted: Refusal = { code: 'accepted', at: '' }

function refusalOf(error: unknown): Refusal {
  if (error instanceof AttestationError) return { code: error.code, at: error.at }
  throw error
}

/** What `act` is refused for; `accepted` if it is not. Anything but an AttestationError is passed on. */
export function failureOf(act: () => unknown): Refusal {
  try {
    act()
    return accepted
  } catch (error) {
    return refusalOf(error)
  }
}

export async function failureOfAsync(act: () => Promise<unknown>): Promise<Refusal> {
  try {
    await act()
    return accepted
  } catch (error) {
    return refusalOf(error)
  }
}
