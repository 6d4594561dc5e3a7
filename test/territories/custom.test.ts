import { describe, expect, test } from 'vitest'
import { intersectDiscs } from '../../src/location/geometry/intersection.js'
import type { Region } from '../../src/location/geometry/region.js'
import { fromDegrees } from '../../src/location/geometry/vector.js'
import { AttestationError } from '../../src/result/error.js'
import { capTerritory, customTerritory, loadTerritories } from '../../src/territories/index.js'

function around(latitude: number, longitude: number, radiusMeters: number): Region {
  const center = fromDegrees(latitude, longitude)
  return intersectDiscs({ discs: [{ center, radiusMeters, group: 'a' }], faultTolerance: 0 })
}

function codeOf(action: () => unknown): readonly [string, string] {
  try {
    action()
  } catch (error) {
    if (error instanceof AttestationError) return [error.code, error.at]
    throw error
  }
  throw new Error('nothing thrown')
}

function detailsOf(action: () => unknown): unknown {
  try {
    action()
  } catch (error) {
    if (error instanceof AttestationError) return error.failure.details
    throw error
  }
  throw new Error('nothing thrown')
}

const square = [
  [8, 50],
  [9, 50],
  [9, 51],
  [8, 51],
  [8, 50],
]
const polygon = { type: 'Polygon', coordinates: [square] }

