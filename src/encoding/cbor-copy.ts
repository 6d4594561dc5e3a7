// Values on memory of their own, for what is kept of a message the caller may overwrite.
import { copyBytes } from '../bytes/bytes.js'
import { type CborMap, type CborValue, isCborArray, isCborMap, isCborTag } from './cbor.js'

/** Copies every byte string in `map`. Recurses as deep as the value is, which `parseCbor` bounds. */
export function copyCborMap(map: CborMap): CborMap {
  return new Map(Array.from(map, ([key, value]) => [key, copyCbor(value)]))
}

function copyCbor(value: CborValue): CborValue {
  if (value instanceof Uint8Array) return copyBytes(value)
  if (isCborArray(value)) return value.map(copyCbor)
  if (isCborMap(value)) return copyCborMap(value)
  return isCborTag(value) ? { tag: value.tag, value: copyCbor(value.value) } : value
}
