// The location half of the demo: one sound bundle with all its answers, then three that do not pass, and what it all means.
import type { LocationClaims } from '../../../src/location-entry.js'
import { type JudgedCase, judgeCase } from './location-case.js'

type SpeedClaims = NonNullable<LocationClaims['bounds']>['fibre']

const failing = ['unconfined-key', 'tunnel', 'relay-near-landmark']

/** Prints the cases; returns how many ended otherwise than they must. */
export async function showLocation(): Promise<number> {
  console.log(`
Where is it? Landmarks time how fast a machine answers, and sign what they see. Light bounds how far away it can be.
Landmarks, round trips and the confidential VM are SYNTHETIC, too.
`)
  const sound = await judgeCase('sound', { inside: ['NL'], sea: 'ignored' })
  let surprises = showCase('sound', sound)
  if (sound.result?.claims !== undefined) showAnswers(sound.result.claims)
  for (const name of failing) surprises += showCase(name, await judgeCase(name))
  console.log(`
What a location PASS proves: at that time, as far as the assumptions hold, the holder of the session key was where the
answer says. The confidential VM and its listed image tie that key to the GPUs.

What it does not prove: anything by an "undecided", for anyone can answer late. Without a verifier for the confidential
VM's own evidence, which you bring, a relay is not excluded: the key may be elsewhere than the GPUs. Nor does it prove
where the device is now, that no more operators lie than assumed, or what firmware runs: that is the verdict above.
See docs/limits.md and docs/location-profile.md.`)
  return surprises
}

function showCase(name: string, { outcome, description, expected, codes }: JudgedCase): number {
  console.log(`${outcome === 'pass' ? 'PASS' : 'FAIL'}  ${name.padEnd(30)} ${description}`)
  if (codes.length > 0) console.log(`      ${''.padEnd(30)} ${codes.join(', ')}`)
  if (outcome === expected.outcome && (expected.code === undefined || codes.includes(expected.code))) return 0
  console.log(`      UNEXPECTED: this case must be ${expected.outcome}, ${expected.code ?? 'without a failure'}`)
  return 1
}

function showAnswers({ predicates, bounds, assumptions, assurance }: LocationClaims): void {
  if (bounds === undefined || assumptions === undefined) return
  const answer = (asked: string, basis: string): string =>
    predicates.find(({ kind, set, basis: found }) => `${kind} ${set.join(', ')}` === asked && found === basis)
      ?.result ?? ''
  const row = (...[name, vacuum, fibre]: readonly [string, string, string]): void =>
    console.log(`        ${name.padEnd(22)} ${vacuum.padEnd(20)} ${fibre}`)
  const { faultTolerance, operators, maps, speed } = assumptions
  console.log()
  row('is the device', 'at light speed', 'in fibre, 2/3 of it')
  for (const asked of new Set(predicates.map(({ kind, set }) => `${kind} ${set.join(', ')}`)))
    row(asked, answer(asked, 'vacuum'), answer(asked, 'fibre'))
  console.log(`
        Region: ${regionText(bounds[speed])}
        The policy lets the ${speed} column decide. Assumed:
        - ${speed === 'fibre' ? 'every path is solid-core fibre, where signals go at 2/3 of the speed of light' : 'nothing is faster than light'}
        - at most ${faultTolerance} of ${operators.length} landmark operators is wrong or lies
        - the device stands on land, so that the sea does not count
        - the map is right to ${maps.map(({ name, errorMeters }) => `${errorMeters / 1000} km (${name})`).join(', ')}
        - the key that answered stays in its confidential VM (${assurance.name}, level ${assurance.level} of 6)
`)
}

function regionText({ areaKm2, enclosing, possible, sea }: SpeedClaims): string {
  const around =
    enclosing === undefined
      ? ''
      : ` within ${Math.ceil(enclosing.radiusMeters / 1000)} km of ${enclosing.latitudeDegrees.toFixed(1)}, ${enclosing.longitudeDegrees.toFixed(1)}`
  const places = [...possible, ...(sea === 'possible' ? ['the sea'] : [])]
  return `${Math.ceil(areaKm2).toLocaleString('en')} km²${around}, which touch ${places.join(' and ')}`
}
