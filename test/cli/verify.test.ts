// The command line: exit codes per stage, output for people and for programs, nothing of the evidence's text let through raw.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { main } from '../../src/cli/run.js'
import { createTerminal, printable } from '../../src/cli/terminal.js'

const fixtures = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'fixtures')
const hopper: { readonly nonceHex: string; readonly now: string } = JSON.parse(
  readFileSync(join(fixtures, 'hopper', 'case.json'), 'utf8'),
)
const anchors = [
  '--trust-anchor',
  join(fixtures, 'anchors', 'device-root.pem'),
  '--manifest-anchor',
  join(fixtures, 'anchors', 'manifest-root.pem'),
]

async function run(
  ...argv: readonly string[]
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  let out = ''
  let err = ''
  const terminal = createTerminal(
    { write: (text: string) => (out += text) },
    { write: (text: string) => (err += text) },
    {},
  )
  const code = await main(terminal, argv)
  return { code, out, err }
}

function evidence(name: string): string {
  return join(fixtures, name, 'evidence.json')
}

function verify(name: string, ...more: readonly string[]): ReturnType<typeof run> {
  return run('verify', evidence(name), '--nonce', hopper.nonceHex, '--now', hopper.now, ...anchors, ...more)
}

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gpu-attestation-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('wrong calls end with 1', () => {
  it.each([
    [[]],
    [['verify']],
    [['praise', evidence('hopper')]],
    [['verify', evidence('hopper')]],
    [['verify', evidence('hopper'), '--nonce', 'abc']],
    [['verify', evidence('hopper'), '--nonce', hopper.nonceHex, '--now', 'yesterday']],
    [['verify', evidence('hopper'), '--nonce', hopper.nonceHex, '--now', '2026-01-15']],
    [['verify', evidence('hopper'), '--nonce', hopper.nonceHex, '--unknown-option']],
    [['verify', join(fixtures, 'absent.json'), '--nonce', hopper.nonceHex]],
    [['verify', evidence('hopper'), evidence('ls10'), '--nonce', hopper.nonceHex]],
  ])('%j', async (argv) => {
    expect((await run(...argv)).code).toBe(1)
  })

  it('but help ends with 0', async () => {
    const { code, out } = await run('--help')
    expect(code).toBe(0)
    expect(out).toContain('gpu-attestation verify FILE --nonce HEX')
  })

  it('says that a command does not exist rather than what it lacks', async () => {
    expect((await run('bogus')).err).toContain('no command bogus')
  })
})

describe('stages', () => {
  it('ends with 2 for input that cannot be read, and names the field', async () => {
    const file = join(folder, 'cut.json')
    writeFileSync(file, readFileSync(evidence('hopper'), 'utf8').slice(0, 400))
    const { code, err } = await run('inspect', file)
    expect(code).toBe(2)
    expect(err).toContain('json/syntax')
    expect(err).toContain('Next:')
  })

  it('ends with 3 when the evidence is not authentic', async () => {
    expect((await verify('flipped-measurement')).code).toBe(3)
    expect((await verify('flipped-measurement', '--authenticity-only')).code).toBe(3)
    expect((await run('verify', evidence('hopper'), '--nonce', hopper.nonceHex, '--now', hopper.now)).code).toBe(3)
  })

  it('ends with 4 when a genuine device does not satisfy the policy', async () => {
    const { code, out } = await verify('hopper')
    expect(code).toBe(4)
    expect(out).toContain('revocation/no-evidence')
  })

  it('ends with 0 for a genuine device when only authenticity is asked', async () => {
    const { code, out } = await verify('hopper', '--authenticity-only')
    expect(code).toBe(0)
    expect(out).toContain('AUTHENTIC')
    expect(out).toContain('were not judged')
  })
})

describe('output', () => {
  it('is the typed result with --json', async () => {
    const { out } = await verify('flipped-measurement', '--json')
    const result: unknown = JSON.parse(out)
    expect(result).toMatchObject({
      verdict: 'fail',
      devices: [{ authentic: false, failures: [{ code: 'spdm/signature' }] }],
    })
  })

  it('shows a whole report and chain without a verdict', async () => {
    const { code, out } = await run('inspect', evidence('hopper'))
    expect(code).toBe(0)
    expect(out).toContain(hopper.nonceHex)
    expect(out).toContain('Nothing above is verified')
    const json: unknown = JSON.parse((await run('inspect', evidence('hopper'), '--json')).out)
    expect(json).toMatchObject({ items: [{ kind: 'gpu', report: { mode: 'spt' } }] })
  })

  it('has colours on a terminal only, and never with NO_COLOR', () => {
    const silent = { write: () => true }
    expect(createTerminal(silent, silent, {}).good('x')).toBe('x')
    expect(createTerminal({ ...silent, isTTY: true }, silent, {}).good('x')).not.toBe('x')
    expect(createTerminal({ ...silent, isTTY: true }, silent, { NO_COLOR: '1' }).good('x')).toBe('x')
  })

  it('escapes control and direction characters of untrusted text', () => {
    expect(printable('a\u001b[31mb\u202ec\u0007')).toBe('a\\u{1b}[31mb\\u{202e}c\\u{7}')
  })
})
