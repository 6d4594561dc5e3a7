// `npm run bench [name ...]`: prints every figure as a ratio against bare cryptography measured in the same run. Never a
// timed test. It is bundled first, because running the sources directly names every closure at run time, at a cost that
// no user of the package pays.
import { benchEvidence } from './evidence.js'
import { benchFootprint } from './footprint.js'
import { printRows, type Row } from './measure.js'
import { benchMemory, benchVerifierMemory } from './memory.js'

const groups: Readonly<Record<string, () => Promise<readonly Row[]>>> = {
  evidence: benchEvidence,
  footprint: benchFootprint,
  stream: benchMemory,
  memory: benchVerifierMemory,
}

const chosen = process.argv.slice(2)
for (const [name, run] of Object.entries(groups))
  if (chosen.length === 0 || chosen.includes(name)) printRows(await run())
