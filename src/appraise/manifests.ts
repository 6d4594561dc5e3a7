// Chooses the manifest that counts for a device and checks that it is for this product and version.
import { type AppraiseFailure, appraiseFailure } from '../result/failure.js'
import type { Verified } from '../result/proof.js'
import type { NonEmptyArray } from '../result/result.js'
import type { ManifestKind, ReferenceManifest } from '../rim/reference-manifest.js'
import { describeName } from '../x509/name.js'

/** What a manifest must state to be the one for a device. */
export interface ManifestExpectation {
  readonly kind: ManifestKind
  /** Product names that fit the family, e.g. `GH100`. */
  readonly products: readonly string[]
  readonly version: string | undefined
  /** Id under which the vendor publishes it. */
  readonly id: string
}

export interface ManifestChoice {
  readonly manifest: Verified<ReferenceManifest> | undefined
  readonly failures: readonly AppraiseFailure[]
}

/**
 * The manifest of the expected kind, product and version. Manifests are re-issued under one id: of several issues the
 * one whose signer certificate began last counts, so that adding an old issue changes nothing; two with the same
 * beginning and different content are refused as ambiguous. Several boards may have one VBIOS version, each with an id
 * and issues of its own: of those the one with the fewest `differences` from the report counts.
 */
export function chooseManifest(
  manifests: readonly Verified<ReferenceManifest>[],
  expected: ManifestExpectation,
  differences: (manifest: ReferenceManifest) => number,
): ManifestChoice {
  const sameKind = manifests.filter((manifest) => manifest.kind === expected.kind)
  const [first] = sameKind
  if (first === undefined) {
    return {
      manifest: undefined,
      failures: [appraiseFailure('manifest/missing', 'manifests', { kind: expected.kind, expectedId: expected.id })],
    }
  }
  const latest = latestOfEachId(sameKind.filter((manifest) => checkBinding(manifest, expected).length === 0))
  // None fits: show why, on one of them.
  if (latest.length === 0) return { manifest: first, failures: [] }
  const [closest] = latest
    .flatMap(([only, ...others]) => (others.length === 0 ? [only] : []))
    .map((manifest) => ({ manifest, differing: latest.length === 1 ? 0 : differences(manifest) }))
    .sort((a, b) => a.differing - b.differing || laterFirst(a.manifest, b.manifest))
  const ambiguous = latest.find((issues) => issues.length > 1)
  if (closest !== undefined && (ambiguous === undefined || closest.differing === 0))
    return { manifest: closest.manifest, failures: [] }
  const count = ambiguous?.length ?? 0
  return {
    manifest: undefined,
    failures: [appraiseFailure('manifest/ambiguous', 'manifests', { kind: expected.kind, count })],
  }
}

/**
 * By id, the issues that began last; more than one only where their contents differ. Kind, product and version make up
 * the id of a driver or switch BIOS manifest. That of a VBIOS manifest also has the board, which the document states
 * nowhere: its tag id, the same in every issue, stands for it.
 */
function latestOfEachId(
  manifests: readonly Verified<ReferenceManifest>[],
): readonly NonEmptyArray<Verified<ReferenceManifest>>[] {
  const byId = new Map<string, NonEmptyArray<Verified<ReferenceManifest>>>()
  for (const manifest of manifests) {
    const id = manifest.kind === 'vbios' ? manifest.tagId : ''
    const latest = byId.get(id)
    const later = latest === undefined ? 1 : began(manifest) - began(latest[0])
    if (latest === undefined || later > 0) byId.set(id, [manifest])
    else if (later === 0 && latest.every(({ contentDigest }) => contentDigest !== manifest.contentDigest))
      byId.set(id, [...latest, manifest])
  }
  return [...byId.values()]
}

function began({ signer }: ReferenceManifest): number {
  return signer.notBefore.getTime()
}

/** Which of two is named must not depend on the order they were given in. */
function laterFirst(a: ReferenceManifest, b: ReferenceManifest): number {
  return began(b) - began(a) || (a.contentDigest < b.contentDigest ? -1 : 1)
}

/** Product and version exactly as the report states them. */
export function checkBinding(manifest: ReferenceManifest, expected: ManifestExpectation): readonly AppraiseFailure[] {
  const failures: AppraiseFailure[] = []
  const at = `manifests.${expected.kind}`
  if (!expected.products.includes(manifest.product)) {
    const wanted = expected.products.join(' or ')
    failures.push(
      appraiseFailure('manifest/product-mismatch', `${at}.product`, { product: manifest.product, expected: wanted }),
    )
  }
  if (expected.version === undefined || manifest.colloquialVersion !== expected.version) {
    const report = expected.version ?? '(not stated)'
    failures.push(
      appraiseFailure('manifest/version-mismatch', `${at}.colloquialVersion`, {
        manifest: manifest.colloquialVersion,
        report,
      }),
    )
  }
  return failures
}

/** A manifest verified at another instant than the report counts only if its certificates are valid at the report's too. */
export function checkValidity(manifest: ReferenceManifest, now: Date): readonly AppraiseFailure[] {
  const invalid = manifest.path.certificates.find(({ notBefore, notAfter }) => !(notBefore <= now && now <= notAfter))
  if (invalid === undefined) return []
  const { subject, notBefore, notAfter } = invalid
  const details = { subject: describeName(subject), notBefore, notAfter, appraisedAt: now }
  return [appraiseFailure('manifest/outside-validity', `manifests.${manifest.kind}.certificates`, details)]
}
