// Judges the registered claims of a JWT or CWT (RFC 7519 section 4.1, RFC 8392 section 3.1) at the caller's clock.
import { memberPath } from '../encoding/json.js'
import { parseError, verifyError } from '../result/error.js'

/** The registered claims, already typed; times in seconds since 1970. */
export interface RegisteredClaims {
  readonly issuer: string | undefined
  readonly subject: string | undefined
  readonly audience: readonly string[] | undefined
  readonly expiresAt: number | undefined
  readonly notBefore: number | undefined
  readonly issuedAt: number | undefined
}

/** What the caller demands. Nothing has a default: a check that is left out has to be written down. */
export interface ClaimExpectations {
  /** Exact `iss`; null accepts any issuer, so that the key alone says who speaks. */
  readonly issuer: string | null
  /** Must be among `aud`; null means the token must not be meant for anyone in particular. */
  readonly audience: string | null
  readonly now: Date
  /** Tolerance for clocks that differ, applied to `exp`, `nbf` and `iat`. */
  readonly leewaySeconds: number
  /** Whether a token without `exp` is accepted; bound its age with `maxAgeSeconds` then. */
  readonly expiry: 'required' | 'optional'
  /** Greatest age since `iat`, which is then required. */
  readonly maxAgeSeconds?: number
}

/**
 * The options as they are now. Taken before anything is awaited: what the caller writes to them, or to the date in them,
 * while a signature is checked belongs to the next question.
 * @throws TypeError if `now` is no date
 */
export function optionsAtCall<T extends { readonly now: Date }>(given: T): T {
  return { ...given, now: new Date(given.now.getTime()) }
}

/**
 * @throws AttestationError `token/issuer-mismatch`, `token/audience-mismatch`, `token/claim-missing`, `token/expired`,
 * `token/not-yet-valid`, `token/issued-in-future`, `token/too-old`
 */
export function verifyRegisteredClaims(claims: RegisteredClaims, expected: ClaimExpectations, at: string): void {
  const { issuer, audience } = expected
  if (issuer !== null && (claims.issuer === undefined || claims.issuer !== issuer))
    throw verifyError('token/issuer-mismatch', memberPath(at, 'iss'), {
      issuer: claims.issuer ?? null,
      expected: issuer,
    })
  const meant = audience === null ? claims.audience === undefined : claims.audience?.includes(audience) === true
  if (!meant)
    throw verifyError('token/audience-mismatch', memberPath(at, 'aud'), {
      audience: claims.audience ?? [],
      expected: audience,
    })
  verifyTimes(claims, expected, at)
}

function verifyTimes(claims: RegisteredClaims, expected: ClaimExpectations, at: string): void {
  const { now, leewaySeconds, maxAgeSeconds } = expected
  const { expiresAt, notBefore, issuedAt } = claims
  const seconds = requireFinite(now.getTime(), 'now') / 1000
  const leeway = requireFinite(leewaySeconds, 'leewaySeconds')
  if (expiresAt === undefined && expected.expiry !== 'optional')
    throw verifyError('token/claim-missing', at, { claim: 'exp' })
  if (expiresAt !== undefined && seconds >= expiresAt + leeway)
    throw verifyError('token/expired', memberPath(at, 'exp'), { expiresAt, now: seconds })
  if (notBefore !== undefined && seconds < notBefore - leeway)
    throw verifyError('token/not-yet-valid', memberPath(at, 'nbf'), { notBefore, now: seconds })
  if (issuedAt !== undefined && seconds < issuedAt - leeway)
    throw verifyError('token/issued-in-future', memberPath(at, 'iat'), { issuedAt, now: seconds })
  if (maxAgeSeconds === undefined) return
  if (issuedAt === undefined) throw verifyError('token/claim-missing', at, { claim: 'iat' })
  if (seconds - issuedAt > requireFinite(maxAgeSeconds, 'maxAgeSeconds') + leeway)
    throw verifyError('token/too-old', memberPath(at, 'iat'), { issuedAt, now: seconds, maxAgeSeconds })
}

// Every comparison with NaN is false: without this a broken clock would switch the checks off.
function requireFinite(value: number, parameter: string): number {
  if (!Number.isFinite(value) || value < 0) throw new TypeError(`${parameter} must be a valid, non-negative value`)
  return value
}

/** Seconds a `Date` can hold. */
const maxNumericDate = 8_640_000_000_000

/**
 * Types a time claim. CBOR can say NaN and infinity, and every comparison of a clock with NaN is false.
 * @throws AttestationError `token/claim-type`
 */
export function readNumericDate(value: unknown, at: string): number | undefined {
  if (value === undefined) return undefined
  if (typeof value === 'number' && value >= 0 && value <= maxNumericDate) return value
  throw parseError('token/claim-type', at, { expected: 'seconds since 1970' })
}
