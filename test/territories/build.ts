// Writes src/territories/data/natural-earth.ts: npx tsx test/territories/build.ts
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { buildDataset, dataModule, hashedText } from '../../src/territories/build/dataset.js'

export const dataFile: URL = new URL('../../src/territories/data/natural-earth.ts', import.meta.url)

export function readSource(): string {
  return readFileSync(createRequire(import.meta.url).resolve('world-atlas/countries-10m.json'), 'utf8')
}

export function buildModule(): string {
  const dataset = buildDataset(readSource())
  return dataModule(dataset, createHash('sha256').update(hashedText(dataset)).digest('hex'))
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) writeFileSync(dataFile, buildModule())
