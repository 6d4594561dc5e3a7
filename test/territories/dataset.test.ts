import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { insideLines } from '../../src/location/territory-interior.js'
import type { BoundaryLine } from '../../src/location/territory-line.js'
import { data } from '../../src/territories/data/natural-earth.js'
import { decodeMap } from '../../src/territories/decode.js'
import { territoryNames } from '../../src/territories/names.js'
import { buildModule, dataFile } from './build.js'
import { inOriginal, type LonLat, lcg, type OriginalCountry, originalCountries } from './natural-earth.js'

const map = decodeMap(data, territoryNames.keys())
const earthRadius = 6371008.8

type Point = readonly [number, number, number]

function unit([longitude, latitude]: LonLat): Point {
  const l = (longitude * Math.PI) / 180
  const p = (latitude * Math.PI) / 180
  return [Math.cos(p) * Math.cos(l), Math.cos(p) * Math.sin(l), Math.sin(p)]
}

/** Distance from an edge by ternary search along it: slow, and nothing like the library's. */
function edgeMeters(p: Point, a: Point, b: Point): number {
  const along = (t: number): number => {
    const q = [0, 1, 2].map((i) => (a[i] ?? 0) * (1 - t) + (b[i] ?? 0) * t)
    const length = Math.hypot(...q)
    return 2 * Math.asin(Math.hypot(...q.map((value, i) => value / length - (p[i] ?? 0))) / 2)
  }
  let [low, high] = [0, 1]
  for (let i = 0; i < 60; i++) {
    const third = (high - low) / 3
    if (along(low + third) < along(high - third)) high -= third
    else low += third
  }
  return along((low + high) / 2) * earthRadius
}

function boundaryMeters(p: Point, lines: readonly BoundaryLine[]): number {
  let least = Number.POSITIVE_INFINITY
  for (const { points } of lines) {
    const count = points.length / 3
    for (let i = 0; i < count; i++) {
      const a: Point = [points[3 * i] ?? 0, points[3 * i + 1] ?? 0, points[3 * i + 2] ?? 0]
      const j = Math.min(count - 1, i + 1)
      const b: Point = [points[3 * j] ?? 0, points[3 * j + 1] ?? 0, points[3 * j + 2] ?? 0]
      const near = Math.hypot(a[0] - p[0], a[1] - p[1], a[2] - p[2]) - Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])
      if (near * earthRadius < Math.min(least, 10_000)) least = Math.min(least, edgeMeters(p, a, b))
    }
  }
  return least
}

describe('data module', () => {
  test('is rebuilt from its source byte for byte', () => {
    expect(buildModule() === readFileSync(dataFile, 'utf8')).toBe(true)
  })

  test('carries the hash of its content', () => {
    const hash = createHash('sha256').update(`${data.areas}\n\n${data.lines}`).digest('hex')
    expect(data.sha256).toBe(hash)
  })

  test('stays below 350 KB gzip with the code that reads it', () => {
    expect(gzipSync(readFileSync(dataFile)).length).toBeLessThan(300_000)
  })

  test('has land for every ISO 3166-1 code and for Kosovo, and no other code', () => {
    expect(map.withoutLand).toEqual([])
    expect([...new Set(map.areas.flatMap((area) => area.codes))].sort()).toEqual([...territoryNames.keys()].sort())
    expect(territoryNames.size).toBe(250)
    expect(map.areas.filter((area) => area.lines.length === 0)).toEqual([])
  })
})

describe('error bound', () => {
  const countries = originalCountries()

  function disagreements(country: OriginalCountry, lines: readonly BoundaryLine[], count: number): readonly number[] {
    const random = lcg(country.name.length * 977 + country.rings.length)
    const found: number[] = []
    for (let i = 0; i < count; i++) {
      const ring = country.rings[Math.floor(random() * country.rings.length)] ?? []
      const [x, y] = ring[Math.floor(random() * ring.length)] ?? [0, 0]
      const spread = random() < 0.7 ? 0.03 : 0.3
      const point: LonLat = [
        x + ((random() - 0.5) * spread) / Math.max(0.1, Math.cos((y * Math.PI) / 180)),
        Math.max(-90, y + (random() - 0.5) * spread),
      ]
      if (inOriginal(country, point) !== insideLines(lines, unit(point))) found.push(boundaryMeters(unit(point), lines))
    }
    return found
  }

  // Countries whose land the map keeps under one area each, so that area and original can be compared point by point.
  const comparable: readonly (readonly [name: string, codes: string])[] = [
    ...(
      [
        'DE',
        'CH',
        'LS',
        'BE',
        'HR',
        'GR',
        'PH',
        'FJ',
        'RU',
        'MV',
        'KI',
        'TV',
        'JP',
        'ID',
        'AQ',
        'SG',
        'ZA',
        'US',
      ] as const
    ).map((code) => [territoryNames.get(code) ?? '', code] as const),
  ]
  const oldNames: Readonly<Record<string, string>> = { 'United States': 'United States of America' }

  test.each(comparable)('%s: points on the wrong side are within the declared distance of the line', (name, codes) => {
    const country = countries.find((entry) => entry.name === (oldNames[name] ?? name))
    if (country === undefined) throw new Error(`no country ${name}`)
    // Russia's southern Kurils are an area of their own; join what shares the country.
    const own = new Set<number>()
    for (const area of map.areas)
      if (
        area.kind === 'land' &&
        (area.codes.join(' ') === codes || (codes === 'RU' && area.codes.join(' ') === 'JP RU'))
      )
        for (const line of area.lines) if (!own.delete(line)) own.add(line)
    const lines = [...own].flatMap((index) => map.lines[index] ?? [])
    const wrong = disagreements(country, lines, 200)
    // Tiny islands become points, so there must be some to look at.
    expect(wrong.length).toBeGreaterThan(0)
    expect(Math.max(...wrong)).toBeLessThanOrEqual(data.simplificationMeters)
  })
})
