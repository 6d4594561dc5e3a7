// An issuer's assertion under a policy: whose word counts, whether it holds together, what measurements say to it.
import type { LocationAssertion } from '../location/assertion.js'
import type { LocationEvidence } from '../location/evidence.js'
import { intersectDiscs } from '../location/geometry/intersection.js'
import { ellipsoidSlack } from '../location/geometry/radius.js'
import type { Region } from '../location/geometry/region.js'
import { earthRadiusMeters, fromDegrees } from '../location/geometry/vector.js'
import type { LocationPolicy } from '../location/policy.js'
import type { TerritoryAnswer, TerritorySet } from '../location/territory.js'
import { boundaryTest } from '../location/territory-boundary.js'
import { appraiseFailure } from '../result/failure.js'
import type { LocationLedger } from './location.js'
import { type Answers, ask, regionAnswers } from './location-answers.js'

export interface AssertedAnswers extends Answers {
  /** The policy takes this issuer's word, and nothing contradicts it. */
  readonly accepted: boolean
}

interface AssertionInput {
  readonly evidence: LocationEvidence | undefined
  readonly assertion: LocationAssertion | undefined
  readonly policy: LocationPolicy
  readonly territories: TerritorySet
  /** The region measured, at the policy's speed. */
  readonly region: Region | undefined
}

/** Records the check `assertion` and says what the assertion answers; undefined without one. */
export function appraiseAssertion(ledger: LocationLedger, input: AssertionInput): AssertedAnswers | undefined {
  const { evidence, assertion, policy, territories } = input
  if (assertion === undefined) {
    ledger.notApplicable('assertion', 'no assertion was given')
    return undefined
  }
  const asked = ask(() => ({
    answers: assertedAnswers(assertion, policy, territories),
    fault: assertionFault(assertion, input),
  }))
  if ('failure' in asked) {
    ledger.indeterminate('assertion', asked.failure)
    return undefined
  }
  const { answers, fault } = asked.answers
  const listed = policy.acceptedIssuers.includes(assertion.issuer)
  if (fault !== undefined) ledger.fail('assertion', fault)
  else if (listed) ledger.pass('assertion')
  else if (evidence !== undefined) ledger.notApplicable('assertion', "the policy does not take this issuer's word")
  else
    ledger.fail(
      'assertion',
      appraiseFailure('location/issuer-not-accepted', 'assertion.issuer', {
        issuer: assertion.issuer,
        accepted: policy.acceptedIssuers,
      }),
    )
  return { ...answers, accepted: listed && fault === undefined }
}

function assertionFault(
  assertion: LocationAssertion,
  { evidence, region, policy, territories }: AssertionInput,
): ReturnType<typeof appraiseFailure> | undefined {
  const { device, geographic, location } = assertion
  // Of every device of the evidence: a word about one says nothing of the others.
  if (evidence !== undefined && !evidence.devices.every(({ ueid }) => ueid === device.ueid))
    return appraiseFailure('location/assertion-of-another-device', 'assertion.device', { ueid: device.ueid })
  // Judged at the instant of the evidence, which may be later than that of the assertion.
  const { expiresAt } = assertion
  const appraisedAt = (evidence?.verifiedAt ?? assertion.verifiedAt).getTime() / 1000
  if (evidence !== undefined && !(appraisedAt < expiresAt))
    return appraiseFailure('location/assertion-expired', 'assertion.expiresAt', { expiresAt, appraisedAt })
  const stated = statedRegion(assertion)
  if (
    stated !== undefined &&
    geographic !== undefined &&
    territories.outside(stated, [geographic.country]) === 'proved'
  )
    return appraiseFailure('location/assertion-contradiction', 'assertion.location', { country: geographic.country })
  if (region === undefined || region.kind !== 'bounded') return undefined
  const elsewhere =
    (geographic !== undefined && territories.outside(region, [geographic.country]) === 'proved') ||
    (location !== undefined && isBeyond(region, assertion))
  return elsewhere
    ? appraiseFailure('location/assertion-refuted', 'assertion', {
        issuer: assertion.issuer,
        country: geographic?.country ?? null,
        speed: policy.speed,
      })
    : undefined
}

/** The asserted position with the accuracy the issuer gives; a point where it gives none. */
function statedRegion({ location, accuracyMeters = 0 }: LocationAssertion): Region | undefined {
  if (location === undefined) return undefined
  const center = fromDegrees(location.latitudeDegrees, location.longitudeDegrees)
  // Half way round the globe rules nothing out; larger numbers say no more.
  const radiusMeters = Math.min(accuracyMeters, 25_000_000) * ellipsoidSlack
  return intersectDiscs({ discs: [{ center, radiusMeters, group: 'issuer' }], faultTolerance: 0 })
}

/** No point of the region is within the stated accuracy of the asserted position. */
function isBeyond(region: Region, { location, accuracyMeters = 0 }: LocationAssertion): boolean {
  if (location === undefined) return false
  const point = fromDegrees(location.latitudeDegrees, location.longitudeDegrees)
  const limitRad = Math.min((accuracyMeters * ellipsoidSlack) / earthRadiusMeters, Math.PI)
  return !region.contains(point) && !boundaryTest(region)(point[0], point[1], point[2], limitRad)
}

function assertedAnswers(assertion: LocationAssertion, policy: LocationPolicy, territories: TerritorySet): Answers {
  const { geographic } = assertion
  const stated = statedRegion(assertion)
  const byPosition = stated === undefined ? undefined : regionAnswers(stated, policy, territories)
  const byCountry = geographic === undefined ? undefined : countryAnswers(geographic.country, policy, territories)
  return {
    inside: stronger(byPosition?.inside, byCountry?.inside),
    outside: stronger(byPosition?.outside, byCountry?.outside),
  }
}

/** Both forms come from one issuer: either may settle a question, but a `refuted` outweighs a `proved`. */
function stronger(a: TerritoryAnswer | undefined, b: TerritoryAnswer | undefined): TerritoryAnswer | undefined {
  if (a === 'refuted' || b === 'refuted') return 'refuted'
  if (a === 'proved' || b === 'proved') return 'proved'
  return a ?? b
}

const nowhere = { discs: [], faultTolerance: 0 } as const

/** A country by name: inside if it is listed, outside if no area that answers to it answers to a listed one, too. */
function countryAnswers(country: string, { inside, outside }: LocationPolicy, territories: TerritorySet): Answers {
  // All areas of the maps: those that nothing rules out.
  const areas = territories.areas(intersectDiscs(nowhere)).filter((area) => area.codes.includes(country))
  const meets = (set: readonly string[]): boolean =>
    set.includes(country) || areas.some((area) => area.codes.some((code) => set.includes(code)))
  return {
    inside:
      inside === undefined ? undefined : inside.includes(country) ? 'proved' : meets(inside) ? 'undecided' : 'refuted',
    outside:
      outside === undefined
        ? undefined
        : outside.includes(country)
          ? 'refuted'
          : meets(outside)
            ? 'undecided'
            : 'proved',
  }
}
