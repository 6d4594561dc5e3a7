// Judges bundled devices and takes their claims in NVIDIA's names: the input of policy.rego.
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  type AppraisalPolicy,
  createVerifier,
  type DeviceResult,
  parseEvidence,
  parsePolicy,
  type VendorClaims,
} from '../../../src/index.js'
import { readCase } from '../demo/case.js'

export const folder: string = dirname(fileURLToPath(import.meta.url))

/** Fixtures by the policy that fits them. */
export const cases: readonly (readonly [name: string, kind: 'gpu' | 'switch'])[] = [
  ['hopper', 'gpu'],
  ['blackwell', 'gpu'],
  ['ls10', 'switch'],
]

/** The demands of policy.rego on one kind of device, as this library evaluates them itself. */
export function readPolicy(kind: 'gpu' | 'switch'): AppraisalPolicy {
  return parsePolicy(readFileSync(join(folder, `${kind}-policy.json`), 'utf8'))
}

export async function judge(name: string, policy: AppraisalPolicy): Promise<DeviceResult> {
  const { evidence, trustAnchors, nonce, now, collateral } = readCase(name)
  const [item] = parseEvidence(evidence)
  if (item === undefined) throw new Error(`${name} holds no evidence`)
  return createVerifier({ trustAnchors, policy }).appraise(item, { nonce, now, collateral })
}

/** One object per device, as NVIDIA's SDK passes them to a relying party's policy. */
export async function exportClaims(): Promise<readonly VendorClaims[]> {
  const results = await Promise.all(cases.map(([name, kind]) => judge(name, readPolicy(kind))))
  return results.map(({ claims }) => {
    if (claims === undefined) throw new Error('a bundled device is not authentic')
    return claims.vendorClaims
  })
}

export function claimsJson(claims: readonly VendorClaims[]): string {
  return `${JSON.stringify(claims, null, 2)}\n`
}
