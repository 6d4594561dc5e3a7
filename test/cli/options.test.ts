// Options: nothing that the caller asks for is dropped. Each command takes its own, once, and none that contradict.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commandOptions } from '../../src/cli/command-options.js'
import { parseInstant } from '../../src/cli/options.js'
import { main } from '../../src/cli/run.js'
import { createTerminal } from '../../src/cli/terminal.js'
import { exitCodes, helpText, UsageError } from '../../src/cli/usage.js'

const fixtures = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'fixtures')
const evidence = join(fixtures, 'hopper', 'evidence.json')
const hopper: { readonly nonceHex: string; readonly now: string } = JSON.parse(
  readFileSync(join(fixtures, 'hopper', 'case.json'), 'utf8'),
)
const sound: {
  readonly nonceHex: string
  readonly nonceIssuedAt: string
  readonly audience: string
  readonly directoryIssuer: string
  readonly policy: object
  readonly now: string
} = JSON.parse(readFileSync(join(fixtures, 'location', 'sound', 'case.json'), 'utf8'))

async function run(...argv: readonly string[]): Promise<{ readonly code: number; readonly err: string }> {
  let err = ''
  const terminal = createTerminal({ write: () => undefined }, { write: (text: string) => (err += text) }, {})
  return { code: await main(terminal, argv), err }
}

let folder = ''
let landmarks = ''
let locate: readonly string[] = []
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gpu-attestation-'))
  landmarks = join(folder, 'landmarks.json')
  writeFileSync(landmarks, JSON.stringify([{ name: 'a', operator: 'b', latitude: 52.37, longitude: 4.9 }]))
  const policy = join(folder, 'policy.json')
  writeFileSync(policy, JSON.stringify(sound.policy))
  const at = (path: string): string => join(fixtures, 'location', path)
  locate = [
    ...['locate', at('sound/bundle.jwt'), '--directory', at('shared/directory-fb868a45.jwt')],
    ...['--directory-key', at('shared/directory-keys.json'), '--directory-issuer', sound.directoryIssuer],
    ...['--policy', policy, '--audience', sound.audience, '--nonce', sound.nonceHex],
    ...['--nonce-issued', sound.nonceIssuedAt, '--evidence', at('shared/devices-530693-01bc3358.json')],
    ...['--trust-anchor', join(fixtures, 'anchors', 'device-root.pem'), '--now', sound.now],
  ]
})
afterAll(() => rmSync(folder, { recursive: true }))

const verify = ['verify', evidence, '--nonce', hopper.nonceHex, '--now', hopper.now]
const absent = join(fixtures, 'absent')

async function refused(argv: readonly string[], ...named: readonly string[]): Promise<void> {
  const { code, err } = await run(...argv)
  expect(code).toBe(exitCodes.usage)
  for (const option of named) expect(err).toContain(option)
}

describe('an option that the command does not have is refused', () => {
  it.each<[string, readonly string[]]>([
    ['--policy', ['inspect', evidence, '--policy', absent]],
    ['--nonce', ['inspect', evidence, '--nonce', 'zz']],
    ['--trust-anchor', ['inspect', evidence, '--trust-anchor', absent]],
    ['--directory', [...verify, '--directory', absent]],
    ['--second-nonce', [...verify, '--second-nonce', 'zz']],
    ['--out', [...verify, '--out', absent]],
    ['--json', ['collect', evidence, '--out', absent, '--json']],
    ['--now', ['collect', evidence, '--out', absent, '--now', hopper.now]],
    ['--nonce', ['plan', '--territory', 'NL', '--landmarks', absent, '--nonce', 'zz']],
  ])('%s (%#)', (option, argv) => refused(argv, `no option ${option}`))

  it.each(['--node=mpt', '--online', '--authenticity-only', '--tolerate-trailing', '--chain=x', '--manifest-anchor=x'])(
    'in locate: %s',
    (option) => refused([...locate, option], `no option ${option.split('=')[0]}`),
  )
})

describe('an option given twice is refused', () => {
  it.each<[string, readonly string[]]>([
    ['--nonce', ['verify', evidence, '--nonce', '0'.repeat(64), '--nonce', hopper.nonceHex]],
    ['--nonce', [...verify, `--nonce=${hopper.nonceHex}`]],
    ['--now', [...verify, '--now', hopper.now]],
    ['--json', ['inspect', evidence, '--json', '--json']],
  ])('%s (%#)', (option, argv) => refused(argv, option))

  it('unless several are meant', async () => {
    const anchor = join(fixtures, 'anchors', 'device-root.pem')
    const both = ['--trust-anchor', anchor, '--trust-anchor', anchor, '--authenticity-only']
    expect((await run(...verify, ...both)).code).toBe(exitCodes.pass)
  })
})

