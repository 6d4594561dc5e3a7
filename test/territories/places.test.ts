import { describe, expect, test } from 'vitest'
import { intersectDiscs } from '../../src/location/geometry/intersection.js'
import type { Region } from '../../src/location/geometry/region.js'
import { fromDegrees } from '../../src/location/geometry/vector.js'
import { alpha2ByNumeric } from '../../src/territories/build/numeric.js'
import { loadTerritories, territoryNames } from '../../src/territories/index.js'
import { inOriginal, type LonLat, lcg, originalCountries } from './natural-earth.js'

const territories = loadTerritories()

function around(latitude: number, longitude: number, radiusMeters = 1): Region {
  const center = fromDegrees(latitude, longitude)
  return intersectDiscs({ discs: [{ center, radiusMeters, group: 'a' }], faultTolerance: 0 })
}

describe('places more than 8 km from any other territory', () => {
  test.each([
    ['Copenhagen, which inverted rings once put in the Maldives', 55.676, 12.3, 'DK'],
    ['Berlin', 52.52, 13.4, 'DE'],
    ['Paris', 48.86, 2.35, 'FR'],
    ['Ashburn', 39.04, -77.49, 'US'],
    ['Singapore centre', 1.29, 103.85, 'SG'],
    ['Manama', 26.22, 50.58, 'BH'],
    ['Valletta', 35.9, 14.51, 'MT'],
    ['Malé', 4.175, 73.51, 'MV'],
    ['Port Louis', -20.16, 57.5, 'MU'],
    ['Suva', -18.14, 178.44, 'FJ'],
    ['Taveuni, on the antimeridian', -16.85, -179.97, 'FJ'],
    ['South Tarawa', 1.35, 173.02, 'KI'],
    ['Kiritimati', 1.87, -157.4, 'KI'],
    ['Funafuti', -8.52, 179.2, 'TV'],
    ['Majuro', 7.1, 171.38, 'MH'],
    ['Attu, Aleutians', 52.9, 172.9, 'US'],
    ['Honolulu', 21.31, -157.86, 'US'],
    ['Anadyr', 64.73, 177.5, 'RU'],
    ['Chukotka, east of the antimeridian', 66.5, -175, 'RU'],
    ['Wrangel Island', 71.2, -179.9, 'RU'],
    ['Kaliningrad', 54.71, 20.5, 'RU'],
    ['Katse, in the hole of South Africa', -29.34, 28.5, 'LS'],
    ['Pretoria', -25.75, 28.19, 'ZA'],
    ['Nukuoro, left out by the source', 3.83, 154.97, 'FM'],
    ['Bach Long Vi, left out by the source', 20.13, 107.72, 'VN'],
    ['Douglas', 54.15, -4.48, 'IM'],
    ['Tenerife', 28.3, -16.55, 'ES'],
    ['Ponta Delgada', 37.75, -25.67, 'PT'],
    ['Reykjavík', 64.14, -21.9, 'IS'],
    ['Guangzhou', 23.13, 113.26, 'CN'],
    ['Seoul', 37.5, 127.0, 'KR'],
    ['Tehran', 35.69, 51.39, 'IR'],
    ['McMurdo is New Zealand’s claim', -77.85, 166.67, 'AQ NZ'],
    ['Marie Byrd Land, unclaimed', -78, -120, 'AQ'],
  ])('%s', (_, latitude, longitude, codes) => {
    expect(territories.possible(around(latitude, longitude)).join(' ')).toBe(codes)
  })
})

describe('disputed and dependent areas answer with every code', () => {
  test.each([
    ['Simferopol', 44.95, 34.1, 'RU UA'],
    ['Donetsk', 48.0, 37.8, 'RU UA'],
    ['Sukhumi', 43.0, 41.02, 'GE RU'],
    ['Jerusalem', 31.78, 35.23, 'IL PS'],
    ['Pristina', 42.66, 21.16, 'RS XK'],
    ['Laayoune', 27.15, -13.2, 'EH MA'],
    ['Taipei', 25.03, 121.56, 'CN TW'],
    ['Kinmen', 24.44, 118.37, 'CN TW'],
    ['Srinagar', 34.08, 74.8, 'IN PK'],
    ['Gilgit', 35.92, 74.31, 'IN PK'],
    ['Tawang', 27.59, 91.87, 'CN IN'],
    ['Stanley', -51.7, -57.85, 'AR FK'],
    ['Lethem', 3.38, -59.8, 'BR GY VE'],
    ['Senkaku', 25.75, 123.47, 'CN JP TW'],
    ['Iturup', 45.0, 147.7, 'JP RU'],
    ['Liancourt', 37.24, 131.87, 'JP KR'],
    ['Abu Musa', 25.87, 55.03, 'AE IR'],
    ['Paracels', 16.5, 111.6, 'CN TW VN'],
    ['Hargeisa', 9.56, 44.06, 'SO'],
    ['Tiraspol', 46.84, 29.62, 'MD'],
    ['Victoria Peak', 22.27, 114.15, 'CN HK'],
    ['Macau', 22.19, 113.54, 'CN MO'],
    ['Cayenne', 4.92, -52.33, 'FR GF'],
    ['Pointe-à-Pitre', 16.24, -61.53, 'FR GP'],
    ['Fort-de-France', 14.6, -61.07, 'FR MQ'],
    ['Saint-Denis', -20.88, 55.45, 'FR RE'],
    ['Mamoudzou', -12.78, 45.23, 'FR KM YT'],
    ['Nouméa', -22.27, 166.45, 'FR NC'],
    ['Kralendijk', 12.15, -68.27, 'BQ NL'],
    ['Longyearbyen', 78.22, 15.65, 'NO SJ'],
    ['Bouvet', -54.42, 3.36, 'BV NO'],
    ['Christmas Island', -10.49, 105.63, 'AU CX'],
    ['Cocos', -12.17, 96.83, 'AU CC'],
    ['Nukunonu', -9.17, -171.82, 'NZ TK'],
    ['San Juan', 18.45, -66.07, 'PR US'],
    ['Ceuta', 35.89, -5.31, 'ES MA'],
    ['Nuuk', 64.18, -51.72, 'DK GL'],
  ])('%s', (_, latitude, longitude, codes) => {
    expect(territories.possible(around(latitude, longitude)).join(' ')).toBe(codes)
  })
})

