// Claims of a location bundle into a typed structure: measurement tokens, failure records, evidence items, operator's claim.
import { parseBase64Url } from '../bytes/base64.js'
import type { Bytes } from '../bytes/bytes.js'
import {
  type ClaimField,
  type ClaimsSet,
  claimBytes,
  claimEntries,
  claimInteger,
  claimItems,
  claimText,
  claimTypeError,
} from '../token/claim-field.js'
import { profileClaims } from './claim-names.js'
import { claimShortText } from './claim-reading.js'
import type { SignedToken } from './envelope.js'
import type { EvidenceItem, UnreachableLandmark } from './evidence.js'
import { type GeographicResult, readGeographicResult } from './geographic-result.js'
import { maxDiscs } from './geometry/discs.js'
import { claimOf, requiredClaim } from './profile-token.js'

export interface BundleClaims {
  readonly binding: Bytes
  readonly measurements: readonly SignedToken[]
  readonly unreachable: readonly UnreachableLandmark[]
  readonly evidence: ReadonlyMap<string, EvidenceItem>
  readonly claim: GeographicResult | undefined
}

const maxUnreachable = 4096
/** GPUs and their second brackets, switches, the machine. */
const maxEvidenceItems = 512
const maxEvidenceLength = 1_048_576

/** @throws AttestationError `token/claim-type`, `token/claim-missing`, `encoding/base64` */
export function readBundle(set: ClaimsSet, at: string): BundleClaims {
  const failed = claimOf(set, profileClaims.failed, at)
  const evidence = claimOf(set, profileClaims.evidenceItems, at)
  const claim = claimOf(set, profileClaims.claim, at)
  return {
    binding: claimBytes(requiredClaim(set, profileClaims.binding, at), 1, 1024),
    measurements: claimItems(requiredClaim(set, profileClaims.measurements, at), 0, maxDiscs).map(readToken),
    unreachable: failed === undefined ? [] : claimItems(failed, 0, maxUnreachable).map(readUnreachable),
    evidence: evidence === undefined ? new Map() : readEvidence(evidence),
    claim: claim === undefined ? undefined : readGeographicResult(claim),
  }
}

// Landmarks choose the encoding of their tokens, whatever that of the bundle: a JWS has dots, base64url has none.
function readToken(field: ClaimField): SignedToken {
  const { value, encoding, at } = field
  if (value instanceof Uint8Array) return value
  const text = claimText(field)
  return encoding === 'cbor' || text.includes('.') ? text : parseBase64Url(text, at)
}

function readUnreachable(field: ClaimField): UnreachableLandmark {
  const [landmark, reason, tries] = claimItems(field, 3, 3)
  if (landmark === undefined || reason === undefined || tries === undefined) throw claimTypeError(field, '3 items')
  return { landmark: claimShortText(landmark), reason: claimShortText(reason), tries: claimInteger(tries, 0) }
}

function readEvidence(field: ClaimField): ReadonlyMap<string, EvidenceItem> {
  const entries = claimEntries(field)
  if (entries.length > maxEvidenceItems) throw claimTypeError(field, `${maxEvidenceItems} items or fewer`)
  return new Map(
    entries.map(([name, record]) => {
      const [type, value] = claimItems(record, 2, 3)
      if (type === undefined || value === undefined) throw claimTypeError(record, 'type and value')
      return [name, { type: claimShortText(type), value: claimBytes(value, 1, maxEvidenceLength) }]
    }),
  )
}
