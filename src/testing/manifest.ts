// Reference values into signed manifests: SWID (ISO/IEC 19770-2) in the TCG RIM profile, as the RIM service serves them.
import { sha256 } from '@noble/hashes/sha2.js'
import { encodeBase64 } from '../bytes/base64.js'
import type { Bytes } from '../bytes/bytes.js'
import { encodeHex } from '../bytes/hex.js'
import { encodeUtf8 } from '../bytes/text.js'
import type { ReferenceValues } from './firmware.js'
import { deriveBytes } from './key.js'
import type { ManifestChain, ManifestChainOverrides, SyntheticManifestPki } from './manifest-pki.js'
import { renderXml, type SyntheticElement, type XmlForm } from './xml.js'
import { encodeXmlSignature, type XmlSignatureOverrides } from './xml-signature.js'

/** One `Resource` of the payload. */
export interface ManifestEntry {
  readonly index: number
  readonly active: boolean
  /** Any of them is as good as another; inactive entries state one of zeros. */
  readonly alternatives: readonly Bytes[]
  readonly name: string
  /** For an opaque data record (index 4096 and above): the least security version accepted. */
  readonly minSvn?: number
  readonly includeInResult?: boolean
  /** Attributes by qualified name, set last; null takes one away. */
  readonly attributes?: Readonly<Record<string, string | null>>
}

type AttributeEdit = Readonly<Record<string, string | null>>

/** What a test may change about a manifest; the signature covers the change unless it says otherwise. */
export interface ManifestOverrides {
  readonly colloquialVersion?: string
  readonly product?: string
  readonly entries?: (entries: readonly ManifestEntry[]) => readonly ManifestEntry[]
  /** Attributes of `Meta`. */
  readonly meta?: AttributeEdit
  /** Attributes of the root element. */
  readonly root?: AttributeEdit
  readonly chain?: ManifestChainOverrides
  readonly signature?: XmlSignatureOverrides
  readonly form?: XmlForm
  /** Applied to the canonical text before it is digested: keep it canonical. The manifest is then served in this form. */
  readonly document?: (text: string) => string
  /** Applied to the finished text, after signing. */
  readonly xml?: (text: string) => string
}

export interface ManifestRequest {
  readonly id: string
  readonly kind: 'driver' | 'vbios' | 'switch'
  readonly product: string
  readonly colloquialVersion: string
  readonly values: ReferenceValues
  /** Number of measurement indices; those without a value become inactive entries. */
  readonly indices: number
}

/** A signed manifest and what it says; `bytes` is what a collateral takes. */
export interface SyntheticManifest {
  readonly id: string
  readonly xml: string
  readonly bytes: Bytes
  readonly entries: readonly ManifestEntry[]
  readonly chain: ManifestChain
}

const swid = 'http://standards.iso.org/iso/19770/-2/2015/schema.xsd'
const sha384Space = 'http://www.w3.org/2001/04/xmlenc#sha384'
const rimSpace = 'https://trustedcomputinggroup.org/resource/tcg-reference-integrity-manifest-rim-information-model/'
const opaqueSpace = 'https://docs.nvidia.com/attestation/specs/latest/opaque-data.html'
const vendor = 'gpu-attestation testing'
const indentation = '\n    '

function edited(
  attributes: readonly (readonly [string, string])[],
  edit: AttributeEdit = {},
): readonly (readonly [string, string])[] {
  const kept = attributes.flatMap(([name, value]) => {
    const replaced = edit[name]
    return replaced === null ? [] : [[name, replaced ?? value] as const]
  })
  const present = new Set(attributes.map(([name]) => name))
  const added = Object.entries(edit).flatMap(([name, value]) =>
    value === null || present.has(name) ? [] : [[name, value] as const],
  )
  return [...kept, ...added]
}

function resource(entry: ManifestEntry): SyntheticElement {
  const active = entry.active ? 'True' : 'False'
  const { minSvn } = entry
  const attributes: readonly (readonly [string, string])[] =
    minSvn === undefined
      ? [
          ['type', 'Measurement'],
          ['index', `${entry.index}`],
          ['active', active],
          ['alternatives', `${entry.alternatives.length}`],
          ...entry.alternatives.map((value, i) => [`ns2:Hash${i}`, encodeHex(value)] as const),
          ['name', entry.name],
          ['size', `${entry.alternatives[0]?.length ?? 48}`],
        ]
      : [
          ['type', 'Measurement'],
          ['index', `${entry.index}`],
          ['active', active],
          ['name', entry.name],
          ['ns3:minSvn', `${minSvn}`],
          ...(entry.includeInResult === undefined
            ? []
            : [['ns3:includeInResult', entry.includeInResult ? 'True' : 'False'] as const]),
        ]
  return { name: 'ns0:Resource', attributes: edited(attributes, entry.attributes) }
}

function soundEntries({ values, indices }: ManifestRequest): readonly ManifestEntry[] {
  return Array.from({ length: indices }, (_, index) => {
    const value = values.get(index)
    return {
      index,
      active: value !== undefined,
      alternatives: [value ?? new Uint8Array(48)],
      name: `Measurement_${index}`,
    }
  })
}

