// Verifies the manifests of a collateral once, and again only when time could change the answer.
import type { Collateral } from './appraise/collateral.js'
import type { RevocationRequirement } from './appraise/policy.js'
import { revocationInput } from './appraise/revocation-input.js'
import { type Bytes, equalBytes } from './bytes/bytes.js'
import type { CryptoProvider } from './crypto/provider.js'
import { AttestationError } from './result/error.js'
import type { Failure } from './result/failure.js'
import { isParsed } from './result/parsed.js'
import type { Verified } from './result/proof.js'
import type { NonEmptyArray } from './result/result.js'
import type { ReferenceManifest } from './rim/reference-manifest.js'
import { manifestVerifier } from './rim/verify.js'
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

type Outcome = { readonly manifest: Verified<ReferenceManifest> } | { readonly failure: Failure }

/** An answer about one manifest, or about all of a collateral. */
interface Answer<T> {
  readonly pending: Promise<T>
  readonly from: number
  /** Moved on once the answer is known; before that only the same instant may share it. */
  until: number
}

interface Entry {
  /** What the answers are about; the caller may have changed the lists of the collateral since. */
  readonly snapshot: Collateral
  /** Places in the list of manifests that are not there before. */
  readonly places: readonly number[]
  /** By these places. */
  readonly answers: Map<number, Answer<Outcome>>
  all: Answer<VerifiedManifests> | undefined
}

export interface ManifestStoreOptions {
  readonly trustAnchors: NonEmptyArray<TrustAnchor>
  readonly requirement: RevocationRequirement
  readonly crypto: CryptoProvider
  readonly paths: PathCache
}

/**
 * Remembers answers per collateral object, which the garbage collector takes with it. An answer is used again only for the
 * same documents, only from the instant it was made until the first moment named in them, and only if nothing was refused
 * or unknown: what time can change is always asked anew. A manifest that is refused costs the others nothing.
 */
export function createManifestStore(options: ManifestStoreOptions): ManifestStore {
  const entries = new WeakMap<Collateral, Entry>()
  return {
    verifyAll: async (collateral, now) => {
      const known = entries.get(collateral)
      const entry = known !== undefined && isSame(known.snapshot, collateral) ? known : openEntry(collateral)
      entries.set(collateral, entry)
      const instant = now.getTime()
      if (entry.all === undefined || !covers(entry.all, instant)) entry.all = verifyEach(entry, instant, options)
      return entry.all.pending
    },
  }
}

function openEntry({ manifests, ocspResponses, crls }: Collateral): Entry {
  return {
    snapshot: { manifests: [...manifests], ocspResponses: [...ocspResponses], crls: [...crls] },
    places: firstPlaces(manifests),
    answers: new Map(),
    all: undefined,
  }
}

/** Compares a document with one other of its length only, so that many that differ cost little more. */
function firstPlaces(manifests: readonly Bytes[]): readonly number[] {
  const byLength = new Map<number, Bytes>()
  return [...manifests.keys()].filter((place) => {
    const xml = manifests[place] ?? new Uint8Array()
    const twin = byLength.get(xml.length)
    byLength.set(xml.length, twin ?? xml)
    return twin === undefined || !equalBytes(twin, xml)
  })
}

function isSame(a: Collateral, b: Collateral): boolean {
  return sameList(a.manifests, b.manifests) && sameList(a.ocspResponses, b.ocspResponses) && sameList(a.crls, b.crls)
}

function sameList(a: readonly object[], b: readonly object[]): boolean {
  return a.length === b.length && a.every((entry, i) => entry === b[i])
}

function covers({ from, until }: Answer<unknown>, instant: number): boolean {
  return instant >= from && instant <= until
}

/** `end` says until when what was found is the same; nothing is kept of what could not be done. */
function answer<T>(pending: Promise<T>, instant: number, end: (found: T) => number): Answer<T> {
  const made: Answer<T> = { pending, from: instant, until: instant }
  pending.then(
    (found) => {
      made.until = Math.max(instant, end(found))
    },
    () => {
      made.until = Number.NEGATIVE_INFINITY
    },
  )
  return made
}

/** The last instant before any document of the collateral, or responder in it, becomes valid or ceases to be. */
function nextTurn({ ocspResponses, crls }: Collateral, instant: number): number {
  // What was not read by a parser is read anew each time: what it says of its dates need not be so.
  if (![...ocspResponses, ...crls].every(isParsed)) return instant
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

function verifyEach(entry: Entry, instant: number, options: ManifestStoreOptions): Answer<VerifiedManifests> {
  const { snapshot, answers } = entry
  const { trustAnchors, requirement, crypto, paths: cache } = options
  const turn = nextTurn(snapshot, instant)
  const revocation = revocationInput(snapshot, requirement, 'whole-path')
  const verify = manifestVerifier({ trustAnchors, now: new Date(instant), revocation, crypto, cache })
  const all = entry.places.map((place) => {
    const known = answers.get(place)
    if (known !== undefined && covers(known, instant)) return known
    const xml = snapshot.manifests[place] ?? new Uint8Array()
    const made = answer(outcomeOf(verify(xml), place), instant, (found) =>
      'failure' in found ? instant : Math.min(turn, goodUntil(found.manifest, requirement, instant)),
    )
    answers.set(place, made)
    return made
  })
  const pending = Promise.all(all.map((one) => one.pending)).then(collect)
  // Others may still be under way, and break off like this one.
  pending.catch(() => answers.clear())
  return answer(pending, instant, ({ rejected }) =>
    rejected.length > 0 ? instant : all.reduce((first, { until }) => Math.min(first, until), turn),
  )
}

/** The same document under several entries of the list counts once. */
function collect(outcomes: readonly Outcome[]): VerifiedManifests {
  const verified = new Map<string, Verified<ReferenceManifest>>()
  const rejected: Failure[] = []
  for (const outcome of outcomes) {
    if ('failure' in outcome) rejected.push(outcome.failure)
    else verified.set(outcome.manifest.sha256, outcome.manifest)
  }
  return { verified: [...verified.values()], rejected }
}

async function outcomeOf(verified: Promise<Verified<ReferenceManifest>>, place: number): Promise<Outcome> {
  try {
    return { manifest: await verified }
  } catch (error) {
    if (!(error instanceof AttestationError)) throw error
    const { failure } = error
    const at = `manifests[${place}]${failure.at === '' ? '' : `.${failure.at}`}`
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
