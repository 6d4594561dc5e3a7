// Builds the DER of an OCSP request for one certificate (RFC 6960 section 4.1), unsigned.
import { type Bytes, concatBytes } from '../bytes/bytes.js'
import { parseHex } from '../bytes/hex.js'
import type { CryptoProvider, HashAlgorithm } from '../crypto/provider.js'
import { webCryptoProvider } from '../crypto/webcrypto.js'
import { contextTag, derTag } from '../encoding/der.js'
import type { Certificate } from './certificate.js'
import { revocationIssuer } from './revocation-evidence.js'
import type { TrustAnchor } from './trust-anchor.js'

/** AlgorithmIdentifier with NULL parameters, the form responders know best; DER. */
const hashIdentifiers: Readonly<Record<HashAlgorithm, string>> = {
  sha1: '300906052b0e03021a0500',
  sha256: '300d06096086480165030402010500',
  sha384: '300d06096086480165030402020500',
  sha512: '300d06096086480165030402030500',
}

/** OBJECT IDENTIFIER id-pkix-ocsp-nonce; DER. */
const nonceOid = '06092b0601050507300102'

function element(tag: number, ...content: readonly Bytes[]): Bytes {
  const body = concatBytes(...content)
  const { length } = body
  const header =
    length < 0x80 ? [tag, length] : length < 0x100 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length & 0xff]
  return concatBytes(Uint8Array.from(header), body)
}

/**
 * The request that asks about `certificate`. The extension with the nonce, if one is given (RFC 9654: 1 to 128 octets, 32
 * recommended, random), is not critical, so that responders that serve prepared answers still answer.
 * @throws TypeError for a nonce of another length
 */
export async function encodeOcspRequest(input: {
  readonly certificate: Certificate
  readonly issuer: Certificate | TrustAnchor
  /** Hash of the CertID; the answer comes back with the same. */
  readonly hash: HashAlgorithm
  readonly nonce?: Bytes
  readonly crypto?: CryptoProvider
}): Promise<Bytes> {
  const { certificate, hash, nonce, crypto = webCryptoProvider } = input
  if (nonce !== undefined && (nonce.length < 1 || nonce.length > 128))
    throw new TypeError('an OCSP nonce has 1 to 128 octets')
  const issuer = revocationIssuer(input.issuer)
  const [nameHash, keyHash] = await Promise.all([
    crypto.digest(hash, issuer.name.raw),
    crypto.digest(hash, issuer.keyBits),
  ])
  const certId = element(
    derTag.sequence,
    parseHex(hashIdentifiers[hash], ''),
    element(derTag.octetString, nameHash),
    element(derTag.octetString, keyHash),
    element(derTag.integer, certificate.serialNumber),
  )
  const requestList = element(derTag.sequence, element(derTag.sequence, certId))
  const extensions = nonce === undefined ? [] : [element(contextTag(2, 'constructed'), nonceExtensions(nonce))]
  return element(derTag.sequence, element(derTag.sequence, requestList, ...extensions))
}

function nonceExtensions(nonce: Bytes): Bytes {
  const value = element(derTag.octetString, element(derTag.octetString, nonce))
  return element(derTag.sequence, element(derTag.sequence, parseHex(nonceOid, ''), value))
}