function metaElement(request: ManifestRequest, overrides: ManifestOverrides): SyntheticElement {
  const product = overrides.product ?? request.product
  return {
    name: 'ns0:Meta',
    namespaces: [['ns1', rimSpace]],
    attributes: edited(
      [
        ['colloquialVersion', overrides.colloquialVersion ?? request.colloquialVersion],
        ['edition', request.kind === 'switch' ? 'SWITCH' : 'GPU'],
        ['product', product],
        ['revision', 'r1'],
        ['PayloadType', 'direct'],
        ['ns1:BindingSpec', 'RIMIM'],
        ['ns1:BindingSpecVersion', '1.01'],
        ['ns1:PlatformManufacturerId', '5703'],
        ['ns1:PlatformManufacturerStr', vendor],
        ['ns1:PlatformModel', product],
        ['ns1:FirmwareManufacturer', vendor],
        ['ns1:FirmwareManufacturerId', '5703'],
      ],
      overrides.meta,
    ),
  }
}

function rootElement(
  seed: string,
  request: ManifestRequest,
  entries: readonly ManifestEntry[],
  overrides: ManifestOverrides,
): SyntheticElement {
  const usesRecords = entries.some(({ minSvn }) => minSvn !== undefined)
  const payload: SyntheticElement = {
    name: 'ns0:Payload',
    namespaces: [['SHA384', sha384Space]],
    children: [...entries.flatMap((entry) => [`${indentation}    `, resource(entry)]), indentation],
  }
  return {
    name: 'SoftwareIdentity',
    namespaces: [
      ['', swid],
      ['ns0', swid],
      ['ns2', sha384Space],
      ...(usesRecords ? [['ns3', opaqueSpace] as const] : []),
    ],
    attributes: edited(
      [
        ['corpus', 'false'],
        ['name', overrides.product ?? request.product],
        ['patch', 'false'],
        ['supplemental', 'false'],
        ['tagId', encodeHex(deriveBytes(seed, `tag/${request.id}`, 48))],
        ['version', '1.0'],
        ['tagVersion', '0'],
      ],
      overrides.root,
    ),
    children: [
      indentation,
      {
        name: 'ns0:Entity',
        attributes: [
          ['name', vendor],
          ['role', 'softwareCreator tagCreator'],
        ],
      },
      indentation,
      metaElement(request, overrides),
      indentation,
      payload,
      '\n',
    ],
  }
}

/** Signs a manifest that states `request.values`. */
export function createManifest(
  seed: string,
  pki: SyntheticManifestPki,
  request: ManifestRequest,
  overrides: ManifestOverrides = {},
): SyntheticManifest {
  const sound = soundEntries(request)
  const entries = overrides.entries?.(sound) ?? sound
  const chain = pki.issueChain(request.product, request.kind, overrides.chain)
  const root = rootElement(seed, request, entries, overrides)
  const canonical = renderXml(root, 'canonical')
  const document = overrides.document?.(canonical) ?? canonical
  const form = overrides.document === undefined ? (overrides.form ?? 'published') : 'canonical'
  const signature = encodeXmlSignature(
    {
      document,
      key: chain.signer.key,
      certificates: chain.certificates.map(({ der }) => der),
      scope: root.namespaces ?? [],
      form,
    },
    overrides.signature,
  )
  const unsigned = form === 'canonical' ? document : renderXml(root, form)
  const end = unsigned.lastIndexOf('</')
  const signed = `${unsigned.slice(0, end)}${signature}${unsigned.slice(end)}`
  const xml = overrides.xml?.(signed) ?? signed
  return { id: request.id, xml, bytes: encodeUtf8(xml), entries, chain }
}

/** Answer of the RIM service for one manifest. */
export function manifestServiceJson(manifest: SyntheticManifest): string {
  return `${JSON.stringify({
    id: manifest.id,
    rim: encodeBase64(manifest.bytes),
    sha256: encodeHex(sha256(manifest.bytes)),
    rim_format: 'TCG_RIM',
    last_updated: '2026-01-01T00:00:00Z',
    request_id: '00000000-0000-0000-0000-000000000000',
  })}\n`
}

/** Lets one more value count at `index`. */
export function withAlternative(
  index: number,
  value: Bytes,
): (entries: readonly ManifestEntry[]) => readonly ManifestEntry[] {
  return (entries) =>
    entries.map((entry) =>
      entry.index === index ? { ...entry, active: true, alternatives: [...entry.alternatives, value] } : entry,
    )
}

/** Replaces parts of the entry at `index`. */
export function withEntry(
  index: number,
  change: Partial<ManifestEntry>,
): (entries: readonly ManifestEntry[]) => readonly ManifestEntry[] {
  return (entries) => entries.map((entry) => (entry.index === index ? { ...entry, ...change } : entry))
}

/** Adds a record that demands a least security version of an opaque data field. */
export function withMinimumSvn(
  fieldId: number,
  minSvn: number,
  includeInResult = false,
): (entries: readonly ManifestEntry[]) => readonly ManifestEntry[] {
  return (entries) => [
    ...entries,
    {
      index: 4096 + fieldId,
      active: true,
      alternatives: [],
      name: `OpaqueData_${fieldId}`,
      minSvn,
      includeInResult,
    },
  ]
}
