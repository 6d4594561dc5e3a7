// Reads NameConstraints and decides whether a certificate's names stay within them (RFC 5280 section 4.2.1.10).
import { type Bytes, equalBytes } from '../bytes/bytes.js'
import { contextTag, type DerCursor, derTag, endDer, enterDer, peekTag } from '../encoding/der.js'
import { parseError } from '../result/error.js'
import { type GeneralName, type GeneralNameKind, readGeneralName, readList } from './general-name.js'
import { type DistinguishedName, nameOid, relativeNames } from './name.js'

export interface NameConstraints {
  readonly permitted: readonly GeneralName[]
  readonly excluded: readonly GeneralName[]
}

/**
 * Reads NameConstraints.
 * @throws AttestationError `der/empty-list`, `certificate/name-constraint-distance` and the codes of {@link readGeneralName}
 */
export function readNameConstraints(cursor: DerCursor): NameConstraints {
  const sequence = enterDer(cursor, derTag.sequence, '')
  if (peekTag(sequence) === undefined) throw parseError('der/empty-list', sequence.path, {})
  const permitted = readSubtrees(sequence, contextTag(0, 'constructed'), 'permittedSubtrees')
  const excluded = readSubtrees(sequence, contextTag(1, 'constructed'), 'excludedSubtrees')
  endDer(sequence)
  return { permitted, excluded }
}

function readSubtrees(sequence: DerCursor, tag: number, field: string): readonly GeneralName[] {
  return peekTag(sequence) === tag ? readList(enterDer(sequence, tag, field), readSubtree) : []
}

function readSubtree(list: DerCursor, field: string): GeneralName {
  const subtree = enterDer(list, derTag.sequence, field)
  const base = readGeneralName(subtree, 'base')
  // RFC 5280: minimum is zero, which DER leaves out, and maximum is absent.
  if (peekTag(subtree) !== undefined) throw parseError('certificate/name-constraint-distance', subtree.path, {})
  return base
}

export type NameFault =
  | { readonly reason: 'not-permitted' | 'excluded'; readonly kind: GeneralNameKind }
  /** A constrained form that is not compared here: neither met nor broken, hence refused. */
  | { readonly reason: 'unsupported'; readonly kind: GeneralNameKind }
  /** More comparisons than a genuine path needs: nothing is known. */
  | { readonly reason: 'too-many'; readonly limit: number }

/** Names times subtrees, per certificate. Both come from whoever made the path, before any signature is checked. */
const maxComparisons = 1024

/** How a name relates to a subtree. */
type Match = (name: GeneralName, base: GeneralName, side: 'permitted' | 'excluded') => boolean | undefined

/** The names of one certificate. */
export interface CertificateNames {
  readonly subject: DistinguishedName
  readonly subjectAltName: readonly GeneralName[]
}

/** The first of `names` that breaks one of `constraints`; undefined if all stay within. */
export function nameFault(
  certificateNames: CertificateNames,
  constraints: readonly NameConstraints[],
): NameFault | undefined {
  if (constraints.length === 0) return undefined
  const names = constrainedNames(certificateNames)
  const subtrees = constraints.reduce((sum, { permitted, excluded }) => sum + permitted.length + excluded.length, 0)
  if (names.length * subtrees > maxComparisons) return { reason: 'too-many', limit: maxComparisons }
  for (const { permitted, excluded } of constraints)
    for (const name of names) {
      const allowed = permitted.filter(({ kind }) => kind === name.kind).map((base) => matches(name, base, 'permitted'))
      const denied = excluded.filter(({ kind }) => kind === name.kind).map((base) => matches(name, base, 'excluded'))
      if (allowed.includes(undefined) || denied.includes(undefined)) return { reason: 'unsupported', kind: name.kind }
      if (denied.includes(true)) return { reason: 'excluded', kind: name.kind }
      if (allowed.length > 0 && !allowed.includes(true)) return { reason: 'not-permitted', kind: name.kind }
    }
  return undefined
}

// RFC 5280: the subject counts as a directory name unless empty, and its emailAddress attributes as mail names.
function constrainedNames({ subject, subjectAltName }: CertificateNames): readonly GeneralName[] {
  const names: GeneralName[] = [...subjectAltName]
  if (subject.attributes.length > 0) names.push({ kind: 'directory', name: subject })
  for (const { oid, value } of subject.attributes)
    if (oid === nameOid.emailAddress) names.push({ kind: 'email', text: value })
  return names
}

// Directory, DNS and IP names are compared; every other form answers undefined.
const matches: Match = (name, base, side) => {
  if (name.kind === 'directory' && base.kind === 'directory') return directoryWithin(name.name, base.name, side)
  if (name.kind === 'dns' && base.kind === 'dns') return dnsWithin(name.text, base.text, side)
  if (name.kind === 'ip' && base.kind === 'ip') return addressWithin(name.octets, base.octets)
  return undefined
}

// Permitted subtrees are compared byte for byte, excluded ones loosely: each side errs towards refusing.
function directoryWithin(
  name: DistinguishedName,
  base: DistinguishedName,
  side: 'permitted' | 'excluded',
): boolean | undefined {
  if (side === 'permitted') {
    const parts = relativeNames(name)
    return relativeNames(base).every((part, i) => equalBytes(part, parts[i] ?? new Uint8Array()))
  }
  const within = base.attributes.map(({ oid, value }, i) => {
    const candidate = name.attributes[i]
    return candidate !== undefined && candidate.oid === oid && sameText(candidate.value, value)
  })
  if (within.includes(false)) return false
  return within.includes(undefined) ? undefined : true
}

const plainText = /^[ -~]{0,256}$/

// String preparation (RFC 5280 section 7.1) drops, joins and unfolds characters in ways of its own, at a price that grows
// with the square of the length. For plain ASCII it means that case and white space do not count; the rest is not compared.
function sameText(a: string, b: string): boolean | undefined {
  return plainText.test(a) && plainText.test(b) ? fold(a) === fold(b) : undefined
}

function fold(value: string): string {
  return value.toLowerCase().trim().replace(/ +/g, ' ')
}

function dnsWithin(name: string, base: string, side: 'permitted' | 'excluded'): boolean | undefined {
  // Bases with a leading dot have no agreed meaning.
  if (base.startsWith('.')) return undefined
  const host = trimDot(name.toLowerCase())
  const domain = trimDot(base.toLowerCase())
  if (within(host, domain)) return true
  // A wildcard can name a host inside an excluded subtree below its own domain.
  return side === 'excluded' && host.startsWith('*.') && within(domain, host.slice(2))
}

const trimDot = (host: string): string => (host.endsWith('.') ? host.slice(0, -1) : host)

function within(host: string, domain: string): boolean {
  return domain === '' || host === domain || host.endsWith(`.${domain}`)
}

// A base is an address and a mask of the same family.
function addressWithin(address: Bytes, base: Bytes): boolean | undefined {
  const size = address.length
  if ((size !== 4 && size !== 16) || (base.length !== 8 && base.length !== 32)) return undefined
  if (base.length !== 2 * size) return false
  return address.every((octet, i) => ((octet ^ (base[i] ?? 0)) & (base[size + i] ?? 0)) === 0)
}
