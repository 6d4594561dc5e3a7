// Evidence to the collateral its appraisal needs, fetched from the vendor's services: what is missing is named, not fatal.
import type { Evidence } from '../nvidia/evidence.js'
import { AttestationError } from '../result/error.js'
import type { Failure } from '../result/failure.js'
import type { Certificate } from '../x509/certificate.js'
import type { CollateralBundle } from './bundle.js'
import { fitBundle } from './bundle-fit.js'
import { createCollateralCache, fromCache } from './cache.js'
import { type Deadline, onAbort, startDeadline, untilFired } from './deadline.js'
import type { CollectedDocument, DocumentName, Obtained } from './document.js'
import { createHttpClient, type HttpClient, type RunCause } from './http.js'
import { fetchManifest, manifestIds, manifestName } from './manifest.js'
import { type CollectOptions, type Settings, settle } from './options.js'
import { fetchList, listNames } from './revocation-list.js'
import { fetchStatus, type StatusQuery, statusQueries } from './status.js'

/** A bundle and what it lacks. */
export interface CollectedCollateral extends CollateralBundle {
  /**
   * One for each document that could not be obtained or is out of date, and one for each kind with more than a bundle holds;
   * empty if nothing is missing.
   */
  readonly problems: readonly Failure[]
}

/** Obtains one document, once, and takes note of it or of why it is missing. */
type Gather = (
  name: DocumentName,
  key: string,
  obtain: () => Promise<Obtained>,
) => Promise<CollectedDocument | undefined>

interface Run {
  readonly settings: Settings
  readonly client: HttpClient
  readonly gather: Gather
  readonly problems: Failure[]
}

/**
 * Fetches the reference manifests for the devices of `evidence`, and the revocation status of their issuers (never of
 * the leaf: none is published) and of every manifest signer, up to but without the root. What cannot be obtained is
 * listed in `problems`; everything else is in the bundle, as far as one bundle holds it: `encodeCollateral` takes it.
 *
 * Proves nothing. Neither the evidence nor any answer is verified here: unsigned fields of reports say what to ask for,
 * answers are checked to be what was asked for, and the appraisal verifies them as if they came from anywhere.
 * Requests go to allowed origins only; redirections are not followed. Servers learn the versions and certificate serial
 * numbers of the devices.
 * @throws TypeError for options that cannot be meant
 */
export async function collectCollateral(
  evidence: readonly Evidence[],
  options: CollectOptions,
): Promise<CollectedCollateral> {
  const settings = settle(options)
  const outer =
    options.signal === undefined ? undefined : { onFire: onAbort(options.signal), cause: 'aborted' as const }
  const bound = { ms: settings.limits.totalMs, cause: 'deadline' } as const
  const deadline = startDeadline<RunCause>(bound, outer, settings.sleep)
  try {
    const problems: Failure[] = []
    const gather = createGather(options, settings, deadline, problems)
    const run: Run = { settings, client: createHttpClient(settings, deadline), gather, problems }
    return assemble(await gatherAll(evidence, run), problems, settings.now())
  } finally {
    deadline.close()
  }
}

async function gatherAll(evidence: readonly Evidence[], run: Run): Promise<readonly CollectedDocument[]> {
  const { settings, client, gather, problems } = run
  const wanted = manifestIds(evidence)
  problems.push(...wanted.problems)
  const chains = evidence.map(({ certificates }) => certificates)
  const [own, ...manifests] = await Promise.all([
    Promise.all(chains.map((chain) => gatherRevocation(chain, 1, run))),
    ...wanted.ids.map(async (id) => {
      const name = manifestName(id, settings)
      const manifest = await gather(name, `manifest ${name.url}`, () => fetchManifest(id, name, client, settings))
      if (manifest?.kind !== 'manifest') return []
      return [manifest, ...(await gatherRevocation(manifest.certificates, 0, run))]
    }),
  ])
  return [...new Set([...own, ...manifests].flat())]
}