describe('near a border both sides are possible', () => {
  test.each([
    ['Shenzhen', 22.54, 114.06, ['CN', 'HK']],
    ['Geneva', 46.2, 6.15, ['CH', 'FR']],
    ['Basel', 47.56, 7.59, ['CH', 'DE', 'FR']],
    ['Monaco', 43.735, 7.42, ['FR', 'MC']],
    ['Vatican', 41.9033, 12.4534, ['IT', 'VA']],
    ['Vaduz', 47.14, 9.52, ['CH', 'LI']],
    ['Gibraltar', 36.14, -5.35, ['ES', 'GI']],
    ['Johor Bahru', 1.46, 103.76, ['MY', 'SG']],
    ['Point Roberts', 48.985, -123.07, ['CA', 'US']],
    ['Maseru', -29.31, 27.48, ['LS', 'ZA']],
    ['Detroit', 42.33, -83.05, ['CA', 'US']],
    ['Kinshasa', -4.32, 15.31, ['CD', 'CG']],
  ])('%s', (_, latitude, longitude, codes) => {
    expect(territories.possible(around(latitude, longitude))).toEqual(expect.arrayContaining(codes))
  })
})

describe('sea', () => {
  test.each([
    ['Pacific at the latitude of Fiji', -17, -100],
    ['north pole', 90, 0],
    ['mid-Atlantic', 30, -45],
    ['Caspian Sea', 42, 51],
  ])('%s is in no territory', (_, latitude, longitude) => {
    const region = around(latitude, longitude)
    expect(territories.possible(region)).toEqual([])
    expect(territories.sea(region)).toBe('possible')
    expect(territories.inside(region, ['US'], 'ignored')).toBe('refuted')
  })

  test('is ruled out only for a region that is on land throughout', () => {
    expect(territories.sea(around(39, -98, 300_000))).toBe('excluded')
    expect(territories.sea(around(39, -98, 1_600_000))).toBe('possible')
    expect(territories.sea(around(-90, 0, 400_000))).toBe('excluded')
    // Across the border of two countries there is no sea either.
    expect(territories.sea(around(47.6, 7.6, 50_000))).toBe('excluded')
  })
})

test('every point of the source lies in the possible territories of a region that holds it', () => {
  const random = lcg(20261123)
  const kosovo = new Map([['Kosovo', 'XK']])
  for (const country of originalCountries()) {
    const code = (country.id === undefined ? undefined : alpha2ByNumeric.get(country.id)) ?? kosovo.get(country.name)
    if (code === undefined) continue
    for (let tries = 0, hits = 0; tries < 60 && hits < 6; tries++) {
      const ring = country.rings[Math.floor(random() * country.rings.length)] ?? []
      const [x, y] = ring[Math.floor(random() * ring.length)] ?? [0, 0]
      const size = 10 ** (-3 + 3 * random())
      const point: LonLat = [x + (random() - 0.5) * size, Math.max(-90, Math.min(90, y + (random() - 0.5) * size))]
      if (!inOriginal(country, point)) continue
      hits++
      const longitude = ((((point[0] + 180) % 360) + 360) % 360) - 180
      const codes = territories.possible(around(point[1], longitude, 0))
      expect(codes, `${country.name} ${point.join(' ')}`).toContain(code)
    }
  }
})

test('names are those of ISO 3166-1 as the runtime knows them', () => {
  const display = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' })
  for (const code of territoryNames.keys()) expect(display.of(code), code).toBeDefined()
  expect(territoryNames.get('CI')).toBe("Côte d'Ivoire")
})
