// Which of the documents collected fit into one bundle: those that come first.
import { parseError } from '../result/error.js'
import type { Failure } from '../result/failure.js'
import { base64Length, maxBundleBytes, maxDocuments } from './bundle.js'
import type { CollectedDocument } from './document.js'

const fields = { manifest: 'manifests', ocsp: 'ocspResponses', crl: 'crls' } as const

/** What is written around a document and its source, and around all of them: less than this. */
const notesBytes = 1024

/** Manifests before statuses before lists, each kind in the order given. What is left out is a problem for each kind. */
export function fitBundle(obtained: readonly CollectedDocument[]): {
  readonly documents: readonly CollectedDocument[]
  readonly problems: readonly Failure[]
} {
  const documents: CollectedDocument[] = []
  const problems: Failure[] = []
  let wanted = notesBytes
  let written = notesBytes
  for (const kind of ['manifest', 'ocsp', 'crl'] as const) {
    const all = obtained.filter((one) => one.kind === kind)
    const limit = maxDocuments[fields[kind]]
    const fitting = all.slice(0, limit).filter((one) => {
      const size = writtenSize(one)
      wanted += size
      if (written + size > maxBundleBytes) return false
      written += size
      return true
    })
    documents.push(...fitting)
    if (all.length > limit)
      problems.push(parseError('collateral/too-many', fields[kind], { limit, actual: all.length }).failure)
    if (fitting.length < Math.min(all.length, limit))
      problems.push(parseError('bytes/too-large', fields[kind], { limit: maxBundleBytes, actual: wanted }).failure)
  }
  return { documents, problems }
}

/** An upper bound, in base64; JSON writes some letters of an address as two. */
function writtenSize(one: CollectedDocument): number {
  const bytes = one.kind === 'manifest' ? one.xml : one.kind === 'ocsp' ? one.response.raw : one.list.raw
  return base64Length(bytes) + 2 * (one.origin.source?.length ?? 0) + notesBytes
}
