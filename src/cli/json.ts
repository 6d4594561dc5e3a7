// Prints typed values as JSON: bytes as hex, dates as ISO text, maps as objects; nothing is left out silently.
import { encodeHex } from '../bytes/hex.js'

export function toJson(value: unknown): string {
  return JSON.stringify(plain(value, 0), null, 2)
}

// The deepest typed value (a result with its certificate path) stays well below; a cycle would end here.
const maxDepth = 24

function plain(value: unknown, depth: number): unknown {
  if (depth > maxDepth) throw new RangeError('value nested too deeply')
  if (value instanceof Uint8Array) return encodeHex(value)
  if (value instanceof Date) return value.toISOString()
  if (typeof value === 'bigint') return value.toString()
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([name, entry]) => [String(name), plain(entry, depth + 1)]))
  if (value instanceof Set) return [...value].map((entry) => plain(entry, depth + 1))
  if (Array.isArray(value)) return value.map((entry: unknown) => plain(entry, depth + 1))
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, plain(entry, depth + 1)]))
  }
  return value
}
