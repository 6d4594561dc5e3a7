// Bench: size of a bundle, time to import the built core, and memory over a long stream.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import type { Row } from './measure.js'

const root = process.cwd()

/** Size in KB, gzip, of an entry that uses only the named exports. */
async function bundledKb(names: readonly string[], from: string): Promise<number> {
  const contents = `export { ${names.join(', ')} } from '${join(root, from)}'`
  const result = await build({
    stdin: { contents, resolveDir: root, loader: 'ts' },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
  })
  return gzipSync(result.outputFiles?.[0]?.contents ?? '', { level: 9 }).length / 1024
}

/** Milliseconds a fresh Node takes to import the built core; median of nine. */
function importMs(): number {
  const script = `const t = performance.now(); await import(${JSON.stringify(join(root, 'dist', 'index.js'))}); console.log(performance.now() - t)`
  const times = Array.from({ length: 9 }, () =>
    Number(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })),
  )
  return times.sort((a, b) => a - b)[4] ?? Number.NaN
}

export async function benchFootprint(): Promise<readonly Row[]> {
  const evidence = ['parseEvidence', 'verifyDevicePath', 'verifyGpuReport', 'AttestationError']
  return [
    {
      what: 'core bundle that verifies GPU evidence, gzip',
      value: await bundledKb(evidence, 'src/index.ts'),
      target: 25,
      bound: 'at most',
      unit: 'KB',
    },
    { what: 'import of the built core on Node', value: importMs(), target: 25, bound: 'at most', unit: 'ms' },
  ]
}
