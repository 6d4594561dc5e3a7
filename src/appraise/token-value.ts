// Claims of tokens as plain JSON values, for results, comparison and policies.
import type { JsonObject } from '../encoding/json.js'

/** A JSON value as plain data. */
export type PlainJson = string | number | boolean | null | readonly PlainJson[] | { readonly [name: string]: PlainJson }

/** Claims by name, as plain JSON values. */
export interface PlainClaims {
  readonly [name: string]: PlainJson
}

/** Undefined for what JSON has no value for. */
export function plainJson(value: unknown): PlainJson | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  if (Array.isArray(value)) return value.map((item: unknown) => plainJson(item) ?? null)
  if (value instanceof Map) return fromEntries([...value])
  return typeof value === 'object' ? fromEntries(Object.entries(value)) : undefined
}

/** The claim of this name; not what every object is born with, such as `constructor`. */
export function own(claims: PlainClaims, name: string): PlainJson | undefined {
  return Object.hasOwn(claims, name) ? claims[name] : undefined
}

export function plainClaims(claims: JsonObject): PlainClaims {
  return fromEntries([...claims])
}

// `fromEntries` defines members, so that `__proto__` is a name like any other.
function fromEntries(entries: readonly (readonly [unknown, unknown])[]): PlainClaims {
  return Object.fromEntries(
    entries.flatMap(([name, value]): [string, PlainJson][] => {
      const plain = plainJson(value)
      return typeof name !== 'string' || plain === undefined ? [] : [[name, plain]]
    }),
  )
}
