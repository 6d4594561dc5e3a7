import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { intersectDiscs } from '../../src/location/geometry/intersection.js'
import { discRadiusMeters } from '../../src/location/geometry/radius.js'
import type { Disc, Region } from '../../src/location/geometry/region.js'
import { fromDegrees, toDegrees, type Vector3 } from '../../src/location/geometry/vector.js'
import { type RegionPicture, renderRegionSvg } from '../../src/location/picture/region-picture.js'
import { territorySet } from '../../src/location/territory.js'
import type { TerritoryMap } from '../../src/location/territory-map.js'
import { data } from '../../src/territories/data/natural-earth.js'
import { decodeMap } from '../../src/territories/decode.js'
import { capTerritory, territoryNames } from '../../src/territories/index.js'
import { type Element, elements, inPath, readXml } from './svg-reader.js'

const world = decodeMap(data, territoryNames.keys())

type Spot = readonly [name: string, latitudeDeg: number, longitudeDeg: number, radiusKilometers: number]

function picture(spots: readonly Spot[], more: Partial<RegionPicture> = {}): RegionPicture {
  const discs = spots.map(
    ([name, latitude, longitude, kilometers]): Disc => ({
      center: fromDegrees(latitude, longitude),
      radiusMeters: kilometers * 1000,
      group: name,
    }),
  )
  const faultTolerance = more.faultTolerance ?? 0
  return {
    region: intersectDiscs({ discs, faultTolerance }),
    discs,
    landmarks: spots.map(([name, latitudeDeg, longitudeDeg]) => ({ name, latitudeDeg, longitudeDeg })),
    maps: [world],
    predicates: [],
    speed: 'fibre',
    faultTolerance,
    names: territoryNames,
    ...more,
  }
}

const scenes: Readonly<Record<string, RegionPicture>> = {
  netherlands: picture([
    ['Amsterdam', 52.37, 4.9, 180],
    ['Frankfurt', 50.11, 8.68, 330],
    ['Brussels', 50.85, 4.35, 230],
  ]),
  fiji: picture([
    ['Suva', -18.14, 178.44, 300],
    ['Apia', -13.8, -171.8, 1100],
  ]),
  pole: picture([
    ['Alert', 82.5, -62.3, 900],
    ['Longyearbyen', 78.2, 15.6, 1300],
  ]),
  'around the pole': picture([['Ice', 89.5, 100, 700]]),
  'south pole': picture([['Amundsen-Scott', -90, 0, 1500]]),
  hemispheres: picture([
    ['Tokyo', 35.7, 139.7, 9000],
    ['Sydney', -33.9, 151.2, 9500],
  ]),
  'nearly everywhere': picture([['Lima', -12, -77, 19_500]]),
  everywhere: picture([['Lima', -12, -77, 20_100]]),
  empty: picture([
    ['Paris', 48.86, 2.35, 300],
    ['Madrid', 40.4, -3.7, 400],
  ]),
  'two components': picture(
    [
      ['Toulouse', 43.6, 1.44, 120],
      ['Milan', 45.46, 9.19, 150],
      ['Geneva', 46.2, 6.14, 900],
    ],
    { faultTolerance: 1 },
  ),
  nothing: picture([]),
}

function draw(input: RegionPicture): readonly Element[] {
  return [...elements(readXml(renderRegionSvg(input)))]
}

function filled(all: readonly Element[], fill: string, x: number, y: number): boolean {
  return all.some(
    ({ name, attributes }) =>
      name === 'path' && attributes.get('fill') === fill && inPath(attributes.get('d') ?? '', x, y),
  )
}

/** Where the landmarks were drawn; the last circles of that colour, as the key comes later but inside a moved group. */
function marks(all: readonly Element[]): readonly (readonly [number, number])[] {
  return all
    .filter(({ name, attributes }) => name === 'circle' && attributes.get('fill') === '#b91c1c')
    .map(({ attributes }) => [Number(attributes.get('cx')), Number(attributes.get('cy'))] as const)
    .slice(0, -1)
}

const green = '#8fcf9f'
const amber = '#f6cf6b'
const grey = '#e9e6df'
const blue = '#1d4ed8'

