// The failure tables, their documentation and the tests that reach each code stay in step.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { renderFailures } from '../docs/failures-page.js'
import { listFailureAdvice } from '../src/result/failures/guide.js'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? sources(path) : path.endsWith('.ts') ? [path] : []
  })
}

describe('failure codes', () => {
  const advice = listFailureAdvice()

  it('are unique across domains and stages', () => {
    const codes = advice.map((entry) => entry.code)
    expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([])
  })

  it('are documented in docs/failures.md as it stands', () => {
    expect(readFileSync(join(root, 'docs', 'failures.md'), 'utf8')).toBe(renderFailures())
  })

  it('are each raised by the code and each asserted by a test', () => {
    const raised = sources(join(root, 'src'))
      .filter((path) => !path.includes('/failures/'))
      .map((path) => readFileSync(path, 'utf8'))
      .join('\n')
    const tested = sources(join(root, 'test'))
      .map((path) => readFileSync(path, 'utf8'))
      .join('\n')
    const unraised = advice.filter((entry) => !raised.includes(`'${entry.code}'`)).map((entry) => entry.code)
    const untested = advice.filter((entry) => !tested.includes(`'${entry.code}'`)).map((entry) => entry.code)
    expect({ unraised, untested }).toEqual({ unraised: [], untested: [] })
  })
})