describe('custom territory', () => {
  const feature = { type: 'Feature', properties: {}, geometry: polygon }
  test.each([
    ['Polygon', polygon],
    ['MultiPolygon', { type: 'MultiPolygon', coordinates: [[square]] }],
    ['Feature', feature],
    ['FeatureCollection', { type: 'FeatureCollection', features: [feature] }],
    ['clockwise ring', { type: 'Polygon', coordinates: [[...square].reverse()] }],
    ['altitudes', { type: 'Polygon', coordinates: [square.map((position) => [...position, 112])] }],
  ])('reads a %s', (_, geoJson) => {
    const set = loadTerritories({ custom: [customTerritory({ code: 'rhine-main', geoJson })] })
    const inside = around(50.5, 8.5, 20_000)
    expect(set.possible(inside)).toEqual(['DE', 'rhine-main'])
    expect(set.inside(inside, ['rhine-main'], 'counted')).toBe('proved')
    expect(set.outside(around(52.5, 13.4, 20_000), ['rhine-main'])).toBe('proved')
    expect(set.inside(around(50.5, 8.5, 60_000), ['rhine-main'], 'counted')).toBe('undecided')
    expect(set.outside(around(50.5, 8.5, 60_000), ['rhine-main'])).toBe('undecided')
    expect(set.maps.map(({ name }) => name)).toEqual(['natural-earth-4.1.0-10m/1', 'rhine-main'])
  })

  test.each([
    ['members of a MultiPolygon', (a: unknown, b: unknown) => ({ type: 'MultiPolygon', coordinates: [[a], [b]] })],
    [
      'features',
      (...rings: readonly unknown[]) => ({
        type: 'FeatureCollection',
        features: rings.map((ring) => ({ ...feature, geometry: { type: 'Polygon', coordinates: [ring] } })),
      }),
    ],
  ])('is what any of its %s covers: where they overlap is no hole', (_, join) => {
    const east = square.map(([longitude = 0, latitude = 0]) => [longitude + 0.5, latitude])
    const set = loadTerritories({ custom: [customTerritory({ code: 'both', geoJson: join(square, east) })] })
    for (const longitude of [8.2, 8.75, 9.3]) {
      const place = around(50.5, longitude, 5000)
      expect(set.possible(place)).toContain('both')
      expect(set.outside(place, ['both'])).toBe('refuted')
      expect(set.inside(place, ['both'], 'counted')).toBe('proved')
    }
    expect(set.outside(around(50.5, 10, 5000), ['both'])).toBe('proved')
  })

  test('follows parallels, as RFC 7946 lines do, not great circles', () => {
    // 50° N from 0° to 40° E: the great circle between the ends passes 150 km north of the parallel.
    const wide = [
      [0, 40],
      [40, 40],
      [40, 50],
      [0, 50],
      [0, 40],
    ]
    const geoJson = { type: 'Polygon', coordinates: [wide] }
    const set = loadTerritories({ custom: [customTerritory({ code: 'wide', geoJson })] })
    expect(set.outside(around(50.5, 20, 1000), ['wide'])).toBe('proved')
    expect(set.inside(around(49.5, 20, 1000), ['wide'], 'counted')).toBe('proved')
    expect(set.outside(around(39.5, 20, 1000), ['wide'])).toBe('proved')
    expect(set.inside(around(40.5, 20, 1000), ['wide'], 'counted')).toBe('proved')
  })

  test('holes are outside', () => {
    const hole = [
      [8.4, 50.4],
      [8.6, 50.4],
      [8.6, 50.6],
      [8.4, 50.6],
      [8.4, 50.4],
    ]
    const geoJson = { type: 'Polygon', coordinates: [square, hole] }
    const set = loadTerritories({ custom: [customTerritory({ code: 'ring-road', geoJson })] })
    expect(set.outside(around(50.5, 8.5, 1000), ['ring-road'])).toBe('proved')
    expect(set.inside(around(50.2, 8.2, 1000), ['ring-road'], 'counted')).toBe('proved')
  })

  test('a polygon over the south pole and one cut at the antimeridian', () => {
    const south = [
      [-180, -70],
      [180, -70],
      [180, -90],
      [-180, -90],
      [-180, -70],
    ]
    const west = [
      [179, -18],
      [180, -18],
      [180, -16],
      [179, -16],
      [179, -18],
    ]
    const east = [
      [-180, -18],
      [-179, -18],
      [-179, -16],
      [-180, -16],
      [-180, -18],
    ]
    const set = loadTerritories({
      custom: [
        customTerritory({ code: 'south', geoJson: { type: 'Polygon', coordinates: [south] } }),
        customTerritory({ code: 'fiji', geoJson: { type: 'MultiPolygon', coordinates: [[west], [east]] } }),
      ],
    })
    expect(set.possible(around(-88, 10, 1000))).toContain('south')
    expect(set.outside(around(-69, 10, 1000), ['south'])).toBe('proved')
    expect(set.possible(around(-17, 180, 1000))).toContain('fiji')
    expect(set.outside(around(-17, 0, 1000), ['fiji'])).toBe('proved')
  })

  test('errorMeters widens in both directions', () => {
    const exact = loadTerritories({ custom: [customTerritory({ code: 'area', geoJson: polygon })] })
    const rough = loadTerritories({ custom: [customTerritory({ code: 'area', geoJson: polygon, errorMeters: 5000 })] })
    // 3 km east of the eastern side, then 3 km west of it.
    const [beyond, within] = [around(50.5, 9.0425, 100), around(50.5, 8.9575, 100)]
    expect(exact.outside(beyond, ['area'])).toBe('proved')
    expect(rough.outside(beyond, ['area'])).toBe('undecided')
    expect(exact.inside(within, ['area'], 'counted')).toBe('proved')
    expect(rough.inside(within, ['area'], 'counted')).toBe('undecided')
  })

  const ring = (...positions: readonly unknown[]) => ({ type: 'Polygon', coordinates: [positions] })
  const collection = { type: 'FeatureCollection', features: [] }
  test.each([
    ['not an object', 'x', 'geoJson', { reason: 'type' }],
    ['null', null, 'geoJson', { reason: 'type' }],
    ['a line', { type: 'LineString', coordinates: square }, 'geoJson.type', { reason: 'type' }],
    [
      'coordinates of the wrong depth',
      { type: 'Polygon', coordinates: square },
      'geoJson.coordinates[0][0]',
      { reason: 'position' },
    ],
    ['no coordinates', { type: 'Polygon' }, 'geoJson.coordinates', { reason: 'type' }],
    ['a feature without geometry', { type: 'Feature', geometry: null }, 'geoJson.geometry', { reason: 'type' }],
    ['a feature in a feature', { type: 'Feature', geometry: feature }, 'geoJson.geometry.type', { reason: 'type' }],
    [
      'a polygon among features',
      { type: 'FeatureCollection', features: [polygon] },
      'geoJson.features[0].type',
      { reason: 'type' },
    ],
    [
      'a collection in a collection',
      { type: 'FeatureCollection', features: [collection] },
      'geoJson.features[0].type',
      { reason: 'type' },
    ],
    ['nothing drawn', collection, 'geoJson', { reason: 'empty' }],
    ['three positions', ring([0, 0], [1, 1], [0, 0]), 'geoJson.coordinates[0]', { reason: 'ring-too-short' }],
    ['an open ring', ring([0, 0], [1, 0], [1, 1], [0, 1]), 'geoJson.coordinates[0]', { reason: 'ring-open' }],
    ['text for a number', ring([0, 0], [1, '0'], [1, 1], [0, 0]), 'geoJson.coordinates[0][1]', { reason: 'position' }],
    ['a single number', ring([0, 0], [1], [1, 1], [0, 0]), 'geoJson.coordinates[0][1]', { reason: 'position' }],
    [
      'the north pole',
      ring([0, 80], [90, 80], [90, 90], [0, 80]),
      'geoJson.coordinates[0][2]',
      { reason: 'north-pole' },
    ],
  ])('refuses %s', (_, geoJson, at, details) => {
    const read = () => customTerritory({ code: 'area', geoJson })
    expect(codeOf(read)).toEqual(['location/polygon', at])
    expect(detailsOf(read)).toEqual(details)
  })

  test.each([
    ['latitude first', [50, 120], 'geoJson.coordinates[0][1].latitude'],
    ['beyond 180°', [181, 10], 'geoJson.coordinates[0][1].longitude'],
    ['not a number', [Number.NaN, 10], 'geoJson.coordinates[0][1].longitude'],
  ])('refuses a position: %s', (_, position, at) => {
    expect(codeOf(() => customTerritory({ code: 'area', geoJson: ring([0, 0], position, [1, 1], [0, 0]) }))).toEqual([
      'location/coordinate',
      at,
    ])
  })

  test('refuses more positions than it is willing to work on', () => {
    const many = { type: 'Polygon', coordinates: [Array.from({ length: 100_001 }, () => [0, 0])] }
    expect(codeOf(() => customTerritory({ code: 'area', geoJson: many }))).toEqual([
      'location/polygon-too-large',
      'geoJson.coordinates[0]',
    ])
    const half = Array.from({ length: 60_000 }, () => [0, 0])
    expect(
      codeOf(() => customTerritory({ code: 'area', geoJson: { type: 'Polygon', coordinates: [half, half] } })),
    ).toEqual(['location/polygon-too-large', 'geoJson'])
    // Few positions, but edges round the globe: 1,440 steps each.
    const zigzag = Array.from({ length: 401 }, (_, index) => [index % 2 === 0 ? -180 : 180, 0])
    expect(
      codeOf(() => customTerritory({ code: 'area', geoJson: { type: 'Polygon', coordinates: [zigzag] } })),
    ).toEqual(['location/polygon-too-large', 'geoJson'])
  })

  test.each(['DE', 'x', 'ab', 'Campus', 'campus 1', '-campus', 'a'.repeat(65)])('refuses the code %s', (code) => {
    expect(codeOf(() => customTerritory({ code, geoJson: polygon }))).toEqual(['location/territory-code', 'code'])
  })

  test.each([-1, Number.NaN, 1e9])('refuses an error of %d m', (errorMeters) => {
    expect(codeOf(() => customTerritory({ code: 'area', geoJson: polygon, errorMeters }))).toEqual([
      'location/quantity',
      'errorMeters',
    ])
  })

  test('two territories of one code are refused', () => {
    const area = customTerritory({ code: 'area', geoJson: polygon })
    expect(codeOf(() => loadTerritories({ custom: [area, area] }))).toEqual([
      'location/duplicate-territory',
      'custom[1]',
    ])
  })
})

