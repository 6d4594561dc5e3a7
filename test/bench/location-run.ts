// Leave one out: each city in turn is the device, the others are landmarks. What does the region prove, and is it true?
import { calibrateSpeeds, estimateRegion } from '../../src/location/geometry/calibrated.js'
import { intersectDiscs } from '../../src/location/geometry/intersection.js'
import { type LandmarkSelector, landmarkSelector } from '../../src/location/geometry/landmark-selection.js'
import { discRadiusMeters, type SignalSpeed } from '../../src/location/geometry/radius.js'
import type { Region } from '../../src/location/geometry/region.js'
import { angle, earthRadiusMeters, rotate, tangentFrame, type Vector3 } from '../../src/location/geometry/vector.js'
import type { TerritorySet } from '../../src/territories/index.js'
import { type City, type MeshOutcome, meshOutcome, type RoundTrips } from './location-data.js'
import { type Landmarks, type Selection, seededRandom, selectLandmarks, shuffled } from './location-selection.js'

export interface Setting {
  readonly label: string
  readonly selection: Selection
  readonly landmarks: number
  readonly faultTolerance: number
  readonly speed?: SignalSpeed
  readonly uncertaintyMeters: number
  /** `removed`: servers the mesh check flags take no part at all. `mesh`: not as landmarks. `raw`: all take part. */
  readonly outliers: 'removed' | 'mesh' | 'raw'
  readonly positions?: 'published'
  readonly addedNs?: number
  /** So many of the landmarks chosen report 0.3 of the true time. */
  readonly liars?: number
  /** Draw the discs at calibrated speeds times this factor: an estimate. */
  readonly calibrated?: number
}

export interface Finding {
  readonly target: number
  readonly region: Region
  /** No place within the uncertainty of the device's stated position is in the region. */
  readonly truthExcluded: boolean
  readonly countryExcluded: boolean
  readonly unique: 'right' | 'wrong' | 'no'
  readonly countries: number
  /** Undefined for devices in a denied country, or in one a denied country claims. */
  readonly denied: boolean | undefined
  readonly milliseconds: number
}

const denyList = ['CN', 'RU', 'IR', 'KP']
const claimedByDenied: ReadonlySet<string> = new Set([...denyList, 'HK', 'TW'])

export function runSetting(data: RoundTrips, territories: TerritorySet, setting: Setting): readonly Finding[] {
  const positions = data.cities.map((city) => (setting.positions === 'published' ? city.published : city.position))
  const mesh = meshOutcome(data, positions, setting.uncertaintyMeters)
  const selector = landmarkSelector({ positions, roundTrips: data.pairs })
  return [...data.cities.keys()].flatMap((target) => {
    if (setting.outliers !== 'raw' && mesh.flagged.has(target)) return []
    const finding = locate(data, territories, setting, { positions, mesh, selector }, target)
    return finding === undefined ? [] : [finding]
  })
}

interface Prepared {
  readonly positions: readonly Vector3[]
  readonly mesh: MeshOutcome
  readonly selector: LandmarkSelector
}

function locate(
  data: RoundTrips,
  territories: TerritorySet,
  setting: Setting,
  { positions, mesh, selector }: Prepared,
  target: number,
): Finding | undefined {
  const city = data.cities[target]
  if (city === undefined) return undefined
  const aside = setting.outliers === 'removed' ? mesh.flagged : mesh.withoutTarget(target)
  const pool = [...data.cities.keys()].filter(
    (landmark) =>
      landmark !== target &&
      data.rttNs(landmark, target) !== undefined &&
      (setting.outliers === 'raw' || !aside.has(landmark)),
  )
  const random = seededRandom(1 + target)
  const lying = new Set<number>()
  const rttNs = (landmark: number): number => {
    const measured = (data.rttNs(landmark, target) ?? 0) + (setting.addedNs ?? 0)
    return lying.has(landmark) ? Math.ceil(measured * 0.3) : measured
  }
  const region = regionMaker(data, setting, positions, target, rttNs)
  const from: Landmarks = { positions, pool, rttNs, selector, region }
  const chosen = selectLandmarks(setting.selection, setting.landmarks, from, random)
  for (const liar of shuffled(chosen, random).slice(0, setting.liars ?? 0)) lying.add(liar)
  const start = performance.now()
  const found = region(chosen)
  const milliseconds = performance.now() - start
  return { target, region: found, milliseconds, ...judge(territories, city, found, setting.uncertaintyMeters) }
}

function regionMaker(
  data: RoundTrips,
  setting: Setting,
  positions: readonly Vector3[],
  target: number,
  rttNs: (landmark: number) => number,
): (chosen: readonly number[]) => Region {
  const { faultTolerance, uncertaintyMeters, calibrated, speed = 'fibre' } = setting
  const disc = (landmark: number) => ({
    landmark,
    center: positions[landmark] ?? ([0, 0, 1] as const),
    group: `${landmark}`,
    rttNs: rttNs(landmark),
    positionUncertaintyMeters: uncertaintyMeters,
    clockErrorPpm: 0,
  })
  if (calibrated === undefined)
    return (chosen) =>
      intersectDiscs({
        faultTolerance,
        discs: chosen.map(disc).map((one) => ({ ...one, radiusMeters: discRadiusMeters({ ...one, speed }) })),
      })
  const roundTrips = data.pairs.filter(({ from, to }) => from !== target && to !== target)
  const speeds = calibrateSpeeds({ positions, roundTrips, factor: calibrated })
  return (chosen) => estimateRegion({ discs: chosen.map(disc), speeds, factor: calibrated, faultTolerance }).estimate
}

type Judgement = Omit<Finding, 'target' | 'region' | 'milliseconds'>

function judge(territories: TerritorySet, city: City, region: Region, uncertaintyMeters: number): Judgement {
  const truthExcluded = !near(city.position, uncertaintyMeters).some((point) => region.contains(point))
  const denied = claimedByDenied.has(city.country) ? undefined : territories.outside(region, denyList) === 'proved'
  if (region.kind === 'empty') return { truthExcluded, countryExcluded: false, unique: 'no', countries: 0, denied }
  const possible = territories.possible(region)
  const [only] = possible
  const unique = possible.length !== 1 ? 'no' : only === city.country ? 'right' : 'wrong'
  return {
    truthExcluded,
    countryExcluded: !possible.includes(city.country),
    unique,
    countries: possible.length,
    denied,
  }
}

/** A point and points around it: a city's server may stand anywhere near. */
function near(center: Vector3, meters: number): readonly Vector3[] {
  const { first } = tangentFrame(center)
  const ring = (share: number): readonly Vector3[] => {
    const tilted = rotate(center, first, (meters * share) / earthRadiusMeters)
    return Array.from({ length: 36 }, (_, i) => rotate(tilted, center, (Math.PI * i) / 18))
  }
  return meters === 0 ? [center] : [center, ...ring(0.33), ...ring(0.67), ...ring(1)]
}

/** How far the region is from the stated position, for the list of targets whose position is refuted. */
export function missMeters(city: City, region: Region): number {
  if (region.contains(city.position)) return 0
  return Math.min(...region.vertices.map((vertex) => angle(vertex, city.position) * earthRadiusMeters))
}
