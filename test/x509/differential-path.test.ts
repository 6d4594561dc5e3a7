// Our verdicts on certificate paths against those of `openssl verify -x509_strict`, wherever that tool is installed.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { toPem } from './issuer.js'
import { build, now, type PathCase, pathCases } from './path-cases.js'

const openssl = spawnSync('openssl', ['version'], { encoding: 'utf8' })
const available = openssl.status === 0 && /^OpenSSL [3-9]/.test(openssl.stdout)
if (!available) process.stderr.write('\n*** SKIPPING path differential tests: no OpenSSL 3 binary ***\n')

const folder = mkdtempSync(join(tmpdir(), 'paths-'))
afterAll(() => rmSync(folder, { recursive: true }))

async function opensslVerdict(one: PathCase): Promise<{ readonly verified: boolean; readonly said: string }> {
  const certificates = await build(one)
  const file = (name: string, members: readonly string[]): string => {
    const path = join(folder, name)
    writeFileSync(path, members.map((member) => toPem(certificates.get(member) ?? new Uint8Array())).join(''))
    return path
  }
  const given = one.given ?? ['ca2', 'ca1']
  const time = Math.floor((one.options?.now ?? now).getTime() / 1000)
  const untrusted = given.length === 0 ? [] : ['-untrusted', file('untrusted.pem', given)]
  const anchors = file('anchors.pem', one.anchors ?? ['root'])
  const { status, stdout, stderr } = spawnSync(
    'openssl',
    [
      ...['verify', '-x509_strict', '-attime', String(time), '-no-CApath', '-no-CAstore'],
      ...['-CAfile', anchors, ...untrusted, file('leaf.pem', ['leaf'])],
    ],
    { encoding: 'utf8' },
  )
  return { verified: status === 0, said: `${stdout}${stderr}` }
}

describe.skipIf(!available)('openssl verify', () => {
  it.each(pathCases.filter(({ opensslDiffers }) => opensslDiffers === undefined))('agrees on $name', async (one) => {
    const { verified, said } = await opensslVerdict(one)
    expect(verified, said).toBe(one.expected === 'verified')
  })

  // Kept as tests, so that a deviation that goes away is noticed.
  it.each(pathCases.filter(({ opensslDiffers }) => opensslDiffers !== undefined))(
    'differs on $name: $opensslDiffers',
    async (one) => {
      const { verified, said } = await opensslVerdict(one)
      expect(verified, said).toBe(one.expected !== 'verified')
    },
  )
})
