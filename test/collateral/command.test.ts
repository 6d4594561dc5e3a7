import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { collect, processWorld } from '../../src/cli/collect.js'
import { createTerminal, type Terminal } from '../../src/cli/terminal.js'
import { UsageError } from '../../src/cli/usage.js'
import { parseCollateral } from '../../src/collateral/index.js'
import { type Known, optionsFor, routeOf, type Service, startService } from './service.js'
import { createWorldVerifier, device, driver, evidence, knownOf, now } from './world.js'

let folder: string
const services: Service[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'collect-'))
})
afterEach(async () => {
  rmSync(folder, { recursive: true })
  for (const service of services.splice(0)) await service.close()
})

function screen(): { readonly terminal: Terminal; readonly out: string[]; readonly err: string[] } {
  const out: string[] = []
  const err: string[] = []
  const terminal = createTerminal(
    { write: (text) => out.push(text) },
    { isTTY: true, write: (text) => err.push(text) },
    {},
  )
  return { terminal, out, err }
}

async function run(known: Known, out = join(folder, 'bundle.json')) {
  const service = await startService(routeOf(known))
  services.push(service)
  const { fetch: _fetch, random: _random, sleep: _sleep, ...options } = optionsFor(service.origin, now)
  const shown = screen()
  const code = await collect(shown.terminal, evidence, { ...options, out })
  return { code, out, shown: shown.out.join(''), progress: shown.err.join('') }
}

describe('collect', () => {
  it('writes a bundle that verifies, and ends with 0', async () => {
    const { code, out, shown, progress } = await run(knownOf())
    expect(code).toBe(0)
    expect(shown).toContain(driver.id)
    expect(progress).toMatch(/collected 1 of \d+/)
    const collateral = parseCollateral(readFileSync(out))
    const [item] = evidence
    if (item === undefined) throw new Error('no evidence')
    const result = await createWorldVerifier().appraise(item, { nonce: device.nonce, now, collateral })
    expect(result.verdict).toBe('pass')
  })

  it('writes what there is, names what is missing with advice, and ends with 5', async () => {
    const known = knownOf()
    const { code, out, shown } = await run({ ...known, manifests: new Map() })
    expect(code).toBe(5)
    expect(shown).toContain(`collect/not-found at manifests[${driver.id}]`)
    expect(shown).toContain('Next:')
    const bundle = parseCollateral(readFileSync(out))
    expect(bundle.manifests).toEqual([])
    expect(bundle.ocspResponses.length).toBeGreaterThan(0)
  })

  it('says so when it cannot write', async () => {
    await expect(run(knownOf(), join(folder, 'missing', 'bundle.json'))).rejects.toThrow(UsageError)
  })
})

describe('the world of a process', () => {
  it('has unpredictable bytes, a clock and a sleep that can be woken', async () => {
    const { random, now: clock, sleep } = processWorld
    expect(random(32).length).toBe(32)
    expect(Buffer.from(random(32)).equals(Buffer.from(random(32)))).toBe(false)
    expect(Math.abs(clock().getTime() - Date.now())).toBeLessThan(1000)
    const controller = new AbortController()
    const long = sleep(60_000, controller.signal)
    controller.abort()
    await expect(long).rejects.toThrow()
  })
})
