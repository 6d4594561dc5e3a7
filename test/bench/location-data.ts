// The public round-trip times (2018, city to city) as the location benchmark uses them.

import { checkMesh, type MeshRoundTrip } from '../../src/location/geometry/mesh.js'
import { fromDegrees, type Vector3 } from '../../src/location/geometry/vector.js'
import { territoryNames } from '../../src/territories/index.js'
import { readRealText } from '../real-data.js'

export interface City {
  readonly name: string
  /** ISO 3166-1 alpha-2. */
  readonly country: string
  readonly position: Vector3
  /** As published with the data: some 19 are more than 40 km off. */
  readonly published: Vector3
}

export interface RoundTrips {
  readonly cities: readonly City[]
  readonly pairs: readonly MeshRoundTrip[]
  /** Nanoseconds measured by `from`, or undefined. */
  rttNs(from: number, to: number): number | undefined
}

const aliases: ReadonlyMap<string, string> = new Map([
  ['United States of America', 'US'],
  ['Turkey', 'TR'],
])

export function loadRoundTrips(): RoundTrips {
  const codes = new Map([...territoryNames].map(([code, name]) => [name, code]))
  const cities = rows('rtt/cities.csv').map(([, name = '', country = '', ...degrees]): City => {
    const code = aliases.get(country) ?? codes.get(country)
    if (code === undefined) throw new Error(`no code for ${country}`)
    const [latitude, longitude, publishedLatitude, publishedLongitude] = degrees.map(Number)
    return {
      name,
      country: code,
      position: fromDegrees(latitude ?? Number.NaN, longitude ?? Number.NaN),
      published: fromDegrees(publishedLatitude ?? Number.NaN, publishedLongitude ?? Number.NaN),
    }
  })
  const times = new Map<number, number>()
  const pairs: MeshRoundTrip[] = []
  for (const row of rows('rtt/min-rtt-ms.csv')) {
    const [from = Number.NaN, to = Number.NaN, milliseconds = Number.NaN] = row.map(Number)
    if (from === to) continue
    const rttNs = Math.ceil(milliseconds * 1e6)
    times.set(from * cities.length + to, rttNs)
    pairs.push({ from, to, rttNs })
  }
  return { cities, pairs, rttNs: (from, to) => times.get(from * cities.length + to) }
}

function rows(path: string): readonly (readonly string[])[] {
  const lines = readRealText(path).trim().split('\n')
  return lines.slice(1).map((line) => line.trim().split(','))
}

/** Which servers the mesh check sets aside, and for each target, which it sets aside without that target's help. */
export interface MeshOutcome {
  readonly flagged: ReadonlySet<number>
  withoutTarget(target: number): ReadonlySet<number>
}

export function meshOutcome(data: RoundTrips, positions: readonly Vector3[], uncertaintyMeters: number): MeshOutcome {
  const landmarks = positions.map((position) => ({
    position,
    positionUncertaintyMeters: uncertaintyMeters,
    clockErrorPpm: 0,
  }))
  const all = checkMesh({ landmarks, roundTrips: data.pairs, speed: 'fibre' })
  // Only violated pairs matter, so leaving one server out needs only these again.
  const suspects = all.violations.flatMap(({ from, to }) => {
    const rttNs = data.rttNs(from, to)
    return rttNs === undefined ? [] : [{ from, to, rttNs }]
  })
  return {
    flagged: new Set(all.inconsistent),
    withoutTarget: (target) => {
      const roundTrips = suspects.filter(({ from, to }) => from !== target && to !== target)
      return new Set(checkMesh({ landmarks, roundTrips, speed: 'fibre' }).inconsistent)
    },
  }
}
