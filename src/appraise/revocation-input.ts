// Hands a collateral's revocation data to path verification, statuses recorded instead of enforced.
import type { RevocationInput } from '../x509/revocation.js'
import type { Collateral } from './collateral.js'
import type { RevocationRequirement } from './policy.js'
import type { RevocationScope } from './revocation.js'

/** Judging the statuses is the appraisal's, so that it can name each and honour waivers. */
export function revocationInput(
  collateral: Collateral | undefined,
  requirement: RevocationRequirement,
  scope: RevocationScope,
): RevocationInput {
  if (collateral === undefined) return { kind: 'unchecked', reason: 'no collateral given' }
  return {
    kind: 'checked',
    policy: { ...requirement, scope, onFailure: 'record' },
    ocspResponses: collateral.ocspResponses,
    crls: collateral.crls,
  }
}
