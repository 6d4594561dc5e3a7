// The AR4SI trustworthiness vector and tier of an appraisal (draft-ietf-rats-ar4si).
import type { Check } from '../result/check.js'
import type { Tier } from '../result/result.js'
import { referenceValueChecks } from './checks.js'

/** AR4SI trustworthiness claims; 0 says nothing, 2..31 affirms, 32..95 warns, 96..127 contraindicates. */
export interface TrustworthinessVector {
  readonly 'instance-identity': number
  readonly configuration: number
  readonly executables: number
  readonly hardware: number
}

type Component = keyof TrustworthinessVector

const components: { readonly [C in Component]: readonly string[] } = {
  'instance-identity': ['certificate-path', 'nonce', 'report-signature', 'device-listed', 'device-revocation'],
  configuration: ['mode', 'debug-state', 'switch-lock', 'declared-label'],
  executables: [...referenceValueChecks, 'minimum-versions'],
  hardware: ['device-family', 'firmware-binding'],
}

// The least value of each tier: AR4SI reserves higher ones for distinctions evidence of these devices does not carry.
const tierValues = { none: 0, affirming: 2, warning: 32, contraindicated: 96 } as const

/** Failed checks contraindicate; what could not be done or was waived only warns; unused checks say nothing. */
export function tierOf(checks: readonly Check[]): Tier {
  if (checks.some((check) => check.outcome === 'fail')) return 'contraindicated'
  if (checks.some((check) => check.outcome === 'indeterminate' || check.outcome === 'waived')) return 'warning'
  return checks.some((check) => check.outcome === 'pass') ? 'affirming' : 'none'
}

export function trustworthinessVector(checks: readonly Check[]): TrustworthinessVector {
  const value = (component: Component): number =>
    tierValues[tierOf(checks.filter((check) => components[component].includes(check.id)))]
  return {
    'instance-identity': value('instance-identity'),
    configuration: value('configuration'),
    executables: value('executables'),
    hardware: value('hardware'),
  }
}
