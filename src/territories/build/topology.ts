// World-atlas TopoJSON to lines in degrees and countries as lists of rings (TopoJSON 1.0: transform, delta-coded arcs).

export type LonLat = readonly [longitudeDeg: number, latitudeDeg: number]

export interface Country {
  /** ISO 3166-1 numeric code as text; Natural Earth gives some areas none. */
  readonly id: string | undefined
  readonly name: string
  /** Each ring as indexes of lines; direction is left out, as the even-odd rule has no use for it. */
  readonly rings: readonly (readonly number[])[]
}

export interface Topology {
  readonly lines: readonly (readonly LonLat[])[]
  readonly countries: readonly Country[]
}

interface Source {
  readonly transform: { readonly scale: readonly number[]; readonly translate: readonly number[] }
  readonly arcs: readonly (readonly (readonly number[])[])[]
  readonly objects: {
    readonly countries: {
      readonly geometries: readonly {
        readonly type: string
        readonly id?: string
        readonly properties: { readonly name: string }
        readonly arcs: readonly (readonly (number | readonly number[])[])[]
      }[]
    }
  }
}

/** Reads the text of `countries-10m.json`. The file is a pinned dependency, so its form is taken on trust. */
export function readTopology(json: string): Topology {
  const source: Source = JSON.parse(json)
  const [scaleX = 0, scaleY = 0] = source.transform.scale
  const [originX = 0, originY = 0] = source.transform.translate
  const lines = source.arcs.map((arc) => {
    let x = 0
    let y = 0
    return arc.map(([dx = 0, dy = 0]): LonLat => {
      x += dx
      y += dy
      return [x * scaleX + originX, y * scaleY + originY]
    })
  })
  const countries = source.objects.countries.geometries.map(({ id, properties, type, arcs }): Country => {
    if (type !== 'Polygon' && type !== 'MultiPolygon') throw new TypeError(`geometry of type ${type}`)
    // A Polygon is a list of rings, a MultiPolygon a list of those; a ring is a list of numbers.
    const rings = type === 'Polygon' ? arcs : arcs.flat()
    return { id, name: properties.name, rings: rings.map((ring) => ringLines(ring)) }
  })
  return { lines, countries }
}

function ringLines(ring: number | readonly (number | readonly number[])[]): readonly number[] {
  if (typeof ring === 'number') throw new TypeError('ring is not a list')
  return ring.map((index) => {
    if (typeof index !== 'number') throw new TypeError('line index is not a number')
    // ~index means the line read backwards.
    return index < 0 ? ~index : index
  })
}
