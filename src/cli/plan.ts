// `plan`: which verdicts landmarks could reach, at which delays, and where one more would help.
import type { SignalSpeed } from '../location/geometry/radius.js'
import { type LandmarkPlan, type PlannedLandmark, type PlannedSite, planLandmarks } from '../location/planner.js'
import type { PlannedCandidate } from '../location/planner-candidates.js'
import type { PlannedPredicate } from '../location/planner-search.js'
import type { Place } from '../location/planner-sites.js'
import { toJson } from './json.js'
import type { CommandTerritories } from './location-options.js'
import { printable, type Terminal, table } from './terminal.js'
import { exitCodes } from './usage.js'

export interface PlanRequest {
  readonly territories: CommandTerritories
  readonly predicate: PlannedPredicate
  readonly landmarks: readonly PlannedLandmark[]
  readonly speed: SignalSpeed
  readonly faultTolerance: number
  readonly sites?: readonly Place[]
  readonly candidates?: readonly Place[]
  readonly json: boolean
}

/** A plan is advice: it ends with 0 whatever it says. */
export function plan(terminal: Terminal, { territories, json, ...input }: PlanRequest): number {
  const result = planLandmarks({ ...input, territories: territories.set })
  if (json) terminal.line(toJson(result))
  else showPlan(terminal, result)
  return exitCodes.pass
}

const maxLandmarkRows = 12
const maxCandidateRows = 5

function showPlan(terminal: Terminal, result: LandmarkPlan): void {
  const { predicate, speed, faultTolerance, operators, sites, reachableSites } = result
  const speedText = speed === 'vacuum' ? 'light in vacuum' : '2/3 of light (assumes solid-core fibre)'
  terminal.line(terminal.strong(`To prove that a device is ${predicate.kind} ${predicate.codes.join(', ')}`))
  const rows = [
    ['signals at most', speedText],
    ['faults tolerated', `${faultTolerance}`],
    ['operators', `${operators.present} present, ${operators.needed} needed at least`],
    ['maps', result.maps.map(({ name }) => printable(name)).join(', ')],
    ['sites', siteText(result)],
  ]
  if (sites.length > 0) rows.push(['reachable at', `${reachableSites} of ${sites.length}`])
  show(
    terminal,
    rows.map(([name = '', value = '']) => [terminal.faint(name), value]),
  )
  showAlone(terminal, result)
  for (const site of sites) showSite(terminal, site, result)
  showCandidates(terminal, result)
  terminal.line()
  terminal.line(
    terminal.doubtful(
      'A plan proves nothing. Delays are the longest that would do; what your network adds is not known here.',
    ),
  )
}

function siteText({ siteChoice, predicate }: LandmarkPlan): string {
  if (siteChoice === 'given') return 'as given'
  return predicate.kind === 'inside' ? 'a sample spread over the territory' : 'none given (--site LATITUDE,LONGITUDE)'
}

function showAlone(terminal: Terminal, { landmarks, faultTolerance }: LandmarkPlan): void {
  const alone = landmarks.flatMap(({ name, operator, alone }) =>
    alone === undefined ? [] : [{ name, operator, alone }],
  )
  terminal.line()
  if (alone.length === 0) {
    terminal.line('No landmark is near enough to prove it alone.')
    return
  }
  const enough = faultTolerance === 0 ? 'one is enough' : `${faultTolerance + 1} operators are enough`
  terminal.line(terminal.strong(`Landmarks that prove it alone (${enough})`))
  const rows = [...alone]
    .sort((a, b) => b.alone.maxRttNs - a.alone.maxRttNs)
    .slice(0, maxLandmarkRows)
    .map(({ name, operator, alone: { maxRttNs, requiredRadiusMeters } }) => [
      printable(name),
      printable(operator),
      `round trip up to ${milliseconds(maxRttNs)}`,
      `disc of ${kilometers(requiredRadiusMeters)}`,
    ])
  show(terminal, rows)
  more(terminal, alone.length - rows.length)
}

function showSite(terminal: Terminal, site: PlannedSite, { landmarks }: LandmarkPlan): void {
  const { reachable, maxOverheadNs, maxFaultTolerance, atBest } = site
  terminal.line()
  const where = `${site.latitudeDeg.toFixed(2)}, ${site.longitudeDeg.toFixed(2)}`
  const verdict = reachable
    ? `${terminal.good('reachable')} if no landmark shows more than ${milliseconds(maxOverheadNs ?? 0)} above its shortest round trip`
    : `${terminal.bad('not reachable')} whatever the delays`
  terminal.line(`${terminal.strong(where)}  ${verdict}`)
  const faults = maxFaultTolerance === undefined ? 'none' : `up to ${maxFaultTolerance}`
  const possible = atBest.possible.slice(0, 20).join(', ') || 'no land'
  show(terminal, [
    [terminal.faint('could tolerate'), faults],
    [terminal.faint('never ruled out'), `${possible}${atBest.possible.length > 20 ? ', ...' : ''}`],
  ])
  const rows = site.landmarks
    .map((at, index) => ({ ...at, name: landmarks[index]?.name ?? '' }))
    .filter((at) => at.shapesRegion)
    .sort((a, b) => a.distanceMeters - b.distanceMeters)
  show(
    terminal,
    rows
      .slice(0, maxLandmarkRows)
      .map(({ name, distanceMeters, minRttNs, maxRttNs }) => [
        printable(name),
        kilometers(distanceMeters),
        `shortest ${milliseconds(minRttNs)}`,
        maxRttNs === undefined ? '' : `longest ${milliseconds(maxRttNs)}`,
      ]),
  )
  more(terminal, rows.length - maxLandmarkRows)
}

function showCandidates(terminal: Terminal, { candidates, sites }: LandmarkPlan): void {
  if (candidates.length === 0) return
  terminal.line()
  terminal.line(terminal.strong('One more landmark, of one more operator, helps most at'))
  const rows = candidates
    .slice(0, maxCandidateRows)
    .map((candidate) => [
      `${candidate.latitudeDeg.toFixed(2)}, ${candidate.longitudeDeg.toFixed(2)}`,
      `reachable at ${candidate.reachableSites} of ${sites.length}`,
      overheadText(candidate),
      candidate.alone === undefined ? '' : `alone up to ${milliseconds(candidate.alone.maxRttNs)}`,
    ])
  show(terminal, rows)
}

function overheadText({ maxOverheadNs }: PlannedCandidate): string {
  const allowed = maxOverheadNs.flatMap((overheadNs) => overheadNs ?? [])
  return allowed.length === 0 ? '' : `then ${milliseconds(Math.min(...allowed))} or more may be added`
}

function show(terminal: Terminal, rows: readonly (readonly string[])[]): void {
  for (const row of table(rows, '  ')) terminal.line(row)
}

function more(terminal: Terminal, left: number): void {
  if (left > 0) terminal.line(`  and ${left} more`)
}

function milliseconds(ns: number): string {
  return `${(ns / 1e6).toFixed(3)} ms`
}

function kilometers(meters: number): string {
  return `${(meters / 1000).toFixed(meters < 10_000 ? 1 : 0)} km`
}
