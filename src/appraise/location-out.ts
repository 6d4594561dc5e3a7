// Turns a location result into one submodule of an EAT Attestation Result (docs/location-profile.md section 10).
import type { Bytes } from '../bytes/bytes.js'
import { geographicClaims, locationProfile } from '../location/claim-names.js'
import type { Tier } from '../result/result.js'
import type { AppraisalOut } from '../token/result-out.js'
import type { LocationResult } from './location.js'
import type { LocationClaims } from './location-claims.js'
import { describeFoundation, describePlace } from './location-out-members.js'
import { tierOf } from './tier.js'

/** What `locationResultAppraisal` needs besides the result. */
export interface LocationResultOut {
  /** SHA-256 of the bundle as received; without measurements, of the issuer's token. */
  readonly evidenceDigest: Bytes
  /** Name among the submodules; default `location`. */
  readonly label?: string
}

/**
 * Says a location result as `issueEarJwt` and `issueEarCwt` of the token entry take it, next to those of devices.
 *
 * It affirms only if the verdict is a pass and nothing was waived: undecided questions and waivers warn, refuted ones and
 * failed checks contraindicate. A country in the draft's own claim (`ear.geographic-result-claims`) appears only if it
 * affirms, and the region measured lies wholly on undisputed land of that country, with a relay excluded.
 *
 * Does not look at the evidence again, and cannot tell whose digest it is given.
 * @throws TypeError if the result has no claims, which `appraiseLocation` never returns, or the digest is not 32 bytes
 */
export function locationResultAppraisal(
  result: LocationResult,
  { evidenceDigest, label = 'location' }: LocationResultOut,
): AppraisalOut {
  const { claims, checks, failures } = result
  if (claims === undefined) throw new TypeError('the result must be one that appraiseLocation returned')
  if (evidenceDigest.length !== 32) throw new TypeError('evidenceDigest must be 32 bytes, a SHA-256')
  const tier = tierOut(result)
  const country = tier === 'affirming' ? onlyCountry(claims) : undefined
  return {
    label,
    tier,
    policyId: claims.policyId,
    evidenceDigest,
    checks: checks.map(({ id, outcome, reason }) => ({ id, outcome, ...(reason === undefined ? {} : { reason }) })),
    claims: {
      eat_profile: locationProfile,
      ...describePlace(claims),
      ...describeFoundation(claims),
      'loc.failures': failures.map(({ code, at }) => ({ code, at })),
      ...(country === undefined
        ? {}
        : { [geographicClaims.result.name]: { [geographicClaims.country.name]: country } }),
    },
  }
}

/** A result is data, so it may be put together wrongly: what does not agree with itself affirms nothing. */
function tierOut({ verdict, tier, checks }: LocationResult): Tier {
  if (tier !== 'affirming') return tier
  return verdict === 'pass' ? tierOf(checks) : 'contraindicated'
}

/**
 * The one country the device can be in, by measurement alone. An issuer's word has its own claim, and water or disputed
 * land leave it open: the draft's claim has no room for what an answer rests on.
 */
function onlyCountry({ bounds, assumptions, assurance }: LocationClaims): string | undefined {
  if (bounds === undefined || assumptions === undefined || assurance.relay === 'not-excluded') return undefined
  const { region, possible, sea, disputed } = bounds[assumptions.speed]
  const [country, ...others] = possible
  if (region.kind !== 'bounded' || sea === 'possible' || disputed.length > 0 || others.length > 0) return undefined
  // Territories that the caller drew have codes of their own.
  return country !== undefined && /^[A-Z]{2}$/.test(country) ? country : undefined
}
