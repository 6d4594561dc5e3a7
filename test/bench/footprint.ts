// Bench: size of a bundle, time to import the built core, and memory over a long stream.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import type { Row } from './measure.js'

const root = process.cwd()

/** What a program uses: names exported by the sources of an entry. */
interface Use {
  readonly from: string
  readonly names: readonly string[]
}

const core: Use = {
  from: 'src/index.ts',
  names: ['parseEvidence', 'verifyDevicePath', 'verifyGpuReport', 'AttestationError'],
}
const token: Use = {
  from: 'src/token-entry.ts',
  names: ['verifyJws', 'verifyCoseSign1', 'verifyEat', 'verifyDetachedEat', 'parseJwkSet', 'verifyNrasToken'],
}
const location: Use = {
  from: 'src/location-entry.ts',
  names: ['verifyLocationBundle', 'verifyLocationClaim', 'appraiseLocation', 'verifyLandmarkDirectory'],
}
const territories: Use = {
  from: 'src/territories/index.ts',
  names: ['loadTerritories', 'naturalEarthMap', 'capTerritory', 'customTerritory', 'territoryNames'],
}

/** Size in KB, gzip, of a minified bundle that exports all these names, dependencies included. */
async function bundledKb(...uses: readonly Use[]): Promise<number> {
  const contents = uses.map(({ names, from }) => `export { ${names.join(', ')} } from '${join(root, from)}'`).join('\n')
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
  const coreKb = await bundledKb(core)
  const withTokens = await bundledKb(core, token)
  const withLocation = await bundledKb(core, token, location)
  return [
    atMostKb('core bundle that verifies GPU evidence, gzip', coreKb, 25),
    atMostKb('added by tokens (JWS, COSE, EAT, detached EAT, NRAS; with jose), gzip', withTokens - coreKb, 15),
    atMostKb('added by location (bundle, claim, directory, appraisal), gzip', withLocation - withTokens, 22),
    atMostKb('territories entry, code and map together, gzip', await bundledKb(territories), 350),
    { what: 'import of the built core on Node', value: importMs(), target: 25, bound: 'at most', unit: 'ms' },
  ]
}

function atMostKb(what: string, value: number, target: number): Row {
  return { what, value, target, bound: 'at most', unit: 'KB' }
}
