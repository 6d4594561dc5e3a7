// Pieces of SVG 1.1 text: escaped strings, short numbers, paths.

/** A point of the picture, in pixels. */
export type Pixel = readonly [number, number]

const maxTextLength = 60

const entities: { readonly [char: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/**
 * Text for element content or an attribute. Names come from tokens of others: markup is escaped; control characters (some
 * are forbidden in XML), directional overrides and halves of surrogate pairs become a replacement mark; the length is cut.
 */
export function escapeText(text: string, maxLength: number = maxTextLength): string {
  const chars = [...text]
  const kept = chars.length > maxLength ? [...chars.slice(0, maxLength - 1), '…'] : chars
  return kept.map((char) => entities[char] ?? (isPlain(char.codePointAt(0) ?? 0) ? char : '\ufffd')).join('')
}

function isPlain(code: number): boolean {
  if (code < 0x20 || (code >= 0x7f && code < 0xa0) || (code >= 0xd800 && code < 0xe000)) return false
  if ((code >= 0x200b && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e)) return false
  return !(code >= 0x2060 && code <= 0x206f) && code !== 0xfeff && code !== 0xfffe && code !== 0xffff
}

/** One decimal, as a tenth of a pixel is nothing to see. */
export function round(value: number): string {
  const rounded = Math.round(value * 10) / 10
  // -0 prints as 0 already; a path with NaN would vanish silently.
  if (!Number.isFinite(rounded)) throw new TypeError('a coordinate of the picture is not finite')
  return String(rounded)
}

/** Path data of polylines; `closed` for fills. */
export function pathData(lines: readonly (readonly Pixel[])[], closed: boolean): string {
  let data = ''
  for (const line of lines) {
    const text = lineData(line)
    if (text !== '') data += closed ? `${text}z` : text
  }
  return data
}

function lineData(line: readonly Pixel[]): string {
  const points: string[] = []
  for (const [x, y] of line) {
    const next = `${round(x)} ${round(y)}`
    if (next !== points[points.length - 1]) points.push(next)
  }
  return points.length < 2 ? '' : `M${points.join('L')}`
}

/** Leaves out points whose absence moves the line by at most `tolerance` pixels (Douglas and Peucker); the ends stay. */
export function simplify(line: readonly Pixel[], tolerance: number): readonly Pixel[] {
  const keep = new Uint8Array(line.length)
  const stack: (readonly [number, number])[] = [[0, line.length - 1]]
  for (let range = stack.pop(); range !== undefined; range = stack.pop()) {
    const [from, to] = range
    keep[from] = 1
    keep[to] = 1
    const far = farthest(line, from, to)
    if (far === undefined || far.distance <= tolerance) continue
    stack.push([from, far.index], [far.index, to])
  }
  return line.filter((_, index) => keep[index] === 1)
}

function farthest(
  line: readonly Pixel[],
  from: number,
  to: number,
): { readonly index: number; readonly distance: number } | undefined {
  const a = line[from]
  const b = line[to]
  if (a === undefined || b === undefined || to - from < 2) return undefined
  let index = from
  let distance = -1
  for (let i = from + 1; i < to; i++) {
    const point = line[i]
    if (point === undefined) continue
    const away = segmentDistance(point, a, b)
    if (away > distance) {
      index = i
      distance = away
    }
  }
  return { index, distance }
}

export function segmentDistance([x, y]: Pixel, [ax, ay]: Pixel, [bx, by]: Pixel): number {
  const dx = bx - ax
  const dy = by - ay
  const length = dx * dx + dy * dy
  const share = length === 0 ? 0 : Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / length))
  return Math.hypot(x - ax - share * dx, y - ay - share * dy)
}
