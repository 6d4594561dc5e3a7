// `collect`: fetches what an appraisal of the evidence needs into one bundle, and says what is missing.
import { writeFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { encodeCollateral } from '../collateral/bundle-json.js'
import { type CollectedCollateral, collectCollateral } from '../collateral/collect.js'
import type { CollectOptions, CollectWorld } from '../collateral/options.js'
import type { Evidence } from '../nvidia/evidence.js'
import { showFailure } from './present.js'
import { printable, type Terminal, table } from './terminal.js'
import { exitCodes, UsageError } from './usage.js'

export interface CollectRequest extends Omit<CollectOptions, 'onProgress' | keyof CollectWorld>, Partial<CollectWorld> {
  /** File to write the bundle to. */
  readonly out: string
}

/** The world of a process on Node.js. */
export const processWorld: CollectWorld = {
  fetch: (url, request) => globalThis.fetch(url, request),
  now: () => new Date(),
  random: (length) => globalThis.crypto.getRandomValues(new Uint8Array(length)),
  sleep: (ms, signal) => delay(ms, undefined, { signal }),
}

/** Writes the bundle even if documents are missing, so that a second run or another source can supply them. */
export async function collect(
  terminal: Terminal,
  evidence: readonly Evidence[],
  { out, ...options }: CollectRequest,
): Promise<number> {
  const collected = await collectOnline(terminal, evidence, options)
  try {
    writeFileSync(out, encodeCollateral(collected))
  } catch (cause) {
    throw new UsageError(`cannot write ${out}: ${cause instanceof Error ? cause.message : 'unknown reason'}`, { cause })
  }
  const rows = [
    ['manifests', collected.origins.manifests.map(({ id }) => id).join(', ') || 'none'],
    ['revocation statuses', String(collected.ocspResponses.length)],
    ['revocation lists', String(collected.crls.length)],
    ['written to', out],
  ]
  for (const row of table(rows.map(([name = '', value = '']) => [terminal.faint(name), printable(value)])))
    terminal.line(row)
  terminal.line()
  showProblems(terminal, collected)
  return collected.problems.length === 0 ? exitCodes.pass : exitCodes.collect
}

/** Collects without writing, for a verdict right away; what is missing is said on standard error. */
export async function collectForVerdict(
  terminal: Terminal,
  evidence: readonly Evidence[],
): Promise<CollectedCollateral> {
  const collected = await collectOnline(terminal, evidence, {})
  if (collected.problems.length > 0) showProblems({ ...terminal, line: (text = '') => terminal.error(text) }, collected)
  return collected
}

async function collectOnline(
  terminal: Terminal,
  evidence: readonly Evidence[],
  options: Omit<CollectRequest, 'out'>,
): Promise<CollectedCollateral> {
  const collected = await collectCollateral(evidence, {
    ...processWorld,
    ...options,
    onProgress: ({ done, total }) => terminal.progress(`collected ${done} of ${total}`),
  })
  terminal.progress('')
  return collected
}

function showProblems(terminal: Terminal, { problems }: CollectedCollateral): void {
  if (problems.length === 0) {
    terminal.line(`${terminal.good('complete')}: nothing that the evidence asks for is missing`)
    terminal.line(terminal.faint('Nothing in the bundle is verified yet; `gpu-attestation verify` does that.'))
    return
  }
  terminal.line(`${terminal.bad('incomplete')}: ${problems.length} missing or out of date`)
  for (const problem of problems) showFailure(terminal, problem, '  ')
}
