// `verify --node` and `locate --collateral`: how many devices there should be, and whether they are revoked, is not read
// off the evidence.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { main } from '../../src/cli/run.js'
import { createTerminal } from '../../src/cli/terminal.js'
import { exitCodes } from '../../src/cli/usage.js'
import { encodeCollateral } from '../../src/collateral/index.js'
import {
  encodePem,
  type StatusOptions,
  type SyntheticDevice,
  type SyntheticManifest,
  sdkEvidenceJson,
} from '../../src/testing/index.js'
import { manifestsOf, now, responses, world } from '../appraise/scene.js'

const ppcie = world.ppcieNode()
const mpt = world.mptNode()
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gpu-attestation-'))
  writeFileSync(join(folder, 'device.pem'), encodePem(world.trustAnchors.device.der))
  writeFileSync(join(folder, 'manifest.pem'), encodePem(world.trustAnchors.manifest.der))
})
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

/** Everything an appraisal of `devices` needs, as a file. */
function collateralOf(devices: readonly SyntheticDevice[], status: StatusOptions = {}): string {
  const all: readonly SyntheticManifest[] = devices.flatMap((device) => manifestsOf(device))
  const manifests = [...new Map(all.map((manifest) => [manifest.id, manifest])).values()]
  const origin = { obtainedAt: now, source: undefined }
  const ocspResponses = responses([
    ...devices.flatMap(({ chain }) => world.deviceOcspResponses(chain, status)),
    ...manifests.flatMap(({ chain }) => world.manifestOcspResponses(chain)),
  ])
  return encodeCollateral({
    createdAt: now,
    manifests: manifests.map(({ bytes }) => bytes),
    ocspResponses,
    crls: [],
    certificates: [],
    origins: {
      manifests: manifests.map(({ id }) => ({ id, ...origin })),
      ocspResponses: ocspResponses.map(() => ({ nonce: undefined, ...origin })),
      crls: [],
      certificates: [],
    },
  })
}

async function run(...argv: readonly string[]) {
  let out = ''
  let err = ''
  const terminal = createTerminal(
    { write: (text: string) => (out += text) },
    { write: (text: string) => (err += text) },
    {},
  )
  return { code: await main(terminal, argv), out, err }
}

let collateral = ''
function verify(devices: readonly SyntheticDevice[], nonce: Uint8Array, ...more: readonly string[]) {
  if (collateral === '') collateral = file('collateral.json', collateralOf([...ppcie.devices, ...mpt.devices]))
  const evidence = file('evidence.json', sdkEvidenceJson(devices))
  const anchors = ['--trust-anchor', join(folder, 'device.pem'), '--manifest-anchor', join(folder, 'manifest.pem')]
  const judged = ['--nonce', hex(nonce), '--now', now.toISOString(), '--collateral', collateral]
  return run('verify', evidence, ...judged, ...anchors, ...more)
}

function failuresOf(out: string): readonly string[] {
  const { failures }: { readonly failures: readonly { readonly code: string }[] } = JSON.parse(out)
  return failures.map(({ code }) => code)
}

describe('verify --node mpt', () => {
  it('passes the GPUs that were expected', async () => {
    const { code, out } = await verify(mpt.devices, mpt.nonce, '--node', 'mpt', '--gpus', '8')
    expect(code).toBe(exitCodes.pass)
    expect(out).toMatch(/node \(mpt, 8 GPUs\): PASS/)
  })

  it.each([
    [2, '8'],
    [8, '7'],
    [1, '8'],
  ])('fails %d GPUs of %s', async (given, expected) => {
    const devices = mpt.devices.slice(0, given)
    const { code, out } = await verify(devices, mpt.nonce, '--node', 'mpt', '--gpus', expected, '--json')
    expect(code).toBe(exitCodes.appraise)
    expect(failuresOf(out)).toEqual(['group/device-count'])
  })

  it('does not let the evidence choose the mode', async () => {
    const { code, out } = await verify(ppcie.gpus, ppcie.nonce, '--node', 'mpt', '--gpus', '8', '--json')
    expect(code).toBe(exitCodes.appraise)
    expect(failuresOf(out)).toContain('group/mode-differs')
  })

  it('needs the number, and says so', async () => {
    const { code, err } = await verify(mpt.devices, mpt.nonce, '--node', 'mpt')
    expect(code).toBe(exitCodes.usage)
    expect(err).toContain('--gpus N')
  })

  it.each(['0', '1', '-8', '8.0', '8x', '0x8', '', '1000'])('takes no number "%s"', async (count) => {
    const { code, err } = await verify(mpt.devices, mpt.nonce, '--node', 'mpt', `--gpus=${count}`)
    expect(code).toBe(exitCodes.usage)
    expect(err).toContain('--gpus')
  })
})

describe('verify --node ppcie', () => {
  it('passes eight GPUs and four switches', async () => {
    const { code, out } = await verify(ppcie.devices, ppcie.nonce, '--node', 'ppcie')
    expect(code).toBe(exitCodes.pass)
    expect(out).toMatch(/node \(ppcie, 8 GPUs, 4 switches\): PASS/)
  })

  it('fails GPUs without their switches, whatever they say of themselves', async () => {
    for (const [devices, nonce] of [
      [ppcie.gpus, ppcie.nonce],
      [mpt.devices, mpt.nonce],
    ] as const) {
      const { code, out } = await verify(devices, nonce, '--node', 'ppcie', '--json')
      expect(code).toBe(exitCodes.appraise)
      expect(failuresOf(out)).toContain('group/device-count')
    }
  })

  it('is of one size', async () => {
    const { code, err } = await verify(ppcie.devices, ppcie.nonce, '--node', 'ppcie', '--gpus', '8')
    expect(code).toBe(exitCodes.usage)
    expect(err).toContain('--gpus')
  })
})

describe('verify --node', () => {
  it.each([['--node'], ['--node', 'spt'], ['--node='], ['--node', '--json']])('%j is refused', async (...argv) => {
    const { code, err } = await verify(mpt.devices, mpt.nonce, ...argv)
    expect(code).toBe(exitCodes.usage)
    expect(err).toContain('--node')
  })
})
