// A document that could not be read, as a failure to collect it.
import { AttestationError, collectError } from '../result/error.js'
import type { DocumentName } from './document.js'

/** The failure of a parser as the cause of `collect/malformed`; anything else, failures to collect included, as it is. */
export function malformed(error: unknown, { at, document, url }: DocumentName): unknown {
  if (!(error instanceof AttestationError)) return error
  const { failure } = error
  const stage: string = failure.stage
  if (stage === 'collect') return error
  return collectError('collect/malformed', at, { document, url, cause: failure.code, causeAt: failure.at }, error)
}
