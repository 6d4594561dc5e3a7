// The bound every reader sets before it looks at its input.
import { parseError } from '../result/error.js'

/** Octets, or characters of text. @throws AttestationError `bytes/too-large` */
export function requireSize(input: { readonly length: number }, limit: number, at: string): void {
  if (input.length > limit) throw parseError('bytes/too-large', at, { limit, actual: input.length })
}
