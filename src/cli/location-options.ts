// Options and files of the location commands: territories, places, landmarks, facts about the machine.
import { parseHex } from '../bytes/hex.js'
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue, parseJson } from '../encoding/json.js'
import type { ConfidentialVmFacts } from '../location/evidence.js'
import type { PlannedLandmark } from '../location/planner.js'
import type { Place } from '../location/planner-sites.js'
import { type TerritorySet, territorySet } from '../location/territory.js'
import type { TerritoryMap } from '../location/territory-map.js'
import { data } from '../territories/data/natural-earth.js'
import { decodeMap } from '../territories/decode.js'
import { customTerritory } from '../territories/geojson.js'
import { territoryNames } from '../territories/names.js'
import { readInput, readTextInput } from './options.js'
import { UsageError } from './usage.js'

export interface CommandTerritories {
  readonly maps: readonly TerritoryMap[]
  readonly set: TerritorySet
}

/** The world map, and what the caller drew: each `custom` is CODE=FILE with a GeoJSON file. */
export function readTerritories(custom: readonly string[]): CommandTerritories {
  const drawn = custom.map((option) => {
    const [code = '', ...rest] = option.split('=')
    const file = rest.join('=')
    if (code === '' || file === '') throw new UsageError('--custom-territory must be CODE=FILE')
    return customTerritory({ code, geoJson: readGeoJson(file) })
  })
  const codes = drawn.map((map) => map.name)
  if (new Set(codes).size < codes.length) throw new UsageError('--custom-territory names a code twice')
  const maps = [decodeMap(data, territoryNames.keys()), ...drawn]
  return { maps, set: territorySet(maps) }
}

function readGeoJson(file: string): unknown {
  try {
    return JSON.parse(readTextInput(file))
  } catch (cause) {
    if (cause instanceof UsageError) throw cause
    throw new UsageError(`${file} is not JSON`, { cause })
  }
}

/** Comma-separated codes. */
export function parseCodes(text: string): readonly string[] {
  const codes = text.split(',').map((code) => code.trim())
  if (codes.some((code) => code === '')) throw new UsageError('territories must be codes such as NL or NL,BE')
  return codes
}

/** LATITUDE,LONGITUDE in decimal degrees. */
export function parsePlace(text: string, option: string): Place {
  const match = /^\s*(-?\d+(?:\.\d+)?)\s*,\s*(-?\d+(?:\.\d+)?)\s*$/.exec(text)
  const latitudeDeg = Number(match?.[1])
  const longitudeDeg = Number(match?.[2])
  if (!(Math.abs(latitudeDeg) <= 90 && Math.abs(longitudeDeg) <= 180))
    throw new UsageError(`${option} must be LATITUDE,LONGITUDE in decimal degrees, such as 52.37,4.9`)
  return { latitudeDeg, longitudeDeg }
}

/** What the planner assumes of a landmark whose file does not say. */
const defaults = { positionUncertaintyMeters: 100, clockErrorPpm: 100 } as const

const landmarkFields = ['name', 'operator', 'latitude', 'longitude', 'positionUncertaintyMeters', 'clockErrorPpm']

/** A list of `{name, operator, latitude, longitude, positionUncertaintyMeters?, clockErrorPpm?}`. */
export function readLandmarks(file: string): readonly PlannedLandmark[] {
  const document = parseJson(readInput(file), file)
  const list = isJsonObject(document) ? document.get('landmarks') : document
  if (!isJsonArray(list)) throw new UsageError(`${file} must be a list of landmarks, or an object with one`)
  return list.map((entry, index) => readLandmark(entry, `${file}[${index}]`))
}

function readLandmark(value: JsonValue, at: string): PlannedLandmark {
  const entry = requireObject(value, at)
  for (const name of entry.keys())
    if (!landmarkFields.includes(name)) throw new UsageError(`${at} has an unknown field ${name}`)
  const quantity = (name: keyof typeof defaults): number =>
    entry.has(name) ? requireNumber(entry, name, at) : defaults[name]
  return {
    name: requireText(entry, 'name', at),
    operator: requireText(entry, 'operator', at),
    latitudeDeg: requireNumber(entry, 'latitude', at),
    longitudeDeg: requireNumber(entry, 'longitude', at),
    positionUncertaintyMeters: quantity('positionUncertaintyMeters'),
    clockErrorPpm: quantity('clockErrorPpm'),
  }
}

/** Facts another tool established from the machine's own evidence, before and (perhaps) after the measurements. */
export interface MachineFacts {
  readonly first: ConfidentialVmFacts
  readonly second?: ConfidentialVmFacts
}

/** `{"first": {reportDataHex, agentMeasurement, migratable, bootId}, "second": {...}}` */
export function readMachineFacts(file: string): MachineFacts {
  const document = requireObject(parseJson(readInput(file), file), file)
  const second = document.get('second')
  return {
    first: readFacts(document.get('first'), `${file}: first`),
    ...(second === undefined ? {} : { second: readFacts(second, `${file}: second`) }),
  }
}

function readFacts(value: JsonValue | undefined, at: string): ConfidentialVmFacts {
  const entry = requireObject(value, at)
  const migratable = entry.get('migratable')
  if (typeof migratable !== 'boolean') throw new UsageError(`${at} needs migratable: true or false`)
  return {
    reportData: parseHex(requireText(entry, 'reportDataHex', at), `${at}.reportDataHex`),
    agentMeasurement: requireText(entry, 'agentMeasurement', at),
    migratable,
    bootId: requireText(entry, 'bootId', at),
  }
}

function requireObject(value: JsonValue | undefined, at: string): JsonObject {
  if (!isJsonObject(value)) throw new UsageError(`${at} must be an object`)
  return value
}

function requireText(entry: JsonObject, name: string, at: string): string {
  const value = entry.get(name)
  if (typeof value !== 'string' || value === '') throw new UsageError(`${at} needs the text ${name}`)
  return value
}

function requireNumber(entry: JsonObject, name: string, at: string): number {
  const value = entry.get(name)
  if (typeof value !== 'number') throw new UsageError(`${at} needs the number ${name}`)
  return value
}