describe('options that contradict each other are refused', () => {
  it.each(['--collateral=x', '--online', '--policy=x', '--node=ppcie'])('--authenticity-only with %s', (option) =>
    refused([...verify, '--authenticity-only', option], '--authenticity-only', option.split('=')[0] ?? ''),
  )

  it.each<[readonly string[], readonly string[]]>([
    [
      [...verify, '--collateral', absent, '--online'],
      ['--collateral', '--online'],
    ],
    [
      [...verify, '--gpus', '8'],
      ['--gpus', '--node'],
    ],
    [[...verify, '--authenticity-only', '--gpus', '8'], ['--gpus']],
    [
      ['plan', '--territory', 'NL', '--landmarks', absent, '--outside', '--sea', 'counted'],
      ['--outside', '--sea'],
    ],
  ])('%#', (argv, named) => refused(argv, ...named))
})

describe('locate', () => {
  it('reaches its answer with these options', async () => {
    // No machine facts: the key is not confined, which the policy does not waive.
    expect((await run(...locate)).code).toBe(exitCodes.appraise)
  })

  it('opens the collateral it is given', () => refused([...locate, '--collateral', absent], absent))

  it('wants the whole second challenge for any part of it', async () => {
    await refused([...locate, '--second-nonce-issued', sound.now], '--second-nonce is missing')
    await refused([...locate, '--second-evidence', evidence], '--second-nonce is missing')
    await refused([...locate, '--second-nonce', sound.nonceHex], '--second-nonce-issued is missing')
    const second = ['--second-nonce', sound.nonceHex, '--second-nonce-issued']
    await refused([...locate, ...second, sound.now], '--second-evidence is missing')
    await refused([...locate, ...second, 'yesterday'], '--second-nonce-issued must be')
    await refused([...locate, '--second-nonce', 'zz', '--second-nonce-issued', sound.now], '--second-nonce must be')
  })
})

describe('plan', () => {
  it.each(['', '1.5', '-1', '1e1', 'one'])('takes no fault tolerance of "%s"', (text) =>
    refused(['plan', '--territory', 'NL', '--landmarks', landmarks, `--fault-tolerance=${text}`], '--fault-tolerance'),
  )
})

describe('an instant', () => {
  it.each([
    '2026-02-30T00:00:00Z',
    '2026-02-29T12:00:00Z',
    '2026-04-31T12:00:00+02:00',
    '2026-13-01T00:00:00Z',
    '2026-01-15T24:00:00Z',
    '2026-01-15T12:60:00Z',
    '2026-01-15T12:00:00+25:00',
    '2026-01-15T junk (12:00) Z',
    '2026-01-15T12:00:00',
    '2026-01-15',
    '',
  ])('is not %s', (text) => {
    expect(() => parseInstant(text, '--now')).toThrow(UsageError)
    expect(() => parseInstant(text, '--nonce-issued')).toThrow(/--nonce-issued/)
  })

  it.each([
    ['2028-02-29T12:00:00Z', Date.UTC(2028, 1, 29, 12)],
    ['2026-01-01T00:30:00+02:00', Date.UTC(2025, 11, 31, 22, 30)],
    ['2026-12-31T23:30:00.250-01:00', Date.UTC(2027, 0, 1, 0, 30, 0, 250)],
    ['2026-01-15T12:00Z', Date.UTC(2026, 0, 15, 12)],
  ])('is %s', (text, time) => {
    expect(parseInstant(text, '--now').getTime()).toBe(time)
  })
})

describe('help', () => {
  const usage = helpText.split('\n\n')

  it.each(Object.entries(commandOptions))('of %s names exactly what it takes', (command, options) => {
    const text = usage.find((part) => part.startsWith(`  gpu-attestation ${command} `)) ?? ''
    const named = new Set([...text.matchAll(/--([a-z][a-z-]*)/g)].map(([, name]) => name))
    expect([...named].sort()).toEqual([...options].sort())
  })

  it('is there whatever else is asked', async () => {
    expect((await run('inspect', '--help')).code).toBe(exitCodes.pass)
    expect((await run('-h')).code).toBe(exitCodes.pass)
  })
})
