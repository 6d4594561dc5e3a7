// Prints what real round-trip times prove about where a server is, and checks that nothing proved is false.
//   npx tsx test/bench/location.ts [--quick]

import { loadTerritories } from '../../src/territories/index.js'
import { hasRealData } from '../real-data.js'
import { loadRoundTrips, meshOutcome, type RoundTrips } from './location-data.js'
import { type Finding, missMeters, runSetting, type Setting } from './location-run.js'

/** City-level positions: allow 30 km. */
const cityMeters = 30_000

/** Area in thousand km², share with one country, share proved outside the denied ones; figures of earlier work. */
type Baseline = readonly [area: number, unique: number, denied: number]

/** Same data, coordinates corrected, violating servers removed, two thirds of c, f = 0, no position uncertainty. */
const baseline: Readonly<Record<string, Baseline>> = {
  'random 10': [29_364, 1.7, 39],
  'random 20': [17_711, 1.7, 52],
  'random 50': [6_574, 4.3, 64],
  'random 100': [3_522, 11.5, 68],
  'two-phase 50': [3_096, 15.0, 70],
  'two-phase 100': [1_680, 16.2, 77],
}

/** The same method on another, larger set (2020), where there is no figure for this one. */
const otherBaseline: Readonly<Record<string, Baseline>> = {
  'two-phase 10': [35_303, 3.1, 36],
  'two-phase 20': [12_724, 6.1, 52],
  'all 242': [1_597, 13.4, 77],
  'nearest 10': [1_597, 13.4, 77],
  'two-phase 20 f=1': [26_199, 2.1, 46],
  'two-phase 20 f=2': [35_819, 1.3, 42],
  'two-phase 50 f=1': [4_103, 5.9, 64],
  'two-phase 50 f=2': [6_455, 3.3, 59],
  'two-phase 100 f=1': [3_126, 6.7, 68],
  'two-phase 100 f=2': [5_335, 4.2, 63],
  c: [5_935, 7.9, 62],
  'x1.10': [1_655, 16.7, Number.NaN],
  'x1.25': [2_134, 13.2, Number.NaN],
  '+1 ms': [2_997, 9.6, 69],
  '+10 ms': [11_070, 0.8, 46],
  '+100 ms': [291_829, 0, 0.9],
  '1 liar f=1': [3_930, 9.2, 66],
  '2 liars f=2': [4_346, 10.9, 66],
}

interface Section {
  readonly title: string
  readonly settings: readonly Setting[]
  /** Nothing false may be proved here. */
  readonly mustBeSound: boolean
}

function sections(quick: boolean): readonly Section[] {
  const sizes = quick ? [20, 50] : [10, 20, 50, 100]
  const grid = (
    rest: Pick<Setting, 'uncertaintyMeters' | 'outliers' | 'positions'>,
    tolerances: readonly number[],
  ): readonly Setting[] =>
    (['random', 'two-phase', 'selected'] as const).flatMap((selection) =>
      sizes.flatMap((landmarks) =>
        tolerances.map((faultTolerance) => ({
          label: `${selection} ${landmarks}${faultTolerance === 0 ? '' : ` f=${faultTolerance}`}`,
          selection,
          landmarks,
          faultTolerance,
          ...rest,
        })),
      ),
    )
  const clean = { uncertaintyMeters: 0, outliers: 'removed' } as const
  const twenty = { selection: 'selected', landmarks: 20, ...clean } as const
  const fifty = { selection: 'two-phase', landmarks: 50, faultTolerance: 0, ...clean } as const
  return [
    {
      title: 'clean servers, positions taken as exact: the setting of the baseline',
      mustBeSound: true,
      settings: [
        ...grid(clean, [0, 1, 2]),
        { ...fifty, label: 'nearest 10', selection: 'nearest', landmarks: 10 },
        { ...fifty, label: 'all 242', selection: 'all', landmarks: 242 },
      ],
    },
    {
      title: 'clean servers, two-phase 50 unless it says selected: variations',
      mustBeSound: false,
      settings: [
        { ...fifty, label: 'c', speed: 'vacuum' },
        { ...twenty, label: 'selected 20 c f=0', speed: 'vacuum', faultTolerance: 0 },
        { ...twenty, label: 'selected 20 c f=1', speed: 'vacuum', faultTolerance: 1 },
        { ...fifty, label: '+1 ms', addedNs: 1e6 },
        { ...fifty, label: '+10 ms', addedNs: 1e7 },
        { ...fifty, label: '+100 ms', addedNs: 1e8 },
        { ...fifty, label: '1 liar f=0', liars: 1 },
        { ...fifty, label: '1 liar f=1', liars: 1, faultTolerance: 1 },
        { ...fifty, label: '2 liars f=2', liars: 2, faultTolerance: 2 },
        { ...twenty, label: 'selected 20, 1 liar f=1', liars: 1, faultTolerance: 1 },
        { ...twenty, label: 'selected 20, 2 liars f=2', liars: 2, faultTolerance: 2 },
        { ...fifty, label: 'x1.10', calibrated: 1.1 },
        { ...fifty, label: 'x1.25', calibrated: 1.25 },
      ],
    },
    {
      title: 'all servers, mesh check on, 30 km of position uncertainty, f = 0',
      mustBeSound: false,
      settings: grid({ uncertaintyMeters: cityMeters, outliers: 'mesh' }, [0]),
    },
    {
      title: 'all servers, mesh check on, 30 km of position uncertainty: the setting to use',
      mustBeSound: true,
      settings: grid({ uncertaintyMeters: cityMeters, outliers: 'mesh' }, [1, 2]),
    },
    {
      title: 'all servers at their PUBLISHED positions (19 wrong), mesh check on, f = 1',
      mustBeSound: false,
      settings: grid({ uncertaintyMeters: cityMeters, outliers: 'mesh', positions: 'published' }, [1]),
    },
    {
      title: 'all servers, no mesh check: what the check is for',
      mustBeSound: false,
      settings: grid({ uncertaintyMeters: cityMeters, outliers: 'raw' }, [0, 1]),
    },
  ]
}

