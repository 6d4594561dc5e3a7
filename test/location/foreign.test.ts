// Location tokens of other makers: read, verified as a record at most, and never more.
import { describe, expect, it } from 'vitest'
import { encodeUtf8 } from '../../src/bytes/text.js'
import { type ForeignLocationInput, parseForeignLocation, verifyForeignLocation } from '../../src/location/foreign.js'
import { isVerified } from '../../src/result/proof.js'
import { type ClaimEdits, claim, type DualClaim, editClaims, signClaims } from '../../src/testing/dual-claims.js'
import { jwkSetJson, publicJwk } from '../../src/testing/token.js'
import { parseJwkSet } from '../../src/token/jwks.js'
import { refusal, world } from './scenario.js'

const key = world.key('foreign issuer', 'P-256')
const seconds = Math.floor(world.now.getTime() / 1000)

const certificate: readonly DualClaim[] = [
  claim('iss', 1, 'https://sovereignty.example'),
  claim('iat', 6, seconds),
  claim('exp', 4, seconds + 600),
  claim('eat_profile', 265, 'urn:scwg:profile:sovereignty-cert:v1'),
  claim('platform_quote', -70000, new Uint8Array(64)),
  claim('location_receipts', -70002, [new Uint8Array(8), new Uint8Array(8)]),
  claim('location_claim', -70003, {
    members: [
      claim('lat', 'lat', 52.3),
      claim('lon', 'lon', 4.95),
      claim('radius_m', 'radius_m', 45),
      claim('confidence', 'confidence', 0.97),
    ],
  }),
]

const listing: readonly DualClaim[] = [
  claim('quote_hash', 'quote_hash', 'ab'.repeat(32)),
  claim('machine_id', 'machine_id', 'cd'.repeat(32)),
  claim('label', 'label', 'site-7'),
  claim('iat', 6, seconds),
  claim('exp', 4, seconds + 600),
]

function verification(issuer: string | null): ForeignLocationInput {
  return {
    keys: parseJwkSet(encodeUtf8(jwkSetJson([publicJwk(key)]))),
    algorithms: ['ES256'],
    types: [null],
    issuer,
    audience: null,
    now: world.now,
    leewaySeconds: 60,
  }
}

describe('Sovereignty Certificates', () => {
  it.each(['json', 'cbor'] as const)('are a label unverified and a record verified (%s)', async (encoding) => {
    const token = signClaims(certificate, key, encoding)
    const read = parseForeignLocation(token)
    expect(read.asserted).toEqual({
      format: 'sovereignty-certificate',
      latitudeDegrees: 52.3,
      longitudeDegrees: 4.95,
      radiusMeters: 45,
      label: undefined,
      receipts: 2,
    })
    expect(read.assurance).toMatchObject({ name: 'label', level: 0 })
    const verified = await verifyForeignLocation(token, verification('https://sovereignty.example'))
    expect(verified.assurance).toMatchObject({ name: 'record', level: 1, relay: 'not-excluded' })
    expect(verified.reasons.length).toBeGreaterThan(0)
    expect(isVerified(verified)).toBe(false)
  })

  it('may give their profile the number the draft text has', () => {
    const old = certificate.map((item) => (item.key === 265 ? claim(item.name, 39, item.value) : item))
    expect(parseForeignLocation(signClaims(old, key, 'cbor')).asserted.format).toBe('sovereignty-certificate')
  })

  it.each<[string, string, ClaimEdits]>([
    ['location/foreign-format', 'payload', { eat_profile: 'urn:other' }],
    ['location/foreign-format', 'payload', { location_claim: undefined }],
    ['token/claim-type', 'payload.location_claim', { location_claim: { members: [claim('lat', 'lat', 1)] } }],
    [
      'token/claim-type',
      'payload.location_claim.lat',
      {
        location_claim: {
          members: [claim('lat', 'lat', 100), claim('lon', 'lon', 1), claim('radius_m', 'radius_m', 1)],
        },
      },
    ],
  ])('refuse with %s at %s', async (code, at, edits) => {
    for (const encoding of ['json', 'cbor'] as const)
      expect(
        await refusal(async () => parseForeignLocation(signClaims(editClaims(certificate, edits), key, encoding))),
      ).toEqual({ code, at })
  })
})

describe('Proof-of-Cloud tokens', () => {
  it('say in whose list a machine is', async () => {
    const verified = await verifyForeignLocation(signClaims(listing, key, 'json'), verification(null))
    expect(verified.asserted).toMatchObject({ format: 'proof-of-cloud', label: 'site-7', latitudeDegrees: undefined })
    expect(verified.assurance.level).toBe(1)
  })

  it('are refused under another key or past their time', async () => {
    const token = signClaims(listing, world.key('stranger', 'P-256'), 'json')
    expect((await refusal(() => verifyForeignLocation(token, verification(null)))).code).toBe('token/signature-invalid')
    const late = { ...verification(null), now: new Date(world.now.getTime() + 3_600_000) }
    const expired = refusal(() => verifyForeignLocation(signClaims(listing, key, 'json'), late))
    expect((await expired).code).toBe('token/expired')
  })
})
