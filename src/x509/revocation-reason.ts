// Reads CRLReason (RFC 5280 section 5.3.1), shared by OCSP responses and CRLs.
import { type DerCursor, derTag, joinPath, readUnsigned } from '../encoding/der.js'
import { parseError } from '../result/error.js'

/** `removeFromCRL` exists in delta CRLs only, which are refused. */
export type RevocationReason =
  | 'unspecified'
  | 'keyCompromise'
  | 'cACompromise'
  | 'affiliationChanged'
  | 'superseded'
  | 'cessationOfOperation'
  | 'certificateHold'
  | 'privilegeWithdrawn'
  | 'aACompromise'

const reasons: readonly (RevocationReason | undefined)[] = [
  'unspecified',
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  undefined,
  undefined,
  'privilegeWithdrawn',
  'aACompromise',
]

/**
 * Reads the ENUMERATED.
 * @throws AttestationError `revocation/reason`
 */
export function readRevocationReason(cursor: DerCursor, field: string): RevocationReason {
  const value = readUnsigned(cursor, field, derTag.enumerated)
  const reason = reasons[value]
  if (reason === undefined) throw parseError('revocation/reason', joinPath(cursor.path, field), { value })
  return reason
}
