// A region to a GeoJSON MultiPolygon: cut at the antimeridian, closed over the poles (RFC 7946 sections 3.1.6 and 3.1.9).
import { outlines, type Position, type Sample } from './outline.js'
import type { Region } from './region.js'

type Ring = readonly Position[]

/** GeoJSON geometry (RFC 7946): longitude and latitude in degrees. */
export interface MultiPolygon {
  readonly type: 'MultiPolygon'
  readonly coordinates: readonly (readonly Ring[])[]
}

/** The map as a rectangle, walked with the map to the left: up the right edge, over the top, down the left edge. */
const wholeMap: Ring = [
  [-180, -90],
  [180, -90],
  [180, 90],
  [-180, 90],
  [-180, -90],
]

/**
 * The region for a map: arcs drawn in steps of at most one degree, outer rings counter-clockwise, holes clockwise. Steps
 * cut corners (by up to 0.004 % of a disc's radius), so decide nothing with it; `contains` and `arcs` are exact.
 */
export function regionToGeoJson(region: Region): MultiPolygon {
  if (region.kind === 'empty') return { type: 'MultiPolygon', coordinates: [] }
  if (region.kind === 'everywhere') return { type: 'MultiPolygon', coordinates: [[wholeMap]] }
  const rings: Ring[] = []
  const strands: Strand[] = []
  for (const loop of outlines(region)) cutLoop(loop, rings, strands)
  if (strands.length > 0) rings.push(...joinStrands(strands))
  else if (region.contains([-1, 0, 0])) rings.push(wholeMap)
  return { type: 'MultiPolygon', coordinates: nestRings(rings.filter((ring) => ring.length >= 4)) }
}

/** A piece of boundary from map edge to map edge, where it meets the antimeridian. */
type Strand = readonly [Position, ...Position[]]

function cutLoop(loop: readonly Sample[], rings: Ring[], strands: Strand[]): void {
  const cuts = loop.flatMap((from, index) => {
    const to = loop[(index + 1) % loop.length]
    return to !== undefined && Math.abs(to.position[0] - from.position[0]) > 180 ? [{ index, from, to }] : []
  })
  if (cuts.length === 0) {
    const ring = loop.map((sample) => sample.position)
    rings.push([...ring, ...ring.slice(0, 1)])
    return
  }
  for (const [i, { index, from, to }] of cuts.entries()) {
    const next = cuts[(i + 1) % cuts.length]
    if (next === undefined) continue
    const length = (next.index - index + loop.length - 1) % loop.length
    const strand: [Position, ...Position[]] = [[Math.sign(to.position[0]) * 180, crossingLatitude(from, to)]]
    for (let step = 1; step <= length + 1; step++) {
      const sample = loop[(index + step) % loop.length]
      if (sample !== undefined) strand.push(sample.position)
    }
    strand.push([Math.sign(next.from.position[0]) * 180, crossingLatitude(next.from, next.to)])
    strands.push(strand)
  }
}

/** Where the straight line between two points on either side meets the plane of the antimeridian. */
function crossingLatitude({ point: a }: Sample, { point: b }: Sample): number {
  const weightA = Math.abs(b[1])
  const weightB = Math.abs(a[1])
  if (weightA + weightB === 0) return (Math.atan2(a[2], Math.abs(a[0])) * 180) / Math.PI
  const x = a[0] * weightA + b[0] * weightB
  const z = a[2] * weightA + b[2] * weightB
  return (Math.atan2(z, Math.abs(x)) * 180) / Math.PI
}

const lap = 362
const corners: readonly (readonly [number, Position])[] = [
  [180, [180, 90]],
  [181, [-180, 90]],
  [361, [-180, -90]],
  [362, [180, -90]],
]

/** Distance along the map's edge, from the bottom right corner upwards; the top and bottom edges count one each. */
function edgeDistance([longitude, latitude]: Position): number {
  return longitude > 0 ? latitude + 90 : 181 + (90 - latitude)
}

/** Each strand runs out to the edge with the region to its left; follow the edge to where the next strand runs in. */
function joinStrands(strands: readonly Strand[]): readonly Ring[] {
  const unused = new Set(strands)
  const rings: Ring[] = []
  for (const first of strands) {
    if (!unused.has(first)) continue
    const ring: Position[] = []
    let strand = first
    do {
      unused.delete(strand)
      ring.push(...strand)
      const from = edgeDistance(strand[strand.length - 1] ?? strand[0])
      const next = nextStrand(from, first, strand, unused)
      const ahead = gap(from, edgeDistance(next[0]))
      for (const [distance, corner] of [...corners, ...corners.map(([d, c]) => [d + lap, c] as const)])
        if (distance > from && distance < from + ahead) ring.push(corner)
      strand = next
    } while (strand !== first)
    ring.push(first[0])
    rings.push(ring)
  }
  return rings
}

function gap(from: number, to: number): number {
  return to >= from ? to - from : to - from + lap
}

function nextStrand(from: number, first: Strand, current: Strand, unused: ReadonlySet<Strand>): Strand {
  let nearest = first
  // A ring may only close on itself once it has left: the strand just walked is the last choice among equals.
  for (const strand of unused)
    if (gap(from, edgeDistance(strand[0])) < gap(from, edgeDistance(nearest[0])) && strand !== current) nearest = strand
  return nearest
}

function nestRings(rings: readonly Ring[]): readonly (readonly Ring[])[] {
  const outer = rings
    .filter((ring) => signedArea(ring) > 0)
    .map((ring) => ({ area: signedArea(ring), polygon: [ring] }))
    .sort((a, b) => a.area - b.area)
  for (const hole of rings) {
    const [corner] = hole
    if (corner === undefined || signedArea(hole) >= 0) continue
    outer.find(({ polygon: [ring] }) => ring !== undefined && encloses(ring, corner))?.polygon.push(hole)
  }
  return outer.map(({ polygon }) => polygon)
}

function signedArea(ring: Ring): number {
  let twice = 0
  for (const [i, [x, y]] of ring.entries()) {
    const [nextX, nextY] = ring[(i + 1) % ring.length] ?? [x, y]
    twice += x * nextY - nextX * y
  }
  return twice / 2
}

function encloses(ring: Ring, [x, y]: Position): boolean {
  let inside = false
  for (const [i, [ax, ay]] of ring.entries()) {
    const [bx, by] = ring[(i + 1) % ring.length] ?? [ax, ay]
    if (ay > y !== by > y && x < ax + ((y - ay) * (bx - ax)) / (by - ay)) inside = !inside
  }
  return inside
}
