// `tsx docs/examples/landmark/main.ts`: three landmarks and an agent on this machine, and what their rounds prove.
import { loadTerritories } from '../../../src/territories/index.js'
import { appraiseCampaign, runCampaign, sites, verifyCampaign } from './campaign.js'

console.log('Three landmarks and an agent on the loopback interface; GPU and positions are invented.\n')
const record = await runCampaign({ rounds: 20, spacingMs: 50 })
const evidence = await verifyCampaign(record)
for (const { landmarkIndex, operator, rttMinNs, received, sent } of evidence.measurements)
  console.log(
    `${(sites[landmarkIndex]?.name ?? '').padEnd(6)} ${operator}  ${received} of ${sent} rounds, least ${(rttMinNs / 1e6).toFixed(3)} ms`,
  )
const result = appraiseCampaign(evidence, loadTerritories())
const bound = result.claims?.bounds?.vacuum
console.log(`\n${result.verdict.toUpperCase()}  tier: ${result.tier}`)
for (const { kind, set, result: answer, basis } of result.claims?.predicates ?? [])
  console.log(`  ${kind} ${set.join(', ')}: ${answer} (${basis})`)
if (bound?.enclosing !== undefined) {
  const { latitudeDegrees, longitudeDegrees, radiusMeters } = bound.enclosing
  console.log(
    `  within ${Math.ceil(radiusMeters / 1000)} km of ${latitudeDegrees.toFixed(3)}, ${longitudeDegrees.toFixed(3)}`,
  )
}
console.log(`  ${result.claims?.assurance.caveat ?? ''}`)
