// The core bundles for a browser without any Node module, and the bundled file judges a fixture.
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createContext, runInContext } from 'node:vm'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')

interface FixtureCase {
  readonly now: string
  readonly nonceHex: string
  readonly trustAnchors: { readonly device: string; readonly manifest: string }
  readonly expected: { readonly authentic: boolean; readonly code?: string }
}

const program = `
import { createVerifier, parseCertificates, parseEvidence, strictPolicy, trustAnchorFromCertificate } from './src/index.ts'
globalThis.authenticate = async ({ evidence, devicePem, manifestPem, nonce, now }) => {
  const anchor = (pem) => trustAnchorFromCertificate(parseCertificates(pem)[0])
  const verifier = createVerifier({ trustAnchors: { device: [anchor(devicePem)], manifest: [anchor(manifestPem)] }, policy: strictPolicy })
  try {
    const report = await verifier.authenticate(parseEvidence(evidence)[0], { nonce, now: new Date(now) })
    return { authentic: true, ueid: report.identity.ueid }
  } catch (error) {
    return { authentic: false, code: error.code }
  }
}`

async function bundle(): Promise<string> {
  const result = await build({
    stdin: { contents: program, resolveDir: root, loader: 'ts' },
    bundle: true,
    write: false,
    format: 'iife',
    // Fails on any node: import that is reached.
    platform: 'browser',
    target: 'es2022',
  })
  return result.outputFiles[0]?.text ?? ''
}

// Only what every browser and worker has: no process, no Buffer, no require.
function browserLike(): ReturnType<typeof createContext> {
  return createContext({
    crypto,
    TextDecoder,
    TextEncoder,
    Uint8Array,
    ArrayBuffer,
    SharedArrayBuffer,
    Date,
    result: undefined,
  })
}

function readCase(name: string): FixtureCase {
  return JSON.parse(readFileSync(join(root, 'fixtures', name, 'case.json'), 'utf8'))
}

describe('browser bundle', () => {
  it('authenticates good fixtures and refuses bad ones', { timeout: 30_000 }, async () => {
    const context = browserLike()
    runInContext(await bundle(), context)
    for (const name of ['hopper', 'blackwell', 'flipped-measurement', 'foreign-root']) {
      const { now, nonceHex, trustAnchors, expected } = readCase(name)
      const pem = (path: string): string => readFileSync(join(root, 'fixtures', path), 'utf8')
      context['input'] = {
        evidence: new Uint8Array(readFileSync(join(root, 'fixtures', name, 'evidence.json'))),
        devicePem: pem(trustAnchors.device),
        manifestPem: pem(trustAnchors.manifest),
        nonce: new Uint8Array(Buffer.from(nonceHex, 'hex')),
        now,
      }
      const outcome: unknown = await runInContext('authenticate(input)', context)
      expect(outcome).toMatchObject(
        expected.authentic ? { authentic: true } : { authentic: false, code: expected.code },
      )
    }
  })
})
