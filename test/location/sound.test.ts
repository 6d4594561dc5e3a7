import { expect, it } from 'vitest'
import { judge } from './scenario.js'
it.each(['json','cbor'] as const)('sound %s', async (encoding) => {
  const { evidence, result } = await judge({ encoding })
  console.log(JSON.stringify(evidence.rejected), evidence.measurements.length)
  console.log(result.verdict, result.tier, JSON.stringify(result.failures), JSON.stringify(result.checks.map(c=>[c.id,c.outcome])))
  const b = result.claims?.bounds
  console.log(b?.vacuum.areaKm2, b?.vacuum.possible.join(), b?.fibre.areaKm2, b?.fibre.possible.join(), JSON.stringify(result.claims?.predicates))
  expect(result.verdict).toBe('pass')
})
