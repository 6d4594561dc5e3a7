// The source map, decoded by topojson-client and searched in the longitude/latitude plane: an oracle that shares nothing
// with the library's spherical code.
import { feature } from 'topojson-client'
import { readSource } from './build.js'

export type LonLat = readonly [number, number]

export interface OriginalCountry {
  readonly id: string | undefined
  readonly name: string
  /** Rings with longitudes unwrapped, so that they may leave [-180, 180]; a ring around the pole is closed over it. */
  readonly rings: readonly (readonly LonLat[])[]
}

export function originalCountries(): readonly OriginalCountry[] {
  const topology = JSON.parse(readSource())
  const { features } = feature(topology, topology.objects.countries)
  return features.map(({ id, properties, geometry }) => ({
    id,
    name: properties.name,
    rings: (geometry.type === 'Polygon' ? geometry.coordinates : geometry.coordinates.flat()).map(unwrap),
  }))
}

function unwrap(ring: readonly LonLat[]): readonly LonLat[] {
  const out: LonLat[] = []
  let turns = 0
  let previous: number | undefined
  for (const [longitude, latitude] of ring) {
    if (previous !== undefined && longitude - previous > 180) turns--
    if (previous !== undefined && longitude - previous < -180) turns++
    previous = longitude
    out.push([longitude + 360 * turns, latitude])
  }
  const [first, last] = [out[0], out[out.length - 1]]
  if (first !== undefined && last !== undefined && Math.abs(first[0] - last[0]) > 1)
    out.push([last[0], -90], [first[0], -90], first)
  return out
}

export function inOriginal(country: OriginalCountry, [x, y]: LonLat): boolean {
  let inside = false
  for (const ring of country.rings)
    for (const shifted of [x - 720, x - 360, x, x + 360, x + 720]) if (oddInPlane(ring, shifted, y)) inside = !inside
  return inside
}

function oddInPlane(ring: readonly LonLat[], x: number, y: number): boolean {
  let odd = false
  for (let i = 1; i < ring.length; i++) {
    const [ax, ay] = ring[i - 1] ?? [0, 0]
    const [bx, by] = ring[i] ?? [0, 0]
    if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) odd = !odd
  }
  return odd
}

/** Reproducible numbers in [0, 1). */
export function lcg(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}
