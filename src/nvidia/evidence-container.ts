// JSON evidence containers of NVIDIA's and other tools to a list of items; what a container states is kept as stated.

import { parseBase64 } from '../bytes/base64.js'
import type { Bytes } from '../bytes/bytes.js'
import { parseHex } from '../bytes/hex.js'
import { requireSize } from '../bytes/size.js'
import {
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  jsonArray,
  jsonObject,
  jsonString,
  memberPath,
} from '../encoding/json.js'
import { parseError } from '../result/error.js'
import type { NonEmptyArray } from '../result/result.js'
import type { Certificate } from '../x509/certificate.js'
import { boundNonce, maxItemBytes, parseCertificateTexts } from './certificate-list.js'
import { isMessageWrapper, readWrappedItem, wrappedItems } from './message-wrapper.js'

/** What a container says about an item. Nothing proves it; verification compares what can be compared. */
export interface DeclaredFacts {
  readonly arch: string | undefined
  readonly nonce: Bytes | undefined
  readonly uuid: string | undefined
  readonly driverVersion: string | undefined
  readonly vbiosVersion: string | undefined
}

export const nothingDeclared: DeclaredFacts = {
  arch: undefined,
  nonce: undefined,
  uuid: undefined,
  driverVersion: undefined,
  vbiosVersion: undefined,
}

/** One device of a container. */
export interface ContainerItem {
  readonly report: Bytes
  readonly certificates: NonEmptyArray<Certificate>
  readonly declared: DeclaredFacts
  /** `items[3]`, or the label where items have names. */
  readonly at: string
}

/** The bound the vendor's fleet service sets. */
const maxItems = 128
/** Members that hold the items, each naming one container: command line tool, vendor service, Trustee. */
const listNames = ['evidences', 'evidence_list', 'device_evidence_list'] as const
/** Members that hold another container: the fleet agent's message. */
const wrapperNames = ['attestationData', 'sdkResponse'] as const
/** Object dump of the vendor's Python tools. */
const dumpNames = ['gpus', 'nvswitches'] as const

/** A report is 0x11 0xE0 and more: `11e0` in hex, `EeA` in base64, so that one is never taken for the other. */
function parseReportText(text: string, at: string): Bytes {
  requireSize(text, maxItemBytes, at)
  return /^11e0/i.test(text) ? parseHex(text, at) : parseBase64(text, at)
}

/**
 * Finds the items of a container: a bare array, an object with `evidences`, `evidence_list` or `device_evidence_list`,
 * the fleet agent's message, a Python object dump, a conceptual message wrapper, or a single item. Members with other names do not matter.
 * @throws AttestationError `evidence/container`, `evidence/empty`, `evidence/too-many-items`, `json/missing`, `json/type`,
 * `encoding/hex`
 */
export function readContainer(json: JsonValue): readonly ContainerItem[] {
  if (isJsonObject(json) && isMessageWrapper(json)) return bounded(wrappedItems(json)).map(readWrapped(json))
  const { items, outer } = findItems(json, '')
  return bounded(items).map((item, i) => readItem(jsonObject(item, `items[${i}]`), outer, `items[${i}]`))
}

function bounded<T>(items: readonly T[]): readonly T[] {
  if (items.length > maxItems)
    throw parseError('evidence/too-many-items', '', { limit: maxItems, actual: items.length })
  if (items.length === 0) throw parseError('evidence/empty', '', {})
  return items
}

function readWrapped(wrapper: JsonObject): (item: readonly [string, JsonValue]) => ContainerItem {
  return ([label, value]) => {
    const { report, certificates, nonce } = readWrappedItem(label, value, wrapper)
    return { report, certificates, declared: Object.freeze({ ...nothingDeclared, nonce }), at: memberPath('', label) }
  }
}

interface Found {
  readonly items: readonly JsonValue[]
  /** Holds nonce and architecture for all items, where the container states them once. */
  readonly outer: JsonObject
}

function findItems(json: JsonValue, at: string): Found {
  if (isJsonArray(json)) return { items: json, outer: new Map() }
  const container = jsonObject(json, at)
  const present = (names: readonly string[]): readonly string[] => names.filter((name) => container.has(name))
  const found = [...present(listNames), ...present(wrapperNames), ...present(dumpNames).slice(0, 1)]
  if (container.has('evidence')) found.push('evidence')
  const [name] = found
  if (name === undefined || found.length > 1) throw parseError('evidence/container', at, { found })
  if (name === 'evidence') return { items: [container], outer: new Map() }
  if (present(dumpNames).length > 0)
    return { items: dumpNames.flatMap((list) => jsonArray(container.get(list) ?? [], list)), outer: new Map() }
  const value = container.get(name)
  const path = memberPath(at, name)
  // A wrapper holds a wrapper or a list, never itself: the depth of the JSON bounds the recursion.
  return present(wrapperNames).length > 0
    ? findItems(jsonObject(value, path), path)
    : { items: jsonArray(value, path), outer: container }
}

function readItem(item: JsonObject, outer: JsonObject, at: string): ContainerItem {
  const stated = (...names: readonly string[]): string | undefined => {
    const name = names.find((candidate) => item.has(candidate))
    const [holder, found] = name === undefined ? [outer, names[0] ?? ''] : [item, name]
    const value = holder.get(found)
    const text = value === undefined || value === null ? '' : jsonString(value, memberPath(at, found))
    return text === '' ? undefined : text
  }
  const nonce = stated('nonce')
  const declared: DeclaredFacts = {
    arch: stated('arch', 'Arch'),
    nonce: nonce === undefined ? undefined : parseHex(boundNonce(nonce, `${at}.nonce`), `${at}.nonce`),
    uuid: stated('uuid', 'UUID'),
    driverVersion: stated('driver_version', 'driverVersion', 'DriverVersion'),
    vbiosVersion: stated('vbios_version', 'vbiosVersion', 'VbiosVersion'),
  }
  return { ...readParts(item, at), declared: Object.freeze(declared), at }
}

function readParts(item: JsonObject, at: string): Pick<ContainerItem, 'report' | 'certificates'> {
  const [reportAt, chainAt] = [`${at}.evidence`, `${at}.certificate`]
  const dumped = item.get('AttestationReport') ?? item.get('attestation_report')
  if (dumped === undefined)
    return {
      report: parseReportText(jsonString(item.get('evidence'), reportAt), reportAt),
      certificates: parseCertificateTexts([jsonString(item.get('certificate'), chainAt)], chainAt),
    }
  const chains = item.get('CertificateChains')
  const list = isJsonObject(chains) ? chains.get('GpuAttestationCertificateChain') : item.get('attestation_cert_chain')
  const texts = jsonArray(list, chainAt).map((one, i) =>
    jsonString(jsonObject(one, `${chainAt}[${i}]`).get('pem'), `${chainAt}[${i}].pem`),
  )
  return {
    report: parseReportText(jsonString(jsonObject(dumped, reportAt).get('py/b64'), reportAt), reportAt),
    certificates: parseCertificateTexts(texts, chainAt),
  }
}
