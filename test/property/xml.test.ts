// Generated documents: our canonical form against libxml2's, and bounded behaviour on damaged ones.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { canonicalizeXml } from '../../src/encoding/c14n.js'
import { parseXml } from '../../src/encoding/xml.js'
import { failureOf } from '../rim/failure.js'
import { documents } from './xml-model.js'

const hasXmllint: boolean = spawnSync('xmllint', ['--version']).status === 0
if (!hasXmllint) process.stderr.write('\n*** SKIPPING canonical XML against xmllint: not installed ***\n')

const directory = mkdtempSync(join(tmpdir(), 'xml-'))
afterAll(() => rmSync(directory, { recursive: true }))

describe.skipIf(!hasXmllint)('canonical form', () => {
  // One process per batch: xmllint would take most of the time otherwise. Its answer for several files is the
  // concatenation, so each document stands in a file of its own and the answers are compared as one text.
  test('agrees with xmllint --c14n11', () => {
    fc.assert(
      fc.property(fc.array(documents, { minLength: 40, maxLength: 40 }), (batch) => {
        const paths = batch.map((document, index) => {
          const path = join(directory, `${index}.xml`)
          writeFileSync(path, document)
          return path
        })
        const ours = batch.map((document) => canonicalizeXml(parseXml(new TextEncoder().encode(document), '')))
        const { stdout, status } = spawnSync('xmllint', ['--c14n11', ...paths])
        expect(status).toBe(0)
        expect(Buffer.concat(ours).toString()).toBe(stdout.toString())
      }),
      { numRuns: 25 },
    )
  })
})

describe('any document', () => {
  test('is accepted with a canonical form that is its own canonical form', () => {
    fc.assert(
      fc.property(documents, (document) => {
        const once = canonicalizeXml(parseXml(new TextEncoder().encode(document), ''))
        expect(canonicalizeXml(parseXml(once, ''))).toEqual(once)
      }),
      { numRuns: 300 },
    )
  })

  test('with a byte changed is parsed or refused with an AttestationError, and what is parsed has a stable form', () => {
    fc.assert(
      fc.property(documents, fc.nat(), fc.integer({ min: 1, max: 255 }), (document, place, flip) => {
        const bytes = new TextEncoder().encode(document)
        const offset = place % bytes.length
        bytes[offset] = (bytes[offset] ?? 0) ^ flip
        const failure = failureOf(() => {
          const once = canonicalizeXml(parseXml(bytes, ''))
          expect(canonicalizeXml(parseXml(once, ''))).toEqual(once)
        })
        expect(failure.code).toMatch(/^(?:accepted|xml\/|encoding\/utf8)/)
      }),
      { numRuns: 1000 },
    )
  })
})
