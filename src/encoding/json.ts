// JSON text to values, RFC 8259 with the strictness of RFC 7493: one reading only, or none.
import type { Bytes } from '../bytes/bytes.js'
import { parseUtf8 } from '../bytes/text.js'
import { parseError } from '../result/error.js'

export type JsonValue = null | boolean | number | string | JsonArray | JsonObject
export type JsonArray = readonly JsonValue[]
/** A map, so that no member name (`__proto__`, `constructor`) means anything but itself. */
export type JsonObject = ReadonlyMap<string, JsonValue>

/** Bounds on the work one document can cause. */
export interface JsonLimits {
  readonly maxBytes: number
  /** Nesting of arrays and objects. */
  readonly maxDepth: number
  /** Values of all kinds, which bounds the memory a small document can unfold to. */
  readonly maxValues: number
}

/** Room for the largest document the library reads: evidence of 128 devices, about 14 KB each. */
export const jsonLimits: JsonLimits = { maxBytes: 16 * 1024 * 1024, maxDepth: 32, maxValues: 200_000 }

// All a string holds unescaped: no control character, quote or backslash. A negated class would do, a nested one not:
// it exhausts the stack on long strings.
const plainText = /[ !#-[\]-\uffff]*/y
const numberText = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y
const whiteSpace = /[ \t\n\r]*/y
const escapeSequence = /["\\/bfnrt]|u[0-9A-Fa-f]{4}/y
// With the u flag, whole pairs are one character, so that only halves match.
const halfPair = /\p{Surrogate}/u
/** Names in failures are cut: they are input, and may be long. */
const maxNameShown = 64

const escapes: ReadonlyMap<string, string> = /* @__PURE__ */ new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
])

const literals: readonly (readonly [string, JsonValue])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
]

/**
 * Parses one JSON document. Refuses a byte order mark, a name twice in one object, half a surrogate pair, and numbers
 * that a double cannot hold (integers beyond 2^53 - 1, overflow).
 * @throws AttestationError `bytes/too-large`, `encoding/utf8`, `json/syntax`, `json/duplicate-name`, `json/surrogate`,
 * `json/number`, `json/depth`, `json/values`
 */
export function parseJson(bytes: Bytes, at: string, limits: JsonLimits = jsonLimits): JsonValue {
  if (bytes.length > limits.maxBytes)
    throw parseError('bytes/too-large', at, { limit: limits.maxBytes, actual: bytes.length })
  const text = parseUtf8(bytes, at)
  const scanner = createScanner(text, limits)
  const document = readValue(scanner, at, 0)
  if (scanner.position() !== text.length) throw scanner.syntax(at)
  return document
}

interface Scanner {
  readonly position: () => number
  /** Consumes what `pattern` (sticky) matches here. */
  readonly match: (pattern: RegExp) => string | undefined
  /** Consumes `token` if it is next. */
  readonly consume: (token: string) => boolean
  /** Same, with the white space around it. */
  readonly punctuation: (token: string) => boolean
  readonly syntax: (at: string) => Error
  /** Counts a value against the limits. */
  readonly count: (at: string, depth: number) => void
}

function createScanner(text: string, limits: JsonLimits): Scanner {
  let position = 0
  let values = 0
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = position
    const found = pattern.exec(text)?.[0]
    position += found?.length ?? 0
    return found
  }
  const consume = (token: string): boolean => {
    const found = text.startsWith(token, position)
    if (found) position += token.length
    return found
  }
  return {
    position: () => position,
    match,
    consume,
    punctuation: (token) => {
      match(whiteSpace)
      const found = consume(token)
      if (found) match(whiteSpace)
      return found
    },
    syntax: (at) => parseError('json/syntax', at, { offset: position }),
    count: (at, depth) => {
      values++
      if (values > limits.maxValues) throw parseError('json/values', at, { limit: limits.maxValues })
      if (depth > limits.maxDepth) throw parseError('json/depth', at, { limit: limits.maxDepth })
    },
  }
}

function readValue(scanner: Scanner, at: string, depth: number): JsonValue {
  scanner.count(at, depth)
  scanner.match(whiteSpace)
  const value = readBareValue(scanner, at, depth)
  scanner.match(whiteSpace)
  return value
}

