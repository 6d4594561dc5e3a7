// The table of what each family can prove, as the package hands it out.
import { type Family, type FamilyCapability, familyCapabilities as table } from './architecture.js'

/**
 * What each family of devices can prove. Down to its lists read-only at run time too: whoever changed it would change
 * what every verifier of the process accepts. A bundle that leaves this name out leaves nobody a way to reach the table.
 */
export const familyCapabilities: Readonly<Record<Family, FamilyCapability>> = /* @__PURE__ */ frozen(table)

function frozen<T extends object>(value: T): T {
  for (const inner of Object.values(value)) if (typeof inner === 'object') frozen(inner)
  return Object.freeze(value)
}