async function gatherRevocation(
  certificates: readonly Certificate[],
  skip: number,
  { settings, client, gather, problems }: Run,
): Promise<readonly CollectedDocument[]> {
  const { queries, problems: unasked } = statusQueries(certificates, skip, settings)
  const lists = settings.crls === 'none' ? undefined : listNames(certificates.slice(skip), settings)
  for (const problem of [...unasked, ...(lists?.problems ?? [])])
    if (!problems.some(({ code, at }) => code === problem.code && at === problem.at)) problems.push(problem)
  const found = await Promise.all([
    ...queries.map((query: StatusQuery) => gather(query, query.key, () => fetchStatus(query, client, settings))),
    ...(lists?.names ?? []).map((name) => gather(name, `crl ${name.url}`, () => fetchList(name, client, settings))),
  ])
  return found.filter((document) => document !== undefined)
}

function createGather(
  { cache = createCollateralCache(), onProgress }: CollectOptions,
  settings: Settings,
  deadline: Deadline<RunCause>,
  problems: Failure[],
): Gather {
  const asked = new Map<string, Promise<CollectedDocument | undefined>>()
  let done = 0
  const once = async (name: DocumentName, key: string, obtain: () => Promise<Obtained>) => {
    try {
      let isJoined = true
      const begin = (): Promise<Obtained> => {
        isJoined = false
        return obtain()
      }
      const work = fromCache(cache, { key, now: settings.now(), obtain: begin, isOwn: isOwnLimit })
      const outcome = await untilFired(deadline, () => work)
      // Our own request ends by itself when time is up, and knows best why. One that another collection began may go on.
      if (outcome === undefined && isJoined) {
        problems.push(ended(name, deadline, settings))
        return undefined
      }
      const { document, problem } = outcome?.value ?? (await work)
      if (problem !== undefined) problems.push(problem)
      return document
    } catch (error) {
      if (!(error instanceof AttestationError)) throw error
      problems.push(error.failure)
      return undefined
    } finally {
      done++
      onProgress?.({ done, total: asked.size })
    }
  }
  return (name, key, obtain) => {
    const known = asked.get(key)
    if (known !== undefined) return known
    const made = once(name, key, obtain)
    asked.set(key, made)
    return made
  }
}

function isOwnLimit(error: unknown): boolean {
  return error instanceof AttestationError && (error.code === 'collect/deadline' || error.code === 'collect/aborted')
}

function ended({ at, document, url }: DocumentName, deadline: Deadline<RunCause>, { limits }: Settings): Failure {
  return deadline.cause() === 'aborted'
    ? { stage: 'collect', code: 'collect/aborted', at, details: { document, url } }
    : { stage: 'collect', code: 'collect/deadline', at, details: { document, url, limitMs: limits.totalMs } }
}

function assemble(
  obtained: readonly CollectedDocument[],
  missing: readonly Failure[],
  createdAt: Date,
): CollectedCollateral {
  const { documents, problems } = fitBundle(obtained)
  const manifests = documents.flatMap((one) => (one.kind === 'manifest' ? [one] : []))
  const statuses = documents.flatMap((one) => (one.kind === 'ocsp' ? [one] : []))
  const lists = documents.flatMap((one) => (one.kind === 'crl' ? [one] : []))
  return Object.freeze({
    createdAt,
    manifests: manifests.map(({ xml }) => xml),
    ocspResponses: statuses.map(({ response }) => response),
    crls: lists.map(({ list }) => list),
    certificates: [],
    origins: {
      manifests: manifests.map(({ origin }) => origin),
      ocspResponses: statuses.map(({ origin }) => origin),
      crls: lists.map(({ origin }) => origin),
      certificates: [],
    },
    // In an order that does not depend on which answer came first.
    problems: Object.freeze([...missing, ...problems].sort((a, b) => order(a.at, b.at) || order(a.code, b.code))),
  })
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
