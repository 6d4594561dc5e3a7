// A landmark directory into classes of landmarks that may be wrong together, by operator or by network (RFC 4271, RFC 6793).
import type { Landmark } from './directory.js'

/**
 * What is counted as one fault. `operator`: all landmarks of an operator. `autonomous-system`: also all landmarks of a
 * network, and with them everything else their operators run: whoever owns a network may pose as several operators.
 */
export type FaultClass = 'operator' | 'autonomous-system'

/**
 * The class of each landmark of a directory, index-aligned. With `autonomous-system`, undefined for a landmark whose
 * directory entry names no network: whom it would fail with is unknown.
 *
 * Classes follow from the whole directory, not from the measurements at hand: otherwise leaving a measurement out could
 * split a class in two, and shrink a region.
 */
export function faultClasses(
  landmarks: readonly Pick<Landmark, 'operator' | 'autonomousSystem'>[],
  faultClass: FaultClass,
): readonly (string | undefined)[] {
  if (faultClass === 'operator') return landmarks.map(({ operator }) => operator)
  const joined = new Map<string, string>()
  for (const { operator, autonomousSystem } of landmarks) {
    if (autonomousSystem === undefined) continue
    const a = representative(joined, operatorNode(operator))
    const b = representative(joined, networkNode(autonomousSystem))
    if (a !== b) joined.set(a, b)
  }
  return landmarks.map(({ autonomousSystem }) =>
    autonomousSystem === undefined ? undefined : representative(joined, networkNode(autonomousSystem)),
  )
}

const operatorNode = (operator: string): string => `operator ${operator}`
const networkNode = (autonomousSystem: number): string => `AS${autonomousSystem}`

/** The end of the chain from a name; shortens the chain, so that long ones are walked once. */
function representative(joined: Map<string, string>, name: string): string {
  let end = name
  for (let next = joined.get(end); next !== undefined; next = joined.get(end)) end = next
  for (let step = name; step !== end; ) {
    const next = joined.get(step) ?? end
    joined.set(step, end)
    step = next
  }
  return end
}
