// Turns device claims into a detached EAT bundle of the form NVIDIA's attestation service answers with.

import type { Bytes } from '../bytes/bytes.js'
import { encodeHex } from '../bytes/hex.js'
import { encodeUtf8 } from '../bytes/text.js'
import type { CryptoProvider } from '../crypto/provider.js'
import { webCryptoProvider } from '../crypto/webcrypto.js'
import { issueJwt, type TokenSigner, timeClaims } from '../token/issue.js'
import type { VendorClaims } from './claims.js'
import type { NrasClaimsVersion } from './nras-claims.js'

/** What `issueNrasBundle` writes. */
export interface NrasBundleInput {
  readonly issuer: string
  readonly nonce: Bytes
  readonly issuedAt: Date
  /** A whole second or more after `issuedAt`. */
  readonly expiresAt: Date
  readonly version: NrasClaimsVersion
  /** The verdict over all devices. */
  readonly overallResult: boolean
  /** Claims by label, `GPU-0` or `SWITCH-0`, as `encodeGpuClaims` and `encodeSwitchClaims` write them. */
  readonly devices: ReadonlyMap<string, VendorClaims>
  /** Unique within the issuer: `jti` of the overall token; those of the devices add their label. */
  readonly tokenId: string
  /** ES384, to be read by NVIDIA's tools. */
  readonly signer: TokenSigner
  readonly crypto?: CryptoProvider
}

/**
 * Issues the bundle `[["JWT", overall], { label: token }]`. Says what it is given: nothing is appraised here.
 * @throws TypeError without devices or nonce, for dates that are none, before 1970 or leave no whole second, for what no
 * reader takes (see `issueJwt`), or for a signature of the wrong length
 */
export async function issueNrasBundle(input: NrasBundleInput): Promise<string> {
  const { issuer, nonce, issuedAt, expiresAt, version, overallResult, devices, tokenId, signer } = input
  if (devices.size === 0) throw new TypeError('a bundle needs one device or more')
  if (nonce.length === 0) throw new TypeError('a nonce has one byte or more')
  const { digest } = input.crypto ?? webCryptoProvider
  const { iat, exp } = timeClaims(issuedAt, expiresAt)
  const shared = { iss: issuer, iat, nbf: iat, exp }
  const eatNonce = { eat_nonce: encodeHex(nonce) }
  const tokens = await Promise.all(
    [...devices].map(async ([label, claims]) => {
      const token = await issueJwt({ ...claims, ...shared, ...eatNonce, jti: `${tokenId}/${label}` }, null, signer)
      const hash = encodeHex(await digest('sha256', encodeUtf8(token)))
      return { label, token, entry: ['DIGEST', ['SHA-256', hash]] }
    }),
  )
  const overall = {
    sub: 'NVIDIA-PLATFORM-ATTESTATION',
    ...shared,
    ...eatNonce,
    jti: tokenId,
    'x-nvidia-ver': version,
    'x-nvidia-overall-att-result': overallResult,
    submods: Object.fromEntries(tokens.map(({ label, entry }) => [label, entry])),
  }
  const detached = Object.fromEntries(tokens.map(({ label, token }) => [label, token]))
  return JSON.stringify([['JWT', await issueJwt(overall, null, signer)], detached])
}
