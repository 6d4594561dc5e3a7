// The package's entries exist, export only named values, and are the ones the documentation uses.
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import * as main from '../src/index.js'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const manifest: { readonly exports: Record<string, unknown>; readonly sideEffects: boolean } = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
)

describe('package', () => {
  it('declares no side effects', () => {
    expect(manifest.sideEffects).toBe(false)
  })

  it('has an entry for every subpath the documentation imports', () => {
    const pages = [
      'README.md',
      'docs/collateral.md',
      'docs/policy.md',
      'docs/guide.md',
      'docs/tokens.md',
      'docs/location-profile.md',
    ]
    const imported = pages.flatMap((page) =>
      [...readFileSync(join(root, page), 'utf8').matchAll(/from 'gpu-attestation(\/[^']*)?'/g)].map(
        (match) => `.${match[1] ?? ''}`,
      ),
    )
    expect(imported.length).toBeGreaterThan(0)
    expect(imported.filter((subpath) => !(subpath in manifest.exports))).toEqual([])
  })

  it('exports the functions of each stage by name', () => {
    for (const name of [
      'parseEvidence',
      'parseGpuReport',
      'parseSwitchReport',
      'verifyCertificatePath',
      'verifyGpuReport',
      'verifySwitchReport',
      'verifyReferenceManifest',
      'appraiseDevice',
      'appraiseNode',
      'createVerifier',
      'parsePolicy',
      'strictPolicy',
      'AttestationError',
    ]) {
      expect(Object.keys(main)).toContain(name)
    }
  })
})
