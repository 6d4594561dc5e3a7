// Lines and areas to the compact form of the data module: varints of 7 bits, low group first; signed ones zigzag.
import type { GridPoint } from './simplify.js'

export interface EncodedArea {
  readonly codes: readonly string[]
  /** Absent for the division of the land; the name of the area laid over it otherwise. */
  readonly name?: string
  readonly lines: readonly number[]
}

/**
 * Number of lines; per line the number of points, then each point as difference from the one before (across lines too)
 * in longitude and latitude; number of areas; per area the number of its lines, then their indexes as differences.
 */
export function encodeLines(lines: readonly (readonly GridPoint[])[], areas: readonly EncodedArea[]): Uint8Array {
  const bytes: number[] = []
  const unsigned = (value: number): void => {
    let rest = value
    for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128)
    bytes.push(rest)
  }
  const signed = (value: number): void => unsigned(value < 0 ? -2 * value - 1 : 2 * value)
  unsigned(lines.length)
  let previous: GridPoint = [0, 0]
  for (const line of lines) {
    unsigned(line.length)
    for (const point of line) {
      signed(point[0] - previous[0])
      signed(point[1] - previous[1])
      previous = point
    }
  }
  unsigned(areas.length)
  for (const area of areas) {
    unsigned(area.lines.length)
    let last = 0
    for (const index of area.lines) {
      signed(index - last)
      last = index
    }
  }
  return Uint8Array.from(bytes)
}

/** One area per row: its codes, and for an area laid over the land its name after a bar. */
export function encodeAreas(areas: readonly EncodedArea[]): string {
  return areas
    .map(({ codes, name }) => (name === undefined ? codes.join(' ') : `${codes.join(' ')}|${name}`))
    .join('\n')
}
