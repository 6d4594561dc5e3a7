// Chooses the manifest that counts for a device and checks that it is for this product and version.
import { type AppraiseFailure, appraiseFailure } from '../result/failure.js'
import type { Verified } from '../result/proof.js'
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
 * beginning and different content are refused as ambiguous.
 */
export function chooseManifest(
  manifests: readonly Verified<ReferenceManifest>[],
  expected: ManifestExpectation,
): ManifestChoice {
  const sameKind = manifests.filter((manifest) => manifest.kind === expected.kind)
  const [first] = sameKind
  if (first === undefined) {
    return {
      manifest: undefined,
      failures: [appraiseFailure('manifest/missing', 'manifests', { kind: expected.kind, expectedId: expected.id })],
    }
  }
  const fitting = sameKind.filter((manifest) => checkBinding(manifest, expected).length === 0)
  let chosen: Verified<ReferenceManifest> | undefined
  for (const manifest of fitting) {
    if (chosen === undefined || manifest.signer.notBefore.getTime() > chosen.signer.notBefore.getTime())
      chosen = manifest
  }
  // None fits: show why, on one of them.
  if (chosen === undefined) return { manifest: first, failures: [] }
  const start = chosen.signer.notBefore.getTime()
  const digests = new Set(
    fitting
      .filter((manifest) => manifest.signer.notBefore.getTime() === start)
      .map((manifest) => manifest.contentDigest),
  )
  if (digests.size === 1) return { manifest: chosen, failures: [] }
  return {
    manifest: undefined,
    failures: [appraiseFailure('manifest/ambiguous', 'manifests', { kind: expected.kind, count: digests.size })],
  }
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
