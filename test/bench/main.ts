// `npm run bench`: prints every figure as a ratio against bare cryptography measured in the same run. Never a timed test.
import { benchEvidence } from './evidence.js'
import { benchFootprint } from './footprint.js'
import { printRows } from './measure.js'
import { benchMemory, benchVerifierMemory } from './memory.js'

printRows([
  ...(await benchEvidence()),
  ...(await benchFootprint()),
  ...(await benchMemory()),
  ...(await benchVerifierMemory()),
])