function readBareValue(scanner: Scanner, at: string, depth: number): JsonValue {
  if (scanner.consume('"')) return readString(scanner, at)
  if (scanner.consume('{')) return readObject(scanner, at, depth)
  if (scanner.consume('[')) return readArray(scanner, at, depth)
  for (const [token, literal] of literals) if (scanner.consume(token)) return literal
  return readNumber(scanner, at)
}

function readArray(scanner: Scanner, at: string, depth: number): JsonArray {
  const items: JsonValue[] = []
  if (scanner.punctuation(']')) return items
  do items.push(readValue(scanner, `${at}[${items.length}]`, depth + 1))
  while (scanner.consume(','))
  if (!scanner.consume(']')) throw scanner.syntax(at)
  return items
}

function readObject(scanner: Scanner, at: string, depth: number): JsonObject {
  const members = new Map<string, JsonValue>()
  if (scanner.punctuation('}')) return members
  do {
    scanner.match(whiteSpace)
    if (!scanner.consume('"')) throw scanner.syntax(at)
    const name = readString(scanner, at)
    if (members.has(name)) throw parseError('json/duplicate-name', at, { name: name.slice(0, maxNameShown) })
    if (!scanner.punctuation(':')) throw scanner.syntax(at)
    members.set(name, readValue(scanner, memberPath(at, name), depth + 1))
  } while (scanner.consume(','))
  if (!scanner.consume('}')) throw scanner.syntax(at)
  return members
}

/** Reads on from the opening quote. */
function readString(scanner: Scanner, at: string): string {
  let text = scanner.match(plainText) ?? ''
  if (scanner.consume('"')) return text
  // Joined in batches: one `+=` per escape would take twenty times the memory of the text.
  let parts: string[] = []
  do {
    if (!scanner.consume('\\')) throw scanner.syntax(at)
    parts.push(readEscape(scanner, at), scanner.match(plainText) ?? '')
    if (parts.length < 4096) continue
    text += parts.join('')
    parts = []
  } while (!scanner.consume('"'))
  text += parts.join('')
  if (halfPair.test(text)) throw parseError('json/surrogate', at, {})
  return text
}

function readEscape(scanner: Scanner, at: string): string {
  const sequence = scanner.match(escapeSequence)
  if (sequence === undefined) throw scanner.syntax(at)
  return escapes.get(sequence) ?? String.fromCharCode(Number.parseInt(sequence.slice(1), 16))
}

function readNumber(scanner: Scanner, at: string): number {
  const digits = scanner.match(numberText)
  if (digits === undefined) throw scanner.syntax(at)
  const value = Number(digits)
  const exact = /[.eE]/.test(digits) ? Number.isFinite(value) : Number.isSafeInteger(value)
  if (!exact) throw parseError('json/number', at, { text: digits.slice(0, maxNameShown) })
  return value
}

/** Path of a member, for the `at` of failures. */
export function memberPath(at: string, name: string): string {
  const shown = name.length > maxNameShown ? `${name.slice(0, maxNameShown)}...` : name
  return at === '' ? shown : `${at}.${shown}`
}

function kindOf(value: JsonValue | undefined): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return typeof value === 'object' ? 'object' : typeof value
}

function wrongType(value: JsonValue | undefined, expected: string, at: string): Error {
  return value === undefined
    ? parseError('json/missing', at, { expected })
    : parseError('json/type', at, { expected, actual: kindOf(value) })
}

/** Narrowing that says what is missing or wrong. @throws AttestationError `json/missing`, `json/type` */
export function jsonObject(value: JsonValue | undefined, at: string): JsonObject {
  if (value instanceof Map) return value
  throw wrongType(value, 'object', at)
}

/** @throws AttestationError `json/missing`, `json/type` */
export function jsonArray(value: JsonValue | undefined, at: string): JsonArray {
  if (isJsonArray(value)) return value
  throw wrongType(value, 'array', at)
}

/** @throws AttestationError `json/missing`, `json/type` */
export function jsonString(value: JsonValue | undefined, at: string): string {
  if (typeof value === 'string') return value
  throw wrongType(value, 'string', at)
}

/** @throws AttestationError `json/missing`, `json/type` */
export function jsonInteger(value: JsonValue | undefined, at: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value
  throw wrongType(value, 'integer', at)
}

export function isJsonArray(value: JsonValue | undefined): value is JsonArray {
  return Array.isArray(value)
}

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return value instanceof Map
}
