import { expect, it } from 'vitest'
import { collateralFor, evidenceOf, judge, unsatisfied, codes, world } from './scene.js'
it.each(['hopper','blackwell','gb20x','versionedHopper','ls10'] as const)('%s', async (f) => {
  const t0 = performance.now()
  const device = world[f]()
  const c = collateralFor(device)
  const t1 = performance.now()
  const r = await judge({ device, collateral: c })
  console.log(f, r.verdict, unsatisfied(r), codes(r), t1-t0, performance.now()-t1)
  if (r.authentic) console.log(JSON.stringify(r.claims.vendorClaims))
})
