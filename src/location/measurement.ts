// Claims of a landmark's measurement into a typed structure. Form only: verify-measurement.ts judges what they say.
import type { Bytes } from '../bytes/bytes.js'
import {
  type ClaimField,
  type ClaimsSet,
  claimBytes,
  claimField,
  claimInteger,
  claimItems,
  claimMap,
  claimText,
  claimTypeError,
} from '../token/claim-field.js'
import { type EatLocation, readLocation } from '../token/eat-location.js'
import { type ClaimName, profileClaims, registeredClaims } from './claim-names.js'
import { type Confirmation, claimName, claimNonces, claimTokenId, readConfirmation } from './claim-reading.js'
import { maxUncertaintyMeters, requireRtt } from './geometry/radius.js'
import { claimInRange, claimOf, requiredClaim } from './profile-token.js'

/** One answered round in audit mode. `answer`: the session key's signature, or the SHA-256 of a device report. */
export interface MeasurementRound {
  readonly index: number
  readonly challenge: Bytes
  readonly answer: Bytes
  readonly at: string
}

export type ClockSource = 'nts' | 'roughtime' | 'ptp' | 'gnss' | 'ntp' | 'none'
const clockSources = ['nts', 'roughtime', 'ptp', 'gnss', 'ntp', 'none'] as const

export type TimestampSource = 'hw' | 'kernel' | 'user'
const timestampSources = ['hw', 'kernel', 'user'] as const

/** What a landmark says about the path; never used to make a disc smaller. */
export type PathMedium = 'unknown' | 'fibre' | 'mixed' | 'leo' | 'geo'
const pathMedia = ['unknown', 'fibre', 'mixed', 'leo', 'geo'] as const

export interface MeasurementClaims {
  readonly tokenId: string
  /** The verifier's and the agent's nonce. */
  readonly nonces: readonly Bytes[]
  readonly confirmation: Confirmation
  readonly evidence: Bytes
  readonly session: Bytes
  readonly landmarkNonce: Bytes
  readonly location: EatLocation
  readonly positionUncertaintyMeters: number | undefined
  /** First and last round, seconds since 1970, landmark's clock. */
  readonly window: readonly [number, number]
  readonly rttMinNs: number
  readonly rttNs: readonly number[]
  readonly sent: number
  readonly received: number
  readonly timestampSource: TimestampSource
  /** Who answered; anything but `session-key` and `gpu` is refused later. */
  readonly responder: string
  readonly medium: PathMedium
  readonly transcript: Bytes
  readonly transcriptSignature: Bytes
  readonly rounds: readonly MeasurementRound[] | undefined
  readonly clock: { readonly source: ClockSource; readonly errorMs: number }
  /** The agent's own shortest round trip, under its signature; 0 if it made none. */
  readonly agentRttMinNs: number
}

/** Rounds of one measurement; the profile's default is 20. */
export const maxRounds = 256
/** Rounds tried; bounds re-runs for luck, which are harmless but endless. */
const maxSent = 4096
const maxClockErrorMs = 86_400_000
const maxSeconds = 8_640_000_000_000

/** @throws AttestationError `token/claim-type`, `token/claim-missing`, `location/round-trip-time`, `encoding/base64` and those of keys */
export function readMeasurement(set: ClaimsSet, at: string): MeasurementClaims {
  const required = (claim: ClaimName): ClaimField => requiredClaim(set, claim, at)
  const bytes = (claim: ClaimName, length: number): Bytes => claimBytes(required(claim), length, length)
  const uncertainty = claimOf(set, profileClaims.positionUncertainty, at)
  const rounds = claimOf(set, profileClaims.rounds, at)
  const agentRtt = claimOf(set, profileClaims.agentRttMin, at)
  return {
    tokenId: claimTokenId(required(registeredClaims.tokenId)),
    nonces: claimNonces(required(registeredClaims.nonce)),
    confirmation: readConfirmation(required(registeredClaims.confirmation)),
    evidence: bytes(profileClaims.evidence, 32),
    session: bytes(profileClaims.session, 16),
    landmarkNonce: claimBytes(required(profileClaims.landmarkNonce), 1, 64),
    location: readLocation(required(registeredClaims.location)),
    positionUncertaintyMeters:
      uncertainty === undefined ? undefined : claimInRange(uncertainty, 0, maxUncertaintyMeters),
    window: readWindow(required(profileClaims.window)),
    rttMinNs: readRtt(required(profileClaims.rttMin)),
    rttNs: claimItems(required(profileClaims.rtt), 1, maxRounds).map(readRtt),
    sent: claimInRange(required(profileClaims.sent), 1, maxSent),
    received: claimInRange(required(profileClaims.received), 1, maxRounds),
    timestampSource: claimName(required(profileClaims.timestampSource), timestampSources),
    responder: claimText(required(profileClaims.responder)),
    medium: readMedium(claimOf(set, profileClaims.path, at)),
    transcript: bytes(profileClaims.transcript, 32),
    transcriptSignature: claimBytes(required(profileClaims.transcriptSignature), 64, 96),
    rounds: rounds === undefined ? undefined : claimItems(rounds, 1, maxRounds).map(readRound),
    clock: readClock(required(profileClaims.clock)),
    agentRttMinNs: agentRtt === undefined ? 0 : claimInRange(agentRtt, 1, 60_000_000_000),
  }
}

function readRtt(field: ClaimField): number {
  const rttNs = claimInteger(field, 0)
  requireRtt(rttNs, field.at)
  return rttNs
}

function readWindow(field: ClaimField): readonly [number, number] {
  const [first, last] = claimItems(field, 2, 2)
  if (first === undefined || last === undefined) throw claimTypeError(field, '2 items')
  const window = [claimInRange(first, 0, maxSeconds), claimInRange(last, 0, maxSeconds)] as const
  if (window[0] > window[1]) throw claimTypeError(field, 'the first round before the last')
  return window
}

function readRound(field: ClaimField): MeasurementRound {
  const [index, challenge, answer] = claimItems(field, 3, 3)
  if (index === undefined || challenge === undefined || answer === undefined) throw claimTypeError(field, '3 items')
  return {
    index: claimInRange(index, 1, maxSent),
    challenge: claimBytes(challenge, 1, 64),
    answer: claimBytes(answer, 32, 96),
    at: field.at,
  }
}

function readClock(field: ClaimField): MeasurementClaims['clock'] {
  const map = claimMap(field)
  const member = (name: string, key: number): ClaimField => requiredClaim(map, { name, key }, field.at)
  return {
    source: claimName(member('src', 1), clockSources),
    errorMs: claimInRange(member('err_ms', 2), 0, maxClockErrorMs),
  }
}

function readMedium(field: ClaimField | undefined): PathMedium {
  if (field === undefined) return 'unknown'
  const medium = claimField(claimMap(field), 'medium', 1, field.at)
  return medium === undefined ? 'unknown' : claimName(medium, pathMedia)
}