function main(): void {
  if (!hasRealData) return
  const data = loadRoundTrips()
  const territories = loadTerritories()
  printFlagged(data)
  const failures: string[] = []
  for (const section of sections(process.argv.includes('--quick'))) {
    console.log(`\n${section.title}`)
    console.log(header)
    for (const setting of section.settings) {
      const findings = runSetting(data, territories, setting)
      console.log(row(setting, findings))
      if (section.mustBeSound) failures.push(...falsehoods(data, setting, findings))
    }
  }
  console.log(failures.length === 0 ? '\nsound: nothing false was proved' : `\nUNSOUND:\n${failures.join('\n')}`)
  if (failures.length > 0) process.exitCode = 1
}

function printFlagged(data: RoundTrips): void {
  for (const uncertainty of [0, cityMeters])
    for (const which of ['corrected', 'published'] as const) {
      const positions = data.cities.map((city) => (which === 'published' ? city.published : city.position))
      const { flagged } = meshOutcome(data, positions, uncertainty)
      const names = [...flagged].map((index) => data.cities[index]?.name).join(', ')
      console.log(`mesh check, ${which} positions, ${uncertainty / 1000} km uncertainty, sets aside: ${names}`)
    }
}

const header = [
  'setting'.padEnd(24),
  'targets',
  'truth out',
  'country out',
  ' empty',
  'area k km²',
  'radius km',
  'countries',
  'unique',
  ' wrong',
  'denied',
  '   ms',
  '| baseline: area, unique, denied',
].join('  ')

function row(setting: Setting, findings: readonly Finding[]): string {
  const share = (count: number, of = findings.length): string => `${((100 * count) / of).toFixed(1)}%`
  const count = (test: (finding: Finding) => boolean): number => findings.filter(test).length
  const eligible = findings.filter(({ denied }) => denied !== undefined)
  const here = baseline[setting.label]
  const [area, unique, denied] = here ?? otherBaseline[setting.label] ?? []
  const known = (value: number | undefined, unit: string): string =>
    value === undefined || Number.isNaN(value) ? '-' : `${value.toLocaleString('en')}${unit}`
  return [
    setting.label.padEnd(24),
    `${findings.length}`.padStart(7),
    `${count((f) => f.truthExcluded)}`.padStart(9),
    `${count((f) => f.countryExcluded)}`.padStart(11),
    `${count((f) => f.region.kind === 'empty')}`.padStart(6),
    Math.round(median(findings.map((f) => f.region.areaSquareMeters)) / 1e9)
      .toLocaleString('en')
      .padStart(10),
    Math.round(median(findings.map(enclosingKm)))
      .toLocaleString('en')
      .padStart(9),
    `${median(findings.map((f) => f.countries))}`.padStart(9),
    share(count((f) => f.unique === 'right')).padStart(6),
    share(count((f) => f.unique === 'wrong')).padStart(6),
    share(eligible.filter((f) => f.denied).length, eligible.length).padStart(6),
    median(findings.map((f) => f.milliseconds))
      .toFixed(2)
      .padStart(5),
    area === undefined
      ? '|'
      : `| ${known(area, '')}, ${known(unique, '%')}, ${known(denied, '%')}${here ? '' : ' (2020 set)'}`,
  ].join('  ')
}

function enclosingKm({ region }: Finding): number {
  return region.kind === 'empty' ? 0 : (region.enclosingCap.radiusRad * 6371008.8) / 1000
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? Number.NaN
}

function falsehoods(data: RoundTrips, setting: Setting, findings: readonly Finding[]): readonly string[] {
  return findings.flatMap(({ target, region, truthExcluded, countryExcluded, unique }) => {
    const city = data.cities[target]
    if (city === undefined || !(truthExcluded || countryExcluded || unique === 'wrong')) return []
    const km = Math.round(missMeters(city, region) / 1000)
    return [`${setting.label} (${setting.outliers}): ${city.name}, ${city.country}: ${region.kind}, ${km} km off`]
  })
}

main()
