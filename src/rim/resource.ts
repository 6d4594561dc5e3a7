// Turns the records of a SWID payload into reference measurements and minimum security version numbers.
import type { Bytes } from '../bytes/bytes.js'
import { parseHex } from '../bytes/hex.js'
import { parseError } from '../result/error.js'
import type { NonEmptyArray } from '../result/result.js'
import {
  childElements,
  excerpt,
  isNamed,
  type Located,
  onlyAttributes,
  optionalAttribute,
  requiredName,
  requiredNumber,
  requiredOneOf,
} from './element.js'
import type { ReferenceMeasurement, ReferenceSvn, ReferenceValues } from './reference-manifest.js'

const hashNamespace = 'http://www.w3.org/2001/04/xmlenc#sha384'
const opaqueDataNamespace = 'https://docs.nvidia.com/attestation/specs/latest/opaque-data.html'
/** Records 0 to 63 describe measurement blocks. */
const measurementIndices = 64
/** Record 4096 + n describes field n of the opaque data; field types have 16 bits. */
const opaqueDataBase = 4096
const hashBytes = 48

type Records = Pick<ReferenceValues, 'measurements' | 'svnRecords'>

/** Reads every record, active or not, and keeps the active ones. */
export function readResources(payload: Located, namespace: string): Records {
  onlyAttributes(payload, () => false)
  const indices = new Set<number>()
  const names = new Set<string>()
  const measurements: ReferenceMeasurement[] = []
  const svnRecords: ReferenceSvn[] = []
  for (const resource of childElements(payload)) {
    if (!isNamed(resource.element, namespace, 'Resource'))
      throw parseError('manifest/element-unexpected', resource.at, { element: resource.element.localName })
    const [child] = childElements(resource)
    if (child !== undefined)
      throw parseError('manifest/element-unexpected', child.at, { element: child.element.localName })
    const index = requiredNumber(resource, 'index', opaqueDataBase + 0xffff)
    if (index >= measurementIndices && index < opaqueDataBase)
      throw parseError('manifest/index-range', `${resource.at}.index`, { index })
    // Inactive records count too: a second record under an index leaves it undecided which one is meant.
    if (indices.has(index)) throw parseError('manifest/index-duplicate', `${resource.at}.index`, { index })
    indices.add(index)
    const active = requiredOneOf(resource, 'active', ['True', 'False']) === 'True'
    if (index < measurementIndices) {
      const measurement = readMeasurement(resource, index)
      if (active) measurements.push(measurement)
    } else {
      const record = readSvn(resource, index - opaqueDataBase)
      if (names.has(record.name))
        throw parseError('manifest/record-name-duplicate', `${resource.at}.name`, { name: excerpt(record.name) })
      names.add(record.name)
      if (active) svnRecords.push(record)
    }
  }
  if (measurements.length === 0) throw parseError('manifest/no-active-measurement', payload.at, {})
  measurements.sort((a, b) => a.index - b.index)
  svnRecords.sort((a, b) => a.fieldId - b.fieldId)
  return { measurements: Object.freeze(measurements), svnRecords: Object.freeze(svnRecords) }
}

function readMeasurement(resource: Located, index: number): ReferenceMeasurement {
  const { attributes } = resource.element
  onlyAttributes(resource, (name, namespace) =>
    namespace === ''
      ? /^(?:type|index|active|alternatives|name|size)$/.test(name)
      : namespace === hashNamespace && /^Hash(?:0|[1-9][0-9]*)$/.test(name),
  )
  requiredOneOf(resource, 'type', ['Measurement'])
  const announced = requiredNumber(resource, 'alternatives', attributes.length)
  const found = attributes.filter((attribute) => attribute.namespace === hashNamespace).length
  if (announced !== found || found === 0)
    throw parseError('manifest/alternatives', `${resource.at}.alternatives`, { announced, found })
  requiredOneOf(resource, 'size', [String(hashBytes)])
  const [first, ...others] = Array.from({ length: found }, (_, position) => readHash(resource, position))
  if (first === undefined)
    throw parseError('manifest/alternatives', `${resource.at}.alternatives`, { announced, found })
  const alternatives: NonEmptyArray<Bytes> = [first, ...others]
  const name = requiredName(resource, 'name')
  return Object.freeze({ index, name, sizeBytes: hashBytes, alternatives: Object.freeze(alternatives) })
}

function readHash(resource: Located, position: number): Bytes {
  const name = `Hash${position}`
  const at = `${resource.at}.${name}`
  const value = optionalAttribute(resource, name, hashNamespace)
  if (value === undefined) throw parseError('manifest/attribute-missing', at, {})
  if (!/^[0-9a-f]{96}$/.test(value))
    throw parseError('manifest/attribute-value', at, { expected: '96 lowercase hex digits', found: excerpt(value) })
  return parseHex(value, at)
}

function readSvn(resource: Located, fieldId: number): ReferenceSvn {
  // A further attribute of the opaque data namespace would be a condition this reader does not know, and a hash has no
  // meaning here.
  onlyAttributes(resource, (name, namespace) =>
    namespace === ''
      ? /^(?:type|index|active|alternatives|name|size)$/.test(name)
      : namespace === opaqueDataNamespace && (name === 'minSvn' || name === 'includeInResult'),
  )
  const minSvn = requiredNumber(resource, 'minSvn', 0xffff, opaqueDataNamespace)
  const stated = optionalAttribute(resource, 'includeInResult', opaqueDataNamespace) !== undefined
  return Object.freeze({
    fieldId,
    name: requiredName(resource, 'name'),
    minSvn,
    includeInResult:
      stated && requiredOneOf(resource, 'includeInResult', ['True', 'False'], opaqueDataNamespace) === 'True',
  })
}
