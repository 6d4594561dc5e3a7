import { describe, expect, it } from 'vitest'
import { loadTerritories } from '../../src/territories/index.js'
import { loadRoundTrips, meshOutcome } from '../bench/location-data.js'
import { runSetting } from '../bench/location-run.js'
import { hasRealData } from '../real-data.js'

const cityMeters = 30_000

describe.skipIf(!hasRealData)('real round-trip times', () => {
  it('never exclude the true place or country: 20 chosen landmarks, mesh check on, one operator may misreport', () => {
    const findings = runSetting(loadRoundTrips(), loadTerritories(), {
      label: '',
      selection: 'selected',
      landmarks: 20,
      faultTolerance: 1,
      uncertaintyMeters: cityMeters,
      outliers: 'mesh',
    })
    expect(findings.length).toBeGreaterThan(225)
    expect(findings.filter((f) => f.truthExcluded || f.countryExcluded || f.unique === 'wrong')).toEqual([])
    expect(findings.filter((f) => f.region.kind === 'empty')).toEqual([])
    // And say something all the same: most of the devices that could be are shown to be outside four countries.
    const eligible = findings.filter((f) => f.denied !== undefined)
    expect(eligible.filter((f) => f.denied).length / eligible.length).toBeGreaterThan(0.6)
  })

  it('never exclude the truth when two landmarks lie and two may', () => {
    const findings = runSetting(loadRoundTrips(), loadTerritories(), {
      label: '',
      selection: 'random',
      landmarks: 50,
      faultTolerance: 2,
      uncertaintyMeters: 0,
      outliers: 'removed',
      liars: 2,
    })
    expect(findings.filter((f) => f.truthExcluded || f.countryExcluded || f.unique === 'wrong')).toEqual([])
  })

  it('expose the servers that do not stand where they are said to', () => {
    const data = loadRoundTrips()
    const names = (which: 'position' | 'published'): readonly (string | undefined)[] => {
      const { flagged } = meshOutcome(
        data,
        data.cities.map((city) => city[which]),
        cityMeters,
      )
      return [...flagged].map((index) => data.cities[index]?.name)
    }
    expect(names('position')).toContain('La Ceiba')
    expect(names('position').length).toBeLessThan(12)
    // Published positions in the wrong country: Portland in Jamaica, San Jose in Costa Rica.
    expect(names('published')).toEqual(expect.arrayContaining(['La Ceiba', 'Portland', 'San Jose', 'Salem', 'Toledo']))
  })
})
