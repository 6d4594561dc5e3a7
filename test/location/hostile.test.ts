// Strange but signed values, and damaged messages: refused or left out by name, never anything else.
import { describe, expect, it } from 'vitest'
import { encodeUtf8 } from '../../src/bytes/text.js'
import { verifyLandmarkDirectory } from '../../src/location/directory.js'
import { verifyLocationBundle } from '../../src/location/verify-bundle.js'
import { AttestationError } from '../../src/result/error.js'
import type { DualValue } from '../../src/testing/dual-claims.js'
import { createLocationScenario } from '../../src/testing/location.js'
import { createDirectory, createLandmark, landmarkPlaces } from '../../src/testing/location-landmarks.js'
import { jwkSetJson, publicJwk } from '../../src/testing/token.js'
import { parseJwkSet } from '../../src/token/jwks.js'
import { verifiedDevices, verifyScenario, world } from './scenario.js'

const strange: readonly DualValue[] = [
  -1,
  1.5,
  Number.NaN,
  2 ** 60,
  '',
  'x'.repeat(5000),
  [],
  { members: [] },
  new Uint8Array(0),
  new Uint8Array(5000),
]

/** Every claim of a measurement that is required or has a rule. */
const measurementClaims = [
  ...['eat_profile', 'sub', 'aud', 'iat', 'exp', 'jti', 'cnf', 'eat_nonce', 'ev', 'sid', 'n_l', 'location', 'pos_unc'],
  ...['window', 'rtt_min', 'rtt', 'sent', 'recv', 'ts_src', 'responder', 'xscript', 'xsig', 'clk'],
]

const entryClaims = [
  'cnf',
  'location',
  'pos_unc',
  'operator',
  'country',
  'nbf',
  'exp',
  'status',
  'clk_ppm',
  'pos_basis',
]

describe.each(['json', 'cbor'] as const)('strange values (%s)', (encoding) => {
  it.each(measurementClaims)('of %s leave the measurement out, by a code', async (name) => {
    for (let from = 0; from < strange.length; from += 5) {
      const batch = strange.slice(from, from + 5)
      const scenario = createLocationScenario(world, {
        encoding,
        measurement: (index) => {
          const value = batch[index]
          return value === undefined ? undefined : { claims: { [name]: value } }
        },
      })
      const { rejected } = await verifyScenario(scenario)
      const left = new Set(rejected.map(({ index }) => index))
      const accepted = batch.flatMap((_, index) => (left.has(index) ? [] : [`${name} ${from + index}`]))
      expect(accepted).toEqual([])
    }
  })

  it.each(entryClaims)('of %s in an entry refuse the directory, by a code', async (name) => {
    const landmarks = landmarkPlaces.slice(0, 1).map((place) => createLandmark(world.seed, place))
    for (const value of strange) {
      const { token, authority, issuer } = createDirectory(world.seed, landmarks, encoding, {
        issuedAt: world.now,
        entry: () => ({ [name]: value }),
      })
      const keys = parseJwkSet(encodeUtf8(jwkSetJson([publicJwk(authority)])))
      const verified = verifyLandmarkDirectory(token, { keys, issuer, now: world.now })
      // A time may be a fraction, and any byte string is text in JSON.
      const fine = (['nbf', 'exp'].includes(name) && value === 1.5) || (name === 'exp' && value === 2 ** 60)
      if (fine) await verified.catch((error: unknown) => expect(error).toBeInstanceOf(AttestationError))
      else await expect(verified).rejects.toBeInstanceOf(AttestationError)
    }
  })
})

describe.each(['json', 'cbor'] as const)('damage (%s)', (encoding) => {
  it('anywhere in a bundle is found', async () => {
    const scenario = createLocationScenario(world, { encoding })
    const sound = await verifyScenario(scenario)
    const devices = await verifiedDevices(scenario.devices)
    const bytes = typeof scenario.bundle === 'string' ? encodeUtf8(scenario.bundle) : scenario.bundle
    for (let offset = 0; offset < bytes.length; offset += 131) {
      const damaged = Uint8Array.from(bytes)
      damaged[offset] = (damaged[offset] ?? 0) ^ (1 << (offset % 7))
      const verified = verifyLocationBundle(damaged, {
        directory: sound.directory,
        audience: scenario.audience,
        first: { nonce: scenario.nonce, nonceIssuedAt: scenario.nonceIssuedAt, devices },
        isNonceFresh: () => true,
        now: scenario.now,
      })
      await expect(verified).rejects.toBeInstanceOf(AttestationError)
    }
  })
})
