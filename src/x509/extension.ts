// Reads the certificate extensions of RFC 5280 section 4.2 that bear on a path, by OID.
import type { Bytes } from '../bytes/bytes.js'
import {
  contextTag,
  type DerCursor,
  derTag,
  endDer,
  enterDer,
  joinPath,
  openDer,
  peekTag,
  readFlag,
  readInteger,
  readNamedBits,
  readNull,
  readOctets,
  readOid,
  readUnsigned,
  takeElement,
} from '../encoding/der.js'
import { parseError } from '../result/error.js'
import { type GeneralName, readGeneralName, readGeneralNames, readList } from './general-name.js'
import { type NameConstraints, readNameConstraints } from './name-constraints.js'

export interface Extension {
  readonly oid: string
  readonly critical: boolean
  /** Content of the extnValue OCTET STRING. */
  readonly value: Bytes
  readonly at: string
}

export const extensionOid = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  crlDistributionPoints: '2.5.29.31',
  certificatePolicies: '2.5.29.32',
  policyMappings: '2.5.29.33',
  authorityKeyIdentifier: '2.5.29.35',
  policyConstraints: '2.5.29.36',
  extKeyUsage: '2.5.29.37',
  inhibitAnyPolicy: '2.5.29.54',
  authorityInfoAccess: '1.3.6.1.5.5.7.1.1',
  ocspNoCheck: '1.3.6.1.5.5.7.48.1.5',
} as const