describe.each(Object.entries(scenes))('a picture of %s', (_, scene) => {
  const svg = renderRegionSvg(scene)
  const all = [...elements(readXml(svg))]

  it('is self-contained, named and of bounded size', () => {
    expect(svg.length).toBeLessThan(700_000)
    expect(svg.match(/[a-z]+:\/\/[^"]*/g)).toEqual(['http://www.w3.org/2000/svg'])
    expect(svg).not.toMatch(/href|script|foreignObject|<image|<style|@import|NaN|Infinity|undefined/)
    const [root] = all
    expect(root?.attributes.get('role')).toBe('img')
    const ids = all.flatMap(({ attributes }) => attributes.get('id') ?? [])
    expect(new Set(ids).size).toBe(ids.length)
    const labels = root?.attributes.get('aria-labelledby')?.split(' ') ?? []
    expect(labels.map((id) => all.find(({ attributes }) => attributes.get('id') === id)?.name)).toEqual([
      'title',
      'desc',
    ])
    for (const [, id] of svg.matchAll(/url\(#([^)]*)\)/g)) expect(ids).toContain(id)
  })

  it('is the same every time', () => {
    expect(renderRegionSvg(scene)).toBe(svg)
  })

  it('says what it rests on', () => {
    const text = all
      .filter(({ name }) => name === 'text')
      .map((element) => element.text)
      .join(' ')
    expect(text).toContain('Overlap is not evidence')
    expect(text).toContain('199,862 km/s')
    expect(text).toContain(`(f = ${scene.faultTolerance})`)
    expect(text).toContain(`${scene.discs.length} disc`)
    expect(text).toContain(data.sha256.slice(0, 12))
  })

  it('keeps labels inside and apart', () => {
    const boxes = all
      .filter(({ name, attributes }) => name === 'text' && attributes.get('stroke') === undefined)
      .map(({ text, attributes }) => {
        const size = Number(attributes.get('font-size'))
        // Narrower than any font is: an overlap here is one on every screen.
        const width = [...text].length * size * 0.45
        const x = Number(attributes.get('x'))
        const anchor = attributes.get('text-anchor') ?? 'start'
        const left = anchor === 'middle' ? x - width / 2 : anchor === 'end' ? x - width : x
        const y = Number(attributes.get('y'))
        return { text, left, right: left + width, top: y - 0.72 * size, bottom: y }
      })
    for (const [index, a] of boxes.entries()) {
      expect(a.left).toBeGreaterThanOrEqual(0)
      expect(a.right).toBeLessThanOrEqual(1180)
      expect(a.bottom).toBeLessThanOrEqual(740)
      for (const b of boxes.slice(index + 1))
        expect([a.text, b.text, a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom]).toEqual([
          a.text,
          b.text,
          false,
        ])
    }
  })
})

describe('territories', () => {
  const places: readonly Spot[] = [
    ['Utrecht', 52.09, 5.12, 0],
    ['Antwerp', 51.22, 4.4, 0],
    ['Hannover', 52.37, 9.73, 0],
    ['London', 51.5, -0.12, 0],
    ['North Sea', 53.5, 3.5, 0],
  ]
  const landmarks = places.map(([name, latitudeDeg, longitudeDeg]) => ({ name, latitudeDeg, longitudeDeg }))
  const spots: readonly Spot[] = [['a', 51.8, 5, 300]]
  const colour = (all: readonly Element[], index: number): readonly boolean[] => {
    const [x, y] = marks(all)[index] ?? [0, 0]
    return [green, amber, grey].map((fill) => filled(all, fill, x, y))
  }

  it('are proved, possible or ruled out', () => {
    const few = picture([['a', 52.09, 5.3, 300]], { landmarks })
    const all = draw(few)
    const set = territorySet([world])
    expect(set.possible(few.region)).toEqual(expect.arrayContaining(['NL', 'BE', 'DE']))
    expect(colour(all, 0)).toEqual([false, true, false])
    expect(colour(all, 1)).toEqual([false, true, false])
    expect(colour(all, 2)).toEqual([false, true, false])
    expect(colour(all, 4)).toEqual([false, false, false])
    const near = picture([['a', 52.09, 5.3, 30]], {
      landmarks,
      predicates: [{ kind: 'inside', codes: ['NL'], sea: 'counted' }],
    })
    expect(set.inside(near.region, ['NL'], 'counted')).toBe('proved')
    const proved = draw(near)
    expect(colour(proved, 0)).toEqual([true, false, false])
    expect(proved.some(({ text }) => text === 'In NL: proved')).toBe(true)
    const towns = [
      { name: 'Rotterdam', latitudeDeg: 51.92, longitudeDeg: 4.5 },
      { name: 'Goch', latitudeDeg: 51.68, longitudeDeg: 6.16 },
    ]
    const west = picture([['a', 51.9, 4.6, 60]], { landmarks: towns })
    expect(set.possible(west.region)).toEqual(['BE', 'NL'])
    expect([0, 1].map((index) => colour(draw(west), index))).toEqual([
      [false, true, false],
      [false, false, true],
    ])
  })

  it('are never shown as proved when they are not', () => {
    const predicates = [{ kind: 'inside', codes: ['NL'], sea: 'counted' }] as const
    for (const scene of [picture(spots, { landmarks, predicates }), { ...picture([], { predicates }), landmarks }])
      expect(draw(scene).filter(({ name, attributes }) => name === 'path' && attributes.get('fill') === green)).toEqual(
        [],
      )
    const [first] = draw({ ...(scenes['empty'] ?? picture([])), predicates })
    expect(first?.children.find(({ name }) => name === 'desc')?.text).toContain('No place fits')
  })

  it('stand on both sides of the antimeridian', () => {
    const fiji = scenes['fiji'] ?? picture([])
    const towns = [
      { name: 'Suva', latitudeDeg: -18.1, longitudeDeg: 178.3 },
      { name: 'Taveuni east of 180', latitudeDeg: -16.82, longitudeDeg: -179.96 },
      { name: 'sea', latitudeDeg: -19.5, longitudeDeg: -179.9 },
      { name: 'sea far off', latitudeDeg: -17, longitudeDeg: 177 },
    ]
    const all = draw({ ...fiji, landmarks: towns })
    expect([0, 1, 2, 3].map((index) => colour(all, index)[1])).toEqual([true, true, false, false])
  })

  it('in dispute bear the names of all claimants, and of none alone', () => {
    const texts = (scene: RegionPicture): readonly string[] => draw(scene).map(({ text }) => text)
    const names = new Map([
      ['RU', 'Russia'],
      ['UA', 'Ukraine'],
      ['PR', 'Puerto Rico'],
      ['US', 'United States'],
      ['NL', 'Netherlands'],
    ])
    const crimea = texts(picture([['a', 45.2, 34.2, 20]], { names, landmarks: [] }))
    expect(crimea).toContain('Crimea (RU/UA)')
    expect(crimea.filter((text) => text.includes('Russia') || text.includes('Ukraine'))).toEqual([])
    expect(crimea).toContain('In dispute: every claimant counts')
    const undisputed = texts(picture([['a', 52.09, 5.3, 30]], { names }))
    expect(undisputed).toContain('Netherlands')
    expect(undisputed).not.toContain('In dispute: every claimant counts')
    // A dependent area has a code of its own next to the state's, and nobody disputes it.
    expect(texts(picture([['a', 18.2, -66.4, 60]], { names, landmarks: [] }))).toContain('Puerto Rico')
    // Baikonur: both codes have land to themselves elsewhere.
    expect(texts(picture([['a', 46, 63.3, 60]], { names })).filter((text) => /^(Russia|KZ\/RU)$/.test(text))).toEqual([
      'KZ/RU',
      'KZ/RU',
    ])
  })

  it('may be drawn by the caller, and reach round the back of the globe', () => {
    const huge: TerritoryMap = capTerritory({
      code: 'huge',
      latitudeDeg: -40,
      longitudeDeg: 0,
      radiusMeters: 5_000_000,
    })
    const scene = picture([['a', -42, 3, 400]], {
      maps: [huge],
      predicates: [{ kind: 'inside', codes: ['huge'], sea: 'counted' }],
    })
    const all = draw(scene)
    expect(colour(all, 0)).toEqual([true, false, false])
  })
})

describe('the region', () => {
  const position = fc.tuple(
    fc.double({ min: -90, max: 90, noNaN: true }),
    fc.double({ min: -180, max: 180, noNaN: true }),
  )
  const disc = fc.tuple(position, fc.integer({ min: 200, max: 12_000 }))

  it('covers on the map what it contains on the globe', () => {
    let compared = 0
    fc.assert(
      fc.property(
        fc.array(disc, { minLength: 1, maxLength: 4 }),
        fc.array(position, { minLength: 12, maxLength: 12 }),
        (some, probes) => {
          const spots = some.map(
            ([[latitude, longitude], radius], index): Spot => [`${index}`, latitude, longitude, radius],
          )
          const plain = picture(spots, { maps: [], faultTolerance: some.length > 2 ? 1 : 0 })
          if (plain.region.kind !== 'bounded') return
          const near = probesNear(plain.region, probes)
          const landmarks = near.map((point) => ({ name: '', ...toDegrees(point) }))
          const all = draw({ ...plain, landmarks })
          const maps = all.filter(({ attributes }) => attributes.has('clip-path')).map((map) => [...elements(map)])
          const shown = marks(all)
          if (shown.length !== landmarks.length) return
          for (const [index, [x, y]] of shown.entries()) {
            // Two maps are hemispheres, the second to the right of the middle.
            const map = maps[maps.length === 2 && x > 412 ? 1 : 0] ?? []
            const around = [-2, 0, 2].flatMap((dx) => [-2, 0, 2].map((dy) => filled(map, blue, x + dx, y + dy)))
            // Within two pixels of the edge the picture may round either way.
            if (new Set(around).size > 1) continue
            expect(around[0]).toBe(plain.region.contains(near[index] ?? [0, 0, 1]))
            compared++
          }
        },
      ),
      { numRuns: 80, seed: 5, endOnFailure: true },
    )
    expect(compared).toBeGreaterThan(300)
  })

  /** Points in and around the region's enclosing cap, so that they come to lie on the map. */
  function probesNear(region: Region, probes: readonly (readonly [number, number])[]): readonly Vector3[] {
    if (region.kind !== 'bounded') return []
    const { center, radiusRad } = region.enclosingCap
    return probes.map(([latitude, longitude]) => {
      const probe = fromDegrees(latitude, longitude)
      const pull = Math.min(1, radiusRad)
      const along = (axis: 0 | 1 | 2): number => center[axis] + probe[axis] * pull * 0.9
      const sum: Vector3 = [along(0), along(1), along(2)]
      const length = Math.hypot(...sum)
      return length < 1e-9 ? center : [sum[0] / length, sum[1] / length, sum[2] / length]
    })
  }

  it('is marked when too small to see', () => {
    const all = draw(picture([['a', 52.09, 5.3, 0.2]]))
    expect(all.some(({ name, attributes }) => name === 'circle' && attributes.get('stroke') === blue)).toBe(true)
  })

  it('names the speed that was assumed', () => {
    const vacuum = draw(picture([['a', 52, 5, 100]], { speed: 'vacuum' }))
    expect(vacuum.some(({ text }) => text.includes('299,792'))).toBe(true)
    expect(
      discRadiusMeters({ rttNs: 2_000_000, speed: 'vacuum', positionUncertaintyMeters: 0, clockErrorPpm: 0 }),
    ).toBeGreaterThan(299_792)
  })
})

describe('names of others', () => {
  const hostile = [
    '</text><script>alert(1)</script>',
    '"><image href="http://example.com/x"/>',
    "a & b 'c'",
    'nul \u0000 bell \u0007 esc \u001b[31m',
    'override \u202e\u2066 joiner \u200d bom \ufeff',
    'half \ud800 pair \udfff',
    ']]>&amp;&#60;',
    'long '.repeat(2000),
  ]

  it.each(hostile)('%j cannot break out of their element', (name) => {
    const spots: readonly Spot[] = [[name, 52, 5, 100]]
    const scene = picture(spots, { title: name, notes: [name], names: new Map([['NL', name]]), idPrefix: name })
    const svg = renderRegionSvg(scene)
    const all = [...elements(readXml(svg))]
    const names = new Set(all.map((element) => element.name))
    expect(
      [...names].every((one) =>
        ['svg', 'title', 'desc', 'defs', 'pattern', 'path', 'rect', 'text', 'clipPath', 'g', 'circle'].includes(one),
      ),
    ).toBe(true)
    expect(svg).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b-\u200f\ufeff]/)
    expect(svg.length).toBeLessThan(100_000)
    expect(svg).toContain('id="region-title"')
  })

  it('show up as they are when harmless', () => {
    const all = draw(picture([['Genève & Zürich <1>', 46.5, 7, 100]], { title: 'Ünïted “test”', idPrefix: 'map-2' }))
    expect(all.filter(({ text }) => text === 'Genève & Zürich <1>').length).toBeGreaterThan(0)
    expect(all.find(({ name }) => name === 'title')?.text).toBe('Ünïted “test”')
    expect(all.find(({ name }) => name === 'title')?.attributes.get('id')).toBe('map-2-title')
  })
})

it('keeps the assumptions however much else there is to say', () => {
  const codes = ['US', 'RU', 'CN', 'BR', 'IN', 'FR', 'DE', 'GB', 'IT', 'ES', 'PT']
  const spots: readonly Spot[] = [['x'.repeat(80), 30, 20, 9000]]
  const scene = picture(spots, {
    predicates: Array.from({ length: 9 }, () => ({ kind: 'outside', codes }) as const),
    notes: ['long '.repeat(100), 'word'.repeat(100), 'third'],
    maps: [world, capTerritory({ code: 'a'.repeat(60), latitudeDeg: 30, longitudeDeg: 20, radiusMeters: 1e6 })],
  })
  const text = draw(scene)
    .filter(({ name }) => name === 'text')
    .map((element) => element.text)
    .join(' ')
  for (const part of [
    'Overlap is not evidence',
    '(f = 0)',
    '199,862',
    data.sha256.slice(0, 12),
    'Geometry only',
    'and 5 more',
  ])
    expect(text).toContain(part)
})

it('stays small and legible with very many discs and landmarks', () => {
  const spots = Array.from(
    { length: 300 },
    (_, index): Spot => [`landmark ${index}`, 45 + (index % 20) * 0.4, index * 0.07, 900 + index],
  )
  const svg = renderRegionSvg(picture(spots))
  expect(svg.length).toBeLessThan(400_000)
  const all = [...elements(readXml(svg))]
  expect(marks(all).length).toBeLessThanOrEqual(60)
  expect(all.some(({ text }) => text.includes('40 drawn'))).toBe(true)
})