describe('cap territory', () => {
  test('a campus', () => {
    const campus = capTerritory({ code: 'campus-1', latitudeDeg: 50.1, longitudeDeg: 8.6, radiusMeters: 20_000 })
    const set = loadTerritories({ custom: [campus] })
    expect(set.inside(around(50.1, 8.6, 19_000), ['campus-1'], 'counted')).toBe('proved')
    expect(set.inside(around(50.1, 8.6, 20_001), ['campus-1'], 'counted')).toBe('undecided')
    // 0.3° of latitude are 33.4 km.
    expect(set.outside(around(50.4, 8.6, 13_000), ['campus-1'])).toBe('proved')
    expect(set.outside(around(50.4, 8.6, 13_500), ['campus-1'])).toBe('undecided')
  })

  test('the south pole may be in it, the north pole may not', () => {
    const at = (latitudeDeg: number) =>
      capTerritory({ code: 'polar', latitudeDeg, longitudeDeg: 10, radiusMeters: 500_000 })
    const set = loadTerritories({ custom: [at(-89)] })
    expect(set.possible(around(-90, 0, 1000))).toContain('polar')
    expect(codeOf(() => at(89))).toEqual(['location/polygon', 'radiusMeters'])
  })

  test.each([
    ['radius', { latitudeDeg: 0, longitudeDeg: 0, radiusMeters: -1 }, 'location/quantity', 'radiusMeters'],
    ['huge radius', { latitudeDeg: 0, longitudeDeg: 0, radiusMeters: 6e6 }, 'location/quantity', 'radiusMeters'],
    ['latitude', { latitudeDeg: 91, longitudeDeg: 0, radiusMeters: 1 }, 'location/coordinate', 'latitude'],
  ])('refuses a bad %s', (_, place, code, at) => {
    expect(codeOf(() => capTerritory({ code: 'campus-1', ...place }))).toEqual([code, at])
  })
})
