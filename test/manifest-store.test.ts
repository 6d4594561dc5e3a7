// What the memory for manifests spends on documents, signers and statuses that are there many times.
import { describe, expect, it } from 'vitest'
import type { Collateral } from '../src/appraise/collateral.js'
import { strictPolicy } from '../src/appraise/policy.js'
import type { CryptoProvider } from '../src/crypto/provider.js'
import { webCryptoProvider } from '../src/crypto/webcrypto.js'
import { createManifestStore, type ManifestStore } from '../src/manifest-store.js'
import { createPathCache } from '../src/x509/path-cache.js'
import { collateralFor, now, responses, trustAnchors, world } from './appraise/scene.js'

const hopper = world.hopper()
const collateral = collateralFor(hopper)
const [driver = new Uint8Array()] = collateral.manifests
const later = new Date(now.getTime() + 1000)

interface Counted {
  readonly store: ManifestStore
  /** Manifests that were begun: each is digested with SHA-256, and nothing else is. */
  readonly documents: () => number
  /** Issuer signatures asked for: two for each path of a manifest's signer. */
  readonly issuerSignatures: () => number
}

function countedStore(): Counted {
  let documents = 0
  let signatures = 0
  const crypto: CryptoProvider = {
    ...webCryptoProvider,
    name: 'counting',
    digest: (algorithm, data) => {
      if (algorithm === 'sha256') documents++
      return webCryptoProvider.digest(algorithm, data)
    },
  }
  const cache = createPathCache()
  const paths: typeof cache = {
    ...cache,
    signatureIsValid: (...asked) => {
      signatures++
      return cache.signatureIsValid(...asked)
    },
  }
  const requirement = strictPolicy.manifestRevocation
  const store = createManifestStore({ trustAnchors: trustAnchors.manifest, requirement, crypto, paths })
  return { store, documents: () => documents, issuerSignatures: () => signatures }
}

/** The manifest of the driver with one value exchanged: its signer is genuine, its signature is not its own. */
function forged(value: number): Uint8Array {
  const text = Buffer.from(driver).toString('latin1')
  const hash = /(?<=:Hash0=")[0-9a-f]{96}/.exec(text)?.[0]
  if (hash === undefined) throw new Error('no value')
  return Uint8Array.from(Buffer.from(text.replace(hash, value.toString(16).padStart(96, '0')), 'latin1'))
}

const withManifests = (...more: readonly Uint8Array[]): Collateral => ({
  ...collateral,
  manifests: [...collateral.manifests, ...more],
})

describe('the memory for manifests', () => {
  it('verifies equal documents once', async () => {
    const { store, documents } = countedStore()
    const copies = Array.from({ length: 20 }, () => driver.slice())
    expect((await store.verifyAll(withManifests(...copies), now)).verified).toHaveLength(2)
    expect(documents()).toBe(2)
  })

  it('verifies each of several documents that are equally long', async () => {
    const { store, documents } = countedStore()
    const found = await store.verifyAll(withManifests(forged(1), forged(2), forged(1)), now)
    expect(forged(1)).toHaveLength(driver.length)
    expect(found.verified).toHaveLength(2)
    expect(new Set(found.rejected.map(({ code }) => code))).toEqual(new Set(['manifest/digest-mismatch']))
    expect(documents()).toBeGreaterThanOrEqual(4)
  })

  it('reports a refused document once, by its first place', async () => {
    const { store } = countedStore()
    const odd = Uint8Array.of(60)
    const given = withManifests(odd, driver.slice(), odd.slice(), odd.slice())
    for (const instant of [now, later])
      expect((await store.verifyAll(given, instant)).rejected.map(({ at }) => at)).toEqual(['manifests[2]'])
  })

  it('assesses the path of a signer once for all his documents, and anew at another time', async () => {
    const { store, issuerSignatures } = countedStore()
    await store.verifyAll(collateral, now)
    const each = issuerSignatures()
    expect(each).toBeGreaterThan(0)
    const given = withManifests(...Array.from({ length: 20 }, (_, i) => forged(i + 1)))
    expect((await store.verifyAll(given, now)).rejected).toHaveLength(20)
    expect(issuerSignatures()).toBe(2 * each)
    await store.verifyAll(given, later)
    expect(issuerSignatures()).toBe(2 * each + each / 2)
  })

  it('asks no path of a round before for what is said in this one', async () => {
    const { signer, issuing } = world.driverManifest(hopper).chain
    const { store } = countedStore()
    const mutable = { ...collateral, ocspResponses: [...collateral.ocspResponses] }
    const statuses = async () => (await store.verifyAll(mutable, now)).verified[0]?.path.revocation[0]?.status
    expect(await statuses()).toBe('good')
    mutable.ocspResponses.push(
      ...responses([world.ocspResponse(signer, issuing, { status: { revokedAt: now, reason: 'keyCompromise' } })]),
    )
    expect(await statuses()).toBe('revoked')
  })
})
