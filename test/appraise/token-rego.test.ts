// The Rego example as far as it can be checked without an engine: claims, JSON policies and policy text stay in step.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cases, claimsJson, exportClaims, folder, judge, readPolicy } from '../../docs/examples/rego/claims.js'
import { policyWith } from './scene.js'

const text = readFileSync(join(folder, 'policy.rego'), 'utf8')

/** The names in a list of the policy text. */
function listed(name: string): readonly string[] {
  const body = new RegExp(`^${name} := \\[([^\\]]*)\\]`, 'm').exec(text)?.[1] ?? ''
  return [...body.matchAll(/"([^"]+)"/g)].map(([, item = '']) => item)
}

describe('the Rego example', () => {
  it('ships the claims that its script exports', async () => {
    expect(readFileSync(join(folder, 'claims.json'), 'utf8')).toBe(claimsJson(await exportClaims()))
  })

  it.each(cases)('%s has every claim the policy names, with the value it wants', async (name, kind) => {
    const { claims } = await judge(name, policyWith({}))
    const [flags, chains] = [listed(`${kind}_flags`), listed(`${kind}_chains`)]
    expect([flags.length, chains.length]).toEqual(kind === 'gpu' ? [14, 3] : [9, 2])
    for (const flag of flags) expect([flag, claims?.vendorClaims[flag]]).toEqual([flag, true])
    for (const chain of chains)
      expect(claims?.vendorClaims[chain]).toMatchObject({
        'x-nvidia-cert-status': 'valid',
        'x-nvidia-cert-ocsp-status': 'good',
      })
    expect(claims?.vendorClaims).toMatchObject({
      'x-nvidia-device-type': kind === 'gpu' ? 'gpu' : 'nvswitch',
      measres: 'success',
      secboot: true,
      dbgstat: 'disabled',
      'x-nvidia-mismatch-measurement-records': null,
      ...(kind === 'gpu'
        ? { 'x-nvidia-gpu-claims-version': '4.0', 'x-nvidia-mismatch-opaque-data-records': null }
        : {}),
    })
  })

  it.each(cases)('%s passes the JSON policy, which names the same flags and chains', async (name, kind) => {
    const policy = readPolicy(kind)
    const names = [...listed(`${kind}_flags`), ...listed(`${kind}_chains`)]
    expect(Object.keys(policy.requiredClaims).filter((claim) => claim.startsWith(`x-nvidia-${kind}-`))).toEqual(names)
    expect((await judge(name, policy)).verdict).toBe('pass')
  })

  it('has JSON policies that refuse a device of the other kind, and one whose measurements differ', async () => {
    const failures = async (name: string, kind: 'gpu' | 'switch') =>
      (await judge(name, readPolicy(kind))).failures.map(({ code }) => code)
    expect(await failures('hopper', 'switch')).toContain('claims/policy-mismatch')
    expect(await failures('ls10', 'gpu')).toContain('claims/policy-mismatch')
    expect(await failures('measurement-mismatch', 'gpu')).toContain('claims/policy-mismatch')
  })
})
