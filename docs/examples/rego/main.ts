// `npx tsx docs/examples/rego/main.ts`: writes claims.json for a Rego engine, and evaluates the same demands without one.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cases, claimsJson, exportClaims, folder, judge, readPolicy } from './claims.js'

const path = join(folder, 'claims.json')
writeFileSync(path, claimsJson(await exportClaims()))
console.log(`wrote ${path}: the claims of ${cases.length} SYNTHETIC devices\n`)

for (const [name, kind] of cases) {
  const { verdict, checks } = await judge(name, readPolicy(kind))
  const demands = checks.find((check) => check.id === 'required-claims')
  console.log(`${name.padEnd(12)} ${kind}-policy.json: ${verdict}; required-claims: ${demands?.outcome}`)
  if (verdict !== 'pass') process.exitCode = 1
}

console.log(`
With Open Policy Agent installed:
  opa eval -d docs/examples/rego/policy.rego -i docs/examples/rego/claims.json data.policy.nv_match`)
