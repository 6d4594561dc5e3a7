// Discs around landmarks to the region of points that violate at most f operators.
import { parseError } from '../../result/error.js'
import { boundaryArea } from './area.js'
import { boundaryArcs } from './boundary.js'
import { findConflicts } from './conflict.js'
import { outwardCaps, withoutRedundant } from './discs.js'
import { enclosingCap } from './enclosing-cap.js'
import { holdsSomewhere, membership } from './membership.js'
import type { Disc, Region } from './region.js'
import { earthRadiusMeters } from './vector.js'

const maxFaultTolerance = 1024

/**
 * The region of points outside the discs of at most `faultTolerance` operators (an operator with several discs counts
 * once, and is violated if any of its discs is). With 0 it is the plain intersection.
 *
 * The true position lies in the region as long as at most `faultTolerance` operators report a disc that does not contain
 * it. All rounding is outward: radii grow by 6 to 10 mm and touching counts as meeting. Adding delay, dropping discs,
 * raising the tolerance or widening an uncertainty never takes a point away.
 *
 * Does NOT check who signed the discs, whether enough operators remain, or that the radii mean anything.
 * Work grows with the square of the number of discs, of which there may be 512.
 * @throws AttestationError `location/too-many-discs`, `location/quantity`
 */
export function intersectDiscs(input: { readonly discs: readonly Disc[]; readonly faultTolerance: number }): Region {
  const { discs, faultTolerance } = input
  if (!Number.isInteger(faultTolerance) || faultTolerance < 0 || faultTolerance > maxFaultTolerance)
    throw parseError('location/quantity', 'faultTolerance', { value: faultTolerance, maximum: maxFaultTolerance })
  const all = outwardCaps(discs)
  const caps = withoutRedundant(all, faultTolerance)
  const contains = membership(caps, faultTolerance)
  const arcs = boundaryArcs(caps, faultTolerance)
  if (arcs.length === 0) {
    if (holdsSomewhere(contains)) return wholeGlobe
    const conflicts = findConflicts(all, faultTolerance)
    return { kind: 'empty', contains: () => false, caps, vertices: [], arcs: [], areaSquareMeters: 0, conflicts }
  }
  const cap = enclosingCap(arcs, caps, contains)
  // The cap bounds the area of regions so small that rounding would show.
  const area = Math.min(
    boundaryArea(arcs, caps, () => holdsSomewhere(contains)),
    4 * Math.PI * Math.sin(cap.radiusRad / 2) ** 2,
  )
  return {
    kind: 'bounded',
    contains,
    caps,
    vertices: arcs.map((arc) => arc.start),
    arcs,
    areaSquareMeters: area * earthRadiusMeters ** 2,
    enclosingCap: cap,
  }
}

const wholeGlobe: Region = {
  kind: 'everywhere',
  contains: () => true,
  caps: [],
  vertices: [],
  arcs: [],
  areaSquareMeters: 4 * Math.PI * earthRadiusMeters ** 2,
  enclosingCap: { center: [0, 0, 1], radiusRad: Math.PI },
}
