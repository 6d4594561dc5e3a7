// Writes docs/failures.md from the failure guides; test/failures.test.ts refuses a stale copy.
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { renderFailures } from './failures-page.js'

writeFileSync(join(dirname(fileURLToPath(import.meta.url)), 'failures.md'), renderFailures())
