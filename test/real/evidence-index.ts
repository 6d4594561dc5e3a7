// The index of the real evidence: typed, and each entry's bytes taken out of its container by means of the test alone.
import { hasRealData, readReal, readRealJson, readRealText } from '../real-data.js'

export interface Entry {
  readonly id: string
  readonly kind: 'report' | 'chain'
  readonly file: string
  readonly container: 'sdk-json' | 'hex-report' | 'raw-report' | 'nvml-jsonpickle' | 'pem-chain'
  readonly itemPath: string | null
  readonly chainFile: string | null
  readonly chainItemPath?: string
  readonly arch: 'HOPPER' | 'BLACKWELL' | 'LS10'
  readonly challengeNonceHex: string
  readonly driverVersion: string | null
  readonly vbiosVersion: string | null
  readonly hwmodel: string | null
  readonly ueid: string | null
  readonly signature: 'valid' | 'invalid' | 'not-checked'
  readonly chain: string
  readonly fwid: 'match' | 'mismatch' | 'absent' | 'no-chain'
  readonly mode: 'spt' | 'mpt' | 'ppcie' | 'unstated' | null
  readonly modeSource: 'feature-flag' | 'protected-pcie-status' | null
  readonly expect: 'verified' | 'rejected' | 'parse-only' | 'trailing-bytes'
  readonly expectedParse?: readonly string[]
  readonly declared?: Readonly<Record<string, string>>
  readonly certificates?: readonly string[]
  readonly details: Details
}

export interface Details {
  readonly reportBytes: number
  readonly reportSha256: string
  readonly trailingBytes: number
  readonly measurementBlocks: number
  readonly recordLength: number
  readonly opaqueLength: number
  readonly opaqueFormat: 'tlv' | 'nvdaod' | 'none'
  readonly opaqueTypes: readonly number[]
  readonly opaqueDataVersion?: number
  readonly nvdaodVersion?: string
  readonly nvdec0?: 'aa' | '55'
  readonly protectedPcieStatus?: 'aa' | '55'
  readonly featureFlag?: number
  readonly switchPdis?: readonly string[]
  readonly fwidReport: string | null
  readonly fwidLeaf: string | null
  readonly bromSerial?: string | null
  readonly driverRimId: string | null
  readonly vbiosRimId?: string | null
  readonly biosRimId?: string
  readonly devicePdi?: string
  readonly gpuPdis?: readonly string[]
  readonly switchPositionId?: number
  readonly switchLockStatus?: number
}

// The one cast of untyped JSON: index.json has the shape its README gives.
function readIndex(): readonly Entry[] {
  const index: unknown = readRealJson('evidence/index.json')
  return index as readonly Entry[]
}

export const entries: readonly Entry[] = hasRealData ? readIndex() : []
export const reports: readonly Entry[] = entries.filter(({ kind }) => kind === 'report')

export function entry(id: string): Entry {
  const found = entries.find((candidate) => candidate.id === id)
  if (found === undefined) throw new Error(`no entry ${id}`)
  return found
}

type Json = Readonly<Record<string, unknown>>

function at(json: unknown, path: string): Json {
  let value = json
  for (const step of path.match(/[A-Za-z_]+|\d+/g) ?? []) value = (value as Json)[step]
  return value as Json
}

const fromBase64 = (text: unknown): Uint8Array => new Uint8Array(Buffer.from(String(text), 'base64'))

/** The report alone. */
export function reportBytes({ file, container, itemPath }: Entry): Uint8Array {
  const path = `evidence/${file}`
  switch (container) {
    case 'hex-report':
      return new Uint8Array(Buffer.from(readRealText(path).trim(), 'hex'))
    case 'raw-report':
      return readReal(path)
    case 'sdk-json':
      return fromBase64(at(readRealJson(path), itemPath ?? '')['evidence'])
    case 'nvml-jsonpickle': {
      const item = at(readRealJson(path), itemPath ?? '')
      return fromBase64(at(item['AttestationReport'] ?? item['attestation_report'], '')['py/b64'])
    }
    default:
      throw new Error(`no report in ${container}`)
  }
}

/** The chain as PEM text, undefined if none was published. */
export function chainPem({ file, container, itemPath, chainFile, chainItemPath, chain }: Entry): string | undefined {
  if (chain === 'absent') return undefined
  if (chainFile !== null && chainItemPath === undefined) return readRealText(`evidence/${chainFile}`)
  const json = readRealJson(`evidence/${chainFile ?? file}`)
  if (chainItemPath !== undefined) return dumpedPem(at(json, chainItemPath))
  const item = at(json, itemPath ?? '')
  if (container === 'sdk-json') return Buffer.from(String(item['certificate']), 'base64').toString()
  const chains = item['CertificateChains']
  return dumpedPem(
    chains === undefined ? item['attestation_cert_chain'] : (chains as Json)['GpuAttestationCertificateChain'],
  )
}

function dumpedPem(list: unknown): string {
  return (list as readonly Json[]).map((one) => Buffer.from(String(one['pem']), 'base64').toString()).join('')
}
