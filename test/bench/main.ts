// `npm run bench [name ...]`: prints every figure as a ratio against bare cryptography measured in the same run. Never a
// timed test. It is bundled first, because running the sources directly names every closure at run time, at a cost that
// no user of the package pays.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { benchEvidence } from './evidence.js'
import { benchFootprint } from './footprint.js'
import { benchLocation } from './location-figures.js'
import { printRows, type Row } from './measure.js'
import { benchMemory, benchVerifierMemory, printDevices } from './memory.js'
import { benchManifests } from './rim.js'
import { benchTokens } from './token.js'

const groups: Readonly<Record<string, () => Promise<readonly Row[]>>> = {
  evidence: benchEvidence,
  rim: benchManifests,
  tokens: benchTokens,
  location: benchLocation,
  footprint: benchFootprint,
  stream: benchMemory,
  memory: benchVerifierMemory,
}

const asked = process.argv.slice(2)
if (asked[0] === 'devices') printDevices(Number(asked[1]), Number(asked[2]))
else await run(asked.length === 0 ? Object.keys(groups) : asked)

async function run([first, ...more]: readonly string[]): Promise<void> {
  const group = groups[first ?? '']
  if (first === undefined || group === undefined)
    throw new Error(`no group ${first}; there are ${Object.keys(groups).join(', ')}`)
  if (more.length === 0) printRows(await group())
  else for (const name of [first, ...more]) runAlone(name)
}

/** A process for each group: what one leaves behind on the heap would be measured along with the next. */
function runAlone(name: string): void {
  const script = fileURLToPath(import.meta.url)
  const { status } = spawnSync(process.execPath, [...process.execArgv, script, name], { stdio: 'inherit' })
  if (status !== 0) throw new Error(`group ${name} failed`)
}
