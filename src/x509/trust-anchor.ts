// Trust anchors (RFC 5280 section 6.1.1 d): a name and a key the caller trusts, and the limits that came with them.
import { type Bytes, copyBytes, equalBytes } from '../bytes/bytes.js'
import type { PublicKey } from '../crypto/provider.js'
import { endDer, openDer } from '../encoding/der.js'
import { type Certificate, readSubjectPublicKeyInfo } from './certificate.js'
import { type DistinguishedName, parseName, sameName } from './name.js'
import type { NameConstraints } from './name-constraints.js'

/** A name and the one key that goes with it. Two certificates over the same pair are the same anchor. */
export interface TrustAnchor {
  readonly name: DistinguishedName
  readonly publicKey: PublicKey
  /** DER SubjectPublicKeyInfo of `publicKey`. */
  readonly spki: Bytes
  /** How many intermediate certificates may stand between the anchor and the leaf; no limit when absent. */
  readonly pathLength?: number
  readonly nameConstraints?: NameConstraints
}

/**
 * Makes an anchor from a DER Name and a DER SubjectPublicKeyInfo. Trusting them is the caller's act.
 * @throws TypeError if either is not well-formed DER or the key is of a kind or form that is not supported
 */
export function trustAnchor(input: { readonly name: Bytes; readonly spki: Bytes }): TrustAnchor {
  const spki = copyBytes(input.spki)
  try {
    const cursor = openDer(spki, 'spki', spki.length)
    const { publicKey } = readSubjectPublicKeyInfo(cursor, '')
    endDer(cursor)
    return makeAnchor(parseName(copyBytes(input.name), 'name'), publicKey, spki)
  } catch (cause) {
    throw new TypeError('a trust anchor needs a DER name and a DER key of a supported kind', { cause })
  }
}

/**
 * Makes an anchor from the subject and key of `certificate`, keeping its path length and name constraints. Checks
 * neither its signature nor its validity: an anchor is trusted because the caller says so.
 * @throws TypeError if its key is of a kind or form that is not supported
 */
export function trustAnchorFromCertificate(certificate: Certificate): TrustAnchor {
  const { basicConstraints, nameConstraints } = certificate.known
  const { publicKey, raw } = certificate.subjectPublicKeyInfo
  return makeAnchor(certificate.subject, publicKey, raw, basicConstraints?.pathLength, nameConstraints)
}

function makeAnchor(
  name: DistinguishedName,
  publicKey: PublicKey | undefined,
  spki: Bytes,
  pathLength?: number,
  nameConstraints?: NameConstraints,
): TrustAnchor {
  if (publicKey === undefined)
    throw new TypeError('the key of a trust anchor is of a kind or form that is not supported')
  // An empty name would match every empty issuer.
  if (name.attributes.length === 0) throw new TypeError('a trust anchor needs a name')
  return Object.freeze({
    name,
    publicKey,
    spki,
    ...(pathLength === undefined ? {} : { pathLength }),
    ...(nameConstraints === undefined ? {} : { nameConstraints }),
  })
}

/** True if `certificate` certifies the very name and key of `anchor`. */
export function isAnchorCertificate(certificate: Certificate, anchor: TrustAnchor): boolean {
  return sameName(certificate.subject, anchor.name) && equalBytes(certificate.subjectPublicKeyInfo.raw, anchor.spki)
}