/** Bit n of the KeyUsage BIT STRING, in the order of RFC 5280 section 4.2.1.3. */
const keyUsages = [
  'digitalSignature',
  'contentCommitment',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const

export type KeyUsage = (typeof keyUsages)[number]

export interface BasicConstraints {
  readonly ca: boolean
  /** How many intermediate certificates may follow; undefined = no limit. */
  readonly pathLength: number | undefined
}

export interface AuthorityKeyIdentifier {
  readonly keyIdentifier: Bytes | undefined
  readonly issuer: readonly GeneralName[] | undefined
  readonly serialNumber: Bytes | undefined
}

export interface CertificatePolicy {
  readonly oid: string
  /** OIDs of the qualifiers. */
  readonly qualifiers: readonly string[]
}

export interface AccessDescription {
  readonly method: string
  readonly location: GeneralName
}

export interface DistributionPoint {
  /** Full names of the place; empty if it is named relative to the issuer or not at all. */
  readonly fullName: readonly GeneralName[]
  /** True if the point covers some reasons only or another issuer's list: its CRL does not settle the status alone. */
  readonly partial: boolean
}

/** Extensions by meaning; a property exists only if the certificate has the extension. */
export interface KnownExtensions {
  readonly basicConstraints?: BasicConstraints
  readonly keyUsage?: readonly KeyUsage[]
  /** OIDs of the purposes. */
  readonly extKeyUsage?: readonly string[]
  readonly subjectKeyIdentifier?: Bytes
  readonly authorityKeyIdentifier?: AuthorityKeyIdentifier
  readonly subjectAltName?: readonly GeneralName[]
  readonly nameConstraints?: NameConstraints
  readonly certificatePolicies?: readonly CertificatePolicy[]
  readonly authorityInfoAccess?: readonly AccessDescription[]
  readonly crlDistributionPoints?: readonly DistributionPoint[]
  readonly ocspNoCheck?: true
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/**
 * Reads `extension` into `known` if its OID is one of those above; leaves it alone otherwise.
 * @throws AttestationError `certificate/path-length-without-ca`, `certificate/no-key-usage`, `certificate/duplicate-policy` and the DER codes
 */
export function readKnownExtension(extension: Extension, known: Mutable<KnownExtensions>): void {
  const cursor = openDer(extension.value, extension.at, extension.value.length)
  switch (extension.oid) {
    case extensionOid.basicConstraints:
      known.basicConstraints = readBasicConstraints(cursor)
      break
    case extensionOid.keyUsage:
      known.keyUsage = readKeyUsage(cursor)
      break
    case extensionOid.extKeyUsage:
      known.extKeyUsage = readList(enterDer(cursor, derTag.sequence, ''), readOid)
      break
    case extensionOid.subjectKeyIdentifier:
      known.subjectKeyIdentifier = readOctets(cursor, '')
      break
    case extensionOid.authorityKeyIdentifier:
      known.authorityKeyIdentifier = readAuthorityKeyIdentifier(cursor)
      break
    case extensionOid.subjectAltName:
      known.subjectAltName = readGeneralNames(cursor, '')
      break
    case extensionOid.nameConstraints:
      known.nameConstraints = readNameConstraints(cursor)
      break
    case extensionOid.certificatePolicies:
      known.certificatePolicies = readPolicies(cursor)
      break
    case extensionOid.authorityInfoAccess:
      known.authorityInfoAccess = readList(enterDer(cursor, derTag.sequence, ''), readAccessDescription)
      break
    case extensionOid.crlDistributionPoints:
      known.crlDistributionPoints = readList(enterDer(cursor, derTag.sequence, ''), readDistributionPoint)
      break
    case extensionOid.ocspNoCheck:
      readNull(cursor, '')
      known.ocspNoCheck = true
      break
    default:
      return
  }
  endDer(cursor)
}

function readBasicConstraints(cursor: DerCursor): BasicConstraints {
  const sequence = enterDer(cursor, derTag.sequence, '')
  const ca = readFlag(sequence, 'cA')
  const pathLength = peekTag(sequence) === undefined ? undefined : readUnsigned(sequence, 'pathLenConstraint')
  endDer(sequence)
  if (!ca && pathLength !== undefined) throw parseError('certificate/path-length-without-ca', cursor.path, {})
  return { ca, pathLength }
}

function readKeyUsage(cursor: DerCursor): readonly KeyUsage[] {
  const bits = readNamedBits(cursor, '')
  // Bits beyond the nine named ones have no meaning that could be honoured.
  if (bits === 0 || bits >> keyUsages.length !== 0) throw parseError('certificate/no-key-usage', cursor.path, {})
  return Object.freeze(keyUsages.filter((_, bit) => (bits & (1 << bit)) !== 0))
}

function readAuthorityKeyIdentifier(cursor: DerCursor): AuthorityKeyIdentifier {
  const sequence = enterDer(cursor, derTag.sequence, '')
  const keyTag = contextTag(0, 'primitive')
  const issuerTag = contextTag(1, 'constructed')
  const serialTag = contextTag(2, 'primitive')
  const keyIdentifier = peekTag(sequence) === keyTag ? readOctets(sequence, 'keyIdentifier', keyTag) : undefined
  const issuer =
    peekTag(sequence) === issuerTag ? readGeneralNames(sequence, 'authorityCertIssuer', issuerTag) : undefined
  const serialNumber =
    peekTag(sequence) === serialTag ? readInteger(sequence, 'authorityCertSerialNumber', serialTag) : undefined
  endDer(sequence)
  return { keyIdentifier, issuer, serialNumber }
}

function readPolicies(cursor: DerCursor): readonly CertificatePolicy[] {
  const policies = readList(enterDer(cursor, derTag.sequence, ''), readPolicy)
  const oids = new Set(policies.map(({ oid }) => oid))
  if (oids.size !== policies.length) throw parseError('certificate/duplicate-policy', cursor.path, {})
  return policies
}

function readPolicy(list: DerCursor, field: string): CertificatePolicy {
  const policy = enterDer(list, derTag.sequence, field)
  const oid = readOid(policy, 'policyIdentifier')
  const qualifiers =
    peekTag(policy) === undefined
      ? []
      : readList(enterDer(policy, derTag.sequence, 'policyQualifiers'), (qualifierList, index) => {
          const qualifier = enterDer(qualifierList, derTag.sequence, index)
          const id = readOid(qualifier, 'policyQualifierId')
          takeElement(qualifier, peekTag(qualifier) ?? derTag.ia5String, 'qualifier')
          endDer(qualifier)
          return id
        })
  endDer(policy)
  return { oid, qualifiers }
}

function readAccessDescription(list: DerCursor, field: string): AccessDescription {
  const description = enterDer(list, derTag.sequence, field)
  const method = readOid(description, 'accessMethod')
  const location = readGeneralName(description, 'accessLocation')
  endDer(description)
  return { method, location }
}

function readDistributionPoint(list: DerCursor, field: string): DistributionPoint {
  const point = enterDer(list, derTag.sequence, field)
  const nameTag = contextTag(0, 'constructed')
  let fullName: readonly GeneralName[] = []
  if (peekTag(point) === nameTag) {
    const choice = enterDer(point, nameTag, 'distributionPoint')
    const fullTag = contextTag(0, 'constructed')
    if (peekTag(choice) === fullTag) fullName = readGeneralNames(choice, 'fullName', fullTag)
    else takeElement(choice, contextTag(1, 'constructed'), 'nameRelativeToCRLIssuer')
    endDer(choice)
  }
  let partial = false
  for (const tag of [contextTag(1, 'primitive'), contextTag(2, 'constructed')])
    if (peekTag(point) === tag) {
      takeElement(point, tag, joinPath('', tag === contextTag(1, 'primitive') ? 'reasons' : 'cRLIssuer'))
      partial = true
    }
  endDer(point)
  return { fullName, partial }
}
