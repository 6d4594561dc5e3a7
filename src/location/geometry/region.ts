// The region a device can be in: what is left of the globe after every landmark has spoken (types only).
import type { Cap } from './cap.js'
import type { Vector3 } from './vector.js'

/** "The device is at most this far from here", as one landmark's round trip says. */
export interface Disc {
  readonly center: Vector3
  /** Radius on the sphere, with every slack already in it: see `discRadiusMeters`. */
  readonly radiusMeters: number
  /** Who vouches for the disc. Faults are counted per operator, never per landmark or per key. */
  readonly group: string
}

/** A disc as the region uses it: rounded outward, with its place in the input. */
export interface RegionCap extends Cap {
  readonly group: string
  /** Index into the discs given. */
  readonly disc: number
}

/**
 * A piece of the boundary: from `start` counter-clockwise (seen from outside) about the centre of `caps[cap]`, by
 * `sweepRad` in (0, 2 pi], to `end`. The region lies to the left. A whole circle has `start` equal to `end`.
 */
export interface Arc {
  /** Index into {@link RegionBase.caps}. */
  readonly cap: number
  readonly start: Vector3
  readonly end: Vector3
  readonly sweepRad: number
  /** Which closed loop the arc is part of; the arcs of a loop stand together and in order. */
  readonly loop: number
}

interface RegionBase {
  /** True for every point of the region; points up to 2 cm outside may count as inside, never the reverse. */
  contains(point: Vector3): boolean
  /** The caps whose circles make up the boundary, or could after a further cut. */
  readonly caps: readonly RegionCap[]
  /** Every corner of the boundary, and at least one point of every boundary loop (a corner-free loop is one circle). */
  readonly vertices: readonly Vector3[]
  /** The boundary, loop after loop. */
  readonly arcs: readonly Arc[]
  readonly areaSquareMeters: number
}

/** Discs that cannot all be right, however the device is placed. */
export interface DiscConflict {
  /** Indexes into the discs given. */
  readonly discs: readonly number[]
  /** For a pair of discs that do not meet: the distance between them. */
  readonly gapMeters?: number
}

/** No place fits: somebody misreports, or the session key answers from several places. Proves nothing about a country. */
export interface EmptyRegion extends RegionBase {
  readonly kind: 'empty'
  readonly conflicts: readonly DiscConflict[]
}

/** A proper part of the globe; may have holes and several components. */
export interface BoundedRegion extends RegionBase {
  readonly kind: 'bounded'
  /** A cap that contains the whole region and is close to the smallest such cap. */
  readonly enclosingCap: Cap
}

/** Nothing is ruled out. */
export interface WholeGlobe extends RegionBase {
  readonly kind: 'everywhere'
  readonly enclosingCap: Cap
}

/** Narrow by `kind` first: an empty region is contained in every country and must never be taken as proof of one. */
export type Region = EmptyRegion | BoundedRegion | WholeGlobe
