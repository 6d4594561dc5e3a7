// CertID (RFC 6960 section 4.1.1): the name by which an OCSP request and response mean one certificate.
import { type Bytes, equalBytes } from '../bytes/bytes.js'
import type { CryptoProvider, HashAlgorithm } from '../crypto/provider.js'
import { type DerCursor, derTag, endDer, enterDer, joinPath, readOctets } from '../encoding/der.js'
import { parseError } from '../result/error.js'
import { readAlgorithm, readSerialNumber } from './certificate.js'
import { rememberPreimages } from './digest-memory.js'
import type { RevocationIssuer } from './revocation-evidence.js'

export interface OcspCertId {
  /** SHA-1 is accepted: this only names the issuer. Who may speak for it is shown by signature and path, not by a hash. */
  readonly hash: HashAlgorithm
  /** Hash of the issuer's DER name. */
  readonly issuerNameHash: Bytes
  /** Hash of the issuer's key, the octets of the BIT STRING. */
  readonly issuerKeyHash: Bytes
  /** Content octets of the INTEGER. */
  readonly serialNumber: Bytes
}

const certIdHashOid: Readonly<Record<HashAlgorithm, string>> = {
  sha1: '1.3.14.3.2.26',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
}

const hashes: readonly HashAlgorithm[] = ['sha1', 'sha256', 'sha384', 'sha512']

/**
 * Reads a CertID.
 * @throws AttestationError `ocsp/cert-id-hash`, `certificate/serial-number` and the DER codes
 */
export function readCertId(cursor: DerCursor, field: string): OcspCertId {
  const sequence = enterDer(cursor, derTag.sequence, field)
  const { oid, parameters } = readAlgorithm(sequence, 'hashAlgorithm')
  const hash = hashes.find((candidate) => certIdHashOid[candidate] === oid)
  // RFC 4055 section 2.1: parameters are NULL or absent.
  const plain = parameters === undefined || (parameters.length === 2 && parameters[0] === derTag.null)
  if (hash === undefined || !plain)
    throw parseError('ocsp/cert-id-hash', joinPath(sequence.path, 'hashAlgorithm'), { oid })
  const issuerNameHash = readOctets(sequence, 'issuerNameHash')
  const issuerKeyHash = readOctets(sequence, 'issuerKeyHash')
  const serialNumber = readSerialNumber(sequence, 'serialNumber')
  endDer(sequence)
  return Object.freeze({ hash, issuerNameHash, issuerKeyHash, serialNumber })
}

/** True if `id` means the certificate with `serialNumber` that `issuer` issued, by the issuer's own name and key. */
export async function matchesCertId(
  id: OcspCertId,
  serialNumber: Bytes,
  issuer: RevocationIssuer,
  crypto: CryptoProvider,
): Promise<boolean> {
  if (!equalBytes(id.serialNumber, serialNumber)) return false
  return rememberPreimages(id, [issuer.name.raw, issuer.keyBits], crypto, async () => {
    const [nameHash, keyHash] = await Promise.all([
      crypto.digest(id.hash, issuer.name.raw),
      crypto.digest(id.hash, issuer.keyBits),
    ])
    return equalBytes(id.issuerNameHash, nameHash) && equalBytes(id.issuerKeyHash, keyHash)
  })
}
