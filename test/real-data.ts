// Where the real third-party data lives; tests that need it skip, saying so, when it is not there.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = process.env['REAL_DATA_DIR'] ?? join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'shared')

/** True when the data set is present. CI sets REAL_DATA_REQUIRED so that its absence there is an error, not a skip. */
export const hasRealData: boolean = existsSync(join(root, 'evidence', 'index.json'))

if (!hasRealData) {
  if (process.env['REAL_DATA_REQUIRED'] === '1') throw new Error(`real test data missing: ${root}`)
  process.stderr.write(`\n*** SKIPPING tests on real evidence: no data in ${root}; set REAL_DATA_DIR ***\n`)
}

export function readReal(path: string): Uint8Array {
  return new Uint8Array(readFileSync(join(root, path)))
}

export function readRealText(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}

export function readRealJson(path: string): unknown {
  return JSON.parse(readRealText(path))
}
