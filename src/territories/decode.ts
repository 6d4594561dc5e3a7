// The packed map of the data module to boundary lines and areas; form as src/territories/build/encode.ts writes it.
import { parseBase64 } from '../bytes/base64.js'
import { boundaryLine } from '../location/territory-line.js'
import type { TerritoryArea, TerritoryMap } from '../location/territory-map.js'

/** The data module's shape. */
export interface PackedMap {
  readonly name: string
  readonly sha256: string
  readonly simplificationMeters: number
  readonly sourceErrorMeters: number
  readonly areas: string
  readonly lines: string
}

/** Unpacks our own data, which a test compares with its source byte by byte: nothing here is untrusted. */
export function decodeMap(packed: PackedMap, knownCodes: Iterable<string>): TerritoryMap {
  const bytes = parseBase64(packed.lines, 'lines')
  const next = integers(bytes)
  const vector = vectors()
  // One array for all lines, as thousands of small ones take longer than the rest; a point takes at least two bytes.
  const vectorsOfAll = new Float64Array(3 * Math.ceil(bytes.length / 2))
  let end = 0
  let longitude = 0
  let latitude = 0
  const lines = Array.from({ length: next() }, () => {
    const start = end
    for (let count = next(); count > 0; count--) {
      longitude += unzigzag(next())
      latitude += unzigzag(next())
      vector(vectorsOfAll, end, longitude, latitude)
      end += 3
    }
    return boundaryLine(vectorsOfAll.subarray(start, end))
  })
  const rows = packed.areas.split('\n')
  const areas = Array.from({ length: next() }, (_, index): TerritoryArea => {
    const [codes = '', name] = (rows[index] ?? '').split('|')
    let line = 0
    const own = Array.from({ length: next() }, () => {
      line += unzigzag(next())
      return line
    })
    const kind = name === undefined ? ('land' as const) : ('claim' as const)
    return Object.freeze({ codes: codes.split(' '), kind, lines: own, ...(name === undefined ? {} : { name }) })
  })
  const shown = new Set(areas.flatMap((area) => area.codes))
  return {
    name: packed.name,
    sha256: packed.sha256,
    errorMeters: packed.simplificationMeters + packed.sourceErrorMeters,
    lines,
    areas,
    withoutLand: [...knownCodes].filter((code) => !shown.has(code)),
    dividesLand: true,
  }
}

/** Coordinates are in 1/200 degree. */
const stepsPerDegree = 200

/**
 * Writes the unit vector of a coordinate. Sine and cosine come from those of whole degrees and of the fraction by the
 * addition theorem: exact to rounding, and far cheaper than 350,000 calls.
 */
function vectors(): (points: Float64Array, at: number, longitude: number, latitude: number) => void {
  const radians = Math.PI / 180
  const wholeSine = Float64Array.from({ length: 361 }, (_, index) => Math.sin((index - 180) * radians))
  const wholeCosine = Float64Array.from({ length: 361 }, (_, index) => Math.cos((index - 180) * radians))
  const partSine = Float64Array.from({ length: stepsPerDegree }, (_, i) => Math.sin((i / stepsPerDegree) * radians))
  const partCosine = Float64Array.from({ length: stepsPerDegree }, (_, i) => Math.cos((i / stepsPerDegree) * radians))
  const sine = (whole: number, part: number): number =>
    (wholeSine[whole] ?? 0) * (partCosine[part] ?? 0) + (wholeCosine[whole] ?? 0) * (partSine[part] ?? 0)
  const cosine = (whole: number, part: number): number =>
    (wholeCosine[whole] ?? 0) * (partCosine[part] ?? 0) - (wholeSine[whole] ?? 0) * (partSine[part] ?? 0)
  return (points, at, longitude, latitude) => {
    const x = longitude + 180 * stepsPerDegree
    const y = latitude + 180 * stepsPerDegree
    const xPart = x % stepsPerDegree
    const yPart = y % stepsPerDegree
    const xWhole = (x - xPart) / stepsPerDegree
    const yWhole = (y - yPart) / stepsPerDegree
    const across = cosine(yWhole, yPart)
    points[at] = across * cosine(xWhole, xPart)
    points[at + 1] = across * sine(xWhole, xPart)
    points[at + 2] = sine(yWhole, yPart)
  }
}

function unzigzag(value: number): number {
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2
}

function integers(bytes: Uint8Array): () => number {
  let position = 0
  return () => {
    let value = 0
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[position++] ?? 0
      value += (byte & 127) * scale
      if (byte < 128) return value
    }
  }
}
