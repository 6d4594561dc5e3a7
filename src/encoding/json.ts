// JSON text to values, RFC 8259 with the strictness of RFC 7493: one reading only, or none.

import type { Bytes } from '../bytes/bytes.js'
import { requireSize } from '../bytes/size.js'
import { parseUtf8 } from '../bytes/text.js'
import { parseError } from '../result/error.js'

/** A JSON value as the strict reader returns it. */
export type JsonValue = null | boolean | number | string | JsonArray | JsonObject
/** A JSON array. */
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
const literal = /true|false|null/y
const escapeSequence = /["\\/bfnrt]|u[0-9A-Fa-f]{4}/y
// With the u flag, whole pairs are one character, so that only halves match.
const halfPair = /\p{Surrogate}/u
/** Names in failures are cut: they are input, and may be long. */
const maxNameShown = 64

/**
 * Parses one JSON document. Refuses a byte order mark, a name twice in one object, half a surrogate pair, and numbers
 * that a double cannot hold (integers beyond 2^53 - 1, overflow).
 * @throws AttestationError `bytes/too-large`, `encoding/utf8`, `json/syntax`, `json/duplicate-name`, `json/surrogate`,
 * `json/number`, `json/depth`, `json/values`
 */
export function parseJson(bytes: Bytes, at: string, limits: JsonLimits = jsonLimits): JsonValue {
  requireSize(bytes, limits.maxBytes, at)
  const text = parseUtf8(bytes, at)
  const scanner: Scanner = { text, limits, position: 0, values: 0 }
  const document = readValue(scanner, at, 0)
  if (scanner.position !== text.length) throw syntaxError(scanner, at)
  return document
}

interface Scanner {
  readonly text: string
  readonly limits: JsonLimits
  position: number
  values: number
}

/** Consumes what `pattern` (sticky) matches here. */
function match(scanner: Scanner, pattern: RegExp): string | undefined {
  pattern.lastIndex = scanner.position
  const found = pattern.exec(scanner.text)?.[0]
  scanner.position += found?.length ?? 0
  return found
}

/** Between most tokens there is none: looking is cheaper than matching. */
function skipWhiteSpace(scanner: Scanner): void {
  if (scanner.text.charCodeAt(scanner.position) <= 0x20) match(scanner, whiteSpace)
}

/** Consumes `token` if it is next. */
function consume(scanner: Scanner, token: string): boolean {
  const found = scanner.text.startsWith(token, scanner.position)
  if (found) scanner.position += token.length
  return found
}

/** Same, after white space. */
function punctuation(scanner: Scanner, token: string): boolean {
  skipWhiteSpace(scanner)
  return consume(scanner, token)
}

function syntaxError({ position }: Scanner, at: string): Error {
  return parseError('json/syntax', at, { offset: position })
}

function readValue(scanner: Scanner, at: string, depth: number): JsonValue {
  const { maxValues, maxDepth } = scanner.limits
  if (++scanner.values > maxValues) throw parseError('json/values', at, { limit: maxValues })
  if (depth > maxDepth) throw parseError('json/depth', at, { limit: maxDepth })
  skipWhiteSpace(scanner)
  const value = readBareValue(scanner, at, depth)
  skipWhiteSpace(scanner)
  return value
}

function readBareValue(scanner: Scanner, at: string, depth: number): JsonValue {
  if (consume(scanner, '"')) return readString(scanner, at)
  if (consume(scanner, '{')) return readObject(scanner, at, depth)
  if (consume(scanner, '[')) return readArray(scanner, at, depth)
  const word = match(scanner, literal)
  if (word === undefined) return readNumber(scanner, at)
  return word === 'null' ? null : word === 'true'
}

function readArray(scanner: Scanner, at: string, depth: number): JsonArray {
  const items: JsonValue[] = []
  if (punctuation(scanner, ']')) return items
  do items.push(readValue(scanner, `${at}[${items.length}]`, depth + 1))
  while (consume(scanner, ','))
  if (!consume(scanner, ']')) throw syntaxError(scanner, at)
  return items
}

function readObject(scanner: Scanner, at: string, depth: number): JsonObject {
  const members = new Map<string, JsonValue>()
  if (punctuation(scanner, '}')) return members
  do {
    if (!punctuation(scanner, '"')) throw syntaxError(scanner, at)
    const name = readString(scanner, at)
    if (members.has(name)) throw parseError('json/duplicate-name', at, { name: name.slice(0, maxNameShown) })
    if (!punctuation(scanner, ':')) throw syntaxError(scanner, at)
    members.set(name, readValue(scanner, memberPath(at, name), depth + 1))
  } while (consume(scanner, ','))
  if (!consume(scanner, '}')) throw syntaxError(scanner, at)
  return members
}

/** Reads on from the opening quote. */
function readString(scanner: Scanner, at: string): string {
  let text = match(scanner, plainText) ?? ''
  if (consume(scanner, '"')) return text
  // Joined in batches: one `+=` per escape would take twenty times the memory of the text.
  let parts: string[] = []
  do {
    if (!consume(scanner, '\\')) throw syntaxError(scanner, at)
    parts.push(readEscape(scanner, at), match(scanner, plainText) ?? '')
    if (parts.length < 4096) continue
    text += parts.join('')
    parts = []
  } while (!consume(scanner, '"'))
  text += parts.join('')
  if (halfPair.test(text)) throw parseError('json/surrogate', at, {})
  return text
}

function readEscape(scanner: Scanner, at: string): string {
  const sequence = match(scanner, escapeSequence)
  if (sequence === undefined) throw syntaxError(scanner, at)
  const character: string = JSON.parse(`"\\${sequence}"`)
  return character
}

function readNumber(scanner: Scanner, at: string): number {
  const digits = match(scanner, numberText)
  if (digits === undefined) throw syntaxError(scanner, at)
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

function kindOf(value: JsonValue): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return typeof value
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
