// Verifies the manifests of a collateral once, and again only when time could change the answer.
import type { Collateral } from './appraise/collateral.js'
import type { RevocationRequirement } from './appraise/policy.js'
import { revocationInput } from './appraise/revocation-input.js'
import type { Bytes } from './bytes/bytes.js'
import type { CryptoProvider } from './crypto/provider.js'
import { AttestationError } from './result/error.js'
import type { Failure } from './result/failure.js'
import type { Verified } from './result/proof.js'
import type { NonEmptyArray } from './result/result.js'
import type { ReferenceManifest } from './rim/reference-manifest.js'
import { verifyReferenceManifest } from './rim/verify.js'
import type { PathCache } from './x509/path-cache.js'
import type { TrustAnchor } from './x509/trust-anchor.js'

export interface VerifiedManifests {
  readonly verified: readonly Verified<ReferenceManifest>[]
  /** Why other manifests of the collateral were refused. */
  readonly rejected: readonly Failure[]
}

export interface ManifestStore {
  readonly verifyAll: (collateral: Collateral, now: Date) => Promise<VerifiedManifests>
}

interface Entry {
  /** The documents the answer is about; the caller may have changed the lists of the collateral since. */
  readonly documents: readonly object[]
  readonly answer: Promise<VerifiedManifests>
  readonly from: number
  /** Set once the answer is known; before that only the same instant may share it. */
  until: number
}

export interface ManifestStoreOptions {
  readonly trustAnchors: NonEmptyArray<TrustAnchor>
  readonly requirement: RevocationRequirement
  readonly crypto: CryptoProvider
  readonly paths: PathCache
}

/**
 * Remembers one answer per collateral object, which the garbage collector takes with it. An answer is used again only for
 * the same documents, only from the instant it was made until the first moment named in them, and only if nothing was
 * refused or unknown: what time can change is always asked anew.
 */
export function createManifestStore(options: ManifestStoreOptions): ManifestStore {
  const entries = new WeakMap<Collateral, Entry>()
  return {
    verifyAll: (collateral, now) => {
      const instant = now.getTime()
      const documents = [...collateral.manifests, ...collateral.ocspResponses, ...collateral.crls]
      const known = entries.get(collateral)
      if (
        known !== undefined &&
        instant >= known.from &&
        instant <= known.until &&
        sameList(known.documents, documents)
      )
        return known.answer
      // A date of its own: the caller's may be set to another time before the answer is there.
      const answer = verifyEach(collateral, new Date(instant), options)
      const entry: Entry = { documents, answer, from: instant, until: instant }
      entries.set(collateral, entry)
      answer.then(
        (found) => {
          if (found.rejected.length > 0) return
          const ends = found.verified.map((one) => goodUntil(one, options.requirement, instant))
          entry.until = ends.reduce((first, end) => Math.min(first, end), nextTurn(collateral, instant))
        },
        () => entries.delete(collateral),
      )
      return answer
    },
  }
}

function sameList(a: readonly object[], b: readonly object[]): boolean {
  return a.length === b.length && a.every((entry, i) => entry === b[i])
}

/** The last instant before any document of the collateral, or responder in it, becomes valid or ceases to be. */
function nextTurn({ ocspResponses, crls }: Collateral, instant: number): number {
  const turns: (Date | undefined)[] = crls.flatMap(({ thisUpdate, nextUpdate }) => [thisUpdate, nextUpdate])
  for (const response of ocspResponses) {
    if (response.kind === 'error') continue
    turns.push(response.producedAt)
    for (const { thisUpdate, nextUpdate } of response.responses) turns.push(thisUpdate, nextUpdate)
    for (const { notBefore, notAfter } of response.certificates) turns.push(notBefore, notAfter)
  }
  // A loop: a collateral can have more dates than a call can have arguments.
  let next = Number.POSITIVE_INFINITY
  for (const turn of turns) if (turn !== undefined && turn.getTime() > instant) next = Math.min(next, turn.getTime())
  return next - 1
}

async function verifyEach(
  collateral: Collateral,
  now: Date,
  options: ManifestStoreOptions,
): Promise<VerifiedManifests> {
  const outcomes = await Promise.all(
    collateral.manifests.map((xml, index) => verifyOne(xml, index, collateral, now, options)),
  )
  const verified: Verified<ReferenceManifest>[] = []
  const rejected: Failure[] = []
  for (const outcome of outcomes) {
    if ('failure' in outcome) rejected.push(outcome.failure)
    else verified.push(outcome.manifest)
  }
  return { verified, rejected }
}

async function verifyOne(
  xml: Bytes,
  index: number,
  collateral: Collateral,
  now: Date,
  { trustAnchors, requirement, crypto, paths }: ManifestStoreOptions,
): Promise<{ readonly manifest: Verified<ReferenceManifest> } | { readonly failure: Failure }> {
  try {
    const revocation = revocationInput(collateral, requirement, 'whole-path')
    return { manifest: await verifyReferenceManifest(xml, { trustAnchors, now, revocation, crypto, cache: paths }) }
  } catch (error) {
    if (!(error instanceof AttestationError)) throw error
    const { failure } = error
    const at = `manifests[${index}]${failure.at === '' ? '' : `.${failure.at}`}`
    return { failure: { ...failure, at } }
  }
}

/** The last instant at which the same evidence still says the same. */
function goodUntil(manifest: ReferenceManifest, requirement: RevocationRequirement, instant: number): number {
  let until = manifest.path.notAfter.getTime()
  for (const status of manifest.path.revocation) {
    if (status.status !== 'good') return instant
    const end = status.nextUpdate?.getTime() ?? (status.thisUpdate?.getTime() ?? 0) + requirement.maxAgeSeconds * 1000
    until = Math.min(until, end - 1)
  }
  return Math.max(instant, until)
}
