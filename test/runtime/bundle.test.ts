// One bundle without any Node module judges fixtures the same in a browser-like context, Node, Bun and Deno.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createContext, runInContext } from 'node:vm'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RuntimeCase } from './program.js'

const here = dirname(fileURLToPath(import.meta.url))
const fixtures = join(here, '..', '..', 'fixtures')

interface CaseFile {
  readonly now: string
  readonly nonceHex: string
  readonly trustAnchors: { readonly device: string; readonly manifest: string }
  readonly evidence: string
  readonly manifests: readonly string[]
  readonly ocspResponses: readonly string[]
  readonly expected: { readonly verdict: string; readonly authentic: boolean; readonly code?: string }
}

const names = [
  'hopper',
  'blackwell',
  'gb20x',
  'ls10',
  'flipped-measurement',
  'foreign-root',
  'measurement-mismatch',
  'revoked-issuer',
  'altered-manifest',
]
const files = names.map((name) => ({ name, file: readCase(name) }))

function readCase(name: string): CaseFile {
  return JSON.parse(readFileSync(join(fixtures, name, 'case.json'), 'utf8'))
}

const hex = (path: string): string => readFileSync(join(fixtures, path)).toString('hex')
const cases: readonly RuntimeCase[] = files.map(({ name, file }) => ({
  name,
  evidence: hex(file.evidence),
  devicePem: readFileSync(join(fixtures, file.trustAnchors.device), 'utf8'),
  manifestPem: readFileSync(join(fixtures, file.trustAnchors.manifest), 'utf8'),
  manifests: file.manifests.map(hex),
  ocspResponses: file.ocspResponses.map(hex),
  nonceHex: file.nonceHex,
  now: file.now,
}))
/** Written by hand in the fixtures, not taken from our output. */
const expected = files.map(({ name, file: { expected: want } }) => ({
  name,
  verdict: want.verdict,
  authentic: want.authentic,
  ...(want.code === undefined ? {} : { code: want.code }),
}))

async function bundle(footer: string, format: 'iife' | 'esm'): Promise<string> {
  const result = await build({
    stdin: { contents: `import { judge } from './program.ts'\n${footer}`, resolveDir: here, loader: 'ts' },
    bundle: true,
    write: false,
    format,
    // Fails on any node: import that is reached.
    platform: 'browser',
    target: 'es2022',
  })
  return result.outputFiles[0]?.text ?? ''
}

function found(runtime: string): boolean {
  try {
    execFileSync(runtime, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    process.stderr.write(`\n*** SKIPPING the ${runtime} run of the bundle: ${runtime} is not installed ***\n`)
    return false
  }
}

describe('the core bundle', { timeout: 60_000 }, () => {
  let folder = ''
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'gpu-attestation-runtime-'))
    const program = `console.log(JSON.stringify(await judge(${JSON.stringify(cases)})))`
    writeFileSync(join(folder, 'program.mjs'), await bundle(program, 'esm'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  it('runs where there is only what browsers and workers have', async () => {
    // No process, no Buffer, no require.
    const context = createContext({
      structuredClone,
      crypto,
      TextDecoder,
      TextEncoder,
      Uint8Array,
      ArrayBuffer,
      SharedArrayBuffer,
      Date,
      cases,
    })
    runInContext(await bundle('globalThis.judge = judge', 'iife'), context)
    expect(await runInContext('judge(cases)', context)).toMatchObject(expected)
  })

  it.skipIf(!found('node'))('runs on Node', () => expect(answers('node', [])).toMatchObject(expected))
  it.skipIf(!found('bun'))('runs on Bun', () => expect(answers('bun', ['run'])).toMatchObject(expected))
  // No permissions: it must need no file, network or environment.
  it.skipIf(!found('deno'))('runs on Deno', () =>
    expect(answers('deno', ['run', '--no-prompt'])).toMatchObject(expected),
  )

  function answers(runtime: string, options: readonly string[]): unknown {
    return JSON.parse(execFileSync(runtime, [...options, join(folder, 'program.mjs')], { encoding: 'utf8' }))
  }
})
