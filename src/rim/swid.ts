// Turns the verified content of a manifest into reference values, per SWID (ISO/IEC 19770-2:2015), the TCG RIM
// information model and NVIDIA's records of measurements and opaque data.
import { parseError } from '../result/error.js'
import { requireVerified, type Verified } from '../result/proof.js'
import {
  childElements,
  excerpt,
  isNamed,
  type Located,
  optionalAttribute,
  requiredAttribute,
  requiredName,
  requiredOneOf,
} from './element.js'
import type { ManifestKind, ReferenceValues } from './reference-manifest.js'
import { readResources } from './resource.js'
import type { SignedContent } from './xml-signature.js'

const swidNamespace = 'http://standards.iso.org/iso/19770/-2/2015/schema.xsd'

/**
 * Reads the reference values. Does not know whether they belong to a device: product and version are the appraisal's to
 * compare, and nothing in a VBIOS manifest names the board it is for.
 * @throws AttestationError `manifest/*` of the parse stage
 */
export function readReferenceValues(content: Verified<SignedContent>): ReferenceValues {
  requireVerified(content, 'content')
  const { root } = content
  if (!isNamed(root, swidNamespace, 'SoftwareIdentity'))
    throw parseError('manifest/root', '', { element: root.localName, namespace: excerpt(root.namespace) })
  const tag: Located = { element: root, at: root.localName }
  // A patch or supplemental tag changes another tag, a corpus tag describes an installer: none states values by itself.
  for (const name of ['corpus', 'patch', 'supplemental'])
    if (optionalAttribute(tag, name) !== undefined) requiredOneOf(tag, name, ['false'])
  const { meta, payload } = readChildren(tag)
  const colloquialVersion = requiredAttribute(meta, 'colloquialVersion')
  const edition = requiredAttribute(meta, 'edition')
  // A payload of another type is kept outside the manifest.
  const payloadType = requiredOneOf(meta, 'PayloadType', ['direct'])
  return {
    kind: kindOf(meta, edition, colloquialVersion),
    tagId: requiredName(tag, 'tagId'),
    name: requiredName(tag, 'name'),
    version: requiredName(tag, 'version'),
    tagVersion: requiredName(tag, 'tagVersion'),
    colloquialVersion,
    product: requiredName(meta, 'product'),
    edition,
    payloadType,
    ...readResources(payload, swidNamespace),
  }
}

function readChildren(tag: Located): { readonly meta: Located; readonly payload: Located } {
  const found = new Map<string, Located>()
  for (const child of childElements(tag)) {
    const { localName } = child.element
    const known = localName === 'Meta' || localName === 'Payload' || localName === 'Entity'
    const repeated = localName !== 'Entity' && found.has(localName)
    if (!known || repeated || !isNamed(child.element, swidNamespace, localName))
      throw parseError('manifest/element-unexpected', child.at, { element: localName })
    found.set(localName, child)
  }
  const meta = found.get('Meta')
  if (meta === undefined) throw parseError('manifest/element-missing', `${tag.at}.Meta`, {})
  const payload = found.get('Payload')
  if (payload === undefined) throw parseError('manifest/element-missing', `${tag.at}.Payload`, {})
  return { meta, payload }
}

// Driver and VBIOS manifests of one GPU agree in every field but the version, and the forms of the versions do not
// overlap: 550.90.07 is a driver, 96.00.9F.00.01 (five pairs of hex digits) a VBIOS or switch BIOS.
function kindOf(meta: Located, edition: string, version: string): ManifestKind {
  const firmware = /^[0-9A-Fa-f]{2}(?:\.[0-9A-Fa-f]{2}){4}$/.test(version)
  if (edition === 'SWITCH' && firmware) return 'switch-bios'
  if (edition === 'GPU' && firmware) return 'vbios'
  if (edition === 'GPU' && /^[0-9]{3,}(?:\.[0-9]+){1,3}$/.test(version)) return 'driver'
  throw parseError('manifest/kind', meta.at, { edition: excerpt(edition), version: excerpt(version) })
}
