// Landmarks and their directory, signed by a directory authority.
import { encodeBase64Url } from '../bytes/base64.js'
import type { Bytes } from '../bytes/bytes.js'
import { encodeUtf8 } from '../bytes/text.js'
import {
  type ClaimEdits,
  claim,
  type DualClaim,
  type DualValue,
  dualMap,
  editClaims,
  signClaims,
  type TokenEncoding,
  type TokenOptions,
} from './dual-claims.js'
import { deriveKey, type SyntheticKey } from './key.js'
import { confirmationKey, hash, jwkThumbprint } from './location-keys.js'

/** The profile's URI, written out here: the testing kit does not share the verifier's table of names. */
export const locationProfileUri = 'tag:gpu-attestation.example,2026:gpu-location#1'

export interface GeographicPosition {
  readonly latitude: number
  readonly longitude: number
}

export interface SyntheticLandmark extends GeographicPosition {
  readonly name: string
  readonly operator: string
  readonly country: string
  readonly key: SyntheticKey
  /** Base64url of the key's JWK thumbprint. */
  readonly id: string
  readonly positionUncertaintyMeters: number
}

export interface LandmarkPlace extends GeographicPosition {
  readonly name: string
  readonly operator: string
  readonly country: string
  readonly positionUncertaintyMeters?: number
}

/** Places with operators of their own, around the Netherlands and beyond. */
export const landmarkPlaces: readonly LandmarkPlace[] = [
  { name: 'Amsterdam', operator: 'operator-a', country: 'NL', latitude: 52.37, longitude: 4.9 },
  { name: 'Utrecht', operator: 'operator-b', country: 'NL', latitude: 52.09, longitude: 5.12 },
  { name: 'Frankfurt', operator: 'operator-c', country: 'DE', latitude: 50.11, longitude: 8.68 },
  { name: 'London', operator: 'operator-d', country: 'GB', latitude: 51.51, longitude: -0.13 },
  { name: 'Paris', operator: 'operator-e', country: 'FR', latitude: 48.86, longitude: 2.35 },
]

/** A landmark with a key and place of its own. */
export function createLandmark(seed: string, place: LandmarkPlace): SyntheticLandmark {
  const key = deriveKey(seed, `landmark/${place.name}`, 'P-256')
  return { positionUncertaintyMeters: 100, ...place, key, id: encodeBase64Url(jwkThumbprint(key)) }
}

/** A round trip between two landmarks, by their place in the list. */
export interface MeshRoundTripSpec {
  readonly from: number
  readonly to: number
  readonly rttNs: number
}

export interface DirectoryOptions {
  readonly issuer?: string
  readonly issuedAt: Date
  readonly lifetimeSeconds?: number
  readonly mesh?: readonly MeshRoundTripSpec[]
  /** Claims of the directory added, replaced or taken away. */
  readonly claims?: ClaimEdits
  /** The same for the entry of one landmark. */
  readonly entry?: (index: number) => ClaimEdits | undefined
  readonly token?: TokenOptions
  /** Signs in place of the authority. */
  readonly key?: SyntheticKey
}

export const directoryIssuer = 'https://landmarks.gpu-attestation.example'

export interface SyntheticDirectory {
  readonly token: string | Bytes
  /** SHA-256 of the token. */
  readonly digest: Bytes
  readonly authority: SyntheticKey
  readonly issuer: string
}

/** What a directory says of one landmark, or a measurement of its own position. */
export function positionClaim({ latitude, longitude }: GeographicPosition): DualValue {
  return dualMap(claim('latitude', 1, latitude), claim('longitude', 2, longitude))
}

function entryClaims(landmark: SyntheticLandmark, issuedAt: number): readonly DualClaim[] {
  return [
    claim('cnf', 8, confirmationKey(landmark.key)),
    claim('location', 264, positionClaim(landmark)),
    claim('pos_unc', -77021, landmark.positionUncertaintyMeters),
    claim('operator', -77022, landmark.operator),
    claim('country', -77028, landmark.country),
    claim('nbf', 5, issuedAt - 86_400),
    claim('exp', 4, issuedAt + 30 * 86_400),
    claim('status', -77026, 'active'),
    claim('clk_ppm', -77024, 50),
    claim('pos_basis', -77027, 'endorsement'),
  ]
}

/** A signed landmark directory, in the encoding asked for. */
export function createDirectory(
  seed: string,
  landmarks: readonly SyntheticLandmark[],
  encoding: TokenEncoding,
  options: DirectoryOptions,
): SyntheticDirectory {
  const authority = deriveKey(seed, 'landmark directory authority', 'P-384')
  const issuer = options.issuer ?? directoryIssuer
  const issuedAt = Math.floor(options.issuedAt.getTime() / 1000)
  const entries = landmarks.map((landmark, index) => ({
    members: editClaims(entryClaims(landmark, issuedAt), options.entry?.(index)),
  }))
  const mesh = options.mesh?.map(({ from, to, rttNs }) => [from, to, rttNs, issuedAt])
  const claims: readonly DualClaim[] = [
    claim('iss', 1, issuer),
    claim('iat', 6, issuedAt),
    claim('exp', 4, issuedAt + (options.lifetimeSeconds ?? 7 * 86_400)),
    claim('jti', 7, { json: 'directory-1', cbor: Uint8Array.of(1) }),
    claim('eat_profile', 265, locationProfileUri),
    claim('landmarks', -77020, entries),
    ...(mesh === undefined ? [] : [claim('mesh', -77025, mesh)]),
  ]
  const token = signClaims(editClaims(claims, options.claims), options.key ?? authority, encoding, {
    type: 'application/gpuloc-dir',
    ...options.token,
  })
  return { token, digest: hash(typeof token === 'string' ? encodeUtf8(token) : token), authority, issuer }
}
